"""The catalogue's facet page with the shipped entries, with a thousand and with ten thousand, against a bare view."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask

from assessment.app import make_app
from assessment.content.library import Library
from assessment.core.resources.catalogue import BuildingBlock, Catalogue, Scheme
from assessment.core.resources.search import find
from tests.bench.measuring import Line, by_cpu, paired
from tests.bench.site import bare_view, browsed, called, environ_of, ready_instance, settings_in

RATIO = 7
SIZES = (1_000, 10_000)
ROUNDS, TIMES = 15, 10
QUERIES = {
    "everything": "",
    "three facets": "country=BG&topic=energy&topic=water&kind=funding",
    "words and facets, page 3": "q=energy+eff&country=BG&sector=C&page=3",
}


class Grown(Library):
    """The library with another catalogue in it."""

    def __init__(self, library: Library, catalogue: Catalogue) -> None:
        self.__dict__.update(library.__dict__)
        self._grown = catalogue

    def catalogue(self, language: str) -> Catalogue:
        """The grown catalogue, in every language."""
        return self._grown


def grown(catalogue: Catalogue, size: int) -> Catalogue:
    """The catalogue with its entries again and again under other ids and names until there are as many as asked for."""
    schemes: dict[str, Scheme] = {}
    blocks: dict[str, BuildingBlock] = {}
    turn = 0
    while len(schemes) + len(blocks) < size:
        for scheme in catalogue.schemes.values():
            name = f"{scheme.id[:50]}-{turn}"
            schemes[name] = scheme.model_copy(update={"id": name, "name": f"{scheme.name} n{turn}x"})
        for block in catalogue.blocks.values():
            name = f"{block.id[:50]}-{turn}"
            blocks[name] = block.model_copy(update={"id": name, "title": f"{block.title} n{turn}x"})
        turn += 1
    for _ in range(len(schemes) + len(blocks) - size):
        blocks.popitem()
    return catalogue.model_copy(update={"schemes": schemes, "blocks": blocks})


def lines() -> Iterator[Line]:
    """Each look at the page for each size of the catalogue, and the search by itself."""
    with tempfile.TemporaryDirectory() as folder:
        instance = ready_instance(settings_in(Path(folder)))
        for size in SIZES:
            catalogue = grown(instance.library.catalogue("en"), size)
            app = make_app(replace(instance, library=Grown(instance.library, catalogue)))
            for name, query in QUERIES.items():
                yield _page(app, {**environ_of("/catalogue", ""), "QUERY_STRING": query}, f"{size:,}, {name}")
            yield _new_each_time(app, f"{size:,}, another search each time")
            yield _search(catalogue, instance.today, size)


def _page(app: Flask, environ: dict[str, Any], name: str) -> Line:
    status, body, headers = called(app, environ)
    assert status == "200 OK", status
    bare = bare_view(status, body, headers)
    pair = paired(
        lambda: browsed(app, environ), lambda: browsed(bare, environ), rounds=ROUNDS, times=TIMES,
        reference_times=10 * TIMES,
    )  # fmt: skip
    return by_cpu(f"GET facet page of {name}, {len(body):,} bytes: CPU / bare view", pair, RATIO)


def _new_each_time(app: Flask, name: str) -> Line:
    """Searches that nobody asked for before, so that nothing of them is kept."""
    turns = count()

    def look() -> None:
        turn = next(turns)
        query = f"q={_word(turn)}&country=BG&topic=energy&closed={turn % 2}&sector={'ACDEFGHIJ'[turn % 9]}"
        answer = browsed(app, {**environ_of("/catalogue", ""), "QUERY_STRING": query})
        assert answer[0] == "200 OK", answer[0]

    status, body, headers = called(app, {**environ_of("/catalogue", ""), "QUERY_STRING": f"q={_word(1)}"})
    bare, environ = bare_view(status, body, headers), environ_of("/catalogue", "")
    pair = paired(look, lambda: browsed(bare, environ), rounds=ROUNDS, times=TIMES, reference_times=10 * TIMES)
    return by_cpu(f"GET facet page of {name}: CPU / bare view", pair, None)


def _word(turn: int) -> str:
    """Two letters, another pair for each turn, most of which stand in some word."""
    letters = "etaoinsrhldcumfpgwybvkxjqz"
    return letters[turn % 26] + letters[turn // 26 % 26]


def _search(catalogue: Catalogue, today: date, size: int) -> Line:
    bare = bare_view("200 OK", b"x" * 40_000, {"Content-Type": "text/html"})
    chosen, environ = {"country": ["BG"], "topic": ["energy"]}, environ_of("/catalogue", "")
    pair = paired(
        lambda: find(catalogue, "energy eff", chosen, today), lambda: browsed(bare, environ), rounds=ROUNDS, times=TIMES
    )
    return by_cpu(f"the search by itself among {size:,}: CPU / bare view", pair, None)
