"""A catalogue that comes back as CSV, workbook or JSON: what it says, what is wrong with it, and what it would change.

Tables become the documents that content files become, with rows for lines, so the same models and the same checks speak
about both. A kind that the file does not hold stays as it is; of a kind that it holds, what is missing is taken out.
"""

import difflib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from assessment.content.resources.catalogue import check_table, load_catalogue
from assessment.content.resources.catalogue_columns import (
    KINDS,
    LICENCE_COLUMN,
    Cell,
    Kind,
    cells_of,
    columns_of,
    data_of,
    path_of,
    plain,
    type_of,
)
from assessment.content.resources.catalogue_json import read_json
from assessment.content.sheets import Plain, Sheet, place_of, read_what_can_be_read
from assessment.content.strict_yaml import Document, Place
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.resources.catalogue import Catalogue

CODEBOOK = "codebook"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry before and after; empty where it did or does not say."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class KindChanges:
    """What would become of one kind of entry."""

    kind: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, tuple[Change, ...]]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The catalogue as the file would make it, and what that changes."""

    catalogue: Catalogue
    changes: tuple[KindChanges, ...]

    @property
    def anything(self) -> bool:
        """Whether the file says anything else than the catalogue."""
        return any(kind.added or kind.removed or kind.changed for kind in self.changes)


def preview(path: Path, folder: Path) -> Preview:
    """What a file would make of the catalogue in a folder; nothing is written.

    Raises InvalidContent with all that is wrong, by row and column.
    """
    before = load_catalogue(folder)
    documents, flaws = _documents(path)
    after = None if flaws else _loaded(folder, documents, flaws)
    if after is None:
        raise InvalidContent(_all_flaws(folder, before, documents, flaws))
    return Preview(after, tuple(_changes(KINDS[name], before, after) for name in documents))


def _loaded(folder: Path, documents: Mapping[str, Document], flaws: list[Flaw]) -> Catalogue | None:
    """The catalogue with these tables in it; else None, and what is wrong with them is added to the flaws."""
    try:
        return load_catalogue(folder, documents)
    except InvalidContent as invalid:
        flaws += [_of_table(flaw, documents) for flaw in invalid.flaws]
        return None


def _all_flaws(folder: Path, before: Catalogue, documents: Mapping[str, Document], flaws: list[Flaw]) -> list[Flaw]:
    """Also what single rows have besides, and what the sound ones mean to each other, so that all is told at once."""
    told = {(flaw.file, flaw.line, flaw.path) for flaw in flaws}
    for name, document in documents.items():
        try:
            check_table(name, document)
        except InvalidContent as invalid:
            translated = [_of_table(flaw, documents) for flaw in invalid.flaws]
            flaws += [flaw for flaw in translated if (flaw.file, flaw.line, flaw.path) not in told]
    bad = {(flaw.file, flaw.line) for flaw in flaws}
    sound = {name: _with_sound_rows(KINDS[name], document, before, bad) for name, document in documents.items()}
    further: list[Flaw] = []
    _loaded(folder, sound, further)
    flaws += [flaw for flaw in further if (flaw.file, flaw.line) not in bad]
    return sorted(dict.fromkeys(flaws), key=lambda flaw: (flaw.file, flaw.line))


def _with_sound_rows(kind: Kind, document: Document, before: Catalogue, bad: Container[tuple[str, int]]) -> Document:
    """The table with each bad row as the entry was before; a bad row that is new stands in as any other entry."""
    known = {entry.id: entry.model_dump(by_alias=True) for entry in kind.entries(before)}  # type: ignore[attr-defined]
    seen: set[str] = set()

    def sound(step: str | int, row: dict[str, Any]) -> dict[str, Any]:
        line = document.line_of((kind.key, step))
        name = str(row.get("id"))
        if (str(document.path), line) in bad:
            # Which entries it is an alternative to is asked of those others.
            kept = {key: row[key] for key in ("alternative_to",) if key in row}
            name = f"row-{line}" if name in seen else name
            row = {**known.get(name, next(iter(known.values()))), **kept, "id": name}
        seen.add(name)
        return row

    rows: Any = document.data
    listed: Any = rows[kind.key]
    if isinstance(listed, dict):
        made = {name: sound(name, {**row, "id": name}) for name, row in listed.items()}
        return replace(document, data={kind.key: {name: _without_id(row) for name, row in made.items()}})
    return replace(document, data={kind.key: [sound(at, row) for at, row in enumerate(listed)]})


def _without_id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "id"}


def _documents(path: Path) -> tuple[dict[str, Document], list[Flaw]]:
    """The tables of a file as documents, and what is wrong with single cells of them."""
    flaws: list[Flaw] = []
    if path.suffix.lower() == ".json":
        kinds = read_json(path)
        return {name: _of_entries(path, KINDS[name], entries, flaws) for name, entries in kinds.items()}, flaws
    sheets, flaws = read_what_can_be_read(path)
    documents: dict[str, Document] = {}
    tables = {name: sheet for name, sheet in sheets.items() if name != CODEBOOK}
    for name, sheet in tables.items():
        if name in KINDS:
            document = _of_sheet(path, KINDS[name], sheet, flaws)
            if document is not None:
                documents[name] = document
        else:
            message = f"There is no kind of entry called {name}."
            cure = f"Name the file or sheet after what it holds: {', '.join(KINDS)}."
            flaws.append(Flaw(place_of(path, name), 0, "(whole table)", message, cure))
    if len(documents) < len(tables):
        raise InvalidContent(flaws)
    return documents, flaws


def _of_sheet(path: Path, kind: Kind, sheet: Sheet, flaws: list[Flaw]) -> Document | None:
    """A table as the document that its rows stand for; rows are its lines.

    None under a header that is not understood: all rows would seem to lack something.
    """
    place = place_of(path, sheet.name)
    if not sheet.rows:
        flaws.append(Flaw(place, 1, "(whole table)", "This table is empty.", "Its first row names the columns."))
    header_row, header = sheet.rows[0] if sheet.rows else (1, [])
    names = [str(cell).strip() if cell is not None else "" for cell in header]
    unnamed = {at for at, name in enumerate(names) if not name}
    wrong = _header_flaws(place, header_row, kind, [name for name in names if name])
    for number, row in () if wrong else sheet.rows[1:]:
        if any(_filled(cell) for at, cell in enumerate(row) if at in unnamed):
            wrong.append(Flaw(place, number, "(whole row)", "A cell stands in a column without a name.",
                              "Move it, or give its column a name in the first row."))  # fmt: skip
    if wrong:
        flaws += wrong
        return None
    entries: list[tuple[int, dict[str, Any], dict[Place, str]]] = []
    for number, row in sheet.rows[1:]:
        cells: dict[str, Cell] = {}
        for name, cell in zip(names, row, strict=False):
            cells.setdefault(name, _read(cell, sheet.decimal_comma and type_of(kind, name) == "number"))
        data, found = data_of(kind, cells)
        flaws += [Flaw(place, number, flaw.column, flaw.message, flaw.cure) for flaw in found]
        filled = [name for name, cell in cells.items() if _filled(cell)]
        if set(filled) - {LICENCE_COLUMN}:
            entries.append((number, data, {step: name for name in names if (step := path_of(kind, name))}))
    return _document(Path(place), kind, entries, flaws)


def _read(cell: Plain, decimal_comma: bool) -> Cell:
    if isinstance(cell, float):
        return Decimal(repr(cell))
    return cell.replace(",", ".") if decimal_comma and isinstance(cell, str) and cell.count(",") == 1 else cell


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _header_flaws(place: str, row: int, kind: Kind, names: Sequence[str]) -> list[Flaw]:
    found: list[Flaw] = []
    known = [column.name for column in columns_of(kind, [])]
    for at, name in enumerate(names, start=1):
        if names.index(name) != at - 1:
            message = f"The column `{name}` stands here twice."
            found.append(Flaw(place, row, name, message, "Keep one of them."))
        elif name != LICENCE_COLUMN and path_of(kind, name) is None:
            close = difflib.get_close_matches(name, known, n=1)
            cure = f"Did you mean `{close[0]}`?" if close else "Correct it, or take the column out."
            found.append(Flaw(place, row, name[:60], f"There is no column called `{name[:60]}`.", cure))
    if "id" not in names:
        found.append(Flaw(place, row, "id", "The column `id` is missing.", "Add it: it says which entry a row is."))
    return found


def _of_entries(path: Path, kind: Kind, entries: Sequence[dict[str, Any]], flaws: list[Flaw]) -> Document:
    rows = [(number, entry, _places(entry)) for number, entry in enumerate(entries, start=1)]
    return _document(Path(f"{path.name}, {kind.name}"), kind, rows, flaws)


def _places(value: object, place: Place = ()) -> dict[Place, str]:
    """Every place within an entry by its column."""
    found: dict[Place, str] = {}
    inside: Sequence[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        inside = list(enumerate(value))
    for step, part in inside:
        found[(*place, step)] = _column((*place, step))
        found |= _places(part, (*place, step))
    return found


def _document(
    path: Path, kind: Kind, entries: Sequence[tuple[int, dict[str, Any], Mapping[Place, str]]], flaws: list[Flaw]
) -> Document:
    lines: dict[Place, int] = {(): 1, (kind.key,): 1}
    listed: list[dict[str, Any]] = []
    named: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for at, (number, data, places) in enumerate(entries):
        step: str | int = at
        name = str(data.get("id", ""))
        if name in seen or not name:
            message = f"The id {name} is used twice." if name else "`id` is missing."
            flaws.append(Flaw(str(path), number, "id", message, "Give each row an id of its own."))
        seen.add(name)
        if kind.name == "sources":
            step = name
            named[step] = _without_id(data)
        else:
            listed.append(data)
        lines[kind.key, step] = number
        for place in places:
            for depth in range(1, len(place) + 1):
                lines[(kind.key, step, *place[:depth])] = number
    return Document(path, {kind.key: named if kind.name == "sources" else listed}, lines)


def _of_table(flaw: Flaw, documents: Mapping[str, Document]) -> Flaw:
    """A flaw of a document as one of the table that the document stands for: its place names a column."""
    for name, document in documents.items():
        if flaw.file == str(document.path):
            key = KINDS[name].key
            steps = flaw.path.split(".")
            within = steps[2:] if steps[0] == key else steps[1:]
            place = tuple(int(step) if step.isdigit() else step for step in within)
            return Flaw(flaw.file, flaw.line, _column(place) or "id", flaw.message, flaw.cure)
    return flaw


def _column(place: Place) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in place)


def _changes(kind: Kind, before: Catalogue, after: Catalogue) -> KindChanges:
    old, new = _by_id(kind, before), _by_id(kind, after)
    changed = {
        name: tuple(
            Change(column, shown(old[name].get(column)), shown(new[name].get(column)))
            for column in dict.fromkeys((*old[name], *new[name]))
            if old[name].get(column) != new[name].get(column)
        )
        for name in new
        if name in old and old[name] != new[name]
    }
    added, removed = tuple(new.keys() - old.keys()), tuple(old.keys() - new.keys())
    return KindChanges(
        kind.name, tuple(sorted(added)), tuple(sorted(removed)), changed, len(new) - len(added) - len(changed)
    )


def _by_id(kind: Kind, catalogue: Catalogue) -> dict[str, dict[str, Cell]]:
    return {str(cells["id"]): cells for cells in map(cells_of, kind.entries(catalogue))}


def shown(cell: Cell | Plain) -> str:
    """A cell as a person reads it in a preview."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case Decimal():
            return plain(cell)
        case date():
            return cell.isoformat()
    return str(cell)
