"""What a person has decided about a plan: status, owner, deadline, note, order, and steps of their own.

A measure that nobody has touched has no row; its first change makes one. A line's key says what it is:
`measure:<id>` from the engine, `entry:<id>` added from the catalogue, `own:<id>` written by the person.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, update

from assessment.core.errors import Clash, Conflict, NotFound
from assessment.core.plans.follow_up import NOTHING_NOTED, FollowUp, read, write
from assessment.storage.columns import iso
from assessment.storage.conflicts import insert_once
from assessment.storage.tables import plan_items

_P = plan_items.c


@dataclass(frozen=True, slots=True)
class PlanFields:
    """What a person can change on a line of the plan."""

    title: str = ""
    status: str = "not-started"
    owner: str = ""
    deadline: date | None = None
    note: str = ""
    refusal: str = ""
    follow_up: FollowUp = NOTHING_NOTED


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One line as it is stored. `position` is None where the natural order stands; `revision` starts at 1."""

    key: str
    fields: PlanFields
    position: int | None
    added_at: datetime
    changed_at: datetime
    revision: int


_FIELDS: Final = tuple(field.name for field in fields(PlanFields))
_ITEMS: Final[Select[Any]] = select(
    _P.id, _P.measure, _P.entry, *(_P[name] for name in _FIELDS), _P.position, _P.added_at, _P.changed_at, _P.revision
)
_PLACE: Final = update(plan_items).where(_P.id == bindparam("item")).values(position=bindparam("place"))


def plan_of(connection: Connection, assessment_id: str) -> tuple[PlanItem, ...]:
    """Every stored line: those that were put in order first, then the rest as they were added."""
    rows = connection.execute(
        _ITEMS.where(_P.assessment_id == assessment_id).order_by(_P.position.is_(None), _P.position, _P.added_at, _P.id)
    )
    return tuple(map(_item, rows))


def save_item(
    connection: Connection, assessment_id: str, key: str, new: PlanFields, seen_revision: int, now: datetime
) -> PlanItem:
    """Change a line that was seen at `seen_revision` (0: it had no row yet), or make it.

    Raises Conflict with one Clash under the line's key (`theirs` is its fields as JSON, null where it is gone)
    where somebody else has changed it to something else since,
    NotFound for a line of their own that is gone.
    """
    stored = _find(connection, assessment_id, key)
    if stored is None:
        if key.startswith("own:"):
            raise NotFound
        if seen_revision:
            raise Conflict([Clash(key, "null", 0, "")])
        if _insert(connection, assessment_id, key, new, now):
            return PlanItem(key, new, None, now, now, 1)
        stored = _find(connection, assessment_id, key)
        if stored is None:
            raise NotFound
    row_id, item = stored
    if item.fields == new:
        return item
    if item.revision != seen_revision:
        theirs = json.dumps(asdict(item.fields), default=str, ensure_ascii=False)
        raise Conflict([Clash(key, theirs, item.revision, iso(item.changed_at))])
    changed = {"revision": item.revision + 1, "changed_at": now, **_columns(new)}
    connection.execute(update(plan_items).where(_P.id == row_id).values(changed))
    return PlanItem(key, new, item.position, item.added_at, now, item.revision + 1)


def add_own(connection: Connection, assessment_id: str, new: PlanFields, now: datetime) -> PlanItem:
    """A step that the person has thought of."""
    item_id = uuid4().hex
    _insert(connection, assessment_id, f"own:{item_id}", new, now)
    return PlanItem(f"own:{item_id}", new, None, now, now, 1)


def add_entry(connection: Connection, assessment_id: str, entry: str, title: str, now: datetime) -> PlanItem:
    """A catalogue entry put into the plan; the second time it is simply there."""
    key = f"entry:{entry}"
    _insert(connection, assessment_id, key, PlanFields(title=title), now)
    found = _find(connection, assessment_id, key)
    if found is None:
        raise NotFound
    return found[1]


CARRIED_OVER: Final = ("not-started", "planned", "in-progress", "not-for-us")
"""What is still to do, and what was refused: it need not be refused again."""


def carry_over(connection: Connection, from_id: str, to_id: str, now: datetime) -> int:
    """Copy what is not done yet from one plan into another that is empty, in the same order; how many lines."""
    kept = [item for item in plan_of(connection, from_id) if item.fields.status in CARRIED_OVER]
    for item in kept:
        # A line of their own is named by its row, so its copy needs a name of its own.
        key = f"own:{uuid4().hex}" if item.key.startswith("own:") else item.key
        _insert(connection, to_id, key, item.fields, now, item.position)
    return len(kept)


def remove_item(connection: Connection, assessment_id: str, key: str) -> bool:
    """Take a line out; a measure goes back to how the engine proposes it."""
    return connection.execute(delete(plan_items).where(*_is(assessment_id, key))).rowcount == 1


def reorder(connection: Connection, assessment_id: str, keys: Sequence[str], now: datetime) -> None:
    """Put the lines into this order; an empty order gives the natural one back. The last order given stands.

    A measure or entry without a row gets one. Keys of lines that are gone are passed over.
    """
    connection.execute(
        update(plan_items).where(_P.assessment_id == assessment_id, _P.position.is_not(None)).values(position=None)
    )
    rows = connection.execute(_ITEMS.where(_P.assessment_id == assessment_id))
    known = {_key(row): row.id for row in rows}
    places = []
    for place, key in enumerate(dict.fromkeys(keys), start=1):
        if key not in known and not key.startswith("own:") and _insert(connection, assessment_id, key, None, now):
            known[key] = _find_id(connection, assessment_id, key)
        if key in known:
            places.append({"item": known[key], "place": place})
    if places:
        connection.execute(_PLACE, places)


def _insert(
    connection: Connection,
    assessment_id: str,
    key: str,
    new: PlanFields | None,
    now: datetime,
    position: int | None = None,
) -> bool:
    origin, _, name = key.partition(":")
    values = {
        "id": name if origin == "own" else uuid4().hex,
        "assessment_id": assessment_id,
        "measure": name if origin == "measure" else None,
        "entry": name if origin == "entry" else None,
        "position": position,
        "added_at": now,
        "changed_at": now,
        "revision": 1,
    }
    return insert_once(connection, plan_items, values | _columns(new or PlanFields()))


def _is(assessment_id: str, key: str) -> tuple[Any, Any]:
    origin, _, name = key.partition(":")
    column = {"measure": _P.measure, "entry": _P.entry, "own": _P.id}.get(origin)
    if column is None:
        raise NotFound
    return _P.assessment_id == assessment_id, column == name


def _find(connection: Connection, assessment_id: str, key: str) -> tuple[str, PlanItem] | None:
    # Held until the transaction ends, so that the revision read here is the one written over.
    row = connection.execute(_ITEMS.where(*_is(assessment_id, key)).with_for_update()).first()
    return (row.id, _item(row)) if row else None


def _find_id(connection: Connection, assessment_id: str, key: str) -> str:
    return str(connection.execute(select(_P.id).where(*_is(assessment_id, key))).scalar_one())


def _key(row: Row[Any]) -> str:
    if row.measure is not None:
        return f"measure:{row.measure}"
    return f"entry:{row.entry}" if row.entry is not None else f"own:{row.id}"


def _columns(item: PlanFields) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in _FIELDS}
    return {**values, "follow_up": write(item.follow_up) if item.follow_up else None}


def _item(row: Row[Any]) -> PlanItem:
    values = {name: getattr(row, name) for name in _FIELDS}
    values["follow_up"] = read(row.follow_up) if row.follow_up else NOTHING_NOTED
    return PlanItem(_key(row), PlanFields(**values), row.position, row.added_at, row.changed_at, row.revision)
