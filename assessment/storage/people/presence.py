"""Whoever is signed in in a browser: what their session says, read once for a request, and its beginning and end.

A session belongs to a browser first (`access.py`): it may have opened checks without an account. Signing in
adds a person to it under a new id, and signing out takes the whole of it away.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update

from assessment.storage.database import Database
from assessment.storage.people import access, interrupted
from assessment.storage.people.people_tables import people
from assessment.storage.tables import sessions
from assessment.storage.written import Written

_S, _P = sessions.c, people.c
TOUCHED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """A session that a person began, as it stands in the database; whether it still counts is not said here."""

    person_id: str
    name: str
    email: str
    staff_role: str
    signed_in_at: datetime
    seen_at: datetime
    data: Mapping[str, Any]
    """How they proved who they are, and what an act of several steps needs to know."""


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One place where a person is signed in, in a list."""

    hash: str
    device: str
    signed_in_at: datetime
    seen_at: datetime


_HERE: Final = Written(
    select(_P.id, _P.name, _P.email, _P.staff_role, _S.signed_in_at, _S.seen_at, _S.data)
    .select_from(sessions)
    .join(people, people.c.id == _S.person_id)
    .where(_S.hash == bindparam("hash"), _P.active)
)


def presence_of(database: Database, session_hash: str) -> Presence | None:
    """Who began the session of that hash; None for a browser where nobody did, or that is unknown."""
    row = database.first(_HERE, hash=session_hash)
    if row is None:
        return None
    person_id, name, email, staff_role, signed_in_at, seen_at, data = row
    return Presence(person_id, name, email, staff_role, signed_in_at, seen_at, json.loads(data))


def sign_in(
    connection: Connection, old_hash: str, new_hash: str, person_id: str, now: datetime, device: str,
    data: Mapping[str, Any],
) -> None:  # fmt: skip
    """A person begins a session of this browser under a new id; what the browser had opened stays open in it."""
    access.renew_session(connection, old_hash, new_hash, now)
    interrupted.let_go(connection, new_hash, keep_for=person_id)
    begun = {"person_id": person_id, "signed_in_at": now, "seen_at": now, "device": device, "data": json.dumps(data)}
    connection.execute(update(sessions).where(_S.hash == new_hash).values(**begun))
    connection.execute(update(people).where(_P.id == person_id).values(seen_at=now, notices=0))


def person_of(connection: Connection, session_hash: str) -> str:
    """Who is signed in in a browser; empty for nobody."""
    return str(connection.execute(select(_S.person_id).where(_S.hash == session_hash)).scalar() or "")


def keep_data(connection: Connection, session_hash: str, data: Mapping[str, Any]) -> None:
    """Keep other data of a session."""
    connection.execute(update(sessions).where(_S.hash == session_hash).values(data=json.dumps(data)))


def touch(connection: Connection, session_hash: str, now: datetime) -> None:
    """Note that somebody who is signed in was here, at most once a minute."""
    due = update(sessions).where(_S.hash == session_hash, _S.seen_at <= now - TOUCHED_EVERY)
    connection.execute(due.values(seen_at=now))


def let_go(connection: Connection, session_hash: str, now: datetime) -> None:
    """Time ended the session of whoever was signed in here; what was opened without an account stays open."""
    was_here = person_of(connection, session_hash)
    if not was_here:
        return
    interrupted.note_end(connection, session_hash, was_here, now)
    nobody = {"person_id": None, "signed_in_at": None, "device": "", "data": "{}"}
    connection.execute(update(sessions).where(_S.hash == session_hash).values(**nobody))


def sessions_of(connection: Connection, person_id: str) -> tuple[SessionLine, ...]:
    """Where a person is signed in, the last seen first."""
    listed = select(_S.hash, _S.device, _S.signed_in_at, _S.seen_at).where(_S.person_id == person_id)
    return tuple(SessionLine(*row) for row in connection.execute(listed.order_by(_S.seen_at.desc(), _S.hash)))


def end_sessions(connection: Connection, person_id: str, *, keep: str = "", only: str = "") -> int:
    """End a person's sessions: all, all but one, or one alone; how many ended."""
    ended = delete(sessions).where(_S.person_id == person_id, _S.hash != keep)
    if only:
        ended = ended.where(_S.hash == only)
    return connection.execute(ended).rowcount


def take_from_data(connection: Connection, session_hash: str, name: str) -> str:
    """Take one thing out of a session's data; of two who ask at once, one has it. Empty where it is not there."""
    kept = connection.execute(select(_S.data).where(_S.hash == session_hash)).scalar()
    data = json.loads(kept) if kept else {}
    taken = data.pop(name, "")
    if not taken:
        return ""
    as_read = update(sessions).where(_S.hash == session_hash, _S.data == kept)
    return str(taken) if connection.execute(as_read.values(data=json.dumps(data))).rowcount == 1 else ""
