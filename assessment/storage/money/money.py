"""What a company adds to its answers so that its plan can be reckoned in euros, and its two saved scenarios.

The documents are JSON; their shape is for those above to know. Changes are guarded by a revision, so that a second
window never overwrites silently.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update

from assessment.core.errors import Clash, Conflict
from assessment.storage.columns import iso
from assessment.storage.conflicts import insert_once, inserting
from assessment.storage.tables import money, scenarios

_M = money.c
_S = scenarios.c

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredMoney:
    """`entries`: own figures, prices and numbers of pieces; `wishes`: budget, hours and what matters.

    `revision` is 0 where nothing was ever saved.
    """

    entries: Document
    wishes: Document
    revision: int


@dataclass(frozen=True, slots=True)
class StoredScenario:
    """A set of measures under a name, in slot `a` or `b`."""

    slot: str
    name: str
    measures: tuple[str, ...]
    saved_at: datetime


_MONEY: Final = select(_M.entries, _M.wishes, _M.revision).where(_M.assessment_id == bindparam("assessment_id"))
_SCENARIOS: Final = (
    select(_S.slot, _S.name, _S.measures, _S.saved_at)
    .where(_S.assessment_id == bindparam("assessment_id"))
    .order_by(_S.slot)
)


def money_of(connection: Connection, assessment_id: str) -> StoredMoney:
    """What was last saved; empty documents before that."""
    row = connection.execute(_MONEY, {"assessment_id": assessment_id}).first()
    return StoredMoney(json.loads(row.entries), json.loads(row.wishes), row.revision) if row else StoredMoney({}, {}, 0)


def save_money(
    connection: Connection,
    assessment_id: str,
    seen_revision: int,
    now: datetime,
    *,
    entries: Document | None = None,
    wishes: Document | None = None,
) -> StoredMoney:
    """Save one document or both; what is left out stays.

    Raises Conflict (one Clash named `entries` or `wishes`) where either was changed to something else since
    `seen_revision`: they share it.
    """
    stored = money_of(connection, assessment_id)
    changes = {"entries": entries, "wishes": wishes}
    kept = {"entries": stored.entries, "wishes": stored.wishes}
    new = {name: kept[name] if change is None else change for name, change in changes.items()}
    if new == kept:
        return stored
    if stored.revision == 0:
        values = {"assessment_id": assessment_id, "revision": 1, "changed_at": now, **_written(new)}
        if insert_once(connection, money, values):
            return StoredMoney(new["entries"], new["wishes"], 1)
        stored = money_of(connection, assessment_id)
    guarded = update(money).where(_M.assessment_id == assessment_id, _M.revision == seen_revision)
    changed = connection.execute(guarded.values(revision=seen_revision + 1, changed_at=now, **_written(new)))
    if changed.rowcount != 1:
        name = "entries" if entries is not None else "wishes"
        raise Conflict([Clash(name, json.dumps(getattr(stored, name)), stored.revision, iso(now))])
    return StoredMoney(new["entries"], new["wishes"], seen_revision + 1)


def _written(documents: Mapping[str, Document]) -> dict[str, str]:
    return {name: json.dumps(document, ensure_ascii=False, sort_keys=True) for name, document in documents.items()}


def scenarios_of(connection: Connection, assessment_id: str) -> tuple[StoredScenario, ...]:
    """The saved scenarios by slot."""
    rows = connection.execute(_SCENARIOS, {"assessment_id": assessment_id})
    return tuple(StoredScenario(row.slot, row.name, tuple(json.loads(row.measures)), row.saved_at) for row in rows)


def save_scenario(
    connection: Connection, assessment_id: str, slot: str, name: str, measures: Sequence[str], now: datetime
) -> None:
    """Put a set of measures into a slot; what was there before is replaced."""
    values = {"name": name, "measures": json.dumps(sorted(set(measures))), "saved_at": now}
    put = inserting(connection, scenarios).on_conflict_do_update(index_elements=["assessment_id", "slot"], set_=values)
    connection.execute(put, {"assessment_id": assessment_id, "slot": slot, **values})


def drop_scenario(connection: Connection, assessment_id: str, slot: str) -> bool:
    """Forget a scenario; whether there was one."""
    gone = delete(scenarios).where(_S.assessment_id == assessment_id, _S.slot == slot)
    return connection.execute(gone).rowcount == 1
