"""Campaigns of clusters: what is written, to whom, how far it has gone, and which addresses are never written to.

What becomes of one address: listed, queued, sent or failed; joined or opted out whenever that happens. Of what a
company does once it has joined nothing is kept here.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    distinct,
    func,
    insert,
    or_,
    select,
    update,
)

from assessment.core.ordering import by_name
from assessment.storage.clusters.cluster_tables import campaign_addresses, campaigns, cluster_members, opt_outs
from assessment.storage.conflicts import insert_once
from assessment.storage.people.people_tables import memberships, people
from assessment.storage.tables import tokens

ALL_CLUSTERS: Final = ""
"""Stands where somebody opted out of the mails of every cluster."""
MOST_REMINDERS: Final = 2
_AT_ONCE: Final = 500
_NAMELESS: Final = {"email": None, "hash": None, "company": "", "link_id": None}

_C, _A, _O, _M = campaigns.c, campaign_addresses.c, opt_outs.c, cluster_members.c


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign; `texts` are subject and text by language."""

    id: str
    cluster_id: str
    name: str
    texts: Mapping[str, Mapping[str, str]]
    state: str
    pending: str
    pending_at: datetime | None
    listed_at: datetime | None
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a campaign; `email` and `hash` are None once it is forgotten."""

    id: str
    campaign_id: str
    email: str | None
    hash: str | None
    company: str
    language: str
    state: str
    reminders: int
    mailed_at: datetime | None
    link_id: str | None
    member_id: str | None


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address to be put on a campaign's list."""

    email: str
    hash: str
    company: str
    language: str
    state: str


_CAMPAIGN: Final[Select[Any]] = select(*(_C[name] for name in Campaign.__dataclass_fields__))
_ADDRESS: Final[Select[Any]] = select(*(_A[name] for name in Address.__dataclass_fields__))


def add(
    connection: Connection, cluster_id: str, name: str, texts: Mapping[str, Mapping[str, str]], person_id: str,
    now: datetime,
) -> str:  # fmt: skip
    """A new campaign; its id."""
    row = {
        "id": uuid4().hex, "cluster_id": cluster_id, "name": name, "texts": json.dumps(texts), "state": "draft",
        "pending": "", "pending_at": None, "listed_at": None, "created_at": now, "sent_at": None,
        "person_id": person_id,
    }  # fmt: skip
    connection.execute(insert(campaigns), row)
    return str(row["id"])


def find(connection: Connection, campaign_id: str) -> Campaign | None:
    """One campaign."""
    row = connection.execute(_CAMPAIGN.where(_C.id == campaign_id)).first()
    return _campaign(row) if row else None


def of_cluster(connection: Connection, cluster_id: str) -> tuple[Campaign, ...]:
    """The campaigns of a cluster, the newest first."""
    rows = connection.execute(_CAMPAIGN.where(_C.cluster_id == cluster_id).order_by(_C.created_at.desc(), _C.id))
    return tuple(map(_campaign, rows))


def in_state(connection: Connection, state: str) -> tuple[str, ...]:
    """The ids of all campaigns in a state."""
    return tuple(connection.execute(select(_C.id).where(_C.state == state).order_by(_C.id)).scalars())


def _campaign(row: Sequence[Any]) -> Campaign:
    values = dict(zip(Campaign.__dataclass_fields__, row, strict=True))
    return Campaign(**{**values, "texts": json.loads(values["texts"])})


def change(connection: Connection, campaign_id: str, **values: Any) -> bool:
    """Set some of a campaign's columns; whether there is such a campaign."""
    if isinstance(texts := values.get("texts"), Mapping):
        values["texts"] = json.dumps(texts)
    return connection.execute(update(campaigns).where(_C.id == campaign_id).values(**values)).rowcount == 1


def remove(connection: Connection, campaign_id: str) -> None:
    """Take a campaign away, with its list and the links of its invitations."""
    _end_links(connection, _A.campaign_id == campaign_id)
    connection.execute(delete(campaigns).where(_C.id == campaign_id))


def end_links_of_cluster(connection: Connection, cluster_id: str) -> None:
    """Delete the links of a cluster's invitations, before it goes: they hold addresses."""
    _end_links(connection, _A.campaign_id.in_(select(_C.id).where(_C.cluster_id == cluster_id)))


def _end_links(connection: Connection, which: Any) -> None:
    theirs = select(_A.link_id).where(which, _A.link_id.is_not(None))
    connection.execute(delete(tokens).where(tokens.c.id.in_(theirs)))


# Addresses


def addresses_of(connection: Connection, campaign_id: str) -> tuple[Address, ...]:
    """The addresses of a campaign that are not forgotten, by address."""
    listed = _ADDRESS.where(_A.campaign_id == campaign_id, _A.email.is_not(None))
    return tuple(
        sorted((Address(*row) for row in connection.execute(listed)), key=lambda one: by_name(one.email or ""))
    )


def emails_of(connection: Connection, campaign_id: str) -> frozenset[str]:
    """The same, as bare addresses."""
    listed = select(_A.email).where(_A.campaign_id == campaign_id, _A.email.is_not(None))
    return frozenset(connection.execute(listed).scalars())


def find_address(connection: Connection, address_id: str) -> Address | None:
    """One address."""
    row = connection.execute(_ADDRESS.where(_A.id == address_id)).first()
    return Address(*row) if row else None


def add_addresses(connection: Connection, campaign_id: str, new: Iterable[NewAddress]) -> int:
    """Put addresses on a campaign's list; how many there were. None may be on it."""
    rows = [
        {
            "id": uuid4().hex, "campaign_id": campaign_id, "email": each.email, "hash": each.hash,
            "company": each.company, "language": each.language, "state": each.state, "reminders": 0, "mailed_at": None,
            "link_id": None, "member_id": None,
        }
        for each in new
    ]  # fmt: skip
    if rows:
        connection.execute(insert(campaign_addresses), rows)
    return len(rows)


def clear(connection: Connection, campaign_id: str) -> int:
    """Take the addresses off the list that nobody wrote to; how many that were."""
    unwritten = delete(campaign_addresses).where(
        _A.campaign_id == campaign_id, _A.mailed_at.is_(None), _A.state.in_(("listed", "failed", "opted-out"))
    )
    return connection.execute(unwritten).rowcount


def counts_of(connection: Connection, campaign_id: str) -> dict[str, int]:
    """How many addresses of a campaign are in which state, forgotten ones too."""
    counted = select(_A.state, func.count()).where(_A.campaign_id == campaign_id).group_by(_A.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


def mailed_of(connection: Connection, campaign_id: str) -> tuple[int, datetime | None]:
    """To how many addresses a campaign has written, and when it last did."""
    written = select(func.count(_A.mailed_at), func.max(_A.mailed_at)).where(_A.campaign_id == campaign_id)
    count, last = connection.execute(written).one()
    return int(count), last


def to_write(connection: Connection, campaign_id: str) -> tuple[Address, ...]:
    """Those that no mail has reached yet, those whose mail failed among them."""
    listed = _ADDRESS.where(
        _A.campaign_id == campaign_id, _A.email.is_not(None), _A.state.in_(("listed", "failed")),
        _A.mailed_at.is_(None),
    ).order_by(_A.email)  # fmt: skip
    return tuple(Address(*row) for row in connection.execute(listed))


def to_remind(connection: Connection, campaign_id: str, mailed_before: datetime) -> tuple[Address, ...]:
    """Those that were written to long enough ago, have neither joined nor opted out, and have reminders left."""
    waiting = _ADDRESS.where(_reminders_left(campaign_id), _A.mailed_at <= mailed_before).order_by(_A.email)
    return tuple(Address(*row) for row in connection.execute(waiting))


def first_to_remind(connection: Connection, campaign_id: str) -> datetime | None:
    """When the one was written to who waits longest for a reminder, however long ago that is."""
    return connection.execute(select(func.min(_A.mailed_at)).where(_reminders_left(campaign_id))).scalar()


def _reminders_left(campaign_id: str) -> ColumnElement[bool]:
    return and_(
        _A.campaign_id == campaign_id, _A.email.is_not(None), _A.state.in_(("sent", "failed")),
        _A.reminders < MOST_REMINDERS,
    )  # fmt: skip


def queue(connection: Connection, links: Mapping[str, str]) -> None:
    """Addresses wait for their mail, each with the link that it shows."""
    rows = [{"key": address, "link": link} for address, link in links.items()]
    if rows:
        queued = update(campaign_addresses).where(_A.id == bindparam("key"))
        connection.execute(queued.values(state="queued", link_id=bindparam("link")), rows)


def unqueue(connection: Connection, campaign_id: str, state: str = "") -> int:
    """Addresses wait no longer: each is what it was before, or what is told; how many there were."""
    waiting = update(campaign_addresses).where(_A.campaign_id == campaign_id, _A.state == "queued")
    before = case((_A.mailed_at.is_(None), "listed"), else_="sent")
    return connection.execute(waiting.values(state=state or before)).rowcount


def mark(connection: Connection, address_id: str, state: str, among: Collection[str] = ("queued",)) -> bool:
    """Note what became of an address, if it is still in one of these states."""
    here = update(campaign_addresses).where(_A.id == address_id, _A.state.in_(among))
    return connection.execute(here.values(state=state)).rowcount == 1


def mark_sent(connection: Connection, address_id: str, reminders: int, now: datetime) -> None:
    """A mail went out to an address; whoever joined or opted out meanwhile stays what they are."""
    here = update(campaign_addresses).where(_A.id == address_id)
    state = case((_A.state.in_(("joined", "opted-out")), _A.state), else_="sent")
    connection.execute(here.values(state=state, reminders=reminders, mailed_at=now))


def mark_joined(connection: Connection, cluster_id: str, email_hash: str, member_id: str) -> None:
    """A company came into a cluster by an address: no campaign of it writes there any more."""
    theirs = update(campaign_addresses).where(_A.hash == email_hash, _A.campaign_id.in_(_campaigns_of(cluster_id)))
    connection.execute(theirs.values(state="joined", member_id=member_id))


def _campaigns_of(cluster_id: str) -> Select[Any]:
    return select(_C.id).where(_C.cluster_id == cluster_id)


def mailed_since(connection: Connection, since: datetime, email_hash: str = "") -> int:
    """How many addresses all campaigns of the instance wrote to since then, or how often they did to one."""
    which = [_A.mailed_at > since, *([_A.hash == email_hash] if email_hash else [])]
    return int(connection.execute(select(func.count()).where(*which)).scalar_one())


def invited_to(connection: Connection, cluster_id: str) -> int:
    """How many addresses a cluster wrote to with all its campaigns, each once."""
    mailed = (_A.campaign_id.in_(_campaigns_of(cluster_id)), _A.mailed_at.is_not(None))
    known = select(func.count(distinct(_A.hash))).where(*mailed)
    forgotten = select(func.count()).where(*mailed, _A.hash.is_(None))
    return sum(int(connection.execute(each).scalar_one()) for each in (known, forgotten))


@dataclass(frozen=True, slots=True)
class InvitedAs:
    """What a campaign's list says of who came in by it; the address is None once it is forgotten."""

    campaign: str
    email: str | None
    company: str


def invited_as(connection: Connection, member_id: str) -> tuple[InvitedAs, ...]:
    """How a member stands on the lists of its cluster's campaigns."""
    listed = (
        select(_C.name, _A.email, _A.company)
        .join(campaigns, _C.id == _A.campaign_id)
        .where(_A.member_id == member_id)
        .order_by(_C.created_at, _A.id)
    )
    return tuple(InvitedAs(*row) for row in connection.execute(listed))


# Who is a member already, and who wants no mail


def members_among(connection: Connection, cluster_id: str, emails: Collection[str]) -> dict[str, str]:
    """Of these addresses those whose owner works for a member of the cluster, with the id of its row."""
    theirs = (
        select(people.c.email, _M.id)
        .join(memberships, memberships.c.person_id == people.c.id)
        .join(cluster_members, and_(_M.company_id == memberships.c.company_id, _M.state == "active"))
        .where(_M.cluster_id == cluster_id)
    )
    found: dict[str, str] = {}
    for some in _portions(emails):
        found |= {row[0]: row[1] for row in connection.execute(theirs.where(people.c.email.in_(some)))}
    return found


def opted_out_among(connection: Connection, cluster_id: str, hashes: Collection[str]) -> frozenset[str]:
    """Of these digests those that want no mail from the cluster, or from any."""
    found: set[str] = set()
    for some in _portions(hashes):
        want_none = select(_O.hash).where(_O.hash.in_(some), _O.cluster_id.in_((cluster_id, ALL_CLUSTERS)))
        found.update(connection.execute(want_none).scalars())
    return frozenset(found)


def opt_out(connection: Connection, email_hash: str, cluster_id: str, now: datetime) -> bool:
    """Never write to an address again for a cluster, or for any; whether that is new."""
    new = insert_once(connection, opt_outs, {"hash": email_hash, "cluster_id": cluster_id, "at": now})
    theirs = update(campaign_addresses).where(_A.hash == email_hash, _A.state != "joined")
    if cluster_id != ALL_CLUSTERS:
        theirs = theirs.where(_A.campaign_id.in_(_campaigns_of(cluster_id)))
    connection.execute(theirs.values(state="opted-out"))
    return new


# What is forgotten


def forget(connection: Connection, mailed_before: datetime, read_before: datetime) -> int:
    """Forget the addresses of those who did not come, once a campaign has written to nobody for long; how many.

    Their rows stay and count as invited. A list that was read and never taken goes too, and one that was never used.
    """
    last = select(func.max(_A.mailed_at)).where(_A.campaign_id == _C.id).scalar_subquery()
    quiet = select(_C.id).where(
        _C.state != "sending", func.coalesce(last, _C.created_at) <= mailed_before,
        func.coalesce(_C.listed_at, _C.created_at) <= mailed_before,
    )  # fmt: skip
    old = connection.execute(quiet).scalars().all()
    forgotten = 0
    for some in _portions(old):
        theirs = and_(_A.campaign_id.in_(some), _A.email.is_not(None), _A.state != "joined")
        _end_links(connection, theirs)
        forgotten += connection.execute(update(campaign_addresses).where(theirs).values(**_NAMELESS)).rowcount
    unread = update(campaigns).where(_C.pending != "", or_(_C.pending_at.is_(None), _C.pending_at <= read_before))
    connection.execute(unread.values(pending="", pending_at=None))
    return forgotten


def forget_address(connection: Connection, email: str) -> None:
    """Forget an address in all campaigns, because its owner goes."""
    connection.execute(update(campaign_addresses).where(_A.email == email).values(**_NAMELESS))


def _portions(values: Collection[str]) -> Iterator[list[str]]:
    """A few hundred at a time, because a statement takes only so many."""
    left = iter(values)
    while some := list(islice(left, _AT_ONCE)):
        yield some
