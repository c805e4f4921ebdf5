"""A mentor reviews, the company accepts or keeps its own; both values stay, and no answer changes behind its back."""

import re
from decimal import Decimal
from urllib.parse import urljoin

import pytest

from assessment.core.checks.answers import Quantities, Quantity, Value
from assessment.press import ReportPress, plan_document
from assessment.reporting.compose import compose
from assessment.services.mails import language_of
from assessment.services.plans import reports
from assessment.storage.checks import assessments
from assessment.storage.checks.drafts import Draft
from assessment.storage.people import companies
from tests.reporting.paper import words_of
from tests.web.mentored import CHOICE, Mentored, mentored, stranger
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Visitor

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


def test_the_page_of_a_company_says_that_something_waits_in_a_review(mentored: Mentored) -> None:
    def said() -> bool:
        return "Something waits for you" in mentored.owner.get(mentored.home).words

    assert not said()
    mentored.review(CHOICE, "propose", "The diary covers the shop only", mentored.options(CHOICE)[0])
    assert said()
    mentored.reply(CHOICE, "accept")
    assert not said()
    page = mentored.mentor.get(mentored.hub + "/review-suggest")
    mentored.mentor.submit(page, {"key": "measure:solar-pv", "why": "A large roof"})
    assert said()


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


def pressed_in_list(mentored: Mentored, page: Page) -> Page:
    """What comes of the button beside an answer in the list of all, as a browser sends it."""
    (button,) = (b for b in page.tree.iter("button") if b.get("formaction", "").endswith(f"/{CHOICE}"))
    form = next(form for form in page.tree.iter("form") if form.get("id") == button.attrib["form"])
    fields = {each.attrib["name"]: each.attrib["value"] for each in form.iter("input")}
    address = urljoin(page.path, button.attrib["formaction"])
    return mentored.mentor.send(address, {**fields, button.attrib["name"]: button.attrib["value"]})


def test_an_answer_is_confirmed_by_the_button_beside_it_once_for_what_was_seen(mentored: Mentored) -> None:
    page = mentored.mentor.get(mentored.hub + "/review")
    answer = pressed_in_list(mentored, page)
    assert answer.location == f"{mentored.hub}/review#answer-{CHOICE}"
    (row,) = rows(mentored, "reviews")
    assert "confirmed" in row
    # The same page pressed again has not seen that step.
    assert pressed_in_list(mentored, page).status == 409
    assert rows(mentored, "reviews") == [row]


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


# Proposals of several choices and of numbers


def propose(mentored: Mentored, question: str, controls: dict[str, str | list[str]], status: int = 303) -> Page:
    """The mentor fills in the question's own field on the review page."""
    page = mentored.mentor.get(f"{mentored.hub}/review/{question}")
    said = {"act": "propose", "words": "As we saw on the day of the visit", **controls}
    return mentored.mentor.submit(page, said, status=status)


PROPOSED: list[tuple[str, dict[str, str | list[str]], Value, str, str]] = [
    ("man-05", {"man-05": ["iso-14001", "emas"]}, frozenset({"iso-14001", "emas"}), "None", "EMAS"),
    ("ene-01", {"ene-01": "98", "ene-01.unit": "mwh"}, Quantity(Decimal(98_000), "mwh", "98"), "112,000 kWh", "98 MWh"),
    (
        "was-01", {"was-01.non-hazardous": "16.5", "was-01.hazardous": "120", "was-01.hazardous.unit": "kg"},
        Quantities((
            ("non-hazardous", Quantity(Decimal("16.5"), "t", "16.5")),
            ("hazardous", Quantity(Decimal("0.12"), "kg", "120")),
        )), "16.5", "120 kg",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "controls", "value", "own", "other"), PROPOSED)
def test_choices_and_numbers_are_proposed_by_the_questions_own_field_and_both_values_are_kept(
    mentored: Mentored, question: str, controls: dict[str, str | list[str]], value: Value, own: str, other: str
) -> None:
    before = stored(mentored)
    page = mentored.mentor.get(f"{mentored.hub}/review/{question}")
    # The company's own answer stands in the controls, so that what is different is typed and nothing else.
    form = page.form(f"/review/{question}")
    for name in controls:
        assert name in form.fields
    assert f"{question}.note" not in form.fields
    assert f"{question}.marker" not in form.fields
    propose(mentored, question, controls)
    assert stored(mentored).document == before.document
    shown = mentored.owner.get(mentored.hub + "/mentor").words
    assert "1 thing waits for you" in shown
    asked = shown.partition("Your answer:")[2].partition("Your mentor proposed:")
    assert own in asked[0]
    assert other in asked[2]
    mentored.reply(question, "accept")
    after = stored(mentored)
    assert after.answers[question] == value
    assert after.remarks.get(question) == before.remarks.get(question)
    told = mentored.owner.get(mentored.hub + "/mentor").words
    assert own in told.partition("You had said:")[2]
    assert own in mentored.mentor.get(f"{mentored.hub}/review").words.partition("Declared before:")[2]


def test_a_company_keeps_its_own_number(mentored: Mentored) -> None:
    before = stored(mentored)
    propose(mentored, "ene-01", {"ene-01": "98", "ene-01.unit": "mwh"})
    mentored.reply("ene-01", "reply", "The second meter was left out")
    assert stored(mentored).document == before.document
    shown = mentored.mentor.get(f"{mentored.hub}/review/ene-01").words
    assert "The company keeps its answer" in shown
    assert "98 MWh" in shown


@pytest.mark.parametrize(
    ("question", "controls", "told"),
    [
        ("ene-01", {"ene-01": "many"}, "we cannot read “many” as a number"),
        ("ene-01", {"ene-01": "-5"}, "it must be 0 kWh or more"), ("ene-01", {"ene-01": ""}, "Give another answer"),
        ("ene-01", {"ene-01": "1.234"}, "Choose below which one you mean"),
        ("ene-01", {"ene-01": "112", "ene-01.unit": "mwh"}, "Give another answer"),
        ("ene-01", {"ene-01.unit": "stone"}, "units offered"),
        ("ene-01", {"ene-01": "", "ene-01.marker": "do-not-know"}, "Give another answer"),
        ("man-05", {"man-05": ["none", "emas"]}, "rules out the others"),
        ("man-05", {"man-05": ["none"]}, "Give another answer"),
        ("man-05", {"man-05": ["gold-medal"]}, "choose one of the answers offered"),
        ("p-09", {"p-09": ["procedures", "cost", "no-time", "landlord"]}, "no more than 3"),
        ("was-01", {"was-01.hazardous": "x"}, "we cannot read “x” as a number"),
    ],
)  # fmt: skip
def test_what_could_not_be_answered_is_not_proposed_and_what_was_typed_stays(
    mentored: Mentored, question: str, controls: dict[str, str | list[str]], told: str
) -> None:
    page = propose(mentored, question, controls, status=422)
    assert told in page.words
    assert "As we saw on the day of the visit" in page.text
    again = page.form(f"/review/{question}").fields
    for name, typed in controls.items():
        if not name.endswith(".marker") and typed not in ("stone", ["gold-medal"]):
            assert again.getlist(name) == ([typed] if isinstance(typed, str) else typed)
    assert rows(mentored, "reviews") == []


def test_what_stands_in_the_field_counts_only_for_a_proposal(mentored: Mentored) -> None:
    page = mentored.mentor.get(f"{mentored.hub}/review/ene-01")
    mentored.mentor.submit(page, {"act": "confirm", "ene-01": "many"})
    assert "Confirmed" in mentored.mentor.get(f"{mentored.hub}/review/ene-01").words
    (row,) = rows(mentored, "reviews")
    assert "many" not in row


# The history of an answer


def history(mentored: Mentored, question: str = CHOICE) -> list[str]:
    """The lines of the history as the mentor reads them."""
    page = mentored.mentor.get(f"{mentored.hub}/review/{question}")
    found = page.tree.find(".//ol[@reversed]")
    assert found is not None
    return [" ".join(" ".join(line.itertext()).split()) for line in found.iter("li")]


def test_the_history_tells_who_changed_what_to_what_and_by_which_road_the_last_first(mentored: Mentored) -> None:
    first, other = "We could find it in the bills, but we do not look", mentored.options(CHOICE)[0]
    *noted_first, line = history(mentored)
    # Whoever began without an account has no name.
    assert line.startswith(f"24 November 2026, the company: answered {first}")
    assert line.endswith("The company’s own answer")
    mentored.site.clock.forward(days=1)
    mentored.again()
    mentored.owner.hub = mentored.hub
    mentored.owner.answer({CHOICE: "do-not-know"})
    mentored.owner.answer({f"{CHOICE}.note": "Ask Emil"})
    mentored.review(CHOICE, "propose", "Only the shop", other)
    mentored.reply(CHOICE, "accept")
    accepted, noted, changed, *before = history(mentored)
    assert before == [*noted_first, line]
    assert changed == f"25 November 2026, Olga : changed {first} to I do not know The company’s own answer"
    assert noted.startswith("25 November 2026, Olga : changed what stands beside the answer “Ask Emil”")
    assert accepted.startswith("25 November 2026, Olga : changed I do not know to ")
    assert accepted.endswith("Accepted as a mentor proposed it")
    mentored.owner.post(
        mentored.owner.page_of(CHOICE), {f"{CHOICE}.revision": str(stored(mentored).revisions[CHOICE])}
    )  # fmt: skip
    # An answer that was taken back is none to review; given again, its history has both.
    mentored.owner.answer({CHOICE: "do-not-know"})
    again, back, *_ = history(mentored)
    assert "answered I do not know" in again
    assert "took back" in back


def test_a_colleague_who_left_is_not_named_in_the_history(mentored: Mentored) -> None:
    emil_id = person(mentored.site, "emil@firm.example", name="Emil")
    with mentored.site.instance.database.writing() as connection:
        companies.add_member(connection, mentored.company_id, emil_id, "editor", mentored.site.clock())
    emil = signed_in(mentored.site, emil_id)
    emil.hub = mentored.hub
    emil.answer({CHOICE: "do-not-know"})
    assert "Emil" in history(mentored)[0]
    emil.submit(emil.get(f"{mentored.home}/leave"))
    assert "Emil" not in history(mentored)[0]
    assert "the company" in history(mentored)[0]


def test_a_mentor_cannot_accept_for_the_company_nor_the_company_confirm_itself(mentored: Mentored) -> None:
    mentored.review(CHOICE, "propose", "Only the shop", mentored.options(CHOICE)[0])
    before = mentored.site.dump(without=("sessions", "limit_counters", "access_log", "audit_log"))
    mentored.mentor.post(f"{mentored.hub}/mentor/{CHOICE}", {"act": "accept", "seen": "1-1"}, 403)
    mentored.owner.post(f"{mentored.hub}/review/{CHOICE}", {"act": "confirm", "seen": "1-1"}, 404)
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


def test_results_and_their_pdf_tell_both_sides_how_much_of_the_score_is_confirmed(mentored: Mentored) -> None:
    told = r"Self-declared: \d+ out of 100\. A mentor has confirmed 1 of \d+ scored answers \(\d[ \xa0]%\)"
    results = mentored.hub + "/results"
    assert "Self-declared" not in mentored.owner.get(results).words
    before = printed(mentored)
    mentored.review(CHOICE, "confirm")
    for visitor in (mentored.owner, mentored.mentor):
        assert re.search(told, visitor.get(results).words)
    assert mentored.hub + "/mentor" in mentored.owner.get(results).links()
    after = printed(mentored)
    assert (bool(re.search(told, before[0])), bool(re.search(told, after[0]))) == (False, True)
    assert before[1] != after[1], "the PDF of before would be handed out"


def printed(mentored: Mentored) -> tuple[str, str]:
    """The words of the plan's PDF as it is due now, and what it is stored under."""
    instance = mentored.site.instance
    material = reports.material_for(instance, mentored.draft_id, "en")
    press = ReportPress()
    words = " ".join(words_of(compose(plan_document(instance, material), language_of("en"))).split())
    return words, reports.fingerprint(instance, press, material)


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


def said_at(visitor: Visitor, address: str, question: str, words: str, status: int = 303, **more: str) -> Page:
    """A comment by the form of one answer (empty: of the whole check) on a page."""
    forms = [form for form in visitor.get(address).forms() if form.action.endswith("/comments")]
    form = next(form for form in forms if form.fields["question"] == question)
    answer = visitor.send(form.action, form.filled({"words": words, **more}))
    assert answer.status == status, answer.words
    return answer


def heading(visitor: Visitor, address: str) -> str:
    found = visitor.get(address).tree.find(".//h1")
    assert found is not None
    return " ".join("".join(found.itertext()).split())


def test_a_comment_stands_at_its_answer_and_gives_the_other_side_the_turn(mentored: Mentored) -> None:
    company, one = f"{mentored.hub}/mentor", f"{mentored.hub}/review/{CHOICE}"
    said_at(mentored.mentor, one, CHOICE, "Which meter is it?")
    page = mentored.owner.get(company)
    row = page.text.partition(f'id="answer-{CHOICE}"')[2].partition("</article>")[0]
    assert "Which meter is it?" in row
    assert heading(mentored.owner, company) == "1 thing waits for you"
    assert "Company: 1 to answer" in mentored.mentor.get("/mentor").words
    said_at(mentored.owner, company, CHOICE, "The one in the yard")
    assert heading(mentored.owner, company) == "Nothing waits for you"
    review = mentored.mentor.get(mentored.hub + "/review")
    row = review.text.partition(f'id="answer-{CHOICE}"')[2].partition("</article>")[0]
    assert "The one in the yard" in row
    assert "Waiting for you" in row
    assert "1 waits for you" in review.words
    assert CHOICE in mentored.mentor.get(mentored.hub + "/review?show=mentor").text
    assert "You: 1 to answer" in mentored.mentor.get("/mentor").words
    # What the mentor says of the answer answers the comment as well.
    mentored.review(CHOICE, "confirm")
    assert "0 wait for you" in mentored.mentor.get(mentored.hub + "/review").words
    assert "to answer" not in mentored.mentor.get("/mentor").words


def test_whoever_has_nothing_to_add_to_a_comment_says_so(mentored: Mentored) -> None:
    company = f"{mentored.hub}/mentor"
    mentored.review(CHOICE, "confirm")
    said_at(mentored.mentor, f"{mentored.hub}/review/{CHOICE}", CHOICE, "Well done")
    said_at(mentored.mentor, f"{mentored.hub}/review", "", "See you in May")
    assert heading(mentored.owner, company) == "2 things wait for you"
    said_at(mentored.owner, company, CHOICE, "", act="read")
    assert heading(mentored.owner, company) == "1 thing waits for you"
    # Reading for the other side is not possible: a mentor's press settles what the company said, and nothing else.
    mentored.mentor.post(mentored.hub + "/comments", {"act": "read", "question": "", "side": "company"})
    assert heading(mentored.owner, company) == "1 thing waits for you"
    said_at(mentored.owner, company, "", "", act="read")
    assert heading(mentored.owner, company) == "Nothing waits for you"
    assert "Well done" in mentored.owner.get(company).words


def test_the_turn_goes_back_where_a_comment_is_asked_back_by_the_company(mentored: Mentored) -> None:
    mentored.review(CHOICE, "ask", "Since when?")
    company = f"{mentored.hub}/mentor"
    mentored.owner.post(mentored.hub + "/comments", {"words": "Since when what?", "question": CHOICE})
    assert heading(mentored.owner, company) == "Nothing waits for you"
    listed = mentored.mentor.get("/mentor").words
    assert "You: 1 to answer" in listed
    assert "Company:" not in listed
    said_at(mentored.mentor, f"{mentored.hub}/review/{CHOICE}", CHOICE, "Since when do you read it")
    assert heading(mentored.owner, company) == "1 thing waits for you"
    mentored.reply(CHOICE, "reply", "Since May")
    assert "You: 1 to answer" in mentored.mentor.get("/mentor").words


@pytest.mark.parametrize("kind", ["comments", "notes", "comments of the company", "words to a suggestion"])
def test_what_is_too_long_is_told_and_given_back_whole(mentored: Mentored, kind: str) -> None:
    words = "All of it. " * 200 + "The end."
    if kind == "words to a suggestion":
        page = mentored.mentor.get(mentored.hub + "/review-suggest")
        mentored.mentor.submit(page, {"title": "Ask the mill about bran", "why": "They take it back"})
    visitor = mentored.owner if "company" in kind or "suggestion" in kind else mentored.mentor
    address = f"{mentored.hub}/mentor" if visitor is mentored.owner else f"{mentored.hub}/review/{CHOICE}"
    action = "/mentor-suggestions/" if "suggestion" in kind else "/" + kind.partition(" ")[0]
    form = next(form for form in visitor.get(address).forms() if action in form.action)
    act = {"act": "accept"} if "suggestion" in kind else {}
    told = visitor.send(form.action, form.filled({"words": words, **act}))
    assert told.status == 422
    assert "characters or fewer here" in told.words
    kept = ["".join(area.itertext()).strip() for area in told.tree.iter("textarea")]
    assert kept.count(words) == 1
    assert [each for each in kept if each not in ("", words)] == []
    assert "The end." not in visitor.get(address).words


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
    database = mentored.site.instance.database

    def statements() -> int:
        mentored.mentor.get(mentored.hub + "/review")
        asked: list[str] = []
        for raw in database._idle:
            raw.set_trace_callback(asked.append)
        mentored.mentor.get(mentored.hub + "/review")
        for raw in database._idle:
            raw.set_trace_callback(None)
        return len(asked)

    before = statements()
    assert before > 0
    for question in ("ene-03", "ene-04", "wat-01"):
        if question in stored(mentored).answers:
            mentored.review(question, "confirm")
    assert statements() == before


def test_an_answer_that_is_not_there_cannot_be_reviewed(mentored: Mentored) -> None:
    for question in ("no-such", "x" * 200, "ene-03%00"):
        mentored.mentor.get(f"{mentored.hub}/review/{question}", 400 if "%00" in question else 404)


def test_where_nothing_is_answered_there_is_nothing_to_review_or_to_finish(mentored: Mentored) -> None:
    path = mentored.home + "/checks/new"
    begun = mentored.owner.submit(mentored.owner.get(path), {"depth": "full"}, path).location
    page = mentored.mentor.get(begun + "/review")
    assert "Nothing is answered yet" in page.words
    assert "Finish the review" not in page.words
    assert "No answer fits these filters" not in page.words
    assert "Plan the next visit" in page.words


@pytest.mark.parametrize("query", ["?section=ene", "?section=nope&show=nope", "?show=open", "?show=settled"])
def test_the_overview_is_narrowed_by_its_address(mentored: Mentored, query: str) -> None:
    mentored.mentor.get(mentored.hub + "/review" + query)
