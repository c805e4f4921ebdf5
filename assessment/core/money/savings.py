"""What measures save at one site, alone and together: the one definition that every page, file and plan uses.

Fraction: what a saving entry saves of its base, for the part not yet done. Switches (another fuel, own generation)
come first, and only one counts on an end use. Efficiency measures on an end use act one after the other on what is
left, those on the whole site on everything, those on an end use that runs through others on its share of that;
efficiency counts up to `Method.cap_share_of_site`. Of alternatives only
one counts. An umbrella counts only where nothing else acts on its resource. A measure whose number of pieces is not
known is outside every sum. What is not known is named, never zero.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from assessment.core.money import formulas
from assessment.core.money.effects import Effect, Spread, effect_of
from assessment.core.money.terms import (
    CERTAINTIES,
    Candidate,
    Certainty,
    Grounds,
    Missing,
    Term,
    counted,
    grouped,
    site_wide,
)
from assessment.core.money.uses import NOTHING, Range, Site
from assessment.core.resources.entries import Measure, Method, Use

__all__ = ["Calculator", "Candidate", "Certainty", "Missing", "ResourceSaving", "Saving", "Totals", "alone", "together"]


@dataclass(frozen=True, slots=True)
class ResourceSaving:
    """What is saved of one resource in its base unit and added by switches, with the worth of both together."""

    resource: Use
    saved: Range
    added: Range
    eur: Range | None
    carbon: Range | None


@dataclass(frozen=True, slots=True)
class Sums:
    """A year's saving: by resource, in EUR and in kg CO2e, and what could not be reckoned.

    Money or emissions are None where nothing of them is known; `missing` names what else is left out of them.
    `certainty` is that of the weakest figure, None where nothing counts.
    """

    resources: tuple[ResourceSaving, ...]
    eur: Range | None
    carbon: Range | None
    certainty: Certainty | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Saving(Sums):
    """What one measure saves by itself.

    `piece` is the price of one `unit`; the cost is None while the number of pieces is not known.
    """

    measure: str
    piece: Range
    unit: str
    investment: Range | None
    own_cost: Range | None
    hours: float
    payback: float | None


@dataclass(frozen=True, slots=True)
class Totals(Sums):
    """What a set of measures saves, costs and takes.

    `investment` is before and `own_cost` after funding; `payback` in years. `set_aside` names the measures that are
    outside the sums: without a number of pieces, or beside a better one that excludes them. `contained` names the
    umbrellas whose saving is that of the other measures in the set, `partly` those of which it is so on some uses only.
    `unreckoned` names those with a cost and a saving that is not known: it is no zero, so `payback` leaves out what
    they cost, and is None where nothing else is paid.
    """

    investment: Range
    own_cost: Range
    hours: float
    payback: float | None
    set_aside: tuple[str, ...]
    contained: tuple[str, ...]
    partly: tuple[str, ...]
    unreckoned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate made ready for one site."""

    candidate: Candidate
    terms: tuple[Term, ...]
    missing: tuple[Missing, ...]
    investment: Range | None
    own_cost: Range | None
    hours: float


class Calculator:
    """The candidates of one site made ready once, so that one set after another is reckoned quickly."""

    def __init__(self, site: Site, method: Method, candidates: Iterable[Candidate]) -> None:
        self.site = site
        candidates = list(candidates)
        self._grounds = Grounds(site, method, candidates)
        self.items = {candidate.measure.id: self._item(candidate, method) for candidate in candidates}
        self._position = {name: at for at, name in enumerate(self.items)}
        self.conflicts = _conflicts(list(self.items.values()))
        self._ranks: dict[str, tuple[float, float, str]] = {}
        self._unreckoned: dict[str, bool] = {}

    @property
    def cap(self) -> float:
        """The share of a resource that efficiency may save at most."""
        return self._grounds.cap

    def cap_of(self, term: Term) -> float:
        """The same, where the term acts on the site's use; a quantity apart from it can be saved as a whole."""
        return 1.0 if term.apart else self.cap

    def _item(self, candidate: Candidate, method: Method) -> Item:
        terms, missing = self._grounds.terms(candidate)
        investment = investment_of(candidate, method)
        own = None
        if investment is None:
            missing = (*missing, Missing("pieces", candidate.measure.id))
        else:
            own = Range(*[formulas.after_funding(paid, candidate.funded) for paid in investment])
        return Item(candidate, terms, missing, investment, own, hours_of(candidate.measure, method))

    def alone(self, measure: str) -> Saving:
        """What one candidate saves by itself, whether or not its number of pieces is known."""
        item = self.items[measure]
        bought = item.candidate.measure.investment
        sums = self._sums([item], list(counted(grouped(item.terms))))
        eur = sums.eur.typical if sums.eur else 0.0
        payback = formulas.simple_payback(item.own_cost.typical, eur) if item.own_cost else None
        return Saving(
            sums.resources, sums.eur, sums.carbon, sums.certainty, sums.missing, measure,
            formulas.cost(float(bought.eur_low), float(bought.eur_high), 1), bought.unit, item.investment,
            item.own_cost, item.hours, payback,
        )  # fmt: skip

    def together(self, measures: Collection[str]) -> Totals:
        """What a set of candidates saves together; the order of the set does not matter."""
        asked = sorted(set(measures), key=self._position.__getitem__)
        kept = self._without_conflicts([name for name in asked if self.items[name].own_cost is not None])
        items = [self.items[name] for name in kept]
        groups = list(counted(grouped(term for item in items for term in item.terms)))
        sums = self._sums([self.items[name] for name in asked], groups)
        counting = Counter(term.measure for terms in groups for term in terms)
        acting = {item.candidate.measure.id: len(item.terms) for item in items if item.terms}
        own_cost = _sum_of(item.own_cost for item in items)
        unreckoned = tuple(name for name in kept if self._is_unreckoned(name))
        paid = _sum_of(self.items[name].own_cost for name in kept if name not in unreckoned).typical
        eur = sums.eur.typical if sums.eur else 0.0
        return Totals(
            sums.resources, sums.eur, sums.carbon, sums.certainty, sums.missing,
            _sum_of(item.investment for item in items), own_cost, sum(item.hours for item in items),
            formulas.simple_payback(paid, eur) if paid > 0 or not unreckoned else None,
            tuple(name for name in asked if name not in kept),
            tuple(name for name in acting if not counting[name]),
            tuple(name for name, terms in acting.items() if 0 < counting[name] < terms), unreckoned,
        )  # fmt: skip

    def _is_unreckoned(self, name: str) -> bool:
        """Whether a measure has a cost, and what it saves in EUR is not known: a use or a price is missing."""
        if name not in self._unreckoned:
            cost = self.items[name].own_cost
            self._unreckoned[name] = cost is not None and cost.typical > 0 and _untold(self.alone(name))
        return self._unreckoned[name]

    def _without_conflicts(self, names: list[str]) -> list[str]:
        """Of measures that exclude each other, the one that saves more by itself."""
        present = set(names)
        if not any(self.conflicts[name] & present for name in names):
            return names
        kept: set[str] = set()
        for name in sorted(names, key=self._rank):
            if not self.conflicts[name] & kept:
                kept.add(name)
        return [name for name in names if name in kept]

    def _rank(self, name: str) -> tuple[float, float, str]:
        if name not in self._ranks:
            saving = self.alone(name)
            eur, carbon = saving.eur or NOTHING, saving.carbon or NOTHING
            self._ranks[name] = (-eur.typical, -carbon.typical, name)
        return self._ranks[name]

    def _sums(self, items: Sequence[Item], groups: Sequence[Sequence[Term]]) -> Sums:
        effects = [effect_of(terms, self.cap_of(terms[0])) for terms in groups]
        weakest = max((term.weakness for terms in groups for term in terms), default=None)
        return Sums(
            _resources(effects),
            _total(effects, [effect.eur for effect in effects]),
            _total(effects, [effect.carbon for effect in effects]),
            None if weakest is None else CERTAINTIES[weakest],
            tuple(dict.fromkeys((*(each for item in items for each in item.missing), *_unknown(effects)))),
        )  # fmt: skip


def alone(site: Site, method: Method, candidate: Candidate) -> Saving:
    """What one measure saves by itself."""
    return Calculator(site, method, [candidate]).alone(candidate.measure.id)


def together(site: Site, method: Method, candidates: Sequence[Candidate]) -> Totals:
    """What a set of measures saves together."""
    return Calculator(site, method, candidates).together([candidate.measure.id for candidate in candidates])


def is_priced_by_the_piece(measure: Measure, method: Method) -> bool:
    """Whether a number of pieces has to be known before its cost is."""
    return measure.investment.unit not in method.one_off_units and measure.investment.eur_high > 0


def investment_of(candidate: Candidate, method: Method) -> Range | None:
    """What is paid once before funding; None while the number of pieces is not known."""
    bought = candidate.measure.investment
    pieces = candidate.pieces
    if pieces is None and not is_priced_by_the_piece(candidate.measure, method):
        pieces = 1.0
    return None if pieces is None else formulas.cost(float(bought.eur_low), float(bought.eur_high), pieces)


def hours_of(measure: Measure, method: Method) -> float:
    """Own working hours, by difficulty."""
    own = method.own_hours
    return float((own.easy, own.planned, own.project)[measure.difficulty - 1])


def _conflicts(items: Sequence[Item]) -> dict[str, frozenset[str]]:
    """Which measures exclude each other: alternatives, and switches on the same use."""
    found: dict[str, set[str]] = {item.candidate.measure.id: set() for item in items}
    for item in items:
        measure = item.candidate.measure
        for alternative in measure.alternative_to:
            if alternative in found:
                found[measure.id].add(alternative)
                found[alternative].add(measure.id)
    switches = [term for item in items for term in item.terms if term.switch]
    for one, other in combinations(switches, 2):
        if one.measure != other.measure and _same_use(one, other):
            found[one.measure].add(other.measure)
            found[other.measure].add(one.measure)
    return {name: frozenset(others) for name, others in found.items()}


def _same_use(one: Term, other: Term) -> bool:
    if one.resource != other.resource:
        return False
    return one.end_use == other.end_use or site_wide(one) or site_wide(other)


def _untold(saving: Saving) -> bool:
    """Whether what a measure saves in EUR is not known, and not nothing."""
    return bool(saving.missing) and (saving.eur is None or saving.eur.typical == 0)


def _sum_of(costs: Iterable[Range | None]) -> Range:
    """The range of a sum of costs that vary independently."""
    known = [cost for cost in costs if cost is not None]
    return formulas.interval(
        sum(cost.typical for cost in known),
        [cost.typical - cost.low for cost in known],
        [cost.high - cost.typical for cost in known],
    )


def _total(effects: Sequence[Effect], worths: Sequence[Spread | None]) -> Range | None:
    """The worth of all effects; None where there are effects, and none of them is known."""
    known = [worth for worth in worths if worth is not None]
    if effects and not known:
        return None
    total = Spread()
    for worth in known:
        total.join(worth)
    return total.range


def _resources(effects: Sequence[Effect]) -> tuple[ResourceSaving, ...]:
    """Saved and added by resource; each valued by itself, in the order in which they appear."""
    grounds = {effect.ground.resource: effect.ground for effect in effects}
    saved: dict[Use, Spread] = {}
    added: dict[Use, Spread] = {}
    for effect in effects:
        saved.setdefault(effect.ground.resource, Spread()).join(effect.saved)
        for ground, more in effect.added.values():
            grounds.setdefault(ground.resource, ground)
            added.setdefault(ground.resource, Spread()).join(more)
    lines = []
    for resource, ground in grounds.items():
        less, more = saved.get(resource, Spread()), added.get(resource, Spread())
        net = Spread()
        net.join(less)
        net.join(more, -1.0)
        lines.append(ResourceSaving(
            resource, less.range, more.range, _valued(net.range, ground.price), _valued(net.range, ground.carbon),
        ))  # fmt: skip
    return tuple(lines)


def _valued(quantity: Range, of_unit: float | None) -> Range | None:
    if of_unit is None:
        return None
    return Range(*(figure * of_unit for figure in quantity))


def _unknown(effects: Sequence[Effect]) -> Iterable[Missing]:
    """Prices and factors that are needed and not known."""
    for effect in effects:
        for ground in (effect.ground, *(ground for ground, _ in effect.added.values())):
            if ground.price is None:
                yield Missing("price", resource=ground.resource)
            if ground.carbon is None:
                yield Missing("factor", resource=ground.resource)
