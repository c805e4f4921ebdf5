"""The links between the members of a cluster, and the services that some want."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, delete, insert, select

from assessment.storage.clusters.cluster_tables import cluster_links

_L = cluster_links.c


@dataclass(frozen=True, slots=True)
class StoredLink:
    """From one member to another, or to a service (then `to_id` is None)."""

    id: str
    from_id: str
    to_id: str | None
    service: str
    kind: str
    wanted: bool


_LINK: Final[Select[Any]] = select(*(_L[name] for name in StoredLink.__dataclass_fields__))


def links_of(connection: Connection, cluster_id: str) -> tuple[StoredLink, ...]:
    """All links of a cluster."""
    rows = connection.execute(_LINK.where(_L.cluster_id == cluster_id).order_by(_L.id))
    return tuple(StoredLink(*row) for row in rows)


def add_links(
    connection: Connection, cluster_id: str, links: Iterable[tuple[str, str, str, bool]], services: Collection[str]
) -> None:
    """Add links as source, target, kind, wanted; a target among the services is one. What is there already stays."""
    known = {
        (link.from_id, link.to_id or link.service, link.kind, link.wanted) for link in links_of(connection, cluster_id)
    }
    rows = [
        {
            "id": uuid4().hex, "cluster_id": cluster_id, "from_id": source,
            "to_id": None if target in services else target, "service": target if target in services else "",
            "kind": kind, "wanted": wanted,
        }
        for source, target, kind, wanted in dict.fromkeys(links)
        if (source, target, kind, wanted) not in known
    ]  # fmt: skip
    if rows:
        connection.execute(insert(cluster_links), rows)


def remove_link(connection: Connection, cluster_id: str, member_id: str, link_id: str) -> bool:
    """Take away a link of a member; False where it is not one."""
    mine = delete(cluster_links).where(
        _L.id == link_id, _L.cluster_id == cluster_id, (_L.from_id == member_id) | (_L.to_id == member_id)
    )
    return connection.execute(mine).rowcount == 1
