"""Rate limits counted in the database, exactly, by all workers together.

Fixed windows only. A counter's name may hold an address, so what is stored is its HMAC under a key of the instance: a
plain digest of an address is found again by trying them all.
"""

import hashlib
import hmac
import time
from typing import Any, ClassVar, Final

from limits.storage import Storage
from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from assessment.core.errors import NotSaved
from assessment.storage.conflicts import inserting
from assessment.storage.database import Database
from assessment.storage.tables import limit_counters

SCHEME: Final = "assessment-db"
_L = limit_counters.c


class DatabaseStorage(Storage):
    """Counters of the `limits` package in our own table."""

    STORAGE_SCHEME: ClassVar[list[str]] = [SCHEME]  # type: ignore[misc]

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, *, database: Database, secret: str, **options: Any
    ) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._database = database
        self._secret = b"limit:" + secret.encode()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return (NotSaved, SQLAlchemyError)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count in one statement; a window that has passed starts anew."""
        now = time.time()
        passed: ColumnElement[bool] = _L.expires_at <= now
        with self._database.writing() as connection:
            counting = inserting(connection, limit_counters).on_conflict_do_update(
                index_elements=[_L.key],
                set_={
                    "hits": case((passed, amount), else_=_L.hits + amount),
                    "expires_at": case((passed, now + expiry), else_=_L.expires_at),
                },
            )
            counted = connection.execute(
                counting.returning(_L.hits), {"key": self._name(key), "hits": amount, "expires_at": now + expiry}
            )
            return int(counted.scalar_one())

    def get(self, key: str) -> int:
        """The count of a window that has not passed."""
        current = select(_L.hits).where(_L.key == self._name(key), _L.expires_at > time.time())
        with self._database.reading() as connection:
            return connection.execute(current).scalar() or 0

    def get_expiry(self, key: str) -> float:
        """When the window ends; now, where there is none."""
        now = time.time()
        current = select(_L.expires_at).where(_L.key == self._name(key), _L.expires_at > now)
        with self._database.reading() as connection:
            return connection.execute(current).scalar() or now

    def check(self) -> bool:
        """Whether the store answers."""
        try:
            with self._database.reading() as connection:
                connection.execute(select(func.count()).select_from(limit_counters))
        except (NotSaved, SQLAlchemyError):
            return False
        return True

    def reset(self) -> int | None:
        """Forget every counter."""
        with self._database.writing() as connection:
            return connection.execute(delete(limit_counters)).rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._database.writing() as connection:
            connection.execute(delete(limit_counters).where(_L.key == self._name(key)))

    def _name(self, key: str) -> str:
        """What a counter is kept under."""
        return hmac.new(self._secret, key.encode(), hashlib.sha256).hexdigest()
