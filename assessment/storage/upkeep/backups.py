"""Backups: a consistent copy while others write, and the way back.

Copying the database file alone gives a bad copy: what was committed last may still lie in the file beside it, and a
writer may be half way. So SQLite itself makes the copy, or `pg_dump`.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from assessment.core.errors import NotSaved
from assessment.storage import migrating, sqlite
from assessment.storage.database import Database

_TRIES: Final = 12
_SQLITE_MARK: Final = b"SQLite format 3\x00"
_POSTGRES_MARK: Final = b"PGDMP"


class BackupFailed(Exception):
    """The copy was not made, or is not one; says why."""


def write(database: Database, target: Path) -> None:
    """Write a consistent copy. What stands at `target` is replaced only once the copy is whole.

    Raises BackupFailed where it cannot be made.
    """
    part = _part_of(target)
    try:
        # Made first and empty, so that nobody else may ever read it.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        if database.is_sqlite:
            _copy(database, part)
            check(part)
        else:
            _run_postgres("pg_dump", database.engine.url, "--format=custom", "--no-owner", f"--file={part}")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise BackupFailed(f"The backup could not be written: {error}.") from error
    finally:
        part.unlink(missing_ok=True)


def _copy(database: Database, part: Path) -> None:
    """Try again where nobody lets go of the file: a backup has time, and those who save go first."""
    for left in reversed(range(_TRIES)):
        try:
            database.copy_to(part)
        except NotSaved as failure:
            if failure.code != "busy" or not left:
                raise BackupFailed(f"The backup could not be written: {failure.code}.") from failure
        else:
            return


def check(copy: Path) -> None:
    """Raises BackupFailed where a copy of an SQLite database is not whole."""
    with copy.open("rb") as file:
        if file.read(len(_SQLITE_MARK)) != _SQLITE_MARK:
            raise BackupFailed(f"{copy} is no backup of an SQLite database.")
    connection = sqlite.driver.connect(f"file:{copy}?mode=ro", uri=True)
    try:
        broken = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
        untied = connection.execute("PRAGMA foreign_key_check").fetchall()
        versions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite.driver.DatabaseError as error:
        raise BackupFailed(f"{copy} is damaged: {error}.") from error
    finally:
        connection.close()
    if broken or untied:
        raise BackupFailed(f"{copy} is damaged: {'; '.join([*broken, *map(str, untied[:3])])}.")
    if not versions or not migrating.is_known(versions[0][0]):
        raise BackupFailed(f"{copy} is of a newer release; install that one first.")


def restored_sqlite(copy: Path, place: Path) -> Path:
    """A checked copy of a backup beside `place`, ready to be brought up to date and then put there."""
    check(copy)
    part = _part_of(place)
    _remove(part)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    shutil.copyfile(copy, part)
    return part


def put_in_place(part: Path, place: Path) -> None:
    """Let a restored file take the place of the one that is there. Raises BackupFailed where that one is in use."""
    if place.exists():
        _insist_unused(place)
    for more in ("-wal", "-shm", "-journal"):
        place.with_name(place.name + more).unlink(missing_ok=True)
    part.replace(place)


def give_up(part: Path) -> None:
    """Leave nothing of a restored file that is not put in place."""
    _remove(part)


def restore_postgres(copy: Path, url: URL) -> None:
    """Put a dump into the database of that address, in place of what is there, whole or not at all."""
    with copy.open("rb") as file:
        if file.read(len(_POSTGRES_MARK)) != _POSTGRES_MARK:
            raise BackupFailed(f"{copy} is no backup of a PostgreSQL database.")
    _run_postgres(
        "pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", str(copy)
    )


def _insist_unused(place: Path) -> None:
    connection = sqlite.driver.connect(place, timeout=1)
    try:
        # Leaving write-ahead mode is granted only to whoever has the file to themselves.
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        connection.execute("BEGIN EXCLUSIVE")
        connection.rollback()
    except sqlite.driver.OperationalError as error:
        raise BackupFailed(f"{place} is in use: stop the web server and the worker first.") from error
    except sqlite.driver.DatabaseError:
        # What is damaged is what a backup is brought back for.
        return
    finally:
        connection.close()
    if mode != "delete":
        raise BackupFailed(f"{place} is in use: stop the web server and the worker first.")


def _run_postgres(program: str, url: URL, *options: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(f"{program} is not installed; it comes with PostgreSQL's client programs.")
    # The password goes by the environment: a command line can be read by everybody on the machine.
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    command: Sequence[str] = [found, f"--dbname={plain}", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()[-500:]}")


def _part_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")


def _remove(part: Path) -> None:
    for more in ("", "-wal", "-shm", "-journal", ".turn"):
        part.with_name(part.name + more).unlink(missing_ok=True)


def is_empty(database: Database) -> bool:
    """Whether nothing was ever stored there."""
    if database.schema() is None:
        return True
    with database.reading() as connection:
        tables = ("assessments", "people", "companies", "audit_log", "suggestions")
        return not any(connection.exec_driver_sql(f"SELECT 1 FROM {name} LIMIT 1").first() for name in tables)  # noqa: S608
