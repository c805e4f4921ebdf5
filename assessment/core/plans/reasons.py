"""Why a measure is not in a plan, and what more money would bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assessment.core.money.savings import Missing, Totals
from assessment.core.money.uses import NOTHING
from assessment.core.plans.choices import Bar, Plan, Scale, Task, barred, needs

Why = Bar | Literal["alternative", "nothing", "unwanted", "money", "hours", "little"]
"""A bar, or: an alternative is in the plan; beside the plan it would save nothing, or nothing that has a weight in the
wishes; more money, or more hours, than the plan leaves; it would save only so much for so much."""

LEAST_GAIN = 1e-9
"""A part of the site's totals; less is what binary fractions leave of nothing."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one measure is not in the plan.

    `other` is what it waits for (prerequisite) or gives way to (alternative). `eur`, `carbon`, `water` (m3) and `waste`
    (t) a year, `cost` and `hours` are what it would add beside the plan, together with what it needs first; `missing`
    is what to ask for.
    """

    measure: str
    why: Why
    other: str = ""
    eur: float = 0.0
    carbon: float = 0.0
    cost: float = 0.0
    hours: float = 0.0
    missing: tuple[Missing, ...] = ()
    water: float = 0.0
    waste: float = 0.0


def reasons(task: Task, plan: Plan) -> tuple[Reason, ...]:
    """Every measure that is not in the plan, with the first reason that holds."""
    out = barred(task)
    return tuple(
        _of_barred(task, name, out[name], out) if name in out else _of_free(task, plan, name)
        for name in task.ready.items
        if name not in plan.years
    )


def _of_barred(task: Task, name: str, bar: Bar, out: Mapping[str, Bar]) -> Reason:
    item = task.ready.items[name]
    saving = task.ready.alone(name)
    return Reason(
        name, bar,
        other=next(other for other in task.first(name) if other in out) if bar == "prerequisite" else "",
        eur=(saving.eur or NOTHING).typical, carbon=(saving.carbon or NOTHING).typical,
        cost=(item.own_cost or NOTHING).typical, hours=item.hours, missing=item.missing,
    )  # fmt: skip


def _of_free(task: Task, plan: Plan, name: str) -> Reason:
    ready, chosen = task.ready, list(plan.years)
    rival = min(ready.conflicts[name] & set(chosen), default="")
    more = [other for other in needs(task, name) if other not in plan.years]
    now, then = ready.together(chosen), ready.together([*chosen, *more])
    eur = (then.eur or NOTHING).typical - (now.eur or NOTHING).typical
    carbon = (then.carbon or NOTHING).typical - (now.carbon or NOTHING).typical
    cost = sum((ready.items[other].own_cost or NOTHING).typical for other in more)
    hours = sum(ready.items[other].hours for other in more)
    water, waste = (_net(then, resource) - _net(now, resource) for resource in ("water", "waste"))
    scale = Scale(ready.site.uses, task.wishes)
    why: Why = "little"
    if rival:
        why = "alternative"
    elif scale.of_totals(then) - scale.of_totals(now) <= LEAST_GAIN:
        why = "unwanted" if max(eur, carbon, water, waste) > LEAST_GAIN else "nothing"
    elif _beyond(task, task.limits.budget, now.own_cost.typical + cost):
        why = "money"
    elif _beyond(task, task.limits.hours, now.hours + hours):
        why = "hours"
    return Reason(name, why, rival, eur, carbon, cost, hours, ready.items[name].missing, water, waste)


def _net(totals: Totals, resource: str) -> float:
    """What is saved of a resource, less what switches add."""
    return sum(line.saved.typical - line.added.typical for line in totals.resources if line.resource == resource)


def _beyond(task: Task, yearly: float | None, wanted: float) -> bool:
    return yearly is not None and wanted > yearly * task.limits.years


@dataclass(frozen=True, slots=True)
class Step:
    """What a plan with so much money a year saves over its years, and how much that is beyond the step before."""

    budget: float
    plan: Plan
    eur: float
    carbon: float
    more_eur: float
    more_carbon: float


def steps(task: Task, budgets: Sequence[float], plans: Sequence[Plan]) -> tuple[Step, ...]:
    """What each next step of money would bring; a plan for less money is never worse under more."""
    found: list[Step] = []
    best: Plan | None = None
    for budget, plan in zip(budgets, plans, strict=False):
        best = plan if best is None or plan.worth > best.worth else best
        totals = [task.ready.together(best.until(year)) for year in range(1, task.limits.years + 1)]
        eur = sum((total.eur or NOTHING).typical for total in totals)
        carbon = sum((total.carbon or NOTHING).typical for total in totals)
        before = found[-1] if found else None
        found.append(Step(
            budget, best, eur, carbon, eur - before.eur if before else 0.0, carbon - before.carbon if before else 0.0,
        ))  # fmt: skip
    return tuple(found)
