"""The readiness of a population as a snapshot: `release` makes all tables of the menu, and the ledger beside them.

Which figures are shown is decided in `disclosure` alone; here they are laid out. Cells are offered in a fixed order of
importance: first all companies together, then sectors, sizes and regions, in each the larger groups first. So what is
withheld follows from who is in which group, and from what values must stay hidden, but never from what would look well.

    participation        stages x companies, share                      of all members
    companies-by-...     sectors, sizes, regions x companies            how many have a result
    sections             overall and sections x companies, mean, median, low, high (the middle half)
    sectors sizes regions   categories x sections: means
    percentiles          overall and sections x percentiles
    practices            questions x missing, known, share
    amounts              quantities x sum, companies
    change               sections x before, now, change                 from published means
    comparison           sections x own, median of clusters, model      from published means

There is no other table, no filter, no range of dates and no order by figures: whoever reads may sort what is published.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import attrgetter
from statistics import median
from typing import Final, Generic, Literal

from assessment.core.aggregates.bounds import Cell
from assessment.core.aggregates.contributions import Contribution, Standing
from assessment.core.aggregates.disclosure import (
    POINTS,
    Audit,
    Given,
    Variable,
    all_but_few,
    count,
    difference,
    may_release,
    middle_half,
    number,
    order_statistic,
    percentile,
    rounded,
    share,
    significant,
)
from assessment.core.aggregates.methods import PLAIN, Methods
from assessment.core.aggregates.older_ledgers import COUNTED, HAS
from assessment.core.aggregates.snapshots import (
    WITHHELD,
    Column,
    Entry,
    Figure,
    Ledger,
    Menu,
    Release,
    Row,
    Rules,
    Snapshot,
    Table,
    TableId,
    Unknown,
)
from assessment.core.aggregates.span import mask
from assessment.core.errors import Refused

OVERALL: Final = "overall"
"""The row of the overall score, beside those of the sections."""

CLUSTERS: Final = 3
"""How many clusters a median of clusters needs."""

PERCENTILES: Final = (10, 25, 50, 75, 90)

Kind = Literal["sector", "size", "region"]
KINDS: Final[Mapping[Kind, tuple[TableId, TableId]]] = {
    "sector": ("sectors", "companies-by-sector"),
    "size": ("sizes", "companies-by-size"),
    "region": ("regions", "companies-by-region"),
}
"""The dimensions beside the sections, the most important first, with their tables of means and of companies."""

_COMPANIES = Column(key="companies", unit="companies", rule="count")


@dataclass(frozen=True, slots=True)
class Others:
    """Published snapshots to compare with: of other clusters or sub-clusters, and of one chosen as the model."""

    clusters: Sequence[Snapshot] = ()
    model: Snapshot | None = None


def release(
    menu: Menu,
    contributions: Sequence[Contribution],
    earlier: Sequence[Ledger] = (),
    *,
    at: datetime,
    rules: Rules | None = None,
    standings: Sequence[Standing] = (),
    previous: Snapshot | None = None,
    others: Others | None = None,
    background: Sequence[Contribution] = (),
    standings_before: Sequence[Standing] = (),
    same: Mapping[str, str] | None = None,
    known: Collection[str] = (),
    names: Collection[str] = (),
    methods: Methods = PLAIN,
) -> Release:
    """A new snapshot of a population, with its ledger.

    `contributions` are its companies' results, one per contributor (`one_per_contributor`). `earlier` are the ledgers
    of every snapshot ever released on the instance that are `reachable`, of this population or another; one that
    is left out is one that nobody is protected against. `previous` is this population's last snapshot, for the change.
    `standings` are those of all members; without them, those who are counted are all. See `Audit` for `background`
    (`standings_before` is that of standings), `same`, `known`, `methods`. `names` are versions of results that are to
    be seen by name from now on; the ledger says which may.

    Raises Refused with the code of `may_release` where it is not time for one, and ValueError where a contributor
    or a version comes twice.
    """
    rules = rules or Rules()
    if len({given.contributor for given in contributions}) != len(contributions):
        raise ValueError("A contributor comes twice. Take one_per_contributor() of the contributions first.")
    if len({given.version for given in contributions}) != len(contributions):
        raise ValueError("Two results have one version. A version names one result of one contributor.")
    timing = may_release(menu.population, contributions, earlier, at, rules)
    if timing.code != "yes":
        raise Refused(timing.code)
    ordered = sorted(contributions, key=lambda given: given.contributor)
    audit = Audit(ordered, earlier, rules, background, same, known, methods)
    audit.open_names(sorted(names), variables_of(menu))
    by_name = {given.contributor for given in ordered if given.version in audit.known}
    members = standings or [
        Standing(contributor=given.contributor, version=given.version, counted_version=given.version, counted=True)
        for given in ordered
    ]
    seen = set(audit.known)
    for standing in members:
        if standing.contributor in by_name:
            seen.update((standing.version, standing.counted_version))
    states = Audit(members, earlier, rules, standings_before, same, seen, methods)
    written = _Written(ordered)
    counts = _Counts(menu, ordered, members, states, rules, written)
    making = _Making(menu, ordered, audit, rules, written)
    tables = [*counts.tables(), *making.tables()]
    shown = next(table for table in tables if table.id == "sections")
    means = {row.key: shown.figure(row.key, "mean") for row in shown.rows}
    tables += [_change(means, previous), _comparison(means, others or Others())]
    snapshot = Snapshot(
        population=menu.population,
        taken_at=at,
        rules=rules,
        companies=counts.companies,
        tables=tuple(tables),
    )
    ledger = Ledger(
        population=menu.population,
        taken_at=at,
        unknowns=tuple(written.unknowns),
        entries=tuple(written.entries),
        named=tuple(sorted(states.known.union(making.amounts_of(audit.known)))),
    )
    return Release(snapshot=snapshot, ledger=ledger)


Results = Variable[Contribution]


def _section(name: str) -> Results:
    if name == OVERALL:
        return Variable("overall", lambda given: given.overall, POINTS)
    return Variable(f"section:{name}", lambda given: given.sections.get(name), POINTS)


def _practice(name: str) -> Results:
    return Variable(f"practice:{name}", lambda given: given.practices.get(name), 1)


def _amount(name: str) -> Results:
    def known(given: Contribution) -> float | None:
        amount = given.amounts.get(name)
        return None if amount is None or amount.estimate else amount.value

    def version(given: Contribution) -> str:
        amount = given.amounts.get(name)
        return amount.version if amount is not None and amount.version else given.version

    return Variable(f"amount:{name}", known, None, version)


def _has(variable: Results) -> Results:
    """Whether a company has a value at all: that it answered, or has an amount that is added up."""
    return Variable(HAS + variable.name, lambda given: float(variable.of(given) is not None), 1, variable.version)


def _stage(name: str, place: int) -> Variable[Standing]:
    return Variable(f"stage:{name}", lambda standing: float(standing.reached > place), 1)


_IS_COUNTED: Final[Variable[Standing]] = Variable(
    COUNTED, lambda standing: float(standing.counted), 1, attrgetter("counted_version")
)


def variables_of(menu: Menu) -> list[Results]:
    """Everything that is added up of a population."""
    found = [
        *(_section(name) for name in (OVERALL, *menu.sections)),
        *(_practice(name) for name in menu.practices),
        *(_amount(quantity.id) for quantity in menu.amounts),
    ]
    return [*found, *map(_has, found)]


@dataclass(frozen=True, slots=True)
class _Offer(Generic[Given]):
    """A cell that is offered to the audit: where it belongs, and whose values it adds up."""

    place: tuple[str, str]
    group: Sequence[Given]
    cell: Cell


MakesCell = Callable[[Sequence[float], int, Rules], Cell | None]
"""Makes the cell of some values and the members they are of; none where it may not be shown by itself."""

Counts = Callable[[int, int, Rules], int | None]
"""`count`, or another rule of it: of how many, of how many hidden ones, rules -> the number that is shown."""

WHOLE: Final = ("", "")
"""The place of the cell of everybody."""

Groups = Mapping[Kind, Mapping[str, Sequence[Given]]]
"""Who is in which category, by kind."""


class _Written:
    """The unknowns and the entries of one ledger."""

    def __init__(self, contributions: Sequence[Contribution]) -> None:
        self.entries: list[Entry] = []
        self.unknowns = [Unknown(contributor=given.contributor, version=given.version) for given in contributions]
        self._place = {unknown.version: at for at, unknown in enumerate(self.unknowns)}

    def enter(self, variable: Variable[Given], group: Sequence[Given], cell: Cell) -> None:
        members = mask({self._place_of(given.contributor, variable.version(given)) for given in group})
        self.entries.append(Entry(variable=variable.name, members=f"{members:x}", low=cell.low, high=cell.high))

    def _place_of(self, contributor: str, version: str) -> int:
        """The number of an unknown in the ledger; that of an amount is entered when it is first counted."""
        place = self._place.setdefault(version, len(self.unknowns))
        if place == len(self.unknowns):
            self.unknowns.append(Unknown(contributor=contributor, version=version))
        return place


class _Releasing(Generic[Given]):
    """Offers cells about some companies, or members, to their audit, and writes down what may be shown."""

    def __init__(self, audit: Audit[Given], groups: Groups[Given], rules: Rules, written: _Written) -> None:
        self.audit: Audit[Given] = audit
        self._groups: Groups[Given] = groups
        self._rules, self._written = rules, written
        self._categories: dict[Callable[[Given], str], Mapping[tuple[str, str], int]] = {}

    def offer(
        self,
        variable: Variable[Given],
        place: tuple[str, str],
        companies: Sequence[Given],
        cell_of: MakesCell,
    ) -> list[_Offer[Given]]:
        """The cell of a group, unless by itself it may not be shown."""
        known = [(given, value) for given in companies if (value := variable.of(given)) is not None]
        group, values = [given for given, _ in known], [value for _, value in known]
        if len(group) < self._rules.k:
            return []
        cell = cell_of(values, self.audit.members(group, variable), self._rules)
        return [] if cell is None else [_Offer(place, group, cell)]

    def by_category(
        self,
        variable: Variable[Given],
        ids: Mapping[Kind, Sequence[str]],
        cell_of: MakesCell,
    ) -> list[_Offer[Given]]:
        """The cells of all categories, of each kind the larger groups first."""
        offers: list[_Offer[Given]] = []
        for kind in KINDS:
            parts = [
                offer
                for category in ids[kind]
                for offer in self.offer(variable, (kind, category), self._groups[kind].get(category, ()), cell_of)
            ]
            offers += sorted(parts, key=lambda offer: -len(offer.group))
        return offers

    def released(
        self, variable: Variable[Given], offers: Sequence[_Offer[Given]]
    ) -> Mapping[tuple[str, str], Figure]:  # fmt: skip
        """The figures of the offers that pass the audit; they are entered in the ledger."""
        whole = next((at for at, offer in enumerate(offers) if offer.place == WHOLE), None)
        partitions = [[at for at, offer in enumerate(offers) if offer.place[0] == kind] for kind in KINDS]
        cells = [offer.cell for offer in offers]
        figures: dict[tuple[str, str], Figure] = {}
        for at in sorted(self.audit.admitted(variable, cells, whole, partitions, self._unoffered(variable, offers))):
            offer = offers[at]
            figures[offer.place] = offer.cell.figure
            self._written.enter(variable, offer.group, offer.cell)
        return figures

    def _unoffered(self, variable: Variable[Given], offers: Sequence[_Offer[Given]]) -> list[int]:
        """The categories of which nothing is offered, as the members of cells."""
        offered, there = {offer.place for offer in offers}, self.audit.with_value(variable)
        return [members & there for place, members in self._in_categories(variable).items() if place not in offered]

    def _in_categories(self, variable: Variable[Given]) -> Mapping[tuple[str, str], int]:
        """The unknowns of each category; many variables have the same ones."""
        if variable.version not in self._categories:
            self._categories[variable.version] = {
                (kind, category): self.audit.members(group, variable)
                for kind, groups in self._groups.items()
                for category, group in groups.items()
            }
        return self._categories[variable.version]


def _ids(menu: Menu) -> Mapping[Kind, Sequence[str]]:
    return {"sector": menu.sectors, "size": menu.sizes, "region": menu.regions}


class _Counts:
    """How far the members are, and who is counted: the tables, and the number of all."""

    def __init__(
        self,
        menu: Menu,
        contributions: Sequence[Contribution],
        standings: Sequence[Standing],
        audit: Audit[Standing],
        rules: Rules,
        written: _Written,
    ) -> None:
        self._menu, self._members, self._rules = menu, standings, rules
        # Whoever owns two members is counted once.
        self._owners = {standing.contributor: standing for standing in reversed(standings)}
        self._results = {given.contributor: given for given in contributions if given.contributor in self._owners}
        groups: dict[Kind, dict[str, list[Standing]]] = {kind: defaultdict(list) for kind in KINDS}
        for kind, of_kind in groups.items():
            for contributor, standing in self._owners.items():
                of_kind[getattr(self._results.get(contributor, standing), kind)].append(standing)
        self._releasing = _Releasing(audit, groups, rules, written)
        self._shown: Mapping[tuple[str, str], Figure] = {}

    @property
    def companies(self) -> Figure:
        """How many are counted."""
        return self._shown.get(WHOLE, WITHHELD)

    def tables(self) -> Iterator[Table]:
        yield self._participation()
        owners = [*self._owners.values()]
        offers = self._releasing.offer(_IS_COUNTED, WHOLE, owners, self._told_of(_IS_COUNTED, owners, all_but_few))
        cell_of = partial(_part_cell, len(self._results))
        offers += self._releasing.by_category(_IS_COUNTED, _ids(self._menu), cell_of)
        self._shown = self._releasing.released(_IS_COUNTED, offers)
        for kind in KINDS:
            yield self._companies(kind)

    def _told_of(self, variable: Variable[Standing], group: Sequence[Standing], rule: Counts) -> MakesCell:
        """How a number of some is told, beside those of them that are seen by name."""
        known = self._releasing.audit.known
        told = [value for at in group if at.version in known and (value := variable.of(at)) is not None]
        return partial(_told_cell, rule, told)

    def _reached(self, stage: str, place: int) -> Figure:
        variable = _stage(stage, place)
        cell_of = self._told_of(variable, self._members, count)
        offers = self._releasing.offer(variable, WHOLE, self._members, cell_of)
        return self._releasing.released(variable, offers).get(WHOLE, WITHHELD)

    def _participation(self) -> Table:
        """Who is a member is known, and how many members there are; how far they are is not."""
        first = number(len(self._members), self._rules)
        rows = []
        for at, stage in enumerate(self._menu.stages):
            figure = self._reached(stage, at) if at else first
            rows.append(Row(key=stage, figures=(figure, share(figure, first, self._rules))))
        columns = (_COMPANIES, Column(key="share", unit="per cent", rule="share"))
        return Table(id="participation", kind="stage", population="members", columns=columns, rows=tuple(rows))

    def _companies(self, kind: Kind) -> Table:
        rows = tuple(
            Row(key=category, figures=(self._shown.get((kind, category), WITHHELD),))
            for category in _ids(self._menu)[kind]
        )
        name = KINDS[kind][1]
        return Table(id=name, kind=kind, population="companies with a result", columns=(_COMPANIES,), rows=rows)


class _Making:
    """The tables of what results hold."""

    def __init__(
        self,
        menu: Menu,
        contributions: Sequence[Contribution],
        audit: Audit[Contribution],
        rules: Rules,
        written: _Written,
    ) -> None:
        self._menu, self._all, self._audit, self._rules = menu, contributions, audit, rules
        self._by_name = [given for given in contributions if given.version in audit.known]
        groups: dict[Kind, dict[str, list[Contribution]]] = {kind: defaultdict(list) for kind in KINDS}
        for kind, of_kind in groups.items():
            for given in contributions:
                of_kind[getattr(given, kind)].append(given)
        self._releasing = _Releasing(audit, groups, rules, written)

    def tables(self) -> Iterator[Table]:
        means = {name: self._means(name) for name in (OVERALL, *self._menu.sections)}
        yield self._sections(means)
        for kind in KINDS:
            yield self._by_category(kind, means)
        yield self._percentiles(means)
        yield self._practices()
        yield self._amounts()

    def _means(self, section: str) -> Mapping[tuple[str, str], Figure]:
        """The means of one section that may be shown: of everybody, and of each category."""
        variable = _section(section)
        offers = self._releasing.offer(variable, WHOLE, self._all, _mean_cell)
        offers += self._releasing.by_category(variable, _ids(self._menu), _mean_cell)
        return self._releasing.released(variable, offers)

    def _how_many(self, of: Results) -> Figure:
        """Of how many companies the figures of a variable are."""
        variable = _has(of)
        told = [value for given in self._by_name if (value := variable.of(given)) is not None]
        offers = self._releasing.offer(variable, WHOLE, self._all, partial(_told_cell, all_but_few, told))
        return self._releasing.released(variable, offers).get(WHOLE, WITHHELD)

    def amounts_of(self, results: Collection[str]) -> set[str]:
        """The versions of the amounts of some results."""
        return {
            amount.version
            for given in self._all
            if given.version in results
            for amount in given.amounts.values()
            if amount.version
        }

    def _sections(self, means: Mapping[str, Mapping[tuple[str, str], Figure]]) -> Table:
        rows = []
        for section, found in means.items():
            mean = found.get(WHOLE, WITHHELD)
            figures: tuple[Figure, ...] = (WITHHELD,) * 5
            if mean is not WITHHELD:
                values = self._values(section)
                figures = (self._how_many(_section(section)), mean, *(WITHHELD,) * 3)
                if self._hides(section, self._rules.medians_from):
                    middle = order_statistic(values, 50, self._rules.medians_from)
                    figures = (*figures[:2], middle, *middle_half(values, self._rules))
            rows.append(Row(key=section, figures=figures))
        columns = (
            _COMPANIES,
            Column(key="mean", unit="points", rule="mean"),
            *(Column(key=key, unit="points", rule="median") for key in ("median", "low", "high")),
        )
        return self._table("sections", "section", columns, rows)

    def _values(self, section: str) -> list[int]:
        """The headlines of everybody in one section, as whole points."""
        found = (given.overall if section == OVERALL else given.sections.get(section) for given in self._all)
        return [value for value in found if value is not None]

    def _hides(self, section: str, least: int) -> bool:
        """Whether enough companies stand behind an order statistic whom nobody sees by name."""
        variable = _section(section)
        return sum(variable.of(given) is not None for given in self._audit.hidden(self._all)) >= least

    def _table(
        self,
        name: TableId,
        kind: Literal["section", "sector", "size", "region", "practice", "amount"],
        columns: Sequence[Column],
        rows: Sequence[Row],
    ) -> Table:
        return Table(id=name, kind=kind, population="companies with a result", columns=tuple(columns), rows=tuple(rows))

    def _by_category(self, kind: Kind, means: Mapping[str, Mapping[tuple[str, str], Figure]]) -> Table:
        """Means, and of the sections alone: an overall score is made of them, and two ways to one figure are one more
        way to what is withheld.
        """
        columns = [Column(key=section, unit="points", rule="mean") for section in self._menu.sections]
        rows = [
            Row(
                key=category,
                figures=tuple(means[section].get((kind, category), WITHHELD) for section in self._menu.sections),
            )
            for category in _ids(self._menu)[kind]
        ]
        return self._table(KINDS[kind][0], kind, columns, rows)

    def _percentiles(self, means: Mapping[str, Mapping[tuple[str, str], Figure]]) -> Table:
        rows = []
        for section, found in means.items():
            shown = WHOLE in found and self._hides(section, self._rules.percentiles_from)
            values = self._values(section) if shown else []
            rows.append(Row(key=section, figures=tuple(percentile(values, at, self._rules) for at in PERCENTILES)))
        columns = [Column(key=f"p{at}", unit="points", rule="percentile") for at in PERCENTILES]
        return self._table("percentiles", "section", columns, rows)

    def _practices(self) -> Table:
        rows = []
        for practice in self._menu.practices:
            variable = _practice(practice)
            told = [value for given in self._by_name if (value := variable.of(given)) is not None]
            offers = self._releasing.offer(variable, WHOLE, self._all, partial(_told_cell, count, told))
            missing = self._releasing.released(variable, offers).get(WHOLE, WITHHELD)
            known = WITHHELD if missing is WITHHELD else self._how_many(variable)
            rows.append(Row(key=practice, figures=(missing, known, share(missing, known, self._rules))))
        columns = (
            Column(key="missing", unit="companies", rule="count"),
            Column(key="known", unit="companies", rule="count"),
            Column(key="share", unit="per cent", rule="share"),
        )
        return self._table("practices", "practice", columns, rows)

    def _amounts(self) -> Table:
        rows = []
        for quantity in self._menu.amounts:
            variable = _amount(quantity.id)
            offers = self._releasing.offer(variable, WHOLE, self._all, _sum_cell)
            if quantity.of_those_who_lack and offers:
                # Who is not in it lacks nothing: that is an answer about each of them.
                others = len(self._all) - len(offers[0].group)
                offers = offers if others >= self._rules.k else []
            total = self._releasing.released(variable, offers).get(WHOLE, WITHHELD)
            known = WITHHELD if total is WITHHELD else self._how_many(variable)
            rows.append(Row(key=quantity.id, figures=(total, known), unit=quantity.unit))
        columns = (Column(key="sum", unit="of the row", rule="sum"), _COMPANIES)
        return self._table("amounts", "amount", columns, rows)


def _mean_cell(values: Sequence[float], members: int, rules: Rules) -> Cell | None:
    """A mean as a whole number; none where everybody has the same, because then it is what each of them has."""
    if min(values) == max(values):
        return None
    mean = rounded(sum(values) / len(values), 1)
    return Cell(members, len(values) * (mean - 0.5), len(values) * (mean + 0.5), mean)


def _told_cell(
    rule: Counts, told: Sequence[float], values: Sequence[float], members: int, rules: Rules
) -> Cell:  # fmt: skip
    """How many of some are 1, as a rule shows it, with the bounds that this tells.

    A number that is not shown tells as well that it is too small, or the rest. `told` are those among the values that
    are known by name: the rule is asked about the others.
    """
    by_name, hidden = int(sum(told)), len(values) - len(told)

    def shown(part: int) -> int | None:
        figure = rule(part, hidden, rules)
        if figure is None or not by_name:
            return figure
        # Rounded once, with those who are known.
        middle = part if hidden - part >= rules.k else hidden - (rules.k - 1) // 2
        return rounded(middle + by_name, rules.rounding)

    low = high = int(sum(values)) - by_name
    figure = shown(low)
    while low > 0 and shown(low - 1) == figure:
        low -= 1
    while high < hidden and shown(high + 1) == figure:
        high += 1
    return Cell(members, low + by_name, high + by_name, figure)


def _part_cell(counted: int, values: Sequence[float], members: int, rules: Rules) -> Cell:
    """How many of all who are counted are in a category."""
    return _told_cell(lambda part, _, rules: count(part, counted, rules), (), values, members, rules)


def _sum_cell(values: Sequence[float], members: int, rules: Rules) -> Cell | None:
    """A total to three significant digits; the audit looks at who is in it."""
    total = significant(sum(values))
    half = total * 0.005
    return Cell(members, total - half, total + half, total)


def _change(means: Mapping[str, Figure], previous: Snapshot | None) -> Table:
    rows = []
    for section, now in means.items():
        before = WITHHELD if previous is None else previous.table("sections").figure(section, "mean")
        rows.append(Row(key=section, figures=(before, now, difference(before, now))))
    columns = (
        Column(key="before", unit="points", rule="mean"),
        Column(key="now", unit="points", rule="mean"),
        Column(key="change", unit="points", rule="difference"),
    )
    return Table(id="change", kind="section", population="companies with a result", columns=columns, rows=tuple(rows))


def _comparison(means: Mapping[str, Figure], others: Others) -> Table:
    """Published means beside each other: this says nothing that the snapshots do not say."""
    rows = []
    for section, own in means.items():
        found = [snapshot.table("sections").figure(section, "mean") for snapshot in others.clusters]
        shown = [figure for figure in found if figure is not None]
        middle = rounded(median(shown), 1) if len(shown) >= CLUSTERS else WITHHELD
        model = WITHHELD if others.model is None else others.model.table("sections").figure(section, "mean")
        rows.append(Row(key=section, figures=(own, middle, model)))
    columns = (
        Column(key="own", unit="points", rule="mean"),
        Column(key="clusters", unit="points", rule="median-of-clusters"),
        Column(key="model", unit="points", rule="mean"),
    )
    return Table(id="comparison", kind="section", population="clusters", columns=columns, rows=tuple(rows))
