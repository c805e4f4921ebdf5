"""The readiness of a population as a snapshot: `release` makes all tables of the menu, and the ledger beside them.

Which figures are shown is decided in `disclosure` alone; here they are laid out. Cells are offered in a fixed order of
importance: first all companies together, then sectors, sizes and regions, in each the larger groups first. So what is
withheld follows from who is in which group, and from what values must stay hidden, but never from what would look well.

    participation        stages x companies, share                      from the funnel's counts
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
from statistics import median
from typing import Final, Literal

from assessment.core.aggregates.bounds import Cell
from assessment.core.aggregates.contributions import Contribution
from assessment.core.aggregates.disclosure import (
    POINTS,
    Audit,
    Variable,
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
    Stages,
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
    stages: Stages | None = None,
    previous: Snapshot | None = None,
    others: Others | None = None,
    background: Sequence[Contribution] = (),
    same: Mapping[str, str] | None = None,
    known: Collection[str] = (),
    names: Collection[str] = (),
    methods: Methods = PLAIN,
) -> Release:
    """A new snapshot of a population, with its ledger.

    `contributions` are its companies' results, one per contributor (`one_per_contributor`). `earlier` are the ledgers
    of every snapshot ever released on the instance that are `reachable`, of this population or another; one that
    is left out is one that nobody is protected against. `previous` is this population's last snapshot, for the change.
    `stages` counts members by how far they came, the widest first. See `Audit` for `background`, `same`, `known`,
    `methods`. `names` are versions that are to be seen by name from now on; the ledger says which may.

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
    making = _Making(menu, ordered, audit, rules)
    tables = [*making.tables(stages or {})]
    shown = next(table for table in tables if table.id == "sections")
    means = {row.key: shown.figure(row.key, "mean") for row in shown.rows}
    tables += [_change(means, previous), _comparison(means, others or Others())]
    snapshot = Snapshot(
        population=menu.population,
        taken_at=at,
        rules=rules,
        companies=number(len(ordered), rules),
        tables=tuple(tables),
    )
    ledger = Ledger(
        population=menu.population,
        taken_at=at,
        unknowns=tuple(making.unknowns),
        entries=tuple(making.entries),
        named=tuple(sorted(audit.known.union(making.amounts_of(audit.known)))),
    )
    return Release(snapshot=snapshot, ledger=ledger)


def _section(name: str) -> Variable:
    if name == OVERALL:
        return Variable("overall", lambda given: given.overall, POINTS)
    return Variable(f"section:{name}", lambda given: given.sections.get(name), POINTS)


def _practice(name: str) -> Variable:
    return Variable(f"practice:{name}", lambda given: given.practices.get(name), 1)


def _amount(name: str) -> Variable:
    def known(given: Contribution) -> float | None:
        amount = given.amounts.get(name)
        return None if amount is None or amount.estimate else amount.value

    def version(given: Contribution) -> str:
        amount = given.amounts.get(name)
        return amount.version if amount is not None and amount.version else given.version

    return Variable(f"amount:{name}", known, None, version)


def variables_of(menu: Menu) -> list[Variable]:
    """Everything that is added up of a population."""
    return [
        *(_section(name) for name in (OVERALL, *menu.sections)),
        *(_practice(name) for name in menu.practices),
        *(_amount(quantity.id) for quantity in menu.amounts),
    ]


@dataclass(frozen=True, slots=True)
class _Offer:
    """A cell that is offered to the audit: where it belongs, and whose values it adds up."""

    place: tuple[str, str]
    group: Sequence[Contribution]
    cell: Cell


class _Making:
    """The tables of one snapshot, and the entries of its ledger."""

    def __init__(self, menu: Menu, contributions: Sequence[Contribution], audit: Audit, rules: Rules) -> None:
        self._menu, self._all, self._audit, self._rules = menu, contributions, audit, rules
        self.entries: list[Entry] = []
        self.unknowns = [Unknown(contributor=given.contributor, version=given.version) for given in contributions]
        self._place = {unknown.version: at for at, unknown in enumerate(self.unknowns)}
        self._groups: Mapping[Kind, dict[str, list[Contribution]]] = {kind: defaultdict(list) for kind in KINDS}
        for kind, groups in self._groups.items():
            for given in contributions:
                groups[getattr(given, kind)].append(given)
        self._ids: Mapping[Kind, tuple[str, ...]] = {
            "sector": menu.sectors,
            "size": menu.sizes,
            "region": menu.regions,
        }

    def tables(self, stages: Stages) -> Iterator[Table]:
        yield self._participation(stages)
        for kind in KINDS:
            yield self._companies(kind)
        means = {name: self._means(name) for name in (OVERALL, *self._menu.sections)}
        yield self._sections(means)
        for kind in KINDS:
            yield self._by_category(kind, means)
        yield self._percentiles(means)
        yield self._practices()
        yield self._amounts()

    def _participation(self, stages: Stages) -> Table:
        whole = next(iter(stages.values()), 0)
        first = number(whole, self._rules)
        rows = []
        for at, (stage, companies) in enumerate(stages.items()):
            figure = first if not at else count(companies, whole, self._rules)
            rows.append(Row(key=stage, figures=(figure, share(figure, first, self._rules))))
        columns = (_COMPANIES, Column(key="share", unit="per cent", rule="share"))
        return Table(id="participation", kind="stage", population="members", columns=columns, rows=tuple(rows))

    def _companies(self, kind: Kind) -> Table:
        rows = tuple(
            Row(key=category, figures=(count(len(self._of(kind, category)), len(self._all), self._rules),))
            for category in self._ids[kind]
        )
        name = KINDS[kind][1]
        return Table(id=name, kind=kind, population="companies with a result", columns=(_COMPANIES,), rows=rows)

    def _of(self, kind: Kind, category: str) -> list[Contribution]:
        return self._groups[kind].get(category, [])

    def _means(self, section: str) -> Mapping[tuple[str, str], Figure]:
        """The means of one section that may be shown: of everybody, and of each category."""
        variable = _section(section)
        offers = self._offer(variable, ("", ""), self._all, _mean_cell)
        for kind in KINDS:
            parts = [
                offer
                for category in self._ids[kind]
                for offer in self._offer(variable, (kind, category), self._of(kind, category), _mean_cell)
            ]
            offers += sorted(parts, key=lambda offer: -len(offer.group))
        return self._released(variable, offers)

    def _offer(
        self,
        variable: Variable,
        place: tuple[str, str],
        companies: Sequence[Contribution],
        cell_of: Callable[[Sequence[float], int, Rules], Cell | None],
    ) -> list[_Offer]:
        """The cell of a group, unless by itself it may not be shown."""
        known = [(given, value) for given in companies if (value := variable.of(given)) is not None]
        group, values = [given for given, _ in known], [value for _, value in known]
        if len(group) < self._rules.k:
            return []
        cell = cell_of(values, self._audit.members(group, variable), self._rules)
        return [] if cell is None else [_Offer(place, group, cell)]

    def _released(self, variable: Variable, offers: Sequence[_Offer]) -> Mapping[tuple[str, str], Figure]:
        """The figures of the offers that pass the audit; they are entered in the ledger."""
        whole = next((at for at, offer in enumerate(offers) if offer.place == ("", "")), None)
        partitions = [[at for at, offer in enumerate(offers) if offer.place[0] == kind] for kind in KINDS]
        cells = [offer.cell for offer in offers]
        figures: dict[tuple[str, str], Figure] = {}
        for at in sorted(self._audit.admitted(variable, cells, whole, partitions, self._unoffered(variable, offers))):
            offer = offers[at]
            figures[offer.place] = offer.cell.figure
            members = mask({self._place_of(given.contributor, variable.version(given)) for given in offer.group})
            entry = Entry(variable=variable.name, members=f"{members:x}", low=offer.cell.low, high=offer.cell.high)
            self.entries.append(entry)
        return figures

    def _unoffered(self, variable: Variable, offers: Sequence[_Offer]) -> list[int]:
        """The categories of which nothing is offered, as the members of cells."""
        offered = {offer.place for offer in offers}
        return [
            self._audit.members([given for given in group if variable.of(given) is not None], variable)
            for kind, groups in self._groups.items()
            for category, group in groups.items()
            if (kind, category) not in offered
        ]

    def _place_of(self, contributor: str, version: str) -> int:
        """The number of an unknown in the ledger; that of an amount is entered when it is first counted."""
        place = self._place.setdefault(version, len(self.unknowns))
        if place == len(self.unknowns):
            self.unknowns.append(Unknown(contributor=contributor, version=version))
        return place

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
            mean = found.get(("", ""), WITHHELD)
            figures: tuple[Figure, ...] = (WITHHELD,) * 5
            if mean is not WITHHELD:
                values = self._values(section)
                figures = (number(len(values), self._rules), mean, *(WITHHELD,) * 3)
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
            for category in self._ids[kind]
        ]
        return self._table(KINDS[kind][0], kind, columns, rows)

    def _percentiles(self, means: Mapping[str, Mapping[tuple[str, str], Figure]]) -> Table:
        rows = []
        for section, found in means.items():
            shown = ("", "") in found and self._hides(section, self._rules.percentiles_from)
            values = self._values(section) if shown else []
            rows.append(Row(key=section, figures=tuple(percentile(values, at, self._rules) for at in PERCENTILES)))
        columns = [Column(key=f"p{at}", unit="points", rule="percentile") for at in PERCENTILES]
        return self._table("percentiles", "section", columns, rows)

    def _practices(self) -> Table:
        rows, by_name = [], self._audit.known
        seen = [given for given in self._all if given.version in by_name]
        for practice in self._menu.practices:
            variable = _practice(practice)
            told = [value for given in seen if (value := variable.of(given)) is not None]
            offers = self._offer(variable, ("", ""), self._all, partial(_count_cell, told))
            missing = self._released(variable, offers).get(("", ""), WITHHELD)
            known = WITHHELD if missing is WITHHELD else number(len(offers[0].group), self._rules)
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
            offers = self._offer(variable, ("", ""), self._all, _sum_cell)
            if quantity.of_those_who_lack and offers:
                # Who is not in it lacks nothing: that is an answer about each of them.
                others = len(self._all) - len(offers[0].group)
                offers = offers if others >= self._rules.k else []
            total = self._released(variable, offers).get(("", ""), WITHHELD)
            known = WITHHELD if total is WITHHELD else number(len(offers[0].group), self._rules)
            rows.append(Row(key=quantity.id, figures=(total, known), unit=quantity.unit))
        columns = (Column(key="sum", unit="of the row", rule="sum"), _COMPANIES)
        return self._table("amounts", "amount", columns, rows)


def _mean_cell(values: Sequence[float], members: int, rules: Rules) -> Cell | None:
    """A mean as a whole number; none where everybody has the same, because then it is what each of them has."""
    if min(values) == max(values):
        return None
    mean = rounded(sum(values) / len(values), 1)
    return Cell(members, len(values) * (mean - 0.5), len(values) * (mean + 0.5), mean)


def _count_cell(told: Sequence[float], values: Sequence[float], members: int, rules: Rules) -> Cell | None:
    """How many have a practice missing, rounded, with the bounds that this and its being shown at all tell.

    `told` are those among the values that are known by name: enough of the others must have it missing, and not.
    """
    missing, hidden = int(sum(values)), len(values) - len(told)
    figure = count(missing, len(values), rules)
    if figure is None or count(missing - int(sum(told)), hidden, rules) is None:
        return None
    low, high = figure - rules.rounding / 2, figure + rules.rounding / 2
    least, most = rules.k + sum(told), len(values) - rules.k - (len(told) - sum(told))
    return Cell(members, max(low, least), min(high, most), figure)


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
