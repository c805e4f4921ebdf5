"""A mentor compares a client's years, saved scenarios and sites as the company does, and changes nothing there."""

import pytest

from tests.web.mentored import Mentored, mentored, stranger
from tests.web.routes import CANARY

__all__ = ["mentored"]


def a_year_later(mentored: Mentored) -> None:
    """The company has finished the check of the year after; from now on it is the one at hand."""
    mentored.site.clock.forward(days=365)
    mentored.again()
    example = mentored.site.instance.library.examples()["bakery-bg"]
    before = mentored.hub
    mentored.owner.hub = mentored.hub = mentored.owner.submit(
        mentored.owner.get(before + "/next"), {"depth": "full"}, action="/next"
    ).location
    mentored.draft_id = mentored.hub.rpartition("/")[2]
    mentored.owner.answer_all({**example.answers, "ene-03": "do-not-know"})
    mentored.owner.post(mentored.hub + "/submit")


def test_years_stand_side_by_side_with_their_difference_before_the_drawing(mentored: Mentored) -> None:
    assert mentored.hub + "/years" not in mentored.mentor.get(mentored.hub + "/review").links()
    assert "no result of an earlier year" in mentored.mentor.get(mentored.hub + "/years").words
    a_year_later(mentored)
    assert mentored.hub + "/years" in mentored.mentor.get(mentored.hub + "/review").links()
    assert mentored.hub + "/years" in mentored.owner.get(mentored.hub + "/results").links()
    pages = [mentored.mentor.get(mentored.hub + "/years"), mentored.owner.get(mentored.hub + "/years")]
    for page in pages:
        table = next(page.tree.iter("table"))
        heads = [" ".join("".join(cell.itertext()).split()) for cell in next(table.iter("tr"))]
        assert heads == [
            "Section", "24 November 2026", "24 November 2027", "Difference",
            "\N{WHITE CIRCLE} then, \N{BLACK CIRCLE} now",
        ]  # fmt: skip
        first = next(iter(table.iter("tbody"))).find("tr")
        assert first is not None
        before, after, change = ("".join(cell.itertext()).split(":")[-1].strip() for cell in first.findall("td")[:3])
        assert int(change.replace("\N{MINUS SIGN}", "-")) == int(after) - int(before)
        assert "Why it moved" in page.words
        assert "Following energy use" in page.words


def test_the_plan_and_saved_scenarios_stand_side_by_side_for_a_mentor_to_read(mentored: Mentored) -> None:
    assert mentored.hub + "/scenarios" in mentored.mentor.get(mentored.hub + "/review").links()
    page = mentored.mentor.get(mentored.hub + "/scenarios")
    assert "The plan" in page.words
    assert f"Plan {CANARY}" in page.words
    assert not [form for form in page.forms() if form.method == "post" and "scenarios" in form.action]
    assert f"Forget \N{LEFT DOUBLE QUOTATION MARK}Plan {CANARY}" in mentored.owner.get(page.path).words
    mentored.mentor.post(page.path, {"slot": "a"}, 403)
    mentored.mentor.post(mentored.hub + "/selection", {"slot": "b", "measure": "solar-pv"}, 403)
    assert f"Plan {CANARY}" in mentored.owner.get(page.path).words
    mentored.owner.post(page.path, {"slot": "a"})
    assert "The company has not saved a scenario yet" in mentored.mentor.get(page.path).words


def test_sites_of_a_client_stand_side_by_side(mentored: Mentored) -> None:
    with mentored.site.instance.database.writing() as connection:
        connection.exec_driver_sql("UPDATE assessments SET site = 'Varna' WHERE id = ?", (mentored.draft_id,))
    page = mentored.owner.get(mentored.home + "/checks/new")
    mentored.owner.hub = mentored.owner.submit(
        page, {"depth": "quick", "site": "Burgas"}, action="/checks/new"
    ).location  # fmt: skip
    example = mentored.site.instance.library.examples()["bakery-bg"]
    asked = mentored.site.instance.library.edition(*mentored.site.instance.library.newest, "en").questionnaire.questions
    mentored.owner.answer_all({name: value for name, value in example.answers.items() if asked[name].quick})
    mentored.owner.post(mentored.owner.hub + "/submit")
    assert mentored.home in mentored.mentor.get(mentored.hub + "/review").links()
    assert mentored.home + "/compare" in mentored.mentor.get(mentored.home).links()
    for visitor in (mentored.owner, mentored.mentor):
        rows = list(visitor.get(mentored.home + "/compare").tree.iter("tr"))
        assert ["Burgas" in "".join(cell.itertext()) for cell in rows[0]] == [False, True, False]
        assert {len(row) for row in rows} == {3}


@pytest.mark.parametrize("page", ["/years", "/scenarios", "/results"])
def test_a_foreign_mentor_and_one_whose_access_ended_compare_nothing(mentored: Mentored, page: str) -> None:
    other = stranger(mentored)
    other.get(mentored.hub + page, 404)
    other.get(mentored.home + "/compare", 404)
    mentored.mentor.get(mentored.hub + page)
    ended = mentored.owner.get(mentored.home + "/mentors")
    mentored.owner.submit(
        ended, {"act": "end"}, action=next(f.action for f in ended.forms() if "/mentors/" in f.action)
    )
    mentored.mentor.get(mentored.hub + page, 404)
    mentored.mentor.get(mentored.home + "/compare", 404)
