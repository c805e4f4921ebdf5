"""Who has been let into which assessment: sessions, and the hashed tokens that open one from elsewhere.

Only hashes arrive here; what was hashed, and how, is the services' business. A token is found by its hash and its
purpose together, so a link's token never passes as a code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, bindparam, delete, insert, or_, select, update

from assessment.storage.conflicts import insert_once
from assessment.storage.tables import interrupted, session_drafts, sessions, tokens

_S = sessions.c
_G = session_drafts.c
_T = tokens.c
SEEN_NOTED_EVERY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One browser that has been here."""

    hash: str
    created_at: datetime
    seen_at: datetime

    def seen_is_due(self, now: datetime) -> bool:
        """Whether `touch_session` has something to write: presence is noted once a day."""
        return now - self.seen_at >= SEEN_NOTED_EVERY


@dataclass(frozen=True, slots=True)
class StoredToken:
    """One valid token."""

    id: str
    purpose: str
    assessment_id: str
    created_at: datetime
    expires_at: datetime | None


_SESSION: Final = select(_S.hash, _S.created_at, _S.seen_at).where(_S.hash == bindparam("hash"))
_TOKEN: Final[Select[Any]] = select(_T.id, _T.purpose, _T.assessment_id, _T.created_at, _T.expires_at)


def create_session(connection: Connection, session_hash: str, now: datetime) -> StoredSession:
    """Remember a new browser."""
    connection.execute(insert(sessions), {"hash": session_hash, "created_at": now, "seen_at": now})
    return StoredSession(session_hash, now, now)


def find_session(connection: Connection, session_hash: str) -> StoredSession | None:
    """The session of that hash, if it has not been ended."""
    row = connection.execute(_SESSION, {"hash": session_hash}).first()
    return StoredSession(*row) if row else None


def touch_session(connection: Connection, session_hash: str, now: datetime) -> bool:
    """Note that a browser was here, at most once a day."""
    due = update(sessions).where(_S.hash == session_hash, _S.seen_at <= now - SEEN_NOTED_EVERY)
    return connection.execute(due.values(seen_at=now)).rowcount == 1


def renew_session(connection: Connection, old_hash: str, new_hash: str, now: datetime) -> None:
    """A new session that takes over who is signed in and what the old one was let into; the old one, if any, ends."""
    carried = (_S.person_id, _S.signed_in_at, _S.device, _S.data)
    old = connection.execute(select(*carried).where(_S.hash == old_hash)).first()
    create_session(connection, new_hash, now)
    if old is not None and old.person_id is not None:
        values: dict[str, Any] = {column.name: value for column, value in zip(carried, old, strict=True)}
        connection.execute(update(sessions).where(_S.hash == new_hash).values(**values))
    for table in (session_drafts, interrupted):
        opened = table.c.session_hash == old_hash
        connection.execute(update(table).where(opened).values(session_hash=new_hash))
    end_session(connection, old_hash)


def grant(connection: Connection, session_hash: str, assessment_id: str, now: datetime) -> None:
    """Let a session into an assessment; twice is once."""
    row = {"session_hash": session_hash, "assessment_id": assessment_id, "opened_at": now}
    if not insert_once(connection, session_drafts, row):
        # Who came by a link to one section before may now open all.
        here = (_G.session_hash == session_hash, _G.assessment_id == assessment_id)
        connection.execute(update(session_drafts).where(*here, _G.section != "").values(section=""))


def grant_section(
    connection: Connection, session_hash: str, assessment_id: str, section: str, now: datetime
) -> None:  # fmt: skip
    """Let a session into one section of an assessment; who may open all of it still may, another section gives way."""
    row = {"session_hash": session_hash, "assessment_id": assessment_id, "opened_at": now, "section": section}
    if not insert_once(connection, session_drafts, row):
        here = (_G.session_hash == session_hash, _G.assessment_id == assessment_id, _G.section != "")
        connection.execute(update(session_drafts).where(*here).values(section=section, opened_at=now))


def shut_section(connection: Connection, assessment_id: str, section: str) -> int:
    """Shut a section to every session that came by its link; how many lost it."""
    theirs = delete(session_drafts).where(_G.assessment_id == assessment_id, _G.section == section, _G.section != "")
    return connection.execute(theirs).rowcount


def shut_sections(connection: Connection, before: datetime) -> int:
    """Shut every section that was opened by a link before a moment; how many were."""
    return connection.execute(delete(session_drafts).where(_G.section != "", _G.opened_at <= before)).rowcount


def is_granted(connection: Connection, session_hash: str, assessment_id: str) -> bool:
    """Whether the session may open the assessment."""
    granted = select(_G.opened_at).where(_G.session_hash == session_hash, _G.assessment_id == assessment_id)
    return connection.execute(granted).first() is not None


def leave(connection: Connection, session_hash: str, assessment_id: str) -> bool:
    """Shut one assessment to a session."""
    granted = delete(session_drafts).where(_G.session_hash == session_hash, _G.assessment_id == assessment_id)
    return connection.execute(granted).rowcount == 1


def end_session(connection: Connection, session_hash: str) -> bool:
    """Forget a browser and everything it was let into; its cookie opens nothing any more."""
    return connection.execute(delete(sessions).where(_S.hash == session_hash)).rowcount == 1


def add_tokens(
    connection: Connection,
    assessment_id: str,
    hashes: Mapping[str, str],
    now: datetime,
    expires_at: datetime | None = None,
) -> None:
    """Keep one hash for each purpose ('resume-link', 'resume-code')."""
    rows = [
        {
            "id": uuid4().hex,
            "purpose": purpose,
            "hash": token_hash,
            "assessment_id": assessment_id,
            "created_at": now,
            "expires_at": expires_at,
            "revoked_at": None,
        }
        for purpose, token_hash in hashes.items()
    ]
    connection.execute(insert(tokens), rows)


def find_token(connection: Connection, token_hash: str, purpose: str, now: datetime) -> StoredToken | None:
    """The token of that hash and purpose, if it is neither revoked nor expired."""
    row = connection.execute(
        _TOKEN.where(
            _T.hash == token_hash,
            _T.purpose == purpose,
            _T.revoked_at.is_(None),
            or_(_T.expires_at.is_(None), _T.expires_at > now),
        )
    ).first()
    return StoredToken(*row) if row else None


def valid_tokens(connection: Connection, assessment_id: str, now: datetime) -> tuple[StoredToken, ...]:
    """The tokens that open an assessment now."""
    rows = connection.execute(
        _TOKEN.where(
            _T.assessment_id == assessment_id,
            _T.revoked_at.is_(None),
            or_(_T.expires_at.is_(None), _T.expires_at > now),
        ).order_by(_T.created_at, _T.id)
    )
    return tuple(StoredToken(*row) for row in rows)


def revoke_tokens(connection: Connection, assessment_id: str, now: datetime, purpose: str | None = None) -> int:
    """End an assessment's tokens, all or those of one purpose, from the next request on; how many ended."""
    valid = update(tokens).where(_T.assessment_id == assessment_id, _T.revoked_at.is_(None))
    if purpose is not None:
        valid = valid.where(_T.purpose == purpose)
    return connection.execute(valid.values(revoked_at=now)).rowcount
