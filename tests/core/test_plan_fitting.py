"""The plan: what is left out, what the profile suggests, and what missing figures call for."""

import pytest

from assessment.core.checks.answers import Answers, Value
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.plans.plan import profile_of, size_of
from assessment.core.resources.catalogue import Measure, Profile
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
    section,
    sector,
)
from tests.core.worked import alike, fortieths, ids, only_step, plan_for

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


def test_a_measure_is_kept_from_firms_that_lack_what_it_needs_and_the_advice_goes_on_without_it() -> None:
    asked = questionnaire(section("s", pick("air"), pick("more"), ladder("a"), ladder("b")))
    advised = actions(
        advice("a", "leaks", "lamps", only={"leaks": {"question": "air", "is": "yes"}}), advice("b", "leaks"),
    )  # fmt: skip
    measures = catalogue(measure("leaks"), measure("lamps"))
    for air, found in (("yes", ["leaks", "lamps"]), ("no", ["lamps"])):
        said = Answers({**ladder_answers(a=0), "air": air})
        assert ids(plan_for(asked, said, advised, measures)) == found
    elsewhere = Answers({**ladder_answers(a=0, b=0), "air": "no"})
    assert "leaks" in ids(plan_for(asked, elsewhere, advised, measures)), "another question may still call for it"


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


@pytest.mark.parametrize(
    ("taps", "left"), [("l4", None), ("l3", 0.25), ("l0", 1.0), (NOT_APPLICABLE, 1.0), (None, 1.0), (DO_NOT_KNOW, 1.0)]
)
def test_a_missing_figure_leaves_open_of_a_measure_what_the_answer_on_it_does(
    taps: Value | None, left: float | None
) -> None:
    """Who already reads the meter each week saves nothing by it, whether or not the bill was at hand."""
    advised = actions(advice("litres", "meter-water", when="unanswered"), advice("taps", "meter-water"))
    said = Answers({"litres": DO_NOT_KNOW} | ({} if taps is None else {"taps": taps}))
    plan = plan_for(water(), said, advised, WATER_MEASURES)
    assert [step.todo for step in plan] == ([] if left is None else [left])


def test_of_several_answers_on_a_measure_a_missing_figure_goes_by_the_one_that_leaves_most_open() -> None:
    tiny = questionnaire(section("water", ladder("taps"), ladder("hoses"), number("litres")))
    advised = actions(
        advice("litres", "meter-water", when="unanswered"), advice("taps", "meter-water"),
        advice("hoses", "meter-water"),
    )  # fmt: skip
    for taps, hoses in (("l4", "l3"), ("l3", "l4")):
        said = Answers({"taps": taps, "hoses": hoses, "litres": DO_NOT_KNOW})
        assert only_step(plan_for(tiny, said, advised, WATER_MEASURES)).todo == 0.25


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


@pytest.mark.parametrize(("people", "kept"), [(1, False), (2, True), (None, True)])
def test_who_works_alone_is_told_nothing_that_takes_a_team(people: int | None, kept: bool) -> None:
    tiny = questionnaire(section("profile", number("people")), section("energy", ladder("a")))
    said = Answers({"a": "l0"} | ({} if people is None else {"people": heads(people)}))
    advised = actions(advice("a", "name-somebody", "lamps"), by_profile("team-talk"))
    measures = catalogue(
        measure("name-somebody", for_teams=True), measure("lamps"), measure("team-talk", for_teams=True)
    )
    plan = plan_for(tiny, said, advised, measures, profile_of(tiny, said, "en"))
    assert ids(plan) == (["name-somebody", "lamps", "team-talk"] if kept else ["lamps"])


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
    said = Answers({"country": "ES", "region": "ES51", "sector": "food", "nace": "C11", "people": heads(60)})
    assert profile_of(tiny, said, "es") == Profile("ES", "ES51", "food", ("C11",), "medium", "es")


def test_a_region_or_division_that_was_not_named_is_left_open() -> None:
    tiny = questionnaire(
        section("energy", ladder("a")),
        sectors=[sector("food", {"energy": 2}, ["C10", "C11"]), sector("other", {"energy": 1}, ["S"])],
    )
    unsure = Answers({"country": "ES", "region": "not-sure", "sector": "food", "nace": "not-listed"})
    assert profile_of(tiny, unsure, "en") == Profile("ES", None, "food", ("C10", "C11"), "micro", "en")
    assert profile_of(tiny, Answers(), "en") == Profile("", None, "other", ("S",), "micro", "en")
