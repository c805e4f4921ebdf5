"""Accounts that go: by their owner's wish, with a week to take it back, or because nobody uses them.

An account that is deleted is shut at once: nobody is signed in to it and nobody can sign in, and a mentor leaves every
company, with a record there and a mail to its owners, as a mentor does who leaves by the page. What somebody wrote for
a company that stays remains there, as by a former member.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from assessment.core.errors import NotFound, Refused
from assessment.services import mails
from assessment.services.instance import Instance
from assessment.services.mails import Mail
from assessment.services.mentors import mentoring, turn_mails
from assessment.services.people import links_once, parting_mails
from assessment.services.people.links_once import Bound
from assessment.services.upkeep.gone import put_down, put_down_again, put_down_ended
from assessment.storage.clusters import clusters
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import companies as stored
from assessment.storage.people import partings, people, presence, single_links
from assessment.storage.people.companies import Company
from assessment.storage.people.partings import Gone
from assessment.storage.people.people import Person
from assessment.storage.upkeep.erasure_list import entry

_LEFT: Final = "The mentor's account is deleted."


def needing_an_owner(instance: Instance, person_id: str) -> Sequence[Company]:
    """The companies that somebody has to hand over or delete before their account can go."""
    with instance.database.reading() as connection:
        return _needing_an_owner(connection, person_id)


def needing_a_manager(instance: Instance, person_id: str) -> Sequence[Cluster]:
    """The clusters that somebody has to hand over or delete before their account can go."""
    with instance.database.reading() as connection:
        return clusters.run_alone_by(connection, person_id)


def ask_erasing(instance: Instance, person_id: str) -> None:
    """Delete somebody's own account: it is shut at once, and gone after some days; a mailed link takes that back.

    Raises Refused("last-owner") where a company would be left without an owner, Refused("last-manager") where a cluster
    would be left without a manager, Refused("last-administrator") where the instance would be left without one.
    """
    now = instance.now()
    with instance.database.writing() as connection:
        people.hold(connection, "administrator")
        person = people.find_person(connection, id=person_id)
        if person is None or person.erase_at is not None:
            return
        for company, _ in stored.companies_of(connection, person_id):
            stored.hold(connection, company.id)
        for cluster in clusters.run_by(connection, person_id):
            clusters.hold(connection, cluster.id)
        if clusters.run_alone_by(connection, person_id):
            # Whoever is invited to run it owns its organisation as well: so this comes first.
            raise Refused("last-manager")
        if _needing_an_owner(connection, person_id):
            raise Refused("last-owner")
        if person.staff_role == "administrator" and partings.administrators(connection) < 2:
            raise Refused("last-administrator")
        posted = _leave_clients(instance, connection, person_id)
        partings.mark_account(connection, person_id, now + timedelta(days=instance.settings.periods.undo))
        people.change_person(connection, person_id, uniquifier=secrets.token_hex(32))
        presence.end_sessions(connection, person_id)
        single_links.end(connection, now, person_id=person_id)
        posted.append(_post_way_back(instance, connection, person_id))
        instance.note(connection, "erasing asked", person_id, {"person": person_id})
        put_down_ended(instance, entry("deleted account", person_id))
    mails.go_out(instance, *posted)
    instance.database.scrub()


def _post_way_back(instance: Instance, connection: Connection, person_id: str) -> str:
    person = people.find_person(connection, id=person_id)
    if person is None:
        raise NotFound(person_id)
    mail = way_back(instance, connection, person)
    return mails.post(instance, connection, replace(mail, notice=True))


def way_back(instance: Instance, connection: Connection, person: Person) -> Mail:
    """The mail with a new link that keeps a deleted account, made in the caller's transaction."""
    link = links_once.make(instance, connection, "keep-account", Bound(email=person.email, person_id=person.id))
    at = person.erase_at or instance.now()
    return parting_mails.account_deleted(
        mails.language_of(person.language), instance.settings, person.email, at, link.id
    )  # fmt: skip


def look(instance: Instance, token: str) -> Person:
    """Whose account a link keeps; looking changes nothing. Raises NotFound where it does not hold."""
    link = links_once.look(instance, "keep-account", token)
    with instance.database.reading() as connection:
        person = people.find_person(connection, id=link.bound.person_id)
    if person is None or person.erase_at is None or person.erase_at <= instance.now():
        raise NotFound("keep-account")
    return person


def keep(instance: Instance, token: str) -> Person:
    """Keep an account after all, by its link; whose it is.

    Raises NotFound where the link does not hold, or the time is over.
    """
    with instance.database.writing() as connection:
        link = links_once.spend(instance, connection, "keep-account", token)
        if not partings.keep_account(connection, link.bound.person_id, instance.now()):
            raise NotFound("keep-account")
        instance.note(connection, "erasing undone", link.bound.person_id, {"person": link.bound.person_id})
        put_down_again(instance, entry("deleted account", link.bound.person_id))
        person = people.find_person(connection, id=link.bound.person_id)
        if person is None:
            raise NotFound("keep-account")
    return person


def erase_due(instance: Instance) -> Gone:
    """Erase the accounts whose time to be taken back is over."""
    erased = Gone()
    with instance.database.reading() as connection:
        due = partings.due_accounts(connection, instance.now())
    for person_id in due:
        with instance.database.writing() as connection:
            # Somebody may have taken it back a moment ago.
            if person_id not in partings.due_accounts(connection, instance.now()):
                continue
            gone = partings.erase_person(connection, person_id)
            put_down(instance, connection, gone, person_id)
        erased += gone
    return erased


def let_unused_accounts_go(instance: Instance) -> Gone:
    """Tell those who have not been here for long, twice, and delete the account of whoever still does not come."""
    now, kept = instance.now(), timedelta(days=instance.settings.periods.account)
    posted: list[str] = []
    with instance.database.writing() as connection:
        partings.forget_notices(connection, now, kept)
        for notices, ahead in ((1, partings.SECOND_NOTICE), (0, partings.FIRST_NOTICE)):
            for person_id, email, code in partings.unused_accounts(connection, now, kept, notices):
                mail = parting_mails.account_unused(mails.language_of(code), instance.settings, email, now + ahead)
                posted.append(mails.post(instance, connection, mail))
                partings.count_notice(connection, person_id, notices + 1, now)
    mails.go_out(instance, *posted)
    erased = Gone()
    with instance.database.reading() as connection:
        due = partings.unused_accounts(connection, now, kept, 2)
    for person_id, *_ in due:
        with instance.database.writing() as connection:
            if person_id not in {found for found, *_ in partings.unused_accounts(connection, now, kept, 2)}:
                continue
            gone, posted = Gone(), _leave_clients(instance, connection, person_id)
            # Whoever an administrator switched off may be switched on again, and then finds what they own or run.
            for company_id in partings.leaving_nobody(connection, person_id):
                gone += partings.erase_company(connection, company_id)
            for cluster in clusters.run_alone_by(connection, person_id, able=False):
                gone += partings.erase_cluster(connection, cluster.id)
            gone += partings.erase_person(connection, person_id)
            put_down(instance, connection, gone, "")
        mails.go_out(instance, *posted)
        erased += gone
    return erased


def _leave_clients(instance: Instance, connection: Connection, person_id: str) -> list[str]:
    """The companies of a mentor let them in no longer; the jobs of the mails to their owners."""
    recorded = Recorded(hashlib.sha256(_LEFT.encode()).hexdigest(), "en", "account deleted", person_id)
    ended = mentoring.leave_all(instance, connection, person_id, recorded)
    return [job for grant in ended for job in turn_mails.mentor_is_out(instance, connection, grant)]


def _needing_an_owner(connection: Connection, person_id: str) -> list[Company]:
    found = (stored.find_company(connection, one) for one in partings.sole_owner_of(connection, person_id))
    return [company for company in found if company is not None and company.erase_at is None]
