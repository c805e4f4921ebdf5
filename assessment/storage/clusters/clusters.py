"""Clusters: what each is called, who runs it, and how somebody stands to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, exists, insert, or_, select, update

from assessment.core.access import Relation, Standing
from assessment.core.checks.attachments import Kind
from assessment.storage.clusters.cluster_tables import cluster_managers, clusters
from assessment.storage.people.people_tables import people

_C, _M, _P = clusters.c, cluster_managers.c, people.c


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster; `texts` are the words of its page by language, `version` is empty for the newest."""

    id: str
    name: str
    slug: str
    texts: Mapping[str, str]
    website: str
    logo_kind: str
    questionnaire: str
    version: str
    threshold: int
    published: bool
    code_at: datetime
    parent_id: str | None
    model_id: str | None
    organisation_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Manager:
    """Somebody who runs a cluster."""

    person_id: str
    name: str
    email: str
    joined_at: datetime


_CLUSTER: Final[Select[Any]] = select(*(_C[name] for name in Cluster.__dataclass_fields__))
_BY: Final = {name: _CLUSTER.where(_C[name] == bindparam("value")) for name in ("id", "slug", "code_hash")}
_MANAGERS: Final = (
    select(_P.id, _P.name, _P.email, _M.joined_at)
    .join(people, _P.id == _M.person_id)
    .where(_M.cluster_id == bindparam("id"))
    .order_by(_M.joined_at, _P.id)
)


def add(connection: Connection, cluster: Cluster, code_hash: str, manager_id: str) -> None:
    """A new cluster with its first manager. Raises IntegrityError where its slug is taken."""
    row = {name: getattr(cluster, name) for name in Cluster.__dataclass_fields__}
    connection.execute(insert(clusters), {**row, "texts": json.dumps(dict(cluster.texts)), "code_hash": code_hash})
    add_manager(connection, cluster.id, manager_id, cluster.created_at)


def find(connection: Connection, **by: str) -> Cluster | None:
    """The cluster of an `id`, a `slug` or a `code_hash`."""
    ((name, value),) = by.items()
    row = connection.execute(_BY[name], {"value": value}).first()
    return _cluster(row) if row else None


def _cluster(row: Sequence[Any]) -> Cluster:
    values = dict(zip(Cluster.__dataclass_fields__, row, strict=True))
    return Cluster(**{**values, "texts": json.loads(values["texts"])})


def change(connection: Connection, cluster_id: str, **values: object) -> bool:
    """Set some of a cluster's columns; whether there is such a cluster."""
    if isinstance(texts := values.get("texts"), Mapping):
        values["texts"] = json.dumps(dict(texts))
    return connection.execute(update(clusters).where(_C.id == cluster_id).values(**values)).rowcount == 1


def remove(connection: Connection, cluster_id: str) -> bool:
    """Take a cluster away with its members' rows, campaigns and plans; what it released stays for later audits."""
    return connection.execute(delete(clusters).where(_C.id == cluster_id)).rowcount == 1


def logo_of(connection: Connection, slug: str) -> tuple[Kind, bytes] | None:
    """The kind and the bytes of a cluster's logo; None where it has none."""
    row = connection.execute(select(_C.logo_kind, _C.logo).where(_C.slug == slug)).first()
    return (row.logo_kind, row.logo) if row and row.logo else None


def run_by(connection: Connection, person_id: str) -> tuple[Cluster, ...]:
    """The clusters that somebody runs, by name."""
    mine = _CLUSTER.join(cluster_managers, _M.cluster_id == _C.id).where(_M.person_id == person_id)
    return tuple(_cluster(row) for row in connection.execute(mine.order_by(_C.name, _C.id)))


def of_organisation(connection: Connection, company_id: str) -> tuple[Cluster, ...]:
    """The clusters that an organisation runs, by name."""
    theirs = _CLUSTER.where(_C.organisation_id == company_id).order_by(_C.name, _C.id)
    return tuple(_cluster(row) for row in connection.execute(theirs))


def all_of_them(connection: Connection) -> tuple[Cluster, ...]:
    """Every cluster of the instance, by name."""
    return tuple(_cluster(row) for row in connection.execute(_CLUSTER.order_by(_C.name, _C.id)))


def parts_of(connection: Connection, cluster_id: str) -> tuple[Cluster, ...]:
    """The sub-clusters of a cluster, by name."""
    parts = _CLUSTER.where(_C.parent_id == cluster_id).order_by(_C.name, _C.id)
    return tuple(_cluster(row) for row in connection.execute(parts))


def managers_of(connection: Connection, cluster_id: str) -> tuple[Manager, ...]:
    """Everybody who runs a cluster, the longest there first."""
    return tuple(Manager(*row) for row in connection.execute(_MANAGERS, {"id": cluster_id}))


def hold(connection: Connection, cluster_id: str) -> bool:
    """Hold a cluster's row until the transaction ends, so that its managers change one after the other."""
    return connection.execute(select(_C.id).where(_C.id == cluster_id).with_for_update()).first() is not None


def is_manager(connection: Connection, cluster_id: str, person_id: str) -> bool:
    """Whether somebody runs a cluster."""
    mine = select(_M.person_id).where(_M.cluster_id == cluster_id, _M.person_id == person_id)
    return connection.execute(mine).first() is not None


def add_manager(connection: Connection, cluster_id: str, person_id: str, now: datetime) -> None:
    """Let somebody run a cluster. Raises IntegrityError where they do already."""
    connection.execute(
        insert(cluster_managers), {"cluster_id": cluster_id, "person_id": person_id, "joined_at": now}
    )  # fmt: skip


def remove_manager(connection: Connection, cluster_id: str, person_id: str) -> bool:
    """Let somebody no longer run a cluster; False for somebody who does not, or where nobody would be left."""
    gone = delete(cluster_managers).where(_M.cluster_id == cluster_id, _M.person_id == person_id)
    return connection.execute(gone.where(somebody_runs(cluster_id, without=person_id))).rowcount == 1


def run_alone_by(connection: Connection, person_id: str, *, able: bool = True) -> tuple[Cluster, ...]:
    """The clusters that nobody would run if this manager went, by name; `able` as in `somebody_runs`."""
    mine = _CLUSTER.join(cluster_managers, _M.cluster_id == _C.id).join(people, _P.id == _M.person_id)
    alone = mine.where(
        _P.id == person_id, _P.staff_role == "manager", ~somebody_runs(_C.id, without=person_id, able=able)
    )
    return tuple(_cluster(row) for row in connection.execute(alone.order_by(_C.name, _C.id)))


def run_by_nobody(connection: Connection) -> tuple[Cluster, ...]:
    """The clusters of which no manager can sign in any more, by name."""
    deserted = _CLUSTER.where(~somebody_runs(_C.id)).order_by(_C.name, _C.id)
    return tuple(_cluster(row) for row in connection.execute(deserted))


def somebody_runs(
    cluster_id: ColumnElement[str] | str, *, without: ColumnElement[str] | str = "", able: bool = True
) -> ColumnElement[bool]:
    """Whether somebody runs a cluster who can: with the role, an account that is on, and not about to go.

    Not `able` is who is only switched off, too.
    """
    other, them = cluster_managers.alias("other"), people.alias("them")
    return exists().where(
        other.c.cluster_id == cluster_id, other.c.person_id != without, them.c.id == other.c.person_id,
        them.c.staff_role == "manager", them.c.erase_at.is_(None), *([them.c.active.is_(True)] if able else []),
    )  # fmt: skip


def standing_in(connection: Connection, cluster_id: str, person_id: str) -> Standing:
    """How a person stands to a cluster. Whoever lost the role of a manager runs none."""
    row = connection.execute(
        select(_P.staff_role, _M.person_id)
        .select_from(people)
        .outerjoin(cluster_managers, (_M.person_id == _P.id) & (_M.cluster_id == cluster_id))
        .where(_P.id == person_id)
    ).first()
    relations = set()
    if row is not None and row.staff_role == "manager" and row[1] is not None:
        relations.add(Relation.MANAGER)
    if row is not None and row.staff_role == "administrator" and find(connection, id=cluster_id) is not None:
        relations.add(Relation.ADMINISTRATOR)
    return Standing(frozenset(relations))


def slugs_like(connection: Connection, slug: str) -> frozenset[str]:
    """The slugs in use that begin with one."""
    like = select(_C.slug).where(or_(_C.slug == slug, _C.slug.startswith(f"{slug}-", autoescape=True)))
    return frozenset(connection.execute(like).scalars())
