"""Coming into a cluster by its invitation: account, company, membership and first check, in one go and on one page.

Who has the link has the address that it was sent to, as with every other mailed link. Looking changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from assessment.core.access import Action
from assessment.core.checks.route import Depth
from assessment.core.errors import NotFound, Refused
from assessment.services.aggregates.contributing import note_started
from assessment.services.asking import Asking
from assessment.services.clusters import belonging, opting_out
from assessment.services.clusters.belonging import Agreed
from assessment.services.clusters.clusters import edition_of
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.companies import printed_name
from assessment.services.people.joining import Comer, new_person, renew, whoever
from assessment.storage.checks import assessments
from assessment.storage.clusters import campaigns, clusters
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import companies
from assessment.storage.people.companies import Company
from assessment.storage.people.people import Person


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation says, before anybody presses the button."""

    cluster: Cluster
    email: str
    known: Person | None
    """Whoever has an account with this address."""
    companies: Sequence[Company]
    """The companies of theirs that may join."""
    suggested: str
    """What the cluster calls the company."""
    digest: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody typed and ticked: `into` is one of their companies, or empty for a new one of that name.

    `site` is the idea or offer that the check is for, where that is asked.
    """

    name: str
    into: str
    company: str
    agreed: Agreed
    depth: Depth
    language: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came by an invitation, and the check that they begin with."""

    person: Person
    draft_id: str


def look(instance: Instance, token: str, person_id: str) -> Invitation:
    """What an invitation says, without using it.

    Raises NotFound where it does not hold (any more), where the cluster is gone, and where somebody else is signed in.
    """
    link = links_once.look(instance, "member", token)
    known = whoever(instance, "member", token, person_id)
    with instance.database.reading() as connection:
        cluster = clusters.find(connection, id=str(link.arguments["cluster"]))
        if cluster is None:
            raise NotFound("member")
        theirs = _companies(connection, cluster, known)
    digest = opting_out.digest_of(instance, link.bound.email)
    return Invitation(cluster, link.bound.email, known, theirs, str(link.arguments.get("company", "")), digest)


def _companies(connection: Connection, cluster: Cluster, known: Person | None) -> list[Company]:
    owned = companies.companies_of(connection, known.id) if known else ()
    return [
        company for company, role in owned
        if role == "owner" and company.id != cluster.organisation_id and company.erase_at is None
    ]  # fmt: skip


def accept(instance: Instance, token: str, wanted: Wanted, comer: Comer) -> Arrived:
    """Make the account where there is none, let the company join and begin its check, all or nothing.

    Raises NotFound as `look` does, Refused as `belonging.join` does.
    """
    known = whoever(instance, "member", token, comer.person_id)
    now = instance.now()
    with instance.database.writing() as connection:
        link = links_once.spend(instance, connection, "member", token)
        cluster_id = str(link.arguments["cluster"])
        person = known or new_person(instance, connection, link.bound.email, wanted.name, comer)
        if wanted.into and companies.role_of(connection, wanted.into, person.id) != "owner":
            raise Refused("not-yours")
        company_id = wanted.into
        if not company_id:
            company_id = companies.add_company(connection, wanted.company, person.id, now).id
            instance.note(connection, "company made", person.id, {"company": company_id})
        asking = Asking(comer.new_session, Action.JOIN_CLUSTERS, person.id)
        cluster = clusters.find(connection, id=cluster_id)
        if cluster is None:
            raise NotFound(cluster_id)
        draft_id = _begin(instance, connection, cluster, company_id, wanted)
        member_id = belonging.join(
            instance, connection, asking, company_id, cluster_id, "invitation", wanted.agreed
        )  # fmt: skip
        digest = opting_out.digest_of(instance, link.bound.email)
        campaigns.mark_joined(connection, cluster_id, digest, member_id)
        renew(connection, comer, now)
    return Arrived(person, draft_id)


def _begin(instance: Instance, connection: Connection, cluster: Cluster, company_id: str, wanted: Wanted) -> str:
    """A check with the questionnaire that the cluster asks its members to answer, whole where it has no quick path."""
    company = companies.find_company(connection, company_id)
    if company is None:
        raise NotFound(company_id)
    asked = edition_of(instance, cluster, wanted.language).questionnaire
    now = instance.now()
    draft = assessments.create(
        connection, questionnaire=asked.name, version=asked.version, depth=wanted.depth if asked.has_quick else "full",
        language=wanted.language, now=now, company_id=company_id, site=wanted.site,
    )  # fmt: skip
    assessments.set_company_name(connection, draft.id, printed_name(company.name, wanted.site), now)
    note_started(connection, company_id, draft.questionnaire)
    return draft.id
