"""Mentors and the companies that let them in: offers, access that begins and ends, handing over, and what is on record.

A row with the state "offered" is a mentor's offer, a successor's, or what a cluster proposes, and waits for the
company; what a company offers to a mentor is a link (`links_once.py`) until the mentor accepts. Before that
nothing is seen by anybody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, and_, insert, or_, select, update

from assessment.storage.clusters.cluster_tables import clusters
from assessment.storage.people.people_tables import companies, company_consents, grants, memberships, people

OFFER_HOLDS: Final = timedelta(days=14)

_G, _C, _P, _M = grants.c, companies.c, people.c, memberships.c


@dataclass(frozen=True, slots=True)
class Grant:
    """One mentor of a company, or one that offers to be; `from_grant` is the access that this one would take over."""

    id: str
    company_id: str
    company: str
    mentor_id: str
    mentor: str
    email: str
    state: str
    from_grant: str | None
    interview_agreed_at: datetime | None
    offered_at: datetime
    begun_at: datetime | None
    cluster: str | None = None
    """The name of the cluster that proposed the mentor."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What goes on record of a consent: over which words, in which language, in which manner, by whom."""

    text_hash: str
    language: str
    how: str
    person_id: str


INTERVIEW: Final = "interview"
"""The viewer under which it is on record that a mentor may fill in for the company while they talk."""


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner of a company, and the language in which they are written to."""

    person_id: str
    email: str
    language: str


_GRANT: Final[Select[Any]] = (
    select(
        _G.id, _G.company_id, _C.name, _G.mentor_id, _P.name, _P.email, _G.state, _G.from_grant,
        _G.interview_agreed_at, _G.offered_at, _G.begun_at, clusters.c.name.label("cluster"),
    )
    .join(companies, _C.id == _G.company_id)
    .outerjoin(clusters, clusters.c.id == _G.proposed_by)
    .join(people, _P.id == _G.mentor_id)
    .order_by(_G.offered_at, _G.id)
)  # fmt: skip


def _live(now: datetime) -> ColumnElement[bool]:
    return or_(_G.state == "active", _open(now))


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(_G.state == "offered", _G.offered_at > now - OFFER_HOLDS)


def grants_of(connection: Connection, company_id: str, now: datetime) -> tuple[Grant, ...]:
    """The mentors of a company and those who offer to be, the first first."""
    return tuple(Grant(*row) for row in connection.execute(_GRANT.where(_G.company_id == company_id, _live(now))))


def grants_to(connection: Connection, mentor_id: str, now: datetime) -> tuple[Grant, ...]:
    """The companies that a mentor has access to or has made an offer."""
    seen = and_(_C.restricted.is_(False), _C.erase_at.is_(None))
    return tuple(Grant(*row) for row in connection.execute(_GRANT.where(_G.mentor_id == mentor_id, _live(now), seen)))


def all_to(connection: Connection, mentor_id: str) -> tuple[Grant, ...]:
    """All access and offers of a mentor, whatever state their companies are in."""
    theirs = _GRANT.where(_G.mentor_id == mentor_id, _G.state.in_(("active", "offered")))
    return tuple(Grant(*row) for row in connection.execute(theirs))


def find_grant(connection: Connection, company_id: str, grant_id: str, now: datetime) -> Grant | None:
    """A grant of a company that still means something."""
    row = connection.execute(_GRANT.where(_G.company_id == company_id, _G.id == grant_id, _live(now))).first()
    return Grant(*row) if row else None


def offer(
    connection: Connection, company_id: str, mentor_id: str, now: datetime, from_grant: str | None = None,
    proposed_by: str | None = None,
) -> str | None:  # fmt: skip
    """A mentor's offer to a company, or a cluster's; None where that mentor has access or an open offer already."""
    known = select(_G.id).where(_G.company_id == company_id, _G.mentor_id == mentor_id, _live(now))
    if connection.execute(known).first() is not None:
        return None
    return _add(connection, company_id, mentor_id, now, "offered", from_grant=from_grant, proposed_by=proposed_by)


def begin(connection: Connection, company_id: str, mentor_id: str, recorded: Recorded, now: datetime) -> bool:
    """Let a mentor in whom the company has invited; False where they are in already.

    An offer that the mentor had made is taken up with it.
    """
    theirs = (_G.company_id == company_id, _G.mentor_id == mentor_id)
    if connection.execute(select(_G.id).where(*theirs, _G.state == "active")).first() is not None:
        return False
    begun = update(grants).where(*theirs, _open(now)).values(state="active", begun_at=now)
    if connection.execute(begun).rowcount == 0:
        _add(connection, company_id, mentor_id, now, "active", begun_at=now)
    _record(connection, company_id, mentor_id, True, recorded, now)
    return True


def accept(connection: Connection, grant: Grant, recorded: Recorded, now: datetime) -> bool:
    """A company takes up a mentor's offer; whoever hands over to them is out with it. False where it is not open."""
    taken = update(grants).where(_G.id == grant.id, _open(now)).values(state="active", begun_at=now)
    if connection.execute(taken).rowcount != 1:
        return False
    _record(connection, grant.company_id, grant.mentor_id, True, recorded, now)
    if grant.from_grant is not None:
        before = select(_G.mentor_id).where(_G.id == grant.from_grant, _G.company_id == grant.company_id)
        predecessor = connection.execute(before).scalar()
        if predecessor is not None:
            end(connection, grant.company_id, predecessor, recorded, now)
    return True


def decline(connection: Connection, grant: Grant, now: datetime) -> bool:
    """A company does not take up an offer; False where it is not open."""
    declined = update(grants).where(_G.id == grant.id, _open(now)).values(state="declined", ended_at=now)
    return connection.execute(declined).rowcount == 1


def end(connection: Connection, company_id: str, mentor_id: str, recorded: Recorded, now: datetime) -> bool:
    """End all that a mentor has of a company, offers included; whether they had access."""
    theirs = (_G.company_id == company_id, _G.mentor_id == mentor_id)
    connection.execute(update(grants).where(*theirs, _G.state == "offered").values(state="ended", ended_at=now))
    active = update(grants).where(*theirs, _G.state == "active")
    interview = active.where(_G.interview_agreed_at.is_not(None)).values(interview_agreed_at=None)
    if connection.execute(interview).rowcount:
        _record(connection, company_id, mentor_id, False, recorded, now, INTERVIEW)
    ended = connection.execute(active.values(state="ended", ended_at=now)).rowcount > 0
    if ended:
        _record(connection, company_id, mentor_id, False, recorded, now)
    return ended


def agree_to_interview(
    connection: Connection, grant: Grant, given: bool, recorded: Recorded, now: datetime
) -> bool:  # fmt: skip
    """Record that a mentor may fill in for the company, or no longer may; whether that is new."""
    stood = _G.interview_agreed_at.is_(None) if given else _G.interview_agreed_at.is_not(None)
    active = update(grants).where(_G.id == grant.id, _G.state == "active", stood)
    changed = connection.execute(active.values(interview_agreed_at=now if given else None)).rowcount == 1
    if changed:
        _record(connection, grant.company_id, grant.mentor_id, given, recorded, now, INTERVIEW)
    return changed


def mentors_to_find(connection: Connection) -> tuple[tuple[str, str], ...]:
    """The mentors who want to be found: id and name."""
    listed = select(_P.id, _P.name).where(
        _P.staff_role == "mentor", _P.active.is_(True), _P.takes_clients.is_(True), _P.name != ""
    )
    return tuple((row.id, row.name) for row in connection.execute(listed.order_by(_P.name, _P.id)))


def can_be_found(connection: Connection, mentor_id: str) -> bool:
    """Whether a mentor wants to be found."""
    return bool(connection.execute(select(_P.takes_clients).where(_P.id == mentor_id)).scalar())


def let_be_found(connection: Connection, mentor_id: str, wanted: bool) -> None:
    """Keep whether a mentor wants to be found."""
    connection.execute(update(people).where(_P.id == mentor_id).values(takes_clients=wanted))


def owners_of(connection: Connection, company_id: str) -> tuple[Owner, ...]:
    """Who owns a company, those aside who have deleted their account."""
    listed = select(_P.id, _P.email, _P.language).join(memberships, _M.person_id == _P.id)
    owner = (_M.company_id == company_id, _M.role == "owner", _P.erase_at.is_(None))
    rows = connection.execute(listed.where(*owner).order_by(_P.id))
    return tuple(Owner(*row) for row in rows)


def companies_owned_by(connection: Connection, email: str) -> tuple[str, ...]:
    """The companies whose owner has that address and that can be offered something."""
    listed = (
        select(_C.id)
        .join(memberships, _M.company_id == _C.id)
        .join(people, _P.id == _M.person_id)
        .where(_P.email == email, _P.active.is_(True), _M.role == "owner", _C.restricted.is_(False))
        .where(_C.erase_at.is_(None))
        .order_by(_C.id)
    )
    return tuple(connection.execute(listed).scalars())


def _add(connection: Connection, company_id: str, mentor_id: str, now: datetime, state: str, **more: object) -> str:
    grant_id = uuid4().hex
    row = {
        "id": grant_id, "company_id": company_id, "mentor_id": mentor_id, "state": state, "from_grant": None,
        "interview_agreed_at": None, "offered_at": now, "begun_at": None, "ended_at": None, **more,
    }  # fmt: skip
    connection.execute(insert(grants), row)
    return grant_id


def _record(
    connection: Connection, company_id: str, mentor_id: str, given: bool, recorded: Recorded, now: datetime,
    viewer: str = "mentor",
) -> None:  # fmt: skip
    row = {
        "company_id": company_id, "viewer": viewer, "viewer_id": mentor_id, "given": given,
        "text_hash": recorded.text_hash, "language": recorded.language, "how": recorded.how,
        "person_id": recorded.person_id, "at": now,
    }  # fmt: skip
    connection.execute(insert(company_consents), row)
