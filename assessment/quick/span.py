"""What `core.aggregates.span` asks of the row space, reckoned with numpy, which the core may not know.

Shape: `QuickKernel(rows, columns, count)` draws the very vectors of `span.Kernel`, number for number, and
`QuickPairs(light)` meets the very sums of `vanishing.Pairs`, whose words explain both. All is whole numbers modulo
PRIME, here of 64 bits. Tests hold what one gives against what the other gives.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from assessment.core.aggregates.span import SEED
from assessment.core.aggregates.vanishing import HALF, PRIME, Light, Token, Vector

Numbers = NDArray[np.uint64]
Places = NDArray[np.int64]
Ones = NDArray[np.float64]

AT_ONCE: Final = 1 << 18
"""About how many pairs are met at one time, in some 20 MB: what a processor keeps near is met soonest."""

_P: Final = np.uint64(PRIME)
_SHIFT, _HIGH, _ALL = np.uint64(31), np.uint64(30), np.uint64(61)
_LOW: Final = np.uint64((1 << 31) - 1)
_LOWER: Final = np.uint64((1 << 30) - 1)


def reduced(numbers: Numbers) -> Numbers:
    """Any numbers of 64 bits modulo PRIME: what is above bit 61 counts once more below."""
    folded: Numbers = (numbers & _P) + (numbers >> _ALL)
    np.subtract(folded, _P, out=folded, where=folded >= _P)
    return folded


def times(one: Numbers, other: Numbers | np.uint64) -> Numbers:
    """The products modulo PRIME of numbers below it, by halves of 31 bits: 2^62 is 2 there, and 2^61 is 1."""
    high, low = one >> _SHIFT, one & _LOW
    above, below = other >> _SHIFT, other & _LOW
    middle = high * below + low * above
    found = high * above
    found <<= np.uint64(1)
    found += middle >> _HIGH
    found += (middle & _LOWER) << _SHIFT
    # Below 2^61 + 2^33 + 2^61 so far.
    found += low * below
    return reduced(found)


def _summed(ones: Ones, numbers: Numbers) -> Numbers:
    """The matrix product of zeros and ones with numbers, modulo PRIME.

    Halves of 31 bits add up without rounding in the 53 bits of a float, for as long as there are fewer than 2^22.
    """
    high, low = (
        (ones @ half.astype(np.float64)).astype(np.uint64) for half in (numbers >> _SHIFT, numbers & _LOW)
    )  # fmt: skip
    return reduced(times(reduced(high), np.uint64(1 << 31)) + low)


class QuickKernel:
    """Random vectors that are orthogonal to all rows; see `core.aggregates.span.Kernel`."""

    def __init__(self, rows: Sequence[Sequence[int]], columns: int, count: int) -> None:
        random = Random(SEED)  # noqa: S311 - no secret; see SEED
        weights = np.array([random.randrange(1, PRIME) for _ in range(columns)], dtype=np.uint64)
        drawn = np.array([[random.randrange(PRIME) for _ in range(columns)] for _ in range(count)], dtype=np.uint64)
        drawn = times(drawn, weights)
        ones = np.zeros((len(rows), columns))
        for number, row in enumerate(rows):
            ones[number, list(row)] = 1
        system = np.hstack((_summed(ones, np.where(ones.T, weights[:, None], np.uint64(0))), _summed(ones, drawn.T)))
        shares = _summed(ones.T, _solved(system))
        self._vectors: Numbers = reduced(drawn + (_P - times(shares.T, weights)))

    def joined(self, columns: Sequence[int]) -> Self:
        """The same, orthogonal to one more row as well: one vector fewer."""
        sums = _summed(np.ones((1, len(columns))), self._vectors[:, list(columns)].T)[0]
        places = np.flatnonzero(sums)
        if not len(places):
            return self
        at = int(places[0])
        factors = times(sums, np.uint64(pow(int(sums[at]), -1, PRIME)))
        less = times(factors[:, None], self._vectors[at])
        made = type(self).__new__(type(self))
        made._vectors = np.delete(reduced(self._vectors + (_P - less)), at, axis=0)
        return made

    def two(self) -> tuple[Vector, Vector]:
        """Two of the vectors, to test with."""
        one, two = self._vectors[:2].tolist()
        return one, two


def _solved(system: Numbers) -> Numbers:
    """Gauss's elimination modulo PRIME of a symmetric system with its right sides; repeated rows count nothing."""
    size = len(system)
    pivots = []
    for at in range(size):
        if not system[at, at]:
            continue
        pivots.append(at)
        tail = system[at, at:] = times(system[at, at:], np.uint64(pow(int(system[at, at]), -1, PRIME)))
        below = at + 1 + np.flatnonzero(system[at + 1 :, at])
        less = times(system[below, at][:, None], tail)
        system[below, at:] = reduced(system[below, at:] + (_P - less))
    solution = np.zeros((size, system.shape[1] - size), dtype=np.uint64)
    for at in reversed(pivots):
        parts = times(system[at, at + 1 : size][:, None], solution[at + 1 :])
        taken = _summed(np.ones((1, len(parts))), parts)[0]
        solution[at] = reduced(system[at, size:] + (_P - taken))
    return solution


class QuickPairs:
    """All pairs of tokens that have no atom in common; see `core.aggregates.vanishing.Pairs`."""

    def __init__(self, light: Light) -> None:
        self._light = sorted(light, key=lambda each: each[0])
        self._values = np.array([value for value, _ in self._light], dtype=np.int64)
        self._plus = np.array([token.plus for _, token in self._light], dtype=np.int64)
        self._minus = np.array(
            [token.plus if token.minus is None else token.minus for _, token in self._light], dtype=np.int64
        )

    def met(self) -> set[int]:
        """The sums that are a number, a difference or the negative of another sum; here a number is its negative."""
        many = len(self._values)
        portions = 1 + many * many // 2 // AT_ONCE
        ends = [(HALF + 1) * at // portions for at in range(portions + 1)]
        found: set[int] = set()
        for low, high in pairwise(ends):
            found.update(self._met_between(low, high))
        return found

    def _met_between(self, low: int, high: int) -> list[int]:
        """Those of which the smaller of number and negative is from `low` to below `high`.

        Each is told by that smaller one, with two bits below it for what it is: a sum, the negative of a sum, or a
        number or difference. One that meets is followed by itself as something else once all are in order.
        """
        values = self._values
        alone = np.minimum(values, PRIME - values)
        keys = [alone[(low <= alone) & (alone < high)] << 2 | 2]
        turned_low, turned_high = PRIME - high + 1, PRIME - max(low, 1) + 1
        for over in (0, PRIME):
            one, other = self._apart(over + low - values, over + high - values)
            keys.append(values[one] + values[other] - over << 2)
            one, other = self._apart(over + turned_low - values, over + turned_high - values)
            keys.append(over + PRIME - values[one] - values[other] << 2 | 1)
        one, other = self._apart(values + low, values + high)
        keys.append(values[other] - values[one] << 2 | 2)
        one, other = self._apart(values + turned_low, values + turned_high)
        keys.append(PRIME - values[other] + values[one] << 2 | 2)
        together = np.concatenate(keys)
        together.sort()
        before, after = together[:-1], together[1:]
        met: list[int] = (before[(before >> 2 == after >> 2) & (before != after)] >> 2).tolist()
        return met

    def _apart(self, least: Places, most: Places) -> tuple[Places, Places]:
        """The places of each number and of each later one from `least` to below `most`, unless they share an atom."""
        starts = np.maximum(np.searchsorted(self._values, least), np.arange(1, len(least) + 1))
        return self._without_shared(*_each_with(starts, np.searchsorted(self._values, most)))

    def _without_shared(self, one: Places, other: Places) -> tuple[Places, Places]:
        apart = np.ones(len(one), dtype=bool)
        for first in (self._plus, self._minus):
            chosen = first[one]
            for second in (self._plus, self._minus):
                apart &= chosen != second[other]
        return one[apart], other[apart]

    def tokens_at(self, wanted: Collection[int]) -> Iterator[tuple[tuple[int, Token], tuple[int, Token]]]:
        """The pairs whose sum or difference is among some numbers, which hold the negative of each as well."""
        values = self._values
        found: set[tuple[int, int]] = set()
        for number in wanted:
            # A difference is the negative of one the other way round, and that is wanted too.
            for sought in ((number - values) % PRIME, (values - number) % PRIME):
                starts, ends = (np.searchsorted(values, sought, side) for side in ("left", "right"))
                one, other = self._without_shared(*_each_with(starts, ends))
                found.update(zip(np.minimum(one, other).tolist(), np.maximum(one, other).tolist(), strict=True))
        for first, second in sorted(found):
            yield self._light[first], self._light[second]


def _each_with(starts: Places, ends: Places) -> tuple[Places, Places]:
    """The place of each stretch beside every place that it goes over."""
    many = np.maximum(ends - starts, 0)
    whose = np.repeat(np.arange(len(starts)), many)
    within = np.arange(len(whose)) - np.repeat(np.cumsum(many) - many, many)
    return whose, starts[whose] + within
