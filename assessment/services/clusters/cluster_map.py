"""The map of a cluster: its members and links as a network, for its managers and, by name, for its members.

Managers see everybody on their list. A member sees the companies that agreed to be named there, and the support
organisations that the cluster lists; links to anybody else are left out with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from sqlalchemy import Connection

from assessment.content.clusters.cluster_lists import cluster_lists
from assessment.core.clusters.cluster_lists import Role, Step
from assessment.core.clusters.network import Link, LinkKind, Member, Network, network_of, usual_step
from assessment.core.clusters.network_rows import BETWEEN, MOST_LINKS, Changes, Rows, changes_by, settled
from assessment.core.errors import NotFound, Refused
from assessment.services.asking import Asking
from assessment.services.clusters import belonging, clusters
from assessment.services.clusters.belonging import Belongs
from assessment.services.clusters.clusters import EnteredCluster
from assessment.services.instance import Instance
from assessment.storage.clusters import cluster_map as stored
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters.cluster_map import StoredLink
from assessment.storage.clusters.cluster_members import ClusterMember

_ROLES: Final[Mapping[str, Role]] = {role: role for role in get_args(Role)}
_STEPS: Final[Mapping[str, Step]] = {step: step for step in get_args(Step)}
_KINDS: Final[Mapping[str, LinkKind]] = {kind: kind for kind in get_args(LinkKind)}


@dataclass(frozen=True, slots=True)
class ManagedMap:
    """A cluster's whole network, as those who run it see it."""

    entered: EnteredCluster
    network: Network
    stored: Mapping[str, ClusterMember]


@dataclass(frozen=True, slots=True)
class SharedMap:
    """The part of a network that a member sees; `unnamed` companies belong to the cluster and are left out."""

    belongs: Belongs
    network: Network
    unnamed: int


def managed(instance: Instance, asking: Asking, cluster_id: str) -> ManagedMap:
    """The whole map. Raises as `clusters.enter` does."""
    with instance.database.reading() as connection:
        entered = clusters.entered(connection, asking, cluster_id)
        members = cluster_members.members_of(connection, cluster_id)
        return ManagedMap(entered, _network(connection, cluster_id, members), {one.id: one for one in members})


def shared(instance: Instance, asking: Asking, company_id: str, cluster_id: str) -> SharedMap:
    """The map as a member sees it. Raises NotFound where the company does not belong to the cluster."""
    with instance.database.reading() as connection:
        belongs = belonging.belongs_in(instance, connection, asking, company_id, cluster_id)
        members = cluster_members.members_of(connection, cluster_id)
        opened = set(cluster_members.open_companies(connection, cluster_id, "on_map"))
        named = [one for one in members if _is_named(one, opened)]
        companies = sum(one.company_id is not None for one in members)
        unnamed = companies - sum(one.company_id is not None for one in named)
        return SharedMap(belongs, _network(connection, cluster_id, named), unnamed)


def _is_named(member: ClusterMember, opened: set[str]) -> bool:
    """Whether others see a name: a firm without an account was never asked, a support organisation offers itself."""
    return member.role != "firm" if member.company_id is None else member.company_id in opened


def _network(connection: Connection, cluster_id: str, members: Sequence[ClusterMember]) -> Network:
    links = (
        Link(link.from_id, link.to_id or link.service, _KINDS[link.kind], link.wanted)
        for link in stored.links_of(connection, cluster_id)
    )
    return network_of(map(as_node, members), links, cluster_lists())


def as_node(member: ClusterMember) -> Member:
    """A member as a node. What the cluster said of its step goes first, then what is usual for its trade."""
    lists = cluster_lists()
    services = tuple(one for one in member.services.split(BETWEEN) if one in lists.services)
    category = member.category if member.category in lists.categories else None
    step = _STEPS.get(member.step) or usual_step(member.nace)
    return Member(member.id, member.name, _ROLES.get(member.role, "firm"), step, category, services)


# Links by hand


def links_of(
    instance: Instance, asking: Asking, cluster_id: str, member_id: str
) -> tuple[ManagedMap, Member, Sequence[StoredLink]]:
    """A member with its links. Raises NotFound for one that is not on the map."""
    found = managed(instance, asking, cluster_id)
    if member_id not in found.network.by_id:
        raise NotFound(member_id)
    with instance.database.reading() as connection:
        links = stored.links_of(connection, cluster_id)
    mine = [link for link in links if member_id in (link.from_id, link.to_id)]
    return found, found.network.by_id[member_id], mine


def add_link(instance: Instance, asking: Asking, cluster_id: str, link: Link) -> None:
    """Add a link from a member to another or to a wanted service.

    Raises Refused: `unknown-end`, `to-itself`, `not-wanted` for a service that is not said to be wanted, `too-many`.
    """
    services = cluster_lists().services
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        known = {member.id for member in cluster_members.members_of(connection, cluster_id)}
        if link.source not in known or not (link.target in known or link.target in services):
            raise Refused("unknown-end")
        if link.source == link.target:
            raise Refused("to-itself")
        if link.target in services and not link.wanted:
            raise Refused("not-wanted")
        if len(stored.links_of(connection, cluster_id)) >= MOST_LINKS:
            raise Refused("too-many")
        stored.add_links(connection, cluster_id, [_row(link)], services)


def remove_link(instance: Instance, asking: Asking, cluster_id: str, member_id: str, link_id: str) -> None:
    """Take a link of a member away. Raises NotFound where it has no such link."""
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        if not stored.remove_link(connection, cluster_id, member_id, link_id):
            raise NotFound(link_id)


def _row(link: Link) -> tuple[str, str, str, bool]:
    return link.source, link.target, link.kind, link.wanted


# By file


def changes(found: ManagedMap, rows: Rows) -> Changes:
    """What a file would change. The name of a company with an account is its own to change."""
    named = frozenset(member.id for member in found.stored.values() if member.company_id is not None)
    return changes_by(rows, found.network, named, cluster_lists())


def apply(instance: Instance, asking: Asking, cluster_id: str, rows: Rows) -> Changes:
    """Take a file over, whole; what it changes is worked out again in the transaction.

    Raises Refused("changed") where it can no longer be taken as it is; nothing is written then.
    """
    with instance.database.writing() as connection:
        entered = clusters.entered(connection, asking, cluster_id)
        members = cluster_members.members_of(connection, cluster_id)
        here = ManagedMap(entered, _network(connection, cluster_id, members), {one.id: one for one in members})
        found = changes(here, rows)
        if found.problems:
            raise Refused("changed")
        ids = {
            member.id: cluster_members.list_organisation(connection, cluster_id, instance.now(), **_columns(member))
            for member in found.added
        }
        for before, after in found.changed:
            cluster_members.describe(connection, before.id, **_columns(after))
        links = map(_row, settled(found, ids))
        stored.add_links(connection, cluster_id, links, cluster_lists().services)
    return found


def _columns(member: Member) -> dict[str, str]:
    return {
        "name": member.name, "role": member.role, "step": member.step, "category": member.category or "",
        "services": BETWEEN.join(member.services),
    }  # fmt: skip
