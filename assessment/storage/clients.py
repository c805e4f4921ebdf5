"""A mentor's clients with what their list shows: seven statements, however many clients there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, func, select

from assessment.storage.drafts import Document, read_document
from assessment.storage.people_tables import companies, grants
from assessment.storage.review_tables import next_visits, reviewed_marks, reviews
from assessment.storage.tables import assessments, plan_items, results

_A, _C, _G, _R = assessments.c, companies.c, grants.c, reviews.c


@dataclass(frozen=True, slots=True)
class ClientCheck:
    """One check of a client, or a client without any (then `draft_id` is empty)."""

    company_id: str
    company: str
    begun_at: datetime
    draft_id: str
    questionnaire: str
    version: str
    depth: str
    site: str
    changed_at: datetime | None
    counter: int
    """Counts the saves, so that what is worked out from the answers can be kept."""


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many answers of a check wait for whom, and when anybody last took a step."""

    for_company: int
    for_mentor: int
    last_step: datetime


_later = assessments.alias("later")
_ACTIVE: Final = (
    _G.mentor_id == bindparam("mentor"), _G.state == "active", _C.restricted.is_(False), _C.erase_at.is_(None),
)  # fmt: skip
_CHECKS: Final[Select[Any]] = (
    select(
        _G.company_id, _C.name, _G.begun_at, _A.id, _A.questionnaire, _A.version, _A.depth, _A.site, _A.changed_at,
        _A.counter,
    )
    .select_from(grants)
    .join(companies, _C.id == _G.company_id)
    .outerjoin(
        assessments, and_(_A.company_id == _G.company_id, ~exists().where(_later.c.previous_id == _A.id))
    )
    .where(*_ACTIVE)
    .order_by(_C.name, _G.company_id, _A.site, _A.id)
)  # fmt: skip
_THEIRS: Final = select(_A.id).where(
    _A.company_id.in_(select(_G.company_id).join(companies, _C.id == _G.company_id).where(*_ACTIVE))
)
_unanswered = (_R.state == "proposed") | ((_R.state == "asked") & (_R.reply == ""))
_replied = (_R.state == "disputed") | ((_R.state == "asked") & (_R.reply != ""))
_COUNTS: Final = (
    select(
        _R.assessment_id,
        func.sum(case((_unanswered, 1), else_=0)),
        func.sum(case((_replied, 1), else_=0)),
        func.max(_R.changed_at, type_=_R.changed_at.type),
    )
    .where(_R.assessment_id.in_(_THEIRS))
    .group_by(_R.assessment_id)
)
_DEADLINES: Final = (
    select(plan_items.c.assessment_id, func.min(plan_items.c.deadline, type_=plan_items.c.deadline.type))
    .where(plan_items.c.assessment_id.in_(_THEIRS), plan_items.c.status.not_in(("done", "not-for-us")))
    .where(plan_items.c.deadline.is_not(None))
    .group_by(plan_items.c.assessment_id)
)
_VISITS: Final = select(next_visits.c.assessment_id, next_visits.c.day).where(
    next_visits.c.assessment_id.in_(_THEIRS)
)  # fmt: skip
_RESULTS: Final = (
    select(results.c.assessment_id, func.max(results.c.taken_at, type_=results.c.taken_at.type))
    .where(results.c.assessment_id.in_(_THEIRS))
    .group_by(results.c.assessment_id)
)
_MARKS: Final = (
    select(reviewed_marks.c.assessment_id, func.max(reviewed_marks.c.at, type_=reviewed_marks.c.at.type))
    .where(reviewed_marks.c.assessment_id.in_(_THEIRS))
    .group_by(reviewed_marks.c.assessment_id)
)


@dataclass(frozen=True, slots=True)
class ClientRows:
    """Everything that the list is made of; the mappings are by check."""

    checks: tuple[ClientCheck, ...]
    reviews: Mapping[str, ReviewCounts]
    deadlines: Mapping[str, date]
    """Of the actions that are not done yet, the next."""
    visits: Mapping[str, date]
    results: Mapping[str, datetime]
    marks: Mapping[str, datetime]


def rows_of(connection: Connection, mentor_id: str) -> ClientRows:
    """The clients of a mentor: those companies that let them in, each with its checks that no later one follows."""
    who = {"mentor": mentor_id}
    return ClientRows(
        tuple(_check(row) for row in connection.execute(_CHECKS, who)),
        {key: ReviewCounts(*counts) for key, *counts in connection.execute(_COUNTS, who)},
        _by_check(connection, _DEADLINES, who),
        _by_check(connection, _VISITS, who),
        _by_check(connection, _RESULTS, who),
        _by_check(connection, _MARKS, who),
    )


def _by_check(connection: Connection, statement: Select[Any], who: Mapping[str, str]) -> dict[str, Any]:
    return {row[0]: row[1] for row in connection.execute(statement, who)}


def documents_of(connection: Connection, draft_ids: Collection[str]) -> dict[str, Document]:
    """The answers of some checks."""
    rows = connection.execute(select(_A.id, _A.answers).where(_A.id.in_(draft_ids)))
    return {row.id: read_document(row.answers) for row in rows}


def _check(row: Any) -> ClientCheck:
    company_id, company, begun_at, draft_id, *check = row
    if draft_id is None:
        return ClientCheck(company_id, company, begun_at, "", "", "", "", "", None, 0)
    return ClientCheck(company_id, company, begun_at, draft_id, *check)
