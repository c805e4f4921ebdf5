"""Finding entries: words in any order and spelling, and facets that count what they would leave."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.resources.catalogue import Catalogue
from assessment.core.resources.search import FACETS, Entry, find, folded
from tests import builders

TODAY = date(2026, 11, 24)
WORDS = ("Förderung", "pump", "heat pump", "Énergie", "ŁÓDŹ", "straße", "e", "recycling")

_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
_schemes = st.builds(
    lambda number, words, country, topic, status, until: builders.scheme(
        f"bg-s{number}", name=words, countries=[country], resources=[topic], status=status, valid_until=until
    ),
    st.integers(0, 40), _words, st.sampled_from(["BG", "EU", "CH"]), st.sampled_from(["energy", "water"]),
    st.sampled_from(["open", "closed"]), st.none() | st.sampled_from([date(2026, 11, 23), TODAY]),
)  # fmt: skip
_blocks = st.builds(
    lambda number, words, country, sector, language, free: builders.block(
        f"b{number}", title=words, countries=[country], sectors=[sector], languages=[language], free=free
    ),
    st.integers(0, 40), _words, st.sampled_from(["BG", "INT", "CH"]), st.sampled_from(["all", "C"]),
    st.sampled_from(["en", "bg", "all-eu"]), st.none() | st.booleans(),
)  # fmt: skip
_catalogues = st.lists(_schemes | _blocks, max_size=12).map(lambda entries: builders.catalogue(*entries))
_values = {
    "kind": ["funding", "guide"], "topic": ["energy", "water"], "sector": ["C", "F"], "country": ["BG", "CH"],
    "language": ["en", "bg"], "cost": ["grant", "free", "not-stated"],
}  # fmt: skip
_chosen = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(values), max_size=2) for name, values in _values.items()}
)


def plainly(held: Catalogue, query: str, chosen: dict[str, list[str]], closed: bool) -> list[Entry]:
    """The same search without any index: one entry after the other, one question after the other."""
    entries: list[Entry] = [*held.schemes.values(), *held.blocks.values()]
    held_by = [entry for entry in entries if _holds(entry, query, chosen, closed)]
    return sorted(held_by, key=lambda entry: not set(entry.countries) & set(chosen.get("country", ())))


def _holds(entry: Entry, query: str, chosen: dict[str, list[str]], closed: bool) -> bool:
    scheme = entry if entry.id.startswith("bg-") else None
    if scheme is not None and not closed and find_gone(scheme):
        return False
    text = folded(" ".join(str(part) for part in _texts(entry)))
    if not all(any(word in one for one in text.split()) for word in folded(query).split()):
        return False
    return all(not values or _values_of(entry)[name] & _wide(name, values) for name, values in chosen.items())


def find_gone(scheme: Entry) -> bool:
    """Whether a scheme is closed or over."""
    until = getattr(scheme, "valid_until", None)
    return scheme.status == "closed" or (until is not None and until < TODAY)


def _texts(entry: Entry) -> list[object]:
    names = ("name", "title", "provider", "publisher", "description", "summary", "region")
    return [*(getattr(entry, name, None) or "" for name in names), *entry.helps_with, *entry.resources]


def _values_of(entry: Entry) -> dict[str, set[str]]:
    free = {None: "not-stated", True: "free", False: "priced"}
    return {
        "kind": {getattr(entry, "kind", "funding")}, "topic": set(entry.resources),
        "sector": set(getattr(entry, "sectors", None) or {"all"}), "country": set(entry.countries),
        "language": set(getattr(entry, "languages", ())),
        "cost": set(getattr(entry, "instrument", ())) or {free[getattr(entry, "free", None)]},
    }  # fmt: skip


def _wide(name: str, values: list[str]) -> set[str]:
    more = {"country": {"INT"} | ({"EU"} if "BG" in values else set()), "sector": {"all"}, "language": {"all-eu"}}
    return set(values) | more.get(name, set())


@settings(max_examples=150, deadline=None)
@given(_catalogues, _words | st.just(""), _chosen, st.booleans())
def test_the_search_finds_and_counts_what_a_plain_one_does(
    held: Catalogue, query: str, chosen: dict[str, list[str]], closed: bool
) -> None:
    found = find(held, query, chosen, TODAY, closed)
    wanted = plainly(held, query, chosen, closed)
    assert list(found.entries) == wanted
    assert found.total == len(wanted)
    assert found.slice(1, 3) == tuple(wanted[1:3])
    for name in FACETS:
        others = plainly(held, query, {**chosen, name: []}, closed)
        values = [value for entry in others for value in _values_of(entry)[name]]
        assert found.counts[name] == {value: values.count(value) for value in values}


def test_accents_capitals_order_and_parts_of_words_do_not_matter() -> None:
    held = builders.catalogue(
        builders.block("a", title="Förderung für Wärmepumpen"), builders.block("b", title="Other")
    )
    for query in ("forderung", "WÄRMEPUMPE", "pumpen forder", "  ärmep  "):
        assert [entry.id for entry in find(held, query, {}, TODAY).entries] == ["a"], query
    assert find(held, "pumpenwarm", {}, TODAY).total == 0


def test_a_scheme_that_ends_today_is_gone_tomorrow() -> None:
    held = builders.catalogue(builders.scheme("bg-one", valid_until=TODAY))
    assert find(held, "", {}, TODAY).total == 1
    assert find(held, "", {}, date(2026, 11, 25)).total == 0
    assert find(held, "", {}, TODAY).total == 1
    assert find(held, "", {}, date(2026, 11, 25), closed=True).total == 1
