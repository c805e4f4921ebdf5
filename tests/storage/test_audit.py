"""The audit log is a chain: whatever is changed, taken out or cut off is found, and its first row named. DUR-13."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError

from assessment.storage.database import Database
from assessment.storage.people.people_tables import audit_log
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.audit import Broken
from tests.storage.conftest import NOW

KEY = b"k" * 32
ROWS = 8


def noted(database: Database, rows: int = ROWS) -> None:
    for number in range(rows):
        with database.writing() as connection:
            at = NOW + timedelta(days=number)
            audit.note(connection, KEY, "signed in", f"person-{number}", {"device": "a", "number": number}, at)


def found(database: Database, key: bytes = KEY, heads: tuple[audit.Head, ...] = ()) -> Broken | None:
    with database.reading() as connection:
        return audit.verify(connection, key, heads)


def without_guard(connection: Connection) -> None:
    """What somebody with the file in hand can do: the triggers are no match for them."""
    if connection.dialect.name == "sqlite":
        for name in ("audit_log_kept_update", "audit_log_kept_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")


def forged(database: Database, statement: str, **values: object) -> None:
    with database.writing() as connection:
        without_guard(connection)
        connection.execute(text(statement), values)


def test_a_chain_that_nobody_touched_is_whole(database: Database) -> None:
    assert found(database) is None
    noted(database)
    assert found(database) is None
    with database.reading() as connection:
        newest, *_ = audit.entries(connection)
        assert audit.head(connection) is not None
    assert (newest.number, newest.actor, newest.subject) == (ROWS, "person-7", {"device": "a", "number": 7})


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "somebody"), ("event", "signed out"), ("subject", "{}"), ("mac", "0" * 64)],
)
def test_a_row_that_was_edited_is_named(database: Database, column: str, value: str) -> None:
    noted(database)
    forged(database, f"UPDATE audit_log SET {column} = :value WHERE number = 3", value=value)
    assert found(database) == Broken(3, "changed")


def test_rows_that_changed_places_are_named(database: Database) -> None:
    noted(database)
    for old, new in ((3, 100), (5, 3), (100, 5)):
        forged(database, "UPDATE audit_log SET number = :new WHERE number = :old", old=old, new=new)
    assert found(database) == Broken(3, "changed")


@pytest.mark.parametrize("gone", [1, 4])
def test_a_row_taken_out_is_named(database: Database, gone: int) -> None:
    noted(database)
    forged(database, "DELETE FROM audit_log WHERE number = :gone", gone=gone)
    assert found(database) == Broken(gone, "missing")


def test_a_tail_that_was_cut_off_is_found_by_the_heads_written_down(database: Database, tmp_path: Path) -> None:
    noted(database)
    kept = tmp_path / "audit-heads.txt"
    with database.reading() as connection:
        audit.write_head(kept, audit.head(connection), NOW)
        audit.write_head(kept, audit.head(connection), NOW)
    assert len(kept.read_text("utf-8").splitlines()) == 1
    assert kept.stat().st_mode & 0o077 == 0
    heads = audit.read_heads(kept)
    assert found(database, heads=heads) is None
    forged(database, "DELETE FROM audit_log WHERE number >= 6")
    # The chain by itself cannot know: this is why the heads are written down.
    assert found(database) is None
    assert found(database, heads=heads) == Broken(6, "cut off")
    noted(database)
    assert found(database, heads=heads) == Broken(8, "changed")


def test_an_emptied_log_is_found_too(database: Database, tmp_path: Path) -> None:
    noted(database)
    with database.reading() as connection:
        head = audit.head(connection)
    assert head is not None
    forged(database, "DELETE FROM audit_log")
    assert found(database, heads=(head,)) == Broken(1, "cut off")
    assert audit.read_heads(tmp_path / "never-written") == ()


def test_without_the_key_nobody_writes_a_row_that_holds(database: Database) -> None:
    noted(database)
    with database.writing() as connection:
        audit.note(connection, b"another key", "signed in", "intruder", {}, NOW)
    assert found(database) == Broken(ROWS + 1, "changed")
    assert found(database, key=b"another key") == Broken(1, "changed")


@pytest.mark.parametrize("act", ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log WHERE number = 2"])
def test_the_database_itself_refuses_to_change_a_row(database: Database, act: str) -> None:
    noted(database)
    with pytest.raises(DatabaseError), database.writing() as connection:
        connection.exec_driver_sql(act)
    assert found(database) is None
    forged(database, act)
    assert found(database) is not None


def test_what_was_kept_long_enough_goes_and_the_rest_still_holds(database: Database) -> None:
    noted(database)
    later = NOW + timedelta(days=900)
    with database.writing() as connection:
        assert audit.let_go(connection, KEY, NOW - timedelta(seconds=1), later) == 0
        assert audit.let_go(connection, KEY, NOW + timedelta(days=2, seconds=1), later) == 3
        assert audit.let_go(connection, KEY, NOW + timedelta(days=2, seconds=1), later) == 0
    assert found(database) is None
    with database.writing() as connection:
        assert audit.let_go(connection, KEY, NOW + timedelta(days=4), later) == 2
    assert found(database) is None
    forged(database, "DELETE FROM audit_log WHERE number = 6")
    assert found(database) == Broken(1, "missing")


def test_a_chain_can_let_go_of_everything_up_to_now(database: Database) -> None:
    noted(database)
    with database.writing() as connection:
        assert audit.let_go(connection, KEY, NOW + timedelta(days=100), NOW + timedelta(days=900)) == ROWS
    assert found(database) is None


def _noted_and_failed(database: Database) -> None:
    with database.writing() as connection:
        audit.note(connection, KEY, "signed out", "person-0", {}, NOW)
        raise ArithmeticError


def test_what_is_rolled_back_was_never_noted(database: Database) -> None:
    noted(database, 1)
    with pytest.raises(ArithmeticError):
        _noted_and_failed(database)
    noted(database, 1)
    assert found(database) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=st.integers(1, ROWS),
    column=st.sampled_from(["at", "actor", "event", "subject", "mac"]),
    typed=st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=20),
)
def test_any_edit_of_any_row_is_named(sqlite: Database, number: int, column: str, typed: str) -> None:
    with sqlite.writing() as connection:
        without_guard(connection)
        connection.exec_driver_sql("DELETE FROM audit_log")
    noted(sqlite)
    with sqlite.reading() as connection:
        before = connection.execute(select(audit_log).where(audit_log.c.number == number)).one()._mapping[column]
    value = (NOW + timedelta(seconds=len(typed) + 1)).isoformat() if column == "at" else json.dumps(typed)
    if value == before:
        return
    forged(sqlite, f"UPDATE audit_log SET {column} = :value WHERE number = :number", value=value, number=number)
    assert found(sqlite) == Broken(number, "changed")
