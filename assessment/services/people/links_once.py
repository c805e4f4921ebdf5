"""Links that do one thing once: sign in, set a password, join a company, become a mentor, take a check over.

The token in a link is derived by HMAC from the row's random id under a key outside the database, as the link back to a
check is. So the database, the mail that still waits in it included, holds nothing that opens anything, and a list can
show a link again. Looking at a link changes nothing, because mail scanners look too; spending it is one conditional
UPDATE. Whatever is wrong with a link, the answer is the same: NotFound.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import Connection

from assessment.core.errors import NotFound
from assessment.services.instance import Instance
from assessment.storage.people import single_links
from assessment.storage.people.single_links import Bound, StoredLink

__all__ = ["Bound", "Made", "Purpose", "StoredLink"]

Purpose = Literal[
    "section", "sign-in", "claim", "reset", "change-email", "join", "mentor", "first-administrator", "staff",
    "confirm-answers", "manage", "member", "keep-account",
]  # fmt: skip

LIFETIMES: Final[Mapping[Purpose, timedelta]] = {
    "sign-in": timedelta(minutes=15),
    "reset": timedelta(hours=1),
    "change-email": timedelta(hours=1),
    "claim": timedelta(hours=24),
    "first-administrator": timedelta(hours=24),
    "join": timedelta(days=7),
    "staff": timedelta(days=7),
    "mentor": timedelta(days=14),
    "confirm-answers": timedelta(days=14),
    "manage": timedelta(days=7),
    "member": timedelta(days=60),
    # As long as an operator may let a deleted account wait; it goes with the account.
    "keep-account": timedelta(days=30),
    "section": timedelta(days=14),
}
_SIDE_BY_SIDE: Final[frozenset[Purpose]] = frozenset({"section"})
"""Of these several may hold at once, and each may be used again; of all others the newest alone holds, once."""

PLACE: Final = "-token-"
"""Stands in a mail's address where its token goes when it is sent."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new link: its row's id, and the token that stands in its address."""

    id: str
    token: str


def make(
    instance: Instance, connection: Connection, purpose: Purpose, bound: Bound,
    arguments: Mapping[str, Any] | None = None,
) -> Made:  # fmt: skip
    """A new link in the caller's transaction; an earlier one of the same purpose, bound to the same, ends."""
    now = instance.now()
    if purpose not in _SIDE_BY_SIDE:
        single_links.end_same(connection, purpose, bound, now)
    link = StoredLink(uuid4().hex, purpose, bound, arguments or {}, now, now + LIFETIMES[purpose])
    token = token_of(instance, link.id)
    single_links.add(connection, link, _hash(token))
    return Made(link.id, token)


def make_all(
    instance: Instance, connection: Connection, purpose: Purpose, asked: Sequence[tuple[Bound, Mapping[str, Any]]]
) -> list[Made]:
    """New links at once, in the caller's transaction, each beside those that hold already."""
    now = instance.now()
    until = now + LIFETIMES[purpose]
    links = [StoredLink(uuid4().hex, purpose, bound, arguments, now, until) for bound, arguments in asked]
    made = [Made(link.id, token_of(instance, link.id)) for link in links]
    single_links.add_all(connection, [(link, _hash(each.token)) for link, each in zip(links, made, strict=True)])
    return made


def prolong(instance: Instance, connection: Connection, purpose: Purpose, link_id: str) -> bool:
    """Let a link hold as long as a new one, because it is shown again; False for one that holds no more."""
    now = instance.now()
    return single_links.prolong(connection, link_id, now, now + LIFETIMES[purpose])


def look(instance: Instance, purpose: Purpose, token: str) -> StoredLink:
    """What a link is for, without using it. Raises NotFound where it does not hold."""
    with instance.database.reading() as connection:
        return look_in(instance, connection, purpose, token)


def look_in(instance: Instance, connection: Connection, purpose: Purpose, token: str) -> StoredLink:
    """The same in the caller's transaction: for a link that is not used up by what is written."""
    link = single_links.find(connection, _hash(token), purpose, instance.now())
    if link is None:
        raise NotFound(purpose)
    return link


def spend(
    instance: Instance, connection: Connection, purpose: Purpose, token: str, *, email: str = "", person_id: str = ""
) -> StoredLink:
    """Use a link up in the caller's transaction. Raises NotFound where it does not hold.

    Name the address or the person of whoever uses it where that is known: a link for somebody else does not hold.
    """
    link = single_links.spend(connection, _hash(token), purpose, instance.now(), email, person_id)
    if link is None:
        raise NotFound(purpose)
    return link


def token_of(instance: Instance, link_id: str) -> str:
    """The token of a link, worked out again from its id."""
    drawn = hmac.digest(instance.settings.code_key.encode(), b"once:" + link_id.encode(), "sha256")
    return base64.urlsafe_b64encode(drawn).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
