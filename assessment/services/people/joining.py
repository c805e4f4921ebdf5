"""Coming in by a mailed link: joining a company, or taking a check that was made without an account into one.

Who has the link has the address that it was sent to, so an account for it is made where there is none, and the browser
may sign in. In a browser where somebody else is signed in it does nothing.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from assessment.core.errors import NotFound
from assessment.services.aggregates import contributing
from assessment.services.asking import Asking
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.companies import printed_name
from assessment.services.people.links_once import Bound, Made, Purpose, StoredLink
from assessment.services.upkeep.gone import put_down_again
from assessment.storage.checks import assessments, years
from assessment.storage.people import access, people
from assessment.storage.people import companies as stored
from assessment.storage.people.companies import Company
from assessment.storage.people.people import Person
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.erasure_list import entry


@dataclass(frozen=True, slots=True)
class Comer:
    """The browser that a link was followed in: its session, the id to go on under, who is signed in, their language."""

    old_session: str
    new_session: str
    person_id: str
    language: str


@dataclass(frozen=True, slots=True)
class Landed:
    """Who came where; who was not signed in before has proved with the link who they are."""

    person: Person
    company_id: str


@dataclass(frozen=True, slots=True)
class Door:
    """What a link leads to, before anybody presses the button."""

    email: str
    known: Person | None
    """Whoever has an account with this address."""
    company: Company | None
    companies: Sequence[Company]
    """The companies that this person can take a check into."""
    suggested: str
    """The company's name as it stands on the check."""
    role: str = ""
    inviter: str = ""
    """The name of whoever invites, as long as they own the company; empty where it is not known."""


def ask_for_account(
    instance: Instance, connection: Connection, asking: Asking, opened: OpenDraft, email: str
) -> Made:  # fmt: skip
    """A link by which the owner of an address takes this check into an account, in the caller's transaction."""
    bound = Bound(email, assessment_id=opened.draft.id)
    also = _open_later(connection, asking.session_hash, opened.draft.id)
    return links_once.make(instance, connection, "claim", bound, {"also": also})


def _open_later(connection: Connection, session_hash: str, draft_id: str) -> list[str]:
    """The checks that follow a check and are open in the same browser: they belong to the same people."""
    found: list[str] = []
    waiting = [draft_id]
    while waiting and len(found) < years.MOST_YEARS:
        for later in years.later_checks(connection, waiting.pop()):
            if later not in found and access.is_granted(connection, session_hash, later):
                found.append(later)
                waiting.append(later)
    return found


def door(instance: Instance, purpose: Purpose, token: str, person_id: str) -> Door:
    """What a link leads to. Raises NotFound where it does not hold, or somebody else is signed in."""
    link = links_once.look(instance, purpose, token)
    with instance.database.reading() as connection:
        known = people.find_person(connection, email=link.bound.email)
        company = stored.find_company(connection, link.bound.company_id)
        draft = assessments.draft_of(connection, link.bound.assessment_id)
        theirs = stored.companies_of(connection, known.id) if known else ()
        inviter = owner_named(connection, link)
    _same_person(known, person_id, purpose)
    names = draft.named if draft is not None else ""
    role = str(link.arguments.get("role", ""))
    return Door(link.bound.email, known, company, [found for found, _ in theirs], names, role, inviter)


def owner_named(connection: Connection, link: StoredLink) -> str:
    """The name of whoever sent a link, as long as they own the company that it is bound to; else empty."""
    sender = str(link.arguments.get("person", ""))
    if not sender or stored.role_of(connection, link.bound.company_id, sender) != "owner":
        return ""
    person = people.find_person(connection, id=sender)
    return person.name if person is not None and person.active else ""


def join(instance: Instance, token: str, name: str, comer: Comer) -> Landed:
    """Join the company of an invitation. Raises NotFound where it does not hold, or is for somebody else."""
    known = whoever(instance, "join", token, comer.person_id)
    with instance.database.writing() as connection:
        link = links_once.spend(instance, connection, "join", token)
        person = known or new_person(instance, connection, link.bound.email, name, comer)
        company_id = link.bound.company_id
        if not stored.hold(connection, company_id):
            raise NotFound("join")
        if not stored.role_of(connection, company_id, person.id):
            role = str(link.arguments["role"])
            stored.add_member(connection, company_id, person.id, role, instance.now())
            put_down_again(instance, entry("member", company_id, person.id), entry("owner", company_id, person.id))
            _note(instance, connection, "member joined", person.id, {"company": company_id, "role": role})
        renew(connection, comer, instance.now())
    return Landed(person, company_id)


def claim_by_link(instance: Instance, token: str, name: str, into: str, company_name: str, comer: Comer) -> Landed:
    """Take the check of a link into a company of whoever has the address; `into` is empty for a new one.

    Raises NotFound where the link does not hold, is for somebody else, or the check has an owner already.
    """
    known = whoever(instance, "claim", token, comer.person_id)
    with instance.database.writing() as connection:
        link = links_once.spend(instance, connection, "claim", token)
        person = known or new_person(instance, connection, link.bound.email, name, comer)
        together = [link.bound.assessment_id, *link.arguments.get("also", ())]
        company_id = _claim(instance, connection, together, person.id, into, company_name)
        renew(connection, comer, instance.now())
    return Landed(person, company_id)


def claim_here(
    instance: Instance, asking: Asking, opened: OpenDraft, into: str, company_name: str, new_session: str
) -> str:  # fmt: skip
    """Take the check that is open in this browser into a company of whoever is signed in; the company's id.

    Raises NotFound where it has an owner already.
    """
    with answering.writing(instance, opened) as connection:
        together = [opened.draft.id, *_open_later(connection, asking.session_hash, opened.draft.id)]
        company_id = _claim(instance, connection, together, asking.person_id, into, company_name)
        access.renew_session(connection, asking.session_hash, new_session, instance.now())
    return company_id


def _claim(
    instance: Instance, connection: Connection, together: Sequence[str], person_id: str, into: str, company_name: str
) -> str:  # fmt: skip
    """Take checks into a company: the first of them or none."""
    now = instance.now()
    if into and not stored.role_of(connection, into, person_id):
        raise NotFound(into)
    company_id = into or stored.add_company(connection, company_name, person_id, now).id
    draft_id = together[0]
    # Whoever may open a check may look at those it follows, so they come along.
    earlier = years.earlier_checks(connection, draft_id)
    if not stored.claim(connection, draft_id, company_id, now):
        raise NotFound(draft_id)
    for other in (*together[1:], *earlier):
        stored.claim(connection, other, company_id, now)
    stored.untie_from(connection, (*together, *earlier))
    draft = assessments.draft_of(connection, draft_id)
    company = stored.find_company(connection, company_id)
    if draft is not None and company is not None and not draft.named:
        assessments.set_company_name(connection, draft_id, printed_name(company.name, draft.site), now)
    if draft is not None:
        contributing.take_in(instance, connection, company_id, draft.questionnaire)
    _note(instance, connection, "check claimed", person_id, {"company": company_id, "check": draft_id})
    return company_id


def whoever(instance: Instance, purpose: Purpose, token: str, person_id: str) -> Person | None:
    """The account that a link's address has. Raises NotFound where the link does not hold or is for somebody else."""
    link = links_once.look(instance, purpose, token)
    with instance.database.reading() as connection:
        known = people.find_person(connection, email=link.bound.email)
    _same_person(known, person_id, purpose)
    return known


def _same_person(known: Person | None, person_id: str, purpose: Purpose) -> None:
    if known is not None and not known.active:
        raise NotFound(purpose)
    if person_id and (known is None or known.id != person_id):
        raise NotFound(purpose)


def new_person(instance: Instance, connection: Connection, email: str, name: str, comer: Comer) -> Person:
    """An account for an address that had none, in the caller's transaction. Raises NotFound where it has one by now."""
    # Looked for again: of two links to one address, the other may have made it a moment ago.
    found = people.find_person(connection, email=email)
    if found is not None:
        raise NotFound("link")
    person = people.add_person(
        connection, email, instance.now(), uniquifier=secrets.token_hex(32), name=name, language=comer.language
    )
    _note(instance, connection, "account made", person.id, {"person": person.id})
    return person


def _note(
    instance: Instance, connection: Connection, event: audit.Event, actor: str, subject: audit.Subject
) -> None:  # fmt: skip
    audit.note(connection, instance.settings.audit_key, event, actor, subject, instance.now())


def renew(connection: Connection, comer: Comer, now: datetime) -> None:
    """Who is signed in and gains access to something goes on under a new id."""
    if comer.person_id:
        access.renew_session(connection, comer.old_session, comer.new_session, now)
