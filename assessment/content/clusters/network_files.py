"""A cluster's members and links as CSV and GraphML, out and in again.

A CSV file holds members or links, told by its columns. GraphML holds both; of one that another program wrote, names
may stand under `label`, and nodes without one are named by their id.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from assessment.content.reading_apart import told_by
from assessment.content.spreadsheet_text import defused, restored
from assessment.core.clusters.network import Network
from assessment.core.clusters.network_rows import LINK_COLUMNS, MEMBER_COLUMNS, SERVICE, Row, Rows, rows_of
from assessment.core.errors import InvalidContent, Refused

LARGEST: Final = 1024 * 1024
"""In bytes: some ten thousand rows."""
MOST_ROWS: Final = 5_000

Table = Literal["members", "links"]
_NAMES: Final = ("name", "label", "Label")
_XML: Final = b"<"
_PACKED: Final = b"PK\x03\x04"


def csv_of(network: Network, table: Table) -> bytes:
    """Members or links as CSV with a byte order mark, which spreadsheets need to tell the letters."""
    rows = rows_of(network)
    columns, held = (MEMBER_COLUMNS, rows.members) if table == "members" else (LINK_COLUMNS, rows.links)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([defused(row.cells[column]) for column in columns] for row in held)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def graphml_of(network: Network, meanings: Mapping[str, str]) -> bytes:
    """The whole network. Services that are wanted are nodes of their own, with `service` as their role.

    `meanings` say what stands in each attribute.
    """
    rows = rows_of(network)
    nodes = [[row.cells["id"], dict(row.cells)] for row in rows.members]
    wanted = dict.fromkeys(row.cells["to"] for row in rows.links if row.cells["to"].startswith(SERVICE))
    nodes += [[end, {"id": end, "name": end.removeprefix(SERVICE), "role": "service"}] for end in wanted]
    edges = [
        [row.cells["from"], row.cells["to"], {"kind": row.cells["kind"], "wanted": row.cells["wanted"]}]
        for row in rows.links
    ]
    sent = json.dumps({"nodes": nodes, "edges": edges, "meanings": dict(meanings)}).encode()
    made: str = told_by("assessment.content.clusters.graph_writer", Path("network.graphml"), sent)
    return made.encode()


def read_file(content: bytes) -> Rows:
    """The rows of a file.

    Raises Refused: `empty`, `too-large`, `too-many`, `packed` (a ZIP or a workbook), `broken` (it cannot be read),
    `declares` (XML with a document type), `no-graph` (XML that is no GraphML), `no-columns` (a table that is neither
    members nor links).
    """
    if not content.strip():
        raise Refused("empty")
    if len(content) > LARGEST:
        raise Refused("too-large")
    if content.startswith(_PACKED):
        raise Refused("packed")
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_XML):
        return _graph(content)
    return _table(content)


def _graph(content: bytes) -> Rows:
    try:
        found = told_by("assessment.content.clusters.graph_reader", Path("network.graphml"), content)
    except InvalidContent:
        # It asked for more than the child may take.
        raise Refused("too-large") from None
    if "wrong" in found:
        raise Refused(found["wrong"])
    services = {name for name, given in found["nodes"] if given.get("role") == "service"}
    members = tuple(
        Row(number, {**_known(given, MEMBER_COLUMNS), "id": name, "name": _name_of(name, given)})
        for number, (name, given) in enumerate(found["nodes"], start=1)
        if name not in services
    )
    links = tuple(
        Row(number, {**_known(given, LINK_COLUMNS), "from": source, "to": target})
        for number, (source, target, given) in enumerate(found["edges"], start=1)
    )
    return Rows(members, links)


def _known(given: dict[str, str], columns: Sequence[str]) -> dict[str, str]:
    return {column: given[column] for column in columns if column in given}


def _name_of(node: str, given: dict[str, str]) -> str:
    return next((given[key] for key in _NAMES if given.get(key, "").strip()), node)


def _table(content: bytes) -> Rows:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("broken") from None
    first = text.partition("\n")[0]
    # Spreadsheets of many countries write semicolons; the services of a member then stand in quotation marks.
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        read = [(number, row) for number, row in _lines(text, delimiter) if any(cell.strip() for cell in row)]
    except csv.Error:
        raise Refused("broken") from None
    if len(read) > MOST_ROWS + 1:
        raise Refused("too-many")
    columns = [cell.strip().lower() for cell in read[0][1]]
    rows = tuple(
        Row(number, {column: restored(cell) for column, cell in zip(columns, row, strict=False) if column})
        for number, row in read[1:]
    )
    if {"from", "to"} <= set(columns):
        return Rows(links=rows)
    if "name" in columns:
        return Rows(members=rows)
    raise Refused("no-columns")


def _lines(text: str, delimiter: str) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row in reader:
        yield reader.line_num, row
