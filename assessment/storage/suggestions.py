"""What visitors suggest for the catalogue: received once, decided once, every step kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import Connection, Select, insert, select, update

from assessment.storage.conflicts import insert_once
from assessment.storage.tables import suggestion_history, suggestions

Kind = Literal["new", "correction"]
State = Literal["waiting", "accepted", "declined"]

KEPT_NAMES: Final = timedelta(days=365)
"""How long at most we know who made a suggestion that nobody has decided on."""

_S = suggestions.c
_H = suggestion_history.c


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion as it stands."""

    id: str
    kind: Kind
    entry: str
    words: str
    source: str
    who: str
    language: str
    state: State
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a suggestion's history."""

    state: State
    editor: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicChange:
    """One accepted suggestion as everybody may read it: in the editor's words."""

    entry: str
    words: str
    at: datetime


_NAMES: Final = tuple(Suggestion.__dataclass_fields__)
_SUGGESTIONS: Final[Select[Any]] = select(*(_S[name] for name in _NAMES))


def add(
    connection: Connection, *, form_key: str, kind: Kind, entry: str, words: str, source: str, who: str,
    consent_hash: str, language: str, now: datetime,
) -> bool:  # fmt: skip
    """Take in a suggestion, waiting; whether it is a new one and not the same form sent twice."""
    name = uuid4().hex
    row = {
        "id": name, "form_key": form_key, "kind": kind, "entry": entry, "words": words, "source": source, "who": who,
        "consent_hash": consent_hash, "language": language, "state": "waiting", "received_at": now, "changed_at": now,
    }  # fmt: skip
    if not insert_once(connection, suggestions, row):
        return False
    _note(connection, name, "waiting", "", "", now)
    return True


def of_state(connection: Connection, state: State, limit: int) -> tuple[Suggestion, ...]:
    """The suggestions in one state, the oldest first."""
    rows = connection.execute(_SUGGESTIONS.where(_S.state == state).order_by(_S.received_at, _S.id).limit(limit))
    return tuple(Suggestion(*row) for row in rows)


def found(connection: Connection, start_of_id: str) -> tuple[Suggestion, ...]:
    """The suggestions whose id begins so; two at most."""
    begins = _S.id.startswith(start_of_id, autoescape=True)
    return tuple(Suggestion(*row) for row in connection.execute(_SUGGESTIONS.where(begins).order_by(_S.id).limit(2)))


def history(connection: Connection, suggestion_id: str) -> tuple[Step, ...]:
    """Every step, the first one first."""
    steps = select(_H.state, _H.editor, _H.words, _H.at).where(_H.suggestion_id == suggestion_id).order_by(_H.id)
    return tuple(Step(*row) for row in connection.execute(steps))


def decide(
    connection: Connection, suggestion_id: str, state: State, editor: str, words: str, now: datetime
) -> bool:  # fmt: skip
    """Accept or decline a waiting suggestion and forget who made it; whether it was still waiting."""
    waiting = update(suggestions).where(_S.id == suggestion_id, _S.state == "waiting")
    if connection.execute(waiting.values(state=state, who="", changed_at=now)).rowcount == 0:
        return False
    _note(connection, suggestion_id, state, editor, words, now)
    return True


def public_changes(connection: Connection, limit: int) -> tuple[PublicChange, ...]:
    """The accepted suggestions that an editor has put into words, the newest first."""
    told = (
        select(_S.entry, _H.words, _H.at)
        .join(suggestions, _S.id == _H.suggestion_id)
        .where(_H.state == "accepted", _H.words != "")
        .order_by(_H.at.desc(), _H.id.desc())
        .limit(limit)
    )
    return tuple(PublicChange(*row) for row in connection.execute(told))


def forget_names(connection: Connection, now: datetime) -> int:
    """Take away who made a suggestion where nobody decided for a year; how many there were."""
    old = update(suggestions).where(_S.who != "", _S.received_at <= now - KEPT_NAMES)
    return connection.execute(old.values(who="")).rowcount


def _note(connection: Connection, suggestion_id: str, state: State, editor: str, words: str, now: datetime) -> None:
    row = {"suggestion_id": suggestion_id, "state": state, "editor": editor, "words": words, "at": now}
    connection.execute(insert(suggestion_history), row)
