"""Companies with an account: who belongs to one, which checks it has, and how it comes to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import uuid4

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from assessment.core.access import Relation, Standing
from assessment.storage.database import Database
from assessment.storage.people.people_tables import access_log, companies, grants, memberships, opened_glass, people
from assessment.storage.tables import assessments, draft_addresses, session_drafts, tokens
from assessment.storage.written import Written

LOOK_NOTED_EVERY: Final = timedelta(hours=1)

_A, _C, _M, _G = assessments.c, companies.c, memberships.c, grants.c


@dataclass(frozen=True, slots=True)
class Company:
    """One company; `erase_at` is set where it was deleted and can still be taken back."""

    id: str
    name: str
    restricted: bool
    created_at: datetime
    erase_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to a company."""

    person_id: str
    name: str
    email: str
    role: str
    joined_at: datetime
    language: str


class Look(NamedTuple):
    """One look from outside: who (empty for somebody who is gone), what they did, why where a reason is asked, when.

    Then its number, and the check with its site and beginning where it was at one.
    """

    who: str
    action: str
    reason: str
    at: datetime
    id: int
    check: str
    site: str
    begun_at: datetime | None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of a company in a list."""

    id: str
    questionnaire: str
    depth: str
    company_name: str
    site: str
    previous_id: str | None
    created_at: datetime
    changed_at: datetime


_COMPANY: Final[Select[Any]] = select(*(_C[name] for name in Company.__dataclass_fields__))
_BY_ID: Final = _COMPANY.where(_C.id == bindparam("id"))
_OF_PERSON: Final = (
    _COMPANY.add_columns(_M.role)
    .join(memberships, _M.company_id == _C.id)
    .where(_M.person_id == bindparam("person_id"))
    .order_by(_C.name, _C.id)
)
_MEMBERS: Final = (
    select(people.c.id, people.c.name, people.c.email, _M.role, _M.joined_at, people.c.language)
    .join(people, people.c.id == _M.person_id)
    .where(_M.company_id == bindparam("id"))
    .order_by(_M.joined_at, people.c.id)
)
_CHECKS: Final = (
    select(*(_A[name] for name in CheckLine.__dataclass_fields__))
    .where(_A.company_id == bindparam("id"))
    .order_by(_A.changed_at.desc(), _A.id)
)

_L = access_log.c
_LATELY: Final = Written(
    select(_L.id)
    .where(_L.company_id == bindparam("company_id"), _L.at > bindparam("since"))
    .where(_L.assessment_id.is_not_distinct_from(bindparam("assessment_id")), _L.person_id == bindparam("person_id"))
    .where(_L.action == bindparam("action"))
    .limit(1)
)


def add_company(connection: Connection, name: str, owner_id: str, now: datetime) -> Company:
    """A new company with its owner."""
    company = Company(uuid4().hex, name, False, now, None)
    connection.execute(insert(companies), {field: getattr(company, field) for field in Company.__dataclass_fields__})
    add_member(connection, company.id, owner_id, "owner", now)
    return company


def find_company(connection: Connection, company_id: str) -> Company | None:
    """The company of that id."""
    row = connection.execute(_BY_ID, {"id": company_id}).first()
    return Company(*row) if row else None


def companies_of(connection: Connection, person_id: str) -> tuple[tuple[Company, str], ...]:
    """The companies that a person belongs to, each with the person's role, by name."""
    rows = connection.execute(_OF_PERSON, {"person_id": person_id})
    return tuple((Company(*row[:-1]), row[-1]) for row in rows)


def add_member(connection: Connection, company_id: str, person_id: str, role: str, now: datetime) -> None:
    """Let somebody belong to a company. Raises IntegrityError where they do already."""
    connection.execute(
        insert(memberships), {"company_id": company_id, "person_id": person_id, "role": role, "joined_at": now}
    )


def members_of(connection: Connection, company_id: str) -> tuple[Member, ...]:
    """Everybody who belongs to a company, the longest there first."""
    return tuple(Member(*row) for row in connection.execute(_MEMBERS, {"id": company_id}))


def checks_of(connection: Connection, company_id: str) -> tuple[CheckLine, ...]:
    """The checks of a company, the one last changed first."""
    return tuple(CheckLine(*row) for row in connection.execute(_CHECKS, {"id": company_id}))


def owned_by_nobody(connection: Connection) -> tuple[Company, ...]:
    """The companies that have people, and no owner who can sign in, by name."""
    able = _M.company_id == _C.id, _M.role == "owner", people.c.id == _M.person_id
    an_owner = exists().where(*able, people.c.active.is_(True), people.c.erase_at.is_(None))
    left = _COMPANY.where(exists().where(_M.company_id == _C.id), ~an_owner, _C.erase_at.is_(None))
    return tuple(Company(*row) for row in connection.execute(left.order_by(_C.name, _C.id)))


def hold(connection: Connection, company_id: str) -> bool:
    """Hold a company's row until the transaction ends, so that its owners change one after the other."""
    return connection.execute(select(_C.id).where(_C.id == company_id).with_for_update()).first() is not None


def rename(connection: Connection, company_id: str, name: str) -> bool:
    """Give a company another name; whether there is such a company."""
    return connection.execute(update(companies).where(_C.id == company_id).values(name=name)).rowcount == 1


def set_compared(connection: Connection, company_id: str, compared: bool) -> bool:
    """Put down whether a company is counted where all are compared; whether that changes anything."""
    other = update(companies).where(_C.id == company_id, _C.compared.is_(not compared))
    return connection.execute(other.values(compared=compared)).rowcount == 1


def role_of(connection: Connection, company_id: str, person_id: str) -> str:
    """The role of somebody in a company; empty where they have none."""
    member = select(_M.role).where(_M.company_id == company_id, _M.person_id == person_id)
    return str(connection.execute(member).scalar() or "")


def change_role(connection: Connection, company_id: str, person_id: str, role: str) -> bool:
    """Give a member another role; False for somebody who is none, or where no owner would be left."""
    changed = update(memberships).where(_M.company_id == company_id, _M.person_id == person_id)
    if role != "owner":
        changed = changed.where(_an_owner_stays(company_id))
    return connection.execute(changed.values(role=role)).rowcount == 1


def remove_member(connection: Connection, company_id: str, person_id: str) -> bool:
    """Let somebody no longer belong to a company; False for somebody who does not, or where no owner would be left."""
    gone = delete(memberships).where(_M.company_id == company_id, _M.person_id == person_id)
    return connection.execute(gone.where(_an_owner_stays(company_id))).rowcount == 1


def _an_owner_stays(company_id: str) -> ColumnElement[bool]:
    """Whether the row at hand can stop being an owner's. Call `hold` first: two may want to leave at once."""
    other = memberships.alias("other")
    # Whoever has deleted their account is on the way out, and who is switched off cannot come: nothing rests on them.
    staying = (
        select(func.count())
        .select_from(other)
        .join(people, people.c.id == other.c.person_id)
        .where(other.c.company_id == company_id, other.c.role == "owner", other.c.person_id != _M.person_id)
        .where(people.c.erase_at.is_(None), people.c.active.is_(True))
        .correlate(memberships)
        .scalar_subquery()
    )
    return or_(_M.role != "owner", staying > 0)


def claim(connection: Connection, assessment_id: str, company_id: str, now: datetime) -> bool:
    """Take a check without an account into a company; its links, codes and open browsers end with that.

    False where it belongs to a company already: of two who claim at once, one does.
    """
    unowned = update(assessments).where(_A.id == assessment_id, _A.company_id.is_(None))
    if connection.execute(unowned.values(company_id=company_id)).rowcount != 1:
        return False
    for table in (session_drafts, draft_addresses):
        connection.execute(delete(table).where(table.c.assessment_id == assessment_id))
    valid = update(tokens).where(tokens.c.assessment_id == assessment_id, tokens.c.revoked_at.is_(None))
    connection.execute(valid.values(revoked_at=now))
    return True


def untie_from(connection: Connection, claimed: Sequence[str]) -> None:
    """Let checks without an account no longer follow these, which have one now: they would read their answers."""
    followers = update(assessments).where(_A.previous_id.in_(claimed), _A.company_id.is_(None))
    connection.execute(followers.values(previous_id=None))


def _standings() -> tuple[Written, Written, Written, Written]:
    """What tells how a person stands to a company: the role there, a grant, the role of staff, and opened glass."""
    company_id: BindParameter[str] = bindparam("company_id")
    person_id: BindParameter[str] = bindparam("person_id")
    return (
        Written(select(_M.role).where(_M.company_id == company_id, _M.person_id == person_id)),
        Written(
            select(_G.interview_agreed_at)
            .join(companies, _C.id == _G.company_id)
            .where(_G.company_id == company_id, _G.mentor_id == person_id, _G.state == "active")
            .where(_C.restricted.is_(False), _C.erase_at.is_(None))
        ),
        Written(select(people.c.staff_role).where(people.c.id == person_id)),
        Written(
            select(opened_glass.c.id)
            .join(companies, _C.id == opened_glass.c.company_id)
            .where(opened_glass.c.company_id == company_id, opened_glass.c.administrator_id == person_id)
            .where(opened_glass.c.ends_at > bindparam("now"), _C.restricted.is_(False), _C.erase_at.is_(None))
        ),
    )


_ROLE_THERE, _GRANTED, _STAFF_ROLE, _GLASS = _standings()


def standing_in(connection: Connection, company_id: str, person_id: str, now: datetime) -> Standing:
    """How a person stands to a company as a whole."""
    both = {"company_id": company_id, "person_id": person_id}
    relations = {Relation(role) for (role,) in _ROLE_THERE.rows(connection, **both)}
    granted = _GRANTED.rows(connection, **both)
    if granted:
        relations.add(Relation.MENTOR)
    if any(role == "administrator" for (role,) in _STAFF_ROLE.rows(connection, person_id=person_id)):
        relations.add(Relation.ADMINISTRATOR)
    agreed = bool(granted) and granted[0][0] is not None
    return Standing(frozenset(relations), "", agreed, bool(_GLASS.rows(connection, **both, now=now)))


def note_look(
    connection: Connection, company_id: str, assessment_id: str | None, person_id: str, action: str, now: datetime,
    reason: str = "",
) -> None:  # fmt: skip
    """Put down that somebody from outside a company looked at what is its own."""
    row = {
        "company_id": company_id, "assessment_id": assessment_id, "person_id": person_id, "action": action,
        "reason": reason, "at": now,
    }  # fmt: skip
    connection.execute(insert(access_log), row)


def looked_lately(
    database: Database, company_id: str, assessment_id: str | None, person_id: str, action: str, now: datetime
) -> bool:
    """Whether such a look of the last hour stands there already: more would tell the company nothing."""
    values = {"company_id": company_id, "assessment_id": assessment_id, "person_id": person_id, "action": action}
    return database.first(_LATELY, since=now - LOOK_NOTED_EVERY, **values) is not None


def looked_at(connection: Connection, action: str) -> dict[str, datetime]:
    """When each company was looked at last by an action, whoever looked."""
    listed = select(access_log.c.company_id, func.max(access_log.c.at)).where(access_log.c.action == action)
    return {row[0]: row[1] for row in connection.execute(listed.group_by(access_log.c.company_id))}


def looks_at(
    connection: Connection, company_id: str, *, check: str = "", site: str = "", before: int | None = None,
    limit: int = 200,
) -> list[Look]:  # fmt: skip
    """Who looked at a company, the newest first: at one of its checks or sites alone, or before a row."""
    listed = (
        select(
            func.coalesce(people.c.name, ""), _L.action, _L.reason, _L.at, _L.id, func.coalesce(_L.assessment_id, ""),
            func.coalesce(_A.site, ""), _A.created_at,
        )
        .outerjoin(people, people.c.id == _L.person_id)
        .outerjoin(assessments, _A.id == _L.assessment_id)
        .where(_L.company_id == company_id)
        .order_by(_L.at.desc(), _L.id.desc())
        .limit(limit)
    )  # fmt: skip
    if check:
        listed = listed.where(_L.assessment_id == check)
    if site:
        listed = listed.where(_A.site == site)
    if before is not None:
        listed = listed.where(_L.id < before)
    return [Look(*row) for row in connection.execute(listed)]
