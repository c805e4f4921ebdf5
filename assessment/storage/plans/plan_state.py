"""What the figures of a plan depend on, in one look."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select

from assessment.storage.database import Database
from assessment.storage.tables import money, plan_items, results
from assessment.storage.written import Written

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
    ).select_from(_LINES)
)


def plan_state(database: Database, assessment_id: str) -> PlanState:
    """The state of a plan, for whoever may see it.

    The order of the lines is no part of it: a sum does not depend on it.
    """
    row = database.first(_STATE, assessment_id=assessment_id)
    return PlanState(*row) if row else PlanState(None, None, 0, None, None)
