"""A mentor reviews, the company accepts or keeps its own; both values stay, and no answer changes behind its back."""

import re

import pytest
from sqlalchemy import event

from assessment.storage import assessments
from assessment.storage.drafts import Draft
from tests.web.mentored import CHOICE, Mentored, mentored, stranger
from tests.web.people import person, signed_in

__all__ = ["mentored"]


def stored(mentored: Mentored) -> Draft:
    with mentored.site.instance.database.reading() as connection:
        draft = assessments.draft_of(connection, mentored.draft_id)
    assert draft is not None
    return draft


def rows(mentored: Mentored, table: str) -> list[str]:
    return [row for row in mentored.site.dump() if row.startswith(f"{table}: ")]


def test_a_proposal_changes_no_answer_and_accepting_it_does_by_a_save_like_any_other(mentored: Mentored) -> None:
    before = stored(mentored)
    other = mentored.options(CHOICE)[0]
    assert other != before.answers[CHOICE]
    mentored.review(CHOICE, "propose", "The diary covers the shop only", other)
    assert stored(mentored).document == before.document
    page = mentored.owner.get(mentored.hub + "/mentor")
    assert "1 thing waits for you" in page.words
    assert "The diary covers the shop only" in page.words
    mentored.reply(CHOICE, "accept")
    after = stored(mentored)
    assert after.answers[CHOICE] == other
    assert after.revisions[CHOICE] == before.revisions[CHOICE] + 1
    assert after.remarks.get(CHOICE) == before.remarks.get(CHOICE)
    # Both values are on record, on either side.
    shown = mentored.mentor.get(f"{mentored.hub}/review").words
    assert "Different answer accepted" in shown
    assert "Declared before:" in shown
    assert "You had said:" in mentored.owner.get(mentored.hub + "/mentor").words
    (row,) = rows(mentored, "reviews")
    assert str(before.answers[CHOICE]) in row
    assert other in row


def test_a_company_keeps_its_own_and_says_why(mentored: Mentored) -> None:
    before = stored(mentored).answers[CHOICE]
    mentored.review(CHOICE, "propose", "Only the shop", mentored.options(CHOICE)[0])
    told = mentored.reply(CHOICE, "reply", "", 422)
    assert "Say in a few words what your mentor should know" in told.words
    mentored.reply(CHOICE, "reply", "The kiosks too, since May")
    assert stored(mentored).answers[CHOICE] == before
    shown = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}").words
    assert "The company keeps its answer" in shown
    assert "The kiosks too, since May" in shown
    assert len(rows(mentored, "review_history")) == 2


def test_a_question_of_the_mentor_is_answered(mentored: Mentored) -> None:
    assert mentored.review(CHOICE, "ask", "", status=422).status == 422
    mentored.review(CHOICE, "ask", "Which meter?")
    assert "Waiting for the company" in mentored.mentor.get(mentored.hub + "/review").words
    mentored.reply(CHOICE, "reply", "The big one")
    assert "The company replied" in mentored.mentor.get(mentored.hub + "/review").words
    mentored.review(CHOICE, "confirm")
    assert "Confirmed" in mentored.mentor.get(mentored.hub + "/review").words


def test_an_answer_changed_since_is_told_and_no_longer_confirmed(mentored: Mentored) -> None:
    mentored.review(CHOICE, "confirm")
    confirmed = mentored.mentor.get(mentored.hub + "/review").words
    assert "1 of" in confirmed
    mentored.owner.hub = mentored.hub
    mentored.owner.answer({CHOICE: "do-not-know"})
    shown = mentored.mentor.get(mentored.hub + "/review").words
    assert "Changed since" in shown
    assert re.search(r"\b0 of \d+ answers reviewed", shown)


def test_who_decides_on_an_answer_that_was_changed_meanwhile_is_told(mentored: Mentored) -> None:
    page = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
    mentored.owner.hub = mentored.hub
    mentored.owner.answer({CHOICE: "do-not-know"})
    told = mentored.mentor.submit(page, {"act": "ask", "words": "Why so high?"}, status=409)
    assert "changed meanwhile" in told.words
    assert "Why so high?" in told.text
    assert rows(mentored, "reviews") == []


def test_of_two_who_act_at_once_one_is_told(mentored: Mentored) -> None:
    before = stored(mentored)
    mentored.review(CHOICE, "propose", "Only the shop", mentored.options(CHOICE)[0])
    company = mentored.owner.get(mentored.hub + "/mentor")
    mentored.review(CHOICE, "confirm")
    late = mentored.owner.submit(company, {"act": "accept"}, action=f"/mentor/{CHOICE}", status=409)
    assert "changed meanwhile" in late.words
    assert stored(mentored).document == before.document
    assert len(rows(mentored, "review_history")) == 2


def test_a_mentor_proposes_only_what_could_be_answered(mentored: Mentored) -> None:
    for proposed in ("no-such-option", "do-not-know", ""):
        page = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
        said = {"act": "propose", "words": "Because", "proposed": proposed}
        assert mentored.mentor.submit(page, said, status=422).status == 422
    assert rows(mentored, "reviews") == []


def test_a_mentor_cannot_accept_for_the_company_nor_the_company_confirm_itself(mentored: Mentored) -> None:
    mentored.review(CHOICE, "propose", "Only the shop", mentored.options(CHOICE)[0])
    before = mentored.site.dump(without=("sessions", "limit_counters", "access_log", "audit_log"))
    mentored.mentor.post(f"{mentored.hub}/mentor/{CHOICE}", {"act": "accept", "revision": "1", "step": "1"}, 403)
    mentored.owner.post(f"{mentored.hub}/review/{CHOICE}", {"act": "confirm", "revision": "1", "step": "1"}, 404)
    mentored.owner.hub = mentored.mentor.hub = mentored.hub
    page = mentored.mentor.page_of(CHOICE)
    mentored.mentor.post(page, {CHOICE: "do-not-know", f"{CHOICE}.revision": "1"}, 403)
    stranger(mentored).post(f"{mentored.hub}/review/{CHOICE}", {"act": "confirm"}, 404)
    after = mentored.site.dump(without=("sessions", "limit_counters", "access_log", "audit_log"))
    assert [row for row in after if not row.startswith("people: ")] == [
        row for row in before if not row.startswith("people: ")
    ]


def test_declared_and_confirmed_stand_side_by_side_with_the_share_confirmed(mentored: Mentored) -> None:
    shown = mentored.mentor.get(mentored.hub + "/review").words
    assert re.search(r"0 of \d+ answers confirmed, 0 %", shown)
    mentored.review(CHOICE, "confirm")
    shown = mentored.mentor.get(mentored.hub + "/review").words
    assert re.search(r"1 of \d+ answers confirmed, \d %", shown)
    assert "Self-declared" in shown
    assert "Mentor-confirmed" in shown
    assert re.search(r"1 of \d+ answers confirmed", mentored.owner.get(mentored.hub + "/mentor").words)


def test_a_note_is_the_mentors_alone_and_a_comment_is_for_both(mentored: Mentored) -> None:
    page = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
    mentored.mentor.submit(page, {"words": "NOTE-8842 seems unsure"}, action="/notes")
    mentored.mentor.submit(page, {"words": "COMMENT-8842 well done"}, action="/comments")
    own = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
    assert "Only mentors see this" in own.words
    assert "Company and mentor see this" in own.words
    for path in ("", "/mentor", "/check", "/results", "/plan", "/data", "/data.json"):
        assert "NOTE-8842" not in mentored.owner.get(mentored.hub + path).text, path
    shown = mentored.owner.get(mentored.hub + "/mentor")
    assert "COMMENT-8842" in shown.words
    # Another mentor whom the company let in reads the note; whoever wrote something takes it back.
    noa_id = person(mentored.site, "noa@mentors.example.org", "mentor", name="Noa")
    mentored.let_in(noa_id)
    noa = signed_in(mentored.site, noa_id).get(f"{mentored.hub}/review/{CHOICE}")
    assert "NOTE-8842" in noa.words
    assert not [form for form in noa.forms() if form.action.endswith("/delete")]
    for form in own.forms():
        if form.action.endswith("/delete"):
            assert mentored.owner.post(form.action, {}, 404).status == 404
            assert mentored.mentor.send(form.action, form.fields).status == 303
    assert "8842" not in mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}").words


def test_the_company_answers_a_comment(mentored: Mentored) -> None:
    page = mentored.owner.get(mentored.hub + "/mentor")
    mentored.owner.submit(page, {"words": "Thank you, Mira"}, action="/comments")
    assert "Thank you, Mira" in mentored.mentor.get(mentored.hub + "/review").words


def test_a_suggested_measure_becomes_a_line_of_the_plan_or_is_declined_with_a_word(mentored: Mentored) -> None:
    page = mentored.mentor.get(mentored.hub + "/review-suggest")
    assert mentored.mentor.submit(page, status=422).status == 422
    mentored.mentor.submit(page, {"title": "Ask the mill about bran 8842", "why": "They take it back"})
    mentored.mentor.submit(page, {"key": "measure:solar-pv", "why": "A large roof"})
    assert "8842" not in mentored.owner.get(mentored.hub + "/plan").words
    offered = mentored.owner.get(mentored.hub + "/mentor")
    assert "2 things wait for you" in offered.words
    own, known = sorted(
        (form for form in offered.forms() if "/mentor-suggestions/" in form.action),
        key=lambda form: form.action not in offered.text.partition("bran 8842")[2],
    )
    mentored.owner.send(own.action, own.filled({"act": "accept", "words": "Good idea"}))
    assert "8842" in mentored.owner.get(mentored.hub + "/plan").words
    assert mentored.owner.send(known.action, known.filled({"act": "decline"})).status == 422
    assert mentored.owner.send(known.action, known.filled({"act": "decline", "words": "Rented roof"})).status == 303
    assert mentored.owner.send(known.action, known.filled({"act": "accept"})).status == 404
    assert "Rented roof" in mentored.mentor.get(mentored.hub + "/review-suggest").words


def test_a_measure_that_the_catalogue_does_not_have_is_not_suggested(mentored: Mentored) -> None:
    page = mentored.mentor.get(mentored.hub + "/review-suggest")
    for key in ("measure:none", "own:x", "entry:<b>", "nonsense"):
        assert mentored.mentor.submit(page, {"key": key, "why": "Because"}, status=422).status == 422
    assert rows(mentored, "mentor_suggestions") == []


def test_a_finished_review_carries_a_name_and_a_day(mentored: Mentored) -> None:
    mentored.mentor.submit(mentored.mentor.get(mentored.hub + "/review"), action="/review-finish")
    owner, mentor = mentored.owner.get, mentored.mentor.get
    for page in (mentor(mentored.hub + "/review"), owner(mentored.hub + "/mentor"), owner(mentored.hub + "/results")):
        assert "Reviewed by Mira Petrova on 24 November 2026." in page.words


def test_the_overview_asks_the_database_the_same_number_of_times_however_much_was_reviewed(mentored: Mentored) -> None:
    def statements() -> int:
        count = 0

        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        engine = mentored.site.instance.database._reader
        event.listen(engine, "before_cursor_execute", one_more)
        mentored.mentor.get(mentored.hub + "/review")
        event.remove(engine, "before_cursor_execute", one_more)
        return count

    before = statements()
    for question in ("ene-03", "ene-04", "wat-01"):
        if question in stored(mentored).answers:
            mentored.review(question, "confirm")
    assert statements() == before


def test_an_answer_that_is_not_there_cannot_be_reviewed(mentored: Mentored) -> None:
    for question in ("no-such", "x" * 200, "ene-03%00"):
        mentored.mentor.get(f"{mentored.hub}/review/{question}", 400 if "%00" in question else 404)


@pytest.mark.parametrize("query", ["?section=ene", "?section=nope&show=nope", "?show=open", "?show=settled"])
def test_the_overview_is_narrowed_by_its_address(mentored: Mentored, query: str) -> None:
    mentored.mentor.get(mentored.hub + "/review" + query)
