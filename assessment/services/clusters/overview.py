"""What a cluster's overview shows: how many came how far, who waits for an answer, its parts.

How many were invited and joined is known to who runs the cluster anyway. How many came further comes from members who
may not have agreed that the cluster sees how far they are: it is shown as the newest snapshot has it, because a figure
that moves as they do would tell of one of them, rounded or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment.core.aggregates.snapshots import Figure, Snapshot
from assessment.services.instance import Instance
from assessment.storage.aggregates import releases
from assessment.storage.clusters import campaigns, clusters
from assessment.storage.clusters import cluster_members as stored
from assessment.storage.clusters.cluster_members import ClusterMember
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import companies
from assessment.storage.people.companies import Company


@dataclass(frozen=True)
class Funnel:
    """How many addresses were invited and how many members there are now; and how many were further on at `taken_at`,
    the day of the newest snapshot (None: there is none yet), by stage, as it was released.
    """

    invited: int
    joined: int
    taken_at: datetime | None
    further: Mapping[str, Figure]
    shares: Mapping[str, Figure]
    """The same as per cent of the members of that day."""
    members_then: Figure
    """How many those were, as it was released."""


def funnel(instance: Instance, cluster: Cluster) -> Funnel:
    """How many were invited, and how many members came how far."""
    with instance.database.reading() as connection:
        invited = campaigns.invited_to(connection, cluster.id)
        joined = stored.sums_of(connection, cluster.id)["joined"]
        newest = releases.newest(connection, cluster.id, cluster.questionnaire)
    if newest is None:
        return Funnel(invited, joined, None, {}, {}, None)
    table = Snapshot.model_validate_json(newest.shown).table("participation")
    further, shares = (
        {stage: table.figure(stage, column) for stage in stored.STAGES[1:]} for column in ("companies", "share")
    )
    return Funnel(invited, joined, newest.taken_at, further, shares, table.figure(stored.STAGES[0], "companies"))


def waiting(instance: Instance, cluster_id: str) -> Sequence[ClusterMember]:
    """The companies that asked to belong and wait for an answer."""
    with instance.database.reading() as connection:
        return stored.members_of(connection, cluster_id, ("asked",))


def parts_of(instance: Instance, cluster: Cluster) -> Sequence[Cluster]:
    """The sub-clusters of a cluster."""
    with instance.database.reading() as connection:
        return clusters.parts_of(connection, cluster.id)


def companies_that_may_ask(instance: Instance, person_id: str, cluster: Cluster) -> list[Company]:
    """The companies of a person, who owns them, that neither belong to the cluster nor asked to."""
    with instance.database.reading() as connection:
        owned = [company for company, role in companies.companies_of(connection, person_id) if role == "owner"]
        rows = {company.id: stored.member_of_company(connection, cluster.id, company.id) for company in owned}
    return [
        company for company in owned
        if ((row := rows[company.id]) is None or row.state == "left")
        and company.id != cluster.organisation_id and company.erase_at is None
    ]  # fmt: skip
