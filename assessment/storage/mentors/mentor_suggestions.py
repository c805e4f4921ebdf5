"""The measures that mentors suggest for a plan, and what the company says to each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, bindparam, func, insert, select, update

from assessment.storage.mentors.review_tables import mentor_suggestions
from assessment.storage.people.people_tables import people
from assessment.storage.written import Written

_S: Final = mentor_suggestions.c
SUGGESTED: Final = Written(
    select(
        _S.id, _S.key, _S.title, _S.why, _S.state, _S.reply, func.coalesce(people.c.name, ""), _S.offered_at,
        _S.changed_at,
    )
    .outerjoin(people, people.c.id == _S.mentor_id)
    .where(_S.assessment_id == bindparam("id"))
    .order_by(_S.offered_at.desc(), _S.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggested:
    """One suggestion; `key` is the plan's name for it, empty for one in the mentor's own words that is in no plan."""

    id: str
    key: str
    title: str
    why: str
    state: str
    reply: str
    who: str
    offered_at: datetime
    changed_at: datetime


def suggest(
    connection: Connection, assessment_id: str, key: str, title: str, why: str, mentor_id: str, now: datetime
) -> str:
    """A new suggestion; its id."""
    suggestion_id = uuid4().hex
    row = {
        "id": suggestion_id, "assessment_id": assessment_id, "key": key, "title": title, "why": why,
        "state": "offered", "reply": "", "mentor_id": mentor_id, "offered_at": now, "changed_at": now,
    }  # fmt: skip
    connection.execute(insert(mentor_suggestions), row)
    return suggestion_id


def suggested_for(connection: Connection, assessment_id: str) -> tuple[Suggested, ...]:
    """All suggestions for a check, the newest first."""
    return tuple(Suggested(*row) for row in SUGGESTED.rows(connection, id=assessment_id))


def answer_suggestion(
    connection: Connection, assessment_id: str, suggestion_id: str, state: str, reply: str, now: datetime
) -> bool:
    """Accept or decline an open suggestion; False where it is not open, so that of two answers one counts."""
    is_open = (_S.id == suggestion_id, _S.assessment_id == assessment_id, _S.state == "offered")
    answered = update(mentor_suggestions).where(*is_open).values(state=state, reply=reply, changed_at=now)
    return connection.execute(answered).rowcount == 1


def name_in_plan(connection: Connection, assessment_id: str, suggestion_id: str, key: str) -> None:
    """Put down as which line of the plan a suggestion in the mentor's own words was taken up."""
    taken = (_S.id == suggestion_id, _S.assessment_id == assessment_id)
    connection.execute(update(mentor_suggestions).where(*taken).values(key=key))
