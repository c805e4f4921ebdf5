"""Proving who somebody is by a passkey: a challenge for one answer, bound to the session, for five minutes."""

from datetime import datetime, timedelta
from typing import Final

from assessment.services.instance import Instance
from assessment.services.people import sessions
from assessment.services.people.proofs import NewPasskey, Proofs
from assessment.services.people.sessions import Here
from assessment.storage.people import passkeys

HOLDS: Final = timedelta(minutes=5)


def begin(instance: Instance, proofs: Proofs, session_hash: str, here: Here) -> str:
    """What the browser needs to use one of the person's passkeys."""
    with instance.database.reading() as connection:
        known = [each.credential_id for each in passkeys.of_person(connection, here.person_id)]
    options, challenge = proofs.passkey_options(known)
    _ask(instance, session_hash, here, challenge)
    return options


def finish(instance: Instance, proofs: Proofs, session_hash: str, here: Here, said: str) -> bool:
    """Whether the answer is of one of the person's own passkeys, to the challenge that was asked here."""
    challenge = _answered(instance, session_hash, here)
    named = proofs.passkey_named(said)
    if not challenge or named is None:
        return False
    with instance.database.reading() as connection:
        passkey = passkeys.find(connection, named)
    if passkey is None or passkey.person_id != here.person_id:
        return False
    count = proofs.passkey_used(said, challenge, passkey.public_key, passkey.sign_count)
    if count is None:
        with instance.database.writing() as connection:
            instance.note(connection, "sign-in failed", "", {"person": here.person_id, "by": "passkey"})
        return False
    with instance.database.writing() as connection:
        return passkeys.used(connection, passkey, count, instance.now())


def begin_new(instance: Instance, proofs: Proofs, session_hash: str, here: Here) -> str:
    """What the browser needs to make a passkey."""
    with instance.database.reading() as connection:
        known = [each.credential_id for each in passkeys.of_person(connection, here.person_id)]
    options, challenge = proofs.new_passkey_options(here.person_id, here.email, known)
    _ask(instance, session_hash, here, challenge)
    return options


def finish_new(instance: Instance, proofs: Proofs, session_hash: str, here: Here, said: str) -> NewPasskey | None:
    """The passkey that the browser made; None where the answer does not hold."""
    challenge = _answered(instance, session_hash, here)
    return proofs.new_passkey(said, challenge) if challenge else None


def _ask(instance: Instance, session_hash: str, here: Here, challenge: str) -> None:
    until = (instance.now() + HOLDS).isoformat()
    sessions.keep(instance, session_hash, here, challenge=challenge, challenge_until=until)


def _answered(instance: Instance, session_hash: str, here: Here) -> str:
    """The challenge that was asked, which is gone with that; empty where none is open."""
    challenge = sessions.take(instance, session_hash, "challenge")
    until = here.data.get("challenge_until")
    return challenge if until and instance.now() < datetime.fromisoformat(until) else ""
