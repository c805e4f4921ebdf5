"""A company keeps an owner, whoever goes at the same moment, on either engine. AZ-08, AZ-09"""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection

from assessment.storage.database import Database
from assessment.storage.people import companies, people
from tests.storage.conftest import NOW

TIMES = 15
End = Callable[[Connection, str, str], bool]


def leaves(connection: Connection, company_id: str, person_id: str) -> bool:
    return companies.remove_member(connection, company_id, person_id)


def becomes_editor(connection: Connection, company_id: str, person_id: str) -> bool:
    return companies.change_role(connection, company_id, person_id, "editor")


def two_owners(database: Database, mark: str) -> tuple[str, list[str]]:
    with database.writing() as connection:
        both = [
            people.add_person(connection, f"{mark}{number}@firm.example", NOW, uniquifier=f"{mark}{number}").id
            for number in range(2)
        ]
        company = companies.add_company(connection, "Firm", both[0], NOW)
        companies.add_member(connection, company.id, both[1], "owner", NOW)
    return company.id, both


def owners(database: Database, company_id: str) -> int:
    with database.reading() as connection:
        return sum(member.role == "owner" for member in companies.members_of(connection, company_id))


def both_end(database: Database, company_id: str, acts: list[tuple[End, str]], *, holding: bool) -> list[bool]:
    """Two owners stop being one at the same moment; whether each did."""
    gate, found = Barrier(2), []

    def one(end: End, person_id: str) -> None:
        gate.wait(10)
        with database.writing() as connection:
            if holding:
                companies.hold(connection, company_id)
            found.append(end(connection, company_id, person_id))
            if not holding:
                # Neither has committed when the other looks.
                gate.wait(10)

    threads = [Thread(target=one, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return found


@pytest.mark.parametrize("second", [leaves, becomes_editor])
def test_of_two_owners_who_go_at_once_one_stays(database: Database, second: End) -> None:
    for number in range(TIMES):
        company_id, (ana, ben) = two_owners(database, f"{second.__name__}{number}-")
        assert sorted(both_end(database, company_id, [(leaves, ana), (second, ben)], holding=True)) == [False, True]
        assert owners(database, company_id) == 1


def test_without_holding_the_company_both_would_go(migrated_postgres: Database) -> None:
    """The negative control; on SQLite one writes at a time anyway."""
    company_id, (ana, ben) = two_owners(migrated_postgres, "unheld-")
    assert both_end(migrated_postgres, company_id, [(leaves, ana), (leaves, ben)], holding=False) == [True, True]
    assert owners(migrated_postgres, company_id) == 0
