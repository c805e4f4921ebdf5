"""Reviews of answers, what company and mentor say to each other, the marks of a finished review, and the next visit.

A review is one row with the number of its last step; an act names the step that it saw, so that of two at once one is
told. Every step is kept beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, true, update

from assessment.core.checks.answers import Value, from_json, to_json
from assessment.core.checks.review import Review, Side
from assessment.core.errors import Clash, Conflict
from assessment.storage.checks.assessments import Road
from assessment.storage.columns import iso
from assessment.storage.conflicts import insert_once, inserting
from assessment.storage.mentors.review_sums import sum_up
from assessment.storage.mentors.review_tables import (
    comments,
    mentor_notes,
    next_visits,
    review_history,
    reviewed_marks,
    reviews,
)
from assessment.storage.people.people_tables import people
from assessment.storage.tables import answer_history
from assessment.storage.written import Rows, Written

Audience = Literal["shared", "private"]

_R, _H, _M, _A, _C = reviews.c, review_history.c, reviewed_marks.c, answer_history.c, comments.c
_V: Final = next_visits.c
_NAME: Final = func.coalesce(people.c.name, "")
_TABLES: Final = {"shared": comments, "private": mentor_notes}
REVIEWS: Final = Written(
    select(
        _R.question, _R.state, _R.revision, _R.declared, _R.proposed, _R.reason, _R.reply, _R.step, _NAME,
        _R.changed_at,
    )
    .outerjoin(people, people.c.id == _R.mentor_id)
    .where(_R.assessment_id == bindparam("id"))
)  # fmt: skip
_STEPS: Final[Select[Any]] = (
    select(_H.state, _H.declared, _H.proposed, _H.words, _H.by_mentor, _NAME, _H.at)
    .outerjoin(people, people.c.id == _H.person_id)
    .where(_H.assessment_id == bindparam("id"), _H.question == bindparam("question"))
    .order_by(_H.step)
)
_GIVEN: Final[Select[Any]] = (
    select(_A.revision, _A.value, _A.note, _A.changed_at, _NAME, _A.road)
    .outerjoin(people, people.c.id == _A.person_id)
    .where(_A.assessment_id == bindparam("id"), _A.question == bindparam("question"))
    .order_by(_A.revision)
)
MARK: Final = Written(
    select(_NAME, _M.result, _M.at)
    .select_from(reviewed_marks.outerjoin(people, people.c.id == _M.mentor_id))
    .where(_M.assessment_id == bindparam("id"))
    .order_by(_M.id.desc())
    .limit(1)
)
VISIT: Final = Written(
    select(_V.day, _V.words, _NAME, _V.at)
    .select_from(next_visits.outerjoin(people, people.c.id == _V.mentor_id))
    .where(_V.assessment_id == bindparam("id"))
)
_SIDES: Final = {"shared": (comments.c.by_mentor, comments.c.settled), "private": (true(), true())}
_ANSWERED: Final = {"shared": (comments.c.settled.desc(),), "private": ()}
WORDS: Final = {
    audience: Written(
        select(table.c.id, table.c.question, table.c.words, table.c.person_id, _NAME, table.c.at, *_SIDES[audience])
        .select_from(table.outerjoin(people, people.c.id == table.c.person_id))
        .where(table.c.assessment_id == bindparam("id"))
        # Of two at one moment the one that is answered came first.
        .order_by(table.c.at, *_ANSWERED[audience], table.c.id)
    )
    for audience, table in _TABLES.items()
}


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A review as it is kept: the mentor who acted last (empty where they are gone), and when anybody did."""

    review: Review
    mentor: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One act in the review of an answer."""

    state: str
    declared: Value | None
    proposed: Value | None
    words: str
    by_mentor: bool
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """The answer as it once stood; `who` gave it is empty where that is not known."""

    revision: int
    value: Value | None
    note: str
    at: datetime
    who: str = ""
    road: Road = "own"


@dataclass(frozen=True, slots=True)
class Words:
    """A comment or a note; `question` is empty for the check as a whole, `settled` where nobody has to answer it."""

    id: str
    question: str
    words: str
    person_id: str | None
    who: str
    at: datetime
    by_mentor: bool
    settled: bool

    @property
    def waits_for(self) -> Side | None:
        """Whose turn it is because of it."""
        if self.settled:
            return None
        return "company" if self.by_mentor else "mentor"


@dataclass(frozen=True, slots=True)
class Mark:
    """A finished review: by whom, of which results, when."""

    who: str
    result: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """When a mentor comes next, and what for; `who` set it, at a moment."""

    day: date
    words: str
    who: str
    at: datetime


def reviews_of(connection: Connection, assessment_id: str) -> dict[str, StoredReview]:
    """The reviews of a check by question."""
    return reviews_in(REVIEWS.rows(connection, id=assessment_id))


def reviews_in(rows: Rows) -> dict[str, StoredReview]:
    """The same from what `REVIEWS` found."""
    found = {}
    for row in rows:
        question, state, revision, declared, proposed, reason, reply, step, name, changed_at = row
        review = Review(question, state, revision, _value(declared), _value(proposed), reason, reply, step)
        found[question] = StoredReview(review, name, changed_at)
    return found


def keep_step(
    connection: Connection, assessment_id: str, review: Review, words: str, person_id: str, now: datetime, *,
    by_mentor: bool,
) -> None:  # fmt: skip
    """Keep a review as one more act has left it. Raises Conflict where somebody else acted meanwhile."""
    values: dict[str, Any] = {
        "state": review.state, "revision": review.revision, "declared": _text(review.declared),
        "proposed": _text(review.proposed), "reason": review.reason, "reply": review.reply, "step": review.step,
        "changed_at": now,
    }  # fmt: skip
    if by_mentor:
        values["mentor_id"] = person_id
    key = {"assessment_id": assessment_id, "question": review.question}
    if review.step == 1:
        kept = insert_once(connection, reviews, {**key, **values})
    else:
        here = (_R.assessment_id == assessment_id, _R.question == review.question, _R.step == review.step - 1)
        kept = connection.execute(update(reviews).where(*here).values(values)).rowcount == 1
    if not kept:
        raise Conflict([Clash(review.question, "null", review.revision, iso(now))])
    _settle(connection, assessment_id, review.question, by_mentor=by_mentor)
    step = {name: values[name] for name in ("state", "revision", "declared", "proposed", "step")}
    connection.execute(
        insert(review_history),
        {**key, **step, "words": words, "by_mentor": by_mentor, "person_id": person_id, "at": now},
    )
    sum_up(connection, assessment_id)


def steps_of(connection: Connection, assessment_id: str, question: str) -> tuple[Step, ...]:
    """Every act in the review of one answer, the first first."""
    rows = connection.execute(_STEPS, {"id": assessment_id, "question": question})
    return tuple(
        Step(state, _value(declared), _value(proposed), words, by_mentor, who, at)
        for state, declared, proposed, words, by_mentor, who, at in rows
    )


def answers_given(connection: Connection, assessment_id: str, question: str) -> tuple[Given, ...]:
    """How a question was answered over time, the first answer first."""
    rows = connection.execute(_GIVEN, {"id": assessment_id, "question": question})
    return tuple(Given(revision, _value(value), *beside) for revision, value, *beside in rows)


# -- words


def add_comment(
    connection: Connection, assessment_id: str, question: str, words: str, person_id: str, now: datetime, *,
    by_mentor: bool,
) -> str:  # fmt: skip
    """A comment that company and mentor read, which answers what the other side said there; its id."""
    _settle(connection, assessment_id, question, by_mentor=by_mentor)
    said = {"by_mentor": by_mentor, "settled": False}
    added = _add(connection, "shared", assessment_id, question, words, person_id, now, said)
    sum_up(connection, assessment_id)
    return added


def add_note(
    connection: Connection, assessment_id: str, question: str, words: str, person_id: str, now: datetime
) -> str:
    """A note that mentors alone read; its id."""
    return _add(connection, "private", assessment_id, question, words, person_id, now, {})


def _add(
    connection: Connection, audience: Audience, assessment_id: str, question: str, words: str, person_id: str,
    now: datetime, more: Mapping[str, bool],
) -> str:  # fmt: skip
    words_id = uuid4().hex
    row = {
        "id": words_id, "assessment_id": assessment_id, "question": question, "words": words, "person_id": person_id,
        "at": now, **more,
    }  # fmt: skip
    connection.execute(insert(_TABLES[audience]), row)
    return words_id


def settle(connection: Connection, assessment_id: str, question: str, *, by_mentor: bool) -> int:
    """One side has done with what the other said at a question (empty: of the whole check); how much waited."""
    waited = _settle(connection, assessment_id, question, by_mentor=by_mentor)
    sum_up(connection, assessment_id)
    return waited


def _settle(connection: Connection, assessment_id: str, question: str, *, by_mentor: bool) -> int:
    waited = (
        _C.assessment_id == assessment_id, _C.question == question, _C.by_mentor.is_(not by_mentor),
        _C.settled.is_(False),
    )  # fmt: skip
    return connection.execute(update(comments).where(*waited).values(settled=True)).rowcount


def words_of(connection: Connection, audience: Audience, assessment_id: str) -> tuple[Words, ...]:
    """The comments or the notes on a check, the first first."""
    return tuple(Words(*row) for row in WORDS[audience].rows(connection, id=assessment_id))


def take_back_words(
    connection: Connection, audience: Audience, assessment_id: str, words_id: str, person_id: str
) -> bool:
    """Delete somebody's own comment or note; whether there was one."""
    table = _TABLES[audience]
    own = (table.c.id == words_id, table.c.assessment_id == assessment_id, table.c.person_id == person_id)
    taken = connection.execute(delete(table).where(*own)).rowcount == 1
    if audience == "shared":
        # Nobody waits for a private note.
        sum_up(connection, assessment_id)
    return taken


# -- marks


def add_mark(connection: Connection, assessment_id: str, mentor_id: str, result: int, now: datetime) -> None:
    """Put down that a mentor has finished the review of a check as its results then stood."""
    row = {"assessment_id": assessment_id, "mentor_id": mentor_id, "result": result, "at": now}
    connection.execute(insert(reviewed_marks), row)
    sum_up(connection, assessment_id)


def last_mark(connection: Connection, assessment_id: str) -> Mark | None:
    """The newest mark of a check."""
    return next((Mark(*row) for row in MARK.rows(connection, id=assessment_id)), None)


# -- the next visit


def set_visit(
    connection: Connection, assessment_id: str, day: date, words: str, mentor_id: str, now: datetime
) -> None:  # fmt: skip
    """Put down when a mentor comes next, in the place of what was there."""
    values: dict[str, Any] = {"day": day, "words": words, "mentor_id": mentor_id, "at": now}
    statement = inserting(connection, next_visits).on_conflict_do_update(
        index_elements=[_V.assessment_id], set_=values
    )  # fmt: skip
    connection.execute(statement, {"assessment_id": assessment_id, **values})
    sum_up(connection, assessment_id)


def drop_visit(connection: Connection, assessment_id: str) -> None:
    """No visit is planned any more."""
    connection.execute(delete(next_visits).where(_V.assessment_id == assessment_id))
    sum_up(connection, assessment_id)


def next_visit(connection: Connection, assessment_id: str) -> Visit | None:
    """When a mentor comes next, if that is put down."""
    return next((Visit(*row) for row in VISIT.rows(connection, id=assessment_id)), None)


def plain(found: Mapping[str, StoredReview]) -> dict[str, Review]:
    """The reviews alone, as the core takes them."""
    return {question: stored.review for question, stored in found.items()}


def _text(value: Value | None) -> str | None:
    return None if value is None else json.dumps(to_json(value), ensure_ascii=False)


def _value(text: str | None) -> Value | None:
    return None if text is None else from_json(json.loads(text))
