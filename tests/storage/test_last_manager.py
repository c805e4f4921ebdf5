"""A cluster keeps somebody who can run it, whoever goes at the same moment, on either engine. AZ-09"""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection

from assessment.storage.clusters import cluster_members, clusters
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.database import Database
from assessment.storage.people import companies, partings, people
from tests.storage.conftest import NOW

TIMES = 15
DAY = timedelta(days=1)
KEPT = timedelta(days=730)
UNABLE: Mapping[str, Mapping[str, object]] = {
    "without the role": {"staff_role": ""}, "switched off": {"active": False}, "about to go": {"erase_at": NOW + DAY},
}  # fmt: skip


def two_managers(database: Database) -> tuple[str, list[str]]:
    """A cluster that two people run."""
    mark = secrets.token_hex(4)
    with database.writing() as connection:
        both = [
            people.add_person(
                connection, f"{mark}{at}@cluster.example", NOW, uniquifier=f"{mark}{at}", staff_role="manager"
            ).id
            for at in range(2)
        ]
        cluster = Cluster(mark, "Food", mark, {}, "", "", "kind", "", 5, False, NOW, None, None, None, NOW)
        clusters.add(connection, cluster, mark, both[0])
        clusters.add_manager(connection, cluster.id, both[1], NOW)
    return cluster.id, both


def leaves(connection: Connection, cluster_id: str, person_id: str) -> bool:
    return clusters.remove_manager(connection, cluster_id, person_id)


def deletes_the_account(connection: Connection, cluster_id: str, person_id: str) -> bool:
    if clusters.run_alone_by(connection, person_id):
        return False
    partings.mark_account(connection, person_id, NOW + DAY)
    return True


def both_go(
    database: Database, cluster_id: str, both: list[str], second: Callable[[Connection, str, str], bool], holding: bool
) -> list[bool]:
    """Two managers stop being one at the same moment; whether each did."""
    gate, found = Barrier(2), []

    def one(go: Callable[[Connection, str, str], bool], person_id: str) -> None:
        gate.wait(10)
        with database.writing() as connection:
            if holding:
                clusters.hold(connection, cluster_id)
            found.append(go(connection, cluster_id, person_id))
            if not holding:
                # Neither has committed when the other looks.
                gate.wait(10)

    threads = [Thread(target=one, args=act) for act in zip((leaves, second), both, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return found


@pytest.mark.parametrize("second", [leaves, deletes_the_account])
def test_of_two_managers_who_go_at_once_one_stays(
    database: Database, second: Callable[[Connection, str, str], bool]
) -> None:
    for _ in range(TIMES):
        cluster_id, both = two_managers(database)
        assert sorted(both_go(database, cluster_id, both, second, holding=True)) == [False, True]
        with database.reading() as connection:
            assert clusters.run_by_nobody(connection) == ()


def test_without_holding_the_cluster_both_would_go(migrated_postgres: Database) -> None:
    """The negative control; on SQLite one writes at a time anyway."""
    cluster_id, both = two_managers(migrated_postgres)
    assert both_go(migrated_postgres, cluster_id, both, leaves, holding=False) == [True, True]
    with migrated_postgres.reading() as connection:
        assert [one.id for one in clusters.run_by_nobody(connection)] == [cluster_id]


@pytest.mark.parametrize("how", UNABLE)
def test_whoever_cannot_run_the_cluster_any_more_does_not_let_the_other_go(database: Database, how: str) -> None:
    cluster_id, (mina, max_) = two_managers(database)
    with database.writing() as connection:
        assert clusters.run_alone_by(connection, mina) == ()
        people.change_person(connection, max_, **UNABLE[how])
        assert [one.id for one in clusters.run_alone_by(connection, mina)] == [cluster_id]
        assert not clusters.remove_manager(connection, cluster_id, mina)
        assert clusters.remove_manager(connection, cluster_id, max_)
        people.change_person(connection, mina, **UNABLE[how])
        assert [one.id for one in clusters.run_by_nobody(connection)] == [cluster_id]


@pytest.mark.parametrize(
    ("case", "goes"),
    [("a member comes", False), ("no member comes", True), ("another runs it", True), ("another is off", False)],
)
def test_the_calendar_keeps_an_only_manager_as_long_as_somebody_of_a_member_comes(
    database: Database, case: str, goes: bool
) -> None:
    cluster_id, (mina, max_) = two_managers(database)
    late = NOW + KEPT
    with database.writing() as connection:
        if case != "another runs it":
            people.change_person(connection, max_, active=False)
        ana = people.add_person(connection, "ana@firm.example", NOW, uniquifier="ana").id
        company = companies.add_company(connection, "Firm", ana, NOW)
        cluster_members.join(connection, cluster_id, company.id, "Firm", "code", 0, NOW)
        for person, seen in ((mina, NOW), (max_, late), (ana, NOW if case == "no member comes" else late)):
            people.change_person(connection, person, seen_at=seen)
        due = {person for person, *_ in partings.unused_accounts(connection, late, KEPT, 0)}
    assert (mina in due) is goes
