"""The shape of what a cluster is shown, and of what is kept beside it so that the next figures stay safe.

    Menu      what is asked for: the ids of sections, practices, amounts and categories, the same for everybody
    Release   = Snapshot (shown, exported, printed; frozen) + Ledger (kept for later audits, never shown)
    Snapshot  = population, date, rules, rounded number of companies, tables
    Table     = columns (key, unit, rule) x rows (key, figures); a figure is a number or WITHHELD

Snapshot and Ledger are written with `model_dump_json()` and read with `model_validate_json()`, without loss. A table
says of each column in which unit it is and by which rule it was made, so that a codebook follows from the snapshot
alone. What is suppressed and what is empty are the same value: nobody learns which of both it was.
"""

from datetime import datetime
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from assessment.core.aggregates.contributions import Key
from assessment.core.model import Model

FORMAT: Final = 1
"""The version of this shape; a reader refuses a higher one."""

Figure = int | float | None
"""A published number, or WITHHELD."""

WITHHELD: Final[Figure] = None
"""No figure: too few companies, or one that would give somebody away, or nothing there."""

TableId = Literal[
    "participation",
    "companies-by-sector",
    "companies-by-size",
    "companies-by-region",
    "sections",
    "sectors",
    "sizes",
    "regions",
    "percentiles",
    "practices",
    "amounts",
    "change",
    "comparison",
]
"""The whole menu. There is no other way to ask for a figure."""

TABLE_IDS: Final[tuple[TableId, ...]] = get_args(TableId)

Rule = Literal["count", "share", "mean", "median", "percentile", "sum", "difference", "median-of-clusters"]
"""How a column's figures are made and protected.

count               companies, rounded; both the count and those that are not in it must reach k; and of how many a
                    figure is, is told the same wherever fewer than k are left out
share               per cent, from the rounded counts beside it, rounded again
mean                of whole points, from k companies, as a whole number
median, percentile  from 2k and 6k companies, as whole numbers
sum                 three significant digits, from k companies of which none dominates
difference          of two published figures
median-of-clusters  of published figures, from three clusters
"""


class Rules(Model):
    """The rules of disclosure control, and the figures in them.

    `k` is the smallest group that is told anything about: 5 by default, raised by settings but never lowered; the
    core itself refuses less than 3.
    """

    k: Annotated[int, Field(ge=3)] = 5
    p: SkipJsonSchema[Annotated[int, Field(ge=1, le=100)]] = Field(default=10, exclude=True)
    """How close, in per cent, nobody may come to a group smaller than k. Who knows it can bound more closely what was
    withheld, so it is written to no file and shown nowhere."""
    rounding: Annotated[int, Field(ge=1)] = 5
    days: Annotated[int, Field(ge=1)] = 7

    @property
    def medians_from(self) -> int:
        """Companies that a median and a middle half need: 10, and two groups of k where k was raised."""
        return max(10, 2 * self.k)

    @property
    def percentiles_from(self) -> int:
        """Companies that percentiles need: 30, and six groups of k where k was raised."""
        return max(30, 6 * self.k)


class Quantity(Model):
    """An amount that is added up, with its unit, such as kWh a year.

    `of_those_who_lack` marks one that only companies have which lack something: how many have it says of the others
    that they do not, so the others must be enough as well.
    """

    id: str
    unit: str
    of_those_who_lack: bool = False


class Menu(Model):
    """What a snapshot tells about: one population, and ids. They are given by content, before anybody has answered.

    `stages` are those that members come to, in order; the first is membership.
    `sectors`, `sizes` and `regions` are fixed categories. There is no category "other sectors, together" made of
    whichever groups are small: it would change from one snapshot to the next with one company, and the difference
    would tell about that company. Who wants one puts it into the content, for everybody and for good.
    """

    population: Key
    stages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    amounts: tuple[Quantity, ...] = ()
    sectors: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class Column(Model):
    """One column: its key, its unit ("of the row" where each row has its own) and the rule of its figures."""

    key: str
    unit: str
    rule: Rule


class Row(Model):
    """One row: its key, its unit where the columns leave that to it, and one figure per column."""

    key: str
    figures: tuple[Figure, ...]
    unit: str = ""


class Table(Model):
    """A frozen table. `kind` says what the keys of its rows are, `population` whom the figures are about."""

    id: TableId
    kind: Literal["stage", "section", "sector", "size", "region", "practice", "amount"]
    population: Literal["members", "companies with a result", "clusters"]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @model_validator(mode="after")
    def _is_full(self) -> Self:
        if any(len(row.figures) != len(self.columns) for row in self.rows):
            raise ValueError(f"Table {self.id}: each row needs one figure for each of the {len(self.columns)} columns.")
        return self

    def figure(self, row: str, column: str) -> Figure:
        """One figure; WITHHELD where the table has no such row or column, as where it may not be shown."""
        place = next((at for at, found in enumerate(self.columns) if found.key == column), None)
        figures = next((found.figures for found in self.rows if found.key == row), None)
        return WITHHELD if place is None or figures is None else figures[place]


class Snapshot(Model):
    """What is shown: the tables of one population at one moment, by the rules that made them. It never changes."""

    format: Annotated[int, Field(ge=1, le=FORMAT)] = FORMAT
    population: Key
    taken_at: datetime
    rules: Rules
    companies: Figure
    tables: tuple[Table, ...]

    def table(self, name: TableId) -> Table:
        """A table by its id. Raises KeyError where this snapshot has none of that id."""
        for found in self.tables:
            if found.id == name:
                return found
        raise KeyError(name)


class Unknown(Model):
    """What somebody would like to know: one result of one contributor, or one amount of it that changes by itself.

    The version tells which; whom a result is counted for may change, when owners do.
    """

    contributor: Key
    version: Key


Mask = Annotated[str, Field(pattern=r"^[0-9a-f]*$")]
"""A set of a ledger's unknowns as a hexadecimal number: bit i stands for unknown i."""


class Entry(Model):
    """One published figure as an equation: the values of these unknowns add up to between `low` and `high`."""

    variable: str
    members: Mask
    low: float
    high: float


class Ledger(Model):
    """What later audits need to know of one snapshot: who was counted where. It holds no value of anybody.

    `named` are the versions of those that whoever runs the population may see by name: nobody is left to protect
    there, and others cannot hide among them. It is never shown, exported or printed. When a company is erased, its key
    may be replaced by any other that is used nowhere else; the audits go on as before.
    """

    population: Key
    taken_at: datetime
    unknowns: tuple[Unknown, ...]
    entries: tuple[Entry, ...]
    named: tuple[Key, ...] = ()


class Release(Model):
    """A snapshot with its ledger. Both are stored in one transaction: without the ledger, the next one is not safe."""

    snapshot: Snapshot
    ledger: Ledger
