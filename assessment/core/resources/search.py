"""Finding catalogue entries by words and facets; accents, capital letters and the order of words do not matter.

A set of entries is a whole number with one bit for each of them, so that a question about ten thousand entries is a
few operations on numbers. Which entries hold a value of a facet, or a word, is worked out once for each catalogue.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate

from assessment.core.resources.catalogue import EU_MEMBERS, BuildingBlock, Catalogue, Scheme

Entry = Scheme | BuildingBlock

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})

FREE, PRICED, UNSTATED = "free", "priced", "not-stated"
"""What a building block costs, as far as its publisher says; schemes have their kinds of support instead."""

EU_LANGUAGES = frozenset(
    [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "ga",
        "hr",
        "hu",
        "it",
        "lt",
        "lv",
        "mt",
        "nl",
        "pl",
        "pt",
        "ro",
        "sk",
        "sl",
        "sv",
    ]
)


FACETS = ("kind", "topic", "sector", "country", "language", "cost")

MOST_KEPT = 2_000


@dataclass(frozen=True)
class Found:
    """What was found, in the order of the catalogue, and how many entries each facet value would leave.

    What is for a country that was chosen comes before what is for the whole EU as well. The count of a value takes the
    words and all other facets into account.
    """

    _index: "_Index"
    _set: int
    _first: int
    counts: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> int:
        """How many entries were found."""
        return self._set.bit_count()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return self.slice(0, self.total)

    def slice(self, start: int, end: int) -> tuple[Entry, ...]:
        """The found ones from `start` to before `end`."""
        first = self._set & self._first
        ahead = first.bit_count()
        return (
            *self._of(first, start, min(end, ahead)), *self._of(self._set & ~first, max(start - ahead, 0), end - ahead),
        )  # fmt: skip

    def _of(self, held: int, start: int, end: int) -> Iterator[Entry]:
        # The bits as text, where the first entry stands last: looking for the next 1 is then a search in a text.
        bits = f"{held:b}"
        end_of_rest = len(bits)
        for number in range(min(end, held.bit_count())):
            end_of_rest = bits.rindex("1", 0, end_of_rest)
            if number >= start:
                yield self._index.entries[len(bits) - 1 - end_of_rest]


def folded(text: str) -> str:
    """Lower case, without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def find(
    catalogue: Catalogue, query: str, chosen: Mapping[str, Sequence[str]], today: date, closed: bool = False
) -> Found:
    """Entries that hold every word of the query and one chosen value of each facet; closed ones when asked for."""
    index = _index(_Key(catalogue))
    pool = index.all if closed else index.open_on(today)
    for word in folded(query).split():
        pool &= index.holding(word)
    picked = {name: index.with_any(name, _widened(name, values)) for name, values in chosen.items() if values}
    counts = {name: index.counts(name, _narrowed(pool, picked, name)) for name in FACETS}
    return Found(index, _narrowed(pool, picked), index.with_any("country", chosen.get("country", ())), counts)


def _narrowed(pool: int, picked: Mapping[str, int], but: str = "") -> int:
    for name, holding in picked.items():
        if name != but:
            pool &= holding
    return pool


def _widened(name: str, values: Sequence[str]) -> set[str]:
    """What also counts: a member country's firms use what is for the whole EU, any trade what is for all."""
    wide = set(values)
    if name == "country":
        wide |= {"INT"} | ({"EU"} if wide & EU_MEMBERS else set())
    elif name == "sector":
        wide |= {"all"}
    elif name == "language" and wide & EU_LANGUAGES:
        wide |= {"all-eu"}
    return wide


class _Index:
    """The entries of one catalogue, and the set of those that hold each value and each word."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.entries: tuple[Entry, ...] = (*catalogue.schemes.values(), *catalogue.blocks.values())
        self.all = (1 << len(self.entries)) - 1
        self.facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        words: dict[str, int] = {}
        for at, entry in enumerate(self.entries):
            for name, values in _facets_of(entry).items():
                for value in values:
                    self.facets[name][value] = self.facets[name].get(value, 0) | 1 << at
            for word in set(folded(" ".join(_texts_of(entry))).split()):
                words[word] = words.get(word, 0) | 1 << at
        self._sets = tuple(words.values())
        # All words in one text, a line end before each: where a part stands tells which word it is a part of.
        self._text = "\n" + "\n".join(words) + "\n"
        self._starts = tuple(accumulate((len(word) + 1 for word in words), initial=1))
        self._held: dict[str, int] = {}
        self._open: tuple[date | None, int] = (None, 0)
        self._counted: dict[tuple[str, int], Mapping[str, int]] = {}

    def open_on(self, today: date) -> int:
        """All but the schemes that are closed or over; kept for the day."""
        day, held = self._open
        if day != today:
            held = self.all
            for at, entry in enumerate(self.entries):
                if isinstance(entry, Scheme) and entry.gone(today):
                    held &= ~(1 << at)
            self._open = (today, held)
        return held

    def with_any(self, name: str, values: Iterable[str]) -> int:
        """The entries that hold one of the values."""
        held = 0
        for value in values:
            held |= self.facets[name].get(value, 0)
        return held

    def counts(self, name: str, pool: int) -> Mapping[str, int]:
        """How many entries of a set hold each value; kept, because every further page of a search asks again."""
        found = self._counted.get((name, pool))
        if found is None:
            values = self.facets[name]
            found = {value: count for value, held in values.items() if (count := (held & pool).bit_count())}
            if len(self._counted) >= MOST_KEPT:
                self._counted.clear()
            self._counted[name, pool] = found
        return found

    def holding(self, part: str) -> int:
        """The entries of which a word holds this part."""
        held = self._held.get(part)
        if held is None:
            held, at = 0, self._text.find(part)
            while at >= 0:
                word = bisect_right(self._starts, at) - 1
                held |= self._sets[word]
                # Once is enough for a word: go on at the end of this one.
                at = self._text.find(part, self._starts[word + 1] - 1)
            if len(self._held) >= MOST_KEPT:
                self._held.clear()
            self._held[part] = held
        return held


class _Key:
    """Makes a catalogue the key of its own index: one index per catalogue object."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __hash__(self) -> int:
        return id(self.catalogue)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.catalogue is self.catalogue


@lru_cache(maxsize=32)
def _index(key: _Key) -> _Index:
    return _Index(key.catalogue)


def _price(block: BuildingBlock) -> str:
    return UNSTATED if block.free is None else FREE if block.free else PRICED


def _texts_of(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, Scheme):
        return (entry.name, entry.provider, entry.description, entry.region or "", *entry.helps_with, *entry.resources)
    return (entry.title, entry.publisher, entry.summary, *entry.helps_with, *entry.resources)


def _facets_of(entry: Entry) -> Mapping[str, Iterable[str]]:
    if isinstance(entry, Scheme):
        return {
            "kind": ("funding",), "topic": entry.resources, "sector": ("all",), "country": entry.countries,
            "language": (), "cost": entry.instrument,
        }  # fmt: skip
    return {
        "kind": (entry.kind,), "topic": entry.resources, "sector": entry.sectors, "country": entry.countries,
        "language": entry.languages, "cost": (_price(entry),),
    }  # fmt: skip
