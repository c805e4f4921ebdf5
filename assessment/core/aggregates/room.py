"""How far the values of a small group may differ from the true ones while everything published stays as it is.

Shape: `Room(cells, values, top, rules).is_enough(group)`.

Several equations together can come near to a group from two sides, though none does alone. Whether they do is a
linear programme; to be safe it is enough to show two solutions of it that lie far apart. From the true values this
module goes in the direction in which the group's sum rises fastest and nothing published changes, as far as the ends of
the scale and of the rounding allow, and back the other way. What it finds is a proof. Where it finds too little, the
group counts as in danger, and one cell less is shown.

The direction is that of affine scaling (I. I. Dikin, 1967): with C the distance of each value from the nearer end of
the scale, S that of each published sum from the nearer end of its rounding, and A the cells x unknowns,

    d = (C^-2 + A' S^-2 A)^-1 e = C^2 (e - A' y)    with    (A C^2 A' + S^2) y = A C^2 e

where e is the group's indicator. Values that are not at hand do not move. Companies that are always in the same cells
are taken to have their mean: that changes no published sum, and keeps off the ends of the scale.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import sqrt
from operator import mul
from typing import Final, Protocol

from assessment.core.aggregates.bounds import Cell
from assessment.core.aggregates.snapshots import Rules
from assessment.core.aggregates.span import bits, split

SMALL_CELL: Final = 12
"""In cells of up to so many companies each way to choose k - 1 of them is looked at, as far as they differ."""

STEPS: Final = 8
STOP_SHORT: Final = 0.9
"""Of the way to the nearest end that a step takes, so that the next one has room."""

CENTRING: Final = 8
"""Newton's steps that are made to get off the ends of the scale."""

FLOOR: Final = 0.01
"""The part of a scale, or of a rounding, that even what lies at an end of it is taken to be away from that end."""

LONGEST: Final = 1e9

TOO_SLOW: Final = 1e-7
"""The part of the scale below which a step is none."""

ALLOWED: Final = 1e-6
"""The part of the scale by which a published sum may move that should not, as the last digits of a float have it. What
moves by more is no solution: where equations repeat each other, the system that gives the direction is solved badly.
"""

Matrix = list[list[float]]


Ends = tuple[float, float]
"""How far a published sum may fall and rise."""


@dataclass(slots=True)
class _Part:
    """Unknowns that move together: of one atom, inside the group that is looked at or not. `pull` is what draws it."""

    rows: Sequence[int]
    many: int
    value: float
    pull: float = 0.0
    inside: bool = False


class Prover(Protocol):
    """What proves that groups are open enough, of the cells of one variable; `atoms` are those of the cells."""

    atoms: list[int]

    def is_enough(self, group: int) -> bool:
        """Whether the sum of a group is proved to be open over p % of what was possible before."""


class MakesProver(Protocol):
    """Makes one of them: `Room`, or what takes the same steps quicker than plain Python can."""

    def __call__(self, cells: Sequence[Cell], values: Mapping[int, float], top: int, rules: Rules) -> Prover: ...


class Room:
    """The cells that are, or would be, published of one variable; `values` by bit, `top` is the end of the scale."""

    def __init__(self, cells: Sequence[Cell], values: Mapping[int, float], top: int, rules: Rules) -> None:
        self._top, self._rules, self._many = top, rules, len(cells)
        atoms = split([cell.members for cell in cells])
        self.atoms = [atom for atom, _ in atoms]
        self._counted = sum(self.atoms)
        known = [(atom, rows) for atom, rows in atoms if all(bit in values for bit in bits(atom))]
        self._atoms = [atom for atom, _ in known]
        self._parts = [
            _Part(rows, atom.bit_count(), sum(values[bit] for bit in bits(atom)) / atom.bit_count())
            for atom, rows in known
        ]
        self._slack = [slack_of(cell, values) for cell in cells]
        self._off_the_ends()
        self._place = {bit: at for at, atom in enumerate(self._atoms) for bit in bits(atom)}
        # The weights are the same for all groups, so the long part of the work is done once.
        self._weights = [min(part.value, top - part.value) ** 2 for part in self._parts]
        self._factor = _factor(self._system(self._parts, self._weights, [min(ends) ** 2 for ends in self._slack]))

    @cached_property
    def _floored(self) -> Matrix:
        return self._factored(self._parts, self._slack)

    def is_enough(self, group: int) -> bool:
        """Whether the sum of a group is proved to be open over p % of what was possible before.

        Seen at once from the ellipsoid that lies inside all ends: in it the sum goes e' d either way, less its root.
        """
        # What no cell counts may be anything.
        free = (group & ~self._counted).bit_count()
        target = self._top * (self._rules.p * group.bit_count() / 100 - free)
        if target <= 0:
            return True
        group &= self._counted
        places = [self._place.get(bit) for bit in bits(group)]
        right, gain = [0.0] * self._many, 0.0
        for place in places:
            if place is None:
                return False
            gain += self._weights[place]
            for row in self._parts[place].rows:
                right[row] += self._weights[place]
        half = _forward(self._factor, right)
        if 2 * sqrt(max(gain - sum(map(mul, half, half)), 0.0)) >= target:
            return True
        parts = self._divided(group)
        speeds, sums = self._direction(parts, self._floored, self._slack)
        straight = _gain(parts, speeds) * sum(self._step(parts, speeds, sums, self._slack, sign) for sign in (1, -1))
        if straight >= target:
            return True
        up = self._far(parts, 1, target)
        return up >= target or up + self._far(parts, -1, target - up) >= target

    def _off_the_ends(self) -> None:
        """Newton's steps towards the middle of all that may be: from an end of the scale nothing could move."""
        for _ in range(CENTRING):
            factor = self._factored(self._parts, self._slack)
            pulls = [1 / self._inner(part.value) - 1 / self._inner(self._top - part.value) for part in self._parts]
            for part, pull in zip(self._parts, pulls, strict=True):
                part.pull = pull
            turns = [
                0.0 if not low + high else 1 / _inner(low, high) - 1 / _inner(high, low) for low, high in self._slack
            ]
            speeds, sums = self._direction(self._parts, factor, self._slack, turns)
            step = min(1.0, STOP_SHORT * self._step(self._parts, speeds, sums, self._slack, 1))
            self._slack = self._moved(self._parts, speeds, sums, self._slack, step)

    def _inner(self, distance: float) -> float:
        return max(distance, FLOOR * self._top)

    def _divided(self, group: int) -> list[_Part]:
        """The parts with those of a group apart; what pulls is the group alone."""
        parts = []
        for atom, part in zip(self._atoms, self._parts, strict=True):
            inside = (atom & group).bit_count()
            if inside:
                parts.append(_Part(part.rows, inside, part.value, 1.0, True))
            if part.many > inside:
                parts.append(_Part(part.rows, part.many - inside, part.value))
        return parts

    def _weighed(self, parts: Sequence[_Part]) -> list[float]:
        """The square of how far each part is from the nearer end of the scale."""
        top, floor = self._top, FLOOR * self._top
        return [max(min(part.value, top - part.value), floor) ** 2 for part in parts]

    def _factored(self, parts: Sequence[_Part], slack: Sequence[Ends]) -> Matrix:
        return _factor(self._system(parts, self._weighed(parts), [_spread(ends) for ends in slack]))

    def _system(self, parts: Sequence[_Part], weights: Sequence[float], spreads: Sequence[float]) -> Matrix:
        """The lower half of A C^2 A' + S^2, with a little on the diagonal against rows that repeat others."""
        system = [[0.0] * self._many for _ in range(self._many)]
        for part, weight in zip(parts, weights, strict=True):
            whole = part.many * weight
            for at, one in enumerate(part.rows):
                line = system[one]
                for other in part.rows[: at + 1]:
                    line[other] += whole
        for at, spread in enumerate(spreads):
            system[at][at] += spread + 1e-9 * (1 + system[at][at])
        return system

    def _direction(
        self, parts: Sequence[_Part], factor: Matrix, slack: Sequence[Ends], turns: Sequence[float] = ()
    ) -> tuple[list[float], list[float]]:
        """How fast each part, and each cell's sum, changes; `turns` is what pulls at the sums."""
        right = (
            [-_spread(ends) * turn for ends, turn in zip(slack, turns, strict=True)] if turns else [0.0] * self._many
        )
        weights = self._weighed(parts)
        for part, weight in zip(parts, weights, strict=True):
            if part.pull:
                for row in part.rows:
                    right[row] += part.many * weight * part.pull
        solution = _solved(factor, right)
        told = solution.__getitem__
        speeds = [weight * (part.pull - sum(map(told, part.rows))) for part, weight in zip(parts, weights, strict=True)]
        sums = [0.0] * self._many
        for part, speed in zip(parts, speeds, strict=True):
            for row in part.rows:
                sums[row] += part.many * speed
        return speeds, sums

    def _step(
        self, parts: Sequence[_Part], speeds: Sequence[float], sums: Sequence[float], slack: Sequence[Ends], sign: int
    ) -> float:
        """How long one may go in a direction before the first end is met."""
        longest = LONGEST
        for part, speed in zip(parts, speeds, strict=True):
            if (rate := sign * speed) > 0:
                longest = min(longest, (self._top - part.value) / rate)
            elif rate < 0:
                longest = min(longest, part.value / -rate)
        least = ALLOWED * self._top
        for (low, high), speed in zip(slack, sums, strict=True):
            if rate := sign * speed:
                longest = min(longest, max(high, least) / rate if rate > 0 else max(low, least) / -rate)
        return longest

    def _moved(
        self, parts: Sequence[_Part], speeds: Sequence[float], sums: Sequence[float], slack: Sequence[Ends], step: float
    ) -> list[Ends]:
        """Goes so far: changes the values of the parts, and gives what is left to the ends of the rounding."""
        for part, speed in zip(parts, speeds, strict=True):
            part.value = min(max(part.value + step * speed, 0.0), float(self._top))
        return [
            (max(low + step * speed, 0.0), max(high - step * speed, 0.0))
            for (low, high), speed in zip(slack, sums, strict=True)
        ]

    def _far(self, parts: Sequence[_Part], sign: int, target: float) -> float:
        """How far the group's sum gets in several steps to one side; each starts where the last one ended."""
        here = [_Part(part.rows, part.many, part.value, part.pull, part.inside) for part in parts]
        slack, gone = self._slack, 0.0
        for at in range(STEPS):
            # Parts that are divided weigh as they did together.
            factor = self._factored(here, slack) if at else self._floored
            speeds, sums = self._direction(here, factor, slack)
            step = STOP_SHORT * self._step(here, speeds, sums, slack, sign)
            gain = step * _gain(here, speeds)
            gone += max(gain, 0.0)
            if gone >= target or gain <= TOO_SLOW * self._top:
                break
            slack = self._moved(here, speeds, sums, slack, sign * step)
        return gone


def _gain(parts: Sequence[_Part], speeds: Sequence[float]) -> float:
    return sum(part.many * speed for part, speed in zip(parts, speeds, strict=True) if part.inside)


def slack_of(cell: Cell, values: Mapping[int, float]) -> Ends:
    """How far the sum of a cell may fall and rise within its rounding; nothing where a value is not at hand."""
    known = [values[bit] for bit in bits(cell.members) if bit in values]
    if len(known) < cell.members.bit_count():
        return 0.0, 0.0
    return max(0.0, sum(known) - cell.low), max(0.0, cell.high - sum(known))


def _inner(distance: float, other: float) -> float:
    return max(distance, FLOOR * (distance + other))


def _spread(ends: Ends) -> float:
    """The square of how far a sum may move either way."""
    return max(min(ends), FLOOR * sum(ends)) ** 2


def groups_at_risk(cells: Collection[int], atoms: Sequence[int], values: Mapping[int, float], k: int) -> Iterator[int]:
    """The groups below k that are looked at: parts of small cells, both ends of each cell, and whole small atoms.

    `cells` are all that were offered, withheld ones included: these are what somebody would like to know.
    """
    seen: set[int] = set()
    for cell in cells:
        ordered = sorted((bit for bit in bits(cell) if bit in values), key=values.__getitem__)
        for end in (ordered[: k - 1], ordered[1 - k :]):
            group = sum(1 << bit for bit in end)
            if group and group not in seen:
                seen.add(group)
                yield group
        many = cell.bit_count()
        if many < k:
            found: Iterator[int] = iter((cell,))
        elif many <= SMALL_CELL:
            found = _choices([part for atom in atoms if (part := atom & cell)], k - 1)
        else:
            continue
        for group in found:
            if group and group not in seen:
                seen.add(group)
                yield group
    for atom in atoms:
        if atom.bit_count() < k and atom not in seen:
            yield atom


def _choices(parts: Sequence[int], size: int) -> Iterator[int]:
    """The ways to choose so many unknowns of a cell that differ: which ones of an atom makes no difference."""
    unknowns = [(at, bit) for at, part in enumerate(parts) for bit in bits(part)]
    seen: set[tuple[int, ...]] = set()
    for chosen in combinations(unknowns, size):
        kinds = tuple(at for at, _ in chosen)
        if kinds not in seen:
            seen.add(kinds)
            yield sum(1 << bit for _, bit in chosen)


def _factor(system: Matrix) -> Matrix:
    """Cholesky's lower triangle of a positive definite matrix, of which the lower half is read."""
    lower: Matrix = []
    for at, line in enumerate(system):
        row: list[float] = []
        for column in range(at):
            other = lower[column]
            row.append((line[column] - sum(map(mul, row, other))) / other[column])
        row.append(sqrt(max(line[at] - sum(map(mul, row, row)), 1e-12)))
        lower.append(row)
    return lower


def _forward(lower: Matrix, right: Sequence[float]) -> list[float]:
    """The first half of solving by a triangle."""
    found: list[float] = []
    for row, value in zip(lower, right, strict=True):
        found.append((value - sum(map(mul, row, found))) / row[-1])
    return found


def _solved(lower: Matrix, right: Sequence[float]) -> list[float]:
    """The solution of the system that a triangle was made of."""
    solution = _forward(lower, right)
    for at in range(len(lower) - 1, -1, -1):
        row = lower[at]
        solution[at] /= row[-1]
        value = solution[at]
        for column in range(at):
            solution[column] -= row[column] * value
    return solution
