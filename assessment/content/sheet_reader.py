"""Tables out of a foreign file, for a child process that may be killed: the one module that loads openpyxl.

`python -m assessment.content.sheet_reader <file>` writes JSON on standard output: the sheets with the row number of
every row, or what is wrong with the file. Processor time, memory and the size of written files are limited before the
file is opened, and a workbook is looked at as a ZIP before anything is unpacked (RELIABILITY INP-07, INP-08).
`sheets.py` starts it.
"""

import csv
import importlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any, Protocol

from assessment.content.reading_apart import limit
from assessment.content.sheet_limits import (
    LARGEST_FILE,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ENTRIES,
    MOST_FLAWS,
    MOST_RATIO,
    MOST_ROWS,
    MOST_UNPACKED,
)
from assessment.content.spreadsheet_text import restored

Plain = str | int | float | bool | None

_PACKED = b"PK"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SMALL = 1024 * 1024
_TRUTHS = {"TRUE()": True, "FALSE()": False}
"""How LibreOffice writes a truth value into a workbook: as a formula that can only mean this."""


class AnyCell(Protocol):
    """What is looked at of a cell of a workbook."""

    @property
    def value(self) -> Any:
        """What stands in it."""

    @property
    def data_type(self) -> str:
        """What kind of value that is, as a letter."""


class Refused(Exception):
    """The file is not read any further."""


@dataclass
class Found:
    """What was read of a file: sheets as rows of cells, each with the number of its row, and what is wrong."""

    sheets: dict[str, list[tuple[int, list[Plain]]]] = field(default_factory=dict)
    decimal_commas: list[str] = field(default_factory=list)
    """The sheets in which numbers have a comma before their decimals: CSV of a spreadsheet that parts by semicolons."""
    flaws: list[tuple[str, int, str, str, str]] = field(default_factory=list)
    """Sheet, row, column, message, cure."""

    whole: bool = True
    """Whether all rows were read, but for what the flaws name."""

    def refuse(self, sheet: str, row: int, message: str, cure: str) -> None:
        """Note a flaw over which more than a row is not read."""
        self.whole = False
        self.refuse_row(sheet, row, message, cure)

    def refuse_row(self, sheet: str, row: int, message: str, cure: str, column: str = "") -> None:
        """Note a flaw of a row or a cell; after many of them the rest is not worth reading."""
        self.flaws.append((sheet, row, column, message, cure))
        if len(self.flaws) >= MOST_FLAWS:
            raise Refused


def read(path: Path) -> Found:
    """The tables of a CSV file, of a ZIP of CSV files, or of a workbook."""
    found = Found()
    with suppress(Refused):
        _read(path, found)
        return found
    found.whole = False
    return found


def _read(path: Path, found: Found) -> None:
    if path.stat().st_size > LARGEST_FILE:
        cure = "Take out rows, and import them separately."
        found.refuse("", 0, f"This file is larger than {LARGEST_FILE >> 20} MiB.", cure)
        return
    content = path.read_bytes()
    if content.startswith(_OLD_OFFICE):
        found.refuse("", 0, "This file is encrypted, or in the old Excel format.",
                     "Save it as a workbook (.xlsx) without a password.")  # fmt: skip
    elif content.startswith(_PACKED):
        with _opened(content, found) as archive:
            names = _checked(archive, found)
            if "[Content_Types].xml" in names:
                _workbook(archive, content, found)
            elif "content.xml" in names:
                found.refuse("", 0, "This is an OpenDocument spreadsheet.", "Save it as a workbook (.xlsx).")
            else:
                _csv_files(archive, names, found)
    else:
        found.sheets[path.stem] = list(_rows_of_csv(content, path.stem, found))


def _opened(content: bytes, found: Found) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        found.refuse("", 0, "This file is damaged.", "Download or save it again.")
        raise Refused from None


def _checked(archive: zipfile.ZipFile, found: Found) -> list[str]:
    """The names of what is inside; nothing was unpacked so far."""
    entries = archive.infolist()
    unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        found.refuse("", 0, f"There are more than {MOST_ENTRIES} files in this one.", "Save it afresh.")
    if unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > MOST_RATIO * packed):
        found.refuse("", 0, "This file unpacks to far more than it seems to hold.", "Save it afresh with fewer rows.")
    for entry in entries:
        name = entry.filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
            found.refuse("", 0, "A name in this file leads out of it.", "Save it afresh.")
        if entry.flag_bits & 1:
            found.refuse("", 0, "This file is encrypted.", "Save it without a password.")
    names = [entry.filename for entry in entries]
    if len(names) != len(set(names)):
        found.refuse("", 0, "Two files in this one have the same name.", "Save it afresh.")
    if found.flaws:
        raise Refused
    return names


def _part(archive: zipfile.ZipFile, name: str, found: Found) -> bytes:
    """One file of the archive; never more of it than its own entry promised."""
    size = archive.getinfo(name).file_size
    try:
        with archive.open(name) as stream:
            content = stream.read(size + 1)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
        found.refuse("", 0, "This file is damaged.", "Download or save it again.")
        raise Refused from error
    return content


# CSV


def _csv_files(archive: zipfile.ZipFile, names: Iterable[str], found: Found) -> None:
    for name in names:
        stem = Path(name).stem
        if not name.lower().endswith(".csv"):
            found.refuse(name, 0, "This is no CSV file.", "Keep only the CSV files in the ZIP.")
        else:
            found.sheets[stem] = list(_rows_of_csv(_part(archive, name, found), stem, found))


def _rows_of_csv(content: bytes, sheet: str, found: Found) -> Iterator[tuple[int, list[Plain]]]:
    text = _text_of(content, sheet, found)
    if text is None:
        return
    csv.field_size_limit(LONGEST_CELL)
    # Where numbers have decimal commas, a spreadsheet parts the cells by semicolons.
    first = text.partition("\n")[0]
    semicolons = first.count(";") > first.count(",")
    if semicolons:
        found.decimal_commas.append(sheet)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if semicolons else ",", strict=True)
    begins, width = 1, 0
    try:
        for count, row in enumerate(reader):
            if count > MOST_ROWS:
                found.refuse(sheet, begins, f"There are more than {MOST_ROWS} rows.", "Import them in several files.")
                return
            if count == 0:
                width = len(row)
                _check_width(width, sheet, found)
            if row and len(row) != width:
                message = f"This row has {len(row)} cells, and the first row has {width}."
                found.refuse_row(
                    sheet, begins, message, "Give every row the same number of cells, empty ones included."
                )
            elif row:
                yield begins, [restored(cell) for cell in row]
            begins = reader.line_num + 1
    except csv.Error as error:
        found.refuse(sheet, begins, f"This row cannot be read: {_why(error)}.",
                     "Close every quotation mark, and write one within a text twice.")  # fmt: skip


def _why(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell has more than {LONGEST_CELL} characters"
    return "a quotation mark is not closed" if "unexpected end" in str(error) else "a quotation mark stands alone"


def _text_of(content: bytes, sheet: str, found: Found) -> str | None:
    cure = "Save it as “CSV UTF-8”."
    if content.startswith(_UTF_16):
        found.refuse(sheet, 1, "This file is in UTF-16.", cure)
        return None
    if b"\0" in content:
        row = content.count(b"\n", 0, content.index(b"\0")) + 1
        found.refuse(sheet, row, "There is a NUL in this row, which is no text.", cure)
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found.refuse(sheet, row, "These bytes are not UTF-8 text.", cure)
        return None


def _check_width(width: int, sheet: str, found: Found) -> None:
    if width > MOST_COLUMNS:
        found.refuse(sheet, 1, f"There are more than {MOST_COLUMNS} columns.", "Take out the ones that we do not know.")
        raise Refused


# Workbooks


def _workbook(archive: zipfile.ZipFile, content: bytes, found: Found) -> None:
    for name in archive.namelist():
        lower = name.lower()
        if "vbaproject" in lower or "macrosheets" in lower:
            found.refuse("", 0, "There is a macro in this workbook.", "Save it as a workbook without macros (.xlsx).")
        elif "externallink" in lower:
            found.refuse("", 0, "This workbook points to other files.", "Break the links, and save it again.")
        elif lower.endswith((".xml", ".rels", ".vml")) and _has_dtd(_part(archive, name, found)):
            found.refuse("", 0, "This workbook holds a document type definition.", "Save it afresh.")
    if found.flaws:
        raise Refused
    try:
        load = importlib.import_module("openpyxl").load_workbook
        book = load(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [(sheet.title, sheet.iter_rows()) for sheet in book.worksheets]
        for title, rows in sheets:
            found.sheets[title] = list(_rows_of_sheet(rows, title, found))
    except (Refused, MemoryError):
        raise
    except Exception as error:
        # The parser raises whatever comes to it over a file that is not what it says.
        found.refuse("", 0, f"This workbook cannot be read ({type(error).__name__}).", "Save it afresh.")


def _has_dtd(xml: bytes) -> bool:
    # Written with two bytes a sign, the words would hide between the zeros.
    return bool(_DTD.search(xml) or _DTD.search(xml.replace(b"\0", b"")))


def _rows_of_sheet(rows: Iterable[tuple[Any, ...]], sheet: str, found: Found) -> Iterator[tuple[int, list[Plain]]]:
    names: list[str] = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS + 1:
            found.refuse(sheet, number, f"There are more than {MOST_ROWS} rows.", "Import them in several files.")
            raise Refused
        _check_width(len(row), sheet, found)
        cells = [_cell(cell, (sheet, number, name), found) for cell, name in zip_longest(row, names[: len(row)])]
        names = names or [str(cell) if cell is not None else "" for cell in cells]
        if any(cell is not None for cell in cells):
            yield number, cells


def _cell(cell: AnyCell, place: tuple[str, int, str | None], found: Found) -> Plain:
    """A cell's value; `place` is its sheet, row and the name of its column."""
    value = cell.value
    if value is None or isinstance(value, bool | int | float):
        return value
    sheet, row, name = place
    if cell.data_type in ("f", "e"):
        truth = _TRUTHS.get(str(value).upper().lstrip("="))
        if truth is not None:
            return truth
        column = name or str(getattr(cell, "column_letter", ""))
        what = "a formula" if cell.data_type == "f" else "an error"
        found.refuse_row(sheet, row, f"This cell holds {what}.", "Put the value in its place.", column)
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if len(text) > LONGEST_CELL:
        found.refuse_row(sheet, row, f"This cell has more than {LONGEST_CELL} characters.", "Shorten it.", name or "")
        return None
    return text


def main() -> int:
    """The command of the module docstring."""
    path = Path(sys.argv[1])
    with path.open("rb") as file:
        packed = file.read(len(_PACKED)) == _PACKED
    if packed:
        # Before the limits, which are for the file alone. CSV is read without it in a third of the time.
        importlib.import_module("openpyxl")
    limit()
    found = read(path)
    json.dump(asdict(found), sys.stdout, ensure_ascii=True, default=lambda value: str(Decimal(value)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
