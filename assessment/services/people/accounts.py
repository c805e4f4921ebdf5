"""Accounts: what a good password is, and proving who somebody is by password, code, recovery code or passkey.

Beginning the session that follows is `services/people/sessions.py`; changing what protects an account is
`services/people/account_changes.py`.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import Connection

from assessment.services.instance import Instance
from assessment.services.people.proofs import Proofs
from assessment.services.upkeep.gone import has_begun, put_down_ended
from assessment.storage.people import people
from assessment.storage.people.people import Person
from assessment.storage.upkeep.erasure_list import entry

SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 1000
RECOVERY_CODES: Final = 10
SHORTEST_WORD: Final = 4
"""A shorter name stands in too many words to speak against a password that holds it."""
LEFT_OVER: Final = 5
"""So many letters besides names make a password that is not guessed from them."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_COMMON: Final = Path(__file__).with_name("common_passwords.txt")

PasswordFlaw = Literal["too-short", "too-long", "common", "own-words"]


def flaw_of_password(password: str, own_words: Iterable[str]) -> PasswordFlaw | None:
    """What speaks against a password; no mix of signs is asked for, and nothing is trimmed.

    `own_words` are those that somebody who knows the person would try: names, company, address.
    """
    if len(password) < SHORTEST_PASSWORD:
        return "too-short"
    if len(password) > LONGEST_PASSWORD:
        return "too-long"
    if password.casefold() in _common():
        return "common"
    return "own-words" if _is_made_of(own_words, password) else None


def _is_made_of(own_words: Iterable[str], password: str) -> bool:
    """Whether hardly anything is left of the letters of a password without these words, each and all in one."""
    said = [(_letters(words), *(_letters(word) for word in _WORD.findall(words))) for words in own_words]
    known = {word for words in said for word in words if len(word) >= SHORTEST_WORD} | {words[0] for words in said}
    letters = left = _letters(password)
    for word in sorted(filter(None, known), key=len, reverse=True):
        # A mark in its place, so that what stood around it makes no new word.
        left = left.replace(word, " ") if len(word) >= SHORTEST_WORD or letters == word else left
    return " " in left and len(left.replace(" ", "")) < LEFT_OVER


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text("utf-8").split("\n"))


def _letters(words: str) -> str:
    return re.sub(r"[\W\d_]", "", words.casefold())


def own_words(person: Person, companies: Iterable[str] = ()) -> list[str]:
    """What somebody who knows a person would try as their password."""
    local, _, domain = person.email.partition("@")
    return ["Green Pathways", person.email, local, domain.rpartition(".")[0], person.name, *person.name.split(),
            *companies]  # fmt: skip


def person_of(instance: Instance, email: str) -> Person | None:
    """The person of an address in its normal form."""
    with instance.database.reading() as connection:
        return people.find_person(connection, email=email)


def person_at(instance: Instance, connection: Connection, email: str) -> Person | None:
    """The person whom an address reaches, in the caller's transaction.

    One whose address a restored backup no longer knew is found by the new one, which is on the list as a digest, and
    has it from then on.
    """
    known = people.find_person(connection, email=email)
    if known is not None:
        return known
    for person_id in people.without_address(connection):
        if has_begun(instance, entry("address", person_id, email)):
            people.change_person(connection, person_id, email=email)
            return people.find_person(connection, id=person_id)
    return None


def person_by_id(instance: Instance, person_id: str) -> Person | None:
    """The person of an id."""
    with instance.database.reading() as connection:
        return people.find_person(connection, id=person_id)


def right_password(instance: Instance, proofs: Proofs, person: Person | None, password: str) -> bool:
    """Whether this is the person's password; takes as long where there is no such person. Raises TooBusy.

    A hash that has become too weak is made anew.
    """
    if len(password) > LONGEST_PASSWORD:
        password = ""
    right, newer = proofs.matches(password, person.password_hash if person else "")
    if person is None or not right or not person.active:
        # Written for an address without an account as well, so that both take the same time.
        _note_failure(instance, person, "password")
        return False
    if newer:
        with instance.database.writing() as connection:
            people.change_person(connection, person.id, password_hash=newer)
            # Not over yet, but no later change could name the hash that a backup of before holds.
            put_down_ended(instance, entry("password", person.password_hash))
    return True


def use_code(instance: Instance, proofs: Proofs, person: Person, typed: str) -> Literal["code", "recovery"] | None:
    """Use up a code of the app, or a recovery code; what it was, None where it was neither or was used before."""
    code = re.sub(r"[\s\-]", "", typed).lower()
    if person.totp_secret and re.fullmatch(r"[0-9]{6}", code):
        step = proofs.step_of(person.totp_secret, code, person.totp_step)
        if step is not None:
            with instance.database.writing() as connection:
                if people.use_step(connection, person.id, step):
                    return "code"
        _note_failure(instance, person, "code")
        return None
    with instance.database.writing() as connection:
        if _strike_off(instance, connection, person, code):
            instance.note(connection, "recovery code used", person.id, {})
            return "recovery"
    _note_failure(instance, person, "code")
    return None


def _note_failure(instance: Instance, person: Person | None, what: str) -> None:
    """Somebody, perhaps not this person, tried to come in as them."""
    with instance.database.writing() as connection:
        instance.note(connection, "sign-in failed", "", {"person": person.id if person else "", "by": what})


def _strike_off(instance: Instance, connection: Connection, person: Person, code: str) -> bool:
    left = json.loads(person.recovery_codes)
    used = recovery_hash(instance, person.id, code)
    if used not in left:
        return False
    left.remove(used)
    put_down_ended(instance, entry("recovery code", used))
    # Of two who use one code at once, one finds the list as it was.
    return people.change_recovery_codes(connection, person.id, person.recovery_codes, json.dumps(left))


def codes_left(person: Person) -> int:
    """How many recovery codes were not used yet."""
    return len(json.loads(person.recovery_codes))


def recovery_hash(instance: Instance, person_id: str, code: str) -> str:
    """What is kept of a recovery code."""
    plain = re.sub(r"[\s\-]", "", code).lower()
    said = f"recovery:{person_id}:{plain}".encode(errors="replace")
    return hmac.new(instance.settings.code_key.encode(), said, hashlib.sha256).hexdigest()
