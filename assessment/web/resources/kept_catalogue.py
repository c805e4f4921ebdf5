"""The pieces of the catalogue page that look the same to everybody, each rendered once.

An entry in the list depends on itself, its flags and the language; a filter on its value and the language, with a mark
where its count goes and one for the tick. The page then only puts pieces one after the other.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import current_app, request
from jinja2 import Environment
from markupsafe import Markup, escape

from assessment.content.resources.link_check import Checked
from assessment.core.resources.catalogue import Catalogue
from assessment.i18n import Language
from assessment.web.current import language
from assessment.web.resources.catalogue_words import Entry, facet_label, facet_names, link_words, stale_words

_EXTENSION = "assessment-kept-catalogue"
_TEMPLATE = "pages/catalogue/parts.html"
_MARK = "--mark--"
_CHECKED = escape(" checked")
_NOTHING = escape("")
_LONG = 8
_BY_NAME = frozenset({"country", "language"})

MOST_FRAMES = MOST_FILTERS = 500
MOST_ENTRIES = 5_000
"""About 1 kB each."""

_Choice = tuple[str, Markup, Markup, Markup]
"""The label to sort by, and the HTML before the tick, between tick and count, and after the count."""

_Row = tuple[_Choice, str, int]
_KeptEntry = tuple[Entry, date, Checked | None, Markup]


def _label(row: _Row) -> str:
    return row[0][0]


def _count(row: _Row) -> int:
    return row[2]


class KeptCatalogue:
    """Renders entries and filters, and keeps them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._entries: dict[tuple[Language, str], dict[int, _KeptEntry]] = {}
        self._choices: dict[tuple[Language, str], dict[str, _Choice]] = {}
        self._filters: dict[tuple[object, ...], tuple[Mapping[str, int], Markup]] = {}
        self._facets: dict[tuple[Language, str, bool], Sequence[Markup]] = {}
        self._frames: dict[tuple[object, ...], tuple[Catalogue, Sequence[Markup]]] = {}

    def entries(self, shown: Sequence[Entry], today: date, dead: Mapping[str, Checked]) -> Markup:
        """The list of entries; `dead` says which addresses did not answer."""
        here = language()
        kept = self._entries.setdefault((here, request.script_root), {})
        return _NOTHING.join([self._entry(kept, entry, here, today, dead.get(entry.url)) for entry in shown])

    def _entry(
        self, kept: dict[int, _KeptEntry], entry: Entry, here: Language, today: date, dead: Checked | None
    ) -> Markup:
        found = kept.get(id(entry))
        # The entry is kept as well: its identity alone could be given to another. What it says changes with the day.
        if found is None or found[0] is not entry or found[1] != today or found[2] != dead:
            if len(kept) >= MOST_ENTRIES:
                kept.clear()
            flags = [stale_words(entry, here)] if entry.stale(today) else []
            flags += [link_words(dead, here)] if dead else []
            found = kept[id(entry)] = entry, today, dead, self._part("entry", entry, flags)
        return found[3]

    def facets(self, counts: Mapping[str, Mapping[str, int]], chosen: Mapping[str, Sequence[str]]) -> Markup:
        """The filters: most frequent values first, countries and languages by name."""
        here = language()
        listed = [self._facet(here, name, counts[name], chosen[name]) for name in counts if counts[name]]
        return _NOTHING.join(listed)

    def _facet(self, here: Language, name: str, counts: Mapping[str, int], chosen: Sequence[str]) -> Markup:
        # The search gives the same counts for every page of one search.
        key = (here, name, *chosen)
        known = self._filters.get(key)
        if known is not None and known[0] is counts:
            return known[1]
        if len(self._filters) >= MOST_FILTERS:
            self._filters.clear()
        kept = self._choices.setdefault((here, name), {})
        choices = [
            (kept.get(value) or self._choice(kept, here, name, value), value, count) for value, count in counts.items()
        ]
        choices.sort(key=_label)
        if name not in _BY_NAME:
            choices.sort(key=_count, reverse=True)
        inside: list[str] = []
        for part, value, count in choices:
            inside += (part[1], _CHECKED if value in chosen else _NOTHING, part[2], str(count), part[3])
        before, after = self._around(here, name, len(choices) > _LONG)
        # Pieces of templates join as they are; whatever else came among them would be escaped.
        html = _NOTHING.join((before, *inside, after))
        self._filters[key] = counts, html
        return html

    def _choice(self, kept: dict[str, _Choice], here: Language, name: str, value: str) -> _Choice:
        label = facet_label(name, value, here)
        before, between, after = self._part("choice", name, value, label, _MARK, _MARK).split(_MARK)
        found = kept[value] = label, before, between, after
        return found

    def _around(self, here: Language, name: str, long: bool) -> Sequence[Markup]:
        found = self._facets.get((here, name, long))
        if found is None:
            parts = self._part("facet", facet_names(here)[name], long, _MARK).split(_MARK)
            found = self._facets[here, name, long] = parts
        return found

    def frame(
        self, catalogue: Catalogue, sizes: Callable[[], Mapping[str, int]], state: tuple[bool, bool, bool]
    ) -> Sequence[Markup]:
        """What stands around query, filters and list, in four parts; `sizes` are the bytes of each file.

        `state`: whether something is filtered, whether closed funding is shown, whether there is anything to clear.
        """
        key = (language(), request.script_root, id(catalogue), state)
        found = self._frames.get(key)
        if found is None:
            if len(self._frames) >= MOST_FRAMES:
                self._frames.clear()
            thousands = {form: -(-size // 1000) for form, size in sizes().items()}
            parts = self._part("frame", *state, thousands, _MARK).split(_MARK)
            found = self._frames[key] = catalogue, parts
        return found[1]

    def _part(self, macro: str, *arguments: Any) -> Markup:
        module = self._environment.get_template(_TEMPLATE).module
        rendered: Markup = getattr(module, macro)(*arguments)
        return rendered


def kept_catalogue() -> KeptCatalogue:
    """The kept pieces of the running application."""
    found: KeptCatalogue | None = current_app.extensions.get(_EXTENSION)
    if found is None:
        found = current_app.extensions[_EXTENSION] = KeptCatalogue(current_app.jinja_env)
    return found
