"""Rows of links that do one thing once, and of those that a company lists and ends: kept by hash, for one purpose.

What was hashed, and how long a link holds, is the business of `services/people/links_once.py`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select, update

from assessment.storage.tables import tokens

_T = tokens.c


@dataclass(frozen=True, slots=True)
class Bound:
    """What a link is bound to; empty where it does not apply."""

    email: str = ""
    person_id: str = ""
    company_id: str = ""
    assessment_id: str = ""


@dataclass(frozen=True, slots=True)
class StoredLink:
    """One link that still holds, or that was spent just now."""

    id: str
    purpose: str
    bound: Bound
    arguments: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime


_LINK: Final[Select[Any]] = select(
    _T.id, _T.purpose, _T.email, _T.person_id, _T.company_id, _T.assessment_id, _T.arguments, _T.created_at,
    _T.expires_at,
)  # fmt: skip


def add(connection: Connection, link: StoredLink, link_hash: str) -> None:
    """Keep a new link."""
    add_all(connection, [(link, link_hash)])


def add_all(connection: Connection, made: Sequence[tuple[StoredLink, str]]) -> None:
    """Keep new links, each with what its token is hashed to."""
    rows = [_row(link, link_hash) for link, link_hash in made]
    if rows:
        connection.execute(insert(tokens), rows)


def _row(link: StoredLink, link_hash: str) -> dict[str, Any]:
    return {
        "id": link.id, "purpose": link.purpose, "hash": link_hash, "email": link.bound.email,
        "person_id": link.bound.person_id or None, "company_id": link.bound.company_id or None,
        "assessment_id": link.bound.assessment_id or None, "arguments": json.dumps(dict(link.arguments)),
        "created_at": link.created_at, "expires_at": link.expires_at,
    }  # fmt: skip


def prolong(connection: Connection, link_id: str, now: datetime, until: datetime) -> bool:
    """Let a link hold until then; False for one that does not hold any more."""
    holding = update(tokens).where(_T.id == link_id, *_holds(now))
    return connection.execute(holding.values(expires_at=until)).rowcount == 1


def find(connection: Connection, link_hash: str, purpose: str, now: datetime) -> StoredLink | None:
    """The link of that hash and purpose, if it still holds."""
    row = connection.execute(_LINK.where(_T.hash == link_hash, _T.purpose == purpose, *_holds(now))).first()
    return _link(row) if row else None


def spend(
    connection: Connection, link_hash: str, purpose: str, now: datetime, email: str = "", person_id: str = ""
) -> StoredLink | None:
    """Use a link up; None where it does not hold, or is for another address or person. Of two at once, one does."""
    spent = update(tokens).where(_T.hash == link_hash, _T.purpose == purpose, *_holds(now))
    if email:
        spent = spent.where(_T.email == email)
    if person_id:
        spent = spent.where(_T.person_id == person_id)
    if connection.execute(spent.values(used_at=now)).rowcount != 1:
        return None
    return _link(connection.execute(_LINK.where(_T.hash == link_hash)).one())


def held_by(connection: Connection, purpose: str, now: datetime, **bound: str) -> tuple[StoredLink, ...]:
    """The links of a purpose that still hold for a `company_id`, an `assessment_id` or the like; the oldest first."""
    theirs = [_T[name] == value for name, value in bound.items()]
    rows = connection.execute(_LINK.where(_T.purpose == purpose, *theirs, *_holds(now)).order_by(_T.created_at, _T.id))
    return tuple(map(_link, rows))


def end(connection: Connection, now: datetime, **which: str) -> int:
    """End the links that still hold and match all of the columns; how many did."""
    theirs = [_T[name] == value for name, value in which.items()]
    return connection.execute(update(tokens).where(*theirs, *_holds(now)).values(revoked_at=now)).rowcount


def end_same(connection: Connection, purpose: str, bound: Bound, now: datetime) -> None:
    """End what a newer link of the same purpose, bound to the same, takes the place of."""
    same = (
        _T.email == bound.email,
        _T.person_id.is_(None) if not bound.person_id else _T.person_id == bound.person_id,
        _T.company_id.is_(None) if not bound.company_id else _T.company_id == bound.company_id,
        _T.assessment_id.is_(None) if not bound.assessment_id else _T.assessment_id == bound.assessment_id,
    )
    connection.execute(update(tokens).where(_T.purpose == purpose, *same, *_holds(now)).values(revoked_at=now))


def _holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return _T.used_at.is_(None), _T.revoked_at.is_(None), _T.expires_at > now


def _link(row: Row[Any]) -> StoredLink:
    bound = Bound(row.email, row.person_id or "", row.company_id or "", row.assessment_id or "")
    return StoredLink(row.id, row.purpose, bound, json.loads(row.arguments), row.created_at, row.expires_at)
