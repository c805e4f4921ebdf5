"""What proving who somebody is rests on: hashing, codes and passkeys, as the services ask for it.

What does it (`assessment/proving.py`, on Flask-Security) is loaded when somebody first signs in, because most
visitors never do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that a browser has just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    device_type: str
    backed_up: bool


class Proofs(Protocol):
    """Hashes, checks and makes what proves who somebody is; knows no account and keeps nothing."""

    def hashed(self, password: str) -> str:
        """The hash to keep. Raises TooBusy where too many are hashed at once."""

    def matches(self, password: str, password_hash: str) -> tuple[bool, str]:
        """Whether this is the password, and the hash to keep from now on where the old one is too weak.

        An empty hash is never matched, and that takes as long. Raises TooBusy.
        """

    def new_secret(self) -> str:
        """A secret for an app of codes, encrypted."""

    def shown_secret(self, secret: str, email: str) -> tuple[str, str]:
        """The secret as it is typed, and as the address in a QR code."""

    def step_of(self, secret: str, code: str, last_step: int) -> int | None:
        """The step of a code of now, the one before or the one after; None for a wrong one and for one of a step that
        was used, or of an earlier one."""

    def new_recovery_codes(self, count: int) -> list[str]:
        """Codes to write down."""

    def new_passkey_options(self, person_id: str, email: str, known: Sequence[bytes]) -> tuple[str, str]:
        """What a browser needs to make a passkey, as JSON, and the challenge to keep meanwhile."""

    def new_passkey(self, said: str, challenge: str) -> NewPasskey | None:
        """The passkey of a browser's answer; None where it does not hold."""

    def passkey_options(self, known: Sequence[bytes]) -> tuple[str, str]:
        """What a browser needs to use one of these passkeys, or any where none is named; and the challenge."""

    def passkey_named(self, said: str) -> bytes | None:
        """Which passkey a browser's answer is of; None where it is no such answer."""

    def passkey_used(self, said: str, challenge: str, public_key: bytes, sign_count: int) -> int | None:
        """The passkey's new count of uses; None where the answer does not hold."""
