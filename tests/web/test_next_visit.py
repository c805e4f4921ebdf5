"""A mentor says when they come next: the company sees it, and the client list counts it where it comes first."""

import pytest

from tests.web.mentored import Mentored, mentored, stranger

__all__ = ["mentored"]

FOURTH = {"visit.day": "4", "visit.month": "3", "visit.year": "2027"}
WORDS = "Look at the compressor"


def planned(mentored: Mentored, status: int = 303, **typed: str) -> str:
    """What the page says once the mentor has sent the form so; empty where it led on."""
    page = mentored.mentor.get(mentored.hub + "/next-visit")
    controls = {**FOURTH, "words": WORDS, **{name.replace("__", "."): value for name, value in typed.items()}}
    answer = mentored.mentor.submit(page, controls, status=status)
    return "" if status == 303 else answer.words


def deadline(mentored: Mentored) -> str:
    """The last column of the client list."""
    row = next(row for row in mentored.mentor.get("/mentor").tree.iter("tr") if row.find("td") is not None)
    return " ".join("".join(row.findall("td")[-1].itertext()).split())


def test_both_sides_see_the_day_and_its_line_and_the_list_counts_it(mentored: Mentored) -> None:
    assert deadline(mentored) == "\N{EN DASH}"
    planned(mentored)
    assert deadline(mentored) == "4 March 2027 your visit"
    for page in (mentored.mentor.get(mentored.hub + "/review"), mentored.owner.get(mentored.hub + "/mentor")):
        assert "Next visit: 4 March 2027. Look at the compressor (Mira Petrova)" in page.words
    form = mentored.mentor.get(mentored.hub + "/next-visit").form().fields
    assert {name: form[name] for name in (*FOURTH, "words")} == {**FOURTH, "words": WORDS}


@pytest.mark.parametrize(
    ("day", "first"), [("3", "3 March 2027"), ("4", "4 March 2027 your visit"), ("5", "4 March 2027 your visit")]
)
def test_the_earlier_of_visit_and_plan_is_the_next_deadline(mentored: Mentored, day: str, first: str) -> None:
    planned(mentored)
    due = {"deadline.day": day, "deadline.month": "3", "deadline.year": "2027"}
    mentored.owner.post(mentored.hub + "/plan-own", {"title": "Read the meter", **due})
    assert deadline(mentored) == first


def test_empty_fields_mean_that_no_visit_is_planned(mentored: Mentored) -> None:
    planned(mentored)
    planned(mentored, visit__day="", visit__month="", visit__year="", words="")
    assert deadline(mentored) == "\N{EN DASH}"
    assert "Next visit:" not in mentored.owner.get(mentored.hub + "/mentor").words


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"visit__day": "31", "visit__month": "2"}, "Enter a real date"),
        ({"visit__day": "1_0"}, "Enter a real date"),
        ({"visit__day": ""}, "Enter a real date"),
        ({"visit__year": "2026"}, "Enter a day from today on"),
        ({"visit__year": "2101"}, "Enter a day from today on"),
        ({"visit__day": "", "visit__month": "", "visit__year": ""}, "Enter the day as well"),
        ({"words": "x" * 201}, "Use 200 characters or fewer here"),
    ],
)
def test_what_is_no_day_to_come_is_told_and_nothing_is_kept(
    mentored: Mentored, typed: dict[str, str], told: str
) -> None:
    assert told in planned(mentored, 422, **typed)
    assert deadline(mentored) == "\N{EN DASH}"


def test_words_that_are_too_long_stand_there_still(mentored: Mentored) -> None:
    typed = "Look at the oven. " * 20 + "The end."
    page = mentored.mentor.get(mentored.hub + "/next-visit")
    told = mentored.mentor.submit(page, {**FOURTH, "words": typed}, status=422)
    assert told.form("/next-visit").fields["words"] == typed
    suggest = mentored.mentor.get(mentored.hub + "/review-suggest")
    told = mentored.mentor.submit(suggest, {"title": typed, "why": "It is empty"}, status=422)
    assert told.form().fields["title"] == typed


def test_today_is_a_day_to_come_and_a_visit_that_was_is_marked_as_past(mentored: Mentored) -> None:
    planned(mentored, visit__day="24", visit__month="11", visit__year="2026")
    assert deadline(mentored) == "24 November 2026 your visit"
    mentored.site.clock.forward(days=1)
    mentored.again()
    assert deadline(mentored) == "24 November 2026 your visit Past"


def test_a_company_a_foreign_mentor_and_one_whose_access_ended_plan_nothing(mentored: Mentored) -> None:
    sent = {**FOURTH, "words": WORDS}
    mentored.owner.post(mentored.hub + "/next-visit", sent, 404)
    stranger(mentored).post(mentored.hub + "/next-visit", sent, 404)
    page = mentored.owner.get(mentored.home + "/mentors")
    mentored.owner.submit(page, {"act": "end"}, action=next(f.action for f in page.forms() if "/mentors/" in f.action))
    mentored.mentor.post(mentored.hub + "/next-visit", sent, 404)
    assert not [row for row in mentored.site.dump() if row.startswith("next_visits: ")]
