"""Results by name: of members that agreed to it, one at a time, and each look is put down for the company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessment.content.library import Edition
from assessment.core.access import Action
from assessment.core.errors import NoResults, NotFound
from assessment.services.aggregates import readiness
from assessment.services.asking import Asking
from assessment.services.clusters import clusters
from assessment.services.clusters.clusters import EnteredCluster
from assessment.services.instance import Instance
from assessment.services.plans import reports
from assessment.services.plans.planning import Card
from assessment.storage.aggregates import contributions
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters.cluster_members import ClusterMember
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import companies


@dataclass(frozen=True)
class Result:
    """What a cluster sees of one member by name: its newest scores, and its plan as it stands."""

    edition: Edition
    taken_at: datetime
    overall: int | None
    sections: Mapping[str, int]
    cards: Sequence[Card]


@dataclass(frozen=True)
class NamedResult:
    """The same with the member and the cluster that looks."""

    entered: EnteredCluster
    member: ClusterMember
    result: Result


@dataclass(frozen=True)
class Named:
    """The members that a cluster sees by name, and how many agreed and wait for the next figures."""

    entered: EnteredCluster
    members: Sequence[ClusterMember]
    waiting: int


def listed(instance: Instance, asking: Asking, cluster_id: str) -> Named:
    """The members that agreed to be seen by name and have a result, as far as that tells of nobody else."""
    with instance.database.reading() as connection:
        entered = clusters.entered(connection, asking, cluster_id)
        agreed = readiness.named_members(connection, entered.cluster)
        with_result = contributions.results_of(connection, agreed, entered.cluster.questionnaire)
        shown = readiness.shown_by_name(instance, connection, entered.cluster)
        members = cluster_members.members_of(connection, cluster_id, ("active",))
    return Named(
        entered, [member for member in members if member.company_id in shown], len(with_result.keys() - shown)
    )  # fmt: skip


def one(instance: Instance, asking: Asking, cluster_id: str, member_id: str, language: str) -> NamedResult:
    """One of them; the look is put down once an hour. Raises NotFound for every other member."""
    named = listed(instance, asking, cluster_id)
    entered = named.entered
    member = next((found for found in named.members if found.id == member_id), None)
    if member is None or member.company_id is None:
        raise NotFound(member_id)
    _note_look(instance, asking, member.company_id)
    found = result_of(instance, entered.cluster, member.company_id, language)
    if found is None:
        raise NotFound(member_id)
    return NamedResult(entered, member, found)


def result_of(instance: Instance, cluster: Cluster, company_id: str, language: str) -> Result | None:
    """A company's newest result as a cluster sees it by name; None where it has none."""
    with instance.database.reading() as connection:
        row = contributions.of_company(connection, company_id, cluster.questionnaire)
    if row is None:
        return None
    figures: Mapping[str, Any] = row.figures
    return Result(
        clusters.edition_of(instance, cluster, language), row.taken_at, figures.get("overall"), figures["sections"],
        _cards_of(instance, row.assessment_id, language),
    )  # fmt: skip


def _cards_of(instance: Instance, draft_id: str, language: str) -> Sequence[Card]:
    try:
        return reports.reckoned_for(instance, draft_id, language).plan.cards
    except (NotFound, NoResults):
        return ()


def _note_look(instance: Instance, asking: Asking, company_id: str) -> None:
    now = instance.now()
    look = (company_id, None, asking.person_id, Action.SEE_NAMED.value)
    if not companies.looked_lately(instance.database, *look, now):
        with instance.database.writing() as connection:
            companies.note_look(connection, *look, now)
