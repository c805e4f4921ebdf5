"""The best plan found by trying every choice, through the totals that every page shows."""

from collections.abc import Iterator, Mapping
from itertools import product

from assessment.core.money.savings import Totals
from assessment.core.money.uses import Site
from assessment.core.plans.choices import Task, Wishes

NEVER = 99


def best_of_years(task: Task) -> tuple[float, dict[str, int]]:
    """The best worth over every choice of a year or none for each measure."""
    seen: dict[frozenset[str], float] = {}
    names = list(task.ready.items)
    found: tuple[float, dict[str, int]] = (0.0, {})
    for chosen in product((*_years(task), NEVER), repeat=len(names)):
        years = {name: year for name, year in zip(names, chosen, strict=True) if year < NEVER}
        if _allowed(task, years):
            found = max(found, (_worth(task, years, seen), years), key=lambda pair: pair[0])
    return found


def best_of_sets(task: Task) -> tuple[float, dict[str, int]]:
    """The best worth over every set, for a plan of one year."""
    seen: dict[frozenset[str], float] = {}
    found: tuple[float, dict[str, int]] = (0.0, {})
    for years in _sets(task, list(task.ready.items), {}):
        if _allowed(task, years):
            found = max(found, (_worth(task, years, seen), years), key=lambda pair: pair[0])
    return found


def _years(task: Task) -> range:
    return range(1, task.limits.years + 1)


def _sets(task: Task, names: list[str], taken: dict[str, int]) -> Iterator[dict[str, int]]:
    """Every set that keeps to the budget of the first year."""
    if not names:
        yield dict(taken)
        return
    yield from _sets(task, names[1:], taken)
    more = {**taken, names[0]: 1}
    if task.limits.budget is None or _cost(task, more) <= task.limits.budget + 1e-9:
        yield from _sets(task, names[1:], more)


def _cost(task: Task, names: Mapping[str, int]) -> float:
    costs = [task.ready.items[name].own_cost for name in names]
    return sum(cost.typical for cost in costs if cost)


def _allowed(task: Task, years: Mapping[str, int]) -> bool:
    """Whether a choice keeps every rule of the task."""
    limits = task.limits
    for name, year in years.items():
        item = task.ready.items[name]
        measure = item.candidate.measure
        if name in task.excluded or item.own_cost is None or task.ready.conflicts[name].intersection(years):
            return False
        open_ones = [need for need in measure.prerequisites if need in task.ready.items and need not in task.done]
        if any(years.get(need, NEVER) > year for need in open_ones):
            return False
        payback = task.ready.alone(name).payback
        too_long = limits.payback is not None and (payback is None or payback > limits.payback + 1e-6)
        if item.own_cost.typical > 0 and too_long:
            return False
    for year in _years(task):
        until = {name: start for name, start in years.items() if start <= year}
        if limits.budget is not None and _cost(task, until) > limits.budget * year + 1e-9:
            return False
        hours = sum(task.ready.items[name].hours for name in until)
        if limits.hours is not None and hours > limits.hours * year + 1e-9:
            return False
    return True


def _worth(task: Task, years: Mapping[str, int], seen: dict[frozenset[str], float]) -> float:
    """The sum over the years of what is saved in each, as parts of the site's totals, less the little against it."""
    gained = 0.0
    for year in _years(task):
        taken = frozenset(name for name, start in years.items() if start <= year)
        if taken not in seen:
            seen[taken] = _part_saved(task.ready.site, task.wishes, task.ready.together(taken))
        gained += seen[taken]
    site_cost = _whole(task.ready.site)["eur"]
    against = sum(task.ready.items[name].hours for name in years) * 1e-8
    return gained - 1e-4 * _cost(task, years) / (site_cost or 1.0) - against


def _part_saved(site: Site, wishes: Wishes, totals: Totals) -> float:
    whole = _whole(site)
    net = {line.resource: line.saved.typical - line.added.typical for line in totals.resources}
    saved = {
        "eur": totals.eur.typical if totals.eur else 0.0, "kg": totals.carbon.typical if totals.carbon else 0.0,
        "water": net.get("water", 0.0), "waste": net.get("waste", 0.0),
    }  # fmt: skip
    weights = {"eur": wishes.cost, "kg": wishes.carbon, "water": wishes.water, "waste": wishes.waste}
    return sum(weight * saved[name] / whole[name] for name, weight in weights.items() if whole[name] > 0)


def _whole(site: Site) -> dict[str, float]:
    bought = [use for name, use in site.uses.items() if not name.startswith(("cost-", "co2e-"))]
    return {
        "eur": sum(use.amount * (use.price or 0) for use in bought),
        "kg": sum(use.amount * (use.carbon or 0) for use in bought),
        "water": site.uses["water"].amount if "water" in site.uses else 0.0,
        "waste": site.uses["waste"].amount if "waste" in site.uses else 0.0,
    }
