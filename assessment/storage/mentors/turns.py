"""What waits for one side of a review or for the deadline of a plan, and who is to be told of it by mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, func, literal_column, or_, select, union_all

from assessment.storage.mentors.review_tables import comments, mentor_suggestions, reviews
from assessment.storage.people.people_tables import companies, grants, memberships, people
from assessment.storage.tables import assessments, plan_items

_A, _C, _P, _M, _G = assessments.c, companies.c, people.c, memberships.c, grants.c
_R, _S, _I, _W = reviews.c, mentor_suggestions.c, plan_items.c, comments.c

Side = Literal["company", "mentor"]
_ONE: Final = literal_column("1", Integer)
_NONE: Final = literal_column("0", Integer)


@dataclass(frozen=True, slots=True)
class Turn:
    """How much of one check came lately for one side, and when the last of it did."""

    check_id: str
    site: str
    company_id: str
    company: str
    answers: int
    suggestions: int
    comments: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody to be told."""

    person_id: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The actions of one check that are due on a day."""

    check_id: str
    company_id: str
    company: str
    day: date
    measures: Sequence[str]
    """The ids of those from the engine, which has their titles."""
    titles: Sequence[str]
    """The titles of all others."""


_FOR_COMPANY: Final[tuple[ColumnElement[bool], ColumnElement[bool]]] = (
    or_(_R.state == "proposed", and_(_R.state == "asked", _R.reply == "")),
    _S.state == "offered",
)
_FOR_MENTOR: Final[tuple[ColumnElement[bool], ColumnElement[bool]]] = (
    or_(_R.state.in_(("accepted", "disputed")), and_(_R.state == "asked", _R.reply != "")),
    _S.state.in_(("accepted", "declined")),
)


def turns(connection: Connection, side: Side, since: datetime) -> tuple[Turn, ...]:
    """The checks of companies in which something came for one side since then and still stands so."""
    said, suggested = _FOR_COMPANY if side == "company" else _FOR_MENTOR
    came = union_all(
        select(_R.assessment_id.label("check_id"), _ONE.label("answers"), _NONE.label("suggestions"),
               _NONE.label("comments"), _R.changed_at.label("at")).where(said, _R.changed_at > since),
        select(_S.assessment_id, _NONE, _ONE, _NONE, _S.changed_at).where(suggested, _S.changed_at > since),
        select(_W.assessment_id, _NONE, _NONE, _ONE, _W.at).where(
            _W.settled.is_(False), _W.by_mentor.is_(side == "company"), _W.at > since
        ),
    ).subquery()  # fmt: skip
    found: Select[Any] = (
        select(_A.id, _A.site, _C.id, _C.name, func.sum(came.c.answers), func.sum(came.c.suggestions),
               func.sum(came.c.comments), func.max(came.c.at, type_=_R.changed_at.type))
        .select_from(came)
        .join(assessments, _A.id == came.c.check_id)
        .join(companies, _C.id == _A.company_id)
        .where(_C.erase_at.is_(None))
        .group_by(_A.id, _A.site, _C.id, _C.name)
        .order_by(_A.id)
    )  # fmt: skip
    if side == "mentor":
        found = found.where(_C.restricted.is_(False))
    return tuple(Turn(*row) for row in connection.execute(found))


def receivers(connection: Connection, side: Side, company_id: str) -> tuple[Receiver, ...]:
    """Who of one side wants to be told of reviews: the members of a company, or the mentors it has let in."""
    listed = select(_P.id, _P.email, _P.language).where(_P.active.is_(True), _P.review_mails.is_(True))
    if side == "company":
        listed = listed.join(memberships, _M.person_id == _P.id).where(_M.company_id == company_id)
    else:
        listed = listed.join(grants, _G.mentor_id == _P.id)
        listed = listed.where(_G.company_id == company_id, _G.state == "active", _P.staff_role == "mentor")
    return tuple(Receiver(*row) for row in connection.execute(listed.order_by(_P.id)))


def deadlines(connection: Connection, first: date, last: date) -> tuple[Deadline, ...]:
    """What is due from one day to another and not done, of companies in which somebody wants to be reminded."""
    wanted = select(_M.company_id).join(people, _P.id == _M.person_id)
    wanted = wanted.where(_P.active.is_(True), _P.plan_reminders.is_(True))
    found = (
        select(_A.id, _C.id, _C.name, _I.deadline, _I.measure, _I.title)
        .join(assessments, _A.id == _I.assessment_id)
        .join(companies, _C.id == _A.company_id)
        .where(_I.deadline.between(first, last), _I.status.not_in(("done", "not-for-us")))
        .where(_C.erase_at.is_(None), _C.id.in_(wanted))
        .order_by(_A.id, _I.deadline, _I.added_at, _I.id)
    )
    together: dict[tuple[str, str, str, date], list[tuple[str | None, str]]] = {}
    for check_id, company_id, company, day, measure, title in connection.execute(found):
        together.setdefault((check_id, company_id, company, day), []).append((measure, title))
    return tuple(
        Deadline(*key, [name for name, _ in items if name], [title for name, title in items if not name])
        for key, items in together.items()
    )


def to_remind(connection: Connection, company_id: str) -> tuple[Receiver, ...]:
    """The members of a company who want to be reminded of deadlines."""
    listed = (
        select(_P.id, _P.email, _P.language)
        .join(memberships, _M.person_id == _P.id)
        .where(_M.company_id == company_id, _P.active.is_(True), _P.plan_reminders.is_(True))
        .order_by(_P.id)
    )
    return tuple(Receiver(*row) for row in connection.execute(listed))
