"""Mailing the link of a check without an account: when somebody asks for it, and once before the check would go.

The job holds the id of the check alone. Address, link and words are put together when the mail is sent, so what was
claimed, deleted, given a new link or opted out of meanwhile is seen then. The address is forgotten with the last mail.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from assessment.services import mails
from assessment.services.checks import answering, drafts
from assessment.services.checks.answering import OpenDraft
from assessment.services.clusters import opting_out
from assessment.services.instance import Instance
from assessment.services.mails import MOST_IN_AN_HOUR, Letter
from assessment.storage import jobs
from assessment.storage.checks import assessments, draft_addresses
from assessment.storage.checks import results as stored_results
from assessment.storage.checks.draft_addresses import DraftAddress
from assessment.storage.checks.drafts import Draft
from assessment.storage.jobs import Job
from assessment.storage.people import access

LINK_JOB: Final = "link-mail"
AHEAD: Final = timedelta(days=7)
"""So long before a check would be deleted its owner is reminded."""
_NO_CLUSTER: Final = "0" * 32
"""Stands in the link to opt out where the mail is of no cluster: it leads out of the mails of all."""


def ask(instance: Instance, opened: OpenDraft, email: str, language: str, *, remind: bool) -> None:
    """Mail the link to a normal address, and keep it for one reminder where that is wanted.

    Nothing happens for an address that opted out, or that was written to three times within the hour.
    """
    address = DraftAddress(opened.draft.id, email, opting_out.digest_of(instance, email), language, remind)
    with answering.writing(instance, opened) as connection:
        if _opted_out(instance, connection, address):
            return
        if mails.asked_lately(instance, connection, email) >= MOST_IN_AN_HOUR:
            return
        draft_addresses.keep(connection, address, instance.now())
        job = _post(instance, connection, address, reminder=False)
    mails.hand_over(instance, LINK_JOB, send, job)


def remind(instance: Instance) -> int:
    """Write once to whoever wanted it, a week before their check would go; how many mails were asked for."""
    settings, now = instance.settings, instance.now()
    changed_by, visited_by = (
        now + AHEAD - timedelta(days=days) for days in (settings.draft_days, settings.finished_days)
    )  # fmt: skip
    with instance.database.writing() as connection:
        due = draft_addresses.take_reminders(connection, now, changed_by, visited_by)
        posted = [_post(instance, connection, address, reminder=True) for address in due]
    mails.hand_over(instance, LINK_JOB, send, *posted)
    return len(posted)


def _post(instance: Instance, connection: Connection, address: DraftAddress, *, reminder: bool) -> str:
    told = {"assessment": address.assessment_id, "reminder": reminder, "handed": 0}
    key = mails.counted_key(instance, address.email)
    return jobs.enqueue(connection, LINK_JOB, told, key, instance.now(), address.assessment_id)


def send(instance: Instance, job: Job) -> None:
    """Send the mail of a job that is held, if its check still has an address and a link.

    Raises MailFailed where it did not go out, MailResting where it may have gone out twice.
    """
    check_id, reminder = str(job.arguments.get("assessment", "")), bool(job.arguments.get("reminder"))
    with instance.database.reading() as connection:
        address, draft = draft_addresses.find(connection, check_id), assessments.draft_of(connection, check_id)
        valid = access.valid_tokens(connection, check_id, instance.now())
        finished = stored_results.latest_number(connection, check_id) > 0
        out = address is not None and _opted_out(instance, connection, address)
    if address is None or draft is None or draft.company_id is not None or not valid or out:
        with instance.database.writing() as connection:
            draft_addresses.forget(connection, assessment_id=check_id)
        return
    link = f"{instance.settings.base_url}/resume/{drafts.way_back_of(instance, check_id, valid).token}"
    letter = _letter(instance, address, link, draft, finished=finished, reminder=reminder)

    def sent(connection: Connection) -> None:
        if reminder or not address.remind:
            draft_addresses.forget(connection, assessment_id=check_id)

    mails.deliver(instance, job, letter, {}, sent)


def _opted_out(instance: Instance, connection: Connection, address: DraftAddress) -> bool:
    return bool(opting_out.among(instance, connection, "", {address.hash: address.email}))


def _letter(
    instance: Instance, address: DraftAddress, link: str, draft: Draft, *, finished: bool, reminder: bool
) -> Letter:  # fmt: skip
    language = mails.language_of(address.language)
    _ = language.gettext
    no_more = f"{instance.settings.base_url}/opt-out/{opting_out.token_of(instance, address.hash, _NO_CLUSTER)}"
    until = language.date(drafts.kept_until(instance, draft, finished=finished).date())
    whoever = _("Whoever has this link can read and change the answers.")
    if reminder:
        subject = _("Your check will be deleted on %(day)s") % {"day": until}
        lines = [
            _("You have a check of energy, water and materials on this site that nobody has touched for long. It will "
              "be deleted on %(day)s.") % {"day": until},
            _("To keep it, open this link and look at your results, or change an answer. This is the only reminder."),
            whoever,
        ]  # fmt: skip
    else:
        subject = _("The link to your check")
        lines = [_("Open this link to come back to your check of energy, water and materials."), whoever]
        if address.remind:
            lines.append(_("We write to you once more, a week before the check would be deleted."))
    foot = (_("Somebody typed your address on this site to get this link."), _("No more such mails:"), no_more)
    return Letter(address.email, subject, tuple(lines), link, foot, no_more)
