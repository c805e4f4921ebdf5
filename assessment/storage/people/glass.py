"""Companies as an administrator finds them, and the glass that one breaks for a while to look at answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, func, insert, or_, select, update

from assessment.storage.people.people_tables import companies, opened_glass

_C, _O = companies.c, opened_glass.c


@dataclass(frozen=True, slots=True)
class Found:
    """One company, and nothing of what it answered."""

    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Glass:
    """That an administrator may look, until when and why."""

    id: str
    reason: str
    ends_at: datetime


def find(connection: Connection, typed: str, limit: int = 50) -> tuple[Found, ...]:
    """The companies whose name holds what was typed, or whose id it is."""
    named = func.lower(_C.name).contains(typed.lower(), autoescape=True)
    found = select(_C.id, _C.name, _C.created_at).where(or_(named, _C.id == typed)).order_by(_C.name, _C.id)
    return tuple(Found(*row) for row in connection.execute(found.limit(limit)))


def open_now(connection: Connection, company_id: str, person_id: str, now: datetime) -> Glass | None:
    """What an administrator has opened and what is not over."""
    mine = (
        select(_O.id, _O.reason, _O.ends_at)
        .where(_O.company_id == company_id, _O.administrator_id == person_id, _O.ends_at > now)
        .order_by(_O.ends_at.desc())
    )
    row = connection.execute(mine).first()
    return Glass(*row) if row else None


def break_it(
    connection: Connection, company_id: str, person_id: str, reason: str, now: datetime, ends_at: datetime
) -> Glass:
    """Open a company's answers to an administrator for a while."""
    glass = Glass(uuid4().hex, reason, ends_at)
    row = {
        "id": glass.id, "administrator_id": person_id, "company_id": company_id, "reason": reason, "opened_at": now,
        "ends_at": ends_at,
    }  # fmt: skip
    connection.execute(insert(opened_glass), row)
    return glass


def close(connection: Connection, company_id: str, person_id: str, now: datetime) -> bool:
    """End it before its time; whether anything was open."""
    mine = update(opened_glass).where(
        _O.company_id == company_id, _O.administrator_id == person_id, _O.ends_at > now
    )  # fmt: skip
    return connection.execute(mine.values(ends_at=now)).rowcount > 0
