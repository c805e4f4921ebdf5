"""The mails of a company, in the language of whoever gets them, where it is known."""

from sqlalchemy import Connection

from assessment.services.mails import Mail, one_line
from assessment.services.people import links_once
from assessment.services.people.links_once import Made
from assessment.web.current import instance, language_to


def claim(connection: Connection, email: str, made: Made) -> Mail:
    """The link by which somebody takes a check into an account; the same for an address that is known."""
    _ = language_to(connection, email).gettext
    return Mail(
        email, _("Keep your check in an account"),
        (_("Open this link to keep your check in an account. It works once, for 24 hours."),
         _("If you did not ask for it, do nothing: without the link nothing changes.")),
        _address("/claim/"), made.id,
    )  # fmt: skip


def invitation(
    connection: Connection, email: str, made: Made, company: str, company_id: str, who: str
) -> Mail:  # fmt: skip
    """The link by which a colleague joins a company."""
    _ = language_to(connection, email).gettext
    named = one_line(company)
    return Mail(
        email, _("Join %(company)s on Green Pathways") % {"company": named},
        (_("%(who)s invites you to work on the resource check of %(company)s.")
         % {"who": one_line(who), "company": named},
         _("Open this link to join. It works once, for 7 days. If you do not know who this is, do nothing.")),
        _address("/join/"), made.id, company_id,
    )  # fmt: skip


def _address(path: str) -> str:
    return instance().settings.base_url + path + links_once.PLACE
