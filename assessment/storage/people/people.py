"""People with an account: finding them, adding them, changing what is kept of them.

An address is kept in its normal form, so that one person has one account: who looks for what was typed normalises it
first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, and_, bindparam, func, insert, or_, select, update

from assessment.storage.people.people_tables import people

_P = people.c

NOWHERE: Final = "@address.invalid"
"""The end of what stands in place of an address that a restored backup no longer knows: no mail goes there."""


@dataclass(frozen=True, slots=True)
class Person:
    """One account. `password_hash` and `totp_secret` are empty where there is none; `recovery_codes` is a JSON list."""

    id: str
    uniquifier: str
    email: str
    name: str
    language: str
    password_hash: str
    staff_role: str
    active: bool
    totp_secret: str
    totp_step: int
    recovery_codes: str
    created_at: datetime
    seen_at: datetime
    notices: int
    review_mails: bool = True
    plan_reminders: bool = False
    erase_at: datetime | None = None
    """Set where its owner deleted it and can still take it back; until then it is switched off."""


_UNKNOWN: Final = "unknown-"
_PERSON: Final[Select[Any]] = select(*(_P[name] for name in Person.__dataclass_fields__))
_BY: Final = {name: _PERSON.where(_P[name] == bindparam("value")) for name in ("id", "email", "uniquifier")}


def find_person(connection: Connection, **by: str) -> Person | None:
    """The person of an `id`, an `email` or a `uniquifier`."""
    ((name, value),) = by.items()
    row = connection.execute(_BY[name], {"value": value}).first()
    return Person(*row) if row else None


def without_address(connection: Connection) -> tuple[str, ...]:
    """The ids of those whose address is not known since a backup was restored."""
    # By its beginning first, which the index of addresses finds.
    begun = and_(_P.email >= _UNKNOWN, _P.email < _UNKNOWN + "~", _P.email.endswith(NOWHERE, autoescape=True))
    return tuple(connection.execute(select(_P.id).where(begun).order_by(_P.id)).scalars())


def forget_address(connection: Connection, person_id: str) -> None:
    """The address of somebody is no longer theirs, and the new one is not known."""
    change_person(connection, person_id, email=f"{_UNKNOWN}{person_id}{NOWHERE}")


def add_person(
    connection: Connection, email: str, now: datetime, *, uniquifier: str, name: str = "", language: str = "en",
    staff_role: str = "",
) -> Person:  # fmt: skip
    """A new account. Raises IntegrityError where the address has one already."""
    person = Person(
        uuid4().hex, uniquifier, email, name, language, "", staff_role, True, "", 0, "[]", now, now, 0,
    )  # fmt: skip
    connection.execute(insert(people), {field: getattr(person, field) for field in Person.__dataclass_fields__})
    return person


def change_person(connection: Connection, person_id: str, **values: object) -> bool:
    """Set some of a person's columns; whether there is such a person."""
    return connection.execute(update(people).where(_P.id == person_id).values(**values)).rowcount == 1


def search(connection: Connection, typed: str, limit: int = 50) -> tuple[Person, ...]:
    """The people whose address or name holds what was typed, or whose id it is."""
    named = [func.lower(column).contains(typed.lower(), autoescape=True) for column in (_P.email, _P.name)]
    found = _PERSON.where(or_(*named, _P.id == typed)).order_by(_P.email).limit(limit)
    return tuple(Person(*row) for row in connection.execute(found))


def hold(connection: Connection, staff_role: str) -> None:
    """Keep everybody with a staff role as they are until the transaction ends (on SQLite one writes at a time)."""
    connection.execute(select(_P.id).where(_P.staff_role == staff_role).order_by(_P.id).with_for_update())


def use_step(connection: Connection, person_id: str, step: int) -> bool:
    """Note the step of a code that was used; False where that or a later one was used before."""
    unused = update(people).where(_P.id == person_id, _P.totp_step < step)
    return connection.execute(unused.values(totp_step=step)).rowcount == 1


def change_recovery_codes(connection: Connection, person_id: str, before: str, after: str) -> bool:
    """Keep other recovery codes; False where they were changed meanwhile."""
    as_read = update(people).where(_P.id == person_id, _P.recovery_codes == before)
    return connection.execute(as_read.values(recovery_codes=after)).rowcount == 1


def with_role(connection: Connection, staff_role: str) -> tuple[Person, ...]:
    """Everybody with a staff role, the first first."""
    rows = connection.execute(_PERSON.where(_P.staff_role == staff_role).order_by(_P.created_at, _P.id))
    return tuple(Person(*row) for row in rows)
