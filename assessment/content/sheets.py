"""Tables of a foreign file, read by a child process that is limited and may be killed (`sheet_reader.py`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessment.content.reading_apart import told_by
from assessment.core.errors import Flaw, InvalidContent

Plain = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, its rows, and the number of each row in the file; the first row names the columns."""

    name: str
    rows: Sequence[tuple[int, Sequence[Plain]]]


def read_sheets(path: Path) -> Mapping[str, Sheet]:
    """The tables of a CSV file, of a ZIP of CSV files or of a workbook.

    Raises InvalidContent with everything that is wrong with the file, by row and column.
    """
    found = told_by("assessment.content.sheet_reader", path)
    if found["flaws"]:
        raise InvalidContent([_flaw(path, *flaw) for flaw in found["flaws"]])
    return {name: Sheet(name, [(number, row) for number, row in rows]) for name, rows in found["sheets"].items()}


def place_of(path: Path, sheet: str) -> str:
    """How a table of a file is named in a message."""
    return f"{path.name}, {sheet}" if sheet and sheet != path.stem else path.name


def _flaw(path: Path, sheet: str, row: int, column: str, message: str, cure: str) -> Flaw:
    return Flaw(place_of(path, sheet), row, column or "(whole row)" if row else "(whole file)", message, cure)
