"""Why the score moved: the effects of single questions, worked out by hand, add up to the difference exactly."""

from fractions import Fraction

import pytest
from hypothesis import given

from assessment.core.checks.answers import Answers
from assessment.core.checks.comparison import Comparison, Moved, Side, changed_meaning, compare, in_tenths
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.route import Depth
from assessment.core.checks.scoring import reasons, score
from tests.builders import (
    DO_NOT_KNOW,
    NOT_APPLICABLE,
    ladder,
    ladder_answers,
    number,
    pick,
    questionnaire,
    route_of,
    section,
)
from tests.core.generated import Case, cases
from tests.core.worked import exact


def side(asked: Questionnaire, answers: Answers, depth: Depth = "full") -> Side:
    route = route_of(asked, answers, depth)
    counted = route.counted(answers)
    return Side(route, score(route, counted), reasons(route, counted))


def between(asked: Questionnaire, before: Answers, after: Answers, later: Questionnaire | None = None) -> Comparison:
    return compare(side(asked, before), side(later or asked, after))


def moved(comparison: Comparison, question: str) -> Moved:
    return next(found for found in comparison.questions if found.question == question)


ENERGY = questionnaire(section("energy", ladder("a", 3), ladder("b", 2), ladder("c", 1)))
TWO = questionnaire(
    section("energy", ladder("a", 3), ladder("b", 1)), section("water", ladder("c", 1)),
    weights={"energy": 3, "water": 1},
)  # fmt: skip


# The sum


def test_one_answer_that_moved_explains_the_whole_difference() -> None:
    found = between(ENERGY, ladder_answers(a=1, b=4, c=0), ladder_answers(a=3, b=4, c=0))
    # 3 of 6 weights, two levels of four: 100 x 3/6 x 2/4.
    assert found.difference == 25
    assert [(row.question, row.effect) for row in found.changes] == [("a", Fraction(25))]
    assert found.reweighted == 0
    assert (moved(found, "a").points_before, moved(found, "a").points_after) == (3, 9)


def test_an_effect_on_the_section_is_weighed_by_the_section_for_the_overall_score() -> None:
    found = between(TWO, ladder_answers(a=0, b=0, c=0), ladder_answers(a=4, b=0, c=2))
    assert moved(found, "a").section_effect == 75
    assert moved(found, "a").effect == Fraction(75 * 3, 4)
    assert moved(found, "c").section_effect == 50
    assert moved(found, "c").effect == Fraction(50, 4)
    assert [(row.section, row.before, row.after, row.effect) for row in found.sections] == [
        ("energy", 0, 75, Fraction(225, 4)), ("water", 0, 50, Fraction(50, 4)),
    ]  # fmt: skip


def test_an_answer_that_became_known_counts_as_what_it_is_beside_the_rest() -> None:
    # Before: a alone, at 50. After: a at 50 and b at 0, so 25. The mean of both is 37.5, and b now holds a half.
    asked = questionnaire(section("energy", ladder("a"), ladder("b")))
    found = between(asked, ladder_answers(a=2, b=DO_NOT_KNOW), ladder_answers(a=2, b=0))
    assert found.difference == -25
    assert moved(found, "b").kind == "known-now"
    assert moved(found, "b").effect == Fraction(1, 2) * (0 - Fraction(75, 2))
    assert moved(found, "a").kind == "same"
    assert found.reweighted == Fraction(-1, 2) * (50 - Fraction(75, 2))
    assert moved(found, "a").effect + moved(found, "b").effect == -25


@given(cases(), cases())
def test_the_effects_add_up_to_the_difference_of_the_scores_exactly(before: Case, after: Case) -> None:
    one, two = (
        side(before.questionnaire, before.answers, before.depth),
        side(after.questionnaire, after.answers, after.depth),
    )
    found = compare(one, two)
    low, high = exact(one.scorecard.overall.value), exact(two.scorecard.overall.value)
    if low is None or high is None:
        assert found.difference == 0
        return
    assert found.difference == 100 * (high - low)
    parts = [*found.changes, *found.breaks]
    assert sum((row.effect for row in parts), found.reweighted) == found.difference
    assert sum((row.effect for row in found.sections), Fraction(0)) == found.difference


@given(cases(), cases())
def test_the_effects_within_a_section_add_up_to_its_difference_exactly(before: Case, after: Case) -> None:
    one, two = side(before.questionnaire, before.answers), side(after.questionnaire, after.answers)
    found = compare(one, two)
    for name in ("energy", "water", "waste"):
        cards = [one.scorecard.section(name), two.scorecard.section(name)]
        values = [exact(card.score.value) if card else None for card in cards]
        total = sum((row.section_effect for row in found.questions if row.section == name), Fraction(0))
        expected = Fraction(0) if None in values else 100 * (values[1] - values[0])  # type: ignore[operator]
        assert total == expected


@given(cases())
def test_nothing_changed_is_no_change(case: Case) -> None:
    one = side(case.questionnaire, case.answers, case.depth)
    found = compare(one, one)
    assert found.difference == 0
    assert not found.changes
    assert not found.breaks


@given(cases(), cases())
def test_looking_back_the_other_way_turns_every_effect_round(before: Case, after: Case) -> None:
    one, two = side(before.questionnaire, before.answers), side(after.questionnaire, after.answers)
    forth, back = compare(one, two), compare(two, one)
    assert {row.question: row.effect for row in forth.questions} == {
        row.question: -row.effect for row in back.questions
    }


# What became of a question


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (1, 3, "moved"), (2, 2, "same"), (None, None, "same"), (DO_NOT_KNOW, None, "same"),
        (DO_NOT_KNOW, 2, "known-now"), (None, 2, "known-now"), (2, DO_NOT_KNOW, "unknown-now"),
        (2, None, "unknown-now"), (NOT_APPLICABLE, 2, "asked-now"), (2, NOT_APPLICABLE, "not-asked-now"),
    ],
)  # fmt: skip
def test_each_question_is_told_by_what_became_of_its_answer(before: object, after: object, kind: str) -> None:
    found = between(ENERGY, ladder_answers(a=before, b=2), ladder_answers(a=after, b=2))  # type: ignore[arg-type]
    assert moved(found, "a").kind == kind


def test_a_question_that_applies_through_another_answer_is_told_as_asked_now() -> None:
    asked = questionnaire(
        section("profile", pick("cooling")),
        section("energy", ladder("a"), ladder("b", when={"question": "cooling", "is": "yes"})),
    )
    without = ladder_answers(cooling="no", a=2, b=4)
    found = between(asked, without, ladder_answers(cooling="yes", a=2, b=4))
    assert moved(found, "b").kind == "asked-now"
    assert found.difference == 25


def test_a_question_asked_anew_that_has_no_known_answer_yet_is_no_change() -> None:
    found = between(ENERGY, ladder_answers(a=NOT_APPLICABLE, b=2), ladder_answers(b=2))
    assert moved(found, "a").kind == "asked-now"
    assert found.changes == ()


# Versions


def version_2(**more: object) -> Questionnaire:
    return questionnaire(section("energy", ladder("a", 3, **more), ladder("b", 2), ladder("d", 1)), version="2")


def test_questions_that_are_new_or_gone_are_a_break_and_told_apart_from_what_the_company_did() -> None:
    found = between(ENERGY, ladder_answers(a=2, b=2, c=4), ladder_answers(a=2, b=2, d=0), version_2())
    assert {row.question: row.kind for row in found.breaks} == {"c": "gone", "d": "new"}
    assert found.changes == ()
    assert sum(row.effect for row in found.breaks) + found.reweighted == found.difference


def test_a_question_that_changed_its_meaning_is_not_compared_though_its_answer_moved() -> None:
    found = between(ENERGY, ladder_answers(a=0, b=2), ladder_answers(a=4, b=2), version_2(meaning="2"))
    assert moved(found, "a").kind == "new-meaning"
    assert not moved(found, "a").compared
    assert found.changes == ()
    # Without the mark it would be.
    assert moved(between(ENERGY, ladder_answers(a=0), ladder_answers(a=4), version_2()), "a").kind == "moved"


def test_a_meaning_that_changed_before_both_versions_is_the_same_meaning() -> None:
    earlier = questionnaire(section("energy", ladder("a", 3, meaning="2"), ladder("b", 2)), version="3")
    found = between(earlier, ladder_answers(a=0), ladder_answers(a=4), version_2(meaning="2"))
    assert moved(found, "a").kind == "moved"


def test_an_answer_says_nothing_about_a_question_of_another_meaning_or_kind() -> None:
    assert changed_meaning(ladder("a"), None)
    assert changed_meaning(ladder("a", meaning="2"), ladder("a"))
    assert changed_meaning(number("a"), ladder("a"))
    assert not changed_meaning(ladder("a", weight=3), ladder("a"))


def test_the_quick_and_the_full_check_are_told_to_differ_in_depth() -> None:
    asked = questionnaire(section("energy", ladder("a", quick=True), ladder("b")))
    answers = ladder_answers(a=2, b=2)
    found = compare(side(asked, answers, "quick"), side(asked, answers, "full"))
    assert found.other_depth
    assert moved(found, "b").kind == "asked-now"


def test_below_the_coverage_needed_there_are_no_scores_to_compare() -> None:
    assert not between(ENERGY, ladder_answers(a=2), ladder_answers(a=2, b=2, c=2)).has_scores
    assert between(ENERGY, ladder_answers(a=2, b=1), ladder_answers(a=2, b=2, c=2)).has_scores


# Shown


def test_tenths_add_up_to_the_rounded_whole() -> None:
    thirds = [Fraction(1, 3)] * 3
    assert in_tenths(thirds) == [4, 3, 3]
    assert in_tenths([Fraction(-1, 3), Fraction(1, 3)]) == [-3, 3]
    assert in_tenths([]) == []


@given(cases(), cases())
def test_what_is_shown_adds_up_and_is_never_a_tenth_off(before: Case, after: Case) -> None:
    found = compare(side(before.questionnaire, before.answers), side(after.questionnaire, after.answers))
    parts = [row.effect for row in found.questions]
    shown = in_tenths(parts)
    assert sum(shown) == round(found.difference * 10)
    assert all(abs(part * 10 - tenths) < 1 for part, tenths in zip(parts, shown, strict=True))
