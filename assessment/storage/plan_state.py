"""What the figures of a plan depend on, in one look, and whether a session may see them."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select, true

from assessment.storage.database import Database, Written
from assessment.storage.tables import money, plan_items, results, session_drafts

_ID: Final[BindParameter[str]] = bindparam("assessment_id")
_P = plan_items.c


class PlanState(NamedTuple):
    """The same twice means that nothing has changed between: not the result, the figures and wishes, nor the plan."""

    result: int | None
    money: int | None
    lines: int
    revisions: int | None
    changed_at: datetime | None


_LINES: Final = (
    select(func.count().label("lines"), func.sum(_P.revision).label("sum"), func.max(_P.changed_at).label("latest"))
    .where(_P.assessment_id == _ID)
    .subquery()
)
_STATE: Final = Written(
    select(
        select(func.max(results.c.number)).where(results.c.assessment_id == _ID).scalar_subquery(),
        select(money.c.revision).where(money.c.assessment_id == _ID).scalar_subquery(),
        _LINES.c.lines,
        _LINES.c.sum,
        _LINES.c.latest,
    )
    .select_from(session_drafts.join(_LINES, true()))
    .where(session_drafts.c.session_hash == bindparam("session_hash"), session_drafts.c.assessment_id == _ID)
)


def plan_state(database: Database, session_hash: str, assessment_id: str) -> PlanState | None:
    """The state of a plan; None for a session that was not let into its assessment.

    The order of the lines is no part of it: a sum does not depend on it.
    """
    row = database.first(_STATE, session_hash=session_hash, assessment_id=assessment_id)
    return PlanState(*row) if row else None
