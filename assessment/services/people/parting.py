"""Going for good: a company that its owner deletes, with a week to take it back. Accounts: `parting_accounts.py`.

A company that is deleted is shut to everybody from outside at once. When its time is over the calendar erases it, and
with it the accounts of those who belong to no other company: an account without a company would hold an address for
nothing. Whoever is affected is told on the first day.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from assessment.core.errors import Refused
from assessment.services import mails
from assessment.services.asking import Asking
from assessment.services.instance import Instance
from assessment.services.people import companies, parting_mails
from assessment.services.people.companies import Entered
from assessment.services.upkeep.breaking_glass import LONGEST_REASON, SHORTEST_REASON
from assessment.services.upkeep.gone import put_down, put_down_again, put_down_ended, put_down_whether
from assessment.storage.people import companies as stored
from assessment.storage.people import partings
from assessment.storage.people.companies import Member
from assessment.storage.people.partings import Gone
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.erasure_list import entry


def ask_erasing(instance: Instance, asking: Asking, company_id: str) -> None:
    """Delete a company: from now on nobody from outside reads it, and after some days it is gone.

    Everybody who belongs to it is told. Asking twice changes nothing.
    """
    with instance.database.writing() as connection:
        posted = _ask(instance, connection, asking, company_id, "")
    mails.go_out(instance, *posted)


def ask_on_request(instance: Instance, asking: Asking, company_id: str, reason: str) -> None:
    """An administrator deletes a company for a reason, which its people read; an owner can take that back.

    Raises Refused("reason-short").
    """
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Refused("reason-short")
    with instance.database.writing() as connection:
        posted = _ask(instance, connection, asking, company_id, reason)
        if posted:
            me, action = asking.person_id, asking.action.value
            stored.note_look(connection, company_id, None, me, action, instance.now(), reason)
    mails.go_out(instance, *posted)


def _ask(instance: Instance, connection: Connection, asking: Asking, company_id: str, reason: str) -> list[str]:
    """The jobs of the mails to everybody who belongs to it; none where it was deleted already."""
    at = instance.now() + timedelta(days=instance.settings.periods.undo)
    entered = _held(instance, connection, asking, company_id)
    if not partings.mark_for_erasing(connection, company_id, at):
        return []
    lonely = {person for person, _ in partings.only_here(connection, company_id)}
    told = [
        parting_mails.erasing_asked(
            mails.language_of(member.language), instance.settings, member.email, company_id, entered.company.name, at,
            member.person_id in lonely, reason,
        )
        for member in stored.members_of(connection, company_id)
    ]  # fmt: skip
    posted = [mails.post(instance, connection, mail) for mail in told]
    _note(instance, connection, "erasing asked", asking.person_id, company_id)
    put_down_ended(instance, entry("deleted company", company_id))
    return posted


def take_back(instance: Instance, asking: Asking, company_id: str) -> bool:
    """Keep a company after all; False where it was not deleted."""
    with instance.database.writing() as connection:
        entered = _held(instance, connection, asking, company_id)
        if not partings.take_back(connection, company_id, instance.now()):
            return False
        posted = [
            mails.post(
                instance, connection,
                parting_mails.erasing_undone(
                    mails.language_of(one.language), instance.settings, one.email, company_id, entered.company.name
                ),
            )
            for one in stored.members_of(connection, company_id)
        ]  # fmt: skip
        _note(instance, connection, "erasing undone", asking.person_id, company_id)
        put_down_again(instance, entry("deleted company", company_id))
    mails.go_out(instance, *posted)
    return True


def restrict(instance: Instance, asking: Asking, company_id: str, restricted: bool) -> None:
    """Keep a company's data, shown to nobody outside it and counted nowhere (GDPR, Article 18); or end that."""
    with instance.database.writing() as connection:
        _held(instance, connection, asking, company_id)
        if partings.restrict(connection, company_id, restricted):
            _note(instance, connection, "restricted" if restricted else "unrestricted", asking.person_id, company_id)
            put_down_whether(instance, entry("restricted", company_id), over=restricted)


def lonely_members(instance: Instance, company_id: str) -> Sequence[Member]:
    """The members whose account goes with the company."""
    with instance.database.reading() as connection:
        lonely = {person for person, _ in partings.only_here(connection, company_id)}
        return [one for one in stored.members_of(connection, company_id) if one.person_id in lonely]


def erase_due(instance: Instance) -> Gone:
    """Erase the companies whose time to be taken back is over, and those that nobody belongs to."""
    erased = Gone()
    with instance.database.reading() as connection:
        due = partings.due_companies(connection, instance.now())
    for company_id in due:
        with instance.database.writing() as connection:
            # Somebody may have taken it back, or joined it, a moment ago.
            if not stored.hold(connection, company_id) or not partings.is_due(connection, company_id, instance.now()):
                continue
            gone = partings.erase_company(connection, company_id)
            put_down(instance, connection, gone, "")
        for check in gone.checks:
            instance.forget(check)
        erased += gone
    return erased


def _held(instance: Instance, connection: Connection, asking: Asking, company_id: str) -> Entered:
    stored.hold(connection, company_id)
    return companies.entered(instance, connection, asking, company_id)


def _note(instance: Instance, connection: Connection, event: audit.Event, person_id: str, company_id: str) -> None:
    audit.note(connection, instance.settings.audit_key, event, person_id, {"company": company_id}, instance.now())
