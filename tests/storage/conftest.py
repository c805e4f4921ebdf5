"""A database of each kind for every storage test: an SQLite file, and a PostgreSQL server found or started.

`ASSESSMENT_TEST_POSTGRES` names a server where databases may be made. Without it a throw-away one is started
from the programs on this machine. Where neither works the PostgreSQL half is skipped with the reason, except
under CI=true, where it fails.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from assessment.storage import migrating
from assessment.storage.checks.assessments import create
from assessment.storage.checks.drafts import Draft
from assessment.storage.columns import metadata
from assessment.storage.database import Database
from tests.tables import with_tables

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


IN_MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory: a server there need not wait for a disk, and is as careful as anywhere."""
ENOUGH = 2 * 1024**3


class NoServer(Exception):
    """No PostgreSQL can be used here; says why."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server on which databases may be made and dropped."""
    given = os.environ.get("ASSESSMENT_TEST_POSTGRES")
    if given:
        yield given
        return
    try:
        with throw_away_server() as address:
            yield address
    except NoServer as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL is needed here: {reason}")
        pytest.skip(f"no PostgreSQL: {reason}")


@contextmanager
def throw_away_server() -> Iterator[str]:
    programs = _programs()
    account = _account()
    # Not pytest's own folder: it is closed to other accounts, and the path of a socket must be short.
    in_memory = IN_MEMORY if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ENOUGH else None
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=in_memory))
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    port = _free_port()
    data = folder / "data"
    try:
        _run(account, programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        options = f"-k {folder} -h 127.0.0.1 -p {port} -c max_connections=100 -c shared_buffers=32MB"
        _run(account, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-t", "30", "-o", options, "start")
        try:
            yield f"postgresql://tester@127.0.0.1:{port}/postgres"
        finally:
            _run(account, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if on_path:
        candidates.insert(0, Path(on_path).resolve().parent)
    for folder in reversed(candidates):
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise NoServer("set ASSESSMENT_TEST_POSTGRES, or install a server (apt install postgresql)")


def _account() -> pwd.struct_passwd | None:
    """Who runs the server: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("root cannot run it, and there is neither an account 'postgres' nor 'nobody'")


def _run(account: pwd.struct_passwd | None, *command: object) -> None:
    words = [str(word) for word in command]
    # Output goes to a file, not a pipe: the server keeps it open, and one would wait for it.
    with tempfile.TemporaryFile("w+") as output:
        try:
            done = subprocess.run(
                words,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                cwd="/",
                timeout=60,
                check=False,
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else [],
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoServer(f"{words[0]} did not run: {error}") from error
        if done.returncode:
            output.seek(0)
            raise NoServer(f"{words[0]} failed: {output.read()[-500:]}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def fresh_postgres(server: str) -> Iterator[str]:
    """The address of an empty database of its own, dropped afterwards."""
    name = f"assessment_test_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[Database]:
    """One database with all tables, emptied between tests: making one for each would take too long."""
    with fresh_postgres(postgres_server) as address:
        database = Database(address)
        migrating.upgrade(database)
        yield database
        database.close()


def _emptied(database: Database) -> Database:
    with database.writing() as connection:
        # The audit log refuses to be emptied, and rows that others point to to be deleted.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        # Taking rows out is quicker than TRUNCATE, which gives every table a new file.
        connection.exec_driver_sql("; ".join(f'DELETE FROM "{table}"' for table in metadata.tables))
    return database


def _of_its_own(folder: Path) -> Iterator[Database]:
    """A database on a file with all tables."""
    opened = Database(f"sqlite:///{with_tables(folder)}")
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables and no rows, once of each kind."""
    if request.param == "postgresql":
        yield _emptied(request.getfixturevalue("migrated_postgres"))
        return
    yield from _of_its_own(tmp_path)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An SQLite database with all tables, for what only SQLite has."""
    yield from _of_its_own(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with fresh_postgres(request.getfixturevalue("postgres_server")) as address:
        yield address


@pytest.fixture
def draft(database: Database) -> Draft:
    """An assessment without answers."""
    return started(database)


def started(database: Database, previous_id: str | None = None) -> Draft:
    """A new assessment without answers."""
    with database.writing() as connection:
        return create(
            connection, questionnaire="resource-efficiency", version="1", depth="full", language="en", now=NOW,
            previous_id=previous_id,
        )  # fmt: skip


def child(program: str, *arguments: str) -> "subprocess.Popen[str]":
    """A process of its own that runs a piece of Python."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
