"""What can be worked out from published sums by adding and subtracting them: the linear half of disclosure control.

Shape: a cell is a set of unknowns, as an int with one bit for each; `People` says whose results the unknowns are; and
`Span(cells, candidates, people, k, kernel, pairs).admitted()` gives those candidates that may be published beside the
cells. `Kernel` and `Pairs` are what it reckons with.

Every published sum is one equation. Whatever somebody works out by adding and subtracting is a vector of the row space
of the matrix of cells x unknowns. It gives a group away if it touches fewer than k companies. Two results of one
company are two unknowns of one company, so that the difference "after minus before" of a small group counts as well.
The test asks for more than that no indicator of such a group is in the row space: no vector may touch so few. From
this follows what an insider may do: who knows one result and takes it away from such a vector is left with one that
touches at least k - 1 others.

Unknowns that are in the same cells cannot be told apart; they are one column ("atom"). A vector that touches few
companies is found by its columns in the kernel: rows v and kernel K, v in the row space <=> K v = 0. So a column of
zeros is an atom that can be worked out, two parallel columns are a pair, and sums and differences of three or four
that vanish are a union of that many. The kernel is not needed whole: a random vector of it is orthogonal to all of the
row space, and to another v only once in 2^61 times.

Why this is exact. All is done modulo the prime 2^61 - 1, without rounding. An indicator in the row space over the
rationals stays in it modulo p unless p divides the determinant that its fractions are made of, which up to 38 rows is
smaller than p (Hadamard's bound for 0/1 matrices), and beyond that is divisible once in 2^61 times. A random kernel
vector can only err by calling a safe set unsafe, and so can a repeated sum by chance: both withhold more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from typing import Final, Protocol, Self

from assessment.core.aggregates.vanishing import PRIME, MakesPairs, Token, Vector, meeting, vanishing

SEED: Final = 61
"""The random vectors are the same on every run. They are no secret: knowing them helps nobody to a figure."""


@dataclass(frozen=True, slots=True)
class People:
    """Whose result each unknown is: `company` gives for each bit the number of its company."""

    company: Sequence[int]

    def fewer_than(self, k: int, cell: int) -> bool:
        """Whether a set of unknowns belongs to fewer than k companies; the empty set does."""
        seen: set[int] = set()
        # Not by `bits`: mostly the first k tell.
        while cell:
            lowest = cell & -cell
            seen.add(self.company[lowest.bit_length() - 1])
            if len(seen) >= k:
                return False
            cell ^= lowest
        return True

    def of(self, cell: int) -> frozenset[int]:
        """The companies of a set of unknowns."""
        return frozenset(self.company[bit] for bit in bits(cell))


_FEW: Final = 16
_OF_BYTE: Final = [[place for place in range(8) if byte >> place & 1] for byte in range(256)]


def bits(cell: int) -> list[int]:
    """The places of the ones of a number, lowest first; by bytes, because most of an audit's time went here.

    Few ones, as atoms have, are taken one by one.
    """
    if cell.bit_count() <= _FEW:
        places = []
        while cell:
            places.append(cell.bit_length() - 1)
            cell ^= 1 << places[-1]
        return places[::-1]
    told = cell.to_bytes((cell.bit_length() + 7) // 8, "little")
    return [8 * at + place for at, byte in enumerate(told) if byte for place in _OF_BYTE[byte]]


def mask(places: Collection[int]) -> int:
    """The number whose ones are at these places; by bytes, as adding powers of two takes a number's length for each."""
    if len(places) <= 1:
        return sum(1 << place for place in places)
    told = bytearray(max(places) // 8 + 1)
    for place in places:
        told[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(told, "little")


class Span:
    """The row space of published cells, and which of the candidates may join it."""

    def __init__(
        self,
        cells: Sequence[int],
        candidates: Sequence[int],
        people: People,
        k: int,
        kernel: "MakesKernel",
        pairs: MakesPairs,
    ) -> None:
        self._people, self._k, self._pairs = people, k, pairs
        self._candidates = candidates
        self._cells = near = connected(cells, candidates)
        parts = split([*near, *candidates])
        columns: list[list[int]] = [[] for _ in (*near, *candidates)]
        for at, (_, numbers) in enumerate(parts):
            for number in numbers:
                columns[number].append(at)
        self._columns = columns[len(near) :]
        self._tokens = _tokens([atom for atom, _ in parts], people, k)
        # Each candidate uses one vector up, and two must be left to test with.
        self._kernel = kernel(columns[: len(near)], len(parts), len(candidates) + 2)

    def admitted(self) -> list[int]:
        """The numbers of the candidates that may be published, taken in the order in which they were given.

        A candidate is refused if with it, and with all those admitted before it, a group can be worked out that could
        not be before. What earlier releases gave away (when k was smaller) is not held against later ones. The test
        for unions of three and four is long, so it is put only to what is left after the others.
        """
        quick, slow = (_Test(self._tokens, self._k, thorough, self._pairs) for thorough in (False, True))
        numbers = [at for at, cell in enumerate(self._candidates) if not self._differs_by_few(cell)]
        for test in (quick, slow):
            numbers, _ = self._admit(numbers, self._kernel, test)
        return numbers

    def _differs_by_few(self, cell: int) -> bool:
        """Whether a candidate is an earlier cell but for a few companies: the commonest danger, seen at once."""
        return cell not in self._cells and any(self._people.fewer_than(self._k, cell ^ other) for other in self._cells)

    def _admit(
        self, numbers: list[int], vectors: "DrawsVectors", test: "_Test"
    ) -> tuple[list[int], "DrawsVectors"]:  # fmt: skip
        """Halving gives the same as one by one, because what is unsafe stays unsafe with more cells beside it."""
        if not numbers:
            return [], vectors
        joined = vectors
        for number in numbers:
            joined = joined.joined(self._columns[number])
        if not test.finds_more(joined, self._kernel):
            return numbers, joined
        if len(numbers) == 1:
            return [], vectors
        half = len(numbers) // 2
        first, vectors = self._admit(numbers[:half], vectors, test)
        second, vectors = self._admit(numbers[half:], vectors, test)
        return first + second, vectors


class _Test:
    """Whether groups can be worked out: single tokens and pairs, and if `thorough` also unions of three and four.

    What it is asked first has all cells that it is ever asked about. With fewer cells nothing more can be worked out,
    so from then on only those tokens are combined that could be combined then.
    """

    def __init__(self, tokens: Sequence[Token], k: int, thorough: bool, pairs: MakesPairs) -> None:
        self._tokens, self._k, self._thorough, self._pairs = tokens, k, thorough, pairs
        self._known: frozenset[frozenset[Token]] | None = None
        self._told: frozenset[Token] = frozenset()
        self._meeting: frozenset[Token] | None = None

    def finds_more(self, vectors: "DrawsVectors", before: "DrawsVectors") -> bool:
        """Whether with one kernel a group is given away that was not with the one before."""
        for group in self._given_away(vectors):
            if self._known is None:
                self._known = frozenset(self._given_away(before))
            if group not in self._known:
                return True
        return False

    def _given_away(self, vectors: "DrawsVectors") -> Iterator[frozenset[Token]]:
        one, two = vectors.two()
        values = [(token.value(one), token) for token in self._tokens]
        found = [frozenset((token,)) for value, token in values if not value and not token.value(two)]
        found += _parallel(values, two, self._k)
        if not self._thorough:
            yield from found
            return
        told = frozenset(token for group in found for token in group)
        light = [
            (value, token)
            for value, token in values
            if value and token not in told and len(token.companies) <= self._k - 3
        ]
        if self._meeting is None:
            self._told, self._meeting = told, meeting(light, self._pairs)
        # A token that told by itself was not combined then; where it does not tell any more, all are tried.
        tried = [each for each in light if each[1] in self._meeting] if self._told <= told else light
        yield from found
        yield from vanishing(tried, self._k, self._pairs)


def connected(cells: Sequence[int], candidates: Sequence[int]) -> list[int]:
    """The cells that share unknowns with the candidates, directly or through others: no other can help to a group."""
    reached = 0
    for candidate in candidates:
        reached |= candidate
    near: list[int] = []
    far = list(dict.fromkeys(cells))
    while True:
        touching = [cell for cell in far if cell & reached]
        if not touching:
            return near
        near += touching
        far = [cell for cell in far if not cell & reached]
        for cell in touching:
            reached |= cell


def split(cells: Sequence[int]) -> list[tuple[int, list[int]]]:
    """The largest sets of unknowns that are in the same cells, each with the numbers of those cells.

    The first are those in the first cell, of these and of the others those in the second first, and so on.
    """
    found: dict[int, list[int]] = defaultdict(list)
    for number, cell in enumerate(cells):
        for bit in bits(cell):
            found[bit].append(number)
    atoms: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for bit, numbers in found.items():
        # The end counts as a number behind all, so that who is in one cell more comes before who is not.
        atoms[*numbers, len(cells)].append(bit)
    return [(mask(atoms[each]), list(each[:-1])) for each in sorted(atoms)]


def _tokens(atoms: Sequence[int], people: People, k: int) -> list[Token]:
    """The atoms of fewer than k companies, and the differences of those that share a company."""
    small = {at: people.of(atom) for at, atom in enumerate(atoms) if people.fewer_than(k, atom)}
    of_company: dict[int, list[int]] = defaultdict(list)
    for at, companies in small.items():
        for company in companies:
            of_company[company].append(at)
    pairs = {pair for atoms_of_one in of_company.values() for pair in combinations(atoms_of_one, 2)}
    tokens = [Token(companies, at, None, frozenset((at,))) for at, companies in small.items()]
    for one, other in sorted(pairs):
        if len(companies := small[one] | small[other]) < k:
            tokens.append(Token(companies, one, other, frozenset((one, other))))
    return tokens


class DrawsVectors(Protocol):
    """Random vectors that are orthogonal to some rows."""

    def joined(self, columns: Sequence[int]) -> Self:
        """The same, orthogonal to one more row as well: one vector fewer, unless it follows from the others."""

    def two(self) -> tuple[Vector, Vector]:
        """Two of the vectors, to test with."""


class MakesKernel(Protocol):
    """Draws them: `Kernel`, or what draws the same ones quicker than plain Python can."""

    def __call__(self, rows: Sequence[Sequence[int]], columns: int, count: int) -> DrawsVectors: ...


class Kernel:
    """Random vectors z with sum of z over each row = 0 (mod PRIME); `rows` names the columns that hold a one."""

    def __init__(self, rows: Sequence[Sequence[int]], columns: int, count: int) -> None:
        self._vectors = _drawn(rows, columns, count)

    def joined(self, columns: Sequence[int]) -> Self:
        """The vectors that are also orthogonal to one more row: all but one, each less its part of that one."""
        sums = [sum(map(vector.__getitem__, columns)) % PRIME for vector in self._vectors]
        at = next((number for number, value in enumerate(sums) if value), None)
        if at is None:
            return self
        last, inverse = self._vectors[at], pow(sums[at], -1, PRIME)
        joined = []
        for number, vector in enumerate(self._vectors):
            if number != at:
                factor = sums[number] * inverse % PRIME
                joined.append([(a - factor * b) % PRIME for a, b in zip(vector, last, strict=True)])
        made = type(self).__new__(type(self))
        made._vectors = joined
        return made

    def two(self) -> tuple[Vector, Vector]:
        """Two of the vectors, to test with."""
        return self._vectors[0], self._vectors[1]


def _drawn(rows: Sequence[Sequence[int]], columns: int, count: int) -> list[Vector]:
    """The vectors of a kernel.

    With a random diagonal W, z = W (y - A' x) where A W A' x = A W y, for a random y.
    """
    random = Random(SEED)  # noqa: S311 - no secret; see SEED
    weights = [random.randrange(1, PRIME) for _ in range(columns)]
    drawn = [[random.randrange(PRIME) * weight % PRIME for weight in weights] for _ in range(count)]
    of_column: list[list[int]] = [[] for _ in range(columns)]
    for number, row in enumerate(rows):
        for column in row:
            of_column[column].append(number)
    system = [[0] * len(rows) + [sum(vector[column] for column in row) % PRIME for vector in drawn] for row in rows]
    for weight, numbers in zip(weights, of_column, strict=True):
        for one in numbers:
            line = system[one]
            for other in numbers:
                line[other] += weight
    solution = _solved([[value % PRIME for value in line] for line in system], count)
    found = []
    for number, vector in enumerate(drawn):
        shares = [line[number] for line in solution]
        found.append(
            [
                (value - weight * sum(map(shares.__getitem__, numbers))) % PRIME
                for value, weight, numbers in zip(vector, weights, of_column, strict=True)
            ]
        )
    return found


def _solved(system: list[list[int]], count: int) -> list[list[int]]:
    """Gauss's elimination modulo PRIME of a symmetric system with `count` right sides; repeated rows count nothing."""
    size = len(system)
    pivots = []
    for at in range(size):
        pivot = system[at]
        if not pivot[at]:
            continue
        pivots.append(at)
        inverse = pow(pivot[at], -1, PRIME)
        tail = system[at] = [value * inverse % PRIME for value in pivot[at:]]
        for below in range(at + 1, size):
            line = system[below]
            if factor := line[at]:
                line[at:] = [(a - factor * b) % PRIME for a, b in zip(line[at:], tail, strict=True)]
    solution = [[0] * count for _ in range(size)]
    for at in reversed(pivots):
        tail = system[at]
        values = tail[size - at :]
        for step, factor in enumerate(tail[1 : size - at], at + 1):
            if factor:
                values = [(a - factor * b) % PRIME for a, b in zip(values, solution[step], strict=True)]
        solution[at] = values
    return solution


def _parallel(values: list[tuple[int, Token]], second: Vector, k: int) -> Iterator[frozenset[Token]]:
    """Pairs of tokens of which some multiples add up to nothing."""
    by_direction: dict[int, list[Token]] = defaultdict(list)
    for value, token in values:
        if value:
            by_direction[token.value(second) * pow(value, -1, PRIME) % PRIME].append(token)
    for tokens in by_direction.values():
        for one, other in combinations(tokens, 2):
            if one.atoms.isdisjoint(other.atoms) and len(one.companies | other.companies) < k:
                yield frozenset((one, other))
