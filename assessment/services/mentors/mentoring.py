"""Mentors and companies: offers from either side, access that the company gives and ends, and handing clients over.

Before a company has agreed, a mentor sees nothing of it. What is asked of somebody else goes with a mail, so those
functions run in the caller's transaction, which also posts it.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from assessment.core.errors import NotFound, Refused
from assessment.core.ordering import by_name
from assessment.services import mails
from assessment.services.asking import Asking
from assessment.services.clusters.clusters import entered as entered_cluster
from assessment.services.instance import Instance
from assessment.services.mentors import turn_mails
from assessment.services.people import links_once
from assessment.services.people.companies import enter, entered
from assessment.services.people.joining import owner_named
from assessment.services.people.links_once import Bound, Made, StoredLink
from assessment.services.people.sessions import Here
from assessment.services.upkeep.gone import put_down_ended, put_down_whether
from assessment.storage.clusters import cluster_members
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import INTERVIEW, Grant, Recorded
from assessment.storage.people import companies as stored
from assessment.storage.people import people, single_links
from assessment.storage.people.companies import Company
from assessment.storage.people.company_consents import Recorded as OnRecord
from assessment.storage.people.company_consents import said_last
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.erasure_list import entry

COMPANY_PAGE: Final = "mentors page of the company"
MENTOR_PAGE: Final = "client list of the mentor"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody agreed to, as they read it."""

    words: str
    language: str

    def recorded(self, how: str, person_id: str) -> Recorded:
        """As it goes on record."""
        return Recorded(hashlib.sha256(self.words.encode()).hexdigest(), self.language, how, person_id)


@dataclass(frozen=True, slots=True)
class Mentors:
    """The mentors of a company: those who have access, those who offer to, those who were invited, those to find."""

    company: Company
    active: Sequence[Grant]
    offers: Sequence[Grant]
    invited: Sequence[StoredLink]
    to_find: Sequence[tuple[str, str]]
    interviews: Mapping[str, OnRecord]
    """What the company said last about each mentor's noting answers while they talk."""


def mentors_of(instance: Instance, asking: Asking, company_id: str) -> Mentors:
    """The page of a company's mentors."""
    company, now = enter(instance, asking, company_id).company, instance.now()
    with instance.database.reading() as connection:
        found = grants.grants_of(connection, company_id, now)
        held = single_links.held_by(connection, "mentor", now, company_id=company_id)
        invited = [link for link in held if _speaks_for_company(connection, link)]
        to_find = grants.mentors_to_find(connection)
        said = {one.mentor_id: said_last(connection, company_id, INTERVIEW, one.mentor_id) for one in found}
    here = {grant.mentor_id for grant in found}
    return Mentors(
        company,
        [grant for grant in found if grant.state == "active"],
        [grant for grant in found if grant.state == "offered"],
        invited,
        [(mentor, name) for mentor, name in to_find if mentor not in here],
        {mentor_id: last for mentor_id, last in said.items() if last is not None},
    )


def offers_waiting(instance: Instance, company_id: str) -> int:
    """How many mentors wait for a company to let them in or not."""
    with instance.database.reading() as connection:
        return sum(grant.state == "offered" for grant in grants.grants_of(connection, company_id, instance.now()))


def invite(
    instance: Instance, connection: Connection, asking: Asking, company_id: str, email: str, agreement: Agreement
) -> tuple[Company, Made]:
    """A link by which the mentor of an address accepts, in the caller's transaction; what it consents to goes with it.

    Raises Refused("mentor-already") where that mentor has access.
    """
    company = entered(instance, connection, asking, company_id).company
    if any(g.email == email and g.state == "active" for g in grants.grants_of(connection, company_id, instance.now())):
        raise Refused("mentor-already")
    recorded = agreement.recorded(COMPANY_PAGE, asking.person_id)
    arguments = {"person": asking.person_id, "text": recorded.text_hash, "language": recorded.language}
    made = links_once.make(instance, connection, "mentor", Bound(email, company_id=company_id), arguments)
    _told(instance, connection, "mentor offered", asking.person_id, company_id)
    return company, made


def address_to_find(connection: Connection, mentor_id: str) -> str:
    """The address of a mentor who wants to be found. Raises NotFound for anybody else."""
    person = people.find_person(connection, id=mentor_id)
    if person is None or mentor_id not in dict(grants.mentors_to_find(connection)):
        raise NotFound(mentor_id)
    return person.email


def withdraw_invitation(instance: Instance, asking: Asking, company_id: str, link_id: str) -> None:
    """End an invitation. Raises NotFound where it does not hold."""
    with instance.database.writing() as connection:
        entered(instance, connection, asking, company_id)
        if not single_links.end(connection, instance.now(), id=link_id, company_id=company_id, purpose="mentor"):
            raise NotFound(link_id)


def accept_offer(instance: Instance, asking: Asking, company_id: str, grant_id: str, agreement: Agreement) -> None:
    """Let in a mentor who offered it; whoever hands over to them is out with that, and both are told by mail.

    A mentor whom a cluster proposed did not ask, so they are told too.

    Raises NotFound where the offer is gone.
    """
    now = instance.now()
    with instance.database.writing() as connection:
        grant = _grant(instance, connection, asking, company_id, grant_id)
        before = grant.from_grant and grants.find_grant(connection, company_id, grant.from_grant, now)
        if not grants.accept(connection, grant, agreement.recorded(COMPANY_PAGE, asking.person_id), now):
            raise NotFound(grant_id)
        _told(instance, connection, "mentor let in", asking.person_id, company_id, grant.mentor_id)
        posted: list[str] = []
        if grant.from_grant is not None:
            put_down_ended(instance, grant.from_grant)
        if before:
            posted = turn_mails.handed_over(instance, connection, before, grant)
        elif grant.cluster:
            posted = [turn_mails.let_in(instance, connection, grant)]
    for mail in posted:
        mails.go_out(instance, mail)


def decline_offer(instance: Instance, asking: Asking, company_id: str, grant_id: str) -> None:
    """Do not let a mentor in who offered it. Raises NotFound where the offer is gone."""
    with instance.database.writing() as connection:
        grant = _grant(instance, connection, asking, company_id, grant_id)
        if not grants.decline(connection, grant, instance.now()):
            raise NotFound(grant_id)
        _told(instance, connection, "mentor declined", asking.person_id, company_id, grant.mentor_id)


def end_access(instance: Instance, asking: Asking, company_id: str, grant_id: str, agreement: Agreement) -> None:
    """Let a mentor see nothing more, from their next request on; they are told by mail."""
    with instance.database.writing() as connection:
        grant = _grant(instance, connection, asking, company_id, grant_id)
        recorded = agreement.recorded(COMPANY_PAGE, asking.person_id)
        grants.end(connection, company_id, grant.mentor_id, recorded, instance.now())
        _told(instance, connection, "mentor ended", asking.person_id, company_id, grant.mentor_id)
        put_down_ended(instance, grant.id)
        mail = turn_mails.access_ended(instance, connection, grant) if grant.state == "active" else ""
    mails.go_out(instance, mail)


def agree_to_interview(
    instance: Instance, asking: Asking, company_id: str, grant_id: str, agreed: bool, agreement: Agreement
) -> None:  # fmt: skip
    """Record that a mentor may fill in for the company while they talk, or no longer may.

    What is so already adds nothing. Raises NotFound for a mentor without access.
    """
    with instance.database.writing() as connection:
        grant = _grant(instance, connection, asking, company_id, grant_id)
        if grant.state != "active":
            raise NotFound(grant_id)
        recorded = agreement.recorded(COMPANY_PAGE, asking.person_id)
        if not grants.agree_to_interview(connection, grant, agreed, recorded, instance.now()):
            return
        put_down_whether(instance, entry("interview", grant.id), over=not agreed)
        event: audit.Event = "interview agreed" if agreed else "interview taken back"
        _told(instance, connection, event, asking.person_id, company_id, grant.mentor_id)


def said_of_interviews(instance: Instance, company_id: str, mentor_id: str) -> OnRecord | None:
    """What a company said last about whether a mentor may fill in for it; None where it never said anything."""
    with instance.database.reading() as connection:
        return said_last(connection, company_id, INTERVIEW, mentor_id)


def _grant(instance: Instance, connection: Connection, asking: Asking, company_id: str, grant_id: str) -> Grant:
    entered(instance, connection, asking, company_id)
    grant = grants.find_grant(connection, company_id, grant_id, instance.now())
    if grant is None:
        raise NotFound(grant_id)
    return grant


# The mentor


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a company asks of a mentor."""

    company: Company
    email: str
    until: datetime
    inviter: str
    """The name of the owner who asks; empty where they have given none."""


def invitation(instance: Instance, token: str) -> Invitation:
    """What an invitation says, without using it. Raises NotFound where it does not hold."""
    link = links_once.look(instance, "mentor", token)
    with instance.database.reading() as connection:
        company = stored.find_company(connection, link.bound.company_id)
        if company is None or company.restricted or not _speaks_for_company(connection, link):
            raise NotFound("mentor")
        inviter = owner_named(connection, link)
    return Invitation(company, link.bound.email, link.expires_at, inviter)


def _speaks_for_company(connection: Connection, link: StoredLink) -> bool:
    """Whether whoever sent an invitation still owns the company: the agreement in it is theirs."""
    sender = str(link.arguments["person"])
    return any(owner.person_id == sender for owner in grants.owners_of(connection, link.bound.company_id))


def accept_invitation(instance: Instance, token: str, mentor: Here) -> str:
    """Accept to be a company's mentor; the company's id.

    Raises NotFound where the invitation does not hold or is for another address.
    """
    invitation(instance, token)
    now = instance.now()
    with instance.database.writing() as connection:
        link = links_once.spend(instance, connection, "mentor", token, email=mentor.email)
        # Asked again: its sender may have gone a moment ago.
        if not stored.hold(connection, link.bound.company_id) or not _speaks_for_company(connection, link):
            raise NotFound("mentor")
        told, company_id = link.arguments, link.bound.company_id
        recorded = Recorded(str(told["text"]), str(told["language"]), COMPANY_PAGE, str(told["person"]))
        grants.begin(connection, company_id, mentor.person_id, recorded, now)
        _told(instance, connection, "mentor let in", mentor.person_id, company_id, mentor.person_id)
    return company_id


def offer(instance: Instance, connection: Connection, mentor_id: str, email: str) -> list[tuple[str, list[str]]]:
    """Offer to be the mentor of whatever companies the owner of an address has, in the caller's transaction.

    The companies that did not have that offer yet, each with the addresses of its owners. The mentor is told the same
    whatever comes of it: who has an account here is nobody's business.
    """
    offered = []
    for company_id in grants.companies_owned_by(connection, email):
        if grants.offer(connection, company_id, mentor_id, instance.now()):
            offered.append((company_id, _addresses(connection, company_id)))
            _told(instance, connection, "mentor offered", mentor_id, company_id, mentor_id)
    return offered


def propose(instance: Instance, asking: Asking, cluster_id: str, member_id: str, mentor_id: str) -> None:
    """A cluster proposes a mentor to one of its companies, whose owners are told by mail.

    What becomes of it is the company's own business: the cluster sees the same where the mentor looks after the company
    or was offered to it already, or the company keeps everybody out. The mentor hears of it once the company agrees.
    Raises NotFound for a mentor who does not want to be found.
    """
    posted: list[str] = []
    with instance.database.writing() as connection:
        cluster = entered_cluster(connection, asking, cluster_id).cluster
        member = cluster_members.find_member(connection, cluster_id, member_id)
        if member is None or member.state != "active" or member.company_id is None:
            raise NotFound(member_id)
        address_to_find(connection, mentor_id)
        company = stored.find_company(connection, member.company_id)
        if company is None or company.restricted or company.erase_at is not None:
            return
        if grants.offer(connection, company.id, mentor_id, instance.now(), proposed_by=cluster_id):
            _told(instance, connection, "mentor offered", asking.person_id, company.id, mentor_id)
            for owner in grants.owners_of(connection, company.id):
                posted.append(turn_mails.proposed(instance, connection, company, cluster.name, owner))
    mails.go_out(instance, *posted)


def hand_over(
    instance: Instance, connection: Connection, mentor_id: str, company_ids: Collection[str], successor_id: str
) -> list[tuple[str, list[str]]]:
    """Ask companies to take another mentor, in the caller's transaction; until one agrees nothing changes there.

    The companies that are asked, each with the addresses of its owners. Raises NotFound for a successor who does not
    want to be found or is the same person.
    """
    if successor_id == mentor_id or successor_id not in dict(grants.mentors_to_find(connection)):
        raise NotFound(successor_id)
    return _hand_over(instance, connection, mentor_id, company_ids, successor_id)


def hand_over_to(
    instance: Instance, connection: Connection, mentor_id: str, company_ids: Collection[str], email: str
) -> list[tuple[str, list[str]]]:
    """The same for the mentor of an address, who need not want to be found.

    Nobody is asked where no mentor has the address; whoever typed it is told the same, because who has an account here
    is nobody's business.
    """
    person = people.find_person(connection, email=email)
    if person is None or person.id == mentor_id or person.staff_role != "mentor" or not person.active:
        return []
    return _hand_over(instance, connection, mentor_id, company_ids, person.id)


def _hand_over(
    instance: Instance, connection: Connection, mentor_id: str, company_ids: Collection[str], successor_id: str
) -> list[tuple[str, list[str]]]:
    asked = []
    for grant in grants.grants_to(connection, mentor_id, instance.now()):
        if grant.state != "active" or grant.company_id not in company_ids:
            continue
        if grants.offer(connection, grant.company_id, successor_id, instance.now(), grant.id):
            asked.append((grant.company_id, _addresses(connection, grant.company_id)))
            _told(instance, connection, "mentor offered", mentor_id, grant.company_id, successor_id)
    return asked


def leave(
    instance: Instance, connection: Connection, mentor_id: str, company_ids: Collection[str], agreement: Agreement
) -> list[tuple[str, list[str]]]:
    """Be the mentor of some companies no longer, at once; those companies, each with its owners' addresses."""
    left = []
    for grant in grants.grants_to(connection, mentor_id, instance.now()):
        if grant.company_id not in company_ids:
            continue
        recorded = agreement.recorded(MENTOR_PAGE, mentor_id)
        if grants.end(connection, grant.company_id, mentor_id, recorded, instance.now()):
            left.append((grant.company_id, _addresses(connection, grant.company_id)))
            _told(instance, connection, "mentor ended", mentor_id, grant.company_id, mentor_id)
            put_down_ended(instance, grant.id)
    return left


def leave_all(instance: Instance, connection: Connection, mentor_id: str, recorded: Recorded) -> list[Grant]:
    """End every access and offer of a mentor, whatever state the companies are in; the accesses that there were.

    For somebody who is a mentor no longer. The caller tells the companies.
    """
    ended = []
    for grant in grants.all_to(connection, mentor_id):
        if grants.end(connection, grant.company_id, mentor_id, recorded, instance.now()):
            ended.append(grant)
            _told(instance, connection, "mentor ended", recorded.person_id, grant.company_id, mentor_id)
            put_down_ended(instance, grant.id)
    return ended


def clients_of(instance: Instance, mentor_id: str) -> Sequence[Grant]:
    """The companies that a mentor has access to, by name."""
    with instance.database.reading() as connection:
        found = grants.grants_to(connection, mentor_id, instance.now())
    return sorted((grant for grant in found if grant.state == "active"), key=lambda grant: by_name(grant.company))


def successors(instance: Instance, mentor_id: str) -> Sequence[tuple[str, str]]:
    """The mentors whom clients can be handed over to."""
    return [found for found in mentors_to_find(instance) if found[0] != mentor_id]


def mentors_to_find(instance: Instance) -> Sequence[tuple[str, str]]:
    """The mentors who let themselves be found: id and name."""
    with instance.database.reading() as connection:
        return grants.mentors_to_find(connection)


def can_be_found(instance: Instance, mentor_id: str) -> bool:
    """Whether companies may find this mentor by name."""
    with instance.database.reading() as connection:
        return grants.can_be_found(connection, mentor_id)


def let_be_found(instance: Instance, mentor_id: str, wanted: bool) -> None:
    """Keep whether companies may find this mentor by name."""
    with instance.database.writing() as connection:
        grants.let_be_found(connection, mentor_id, wanted)


def _addresses(connection: Connection, company_id: str) -> list[str]:
    return [owner.email for owner in grants.owners_of(connection, company_id)]


def _told(
    instance: Instance, connection: Connection, event: audit.Event, actor: str, company_id: str, mentor_id: str = ""
) -> None:
    subject = {"company": company_id, **({"mentor": mentor_id} if mentor_id else {})}
    audit.note(connection, instance.settings.audit_key, event, actor, subject, instance.now())
