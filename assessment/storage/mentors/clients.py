"""A mentor's clients with what their list shows: five statements, however many clients there are.

The rows are in no order; whoever shows them puts them in one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, exists, func, select

from assessment.storage.checks.drafts import Document, read_document
from assessment.storage.database import Database
from assessment.storage.mentors.review_tables import comments, next_visits, reviewed_marks, reviews
from assessment.storage.people.people_tables import companies, grants
from assessment.storage.tables import assessments, plan_items, results
from assessment.storage.written import Found, Written

_A, _C, _G, _R, _I, _M = assessments.c, companies.c, grants.c, reviews.c, plan_items.c, reviewed_marks.c
_W, _V = comments.c, next_visits.c


class ClientCheck(NamedTuple):
    """One check of a client, or a client without any (then `draft_id` is empty); its fields are the columns."""

    company_id: str
    company: str
    draft_id: str
    questionnaire: str
    version: str
    depth: str
    site: str
    active_at: datetime
    """When it was last changed; without a check, when the mentor was let in."""
    counter: int
    """Counts the saves, so that what is worked out from the answers can be kept."""
    deadline: date | None
    """Of the actions that are not done yet, the next."""
    has_results: bool


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many answers and comments of a check wait for whom, and when anybody last took a step of the review."""

    for_company: int
    for_mentor: int
    last_step: datetime | None


_later = assessments.alias("later")
_ACTIVE: Final = (
    _G.mentor_id == bindparam("mentor"), _G.state == "active", _C.restricted.is_(False), _C.erase_at.is_(None),
)  # fmt: skip
_deadline = (
    select(func.min(_I.deadline, type_=_I.deadline.type))
    .where(_I.assessment_id == _A.id, _I.status != "done", _I.status != "not-for-us", _I.deadline.is_not(None))
    .scalar_subquery()
)
_CHECKS: Final = Written(
    select(
        _G.company_id, _C.name, _A.id, _A.questionnaire, _A.version, _A.depth, _A.site,
        func.coalesce(_A.changed_at, _G.begun_at, type_=_A.changed_at.type), _A.counter, _deadline,
        exists().where(results.c.assessment_id == _A.id).correlate(assessments),
    )
    .select_from(grants)
    .join(companies, _C.id == _G.company_id)
    .outerjoin(
        assessments, and_(_A.company_id == _G.company_id, ~exists().where(_later.c.previous_id == _A.id))
    )
    .where(*_ACTIVE)
)  # fmt: skip
# What stands beside the checks is joined to all that the mentor has, so it need not ask again which are shown. Where an
# instance has none of it, SQLite knows before it looks; asked for check by check it would look two hundred times.
_THEIRS: Final = grants.join(assessments, _A.company_id == _G.company_id)
_MINE: Final = _ACTIVE[:2]
_unanswered = (_R.state == "proposed") | ((_R.state == "asked") & (_R.reply == ""))
_replied = (_R.state == "disputed") | ((_R.state == "asked") & (_R.reply != ""))
# Who was spoken to last has the turn, whatever state the review of that answer is in.
_no_word = ~exists().where(_W.assessment_id == _R.assessment_id, _W.question == _R.question, _W.settled.is_(False))
_COUNTS: Final = Written(
    select(
        _R.assessment_id,
        func.sum(case((_unanswered & _no_word, 1), else_=0)),
        func.sum(case((_replied & _no_word, 1), else_=0)),
        func.max(_R.changed_at, type_=_R.changed_at.type),
    )
    .select_from(_THEIRS.join(reviews, _R.assessment_id == _A.id))
    .where(*_MINE)
    .group_by(_R.assessment_id)
)
_said = (
    select(_W.assessment_id, func.max(case((_W.by_mentor.is_(True), 1), else_=0)).label("by_mentor"))
    .select_from(_THEIRS.join(comments, _W.assessment_id == _A.id))
    .where(*_MINE, _W.settled.is_(False))
    .group_by(_W.assessment_id, _W.question)
    .subquery()
)
_SPOKEN: Final = Written(
    select(_said.c.assessment_id, func.sum(_said.c.by_mentor), func.count()).group_by(_said.c.assessment_id)
)
_VISITS: Final = Written(
    select(_V.assessment_id, _V.day).select_from(_THEIRS.join(next_visits, _V.assessment_id == _A.id)).where(*_MINE)
)
_MARKED: Final = Written(
    select(_M.assessment_id, func.max(_M.at, type_=_M.at.type))
    .select_from(_THEIRS.join(reviewed_marks, _M.assessment_id == _A.id))
    .where(*_MINE)
    .group_by(_M.assessment_id)
)


@dataclass(frozen=True, slots=True)
class ClientRows:
    """Everything that the list is made of; all but the checks is by check."""

    checks: tuple[ClientCheck, ...]
    reviews: Mapping[str, ReviewCounts]
    visits: Mapping[str, date]
    """When the mentor comes next."""
    marked: Mapping[str, datetime]
    """When it was last marked as reviewed."""


def find(database: Database, mentor_id: str) -> Found:
    """The clients of a mentor, for `rows_in`; two that are equal show the same."""
    return database.found(_COUNTS, _SPOKEN, _VISITS, _MARKED, _CHECKS, mentor=mentor_id)


def rows_in(clients: Found) -> ClientRows:
    """The clients of a mentor: those companies that let them in, each with its checks that no later one follows."""
    counts = {key: ReviewCounts(*counts) for key, *counts in clients.of(_COUNTS)}
    for key, for_company, spoken in clients.of(_SPOKEN):
        found = counts.get(key) or ReviewCounts(0, 0, None)
        for_mentor = found.for_mentor + spoken - for_company
        counts[key] = ReviewCounts(found.for_company + for_company, for_mentor, found.last_step)
    visits = {row[0]: row[1] for row in clients.of(_VISITS)}
    marked = {row[0]: row[1] for row in clients.of(_MARKED)}
    return ClientRows(tuple(_check(row) for row in clients.of(_CHECKS)), counts, visits, marked)


def documents_of(connection: Connection, draft_ids: Collection[str]) -> dict[str, Document]:
    """The answers of some checks."""
    rows = connection.execute(select(_A.id, _A.answers).where(_A.id.in_(draft_ids)))
    return {row.id: read_document(row.answers) for row in rows}


def _check(row: Sequence[Any]) -> ClientCheck:
    # Hundreds stand on one page, so a row is taken as it comes.
    if row[_DRAFT_ID] is not None:
        return ClientCheck._make(row)
    company_id, company, active_at = row[0], row[1], row[_ACTIVE_AT]
    return ClientCheck(company_id, company, "", "", "", "", "", active_at, 0, None, has_results=False)


_DRAFT_ID: Final = ClientCheck._fields.index("draft_id")
_ACTIVE_AT: Final = ClientCheck._fields.index("active_at")
