"""Accounts that go: by their owner's wish, or because nobody uses them.

What somebody wrote for a company that stays remains there, as by a former member. A mentor leaves every company first,
with a record there and a mail to its owners, as a mentor does who leaves by the page.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from assessment.core.errors import Refused
from assessment.services import mails, mentoring, parting_mails, turn_mails
from assessment.services.gone import put_down
from assessment.services.instance import Instance
from assessment.storage import companies as stored
from assessment.storage import partings, people
from assessment.storage.companies import Company
from assessment.storage.grants import Recorded
from assessment.storage.partings import Gone

_LEFT: Final = "The mentor's account is deleted."


def needing_an_owner(instance: Instance, person_id: str) -> Sequence[Company]:
    """The companies that somebody has to hand over or delete before their account can go."""
    with instance.database.reading() as connection:
        return _needing_an_owner(connection, person_id)


def delete_account(instance: Instance, person_id: str) -> None:
    """Delete somebody's own account at once; what they wrote for a company that stays is by a former member then.

    Raises Refused("last-owner") where a company would be left without an owner, Refused("last-administrator") where
    the instance would be left without one.
    """
    with instance.database.writing() as connection:
        person = people.find_person(connection, id=person_id)
        if person is None:
            return
        if _needing_an_owner(connection, person_id):
            raise Refused("last-owner")
        if person.staff_role == "administrator" and partings.administrators(connection) < 2:
            raise Refused("last-administrator")
        posted = _leave_clients(instance, connection, person_id)
        gone = partings.erase_person(connection, person_id)
        put_down(instance, connection, gone, person_id)
    mails.go_out(instance, *posted)
    instance.database.scrub()


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
            for company_id in partings.sole_owner_of(connection, person_id):
                gone += partings.erase_company(connection, company_id)
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
