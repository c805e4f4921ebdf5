"""What is known to come back too late gives way in the plan; what is not known holds nothing against a measure."""

from decimal import Decimal
from typing import Any

import pytest

from assessment.core.checks.answers import Quantity
from assessment.core.checks.questionnaire import QuantityOf
from assessment.core.money.sheet_entries import NO_ENTRIES, SheetEntries
from assessment.core.money.sheet_lines import SheetLine
from assessment.core.plans.paying_back import LONGEST_PAYBACK, candidate_of, is_too_long
from assessment.core.plans.plan import ActionPlan, recommend
from assessment.core.resources.catalogue import Measure
from tests.builders import (
    actions,
    advice,
    catalogue,
    ladder,
    ladder_answers,
    measure,
    number,
    profile,
    questionnaire,
    route_of,
    section,
)  # fmt: skip

LINE = {"id": "electricity", "label": "Electricity bought", "resource": "electricity", "unit": "kWh"}
PRICED = SheetEntries(prices={"electricity": Decimal("0.2")})


def that_costs(name: str, eur: int, **more: Any) -> Measure:
    """A measure that saves a tenth of the electricity and costs so much."""
    cost = {
        "level": "high",
        "eur_low": eur,
        "eur_high": eur,
        "unit": "per site",
        "basis": "estimate",
        "confidence": "low",
    }
    return measure(name, investment=cost, **more)


def plan_of(*measures: Measure, entries: SheetEntries = PRICED, level: int = 0) -> ActionPlan:
    """The plan of a firm that uses 10,000 kWh; the first measure is asked for by the heavier question."""
    asked = questionnaire(
        section("energy", number("use"), ladder("a", 3), ladder("b", 2)),
        quantities=[QuantityOf(line="electricity", question="use")],
    )
    said = ladder_answers(a=level, b=level).with_values({"use": Quantity(Decimal(10000), "kwh", "10000")})
    known = catalogue(*measures)
    figures = known.factors.model_copy(update={"lines": {"electricity": SheetLine.model_validate(LINE)}})
    known = known.model_copy(update={"factors": figures})
    advised = actions(*(advice(name, each.id, effort="invest") for name, each in zip("ab", measures, strict=False)))
    return recommend(route_of(asked, said), said, advised, known, profile(), entries=entries)


def first_of(plan: ActionPlan) -> list[str]:
    return [step.measure.id for step in plan.steps]


# A tenth of 10,000 kWh at EUR 0.20 is EUR 200 a year, so EUR 4,000 come back in 20 years.


def test_an_investment_that_takes_longer_than_twenty_years_gives_way_to_the_next() -> None:
    plan = plan_of(that_costs("dear", 4001), that_costs("cheap", 500))
    assert first_of(plan) == ["cheap"]
    assert [step.measure.id for step in plan.more] == ["dear"]


def test_an_investment_that_comes_back_in_twenty_years_keeps_its_place() -> None:
    assert first_of(plan_of(that_costs("dear", 4000), that_costs("cheap", 500))) == ["dear"]


def test_where_nothing_else_is_left_the_place_stays_empty() -> None:
    assert first_of(plan_of(that_costs("dear", 4001))) == []


def test_a_payback_that_cannot_be_reckoned_holds_nothing_against_a_measure() -> None:
    assert first_of(plan_of(that_costs("dear", 4001), that_costs("cheap", 500), entries=NO_ENTRIES)) == ["dear"]


def test_only_what_is_left_to_do_is_held_against_the_cost() -> None:
    # At level 2 half is done: EUR 100 a year, so EUR 2,001 take too long.
    assert first_of(plan_of(that_costs("dear", 2001), that_costs("cheap", 500), level=2)) == ["cheap"]


@pytest.mark.parametrize(("payback", "late"), [(None, False), (0.0, False), (LONGEST_PAYBACK, False), (20.1, True)])
def test_only_a_known_payback_beyond_the_limit_is_too_long(payback: float | None, late: bool) -> None:
    assert is_too_long(payback) is late


def test_pieces_and_steps_are_the_companys_own_where_they_make_sense() -> None:
    told = SheetEntries(pieces={"lamp": Decimal(12)}, steps={"lamp": Decimal(2)})
    lamp = candidate_of(measure("lamp"), 0.5, told)
    assert (lamp.todo, lamp.pieces, lamp.steps) == (0.5, 12.0, 2.0)
    wrong = SheetEntries(pieces={"lamp": Decimal(-1)}, steps={"lamp": Decimal(-1)})
    assert candidate_of(measure("lamp"), 1.0, wrong) == candidate_of(measure("lamp"), 1.0, NO_ENTRIES)


def test_where_nobody_said_how_many_pieces_are_needed_one_is_the_least() -> None:
    def by_the_piece(name: str, eur: int) -> Measure:
        cost = {"level": "high", "eur_low": eur, "eur_high": eur, "unit": "per drive", "basis": "estimate"}
        return measure(name, investment={**cost, "confidence": "low"})

    cheap = that_costs("cheap", 500)
    assert first_of(plan_of(by_the_piece("drives", 4001), cheap)) == ["cheap"]
    assert first_of(plan_of(by_the_piece("drives", 4000), cheap)) == ["drives"]
