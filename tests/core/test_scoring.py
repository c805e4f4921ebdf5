"""Scores worked out by hand, one rule of the formula at a time.

An answer at level l of 4 earns l/4 of its question's weight, so a section's value is written here as it comes from
the formula: quarters of weight earned, over quarters of weight possible.
"""

from fractions import Fraction

import pytest

from assessment.core.checks.answers import Answers, Value
from assessment.core.checks.scoring import Ratio, Score, percent
from tests.builders import (
    DO_NOT_KNOW,
    NOT_APPLICABLE,
    heads,
    ladder,
    ladder_answers,
    number,
    pick,
    questionnaire,
    route_of,
    rungs,
    section,
    ticks,
)
from tests.core.worked import card_of, energy, exact, section_of

# Points and weights


@pytest.mark.parametrize(("level", "headline"), [(0, 0), (1, 25), (2, 50), (3, 75), (4, 100)])
def test_each_level_is_worth_a_quarter_more(level: int, headline: int) -> None:
    assert card_of(energy(3), ladder_answers(a=level)).overall.headline == headline


def test_a_section_is_the_mean_of_its_answers_by_weight() -> None:
    # 100 x (3 x 1/4 + 2 x 4/4 + 1 x 0/4) / (3 + 2 + 1) = 45.83
    card = card_of(energy(3, 2, 1), ladder_answers(a=1, b=4, c=0))
    assert exact(section_of(card, "energy").score.value) == Fraction(11, 24)
    assert section_of(card, "energy").score.headline == 46
    assert (section_of(card, "energy").earned, section_of(card, "energy").possible) == (11, 24)


def test_the_overall_score_is_the_mean_of_the_sections_by_how_much_they_matter() -> None:
    tiny = questionnaire(
        section("energy", ladder("a", 3), ladder("b", 1)),
        section("water", ladder("c", 1)),
        weights={"energy": 3, "water": 2},
    )
    # energy 100 x (3 x 2/4 + 1 x 4/4) / 4 = 62.5; water 25; overall (3 x 62.5 + 2 x 25) / 5 = 47.5
    card = card_of(tiny, ladder_answers(a=2, b=4, c=1))
    assert exact(card.overall.value) == Fraction(475, 1000)
    assert card.overall.headline == 48


def test_the_overall_score_comes_from_unrounded_section_scores() -> None:
    tiny = questionnaire(
        section("energy", ladder("a", 1), ladder("b", 2)),
        section("water", ladder("c", 1), ladder("d", 2)),
        section("waste", ladder("e", 1)),
    )
    # energy and water 100 x (1 x 2/4) / 3 = 16.67 each, waste 0: overall 11.11; from the shown 17s it would be 11.33
    card = card_of(tiny, ladder_answers(a=2, b=0, c=2, d=0, e=0))
    assert exact(card.overall.value) == Fraction(1, 9)


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [((0, 8), 0), ((1, 200), 1), ((1, 201), 0), ((5, 8), 63), ((3, 8), 38), ((995, 1000), 100), ((994, 1000), 99)],
)
def test_scores_are_rounded_half_up_to_whole_numbers(ratio: Ratio, shown: int) -> None:
    assert percent(ratio) == shown


def test_an_exact_half_is_shown_as_the_number_above_where_banking_would_round_it_down() -> None:
    # 62.5 would be 62 by rounding half to even
    assert card_of(energy(1, 1), ladder_answers(a=1, b=4)).overall.headline == 63
    assert round(62.5) == 62


# The four answers that are not a level: zero, does not apply, do not know, silence


def test_zero_does_not_apply_do_not_know_and_silence_are_four_different_things() -> None:
    tiny = energy(1, 1, 1, 1)
    seen: dict[str, tuple[int | None, tuple[int, int] | None, int, int]] = {}
    said: dict[str, Value | int | None] = {
        "zero": 0, "does not apply": NOT_APPLICABLE, "do not know": DO_NOT_KNOW, "silence": None,
    }  # fmt: skip
    for name, last in said.items():
        overall = card_of(tiny, ladder_answers(a=4, b=4, c=2, d=last)).overall
        seen[name] = (overall.headline, overall.range, overall.known, overall.applicable)
    assert seen == {
        "zero": (63, (63, 63), 4, 4),
        "does not apply": (83, (83, 83), 3, 3),
        "do not know": (83, (63, 88), 3, 4),
        "silence": (83, (83, 83), 3, 4),
    }


def test_does_not_apply_leaves_both_sides_and_earns_nothing() -> None:
    with_it = card_of(energy(1, 3), ladder_answers(a=2, b=NOT_APPLICABLE))
    assert with_it == card_of(energy(1), ladder_answers(a=2))
    assert with_it.overall.headline == 50


def test_a_firm_to_which_nothing_applies_has_no_score_rather_than_zero_or_a_hundred() -> None:
    overall = card_of(energy(1, 3), ladder_answers(a=NOT_APPLICABLE, b=NOT_APPLICABLE)).overall
    assert overall == Score(None, None, None, 0, 0, 0)
    assert (overall.headline, overall.range, overall.coverage) == (None, None, 0)


def test_do_not_know_is_nothing_at_the_low_end_and_everything_at_the_high_end() -> None:
    # known: 2 x 2/4 of 2; not known: weight 1. low (1 + 0) / 3, high (1 + 1) / 3
    result = card_of(energy(2, 1), ladder_answers(a=2, b=DO_NOT_KNOW)).overall
    assert exact(result.value) == Fraction(1, 2)
    assert (exact(result.low), exact(result.high)) == (Fraction(1, 3), Fraction(2, 3))
    assert result.range == (33, 67)
    assert (result.known, result.unsure, result.applicable, result.coverage) == (1, 1, 2, 50)


def test_unanswered_questions_are_in_neither_end_and_only_lower_coverage() -> None:
    full = card_of(energy(2, 1), ladder_answers(a=3, b=3)).overall
    part = card_of(energy(2, 1), ladder_answers(a=3)).overall
    assert exact(full.value) == exact(part.value) == Fraction(3, 4)
    assert full.range == part.range == (75, 75)
    assert (full.coverage, part.coverage) == (100, 50)


def test_an_assessment_without_answers_has_no_score_and_no_coverage() -> None:
    card = card_of(energy(1, 1), Answers())
    assert card.overall == Score(None, None, None, 0, 0, 2)
    assert (card.overall.headline, card.overall.coverage, card.weakest) == (None, 0, ())


def test_no_section_is_the_weakest_where_all_score_alike_or_one_alone_has_a_score() -> None:
    both = questionnaire(section("energy", ladder("a")), section("water", ladder("b")))
    alike, lags = ladder_answers(a=2, b=2), ladder_answers(a=2, b=3)
    assert card_of(both, alike).weakest == ()
    assert [found.section for found in card_of(both, lags).weakest] == ["energy"]
    assert card_of(both, ladder_answers(a=2)).weakest == ()


def test_all_sections_that_share_the_lowest_score_are_the_weakest_in_the_order_of_the_questionnaire() -> None:
    tiny = questionnaire(
        section("energy", ladder("a", 3)), section("water", ladder("b", 1)), section("waste", ladder("c", 2)),
        section("supply", ladder("d", 1)), weights={"waste": 3},
    )  # fmt: skip

    def weakest(**levels: int) -> list[str]:
        return [found.section for found in card_of(tiny, ladder_answers(**levels)).weakest]

    assert weakest(a=3, b=1, c=1, d=2) == ["water", "waste"]
    assert weakest(a=1, b=1, c=1, d=2) == ["energy", "water", "waste"]
    assert weakest(a=3, b=1, c=2, d=2) == ["water"]
    # Without a headline none is called anything.
    assert weakest(a=3, c=2) == ["waste"]


# Coverage


@pytest.mark.parametrize(("known", "headline"), [(2, None), (3, 100), (5, 100)])
def test_a_headline_needs_a_known_answer_to_three_of_five_questions(known: int, headline: int | None) -> None:
    answers = Answers({"abcde"[n]: "l4" for n in range(known)})
    card = card_of(energy(1, 1, 1, 1, 1), answers)
    assert card.overall.headline == headline
    assert section_of(card, "energy").score.headline == headline


def test_coverage_counts_questions_and_not_their_weights() -> None:
    card = card_of(energy(3, 1, 1), ladder_answers(a=4))
    assert (card.overall.coverage, card.overall.headline) == (33, None)


def test_do_not_know_is_not_known_for_coverage() -> None:
    card = card_of(energy(1, 1), ladder_answers(a=4, b=DO_NOT_KNOW))
    assert (card.overall.coverage, card.overall.headline) == (50, None)
    assert card.overall.range == (50, 100)


def test_just_below_sixty_per_cent_is_not_rounded_up_to_a_headline() -> None:
    names = [f"q{n}" for n in range(42)]
    tiny = questionnaire(section("energy", *(ladder(name) for name in names)))
    almost = card_of(tiny, Answers(dict.fromkeys(names[:25], "l4"))).overall
    assert (almost.known * 100 / almost.applicable > 59.5, almost.coverage, almost.headline) == (True, 59, None)
    assert card_of(tiny, Answers(dict.fromkeys(names[:26], "l4"))).overall.headline == 100


def test_a_section_without_a_headline_still_enters_the_overall_score() -> None:
    tiny = questionnaire(
        section("energy", ladder("a"), ladder("b"), ladder("c"), ladder("d")),
        section("water", ladder("e"), ladder("f"), ladder("g")),
    )
    # water: one of three known, so no headline of its own; known 5 of 7 = 71 %; overall (100 + 0) / 2
    card = card_of(tiny, ladder_answers(a=4, b=4, c=4, d=4, e=0))
    assert section_of(card, "water").score.headline is None
    assert exact(section_of(card, "water").score.value) == 0
    assert (card.overall.coverage, card.overall.headline) == (71, 50)


def test_a_section_may_have_a_headline_while_the_overall_score_has_none() -> None:
    tiny = questionnaire(section("energy", ladder("a")), section("water", ladder("b"), ladder("c")))
    card = card_of(tiny, ladder_answers(a=3))
    assert section_of(card, "energy").score.headline == 75
    assert (card.overall.coverage, card.overall.headline) == (33, None)


def test_a_section_with_no_known_answer_does_not_enter_the_overall_value() -> None:
    tiny = questionnaire(
        section("energy", ladder("a"), ladder("b")), section("water", ladder("c")), weights={"water": 3}
    )
    assert exact(card_of(tiny, ladder_answers(a=4, b=2)).overall.value) == Fraction(3, 4)


def test_a_section_of_nothing_but_do_not_know_counts_nought_to_a_hundred_in_the_ends_and_not_in_the_value() -> None:
    tiny = questionnaire(
        section("energy", ladder("a"), ladder("b"), ladder("c")),
        section("water", ladder("d")),
        weights={"energy": 3, "water": 1},
    )
    # value: energy alone, 50; low (3 x 50 + 0) / 4 = 37.5; high (3 x 50 + 100) / 4 = 62.5
    card = card_of(tiny, ladder_answers(a=2, b=2, c=2, d=DO_NOT_KNOW))
    water = section_of(card, "water").score
    assert (water.value, water.range) == (None, (0, 100))
    assert card.overall.headline == 50
    assert card.overall.range == (38, 63)


def test_a_section_skipped_whole_is_in_neither_end_of_the_overall_range() -> None:
    tiny = questionnaire(section("energy", ladder("a"), ladder("b")), section("water", ladder("c")))
    assert card_of(tiny, ladder_answers(a=2, b=2)).overall.range == (50, 50)


# Options


def test_of_several_options_the_best_one_ticked_counts() -> None:
    tiny = questionnaire(section("energy", ticks("a", {"led": 4, "timer": 2, "none": 0}, weight=2)))
    for ticked, headline in (({"none"}, 0), ({"timer"}, 50), ({"timer", "led"}, 100), ({"none", "timer"}, 50)):
        assert card_of(tiny, Answers({"a": frozenset(ticked)})).overall.headline == headline


def test_an_unscored_option_takes_its_question_out_of_the_score() -> None:
    options = [*rungs(), {"id": "too-new", "label": "We started this year", "unscored": True}]
    tiny = questionnaire(section("energy", ladder("a", options=options), ladder("b")))
    card = card_of(tiny, Answers({"a": "too-new", "b": "l2"}))
    assert (card.overall.headline, card.overall.applicable) == (50, 1)


def test_an_unscored_option_beside_a_scored_one_does_not_hide_it() -> None:
    tiny = questionnaire(section("energy", ticks("a", {"led": 2, "other": None}, weight=1)))
    assert card_of(tiny, Answers({"a": frozenset({"led", "other"})})).overall.headline == 50
    assert card_of(tiny, Answers({"a": frozenset({"other"})})).overall.applicable == 0


def test_a_ladder_with_two_rungs_missing_is_scored_by_its_points() -> None:
    yes_or_no = [
        {"id": "no", "label": "No", "points": 0},
        {"id": "under-way", "label": "Under way", "points": 2},
        {"id": "yes", "label": "Yes", "points": 4},
    ]
    tiny = questionnaire(section("energy", ladder("a", options=yes_or_no)))
    shown = {said: card_of(tiny, Answers({"a": said})).overall.headline for said in ("no", "under-way", "yes")}
    assert shown == {"no": 0, "under-way": 50, "yes": 100}


def test_numbers_and_unscored_choices_never_touch_the_score_nor_its_coverage() -> None:
    plain = questionnaire(section("energy", ladder("a")))
    more = questionnaire(section("energy", ladder("a"), number("kwh"), pick("wish")), section("notes", pick("idea")))
    said = Answers({"a": "l1", "kwh": heads(900), "wish": "yes"})
    assert card_of(more, said) == card_of(plain, ladder_answers(a=1))


def test_a_question_is_scored_only_where_its_condition_says_so() -> None:
    tiny = questionnaire(
        section("profile", number("people")),
        section("money", ladder("a"), ladder("b", scored_when={"question": "people", "at_least": "10"})),
    )
    large = Answers({"people": heads(10), "a": "l4", "b": "l0"})
    micro = large.with_values({"people": heads(9)})
    assert card_of(tiny, large).overall.headline == 50
    assert (card_of(tiny, micro).overall.headline, card_of(tiny, micro).overall.applicable) == (100, 1)
    assert "b" in route_of(tiny, micro).questions


def test_a_question_hidden_by_its_branch_leaves_both_sides() -> None:
    tiny = questionnaire(
        section("profile", pick("cooling")),
        section("energy", ladder("a"), ladder("doors", 3, when={"question": "cooling", "is": "yes"})),
    )
    hidden = Answers({"cooling": "no", "a": "l4", "doors": "l0"})
    assert (card_of(tiny, hidden).overall.headline, card_of(tiny, hidden).overall.applicable) == (100, 1)
    assert card_of(tiny, hidden.with_values({"cooling": "yes"})).overall.headline == 25


def test_a_raised_section_weighs_more_in_the_overall_score() -> None:
    tiny = questionnaire(
        section("profile", pick("hot-water")), section("energy", ladder("a")), section("water", ladder("b")),
        raises=[{"section": "water", "when": {"question": "hot-water", "is": "yes"}}],
    )  # fmt: skip
    said = Answers({"hot-water": "no", "a": "l4", "b": "l1"})
    # (100 + 25) / 2 = 62.5; raised (100 + 2 x 25) / 3 = 50
    assert card_of(tiny, said).overall.headline == 63
    assert card_of(tiny, said.with_values({"hot-water": "yes"})).overall.headline == 50


# Quick check


def test_a_quick_check_counts_coverage_over_the_starred_questions() -> None:
    tiny = questionnaire(section("energy", ladder("a", quick=True), *(ladder(name) for name in "bcde")))
    said = ladder_answers(a=3)
    quick, full = card_of(tiny, said, "quick"), card_of(tiny, said)
    assert (quick.depth, quick.overall.headline, quick.overall.coverage) == ("quick", 75, 100)
    assert (full.depth, full.overall.headline, full.overall.coverage) == ("full", None, 20)
