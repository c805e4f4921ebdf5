"""What may be planned, what it is worth, and how good a plan is: the ground on which the optimiser chooses.

A year is chosen for each measure, or none. Money that is not spent may be kept for the next year; so may hours. What
counts is the sum over the years of what the measures taken so far save in a year, where the company's wishes weigh
cost, carbon, water and waste, each as a part of the site's own total; and a little against cost and hours, so that
nothing useless is bought.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from assessment.core.money import formulas
from assessment.core.money.savings import Calculator, Item, Totals
from assessment.core.money.terms import Addition, Ground
from assessment.core.money.uses import SiteUse
from assessment.core.resources.entries import Use

YEARS = 3

BOUGHT: tuple[Use, ...] = ("electricity", "heat", "transport", "water", "materials", "waste", "refrigerant")
"""What a site's totals of cost and carbon are made of; `cost-` and `co2e-` are other views of the same."""

AGAINST_COST = 1e-4
AGAINST_HOURS = 1e-8

ROUNDING = 1e-9
"""What binary fractions may add to a payback that meets its limit to the last digit."""

Bar = Literal["excluded", "pieces", "figures", "payback", "prerequisite"]
"""Why a measure cannot be chosen at all: by the company; without a number of pieces; without any figure to reckon
with; by its payback; because a candidate that it needs first cannot be chosen. Whether a use is too small for it
(`Measure.worthwhile_from`) is seen in its payback, which the company's own use, price and limit decide."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How much each thing matters; not below 0, and 1 together."""

    cost: float = 1.0
    carbon: float = 0.0
    water: float = 0.0
    waste: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What there is: EUR and own hours a year (None: no limit), the longest payback in years, and the years to plan."""

    budget: float | None
    hours: float | None = None
    payback: float | None = None
    years: int = YEARS


@dataclass(frozen=True)
class Task:
    """What is to be planned. `done` holds measures that nothing has to wait for: done, or not for this firm."""

    ready: Calculator
    wishes: Wishes
    limits: Limits
    excluded: Collection[str] = ()
    done: Collection[str] = ()

    def first(self, name: str) -> list[str]:
        """What a candidate needs first: candidates that are not done."""
        needed = self.ready.items[name].candidate.measure.waits_for(self.ready.items)
        return [other for other in needed if other not in self.done]


@dataclass(frozen=True, slots=True)
class Plan:
    """The year of each chosen measure, its worth, and how far a better one could be at most, as a part of it."""

    years: Mapping[str, int]
    worth: float
    gap: float

    def until(self, year: int) -> list[str]:
        """The measures taken up to a year."""
        return [name for name, start in self.years.items() if start <= year]


class Scale:
    """What a unit of each resource is worth under the wishes, as a part of the site's totals."""

    def __init__(self, uses: Mapping[Use, SiteUse], wishes: Wishes) -> None:
        cost = sum(use.amount * (use.price or 0.0) for name in BOUGHT if (use := uses.get(name)))
        carbon = sum(use.amount * (use.carbon or 0.0) for name in BOUGHT if (use := uses.get(name)))
        self.site_cost = cost or _largest(uses, "cost-")
        self._eur = _part(wishes.cost, self.site_cost)
        self._kg = _part(wishes.carbon, carbon or formulas.KG_PER_TONNE * _largest(uses, "co2e-"))
        self._quantity: dict[Use, float] = {}
        if "water" in uses:
            self._quantity["water"] = _part(wishes.water, uses["water"].amount)
        if "waste" in uses:
            self._quantity["waste"] = _part(wishes.waste, uses["waste"].amount)

    def of_unit(self, ground: Ground, addition: Addition | None = None) -> float:
        """A unit saved; where a switch moves it, only as far as what the switch adds is known too."""
        eur, kg = ground.price or 0.0, ground.carbon or 0.0
        if addition and addition.ground.price is None:
            eur = 0.0
        if addition and addition.ground.carbon is None:
            kg = 0.0
        return max(0.0, self._eur * eur + self._kg * kg) + self._quantity.get(ground.resource, 0.0)

    def of_totals(self, totals: Totals) -> float:
        """What a set saves in a year."""
        eur = totals.eur.typical if totals.eur else 0.0
        kg = totals.carbon.typical if totals.carbon else 0.0
        net = sum(
            self._quantity.get(line.resource, 0.0) * (line.saved.typical - line.added.typical)
            for line in totals.resources
        )
        return self._eur * eur + self._kg * kg + net

    def against(self, item: Item) -> float:
        """The little that stands against a measure, so that it is not taken for nothing."""
        cost = item.own_cost.typical if item.own_cost else 0.0
        return AGAINST_COST * cost / (self.site_cost or 1.0) + AGAINST_HOURS * item.hours


def _largest(uses: Mapping[Use, SiteUse], kind: str) -> float:
    return max((use.amount for name, use in uses.items() if name.startswith(kind)), default=0.0)


def _part(wish: float, total: float) -> float:
    return wish / total if total > 0 else 0.0


def barred(task: Task) -> dict[str, Bar]:
    """The measures that cannot be chosen, each with the first reason that holds."""
    found: dict[str, Bar] = {}
    for name, item in task.ready.items.items():
        bar = _bar(task, name, item)
        if bar:
            found[name] = bar
    spread = True
    while spread:
        waiting = [name for name in task.ready.items if name not in found and _lacking(task, name, found)]
        found.update(dict.fromkeys(waiting, "prerequisite"))
        spread = bool(waiting)
    return found


def _bar(task: Task, name: str, item: Item) -> Bar | None:
    if name in task.excluded:
        return "excluded"
    if item.own_cost is None:
        return "pieces"
    if not item.terms and item.missing:
        return "figures"
    if task.limits.payback is not None and item.own_cost.typical > 0:
        payback = task.ready.alone(name).payback
        if payback is None or payback > task.limits.payback * (1 + ROUNDING):
            return "payback"
    return None


def _lacking(task: Task, name: str, out: Collection[str]) -> bool:
    return any(other in out for other in task.first(name))


def cost_of_all(task: Task) -> float:
    """What everything costs that can be bought at all: whoever has more a year has no limit."""
    return sum(item.own_cost.typical for item in task.ready.items.values() if item.own_cost is not None)


def needs(task: Task, name: str) -> list[str]:
    """A measure, and before it everything that it needs first and that is not done."""
    found: list[str] = []

    def gather(one: str) -> None:
        for other in task.first(one):
            if other not in found:
                gather(other)
        found.append(one)

    gather(name)
    return list(dict.fromkeys(found))


def worth(task: Task, years: Mapping[str, int]) -> float:
    """What a choice of years is worth: the sum over the years of what is saved in each, less the little against it."""
    scale = Scale(task.ready.site.uses, task.wishes)
    gained = sum(
        scale.of_totals(task.ready.together([name for name, start in years.items() if start <= year]))
        for year in range(1, task.limits.years + 1)
    )
    return gained - sum(scale.against(task.ready.items[name]) for name in years)
