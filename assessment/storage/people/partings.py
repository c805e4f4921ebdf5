"""Companies and people who go: a company with all that is its own, an account, somebody who leaves what stays.

What belongs to a check goes by `erasure.py`; here are the things around it. Call `Database.scrub` after the
transaction.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, func, or_, select, update

from assessment.storage.checks import draft_addresses
from assessment.storage.clusters import clusters
from assessment.storage.clusters.campaigns import end_links_of_cluster, forget_address
from assessment.storage.clusters.cluster_members import take_out_of_clusters
from assessment.storage.clusters.cluster_tables import cluster_managers, cluster_members
from assessment.storage.columns import metadata
from assessment.storage.people.people_tables import companies, memberships, people
from assessment.storage.tables import answer_history, assessments, idempotency, jobs, sessions, tokens
from assessment.storage.upkeep import erasure

_C, _M, _P = companies.c, memberships.c, people.c

FIRST_NOTICE: Final = timedelta(days=60)
SECOND_NOTICE: Final = timedelta(days=14)
"""How long before an unused account goes its owner is told of it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What went with a company, a person or a cluster: the ids, for the list that a restored backup is held against."""

    companies: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.companies, *self.checks, *self.people, *self.clusters)

    def __add__(self, other: "Gone") -> "Gone":
        return Gone(
            self.companies + other.companies, self.checks + other.checks, self.people + other.people,
            self.clusters + other.clusters,
        )  # fmt: skip

    def __bool__(self) -> bool:
        return bool(self.ids)


def mark_for_erasing(connection: Connection, company_id: str, erase_at: datetime) -> bool:
    """A company is to be erased at that moment; False where it is marked already."""
    unmarked = update(companies).where(_C.id == company_id, _C.erase_at.is_(None))
    return connection.execute(unmarked.values(erase_at=erase_at)).rowcount == 1


def take_back(connection: Connection, company_id: str, now: datetime) -> bool:
    """A company stays after all; False where it is not marked, or its time is over."""
    marked = update(companies).where(_C.id == company_id, _C.erase_at > now)
    return connection.execute(marked.values(erase_at=None)).rowcount == 1


def mark_account(connection: Connection, person_id: str, erase_at: datetime) -> None:
    """An account is to be erased at that moment, and is switched off until then."""
    connection.execute(update(people).where(_P.id == person_id).values(erase_at=erase_at, active=False))


def keep_account(connection: Connection, person_id: str, now: datetime) -> bool:
    """An account stays after all; False where it is not marked, or its time is over."""
    marked = update(people).where(_P.id == person_id, _P.erase_at > now)
    return connection.execute(marked.values(erase_at=None, active=True)).rowcount == 1


def due_accounts(connection: Connection, now: datetime, limit: int = 50) -> tuple[str, ...]:
    """The accounts whose time to be taken back is over."""
    return tuple(connection.execute(select(_P.id).where(_P.erase_at <= now).order_by(_P.id).limit(limit)).scalars())


def due_companies(connection: Connection, now: datetime, limit: int = 50) -> tuple[str, ...]:
    """The companies whose time to be taken back is over, and those that nobody belongs to any more."""
    return tuple(connection.execute(select(_C.id).where(_is_due(now)).order_by(_C.id).limit(limit)).scalars())


def is_due(connection: Connection, company_id: str, now: datetime) -> bool:
    """Whether one company is among them."""
    return connection.execute(select(_C.id).where(_C.id == company_id, _is_due(now))).first() is not None


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(_C.erase_at <= now, ~exists().where(_M.company_id == _C.id))


def administrators(connection: Connection) -> int:
    """How many administrators can sign in."""
    count = select(func.count()).where(_P.staff_role == "administrator", _P.active.is_(True))
    return int(connection.execute(count).scalar_one())


def only_here(connection: Connection, company_id: str) -> tuple[tuple[str, str], ...]:
    """Id and address of the members who belong to no other company and have no staff role: they go with it."""
    elsewhere = memberships.alias("elsewhere")
    other = exists().where(elsewhere.c.person_id == _P.id, elsewhere.c.company_id != company_id)
    listed = (
        select(_P.id, _P.email)
        .join(memberships, and_(_M.person_id == _P.id, _M.company_id == company_id))
        # Whoever has deleted their account has their own day.
        .where(_P.staff_role == "", ~other, _P.erase_at.is_(None))
        .order_by(_P.id)
    )
    return tuple((row.id, row.email) for row in connection.execute(listed))


def erase_company(connection: Connection, company_id: str) -> Gone:
    """Delete a company, its checks and all else of it, and the accounts that were there for it alone."""
    found = select(assessments.c.id).where(assessments.c.company_id == company_id)
    checks = tuple(connection.execute(found).scalars())
    lonely = only_here(connection, company_id)
    for check in checks:
        erasure.erase(connection, check)
    forget_words(connection, company_id)
    take_out_of_clusters(connection, company_id)
    there = connection.execute(delete(companies).where(_C.id == company_id)).rowcount
    gone = Gone((company_id,) if there else (), checks)
    for person_id, _ in lonely:
        gone += erase_person(connection, person_id)
    return gone


def sole_owner_of(connection: Connection, person_id: str) -> tuple[str, ...]:
    """The companies that would be left without an owner who can sign in if this person went, by name."""
    return _owned_alone(connection, person_id, able=True)


def leaving_nobody(connection: Connection, person_id: str) -> tuple[str, ...]:
    """Those of them that would be left without any owner: who is only switched off can be switched on again."""
    return _owned_alone(connection, person_id)


def _owned_alone(connection: Connection, person_id: str, *, able: bool = False) -> tuple[str, ...]:
    others, them = memberships.alias("others"), people.alias("them")
    another = exists().where(
        others.c.company_id == _M.company_id, others.c.person_id != person_id, others.c.role == "owner",
        them.c.id == others.c.person_id, them.c.erase_at.is_(None), *([them.c.active.is_(True)] if able else []),
    )  # fmt: skip
    owned = select(_M.company_id).join(companies, _C.id == _M.company_id)
    owned = owned.where(_M.person_id == person_id, _M.role == "owner", ~another).order_by(_C.name, _C.id)
    return tuple(connection.execute(owned).scalars())


def erase_person(connection: Connection, person_id: str) -> Gone:
    """Delete an account. What they wrote for a company that stays remains there without their name."""
    email = connection.execute(select(_P.email).where(_P.id == person_id)).scalar()
    if email is None:
        return Gone()
    connection.execute(delete(sessions).where(sessions.c.person_id == person_id))
    connection.execute(delete(tokens).where(or_(tokens.c.person_id == person_id, tokens.c.email == email)))
    forget_words(connection, person_id, email)
    forget_address(connection, email)
    draft_addresses.forget(connection, email=email)
    given = update(answer_history).where(answer_history.c.person_id == person_id)
    connection.execute(given.values(person_id=None))
    connection.execute(delete(people).where(_P.id == person_id))
    return Gone(people=(person_id,))


def erase_cluster(connection: Connection, cluster_id: str) -> Gone:
    """Delete a cluster with its list, campaigns and plans; what it released stays, under no name, for later audits."""
    end_links_of_cluster(connection, cluster_id)
    return Gone(clusters=(cluster_id,)) if clusters.remove(connection, cluster_id) else Gone()


def forget_author(connection: Connection, company_id: str, person_id: str) -> None:
    """Somebody left a company that stays: what they did and wrote there is by a former member from now on."""
    for table in _signed("company_id"):
        mine = update(table).where(table.c.company_id == company_id, table.c.person_id == person_id)
        connection.execute(mine.values(person_id=None))
    of_company = select(assessments.c.id).where(assessments.c.company_id == company_id)
    for table in _signed("assessment_id"):
        written = update(table).where(table.c.assessment_id.in_(of_company), table.c.person_id == person_id)
        connection.execute(written.values(person_id=None))


def forget_manager(connection: Connection, cluster_id: str, person_id: str) -> None:
    """Somebody no longer runs a cluster: what they made there stays, and nobody is named for it."""
    for table in _signed("cluster_id"):
        mine = update(table).where(table.c.cluster_id == cluster_id, table.c.person_id == person_id)
        connection.execute(mine.values(person_id=None))


def restrict(connection: Connection, company_id: str, restricted: bool) -> bool:
    """Keep a company's data and let nobody outside it read them, or end that; whether anything changed."""
    other = update(companies).where(_C.id == company_id, _C.restricted.is_not(restricted))
    return connection.execute(other.values(restricted=restricted)).rowcount == 1


def unused_accounts(
    connection: Connection, now: datetime, kept: timedelta, notices: int, limit: int = 50
) -> tuple[tuple[str, str, str], ...]:
    """Id, address and language of those who were told `notices` times and are to be told again, or to go.

    An administrator never goes by this, since an instance needs one. Somebody else of the company who was there lately
    keeps the account of its only owner, because the company cannot be without one; so does somebody of a member that of
    its cluster's only manager. Who is switched off cannot come, and does not go for staying away.
    """
    limit_day = now - kept
    # The notices have their distance to each other and to the end, even where the calendar stood still for long.
    told_before = {1: FIRST_NOTICE - SECOND_NOTICE, 2: SECOND_NOTICE}
    long_away = _P.told_at <= now - told_before[notices] if notices else _P.seen_at <= limit_day + FIRST_NOTICE
    colleague, theirs, other = memberships.alias("colleague"), memberships.alias("theirs"), people.alias("other")
    kept_by_others = exists().where(
        theirs.c.person_id == _P.id,
        theirs.c.role == "owner",
        colleague.c.company_id == theirs.c.company_id,
        colleague.c.person_id != _P.id,
        other.c.id == colleague.c.person_id,
        other.c.seen_at > limit_day + FIRST_NOTICE,
    )
    run, member = cluster_managers.alias("run"), cluster_members.alias("member")
    kept_by_members = exists().where(
        run.c.person_id == _P.id,
        _P.staff_role == "manager",
        ~clusters.somebody_runs(run.c.cluster_id, without=run.c.person_id),
        member.c.cluster_id == run.c.cluster_id,
        colleague.c.company_id == member.c.company_id,
        other.c.id == colleague.c.person_id,
        other.c.id != _P.id,
        other.c.seen_at > limit_day + FIRST_NOTICE,
    )
    due = select(_P.id, _P.email, _P.language).where(
        _P.notices == notices, long_away, _P.staff_role != "administrator", _P.active.is_(True),
        _P.erase_at.is_(None), ~kept_by_others, ~kept_by_members,
    )  # fmt: skip
    return tuple((row.id, row.email, row.language) for row in connection.execute(due.order_by(_P.id).limit(limit)))


def count_notice(connection: Connection, person_id: str, notices: int, now: datetime) -> None:
    """Somebody was told for the n-th time that their account will go."""
    connection.execute(update(people).where(_P.id == person_id).values(notices=notices, told_at=now))


def forget_notices(connection: Connection, now: datetime, kept: timedelta) -> int:
    """Whoever came back is told anew when they stay away again; how many came back."""
    back = update(people).where(_P.notices > 0, _P.seen_at > now - kept + FIRST_NOTICE)
    return connection.execute(back.values(notices=0, told_at=None)).rowcount


def prune_tokens(connection: Connection, now: datetime, kept: timedelta) -> int:
    """Delete the links that ended, or were made and left unused, longer ago than they are kept; how many went."""
    t, until = tokens.c, now - kept
    left_unused = and_(t.created_at <= until, t.expires_at <= now)
    ended = or_(t.revoked_at <= until, t.used_at <= until, left_unused)
    return connection.execute(delete(tokens).where(ended)).rowcount


_BY_OTHERS: Final = frozenset({"access_log", "tokens"})
"""Who looked from outside, and for whom a link is: neither is signed by somebody who belongs there."""
_WHOSE: Final = ("company_id", "assessment_id", "cluster_id")


def _signed(whose: str) -> Sequence[Table]:
    """The tables that say who did something, by whom their rows belong to: a company, a check, or a cluster alone."""
    return [
        table for table in metadata.sorted_tables
        if table.name not in _BY_OTHERS and "person_id" in table.columns and table.c.person_id.nullable
        and next((name for name in _WHOSE if name in table.columns), "") == whose
    ]  # fmt: skip


def forget_words(connection: Connection, *words: str) -> None:
    """Delete what names somebody in a text alone: a job that waits, a reply that is kept for a form sent twice."""
    for word in words:
        # An address is sought with its quotes, because it may be the end of another one.
        written = json.dumps(word) if "@" in word else word
        connection.execute(delete(jobs).where(jobs.c.arguments.contains(written, autoescape=True)))
        connection.execute(delete(idempotency).where(idempotency.c.answer.contains(word, autoescape=True)))
