"""Gates and pairs: what opens a stage, what an axis says, and that better answers never lead back."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.checks.answers import Answers, Value
from assessment.core.checks.display import Gates, Pairs, Support
from assessment.core.checks.gates import Standing, opening, standing_of
from assessment.core.checks.questionnaire import PlanSize, Questionnaire
from assessment.core.checks.questions import TOP_LEVEL
from assessment.core.checks.scoring import score
from assessment.core.checks.series import pairs_of
from assessment.core.plans.plan import recommend
from assessment.core.resources.catalogue import funding_of_kind
from tests.builders import (
    DO_NOT_KNOW,
    NOT_APPLICABLE,
    TODAY,
    Written,
    actions,
    advice,
    catalogue,
    ladder,
    ladder_answers,
    measure,
    pick,
    profile,
    questionnaire,
    route_of,
    scheme,
    section,
)

STAGES = ("test", "sell", "grow")
QUESTIONS = ("test-1", "test-2", "sell-1", "sell-2", "grow-1", "grow-2")


def axis(name: str, *questions: str) -> Written:
    return {"id": name, "label": f"Is there {name}?", "low_end": "No", "high_end": "Yes", "questions": questions}


GATES: Written = {
    "display": "gates", "opens_at": 2, "nothing_reached": "Not yet",
    "stages": [
        {"section": stage, "aim": f"Can it {stage}?", "reached": f"It can {stage}.", "support": "Ask."}
        for stage in STAGES
    ],
    "across": axis("money", "sell-1", "grow-1"), "up": axis("planet", "test-2", "sell-2"),
}  # fmt: skip


def three_stages(**more: Any) -> Questionnaire:
    """Two questions a stage; the last one is asked only of whoever sells abroad."""
    return questionnaire(
        section("about", pick("abroad", "yes", "no")),
        section("test", ladder("test-1", 3), ladder("test-2", 1)),
        section("sell", ladder("sell-1", 2), ladder("sell-2", 2)),
        section("grow", ladder("grow-1", 1), ladder("grow-2", 3, when={"question": "abroad", "is": "yes"})),
        results=GATES, **more,
    )  # fmt: skip


ASKED = three_stages()


def standing(answers: Answers) -> Standing:
    display = ASKED.results
    assert isinstance(display, Gates)
    return standing_of(display, route_of(ASKED, answers), answers)


def stage(answers: Answers) -> int:
    """How many stages are reached."""
    return sum(passage.reached for passage in standing(answers).stages)


@pytest.mark.parametrize(
    ("answers", "reached", "missing"),
    [
        (ladder_answers(), 0, ["test-1", "test-2"]),
        (ladder_answers(test_1=2, test_2=2), 1, ["sell-1", "sell-2"]),
        (ladder_answers(test_1=4, test_2=1), 0, ["test-2"]),
        (ladder_answers(test_1=4, test_2=1, sell_1=4, sell_2=4, grow_1=4), 0, ["test-2"]),
        (ladder_answers(test_1=2, test_2=NOT_APPLICABLE), 1, ["sell-1", "sell-2"]),
        (ladder_answers(test_1=2, test_2=DO_NOT_KNOW), 0, ["test-2"]),
        (ladder_answers(test_1=2, test_2=2, sell_1=3, sell_2=2, grow_1=2), 3, []),
        (ladder_answers(test_1=2, test_2=2, sell_1=3, sell_2=2, grow_1=2, abroad="yes"), 2, ["grow-2"]),
        (ladder_answers(test_1=2, test_2=2, sell_1=3, sell_2=2, grow_1=2, grow_2=0, abroad="no"), 3, []),
    ],
)
def test_a_stage_is_reached_when_it_and_all_before_it_let_through(
    answers: Answers, reached: int, missing: list[str]
) -> None:
    found = standing(answers)
    assert stage(answers) == reached
    assert (found.reached.section if found.reached else "") == ("", *STAGES)[reached]
    assert [each.question for each in found.next.missing] == missing if found.next else missing == []
    assert opening(route_of(ASKED, answers), answers) == set(missing)


def test_what_is_missing_says_why() -> None:
    found = standing(ladder_answers(test_1=DO_NOT_KNOW, test_2=1)).next
    assert found is not None
    assert [(each.question, each.state, each.level) for each in found.missing] == [
        ("test-1", "do-not-know", None), ("test-2", "known", 1),
    ]  # fmt: skip
    unsaid = standing(ladder_answers(test_2=3)).next
    assert unsaid is not None
    assert [each.state for each in unsaid.missing] == ["unanswered"]


def test_an_axis_is_the_score_of_its_questions_wherever_they_stand() -> None:
    found = standing(ladder_answers(sell_1=4, grow_1=1, test_2=2))
    assert found.across.headline == 75, "(4 x 2 + 1 x 1) / (4 x 3)"
    assert found.up.headline is None, "one of two is known: too few for a point"
    assert found.up.value == (2, 4)


VALUES: st.SearchStrategy[Value | None] = st.one_of(
    st.sampled_from([f"l{level}" for level in range(TOP_LEVEL + 1)]),
    st.sampled_from([DO_NOT_KNOW, NOT_APPLICABLE]),
    st.none(),
)
SAID = st.fixed_dictionaries({**dict.fromkeys(QUESTIONS, VALUES), "abroad": st.sampled_from(["yes", "no", None])})


def answers_of(said: dict[str, Value | None]) -> Answers:
    return Answers({name: value for name, value in said.items() if value is not None})


@given(SAID, st.sampled_from(QUESTIONS))
def test_a_better_answer_never_lowers_the_stage_and_a_doubt_never_raises_it(
    said: dict[str, Value | None], name: str
) -> None:
    now = stage(answers_of(said))
    value = said[name]
    known = value in {f"l{level}" for level in range(TOP_LEVEL + 1)}
    if known:
        for level in range(int(str(value)[1:]) + 1, TOP_LEVEL + 1):
            assert stage(answers_of({**said, name: f"l{level}"})) >= now
    assert stage(answers_of({**said, name: NOT_APPLICABLE})) >= now
    assert stage(answers_of({**said, name: DO_NOT_KNOW})) <= now or not known
    assert stage(answers_of({**said, name: None})) <= now


@given(SAID)
def test_stages_are_reached_from_the_first_on_without_a_hole(said: dict[str, Value | None]) -> None:
    reached = [passage.reached for passage in standing(answers_of(said)).stages]
    assert reached == sorted(reached, reverse=True)


def test_an_average_would_be_no_gate() -> None:
    """Negative control: a mean of 2 or more lets through what the gate holds back."""
    answers = ladder_answers(test_1=4, test_2=1)
    card = score(route_of(ASKED, answers), answers).section("test")
    assert card is not None
    assert (card.score.headline or 0) >= 50
    assert stage(answers) == 0


# What is advised first


def test_what_opens_the_next_gate_comes_first_and_waits_for_nothing() -> None:
    advised = actions(
        advice("test-1", "talk"), advice("sell-2", "measure", effort="plan"), advice("grow-1", "spread"),
    )  # fmt: skip
    measures = catalogue(measure("talk"), measure("spread"), measure("measure", prerequisites=["talk"]))
    answers = ladder_answers(test_1=2, test_2=2, sell_1=4, sell_2=1, grow_1=0)

    def plan(asked: Questionnaire) -> list[str]:
        found = recommend(route_of(asked, answers), answers, advised, measures, profile())
        return [step.measure.id for step in found.steps]

    assert plan(three_stages(plan=PlanSize(most=1))) == ["measure"]
    assert plan(three_stages(plan=PlanSize(most=2))) == ["talk", "measure"], "what it needs stands before it"
    without = three_stages().model_copy(update={"results": None, "plan": PlanSize(most=1)})
    assert plan(without) != ["measure"], "negative control: without gates the quick step leads"


# Pairs

STEPS = ("map", "lab", "buy", "say")
PAIRED = questionnaire(
    *(section(step, ladder(f"{step}-a", 3 if step == "map" else 2), ladder(f"{step}-b", 2)) for step in STEPS),
    results={
        "display": "pairs",
        "series": [
            {"id": name, "label": f"Is it {name}?", "short": name, "questions": [f"{step}-{end}" for step in STEPS]}
            for name, end in (("done", "a"), ("green", "b"))
        ],
    },
    weights={"lab": 3},
)  # fmt: skip


def test_each_section_has_two_scores_that_its_mean_hides() -> None:
    display = PAIRED.results
    assert isinstance(display, Pairs)
    answers = ladder_answers(map_a=4, map_b=0, lab_a=NOT_APPLICABLE, lab_b=3, buy_a=DO_NOT_KNOW)
    found = pairs_of(display, route_of(PAIRED, answers), answers)
    headlines = [tuple(each.headline if each else None for each in pair.scores) for pair in found]
    assert headlines == [(100, 0), (None, 75), (None, None), (None, None)]
    card = score(route_of(PAIRED, answers), answers)
    assert [section.score.headline for section in card.sections][:2] == [60, 75]


# Funding by kind


def test_funding_of_a_kind_is_told_by_instrument_resource_level_and_place() -> None:
    held = catalogue(
        scheme("voucher", instrument=["voucher"], resources=["innovation"]),
        scheme("loan", instrument=["loan"], resources=["innovation"]),
        scheme("led", instrument=["voucher"], resources=["energy"]),
        scheme("closed", instrument=["voucher"], resources=["innovation"], status="closed"),
        scheme("old", instrument=["voucher"], resources=["innovation"], as_of=2020),
        scheme("call", instrument=["grant"], resources=["innovation"], level="EU", countries=["EU"]),
    )  # fmt: skip

    def found(country: str, *kinds: Support, today: date = TODAY) -> list[list[str]]:
        match = funding_of_kind(kinds, profile(country=country), today, held)
        return [[each.scheme.id for each in part] for part in (match.schemes, match.ask_adviser)]

    vouchers = Support(instruments=("voucher",), resources=("innovation",))
    assert found("BG", vouchers) == [["voucher"], ["old"]]
    assert found("BG", Support(instruments=("voucher",))) == [["led", "voucher"], ["old"]]
    assert found("BG", Support(instruments=("grant",), level="EU"), vouchers) == [["call", "voucher"], ["old"]]
    assert found("AT", vouchers) == [[], []], "national money is for the country"
    assert found("", vouchers) == [[], []], "where no country is known nothing is promised"
