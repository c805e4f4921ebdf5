"""Passkeys of people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, delete, insert, select, update

from assessment.storage.people.people_tables import passkeys

_K = passkeys.c


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey of a person."""

    id: str
    person_id: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime


_PASSKEY: Final[Select[Any]] = select(*(_K[name] for name in Passkey.__dataclass_fields__))


def add(
    connection: Connection, person_id: str, credential_id: bytes, public_key: bytes, sign_count: int, name: str,
    now: datetime, *, device_type: str, backed_up: bool,
) -> None:  # fmt: skip
    """Keep a new passkey. Raises IntegrityError where somebody has it already."""
    row = {
        "id": uuid4().hex, "person_id": person_id, "credential_id": credential_id, "public_key": public_key,
        "sign_count": sign_count, "transports": "[]", "extensions": "", "device_type": device_type,
        "backed_up": backed_up, "usage": "secondary", "name": name, "created_at": now, "used_at": now,
    }  # fmt: skip
    connection.execute(insert(passkeys), row)


def of_person(connection: Connection, person_id: str) -> tuple[Passkey, ...]:
    """The passkeys of a person, the oldest first."""
    rows = connection.execute(_PASSKEY.where(_K.person_id == person_id).order_by(_K.created_at, _K.id))
    return tuple(Passkey(*row) for row in rows)


def find(connection: Connection, credential_id: bytes) -> Passkey | None:
    """The passkey of a browser's name for it."""
    row = connection.execute(_PASSKEY.where(_K.credential_id == credential_id)).first()
    return Passkey(*row) if row else None


def used(connection: Connection, passkey: Passkey, sign_count: int, now: datetime) -> bool:
    """Note a use; False where it was used meanwhile, so that of two answers with one count one holds."""
    as_read = update(passkeys).where(_K.id == passkey.id, _K.sign_count == passkey.sign_count)
    return connection.execute(as_read.values(sign_count=sign_count, used_at=now)).rowcount == 1


def remove(connection: Connection, person_id: str, passkey_id: str) -> bool:
    """Take a passkey of a person away."""
    return connection.execute(delete(passkeys).where(_K.id == passkey_id, _K.person_id == person_id)).rowcount == 1
