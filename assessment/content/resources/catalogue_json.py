"""The catalogue's JSON file on its way in: bounded, without repeated keys, numbers kept to the digit."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from assessment.content.reading_apart import told_by
from assessment.content.resources.catalogue_columns import DATA_LICENCE, KINDS, LICENCE_COLUMN
from assessment.content.sheet_limits import LARGEST_FILE, MOST_ROWS
from assessment.core.errors import Flaw, InvalidContent

FORMAT_NAME: Final = "green-pathways-catalogue"
SCHEMA_VERSION: Final = 1

_ABOUT = {"format", "schema_version", "licence", "licence_note"}


def read_json(path: Path) -> Mapping[str, Sequence[dict[str, Any]]]:
    """The entries of a file by kind, each as an author would write it.

    Raises InvalidContent where it is not a catalogue that we know.
    """
    document = _parsed(path)
    flaws: list[Flaw] = []

    def refuse(place: str, message: str, cure: str, entry: int = 0) -> None:
        flaws.append(Flaw(path.name, entry, place, message, cure))

    if not isinstance(document, dict) or document.get("format") != FORMAT_NAME:
        refuse("format", "This is not a catalogue of ours.", f'It begins with `"format": "{FORMAT_NAME}"`.')
        raise InvalidContent(flaws)
    if document.get("schema_version") != SCHEMA_VERSION:
        refuse("schema_version", "This file is of another version.", f"We read version {SCHEMA_VERSION}.")
    for name in document.keys() - _ABOUT - KINDS.keys():
        refuse(name, f"`{name}` is not known here.", f"A catalogue holds {', '.join(KINDS)}.")
    kinds: dict[str, list[dict[str, Any]]] = {}
    for name in KINDS:
        entries = document.get(name)
        if entries is None:
            continue
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            refuse(name, "This is not a list of entries.", "Write a list of objects.")
        elif len(entries) > MOST_ROWS:
            refuse(name, f"There are more than {MOST_ROWS} entries.", "Import them in several files.")
        else:
            kinds[name] = entries
            for number, entry in enumerate(entries, start=1):
                if entry.pop(LICENCE_COLUMN, DATA_LICENCE) != DATA_LICENCE:
                    cure = f"Entries are published under {DATA_LICENCE}; write that."
                    refuse(f"{name}.{LICENCE_COLUMN}", "This is another licence than this catalogue's.", cure, number)
    if flaws:
        raise InvalidContent(flaws)
    return kinds


def _parsed(path: Path) -> object:
    with path.open("rb") as stream:
        content = stream.read(LARGEST_FILE + 1)
    wrong = [(1, f"it is larger than {LARGEST_FILE >> 20} MiB")] if len(content) > LARGEST_FILE else []
    # The child has read the same bytes within its limits before they are read here.
    wrong = wrong or told_by("assessment.content.json_reader", path, content)
    if wrong:
        raise InvalidContent([
            Flaw(path.name, line, "(whole file)", f"This JSON cannot be read: {words}.", "Export it afresh.")
            for line, words in wrong
        ])  # fmt: skip
    return json.loads(content.decode("utf-8-sig"), parse_float=Decimal)
