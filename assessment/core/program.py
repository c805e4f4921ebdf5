"""A mathematical program as plain data: what `core/optimise.py` writes and the solver at the edge reads.

Maximise the sum of `gain` over columns between 0 and `upper`, under rows, where some columns are whole numbers, and
where each curve bounds a column from above by 1 - exp(-L), L being a sum over other columns. The curve is concave, so
a tangent at any point is a row that bounds it from above everywhere and meets it at that point.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

INFINITE = 1e30


@dataclass(frozen=True, slots=True)
class Row:
    """A sum over columns that is at most `upper`."""

    columns: tuple[int, ...]
    values: tuple[float, ...]
    upper: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Column `bounded` is at most 1 - exp(-L); `weight` is the most that a unit of it gains."""

    bounded: int
    columns: tuple[int, ...]
    values: tuple[float, ...]
    weight: float

    def tangent(self, at: float) -> Row:
        """The row that touches the curve where L is `at`."""
        slope = math.exp(-at)
        return Row(
            (self.bounded, *self.columns), (1.0, *(-slope * value for value in self.values)), 1 - slope * (1 + at)
        )  # fmt: skip


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
            Curve(each["bounded"], tuple(each["columns"]), tuple(each["values"]), each["weight"])
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
