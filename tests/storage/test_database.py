"""How connections are opened, who waits for whom, and how failures are told. DUR-01, DUR-02, DUR-05, DUR-06."""

import importlib
import logging
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from assessment.config import ConfigurationError
from assessment.core.checks.answers import NO_REMARK
from assessment.core.errors import NotFound, NotSaved
from assessment.storage import migrating, postgres
from assessment.storage import sqlite as sqlite_rules
from assessment.storage.checks.assessments import Change, create, draft_of, save_answers, set_company_name
from assessment.storage.checks.drafts import Draft
from assessment.storage.clusters import roadmap
from assessment.storage.database import Database
from assessment.storage.failures import code_of
from assessment.storage.idempotency import Once
from assessment.storage.sqlite import driver
from assessment.storage.tables import assessments, sessions
from assessment.storage.written import Written, driver_of
from tests.storage.conftest import NOW, child, fresh_postgres, started
from tests.tables import with_tables


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 7, 0), "truncate"),
        ((3, 40, 1), "truncate"),
        ((3, 44, 5), "truncate"),
        ((3, 44, 6), "wal"),
        ((3, 45, 0), "truncate"),
        ((3, 46, 1), "truncate"),
        ((3, 50, 6), "truncate"),
        ((3, 50, 7), "wal"),
        ((3, 51, 2), "truncate"),
        ((3, 51, 3), "wal"),
        ((3, 52, 0), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_write_ahead_is_used_only_where_the_library_keeps_what_it_commits(
    version: tuple[int, int, int], mode: str
) -> None:
    assert sqlite_rules.journal_mode_for(version) == mode


def test_the_driver_in_use_keeps_what_it_commits_wherever_one_of_the_two_does() -> None:
    known = [sqlite3, *([importlib.import_module("pysqlite3.dbapi2")] if find_spec("pysqlite3") else [])]
    safe = [module for module in known if sqlite_rules.journal_mode_for(module.sqlite_version_info) == "wal"]
    assert sqlite_rules.driver is (safe[0] if safe else sqlite3)


def test_a_statement_that_is_written_out_keeps_the_values_that_it_says_itself(database: Database, draft: Draft) -> None:
    named = select(assessments.c.id).where(assessments.c.depth == "full", assessments.c.id == bindparam("id"))
    assert list(database.first(Written(named), id=draft.id) or ()) == [draft.id]
    other = select(assessments.c.id).where(assessments.c.depth == "quick", assessments.c.id == bindparam("id"))
    assert database.first(Written(other), id=draft.id) is None


def test_one_connection_writes_for_every_thread(sqlite: Database) -> None:
    def writer(_: int) -> int:
        with sqlite.writing() as connection:
            return id(connection.connection.driver_connection)

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(writer, range(20)))) == 1


def test_a_save_compiles_nothing_again_after_whatever_else_the_connection_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_tables(tmp_path)
    assert _compiled_by_a_second_save(path) == set()
    if driver is not sqlite3:
        monkeypatch.setitem(sqlite_rules.CONNECT_ARGS, "cached_statements", 100)
        assert "assessments" in _compiled_by_a_second_save(path)


def _compiled_by_a_second_save(path: Path) -> set[str]:
    """The tables that SQLite asks about while it compiles; it compiles nothing that it still has."""
    asked: set[str] = set()

    def note(_: int, table: str | None, *__: object) -> int:
        asked.update([table] if table else [])
        return sqlite3.SQLITE_OK

    with closing(Database(f"sqlite:///{path}")) as database:
        with database.writing() as connection:
            driver_of(connection).set_authorizer(note)
            for number in range(200):
                connection.exec_driver_sql(f"SELECT {number}")
            draft = create(connection, questionnaire="q", version="1", depth="full", language="en", now=NOW)
        for revision in range(2):
            asked.clear()
            with database.writing() as connection:
                change = Change("one", f"answer {revision}", NO_REMARK, revision)
                draft = save_answers(connection, draft, [change], NOW, Once(draft.id, str(revision), "", "")).draft
    return asked - {"COMMIT"}


def test_the_operator_can_vouch_for_a_patched_library() -> None:
    assert sqlite_rules.chosen_journal(trusted=True) == "wal"


def test_an_affected_library_is_told_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        chosen = sqlite_rules.chosen_journal(trusted=False)
    assert (chosen == "truncate") == bool(caplog.records)


def _pragmas(connection: sqlite3.Connection) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete", "mmap_size", "query_only")
    return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}


@pytest.mark.parametrize(("journal", "synchronous"), [("wal", 2), ("truncate", 3)])
def test_every_pooled_connection_has_every_setting(
    tmp_path: Path, journal: sqlite_rules.Journal, synchronous: int
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", journal=journal)
    wanted = {
        "journal_mode": journal,
        "synchronous": synchronous,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "secure_delete": 1,
        "mmap_size": 0,
    }
    for engine, query_only in ((database._reader, 1), (database._writer, 0)):
        with ExitStack() as stack:
            # More than the pool keeps, so that those over the top are seen too.
            for _ in range(10):
                pooled = stack.enter_context(engine.connect())
                raw = pooled.connection.driver_connection
                assert isinstance(raw, driver.Connection)
                assert _pragmas(raw) == {**wanted, "query_only": query_only}
    database.close()


def test_a_file_in_write_ahead_mode_that_cannot_be_switched_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    other = driver.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE t (a)")
    with pytest.raises(ConfigurationError, match="cannot be switched"):
        Database(f"sqlite:///{path}", journal="truncate")
    other.close()
    Database(f"sqlite:///{path}", journal="truncate").close()


def test_a_new_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'a.sqlite3'}")
    assert database.path is not None
    assert database.path.stat().st_mode & 0o777 == 0o600
    database.close()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/a", "not an address", ""])
def test_an_address_that_would_not_keep_anything_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError):
        Database(address)


def test_a_connection_for_reading_cannot_write(database: Database) -> None:
    with pytest.raises(NotSaved, match="full"), database.reading() as connection:
        connection.execute(insert(sessions), {"hash": "a", "created_at": NOW, "seen_at": NOW})


def test_a_block_within_a_block_is_a_mistake_and_is_said_at_once(database: Database) -> None:
    with pytest.raises(RuntimeError), database.reading(), database.writing():
        pass
    with database.writing(), pytest.raises(RuntimeError), database.reading():
        pass
    with database.reading():
        pass


def test_what_raises_is_rolled_back_whole(database: Database) -> None:
    with pytest.raises(KeyError), database.writing() as connection:  # noqa: PT012
        connection.execute(insert(sessions), {"hash": "a", "created_at": NOW, "seen_at": NOW})
        raise KeyError
    with database.reading() as connection:
        assert connection.execute(select(sessions.c.hash)).all() == []


def test_a_broken_constraint_is_a_fault_of_ours_and_not_a_store_that_is_busy(database: Database) -> None:
    row = {"hash": "a", "created_at": NOW, "seen_at": NOW}
    with database.writing() as connection:
        connection.execute(insert(sessions), row)
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(insert(sessions), row)


def test_a_moment_comes_back_in_utc_and_one_without_a_zone_is_refused(database: Database) -> None:
    sofia = datetime(2026, 3, 1, 1, 30, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    with database.writing() as connection:
        connection.execute(insert(sessions), {"hash": "a", "created_at": sofia, "seen_at": NOW})
    with database.reading() as connection:
        read = connection.execute(select(sessions.c.created_at)).scalar_one()
    assert read == sofia
    assert read.tzinfo is UTC
    with pytest.raises(Exception, match="time zone"), database.writing() as connection:
        connection.execute(insert(sessions), {"hash": "b", "created_at": datetime(2026, 1, 1), "seen_at": NOW})  # noqa: DTZ001


def _many_writers(database: Database, draft: Draft, writers: int, times: int) -> list[str]:
    """Let threads read, then write the same row; what went wrong."""
    wrong: list[str] = []
    together = threading.Barrier(writers)

    def write(number: int) -> None:
        together.wait()
        for turn in range(times):
            try:
                with database.writing() as connection:
                    assert draft_of(connection, draft.id) is not None
                    set_company_name(connection, draft.id, f"{number}-{turn}", NOW)
            except NotSaved as error:
                wrong.append(error.code)

    with ThreadPoolExecutor(writers) as threads:
        list(threads.map(write, range(writers)))
    return wrong


@pytest.mark.parametrize("journal", ["wal", "truncate"])
def test_eight_threads_that_read_then_write_all_get_through(tmp_path: Path, journal: sqlite_rules.Journal) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", journal=journal)
    migrating.upgrade(database)
    assert _many_writers(database, started(database), 8, 20) == []
    database.close()


def test_they_would_not_if_transactions_began_as_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the immediate beginning, and without turns, the same threads fail."""
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", journal="wal")
    migrating.upgrade(database)
    draft = started(database)
    monkeypatch.setattr(sqlite_rules, "BEGIN_WRITE", "BEGIN DEFERRED")
    monkeypatch.setattr(database, "_writer_turn", ExitStack)
    monkeypatch.setattr(database, "_begun", database.engine.begin)
    assert "busy" in _many_writers(database, draft, 8, 20)
    database.close()


def test_a_writer_that_never_gets_its_turn_is_told_that_the_store_is_busy(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_rules, "BUSY_MS", 50)
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with sqlite.writing():
            holding.set()
            done.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(5)
    with pytest.raises(NotSaved) as caught, sqlite.writing():
        pass
    done.set()
    thread.join()
    assert caught.value.code == "busy"


def test_a_lock_of_another_program_is_told_as_busy(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_rules, "BUSY_MS", 50)
    sqlite.close()
    assert sqlite.path is not None
    other = driver.connect(sqlite.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(NotSaved) as caught:
        started(sqlite)
    other.close()
    assert caught.value.code == "busy"
    started(sqlite)


def test_a_full_disk_saves_nothing_loses_nothing_and_can_be_read(sqlite: Database) -> None:
    kept: list[str] = []
    with sqlite._writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    smaller = f"PRAGMA max_page_count = {pages + 20}"
    with pytest.raises(NotSaved) as caught:  # noqa: PT012
        for number in range(1000):
            with sqlite.writing() as connection:
                connection.exec_driver_sql(smaller)
                draft = create(connection, questionnaire="q", version="1", depth="full", language="en", now=NOW)
                set_company_name(connection, draft.id, f"{number}" * 50, NOW)
            kept.append(draft.id)
    assert caught.value.code == "full"
    assert 10 < len(kept) < 1000
    with sqlite.reading() as connection:
        assert all(draft_of(connection, draft_id) for draft_id in kept)
        assert connection.exec_driver_sql("SELECT count(*) FROM assessments").scalar_one() == len(kept)
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    # Room again: the next save goes through without a restart.
    with sqlite.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    started(sqlite)


def test_a_server_that_is_not_there_is_told_as_away() -> None:
    with pytest.raises(NotSaved) as caught:
        Database("postgresql://nobody@127.0.0.1:1/none")
    assert caught.value.code == "away"


def test_a_connection_lost_in_the_middle_is_told_as_away_and_the_next_save_goes_through(
    migrated_postgres: Database,
) -> None:
    database = migrated_postgres
    with pytest.raises(NotSaved) as caught, database.writing() as connection:  # noqa: PT012
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        connection.execute(insert(sessions), {"hash": "lost", "created_at": NOW, "seen_at": NOW})
        with database._writer.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
        connection.exec_driver_sql("SELECT 1")
    assert caught.value.code == "away"
    draft = started(database)
    with database.reading() as connection:
        assert draft_of(connection, draft.id) is not None
        assert connection.execute(select(sessions.c.hash).where(sessions.c.hash == "lost")).first() is None


def test_a_server_that_could_lose_a_commit_is_refused(postgres_server: str) -> None:
    with fresh_postgres(postgres_server) as address:
        name = sql.Identifier(address.rpartition("/")[2])
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(name))
        with pytest.raises(ConfigurationError, match="synchronous_commit"):
            Database(address)


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_however_the_scheme_is_written_our_driver_is_used(postgres_server: str, scheme: str) -> None:
    database = Database(postgres_server.replace("postgresql", scheme, 1))
    assert database.engine.url.drivername == postgres.DRIVER
    assert not database.is_sqlite
    database.close()


class _Failing(psycopg.OperationalError):
    def __init__(self, state: str | None) -> None:
        super().__init__("failing")
        self.sqlstate = state


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("53100", "full"),
        ("25006", "full"),
        ("55P03", "busy"),
        ("40001", "busy"),
        ("40P01", "busy"),
        ("53300", "busy"),
        ("57P01", "away"),
        ("08006", "away"),
        (None, "away"),
        ("42601", None),
    ],
)
def test_the_servers_states_are_told_in_three_words(state: str | None, code: str | None) -> None:
    failing = _Failing(state)
    wrapped = DBAPIError.instance("SELECT", {}, failing, psycopg.Error)
    assert isinstance(wrapped, DBAPIError)
    assert code_of(wrapped) == code


_FORKING = """
import os, sys
from assessment.storage.checks.assessments import count
from assessment.storage.database import Database
from assessment.storage.idempotency import Once
from assessment.storage.written import Written, driver_of
from tests.storage.conftest import started

database = Database(sys.argv[1])

def writer():
    with database.writing() as connection:
        return connection.connection.driver_connection

for _ in range(3):
    started(database)
parent = writer()
pid = os.fork()
if pid == 0:
    own = writer()
    started(database)
    os._exit(0 if own is not parent else 1)
started(database)
status = os.waitpid(pid, 0)[1]
with database.reading() as connection:
    print(status, count(connection))
"""


def test_a_forked_worker_opens_connections_of_its_own(database: Database) -> None:
    address = database.engine.url.render_as_string(hide_password=False)
    with child(_FORKING, address) as process:
        output, _ = process.communicate(timeout=30)
    assert output.split() == ["0", "5"]


_FORKING_IN_A_TURN = """
import os, sys
from pathlib import Path
from assessment.storage import sqlite

sqlite.BUSY_MS = 200
path = Path(sys.argv[1])
mine, other = sqlite.Turns(path, readers_too=False), sqlite.Turns(path, readers_too=False)

def taken(turns):
    try:
        with turns.writer():
            return False
    except TimeoutError:
        return True

with mine.writer():
    pid = os.fork()
    if pid == 0:
        mine.forget()
        # No turn is inherited, and the parent's goes on after the child has ended.
        os._exit(0 if taken(mine) else 1)
    status = os.waitpid(pid, 0)[1]
    held = taken(other)
print(status, held, taken(other))
"""


def test_a_turn_is_neither_inherited_nor_lost_by_a_fork(tmp_path: Path) -> None:
    with child(_FORKING_IN_A_TURN, str(tmp_path / "data.db")) as process:
        output, _ = process.communicate(timeout=30)
    assert output.split() == ["0", "True", "False"]


def test_what_went_straight_to_the_driver_is_undone_where_the_block_fails(database: Database, draft: Draft) -> None:
    renamed = Written(
        update(assessments).where(assessments.c.id == bindparam("draft")).values(company_name=bindparam("name"))
    )
    row = {"draft": draft.id, "name": "half"}

    def fails(*, more: bool) -> None:
        with database.writing() as connection:
            assert renamed.run(connection, row) == 1
            if more:
                set_company_name(connection, draft.id, "half as well", NOW)
            raise RuntimeError("half way")

    for more in (False, True):
        with pytest.raises(RuntimeError, match="half way"):
            fails(more=more)
    # The connection is free again, and the block that ends well is kept.
    with database.writing() as connection:
        found = draft_of(connection, draft.id)
        assert found is not None
        assert found.company_name == ""
        renamed.run(connection, {**row, "name": "whole"})
    with database.reading() as connection:
        found = draft_of(connection, draft.id)
    assert found is not None
    assert found.company_name == "whole"


def test_what_belongs_to_something_that_was_deleted_meanwhile_is_not_found_and_logged_without_what_was_typed(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NotFound), database.writing() as connection:
        roadmap.add(connection, "0" * 32, roadmap.LineFields("Share a lorry"), NOW)
    assert "what a row was to belong to is not there: INSERT INTO roadmap" in caplog.text
    assert "Share a lorry" not in caplog.text
