"""The audit log: a chain in which each row's mark covers the row before it.

A row is written in the transaction of what it tells of, and never changed: triggers refuse it, and whoever goes round
them cannot work out the marks without the key, which lies outside the database. A tail that was cut off is found by
the heads that are written down beside the data. Rows hold ids alone, so a person can be erased and the chain stays
whole. What has been kept long enough goes from the front, after a row that says up to where and with which mark.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select

from assessment.storage.columns import iso
from assessment.storage.people.people_tables import audit_log

Event = Literal[
    "signed in", "sign-in failed", "signed out", "sessions ended", "factor added", "factor removed",
    "recovery code used", "password changed", "address changed", "account made", "account disabled", "account enabled",
    "account erased", "staff role changed", "administrator invited", "company made", "check claimed", "check erased",
    "member joined", "member left", "role changed", "mentor offered", "mentor let in", "mentor declined",
    "mentor ended", "consent given", "consent withdrawn", "interview agreed", "interview taken back",
    "restricted", "unrestricted", "erasing asked", "erasing undone",
    "company erased", "glass opened", "glass closed", "data taken out",
    "backup written", "restored", "let go", "job tried again", "job given up",
    "test mail sent",
    "cluster made", "cluster changed", "cluster deleted", "manager joined", "manager left", "cluster joined",
    "cluster left",
]  # fmt: skip
"""What can be told."""

HEADS: Final = "audit-heads.txt"
"""The file in the data folder where it stands once a day how the chain ends."""
Subject = Mapping[str, str | int | bool]
_L = audit_log.c
_NOBODY: Final = ""
_LAST: Final[Select[Any]] = select(_L.number, _L.mac).order_by(_L.number.desc()).limit(1)
_PORTION: Final[Select[Any]] = (
    select(_L.number, _L.at, _L.actor, _L.event, _L.subject, _L.mac)
    .where(_L.number > bindparam("last"))
    .order_by(_L.number)
    .limit(1000)
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the chain at some moment."""

    number: int
    mac: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row of the chain that is not what was written."""

    number: int
    why: Literal["changed", "missing", "cut off"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, as an administrator reads it."""

    number: int
    at: datetime
    actor: str
    event: str
    subject: Mapping[str, Any]


def note(connection: Connection, key: bytes, event: Event, actor: str, subject: Subject, now: datetime) -> None:
    """Put down what the transaction at hand does: who (a person's id, empty for nobody), and to what, by ids alone.

    Best called last in a transaction: on PostgreSQL whoever notes something waits for whoever noted before.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("LOCK TABLE audit_log IN SHARE ROW EXCLUSIVE MODE")
    last = connection.execute(_LAST).first()
    number, before = (last.number + 1, last.mac) if last else (1, _NOBODY)
    told = json.dumps(dict(subject), sort_keys=True, separators=(",", ":"))
    mac = _mark(key, number, now, actor, event, told, before)
    row = {"number": number, "at": now, "actor": actor, "event": event, "subject": told, "mac": mac}
    connection.execute(insert(audit_log), row)


def verify(connection: Connection, key: bytes, heads: Iterable[Head] = ()) -> Broken | None:
    """The first row that was changed, is missing or was cut off at the end; None for a whole chain."""
    known = {head.number: head.mac for head in heads}
    last, before = 0, None
    for row in _rows(connection):
        if last == 0:
            before = _mark_before(connection, row.number)
        elif row.number != last + 1:
            return Broken(last + 1, "missing")
        if before is None:
            return Broken(1, "missing")
        if not hmac.compare_digest(_mark_of(key, row, before), row.mac):
            return Broken(row.number, "changed")
        if known.get(row.number, row.mac) != row.mac:
            return Broken(row.number, "changed")
        last, before = row.number, row.mac
    return Broken(last + 1, "cut off") if any(number > last for number in known) else None


def head(connection: Connection) -> Head | None:
    """The last row, None for an empty chain."""
    row = connection.execute(_LAST).first()
    return Head(row.number, row.mac) if row else None


def entries(
    connection: Connection, limit: int = 200, before: int | None = None, *,
    span: tuple[datetime, datetime] | None = None, event: str = "",
) -> tuple[Entry, ...]:  # fmt: skip
    """The newest rows, the newest first: before one, within a span of time, of one kind."""
    listed = select(*(_L[name] for name in Entry.__dataclass_fields__)).order_by(_L.number.desc()).limit(limit)
    if before is not None:
        listed = listed.where(_L.number < before)
    if span is not None:
        listed = listed.where(_L.at >= span[0], _L.at < span[1])
    if event:
        listed = listed.where(_L.event == event)
    rows = connection.execute(listed)
    return tuple(Entry(row.number, row.at, row.actor, row.event, json.loads(row.subject)) for row in rows)


def begins(connection: Connection) -> datetime | None:
    """When the oldest row that is still there was written; None for an empty chain."""
    return connection.execute(select(_L.at).order_by(_L.number).limit(1)).scalar()


def let_go(connection: Connection, key: bytes, until: datetime, now: datetime) -> int:
    """Delete the rows up to a moment from the front of the chain; how many went."""
    newer = select(func.min(_L.number)).where(_L.at > until)
    last = connection.execute(newer).scalar()
    end = last - 1 if last is not None else connection.execute(select(func.max(_L.number))).scalar()
    mark = connection.execute(select(_L.mac).where(_L.number == end)).scalar()
    if end is None or mark is None:
        return 0
    note(connection, key, "let go", _NOBODY, {"up_to": end, "mac": mark}, now)
    return connection.execute(delete(audit_log).where(_L.number <= end)).rowcount


def write_head(path: Path, found: Head | None, now: datetime) -> None:
    """Write down where the chain ends, once a day, in a file beside the data."""
    if found is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    known = path.read_text("utf-8") if path.exists() else ""
    line = f"{iso(now)} {found.number} {found.mac}\n"
    if not known.endswith(line.partition(" ")[2]):
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line)


def read_heads(path: Path) -> tuple[Head, ...]:
    """The heads written down."""
    if not path.exists():
        return ()
    lines = [line.split() for line in path.read_text("utf-8").splitlines()]
    return tuple(Head(int(number), mac) for _, number, mac in lines)


def _rows(connection: Connection) -> Iterator[Any]:
    last = 0
    while rows := connection.execute(_PORTION, {"last": last}).all():
        yield from rows
        last = rows[-1].number


def _mark_before(connection: Connection, number: int) -> str | None:
    """The mark that the first row there is rests on: none at the start, else as the chain itself says it."""
    if number == 1:
        return _NOBODY
    gone = select(_L.subject).where(_L.event == bindparam("event")).order_by(_L.number.desc())
    for row in connection.execute(gone, {"event": "let go"}):
        said = json.loads(row.subject)
        if said.get("up_to") == number - 1:
            return str(said.get("mac"))
    return None


def _mark_of(key: bytes, row: Any, before: str) -> str:
    return _mark(key, row.number, row.at, row.actor, row.event, row.subject, before)


def _mark(key: bytes, number: int, at: datetime, actor: str, event: str, subject: str, before: str) -> str:
    said = json.dumps([number, iso(at), actor, event, subject, before], separators=(",", ":"))
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
