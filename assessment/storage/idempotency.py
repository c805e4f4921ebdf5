"""One effect for one rendered form, however often it is sent: the key, what it was used for and what was replied."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from assessment.core.errors import Conflict
from assessment.storage.conflicts import insert_of
from assessment.storage.tables import idempotency
from assessment.storage.written import Written


@dataclass(frozen=True, slots=True)
class Once:
    """A request that must have one effect: who sends it, under which key, what it holds, what is replied.

    `request_hash` is a digest of everything the request asks for. `reply` is known before the effect, such as the
    address of the next page.
    """

    actor: str
    key: str
    request_hash: str
    reply: str


_NEW: Final[dict[str, Any]] = {
    "actor": bindparam("actor"),
    "key": bindparam("key"),
    "request_hash": bindparam("request_hash"),
    "answer": bindparam("answer"),
    "assessment_id": bindparam("assessment_id"),
    "at": bindparam("at"),
}
_SEEN: Final = select(idempotency.c.request_hash, idempotency.c.answer).where(
    idempotency.c.actor == bindparam("actor"), idempotency.c.key == bindparam("key")
)


@cache
def _claim(engine: str) -> Written:
    # The number of rows is not looked at after an insert unless one asks for it.
    once = insert_of(engine, idempotency).values(_NEW).on_conflict_do_nothing()
    return Written(once.execution_options(preserve_rowcount=True))


def claim(connection: Connection, once: Once, now: datetime, assessment_id: str | None = None) -> str | None:
    """Take the key for this transaction: None means go on, a text is the reply given the first time.

    Call it before the effect. A second sender of the same key waits for the first one's transaction. Raises Conflict
    where the key was used for another request.
    """
    claimed = _claim(connection.dialect.name).run(
        connection,
        {
            "actor": once.actor,
            "key": once.key,
            "request_hash": once.request_hash,
            "answer": once.reply,
            "assessment_id": assessment_id,
            "at": now,
        },
    )
    if claimed:
        return None
    seen = replay(connection, once.actor, once.key)
    if seen is None or seen[0] != once.request_hash:
        raise Conflict
    return seen[1]


def replay(connection: Connection, actor: str, key: str) -> tuple[str, str] | None:
    """The digest and the reply of a request seen before under this key."""
    row = connection.execute(_SEEN, {"actor": actor, "key": key}).first()
    return None if row is None else (row[0], row[1])
