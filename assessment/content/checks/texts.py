"""Lays a language over content: words change, points, conditions and ids never do.

A translation file `texts.<language>.yaml` is a flat mapping from a text's address to its words. The address is
made of ids: `ene-03.label`, `ene-03.help.why`, `ene-03.options.none.label`, `actions.ene-03.first_step`. Options
that questions share are translated once, as `answers.cov.not-done.label`. A text without a translation falls back
to the source language.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from assessment.content.strict_yaml import read
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.model import Model

M = TypeVar("M", bound=Model)

Overlay = Callable[[str, str], str]
"""From a text's address and its source words to the words to show."""

WORDS = frozenset({
    "title", "label", "short", "hint", "why", "where", "example", "intro", "ready", "first_step", "find_out", "note",
    "how_to", "summary", "description", "amount_note", "figures", "co_benefits", "facts", "condition", "aim", "reached",
    "support", "nothing_reached", "reply", "low_end", "high_end", "proof",
})  # fmt: skip
"""The keys whose values are words for people, in every content model."""


def in_language(content: M, overlay: Overlay) -> M:
    """The same content with every text passed through the overlay."""
    written = content.model_dump(mode="python", by_alias=True, exclude_unset=True)
    return type(content).model_validate(_laid(written, "", overlay))


def addresses(content: Model) -> dict[str, str]:
    """Every text of the content by its address."""
    found: dict[str, str] = {}

    def note(address: str, words: str) -> str:
        found[address] = words
        return words

    in_language(content, note)
    return found


def overlay_from(path: Path, sources: Mapping[str, str]) -> Overlay:
    """The overlay that a translation file describes.

    Raises InvalidContent where the file translates an address that does not exist or is not a text.
    """
    document = read(path)
    if not isinstance(document.data, dict):
        raise InvalidContent([Flaw(str(path), 1, "(whole file)", "This is not a mapping.", "Write `address: words`.")])
    flaws = [
        Flaw(str(path), document.line_of((address,)), address, "No text has this address.", "Correct or remove it.")
        for address, words in document.data.items()
        if address not in sources or not isinstance(words, str)
    ]
    if flaws:
        raise InvalidContent(flaws)
    words_of: dict[str, str] = document.data
    return words_of.get


def _laid(written: Any, address: str, overlay: Overlay) -> Any:
    if isinstance(written, Mapping):
        shared = written.get("answers") or written.get("list")
        return {
            key: list(_options(value, "sectors" if shared == "sectors" else f"answers.{shared}", overlay))
            if key == "options" and isinstance(shared, str)
            else _value(key, value, address, overlay)
            for key, value in written.items()
        }
    if isinstance(written, list | tuple):
        return [_laid(item, _step(address, item, position), overlay) for position, item in enumerate(written)]
    return written


def _value(key: Any, value: Any, address: str, overlay: Overlay) -> Any:
    place = f"{address}.{key}".lstrip(".")
    if key in ("questionnaire", "sections"):
        place = address
    elif key == "questions":
        place = address if address == "actions" else ""
    if isinstance(value, str) and (key in WORDS or place.endswith("investment.unit")):
        return overlay(place, value)
    if key in WORDS and isinstance(value, list | tuple):
        return [
            overlay(f"{place}.{position}", item)
            if isinstance(item, str)
            else _laid(item, f"{place}.{position}", overlay)
            for position, item in enumerate(value)
        ]
    if key == "options" and isinstance(value, list | tuple):
        return list(_options(value, place, overlay))
    return _laid(value, place, overlay)


def _options(options: list[Any] | tuple[Any, ...], place: str, overlay: Overlay) -> Iterator[Any]:
    for option in options:
        yield _laid(option, f"{place}.{option['id']}", overlay)


def _step(address: str, item: Any, position: int) -> str:
    """One step down a list: by id where items have one, else by section, question or first measure."""
    name: Any = position
    if isinstance(item, Mapping):
        measures = item.get("measures")
        name = item.get("id") or item.get("question") or item.get("section") or (measures[0] if measures else position)
    return f"{address}.{name}".lstrip(".")
