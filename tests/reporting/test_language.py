"""Every text of all reports can be translated; the words that people typed stand in brackets here as well."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest

from assessment.content.library import Library
from assessment.core.checks import scoring
from assessment.core.checks.answers import Answers, Marker, Quantity, Remark, Value
from assessment.core.checks.conditions import AtLeast, AtMost, Condition
from assessment.core.checks.questions import Choice, Date, Text
from assessment.core.checks.review import Review, ReviewState, two_scores
from assessment.core.plans.follow_up import FollowUp, Reading
from assessment.core.plans.plan import profile_of, recommend
from assessment.i18n import Language
from assessment.reporting.checks.blank_document import BlankQuestionnaireDocument
from assessment.reporting.checks.blank_questionnaire import blank_questionnaire_document, rule_of
from assessment.reporting.compose import compose
from assessment.reporting.documents import ActionPlanDocument, Contact, Document, Rating
from assessment.reporting.mentors.mentor_review import (
    STATES,
    Confirmed,
    Reviewed,
    ReviewFindings,
    Suggested,
    mentor_review_document,
)
from assessment.reporting.mentors.review_document import (
    CommentRow,
    MentorReviewDocument,
    SignedRow,
    StatementRow,
    SuggestedRow,
    VisitRow,
)
from assessment.reporting.plans.action_plan import Findings, PlanLine, action_plan_document
from tests.brackets import (
    CODE,
    Escaped,
    OwnDigits,
    Pseudo,
    bracketed,
    common_figures,
    laid_over,
    without_digits,
    words_in,
)
from tests.reporting.companies import SETTING, TODAY
from tests.reporting.paper import printed
from tests.sites import shipped

PSEUDO = Pseudo()


@cache
def library(dress: Callable[[str], str] = bracketed) -> Library:
    """All content as written, and in the dress of a made-up language."""
    return laid_over(shipped(), dress)


def found_for(answers: Mapping[str, Value], remarks: Mapping[str, Remark], content: Library) -> Findings:
    """What the engine finds, in the words of the made-up language."""
    edition, catalogue = content.edition(*content.newest, CODE), content.catalogue(CODE)
    route = edition.routes.of(Answers(answers), "full")
    counted = route.counted(Answers(answers))
    return Findings(
        edition.questionnaire, route, counted, remarks, scoring.score(route, counted), scoring.reasons(route, counted),
        profile_of(edition.questionnaire, counted, "en"), catalogue, TODAY,
    )  # fmt: skip


def plan_of(found: Findings, language: Language, content: Library) -> ActionPlanDocument:
    """The plan with owner, deadline and notes, an own action, an entry of the catalogue and all that else fits."""
    actions = content.edition(*content.newest, CODE).actions
    plan = recommend(found.route, found.answers, actions, found.catalogue, found.profile)
    lines = [
        PlanLine(step.measure.title, step, owner="‹Ана›", deadline=date(2027, 3, 1), done=not place, note="‹Ask first›")
        for place, step in enumerate(plan.steps)
    ]
    scheme = next(iter(found.catalogue.schemes.values()))
    lines += [PlanLine("‹Paint the door›", None, note="‹In spring›"), PlanLine(scheme.name, None, entry=scheme.id)]
    contact = Contact("‹Advice desk›", ("+359 2 000 0000", "advice@example.org"))
    setting = replace(SETTING, company="‹Mill Bakery›", contact=contact)
    return action_plan_document(found, lines, (*plan.more, *plan.may_fit), setting, language)


def rich(name: str, content: Library) -> Findings:
    """An example company with a note at every answer, a reason at all that does not apply, and typed words."""
    example = content.examples()[name]
    questions = content.edition(*content.newest, CODE).questionnaire.questions.values()
    typed: dict[str, Value] = {q.id: "‹Typed›" for q in questions if isinstance(q, Text)}
    typed |= {q.id: TODAY for q in questions if isinstance(q, Date)}
    remarks = {
        question: Remark(
            example.remarks[question].basis if question in example.remarks else "",
            f"‹Note about {question}›", "‹No such thing here›" if value is Marker.NOT_APPLICABLE else "",
        )
        for question, value in example.answers.items()
    }  # fmt: skip
    return found_for({**example.answers, **typed}, remarks, content)


@cache
def documents() -> dict[str, Document]:
    """All reports, the plan in each of its states."""
    whole = plan_of(rich("bakery-bg", library()), PSEUDO, library())
    flagged = tuple(replace(section, red_flag=True) for section in whole.sections)
    settled = replace(whole.overall, unsure=0, low=whole.overall.headline, high=whole.overall.headline)
    nothing = tuple(replace(row, weakest=False, rating=Rating(None, 0, 100, 0, 2, 7, 0)) for row in whole.sections)
    edition = library().edition(*library().newest, CODE)
    return {
        "whole plan": whole,
        "red flags, no range": replace(whole, sections=flagged, overall=settled, headline="strong"),
        "quick check": replace(whole, depth="quick", headline="plain", blocks=()),
        "no score": replace(whole, sections=nothing, overall=Rating(None, 0, 99, 3, 2, 70, 5), headline="not-enough"),
        "without a name": replace(whole, company=replace(whole.company, name="", example=False), contact=None),
        "metal shop": plan_of(rich("metal-shop-de", library()), PSEUDO, library()),
        "blank questions": blank_questionnaire_document(edition.questionnaire, SETTING.home),
        "review": review_of(rich("metal-shop-de", library()), PSEUDO),
    }


def review_of(found: Findings, language: Language) -> MentorReviewDocument:
    """A review in which every kind of thing was said; what people typed stands in brackets."""
    words, who = "‹Why›", "‹Ана›"
    states: Sequence[tuple[ReviewState, int, str]] = (
        ("asked", 1, ""), ("asked", 1, words), ("proposed", 1, ""), ("disputed", 1, words), ("confirmed", 1, ""),
        ("accepted", 1, words), ("confirmed", 2, ""),
    )  # fmt: skip
    asked = [q for q in found.route.questions.values() if isinstance(q, Choice) and q.id in found.answers]
    reviewed = [
        Reviewed(
            question, f"‹{question.id}›", found.answers[question.id], 1,
            Review(question.id, state, revision, Marker.DO_NOT_KNOW, question.options[0].id, words, reply, 1),
            who, TODAY,
        )
        for question, (state, revision, reply) in zip(asked, states, strict=False)
    ]  # fmt: skip
    row = SuggestedRow("‹Bran›", words, who, TODAY, words, "planned", who, TODAY)
    saving = StatementRow("‹Lamps›", "", (), words, words, 1500, Decimal(30), who, TODAY)
    readings = [
        Reading("electricity", Quantity(Decimal(amount), "kwh", ""), TODAY - timedelta(days), TODAY, "bill", made)
        for amount, days, made in (
            (12000, 364, Quantity(Decimal(90), "", "")), (7800, 360, Quantity(Decimal(95), "", ""))
        )
    ]  # fmt: skip
    noted = FollowUp(before=readings[0], after=readings[1])
    settled = {each.question.id: each.review for each in reviewed}
    return mentor_review_document(
        ReviewFindings(
            company="‹Mill Bakery›", sector="‹Food›", example=True, day=TODAY, home="gp.example.org",
            questionnaire=found.questionnaire,
            scores=two_scores(found.route, found.answers, dict.fromkeys(found.answers, 1), settled),
            answered=len(found.answers), answers=reviewed,
            suggestions=[Suggested(state, row) for state in STATES.values()],
            savings=[Confirmed(noted, saving)],
            comments=[CommentRow("", words, "", TODAY), CommentRow(asked[0].id, words, who, TODAY)] * 90,
            signed=SignedRow(who, TODAY), visit=VisitRow(TODAY, words, who),
        ),
        language,
    )  # fmt: skip


@cache
def html_of(name: str) -> str:
    return compose(documents()[name], PSEUDO)


NAMES = ["whole plan", "red flags, no range", "quick check", "no score", "without a name", "metal shop",
         "blank questions", "review"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_reports_speak_the_language_of_the_reader_alone(name: str) -> None:
    assert Escaped(html_of(name)).found == []


def test_the_company_is_rich_enough_to_find_what_escapes() -> None:
    whole = html_of("whole plan")
    for shown in ("No such thing here", "Note about mat-04", "Paint the door", "QR code for", "In spring", "Ана",
                  "Mill Bakery", "March 2027"):  # fmt: skip
        assert shown in whole, shown


def test_a_text_of_a_report_that_cannot_be_translated_is_found() -> None:
    forgotten = html_of("whole plan").replace("</h1>", "</h1><p>‹Known› but forgotten</p>", 1)
    assert Escaped(forgotten).found == ["but forgotten"]
    forgotten = html_of("blank questions").replace('data-owner="', 'data-owner="Page of ', 1)
    assert Escaped(forgotten).found == ["Page of"]


def only_on_paper(document: Document, html: str) -> set[str]:
    """Words of the printed pages that the HTML does not have; a word broken at its hyphen is printed as one."""
    known = Escaped(html).words
    return set(words_in(printed(document, PSEUDO).text)) - {*known, *map("".join, pairwise(known))}


def first_sections() -> BlankQuestionnaireDocument:
    """The blank questions, shortened: the rest looks alike."""
    edition = library().edition(*library().newest, CODE)
    blank = blank_questionnaire_document(edition.questionnaire, SETTING.home)
    return replace(blank, sections=blank.sections[:3])


def test_the_paper_adds_no_word_to_its_html() -> None:
    assert only_on_paper(documents()["whole plan"], html_of("whole plan")) == set()
    assert only_on_paper(first_sections(), compose(first_sections(), PSEUDO)) == set()


def test_a_word_that_the_paper_adds_is_found() -> None:
    html = compose(first_sections(), PSEUDO).replace(">‹Filled in by›<", "><")
    assert only_on_paper(first_sections(), html) == {"Filled"}


# Figures


DIGITS = OwnDigits()
NAME_WITH_FIGURE = "Champions 12.3"
"""A publisher."""


@cache
def figured_html() -> dict[str, str]:
    """All reports in the language with digits of its own."""
    content = library(without_digits)
    plans = {name: plan_of(rich(name, content), DIGITS, content) for name in ("bakery-bg", "metal-shop-de")}
    blank = blank_questionnaire_document(content.edition(*content.newest, CODE).questionnaire, SETTING.home)
    review = review_of(rich("metal-shop-de", content), DIGITS)
    documents: dict[str, Document] = {**plans, "blank questions": blank, "review": review}
    return {name: compose(document, DIGITS) for name, document in documents.items()}


def test_the_language_writes_every_figure_of_the_reports() -> None:
    texts = {name: Escaped(html).text.replace(NAME_WITH_FIGURE, "") for name, html in figured_html().items()}
    assert {name: common_figures(text) for name, text in texts.items()} == {name: [] for name in texts}


def test_a_figure_that_no_language_wrote_is_found() -> None:
    html = figured_html()["bakery-bg"]
    assert "①" in html
    assert common_figures("1250 kg, 1,250 kg, 4.3 points; in 2026, ENE-03, level 4, gp.example.org/r/22222") == [
        "1250", "1,250", "4.3"
    ]  # fmt: skip


def test_a_german_reader_finds_decimal_commas_and_the_sign_behind_the_amount() -> None:
    german, content = Language("de"), library()
    document = plan_of(rich("metal-shop-de", content), german, content)
    html = compose(document, german)
    gains = [gain.gain for gain in document.gains]
    assert f'<td class="n strong">{str(gains[0]).replace(".", ",")}</td>' in html
    assert f'<td class="n strong">{gains[0]}</td>' not in html
    assert "1. März 2027" in html
    assert "\xa0EUR" in html
    assert re.search(r"EUR\s?\d", html) is None
    assert "485.000 ‹kWh›" in html
    assert "9.200 ‹litres› = 92.307 ‹kWh›" in html


@pytest.mark.parametrize(
    ("condition", "negated", "words"),
    [
        (AtLeast(question="p-03", at_least=Decimal("2.5")), False, "P-03 is 2,5 or more"),
        (AtLeast(question="p-03", at_least=Decimal(1250)), True, "P-03 is less than 1.250"),
        (AtMost(question="p-03", at_most=Decimal("2.5")), False, "P-03 is 2,5 or less"),
        (AtMost(question="p-03", at_most=Decimal(1250)), True, "P-03 is more than 1.250"),
    ],
)
def test_a_limit_on_the_blank_questions_is_written_in_the_language(
    condition: Condition, negated: bool, words: str
) -> None:
    content = library()
    questionnaire = content.edition(*content.newest, "en").questionnaire
    blank = blank_questionnaire_document(questionnaire, SETTING.home)
    section = blank.sections[0]
    page = section.pages[0]
    asked = replace(page.questions[0], rule=rule_of(questionnaire, condition, negated))
    section = replace(section, pages=(replace(page, questions=(asked,)),))
    assert f"<b>Only if</b> {words}<" in compose(replace(blank, sections=(section,)), Language("de"))
