"""How whoever asks stands to a check: what let them in, read in one statement together with the check.

A browser is let in by what it opened without an account; a person by a company they belong to, by that company's
consent to a mentor, or, as an administrator, by a stated reason for a limited time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, bindparam, false, func, select

from assessment.core.access import Relation, Standing
from assessment.storage.columns import Moment
from assessment.storage.people.people_tables import companies, grants, memberships, opened_glass, people
from assessment.storage.tables import assessments, session_drafts

_A = assessments.c
_PERSON: Final[BindParameter[str]] = bindparam("person_id")
_here = and_(session_drafts.c.assessment_id == _A.id, session_drafts.c.session_hash == bindparam("session_hash"))
_open_to_others = and_(companies.c.restricted.is_(false()), companies.c.erase_at.is_(None))
_glass_ends = (
    select(func.max(opened_glass.c.ends_at, type_=Moment))
    .where(opened_glass.c.company_id == _A.company_id, opened_glass.c.administrator_id == _PERSON, _open_to_others)
    .correlate(assessments, companies)
    .scalar_subquery()
)

IN_BROWSER: Final[FromClause] = assessments.join(session_drafts, _here)
IN_BROWSER_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (session_drafts.c.section,)
"""For somebody who is not signed in: only what the browser has opened. Takes `session_hash`."""

BY_PERSON: Final[FromClause] = (
    assessments.outerjoin(session_drafts, _here)
    .outerjoin(people, people.c.id == _PERSON)
    .outerjoin(companies, companies.c.id == _A.company_id)
    .outerjoin(memberships, and_(memberships.c.company_id == _A.company_id, memberships.c.person_id == _PERSON))
    .outerjoin(
        grants,
        and_(
            grants.c.company_id == _A.company_id,
            grants.c.mentor_id == _PERSON,
            grants.c.state == "active",
            _open_to_others,
        ),
    )
)
BY_PERSON_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (
    session_drafts.c.section,
    memberships.c.role,
    grants.c.id,
    grants.c.interview_agreed_at,
    people.c.staff_role,
    _glass_ends,
)
"""For somebody who is signed in. Takes `session_hash` and `person_id`."""


def standing_of(columns: Sequence[Any], now: datetime) -> Standing:
    """What the columns of either kind say. Nearly nobody has opened glass, so only who has pays for asking the time."""
    section, *more = columns
    relations = set()
    if section is not None:
        relations.add(Relation.SECTION if section else Relation.HOLDER)
    if not more:
        return Standing(frozenset(relations), section)
    role, grant, agreed_at, staff_role, glass_ends = more
    if role is not None:
        relations.add(Relation(role))
    if grant is not None:
        relations.add(Relation.MENTOR)
    if staff_role == "administrator":
        relations.add(Relation.ADMINISTRATOR)
    glass_open = glass_ends is not None and glass_ends > now
    return Standing(frozenset(relations), section or "", agreed_at is not None, glass_open)
