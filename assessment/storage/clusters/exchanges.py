"""The exchange of a cluster: who takes part, what is offered and sought, and who asked to be put in touch.

Only companies that keep nobody out take part: one that is restricted, or about to be deleted, is not read here, so it
shows nowhere until it is back.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import Connection, Select, and_, delete, exists, insert, or_, select, update

from assessment.storage.clusters.cluster_tables import exchange_members, exchange_places, exchange_posts, exchange_talks
from assessment.storage.people.people_tables import companies, memberships, people

Side = Literal["offer", "need"]

_M, _W, _P, _T = exchange_members.c, exchange_places.c, exchange_posts.c, exchange_talks.c
_CO, _PE, _ME = companies.c, people.c, memberships.c


@dataclass(frozen=True, slots=True)
class Place:
    """A company in the exchange: a town of the list, and whose name and address the other side would see."""

    company_id: str
    country: str
    town: str
    person_id: str | None
    joined_at: datetime
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class StoredPost:
    """An offer or a need as it was typed; `months` are numbers with commas between, `amount` a plain number."""

    id: str
    cluster_id: str
    company_id: str
    side: str
    material: str
    title: str
    waste_code: str
    amount: str
    unit: str
    period: str
    months: str
    reach: int
    note: str
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Talk:
    """What became of a match: when each side said yes, and which took its word back last."""

    id: str
    cluster_id: str
    offer_id: str | None
    need_id: str | None
    offer_yes_at: datetime | None
    need_yes_at: datetime | None
    ended_by: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the other side sees once both agreed."""

    company: str
    name: str
    email: str


_PLACE: Final[Select[Any]] = select(
    _M.company_id, _W.country, _W.town, _M.person_id, _M.joined_at, _W.placed_at
).join_from(exchange_members, exchange_places, _W.company_id == _M.company_id)
_POST: Final[Select[Any]] = select(*(_P[name] for name in StoredPost.__dataclass_fields__))
_TALK: Final[Select[Any]] = select(*(_T[name] for name in Talk.__dataclass_fields__))
_OPEN: Final = and_(_CO.restricted.is_(False), _CO.erase_at.is_(None))


# Who takes part


def places_of(connection: Connection, cluster_id: str) -> tuple[Place, ...]:
    """The companies that take part and keep nobody out."""
    there = _PLACE.join(companies, _CO.id == _M.company_id).where(_M.cluster_id == cluster_id, _OPEN)
    return tuple(Place(*row) for row in connection.execute(there.order_by(_M.company_id)))


def place_of(connection: Connection, cluster_id: str, company_id: str) -> Place | None:
    """A company's own row, whether it keeps others out or not."""
    row = connection.execute(_PLACE.where(_M.cluster_id == cluster_id, _M.company_id == company_id)).first()
    return Place(*row) if row else None


def where_is(connection: Connection, company_id: str) -> tuple[str, str, datetime] | None:
    """Country and town of a company and when they were set, also where it no longer takes part anywhere."""
    row = connection.execute(select(_W.country, _W.town, _W.placed_at).where(_W.company_id == company_id)).first()
    return (row[0], row[1], row[2]) if row else None


def told_to(connection: Connection, company_id: str) -> dict[str, list[int]]:
    """The ends of the bands of distances that a company was ever told from its place, by what they are kept under."""
    row = connection.execute(select(_W.told).where(_W.company_id == company_id)).first()
    found: dict[str, list[int]] = json.loads(row.told) if row else {}
    return found


def lock_place(connection: Connection, company_id: str) -> None:
    """Let nobody else note what the company is told until this transaction ends."""
    connection.execute(select(_W.company_id).where(_W.company_id == company_id).with_for_update())


def keep_told(connection: Connection, company_id: str, told: Mapping[str, Collection[int]]) -> None:
    """Note further bands beside those that were told before."""
    known = told_to(connection, company_id)
    both = {key: sorted({*known.get(key, ()), *told.get(key, ())}) for key in {*known, *told}}
    kept = update(exchange_places).where(_W.company_id == company_id)
    connection.execute(kept.values(told=json.dumps(both, sort_keys=True)))


def take_part(
    connection: Connection, cluster_id: str, company_id: str, country: str, town: str, person_id: str, now: datetime
) -> None:  # fmt: skip
    """Let a company take part, or move it in all its clusters, or let somebody else speak for it."""
    # From another place all distances are others.
    place = {"country": country, "town": town, "placed_at": now, "told": "{}"}
    known = where_is(connection, company_id)
    if known is None:
        connection.execute(insert(exchange_places), {"company_id": company_id, **place})
    elif known[:2] != (country, town):
        connection.execute(update(exchange_places).where(_W.company_id == company_id).values(**place))
    mine = update(exchange_members).where(_M.cluster_id == cluster_id, _M.company_id == company_id)
    if connection.execute(mine.values(person_id=person_id)).rowcount == 0:
        row = {"cluster_id": cluster_id, "company_id": company_id, "person_id": person_id, "joined_at": now}
        connection.execute(insert(exchange_members), row)


def leave(connection: Connection, cluster_id: str, company_id: str) -> bool:
    """Take a company out with all it posted; the other sides of its talks see that it is gone. Its place stays."""
    mine = delete(exchange_posts).where(_P.cluster_id == cluster_id, _P.company_id == company_id)
    connection.execute(mine)
    # Of a talk that nobody is left in, nothing is to be told.
    connection.execute(delete(exchange_talks).where(_T.offer_id.is_(None), _T.need_id.is_(None)))
    place = delete(exchange_members).where(_M.cluster_id == cluster_id, _M.company_id == company_id)
    return connection.execute(place).rowcount == 1


def forget_places(connection: Connection, placed_before: datetime) -> int:
    """Forget where companies are that take part nowhere any more and may be somewhere else again; how many."""
    anywhere = exists().where(_M.company_id == _W.company_id)
    old = delete(exchange_places).where(~anywhere, _W.placed_at <= placed_before)
    return connection.execute(old).rowcount


def contact_of(connection: Connection, cluster_id: str, company_id: str) -> Contact | None:
    """Whoever let the company take part, if they still belong to it, else its owner of longest standing."""
    place = place_of(connection, cluster_id, company_id)
    there = (
        select(_CO.name, _PE.id, _PE.name, _PE.email, _ME.role)
        .join(memberships, _ME.company_id == _CO.id)
        .join(people, _PE.id == _ME.person_id)
        .where(_CO.id == company_id)
        .order_by(_ME.joined_at, _PE.id)
    )
    rows = connection.execute(there).all()
    speaking = [row for row in rows if place is not None and row[1] == place.person_id]
    owners = [row for row in rows if row[4] == "owner"]
    found = next(iter([*speaking, *owners]), None)
    return Contact(found[0], found[2], found[3]) if found else None


# What is offered and sought


def posts_of(connection: Connection, cluster_id: str) -> tuple[StoredPost, ...]:
    """What is open in a cluster, of companies that take part and keep nobody out."""
    here = and_(_M.cluster_id == _P.cluster_id, _M.company_id == _P.company_id)
    chosen = (
        _POST.join(exchange_members, here)
        .join(companies, _CO.id == _P.company_id)
        .where(_P.cluster_id == cluster_id, _P.closed_at.is_(None), _OPEN)
        .order_by(_P.created_at, _P.id)
    )
    return tuple(StoredPost(*row) for row in connection.execute(chosen))


def posts_of_company(connection: Connection, cluster_id: str, company_id: str) -> tuple[StoredPost, ...]:
    """What a company itself offered and sought, closed ones as well, newest first."""
    mine = _POST.where(_P.cluster_id == cluster_id, _P.company_id == company_id)
    rows = connection.execute(mine.order_by(_P.created_at.desc(), _P.id))
    return tuple(StoredPost(*row) for row in rows)


def post_of(connection: Connection, cluster_id: str, company_id: str, post_id: str) -> StoredPost | None:
    """One post of a company."""
    mine = _POST.where(_P.id == post_id, _P.cluster_id == cluster_id, _P.company_id == company_id)
    row = connection.execute(mine).first()
    return StoredPost(*row) if row else None


def is_posted(connection: Connection, cluster_id: str, post_id: str) -> bool:
    """Whether there is such a post in a cluster, closed or not, whoever posted it."""
    here = select(_P.id).where(_P.id == post_id, _P.cluster_id == cluster_id)
    return connection.execute(here).first() is not None


def add_post(
    connection: Connection, cluster_id: str, company_id: str, person_id: str, now: datetime, **typed: object
) -> str:  # fmt: skip
    """Post something; its id."""
    row = {
        "id": uuid4().hex, "cluster_id": cluster_id, "company_id": company_id, "person_id": person_id,
        "created_at": now, "closed_at": None, **typed,
    }  # fmt: skip
    connection.execute(insert(exchange_posts), row)
    return str(row["id"])


def change_post(connection: Connection, post_id: str, **typed: object) -> None:
    """Set what was typed of a post anew."""
    connection.execute(update(exchange_posts).where(_P.id == post_id).values(**typed))


def close_post(connection: Connection, post_id: str, now: datetime) -> bool:
    """Close a post: it is matched no more, and whoever was in touch about it sees that; False where it was closed."""
    opened = update(exchange_posts).where(_P.id == post_id, _P.closed_at.is_(None))
    return connection.execute(opened.values(closed_at=now)).rowcount == 1


# Who asked to be put in touch


def talks_of(connection: Connection, cluster_id: str, company_id: str) -> tuple[Talk, ...]:
    """The talks about what a company posted."""
    mine = select(_P.id).where(_P.cluster_id == cluster_id, _P.company_id == company_id)
    chosen = _TALK.where(_T.cluster_id == cluster_id, or_(_T.offer_id.in_(mine), _T.need_id.in_(mine)))
    return tuple(Talk(*row) for row in connection.execute(chosen.order_by(_T.id)))


def talk_about(connection: Connection, offer_id: str, need_id: str) -> Talk | None:
    """The talk about a match."""
    row = connection.execute(_TALK.where(_T.offer_id == offer_id, _T.need_id == need_id)).first()
    return Talk(*row) if row else None


def say(
    connection: Connection, cluster_id: str, pair: Mapping[Side, str], side: Side, now: datetime | None
) -> None:  # fmt: skip
    """Put down that a side says yes to a match (a moment), or takes that back (None)."""
    said = {f"{side}_yes_at": now, "ended_by": "" if now else side}
    known = update(exchange_talks).where(_T.offer_id == pair["offer"], _T.need_id == pair["need"])
    if connection.execute(known.values(**said)).rowcount == 0:
        row = {
            "id": uuid4().hex, "cluster_id": cluster_id, "offer_id": pair["offer"], "need_id": pair["need"],
            "offer_yes_at": None, "need_yes_at": None, **said,
        }  # fmt: skip
        connection.execute(insert(exchange_talks), row)


def forget_talk(connection: Connection, talk_id: str) -> None:
    """Put a talk away whose other side is gone."""
    connection.execute(delete(exchange_talks).where(_T.id == talk_id))
