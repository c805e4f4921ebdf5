"""The best plan as a service: its years and cost, why the rest is not in it, and what more money would bring."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assessment.core.plans.program import Program, Solution
from assessment.services.money import money
from assessment.services.money.money import Reckoning
from assessment.services.plans import best_plan, refusals
from assessment.services.plans.best_plan import BestPlan
from assessment.services.plans.planning import laid_over
from assessment.solver import Solver
from assessment.storage.money.money import StoredMoney
from assessment.storage.plans.plan_items import PlanFields, PlanItem
from tests.builders import TODAY, ladder_answers
from tests.services.test_money import ENTRIES, results_of
from tests.sites import saving, that_saves


def solved(program: Program, budgets: Sequence[float]) -> list[Solution]:
    """The real solver, in this process."""
    solver = Solver(program, until=math.inf)
    found = [solver.solve()]
    for budget in budgets:
        solver.budget(budget)
        found.append(solver.solve())
    return found


CHEAP = that_saves("cheap", saving("electricity", 0.1), cost=100)
DEAR = that_saves("dear", saving("electricity", 0.1), cost=300)
FREE = that_saves("free", saving("electricity", 0.05))
NOW = datetime(2026, 11, 24, tzinfo=UTC)
RESULTS = results_of(ladder_answers(a=0, b=0, c=0), CHEAP, DEAR, FREE)
"""10,000 kWh at EUR 0.20: EUR 2,000 a year; nothing is done yet, and each measure takes 4 hours."""


def reckoned(statuses: Mapping[str, str] | None = None, refusal: str = "No room", **wishes: object) -> Reckoning:
    """The firm's reckoning with these wishes, where only costs count and nothing else is limited."""
    items = [
        PlanItem(f"measure:{name}", PlanFields(status=status, refusal=refusal), None, NOW, NOW, 1)
        for name, status in (statuses or {}).items()
    ]
    asked = {"hours": None, "payback": None, "matters": {"cost": 1}, **wishes}
    return money.reckon(RESULTS, laid_over(RESULTS, items, TODAY), StoredMoney(ENTRIES, asked, 1), TODAY)


def plan(reckoning: Reckoning) -> BestPlan:
    return best_plan.best_plan(reckoning, solved)


def test_money_that_is_not_spent_is_kept_and_each_year_says_what_it_costs_and_saves() -> None:
    found = plan(reckoned(budget="150"))
    # By the third year there are 3 x 150 = EUR 450, enough for all that costs 100 + 300.
    assert [set(year.measures) for year in found.years] == [{"cheap", "free"}, set(), {"dear"}]
    assert [year.cost for year in found.years] == [100, 0, 300]
    assert [year.hours for year in found.years] == [8, 0, 4]
    # 1 - 0.9 x 0.95 = 0.145 of EUR 2,000 = EUR 290; then 1 - 0.9 x 0.9 x 0.95 = 0.2305, EUR 461.
    assert [year.totals.eur and year.totals.eur.typical for year in found.years] == pytest.approx([290, 290, 461])
    assert found.gap == 0.0
    assert set(found.measures[:2]) == {"cheap", "free"}
    assert found.measures[2] == "dear"
    assert found.left_out == ()


def test_what_each_next_sum_would_bring_is_told_beyond_the_step_before() -> None:
    found = plan(reckoned(budget="150"))
    assert [step.budget for step in found.more] == [1150, 2150, 3150]
    # All at once: 3 x 461 = EUR 1,383 instead of 290 + 290 + 461 = 1,041; more money brings nothing more.
    assert [step.more_eur for step in found.more] == pytest.approx([342, 0, 0], abs=1e-6)
    assert plan(reckoned(budget=None)).more == ()


def test_whoever_has_more_than_everything_costs_has_no_limit_and_is_told_no_next_step() -> None:
    assert plan(reckoned(budget="399")).more != ()
    boundless = plan(reckoned(budget="1e14"))
    assert boundless.more == ()
    assert boundless.measures == plan(reckoned(budget=None)).measures


def test_no_money_leaves_what_costs_nothing_and_says_what_the_others_would_add() -> None:
    found = plan(reckoned(budget="0"))
    assert found.measures == ("free",)
    reasons = {reason.measure: reason for reason in found.left_out}
    assert {name: reason.why for name, reason in reasons.items()} == {"cheap": "money", "dear": "money"}
    # Beside 5 % another 10 % of what is left: 0.95 x 0.1 x EUR 2,000 = EUR 190.
    assert reasons["cheap"].eur == pytest.approx(190)
    assert reasons["dear"].cost == 300


def test_what_was_left_out_by_the_company_is_no_part_of_it() -> None:
    found = plan(reckoned(budget=None, excluded=["cheap"]))
    assert set(found.measures) == {"dear", "free"}
    assert [(reason.measure, reason.why) for reason in found.left_out] == [("cheap", "excluded")]


@pytest.mark.parametrize(
    ("level", "trade", "chosen"),
    [(0, "all", {"read", "panels"}), (4, "all", {"panels"}), (0, "F", {"panels"})],
    ids=["to do", "answered as done", "not for this trade"],
)
def test_what_the_answers_call_done_or_the_trade_rules_out_holds_nothing_up(
    level: int, trade: str, chosen: set[str]
) -> None:
    read = that_saves("read", saving("electricity", 0.01), sectors={"nace": [trade]})
    panels = that_saves("panels", saving("electricity", 0.1), prerequisites=["read"])
    results = results_of(ladder_answers(a=level, b=0, c=0), read, panels)
    asked = {"hours": None, "payback": None, "matters": {"cost": 1}}
    found = plan(money.reckon(results, laid_over(results, [], TODAY), StoredMoney(ENTRIES, asked, 1), TODAY))
    assert set(found.measures) == chosen
    assert found.left_out == ()


@pytest.mark.parametrize("status", ["done", "not-for-us"])
def test_what_is_done_or_not_for_the_company_is_neither_chosen_nor_explained(status: str) -> None:
    found = plan(reckoned({"cheap": status}, budget=None))
    assert set(found.measures) == {"dear", "free"}
    assert found.left_out == ()


def test_what_only_gave_way_in_an_earlier_plan_is_chosen_again() -> None:
    for reason in refusals.PUT_ASIDE:
        assert set(plan(reckoned({"cheap": "not-for-us"}, reason, budget=None)).measures) == {"cheap", "dear", "free"}


def test_a_gap_of_rounding_counts_as_proven_and_a_real_one_is_told() -> None:
    found = plan(reckoned(budget="150"))
    assert replace(found, plan=replace(found.plan, gap=1e-7)).gap == 0.0
    assert replace(found, plan=replace(found.plan, gap=0.002)).gap == 0.002
