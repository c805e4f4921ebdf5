"""A cluster's figures beside those of others: from three on, each once, and never more of one than it released."""

from collections.abc import Sequence
from typing import Any

import pytest

from assessment.core.aggregates.contributions import Contribution
from assessment.core.aggregates.snapshots import WITHHELD, Figure, Snapshot
from assessment.services.aggregates import readiness
from assessment.storage.aggregates import releases
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored
from assessment.storage.people import companies
from tests.core.populations import START
from tests.web.clustered import ASKED, add_cluster, give, released
from tests.web.people import person
from tests.web.visiting import Site


class World:
    """A cluster of six with results, and others beside it that somebody else runs."""

    def __init__(self, site: Site) -> None:
        self.site, self.instance, self.many = site, site.instance, 0
        self.neighbour = person(site, "neighbour@cluster.example", "manager")
        self.own = add_cluster(site, person(site, "manager@cluster.example", "manager"), "Coast")
        self.join(6)

    def join(self, more: int) -> None:
        """Companies with a result and energy scores of 30, 32 and so on join the own cluster."""
        for at in range(self.many, self.many + more):
            owner = person(self.site, f"owner{at}@firm.example")
            with self.instance.database.writing() as connection:
                company = companies.add_company(connection, f"Firm {at}", owner, self.site.clock())
                cluster_members.join(
                    connection, self.own, company.id, company.name, "code", 0, self.site.clock(), ("counted",)
                )  # fmt: skip
            give(self.site, company.id, 30 + 2 * at)
        self.many += more

    def other(self, name: str, energy: Sequence[int], **about: Any) -> str:
        """Another cluster with figures: the energy scores of its companies; 70 and more for water."""
        cluster_id = add_cluster(self.site, self.neighbour, name)
        self.change(cluster_id, **{"published": False, **about})
        self.release(cluster_id, energy)
        return cluster_id

    def release(self, cluster_id: str, energy: Sequence[int], again: str = "") -> None:
        given = [
            Contribution(
                contributor=f"{cluster_id}{at}", version=f"{cluster_id}{at}{again}", finished_at=START,
                sections={"ene": score, "wat": 70 + at}, overall=50 + at,
            )
            for at, score in enumerate(energy)
        ]  # fmt: skip
        released(self.instance, cluster_id, given)

    def change(self, cluster_id: str, **about: Any) -> None:
        with self.instance.database.writing() as connection:
            stored.change(connection, cluster_id, **about)

    def take(self) -> Snapshot:
        """The own figures anew."""
        assert readiness.make(self.instance, self.own, "")
        return self.newest(self.own)

    def newest(self, cluster_id: str) -> Snapshot:
        with self.instance.database.reading() as connection:
            found = releases.newest(connection, cluster_id, ASKED)
        assert found is not None
        return Snapshot.model_validate_json(found.shown)


@pytest.fixture
def world(site: Site) -> World:
    return World(site)


def beside(snapshot: Snapshot, section: str = "ene") -> tuple[Figure, Figure]:
    """The median of the other clusters, and what the model has."""
    table = snapshot.table("comparison")
    return table.figure(section, "clusters"), table.figure(section, "model")


def around(mean: int) -> list[int]:
    """Energy scores of six companies with this mean."""
    return [mean - 5, mean - 3, mean - 1, mean + 1, mean + 3, mean + 5]


SAME = [44] * 6
"""All have the same, which is why their mean is not shown."""


@pytest.mark.parametrize("part", [False, True], ids=["clusters", "sub-clusters"])
@pytest.mark.parametrize(
    ("others", "energy", "water"),
    [
        ([around(20), around(60)], WITHHELD, WITHHELD),
        ([around(20), around(60), around(40)], 40, 73),
        ([around(20), around(60), SAME], WITHHELD, 73),
        ([around(20), around(60), SAME, around(30)], 30, 73),
        ([around(20), around(60), around(40), around(30)], 35, 73),
    ],
    ids=["two", "three", "three, one withheld", "four, one withheld", "four"],
)
def test_a_median_of_others_needs_three_that_show_the_figure(
    world: World, others: Sequence[Sequence[int]], energy: Figure, water: Figure, part: bool
) -> None:
    for at, scores in enumerate(others):
        world.other(f"Other {at}", scores, **({"parent_id": world.own} if part else {}))
    taken = world.take()
    assert taken.table("comparison").figure("ene", "own") == 35
    assert beside(taken) == (energy, WITHHELD)
    assert beside(taken, "wat") == (water, WITHHELD)


def test_a_cluster_counts_once_however_often_it_took_figures(world: World) -> None:
    first = world.other("Other 0", around(20))
    world.other("Other 1", around(60))
    world.site.clock.forward(days=8)
    world.release(first, around(30), again=" again")
    world.site.clock.forward(days=8)
    world.release(first, around(40), again=" once more")
    assert beside(world.take())[0] is WITHHELD
    world.site.clock.forward(days=8)
    world.join(6)
    world.other("Other 2", around(10))
    assert beside(world.take())[0] == 40, "the newest of each"


def test_the_model_is_shown_as_it_was_released_where_it_shows_its_figures_to_its_own_members(world: World) -> None:
    # 37.6 on average, which was released as 38.
    model = world.other("Hills", [33, 35, 37, 39, 41, 41], published=True)
    world.change(world.own, model_id=model)
    taken = world.take()
    assert world.newest(model).table("sections").figure("ene", "mean") == 38
    assert beside(taken) == (WITHHELD, 38)
    # What the model withholds of its own is told to nobody here either.
    assert beside(taken, "was") == (WITHHELD, WITHHELD)
    # New figures of the model change nothing in a snapshot that was taken.
    world.site.clock.forward(days=8)
    world.release(model, around(70), again=" again")
    assert beside(world.newest(world.own)) == (WITHHELD, 38)


@pytest.mark.parametrize(
    ("energy", "published"), [(around(38), False), (SAME, True)], ids=["it shows them to nobody", "it withholds them"]
)
def test_a_model_that_does_not_show_a_figure_gives_none(world: World, energy: Sequence[int], published: bool) -> None:
    world.change(world.own, model_id=world.other("Hills", energy, published=published))
    taken = world.take()
    assert beside(taken) == (WITHHELD, WITHHELD)
    assert (beside(taken, "wat")[1] is not WITHHELD) is published
