"""The measured savings that a mentor stands behind, each with the terms of a bill by result."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, func, select

from assessment.storage.conflicts import inserting
from assessment.storage.people_tables import people
from assessment.storage.review_tables import confirmed_savings

_S: Final = confirmed_savings.c


@dataclass(frozen=True, slots=True)
class Terms:
    """What a confirmed saving rests on: `floor` in whole euros a year, `share` in per cent of the saving."""

    baseline: str
    method: str
    floor: int
    share: int
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class ConfirmedSaving:
    """One line of the plan whose saving somebody has confirmed."""

    item: str
    terms: Terms
    who: str
    at: datetime


def confirm_saving(
    connection: Connection, assessment_id: str, item: str, terms: Terms, mentor_id: str, now: datetime
) -> None:
    """Confirm the saving of a line of the plan, in the place of what was confirmed before."""
    values = {**asdict(terms), "mentor_id": mentor_id, "at": now}
    statement = inserting(connection, confirmed_savings).on_conflict_do_update(
        index_elements=[_S.assessment_id, _S.item], set_=values
    )
    connection.execute(statement, {"id": uuid4().hex, "assessment_id": assessment_id, "item": item, **values})


def savings_confirmed(connection: Connection, assessment_id: str) -> dict[str, ConfirmedSaving]:
    """Every confirmed saving of a check, by the line of the plan."""
    listed = (
        select(
            _S.item,
            _S.baseline,
            _S.method,
            _S.floor,
            _S.share,
            _S.confirmed_on,
            func.coalesce(people.c.name, ""),
            _S.at,
        )
        .outerjoin(people, people.c.id == _S.mentor_id)
        .where(_S.assessment_id == assessment_id)
    )
    return {item: ConfirmedSaving(item, Terms(*terms), who, at) for item, *terms, who, at in connection.execute(listed)}
