"""Attacks on what is published, by somebody who knows everything but the values. RELIABILITY PRV-29.

Random clusters of 10 to 500 companies, skewed, with up to four snapshots, a cluster that overlaps and a sub-cluster.
The attacker of `attacker.py` solves the linear system and the linear programme, from outside and as an insider. With
only k in force the same attack succeeds. The few populations are audited with plain Python and beside it with the quick
methods of the worker, which must draw the same vectors, meet the same sums and say the same of each group; all others
with the quick ones alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from random import Random
from typing import Final, Self

import numpy as np
import pytest

from assessment.core.aggregates import disclosure, readiness
from assessment.core.aggregates.bounds import Cell
from assessment.core.aggregates.methods import Methods
from assessment.core.aggregates.room import Room
from assessment.core.aggregates.snapshots import Rules
from assessment.core.aggregates.span import Kernel
from assessment.core.aggregates.vanishing import Light, Pairs, Token, Vector
from assessment.core.aggregates.withholding import Withholding
from assessment.core.errors import Refused
from assessment.quick.methods import QUICK
from assessment.quick.room import QuickRoom
from assessment.quick.span import QuickKernel, QuickPairs
from tests.core.attacker import (
    STAGES,
    TABLES,
    Given,
    Group,
    Knowledge,
    Program,
    atoms,
    derivable,
    of_amount,
    of_answered,
    of_counted,
    of_having,
    of_headline,
    of_insider,
    of_practice,
    of_section,
    of_stage,
    size,
    too_near,
)
from tests.core.populations import QUARTER, START, History, World

RULES = Rules()
LARGE = {2, 5, 10, 19, 22, 23}
FEW = sorted({*range(10)} - LARGE)
SOME = sorted({*range(10, 36)} - LARGE)
MANY = [*sorted(LARGE), *range(1000, 2000)]
"""A few dozen populations each time, save the slowest of them, and a thousand with these in the long run."""
SMALL_REGION = 1599
CONTROLS = (4, 7, 9)
SMALL = 12


class Both(Room):
    """The plain one, which asks the quick one as well."""

    def __init__(self, cells: Sequence[Cell], values: Mapping[int, float], top: int, rules: Rules) -> None:
        super().__init__(cells, values, top, rules)
        self._quick = QuickRoom(cells, values, top, rules)
        assert self._quick.atoms == self.atoms

    def is_enough(self, group: int) -> bool:
        said = super().is_enough(group)
        assert self._quick.is_enough(group) is said
        return said


class BothKernels(Kernel):
    """The plain one, which draws from the quick one as well."""

    def __init__(self, rows: Sequence[Sequence[int]], columns: int, count: int) -> None:
        super().__init__(rows, columns, count)
        self._quick = QuickKernel(rows, columns, count)

    def joined(self, columns: Sequence[int]) -> Self:
        made = super().joined(columns)
        # The plain one is itself where the row followed already; it must not lose what it stands beside.
        made._quick = self._quick.joined(columns)
        assert (made._quick is self._quick) is (made is self)
        return made

    def two(self) -> tuple[Vector, Vector]:
        said = super().two()
        assert self._quick.two() == said
        return said


class BothPairs(Pairs):
    """The plain ones, which ask the quick ones as well."""

    def __init__(self, light: Light) -> None:
        super().__init__(light)
        self._quick = QuickPairs(light)

    def met(self) -> set[int]:
        said = super().met()
        assert self._quick.met() == said
        return said

    def tokens_at(self, wanted: Collection[int]) -> Iterator[tuple[tuple[int, Token], tuple[int, Token]]]:
        said = list(super().tokens_at(wanted))
        assert {frozenset(pair) for pair in self._quick.tokens_at(wanted)} == {frozenset(pair) for pair in said}
        return iter(said)


BOTH: Final = Methods(room=Both, kernel=BothKernels, pairs=BothPairs)


def history(seed: int, methods: Methods = BOTH) -> History:
    """What an instance has released about one cluster and its neighbours."""
    draw = Random(seed)  # noqa: S311 - figures for tests
    companies = int(10 * 50 ** draw.random())
    world = World(draw, sectors=draw.randint(2, 14), regions=draw.randint(1, 8), sections=1, practices=1)
    members = [world.company() for _ in range(companies)]
    groups = {"cluster": members}
    if draw.random() < 0.7:
        shared = draw.sample(members, draw.randint(5, max(5, companies // 2)))
        groups["overlapping"] = [*shared, *(world.company() for _ in range(draw.randint(0, companies // 2)))]
    if draw.random() < 0.5:
        sector = draw.choice(members).sector
        groups["part"] = [given for given in members if given.sector == sector]
    made = History(RULES, methods=methods)
    for step in range(draw.randint(1, 4)):
        for name, group in groups.items():
            if name == "cluster" or not step or draw.random() < 0.5:
                try:
                    made.add(world.menu(name), group, START + step * QUARTER)
                except Refused:
                    continue
        members = world.later(members, draw.choice((0.03, 0.1, 0.2)))
        now = {given.contributor: given for given in members}
        groups = {name: [now.get(one.contributor, one) for one in group] for name, group in groups.items()}
        groups["cluster"] = members
    return made


def knowledge(made: History) -> dict[str, Knowledge]:
    """What is published, by variable, as far as anything is."""
    found = {
        "section": of_section(made.published, "s0"),
        "overall": of_section(made.published, "overall"),
        "practice": of_practice(made.published, "p0"),
        "amount": of_amount(made.published, "saving"),
        "answered": of_answered(made.published, "p0"),
        "having": of_having(made.published, "saving"),
        "headline": of_headline(made.published, "s0"),
        **{stage: of_stage(made.published, stage) for stage in STAGES},
        "counted": of_counted(made.published),
    }
    return {name: known for name, known in found.items() if len(known.rows)}


def targets(made: History, known: Knowledge, draw: Random, k: int) -> Iterator[Group]:
    """Groups below k that are worth a linear programme: categories, their ends, whole atoms, and any."""
    place = {unknown: at for at, unknown in enumerate(known.unknowns)}
    for one in made.published:
        for _, kind in TABLES:
            categories: dict[str, list[int]] = defaultdict(list)
            everybody: list[Given] = [*one.members, *one.standings]
            for given in everybody:
                if (given.contributor, given.version) in place:
                    categories[getattr(given, kind)].append(place[given.contributor, given.version])
            for group in categories.values():
                if len(group) <= SMALL:
                    ordered = sorted(group, key=lambda at: float(known.values[at]))
                    yield from (frozenset(ordered[: k - 1]), frozenset(ordered[1 - k :]))
                    yield frozenset(draw.sample(group, min(len(group), k - 1)))
    together = atoms(known)
    for atom in draw.sample(together, min(len(together), 20)):
        ordered = sorted(atom, key=lambda at: -float(known.values[at]))
        yield from (frozenset(ordered[:1]), frozenset(ordered[: k - 1]))
    largest = np.argsort(-known.values)[: k - 1].tolist()
    yield from (frozenset(largest[:1]), frozenset(largest))
    for _ in range(10):
        yield frozenset(draw.sample(range(len(known.unknowns)), min(len(known.unknowns), draw.randint(1, k - 1))))


def near(made: History, known: Knowledge, seed: int, k: int) -> list[Group]:
    """The groups to which the linear programme comes too near."""
    draw, program = Random(seed), Program(known)  # noqa: S311 - figures for tests
    groups = {group for group in targets(made, known, draw, k) if group and size(known, group) < k}
    ordered = sorted(groups, key=sorted)
    return [group for group in ordered if too_near(known, group, program.bounds(group), RULES.p)]


def found(seed: int, methods: Methods = BOTH) -> list[str]:
    """Everything that the attacker learns about one instance, in words."""
    made, learnt = history(seed, methods), []
    draw = Random(seed)  # noqa: S311 - figures for tests
    for name, known in knowledge(made).items():
        insiders = draw.sample(sorted(set(known.companies)), min(2, len(set(known.companies))))
        views = [
            (name, known, RULES.k),
            *((f"{name} as {one}", of_insider(known, one), RULES.k - 1) for one in insiders),
        ]
        for view, seen, k in views:
            learnt += [f"{seed} {view}: follows {sorted(group)}" for group in derivable(seen, k)]
            learnt += [f"{seed} {view}: near {sorted(group)}" for group in near(made, seen, seed, k)]
    return learnt


@pytest.mark.parametrize("seed", FEW)
def test_no_group_below_k_follows_and_no_bound_is_tighter_than_p_per_cent(seed: int) -> None:
    assert found(seed) == []


def test_with_only_k_in_force_the_same_attack_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        disclosure.Audit, "admitted", lambda self, variable, cells, whole, parts, unoffered: set(range(len(cells)))
    )
    assert succeeds("section: follows")
    assert succeeds("follows", "section as c")
    assert succeeds("section: near")
    assert succeeds("counted: follows")


def succeeds(*words: str) -> bool:
    """Whether in one of the first few populations something of this kind is learnt."""
    return any(all(word in line for word in words) for seed in CONTROLS for line in found(seed))


def test_without_the_bounds_the_linear_programme_comes_too_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """The span audit alone keeps groups from following exactly, but not from being nearly known."""
    monkeypatch.setattr(disclosure, "gaps", lambda cell, beside, people, k: iter(()))
    monkeypatch.setattr(Both, "is_enough", lambda self, group: True)
    learnt = [found(seed) for seed in CONTROLS]
    assert not any("follows" in line for lines in learnt for line in lines)
    assert any("near" in line for lines in learnt for line in lines)


def test_a_region_that_is_too_small_to_be_offered_is_not_told_by_all_that_is_shown_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four companies of a sub-cluster, nearly told by cells that they are in and by cells that they are not in."""

    def told() -> list[Group]:
        made = history(SMALL_REGION, QUICK)
        return near(made, knowledge(made)["section"], SMALL_REGION, RULES.k)

    assert told() == []
    monkeypatch.setattr(Withholding, "_brings", lambda self, together, group: bool(together & group))
    assert told() == []
    monkeypatch.setattr(readiness._Releasing, "_unoffered", lambda self, variable, offers: [])
    assert told() != []


@pytest.mark.parametrize("seed", [*SOME, *(pytest.param(seed, marks=pytest.mark.soak) for seed in MANY)])
def test_nor_in_many_more_populations_audited_with_the_quick_methods(seed: int) -> None:
    assert found(seed, QUICK) == []
