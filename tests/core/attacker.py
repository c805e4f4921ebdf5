"""Somebody who wants to know what a few companies have, with all published tables and knowledge of who is in them.

It reads snapshots, never ledgers, and shares no code with the product's audit: linear algebra is numpy's, bounds are
HiGHS's. It knows more than anybody would: the sector, size, region and version of every company counted, and whether
each has a figure. Where counts are attacked it is after what it is otherwise taken to know: who answered, whose amount
is in a sum, how far each member is and who is counted; then it knows who is a member where, and the sector, size and
region of each member, also of those without a result. Its two questions: which groups below k follow exactly, if
published means and counts were not rounded; and how near one comes to a group's sum with the rounding as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Protocol

import highspy
import numpy as np
from numpy.typing import NDArray

from assessment.core.aggregates.contributions import Contribution
from assessment.core.aggregates.snapshots import TableId
from tests.core.populations import Published

Unknown = tuple[str, str]
Value = Callable[[Any], float | None]
Group = frozenset[int]


class Given(Protocol):
    """A result, or how far a member is, with whose it is."""

    @property
    def contributor(self) -> str: ...
    @property
    def version(self) -> str: ...


TABLES: tuple[tuple[TableId, str], ...] = (("sectors", "sector"), ("sizes", "size"), ("regions", "region"))
COMPANIES: tuple[tuple[TableId, str], ...] = (
    ("companies-by-sector", "sector"),
    ("companies-by-size", "size"),
    ("companies-by-region", "region"),
)


@dataclass
class Knowledge:
    """Equations about the values of one variable: rows of ones over unknowns, with the bounds of their sums."""

    unknowns: list[Unknown]
    values: NDArray[np.float64]
    rows: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    top: float

    @property
    def companies(self) -> list[str]:
        return [company for company, _ in self.unknowns]


def of_section(published: Sequence[Published], section: str) -> Knowledge:
    """What all snapshots say about one section."""

    def value(given: Contribution) -> float | None:
        return given.overall if section == "overall" else given.sections.get(section)

    found = []
    for one in published:
        snapshot = one.release.snapshot
        found.append((one.members, snapshot.table("sections").figure(section, "mean")))
        for table, kind in TABLES:
            for row in snapshot.table(table).rows:
                group = [given for given in one.members if getattr(given, kind) == row.key]
                found.append((group, snapshot.table(table).figure(row.key, section)))
    return _knowledge(found, value, 100, lambda figure, many: (many * (figure - 0.5), many * (figure + 0.5)))


def of_practice(published: Sequence[Published], practice: str) -> Knowledge:
    """What all snapshots say about one practice."""

    def value(given: Contribution) -> float | None:
        return given.practices.get(practice)

    found = [(one.members, one.release.snapshot.table("practices").figure(practice, "missing")) for one in published]
    return _knowledge(found, value, 1, lambda figure, many: (max(figure - 2, 5), min(figure + 2, many - 5)))


def of_amount(published: Sequence[Published], amount: str) -> Knowledge:
    """What all snapshots say about one amount."""

    def value(given: Contribution) -> float | None:
        found = given.amounts.get(amount)
        return None if found is None or found.estimate else found.value

    found = [(one.members, one.release.snapshot.table("amounts").figure(amount, "sum")) for one in published]
    return _knowledge(found, value, np.inf, lambda figure, _: (figure * 0.995, figure * 1.005))


def of_answered(published: Sequence[Published], practice: str) -> Knowledge:
    """What all snapshots say about who answered a question."""
    found = [(one.members, one.release.snapshot.table("practices").figure(practice, "known")) for one in published]
    return _knowledge(found, lambda given: float(practice in given.practices), 1, _all_but_few)


def of_having(published: Sequence[Published], amount: str) -> Knowledge:
    """What all snapshots say about who has an amount in a sum."""

    def value(given: Contribution) -> float:
        found = given.amounts.get(amount)
        return float(found is not None and not found.estimate)

    found = [(one.members, one.release.snapshot.table("amounts").figure(amount, "companies")) for one in published]
    return _knowledge(found, value, 1, _all_but_few)


def of_headline(published: Sequence[Published], section: str) -> Knowledge:
    """What all snapshots say about who has a score in a section."""
    found = [(one.members, one.release.snapshot.table("sections").figure(section, "companies")) for one in published]
    return _knowledge(found, lambda given: float(section in given.sections), 1, _all_but_few)


def of_stage(published: Sequence[Published], stage: str) -> Knowledge:
    """What all snapshots say about who came as far as a stage: whoever came further came so far as well."""

    def bounds(told: float, many: int) -> tuple[float, float]:
        figure, at = divmod(told, len(STAGES))
        low, high = max(figure - 2, 5), min(figure + 2, many - 5)
        return (low if at >= STAGES.index(stage) else 0, high if at <= STAGES.index(stage) else many)

    found = []
    for one in published:
        table = one.release.snapshot.table("participation")
        for at, told in enumerate(STAGES):
            figure = table.figure(told, "companies")
            # Which stage the figure is of travels with it.
            found.append((one.standings, None if figure is None else figure * len(STAGES) + at))
    return _knowledge(found, lambda given: float(given.reached > STAGES.index(stage) + 1), 1, bounds)


def of_counted(published: Sequence[Published]) -> Knowledge:
    """What all snapshots say about which members are counted, by category as well."""
    found = []
    for one in published:
        snapshot = one.release.snapshot
        members = [standing.model_copy(update={"version": standing.counted_version}) for standing in one.standings]
        # The number of all is told another way than those of categories; its sign says so.
        found.append((members, None if snapshot.companies is None else -snapshot.companies))
        for table, kind in COMPANIES:
            for row in snapshot.table(table).rows:
                group = [given for given in members if getattr(given, kind) == row.key]
                found.append((group, row.figures[0]))

    def bounds(figure: float, many: int) -> tuple[float, float]:
        return _all_but_few(-figure, many) if figure < 0 else (max(figure - 2, 5), min(figure + 2, many))

    return _knowledge(found, lambda given: float(given.counted), 1, bounds)


STAGES = ("started", "finished", "planned")


def _all_but_few(figure: float, many: int) -> tuple[float, float]:
    """The numbers of which one is told so: wherever fewer than k are left out, the same is."""
    found = [part for part in range(many + 1) if _nearest(many - 2 if many - part < 5 else part) == figure]
    return found[0], found[-1]


def _nearest(number: int) -> int:
    return (number + 2) // 5 * 5


def _knowledge(
    found: Iterable[tuple[Sequence[Given], float | None]],
    value: Value,
    top: float,
    bounds: Callable[[float, int], tuple[float, float]],
) -> Knowledge:
    place: dict[Unknown, int] = {}
    values: list[float] = []
    groups: list[tuple[list[int], float]] = []
    for members, figure in found:
        if figure is None:
            continue
        group = []
        for given in members:
            known = value(given)
            if known is not None:
                at = place.setdefault((given.contributor, given.version), len(place))
                if at == len(values):
                    values.append(float(known))
                group.append(at)
        groups.append((group, figure))
    rows = np.zeros((len(groups), len(place)))
    for row, (group, _) in zip(rows, groups, strict=True):
        row[group] = 1
    ends = [bounds(figure, len(group)) for group, figure in groups]
    return Knowledge(
        list(place),
        np.array(values),
        rows,
        np.array([low for low, _ in ends]),
        np.array([high for _, high in ends]),
        top,
    )


def of_insider(known: Knowledge, company: str) -> Knowledge:
    """The same for somebody who knows one company's values and has taken them off."""
    keep = [at for at, name in enumerate(known.companies) if name != company]
    own = [at for at, name in enumerate(known.companies) if name == company]
    taken = known.rows[:, own] @ known.values[own]
    return Knowledge(
        [known.unknowns[at] for at in keep],
        known.values[keep],
        known.rows[:, keep],
        known.low - taken,
        known.high - taken,
        known.top,
    )


def atoms(known: Knowledge) -> list[Group]:
    """Unknowns that are always together."""
    together: dict[bytes, list[int]] = defaultdict(list)
    for at in range(len(known.unknowns)):
        together[known.rows[:, at].tobytes()].append(at)
    return [frozenset(group) for group in together.values()]


def size(known: Knowledge, group: Iterable[int]) -> int:
    """How many companies a group of unknowns is of."""
    return len({known.unknowns[at][0] for at in group})


def suspects(known: Knowledge, k: int) -> Iterator[Group]:
    """Groups below k that may be known: small atoms, unions of up to three, and small differences of two equations."""
    small = [group for group in atoms(known) if size(known, group) < k]
    yield from small
    seen = set(small)
    masks = [frozenset(np.flatnonzero(row).tolist()) for row in known.rows]
    for one, other in combinations(masks, 2):
        for group in (one - other, other - one):
            if group and size(known, group) < k and group not in seen:
                seen.add(group)
                yield group
    small.sort(key=len)
    for many in (2, 3):
        for groups in combinations(small[:60], many):
            union = frozenset().union(*groups)
            if size(known, union) < k:
                yield union


def derivable(known: Knowledge, k: int) -> list[Group]:
    """The suspects whose sum is a combination of the equations."""
    if not len(known.rows):
        return []
    _, strengths, right = np.linalg.svd(known.rows, full_matrices=False)
    basis = right[strengths > 1e-9]
    found = []
    for group in suspects(known, k):
        inside = basis[:, sorted(group)].sum(axis=1)
        # What is left of the indicator outside the row space: Pythagoras.
        if len(group) - inside @ inside < 1e-7:
            found.append(group)
    return found


class Program:
    """The linear programme of everything that the values may be."""

    def __init__(self, known: Knowledge) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.setOptionValue("output_flag", False)
        # As the product does: HiGHS refuses another number of threads in the same process.
        self._solver.setOptionValue("threads", 1)
        self._many = len(known.unknowns)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self._many, len(known.rows)
        program.col_cost_ = np.zeros(self._many)
        program.col_lower_ = np.zeros(self._many)
        program.col_upper_ = np.full(self._many, known.top)
        program.row_lower_, program.row_upper_ = known.low - 1e-6, known.high + 1e-6
        rows, columns = np.nonzero(known.rows)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(known.rows)))))
        program.a_matrix_.index_ = columns
        program.a_matrix_.value_ = np.ones(len(columns))
        self._solver.passModel(program)

    def bounds(self, group: Group) -> tuple[float, float]:
        """The least and the most that a group can have."""
        cost = np.zeros(self._many)
        cost[sorted(group)] = 1
        self._solver.changeColsCost(self._many, np.arange(self._many, dtype=np.int32), cost)
        ends = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            self._solver.changeObjectiveSense(sense)
            self._solver.run()
            if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise AssertionError(f"The programme has no answer: {self._solver.getModelStatus()}")
            ends.append(self._solver.getInfo().objective_function_value)
        return ends[0], ends[1]


def too_near(known: Knowledge, group: Group, bounds: tuple[float, float], p: float) -> bool:
    """Whether bounds are tighter than p %: of the scale for points and practices, above the truth for amounts."""
    least, most = bounds
    if np.isinf(known.top):
        truth = known.values[sorted(group)].sum()
        return bool(most < truth * (1 + p / 100) - 1e-3)
    return most - least < p / 100 * known.top * len(group) - 1e-3
