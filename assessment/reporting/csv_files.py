"""Tables as CSV files in one ZIP, as spreadsheets read them, and a codebook that says what stands in their columns."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from assessment.content.spreadsheet_text import defused

Cell = str | int | float | date | None
Moment = tuple[int, int, int, int, int, int]

CODEBOOK: Final = "codebook"
CODEBOOK_COLUMNS: Final = ("table", "column", "meaning", "values")
_BEFORE_ALL: Final[Moment] = (1980, 1, 1, 0, 0, 0)
"""The same content makes the same bytes, so the files carry no time of their own."""


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """What stands in a column of a file: in words, and the ids that it may hold, each with its words."""

    name: str
    said: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


def codebook_rows(table: str, columns: Sequence[ColumnWords]) -> list[Sequence[Cell]]:
    """The lines of a codebook about one table, with the columns of `CODEBOOK_COLUMNS`."""
    return [
        (table, one.name, one.said.removesuffix(":"), "; ".join(_value(*each) for each in one.ids.items()))
        for one in columns
    ]


def _value(code: str, words: str) -> str:
    return f"{code}: {words}" if code != words else words


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark that spreadsheets understand; numbers stay numbers, text never runs as a formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _plain(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()
        case str():
            return defused(cell)
        case _:
            return cell


def zipped(files: Mapping[str, bytes], moment: Moment = _BEFORE_ALL) -> bytes:
    """Files by their names in one ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()
