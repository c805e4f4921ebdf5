"""A mathematical program as plain data: what `core/plans/optimise.py` writes and the solver at the edge reads.

Maximise the sum of `gain` over columns between 0 and `upper`, under rows, where some columns are whole numbers, and
where each curve bounds a column from above by 1 - exp(-L), L being a sum over other columns, or by
-ln(1 - share (1 - exp(-L))), which is what L on a share of everything adds to the L of each part. Both are concave, so
a tangent at any point is a row that bounds it from above everywhere and meets it at that point. Where a group of other
columns, of which at most one is 1, stands for L being 0, the tangent's constant shrinks with them (the perspective of
the curve), which is as true for whole numbers and much tighter between them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

INFINITE = 1e30

LEAST_ON = 1e-6


@dataclass(frozen=True, slots=True)
class Row:
    """A sum over columns that is at most `upper`."""

    columns: tuple[int, ...]
    values: tuple[float, ...]
    upper: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Column `bounded` is at most 1 - exp(-L), with `across` -ln(1 - across (1 - exp(-L))).

    `weight` is the most that a unit of it gains. Where a column of one of the groups in `off` is 1, L is 0.
    """

    bounded: int
    columns: tuple[int, ...]
    values: tuple[float, ...]
    weight: float
    off: tuple[tuple[int, ...], ...] = ((),)
    across: float | None = None

    def _at(self, reach: float) -> tuple[float, float]:
        """The height of the curve and its slope."""
        saved, left = -math.expm1(-reach), math.exp(-reach)
        if self.across is None:
            return saved, left
        return -math.log1p(-self.across * saved), self.across * left / (1 - self.across * saved)

    def tangents(self, at: float) -> list[Row]:
        """The rows that touch the curve where L is `at`, one for each group."""
        height, slope = self._at(at)
        constant = height - slope * at
        falling = tuple(-slope * value for value in self.values)
        return [
            Row((self.bounded, *self.columns, *group), (1.0, *falling, *(constant for _ in group)), constant)
            for group in self.off
        ]

    def above(self, values: Sequence[float]) -> tuple[float, float]:
        """How far a solution lies above the curve, and where a tangent brings it down."""
        reach = sum(value * values[column] for column, value in zip(self.columns, self.values, strict=True))
        on = 1 - max(sum(values[column] for column in group) for group in self.off)
        if on < LEAST_ON:
            return values[self.bounded], 0.0
        return values[self.bounded] - on * self._at(reach / on)[0], reach / on


@dataclass(slots=True)
class Program:
    """The whole program. `money` names the rows that hold a budget, with the years that each of them spans."""

    gain: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    money: list[tuple[int, int]] = field(default_factory=list)

    def column(self, gain: float = 0.0, upper: float = 1.0, whole: bool = False) -> int:
        """Add a column, and say where it stands."""
        at = len(self.gain)
        self.gain.append(gain)
        self.upper.append(upper)
        if whole:
            self.whole.append(at)
        return at

    def row(self, terms: Mapping[int, float] | Sequence[tuple[int, float]], upper: float) -> int:
        """Add a row, and say where it stands."""
        pairs = list(terms.items()) if isinstance(terms, Mapping) else list(terms)
        self.rows.append(Row(tuple(at for at, _ in pairs), tuple(value for _, value in pairs), upper))
        return len(self.rows) - 1

    def written(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def read_program(written: Mapping[str, Any]) -> Program:
    """A program from what `written` gave."""
    return Program(
        gain=list(written["gain"]), upper=list(written["upper"]), whole=list(written["whole"]),
        rows=[Row(tuple(row["columns"]), tuple(row["values"]), row["upper"]) for row in written["rows"]],
        curves=[
            Curve(
                each["bounded"], tuple(each["columns"]), tuple(each["values"]), each["weight"],
                tuple(tuple(group) for group in each["off"]), each["across"],
            )
            for each in written["curves"]
        ],
        money=[(row, years) for row, years in written["money"]],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Solution:
    """The columns that are one, what they gain at least, and a proven bound on what any choice could gain."""

    ones: tuple[int, ...]
    gain: float
    bound: float
