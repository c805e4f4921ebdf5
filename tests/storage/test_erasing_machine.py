"""Companies and people that come, go, are taken back and restored in any order: what is gone stays gone. PRV-04, 05."""

import secrets
import shutil
import tempfile
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from assessment.storage.columns import metadata
from assessment.storage.database import Database
from assessment.storage.people import companies, partings, people
from assessment.storage.people.people_tables import companies as company_table
from assessment.storage.people.people_tables import people as people_table
from assessment.storage.upkeep import backups, replaying
from assessment.storage.upkeep.erasure_list import ErasureList
from tests.storage.conftest import NOW
from tests.tables import with_tables

WEEK = timedelta(days=7)


@dataclass
class Known:
    """What ought to be there."""

    people: set[str] = field(default_factory=set)
    members: dict[str, set[str]] = field(default_factory=dict)
    erase_at: dict[str, datetime] = field(default_factory=dict)

    def erase(self, company: str) -> None:
        """A company goes, and whoever is nowhere else."""
        gone = self.members.pop(company)
        self.erase_at.pop(company, None)
        self.people -= {one for one in gone if not any(one in others for others in self.members.values())}

    def erase_person(self, person: str) -> None:
        self.people.discard(person)
        for members in self.members.values():
            members.discard(person)


class Erasing(RuleBasedStateMachine):
    """The database beside what ought to be in it."""

    companies_: Bundle[str] = Bundle("companies")
    persons: Bundle[str] = Bundle("persons")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="erasing-"))
        self.file = with_tables(self.folder)
        self.database = Database(f"sqlite:///{self.file}")
        self.list = ErasureList(self.folder, b"k")
        self.now = NOW
        self.known = Known()
        self.kept: Known | None = None
        self.gone: set[str] = set()

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    @rule(target=persons)
    def comes(self) -> str:
        with self.database.writing() as connection:
            mark = secrets.token_hex(8)
            added = people.add_person(connection, f"{mark}@firm.example", self.now, uniquifier=mark)
        self.known.people.add(added.id)
        return added.id

    @rule(target=companies_, owner=persons)
    def founds(self, owner: str) -> str:
        if owner not in self.known.people:
            return ""
        with self.database.writing() as connection:
            company = companies.add_company(connection, "Firm", owner, self.now)
        self.known.members[company.id] = {owner}
        return company.id

    @rule(company=companies_, person=persons)
    def joins(self, company: str, person: str) -> None:
        if person in self.known.people and person not in self.known.members.get(company, {person}):
            with self.database.writing() as connection:
                companies.add_member(connection, company, person, "editor", self.now)
            self.known.members[company].add(person)

    @rule(company=companies_)
    def is_deleted(self, company: str) -> None:
        marked = company in self.known.members and company not in self.known.erase_at
        with self.database.writing() as connection:
            assert partings.mark_for_erasing(connection, company, self.now + WEEK) is marked
        if marked:
            self.known.erase_at[company] = self.now + WEEK

    @rule(company=companies_)
    def is_taken_back(self, company: str) -> None:
        can = self.known.erase_at.get(company, self.now) > self.now
        with self.database.writing() as connection:
            assert partings.take_back(connection, company, self.now) is can
        if can:
            del self.known.erase_at[company]

    @rule(days=st.integers(1, 8))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def the_calendar_looks(self) -> None:
        due = {one for one, at in self.known.erase_at.items() if at <= self.now}
        due |= {one for one, members in self.known.members.items() if not members}
        with self.database.writing() as connection:
            assert set(partings.due_companies(connection, self.now)) == due
            for company in sorted(due):
                gone = partings.erase_company(connection, company)
                self.known.erase(company)
                self._left(gone.ids)

    @rule(person=persons)
    def goes(self, person: str) -> None:
        with self.database.writing() as connection:
            gone = partings.erase_person(connection, person)
            self._left(gone.ids)
        assert bool(gone) is (person in self.known.people)
        self.known.erase_person(person)

    @rule()
    def is_backed_up(self) -> None:
        backups.write(self.database, self.folder / "copy")
        self.kept = deepcopy(self.known)

    @rule()
    def is_restored(self) -> None:
        if self.kept is None:
            return
        self.database.close()
        backups.put_in_place(backups.restored_sqlite(self.folder / "copy", self.file), self.file)
        self.database = Database(f"sqlite:///{self.file}")
        with self.database.writing() as connection:
            again = replaying.replay(self.list, connection, self.now, WEEK)
            self._left(again.ids)
        self.known = deepcopy(self.kept)
        for company in self.gone & set(self.known.members):
            self.known.erase(company)
        for person in self.gone & self.known.people:
            self.known.erase_person(person)

    def _left(self, ids: tuple[str, ...]) -> None:
        self.list.add(ids, self.now)
        self.gone |= set(ids)

    @invariant()
    def what_is_there_is_what_ought_to_be(self) -> None:
        with self.database.reading() as connection:
            assert set(connection.execute(select(people_table.c.id)).scalars()) == self.known.people
            assert set(connection.execute(select(company_table.c.id)).scalars()) == set(self.known.members)
            for table in metadata.sorted_tables:
                for row in connection.execute(select(table)):
                    assert not self.gone & {value for value in row if isinstance(value, str)}, table.name


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Erasing,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_what_is_gone_stays_gone_whatever_comes_after() -> None:
    _run(8, 25)


@pytest.mark.soak
def test_what_is_gone_stays_gone_a_thousand_times() -> None:
    _run(1000, 50)
