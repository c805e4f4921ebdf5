"""What a cluster's overview shows: how many came how far, who waits for an answer, its parts.

How many were invited and joined is known to who runs the cluster anyway. How many came further is rounded: it comes
from members who may not have agreed that the cluster sees how far they are.
"""

from collections.abc import Mapping, Sequence

from assessment.services.instance import Instance
from assessment.storage import campaigns, clusters, companies
from assessment.storage import cluster_members as stored
from assessment.storage.cluster_members import ClusterMember
from assessment.storage.clusters import Cluster
from assessment.storage.companies import Company

ROUNDED_TO = 5
_KNOWN = ("invited", "joined")


def funnel(instance: Instance, cluster: Cluster) -> Mapping[str, int | None]:
    """How many were invited and how many members came how far; those beyond joining to the nearest 5.

    None where that would tell of few: the number and its remainder must both reach the cluster's threshold, because all
    of them, or none, would be an answer about each.
    """
    with instance.database.reading() as connection:
        sums = {"invited": campaigns.invited_to(connection, cluster.id), **stored.sums_of(connection, cluster.id)}
    joined = sums["joined"]
    return {what: n if what in _KNOWN else _rounded(n, joined, cluster.threshold) for what, n in sums.items()}


def _rounded(n: int, of: int, least: int) -> int | None:
    if n < least or of - n < least:
        return None
    return (n * 2 + ROUNDED_TO) // (2 * ROUNDED_TO) * ROUNDED_TO


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
