"""The plan: which measures the answers call for, in which order, and why; priorities are worked out by hand.

Priority = gap x question weight x section relevance x ease. It is kept in fortieths (quarters of a gap times tenths
of ease), so `fortieths(0.75, 3, 2, 1.3)` is what a gap of 0.75 on a question of weight 3 should come to.
"""

import pytest

from assessment.core.checks.answers import Answers, Value
from assessment.core.plans.actions import Effort
from tests.builders import (
    DO_NOT_KNOW,
    NOT_APPLICABLE,
    actions,
    advice,
    catalogue,
    heads,
    ladder,
    ladder_answers,
    measure,
    number,
    pick,
    questionnaire,
    section,
    sector,
)
from tests.core.worked import alike, energy, fortieths, ids, only_step, plan_for

# Priority


@pytest.mark.parametrize(("effort", "ease"), [("quick", 1.3), ("plan", 1.0), ("invest", 0.7)])
def test_a_priority_is_gap_times_weight_times_relevance_times_ease(effort: Effort, ease: float) -> None:
    advised = actions(advice("a", "do-it", effort=effort))
    step = only_step(plan_for(energy(3, relevance=2), ladder_answers(a=1), advised, catalogue(measure("do-it"))))
    # gap 1 - 1/4 = 0.75; 0.75 x 3 x 2 = 4.5
    assert step.priority == fortieths(0.75, 3, 2, ease)
    assert step.priority == {"quick": 234, "plan": 180, "invest": 126}[effort]
    why = step.why[0]
    assert (why.question, why.level, why.weight, why.relevance, why.effort) == ("a", 1, 3, 2, effort)


def test_the_relevance_is_that_of_the_section_in_the_sector_raises_included() -> None:
    tiny = questionnaire(
        section("profile", pick("heat"), pick("sector", "food", "other")),
        section("energy", ladder("a")),
        sectors=[sector("food", {"energy": 2}), sector("other", {"energy": 1})],
        raises=[{"section": "energy", "when": {"question": "heat", "is": "yes"}}],
    )
    said = ladder_answers(a=0).with_values({"sector": "food", "heat": "yes"})
    step = only_step(plan_for(tiny, said, actions(advice("a", "m")), catalogue(measure("m"))))
    assert step.why[0].relevance == 3
    assert step.priority == fortieths(1, 1, 3, 1.3)


def test_advice_is_given_below_its_level_only() -> None:
    advised = actions(advice("a", "m", below=2))
    given = {n: ids(plan_for(alike(1), ladder_answers(a=n), advised, catalogue(measure("m")))) for n in range(5)}
    assert given == {0: ["m"], 1: ["m"], 2: [], 3: [], 4: []}


@pytest.mark.parametrize("said", [None, NOT_APPLICABLE])
def test_silence_and_does_not_apply_call_for_nothing(said: Value | None) -> None:
    plan = plan_for(alike(2), ladder_answers(a=said, b=4), actions(advice("a", "m")), catalogue(measure("m")))
    assert list(plan) == []


def test_do_not_know_is_a_whole_gap_and_begins_with_finding_out() -> None:
    advised = actions(advice("a", "m", below=1, find_out="Ask whoever pays the bills."))
    unsure = only_step(plan_for(energy(2), ladder_answers(a=DO_NOT_KNOW), advised, catalogue(measure("m"))))
    assert unsure.priority == fortieths(1, 2, 1, 1.3)
    assert unsure.why[0].level is None
    assert unsure.find_out == "Ask whoever pays the bills."
    sure = only_step(plan_for(energy(2), ladder_answers(a=0), advised, catalogue(measure("m"))))
    assert (sure.find_out, sure.first_step) == (None, "First step for a.")


def test_a_question_off_the_route_calls_for_nothing() -> None:
    tiny = questionnaire(
        section("profile", pick("cooling")),
        section("energy", ladder("doors", when={"question": "cooling", "is": "yes"})),
    )
    said = Answers({"cooling": "no", "doors": "l0"})
    assert list(plan_for(tiny, said, actions(advice("doors", "m")), catalogue(measure("m")))) == []


def test_a_question_that_is_not_scored_for_this_firm_calls_for_nothing() -> None:
    tiny = questionnaire(
        section("profile", number("people")),
        section("money", ladder("a", scored_when={"question": "people", "at_least": "10"})),
    )
    given = {
        count: ids(plan_for(tiny, Answers({"people": heads(count), "a": "l0"}), actions(advice("a", "m")),
                            catalogue(measure("m"))))
        for count in (9, 10)
    }  # fmt: skip
    assert given == {9: [], 10: ["m"]}


def test_the_quick_path_plans_from_starred_questions_only() -> None:
    tiny = questionnaire(section("energy", ladder("a", quick=True), ladder("b")))
    advised, measures = actions(advice("a", "m"), advice("b", "n")), catalogue(measure("m"), measure("n"))
    said = ladder_answers(a=0, b=0)
    assert ids(plan_for(tiny, said, advised, measures, depth="quick")) == ["m"]


# The measures of one question


def test_the_first_measure_takes_the_effort_and_first_step_of_the_advice_and_others_bring_their_own() -> None:
    advised = actions(advice("a", "first", "cheap", "dear", "hard", effort="plan"))
    measures = catalogue(
        measure("first", level="high", first_step="Never said here."), measure("cheap", level="low", first_step="Ask."),
        measure("dear", level="high"),
        measure("hard", level="none", difficulty=2),
    )  # fmt: skip
    steps = {step.measure.id: step for step in plan_for(alike(1), ladder_answers(a=0), advised, measures)}
    assert {name: step.effort for name, step in steps.items()} == {
        "first": "plan", "cheap": "quick", "dear": "invest", "hard": "plan",
    }  # fmt: skip
    assert steps["first"].first_step == "First step for a."
    assert steps["cheap"].first_step == "Ask."
    assert steps["dear"].first_step == "How to do dear. Then check it."
    assert steps["dear"].priority == fortieths(1, 1, 1, 0.7)


def test_the_default_plan_takes_one_measure_of_a_question_while_other_questions_have_one_for_the_place() -> None:
    measures = catalogue(*(measure(name) for name in ("first", "second", "third", "weaker", "weakest")))
    advised = actions(advice("a", "first", "second", "third"), advice("b", "weaker"), advice("c", "weakest"))
    plan = plan_for(energy(3, 2, 1), ladder_answers(a=0, b=0, c=0), advised, measures)
    assert (ids(plan.steps), ids(plan.more)) == (["first", "weaker", "weakest"], ["second", "third"])


def test_places_that_no_other_question_fills_go_to_further_measures_of_the_same_question() -> None:
    measures = catalogue(
        *(measure(name) for name in ("first", "second", "weaker", "fourth")), measure("costly", level="high")
    )
    advised = actions(advice("a", "first", "second", "fourth", "costly"), advice("b", "weaker"))
    plan = plan_for(energy(3, 2), ladder_answers(a=0, b=0), advised, measures)
    assert (ids(plan.steps), ids(plan.more)) == (["first", "second", "weaker", "costly"], ["fourth"])


# A measure of several questions


def test_a_measure_that_several_questions_ask_for_takes_the_highest_priority_and_names_them_all() -> None:
    advised = actions(advice("a", "shared"), advice("b", "shared"), advice("c", "shared"))
    step = only_step(plan_for(energy(1, 3, 2), ladder_answers(a=0, b=1, c=0), advised, catalogue(measure("shared"))))
    # a 1 x 1, b 0.75 x 3, c 1 x 2
    assert [why.question for why in step.why] == ["b", "c", "a"]
    assert step.priority == fortieths(0.75, 3, 1, 1.3)
    assert step.first_step == "First step for b."


def test_of_equal_reasons_the_earlier_advice_leads() -> None:
    advised = actions(advice("b", "shared"), advice("a", "shared"))
    step = only_step(plan_for(alike(2), ladder_answers(a=0, b=0), advised, catalogue(measure("shared"))))
    assert [why.question for why in step.why] == ["b", "a"]
    assert step.first_step == "First step for b."


def test_a_question_that_does_not_call_is_not_named() -> None:
    advised = actions(advice("a", "shared"), advice("b", "shared"))
    step = only_step(plan_for(alike(2), ladder_answers(a=0, b=4), advised, catalogue(measure("shared"))))
    assert [why.question for why in step.why] == ["a"]


# Order and places


def test_steps_are_ranked_by_priority_and_equals_go_by_the_order_of_the_advice() -> None:
    advised = actions(advice("c", "mc"), advice("a", "ma"), advice("b", "mb"))
    measures = catalogue(*(measure(f"m{name}") for name in "abc"))
    assert ids(plan_for(energy(1, 2, 1), ladder_answers(a=0, b=0, c=0), advised, measures)) == ["mb", "mc", "ma"]


def test_the_default_plan_is_three_quick_steps_three_to_plan_and_one_investment() -> None:
    counts: dict[Effort, int] = {"quick": 5, "plan": 4, "invest": 3}
    efforts = [effort for effort, count in counts.items() for _ in range(count)]
    names = [f"q{n}" for n in range(len(efforts))]
    tiny = questionnaire(section("energy", *(ladder(name) for name in names)))
    advised = actions(*(advice(n, f"m-{n}", effort=effort) for n, effort in zip(names, efforts, strict=True)))
    measures = catalogue(*(measure(f"m-{name}") for name in names))
    plan = plan_for(tiny, Answers(dict.fromkeys(names, "l0")), advised, measures)
    assert [step.effort for step in plan.steps] == ["quick"] * 3 + ["plan"] * 3 + ["invest"]
    assert ids(plan.steps) == ["m-q0", "m-q1", "m-q2", "m-q5", "m-q6", "m-q7", "m-q9"]
    assert ids(plan.more) == ["m-q3", "m-q4", "m-q8", "m-q10", "m-q11"]


def test_a_plan_is_not_filled_up_with_other_efforts() -> None:
    tiny = alike(5)
    advised = actions(*(advice(name, f"m-{name}") for name in "abcde"))
    measures = catalogue(*(measure(f"m-{name}") for name in "abcde"))
    plan = plan_for(tiny, ladder_answers(a=0, b=0, c=0, d=0, e=0), advised, measures)
    assert (len(plan.steps), len(plan.more)) == (3, 2)


def test_the_order_of_answering_changes_no_plan() -> None:
    advised = actions(advice("a", "ma", "shared"), advice("b", "shared", "mb"))
    measures = catalogue(measure("ma"), measure("mb"), measure("shared"))
    forwards = ladder_answers(a=0, b=0)
    backwards = Answers({name: forwards[name] for name in ("b", "a")})
    assert plan_for(alike(2), forwards, advised, measures) == plan_for(alike(2), backwards, advised, measures)


# Alternatives and prerequisites


@pytest.mark.parametrize("named_by", ["first", "second"])
def test_two_alternatives_never_stand_in_the_default_plan_together(named_by: str) -> None:
    other = {"first": "second", "second": "first"}
    pair = [measure(name, alternative_to=[other[name]] if name == named_by else []) for name in other]
    advised = actions(advice("a", "first"), advice("b", "second"))
    plan = plan_for(energy(2, 1), ladder_answers(a=0, b=0), advised, catalogue(*pair))
    assert (ids(plan.steps), ids(plan.more)) == (["first"], ["second"])


def test_what_a_measure_needs_comes_before_it_however_low_it_ranks() -> None:
    measures = catalogue(measure("monitor", prerequisites=["meter"]), measure("meter"))
    advised = actions(advice("a", "monitor"), advice("b", "meter"))
    assert ids(plan_for(energy(3, 1), ladder_answers(a=0, b=0), advised, measures).steps) == ["meter", "monitor"]


def test_an_investment_that_is_needed_comes_before_the_quick_step_that_needs_it() -> None:
    measures = catalogue(measure("read-daily", prerequisites=["meter"]), measure("meter"))
    advised = actions(advice("a", "read-daily"), advice("b", "meter", effort="invest"))
    assert ids(plan_for(energy(3, 1), ladder_answers(a=0, b=0), advised, measures).steps) == ["meter", "read-daily"]


def test_a_chain_of_needs_is_kept_in_order() -> None:
    measures = catalogue(
        measure("steer", prerequisites=["monitor"]), measure("monitor", prerequisites=["meter"]), measure("meter")
    )
    advised = actions(advice("a", "steer"), advice("b", "monitor"), advice("c", "meter"))
    plan = plan_for(energy(3, 2, 1), ladder_answers(a=0, b=0, c=0), advised, measures)
    assert ids(plan.steps) == ["meter", "monitor", "steer"]


def test_needs_in_a_circle_neither_hang_nor_lose_a_step() -> None:
    measures = catalogue(measure("hen", prerequisites=["egg"]), measure("egg", prerequisites=["hen"]))
    plan = plan_for(alike(2), ladder_answers(a=0, b=0), actions(advice("a", "hen"), advice("b", "egg")), measures)
    assert sorted(ids(plan)) == ["egg", "hen"]


def test_a_need_that_no_answer_calls_for_or_that_is_settled_holds_nothing_up() -> None:
    measures = catalogue(measure("monitor", prerequisites=["meter"]), measure("meter"))
    advised = actions(advice("a", "monitor"), advice("b", "meter"))
    assert ids(plan_for(alike(2), ladder_answers(a=0, b=4), advised, measures).steps) == ["monitor"]
    done = plan_for(alike(2), ladder_answers(a=0, b=0), advised, measures, settled={"meter"})
    assert ids(done) == ["monitor"]


def test_needs_come_first_among_the_further_measures_too() -> None:
    measures = catalogue(
        *(measure(f"m-{name}") for name in "abc"), measure("late", prerequisites=["early"]), measure("early")
    )
    advised = actions(*(advice(name, f"m-{name}") for name in "abc"), advice("d", "late"), advice("e", "early"))
    plan = plan_for(energy(3, 3, 3, 2, 1), ladder_answers(a=0, b=0, c=0, d=0, e=0), advised, measures)
    assert ids(plan.more) == ["early", "late"]


def test_of_a_measure_and_what_it_needs_the_need_stands_first_for_their_common_question() -> None:
    measures = catalogue(measure("monitor", prerequisites=["meter"]), *(measure(name) for name in ("meter", "b", "c")))
    advised = actions(advice("a", "monitor", "meter"), advice("b", "b"), advice("c", "c"))
    plan = plan_for(energy(3, 2, 1), ladder_answers(a=0, b=0, c=0), advised, measures)
    assert (ids(plan.steps), ids(plan.more)) == (["meter", "b", "c"], ["monitor"])
    without = plan_for(energy(3, 2), ladder_answers(a=0, b=0), advised, measures)
    assert ids(without.steps) == ["meter", "monitor", "b"]


def test_an_investment_keeps_its_place_although_what_it_needs_found_none() -> None:
    """Its own first step is to look into it, so it waits for nothing; the need stands under more."""
    measures = catalogue(
        *(measure(f"m-{name}") for name in "abc"), measure("boiler", prerequisites=["insulate"]), measure("insulate")
    )
    advised = actions(
        *(advice(name, f"m-{name}") for name in "abc"), advice("d", "boiler", effort="invest"), advice("e", "insulate")
    )
    plan = plan_for(energy(3, 3, 3, 3, 1), ladder_answers(a=0, b=0, c=0, d=0, e=0), advised, measures)
    assert ids(plan.steps) == ["m-a", "m-b", "m-c", "boiler"]
    assert ids(plan.more) == ["insulate"]
