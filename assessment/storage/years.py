"""The checks of one company from year to year: which one a check follows, and which one follows it."""

from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select

from assessment.storage.tables import assessments, session_drafts

MOST_YEARS: Final = 20
"""How far back a chain of checks is followed; a longer one was made by a mistake."""

_A = assessments.c
_PREVIOUS: Final[Select[Any]] = select(_A.previous_id).where(_A.id == bindparam("id"))
_NEXT: Final = (
    select(_A.id)
    .join(session_drafts, session_drafts.c.assessment_id == _A.id)
    .where(session_drafts.c.session_hash == bindparam("session_hash"), _A.previous_id == bindparam("id"))
    .order_by(_A.created_at.desc(), _A.id)
    .limit(1)
)


def earlier_checks(connection: Connection, assessment_id: str) -> tuple[str, ...]:
    """The checks that this one follows, the latest first."""
    found: list[str] = []
    current = connection.execute(_PREVIOUS, {"id": assessment_id}).scalar()
    while current is not None and len(found) < MOST_YEARS:
        found.append(current)
        current = connection.execute(_PREVIOUS, {"id": current}).scalar()
    return tuple(found)


def next_check(connection: Connection, session_hash: str, assessment_id: str) -> str | None:
    """The check that follows this one, among those that the session has been let into; the newest of several."""
    found: str | None = connection.execute(_NEXT, {"session_hash": session_hash, "id": assessment_id}).scalar()
    return found
