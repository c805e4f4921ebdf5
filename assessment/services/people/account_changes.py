"""Changing an account: name, password, address, second factor, passkeys, and where somebody is signed in.

Whatever protects an account changes only shortly after a proof of who it is, which the edge asks for. Then all other
sessions and all links that were sent end, and the address as it was before is told (RELIABILITY AUTH-11).
"""

import json
import secrets
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from assessment.core.errors import NotFound
from assessment.services import mails
from assessment.services.instance import Instance
from assessment.services.mails import Mail
from assessment.services.people import accounts, links_once
from assessment.services.people.links_once import Bound
from assessment.services.people.proofs import NewPasskey, Proofs
from assessment.services.upkeep.gone import put_down_again, put_down_begun, put_down_ended
from assessment.storage.people import passkeys, people, presence, single_links
from assessment.storage.people.passkeys import Passkey
from assessment.storage.people.people import Person
from assessment.storage.people.presence import SessionLine
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.erasure_list import entry

LONGEST_NAME: Final = 100
MOST_PASSKEYS: Final = 20


def rename(instance: Instance, person_id: str, name: str) -> None:
    """Keep a person's name."""
    with instance.database.writing() as connection:
        people.change_person(connection, person_id, name=name[:LONGEST_NAME])


def choose_mails(instance: Instance, person_id: str, *, reviews: bool, deadlines: bool) -> None:
    """Keep which mails a person wants: that a review waits for them, that a deadline of a plan comes near."""
    with instance.database.writing() as connection:
        people.change_person(connection, person_id, review_mails=reviews, plan_reminders=deadlines)


def set_password(
    instance: Instance, proofs: Proofs, person: Person, password: str, keep: str, notice: Mail
) -> None:  # fmt: skip
    """Set a password that has no flaw. Raises TooBusy."""
    hashed = proofs.hashed(password)
    with instance.database.writing() as connection:
        people.change_person(connection, person.id, password_hash=hashed)
        told = _shut(instance, connection, person, keep, notice, "password changed")
    mails.go_out(instance, told)


def reset_password(instance: Instance, proofs: Proofs, token: str, password: str, notice: Mail) -> None:
    """Set a password by a link that was sent to the address. Raises NotFound where the link does not hold."""
    hashed = proofs.hashed(password)
    with instance.database.writing() as connection:
        link = links_once.spend(instance, connection, "reset", token)
        person = people.find_person(connection, id=link.bound.person_id)
        if person is None or not person.active:
            raise NotFound("reset")
        people.change_person(connection, person.id, password_hash=hashed)
        told = _shut(instance, connection, person, "", notice, "password changed")
    mails.go_out(instance, told)


def new_codes(instance: Instance, proofs: Proofs, person_id: str) -> tuple[list[str], str]:
    """Ten recovery codes, and what is kept of them."""
    codes = proofs.new_recovery_codes(accounts.RECOVERY_CODES)
    return codes, json.dumps([accounts.recovery_hash(instance, person_id, code) for code in codes])


def set_app(
    instance: Instance, proofs: Proofs, person: Person, secret: str, step: int, keep: str, notice: Mail
) -> list[str]:
    """Take an app of codes, whose first code was right, as second factor; the new recovery codes."""
    codes, kept = new_codes(instance, proofs, person.id)
    with instance.database.writing() as connection:
        people.change_person(connection, person.id, totp_secret=secret, totp_step=step, recovery_codes=kept)
        put_down_ended(instance, entry("password alone", person.id))
        told = _shut(instance, connection, person, keep, notice, "factor added")
    mails.go_out(instance, told)
    return codes


def remove_app(instance: Instance, person: Person, keep: str, notice: Mail) -> bool:
    """Give the app of codes up; False for somebody whose role needs a second factor and who has no passkey."""
    with instance.database.writing() as connection:
        others = bool(passkeys.of_person(connection, person.id))
        if person.staff_role and not others:
            return False
        left: dict[str, object] = {} if others else {"recovery_codes": "[]"}
        people.change_person(connection, person.id, totp_secret="", totp_step=0, **left)
        if not others:
            put_down_again(instance, entry("password alone", person.id))
        told = _shut(instance, connection, person, keep, notice, "factor removed")
    mails.go_out(instance, told)
    return True


def renew_codes(instance: Instance, proofs: Proofs, person: Person, keep: str, notice: Mail) -> list[str]:
    """New recovery codes; the old ones end."""
    codes, kept = new_codes(instance, proofs, person.id)
    with instance.database.writing() as connection:
        people.change_person(connection, person.id, recovery_codes=kept)
        told = _shut(instance, connection, person, keep, notice, "factor added")
    mails.go_out(instance, told)
    return codes


def passkeys_of(instance: Instance, person_id: str) -> Sequence[Passkey]:
    """A person's passkeys."""
    with instance.database.reading() as connection:
        return passkeys.of_person(connection, person_id)


def add_passkey(
    instance: Instance, proofs: Proofs, person: Person, made: NewPasskey, name: str, keep: str, notice: Mail
) -> list[str] | None:
    """Keep a passkey; the recovery codes that come with a first second factor. None where it is somebody's already."""
    codes, kept = new_codes(instance, proofs, person.id)
    now = instance.now()
    first = json.loads(person.recovery_codes) == []
    try:
        with instance.database.writing() as connection:
            if len(passkeys.of_person(connection, person.id)) >= MOST_PASSKEYS:
                return None
            passkeys.add(
                connection, person.id, made.credential_id, made.public_key, made.sign_count, name[:LONGEST_NAME], now,
                device_type=made.device_type, backed_up=made.backed_up,
            )  # fmt: skip
            if first:
                people.change_person(connection, person.id, recovery_codes=kept)
            put_down_ended(instance, entry("password alone", person.id))
            told = _shut(instance, connection, person, keep, notice, "factor added")
    except IntegrityError:
        return None
    mails.go_out(instance, told)
    return codes if first else []


def remove_passkey(instance: Instance, person: Person, passkey_id: str, keep: str, notice: Mail) -> bool:
    """Give a passkey up; False for the last second factor of somebody whose role needs one. Raises NotFound."""
    with instance.database.writing() as connection:
        known = passkeys.of_person(connection, person.id)
        if passkey_id not in {each.id for each in known}:
            raise NotFound("passkey")
        last = len(known) == 1 and not person.totp_secret
        if last and person.staff_role:
            return False
        passkeys.remove(connection, person.id, passkey_id)
        put_down_ended(instance, passkey_id)
        if last:
            people.change_person(connection, person.id, recovery_codes="[]")
            put_down_again(instance, entry("password alone", person.id))
        told = _shut(instance, connection, person, keep, notice, "factor removed")
    mails.go_out(instance, told)
    return True


def ask_for_address(instance: Instance, person: Person, email: str, mail: Mail, taken: Mail) -> None:
    """Send a link to a new address; one that has an account is told so there instead, and here all looks the same."""
    with instance.database.writing() as connection:
        # Of two that somebody asked for the newer counts, though it was sent to another address.
        single_links.end(connection, instance.now(), person_id=person.id, purpose="change-email")
        made = links_once.make(instance, connection, "change-email", Bound(email=email, person_id=person.id))
        known = people.find_person(connection, email=email) is not None
        told = mails.post(instance, connection, taken if known else with_link(mail, made.id))
    mails.go_out(instance, told)


def take_address(instance: Instance, token: str, keep: str, person_id: str, notice: Mail) -> None:
    """Take over the address that a link was sent to. Raises NotFound where the link does not hold for this person."""
    try:
        with instance.database.writing() as connection:
            link = links_once.spend(instance, connection, "change-email", token, person_id=person_id)
            person = people.find_person(connection, id=person_id)
            if person is None:
                raise NotFound("change-email")
            people.change_person(connection, person_id, email=link.bound.email)
            # To the old address, which the notice names.
            told = _shut(instance, connection, person, keep, notice, "address changed")
    except IntegrityError:
        raise NotFound("change-email") from None
    mails.go_out(instance, told)


def with_link(mail: Mail, link_id: str) -> Mail:
    """The mail with the row of its link."""
    return Mail(mail.to, mail.subject, mail.lines, mail.link, link_id, mail.company_id, mail.notice)


def places(instance: Instance, person_id: str) -> Sequence[SessionLine]:
    """Where a person is signed in."""
    with instance.database.reading() as connection:
        return presence.sessions_of(connection, person_id)


def end_places(instance: Instance, person_id: str, *, keep: str = "", only: str = "") -> int:
    """End a person's sessions: all, all but one, or one alone; how many ended."""
    with instance.database.writing() as connection:
        ended = presence.end_sessions(connection, person_id, keep=keep, only=only)
        instance.note(connection, "sessions ended", person_id, {"sessions": ended})
        return ended


def _shut(
    instance: Instance, connection: Connection, person: Person, keep: str, notice: Mail, event: audit.Event
) -> str:  # fmt: skip
    """End what was open by the old protection, and tell the address; the mail's job.

    `person` is the account as it was before.
    """
    now = instance.now()
    _put_down_replaced(instance, connection, person)
    people.change_person(connection, person.id, uniquifier=secrets.token_hex(32))
    presence.end_sessions(connection, person.id, keep=keep)
    single_links.end(connection, now, person_id=person.id)
    job = mails.post(instance, connection, notice)
    instance.note(connection, event, person.id, {"person": person.id})
    return job


def _put_down_replaced(instance: Instance, connection: Connection, before: Person) -> None:
    """What of an account opened it before and no longer does, by what it is, since other changes may have come between.

    The new address is written as well: nothing else could find the account then.
    """
    after = people.find_person(connection, id=before.id)
    if after is None:
        return
    codes = set(json.loads(before.recovery_codes)) - set(json.loads(after.recovery_codes))
    over = [entry("recovery code", code) for code in sorted(codes)]
    if before.password_hash not in ("", after.password_hash):
        over.append(entry("password", before.password_hash))
    if before.totp_secret not in ("", after.totp_secret):
        over.append(entry("app", before.totp_secret))
    if before.email != after.email:
        over.append(entry("address", before.id, before.email))
        put_down_begun(instance, entry("address", before.id, after.email))
    put_down_ended(instance, *over)
