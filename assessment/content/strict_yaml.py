"""The one reader of YAML: strict, bounded, and it remembers lines.

It owns the step from bytes to plain data (dict, list, str, int, Decimal, bool, None) and from a model's
complaints to flaws that an author can act on. It reads PyYAML's event stream (C parser) and builds the data
itself: anchors, aliases, merge keys and tags are refused as they appear, so nothing is ever expanded, and only
the scalars named in `_value` become anything but text. Keys are always text. What the data must mean is the
models' business.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    MarkedYAMLError,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
)
from yaml._yaml import CParser
from yaml.events import CollectionEndEvent, CollectionStartEvent, Event

from assessment.content.flaw_words import in_words
from assessment.core.errors import Flaw, InvalidContent

Place = tuple[str | int, ...]
"""Where a value stands: keys and list positions from the top of the file."""

M = TypeVar("M", bound=BaseModel)

LARGEST_FILE = 1024 * 1024
DEEPEST = 20
MOST_VALUES = 50_000
MOST_DIGITS = 18
MOST_FLAWS = 50

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_NOT_TEXT = re.compile("[^\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True)
class Document:
    """A file as read: plain data, and the line on which each value was written."""

    path: Path
    data: object
    lines: Mapping[Place, int] = field(repr=False)

    def line_of(self, place: Place) -> int:
        """The line of a value, or of the nearest thing around it that is in the file.

        Steps that are not in the file (a missing key, the name of a union's branch) are passed over.
        """
        return self.lines.get(self._written(place), 1)

    def _written(self, place: Place) -> Place:
        known: Place = ()
        for step in place:
            further = (*known, step)
            if further in self.lines:
                known = further
        return known


class _Stop(Exception):
    """The rest of the file cannot be read, or is not worth reading."""


def read(path: Path) -> Document:
    """Read one file.

    Raises InvalidContent with file, line, path, message and cure of each flaw.
    """
    try:
        with path.open("rb") as stream:
            text = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        message = "This file is missing." if isinstance(error, FileNotFoundError) else "This file cannot be read."
        raise InvalidContent([_flaw(path, 1, (), message, "Check its name and its permissions.")]) from error
    return parse(text, path)


def parse(text: bytes, path: Path) -> Document:
    """Read the content of a file; `path` is only named in flaws."""
    _check_characters(text, path)
    builder = _Builder(path)
    try:
        builder.build(CParser(text))
    except _Stop:
        pass
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        problem = (error.problem if isinstance(error, MarkedYAMLError) else None) or "it cannot be read"
        cure = "Check indentation, colons and quotes on this line and the one above."
        line = mark.line + 1 if mark else 1
        builder.flaws.append(_flaw(path, line, builder.place, f"This is not valid YAML: {problem}.", cure))
    if builder.flaws:
        raise InvalidContent(builder.flaws)
    return Document(path, builder.data, builder.lines)


def validate(model: type[M], document: Document, at: Place = ()) -> M:
    """The model that the file, or what stands at a place in it, describes.

    Raises InvalidContent with everything that the model refuses, each with its line and a cure.
    """
    data: Any = document.data
    for step in at:
        data = data[step]
    try:
        return model.model_validate(data)
    except ValidationError as invalid:
        errors = _first_causes(invalid.errors(include_url=False))
        raise InvalidContent(_unique(_explained(error, document, at, model) for error in errors)) from None


def _first_causes(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Without the lists that are too short only because what stands in them was refused."""
    places = [error["loc"] for error in errors]
    return [
        error for error, place in zip(errors, places, strict=True)
        if error["type"] != "too_short"
        or not any(len(other) > len(place) and other[: len(place)] == place for other in places)
    ]  # fmt: skip


def _check_characters(text: bytes, path: Path) -> None:
    """Refuse what must not reach the parser, with the line where it stands."""
    if len(text) > LARGEST_FILE:
        raise InvalidContent([_flaw(path, 1, (), "This file is larger than 1 MiB.", "Split it into several files.")])
    cure = "Save the file as UTF-8 without a byte order mark."
    try:
        characters = text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InvalidContent([_flaw(path, line, (), "These bytes are not UTF-8 text.", cure)]) from None
    found = _NOT_TEXT.search(characters)
    if found is None:
        return
    line = characters.count("\n", 0, found.start()) + 1
    if found[0] == "\ufeff":
        message = "There is a byte order mark in the file."
    elif found[0] == "\t":
        message, cure = "There is a tab in this line.", "Use spaces, two for each level."
    else:
        message, cure = f"The character U+{ord(found[0]):04X} cannot stand in a text.", "Remove it."
    raise InvalidContent([_flaw(path, line, (), message, cure)])


class _OpenList:
    """A list that is being read."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.data: list[object] = []

    @property
    def next_place(self) -> Place:
        """Where its next value will stand."""
        return (*self.place, len(self.data))

    def put(self, value: object) -> None:
        """Take the next value."""
        self.data.append(value)


class _OpenMapping:
    """A mapping that is being read; `key` is the key whose value comes next, None where a key comes next."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.data: dict[str, object] = {}
        self.key: str | None = None

    @property
    def next_place(self) -> Place:
        """Where its next value will stand."""
        return self.place if self.key is None else (*self.place, self.key)

    def put(self, value: object) -> None:
        """Take the value of the key; of a key that stands twice the first value stays."""
        if self.key is not None:
            self.data.setdefault(self.key, value)
        self.key = None


class _Builder:
    """Builds data from events, one step each, without recursion."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data: object = None
        self.lines: dict[Place, int] = {(): 1}
        self.flaws: list[Flaw] = []
        self._open: list[_OpenList | _OpenMapping] = []
        self._documents = 0

    @property
    def place(self) -> Place:
        """Where the reading stands."""
        return self._open[-1].next_place if self._open else ()

    def build(self, parser: CParser) -> None:
        """Take every event of the file."""
        while True:
            event = parser.get_event()
            if event is None or isinstance(event, StreamEndEvent):
                return
            if isinstance(event, NodeEvent):
                self._node(event)
            elif isinstance(event, CollectionEndEvent):
                self._open.pop()
            elif isinstance(event, DocumentStartEvent):
                self._document(event)

    def _document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        line = _line(event)
        if self._documents > 1:
            self._refuse(line, "A second document begins here.", "Keep one document to a file; remove the `---`.")
            raise _Stop
        if event.version or event.tags:
            self._refuse(line, "The file begins with a % directive.", "Remove it.")

    def _node(self, event: NodeEvent) -> None:
        line = _line(event)
        top = self._open[-1] if self._open else None
        self._check_marks(event, line)
        if isinstance(top, _OpenMapping) and top.key is None:
            self._key(top, event, line)
            return
        place = self.place
        if len(self.lines) > MOST_VALUES:
            self._refuse(line, f"The file holds more than {MOST_VALUES} values.", "Split it into several files.")
            raise _Stop
        self.lines.setdefault(place, line)
        if isinstance(event, ScalarEvent):
            self._put(top, self._value(event, line))
        elif isinstance(event, CollectionStartEvent):
            self._begin(top, _OpenMapping(place) if isinstance(event, MappingStartEvent) else _OpenList(place), line)
        else:
            self._put(top, None)

    def _begin(self, top: _OpenList | _OpenMapping | None, opened: _OpenList | _OpenMapping, line: int) -> None:
        if len(self._open) >= DEEPEST:
            self._refuse(line, f"This is nested more than {DEEPEST} levels deep.", "Write it flatter.")
            raise _Stop
        self._put(top, opened.data)
        self._open.append(opened)

    def _put(self, top: _OpenList | _OpenMapping | None, value: object) -> None:
        if top is None:
            self.data = value
        else:
            top.put(value)

    def _key(self, top: _OpenMapping, event: NodeEvent, line: int) -> None:
        if not isinstance(event, ScalarEvent):
            self._refuse(line, "A key must be a plain word.", "Write `key: value`.")
            raise _Stop
        key = top.key = event.value
        place = (*top.place, key)
        if not event.style and key == "<<":
            self._refuse(line, "Merge keys (`<<`) are not allowed.", "Write the values out.")
        elif not key:
            self._refuse(line, "A key is empty.", "Write `key: value`.")
        elif _has_control(event):
            self._refuse(line, "A key holds a control character.", "Remove it.")
        elif place in self.lines:
            first = self.lines[place]
            self._refuse(line, f"The key `{key}` stands here twice, first in line {first}.", "Remove or rename one.")
        self.lines.setdefault(place, line)

    def _check_marks(self, event: NodeEvent, line: int) -> None:
        if isinstance(event, AliasEvent):
            self._refuse(line, f"Aliases (`*{event.anchor}`) are not allowed.", "Write the value out.")
        elif event.anchor is not None:
            self._refuse(line, f"Anchors (`&{event.anchor}`) are not allowed.", "Remove it.")
        if isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent) and event.tag is not None:
            self._refuse(line, f"Tags (`{event.tag}`) are not allowed.", "Remove it.")

    def _value(self, event: ScalarEvent, line: int) -> str | int | Decimal | bool | None:
        """What a scalar means: `true`, `false`, `null`, whole numbers and plain decimals; all else is text."""
        text: str = event.value
        if event.style:
            if _has_control(event):
                self._refuse(line, "The text holds an escaped control character.", "Remove it.")
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[-1] not in "0123456789" or not (_WHOLE.fullmatch(text) or _DECIMAL.fullmatch(text)):
            return text
        if sum(character.isdigit() for character in text) > MOST_DIGITS:
            self._refuse(line, f"This number has more than {MOST_DIGITS} digits.", "If it is a text, put it in quotes.")
            return None
        return Decimal(text) if "." in text else int(text)

    def _refuse(self, line: int, message: str, cure: str) -> None:
        self.flaws.append(_flaw(self.path, line, self.place, message, cure))
        if len(self.flaws) >= MOST_FLAWS:
            raise _Stop


def _line(event: Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark is not None else 1


def _has_control(event: ScalarEvent) -> bool:
    # Only double quotes can smuggle one in, as an escape; the raw text has been checked.
    return event.style == '"' and _NOT_TEXT.search(event.value.replace("\t", " ")) is not None


def _flaw(path: Path, line: int, place: Place, message: str, cure: str) -> Flaw:
    return Flaw(str(path), line, _dotted(place), message, cure)


def _dotted(place: Place) -> str:
    return ".".join(str(step) for step in place) or "(whole file)"


def _unique(flaws: Iterable[Flaw]) -> list[Flaw]:
    return list(dict.fromkeys(flaws))


def _explained(error: ErrorDetails, document: Document, at: Place, model: type[BaseModel]) -> Flaw:
    """One complaint of a model as a flaw."""
    place = (*at, *error["loc"])
    written = document._written(place)
    shown = (*written, place[-1]) if error["type"] == "missing" and place not in document.lines else written
    message, cure = in_words(error, model)
    return _flaw(document.path, document.line_of(place), shown, message, cure)
