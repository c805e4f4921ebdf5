"""Rows of a list that somebody sends as a file: a workbook, read in a child process, or text with any of three marks.

A row says nothing of the others, so nothing here refuses a file for one row; only what is no list at all is refused.
"""

import tempfile
from pathlib import Path
from typing import Final

from assessment.content.sheets import read_sheets
from assessment.content.spreadsheet_text import restored
from assessment.core.clusters.invitees import Row, rows_of_text
from assessment.core.errors import Refused

LARGEST: Final = 1024 * 1024
"""In bytes: some ten thousand rows."""
_WORKBOOK: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def rows_of_file(content: bytes) -> list[Row]:
    """The rows of a file; of a workbook those of its first sheet with anything on it.

    Raises Refused: `empty`, `too-large`, `old-workbook` (or one with a password), `no-text` for what is neither a
    workbook nor text. Raises InvalidContent for a workbook that cannot be read, with the rows that are at fault.
    """
    if not content.strip():
        raise Refused("empty")
    if len(content) > LARGEST:
        raise Refused("too-large")
    if content.startswith(_OLD_WORKBOOK):
        raise Refused("old-workbook")
    if content.startswith(_WORKBOOK):
        return _of_workbook(content)
    return [(number, [restored(cell) for cell in cells]) for number, cells in rows_of_text(_text(content))]


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("no-text") from None
    if "\0" in text:
        raise Refused("no-text")
    return text


def _of_workbook(content: bytes) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        path.write_bytes(content)
        sheets = read_sheets(path)
    for sheet in sheets.values():
        if sheet.rows:
            return [
                (number, ["" if cell is None else str(cell).strip() for cell in cells]) for number, cells in sheet.rows
            ]
    raise Refused("empty")
