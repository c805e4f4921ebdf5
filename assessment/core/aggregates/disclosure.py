"""The one module that decides which figures about many companies may be shown. Nothing else suppresses anything.

Shape: `count`, `share`, `mean`, `order_statistic` and `total` make single figures, or WITHHELD; `Audit` holds all that
was ever released, takes candidate cells of one variable in order of importance, and says which may join; and
`may_release` says whether it is time for a new snapshot.

A single figure (the Eurostat handbook on statistical disclosure control names the threshold and the p % rule):

    count   rounded; both it and the number of those not in it reach k. Of how many another figure is, is told the same
            wherever fewer than k are left out of it (`all_but_few`)
    mean    from k companies, as a whole number, unless all gave the same, or so near an end of the scale that it says
            what each of them has (`narrow`)
    total   of amounts: three significant digits, from k companies, if all but the k - 1 largest have at least p % of
            what these have (`dominated`). For a group of one this is the p % rule; it is asked for every group below k
    median, middle half, percentiles
            from 2k and 6k companies, strictly inside the scale; a percentile needs k companies on either side

All figures together: nobody may work out, from everything ever released about any population here, the values of fewer
than k companies (`Span`), nor come closer to them than p %. For that, each equation that follows from one figure, from
the difference of two, or from a total less all shown parts of it, is looked at as if it were a figure of its own.

"Closer than p %". For points: the sum of a group of t companies must stay open over an interval at least p % as wide as
the 100 t points that were possible before, also for an insider who knows one of the others. For amounts: what nobody
can exceed must lie at least p % above what the group has.

Counts are audited as all else is: how far a member is, whether it is counted, whether it answered and whether an amount
of it is in a sum are values of 0 or 1. Who is a member, and its sector, size and region, are taken to be known.

Results that somebody may see by name are known: they are taken off every sum, and nobody hides among them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final, Generic, Literal, TypeVar

from assessment.core.aggregates.bounds import Amounts, Bounds, Cell, Points, between, gaps
from assessment.core.aggregates.contributions import Contribution, Standing, contributors_of
from assessment.core.aggregates.methods import PLAIN, Methods
from assessment.core.aggregates.snapshots import WITHHELD, Figure, Ledger, Rules
from assessment.core.aggregates.span import People, Span, bits, mask
from assessment.core.aggregates.withholding import Withholding
from assessment.core.errors import Refused

LEAST_SETTING: Final = 5
"""The smallest k that settings may ask for."""

POINTS: Final = 100
"""The upper end of the scale of points."""

DIGITS: Final = 3
"""Significant digits of a total."""

Given = TypeVar("Given", Contribution, Standing)
"""What figures are made of: results, or how far members are."""


def rules_of(k: int) -> Rules:
    """The rules with a k from settings. Raises Refused ("k-too-small") below 5."""
    if k < LEAST_SETTING:
        raise Refused("k-too-small")
    return Rules(k=k)


def rounded(value: float, step: int) -> int:
    """To the nearest multiple of a step, halves up."""
    return int((value + step / 2) // step) * step


def count(part: int, whole: int, rules: Rules) -> int | None:
    """How many of all, rounded; WITHHELD unless both they and the others reach k."""
    return rounded(part, rules.rounding) if min(part, whole - part) >= rules.k else None


def number(companies: int, rules: Rules) -> Figure:
    """How many there are at all, rounded; WITHHELD below k."""
    return rounded(companies, rules.rounding) if companies >= rules.k else WITHHELD


def all_but_few(part: int, whole: int, rules: Rules) -> int | None:
    """Of how many of all a figure is, rounded, where it is there at all. If fewer than k are left out, the middle of
    what that may be is said, so that nobody is told to be in it; WITHHELD for fewer than k.
    """
    if whole - part < rules.k:
        return rounded(whole - (rules.k - 1) // 2, rules.rounding)
    return count(part, whole, rules)


def share(part: Figure, whole: Figure, rules: Rules) -> Figure:
    """Per cent of two published counts, rounded. It is made of them alone, so it says nothing that they do not."""
    return WITHHELD if part is None or not whole else rounded(100 * part / whole, rules.rounding)


def difference(before: Figure, now: Figure) -> Figure:
    """The change between two published figures."""
    return WITHHELD if before is None or now is None else now - before


def order_statistic(values: Sequence[int], percent: int, least: int) -> Figure:
    """A percentile of whole points as a whole number; WITHHELD from fewer than `least` companies, or at an end.

    Between two companies it lies on the straight line (Hyndman and Fan's type 7). At an end of the scale it would be
    what every company beyond it has exactly.
    """
    if len(values) < least:
        return WITHHELD
    ordered = sorted(values)
    place, part = divmod((len(ordered) - 1) * percent, 100)
    above = ordered[min(place + 1, len(ordered) - 1)]
    found = rounded(ordered[place] + (above - ordered[place]) * part / 100, 1)
    return found if 0 < found < POINTS else WITHHELD


def middle_half(values: Sequence[int], rules: Rules) -> tuple[Figure, Figure]:
    """The lower and upper quartile; both WITHHELD if either is, or if they are the same and so are many companies."""
    low, high = (order_statistic(values, percent, rules.medians_from) for percent in (25, 75))
    return (WITHHELD, WITHHELD) if low is None or high is None or low == high else (low, high)


def percentile(values: Sequence[int], percent: int, rules: Rules) -> Figure:
    """A percentile from enough companies, of which k lie on either side of it."""
    beyond = len(values) * min(percent, 100 - percent) / 100
    return order_statistic(values, percent, rules.percentiles_from) if beyond >= rules.k else WITHHELD


def significant(value: float) -> float:
    """A value of at least zero to three significant digits."""
    return float(f"{value:.{DIGITS - 1}e}")


@dataclass(frozen=True, slots=True)
class Variable(Generic[Given]):
    """Something that is added up: its name in ledgers, its value in a contribution or a standing (None: not known), its
    upper end, and which version of an unknown the value is.
    """

    name: str
    of: Callable[[Given], float | None]
    top: int | None
    version: Callable[[Given], str] = attrgetter("version")


def reachable(
    ledgers: Iterable[Ledger], counted: Iterable[Contribution | Standing], same: Mapping[str, str] | None = None
) -> list[Ledger]:
    """The ledgers that count somebody who is counted here, or whom another of them counts, and so on: any chain of
    populations that overlap may lead to a figure, and no other ledger can help to one. `same`: see `Audit`.
    """
    reached = {key for given in counted for key in (given.contributor, given.version)}
    links = [(None, {one, other}) for one, other in (same or {}).items() if one != other]
    far: list[tuple[Ledger | None, set[str]]] = [*links, *((ledger, _keys(ledger)) for ledger in ledgers)]
    near: list[Ledger] = []
    while touching := [(ledger, keys) for ledger, keys in far if not reached.isdisjoint(keys)]:
        far = [(ledger, keys) for ledger, keys in far if reached.isdisjoint(keys)]
        for ledger, keys in touching:
            reached |= keys
            near += [ledger] if ledger is not None else []
    return sorted(near, key=lambda ledger: ledger.taken_at)


def _keys(ledger: Ledger) -> set[str]:
    return {key for unknown in ledger.unknowns for key in (unknown.contributor, unknown.version)}


class Audit(Generic[Given]):
    """Everything that was ever released about populations that overlap, and what may still join it.

    It is of results, or of how far members are: `contributions` are of either kind. `background` gives those that
    earlier ledgers count and this snapshot does not, as far as they are still stored: what a new total leaves of an
    older one can be tested only with the values in it, and is taken as dominated where one is missing. `same` maps keys
    of contributors to those that stand for them now; whoever is counted with the same version under two keys is one as
    well. `known` are versions that somebody may have seen by name. `methods` are what it reckons with.
    """

    def __init__(
        self,
        contributions: Sequence[Given],
        earlier: Sequence[Ledger],
        rules: Rules,
        background: Sequence[Given] = (),
        same: Mapping[str, str] | None = None,
        known: Collection[str] = (),
        methods: Methods = PLAIN,
    ) -> None:
        self._rules, self._methods = rules, methods
        self._given = {given.version: given for given in (*background, *contributions)}
        self._known = {*known, *(version for ledger in earlier for version in ledger.named)}
        self._whose = _one_contributor(earlier, self._given.values(), same or {})
        self._place: dict[str, int] = {}
        self._company: dict[str, int] = {}
        self._companies: list[int] = []
        self._released: dict[str, list[Cell]] = {}
        for ledger in earlier:
            places = [self._bit(unknown.contributor, unknown.version) for unknown in ledger.unknowns]
            for entry in ledger.entries:
                members = mask([places[at] for at in bits(int(entry.members or "0", 16))])
                self._released.setdefault(entry.variable, []).append(Cell(members, entry.low, entry.high))
        self._people = People(self._companies)
        self._value: dict[str, Mapping[int, float]] = {}
        self._placed: dict[Callable[[Given], str], Mapping[str, int]] = {}
        self._spans: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}

    def _bit(self, contributor: str, version: str) -> int:
        place = self._place.setdefault(version, len(self._place))
        if place == len(self._companies):
            whose = self._whose.get(contributor, contributor)
            self._companies.append(self._company.setdefault(whose, len(self._company)))
        return place

    def members(self, group: Sequence[Given], variable: Variable[Given]) -> int:
        """The unknowns of some contributions, as the members of a cell."""
        places = self._places(variable)
        return mask({places[given.version] for given in group})

    def with_value(self, variable: Variable[Given]) -> int:
        """The unknowns of which a value is at hand."""
        return mask(self._values(variable).keys())

    def _places(self, variable: Variable[Given]) -> Mapping[str, int]:
        """The unknown of a variable for each version; many variables have the same ones, which are found once."""
        if variable.version not in self._placed:
            self._placed[variable.version] = {
                name: self._bit(given.contributor, variable.version(given)) for name, given in self._given.items()
            }
        return self._placed[variable.version]

    @property
    def known(self) -> frozenset[str]:
        """The versions that somebody may have seen by name, or may see from now on."""
        return frozenset(self._known)

    def open_names(self, asked: Sequence[str], variables: Sequence[Variable[Given]]) -> None:
        """Let results be seen by name from now on: as many as leave nobody a small group of what was released."""
        names = [version for version in asked if version not in self._known]
        if not names:
            return
        if self._may_open(names, variables):
            self._known.update(names)
        elif len(names) > 1:
            half = len(names) // 2
            self.open_names(names[:half], variables)
            self.open_names(names[half:], variables)

    def _may_open(self, names: Sequence[str], variables: Sequence[Variable[Given]]) -> bool:
        before: set[str] = self._known
        for variable in variables:
            released = self._released.get(variable.name, [])
            safe = set(self._safe(variable, [], released))
            self._known = {*before, *names}
            still = self._safe(variable, [], released)
            self._known = before
            if not safe.issubset(still):
                return False
        return True

    def hidden(self, group: Sequence[Given]) -> list[Given]:
        """Those of a group that nobody may see by name."""
        return [given for given in group if given.version not in self._known]

    def admitted(
        self,
        variable: Variable[Given],
        candidates: Sequence[Cell],
        whole: int | None,
        partitions: Sequence[Sequence[int]],
        unoffered: Sequence[int],
    ) -> set[int]:
        """The numbers of the candidates that may be released; they come in order of importance.

        `whole` is the number of the one about everybody, and each of `partitions` names candidates that have no
        unknown in common. What is left of the whole when all shown parts are taken off must be safe as well, or the
        least important parts go, one after the other. `unoffered` are the members of categories that are too small, or
        too much alike, to be candidates: they are what somebody would most like to know.
        """
        released = self._released.get(variable.name, [])
        admitted = set(self._safe(variable, released, candidates))
        values, seen = self._values(variable), self._seen(variable)
        candidates = [_less(cell, seen, values) for cell in candidates]
        if whole in admitted:
            bounds = self._bounds(variable)
            for partition in partitions:
                parts = [at for at in partition if at in admitted]
                while parts and bounds.tells(between(candidates[whole], [candidates[at] for at in parts])):
                    admitted.discard(parts.pop())
        if variable.top is not None:
            released = [_less(cell, seen, values) for cell in released]
            others = [_less(Cell(members, 0, 0), seen, values).members for members in unoffered]
            withholding = Withholding(
                released, candidates, others, values, variable.top, self._rules, self._methods.room
            )  # fmt: skip
            return withholding.left_of(admitted)
        return admitted

    def _safe(self, variable: Variable[Given], released: Sequence[Cell], candidates: Sequence[Cell]) -> list[int]:
        """The candidates by which no small group follows, nor is told too nearly by a few equations together."""
        values, seen = self._values(variable), self._seen(variable)
        before, now = ([cell.members & ~seen for cell in cells] for cells in (released, candidates))
        bounds = self._bounds(variable)
        beside = [_less(cell, seen, values) for cell in released]
        safe = []
        for at in self._in_span(before, now):
            cell = _less(candidates[at], seen, values)
            if not any(bounds.tells(gap) for gap in gaps(cell, beside, self._people, self._rules.k)):
                beside.append(cell)
                safe.append(at)
        return safe

    def _seen(self, variable: Variable[Given]) -> int:
        """The unknowns of a variable that somebody may have seen by name."""
        if not self._known:
            return 0
        versions = {variable.version(given) for given in self._given.values() if given.version in self._known}
        return mask({self._place[version] for version in versions | self._known if version in self._place})

    def _values(self, variable: Variable[Given]) -> Mapping[int, float]:
        if variable.name not in self._value:
            places = self._places(variable)
            self._value[variable.name] = {
                places[name]: value for name, given in self._given.items() if (value := variable.of(given)) is not None
            }
        return self._value[variable.name]

    def _bounds(self, variable: Variable[Given]) -> Bounds:
        values = self._values(variable)
        if variable.top is None:
            return Amounts(values, self._people, self._rules)
        return Points(variable.top, values, self._people, self._rules)

    def _in_span(self, released: Sequence[int], candidates: Sequence[int]) -> list[int]:
        """Many variables have the same groups; the algebra is done once for them."""
        key = tuple(released), tuple(candidates)
        if key not in self._spans:
            self._spans[key] = Span(
                *key, self._people, self._rules.k, self._methods.kernel, self._methods.pairs
            ).admitted()
        return self._spans[key]


def _less(cell: Cell, seen: int, values: Mapping[int, float]) -> Cell:
    """A cell less what is known and at hand; what is known and not at hand stays an unknown, to be on the safe side."""
    known = [bit for bit in bits(cell.members & seen) if bit in values]
    told = sum(values[bit] for bit in known)
    left = cell.members & ~sum(1 << bit for bit in known)
    return replace(cell, members=left, low=cell.low - told, high=cell.high - told) if known else cell


def _one_contributor(
    earlier: Sequence[Ledger], given: Iterable[Contribution | Standing], same: Mapping[str, str]
) -> Mapping[str, str]:
    """The one key for each key of a contributor: two that were counted with one version are one, and those of `same`.

    Whom a result is counted for changes when somebody becomes an owner of a second company.
    """
    seen: dict[str, set[str]] = defaultdict(set)
    for ledger in earlier:
        for unknown in ledger.unknowns:
            seen[unknown.contributor].add(unknown.version)
    for one in given:
        seen[one.contributor].add(one.version)
    for key, now in same.items():
        for contributor in (key, now):
            seen[contributor].add(f"same as {now}")
    return contributors_of(seen)


@dataclass(frozen=True, slots=True)
class Timing:
    """Whether a new snapshot may be taken: `code` is "yes", "too-few-companies", "too-soon" or "too-few-changes".

    `from_day` is the moment from which it is no longer too soon. How many changes are lacking is not told, because
    that would say who has just finished.
    """

    code: Literal["yes", "too-few-companies", "too-soon", "too-few-changes"]
    from_day: datetime | None = None


def may_release(
    population: str, contributions: Sequence[Contribution], earlier: Sequence[Ledger], at: datetime, rules: Rules
) -> Timing:
    """Whether enough time has gone by, and enough companies joined or changed, since the population's last snapshot.

    Until then the old one stays what is shown. Companies that only left are not counted: what they leave behind would
    be told by the difference.
    """
    if len({given.contributor for given in contributions}) < rules.k:
        return Timing("too-few-companies")
    own = [ledger for ledger in earlier if ledger.population == population]
    if not own:
        return Timing("yes")
    last = max(own, key=lambda ledger: ledger.taken_at)
    from_day = last.taken_at + timedelta(days=rules.days)
    if at < from_day:
        return Timing("too-soon", from_day)
    counted = {unknown.version for unknown in last.unknowns}
    changed = {given.contributor for given in contributions if given.version not in counted}
    return Timing("yes") if len(changed) >= rules.k else Timing("too-few-changes")
