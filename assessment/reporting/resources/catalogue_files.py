"""The whole catalogue as files that anybody may take and use: CSV in a ZIP, one workbook, one JSON.

Text that a spreadsheet would take for a formula is defused (RELIABILITY OUT-01, OUT-02): in CSV by an apostrophe
before it, which our own reader takes away again; in a workbook by being written as text. Numbers stay numbers.
"""

import csv
import hashlib
import importlib
import io
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from assessment.content.resources.catalogue_columns import (
    DATA_LICENCE,
    KINDS,
    LICENCE_COLUMN,
    Cell,
    Column,
    cells_of,
    columns_of,
    plain,
)
from assessment.content.resources.catalogue_json import FORMAT_NAME, SCHEMA_VERSION
from assessment.content.spreadsheet_text import defused
from assessment.core.errors import NotFound
from assessment.core.model import Model
from assessment.core.resources.catalogue import Catalogue
from assessment.reporting.csv_files import zipped
from assessment.reporting.resources.catalogue_codebook import CODEBOOK_COLUMNS, codebook

FileFormat = Literal["csv", "xlsx", "json"]

CODEBOOK: Final = "codebook"
LONGEST_CELL: Final = 32_767
"""What a cell of a workbook can hold."""


def as_csv(catalogue: Catalogue) -> bytes:
    """A ZIP with one CSV file for each kind and the codebook, in UTF-8 with a mark that spreadsheets understand."""
    return zipped({f"{name}.csv": _csv(columns, rows) for name, (columns, rows) in _tables(catalogue).items()})


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _csv_cell(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case int():
            return cell
        case Decimal():
            return plain(cell)
        case date():
            return cell.isoformat()
    return defused(cell)


def as_xlsx(catalogue: Catalogue) -> bytes:
    """A workbook with one sheet for each kind and the codebook; no cell is ever a formula or a link."""
    packed = io.BytesIO()
    # Loaded with the first workbook, so that no web worker waits for it when it starts.
    book = importlib.import_module("xlsxwriter").Workbook(packed, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    book.set_properties({"title": "Green Pathways catalogue", "comments": f"Licence: {DATA_LICENCE}",
                         "created": date(1980, 1, 1)})  # fmt: skip
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for name, (columns, rows) in _tables(catalogue).items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, max(len(columns) - 1, 1), 18)
        _write_row(sheet, 0, columns, heading)
        for number, row in enumerate(rows, start=1):
            _write_row(sheet, number, row, None)
    book.close()
    return packed.getvalue()


def _write_row(sheet: Any, number: int, cells: Sequence[Cell], look: Any) -> None:
    for at, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, bool):
            done = sheet.write_boolean(number, at, cell)
        elif isinstance(cell, int | Decimal) and _exact(cell):
            done = sheet.write_number(number, at, cell)
        else:
            text = plain(cell) if isinstance(cell, Decimal) else str(cell)
            done = sheet.write_string(number, at, text, look)
        if done:
            raise ValueError(f"a cell of more than {LONGEST_CELL} characters does not fit into a workbook")


def _exact(number: int | Decimal) -> bool:
    """Whether a workbook, which keeps 16 digits, gives the number back as it is; else it is written as text."""
    return Decimal(f"{float(number):.16G}") == number


def as_json(catalogue: Catalogue) -> bytes:
    """One JSON document in the form of the content files, with the licence beside every entry."""
    document: dict[str, Any] = {
        "format": FORMAT_NAME,
        "schema_version": SCHEMA_VERSION,
        "licence": DATA_LICENCE,
        "licence_note": _LICENCE_NOTE,
    }
    for name, kind in KINDS.items():
        document[name] = [
            {**_jsonable(entry.model_dump(exclude_defaults=True)), LICENCE_COLUMN: DATA_LICENCE}
            for entry in kind.entries(catalogue)
        ]
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


_LICENCE_NOTE: Final = (
    f"Our texts and their arrangement are under {DATA_LICENCE}. What an entry describes, and figures taken over from "
    "a source, keep the licence of their owner, which is named in `licence` where it is stated."
)


def _jsonable(value: Any) -> Any:
    match value:
        case dict():
            return {name: _jsonable(inside) for name, inside in value.items()}
        case list() | tuple():
            return [_jsonable(inside) for inside in value]
        case Decimal():
            return _json_number(value)
        case date():
            return value.isoformat()
    return value


def _json_number(number: Decimal) -> int | float | str:
    """A number, or its digits as text where JSON's readers would round it."""
    if number == number.to_integral_value() and abs(number) < 2**53:
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else plain(number)


EXPORTS: Final[dict[FileFormat, Callable[[Catalogue], bytes]]] = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}
"""One function for each format; pages and command line offer what stands here."""

ENDINGS: Final[dict[str, str]] = {"csv": "zip", "xlsx": "xlsx", "json": "json"}


def file_of(catalogue: Catalogue, form: str, folder: Path) -> bytes:
    """The file of a catalogue in a format; made once and kept in the folder, where there is room for it.

    Raises NotFound for a format that there is not.
    """
    known = next((name for name in EXPORTS if name == form), None)
    if known is None:
        raise NotFound(form)
    path = folder / f"catalogue-{known}-{_digest(catalogue)}.{ENDINGS[known]}"
    with suppress(OSError):
        return path.read_bytes()
    content = EXPORTS[known](catalogue)
    # Keeping saves time and nothing else: on a full disk the file is good all the same.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part")
        try:
            aside.write_bytes(content)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    return content


_digests: dict[int, tuple[Catalogue, str]] = {}


def _digest(catalogue: Catalogue) -> str:
    """A digest of what the files are made from: the catalogue and the code that writes it."""
    kept = _digests.get(id(catalogue))
    if kept is None or kept[0] is not catalogue:
        content = catalogue.model_dump_json(exclude_defaults=True).encode() + _code()
        kept = _digests[id(catalogue)] = catalogue, hashlib.sha256(content).hexdigest()[:32]
    return kept[1]


@cache
def _code() -> bytes:
    here = Path(__file__).resolve().parent
    modules = [*here.glob("catalogue_*.py"), *(here.parents[1] / "content").rglob("catalogue_columns.py")]
    return b"".join(path.read_bytes() for path in sorted(modules))


def _tables(catalogue: Catalogue) -> dict[str, tuple[list[str], list[list[Cell]]]]:
    """Every table by name: its columns and its rows; the codebook last."""
    tables: dict[str, tuple[list[str], list[list[Cell]]]] = {}
    described: list[list[Cell]] = []
    for name, kind in KINDS.items():
        entries = kind.entries(catalogue)
        columns = columns_of(kind, entries)
        names = [column.name for column in columns]
        tables[name] = names, [_row(entry, columns) for entry in entries]
        described += codebook(name, columns)
    tables[CODEBOOK] = list(CODEBOOK_COLUMNS), described
    return tables


def _row(entry: Model, columns: Sequence[Column]) -> list[Cell]:
    cells = cells_of(entry)
    return [cells.get(column.name) for column in columns]
