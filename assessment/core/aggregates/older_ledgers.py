"""Ledgers of snapshots that were taken before counts were audited: what these published of counts, put back.

Such a snapshot said of how many companies each figure is, and its ledger does not hold that. Who had a value follows
from the ledger, and what was told from the snapshot; so the next audit takes it as released. How many members came how
far and how many of each category are counted cannot be put back, since nothing tells any more who the members were.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assessment.core.aggregates.disclosure import rounded
from assessment.core.aggregates.snapshots import WITHHELD, Entry, Figure, Ledger, Rules, Snapshot, TableId
from assessment.core.aggregates.span import bits, mask

HAS: Final = "has "
"""What the name of a variable begins with that says whether a company has a value of another one."""
COUNTED: Final = "counted"
_TOLD: Final[tuple[tuple[TableId, str, str], ...]] = (
    ("sections", "companies", "section:"), ("practices", "known", "practice:"), ("amounts", "companies", "amount:"),
)  # fmt: skip
"""Where a snapshot says of how many a figure is: the table, the column, and how the variable of a row is called."""
_OVERALL: Final = "overall"


def is_older(ledger: Ledger) -> bool:
    """Whether a ledger holds figures and no counts; where an audit let no count through, its snapshot told none."""
    variables = [entry.variable for entry in ledger.entries]
    return bool(variables) and not any(name == COUNTED or name.startswith(HAS) for name in variables)


def completed(ledger: Ledger, snapshot: Snapshot) -> Ledger:
    """An older ledger with what its snapshot told: of how many companies each figure is."""
    told = tuple(_told(_Older(ledger), snapshot))
    return ledger.model_copy(update={"entries": (*ledger.entries, *told)}) if told else ledger


@dataclass(frozen=True, slots=True)
class _Older:
    ledger: Ledger

    def having(self, variable: str) -> int | None:
        """The unknowns that a figure about everybody adds up: of all cells of a variable the one with most."""
        cells = [int(entry.members or "0", 16) for entry in self.ledger.entries if entry.variable == variable]
        return max(cells, key=int.bit_count) if cells else None

    def everybody(self, having: int) -> int:
        """These, and the results of all others: one of each contributor, the first of which is a result."""
        unknowns = self.ledger.unknowns
        there = {unknowns[at].contributor for at in bits(having)}
        results: dict[str, int] = {}
        for at, unknown in enumerate(unknowns):
            results.setdefault(unknown.contributor, at)
        return having | mask([at for contributor, at in results.items() if contributor not in there])


def _told(older: _Older, snapshot: Snapshot) -> Iterator[Entry]:
    for table_id, column, begins in _TOLD:
        table = snapshot.table(table_id)
        for row in table.rows:
            variable = _OVERALL if row.key == _OVERALL else begins + row.key
            having, figure = older.having(variable), table.figure(row.key, column)
            if having is not None and figure is not WITHHELD:
                members = older.everybody(having)
                low, high = _bounds(figure, members.bit_count(), snapshot.rules)
                yield Entry(variable=HAS + variable, members=f"{members:x}", low=low, high=high)


def _bounds(figure: Figure, most: int, rules: Rules) -> tuple[int, int]:
    """The least and the most companies that are told as this figure."""
    told = [many for many in range(rules.k, most + 1) if rounded(many, rules.rounding) == figure]
    return (told[0], told[-1]) if told else (0, most)
