"""Finding catalogue entries by words and facets; accents, capital letters and the order of words do not matter."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assessment.core.catalogue import EU_MEMBERS, BuildingBlock, Catalogue, Scheme

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


@dataclass(frozen=True, slots=True)
class _Indexed:
    """One entry with its folded words and the values of its facets."""

    entry: Entry
    words: str
    facets: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Found:
    """What was found, in the order of the catalogue, and how many entries each facet value would leave.

    The count of a value takes the words and all other facets into account.
    """

    entries: tuple[Entry, ...]
    counts: Mapping[str, Counter[str]]


def folded(text: str) -> str:
    """Lower case, without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def find(
    catalogue: Catalogue, query: str, chosen: Mapping[str, Sequence[str]], today: date, closed: bool = False
) -> Found:
    """Entries that hold every word of the query and one chosen value of each facet; closed ones when asked for."""
    wanted = folded(query).split()
    pool = [
        item
        for item in _index(_Key(catalogue))
        if (closed or not (isinstance(item.entry, Scheme) and item.entry.gone(today)))
        and all(word in item.words for word in wanted)
    ]
    picked = {name: _widened(name, values) for name, values in chosen.items() if values}
    entries = tuple(item.entry for item in pool if _passes(item, picked))
    counts = {name: _counts(pool, picked, name) for name in FACETS}
    return Found(entries, counts)


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


def _passes(item: _Indexed, picked: Mapping[str, set[str]], but: str = "") -> bool:
    return all(name == but or values & item.facets[name] for name, values in picked.items())


def _counts(pool: Sequence[_Indexed], picked: Mapping[str, set[str]], name: str) -> Counter[str]:
    return Counter(value for item in pool if _passes(item, picked, name) for value in item.facets[name])


FACETS = ("kind", "topic", "sector", "country", "language", "cost")


class _Key:
    """Makes a catalogue the key of its own index: one index per catalogue object."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __hash__(self) -> int:
        return id(self.catalogue)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.catalogue is self.catalogue


@lru_cache(maxsize=32)
def _index(key: _Key) -> tuple[_Indexed, ...]:
    catalogue = key.catalogue
    entries: list[Entry] = [*catalogue.schemes.values(), *catalogue.blocks.values()]
    return tuple(_indexed(entry) for entry in entries)


def _price(block: BuildingBlock) -> str:
    return UNSTATED if block.free is None else FREE if block.free else PRICED


def _indexed(entry: Entry) -> _Indexed:
    if isinstance(entry, Scheme):
        texts = (entry.name, entry.provider, entry.description, entry.region or "", *entry.helps_with, *entry.resources)
        facets = {
            "kind": frozenset({"funding"}), "topic": frozenset(entry.resources), "sector": frozenset({"all"}),
            "country": frozenset(entry.countries), "language": frozenset[str](), "cost": frozenset(entry.instrument),
        }  # fmt: skip
    else:
        texts = (entry.title, entry.publisher, entry.summary, *entry.helps_with, *entry.resources)
        facets = {
            "kind": frozenset({entry.kind}), "topic": frozenset(entry.resources), "sector": frozenset(entry.sectors),
            "country": frozenset(entry.countries), "language": frozenset(entry.languages),
            "cost": frozenset({_price(entry)}),
        }  # fmt: skip
    return _Indexed(entry, folded(" ".join(texts)), facets)
