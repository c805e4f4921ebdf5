"""To which address the link of a check without an account is mailed; kept until then, or until the one reminder."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, delete, exists, insert, select, update

from assessment.storage.tables import assessments, draft_addresses, results

_A, _D = assessments.c, draft_addresses.c


@dataclass(frozen=True, slots=True)
class DraftAddress:
    """An address; `hash` stands for it where somebody opts out, `remind` where it is written to once more."""

    assessment_id: str
    email: str
    hash: str
    language: str
    remind: bool


def keep(connection: Connection, address: DraftAddress, now: datetime) -> None:
    """Keep the address of a check, in place of the one before."""
    forget(connection, assessment_id=address.assessment_id)
    values = {name: getattr(address, name) for name in DraftAddress.__dataclass_fields__}
    connection.execute(insert(draft_addresses), {**values, "asked_at": now})


def find(connection: Connection, assessment_id: str) -> DraftAddress | None:
    """The address of a check, where one is kept."""
    columns = select(*(_D[name] for name in DraftAddress.__dataclass_fields__))
    row = connection.execute(columns.where(_D.assessment_id == assessment_id)).first()
    return DraftAddress(*row) if row else None


def forget(connection: Connection, **of: str) -> int:
    """Forget the address of an `assessment_id`, or wherever it has a `hash` or is an `email`; how many went."""
    ((name, value),) = of.items()
    return connection.execute(delete(draft_addresses).where(_D[name] == value)).rowcount


def take_reminders(
    connection: Connection, now: datetime, changed_by: datetime, visited_by: datetime, limit: int = 50
) -> tuple[DraftAddress, ...]:
    """Those to remind, noted as reminded: unfinished checks unchanged since, finished ones not visited since.

    A check that a later one follows is kept with that, so nobody is reminded of it.
    """
    finished = exists().where(results.c.assessment_id == _A.id)
    later = assessments.alias("later")
    last_visit = case((_A.visited_at > _A.changed_at, _A.visited_at), else_=_A.changed_at)
    due = (
        select(*(_D[name] for name in DraftAddress.__dataclass_fields__))
        .join(assessments, _A.id == _D.assessment_id)
        .where(_D.remind.is_(True), _D.reminded_at.is_(None), _A.company_id.is_(None))
        .where(case((finished, last_visit <= visited_by), else_=_A.changed_at <= changed_by))
        .where(~exists().where(later.c.previous_id == _A.id))
        .order_by(_D.assessment_id)
        .limit(limit)
    )
    found = tuple(DraftAddress(*row) for row in connection.execute(due))
    taken = update(draft_addresses).where(_D.assessment_id.in_([each.assessment_id for each in found]))
    connection.execute(taken.values(reminded_at=now))
    return found
