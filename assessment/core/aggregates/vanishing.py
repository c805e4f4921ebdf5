"""Which numbers of a kernel's vector add up to nothing by three or four: the unions of atoms that can be worked out.

Shape: `vanishing(light, k, pairs)` gives groups of tokens, `meeting(light, pairs)` those that could be in any; a
`Token` is an atom, or what two atoms of one company differ by. `Pairs` meets their sums, or what does so quicker than
plain Python can. All is done modulo PRIME, and what it is for says `span`.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

PRIME: Final = (1 << 61) - 1
HALF: Final = PRIME // 2

Vector = list[int]


@dataclass(frozen=True, slots=True)
class Token:
    """Something a vector may be made of: an atom, or the difference of two atoms that hold results of one company."""

    companies: frozenset[int]
    plus: int
    minus: int | None
    atoms: frozenset[int]

    def value(self, vector: Vector) -> int:
        return vector[self.plus] if self.minus is None else (vector[self.plus] - vector[self.minus]) % PRIME


Light = Sequence[tuple[int, Token]]
"""Tokens that may be combined, each with its number: what its atoms have in a vector, never zero."""


class FindsPairs(Protocol):
    """All pairs of such tokens that have no atom in common."""

    def met(self) -> set[int]:
        """The sums that are a number, a difference or the negative of another sum; here a number is its negative."""

    def tokens_at(self, wanted: Collection[int]) -> Iterator[tuple[tuple[int, Token], tuple[int, Token]]]:
        """The pairs whose sum or difference is among some numbers, which hold the negative of each as well."""


class MakesPairs(Protocol):
    """Makes one of them: `Pairs`, or what meets the same sums quicker than plain Python can."""

    def __call__(self, light: Light) -> FindsPairs: ...


def meeting(light: Light, pairs: MakesPairs) -> frozenset[Token]:
    """The tokens with which sums meet at all: no others are in what `vanishing` gives of them."""
    made = pairs(light)
    if not (met := made.met()):
        return frozenset()
    wanted = both(met)
    found = {token for pair in made.tokens_at(wanted) for _, token in pair}
    return frozenset(found.union(token for value, token in light if value in wanted))


def vanishing(light: Light, k: int, pairs: MakesPairs) -> Iterator[frozenset[Token]]:
    """Three or four tokens with x + y + z (+ w) = 0, where z may also be taken off: found as two equal sums.

    One sign may differ, because that one may be an insider's. Which sums meet is seen from sets of numbers alone; the
    tokens are looked up for those, and mostly there are none.
    """
    made = pairs(light)
    met = made.met()
    if not met:
        return
    of_sum: dict[int, list[tuple[Token, ...]]] = defaultdict(list)
    found = list(made.tokens_at(both(met)))
    for (one, first), (other, second) in found:
        of_sum[(one + other) % PRIME].append((first, second))
    for value, token in light:
        for number in (value, PRIME - value):
            yield from _unions(of_sum.get(number, ()), (token,), k)
    for (one, first), (other, second) in found:
        for number in (PRIME - (one + other) % PRIME, (one - other) % PRIME, (other - one) % PRIME):
            yield from _unions(of_sum.get(number, ()), (first, second), k)


def _folded(number: int) -> int:
    """A number or its negative, whichever is smaller."""
    return min(number, PRIME - number)


def both(numbers: Collection[int]) -> set[int]:
    """The numbers, and each with the other sign."""
    return {number for each in numbers for number in (each, PRIME - each)}


class Pairs:
    """All pairs of tokens that have no atom in common: a difference has two, and with either of them says nothing."""

    def __init__(self, light: Light) -> None:
        self._plain = [(value, token) for value, token in light if token.minus is None]
        self._mixed = [(value, token) for value, token in light if token.minus is not None]

    def met(self) -> set[int]:
        """The sums that are a number, a difference or the negative of another sum; here a number is its negative.

        Each is told by the smaller of both. Sums whose negative is smaller are kept apart, because two equal sums say
        nothing.
        """
        pairs = [(first[0], second[0]) for first, second in self._two_differences()]
        plain: set[int] = set()
        turned: set[int] = set()
        for one, other in pairs:
            total = (one + other) % PRIME
            (plain if total <= HALF else turned).add(_folded(total))
        for one, others in self._with_plain():
            _add_sums(one, others, plain, turned)
        sums = plain | turned
        numbers = [
            *(value for value, _ in (*self._plain, *self._mixed)),
            *((one - other) % PRIME for one, other in pairs),
        ]
        found = (plain & turned) | sums.intersection(map(_folded, numbers))
        for one, others in self._with_plain():
            found.update(*map(sums.intersection, _differences(one, others)))
        return found

    def _with_plain(self) -> Iterator[tuple[int, list[int]]]:
        """Each number with the sorted numbers of the atoms that it makes pairs with."""
        ordered = sorted((value, token.plus) for value, token in self._plain)
        values = [value for value, _ in ordered]
        place = {atom: at for at, (_, atom) in enumerate(ordered)}
        for at, value in enumerate(values):
            yield value, values[at + 1 :]
        for value, token in self._mixed:
            others = values[:]
            for at in sorted((place[atom] for atom in token.atoms if atom in place), reverse=True):
                del others[at]
            yield value, others

    def tokens_at(self, wanted: Collection[int]) -> Iterator[tuple[tuple[int, Token], tuple[int, Token]]]:
        """The pairs whose sum or difference is among some numbers, which hold the negative of each as well."""
        everything = [*self._mixed, *self._plain]
        places: dict[int, list[int]] = defaultdict(list)
        for place, (value, _) in enumerate(everything):
            places[value].append(place)
        for at, one in enumerate(everything):
            others = {
                place
                for number in wanted
                for other in ((number - one[0]) % PRIME, (one[0] - number) % PRIME)
                for place in places.get(other, ())
                if place > at
            }
            for place in sorted(others):
                if one[1].atoms.isdisjoint(everything[place][1].atoms):
                    yield one, everything[place]

    def _two_differences(self) -> Iterator[tuple[tuple[int, Token], tuple[int, Token]]]:
        for at, one in enumerate(self._mixed):
            apart = one[1].atoms.isdisjoint
            for other in self._mixed[at + 1 :]:
                if apart(other[1].atoms):
                    yield one, other


def _add_sums(one: int, others: list[int], plain: set[int], turned: set[int]) -> None:
    """Adds the sums with sorted numbers, each or its negative, whichever is smaller; the latter are `turned`.

    In sorted order none of them has to be reduced by itself.
    """
    first, second, third = (bisect_right(others, end - one) for end in (HALF, PRIME - 1, PRIME + HALF))
    plain.update(map(one.__add__, others[:first]))
    turned.update(map((PRIME - one).__sub__, others[first:second]))
    plain.update(map((one - PRIME).__add__, others[second:third]))
    turned.update(map((2 * PRIME - one).__sub__, others[third:]))


def _differences(one: int, others: list[int]) -> Iterator[Iterator[int]]:
    """The differences from sorted numbers, each or its negative, whichever is smaller."""
    first, second, third = (bisect_right(others, end) for end in (one - HALF - 1, one, one + HALF))
    yield map((PRIME - one).__add__, others[:first])
    yield map(one.__sub__, others[first:second])
    yield map((-one).__add__, others[second:third])
    yield map((PRIME + one).__sub__, others[third:])


def _unions(pairs: Sequence[tuple[Token, ...]], others: tuple[Token, ...], k: int) -> Iterator[frozenset[Token]]:
    """The unions of tokens without an atom in common, of fewer than k companies."""
    for pair in pairs:
        union = (*pair, *others)
        atoms = sum(len(token.atoms) for token in union)
        apart = len(frozenset().union(*(token.atoms for token in union))) == atoms
        if apart and len(frozenset().union(*(token.companies for token in union))) < k:
            yield frozenset(union)
