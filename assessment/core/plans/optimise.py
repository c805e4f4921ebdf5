"""The best set and order of measures over three years, written as a mathematical program and read back.

Why it can be solved exactly: what is left of an end use is exp(-L), where L adds -ln(1 - f) of its measures and of
those on the whole site, and of an end use that runs through all others -ln(1 - share x (1 - what is left of it)). So
the part saved is concave in the choices, and tangents bound it (`core/plans/program.py`). A
switch times that part is exact by the four McCormick inequalities, since the switch is 0 or 1. The cap is a minimum.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assessment.core.money import formulas
from assessment.core.money.savings import Calculator, Item
from assessment.core.money.terms import Ground, Group, Term, covers, grouped, site_wide
from assessment.core.plans.choices import Plan, Scale, Task, barred, cost_of_all, needs, worth
from assessment.core.plans.program import Curve, Program, Solution
from assessment.core.resources.entries import Use


@dataclass(slots=True)
class Posed:
    """The program of a task, and which column says that a measure is taken by a year."""

    program: Program
    taken: dict[tuple[str, int], int]

    def plan(self, task: Task, solution: Solution) -> Plan:
        """The plan that a solution stands for, valued exactly."""
        ones = set(solution.ones)
        years: dict[str, int] = {}
        for (name, year), column in self.taken.items():
            if column in ones:
                years[name] = min(year, years.get(name, year))
        exact = worth(task, years)
        missed = max(0.0, solution.bound - exact)
        return Plan(years, exact, missed / exact if exact > 0 else missed)


def posed(task: Task) -> Posed:
    """Write the program of a task."""
    scale = Scale(task.ready.site.uses, task.wishes)
    out = barred(task)
    names = _useful(task, [name for name in task.ready.items if name not in out])
    items = {name: task.ready.items[name] for name in names}
    program, last_year = Program(), task.limits.years
    taken: dict[tuple[str, int], int] = {}
    for name, item in items.items():
        for year in range(1, last_year + 1):
            last = year == last_year
            taken[name, year] = program.column(-scale.against(item) if last else 0.0, whole=True)
    _rules(program, task, items, taken)
    groups = grouped(term for item in items.values() for term in item.terms)
    for year in range(1, last_year + 1):
        columns = {name: taken[name, year] for name in items}
        counting = _umbrellas(program, scale, task.ready, columns, groups)
        saved: dict[Group, dict[int, float]] = {}
        for group, terms in groups.items():
            singles = [term for term in terms if not term.umbrella]
            if singles:
                cap = task.ready.cap_of(singles[0])
                saved[group] = _Resource(
                    program, scale, cap, columns, singles, _off(singles[0].ground, counting)
                ).write()
        _nothing_beside(program, counting, groups, saved)
    return Posed(program, taken)


def _useful(task: Task, names: list[str]) -> list[str]:
    """Leave out what saves nothing and is needed by nothing that does."""
    wanted = {other for name in names if task.ready.items[name].terms for other in needs(task, name)}
    return [name for name in names if name in wanted]


def _rules(program: Program, task: Task, items: Mapping[str, Item], taken: Mapping[tuple[str, int], int]) -> None:
    """Once taken a measure stays; what it needs comes first; no two that exclude each other; money and hours."""
    last = task.limits.years
    for name in items:
        for year in range(1, last):
            program.row({taken[name, year]: 1.0, taken[name, year + 1]: -1.0}, 0.0)
        for other in task.first(name):
            for year in range(1, last + 1):
                program.row({taken[name, year]: 1.0, taken[other, year]: -1.0}, 0.0)
        for other in sorted(task.ready.conflicts[name]):
            if other in items and name < other:
                program.row({taken[name, last]: 1.0, taken[other, last]: 1.0}, 1.0)
    costs = {name: item.own_cost.typical for name, item in items.items() if item.own_cost}
    hours = {name: item.hours for name, item in items.items()}
    for year in range(1, last + 1):
        if task.limits.budget is not None and task.limits.budget < cost_of_all(task):
            spent = {taken[name, year]: cost for name, cost in costs.items() if cost > 0}
            program.money.append((program.row(spent, task.limits.budget * year), year))
        if task.limits.hours is not None and task.limits.hours < sum(hours.values()):
            program.row({taken[name, year]: hour for name, hour in hours.items()}, task.limits.hours * year)


@dataclass(slots=True)
class _Part:
    """An end use, or the rest of the site: its share, the terms on it alone, and the switches that could move it."""

    share: float
    terms: list[Term] = field(default_factory=list)
    switches: list[Term] = field(default_factory=list)


class _Resource:
    """Writes what efficiency and switches save of one resource in one year; all in parts of the site's use."""

    def __init__(
        self, program: Program, scale: Scale, cap: float, columns: Mapping[str, int], terms: list[Term],
        off: tuple[tuple[int, ...], ...],
    ) -> None:  # fmt: skip
        self._program, self._scale, self._cap, self._columns, self._off = program, scale, cap, columns, off
        self._ground = terms[0].ground
        self._amount = self._ground.amount
        self._gain = scale.of_unit(self._ground) * self._amount
        self._parts, self._wide, self._across = _parts(terms)
        self._left_wide = _left(self._wide)
        for end in self._across:
            self._left_wide *= formulas.left_across(end.share, _left(end.terms))
        self._on_all: dict[int, float] = {}
        most = sum(part.share * self._most(part) for part in self._parts)
        self._counted: dict[int, float] | None = {} if most > cap else None

    def _most(self, part: _Part) -> float:
        """The most that efficiency saves of a part."""
        return 1 - formulas.left_on_site(_left(part.terms), self._left_wide)

    def write(self) -> dict[int, float]:
        """Add the columns, rows and curves; the columns of what efficiency saves, with the most that each can be."""
        most: dict[int, float] = {}
        for term in self._wide:
            self._add_to(self._on_all, self._columns[term.measure], term.fraction.typical)
        for end in self._across:
            self._run_through(end)
        for part in self._parts:
            if part.share > 0 and (part.terms or self._on_all):
                saved = self._saved(part)
                most[saved] = self._most(part)
                self._efficient(saved, part.share)
                for switch in part.switches:
                    self._switched_part(part, switch, saved, most[saved])
            for switch in part.switches:
                self._moved(part, switch)
        if self._counted is not None:
            # What counts is at most the cap, and at most what is saved.
            counted = self._program.column(self._gain, self._cap)
            self._program.row({counted: 1.0, **{at: -value for at, value in self._counted.items()}}, 0.0)
            most[counted] = self._cap
        return most

    def _efficient(self, column: int, part: float) -> None:
        """Count a column as efficiency: under the cap, or straight."""
        if self._counted is None:
            self._program.gain[column] += self._gain * part
        else:
            self._counted[column] = self._counted.get(column, 0.0) + part

    def _run_through(self, end: _Part) -> None:
        """An end use that runs through the others adds to the L of every part: exactly where one measure acts on it."""
        if len(end.terms) == 1:
            only = end.terms[0]
            self._add_to(self._on_all, self._columns[only.measure], end.share * only.fraction.typical)
            return
        logs: dict[int, float] = {}
        for term in end.terms:
            self._add_to(logs, self._columns[term.measure], term.fraction.typical)
        most = -math.log(formulas.left_across(end.share, _left(end.terms)))
        adds = self._program.column(upper=most)
        weight = sum(self._weight(part) for part in self._parts)
        self._program.curves.append(Curve(adds, tuple(logs), tuple(logs.values()), weight, self._off, end.share))
        self._on_all[adds] = 1.0

    @staticmethod
    def _add_to(logs: dict[int, float], column: int, fraction: float) -> None:
        logs[column] = logs.get(column, 0.0) - math.log1p(-fraction)

    def _weight(self, part: _Part) -> float:
        """The most that saving all of a part gains."""
        added = sum(switch.fraction.typical * self._added(switch) for switch in part.switches)
        return part.share * (self._gain + added)

    def _saved(self, part: _Part) -> int:
        """The part of an end use that efficiency saves: at most 1 - exp(-L), or f x where one measure acts."""
        program, saved = self._program, self._program.column()
        logs = dict(self._on_all)
        for term in part.terms:
            self._add_to(logs, self._columns[term.measure], term.fraction.typical)
        column, log = next(iter(logs.items()))
        if len(logs) == 1 and column in self._columns.values():
            program.row({saved: 1.0, column: math.expm1(-log)}, 0.0)
        else:
            program.curves.append(Curve(saved, tuple(logs), tuple(logs.values()), self._weight(part), self._off))
        return saved

    def _switched_part(self, part: _Part, switch: Term, saved: int, most: float) -> None:
        """The switch times the part saved: of what is moved away efficiency saves nothing, but spares what is added."""
        program, taken = self._program, self._columns[switch.measure]
        both = program.column()
        program.row({both: 1.0, taken: -most}, 0.0)
        program.row({both: 1.0, saved: -1.0}, 0.0)
        program.row({saved: 1.0, taken: most, both: -1.0}, most)
        away = part.share * switch.fraction.typical
        self._efficient(both, -away)
        program.gain[both] += away * self._added(switch)

    def _moved(self, part: _Part, switch: Term) -> None:
        """What the switch moves away, and what it adds while nothing is saved."""
        away = part.share * switch.fraction.typical
        moved = self._scale.of_unit(self._ground, switch.addition) * self._amount
        self._program.gain[self._columns[switch.measure]] += away * (moved - self._added(switch))

    def _added(self, switch: Term) -> float:
        """What is lost by what the switch adds, if it moves the whole use of the site."""
        if switch.addition is None:
            return 0.0
        return self._scale.of_unit(switch.addition.ground) * switch.addition.ratio.typical * self._amount


def _left(terms: Iterable[Term]) -> float:
    return formulas.left(term.fraction.typical for term in terms)


def _parts(terms: Iterable[Term]) -> tuple[list[_Part], list[Term], list[_Part]]:
    """The end uses that terms act on and the rest of the site, the terms on all of it, and what runs through it."""
    ends: dict[str, _Part] = {}
    across: dict[str, _Part] = {}
    wide: list[Term] = []
    everywhere: list[Term] = []
    for term in terms:
        if site_wide(term):
            (everywhere if term.switch else wide).append(term)
            continue
        part = (across if term.across else ends).setdefault(term.end_use, _Part(term.share.typical))
        (part.switches if term.switch else part.terms).append(term)
    rest = _Part(max(0.0, 1 - sum(part.share for part in ends.values())))
    for part in (*ends.values(), rest):
        part.switches += everywhere
    return [*ends.values(), rest], wide, list(across.values())


def _umbrellas(
    program: Program, scale: Scale, ready: Calculator, columns: Mapping[str, int], groups: Mapping[Group, list[Term]]
) -> dict[Use, list[int]]:
    """An umbrella counts while no single measure acts on its resource, and nothing at all on what it covers.

    Gives the columns that say that one counts, by resource.
    """
    found: dict[Use, list[int]] = {}
    for (resource, _), terms in groups.items():
        counting: list[int] = []
        for term in terms:
            gain = scale.of_unit(term.ground) * term.ground.amount
            part = formulas.capped(term.share.typical * term.fraction.typical, 1.0, ready.cap_of(term))
            if term.umbrella and gain * part > 0:
                counts = program.column(gain * part)
                program.row({counts: 1.0, columns[term.measure]: -1.0}, 0.0)
                counting.append(counts)
        if not counting:
            continue
        found[resource] = counting
        together = dict.fromkeys(counting, 1.0)
        program.row(together, 1.0)
        for name in dict.fromkeys(_in_the_way(resource, groups)):
            program.row({**together, columns[name]: 1.0}, 1.0)
    return found


def _off(ground: Ground, counting: Mapping[Use, list[int]]) -> tuple[tuple[int, ...], ...]:
    """Groups of umbrellas, of each at most one counts, and then nothing is saved by single measures on the resource."""
    own = tuple(counting.get(ground.resource, ()))
    wider = [tuple(columns) for wide, columns in counting.items() if covers(wide, ground)]
    return tuple((*own, *columns) for columns in wider) or (own,)


def _nothing_beside(
    program: Program, counting: Mapping[Use, list[int]], groups: Mapping[Group, list[Term]],
    saved: Mapping[Group, Mapping[int, float]],
) -> None:  # fmt: skip
    """Where an umbrella counts nothing else is saved: it follows from the rest, but saying it helps the solver."""
    for of, columns in saved.items():
        for group in _off(groups[of][0].ground, counting):
            for column, most in columns.items():
                program.row({**dict.fromkeys(group, most), column: 1.0}, most)


def _in_the_way(resource: Use, groups: Mapping[Group, list[Term]]) -> Iterator[str]:
    for (of, _), terms in groups.items():
        for term in terms:
            if covers(resource, term.ground) or (of == resource and not term.umbrella):
                yield term.measure
