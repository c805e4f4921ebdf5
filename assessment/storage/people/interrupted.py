"""Sessions that time ended while somebody was typing: who it was, and the form they then sent, to be given back once.

It belongs to the browser's session and to that person together: under another session, or for anybody else who signs in
in the same browser, there is nothing.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from assessment.storage.database import Database
from assessment.storage.tables import assessments, interrupted
from assessment.storage.written import Written

_I = interrupted.c

Fields = Sequence[tuple[str, str]]
"""Name and text of each control, in the order of the form."""

_HELD: Final = Written(
    select(_I.fields).where(
        _I.session_hash == bindparam("session_hash"),
        _I.person_id == bindparam("person_id"),
        _I.address == bindparam("address"),
        _I.at > bindparam("since"),
    )
)


def note_end(connection: Connection, session_hash: str, person_id: str, now: datetime) -> None:
    """Time ended the session of a person in a browser."""
    connection.execute(delete(interrupted).where(_I.session_hash == session_hash))
    row = {"session_hash": session_hash, "person_id": person_id, "address": "", "fields": "[]", "at": now}
    connection.execute(insert(interrupted), row)


def hold(
    connection: Connection, session_hash: str, assessment_id: str, address: str, fields: Fields, now: datetime
) -> bool:  # fmt: skip
    """Keep what was sent after that, for one check; False where no session of this browser was ended by time.

    Whoever names a check that does not exist is told the same, and nothing is kept.
    """
    ended = update(interrupted).where(_I.session_hash == session_hash)
    there = exists().where(assessments.c.id == assessment_id)
    kept = {"assessment_id": assessment_id, "address": address, "fields": json.dumps(list(fields)), "at": now}
    if connection.execute(ended.where(there).values(**kept)).rowcount == 1:
        return True
    return connection.execute(select(_I.at).where(_I.session_hash == session_hash)).first() is not None


def address_held(connection: Connection, session_hash: str, person_id: str, since: datetime) -> str:
    """The page that a form is held for; empty for none."""
    theirs = (_I.session_hash == session_hash, _I.person_id == person_id, _I.at > since)
    return str(connection.execute(select(_I.address).where(*theirs)).scalar() or "")


def held(database: Database, session_hash: str, person_id: str, address: str, since: datetime) -> Fields | None:
    """The form that is held for a page; looking does not take it away."""
    row = database.first(_HELD, session_hash=session_hash, person_id=person_id, address=address, since=since)
    return None if row is None else [(str(name), str(value)) for name, value in json.loads(row[0])]


def let_go(connection: Connection, session_hash: str, *, keep_for: str = "") -> None:
    """Forget what is held in a browser, unless it is for the person who is named."""
    connection.execute(
        delete(interrupted).where(_I.session_hash == session_hash, _I.person_id.is_distinct_from(keep_for))
    )


def prune(connection: Connection, before: datetime) -> int:
    """Forget what nobody came back for; how many forms and ends that were."""
    return connection.execute(delete(interrupted).where(_I.at <= before)).rowcount
