"""Writes a catalogue into a folder of YAML files: whole or not at all, and without touching what did not change.

Entries keep their file, their place and the very letters they were written in unless their values changed. Schemes go
to the file that their id begins with, building blocks to the file of their kind, a new measure to the file where most
measures of its topic stand. What was written is read again before it takes the folder's place.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from assessment.content.resources.catalogue import ABOUT, Entry, load_catalogue
from assessment.content.resources.catalogue_columns import KINDS, columns_of, plain
from assessment.content.strict_yaml import read
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.model import Model
from assessment.core.resources.catalogue import Catalogue
from assessment.core.resources.entries import BuildingBlock, Measure, Scheme

_WIDTH = 110
_KEYS = {"measures": "measures", "funding": "schemes", "building_blocks": "building_blocks"}


class _Dumper(yaml.SafeDumper):
    """Writes what the strict reader reads: plain decimals, lists set in, no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = plain(value)
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


def _list(dumper: yaml.SafeDumper, value: tuple[object, ...]) -> yaml.SequenceNode:
    """A list of words on one line, a list of parts set in."""
    plain_words = not any(isinstance(part, dict) for part in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=plain_words)


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(tuple, _list)


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it was: what stands before its first entry, and the text and the value of each entry."""

    head: str
    entries: Mapping[str, tuple[str, object]]


def write_catalogue(catalogue: Catalogue, base: Path, target: Path, now: datetime) -> Path | None:
    """Put the catalogue into `target`, starting from the files of `base`; returns where the folder before it is kept.

    Raises InvalidContent where what was written does not read back as the same catalogue; then nothing was changed.
    """
    if target.exists() and not (target / "measures" / "topics.yaml").is_file() and any(target.iterdir()):
        message = "This folder holds something else than a catalogue."
        raise InvalidContent([Flaw(str(target), 1, "(whole folder)", message, "Name an empty or a new folder.")])
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as aside:
        made = Path(aside) / "made"
        shutil.copytree(base, made)
        _write(catalogue, load_catalogue(base), made)
        if load_catalogue(made) != catalogue:
            message = "What was written does not read back as the same catalogue."
            raise InvalidContent([Flaw(str(target), 1, "(whole folder)", message, "Tell us: this is a fault of ours.")])
        return _take_place(made, target, now)


def _take_place(made: Path, target: Path, now: datetime) -> Path | None:
    """Both moves are renames on one file system: at no moment is there half a catalogue."""
    made.chmod(0o755)
    if not target.exists():
        made.replace(target)
        return None
    before = target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%S%f}")
    target.rename(before)
    try:
        made.rename(target)
    except OSError:
        before.rename(target)
        raise
    return before


def _write(catalogue: Catalogue, before: Catalogue, folder: Path) -> None:
    files = {path: _read_file(path, key) for path, key in _files(folder)}
    home = {name: path for path, file in files.items() for name in file.entries}
    topics: dict[str, Counter[Path]] = {}
    for measure in before.measures.values():
        topics.setdefault(measure.category, Counter())[home[measure.id]] += 1
    wanted: dict[Path, dict[str, Entry]] = {path: {} for path in files}
    entries: list[Entry] = [*catalogue.measures.values(), *catalogue.schemes.values(), *catalogue.blocks.values()]
    for entry in entries:
        path = _place(entry, folder, home, topics)
        wanted.setdefault(path, {})[entry.id] = entry
    for path, held in wanted.items():
        _write_file(path, _KEYS[path.parent.name], files.get(path), held, before)
    sources = folder / "measures" / "sources.yaml"
    if catalogue.sources != before.sources:
        head = sources.read_text("utf-8").partition("sources:")[0]
        data = {"sources": {name: _written(source) for name, source in catalogue.sources.items()}}
        sources.write_text(head + _dumped(data), encoding="utf-8")


def _files(folder: Path) -> Iterable[tuple[Path, str]]:
    for name, key in _KEYS.items():
        for path in sorted((folder / name).glob("*.yaml")):
            if name != "measures" or path.name not in ABOUT:
                yield path, key


def _place(entry: Entry, folder: Path, home: Mapping[str, Path], topics: Mapping[str, Counter[Path]]) -> Path:
    match entry:
        case Scheme():
            return folder / "funding" / f"{entry.id.split('-')[0]}.yaml"
        case BuildingBlock():
            return folder / "building_blocks" / f"{entry.kind}.yaml"
        case Measure() if entry.id in home and home[entry.id].parent.name == "measures":
            return home[entry.id]
        case Measure() if entry.category in topics:
            return topics[entry.category].most_common(1)[0][0]
    return folder / "measures" / f"{entry.category}.yaml"


def _read_file(path: Path, key: str) -> _File:
    """The letters of every entry: from its line to the line of the next one."""
    document, text = read(path), path.read_text("utf-8")
    data = document.data
    entries = data[key] if isinstance(data, dict) else []
    starts = [document.line_of((key, at)) for at in range(len(entries))]
    lines = text.splitlines(keepends=True)
    if starts != sorted(set(starts)) or not all(lines[start - 1].startswith("  - ") for start in starts):
        # Written in another manner: every entry is written afresh when one of them changes.
        return _File(f"{key}:\n", {entry["id"]: (_dumped_entry(entry), entry) for entry in entries})
    ends = [*starts[1:], len(lines) + 1]
    texts = ["".join(lines[start - 1 : end - 1]) for start, end in zip(starts, ends, strict=True)]
    head = "".join(lines[: starts[0] - 1]) if starts else f"{key}:\n"
    return _File(head, {entry["id"]: (text, entry) for entry, text in zip(entries, texts, strict=True)})


def _write_file(path: Path, key: str, file: _File | None, entries: Mapping[str, Entry], before: Catalogue) -> None:
    old: dict[str, Entry] = {**before.measures, **before.schemes, **before.blocks}
    known = file.entries if file else {}
    if known.keys() == entries.keys() and all(old.get(name) == entry for name, entry in entries.items()):
        return
    if not entries:
        path.unlink(missing_ok=True)
        return
    order = [*(name for name in known if name in entries), *(name for name in entries if name not in known)]
    same = {name for name in known if name in entries and old.get(name) == entries[name]}
    written = [_ended(known[name][0]) if name in same else _dumped_entry(_written(entries[name])) for name in order]
    path.parent.mkdir(exist_ok=True)
    path.write_text((file.head if file else f"{key}:\n") + "".join(written), encoding="utf-8")


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _written(entry: Model) -> dict[str, Any]:
    """An entry as an author would write it; the id first."""
    data = entry.model_dump(exclude_defaults=True)
    return {**({"id": data["id"]} if "id" in data else {}), **data}


def _dumped_entry(data: object) -> str:
    text = _dumped([data])
    return "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))


def _dumped(data: object) -> str:
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return text


def where_is(folder: Path, entry_id: str) -> tuple[Path, int] | None:
    """The file and the line where an entry stands."""
    for path, key in _files(folder):
        document = read(path)
        entries = document.data[key] if isinstance(document.data, dict) else []
        for at, entry in enumerate(entries):
            if entry["id"] == entry_id:
                return path, document.line_of((key, at))
    return None


def blank_entry(kind: str, url: str) -> str:
    """The keys that an entry of a kind must have, for an editor to fill in, with what may stand there."""
    lines = []
    for column in columns_of(KINDS[kind], []):
        if column.required:
            allowed = f"  # {' | '.join(column.shape.allowed)}" if column.shape.allowed else ""
            value = url if column.name == "url" else "[]" if column.shape.several else ""
            lines.append(f"{column.name}: {value}".rstrip() + allowed)
    return "\n".join(f"  {'- ' if at == 0 else '  '}{line}" for at, line in enumerate(lines))
