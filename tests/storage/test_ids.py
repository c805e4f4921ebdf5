"""What an address names is random, so that nobody comes to a neighbour's by counting. TEN-05"""

from uuid import UUID

from sqlalchemy import Integer

from assessment.storage.columns import metadata
from assessment.storage.database import Database
from assessment.storage.people import companies, people
from tests.storage.conftest import NOW, started

COUNTED = {"answer_history", "company_consents", "access_log", "review_history", "reviewed_marks",
           "saving_confirmations", "suggestion_history", "audit_log"}  # fmt: skip
"""Rows in the order in which they came, which no address names."""


def test_ids_of_companies_people_and_checks_are_drawn_and_not_counted(database: Database) -> None:
    made: list[str] = []
    for number in range(40):
        with database.writing() as connection:
            person = people.add_person(connection, f"{number}@firm.example", NOW, uniquifier=f"u{number}")
            made += [person.id, companies.add_company(connection, "Firm", person.id, NOW).id]
        made.append(started(database).id)
    assert len(set(made)) == 120
    assert {UUID(one).version for one in made} == {4}
    # Each of the free bits is found on and off: nothing of an id follows from the one before.
    bits = [f"{UUID(one).int:0128b}" for one in made]
    fixed = [place for place in range(128) if len({each[place] for each in bits}) == 1]
    assert len(fixed) == 6


def test_only_records_that_no_address_names_are_counted() -> None:
    counted = {
        table.name for table in metadata.sorted_tables
        if any(isinstance(column.type, Integer) for column in table.primary_key.columns)
    }  # fmt: skip
    assert counted == COUNTED
