"""The best plan for a company's money, hours and wishes: the set and order of measures over three years."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assessment.core.money.savings import Totals
from assessment.core.plans.choices import Plan, Task, cost_of_all
from assessment.core.plans.optimise import posed
from assessment.core.plans.program import Program, Solution
from assessment.core.plans.reasons import Reason, Step, reasons, steps
from assessment.services.money.money import Reckoning
from assessment.services.plans.planning import Period

Solve = Callable[[Program, Sequence[float]], Sequence[Solution]]
"""Solves a program, then once more for each further yearly budget, as far as the time goes."""

NEXT = 1000.0
STEPS = 3
"""EUR a year beside the budget: what each next thousand would bring is told, so many times."""

PROVEN = 1e-6
"""A gap below this is rounding."""


@dataclass(frozen=True, slots=True)
class Year:
    """The measures that a year begins with, what they cost that year, and what is saved from then on."""

    number: int
    measures: tuple[str, ...]
    cost: float
    hours: float
    totals: Totals


@dataclass(frozen=True)
class BestPlan:
    """The best plan: year by year, why other measures are not in it, and what more money would bring.

    `gap` is how much better another plan could be at most, as a part of this one; 0 where it is proven the best.
    """

    plan: Plan
    years: tuple[Year, ...]
    left_out: tuple[Reason, ...]
    more: tuple[Step, ...]

    @property
    def gap(self) -> float:
        """The gap, without rounding."""
        return self.plan.gap if self.plan.gap > PROVEN else 0.0

    @property
    def measures(self) -> tuple[str, ...]:
        """All measures of the plan, in the order of their years."""
        return tuple(name for year in self.years for name in year.measures)


def periods_of(found: BestPlan, today: date) -> dict[str, Period]:
    """When each measure of the plan is to be carried out, its years counted from today."""
    return {
        name: Period(years_on(today, year.number - 1), years_on(today, year.number))
        for year in found.years
        for name in year.measures
    }


def years_on(day: date, years: int) -> date:
    """The same day some years on; after a 29 February the 28th, where there is no other."""
    return day.replace(year=day.year + years, day=min(day.day, monthrange(day.year + years, day.month)[1]))


def best_plan(reckoning: Reckoning, solve: Solve) -> BestPlan:
    """Choose among everything that the answers call for or the profile suggests, and that is not settled already.

    Raises NotMade where the solver ran out of time without any plan.
    """
    goals = reckoning.goals
    excluded = {*goals.excluded, *reckoning.settled}
    task = Task(reckoning.ready, goals.wishes, goals.limits, excluded, reckoning.settled)
    program = posed(task)
    budget = goals.limits.budget
    # A first step of nothing is the plan itself, so that each further one says what it adds.
    enough = budget is None or budget >= cost_of_all(task)
    budgets = [] if budget is None or enough else [budget + step * NEXT for step in range(STEPS + 1)]
    solutions = list(solve(program.program, budgets[1:]))
    plans = [program.plan(task, solution) for solution in solutions]
    chosen, budgets = plans[0], budgets[: len(plans)]
    years = tuple(_year(reckoning, chosen, number) for number in range(1, goals.limits.years + 1))
    left_out = tuple(reason for reason in reasons(task, chosen) if reason.measure not in reckoning.settled)
    return BestPlan(chosen, years, left_out, steps(task, budgets, plans)[1:] if budgets else ())


def _year(reckoning: Reckoning, plan: Plan, number: int) -> Year:
    begun = tuple(name for name in reckoning.ready.items if plan.years.get(name) == number)
    items = [reckoning.ready.items[name] for name in begun]
    cost = sum(item.own_cost.typical for item in items if item.own_cost is not None)
    return Year(
        number, begun, cost, sum(item.hours for item in items), reckoning.ready.together(plan.until(number))
    )  # fmt: skip
