"""Reads the files of the catalogue: entries keep their place, and flaws are collected instead of stopping the reading.

Files of many like figures have `series`: what stands under `shared` holds for each entry beside it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from assessment.content.strict_yaml import Document, Place, read, validate
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.model import Model


class Named(Protocol):
    """An entry with an id."""

    @property
    def id(self) -> str:
        """Its id."""


E_co = TypeVar("E_co", bound=Named, covariant=True)
E = TypeVar("E", bound=Named)
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Placed(Generic[E_co]):
    """An entry and where it was written."""

    entry: E_co
    document: Document
    place: Place

    def flaw(self, step: str, message: str, cure: str) -> Flaw:
        """A flaw in one field of the entry."""
        place = (*self.place, step)
        line = self.document.line_of(place)
        return Flaw(str(self.document.path), line, f"{self.entry.id}.{step}", message, cure)


@dataclass
class Reader:
    """Reads files, and keeps the flaws instead of stopping at the first."""

    flaws: list[Flaw] = field(default_factory=list)

    def model(self, source: Path | Document, model: type[M]) -> tuple[M, Document] | None:
        """The file as a model, with its lines; None where it has flaws."""
        try:
            document = _written_out(read(source) if isinstance(source, Path) else source)
            return validate(model, document), document
        except InvalidContent as invalid:
            self.flaws.extend(invalid.flaws)
            return None

    def entries(
        self, sources: Iterable[Path | Document], model: type[M], key: str, entries_of: Callable[[M], Iterable[E]]
    ) -> list[Placed[E]]:
        """The entries of several files of one shape."""
        placed: list[Placed[E]] = []
        for source in sources:
            found = self.model(source, model)
            if found is not None:
                placed += [Placed(entry, found[1], (key, at)) for at, entry in enumerate(entries_of(found[0]))]
        return placed

    def series(
        self, paths: Iterable[Path], model: type[M], key: str, series_of: Callable[[M], Iterable[Iterable[E]]]
    ) -> list[Placed[E]]:
        """The entries of several files that have series; `key` is that of the entries in a series."""
        placed: list[Placed[E]] = []
        for path in paths:
            found = self.model(path, model)
            if found is not None:
                placed += [
                    Placed(entry, found[1], ("series", at, key, position))
                    for at, entries in enumerate(series_of(found[0]))
                    for position, entry in enumerate(entries)
                ]
        return placed


def _written_out(document: Document) -> Document:
    """The same file with what the entries of a series share written into each of them."""
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("series"), list):
        return document
    return Document(document.path, {**data, "series": [_spread(one) for one in data["series"]]}, document.lines)


def _spread(series: Any) -> Any:
    if not isinstance(series, dict) or not isinstance(series.get("shared"), dict):
        return series
    return {
        key: [{**series["shared"], **entry} if isinstance(entry, dict) else entry for entry in entries]
        if isinstance(entries, list)
        else entries
        for key, entries in series.items()
        if key != "shared"
    }


def repeated(placed: Iterable[Placed[Named]]) -> list[Flaw]:
    """A flaw for each entry whose id is taken by an earlier one."""
    seen: dict[str, Document] = {}
    flaws = []
    for one in placed:
        if one.entry.id in seen:
            first = seen[one.entry.id].path.name
            flaws.append(
                one.flaw("id", f"The id {one.entry.id} is used twice, first in {first}.", "Choose another id.")
            )
        seen.setdefault(one.entry.id, one.document)
    return flaws


def no_source(key: str) -> tuple[str, str]:
    """Message and cure for a source that is not there."""
    return f"There is no source {key}.", "Add it to sources.yaml, or correct the key."
