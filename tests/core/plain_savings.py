"""What a set of measures saves, written out plainly and slowly, to check the product's own code against.

`pick` chooses one figure of each low, typical and high: the typical one, or one drawn from the triangle over them.
"""

from collections.abc import Callable, Sequence
from random import Random

from assessment.core.money.savings import Candidate
from assessment.core.money.uses import Site
from assessment.core.resources.entries import Method, Saving, Use, UseShare

Pick = Callable[[float, float, float], float]
Amounts = dict[Use, float]


def typical(_low: float, middle: float, _high: float) -> float:
    """The typical figure."""
    return middle


def quantities(site: Site, method: Method, candidates: Sequence[Candidate], pick: Pick = typical) -> Amounts:
    """What is saved of each resource, less what switches add. The set holds no two that exclude each other."""
    shares = {place: pick(*_figures(share)) for place, share in site.shares.items()}
    across = _across(site, candidates)
    acting = _acting(site, method, candidates, across)
    net: Amounts = {}
    for resource, entries in acting.items():
        use = site.uses[resource].amount
        left = {end_use: 1.0 for of, end_use in shares if of == resource}
        everywhere = 1.0
        away: dict[str, tuple[float, Saving]] = {}
        for candidate, entry in entries:
            fraction = _fraction(candidate, entry, method, pick)
            if entry.adds_use or candidate.measure.action_area == "renewables":
                away[entry.end_use] = (fraction, entry)
            elif entry.base == "site_total":
                everywhere *= 1 - fraction
            else:
                left[entry.end_use] *= 1 - fraction
        efficient = switched = 0.0
        for place in across:
            if place[0] == resource:
                everywhere *= 1 - shares[place] * (1 - left[place[1]])
        parts = {place[1]: part for place, part in shares.items() if place[0] == resource and place not in across}
        whole = max(1.0, sum(parts.values()))
        parts = {end_use: part / whole for end_use, part in parts.items()}
        parts[""] = max(0.0, 1 - sum(parts.values()))
        for end_use, share in parts.items():
            over = left.get(end_use, 1.0) * everywhere
            moved, switch = away.get(end_use) or away.get("site-total") or (0.0, None)
            switched += use * share * moved
            efficient += use * share * (1 - moved) * (1 - over)
            if switch and switch.adds_use:
                ratio = switch.adds_use.per_unit_saved
                more = use * share * moved * over * pick(float(ratio.low), float(ratio.typical), float(ratio.high))
                net[switch.adds_use.resource] = net.get(switch.adds_use.resource, 0.0) - more
        counted = min(efficient, use * float(method.cap_share_of_site))
        net[resource] = net.get(resource, 0.0) + switched + counted
    return net


def euros(site: Site, net: Amounts) -> float:
    """What the quantities are worth; every price is known."""
    prices = {resource: use.price or 0.0 for resource, use in site.uses.items()}
    return sum(amount * prices[resource] for resource, amount in net.items())


def sampled(site: Site, method: Method, candidates: Sequence[Candidate], seed: int, draws: int) -> list[float]:
    """Yearly euros of many draws, in order of size."""
    chance = Random(seed)  # noqa: S311 - the same draws on every run

    def draw(low: float, middle: float, high: float) -> float:
        return chance.triangular(low, high, middle) if high > low else middle

    return sorted(euros(site, quantities(site, method, candidates, draw)) for _ in range(draws))


def _figures(share: UseShare) -> tuple[float, float, float]:
    return float(share.low), float(share.typical), float(share.high)


def _across(site: Site, candidates: Sequence[Candidate]) -> set[tuple[Use, str]]:
    """The end uses that act on what the others leave: named so, or the smaller ones where all do not fit."""
    switched = {
        (entry.resource, entry.end_use)
        for candidate in candidates
        for entry in candidate.measure.savings
        if entry.adds_use or candidate.measure.action_area == "renewables"
    }
    found: set[tuple[Use, str]] = set()
    for resource in {place[0] for place in site.shares}:
        places = [place for place in site.shares if place[0] == resource]
        room = 1.0
        for place in sorted(places, key=lambda p: (p not in switched, -site.shares[p].typical, p[1])):
            share = float(site.shares[place].typical)
            if (place[1] in site.cut_across and place not in switched) or share > room + 1e-9:
                found.add(place)
            else:
                room -= share
    return found


def _acting(
    site: Site, method: Method, candidates: Sequence[Candidate], across: set[tuple[Use, str]]
) -> dict[Use, list[tuple[Candidate, Saving]]]:
    """The entries that count, by resource: umbrellas only alone, and then the largest."""
    found: dict[Use, list[tuple[Candidate, Saving]]] = {}
    for candidate in candidates:
        for entry in candidate.measure.savings:
            place = (entry.resource, entry.end_use)
            switch = entry.adds_use or candidate.measure.action_area == "renewables"
            known = entry.base == "site_total" or (place in site.shares and not (switch and place in across))
            counts = entry.high > 0 and not entry.information_only and candidate.todo > 0
            if known and counts and entry.resource in site.uses:
                found.setdefault(entry.resource, []).append((candidate, entry))
    for resource, entries in found.items():
        singles = [pair for pair in entries if not pair[0].measure.umbrella]
        found[resource] = singles or [max(entries, key=lambda pair: _by_itself(site, method, *pair))]
    return found


def _by_itself(site: Site, method: Method, candidate: Candidate, entry: Saving) -> tuple[float, str]:
    share = 1.0 if entry.base == "site_total" else float(site.shares[entry.resource, entry.end_use].typical)
    return share * _fraction(candidate, entry, method, typical), candidate.measure.id


def _fraction(candidate: Candidate, entry: Saving, method: Method, pick: Pick) -> float:
    low, high = float(entry.low), float(entry.high)
    middle = low + float(method.typical_position) * (high - low) if entry.typical is None else float(entry.typical)
    return min(1.0, pick(low, middle, high) * candidate.steps * candidate.todo)
