"""Mentors are let in by the company alone, are out at once when it says so, and every consent is on record."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from assessment.core.access import Relation
from assessment.storage.database import Database
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Grant, Recorded
from assessment.storage.people import companies, partings, people
from assessment.storage.people.people_tables import company_consents
from tests.storage.conftest import NOW

DAY = timedelta(days=1)


class Firm:
    """A company with its owner, and two mentors."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.writing() as connection:
            self.owner, self.mentor, self.other = (
                people.add_person(
                    connection, f"{uuid4().hex}@x.test", NOW, uniquifier=uuid4().hex, name=name, staff_role=role
                ).id
                for name, role in (("Olga", ""), ("Mira", "mentor"), ("Noa", "mentor"))
            )
            self.id = companies.add_company(connection, "Bakery", self.owner, NOW).id
        self.recorded = Recorded("digest", "en", "mentors page", self.owner)

    def sees(self, person: str) -> bool:
        with self.database.reading() as connection:
            return Relation.MENTOR in companies.standing_in(connection, self.id, person, NOW).relations

    def offers(self, mentor: str, from_grant: str | None = None) -> str | None:
        with self.database.writing() as connection:
            return grants.offer(connection, self.id, mentor, NOW, from_grant)

    def grant(self, mentor: str, now: timedelta = timedelta(0)) -> Grant | None:
        with self.database.reading() as connection:
            return next((g for g in grants.grants_of(connection, self.id, NOW + now) if g.mentor_id == mentor), None)

    def accepts(self, grant: Grant, later: timedelta = timedelta(0)) -> bool:
        with self.database.writing() as connection:
            return grants.accept(connection, grant, self.recorded, NOW + later)

    def ends(self, mentor: str) -> bool:
        with self.database.writing() as connection:
            return grants.end(connection, self.id, mentor, self.recorded, NOW)

    def consents(self) -> list[tuple[str, bool]]:
        c = company_consents.c
        with self.database.reading() as connection:
            rows = connection.execute(select(c.viewer_id, c.given).where(c.company_id == self.id).order_by(c.id))
            return [(row.viewer_id, row.given) for row in rows]


@pytest.fixture
def firm(database: Database) -> Firm:
    """A company that nobody has been let into."""
    return Firm(database)


def test_an_offer_shows_nothing_until_the_company_accepts_and_nothing_after_it_ends(firm: Firm) -> None:
    assert firm.offers(firm.mentor)
    assert firm.offers(firm.mentor) is None
    assert not firm.sees(firm.mentor)
    offered = firm.grant(firm.mentor)
    assert offered is not None
    assert firm.accepts(offered)
    assert not firm.accepts(offered)
    assert firm.sees(firm.mentor)
    assert firm.ends(firm.mentor)
    assert not firm.sees(firm.mentor)
    assert not firm.ends(firm.mentor)
    assert firm.consents() == [(firm.mentor, True), (firm.mentor, False)]


def test_an_offer_holds_fourteen_days_and_can_then_be_made_again(firm: Firm) -> None:
    firm.offers(firm.mentor)
    offered = firm.grant(firm.mentor, 14 * DAY - timedelta(seconds=1))
    assert offered is not None
    assert firm.grant(firm.mentor, 14 * DAY) is None
    assert not firm.accepts(offered, 14 * DAY)
    assert not firm.sees(firm.mentor)
    with firm.database.writing() as connection:
        assert grants.offer(connection, firm.id, firm.mentor, NOW + 14 * DAY)


def test_declining_lets_nobody_in(firm: Firm) -> None:
    firm.offers(firm.mentor)
    offered = firm.grant(firm.mentor)
    assert offered is not None
    with firm.database.writing() as connection:
        assert grants.decline(connection, offered, NOW)
        assert not grants.decline(connection, offered, NOW)
    assert not firm.accepts(offered)
    assert not firm.sees(firm.mentor)
    assert firm.consents() == []


def test_an_invited_mentor_is_in_once_and_an_offer_of_theirs_is_taken_up_with_it(firm: Firm) -> None:
    firm.offers(firm.mentor)
    with firm.database.writing() as connection:
        assert grants.begin(connection, firm.id, firm.mentor, firm.recorded, NOW)
        assert not grants.begin(connection, firm.id, firm.mentor, firm.recorded, NOW)
    assert firm.sees(firm.mentor)
    with firm.database.reading() as connection:
        assert [grant.state for grant in grants.grants_of(connection, firm.id, NOW)] == ["active"]


def test_who_hands_over_stays_until_the_company_takes_the_successor(firm: Firm) -> None:
    with firm.database.writing() as connection:
        grants.begin(connection, firm.id, firm.mentor, firm.recorded, NOW)
    mine = firm.grant(firm.mentor)
    assert mine is not None
    firm.offers(firm.other, mine.id)
    assert (firm.sees(firm.mentor), firm.sees(firm.other)) == (True, False)
    offered = firm.grant(firm.other)
    assert offered is not None
    assert firm.accepts(offered)
    assert (firm.sees(firm.mentor), firm.sees(firm.other)) == (False, True)
    assert firm.consents() == [(firm.mentor, True), (firm.other, True), (firm.mentor, False)]


def test_what_a_company_agreed_to_for_interviews_ends_with_the_access(firm: Firm) -> None:
    with firm.database.writing() as connection:
        grants.begin(connection, firm.id, firm.mentor, firm.recorded, NOW)
    grant = firm.grant(firm.mentor)
    assert grant is not None
    with firm.database.writing() as connection:
        assert grants.agree_to_interview(connection, grant, True, firm.recorded, NOW)
        assert companies.standing_in(connection, firm.id, firm.mentor, NOW).agreed
        grants.end(connection, firm.id, firm.mentor, firm.recorded, NOW)
        assert not companies.standing_in(connection, firm.id, firm.mentor, NOW).agreed
        assert not grants.agree_to_interview(connection, grant, True, firm.recorded, NOW)


def test_only_mentors_who_want_it_are_found(firm: Firm) -> None:
    with firm.database.writing() as connection:
        grants.let_be_found(connection, firm.mentor, True)
        grants.let_be_found(connection, firm.owner, True)
        found = dict(grants.mentors_to_find(connection))
        assert found[firm.mentor] == "Mira"
        assert firm.other not in found
        assert firm.owner not in found
        assert grants.can_be_found(connection, firm.mentor)
        grants.let_be_found(connection, firm.mentor, False)
        assert firm.mentor not in dict(grants.mentors_to_find(connection))


def test_a_company_that_keeps_everybody_out_is_offered_nothing(firm: Firm) -> None:
    with firm.database.writing() as connection:
        owner = people.find_person(connection, id=firm.owner)
        assert owner is not None
        assert grants.companies_owned_by(connection, owner.email) == (firm.id,)
        assert grants.owners_of(connection, firm.id) == (grants.Owner(firm.owner, owner.email, "en"),)
        connection.exec_driver_sql(f"UPDATE companies SET restricted = TRUE WHERE id = '{firm.id}'")
        assert grants.companies_owned_by(connection, owner.email) == ()
        assert grants.grants_to(connection, firm.mentor, NOW) == ()


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE company_consents SET given = NOT given", "UPDATE company_consents SET person_id = viewer_id",
        "UPDATE company_consents SET text_hash = 'other'", "DELETE FROM company_consents",
    ],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_the_record_of_consents(firm: Firm, act: str) -> None:
    with firm.database.writing() as connection:
        grants.begin(connection, firm.id, firm.mentor, firm.recorded, NOW)
    with pytest.raises(DatabaseError, match="not changed"), firm.database.writing() as connection:
        connection.exec_driver_sql(act)
    assert firm.consents() == [(firm.mentor, True)]


def test_whoever_decided_can_be_forgotten_and_the_record_goes_with_its_company(firm: Firm) -> None:
    with firm.database.writing() as connection:
        grants.begin(connection, firm.id, firm.mentor, firm.recorded, NOW)
        partings.forget_author(connection, firm.id, firm.owner)
        partings.erase_person(connection, firm.owner)
    assert firm.consents() == [(firm.mentor, True)]
    with firm.database.writing() as connection:
        partings.erase_company(connection, firm.id)
    assert firm.consents() == []
