"""Reminders: that the next check is due, once a year, to the owners of a company that agreed to it; that deadlines of a
plan come near, a week before, to whoever switched that on in their account.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from assessment.content import folders
from assessment.i18n import Language, languages
from assessment.services import mails
from assessment.services.instance import Instance
from assessment.services.mails import Mail, one_line
from assessment.services.people import companies
from assessment.services.people.company_consents import REMINDERS
from assessment.storage import jobs
from assessment.storage.mentors import turns
from assessment.storage.mentors.turns import Deadline, Receiver
from assessment.storage.people import companies as stored
from assessment.storage.people import company_consents, people
from assessment.storage.people.companies import Company

DUE_AFTER: Final = timedelta(days=365)
A_WEEK: Final = timedelta(days=7)
STILL_TOLD: Final = 2
"""So many days fewer than a week before, because an instance may have been away for a night."""
LONGEST_TITLE: Final = 120
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


def remind_of_deadlines(instance: Instance) -> int:
    """Tell whoever wants it what is due in a week, one mail for each check and day; how many were asked for."""
    last = instance.today + A_WEEK
    known, sent = languages(folders.LOCALE), []
    with instance.database.reading() as connection:
        due = turns.deadlines(connection, last - timedelta(days=STILL_TOLD), last)
        asked = [(found, receiver) for found in due for receiver in turns.to_remind(connection, found.company_id)]
    for found, receiver in asked:
        language = known.get(receiver.language) or known["en"]
        mail = _deadline_mail(instance, language, found, receiver)
        with instance.database.writing() as connection:
            if jobs.find(connection, mails.notice_key(mail.once)) is None:
                sent.append(mails.post(instance, connection, mail))
    mails.go_out(instance, *sent)
    return len(sent)


def _deadline_mail(instance: Instance, language: Language, due: Deadline, receiver: Receiver) -> Mail:
    _ = language.gettext
    measures = instance.library.catalogue(language.code).measures
    titles = [*(measures[name].title for name in due.measures if name in measures), *due.titles]
    named = {"company": one_line(due.company), "day": language.date(due.day)}
    return Mail(
        receiver.email, _("Due on %(day)s in the plan of %(company)s") % named,
        (_("These actions are due on %(day)s and not marked as done:") % named,
         *(f"- {one_line(title, LONGEST_TITLE)}" for title in titles),
         _("You get this mail because you switched it on in your account. You can switch it off there.")),
        f"{instance.settings.base_url}/assessments/{due.check_id}/plan", company_id=due.company_id, notice=True,
        once=f"deadline:{due.check_id}:{receiver.person_id}:{due.day}",
    )  # fmt: skip


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
