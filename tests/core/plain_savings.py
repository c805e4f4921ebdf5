"""What a set of measures saves, written out plainly and slowly, to check the product's own code against.

`pick` chooses one figure of each low, typical and high: the typical one, or one drawn from the triangle over them.
"""

from collections.abc import Callable, Sequence
from random import Random

from assessment.core.entries import Method, Saving, Use
from assessment.core.savings import Candidate
from assessment.core.uses import Site

Pick = Callable[[float, float, float], float]
Amounts = dict[Use, float]


def typical(_low: float, middle: float, _high: float) -> float:
    """The typical figure."""
    return middle


def quantities(site: Site, method: Method, candidates: Sequence[Candidate], pick: Pick = typical) -> Amounts:
    """What is saved of each resource, less what switches add. The set holds no two that exclude each other."""
    shares = _shares(site, pick)
    acting = _acting(site, method, candidates)
    net: Amounts = {}
    for resource, entries in acting.items():
        use = site.uses[resource].amount
        left = dict.fromkeys(shares.get(resource, {}), 1.0)
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
        parts = {**shares.get(resource, {}), "": max(0.0, 1 - sum(shares.get(resource, {}).values()))}
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


def _shares(site: Site, pick: Pick) -> dict[Use, dict[str, float]]:
    """The shares by resource, scaled first by their typical sum, then by what was picked."""
    found: dict[Use, dict[str, float]] = {}
    for (resource, end_use), share in site.shares.items():
        total = sum(float(other.typical) for (same, _), other in site.shares.items() if same == resource)
        by = max(1.0, total)
        figures = (float(share.low) / by, float(share.typical) / by, float(share.high) / by)
        found.setdefault(resource, {})[end_use] = pick(*figures)
    for ends in found.values():
        total = sum(ends.values())
        for end_use in ends:
            ends[end_use] /= max(1.0, total)
    return found


def _acting(
    site: Site, method: Method, candidates: Sequence[Candidate]
) -> dict[Use, list[tuple[Candidate, Saving]]]:  # fmt: skip
    """The entries that count, by resource: umbrellas only alone, and then the largest."""
    found: dict[Use, list[tuple[Candidate, Saving]]] = {}
    for candidate in candidates:
        for entry in candidate.measure.savings:
            known = entry.base == "site_total" or (entry.resource, entry.end_use) in site.shares
            counts = entry.high > 0 and not entry.information_only and candidate.todo > 0
            if known and counts and entry.resource in site.uses:
                found.setdefault(entry.resource, []).append((candidate, entry))
    for resource, entries in found.items():
        singles = [pair for pair in entries if not pair[0].measure.umbrella]
        found[resource] = singles or [max(entries, key=lambda pair: _by_itself(site, method, *pair))]
    return found


def _by_itself(site: Site, method: Method, candidate: Candidate, entry: Saving) -> tuple[float, str]:
    share = 1.0 if entry.base == "site_total" else _shares(site, typical)[entry.resource][entry.end_use]
    return share * _fraction(candidate, entry, method, typical), candidate.measure.id


def _fraction(candidate: Candidate, entry: Saving, method: Method, pick: Pick) -> float:
    low, high = float(entry.low), float(entry.high)
    middle = low + float(method.typical_position) * (high - low) if entry.typical is None else float(entry.typical)
    return min(1.0, pick(low, middle, high) * candidate.steps * candidate.todo)
