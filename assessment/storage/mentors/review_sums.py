"""What a list of clients shows of each review, counted again by whoever takes a step of one.

Two hundred clients have some seventeen thousand reviewed answers: a list that read them would take ten times as long
as all else on it.
"""

from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Connection, Select, bindparam, exists, func, or_, select

from assessment.storage.conflicts import inserting
from assessment.storage.mentors.review_tables import (
    comments,
    mentor_suggestions,
    next_visits,
    review_sums,
    reviewed_marks,
    reviews,
)
from assessment.storage.tables import assessments

_R, _C, _M, _V = reviews.c, comments.c, reviewed_marks.c, next_visits.c
_A, _O, _S = assessments.c, mentor_suggestions.c, review_sums.c
_ID: Final[BindParameter[str]] = bindparam("id")


class Sums(NamedTuple):
    """How many answers and comments of a check wait for whom, the last step of its review, the last mark, the visit."""

    for_company: int
    for_mentor: int
    last_step: datetime | None
    marked_at: datetime | None
    visit: date | None


# Who was spoken to last has the turn, whatever state the review of that answer is in.
_no_word = ~exists().where(_C.assessment_id == _R.assessment_id, _C.question == _R.question, _C.settled.is_(False))
_unanswered = (_R.state == "proposed") | ((_R.state == "asked") & (_R.reply == ""))
_replied = (_R.state == "disputed") | ((_R.state == "asked") & (_R.reply != ""))
_unsettled = select(func.count(_C.question.distinct())).where(_C.assessment_id == _ID, _C.settled.is_(False))
_by_mentor = _unsettled.where(_C.by_mentor.is_(True)).scalar_subquery()


def _waiting(condition: Any) -> Any:
    counted = select(func.count()).where(_R.assessment_id == _ID, condition, _no_word)
    return counted.select_from(reviews).scalar_subquery()


_SUMS: Final[Select[Any]] = select(
    _waiting(_unanswered) + _by_mentor,
    _waiting(_replied) + _unsettled.scalar_subquery() - _by_mentor,
    select(func.max(_R.changed_at, type_=_R.changed_at.type)).where(_R.assessment_id == _ID).scalar_subquery(),
    select(func.max(_M.at, type_=_M.at.type)).where(_M.assessment_id == _ID).scalar_subquery(),
    select(_V.day).where(_V.assessment_id == _ID).scalar_subquery(),
)


def waiting_for_company(connection: Connection, company_id: str) -> frozenset[str]:
    """The checks of a company in whose review something waits for it: an answer, a comment or a suggestion."""
    suggested = exists().where(_O.assessment_id == _A.id, _O.state == "offered")
    waiting = exists().where(_S.assessment_id == _A.id, _S.for_company > 0)
    found = select(_A.id).where(_A.company_id == company_id, or_(waiting, suggested))
    return frozenset(connection.execute(found).scalars())


def sum_up(connection: Connection, assessment_id: str) -> None:
    """Count again what waits in the review of a check, and keep it for the lists."""
    values: dict[str, Any] = Sums(*connection.execute(_SUMS, {"id": assessment_id}).one())._asdict()
    kept = inserting(connection, review_sums).on_conflict_do_update(
        index_elements=[review_sums.c.assessment_id], set_=values
    )  # fmt: skip
    connection.execute(kept, {"assessment_id": assessment_id, **values})
