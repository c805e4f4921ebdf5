"""The mails about what goes and who looked, in a language: pages send some of them, the calendar the others."""

from datetime import datetime

from assessment.config import Settings
from assessment.i18n import Language
from assessment.services.mails import Mail, one_line
from assessment.services.people import links_once


def erasing_asked(
    language: Language, settings: Settings, email: str, company_id: str, company: str, at: datetime, account_too: bool,
    reason: str,
) -> Mail:  # fmt: skip
    """An owner deleted the company, or an administrator for a reason; until a day it can be taken back."""
    _ = language.gettext
    named, day = one_line(company), language.date(at.date())
    who = _("An administrator of this service has deleted %(company)s.") if reason else (
        _("An owner has deleted %(company)s.")
    )  # fmt: skip
    lines = [
        who % {"company": named},
        *([_("The reason they gave: %(reason)s") % {"reason": one_line(reason, 500)}] if reason else []),
        _("Its checks, results, plans and everything else of it will be gone for good on %(day)s. Until then an owner "
          "can take it back on the page of the company.") % {"day": day},
    ]  # fmt: skip
    if account_too:
        lines.append(
            _("Your account belongs to no other company, so it will be deleted together with this one. To keep it, "
              "join or add another company before.")
        )  # fmt: skip
    address = f"{settings.base_url}/companies/{company_id}/data"
    subject = _("%(company)s will be deleted on %(day)s") % {"company": named, "day": day}
    return Mail(email, subject, tuple(lines), address, company_id=company_id, notice=True)


def erasing_undone(language: Language, settings: Settings, email: str, company_id: str, company: str) -> Mail:
    """The company stays after all."""
    _ = language.gettext
    named = one_line(company)
    return Mail(
        email, _("%(company)s is kept") % {"company": named},
        (_("An owner has taken the deletion of %(company)s back. Nothing is lost.") % {"company": named},),
        f"{settings.base_url}/companies/{company_id}", company_id=company_id, notice=True,
    )  # fmt: skip


def account_deleted(language: Language, settings: Settings, email: str, at: datetime, link_id: str) -> Mail:
    """Somebody deleted their account; until a day the link takes that back."""
    _ = language.gettext
    day = language.date(at.date())
    return Mail(
        email, _("Your account will be deleted on %(day)s") % {"day": day},
        (_("You have deleted your account. Nobody can sign in to it any more, and it will be gone for good on "
           "%(day)s.") % {"day": day},
         _("If you changed your mind, or it was not you, open this link until then. It keeps your account.")),
        f"{settings.base_url}/account/keep/{links_once.PLACE}", link_id,
    )  # fmt: skip


def account_unused(language: Language, settings: Settings, email: str, at: datetime) -> Mail:
    """Nobody used the account for long; on a day it goes."""
    _ = language.gettext
    day = language.date(at.date())
    return Mail(
        email, _("Your account will be deleted on %(day)s") % {"day": day},
        (_("Nobody has used your account for a long time. It will be deleted on %(day)s, and so will each company and "
           "cluster of yours that nobody else has used either, with its checks or its list.") % {"day": day},
         _("To keep it, sign in once.")),
        f"{settings.base_url}/sign-in", notice=True,
    )  # fmt: skip


def glass_opened(
    language: Language, settings: Settings, email: str, company_id: str, company: str, reason: str, until: datetime
) -> Mail:  # fmt: skip
    """An administrator opened the company's answers."""
    _ = language.gettext
    named = one_line(company)
    return Mail(
        email, _("An administrator can look at the answers of %(company)s") % {"company": named},
        (_("An administrator of this service has opened the answers of %(company)s for 60 minutes, until %(time)s. "
           "They can look and change nothing.") % {"company": named, "time": language.datetime(until)},
         _("The reason they gave: %(reason)s") % {"reason": one_line(reason, 500)},
         _("What they look at stands in your list of who looked.")),
        f"{settings.base_url}/companies/{company_id}/looks", company_id=company_id, notice=True,
    )  # fmt: skip
