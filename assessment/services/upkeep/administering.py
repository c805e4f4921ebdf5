"""What an administrator does for people and for the instance: roles, switching accounts off and on, jobs that rest.

Each is put down in the audit log by ids. Whoever asks must have given the second factor a moment ago; that is for the
edge to see to, which knows the session.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

from sqlalchemy import Connection

from assessment.core.errors import NotFound, Refused
from assessment.services import mails
from assessment.services.clusters import successors
from assessment.services.clusters.successors import ToSuccessor
from assessment.services.instance import Instance
from assessment.services.mails import MAIL_JOB, MOST_HANDED_OVER, Mail
from assessment.services.mentors import mentoring
from assessment.services.people import links_once
from assessment.services.people.links_once import Bound
from assessment.services.upkeep.gone import put_down_again, put_down_ended, put_down_whether
from assessment.storage import jobs
from assessment.storage.jobs import Job
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Owner, Recorded
from assessment.storage.people import companies as stored
from assessment.storage.people import partings, passkeys, people, presence, single_links
from assessment.storage.people.companies import Company
from assessment.storage.people.people import Person
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.audit import Entry
from assessment.storage.upkeep.erasure_list import entry

StaffRole = Literal["", "mentor", "manager", "administrator"]
ENTRIES: Final = 100
"""So many rows of the audit log stand on a page."""
_HOW: Final = "administration"

ToOwners = Callable[[Owner, str, str], Mail]
"""The mail to an owner about a mentor who is out, for the company's id and name."""


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """What an administrator sees of somebody: who they are, and nothing of what their companies answered."""

    person: Person
    passkeys: int
    companies: Sequence[tuple[Company, str]]
    owned_alone: Sequence[Company]
    """Those that nobody else owns who can sign in, save what is to be deleted anyway."""
    clients: int


def find(instance: Instance, typed: str) -> Sequence[Person]:
    """The people whom a part of an address or a name, or an id, means."""
    with instance.database.reading() as connection:
        return people.search(connection, typed)


def look(instance: Instance, person_id: str) -> SeenPerson:
    """One person. Raises NotFound where there is none."""
    with instance.database.reading() as connection:
        person = people.find_person(connection, id=person_id)
        if person is None:
            raise NotFound(person_id)
        let_in = grants.grants_to(connection, person_id, instance.now())
        belongs, alone = stored.companies_of(connection, person_id), partings.sole_owner_of(connection, person_id)
        return SeenPerson(
            person, len(passkeys.of_person(connection, person_id)), belongs,
            [company for company, _ in belongs if company.id in alone and company.erase_at is None],
            sum(grant.state == "active" for grant in let_in),
        )  # fmt: skip


def without_owner(instance: Instance) -> Sequence[Company]:
    """The companies of which no owner can sign in, because an administrator switched them off."""
    with instance.database.reading() as connection:
        return stored.owned_by_nobody(connection)


def invite(
    instance: Instance, by: str, email: str, role: StaffRole, language: str, mail: Callable[[str], Mail]
) -> str:  # fmt: skip
    """An account with a staff role for an address, and a link that lets in to set it up; the person's id.

    Raises Refused("role-already") where somebody with this address has a staff role.
    """
    with instance.database.writing() as connection:
        person = people.find_person(connection, email=email)
        if person is not None and person.staff_role:
            raise Refused("role-already")
        if person is None:
            person = people.add_person(
                connection, email, instance.now(), uniquifier=secrets.token_hex(32), language=language
            )  # fmt: skip
            instance.note(connection, "account made", by, {"person": person.id})
        job = _give_role(instance, connection, by, person, role, mail)
    mails.go_out(instance, job)
    return person.id


def give_role(
    instance: Instance, by: str, person_id: str, role: StaffRole, mail: Callable[[str], Mail], to_owners: ToOwners,
    to_successor: ToSuccessor, successor: str = "",
) -> None:  # fmt: skip
    """Give somebody a staff role, or none; they are signed out everywhere, and told by mail.

    A mentor who is one no longer loses their clients at once, and these are told. A manager who is one no longer runs
    no cluster; whoever has the address `successor` takes over those that nobody else runs. Raises Refused("oneself")
    for one's own role, so an administrator always stays; Refused("last-manager") where somebody has to take over and
    nobody is named, Refused("no-such-manager") where whoever is named cannot.
    """
    with instance.database.writing() as connection:
        person = _other(connection, by, person_id)
        if person.staff_role == role:
            return
        told = []
        if person.staff_role == "mentor":
            told = _out_of_companies(instance, connection, by, person, to_owners)
        elif person.staff_role == "manager":
            told = successors.leave_clusters(instance, connection, by, person.id, successor, to_successor)
        told.append(_give_role(instance, connection, by, person, role, mail))
    mails.go_out(instance, *told)


def _give_role(
    instance: Instance, connection: Connection, by: str, person: Person, role: StaffRole, mail: Callable[[str], Mail]
) -> str:  # fmt: skip
    people.change_person(connection, person.id, staff_role=role)
    _sign_out(instance, connection, person)
    instance.note(connection, "staff role changed", by, {"person": person.id, "role": role})
    if person.staff_role:
        put_down_ended(instance, entry("role", person.id, person.staff_role))
    if role:
        put_down_again(instance, entry("role", person.id, role))
    bound = Bound(email=person.email, person_id=person.id)
    link = links_once.make(instance, connection, "staff", bound).id if role else ""
    return mails.post(instance, connection, mail(link))


def _out_of_companies(
    instance: Instance, connection: Connection, by: str, person: Person, to_owners: ToOwners
) -> list[str]:  # fmt: skip
    words = "An administrator took the role of a mentor away."
    recorded = Recorded(hashlib.sha256(words.encode()).hexdigest(), "en", _HOW, by)
    return [
        mails.post(instance, connection, to_owners(owner, grant.company_id, grant.company))
        for grant in mentoring.leave_all(instance, connection, person.id, recorded)
        for owner in grants.owners_of(connection, grant.company_id)
    ]


def switch(instance: Instance, by: str, person_id: str, *, active: bool, mail: Mail) -> None:
    """Switch an account off, which signs it out everywhere and ends its links, or on again; its owner is told.

    Switching on takes back that its owner deleted it, for somebody who lost the link. Raises Refused("oneself") for
    one's own.
    """
    with instance.database.writing() as connection:
        person = _other(connection, by, person_id)
        if person.active == active:
            return
        # Who was off could not come: whoever was told before that the account will go is told anew.
        people.change_person(connection, person.id, active=active, erase_at=None, notices=0, told_at=None)
        _sign_out(instance, connection, person)
        instance.note(connection, "account enabled" if active else "account disabled", by, {"person": person.id})
        put_down_whether(instance, entry("switched off", person.id), over=not active)
        if active:
            put_down_again(instance, entry("deleted account", person.id))
        job = mails.post(instance, connection, mail)
    mails.go_out(instance, job)


def _other(connection: Connection, by: str, person_id: str) -> Person:
    # Two administrators who end each other at once wait for one another here, and the second is no one by then.
    people.hold(connection, "administrator")
    me, person = people.find_person(connection, id=by), people.find_person(connection, id=person_id)
    if person is None:
        raise NotFound(person_id)
    if person_id == by or me is None or me.staff_role != "administrator" or not me.active:
        raise Refused("oneself")
    return person


def _sign_out(instance: Instance, connection: Connection, person: Person) -> None:
    """End all that was open by what the account was before."""
    people.change_person(connection, person.id, uniquifier=secrets.token_hex(32))
    presence.end_sessions(connection, person.id)
    single_links.end(connection, instance.now(), person_id=person.id)


# Jobs that rest


@dataclass(frozen=True, slots=True)
class Resting:
    """A job that waits for a person; `again` says whether it may be tried again."""

    job: Job
    to: str
    """Whom a mail is for."""
    subject: str
    again: bool
    forgotten: bool
    """Its words are gone, because nobody looked after it in time."""


def resting(instance: Instance) -> Sequence[Resting]:
    """The mails and other jobs that have failed for good."""
    with instance.database.reading() as connection:
        return [_resting(job) for job in jobs.dead(connection)]


def _resting(job: Job) -> Resting:
    told = job.arguments
    # A mail that may have gone out twice is not sent a third time, whoever asks; one without its words cannot be.
    forgotten = job.kind == MAIL_JOB and "to" not in told
    again = not forgotten and (job.kind != MAIL_JOB or int(told.get("handed", 0)) < MOST_HANDED_OVER)
    return Resting(job, str(told.get("to", "")), str(told.get("subject", "")), again, forgotten)


def settle(instance: Instance, by: str, job_id: str, *, again: bool) -> None:
    """Try a job that rests again, or give it up, with which all that is in it goes.

    Raises NotFound where it does not rest, Refused("sent-twice") for a mail that may have gone out twice.
    """
    with instance.database.writing() as connection:
        job = jobs.find_dead(connection, job_id)
        if job is None:
            raise NotFound(job_id)
        if not again:
            jobs.give_up(connection, job_id)
        elif not _resting(job).again:
            raise Refused("sent-twice")
        else:
            jobs.revive(connection, job_id, instance.now())
        instance.note(connection, "job tried again" if again else "job given up", by, {"job": job_id})
    if again and job.kind == MAIL_JOB:
        mails.go_out(instance, job_id)
    elif again:
        instance.wake(job_id)


# The audit log


def entries(instance: Instance, day: date | None, event: str, before: int | None) -> Sequence[Entry]:
    """A page of the audit log, the newest first: of a day, of one kind of act, before a row."""
    begin = datetime.combine(day, time(), UTC) if day else None
    span = (begin, begin + timedelta(days=1)) if begin else None
    with instance.database.reading() as connection:
        return audit.entries(connection, ENTRIES, before, span=span, event=event)
