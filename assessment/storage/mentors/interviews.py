"""What a mentor notes in an interview: proposed answers that score nothing until the company confirms them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, func, select

from assessment.core.checks.answers import Value, from_json, to_json
from assessment.storage.conflicts import inserting
from assessment.storage.mentors.review_tables import proposed_answers
from assessment.storage.people.people_tables import people

_P: Final = proposed_answers.c


@dataclass(frozen=True, slots=True)
class ProposedAnswer:
    """One answer that waits for the company."""

    question: str
    value: Value
    note: str
    who: str
    at: datetime


def propose_answer(
    connection: Connection, assessment_id: str, question: str, value: Value, note: str, mentor_id: str, now: datetime
) -> None:
    """Note an answer, in the place of what was noted before."""
    values = {"value": json.dumps(to_json(value), ensure_ascii=False), "note": note, "mentor_id": mentor_id, "at": now}
    statement = inserting(connection, proposed_answers).on_conflict_do_update(
        index_elements=[_P.assessment_id, _P.question], set_=values
    )
    connection.execute(statement, {"assessment_id": assessment_id, "question": question, **values})


def proposed_for(connection: Connection, assessment_id: str) -> dict[str, ProposedAnswer]:
    """Everything that waits for the company, by question."""
    listed = (
        select(_P.question, _P.value, _P.note, func.coalesce(people.c.name, ""), _P.at)
        .outerjoin(people, people.c.id == _P.mentor_id)
        .where(_P.assessment_id == assessment_id)
    )
    return {
        question: ProposedAnswer(question, from_json(json.loads(value)), note, who, at)
        for question, value, note, who, at in connection.execute(listed)
    }


def drop_proposed(connection: Connection, assessment_id: str, *questions: str) -> int:
    """Take noted answers away, as they are confirmed or refused; how many there were."""
    named = delete(proposed_answers).where(_P.assessment_id == assessment_id, _P.question.in_(questions))
    return connection.execute(named).rowcount
