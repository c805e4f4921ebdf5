"""Reads the fixed lists of clusters.

    clusters/network.yaml     categories and services that members may be of
    clusters/exchange.yaml    what may be offered and sought, with waste codes
    clusters/towns.csv        towns with their place, under the licence that its first line names

The lists ship with the product and are the same on every instance, so that files of one can be read by another.
"""

import csv
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from assessment.content.strict_yaml import Document, Place, read, validate
from assessment.core.clusters.cluster_lists import ClusterLists, Exchange, Network, Town, Towns
from assessment.core.errors import Flaw, InvalidContent

FOLDER = Path(__file__).resolve().parents[2] / "catalogue" / "clusters"


@lru_cache(maxsize=1)
def cluster_lists(folder: Path = FOLDER) -> ClusterLists:
    """The lists, read when they are first asked for. Raises InvalidContent with the flaws of both files."""
    network, exchange = read(folder / "network.yaml"), read(folder / "exchange.yaml")
    lists = ClusterLists(network=validate(Network, network), exchange=validate(Exchange, exchange))
    flaws = [*_network_flaws(lists.network, network), *_exchange_flaws(lists.exchange, exchange)]
    if flaws:
        raise InvalidContent(flaws)
    return lists


@lru_cache(maxsize=1)
def towns(folder: Path = FOLDER) -> Towns:
    """The towns, read when a place is first typed."""
    with (folder / "towns.csv").open(encoding="utf-8", newline="") as file:
        file.readline()
        return Towns(
            (
                Town(row["country"], row["name"], float(row["latitude"]), float(row["longitude"])),
                tuple(filter(None, row["also"].split("|"))),
            )
            for row in csv.DictReader(file)
        )


def _network_flaws(lists: Network, document: Document) -> Iterator[Flaw]:
    yield from _repeated(document, "categories", (one.id for one in lists.categories))
    yield from _repeated(document, "services", (one.id for one in lists.services))
    for at, category in enumerate(lists.categories):
        if category.source not in lists.sources:
            yield _flaw(document, ("categories", at, "source"), f"There is no source {category.source}.")


def _exchange_flaws(lists: Exchange, document: Document) -> Iterator[Flaw]:
    yield from _repeated(document, "materials", (one.id for one in lists.materials))
    yield from _repeated(document, "codes", (one.code for one in lists.codes))
    chapters, codes = {one.code for one in lists.chapters}, {one.code for one in lists.codes}
    for at, chapter in enumerate(lists.chapters):
        if chapter.source not in lists.sources:
            yield _flaw(document, ("chapters", at, "source"), f"There is no source {chapter.source}.")
    for at, waste in enumerate(lists.codes):
        if waste.code[:2] not in chapters:
            yield _flaw(document, ("codes", at, "code"), f"There is no chapter {waste.code[:2]}.")
    for at, material in enumerate(lists.materials):
        for code in material.codes:
            if code not in codes:
                yield _flaw(document, ("materials", at, "codes"), f"There is no code {code}.")
        if material.source is not None and material.source not in lists.sources:
            yield _flaw(document, ("materials", at, "source"), f"There is no source {material.source}.")


def _repeated(document: Document, key: str, ids: Iterable[str]) -> Iterator[Flaw]:
    seen: set[str] = set()
    for at, one in enumerate(ids):
        if one in seen:
            yield _flaw(document, (key, at), f"{one} stands here twice.")
        seen.add(one)


def _flaw(document: Document, place: Place, message: str) -> Flaw:
    path = ".".join(map(str, place))
    return Flaw(str(document.path), document.line_of(place), path, message, "Correct it, or add what it names.")
