"""An interview: only with the company's recorded agreement, and nothing of it counts until the company confirms it."""

import re

import pytest

from assessment.core.checks.answers import Marker
from assessment.reporting.checks.blank_questionnaire import blank_questionnaire_document
from assessment.services.mails import Mail
from assessment.services.upkeep import administering
from assessment.storage.checks import assessments
from assessment.storage.checks.drafts import Draft
from tests.web.mentored import CHOICE, OWNER, Mentored, mentored, stranger
from tests.web.people import person

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
    review = mentored.mentor.get(mentored.hub + "/review")
    assert mentored.hub + "/interview" not in review.links()
    assert "Interview: only once the company has agreed" in review.words
    for path in ("/interview", f"/interview/{CHOICE}", "/interview-end"):
        mentored.mentor.get(mentored.hub + path, 404)
        mentored.owner.get(mentored.hub + path, 404)
    mentored.mentor.post(f"{mentored.hub}/interview/{CHOICE}", {CHOICE: OTHER}, 404)
    agree(mentored)
    assert mentored.hub + "/interview" in mentored.mentor.get(mentored.hub + "/review").links()
    page = mentored.mentor.get(f"{mentored.hub}/interview/{CHOICE}")
    # Taken back while the page is open, the next press finds nothing.
    agree(mentored, "no-interview")
    mentored.mentor.submit(page, {CHOICE: OTHER}, status=404)
    stranger(mentored).get(f"{mentored.hub}/interview/{CHOICE}", 404)


def record(mentored: Mentored) -> list[str]:
    """What stands on the company's record about interviews, the newest first."""
    page = mentored.owner.get(mentored.home + "/consents")
    told = [" ".join("".join(line.itertext()).split()) for line in page.tree.iter("li")]
    return [line for line in told if "Noting answers" in line]


def test_who_agreed_to_interviews_and_when_is_on_record_and_both_read_it(mentored: Mentored) -> None:
    assert record(mentored) == []
    agree(mentored)
    named = "24 November 2026: Noting answers in a conversation, mentor Mira Petrova, "
    assert record(mentored) == [named + "agreed (Olga)"]
    told = "Olga agreed for the company on 24 November 2026"
    for path in (f"/interview/{CHOICE}", "/interview-end"):
        assert told in mentored.mentor.get(mentored.hub + path).words
    assert "as Olga agreed on 24 November 2026" in mentored.owner.get(mentored.home + "/mentors").words
    # What is so already adds nothing.
    page = mentored.owner.get(mentored.home + "/consents")
    back = next(form for form in page.forms() if form.fields.get("act") == "no-interview")
    mentored.owner.send(back.action, {**back.fields, "act": "interview"})
    assert len(record(mentored)) == 1
    for _ in range(2):
        assert mentored.owner.send(back.action, back.fields).status == 303
    assert record(mentored) == [named + "taken back (Olga)", named + "agreed (Olga)"]
    assert "May not note answers for you any more" in mentored.owner.get(mentored.home + "/mentors").words
    # Access that ends takes the agreement along, on the record as well.
    agree(mentored)
    agree(mentored, "end")
    assert [line.rpartition(", ")[2] for line in record(mentored)[:2]] == ["taken back (Olga)", "agreed (Olga)"]


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


def mailed_link(mentored: Mentored, capsys: pytest.CaptureFixture[str]) -> str:
    """The link that an owner gets by mail when an interview with noted answers has ended."""
    agree(mentored)
    noted(mentored)
    mentored.mentor.submit(mentored.mentor.get(mentored.hub + "/interview-end"))
    found: str = re.findall(r"https?://[^\s/]+(/confirm/\S+)", capsys.readouterr().out)[-1]
    return found


def test_an_owner_confirms_by_a_mailed_link_once_and_looking_changes_nothing(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    link = mailed_link(mentored, capsys)
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
    link = mailed_link(mentored, capsys)
    with mentored.site.instance.database.writing() as connection:
        connection.exec_driver_sql("UPDATE memberships SET role = 'editor'")
    mentored.site.visitor().get(link, 404)


def test_an_interview_goes_from_one_open_question_to_the_next_or_to_a_number(mentored: Mentored) -> None:
    agree(mentored)
    mentored.owner.hub = mentored.hub
    third = mentored.mentor.get(mentored.hub + "/interview?number=3", 303).location.partition("#")[0]
    assert "question 3 of" in mentored.mentor.get(third).words
    # Nothing is open here, so the interview ends with what was noted.
    noted(mentored)
    end = mentored.mentor.get(mentored.hub + "/interview", 303).location.partition("#")[0]
    assert end.startswith(mentored.hub + "/interview")
    assert "answer" in mentored.mentor.get(end).words


def test_a_question_is_found_by_its_number_or_by_its_code_on_the_printed_sheet(mentored: Mentored) -> None:
    agree(mentored)
    there = f"{mentored.hub}/interview/{CHOICE}#{CHOICE}"
    shown = mentored.mentor.get(there.partition("#")[0])
    number = re.search(r"question (\d+) of", shown.words)
    assert number is not None
    for typed in (number[1], f" {number[1]}. ", CHOICE.upper(), CHOICE):
        assert mentored.mentor.get(f"{mentored.hub}/interview?number={typed}&here=ene-06", 303).location == there
    for typed in ("0", "999", "x", "-1", "1e3", "%C2%B2", "ene-99"):
        told = mentored.mentor.get(f"{mentored.hub}/interview?number={typed}&here={CHOICE}", 422)
        assert "No question asked here has this number or code" in told.words
        assert f"({CHOICE.upper()})" in told.words


def test_the_interview_lists_all_questions_by_number_and_title_in_the_order_of_the_printed_sheet(
    mentored: Mentored,
) -> None:
    agree(mentored)
    page = mentored.mentor.get(f"{mentored.hub}/interview/{CHOICE}")
    offered = ["".join(option.itertext()) for option in page.tree.iter("option") if option.get("value", "").isdigit()]
    listed = [link.rpartition("/")[2] for link in page.links() if "/interview/" in link]
    edition = mentored.site.instance.library.edition(*mentored.site.instance.library.newest, "en")
    sheet = blank_questionnaire_document(edition.questionnaire, "")
    printed = [question.code for section in sheet.sections for page in section.pages for question in page.questions]
    codes = [words.rpartition("(")[2].rstrip(")") for words in offered]
    assert codes == [code for code in printed if code in codes]
    assert [found.upper() for found in listed[-len(codes) :]] == codes
    title = edition.questionnaire.questions[CHOICE].short
    assert f"{codes.index(CHOICE.upper()) + 1}. {title} ({CHOICE.upper()})" in offered


def test_a_mentor_who_follows_a_link_to_confirm_is_told_that_it_does_not_work(mentored: Mentored) -> None:
    assert "This link does not work" in mentored.mentor.get("/confirm/nonsense", 404).words
    mentored.mentor.get("/confirmed")


def test_a_wrong_figure_is_told_and_not_noted(mentored: Mentored) -> None:
    agree(mentored)
    page = mentored.mentor.get(f"{mentored.hub}/interview/ene-01")
    told = mentored.mentor.submit(page, {"ene-01": "a lot"}, status=422)
    assert "There is a problem" in told.words
    assert not [row for row in mentored.site.dump() if row.startswith("proposed_answers")]


def test_what_was_changed_or_added_after_the_page_was_opened_is_not_confirmed_unseen(mentored: Mentored) -> None:
    agree(mentored)
    noted(mentored)
    page = mentored.owner.get(mentored.hub + "/noted")
    before = stored(mentored).document
    noted(mentored, "monthly")
    other = mentored.mentor.get(f"{mentored.hub}/interview/ene-06")
    mentored.mentor.submit(other, {"ene-06": OTHER})
    told = mentored.owner.submit(page, {"question": [CHOICE]}, status=409)
    assert stored(mentored).document == before
    assert "changed or added after you had opened this page" in told.words
    assert told.words.count("New or changed since") == 2
    # Both wait as they are now, ticked until somebody unticks them, and the next press confirms what is shown now.
    assert mentored.owner.submit(told).status == 303
    after = stored(mentored).answers
    assert (after.get(CHOICE), after.get("ene-06")) == ("monthly", Marker.DO_NOT_KNOW)


def test_what_is_noted_after_the_page_was_opened_waits_on(mentored: Mentored) -> None:
    agree(mentored)
    noted(mentored)
    page = mentored.owner.get(mentored.hub + "/noted")
    other = mentored.mentor.get(f"{mentored.hub}/interview/ene-06")
    mentored.mentor.submit(other, {"ene-06": OTHER})
    mentored.owner.submit(page, {"question": []})
    waiting = mentored.owner.get(mentored.hub + "/noted").form().fields.getlist("question")
    assert waiting == ["ene-06"]


def test_an_answer_that_the_company_gave_itself_meanwhile_is_not_written_over(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    link = mailed_link(mentored, capsys)
    anybody = mentored.site.visitor()
    signed_in_page, mailed_page = mentored.owner.get(mentored.hub + "/noted"), anybody.get(link)
    mentored.owner.hub = mentored.hub
    mentored.owner.answer({CHOICE: "monthly"})
    for visitor, page, action in ((mentored.owner, signed_in_page, ""), (anybody, mailed_page, "/confirm")):
        told = visitor.submit(page, {"question": [CHOICE]}, action, status=409)
        assert "So far: We look at it at least once a month" in told.words
        assert stored(mentored).answers.get(CHOICE) == "monthly"
    # The link holds on, and what its page shows now can be confirmed.
    assert anybody.submit(told, action="/confirm").location == "/confirmed"
    assert stored(mentored).answers.get(CHOICE) is Marker.DO_NOT_KNOW


def test_the_mailed_link_ends_when_the_owner_is_switched_off(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    link = mailed_link(mentored, capsys)
    anybody = mentored.site.visitor()
    assert CHOICE in anybody.get(link).text
    admin_id = person(mentored.site, "admin@demo.example", "administrator")
    mail = Mail(OWNER, "Switched off", ("Ask the administrator.",), "")
    administering.switch(mentored.site.instance, admin_id, mentored.owner_id, active=False, mail=mail)
    assert anybody.get(link, status=404).status == 404


def test_what_was_unticked_stays_so_on_the_page_that_is_shown_again(mentored: Mentored) -> None:
    agree(mentored)
    noted(mentored)
    other = mentored.mentor.get(f"{mentored.hub}/interview/ene-06")
    mentored.mentor.submit(other, {"ene-06": OTHER})
    page = mentored.owner.get(mentored.hub + "/noted")
    other = mentored.mentor.get(f"{mentored.hub}/interview/ene-06")
    mentored.mentor.submit(other, {"ene-06": OTHER, "ene-06.note": "More about it"})
    told = mentored.owner.submit(page, {"question": []}, status=409)
    assert told.form().fields.getlist("question") == ["ene-06"]


def test_a_form_that_does_not_say_what_it_showed_confirms_and_drops_nothing(mentored: Mentored) -> None:
    agree(mentored)
    noted(mentored)
    before = mentored.site.dump()
    true = mentored.owner.get(mentored.hub + "/noted").form().fields.getlist("shown")
    for shown in ([], [CHOICE], [f"{CHOICE}:x:1"], [f"{CHOICE}:{'0' * 16}:99999999999999"], ["a:b:c:d"], true * 2):
        mentored.owner.post(mentored.hub + "/noted", {"question": [CHOICE], "shown": shown}, 409)
    assert [row for row in mentored.site.dump() if row.startswith("proposed_answers")] == [
        row for row in before if row.startswith("proposed_answers")
    ]


def test_what_has_fallen_off_the_route_is_not_counted_as_waiting(mentored: Mentored) -> None:
    agree(mentored)
    noted(mentored)
    with mentored.site.instance.database.writing() as connection:
        connection.exec_driver_sql("UPDATE proposed_answers SET question = 'gone-01'")
    assert "of your conversation wait" not in mentored.owner.get(mentored.hub + "/mentor").words
