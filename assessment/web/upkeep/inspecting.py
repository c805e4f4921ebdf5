"""An administrator's page about the instance as a whole: versions, periods, mail, backup, jobs; and a test mail."""

from datetime import datetime
from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Standpoint
from assessment.i18n import Language
from assessment.services.mails import Mail, MailFailed
from assessment.services.upkeep import inspecting
from assessment.services.upkeep.inspecting import Seen
from assessment.web.current import instance, language
from assessment.web.limits import MAILS, limited
from assessment.web.people.account import here, person
from assessment.web.policies import needs

blueprint = Blueprint("inspecting", __name__)

LATE_AFTER: Final = 300
"""So many seconds after a job was due somebody should look whether the worker runs."""


@blueprint.get("/administration/instance")
@needs(Standpoint.ADMINISTRATOR)
def instance_page() -> str:
    """The instance as it stands, to read alone."""
    return _page("")


def _page(error: str) -> str:
    seen = inspecting.look(instance())
    return render_template(
        "pages/administration/instance.html", seen=seen, late=_is_late(seen), periods=_periods(), moment=_moment,
        email=person().email, error=error, worker=instance().settings.jobs == "worker",
    )  # fmt: skip


@blueprint.post("/administration/instance/test-mail")
@limited(MAILS)
@needs(Standpoint.ADMINISTRATOR)
def test_mail() -> Answer | tuple[str, int]:
    """Mail oneself, at once, and say what came of it."""
    try:
        inspecting.send_test(instance(), here().person_id, _test_mail(person().email))
    except MailFailed as failed:
        return _page(_why(str(failed), language())), 422
    sent = inspecting.mail_road(instance()).kind == "server"
    notice = "test-mail" if sent else "test-mail-console"
    return redirect(url_for("inspecting.instance_page", notice=notice), 303)


def _test_mail(email: str) -> Mail:
    _ = language().gettext
    return Mail(
        email, _("A test mail"),
        (_("You asked for this mail on the page about the instance. If you read it, mail goes out."),),
        instance().settings.base_url + url_for("inspecting.instance_page"),
    )  # fmt: skip


def _why(fault: str, language: Language) -> str:
    """What went wrong with a mail, and what to look at."""
    _ = language.gettext
    known = {
        "no mail server is set": _("No mail server is set. Set ASSESSMENT_SMTP_URL and ASSESSMENT_MAIL_FROM."),
        "ConnectionRefusedError": _("The mail server does not answer there. Look at host and port."),
        "TimeoutError": _("The mail server did not answer in time. Look at host and port, and at the firewall."),
        "gaierror": _("Nobody knows the name of the mail server. Look at the host in ASSESSMENT_SMTP_URL."),
        "SMTPAuthenticationError": _("The mail server does not accept the user name or the password."),
        "SMTPSenderRefused": _("The mail server does not take mail from this sender. Look at ASSESSMENT_MAIL_FROM."),
        "SMTPRecipientsRefused": _("The mail server does not take mail for your address."),
        "SSLCertVerificationError": _("The certificate of the mail server does not fit its name, or has run out."),
        "SMTPNotSupportedError": _("The mail server does not offer what is asked of it: encryption or a password."),
    }
    return known.get(fault) or _("The mail server did not take it (%(fault)s).") % {"fault": fault}


def _is_late(seen: Seen) -> bool:
    return seen.due_since is not None and (instance().now() - seen.due_since).total_seconds() > LATE_AFTER


def _periods() -> list[tuple[str, str, int]]:
    """What is kept how long: in words, by which setting, in days."""
    _ = language().gettext
    settings, kept = instance().settings, instance().settings.periods
    return [
        (_("A check without results, after its last change"), "ASSESSMENT_DRAFT_DAYS", settings.draft_days),
        (_("A check with results, after the last visit"), "ASSESSMENT_FINISHED_DAYS", settings.finished_days),
        (_("An account that nobody uses"), "ASSESSMENT_ACCOUNT_DAYS", kept.account),
        (_("A deleted company, to take it back"), "ASSESSMENT_UNDO_DAYS", kept.undo),
        (_("A browser that was closed"), "ASSESSMENT_SESSION_DAYS", kept.session),
        (_("A link that has ended"), "ASSESSMENT_TOKEN_DAYS", kept.token),
        (_("The audit log"), "ASSESSMENT_AUDIT_DAYS", kept.audit),
        (_("Your backups, as the record of processing says"), "ASSESSMENT_BACKUP_DAYS", kept.backup),
        (_("The address of somebody who was invited and did not come"), "ASSESSMENT_INVITATION_DAYS", kept.invitation),
    ]  # fmt: skip


def _moment(at: datetime) -> str:
    return language().datetime(at)
