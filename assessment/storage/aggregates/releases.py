"""Snapshots of figures that were released, with their ledgers. A row is never changed and never goes by itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select

from assessment.storage.clusters.cluster_tables import cluster_members, contributions, releases
from assessment.storage.people.company_consents import COMPARED
from assessment.storage.people.people_tables import company_consents

_R, _N, _M, _V = releases.c, contributions.c, cluster_members.c, company_consents.c


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """One snapshot as it is shown; `shown` is its JSON, `took` the seconds that it took to work out, where known."""

    id: str
    cluster_id: str | None
    questionnaire: str
    taken_at: datetime
    shown: str
    took: int | None


_RELEASE: Final[Select[Any]] = select(*(_R[name] for name in StoredRelease.__dataclass_fields__))


def add(
    connection: Connection, cluster_id: str | None, questionnaire: str, taken_at: datetime, person_id: str | None,
    shown: str, ledger: str, everybody: bool = False, took: int | None = None,
) -> str:  # fmt: skip
    """Keep a snapshot and its ledger together; its id. `everybody`: of all companies that agreed, not of a cluster;
    `took`: the seconds that it took to work out.
    """
    row = {
        "id": uuid4().hex, "cluster_id": cluster_id, "questionnaire": questionnaire, "taken_at": taken_at,
        "person_id": person_id, "shown": shown, "ledger": ledger,
        "everybody": everybody, "took": took,
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


def _of(cluster_id: str | None) -> ColumnElement[bool]:
    return _R.cluster_id == cluster_id if cluster_id is not None else _R.everybody.is_(True)


def newest(connection: Connection, cluster_id: str | None, questionnaire: str) -> StoredRelease | None:
    """The newest snapshot of a cluster, or with None of all companies that agreed."""
    theirs = _RELEASE.where(_of(cluster_id), _R.questionnaire == questionnaire)
    row = connection.execute(theirs.order_by(_R.taken_at.desc(), _R.id).limit(1)).first()
    return StoredRelease(*row) if row else None


def last_took(connection: Connection, cluster_id: str, questionnaire: str) -> int | None:
    """The seconds that a cluster's newest snapshot took to work out; None where that is not known."""
    theirs = select(_R.took).where(_R.cluster_id == cluster_id, _R.questionnaire == questionnaire)
    took: int | None = connection.execute(theirs.order_by(_R.taken_at.desc(), _R.id).limit(1)).scalar()
    return took


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


def ledgers(connection: Connection, questionnaire: str) -> tuple[tuple[str, str], ...]:
    """The ledgers of all that was ever released here about a questionnaire, each with what was shown, the oldest first.

    Of every cluster, and of those that are gone, since a figure may follow from any chain of clusters that share
    companies.
    """
    listed = select(_R.ledger, _R.shown).where(_R.questionnaire == questionnaire).order_by(_R.taken_at, _R.id)
    return tuple((row.ledger, row.shown) for row in connection.execute(listed))


def newest_ledger(connection: Connection, cluster_id: str | None, questionnaire: str) -> str | None:
    """The ledger of the newest snapshot of a cluster, or with None of all companies that agreed."""
    theirs = select(_R.ledger).where(_of(cluster_id), _R.questionnaire == questionnaire)
    return connection.execute(theirs.order_by(_R.taken_at.desc(), _R.id).limit(1)).scalar()


def may_have_counted(connection: Connection, questionnaire: str, company_ids: Collection[str]) -> frozenset[str]:
    """Those of some companies whose newest result may stand in a figure that was released: of a cluster that they
    belong or belonged to, of one that is gone, whose members nobody knows any more, or of all that ever agreed to it.
    """
    since = _R.taken_at >= _N.taken_at
    of_theirs = select(_R.id).join(cluster_members, _M.cluster_id == _R.cluster_id)
    there = of_theirs.where(_M.company_id == _N.company_id, _R.questionnaire == questionnaire, since).exists()
    nobodys = select(_R.id).where(_R.cluster_id.is_(None), _R.questionnaire == questionnaire, since)
    agreed = select(_V.company_id).where(_V.company_id == _N.company_id, _V.viewer == COMPARED, _V.given.is_(True))
    counted = or_(
        there, nobodys.where(_R.everybody.is_(False)).exists(),
        and_(agreed.exists(), nobodys.where(_R.everybody.is_(True)).exists()),
    )  # fmt: skip
    asked = select(_N.company_id).where(_N.questionnaire == questionnaire, counted)
    ordered = sorted(company_ids)
    portions = (ordered[at : at + _PORTION] for at in range(0, len(ordered), _PORTION))
    return frozenset(
        found for some in portions for found in connection.execute(asked.where(_N.company_id.in_(some))).scalars()
    )


_PORTION: Final = 500
"""So many ids at a time: both databases take a limited number of values in a statement."""
