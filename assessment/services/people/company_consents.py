"""What a company agrees to, viewer by viewer: given by a tick, taken back by one press, and kept on record for ever.

The check works without any of it. Taken back, a consent no longer counts from the next request on: a mentor's access
ends in the same transaction.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assessment.services.asking import Asking
from assessment.services.instance import Instance
from assessment.services.people import companies
from assessment.services.people.companies import Entered
from assessment.services.upkeep.gone import put_down_whether
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Grant
from assessment.storage.people import companies as stored_companies
from assessment.storage.people import company_consents as stored
from assessment.storage.people.companies import CheckLine, Look
from assessment.storage.people.company_consents import COMPARED, CompanyConsent, Recorded
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.erasure_list import entry

ON_A_PAGE: Final = 50
"""So many looks stand on a page."""

REMINDERS: Final = "reminders"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a company agrees to now, and the record."""

    entered: Entered
    reminders: bool
    compared: bool
    mentors: Sequence[Grant]
    record: Sequence[Recorded]


@dataclass(frozen=True, slots=True)
class Looks:
    """A page of the looks at a company: of one check or site where that is asked; whether there are older ones."""

    entered: Entered
    checks: Sequence[CheckLine]
    check: str
    site: str
    shown: Sequence[Look]
    older: bool


@dataclass(frozen=True, slots=True)
class Words:
    """The words that somebody agreed to or took back, their language, and the page they stand on."""

    text: str
    language: str
    how: str = "consents-page"

    @property
    def digest(self) -> str:
        """What is kept of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def agreed(instance: Instance, asking: Asking, company_id: str) -> Agreed:
    """What a company agrees to."""
    now = instance.now()
    with instance.database.reading() as connection:
        entered = companies.entered(instance, connection, asking, company_id)
        let_in = [grant for grant in grants.grants_of(connection, company_id, now) if grant.state == "active"]
        reminders = stored.is_given(connection, company_id, REMINDERS)
        compared = stored.is_given(connection, company_id, COMPARED)
        return Agreed(entered, reminders, compared, let_in, stored.record_of(connection, company_id))


def agree_to_reminders(instance: Instance, asking: Asking, company_id: str, given: bool, words: Words) -> None:
    """Record that a company wants reminder mails, or no longer does; what is so already adds no row."""
    with instance.database.writing() as connection:
        companies.entered(instance, connection, asking, company_id)
        if stored.is_given(connection, company_id, REMINDERS) != given:
            row = CompanyConsent(
                REMINDERS, "", given, words.digest, words.language, words.how, asking.person_id, instance.now()
            )
            stored.add(connection, company_id, row)
            event: audit.Event = "consent given" if given else "consent withdrawn"
            subject = {"company": company_id, "viewer": REMINDERS}
            audit.note(connection, instance.settings.audit_key, event, asking.person_id, subject, instance.now())
            put_down_whether(instance, entry("reminders", company_id), over=not given)


def looks(
    instance: Instance, asking: Asking, company_id: str, check: str, site: str, before: int | None
) -> Looks:  # fmt: skip
    """Who from outside looked at the company's answers or results, the newest first: a page of it."""
    with instance.database.reading() as connection:
        entered = companies.entered(instance, connection, asking, company_id)
        checks = stored_companies.checks_of(connection, company_id)
        check = check if check in {line.id for line in checks} else ""
        site = site if site in {line.site for line in checks} else ""
        found = stored_companies.looks_at(
            connection, company_id, check=check, site=site, before=before, limit=ON_A_PAGE + 1
        )
    return Looks(entered, checks, check, site, found[:ON_A_PAGE], len(found) > ON_A_PAGE)
