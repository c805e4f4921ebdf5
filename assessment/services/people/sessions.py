"""Sessions of people: how long they last, and by how many factors somebody proved who they are.

A session of a company's person ends after 2 hours without a visit and after 24 hours in any case, one of somebody with
a staff role after 30 minutes and 12 hours (RELIABILITY SES-04). What the browser opened without an account stays.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from assessment.core.errors import NotSaved
from assessment.services.instance import Instance
from assessment.storage.people import access, interrupted, passkeys, people, presence
from assessment.storage.people.interrupted import Fields
from assessment.storage.people.people import Person
from assessment.storage.people.presence import Presence

IDLE: Final = {False: timedelta(hours=2), True: timedelta(minutes=30)}
ABSOLUTE: Final = {False: timedelta(hours=24), True: timedelta(hours=12)}
"""For somebody with a staff role, and for everybody else."""
HELD: Final = timedelta(hours=1)
"""How long a form waits that was sent after its session had ended."""
HALF_WAY: Final = timedelta(minutes=30)
"""How long the second factor may be waited for."""
FRESH: Final = timedelta(minutes=5)
"""How long a proof of who somebody is lets them change what protects their account (AUTH-11)."""


@dataclass(frozen=True, slots=True)
class Here:
    """Whoever is signed in in the browser at hand, perhaps not with every factor yet."""

    person_id: str
    name: str
    email: str
    staff_role: str
    factors: int
    complete: bool
    """Every factor that is asked of this person was given."""
    fresh: bool
    """They proved who they are a short while ago."""
    data: Mapping[str, Any]

    @property
    def shown_name(self) -> str:
        """What the person is called in the frame of a page."""
        return self.name or self.email


def who_is_here(instance: Instance, session_hash: str) -> Here | None:
    """Who is signed in in a browser, if that has not ended; notes the visit once a minute."""
    now = instance.now()
    found = presence.presence_of(instance.database, session_hash)
    if found is None:
        return None
    if is_over(found, now):
        # What has ended stays ended, even where somebody sets the clock back.
        with suppress(NotSaved), instance.database.writing() as connection:
            presence.let_go(connection, session_hash, now)
        return None
    if now - found.seen_at >= presence.TOUCHED_EVERY:
        with suppress(NotSaved), instance.database.writing() as connection:
            presence.touch(connection, session_hash, now)
    return _here(found, now)


def is_over(found: Presence, now: datetime) -> bool:
    """Whether a session has lasted as long as it may."""
    if not found.data.get("complete") and now - found.signed_in_at >= HALF_WAY:
        return True
    staff = found.staff_role != ""
    return now - found.seen_at >= IDLE[staff] or now - found.signed_in_at >= ABSOLUTE[staff]


def begin(
    instance: Instance, connection: Connection, old_hash: str, new_hash: str, person_id: str, *, factors: int,
    complete: bool, device: str = "", more: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Somebody has proved who they are: their session begins, or goes on, under a new id."""
    now = instance.now()
    data = {**(more or {}), "factors": factors, "complete": complete, "proved_at": now.isoformat()}
    if address := interrupted.address_held(connection, old_hash, person_id, now - HELD):
        data["held"] = address
    presence.sign_in(connection, old_hash, new_hash, person_id, now, device, data)
    instance.note(connection, "signed in", person_id, {"factors": factors, "complete": complete})


def enter(
    instance: Instance, old_hash: str, new_hash: str, person: Person, *, factors: int, device: str, language: str
) -> bool:  # fmt: skip
    """Begin the session of somebody who gave so many factors; whether that is all that is asked of them.

    They are written to in the language that they sign in with from then on.
    """
    with instance.database.writing() as connection:
        has_second = person.totp_secret != "" or bool(passkeys.of_person(connection, person.id))
        if language != person.language:
            people.change_person(connection, person.id, language=language)
        complete = factors >= 2 or not (person.staff_role or has_second)
        begin(
            instance, connection, old_hash, new_hash, person.id, factors=factors, complete=complete, device=device
        )  # fmt: skip
    return complete


def second_factors(instance: Instance, person: Person) -> tuple[str, ...]:
    """The second factors that a person has set up: `app`, `passkey`."""
    with instance.database.reading() as connection:
        keys = passkeys.of_person(connection, person.id)
    return (*(("app",) if person.totp_secret else ()), *(("passkey",) if keys else ()))


def prove_again(instance: Instance, session_hash: str, here: Here) -> None:
    """Note that whoever is here has just proved who they are."""
    with instance.database.writing() as connection:
        presence.keep_data(connection, session_hash, {**here.data, "proved_at": instance.now().isoformat()})


def keep(instance: Instance, session_hash: str, here: Here, **more: object) -> None:
    """Keep something with the session for the next step of what somebody does; None takes it away."""
    kept = {name: value for name, value in {**here.data, **more}.items() if value is not None}
    with instance.database.writing() as connection:
        presence.keep_data(connection, session_hash, kept)


def hold(instance: Instance, session_hash: str, draft_id: str, address: str, fields: Fields) -> bool:
    """Keep a form that was sent after its session had ended; False where time ended none in this browser."""
    with instance.database.writing() as connection:
        return interrupted.hold(connection, session_hash, draft_id, address, fields, instance.now())


def held(instance: Instance, session_hash: str, here: Here, address: str) -> Fields | None:
    """The form that is held for whoever is here and for that page; looking changes nothing."""
    since = instance.now() - HELD
    return interrupted.held(instance.database, session_hash, here.person_id, address, since)


def forget_held(instance: Instance, session_hash: str, here: Here) -> None:
    """The form that was held is on its way again."""
    with instance.database.writing() as connection:
        interrupted.let_go(connection, session_hash)
        kept = {name: value for name, value in here.data.items() if name != "held"}
        presence.keep_data(connection, session_hash, kept)


def _here(found: Presence, now: datetime) -> Here:
    data = found.data
    factors = int(data.get("factors", 0))
    # A staff role asks for the second factor whatever was asked when the session began.
    complete = bool(data.get("complete")) and (factors >= 2 or not found.staff_role)
    fresh = complete and now - datetime.fromisoformat(data["proved_at"]) < FRESH
    return Here(
        found.person_id, found.name, found.email, found.staff_role, factors, complete, fresh, data,
    )  # fmt: skip


def end(instance: Instance, session_hash: str) -> None:
    """End a browser's session and everything it was let into."""
    with instance.database.writing() as connection:
        found = presence.person_of(connection, session_hash)
        access.end_session(connection, session_hash)
        if found:
            instance.note(connection, "signed out", found, {})


def take(instance: Instance, session_hash: str, name: str) -> str:
    """Take out what was kept with a session for one use; empty where it is not there."""
    with instance.database.writing() as connection:
        return presence.take_from_data(connection, session_hash, name)
