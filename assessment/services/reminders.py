"""The mail that says that the next check is due: once a year, to the owners of a company that agreed to it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from assessment.content import folders
from assessment.i18n import Language, languages
from assessment.services import companies, mails
from assessment.services.company_consents import REMINDERS
from assessment.services.instance import Instance
from assessment.services.mails import Mail, one_line
from assessment.storage import companies as stored
from assessment.storage import company_consents, people
from assessment.storage.companies import Company

DUE_AFTER: Final = timedelta(days=365)
TOLD_WITHIN: Final = timedelta(days=7)
"""Later it is not told any more: an instance that was away does not write about what is long past."""


def remind(instance: Instance) -> int:
    """Remind whom it is time to remind; how many mails were asked for. Doing it again the same week sends none."""
    with instance.database.reading() as connection:
        agreed = company_consents.companies_that_agree(connection, REMINDERS)
        found = [company for name in agreed if (company := stored.find_company(connection, name)) is not None]
    asked = [mail for company in found if company.erase_at is None for mail in _mails(instance, company)]
    for mail in asked:
        with instance.database.writing() as connection:
            job = mails.post(instance, connection, mail)
        mails.go_out(instance, job)
    return len(asked)


def _mails(instance: Instance, company: Company) -> Iterator[Mail]:
    due = [day for day in _last_results(instance, company.id) if _is_time(day, instance.now())]
    if not due:
        return
    known = languages(folders.LOCALE)
    with instance.database.reading() as connection:
        owners = [member.person_id for member in stored.members_of(connection, company.id) if member.role == "owner"]
        found = [person for name in owners if (person := people.find_person(connection, id=name)) is not None]
    for person in found:
        language = known.get(person.language) or known["en"]
        yield _mail(
            instance, language, company, person.email, f"{max(due):%Y-%m-%d}:{company.id}:{person.id}", max(due)
        )


def _last_results(instance: Instance, company_id: str) -> list[datetime]:
    """When the result of each check was taken that no later one follows."""
    checks = companies.checks_of(instance, company_id)
    return [check.scores.taken_at for check in checks if check.scores is not None and not check.followed]


def _is_time(taken_at: datetime, now: datetime) -> bool:
    return DUE_AFTER <= now - taken_at < DUE_AFTER + TOLD_WITHIN


def _mail(
    instance: Instance, language: Language, company: Company, email: str, once: str, taken_at: datetime
) -> Mail:  # fmt: skip
    _ = language.gettext
    named = one_line(company.name)
    return Mail(
        email, _("The next check of %(company)s is due") % {"company": named},
        (_("The last results of %(company)s are of %(day)s. A new check shows what has changed since; most answers are "
           "one press.") % {"company": named, "day": language.date(taken_at.date())},
         _("You get this mail once a year because your company agreed to it. An owner can take that back on the page "
           "of the company.")),
        f"{instance.settings.base_url}/companies/{company.id}", company_id=company.id, notice=True, once=once,
    )  # fmt: skip
