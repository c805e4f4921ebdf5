"""The list of a campaign as a file: CSV and a workbook with the same cells, each with its codebook.

What a person wrote is text in both, never a formula (RELIABILITY OUT-01, OUT-02).
"""

import importlib
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from assessment.reporting.csv_files import (
    CODEBOOK,
    CODEBOOK_COLUMNS,
    Cell,
    ColumnWords,
    codebook_rows,
    csv_table,
    zipped,
)

LIST: Final = "list"
FORMATS: Final[Mapping[str, tuple[str, str]]] = {
    "csv": ("zip", "application/zip"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""The kinds of file, each with how its name ends and what it is called on the web."""
_WIDTH: Final = 24


def as_file(form: str, title: str, columns: Sequence[ColumnWords], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows under the names of their columns, as one of `FORMATS`."""
    heads, described = [column.name for column in columns], codebook_rows(LIST, columns)
    if form == "csv":
        tables = {LIST: csv_table(heads, rows), CODEBOOK: csv_table(CODEBOOK_COLUMNS, described)}
        return zipped({f"{name}.csv": content for name, content in tables.items()})
    return _as_xlsx(title, {LIST: (heads, rows), CODEBOOK: (CODEBOOK_COLUMNS, described)})


def _as_xlsx(title: str, sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    packed = io.BytesIO()
    # Loaded when a workbook is asked for: a web worker starts without it.
    book = importlib.import_module("xlsxwriter").Workbook(packed, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    book.set_properties({"title": title, "author": "Green Pathways"})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for name, (heads, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.set_column(0, len(heads) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, heads, bold)
        for number, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                _write(sheet, number, at, cell, day)
    book.close()
    return packed.getvalue()


def _write(sheet: Any, row: int, at: int, cell: Cell, day: Any) -> None:
    match cell:
        case None:
            return
        case date():
            sheet.write_datetime(row, at, cell, day)
        case str():
            sheet.write_string(row, at, cell)
        case _:
            sheet.write_number(row, at, cell)
