"""A measure for which the company's use is too small to pay back in the usual time ranks by half its priority."""

from decimal import Decimal

from assessment.core.checks.answers import Quantity
from assessment.core.checks.questionnaire import QuantityOf
from assessment.core.money.sheet_lines import SheetLine
from assessment.core.plans.plan import recommend
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
LARGE = {"resource": "electricity", "per_year": "10000", "unit": "kWh", "basis": "estimate"}


def order_at(kwh: str | None) -> list[tuple[str, int, bool]]:
    """The plan of a firm that uses so much, where the stronger reason speaks for the measure that needs a large use."""
    asked = questionnaire(
        section("energy", number("use"), ladder("a", 3), ladder("b", 2)),
        quantities=[QuantityOf(line="electricity", question="use")],
    )
    said = ladder_answers(a=0, b=0)
    if kwh is not None:
        said = said.with_values({"use": Quantity(Decimal(kwh), "kwh", kwh)})
    known = catalogue(measure("large", worthwhile_from=LARGE), measure("any"))
    figures = known.factors.model_copy(update={"lines": {"electricity": SheetLine.model_validate(LINE)}})
    known = known.model_copy(update={"factors": figures})
    advised = actions(advice("a", "large"), advice("b", "any"))
    plan = recommend(route_of(asked, said), said, advised, known, profile())
    return [(step.measure.id, step.rank, step.small_use) for step in plan.steps]


def test_below_the_use_it_needs_a_measure_falls_behind_and_says_so() -> None:
    # Whole gaps, relevance 1, quick: 3 x 1.3 and 2 x 1.3, in fortieths 156 and 104.
    assert order_at("9999") == [("any", 104, False), ("large", 78, True)]


def test_from_the_use_it_needs_on_a_measure_keeps_its_rank() -> None:
    assert order_at("10000") == [("large", 156, False), ("any", 104, False)]


def test_a_use_that_is_not_known_holds_nothing_against_a_measure() -> None:
    assert order_at(None) == [("large", 156, False), ("any", 104, False)]
