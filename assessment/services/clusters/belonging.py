"""Belonging to a cluster: a company joins, agrees viewer by viewer to what the cluster may see, and leaves.

Nothing is agreed by joining alone. What is taken back, and leaving, count from the next request on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection

from assessment.core.errors import NotFound, Refused
from assessment.services.asking import Asking
from assessment.services.clusters import clusters
from assessment.services.instance import Instance
from assessment.services.people import companies
from assessment.services.people.companies import Entered
from assessment.services.people.company_consents import Words
from assessment.services.upkeep.gone import put_down_again, put_down_ended, put_down_whether
from assessment.storage.clusters import cluster_members as stored
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.clusters.cluster_members import ClusterMember, Origin
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import companies as stored_companies
from assessment.storage.people import company_consents as record
from assessment.storage.people.company_consents import COMPARED, CompanyConsent
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.erasure_list import entry

Agreement = Literal["counted", "progress", "named", "on_map"]
AGREEMENTS: Final[tuple[Agreement, ...]] = ("counted", "progress", "named", "on_map")
VIEWERS: Final[Mapping[Agreement, str]] = {
    "counted": "cluster-figures", "progress": "cluster-progress", "named": "cluster-named", "on_map": "cluster-map",
}  # fmt: skip
"""Under which viewer each agreement stands in the record of a company's consents."""
LONGEST_WORD: Final = 100

Agreed = Mapping[Agreement, Words]
"""What is agreed to, each with the words that were shown."""


@dataclass(frozen=True, slots=True)
class Belongs:
    """A company in one of its clusters."""

    entered: Entered
    cluster: Cluster
    member: ClusterMember


# The company


def clusters_of(
    instance: Instance, asking: Asking, company_id: str
) -> tuple[Entered, Sequence[tuple[Cluster, ClusterMember]]]:
    """The clusters that a company belongs to, or asked to belong to."""
    with instance.database.reading() as connection:
        entered = companies.entered(instance, connection, asking, company_id)
        return entered, stored.clusters_of_company(connection, company_id)


def begun_at(instance: Instance, asking: Asking, company_id: str) -> Sequence[Cluster]:
    """The clusters on whose pages the company began a check, and that it neither belongs to nor asked to."""
    with instance.database.reading() as connection:
        companies.entered(instance, connection, asking, company_id)
        begun = [stored_clusters.find(connection, id=one) for one in stored.started_at(connection, company_id)]
        there = {
            cluster.id for cluster, member in stored.clusters_of_company(connection, company_id)
            if member.state in ("active", "asked")
        }  # fmt: skip
    return [
        cluster for cluster in begun
        if cluster is not None and cluster.id not in there and cluster.organisation_id != company_id
    ]  # fmt: skip


def belongs(instance: Instance, asking: Asking, company_id: str, cluster_id: str) -> Belongs:
    """A company in a cluster. Raises NotFound where it does not belong to it (any more)."""
    with instance.database.reading() as connection:
        return belongs_in(instance, connection, asking, company_id, cluster_id)


def belongs_in(
    instance: Instance, connection: Connection, asking: Asking, company_id: str, cluster_id: str
) -> Belongs:  # fmt: skip
    """The same in the caller's transaction: what is written there rests on what is so now."""
    entered = companies.entered(instance, connection, asking, company_id)
    cluster = stored_clusters.find(connection, id=cluster_id)
    member = stored.member_of_company(connection, cluster_id, company_id)
    if cluster is None or member is None or not stored.is_active(connection, cluster_id, company_id):
        raise NotFound(cluster_id)
    return Belongs(entered, cluster, member)


def by_code(instance: Instance, typed: str) -> Cluster:
    """The cluster of a typed code. Raises NotFound for a code that is unknown or was replaced."""
    with instance.database.reading() as connection:
        found = stored_clusters.find(connection, code_hash=clusters.code_hash(instance, typed))
    if found is None:
        raise NotFound("code")
    return found


def join_by_code(instance: Instance, asking: Asking, company_id: str, typed: str, agreed: Agreed) -> Cluster:
    """Join the cluster of a code. Raises NotFound as `by_code` does, Refused as `join`."""
    cluster = by_code(instance, typed)
    with instance.database.writing() as connection:
        join(instance, connection, asking, company_id, cluster.id, "code", agreed)
    return cluster


def join(
    instance: Instance, connection: Connection, asking: Asking, company_id: str, cluster_id: str, origin: Origin,
    agreed: Agreed,
) -> str:  # fmt: skip
    """Let a company belong to a cluster, in the caller's transaction; the id of its row there.

    Raises Refused: `own-organisation` for the one that runs the cluster, `leaving` for a company that is about to be
    deleted. Raises NotFound for a cluster that has gone.
    """
    entered = companies.entered(instance, connection, asking, company_id)
    cluster = stored_clusters.find(connection, id=cluster_id)
    if cluster is None:
        raise NotFound(cluster_id)
    if entered.company.erase_at is not None:
        raise Refused("leaving")
    if cluster.organisation_id == company_id:
        raise Refused("own-organisation")
    was_active = stored.is_active(connection, cluster_id, company_id)
    stage = stored.stage_of(connection, company_id, cluster.questionnaire)
    member_id = stored.join(
        connection, cluster_id, company_id, entered.company.name, origin, stage, instance.now(), agreed
    )  # fmt: skip
    put_down_again(instance, member_id, *(f"{member_id}:{what}" for what in agreed))
    if not was_active:
        for what, words in agreed.items():
            _put_on_record(instance, connection, asking, company_id, cluster_id, what, True, words)
        _note(instance, connection, "cluster joined", asking, company_id, cluster_id)
    return member_id


def ask(instance: Instance, asking: Asking, company_id: str, slug: str) -> Cluster:
    """Ask to belong to a cluster, which then decides. Raises NotFound, or Refused("member-already")."""
    with instance.database.writing() as connection:
        entered = companies.entered(instance, connection, asking, company_id)
        cluster = stored_clusters.find(connection, slug=slug)
        if cluster is None or cluster.organisation_id == company_id:
            raise NotFound(slug)
        if not stored.ask(connection, cluster.id, company_id, entered.company.name, instance.now()):
            raise Refused("member-already")
    return cluster


def agree(
    instance: Instance, asking: Asking, company_id: str, cluster_id: str, what: Agreement, given: bool, words: Words
) -> None:  # fmt: skip
    """Agree that the cluster may see something, or no longer; what is so already adds nothing to the record."""
    with instance.database.writing() as connection:
        belongs = belongs_in(instance, connection, asking, company_id, cluster_id)
        if stored.agree(connection, belongs.member.id, what, given):
            _put_on_record(instance, connection, asking, company_id, cluster_id, what, given, words)
            put_down_whether(instance, f"{belongs.member.id}:{what}", over=not given)


def leave(instance: Instance, asking: Asking, company_id: str, cluster_id: str) -> None:
    """No longer belong to a cluster, or no longer ask to. Raises NotFound where the company does neither."""
    with instance.database.writing() as connection:
        companies.entered(instance, connection, asking, company_id)
        _end(instance, connection, asking, cluster_id, stored.member_of_company(connection, cluster_id, company_id))


def _end(
    instance: Instance, connection: Connection, asking: Asking, cluster_id: str, member: ClusterMember | None
) -> None:  # fmt: skip
    if member is None or member.company_id is None or not stored.leave(connection, member, instance.now()):
        raise NotFound(cluster_id)
    put_down_ended(instance, member.id)
    if member.state == "active":
        _note(instance, connection, "cluster left", asking, member.company_id, cluster_id)


def _put_on_record(
    instance: Instance, connection: Connection, asking: Asking, company_id: str, cluster_id: str, what: Agreement,
    given: bool, words: Words,
) -> None:  # fmt: skip
    row = CompanyConsent(
        VIEWERS[what], cluster_id, given, words.digest, words.language, words.how, asking.person_id, instance.now()
    )
    record.add(connection, company_id, row)
    subject = {"company": company_id, "viewer": VIEWERS[what], "cluster": cluster_id}
    instance.note(connection, "consent given" if given else "consent withdrawn", asking.person_id, subject)


def _note(
    instance: Instance, connection: Connection, event: audit.Event, asking: Asking, company_id: str, cluster_id: str
) -> None:  # fmt: skip
    instance.note(connection, event, asking.person_id, {"company": company_id, "cluster": cluster_id})


def be_compared(instance: Instance, asking: Asking, company_id: str, given: bool, words: Words) -> None:
    """Agree to be counted where all companies of the instance are compared, or no longer."""
    with instance.database.writing() as connection:
        companies.entered(instance, connection, asking, company_id)
        if stored_companies.set_compared(connection, company_id, given):
            row = CompanyConsent(
                COMPARED, "", given, words.digest, words.language, words.how, asking.person_id, instance.now()
            )  # fmt: skip
            record.add(connection, company_id, row)
            subject = {"company": company_id, "viewer": COMPARED}
            instance.note(connection, "consent given" if given else "consent withdrawn", asking.person_id, subject)
            put_down_whether(instance, entry("compared", company_id), over=not given)


# The managers


def members_of(
    instance: Instance, cluster_id: str, states: Collection[str] = ("active", "listed")
) -> Sequence[ClusterMember]:
    """The members in some states, by name."""
    with instance.database.reading() as connection:
        return stored.members_of(connection, cluster_id, states)


def member(instance: Instance, cluster_id: str, member_id: str) -> ClusterMember:
    """One member. Raises NotFound for one that is not there or has left."""
    with instance.database.reading() as connection:
        found = stored.find_member(connection, cluster_id, member_id)
    if found is None or found.state == "left":
        raise NotFound(member_id)
    return found


def answer_request(instance: Instance, asking: Asking, cluster_id: str, member_id: str, accept: bool) -> None:
    """Let a company that asked belong to the cluster, or not. Raises NotFound where nobody asks (any more)."""
    with instance.database.writing() as connection:
        cluster = clusters.entered(connection, asking, cluster_id).cluster
        found = stored.find_member(connection, cluster_id, member_id)
        if found is None or found.state != "asked" or found.company_id is None:
            raise NotFound(member_id)
        if accept:
            stage = stored.stage_of(connection, found.company_id, cluster.questionnaire)
            now = instance.now()
            stored.join(connection, cluster_id, found.company_id, found.name, "request", stage, now)
            put_down_again(instance, found.id)
            _note(instance, connection, "cluster joined", asking, found.company_id, cluster_id)
        else:
            stored.leave(connection, found, instance.now())


def remove(instance: Instance, asking: Asking, cluster_id: str, member_id: str) -> None:
    """Let a company no longer belong to the cluster, or strike an organisation off its list."""
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        found = stored.find_member(connection, cluster_id, member_id)
        if found is not None and found.company_id is None:
            stored.strike_off(connection, cluster_id, member_id)
        else:
            _end(instance, connection, asking, cluster_id, found)


def list_organisation(instance: Instance, asking: Asking, cluster_id: str, **about: str) -> str:
    """Put an organisation that has no account here on the cluster's list; its row's id."""
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        return stored.list_organisation(connection, cluster_id, instance.now(), **about)


def describe(instance: Instance, asking: Asking, cluster_id: str, member_id: str, **about: str) -> None:
    """Set what the cluster says of a member. Raises NotFound for one that is not there or has left."""
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        found = stored.find_member(connection, cluster_id, member_id)
        if found is None or found.state == "left":
            raise NotFound(member_id)
        stored.describe(connection, member_id, **about)
