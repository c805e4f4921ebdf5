"""What was agreed to and taken back: rows are added, never changed, and the newest one counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, insert, select

from assessment.storage.tables import consents

_C = consents.c


@dataclass(frozen=True, slots=True)
class Consent:
    """One decision: about what, which way, over which words in which language, in which manner, when."""

    purpose: str
    given: bool
    text_hash: str
    language: str
    how: str
    at: datetime


_NAMES: Final = tuple(Consent.__dataclass_fields__)
_CONSENTS: Final[Select[Any]] = select(*(_C[name] for name in _NAMES))


def add_consent(connection: Connection, assessment_id: str, consent: Consent) -> None:
    """Write down that a consent was given or withdrawn."""
    row = {name: getattr(consent, name) for name in _NAMES}
    connection.execute(insert(consents), {"assessment_id": assessment_id, **row})


def current_consent(connection: Connection, assessment_id: str, purpose: str) -> Consent | None:
    """The latest decision about a purpose; None where nobody was asked."""
    of_purpose = _CONSENTS.where(_C.assessment_id == assessment_id, _C.purpose == purpose)
    row = connection.execute(of_purpose.order_by(_C.id.desc()).limit(1)).first()
    return Consent(*row) if row else None


def consents_of(connection: Connection, assessment_id: str) -> tuple[Consent, ...]:
    """Every decision, the first one first."""
    rows = connection.execute(_CONSENTS.where(_C.assessment_id == assessment_id).order_by(_C.id))
    return tuple(Consent(*row) for row in rows)
