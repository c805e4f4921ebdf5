"""A mentor's clients with what their list shows: one statement, however many clients there are.

The rows are in no order; whoever shows them puts them in one.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, exists, func, select

from assessment.storage.checks.drafts import Document, read_document
from assessment.storage.database import Database
from assessment.storage.mentors.review_tables import review_sums
from assessment.storage.people.people_tables import companies, grants
from assessment.storage.tables import WITH_DEADLINE, assessments, plan_items, results
from assessment.storage.written import Found, Written

_A, _C, _G, _I, _S = assessments.c, companies.c, grants.c, plan_items.c, review_sums.c


class ClientCheck(NamedTuple):
    """One check of a client, or a client without any (then `draft_id` is empty); its fields are the columns."""

    company_id: str
    company: str
    draft_id: str
    site: str
    active_at: datetime
    """When it was last changed; without a check, when the mentor was let in."""
    counter: int
    """Counts the saves, so that what is worked out from the answers can be kept."""
    deadline: date | None
    """Of the actions that are not done yet, the next."""
    has_results: bool
    """Taken for granted where somebody has marked them as reviewed."""
    for_company: int
    for_mentor: int
    """How many answers and comments wait for whom."""
    last_step: datetime | None
    """When anybody last took a step of the review."""
    marked_at: datetime | None
    """When it was last marked as reviewed."""
    visit: date | None
    """When the mentor comes next."""


class Answered(NamedTuple):
    """A check with its answers, for counting them."""

    draft_id: str
    questionnaire: str
    version: str
    depth: str
    document: Document


_later = assessments.alias("later")
_deadline = (
    select(_I.deadline)
    .where(_I.assessment_id == _A.id, WITH_DEADLINE)
    # The first of the index; the least of all would take twice as long.
    .order_by(_I.deadline)
    .limit(1)
    .scalar_subquery()
)
_CHECKS: Final = Written(
    select(
        _G.company_id, _C.name, _A.id, _A.site,
        func.coalesce(_A.changed_at, _G.begun_at, type_=_A.changed_at.type), _A.counter, _deadline,
        case((_S.marked_at.is_(None), exists().where(results.c.assessment_id == _A.id).correlate(assessments)),
             else_=True),
        func.coalesce(_S.for_company, 0), func.coalesce(_S.for_mentor, 0), _S.last_step, _S.marked_at, _S.visit,
    )
    .select_from(grants)
    .join(companies, _C.id == _G.company_id)
    .outerjoin(
        assessments, and_(_A.company_id == _G.company_id, ~exists().where(_later.c.previous_id == _A.id))
    )
    .outerjoin(review_sums, _S.assessment_id == _A.id)
    .where(
        _G.mentor_id == bindparam("mentor"), _G.state == "active", _C.restricted.is_(False), _C.erase_at.is_(None)
    )
)  # fmt: skip


def find(database: Database, mentor_id: str) -> Found:
    """The clients of a mentor, for `checks_in`; two that are equal show the same."""
    return database.found(_CHECKS, mentor=mentor_id)


def checks_in(clients: Found) -> list[ClientCheck]:
    """The clients of a mentor: those companies that let them in, each with its checks that no later one follows."""
    return [_check(row) for row in clients.of(_CHECKS)]


def answered_in(connection: Connection, draft_ids: Collection[str]) -> list[Answered]:
    """Some checks with their answers."""
    rows = connection.execute(
        select(_A.id, _A.questionnaire, _A.version, _A.depth, _A.answers).where(_A.id.in_(draft_ids))
    )
    return [Answered(*row[:-1], document=read_document(row.answers)) for row in rows]


def _check(row: Sequence[Any]) -> ClientCheck:
    # Hundreds stand on one page, so a row is taken as it comes.
    if row[_DRAFT_ID] is not None:
        return ClientCheck._make(row)
    company_id, company, active_at = row[0], row[1], row[_ACTIVE_AT]
    return ClientCheck(
        company_id, company, "", "", active_at, 0, None, False, 0, 0, None, None, None
    )  # fmt: skip


_DRAFT_ID: Final = ClientCheck._fields.index("draft_id")
_ACTIVE_AT: Final = ClientCheck._fields.index("active_at")
