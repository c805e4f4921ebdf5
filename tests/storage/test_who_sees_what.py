"""Who sees what, step by step: whatever people do, each sees exactly what a plain model says (TEN-07)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection

from assessment.core.access import Action, decide
from assessment.core.errors import NotFound
from assessment.storage import migrating
from assessment.storage.aggregates import contributions
from assessment.storage.aggregates.contributions import StoredContribution
from assessment.storage.checks import assessments
from assessment.storage.columns import metadata
from assessment.storage.database import Database
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import access, companies, glass, partings, people, single_links
from assessment.storage.people.single_links import Bound, StoredLink
from assessment.storage.upkeep import erasure
from tests.storage.conftest import NOW, started

COMPANIES, PEOPLE, MENTORS, BROWSERS = range(3), range(5), (3, 4), range(2)
"""Mentors are people too, and may belong to a company of their own."""
ADMINISTRATOR = 5
SECTIONS = ("ene", "wat")
MOST_CHECKS = 4
AN_HOUR = timedelta(hours=1)

company, member, mentor = st.sampled_from(COMPANIES), st.sampled_from(PEOPLE), st.sampled_from(MENTORS)
browser, number = st.sampled_from(BROWSERS), st.integers(0, MOST_CHECKS - 1)


@dataclass
class Model:
    """The same world as plain sets."""

    exists: set[int] = field(default_factory=set)
    shut: set[int] = field(default_factory=set)
    """Companies that are restricted."""
    leaving: set[int] = field(default_factory=set)
    roles: dict[tuple[int, int], str] = field(default_factory=dict)
    let_in: set[tuple[int, int]] = field(default_factory=set)
    glass: dict[int, int] = field(default_factory=dict)
    """The hour in which what an administrator opened ends, by company."""
    hour: int = 0
    owner_of: dict[int, int | None] = field(default_factory=dict)
    """The company of every check that is there; None for one without an account."""
    opened: dict[tuple[int, int], str] = field(default_factory=dict)
    """What each browser opened, and the one section of it that it may see, empty for all."""

    def is_member(self, person: int, of: int) -> bool:
        return (of, person) in self.roles

    def lets_in(self, person: int, of: int) -> bool:
        """Whether somebody from outside may look in."""
        if of in self.shut or of in self.leaving:
            return False
        return (of, person) in self.let_in or (person == ADMINISTRATOR and self.glass.get(of, 0) > self.hour)

    def sees(self, at: int, person: int | None, check: int, section: str) -> bool:
        """Whether the answers of a check, or of a section of it, are shown."""
        if check not in self.owner_of:
            return False
        if self.opened.get((at, check)) in ("", section or "none"):
            return True
        of = self.owner_of[check]
        return person is not None and of is not None and (self.is_member(person, of) or self.lets_in(person, of))


class WhoSeesWhat(RuleBasedStateMachine):
    """Three companies, whoever works there or advises them, and two browsers without an account."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.company_ids: dict[int, str] = {}
        self.check_ids: dict[int, str] = {}
        self.browsers = {at: uuid4().hex * 2 for at in BROWSERS}
        self.recorded = Recorded("digest", "en", "test", "")
        self.people: dict[int, str] = {}
        with self.database.writing() as connection:
            for at in self.browsers.values():
                access.create_session(connection, at, NOW)
            for person in (*PEOPLE, ADMINISTRATOR):
                staff = "administrator" if person == ADMINISTRATOR else "mentor" if person in MENTORS else ""
                name = uuid4().hex
                added = people.add_person(
                    connection, f"{name}@firm.example", NOW, uniquifier=name, staff_role=staff
                )  # fmt: skip
                self.people[person] = added.id
        self.recorded = Recorded("digest", "en", "test", self.people[0])

    @property
    def now(self) -> datetime:
        return NOW + self.model.hour * AN_HOUR

    def write(self, act: Callable[[Connection], object]) -> object:
        with self.database.writing() as connection:
            return act(connection)

    @initialize(person=member, at=browser)
    def there_is_a_company_with_a_check(self, person: int, at: int) -> None:
        """So that most of what follows meets something."""
        self.makes_a_company(0, person)
        self.starts_a_check(0, at)
        self.claims(0, 0)

    # -- companies and who belongs to them

    @rule(of=company, person=member)
    def makes_a_company(self, of: int, person: int) -> None:
        if of not in self.model.exists:
            made = self.write(lambda c: companies.add_company(c, "Firm", self.people[person], self.now).id)
            self.company_ids[of] = str(made)
            self.model.exists.add(of)
            self.model.roles[of, person] = "owner"

    @rule(of=company, person=member, role=st.sampled_from(["owner", "editor"]))
    def joins(self, of: int, person: int, role: str) -> None:
        if of in self.model.exists and not self.model.is_member(person, of):
            self.write(
                lambda c: companies.add_member(c, self.company_ids[of], self.people[person], role, self.now)
            )  # fmt: skip
            self.model.roles[of, person] = role

    @rule(of=company, person=member)
    def leaves(self, of: int, person: int) -> None:
        if of in self.model.exists and self.model.is_member(person, of):
            owners = [who for (firm, who), role in self.model.roles.items() if firm == of and role == "owner"]
            gone = self.write(lambda c: companies.remove_member(c, self.company_ids[of], self.people[person]))
            # The last owner cannot.
            assert gone == (owners != [person])
            if gone:
                del self.model.roles[of, person]

    @rule(of=company, restricted=st.booleans())
    def restricts(self, of: int, restricted: bool) -> None:
        if of in self.model.exists:
            self.write(lambda c: partings.restrict(c, self.company_ids[of], restricted))
            (self.model.shut.add if restricted else self.model.shut.discard)(of)

    @rule(of=company)
    def deletes_a_company(self, of: int) -> None:
        if of in self.model.exists:
            in_a_week = self.now + timedelta(days=7)
            self.write(lambda c: partings.mark_for_erasing(c, self.company_ids[of], in_a_week))
            self.model.leaving.add(of)

    @rule(of=company)
    def takes_the_deletion_back(self, of: int) -> None:
        if of in self.model.leaving and self.write(
            lambda c: partings.take_back(c, self.company_ids[of], self.now)
        ):  # fmt: skip
            self.model.leaving.discard(of)

    # -- who is let in from outside

    @rule(of=company, who=mentor)
    def offers_to_help(self, of: int, who: int) -> None:
        if of in self.model.exists:
            self.write(lambda c: grants.offer(c, self.company_ids[of], self.people[who], self.now))

    @rule(of=company, who=mentor)
    def lets_in(self, of: int, who: int) -> None:
        if of in self.model.exists:
            self.write(lambda c: grants.begin(c, self.company_ids[of], self.people[who], self.recorded, self.now))
            self.model.let_in.add((of, who))

    @rule(of=company, who=mentor)
    def shuts_out(self, of: int, who: int) -> None:
        if of in self.model.exists:
            self.write(lambda c: grants.end(c, self.company_ids[of], self.people[who], self.recorded, self.now))
            self.model.let_in.discard((of, who))

    @rule(of=company)
    def breaks_glass(self, of: int) -> None:
        if of in self.model.exists:
            reason, ends = "The owner asked us to look at it", self.now + AN_HOUR
            administrator = self.people[ADMINISTRATOR]
            self.write(lambda c: glass.break_it(c, self.company_ids[of], administrator, reason, self.now, ends))
            self.model.glass[of] = self.model.hour + 1

    @rule()
    def an_hour_passes(self) -> None:
        self.model.hour += 1

    # -- checks

    @rule(check=number, at=browser)
    def starts_a_check(self, check: int, at: int) -> None:
        if check not in self.check_ids:
            made = started(self.database).id
            self.write(lambda c: access.grant(c, self.browsers[at], made, self.now))
            self.check_ids[check] = made
            self.model.owner_of[check] = None
            self.model.opened[at, check] = ""

    @rule(check=number, of=company)
    def claims(self, check: int, of: int) -> None:
        if check in self.model.owner_of and of in self.model.exists:
            unowned = self.model.owner_of[check] is None
            claim = self.write(
                lambda c: companies.claim(c, self.check_ids[check], self.company_ids[of], self.now)
            )  # fmt: skip
            assert claim == unowned
            if unowned:
                self.model.owner_of[check] = of
                for at in BROWSERS:
                    self.model.opened.pop((at, check), None)

    @rule(check=number, at=browser, section=st.sampled_from(SECTIONS))
    def opens_a_section(self, check: int, at: int, section: str) -> None:
        if check in self.model.owner_of:
            here = self.browsers[at], self.check_ids[check]
            self.write(lambda c: access.grant_section(c, *here, section, self.now))
            if self.model.opened.get((at, check)) != "":
                self.model.opened[at, check] = section

    @rule(check=number, section=st.sampled_from(SECTIONS))
    def ends_the_link_to_a_section(self, check: int, section: str) -> None:
        if check in self.model.owner_of:
            self.write(lambda c: access.shut_section(c, self.check_ids[check], section))
            for at in BROWSERS:
                if self.model.opened.get((at, check)) == section:
                    del self.model.opened[at, check]

    @rule(check=number, at=browser)
    def closes_it_here(self, check: int, at: int) -> None:
        if check in self.model.owner_of:
            self.write(lambda c: access.leave(c, self.browsers[at], self.check_ids[check]))
            self.model.opened.pop((at, check), None)

    @rule(check=number)
    def deletes_a_check(self, check: int) -> None:
        if check in self.model.owner_of:
            self.write(lambda c: erasure.erase(c, self.check_ids[check]))
            del self.model.owner_of[check]
            for at in BROWSERS:
                self.model.opened.pop((at, check), None)

    @rule(check=number, first=company, second=company, person=member)
    def a_look_is_not_put_down_to_another_company(self, check: int, first: int, second: int, person: int) -> None:
        for of in (first, second):
            if of in self.model.exists and check in self.model.owner_of:
                own = self.model.owner_of[check] == of
                try:
                    with self.database.writing() as connection:
                        ids = self.company_ids[of], self.check_ids[check], self.people[person]
                        companies.note_look(connection, *ids, "read answers", self.now)
                except NotFound:
                    assert not own
                else:
                    assert own

    # -- what must hold after each

    @invariant()
    def everybody_sees_what_the_model_says_and_nothing_else(self) -> None:
        for check, check_id in self.check_ids.items():
            for at in BROWSERS:
                for person in (None, *PEOPLE, ADMINISTRATOR):
                    person_id = "" if person is None else self.people[person]
                    found = assessments.open_draft(self.database, self.browsers[at], person_id, check_id, self.now)
                    for section in ("", *SECTIONS):
                        sees = found is not None and decide(Action.READ_ANSWERS, found[1], section) == "yes"
                        assert sees == self.model.sees(at, person, check, section), (check, at, person, section)

    @invariant()
    def a_company_is_seen_by_those_who_belong_to_it_and_whom_it_let_in(self) -> None:
        with self.database.reading() as connection:
            for of, company_id in self.company_ids.items():
                for person in (*PEOPLE, ADMINISTRATOR):
                    standing = companies.standing_in(connection, company_id, self.people[person], self.now)
                    member = self.model.is_member(person, of)
                    mentors = person != ADMINISTRATOR and self.model.lets_in(person, of)
                    assert (decide(Action.SEE_COMPANY, standing) == "yes") == (member or mentors)
                    inside = member or self.model.lets_in(person, of)
                    assert (decide(Action.READ_RESULTS, standing) == "yes") == inside
                    owner = self.model.roles.get((of, person)) == "owner"
                    assert (decide(Action.MANAGE_MENTORS, standing) == "yes") == owner


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all runs: each makes people and companies of its own."""
    folder: Path = tmp_path_factory.mktemp("machine")
    opened = Database(f"sqlite:///{folder / 'assessment.sqlite3'}")
    migrating.upgrade(opened)
    yield opened
    opened.close()


def run(database: Database, examples: int, steps: int) -> None:
    machine = type("Machine", (WhoSeesWhat,), {"database": database})
    slow = (HealthCheck.too_slow, HealthCheck.data_too_large)
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=slow),
    )


def test_everybody_sees_what_they_may_whatever_happened_before(migrated: Database) -> None:
    run(migrated, examples=12, steps=25)


@pytest.mark.soak
def test_everybody_sees_what_they_may_after_a_thousand_long_stories(migrated: Database) -> None:
    run(migrated, examples=1000, steps=50)


def test_a_guard_that_is_missing_is_found(migrated: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = type("Machine", (WhoSeesWhat,), {"database": migrated})()
    machine.there_is_a_company_with_a_check(0, 0)
    machine.lets_in(0, MENTORS[0])
    machine.everybody_sees_what_the_model_says_and_nothing_else()
    monkeypatch.setattr(grants, "end", lambda *_: False)
    machine.shuts_out(0, MENTORS[0])
    with pytest.raises(AssertionError):
        machine.everybody_sees_what_the_model_says_and_nothing_else()


def look(connection: Connection, company_id: str, check: str, owner: str) -> None:
    companies.note_look(connection, company_id, check, owner, "read answers", NOW)


def give(connection: Connection, company_id: str, check: str, owner: str) -> None:
    contributions.keep(connection, "q", StoredContribution(company_id, check, "r", NOW, {}))


def link(connection: Connection, company_id: str, check: str, owner: str) -> None:
    bound = Bound("", owner, company_id, check)
    single_links.add(connection, StoredLink(uuid4().hex, "section", bound, {}, NOW, NOW), uuid4().hex)


def test_nothing_ties_a_check_to_a_company_without_both_in_one_key() -> None:
    """A table with a company and a check refers to both together, whichever is added later (TEN-04)."""
    both = {table for table in metadata.sorted_tables if {"company_id", "assessment_id"} <= set(table.columns.keys())}
    assert {table.name for table in both} == {"access_log", "contributions", "tokens"}
    for table in both:
        keys = {tuple(key.column_keys) for key in table.foreign_key_constraints}
        assert ("company_id", "assessment_id") in keys, table.name


@pytest.mark.parametrize("tie", [look, give, link])
def test_what_is_of_one_companys_check_cannot_be_put_down_to_another(
    database: Database, tie: Callable[[Connection, str, str, str], None]
) -> None:
    check = started(database)
    with database.writing() as connection:
        ids = [
            companies.add_company(connection, name, people.add_person(
                connection, f"{name}@firm.example", NOW, uniquifier=name).id, NOW).id
            for name in ("one", "other")
        ]  # fmt: skip
        assert companies.claim(connection, check.id, ids[0], NOW)
        owner = companies.members_of(connection, ids[0])[0].person_id
        tie(connection, ids[0], check.id, owner)
    with pytest.raises(NotFound), database.writing() as connection:
        tie(connection, ids[1], check.id, owner)


def test_of_two_who_claim_a_check_one_does(database: Database) -> None:
    check = started(database)
    with database.writing() as connection:
        person = people.add_person(connection, "one@firm.example", NOW, uniquifier="one").id
        ids = [companies.add_company(connection, name, person, NOW).id for name in ("one", "other")]
        assert companies.claim(connection, check.id, ids[0], NOW)
        assert not companies.claim(connection, check.id, ids[1], NOW)
        assert [len(companies.checks_of(connection, of)) for of in ids] == [1, 0]
