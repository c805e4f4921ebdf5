"""What a cluster sees of one of its members, for that member: no more and no less than on the cluster's pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.services.aggregates import readiness
from assessment.services.asking import Asking
from assessment.services.clusters import belonging, cluster_map, named_results
from assessment.services.clusters.belonging import Belongs
from assessment.services.clusters.named_results import Result
from assessment.services.instance import Instance
from assessment.storage.clusters import campaigns, joint_actions
from assessment.storage.clusters import cluster_map as stored_map
from assessment.storage.clusters.campaigns import InvitedAs
from assessment.storage.clusters.cluster_map import StoredLink
from assessment.storage.clusters.joint_actions import Answered


@dataclass(frozen=True, slots=True)
class DrawnLink:
    """A link that the cluster drew to or from the member; `other` is empty for a member that is not named to others."""

    link: StoredLink
    outgoing: bool
    other: str


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a cluster sees of one member under its name.

    `result` is None where it sees none, `result_waits` says that it was agreed to and shows with the next figures.
    """

    belongs: Belongs
    invited: Sequence[InvitedAs]
    links: Sequence[DrawnLink]
    taking_part: Sequence[Answered]
    result: Result | None
    result_waits: bool


def look(instance: Instance, asking: Asking, company_id: str, cluster_id: str, language: str) -> Seen:
    """What the cluster sees of the company. Raises NotFound where it does not belong to it."""
    others = cluster_map.shared(instance, asking, company_id, cluster_id).network.by_id
    with instance.database.reading() as connection:
        belongs = belonging.belongs_in(instance, connection, asking, company_id, cluster_id)
        cluster, member = belongs.cluster, belongs.member
        drawn = [
            link for link in stored_map.links_of(connection, cluster_id) if member.id in (link.from_id, link.to_id)
        ]
        answered = joint_actions.for_company(connection, cluster_id, company_id)
        invited = campaigns.invited_as(connection, member.id)
        by_name = company_id in readiness.shown_by_name(instance, connection, cluster)
    ends = {link.id: link.to_id if link.from_id == member.id else link.from_id for link in drawn}
    links = [
        DrawnLink(link, link.from_id == member.id, others[end].name if (end := ends[link.id] or "") in others else "")
        for link in drawn
    ]
    result = named_results.result_of(instance, cluster, company_id, language) if member.named else None
    return Seen(
        belongs, invited, links, [one for one in answered if one.answer == "yes"], result if by_name else None,
        result is not None and not by_name,
    )  # fmt: skip
