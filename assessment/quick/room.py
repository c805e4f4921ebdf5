"""What `core.aggregates.room.Room` proves, reckoned with numpy, which the core may not know: the worker hands it in.

Shape: `QuickRoom(cells, values, top, rules).is_enough(group)`. It takes the very steps of `Room`, whose words explain
them, in arrays: the released cells of ten snapshots are a system of some hundred rows, which plain Python solves in
most of a second and this in some thousandths. A test holds the answers of one against those of the other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from assessment.core.aggregates.bounds import Cell
from assessment.core.aggregates.room import ALLOWED, CENTRING, FLOOR, LONGEST, STEPS, STOP_SHORT, TOO_SLOW
from assessment.core.aggregates.snapshots import Rules
from assessment.core.aggregates.span import bits, mask

Array = NDArray[np.float64]
Whole = NDArray[np.intp]


@dataclass(slots=True)
class _Parts:
    """Unknowns that move together: the atom of each part, how many they are, their value, and what draws them."""

    atom: Whole
    many: Array
    value: Array
    pull: Array
    inside: Array


@dataclass(slots=True)
class _Slack:
    """How far each published sum may fall and rise."""

    low: Array
    high: Array

    @property
    def spread(self) -> Array:
        """The square of how far a sum may move either way."""
        found: Array = np.maximum(np.minimum(self.low, self.high), FLOOR * (self.low + self.high)) ** 2
        return found


@dataclass(frozen=True, slots=True)
class _Split:
    """What `core.aggregates.span.split` gives, in arrays: all unknowns in the order of their atoms, the atom of each,
    where each atom starts, and cells x atoms, a one where an atom is in a cell.
    """

    bits: Whole
    whose: Whole
    starts: Whole
    rows: Array


def _split(cells: Sequence[int]) -> _Split:
    """The largest sets of unknowns that are in the same cells, in the same order as the core has them."""
    width = max((cell.bit_length() for cell in cells), default=0) // 8 + 1
    told = np.frombuffer(b"".join(cell.to_bytes(width, "little") for cell in cells), dtype=np.uint8)
    within = np.unpackbits(told.reshape(len(cells), width), axis=1, bitorder="little")
    used = np.flatnonzero(within.any(axis=0))
    # By the first cell, then by the second, and so on; who is in it comes first.
    keys = 255 - np.packbits(within[:, used], axis=0)
    order = np.lexsort(keys[::-1]) if len(used) else used
    changes = (keys[:, order][:, 1:] != keys[:, order][:, :-1]).any(axis=0)
    starts = np.flatnonzero(np.concatenate(([True], changes))) if len(used) else used
    whose = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(used))))
    return _Split(used[order], whose, starts, within[:, used[order[starts]]].astype(np.float64))


class QuickRoom:
    """The cells that are, or would be, published of one variable; see `core.aggregates.room.Room`."""

    def __init__(self, cells: Sequence[Cell], values: Mapping[int, float], top: int, rules: Rules) -> None:
        self._top, self._p = top, rules.p
        found = _split([cell.members for cell in cells])
        self.atoms = [mask(each.tolist()) for each in np.split(found.bits, found.starts[1:])] if len(found.bits) else []
        self._counted = sum(self.atoms)
        given = np.array([values.get(bit, np.nan) for bit in found.bits.tolist()])
        # Of whole points, so that it does not matter in which order they are added up.
        sums = np.bincount(found.whose, given, len(found.starts))
        unknown = np.isnan(sums)
        known = np.flatnonzero(~unknown)
        at_hand = ~unknown[found.whose]
        place = (np.cumsum(~unknown) - 1)[found.whose]
        self._place = dict(zip(found.bits[at_hand].tolist(), place[at_hand].tolist(), strict=True))
        # In the order of rows: in another one the last digits of all that follows are others.
        self._rows: Array = np.ascontiguousarray(found.rows[:, known])
        many = np.bincount(found.whose, minlength=len(found.starts))[known].astype(np.float64)
        nothing = np.zeros(len(known))
        self._parts = _Parts(np.arange(len(known)), many, sums[known] / many, nothing, nothing)
        totals, whole = self._rows @ sums[known], ~found.rows[:, unknown].any(axis=1)
        low, high = (np.array([getattr(cell, end) for cell in cells], dtype=np.float64) for end in ("low", "high"))
        self._slack = _Slack(*(np.where(whole, np.maximum(far, 0.0), 0.0) for far in (totals - low, high - totals)))
        self._off_the_ends()
        value = self._parts.value
        self._weights: Array = np.minimum(value, top - value) ** 2
        spreads: Array = np.minimum(self._slack.low, self._slack.high) ** 2
        self._inverse = np.linalg.inv(self._system(many * self._weights, spreads))

    @cached_property
    def _floored(self) -> Array:
        found = np.linalg.inv(self._heavy(self._parts, self._slack))
        return found.astype(np.float64, copy=False)

    def is_enough(self, group: int) -> bool:
        """Whether the sum of a group is proved to be open over p % of what was possible before."""
        free = (group & ~self._counted).bit_count()
        target = self._top * (self._p * group.bit_count() / 100 - free)
        if target <= 0:
            return True
        places = [self._place.get(bit) for bit in bits(group & self._counted)]
        if None in places:
            return False
        chosen = np.array(places, dtype=np.intp)
        weights = self._weights[chosen]
        right = self._rows[:, chosen] @ weights
        if 2 * np.sqrt(max(weights.sum() - right @ (self._inverse @ right), 0.0)) >= target:
            return True
        parts = self._divided(chosen)
        speeds, sums = self._direction(parts, self._slack, self._floored.__matmul__)
        ways = sum(self._step(parts, speeds, sums, self._slack, sign) for sign in (1, -1))
        if _gain(parts, speeds) * ways >= target:
            return True
        up = self._far(parts, 1, target)
        return up >= target or up + self._far(parts, -1, target - up) >= target

    def _off_the_ends(self) -> None:
        """Newton's steps towards the middle of all that may be: from an end of the scale nothing could move."""
        parts, top = self._parts, self._top
        for _ in range(CENTRING):
            low, high, both = self._slack.low, self._slack.high, self._slack.low + self._slack.high
            parts.pull = 1 / np.maximum(parts.value, FLOOR * top) - 1 / np.maximum(top - parts.value, FLOOR * top)
            wide = both > 0
            turns = np.zeros(len(both))
            turns[wide] = 1 / np.maximum(low, FLOOR * both)[wide] - 1 / np.maximum(high, FLOOR * both)[wide]
            solved = partial(np.linalg.solve, self._heavy(parts, self._slack))
            speeds, sums = self._direction(parts, self._slack, solved, turns)
            step = min(1.0, STOP_SHORT * self._step(parts, speeds, sums, self._slack, 1))
            self._slack = self._moved(parts, speeds, sums, self._slack, step)

    def _divided(self, chosen: Whole) -> _Parts:
        """The parts with those of a group apart; what pulls is the group alone."""
        inside = np.bincount(chosen, minlength=len(self._parts.many)).astype(np.float64)
        left = self._parts.many - inside
        within, outside = np.flatnonzero(inside), np.flatnonzero(left)
        atom = np.concatenate((within, outside))
        many = np.concatenate((inside[within], left[outside]))
        pull = np.concatenate((np.ones(len(within)), np.zeros(len(outside))))
        return _Parts(atom, many, self._parts.value[atom], pull, pull)

    def _weighed(self, value: Array) -> Array:
        """The square of how far each part is from the nearer end of the scale."""
        found: Array = np.maximum(np.minimum(value, self._top - value), FLOOR * self._top) ** 2
        return found

    def _heavy(self, parts: _Parts, slack: _Slack) -> Array:
        return self._system(self._by_atom(parts, parts.many * self._weighed(parts.value)), slack.spread)

    def _system(self, whole: Array, spreads: Array) -> Array:
        """A C^2 A' + S^2, with a little on the diagonal against rows that repeat others; `whole` is by atom."""
        scaled = self._rows * np.sqrt(whole)
        system: Array = scaled @ scaled.T
        diagonal = system.diagonal() + spreads
        np.fill_diagonal(system, diagonal + 1e-9 * (1 + diagonal))
        return system

    def _direction(
        self, parts: _Parts, slack: _Slack, solved: Callable[[Array], Array], turns: Array | float = 0.0
    ) -> tuple[Array, Array]:
        """How fast each part, and each cell's sum, changes; `turns` is what pulls at the sums."""
        weights, spread = self._weighed(parts.value), slack.spread
        drawn = self._by_atom(parts, parts.many * weights * parts.pull)
        solution = solved(self._rows @ drawn - spread * turns)
        speeds = weights * (parts.pull - (solution @ self._rows)[parts.atom])
        return speeds, self._rows @ self._by_atom(parts, parts.many * speeds)

    def _by_atom(self, parts: _Parts, each: Array) -> Array:
        found: Array = np.bincount(parts.atom, each, len(self._parts.many)).astype(np.float64, copy=False)
        return found

    def _step(self, parts: _Parts, speeds: Array, sums: Array, slack: _Slack, sign: int) -> float:
        """How long one may go in a direction before the first end is met."""
        longest, least = LONGEST, ALLOWED * self._top
        for rates, below, above in (
            (sign * speeds, parts.value, self._top - parts.value),
            (sign * sums, np.maximum(slack.low, least), np.maximum(slack.high, least)),
        ):
            up, down = rates > 0, rates < 0
            longest = float((above[up] / rates[up]).min(initial=longest))
            longest = float((below[down] / -rates[down]).min(initial=longest))
        return longest

    def _moved(self, parts: _Parts, speeds: Array, sums: Array, slack: _Slack, step: float) -> _Slack:
        """Goes so far: changes the values of the parts, and gives what is left to the ends of the rounding."""
        parts.value = np.clip(parts.value + step * speeds, 0.0, float(self._top))
        return _Slack(np.maximum(slack.low + step * sums, 0.0), np.maximum(slack.high - step * sums, 0.0))

    def _far(self, parts: _Parts, sign: int, target: float) -> float:
        """How far the group's sum gets in several steps to one side; each starts where the last one ended."""
        here = _Parts(parts.atom, parts.many, parts.value, parts.pull, parts.inside)
        slack, gone = self._slack, 0.0
        for at in range(STEPS):
            # Parts that are divided weigh as they did together.
            solved = partial(np.linalg.solve, self._heavy(here, slack)) if at else self._floored.__matmul__
            speeds, sums = self._direction(here, slack, solved)
            step = STOP_SHORT * self._step(here, speeds, sums, slack, sign)
            gain = step * _gain(here, speeds)
            gone += max(gain, 0.0)
            if gone >= target or gain <= TOO_SLOW * self._top:
                break
            slack = self._moved(here, speeds, sums, slack, sign * step)
        return gone


def _gain(parts: _Parts, speeds: Array) -> float:
    return float((parts.many * speeds) @ parts.inside)
