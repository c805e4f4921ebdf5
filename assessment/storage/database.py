"""The engine: how connections are opened, how one reads and how one writes.

`reading()` gives a connection that cannot write, `writing()` one short transaction that is committed when the
block ends well. Neither stands inside the other: validate first, read, then write. Failures of the store come out
as NotSaved, a row that would belong to nothing as NotFound; whatever else goes wrong comes out as it is.
"""

import logging
import os
import sqlite3
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from assessment.config import ConfigurationError
from assessment.core.errors import NotFound, NotSaved
from assessment.storage import postgres, sqlite
from assessment.storage.failures import TRANSLATED, code_of, says_gone
from assessment.storage.tables import SCHEMA_HEAD
from assessment.storage.written import Found, Written, driver_of

_log = logging.getLogger(__name__)

T = TypeVar("T")
_ENGINE: Final[dict[str, Any]] = {
    "pool_size": 8,
    "max_overflow": 16,
    "pool_timeout": 5,
    # An error is logged with its statement; people's answers stay out of logs.
    "hide_parameters": True,
}


class _Alone:
    """Refuses a block within a block of the same thread: it would wait for itself."""

    def __init__(self) -> None:
        self._here = threading.local()

    def __enter__(self) -> None:
        if getattr(self._here, "busy", False):
            raise RuntimeError("reading() and writing() do not stand inside one another")
        self._here.busy = True

    def __exit__(self, *_: object) -> None:
        self._here.busy = False


class _Begun(AbstractContextManager[Connection]):
    """A transaction of SQLite on the connection that writes, for the length of a block."""

    def __init__(self, kept: Connection) -> None:
        self._kept, self._raw = kept, driver_of(kept)

    def __enter__(self) -> Connection:
        self._raw.execute(sqlite.BEGIN_WRITE)
        return self._kept

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # SQLAlchemy has a transaction of its own only where one of its statements ran in this one.
        own = self._kept.get_transaction() or self._raw
        if kind is None:
            try:
                own.commit()
            except BaseException:
                (self._kept.get_transaction() or self._raw).rollback()
                raise
        else:
            own.rollback()


class Database:
    """One database, open for reading and writing, in this process and whatever it forks into."""

    def __init__(self, url: str, *, wal_trusted: bool = False, journal: sqlite.Journal | None = None) -> None:
        """Open `url`; `journal` overrules the choice by version, for measuring one mode against the other.

        Raises ConfigurationError where answers would not be safe there, NotSaved where it cannot be reached.
        """
        try:
            self._url = make_url(url)
        except ArgumentError as error:
            raise ConfigurationError("DATABASE_URL is not the address of a database.") from error
        self._alone = _Alone()
        self._reader_turn: Callable[[], AbstractContextManager[None]] = nullcontext
        self._writer_turn: Callable[[], AbstractContextManager[None]] = nullcontext
        self._turns: sqlite.Turns | None = None
        self._kept: Connection | None = None
        self._idle: list[sqlite3.Connection] = []
        self._inherited: object = None
        self.journal: sqlite.Journal | None = None
        if self._url.get_backend_name() == "sqlite":
            self.journal = journal or sqlite.chosen_journal(wal_trusted)
            self._open_sqlite()
        else:
            self._open_postgres()
        # A connection must not be shared across a fork, and one that was must not be closed by the child.
        own = weakref.ref(self)
        if sys.platform != "win32":
            os.register_at_fork(after_in_child=lambda: _forget_connections(own))
        self._check()

    @property
    def is_sqlite(self) -> bool:
        return self.journal is not None

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(str(self._url.database)).absolute() if self.is_sqlite else None

    @property
    def engine(self) -> Engine:
        """The engine that writes, for migrations."""
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading. Each statement sees what is committed when it starts."""
        with self._alone:
            try:
                with self._reader_turn(), self._reader.connect() as connection:
                    yield connection
            except TRANSLATED as error:
                self._raise_translated(error)

    def first(self, statement: Written, **values: object) -> Sequence[Any] | None:
        """The first row of a statement, for the reads that are most of what an answer costs."""
        if self.journal is None:
            with self.reading() as connection:
                return connection.execute(statement.statement, values).first()
        with self._alone:
            try:
                with self._reader_turn():
                    words = statement.on(self._reader.dialect)
                    return self._lent(lambda connection: words.first(connection, values))
            except TRANSLATED as error:
                self._raise_translated(error)
        return None

    def found(self, *statements: Written, **values: object) -> Found:
        """All rows of some statements with the same values, each as of when it starts."""
        dialect = self._reader.dialect
        if self.journal is None:
            with self.reading() as connection:
                rows = {each: connection.execute(each.statement, values).all() for each in statements}
            return Found(rows, dialect)
        with self._alone:
            try:
                with self._reader_turn():
                    words = [(each, each.on(dialect)) for each in statements]
                    return Found(self._lent(lambda lent: {each: its.all(lent, values) for each, its in words}), dialect)
            except TRANSLATED as error:
                self._raise_translated(error)

    def _lent(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """Read on a connection of SQLite that nobody uses; fetching one from the pool costs as much as a read."""
        idle = self._idle
        try:
            connection = idle.pop()
        except IndexError:
            connection = self._opened_to_read()
        try:
            found = read(connection)
        except BaseException:
            connection.close()
            raise
        idle.append(connection)
        return found

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed at the end of the block, rolled back where it raises.

        Raises NotFound where something written belongs to what somebody else has deleted meanwhile.
        """
        with self._alone:
            try:
                with self._writer_turn(), self._begun() as connection:
                    yield connection
            except TRANSLATED as error:
                self._raise_translated(error)

    def _begun(self) -> AbstractContextManager[Connection]:
        """A transaction. On SQLite one writes at a time, so always on one connection: fetching it costs a third."""
        if self.journal is None:
            return self._writer.begin()
        if self._kept is None or self._kept.closed or self._kept.invalidated:
            self._kept = self._writer.connect()
        return _Begun(self._kept)

    def scrub(self) -> None:
        """Give deleted bytes no place to remain. SQLite rewrites its file; PostgreSQL does so on its own time."""
        self._clean(rewrite=True)

    def let_go(self) -> None:
        """Give the bytes of a few deleted rows no place to remain, without rewriting the whole file.

        SQLite overwrites what it deletes; what was written before may still lie in the file beside it.
        """
        self._clean(rewrite=False)

    def _clean(self, *, rewrite: bool) -> None:
        if not self.is_sqlite or not (rewrite or self.journal == "wal"):
            return
        with self._alone:
            try:
                with self._writer_turn():
                    raw = self._writer.raw_connection()
                    try:
                        cursor = raw.cursor()
                        if rewrite:
                            cursor.execute("VACUUM")
                        if self.journal == "wal":
                            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    finally:
                        raw.close()
            except TRANSLATED as error:
                self._raise_translated(error)

    def copy_to(self, target: Path) -> None:
        """Write all that is committed into an empty file, as one moment of an SQLite database; others may go on."""
        with self._alone:
            try:
                with self._reader_turn():
                    raw = self._writer.raw_connection()
                    try:
                        raw.cursor().execute("VACUUM INTO ?", (str(target),))
                    finally:
                        raw.close()
            except TRANSLATED as error:
                self._raise_translated(error)

    def schema(self) -> str | None:
        """The migration that the database stands at; None for an empty one."""
        with self.reading() as connection:
            if not self._reader.dialect.has_table(connection, "alembic_version"):
                return None
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()

    @property
    def newest_schema(self) -> str:
        """The migration that this release needs."""
        return SCHEMA_HEAD

    def is_current(self) -> bool:
        """Whether the tables are those of this release, without loading Alembic."""
        return self.schema() == SCHEMA_HEAD

    def ready(self) -> bool:
        """Whether the tables are those of this release and a change could be written now (nothing is)."""
        try:
            if not self.is_current():
                return False
            with self.writing() as connection:
                connection.exec_driver_sql("DELETE FROM limit_counters WHERE 1 = 0")
        except NotSaved:
            return False
        return True

    def close(self) -> None:
        """Close every pooled connection; the next use opens new ones."""
        if self._kept is not None:
            self._kept.close()
        while self._idle:
            self._idle.pop().close()
        if self._turns is not None:
            self._turns.close()
        self._reader.dispose()
        self._writer.dispose()

    # -- opening

    def _open_sqlite(self) -> None:
        name = self._url.database
        if not name or name == ":memory:" or name.startswith("file:"):
            raise ConfigurationError("DATABASE_URL must name a file after sqlite:///.")
        path = Path(name).absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._make_private(path)
        self._turns = sqlite.Turns(path, readers_too=self.journal == "truncate")
        self._reader_turn, self._writer_turn = self._turns.reader, self._turns.writer
        self._reader = self._sqlite_engine(read_only=True)
        self._writer = self._sqlite_engine(read_only=False)
        event.listen(self._writer, "begin", _begin_write)

    def _sqlite_engine(self, *, read_only: bool) -> Engine:
        # Nothing is left open on a connection that is handed back: reads are over, transactions are ended by name.
        engine = create_engine(
            self._url, module=sqlite.driver, pool_reset_on_return=None, connect_args=sqlite.CONNECT_ARGS, **_ENGINE
        )
        journal = self.journal
        assert journal is not None  # noqa: S101

        def settle(connection: sqlite3.Connection, _record: object) -> None:
            sqlite.settle(connection, journal, read_only=read_only)

        event.listen(engine, "connect", settle)
        return engine

    def _opened_to_read(self) -> sqlite3.Connection:
        """A connection like those of the pool, but of its own; whichever thread is free takes it."""
        pooled = self._reader.raw_connection()
        own = cast("sqlite3.Connection", pooled.driver_connection)
        pooled.detach()
        return own

    @staticmethod
    def _make_private(path: Path) -> None:
        """A new database file is readable by its owner alone."""
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return
        except OSError as error:
            raise ConfigurationError(f"The database file cannot be made: {error}.") from error

    def _open_postgres(self) -> None:
        if self._url.get_backend_name() not in {"postgresql", "postgres"}:
            raise ConfigurationError("DATABASE_URL must start with sqlite:/// or postgresql://.")
        self._url = postgres.driver_url(self._url)
        self._reader = create_engine(
            self._url,
            isolation_level="AUTOCOMMIT",
            connect_args=postgres.connect_args(read_only=True),
            **_ENGINE,
        )
        self._writer = create_engine(self._url, connect_args=postgres.connect_args(read_only=False), **_ENGINE)

    def _check(self) -> None:
        try:
            with self.reading() as connection:
                if not self.is_sqlite:
                    postgres.check_server(connection)
        except BaseException:
            self.close()
            raise

    # -- using

    @staticmethod
    def _raise_translated(error: Exception) -> NoReturn:
        if says_gone(error):
            # Told like what is not there, but it may be a fault of ours as well: the log has the statement, no values.
            _log.warning("what a row was to belong to is not there: %s", getattr(error, "statement", None))
            raise NotFound("what it belongs to") from error
        code = code_of(error)
        if code is None:
            raise error
        raise NotSaved(code) from error


def _begin_write(connection: Connection) -> None:
    raw = driver_of(connection)
    if not raw.in_transaction:
        raw.execute(sqlite.BEGIN_WRITE)


def _forget_connections(own: "weakref.ref[Database]") -> None:
    database = own()
    if database is not None:
        database._reader.dispose(close=False)
        database._writer.dispose(close=False)
        # Held on to, so that it is never closed here.
        database._inherited = database._kept, database._idle
        database._kept, database._idle = None, []
        database._alone = _Alone()
        if database._turns is not None:
            database._turns.forget()
