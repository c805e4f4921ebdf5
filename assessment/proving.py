"""Hashing, codes and passkeys by Flask-Security and py_webauthn: what `services/people/proofs.py` asks for.

Flask-Security works in an application context of its own, with none of its routes, cookies and mails switched on: see
the decision in ARCHITECTURE.md. Loaded when somebody first signs in, because it takes as long as all else of a start.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask
from flask_security import RoleMixin, Security, UserDatastore, UserMixin
from flask_security.totp import Totp
from flask_security.utils import hash_password, verify_and_update_password
from passlib.totp import TOTP
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from assessment.config import Settings
from assessment.core.errors import TooBusy
from assessment.services.people.proofs import NewPasskey

PRODUCT: Final = "Green Pathways"
MOST_HASHINGS: Final = 4
PATIENCE: Final = 2.0
STEP: Final = 30
_hashing = threading.BoundedSemaphore(MOST_HASHINGS)
# Threads of their own: what is allocated for a hash stays with the thread that asked for it, so that fifty threads of a
# web server would keep the memory of fifty hashes.
_hashers = ThreadPoolExecutor(MOST_HASHINGS, "hashing")
T = TypeVar("T")


class _Account(UserMixin):
    """As much of an account as Flask-Security looks at when it checks a password."""

    fs_uniquifier = ""

    def __init__(self, password: str) -> None:
        self.password = password


class _Accounts(UserDatastore):
    """Keeps nothing: accounts are rows that `storage/people/people.py` reads and writes."""

    def put(self, model: object) -> object:
        """Called with the account whose hash was made anew; who asked for it reads it from there."""
        return model


class _Codes(Totp):
    """Codes by the product's own clock. The step of the last code is the caller's to keep."""

    def __init__(self, secrets: dict[str, str], issuer: str, now: Callable[[], datetime]) -> None:
        super().__init__(secrets, issuer)
        self._totp = TOTP.using(issuer=issuer, secrets=secrets, now=lambda: now().timestamp())

    def step(self, secret: str, code: str, last_step: int) -> int | None:
        try:
            matched = self._totp.verify(code, secret, window=STEP, last_counter=last_step)
        except (TypeError, ValueError):
            # A wrong code, or a secret that came back from a page as none of ours.
            return None
        return int(matched.counter)


def strength(settings: Settings) -> dict[str, Any]:
    """What argon2 is told: memory in KiB, passes, lanes. A hash that is weaker is made anew at the next sign-in."""
    hashing = settings.hashing
    return {"type": "id", "memory_cost": hashing.memory_mib * 1024, "time_cost": hashing.passes, "parallelism": 1}


class Proving:
    """`services.people.proofs.Proofs` for one instance."""

    def __init__(self, settings: Settings, now: Callable[[], datetime], argon2: dict[str, Any] | None = None) -> None:
        self._app = Flask("accounts")
        self._app.config.update(
            SECRET_KEY=settings.secret_key,
            # Hashed once, with a salt of each hash's own: what argon2 says it takes.
            SECURITY_PASSWORD_SALT="unused",  # noqa: S106
            SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
            SECURITY_PASSWORD_SCHEMES=["argon2"],
            SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
            SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
            SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
                f"argon2__{name}": value for name, value in (argon2 or strength(settings)).items()
            },
        )
        Security(self._app, _Accounts(_Account, RoleMixin), register_blueprint=False)
        key = hashlib.sha256(b"codes:" + settings.code_key.encode()).hexdigest()
        self._codes = _Codes({"1": key}, settings.operator_name or PRODUCT, now)
        self._origin = settings.base_url
        self._host = urlsplit(settings.base_url).hostname or ""
        self._nobody = self.hashed("nobody has this password")

    def _in_turn(self, hashing: Callable[[], T]) -> T:
        """Hashing takes memory and a core, so few at once; whoever waits too long is told to come back."""

        def hashed() -> T:
            with self._app.app_context():
                return hashing()

        if not _hashing.acquire(timeout=PATIENCE):
            raise TooBusy
        try:
            return _hashers.submit(hashed).result()
        finally:
            _hashing.release()

    def hashed(self, password: str) -> str:
        return self._in_turn(lambda: str(hash_password(password)))

    def matches(self, password: str, password_hash: str) -> tuple[bool, str]:
        account = _Account(password_hash or self._nobody)
        same = self._in_turn(lambda: bool(verify_and_update_password(password, account)))
        right = same and bool(password_hash)
        newer = str(account.password)
        return right, newer if right and newer != password_hash else ""

    def new_secret(self) -> str:
        return str(self._codes.generate_totp_secret())

    def shown_secret(self, secret: str, email: str) -> tuple[str, str]:
        return str(self._codes.get_totp_pretty_key(secret)), str(self._codes.get_totp_uri(email, secret))

    def step_of(self, secret: str, code: str, last_step: int) -> int | None:
        return self._codes.step(secret, code, last_step)

    def new_recovery_codes(self, count: int) -> list[str]:
        return list(self._codes.generate_recovery_codes(count))

    def new_passkey_options(self, person_id: str, email: str, known: Sequence[bytes]) -> tuple[str, str]:
        options = generate_registration_options(
            rp_id=self._host,
            rp_name=PRODUCT,
            user_id=person_id.encode(),
            user_name=email,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        return options_to_json(options), _text(options.challenge)

    def new_passkey(self, said: str, challenge: str) -> NewPasskey | None:
        try:
            made = verify_registration_response(
                credential=said,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            return None
        return NewPasskey(
            made.credential_id, made.credential_public_key, made.sign_count, made.credential_device_type.value,
            made.credential_backed_up,
        )  # fmt: skip

    def passkey_options(self, known: Sequence[bytes]) -> tuple[str, str]:
        options = generate_authentication_options(
            rp_id=self._host,
            allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options), _text(options.challenge)

    def passkey_named(self, said: str) -> bytes | None:
        try:
            return parse_authentication_credential_json(said).raw_id
        except (WebAuthnException, ValueError, json.JSONDecodeError):
            return None

    def passkey_used(self, said: str, challenge: str, public_key: bytes, sign_count: int) -> int | None:
        try:
            used = verify_authentication_response(
                credential=said,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            return None
        return int(used.new_sign_count)


def _text(challenge: bytes) -> str:
    return base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
