"""The pages of a cluster ask the database as often whether it has a handful of members or many."""

from collections.abc import Collection
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from assessment.services.clusters import belonging
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters.cluster_members import ClusterMember
from assessment.storage.people import companies
from tests.web.clustered import give
from tests.web.people import person, signed_in
from tests.web.visiting import Site, Visitor


def pages_of(site: Site, cluster_id: str) -> list[str]:
    """Every page of a cluster that names nothing but the cluster, taken from the addresses themselves."""
    rules = [
        rule
        for rule in site.app.url_map.iter_rules()
        if rule.arguments == {"cluster_id"} and "GET" in (rule.methods or ())
    ]
    return sorted(rule.rule.replace("<cluster_id>", cluster_id) for rule in rules)


def join(site: Site, cluster_id: str, many: int, first: int) -> None:
    """Companies with a result each, counted and seen by name."""
    for number in range(first, first + many):
        owner = person(site, f"owner{number}@firm.example")
        with site.instance.database.writing() as connection:
            company = companies.add_company(connection, f"Firm {number} Ltd", owner, site.clock())
            agreed = ("counted", "progress", "named", "on_map")
            cluster_members.join(connection, cluster_id, company.id, company.name, "code", 0, site.clock(), agreed)
        give(site, company.id, 20 + 7 * number % 60)


def statements_of(site: Site, visitor: Visitor, path: str) -> list[str]:
    """What a page asks the database, through SQLAlchemy and straight to the driver, once it is warm."""
    visitor.client.get(path, base_url=site.address)
    database, found = site.instance.database, list[str]()
    with database.reading() as connection:
        pooled = connection.connection.driver_connection
    connections = [cast("Any", raw) for raw in (pooled, *database._idle)]
    for raw in connections:
        raw.set_trace_callback(found.append)
    visitor.client.get(path, base_url=site.address)
    for raw in connections:
        raw.set_trace_callback(None)
    return found


def asking_for_each(connection: Connection, cluster_id: str, states: Collection[str]) -> tuple[ClusterMember, ...]:
    """The list of members as somebody would write it who reads each one by itself."""
    listed = cluster_members.members_of(connection, cluster_id, states)
    return tuple(found for one in listed if (found := cluster_members.find_member(connection, cluster_id, one.id)))


class CarelessReading:
    """What lists members asks for each of them."""

    members_of = staticmethod(asking_for_each)

    def __getattr__(self, name: str) -> Any:
        return getattr(cluster_members, name)


def test_no_page_of_a_cluster_asks_more_often_where_it_has_more_members(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = signed_in(site, person(site, "manager@cluster.example", "manager"))
    cluster_id = manager.post("/clusters", {"name": "Coast"}).location.split("/")[2]
    join(site, cluster_id, 6, 0)
    manager.post(f"/clusters/{cluster_id}/readiness", None, 303)
    pages, members = pages_of(site, cluster_id), f"/clusters/{cluster_id}/members"

    def asked(page: str) -> int:
        return len(statements_of(site, manager, page))

    def asked_without_care() -> int:
        with monkeypatch.context() as careless:
            careless.setattr(belonging, "stored", CarelessReading())
            return asked(members)

    few, few_without_care = {page: asked(page) for page in pages}, asked_without_care()
    assert members in pages
    assert sum(map(bool, few.values())) > 10
    join(site, cluster_id, 30, 6)
    many, many_without_care = {page: asked(page) for page in pages}, asked_without_care()
    assert many == few
    assert many_without_care == few_without_care + 30
