"""An assessment as it is read from its row: its answers, what stands beside them, and their revisions.

All answers of an assessment are one JSON document: `{question: {"v": value, "r": revision, "at": when, "b": basis,
"n": note, "y": why it does not apply}}`, where what is empty is left out. An answer taken back stays
with the value null, so that its revision lives on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple, TypedDict

import orjson

from assessment.core.checks.answers import NO_REMARK, Answers, Basis, Json, Remark, Value, from_json

VISIT_NOTED_EVERY: Final = timedelta(days=1)
_STEP: Final = 512
"""The document is filled up with spaces to a multiple of so many bytes: one that stays as long is written over in its
place by SQLite, where only the pages that differ are written, instead of all of it being put elsewhere."""


class _Required(TypedDict):
    v: Json | None
    r: int
    at: str


class StoredEntry(_Required, total=False):
    """One answer in the document."""

    b: Basis
    n: str
    y: str


Document = dict[str, StoredEntry]


class Entry(NamedTuple):
    """One answer with what is stored of it."""

    value: Value
    stored: StoredEntry

    @property
    def remark(self) -> Remark:
        """What stands beside it."""
        return remark_of(self.stored)

    @property
    def revision(self) -> int:
        """How often it was changed."""
        return self.stored["r"]

    @property
    def changed_at(self) -> str:
        """When it was given (ISO, UTC)."""
        return self.stored["at"]


class StoredAnswers(Mapping[str, Value]):
    """The values of a document, each read when it is asked for: a page asks for a few of a hundred."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def __getitem__(self, question: str) -> Value:
        value = self._document[question]["v"]
        if value is None:
            raise KeyError(question)
        return value if type(value) is str else from_json(value)

    def get(self, question: str, default: Any = None) -> Any:
        """The same, or the default: asked for each gate of the route, and most are not answered."""
        entry = self._document.get(question)
        value = entry["v"] if entry else None
        return default if value is None else value if type(value) is str else from_json(value)

    def __iter__(self) -> Iterator[str]:
        return (question for question, entry in self._document.items() if entry["v"] is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Draft:
    """One assessment as it was when it was read. What is derived from the document is made when first asked for."""

    id: str
    questionnaire: str
    version: str
    depth: str
    language: str
    company_name: str
    created_at: datetime
    changed_at: datetime
    visited_at: datetime
    previous_id: str | None
    """The check of the year before, where this one follows it."""
    company_id: str | None
    """The company whose account holds it; None for a check without an account."""
    site: str
    counter: int
    document: Document

    @cached_property
    def answers(self) -> Answers:
        """The values alone, as scoring and routing take them."""
        return Answers(
            {
                question: value if type(value) is str else from_json(value)
                for question, entry in self.document.items()
                if (value := entry["v"]) is not None
            }
        )

    @property
    def named(self) -> str:
        """The name of the company as far as it was given: what a check without an account is for is none."""
        return "" if self.company_name == self.site else self.company_name

    @cached_property
    def remarks(self) -> Mapping[str, Remark]:
        """What stands beside answers, for the questions where something does, answered or not."""
        found = ((question, remark_of(entry)) for question, entry in self.document.items())
        return {question: remark for question, remark in found if remark}

    @cached_property
    def revisions(self) -> Mapping[str, int]:
        """The revision of each question ever answered; a question not named here stands at 0."""
        return {question: entry["r"] for question, entry in self.document.items()}

    def saved(self, document: Document, now: datetime) -> "Draft":
        """The same assessment after a save; `dataclasses.replace` looks at every field and takes ten times as long."""
        return Draft(
            self.id, self.questionnaire, self.version, self.depth, self.language, self.company_name, self.created_at,
            now, self.visited_at, self.previous_id, self.company_id, self.site, self.counter + 1, document,
        )  # fmt: skip

    def visit_is_due(self, now: datetime) -> bool:
        """Whether `touch_visited` has something to write: visits are noted once a day."""
        return now - self.visited_at >= VISIT_NOTED_EVERY


def remark_of(entry: StoredEntry) -> Remark:
    """What stands beside a stored answer."""
    basis, note, reason = entry.get("b"), entry.get("n"), entry.get("y")
    return Remark(basis or "", note or "", reason or "") if basis or note or reason else NO_REMARK


def write_document(document: Document) -> str:
    """The document as its column holds it."""
    text = orjson.dumps(document)
    return text.ljust(-(-len(text) // _STEP) * _STEP).decode()


def read_document(text: str) -> Document:
    """The document of a column."""
    document: Document = orjson.loads(text)
    return document
