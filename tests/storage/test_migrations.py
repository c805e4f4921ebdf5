"""The tables in a database are those in the code, on both engines."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import IntegrityError

from assessment.storage import migrating
from assessment.storage.database import Database
from assessment.storage.mentors import confirmed_savings
from assessment.storage.mentors.confirmed_savings import Terms
from assessment.storage.tables import SCHEMA_HEAD


@contextmanager
def opened(address: str) -> Iterator[Database]:
    database = Database(address)
    try:
        yield database
    finally:
        database.close()


def test_an_empty_database_is_not_current_and_an_upgraded_one_is(empty_address: str) -> None:
    with opened(empty_address) as database:
        assert database.schema() is None
        assert not database.is_current()
        assert not migrating.current_is_head(database)
        migrating.upgrade(database)
        assert database.is_current()
        assert migrating.current_is_head(database)


def test_upgrading_from_empty_gives_exactly_the_tables_in_the_code(empty_address: str) -> None:
    with opened(empty_address) as database:
        migrating.upgrade(database)
        with database.reading() as connection:
            assert migrating.differences(connection) == []


def test_a_difference_would_be_seen(empty_address: str) -> None:
    with opened(empty_address) as database:
        migrating.upgrade(database)
        with database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE scenarios ADD COLUMN stray INTEGER")
        with database.reading() as connection:
            assert len(migrating.differences(connection)) == 1


def test_upgrading_twice_does_nothing_the_second_time(empty_address: str) -> None:
    with opened(empty_address) as database:
        migrating.upgrade(database)
        migrating.upgrade(database)
        assert database.is_current()


def test_an_upgrade_that_breaks_leaves_no_half_made_tables(empty_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = command.upgrade

    def upgraded_then_broken(configuration: Config, revision: str) -> None:
        upgrade(configuration, revision)
        raise ArithmeticError("stopped")

    with opened(empty_address) as database:
        monkeypatch.setattr(command, "upgrade", upgraded_then_broken)
        with pytest.raises(ArithmeticError):
            migrating.upgrade(database)
        assert database.schema() is None


def test_the_head_that_a_web_process_compares_with_is_the_newest_migration() -> None:
    assert migrating.head() == SCHEMA_HEAD


def test_upgrading_leaves_the_logging_of_the_process_alone(empty_address: str) -> None:
    handlers = list(logging.getLogger().handlers)
    with opened(empty_address) as database:
        migrating.upgrade(database)
    assert logging.getLogger().handlers == handlers


def test_neither_alembic_nor_the_mapper_is_loaded_with_the_store() -> None:
    modules = "people.access checks.assessments database checks.drafts upkeep.erasure idempotency jobs plans.plan_items"
    program = "import sys\n" + "".join(f"import assessment.storage.{name}\n" for name in modules.split())
    program += "print('alembic' in sys.modules, 'sqlalchemy.orm' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_people_and_what_hangs_on_them_stay_where_a_new_role_is_allowed(empty_address: str) -> None:
    with opened(empty_address) as database:
        migrating.upgrade_to(database, "0010")
        now = "2026-11-24T12:00:00.000000+00:00"
        person = (
            "INSERT INTO people (id, uniquifier, email, name, language, password_hash, staff_role, active, totp_secret,"
            " totp_step, recovery_codes, created_at, seen_at, notices) VALUES ('{0}', '{0}', '{0}@firm.example', '',"
            " 'en', '', '{1}', true, '', 0, '[]', '{2}', '{2}', 0)"
        )
        with database.writing() as connection:
            connection.exec_driver_sql(person.format("ana", "mentor", now))
            company = "INSERT INTO companies (id, name, restricted, created_at) VALUES ('c', 'C', false, '{0}')"
            connection.exec_driver_sql(company.format(now))
            connection.exec_driver_sql(f"INSERT INTO memberships VALUES ('c', 'ana', 'owner', '{now}')")
        migrating.upgrade(database)
        with database.writing() as connection:
            connection.exec_driver_sql(person.format("eve", "manager", now))
            assert connection.exec_driver_sql("SELECT role FROM memberships").scalar_one() == "owner"
        with pytest.raises(IntegrityError), database.writing() as connection:
            connection.exec_driver_sql(person.format("bob", "king", now))


def test_a_saving_confirmed_before_keeps_its_terms_and_what_is_noted_of_its_line(empty_address: str) -> None:
    with opened(empty_address) as database:
        migrating.upgrade_to(database, "0012")
        now = "2026-11-24T12:00:00.000000+00:00"
        check = (
            "INSERT INTO assessments (id, questionnaire, version, depth, language, company_name, answers,"
            " counter, created_at, changed_at, visited_at) VALUES ('a', 'q', '1', 'full', 'en', '', '{{}}',"
            " 0, '{0}', '{0}', '{0}')"
        )
        line = (
            "INSERT INTO plan_items (id, assessment_id, measure, title, status, owner, note, refusal, follow_up,"
            " added_at, changed_at, revision) VALUES ('p', 'a', 'old-lamps', '', 'done', '', '', '',"
            """ '{{"besides": "A second oven"}}', '{0}', '{0}', 1)"""
        )
        saving = (
            "INSERT INTO confirmed_savings (id, assessment_id, item, baseline, method, floor, share, confirmed_on, at)"
            " VALUES ('{1}', 'a', '{1}', 'In 2025', 'Meters', 500, 30, '2026-11-24', '{0}')"
        )
        with database.writing() as connection:
            for row in (check, line):
                connection.exec_driver_sql(row.format(now))
            for item in ("measure:old-lamps", "measure:gone"):
                connection.exec_driver_sql(saving.format(now, item))
        migrating.upgrade(database)
        with database.reading() as connection:
            found = confirmed_savings.statements_of(connection, "a")
    assert set(found) == {"measure:old-lamps", "measure:gone"}
    (said,) = found["measure:old-lamps"]
    assert (said.title, said.noted.besides, said.withdrawn) == ("old lamps", "A second oven", False)
    assert said.terms == Terms("In 2025", "Meters", 500, Decimal(30))


def test_links_and_what_companies_give_stay_as_both_get_a_key_with_the_company(empty_address: str) -> None:
    now = "2026-11-24T12:00:00.000000+00:00"
    rows = (
        "INSERT INTO companies (id, name, restricted, created_at) VALUES ('{0}', 'C', false, '{now}')",
        "INSERT INTO assessments (id, questionnaire, version, depth, language, company_name, answers, counter,"
        " created_at, changed_at, visited_at, company_id) VALUES"
        " ('{0}', 'q', '1', 'full', 'en', '', '{{}}', 0, '{now}', '{now}', '{now}', '{0}')",
        "INSERT INTO tokens (id, purpose, hash, assessment_id, company_id, created_at) VALUES"
        " ('{0}', 'section', '{0}', '{0}', '{0}', '{now}')",
        "INSERT INTO contributions (company_id, questionnaire, assessment_id, result_id, taken_at, figures) VALUES"
        " ('{0}', 'q', '{0}', 'r', '{now}', '{{}}')",
    )
    of_cluster = (
        "INSERT INTO clusters (id, name, slug, texts, website, logo_kind, questionnaire, version, threshold, published,"
        " code_at, code_hash, created_at) VALUES ('c', '', '', '{{}}', '', '', '', '', 5, false, '{now}', '', '{now}')",
        "INSERT INTO campaigns (id, cluster_id, name, texts, state, pending, created_at) VALUES"
        " ('c', 'c', '', '{{}}', 'sent', '', '{now}')",
        "INSERT INTO tokens (id, purpose, hash, email, created_at) VALUES ('m', 'member', 'm', 'a@b.example', '{now}')",
        "INSERT INTO campaign_addresses (id, campaign_id, email, hash, company, language, state, reminders, link_id)"
        " VALUES ('a', 'c', 'a@b.example', 'h', '', 'en', 'sent', 0, 'm')",
        # What nothing writes: a link into the check of one company, for another.
        "INSERT INTO tokens (id, purpose, hash, assessment_id, company_id, created_at) VALUES"
        " ('crossed', 'section', 'x', 'one', 'two', '{now}')",
    )
    with opened(empty_address) as database:
        migrating.upgrade_to(database, "0026")
        with database.writing() as connection:
            for row in (*(row.format(each, now=now) for each in ("one", "two") for row in rows), *of_cluster):
                connection.exec_driver_sql(row.format(now=now) if "{now}" in row else row)
        migrating.upgrade(database)
        with database.reading() as connection:
            found = [
                connection.exec_driver_sql(f"SELECT {column} FROM {table} ORDER BY 1").scalars().all()
                for table, column in (
                    ("tokens", "id"),
                    ("contributions", "company_id"),
                    ("campaign_addresses", "link_id"),
                )
            ]
    assert found == [["m", "one", "two"], ["one", "two"], ["m"]]
