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
    decimal_comma: bool = False


def read_sheets(path: Path) -> Mapping[str, Sheet]:
    """The tables of a CSV file, of a ZIP of CSV files or of a workbook.

    Raises InvalidContent with everything that is wrong with the file, by row and column.
    """
    sheets, flaws = read_what_can_be_read(path)
    if flaws:
        raise InvalidContent(flaws)
    return sheets


def read_what_can_be_read(path: Path) -> tuple[Mapping[str, Sheet], list[Flaw]]:
    """The tables without the cells that nobody can read, and what is wrong with those.

    Raises InvalidContent where more than single rows cannot be read.
    """
    found = told_by("assessment.content.sheet_reader", path)
    flaws = [_flaw(path, *flaw) for flaw in found["flaws"]]
    if not found["whole"]:
        raise InvalidContent(flaws)
    commas = found["decimal_commas"]
    sheets = {
        name: Sheet(name, [(number, row) for number, row in rows], name in commas)
        for name, rows in found["sheets"].items()
    }
    return sheets, flaws


def place_of(path: Path, sheet: str) -> str:
    """How a table of a file is named in a message."""
    return f"{path.name}, {sheet}" if sheet and sheet != path.stem else path.name


def _flaw(path: Path, sheet: str, row: int, column: str, message: str, cure: str) -> Flaw:
    return Flaw(place_of(path, sheet), row, column or "(whole row)" if row else "(whole file)", message, cure)
