"""The list of a campaign as a file: CSV and a workbook with the same cells.

What a person wrote is text in both, never a formula (RELIABILITY OUT-01, OUT-02).
"""

import csv
import importlib
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from assessment.content.spreadsheet_text import defused

ListRow = Sequence[str | int | date | None]
FORMATS: Final[Mapping[str, str]] = {
    "csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
"""The kinds of file with what each is called on the web."""
_WIDTH: Final = 24


def as_file(form: str, title: str, heads: Sequence[str], rows: Iterable[ListRow]) -> bytes:
    """The rows under their heads, as one of `FORMATS`."""
    return _as_csv(heads, rows) if form == "csv" else _as_xlsx(title, heads, rows)


def _as_csv(heads: Sequence[str], rows: Iterable[ListRow]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    # Spreadsheets need the mark to tell the letters.
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _plain(cell: str | int | date | None) -> str | int:
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()
        case str():
            return defused(cell)
        case _:
            return cell


def _as_xlsx(title: str, heads: Sequence[str], rows: Iterable[ListRow]) -> bytes:
    packed = io.BytesIO()
    # Loaded when a workbook is asked for: a web worker starts without it.
    book = importlib.import_module("xlsxwriter").Workbook(packed, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    book.set_properties({"title": title, "author": "Green Pathways"})
    sheet, bold, day = (
        book.add_worksheet(),
        book.add_format({"bold": True}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    sheet.set_column(0, len(heads) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, heads, bold)
    for number, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            match cell:
                case None:
                    continue
                case date():
                    sheet.write_datetime(number, at, cell, day)
                case str():
                    sheet.write_string(number, at, cell)
                case _:
                    sheet.write_number(number, at, cell)
    book.close()
    return packed.getvalue()
