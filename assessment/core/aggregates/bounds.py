"""How near one comes to a small group from what is published: the other half of disclosure control, beside `span`.

Shape: a `Cell` is a published sum as an equation with its rounding; `gaps` gives the equations that follow from a new
cell together with those before it; `narrow` says of one equation about points, and `dominated` of one about amounts,
whether it says too much about a group below k.

An equation is a sum of some values ("plus") less a sum of others ("minus") that is known to lie between two bounds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from assessment.core.aggregates.snapshots import WITHHELD, Figure, Rules
from assessment.core.aggregates.span import People, bits


@dataclass(frozen=True, slots=True)
class Cell:
    """The values of `members` (an int with one bit for each unknown) add up to between `low` and `high`.

    `figure` is what is shown of it.
    """

    members: int
    low: float
    high: float
    figure: Figure = WITHHELD


@dataclass(frozen=True, slots=True)
class Gap:
    """The values of `plus` less those of `minus` lie between `low` and `high`."""

    plus: int
    minus: int
    low: float
    high: float

    def turned(self) -> "Gap":
        """The same equation, read from the other side."""
        return Gap(self.minus, self.plus, -self.high, -self.low)


def between(one: Cell, others: Sequence[Cell]) -> Gap:
    """What a cell says less others that have no unknown in common."""
    union = 0
    low, high = one.low, one.high
    for other in others:
        union |= other.members
        low, high = low - other.high, high - other.low
    return Gap(one.members & ~union, union & ~one.members, low, high)


def gaps(cell: Cell, beside: Sequence[Cell], people: People, k: int) -> Iterator[Gap]:
    """The equations that a cell makes: alone, less each cell that it overlaps, and less two that are (nearly) parts.

    And the other way round: what is left of each cell that it is (nearly) a part of, also with another part taken off.
    A part is nearly one if fewer than k companies of it lie outside.
    """
    yield Gap(cell.members, 0, cell.low, cell.high)
    overlapping = [other for other in beside if other.members & cell.members and other.members != cell.members]
    for other in overlapping:
        yield between(cell, [other])
    parts = [other for other in overlapping if people.fewer_than(k, other.members & ~cell.members)]
    for one, two in combinations(parts, 2):
        if not one.members & two.members:
            yield between(cell, [one, two])
    for whole in overlapping:
        if people.fewer_than(k, cell.members & ~whole.members):
            for other in beside:
                if not other.members & cell.members and people.fewer_than(k, other.members & ~whole.members):
                    yield between(whole, [cell, other])


class Points:
    """The bounds on values from 0 to `top`, with what insiders know: `values` by bit, as far as they are at hand."""

    def __init__(self, top: int, values: Mapping[int, float], people: People, rules: Rules) -> None:
        self._top, self._values, self._people, self._rules = top, values, people, rules

    def tells(self, gap: Gap) -> bool:
        """Whether an equation says too much about a group below k, to anybody or to one company that is counted."""
        plus, minus = gap.plus.bit_count(), gap.minus.bit_count()
        if self._is_open(gap, plus, minus):
            return False
        return self._narrow(gap.low, gap.high, plus, minus) or any(
            self._narrow(gap.low - shift, gap.high - shift, plus - of_plus, minus - of_minus, 1)
            for shift, of_plus, of_minus in self._insiders(gap)
        )

    def _is_open(self, gap: Gap, plus: int, minus: int) -> bool:
        """A quick yes where so much is open that no insider can change it."""
        room = self._top * (self._rules.k + 1)
        return gap.high + self._top * minus >= room and self._top * plus - gap.low >= room

    def _narrow(self, low: float, high: float, plus: int, minus: int, known: int = 0) -> bool:
        top, rules = self._top, self._rules
        return narrow(low, high, plus, minus, top, rules, known) or narrow(-high, -low, minus, plus, top, rules, known)

    def _insiders(self, gap: Gap) -> Iterator[tuple[float, int, int]]:
        """What each company takes out of the equation that is its own: value, unknowns of plus, unknowns of minus.

        Where a value is not at hand, both ends of the scale are tried: the bounds are widest in between.
        """
        of_company: dict[int, tuple[int, int]] = {}
        for sign, cell in ((0, gap.plus), (1, gap.minus)):
            for bit in bits(cell):
                company = self._people.company[bit]
                plus, minus = of_company.get(company, (0, 0))
                of_company[company] = (plus | 1 << bit, minus) if not sign else (plus, minus | 1 << bit)
        for plus, minus in of_company.values():
            shifts = {0.0}
            for sign, cell in ((1, plus), (-1, minus)):
                for bit in bits(cell):
                    known = self._values.get(bit)
                    ends = (0.0, float(self._top)) if known is None else (known,)
                    shifts = {shift + sign * end for shift in shifts for end in ends}
            for shift in sorted(shifts):
                yield shift, plus.bit_count(), minus.bit_count()


def narrow(low: float, high: float, plus: int, minus: int, top: int, rules: Rules, known: int = 0) -> bool:
    """Whether `low <= sum of plus values - sum of minus values <= high`, all from 0 to `top`, says too much.

    It does if for some group below k among the `plus` ones the interval left open is narrower than p % of what was
    possible before. `known` counts insiders, whose values have been taken out: that many fewer are protected.
    """
    for size in range(1, min(rules.k - 1 - known, plus) + 1):
        most = min(top * size, high + top * minus)
        least = max(0.0, low - top * (plus - size))
        if 100 * (most - least) < rules.p * top * size:
            return True
    return False


def dominated(values: Collection[float], rules: Rules) -> bool:
    """Whether the k - 1 largest have so much that their sum is known within p % from the sum of all.

    For a group of one this is the p % rule: the second largest takes its own value off and is left with the largest
    and the rest; here the k - 1 largest stand for every group below k, and for insiders among them.
    """
    ordered = sorted(values, reverse=True)
    largest = sum(ordered[: rules.k - 1])
    return not largest or 100 * sum(ordered[rules.k - 1 :]) < rules.p * largest


class Amounts:
    """The bounds on values from 0 without an upper end; `values` by bit, as far as they are at hand."""

    def __init__(self, values: Mapping[int, float], people: People, rules: Rules) -> None:
        self._values, self._people, self._rules = values, people, rules

    def tells(self, gap: Gap) -> bool:
        """Whether an equation says too much about a group below k: either side dominated, with little on the other."""
        return self._side_tells(gap.plus, gap.minus) or self._side_tells(gap.minus, gap.plus)

    def _side_tells(self, side: int, other: int) -> bool:
        if not side or not self._people.fewer_than(self._rules.k, other):
            return False
        found = [self._values.get(bit) for bit in bits(side)]
        known = [value for value in found if value is not None]
        # What cannot be looked at any more may be dominated.
        return len(known) < len(found) or dominated(known, self._rules)


Bounds = Points | Amounts
