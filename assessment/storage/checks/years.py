"""The checks of one company from year to year: which one a check follows, and which one follows it."""

from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select

from assessment.storage.tables import assessments

MOST_YEARS: Final = 20
"""How far back a chain of checks is followed; a longer one was made by a mistake."""

_A = assessments.c
_PREVIOUS: Final[Select[Any]] = select(_A.previous_id).where(_A.id == bindparam("id"))
_LATER: Final = (
    select(_A.id).where(_A.previous_id == bindparam("id")).order_by(_A.created_at.desc(), _A.id).limit(MOST_YEARS)
)


def earlier_checks(connection: Connection, assessment_id: str) -> tuple[str, ...]:
    """The checks that this one follows, the latest first."""
    found: list[str] = []
    current = connection.execute(_PREVIOUS, {"id": assessment_id}).scalar()
    while current is not None and len(found) < MOST_YEARS:
        found.append(current)
        current = connection.execute(_PREVIOUS, {"id": current}).scalar()
    return tuple(found)


def later_checks(connection: Connection, assessment_id: str) -> tuple[str, ...]:
    """The checks that follow this one, the newest first."""
    return tuple(connection.execute(_LATER, {"id": assessment_id}).scalars())
