"""What went wrong in the store, as a person is told it: full, busy or away."""

import errno
import sqlite3
from typing import Final, Literal

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from assessment.storage.sqlite import driver

Code = Literal["full", "busy", "away"]

TRANSLATED: Final = (DBAPIError, NoConnectionFree, driver.Error, OSError)
"""What the store's own modules may raise; anything else passes through untouched."""

_SQLITE: Final[dict[int, Code]] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "full",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_PROTOCOL: "busy",
    sqlite3.SQLITE_IOERR: "away",
    sqlite3.SQLITE_CANTOPEN: "away",
}

_POSTGRES: Final[dict[str, Code]] = {
    "53100": "full",  # disk full
    "25006": "full",  # read-only
    "53200": "busy",  # out of memory
    "53300": "busy",  # too many connections
    "55P03": "busy",  # lock not available
    "57014": "busy",  # cancelled by time limit
    "40001": "busy",  # serialisation failure
    "40P01": "busy",  # deadlock
    "57P01": "away",  # shut down by the administrator
    "57P02": "away",  # crash of the server
    "57P03": "away",  # starting up
}

_NOT_THERE: Final = "23503"
"""A foreign key of PostgreSQL that leads nowhere."""


def code_of(error: Exception) -> Code | None:
    """How a failure is told, or None where it is a fault of ours and must be seen as one."""
    if isinstance(error, NoConnectionFree):
        return "busy"
    if isinstance(error, DBAPIError):
        known = code_of(error.orig) if isinstance(error.orig, driver.Error) else _of_postgres(error)
        return known or ("away" if error.connection_invalidated else None)
    if isinstance(error, driver.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", -1) & 0xFF)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EROFS, errno.EDQUOT}:
        return "full"
    return "busy" if isinstance(error, TimeoutError) else None


def says_gone(error: Exception) -> bool:
    """Whether a row was to belong to one that is not there: somebody else has deleted it in the same moment."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, driver.Error):
        # Not every driver gives the longer code that says which constraint it is; the words are SQLite's own.
        return str(cause) == "FOREIGN KEY constraint failed"
    return getattr(cause, "sqlstate", None) == _NOT_THERE


def _of_postgres(error: DBAPIError) -> Code | None:
    """By the state that the driver gives; the driver itself is not imported where the database is another."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None or state.startswith("08"):
        # Without a state the server never answered: gone before, during or after the statement.
        return "away" if isinstance(error, OperationalError) else None
    return _POSTGRES.get(state)
