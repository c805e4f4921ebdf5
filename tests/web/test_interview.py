"""An interview: only with the company's recorded agreement, and nothing of it counts until the company confirms it."""

import re

import pytest

from assessment.storage import assessments
from assessment.storage.drafts import Draft
from tests.web.mentored import CHOICE, Mentored, mentored, stranger

__all__ = ["mentored"]

OTHER = "do-not-know"


def stored(mentored: Mentored) -> Draft:
    with mentored.site.instance.database.reading() as connection:
        draft = assessments.draft_of(connection, mentored.draft_id)
    assert draft is not None
    return draft


def agree(mentored: Mentored, act: str = "interview") -> None:
    page = mentored.owner.get(mentored.home + "/mentors")
    forms = [form for form in page.forms() if form.fields.get("act") == act]
    assert mentored.owner.send(forms[0].action, forms[0].fields).status == 303


def noted(mentored: Mentored, answer: str = OTHER) -> None:
    page = mentored.mentor.get(f"{mentored.hub}/interview/{CHOICE}")
    mentored.mentor.submit(page, {CHOICE: answer, f"{CHOICE}.note": "As told on the phone"})


def test_without_the_companys_agreement_there_is_no_interview(mentored: Mentored) -> None:
    assert "Interview" not in mentored.mentor.get(mentored.hub + "/review").words
    for path in ("/interview", f"/interview/{CHOICE}", "/interview-end"):
        mentored.mentor.get(mentored.hub + path, 404)
        mentored.owner.get(mentored.hub + path, 404)
    mentored.mentor.post(f"{mentored.hub}/interview/{CHOICE}", {CHOICE: OTHER}, 404)
    agree(mentored)
    assert "Interview" in mentored.mentor.get(mentored.hub + "/review").words
    page = mentored.mentor.get(f"{mentored.hub}/interview/{CHOICE}")
    # Taken back while the page is open, the next press finds nothing.
    agree(mentored, "no-interview")
    mentored.mentor.submit(page, {CHOICE: OTHER}, status=404)
    stranger(mentored).get(f"{mentored.hub}/interview/{CHOICE}", 404)


def test_what_is_noted_scores_nothing_and_shows_nowhere_as_an_answer(mentored: Mentored) -> None:
    agree(mentored)
    before = stored(mentored)
    results = mentored.owner.get(mentored.hub + "/results").words
    noted(mentored)
    assert stored(mentored).document == before.document
    assert mentored.owner.get(mentored.hub + "/results").words == results
    assert "Noted, and waiting" in mentored.mentor.get(f"{mentored.hub}/interview/{CHOICE}").words


def test_the_company_confirms_what_stays_ticked_and_drops_the_rest(mentored: Mentored) -> None:
    agree(mentored)
    before = stored(mentored)
    noted(mentored)
    other = "ene-06"
    page = mentored.mentor.get(f"{mentored.hub}/interview/{other}")
    mentored.mentor.submit(page, {other: OTHER})
    assert "2 answers of your conversation wait" in mentored.owner.get(mentored.hub + "/mentor").words
    page = mentored.owner.get(mentored.hub + "/noted")
    mentored.owner.submit(page, {"question": [CHOICE]})
    after = stored(mentored)
    assert after.revisions[CHOICE] == before.revisions[CHOICE] + 1
    assert after.remarks[CHOICE].note == "As told on the phone"
    history = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}").words.partition("History of this answer")[2]
    confirmed = r"24 November 2026, Olga : changed .* to I do not know “As told on the phone” Noted by a mentor"
    assert re.match(rf" {confirmed} in an interview, then confirmed 24 November 2026, the company:", history)
    assert after.answers.get(other) == before.answers.get(other)
    assert "Nothing waits for you here." in mentored.owner.get(mentored.hub + "/noted").words


def test_an_owner_confirms_by_a_mailed_link_once_and_looking_changes_nothing(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    agree(mentored)
    noted(mentored)
    mentored.mentor.submit(mentored.mentor.get(mentored.hub + "/interview-end"))
    link = re.findall(r"https?://[^\s/]+(/confirm/\S+)", capsys.readouterr().out)[-1]
    before = stored(mentored).document
    anybody = mentored.site.visitor()
    for _ in range(3):
        page = anybody.get(link)
    assert stored(mentored).document == before
    assert anybody.submit(page, action="/confirm").location == "/confirmed"
    assert stored(mentored).document != before
    anybody.get("/confirmed")
    anybody.get(link, 404)
    assert anybody.post("/confirm", {"token": link.rpartition("/")[2], "question": CHOICE}, 404).status == 404


def test_who_is_no_owner_any_more_confirms_nothing(mentored: Mentored, capsys: pytest.CaptureFixture[str]) -> None:
    agree(mentored)
    noted(mentored)
    mentored.mentor.submit(mentored.mentor.get(mentored.hub + "/interview-end"))
    link = re.findall(r"https?://[^\s/]+(/confirm/\S+)", capsys.readouterr().out)[-1]
    with mentored.site.instance.database.writing() as connection:
        connection.exec_driver_sql("UPDATE memberships SET role = 'editor'")
    mentored.site.visitor().get(link, 404)


def test_an_interview_goes_from_one_open_question_to_the_next_or_to_a_number(mentored: Mentored) -> None:
    agree(mentored)
    mentored.owner.hub = mentored.hub
    third = mentored.mentor.get(mentored.hub + "/interview?number=3", 303).location.partition("#")[0]
    assert "question 3 of" in mentored.mentor.get(third).words
    for number in ("0", "999", "x", "-1", "1e3"):
        assert mentored.mentor.get(f"{mentored.hub}/interview?number={number}", 303).location
    # Nothing is open here, so the interview ends with what was noted.
    noted(mentored)
    end = mentored.mentor.get(mentored.hub + "/interview", 303).location.partition("#")[0]
    assert end.startswith(mentored.hub + "/interview")
    assert "answer" in mentored.mentor.get(end).words


def test_a_mentor_who_follows_a_link_to_confirm_is_told_that_it_does_not_work(mentored: Mentored) -> None:
    assert "This link does not work" in mentored.mentor.get("/confirm/nonsense", 404).words
    mentored.mentor.get("/confirmed")


def test_a_wrong_figure_is_told_and_not_noted(mentored: Mentored) -> None:
    agree(mentored)
    page = mentored.mentor.get(f"{mentored.hub}/interview/ene-01")
    told = mentored.mentor.submit(page, {"ene-01": "a lot"}, status=422)
    assert "There is a problem" in told.words
    assert not [row for row in mentored.site.dump() if row.startswith("proposed_answers")]
