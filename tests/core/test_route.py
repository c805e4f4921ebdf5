"""The route: which questions apply to which answers, on which pages, and what happens to answers left behind."""

import pytest

from assessment.core.checks.answers import Answers, Value
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.route import Progress, Route, Routes, gates_of, minutes_in_all
from assessment.core.checks.scoring import score
from tests.builders import (
    DO_NOT_KNOW,
    heads,
    ladder,
    ladder_answers,
    number,
    pick,
    questionnaire,
    route_of,
    section,
    sector,
    ticks,
)


def asked(route: Route) -> list[str]:
    return list(route.questions)


def cold_rooms() -> Questionnaire:
    """A profile with two gates, and energy questions behind them, one behind the other."""
    return questionnaire(
        section("profile", pick("cooling"), number("people", units=[{"id": "p", "label": "people", "factor": "1"}])),
        section(
            "energy",
            ladder("lights"),
            pick("cold-room", when={"question": "cooling", "is": "yes"}),
            ladder("doors", when={"question": "cold-room", "is": "yes"}),
            ladder("training", when={"question": "people", "at_least": "2"}),
        ),
        section("cold-chain", ladder("transport", when={"flag": "cold"})),
        flags={"cold": {"question": "cooling", "is": "yes"}},
    )


def test_a_question_without_a_condition_is_always_asked_and_one_with_is_not_asked_in_silence() -> None:
    assert asked(route_of(cold_rooms(), Answers())) == ["cooling", "people", "lights"]


def test_an_answer_opens_the_branch_behind_it() -> None:
    route = route_of(cold_rooms(), Answers({"cooling": "yes", "people": heads(2)}))
    assert asked(route) == ["cooling", "people", "lights", "cold-room", "training", "transport"]


def test_a_branch_opens_behind_a_branch() -> None:
    route = route_of(cold_rooms(), Answers({"cooling": "yes", "cold-room": "yes"}))
    assert asked(route) == ["cooling", "people", "lights", "cold-room", "doors", "transport"]


def test_do_not_know_at_a_gate_keeps_the_branch_closed() -> None:
    assert asked(route_of(cold_rooms(), Answers({"cooling": DO_NOT_KNOW}))) == ["cooling", "people", "lights"]


def test_an_answer_off_the_route_opens_nothing_behind_it() -> None:
    left_behind = Answers({"cooling": "no", "cold-room": "yes", "doors": "l4"})
    assert asked(route_of(cold_rooms(), left_behind)) == ["cooling", "people", "lights"]


def test_answers_off_the_route_stay_but_do_not_count_until_the_branch_opens_again() -> None:
    stored = Answers({"cooling": "no", "cold-room": "yes", "doors": "l4", "lights": "l1"})
    routes = Routes(cold_rooms())
    closed = routes.of(stored)
    assert dict(closed.counted(stored)) == {"cooling": "no", "lights": "l1"}
    assert stored["doors"] == "l4"
    assert score(closed, stored).overall.headline == 25
    opened_again = stored.with_values({"cooling": "yes"})
    route = routes.of(opened_again)
    assert route.counted(opened_again)["doors"] == "l4"
    assert score(route, opened_again).overall.value == (5, 8)


def test_a_section_in_which_nothing_applies_is_no_leg_of_the_route() -> None:
    assert [leg.section.id for leg in route_of(cold_rooms(), Answers()).legs] == ["profile", "energy"]
    assert route_of(cold_rooms(), Answers()).leg("cold-chain") is None


def test_taking_an_answer_back_closes_what_it_opened() -> None:
    routes = Routes(cold_rooms())
    opened = Answers({"cooling": "yes"})
    assert "transport" in routes.of(opened).questions
    assert "transport" not in routes.of(opened.with_values({"cooling": None})).questions


def test_the_order_in_which_answers_arrive_changes_nothing() -> None:
    forwards: dict[str, Value] = {"cooling": "yes", "cold-room": "yes", "people": heads(3), "doors": "l2"}
    backwards = dict(reversed(forwards.items()))
    assert asked(route_of(cold_rooms(), Answers(forwards))) == asked(route_of(cold_rooms(), Answers(backwards)))
    assert Answers(forwards) == Answers(backwards)


# Gates and the kept routes


def test_the_gates_are_the_questions_that_route_or_weights_depend_on_in_order() -> None:
    tiny = questionnaire(
        section(
            "profile",
            pick("size", "a", "b"),
            pick("sector", "any", "none"),
            pick("idle"),
            pick("raiser"),
            pick("chooser"),
        ),
        section(
            "energy",
            ladder("one", when={"flag": "big"}),
            ladder("two", scored_when={"question": "chooser", "is": "yes"}),
        ),
        flags={"big": {"question": "size", "is": "b"}},
        raises=[{"section": "energy", "when": {"question": "raiser", "is": "yes"}}],
    )
    assert gates_of(tiny) == ["size", "sector", "raiser", "chooser"]


def test_kept_routes_do_not_leak_from_one_firm_to_the_next() -> None:
    routes = Routes(cold_rooms())
    with_cold = Answers({"cooling": "yes", "lights": "l4"})
    without = Answers({"cooling": "no", "lights": "l0"})
    for answers in (with_cold, without, with_cold, without):
        kept, fresh = routes.of(answers), route_of(cold_rooms(), answers)
        assert asked(kept) == asked(fresh)
        assert score(kept, answers) == score(fresh, answers)


def test_firms_with_the_same_gates_share_a_route_but_not_their_answers() -> None:
    routes = Routes(cold_rooms())
    one, other = ladder_answers(lights=4), ladder_answers(lights=0)
    assert routes.of(one) is routes.of(other)
    assert score(routes.of(one), one).overall.headline == 100
    assert score(routes.of(other), other).overall.headline == 0


def test_the_quick_route_and_the_full_one_are_kept_apart() -> None:
    tiny = questionnaire(section("energy", ladder("starred", quick=True), ladder("other")))
    routes = Routes(tiny)
    assert asked(routes.of(Answers(), "quick")) == ["starred"]
    assert asked(routes.of(Answers(), "full")) == ["starred", "other"]
    assert asked(routes.of(Answers(), "quick")) == ["starred"]


# The quick path


def test_the_quick_path_asks_starred_questions_only_and_still_branches() -> None:
    tiny = questionnaire(
        section("profile", pick("cooling", quick=True)),
        section(
            "energy", ladder("lights", quick=True), ladder("lamps"),
            ladder("doors", quick=True, when={"question": "cooling", "is": "yes"}),
        ),
        section("water", ladder("taps")),
    )  # fmt: skip
    assert asked(route_of(tiny, Answers(), "quick")) == ["cooling", "lights"]
    assert asked(route_of(tiny, Answers({"cooling": "yes"}), "quick")) == ["cooling", "lights", "doors"]
    assert route_of(tiny, Answers(), "quick").leg("water") is None


def test_answers_of_the_full_check_do_not_count_on_the_quick_path() -> None:
    tiny = questionnaire(section("energy", ladder("starred", quick=True), ladder("other")))
    answers = ladder_answers(starred=4, other=0)
    quick = route_of(tiny, answers, "quick")
    assert dict(quick.counted(answers)) == {"starred": "l4"}
    assert score(quick, answers).overall.headline == 100
    assert score(route_of(tiny, answers), answers).overall.headline == 50


# Weights


def test_the_sector_decides_how_much_a_section_matters_and_the_last_one_stands_for_all_others() -> None:
    tiny = questionnaire(
        section("profile", pick("sector", "food", "other")),
        section("energy", ladder("lights")),
        sectors=[sector("food", {"energy": 3}), sector("other", {"energy": 1})],
    )
    assert route_of(tiny, Answers({"sector": "food"})).weights["energy"] == 3
    assert route_of(tiny, Answers({"sector": "other"})).weights["energy"] == 1
    assert route_of(tiny, Answers()).weights["energy"] == 1
    assert route_of(tiny, Answers({"sector": DO_NOT_KNOW})).weights["energy"] == 1


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 3), (3, 3)])
def test_a_raise_adds_one_step_and_never_more_than_three(before: int, after: int) -> None:
    tiny = questionnaire(
        section("profile", ticks("uses", {"heat": None, "none": None})),
        section("energy", ladder("lights")),
        weights={"energy": before},
        raises=[{"section": "energy", "when": {"question": "uses", "includes": "heat"}}],
    )
    assert route_of(tiny, Answers({"uses": frozenset({"none"})})).weights["energy"] == before
    assert route_of(tiny, Answers({"uses": frozenset({"heat"})})).weights["energy"] == after


def test_a_raise_for_one_firm_stays_with_that_firm() -> None:
    tiny = questionnaire(
        section("profile", pick("heat")), section("energy", ladder("lights")),
        raises=[{"section": "energy", "when": {"question": "heat", "is": "yes"}}],
    )  # fmt: skip
    routes = Routes(tiny)
    assert [routes.of(Answers({"heat": said})).weights["energy"] for said in ("yes", "no", "yes")] == [2, 1, 2]
    assert tiny.sectors[0].weights["energy"] == 1


def test_an_answer_off_the_route_raises_nothing() -> None:
    tiny = questionnaire(
        section("profile", pick("cooling"), pick("large", when={"question": "cooling", "is": "yes"})),
        section("energy", ladder("lights")),
        raises=[{"section": "energy", "when": {"question": "large", "is": "yes"}}],
    )
    assert route_of(tiny, Answers({"cooling": "no", "large": "yes"})).weights["energy"] == 1


# Narrowed options


def places() -> Questionnaire:
    regions = [
        {"id": "BG41", "label": "Yugozapaden", "for": ["BG"]},
        {"id": "ES51", "label": "Catalonia", "for": ["ES"]},
        {"id": "not-sure", "label": "Not sure"},
    ]
    return questionnaire(
        section("profile", pick("country", "BG", "ES"), pick("region", options=regions, options_by="country")),
        section("energy", ladder("lights")),
    )


def problems_with(tiny: Questionnaire, values: dict[str, Value], stored: dict[str, Value]) -> list[str]:
    return [problem.code for problem in tiny.check(values, stored)]


def test_only_the_options_that_another_answer_lets_through_are_accepted() -> None:
    assert problems_with(places(), {"region": "BG41"}, {"country": "BG"}) == []
    assert problems_with(places(), {"region": "not-sure"}, {"country": "ES"}) == []
    assert problems_with(places(), {"region": "ES51"}, {"country": "BG"}) == ["unknown-option"]
    assert problems_with(places(), {"region": "ES51"}, {}) == ["unknown-option"]
    assert problems_with(places(), {"country": "ES", "region": "ES51"}, {"country": "BG"}) == []


def test_an_option_that_is_offered_no_more_stays_stored_but_does_not_count() -> None:
    moved = Answers({"country": "ES", "region": "BG41"})
    assert "region" not in route_of(places(), moved).counted(moved)
    back = moved.with_values({"country": "BG"})
    assert route_of(places(), back).counted(back)["region"] == "BG41"


def test_an_option_without_a_limit_counts_for_everybody() -> None:
    answers = Answers({"country": "ES", "region": "not-sure"})
    assert route_of(places(), answers).counted(answers) == answers


def test_a_narrowed_answer_counts_for_nothing_while_the_other_question_is_unanswered() -> None:
    alone = Answers({"region": "BG41"})
    assert dict(route_of(places(), alone).counted(alone)) == {}


# Pages and progress


@pytest.mark.parametrize("country", ["BG", "ES", None])
@pytest.mark.parametrize("region", ["BG41", "ES51", "not-sure", None])
def test_the_answers_that_count_on_a_page_are_the_same_as_among_all(country: str | None, region: str | None) -> None:
    given = {name: value for name, value in {"country": country, "region": region}.items() if value}
    route, answers = route_of(places(), given), Answers(given)
    counted = route.counted(answers)
    for leg in route.legs:
        for page in leg.pages:
            here = route.counted(answers, page)
            for question in page.questions:
                assert here.get(question.id) == counted.get(question.id)
            assert set(here) <= set(counted)


def paged() -> Questionnaire:
    return questionnaire(
        section(
            "energy",
            number("power", page="bought"),
            number("gas", page="bought", when={"question": "heats", "is": "yes"}),
            ladder("lights"),
            ladder("doors", page="cold", when={"question": "cools", "is": "yes"}),
            pages=[
                {"id": "bought", "title": "What you bought", "intro": "Last year."},
                {"id": "cold", "title": "Cold"},
            ],
        ),
    )


def gated() -> Questionnaire:
    profile = section("profile", pick("heats"), pick("cools"))
    return questionnaire(profile, *paged().sections)


def test_questions_of_one_page_stand_together_and_others_stand_alone() -> None:
    leg = route_of(gated(), Answers({"heats": "yes", "cools": "yes"})).leg("energy")
    assert leg is not None
    assert [(page.id, [q.id for q in page.questions]) for page in leg.pages] == [
        ("bought", ["power", "gas"]), ("lights", ["lights"]), ("cold", ["doors"]),
    ]  # fmt: skip


def test_a_page_has_its_heading_only_while_it_holds_several_questions() -> None:
    both = route_of(gated(), Answers({"heats": "yes"})).page("energy", "bought")
    alone = route_of(gated(), Answers()).page("energy", "bought")
    assert both is not None
    assert alone is not None
    assert (both.title, both.intro) == ("What you bought", "Last year.")
    assert (alone.title, alone.intro) == (None, None)


def test_a_page_on_which_nothing_applies_is_not_on_the_route() -> None:
    route = route_of(gated(), Answers())
    assert route.page("energy", "cold") is None
    assert route.page("nowhere", "cold") is None


def test_pages_follow_each_other_within_their_section() -> None:
    route = route_of(gated(), Answers({"cools": "yes"}))
    assert route.after("energy", "bought") == "lights"
    assert route.after("energy", "lights") == "cold"
    assert route.after("energy", "cold") is None
    assert route.before("energy", "cold") == "lights"
    assert route.before("energy", "bought") is None


def test_a_page_that_has_left_the_route_has_no_neighbours() -> None:
    route = route_of(gated(), Answers())
    assert route.after("energy", "cold") is None
    assert route.before("energy", "cold") is None
    assert route.after("nowhere", "cold") is None


def test_a_section_opens_at_its_first_page_with_an_unanswered_question_else_at_its_first() -> None:
    route = route_of(gated(), Answers())
    assert route.first_open("energy", Answers()) == "bought"
    assert route.first_open("energy", Answers({"power": DO_NOT_KNOW})) == "lights"
    assert route.first_open("energy", Answers({"power": heads(1), "lights": "l1"})) == "bought"
    with pytest.raises(KeyError):
        route.first_open("nowhere", Answers())


def test_the_next_section_is_the_first_that_follows_and_has_an_unanswered_question() -> None:
    both: dict[str, Value] = {"cooling": "yes", "people": heads(2)}
    route = route_of(cold_rooms(), Answers(both))
    assert route.next_section("profile", Answers(both)) == "energy"
    energy: dict[str, Value] = dict.fromkeys(("lights", "cold-room", "training"), DO_NOT_KNOW)
    assert route.next_section("profile", Answers({**both, **energy})) == "cold-chain"
    assert route.next_section("energy", Answers(both)) == "cold-chain"
    # What was left out before is not asked again: the check of answers names it.
    assert route.next_section("cold-chain", Answers(both)) is None


def test_progress_counts_markers_as_answers_and_answers_off_the_route_not_at_all() -> None:
    answers = Answers({"cools": "no", "power": DO_NOT_KNOW, "doors": "l4"})
    assert route_of(gated(), answers).progress("energy", answers) == Progress(answered=1, asked=2)


@pytest.mark.parametrize(
    ("answered", "state", "minutes"),
    [(0, "not-started", 1), (1, "in-progress", 1), (3, "in-progress", 0), (4, "completed", 0)],
)
def test_a_section_is_not_started_in_progress_or_completed(answered: int, state: str, minutes: int) -> None:
    progress = Progress(answered, 4)
    assert (progress.state, progress.minutes_left) == (state, minutes)


@pytest.mark.parametrize(
    ("left", "minutes"),
    [([], 0), ([1], 1), ([2, 2], 1), ([1] * 11, 4), ([1] * 12 + [7], 5), ([3, 2] * 4 + [4, 4], 10), ([8] * 12, 30)],
)
def test_the_time_left_is_summed_up_before_it_is_rounded(left: list[int], minutes: int) -> None:
    assert minutes_in_all(Progress(1, 1 + each) for each in left) == minutes


def test_required_questions_are_missing_until_answered() -> None:
    tiny = questionnaire(section("profile", pick("country", "BG", "ES", required=True), pick("wish")))
    route = route_of(tiny, Answers())
    assert [q.id for q in route.missing(Answers())] == ["country"]
    assert route.missing(Answers({"country": "BG"})) == ()


def test_a_required_question_off_the_route_is_not_missing() -> None:
    tiny = questionnaire(
        section("profile", pick("owns"), pick("rent", required=True, when={"question": "owns", "is": "no"}))
    )
    assert route_of(tiny, Answers({"owns": "yes"})).missing(Answers({"owns": "yes"})) == ()


def test_a_condition_may_look_through_a_flag_at_a_number() -> None:
    more_than_one = {"not": {"question": "people", "at_most": "1"}}
    tiny = questionnaire(
        section("profile", number("people")),
        section("people", ladder("training", when={"flag": "staff"})),
        flags={"staff": {"all": [{"question": "people", "answered": True}, more_than_one]}},
    )
    reached = {n: "training" in route_of(tiny, Answers({"people": heads(n)})).questions for n in (0, 1, 2)}
    assert reached == {0: False, 1: False, 2: True}
    assert "training" not in route_of(tiny, Answers()).questions
