"""The by-product exchange: 2,000 offers against 2,000 needs, spread over all kinds and all of one kind."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from assessment.content.clusters.cluster_lists import FOLDER, cluster_lists
from assessment.core.clusters.distances import BANDS, Place
from assessment.core.clusters.exchange import PERIODS, SIDES, Post, matches
from tests.bench.measuring import Line

POSTS, COMPANIES = 2_000, 2_000
SECONDS = 5


def lines() -> Iterator[Line]:
    """CPU of one matching; the reference is the goal."""
    draws = random.Random(20261126)  # noqa: S311 - the same posts each time
    places = companies(draws)
    posts = drawn(draws, list(places))
    yield _line("of all kinds, any distance", posts, places)
    wood = [replace(post, material="wood", unit="t", code="", reach=draws.choice(BANDS[:4])) for post in posts]
    yield _line("all of one kind, within 10 to 100 km", wood, places)


def companies(draws: random.Random) -> Mapping[str, Place]:
    """Companies in as many towns all over Europe."""
    rows = (FOLDER / "towns.csv").read_text("utf-8").splitlines()[2:]
    cells = [row.rsplit(",", 3)[1:3] for row in draws.sample(rows, COMPANIES)]
    return {f"company{at}": Place(float(north), float(east)) for at, (north, east) in enumerate(cells)}


def drawn(draws: random.Random, names: Sequence[str]) -> list[Post]:
    """As many offers as needs."""
    materials = list(cluster_lists().materials.values())
    return [
        Post(
            f"{side}{at}", draws.choice(names), side, material.id, Decimal(draws.randrange(1, 500)),
            draws.choice(material.units), draws.choice(PERIODS), code=draws.choice(material.codes or ("",)),
        )
        for side in SIDES
        for at in range(POSTS)
        for material in [draws.choice(materials)]
    ]  # fmt: skip


def _line(name: str, posts: Sequence[Post], places: Mapping[str, Place]) -> Line:
    start = time.process_time()
    found = matches(posts, places)
    seconds = time.process_time() - start
    assert found
    goal = f"{POSTS:,} offers against {POSTS:,} needs, {name}: {len(found):,} matches"
    return Line(goal, f"{seconds:.2f} s CPU", f"{SECONDS} s", seconds, SECONDS)
