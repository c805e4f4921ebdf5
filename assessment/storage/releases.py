"""Snapshots of figures that were released, with their ledgers. A row is never changed and never goes by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, func, insert, or_, select

from assessment.storage.cluster_tables import cluster_members, releases

_R, _M = releases.c, cluster_members.c


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """One snapshot as it is shown; `shown` is its JSON."""

    id: str
    cluster_id: str | None
    questionnaire: str
    taken_at: datetime
    shown: str


_RELEASE: Final[Select[Any]] = select(*(_R[name] for name in StoredRelease.__dataclass_fields__))


def add(
    connection: Connection, cluster_id: str | None, questionnaire: str, taken_at: datetime, person_id: str | None,
    shown: str, ledger: str,
) -> str:  # fmt: skip
    """Keep a snapshot and its ledger together; its id."""
    row = {
        "id": uuid4().hex, "cluster_id": cluster_id, "questionnaire": questionnaire, "taken_at": taken_at,
        "person_id": person_id, "shown": shown, "ledger": ledger,
    }  # fmt: skip
    connection.execute(insert(releases), row)
    return str(row["id"])


def how_many(connection: Connection) -> int:
    """How many snapshots were ever released here: another number means that there is more to audit against."""
    return int(connection.execute(select(func.count()).select_from(releases)).scalar_one())


def hold(connection: Connection) -> None:
    """Let nobody else release anything until the transaction ends; on SQLite one writes at a time anyway."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("LOCK TABLE releases IN SHARE ROW EXCLUSIVE MODE")


def of_cluster(connection: Connection, cluster_id: str, questionnaire: str) -> tuple[tuple[str, datetime], ...]:
    """Id and moment of a cluster's snapshots, the newest first."""
    listed = select(_R.id, _R.taken_at).where(_R.cluster_id == cluster_id, _R.questionnaire == questionnaire)
    return tuple((row.id, row.taken_at) for row in connection.execute(listed.order_by(_R.taken_at.desc(), _R.id)))


def newest(connection: Connection, cluster_id: str, questionnaire: str) -> StoredRelease | None:
    """A cluster's newest snapshot."""
    theirs = _RELEASE.where(_R.cluster_id == cluster_id, _R.questionnaire == questionnaire)
    row = connection.execute(theirs.order_by(_R.taken_at.desc(), _R.id).limit(1)).first()
    return StoredRelease(*row) if row else None


def find(connection: Connection, cluster_id: str, release_id: str) -> StoredRelease | None:
    """One snapshot of a cluster."""
    row = connection.execute(_RELEASE.where(_R.cluster_id == cluster_id, _R.id == release_id)).first()
    return StoredRelease(*row) if row else None


def newest_of_others(connection: Connection, cluster_id: str, questionnaire: str) -> tuple[StoredRelease, ...]:
    """The newest snapshot of each other cluster, by the cluster's id."""
    listed = _RELEASE.where(_R.questionnaire == questionnaire, _R.cluster_id.is_not(None), _R.cluster_id != cluster_id)
    found: dict[str, StoredRelease] = {}
    for row in connection.execute(listed.order_by(_R.cluster_id, _R.taken_at)):
        found[row.cluster_id] = StoredRelease(*row)
    return tuple(found.values())


def ledgers_around(connection: Connection, cluster_id: str, questionnaire: str) -> tuple[str, ...]:
    """The ledgers of all that was released about a cluster, about clusters that share a company with it or ever did,
    and about clusters that are gone, whose members nobody knows any more; the oldest first."""
    there = select(_M.company_id).where(_M.cluster_id == cluster_id, _M.company_id.is_not(None))
    sharing = select(_M.cluster_id).where(_M.company_id.in_(there))
    around = or_(_R.cluster_id == cluster_id, _R.cluster_id.in_(sharing), _R.cluster_id.is_(None))
    listed = select(_R.ledger).where(_R.questionnaire == questionnaire, around).order_by(_R.taken_at, _R.id)
    return tuple(connection.execute(listed).scalars())
