"""The plan: which measures the answers call for, in which order, and why; priorities are worked out by hand.

Priority = gap x question weight x section relevance x ease. It is kept in fortieths (quarters of a gap times tenths
of ease), so `fortieths(0.75, 3, 2, 1.3)` is what a gap of 0.75 on a question of weight 3 should come to.
"""

from collections.abc import Collection, Iterable

import pytest

from assessment.core.actions import Actions, Effort
from assessment.core.answers import Answers, Value
from assessment.core.catalogue import Catalogue, Measure, Profile
from assessment.core.plan import ActionPlan, Step, profile_of, recommend, size_of
from assessment.core.questionnaire import Questionnaire
from assessment.core.route import Depth
from tests.builders import (
    DO_NOT_KNOW,
    NOT_APPLICABLE,
    actions,
    advice,
    by_profile,
    catalogue,
    heads,
    ladder,
    ladder_answers,
    measure,
    number,
    pick,
    profile,
    questionnaire,
    route_of,
    section,
    sector,
)

LETTERS = "abcdefghij"


def fortieths(gap: float, weight: int, relevance: int, ease: float) -> int:
    return round(gap * weight * relevance * ease * 40)


def plan_for(
    asked: Questionnaire,
    answers: Answers,
    advised: Actions,
    measures: Catalogue,
    who: Profile | None = None,
    settled: Collection[str] = (),
    depth: Depth = "full",
) -> ActionPlan:
    return recommend(route_of(asked, answers, depth), answers, advised, measures, who or profile(), settled)


def ids(steps: Iterable[Step]) -> list[str]:
    return [step.measure.id for step in steps]


def only_step(plan: ActionPlan) -> Step:
    (step,) = plan
    return step


def energy(*weights: int, relevance: int = 1) -> Questionnaire:
    """One section with a ladder of each weight, called a, b, c and so on."""
    ladders = (ladder(LETTERS[n], weight) for n, weight in enumerate(weights))
    return questionnaire(section("energy", *ladders), weights={"energy": relevance})


def alike(count: int) -> Questionnaire:
    return energy(*[1] * count)


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
        measure("first", level="high"), measure("cheap", level="low"), measure("dear", level="high"),
        measure("hard", level="none", difficulty=2),
    )  # fmt: skip
    steps = {step.measure.id: step for step in plan_for(alike(1), ladder_answers(a=0), advised, measures)}
    assert {name: step.effort for name, step in steps.items()} == {
        "first": "plan", "cheap": "quick", "dear": "invest", "hard": "plan",
    }  # fmt: skip
    assert steps["first"].first_step == "First step for a."
    assert steps["dear"].first_step == "How to do dear. Then check it."
    assert steps["dear"].priority == fortieths(1, 1, 1, 0.7)


def test_the_default_plan_takes_one_measure_of_a_question_and_the_others_stand_under_more() -> None:
    measures = catalogue(measure("first"), measure("second"), measure("third", level="high"))
    advised = actions(advice("a", "first", "second", "third"))
    plan = plan_for(alike(1), ladder_answers(a=0), advised, measures)
    assert (ids(plan.steps), ids(plan.more)) == (["first"], ["second", "third"])


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


def test_of_a_measure_and_what_it_needs_only_the_need_stands_for_their_common_question() -> None:
    measures = catalogue(measure("monitor", prerequisites=["meter"]), measure("meter"))
    advised = actions(advice("a", "monitor", "meter"))
    plan = plan_for(alike(1), ladder_answers(a=0), advised, measures)
    assert (ids(plan.steps), ids(plan.more)) == (["meter"], ["monitor"])


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


# What is left out


def test_what_was_settled_never_returns_neither_by_an_answer_nor_by_the_profile() -> None:
    advised = actions(advice("a", "led", "sensors"), advice("b", "led"), by_profile("led", "curtains"))
    measures = catalogue(measure("led"), measure("sensors"), measure("curtains"))
    plan = plan_for(alike(2), ladder_answers(a=0, b=0), advised, measures, settled={"led", "curtains"})
    assert ids(plan) == ["sensors"]


def test_what_is_settled_frees_its_place_for_the_next() -> None:
    advised = actions(*(advice(name, f"m-{name}") for name in "abcd"))
    measures = catalogue(*(measure(f"m-{name}") for name in "abcd"))
    said = ladder_answers(a=0, b=0, c=0, d=0)
    assert ids(plan_for(alike(4), said, advised, measures, settled={"m-a"}).steps) == ["m-b", "m-c", "m-d"]


@pytest.mark.parametrize(
    ("made_for", "firm", "fits"),
    [
        (measure("m"), ("I",), True),
        (measure("m", nace=("C",)), ("C10",), True),
        (measure("m", nace=("C",)), ("I",), False),
        (measure("m", nace=("C", "G"), divisions=["C10"]), ("C22",), False),
        (measure("m", nace=("C", "G"), divisions=["C10"]), ("C10",), True),
        (measure("m", nace=("C", "G"), divisions=["C10"]), ("G47",), True),
    ],
)
def test_a_measure_for_another_line_of_business_is_left_out(
    made_for: Measure, firm: tuple[str, ...], fits: bool
) -> None:
    who = profile(nace=firm)
    asked_for = plan_for(alike(1), ladder_answers(a=0), actions(advice("a", "m")), catalogue(made_for), who)
    suggested = plan_for(alike(1), ladder_answers(a=4), actions(by_profile("m")), catalogue(made_for), who)
    assert (ids(asked_for) == ["m"], ids(suggested) == ["m"]) == (fits, fits)


def test_where_the_first_measure_does_not_fit_the_next_one_brings_its_own_first_step() -> None:
    measures = catalogue(measure("for-hotels", nace=("I",)), measure("for-all"))
    advised = actions(advice("a", "for-hotels", "for-all"))
    step = only_step(plan_for(alike(1), ladder_answers(a=0), advised, measures, profile(nace=("C10",))))
    assert (step.measure.id, step.first_step) == ("for-all", "How to do for-all. Then check it.")


# By profile


def test_what_only_the_profile_suggests_stands_apart_with_its_note_and_without_a_priority() -> None:
    advised = actions(advice("a", "led"), by_profile("steam-traps", note="Only with a steam boiler"))
    measures = catalogue(measure("led"), measure("steam-traps", level="high"))
    plan = plan_for(alike(1), ladder_answers(a=0), advised, measures)
    (step,) = plan.may_fit
    assert (ids(plan.steps), ids(plan.more)) == (["led"], [])
    assert (step.measure.id, step.note, step.why, step.priority) == ("steam-traps", "Only with a steam boiler", (), 0)
    assert step.effort == "invest"


def test_a_suggestion_needs_its_condition_to_hold() -> None:
    tiny = questionnaire(section("profile", pick("cooling")), section("energy", ladder("a")), flags={
        "cool": {"question": "cooling", "is": "yes"},
    })  # fmt: skip
    advised = actions(by_profile("curtains", when={"flag": "cool"}))
    suggested = {
        said: ids(plan_for(tiny, Answers({"cooling": said}), advised, catalogue(measure("curtains"))).may_fit)
        for said in ("yes", "no")
    }
    assert suggested == {"yes": ["curtains"], "no": []}


def test_a_suggestion_for_some_divisions_is_for_firms_of_those_only() -> None:
    advised = actions(by_profile("moulding", nace=["C22"]))
    measures = catalogue(measure("moulding"))
    suggested = {
        code: ids(plan_for(alike(1), Answers(), advised, measures, profile(nace=(code,))))
        for code in ("C22", "C25", "C")
    }
    assert suggested == {"C22": ["moulding"], "C25": [], "C": []}


def test_each_suggestion_comes_once_and_not_when_an_answer_calls_for_it() -> None:
    advised = actions(
        advice("a", "led"), by_profile("led", "curtains", note="First"), by_profile("curtains", note="Second")
    )
    measures = catalogue(measure("led"), measure("curtains"))
    plan = plan_for(alike(1), ladder_answers(a=0), advised, measures)
    assert [(step.measure.id, step.note) for step in plan.may_fit] == [("curtains", "First")]


# Unscored questions


def water() -> Questionnaire:
    return questionnaire(section("water", number("litres"), ladder("taps")), weights={"water": 2})


WATER_MEASURES = catalogue(measure("meter-water"))


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ({}, False),
        ({"taps": "l4"}, True),
        ({"taps": DO_NOT_KNOW}, True),
        ({"litres": DO_NOT_KNOW}, True),
        ({"taps": "l4", "litres": NOT_APPLICABLE}, False),
        ({"taps": "l4", "litres": heads(9)}, False),
        ({"taps": "l4", "litres": heads(0)}, False),
    ],
)
def test_a_missing_figure_calls_for_measuring_only_once_its_section_is_begun(
    said: dict[str, Value], called: bool
) -> None:
    advised = actions(advice("litres", "meter-water", when="unanswered"))
    plan = plan_for(water(), Answers(said), advised, WATER_MEASURES)
    assert ids(plan) == (["meter-water"] if called else [])


def test_advice_on_an_unscored_question_counts_a_whole_gap_and_a_weight_of_one() -> None:
    advised = actions(advice("litres", "meter-water", when="unanswered"))
    step = only_step(plan_for(water(), Answers({"taps": "l4"}), advised, WATER_MEASURES))
    assert step.priority == fortieths(1, 1, 2, 1.3)
    assert (step.why[0].level, step.why[0].weight) == (None, 1)


def test_advice_may_hang_on_any_condition() -> None:
    advised = actions(advice("litres", "meter-water", when={"question": "litres", "at_least": "100"}))
    given = {
        count: ids(plan_for(water(), Answers({"litres": heads(count)}), advised, WATER_MEASURES)) for count in (99, 100)
    }
    assert given == {99: [], 100: ["meter-water"]}


def test_advice_may_hang_on_a_question_of_a_section_that_is_never_scored() -> None:
    tiny = questionnaire(
        section("profile", pick("label-wish")), section("energy", ladder("a")),
        sectors=[sector("any", {"energy": 2})],
    )  # fmt: skip
    advised = actions(advice("label-wish", "eco-label", when={"question": "label-wish", "is": "yes"}))
    step = only_step(plan_for(tiny, Answers({"label-wish": "yes"}), advised, catalogue(measure("eco-label"))))
    assert (step.measure.id, step.why[0].relevance) == ("eco-label", 1)


# Who asks


@pytest.mark.parametrize(
    ("people", "size"),
    [(1, "micro"), (9, "micro"), (10, "small"), (49, "small"), (50, "medium"), (249, "medium"), (250, "large")],
)
def test_size_classes_follow_the_head_count(people: int, size: str) -> None:
    assert size_of(heads(people)) == size


@pytest.mark.parametrize("said", [None, DO_NOT_KNOW, "12"])
def test_a_firm_that_has_not_said_its_head_count_is_taken_as_the_smallest(said: Value | None) -> None:
    assert size_of(said) == "micro"


def test_the_profile_is_read_from_the_questions_with_a_role() -> None:
    tiny = questionnaire(
        section("profile", pick("country"), pick("region"), pick("sector"), pick("nace"), number("people")),
        section("energy", ladder("a")),
        sectors=[sector("food", {"energy": 2}, ["C10", "C11"]), sector("other", {"energy": 1}, ["S"])],
    )
    said = Answers(
        {"country": "ES", "region": "ES51", "sector": "food", "nace": "C11", "people": heads(60)}
    )
    assert profile_of(tiny, said, "es") == Profile("ES", "ES51", "food", ("C11",), "medium", "es")


def test_a_region_or_division_that_was_not_named_is_left_open() -> None:
    tiny = questionnaire(
        section("energy", ladder("a")),
        sectors=[sector("food", {"energy": 2}, ["C10", "C11"]), sector("other", {"energy": 1}, ["S"])],
    )
    unsure = Answers({"country": "ES", "region": "not-sure", "sector": "food", "nace": "not-listed"})
    assert profile_of(tiny, unsure, "en") == Profile("ES", None, "food", ("C10", "C11"), "micro", "en")
    assert profile_of(tiny, Answers(), "en") == Profile("", None, "other", ("S",), "micro", "en")
