"""What SQLite needs said: the journal mode its version allows, settings per connection, and turns.

SQLite up to 3.51.2 can lose committed transactions in write-ahead mode when two connections write and
checkpoint at once (mended in 3.51.3, 3.50.7 and 3.44.6). Most systems still carry such a version, so where Python's
own is affected the driver with a newer SQLite in it is used; where there is none, the mode follows the version.
"""

import importlib
import logging
import os
import sqlite3
import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Final, Literal

from assessment.config import ConfigurationError

if sys.platform != "win32":
    import fcntl

Journal = Literal["wal", "truncate"]
"""A rollback journal is cut to nothing at each commit: as lasting as deleting it, for a third less waiting."""

BUSY_MS: Final = 5000
BEGIN_WRITE = "BEGIN IMMEDIATE"
"""A transaction that reads first and writes later must not start as a reader: it could never become a writer once
another has committed."""

CONNECT_ARGS: Final = {"cached_statements": 1000}
"""More than there are statements: once its cache is full, `pysqlite3` throws out the newest of them for the next one,
and those that follow one another in every save would be compiled anew each time."""

_POLL_SECONDS: Final = 0.0005
_log = logging.getLogger(__name__)


def journal_mode_for(version: tuple[int, int, int]) -> Journal:
    """The journal mode in which this version of SQLite keeps what it has committed."""
    match version[:2]:
        case (3, 44):
            return "wal" if version[2] >= 6 else "truncate"
        case (3, 50):
            return "wal" if version[2] >= 7 else "truncate"
        case _:
            return "wal" if version >= (3, 51, 3) else "truncate"


def _safest_driver() -> ModuleType:
    """Python's own driver, or `pysqlite3`, the same with its own SQLite, where only that one's is mended."""
    if journal_mode_for(sqlite3.sqlite_version_info) != "wal":
        try:
            other = importlib.import_module("pysqlite3.dbapi2")
        except ImportError:
            return sqlite3
        if journal_mode_for(other.sqlite_version_info) == "wal":
            return other
    return sqlite3


driver: Final = _safest_driver()
"""What opens the database. A process opens a file by one driver alone: closed in one, it loses the other's locks."""


def chosen_journal(trusted: bool) -> Journal:
    """The mode for the library in use; `trusted` is the operator's word that it carries the mending patch."""
    mode = journal_mode_for(driver.sqlite_version_info)
    if mode == "wal" or trusted:
        return "wal"
    _log.warning(
        "SQLite %s can lose data in write-ahead mode; using a rollback journal instead, which is safe and slower",
        driver.sqlite_version,
    )
    return mode


def settle(connection: sqlite3.Connection, journal: Journal, *, read_only: bool) -> None:
    """Everything a new connection is told before its first use.

    Raises ConfigurationError where the file is in the other journal mode and cannot be switched.
    """
    connection.isolation_level = None
    run = connection.execute
    run(f"PRAGMA busy_timeout = {BUSY_MS}")
    try:
        now = run(f"PRAGMA journal_mode = {journal}").fetchone()[0]
    except driver.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise
        now = run("PRAGMA journal_mode").fetchone()[0]
    if now != journal:
        raise ConfigurationError(
            f"The database file is in journal mode {now!r} and cannot be switched to {journal!r}, which SQLite "
            f"{driver.sqlite_version} needs. Stop every other program that has it open, then start again."
        )
    run(f"PRAGMA synchronous = {'FULL' if journal == 'wal' else 'EXTRA'}")
    run("PRAGMA foreign_keys = ON")
    run("PRAGMA secure_delete = ON")
    run("PRAGMA mmap_size = 0")
    # Two hundred checks are twice as much as SQLite would keep, and each list of a mentor's clients reads them.
    run("PRAGMA cache_size = -8000")
    if read_only:
        run("PRAGMA query_only = ON")


class Turns:
    """Who may use the database file now, among all threads and processes: one writer, or readers.

    SQLite's own waiting sleeps longer and longer (up to 100 ms a time), and that makes a tail of slow saves. Here
    the threads of a process queue up for a lock, and the one in front asks every half millisecond for a lock on
    a file beside the database, so a turn is handed over at once. Under a rollback journal readers take part
    too, because a reader stops a commit. Between processes safety does not rest on this: SQLite's own locks stay
    in force.
    """

    def __init__(self, database: Path, *, readers_too: bool) -> None:
        self._path = f"{database}.turn"
        self._readers_too = readers_too
        self._threads = threading.Lock()
        self._descriptor: int | None = None

    def forget(self) -> None:
        """In a forked child: a thread that held the lock does not exist there.

        The turn of the parent goes on: closing a copy of its open file gives no lock back.
        """
        self._threads = threading.Lock()
        self.close()

    def close(self) -> None:
        """Close the lock file; the next turn opens it again."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    __del__ = close

    def reader(self) -> AbstractContextManager[None]:
        """A turn to read."""
        return _Turn(self, exclusive=False) if self._readers_too else nullcontext()

    def writer(self) -> AbstractContextManager[None]:
        """A turn to write. Raises TimeoutError where none came within SQLite's own busy time."""
        return _Turn(self, exclusive=True)

    def take(self, *, exclusive: bool) -> None:
        """Wait for a turn. Raises TimeoutError."""
        until = time.monotonic() + BUSY_MS / 1000
        if not self._threads.acquire(timeout=BUSY_MS / 1000):
            raise TimeoutError
        try:
            self._lock_file(until, exclusive=exclusive)
        except BaseException:
            self._threads.release()
            raise

    def give_back(self) -> None:
        """Let the next one have the turn."""
        try:
            if sys.platform != "win32" and self._descriptor is not None:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def _lock_file(self, until: float, *, exclusive: bool) -> None:
        """Take the lock on the file; the end of the process gives it back as well."""
        if sys.platform == "win32":
            return
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        while True:
            try:
                fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError from None
                time.sleep(_POLL_SECONDS)
            else:
                return


class _Turn(AbstractContextManager[None]):
    """A turn for the length of a block; a generator would cost every save three times as much."""

    __slots__ = ("_exclusive", "_turns")

    def __init__(self, turns: Turns, *, exclusive: bool) -> None:
        self._turns, self._exclusive = turns, exclusive

    def __enter__(self) -> None:
        self._turns.take(exclusive=self._exclusive)

    def __exit__(self, *_: object) -> None:
        self._turns.give_back()
