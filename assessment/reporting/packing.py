"""A ZIP of everything: one JSON document, a CSV file for each table, and other files as they are.

Text that a spreadsheet would take for a formula is defused in CSV by an apostrophe (RELIABILITY OUT-01); the JSON has
every text as it is.
"""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any

from assessment.content.spreadsheet_text import defused


def packed(
    document: Mapping[str, Any], tables: Mapping[str, Sequence[Mapping[str, Any]]],
    files: Iterable[tuple[str, bytes]], made_at: datetime,
) -> IO[bytes]:  # fmt: skip
    """The file, open at its beginning; it has no name on the disk and is gone once it is closed.

    Many large documents can be in it, so it never stands in memory as a whole.
    """
    written = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever sends it
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, content: bytes) -> None:
            entry = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)

        add("data.json", json.dumps(document, ensure_ascii=False, indent=2).encode())
        for name, rows in tables.items():
            if rows:
                add(f"tables/{name}.csv", _csv(rows))
        for name, content in files:
            add(name, content)
    written.seek(0)
    return written


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    columns = list(rows[0])
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _cell(value: Any) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return value
        case str():
            return defused(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
