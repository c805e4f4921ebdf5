"""What the makers say is what the engine found, and lengths are cut."""

from dataclasses import replace
from functools import cache

from assessment.core.checks.answers import Answers, Marker, Remark
from assessment.reporting.compose import compose, compose_word
from assessment.reporting.documents import ALL_NOTES, LONGEST_COMMENT, LONGEST_NOTE, MOST_ACTIONS, ActionPlanDocument
from assessment.reporting.plans.action_plan import PlanLine, action_plan_document, headline_of
from tests.reporting.companies import SETTING, advice, answered, bakery, document_of, findings, version
from tests.reporting.languages import ENGLISH
from tests.reporting.paper import complaints, outside, overprinted, printed, thin_pages


@cache
def bakery_plan() -> ActionPlanDocument:
    return document_of(bakery())


def test_a_whole_plan_of_the_shipped_catalogue_prints_well() -> None:
    paper = printed(bakery_plan())
    assert complaints(paper) == []
    assert outside(paper) == []
    assert overprinted(paper) == []
    assert thin_pages(paper) == []
    assert 9 <= len(paper.pages) <= 16


def test_the_figures_are_the_engines() -> None:
    found, made = bakery(), bakery_plan()
    overall = found.scorecard.overall
    assert (made.overall.headline, (made.overall.low, made.overall.high)) == (overall.headline, overall.range)
    assert made.overall.band == found.questionnaire.band_of(overall.headline or 0).label
    assert [row.rating.headline for row in made.sections] == [s.score.headline for s in found.scorecard.sections]
    assert [card.title for card in made.actions] == [step.measure.title for step in advice(found).steps]
    assert made.gains == tuple(sorted(made.gains, key=lambda gain: -gain.gain))


def test_the_headline_names_a_section_only_where_one_lags() -> None:
    assert bakery_plan().headline == "weakest"
    rows = [row for row in bakery_plan().sections if row.weakest]
    assert bakery_plan().weakest == tuple(row.title for row in rows) != ()
    rated = [row.rating.headline for row in bakery_plan().sections if row.rating.headline is not None]
    assert [row.rating.headline for row in rows] == [min(rated)] * rated.count(min(rated))
    best = findings(answered(1, {}, unsure=0, skipped=0, level=4))
    assert headline_of(best.scorecard) == "strong"
    nothing = findings(Answers({}))
    assert headline_of(nothing.scorecard) == "not-enough"
    even = replace(best.scorecard, sections=best.scorecard.sections[:1])
    assert headline_of(even) == "strong"


def test_a_quick_check_is_made_of_the_quick_questions() -> None:
    found = findings(bakery().answers, "quick")
    made = document_of(found)
    assert made.depth == "quick"
    assert made.overall.applicable == found.scorecard.overall.applicable < 20
    assert complaints(printed(made)) == []


def test_an_office_and_an_empty_check_print_too() -> None:
    roles = version().questionnaire.roles.named
    office = findings(answered(7, {roles["country"]: "ES", roles["sector"]: "ict"}))
    unsure = findings(answered(8, {roles["country"]: "DE", roles["sector"]: "metal-plastics"}, unsure=1))
    for found in (office, unsure):
        paper = printed(document_of(found))
        assert complaints(paper) == []
        assert outside(paper) == []
        assert thin_pages(paper) == []


def test_why_says_the_answer_level_weight_and_relevance() -> None:
    found = bakery()
    for card, step in zip(bakery_plan().actions, advice(found).steps, strict=True):
        for row, why in zip(card.why, step.why, strict=False):
            assert (row.code, row.level, row.weight, row.relevance) == (
                why.question.upper(), why.level, why.weight, why.relevance
            )  # fmt: skip
            assert row.answer or row.state != "known"


def test_a_use_that_is_small_for_a_measure_is_told_on_paper_and_in_word_as_on_the_page() -> None:
    found = bakery()
    usual, small = advice(found).steps[:2]
    lines = [PlanLine(step.measure.title, step) for step in (usual, replace(small, small_use=True))]
    made = action_plan_document(found, lines, [], SETTING, ENGLISH)
    assert [card.small_use for card in made.actions] == [False, True]
    for html in (compose(made, ENGLISH), compose_word(made, ENGLISH)):
        assert html.count("Your use is small for this measure, so it may take longer than usual to pay back.") == 1


def test_every_saving_names_its_use_and_its_source_or_none() -> None:
    for card in bakery_plan().actions:
        for saving in card.savings:
            assert saving.use
            assert saving.basis == "estimate" or saving.source


def test_a_card_has_one_code_to_scan_that_of_the_first_scheme_it_shows_in_full() -> None:
    seen: set[str] = set()
    for card in bakery_plan().actions:
        new = [scheme.id for scheme in card.funding if scheme.id not in seen]
        assert [scheme.id for scheme in card.funding if scheme.qr is not None] == new[:1]
        assert [scheme.id for scheme in card.funding if scheme.first_in == card.number] == new
        seen.update(new)
        assert not any(scheme.address.startswith("http") for scheme in card.funding)
    assert len(seen) > len(bakery_plan().actions)


def test_notes_and_comments_are_cut_and_the_reader_is_told() -> None:
    found = bakery()
    questions = list(found.answers)
    noted = replace(found, remarks={question: Remark(note="n" * (LONGEST_NOTE + 1)) for question in questions})
    made = document_of(noted)
    rows = [row for table in made.answers for row in table.rows]
    assert max(len(row.note) for row in rows) == LONGEST_NOTE
    assert sum(len(row.note) for row in rows) == ALL_NOTES
    assert all(row.shortened for row in rows if row.note)
    assert len(printed(made).pages) <= 60


def test_a_plan_of_too_many_actions_is_cut() -> None:
    found = bakery()
    lines = [PlanLine(f"Own {number}", None, note="c" * 9000) for number in range(MOST_ACTIONS + 5)]
    made = action_plan_document(found, lines, (), SETTING, ENGLISH)
    assert len(made.actions) == MOST_ACTIONS
    assert max(len(card.note) for card in made.actions) == LONGEST_COMMENT
    assert len(printed(made).pages) <= 60


def test_markers_are_told_apart_in_the_annex() -> None:
    found = bakery()
    rows = {row.code.lower(): row for table in document_of(found).answers for row in table.rows}
    for question in found.route.questions:
        value = found.answers.get(question)
        expected = "unanswered" if value is None else value.value if isinstance(value, Marker) else "known"
        assert rows[question].state == expected
