"""The mails about an account, in its language; to an address without one, in that of the page that caused them."""

from collections.abc import Callable

from assessment.i18n import Language
from assessment.services.mails import Mail, language_of, one_line
from assessment.services.people import links_once
from assessment.storage.mentors.grants import Owner
from assessment.storage.people import people
from assessment.storage.people.people import Person
from assessment.web.current import instance, language, language_to

Told = dict[str, tuple[str, str]]


def sign_in_link(person: Person) -> Mail:
    """The link to sign in with."""
    _ = language_of(person.language).gettext
    return Mail(
        person.email, _("Your link to sign in"),
        (_("Open this link to sign in. It works once, for 15 minutes. If you did not ask for it, do nothing."),),
        _address("/sign-in/link/"),
    )  # fmt: skip


def password_only(person: Person) -> Mail:
    """To somebody whose role asks for a password."""
    _ = language_of(person.language).gettext
    return Mail(
        person.email, _("Sign in with your password"),
        (_("Somebody asked for a link to sign in with this address. Your role needs your password and your second "
           "factor instead. If you have forgotten the password, set a new one on the page of signing in."),),
        _address("/sign-in", token=False),
    )  # fmt: skip


def no_account(email: str) -> Mail:
    """To an address that has no account: only its owner learns that."""
    _ = language().gettext
    return Mail(
        email, _("There is no account with this address"),
        (_("Somebody, perhaps you, wanted to sign in with this address, and it has no account here. If it was you, try "
           "another address of yours. You can also do a check without an account."),),
        _address("/start", token=False),
    )  # fmt: skip


def new_password_link(person: Person) -> Mail:
    """The link to set a new password with."""
    _ = language_of(person.language).gettext
    return Mail(
        person.email, _("Set a new password"),
        (_("Open this link to set a new password. It works once, for an hour. If you did not ask for it, do nothing: "
           "your password stays as it is."),),
        _address("/sign-in/password/"),
    )  # fmt: skip


def new_address_link(email: str) -> Mail:
    """The link that shows that an address is the person's."""
    _ = language().gettext
    return Mail(
        email, _("Confirm your new address"),
        (_("Open this link to use this address for your account. It works once, for an hour. If you did not ask for "
           "it, do nothing."),),
        _address("/account/address/"),
    )  # fmt: skip


def address_taken(email: str) -> Mail:
    """To an address that has an account, and that somebody else wants for theirs."""
    _ = _known_to(email).gettext
    return Mail(
        email, _("This address has an account already"),
        (_("Somebody, perhaps you, wanted to use this address for another account. It belongs to one already, so "
           "nothing was changed."),),
        _address("/sign-in", token=False),
    )  # fmt: skip


def changed(person: Person, what: str) -> Mail:
    """Tells the address as it was before: `password`, `address`, `factor`, `factor-removed` or `codes` changed."""
    _ = language_of(person.language).gettext
    told: Told = {
        "password": (_("Your password was changed"), _("The password of your account was changed.")),
        "address": (_("Your address was changed"), _("Your account now has another mail address.")),
        "factor": (_("A second factor was added"), _("A second factor was added to your account.")),
        "factor-removed": (_("A second factor was removed"), _("A second factor of your account was removed.")),
        "codes": (_("New recovery codes"), _("Your account has new recovery codes. The old ones no longer work.")),
    }  # fmt: skip
    subject, sentence = told[what]
    contact = instance().settings.operator_contact
    advice = (
        _("If it was not you, tell us at once: %(contact)s") % {"contact": contact} if contact
        else _("If it was not you, set a new password at once.")
    )  # fmt: skip
    ended = _("Everywhere else your account was signed out, and links that we had mailed to you no longer work.")
    return Mail(person.email, subject, (sentence, ended, advice), _address("/sign-in", token=False), notice=True)


def new_role(email: str, role: str) -> Callable[[str], Mail]:
    """Somebody's staff role is another one; where it needs setting up, a link leads to that.

    Who has no account yet was signed in nowhere, and has no role that would be new.
    """
    _ = _known_to(email).gettext
    with instance().database.reading() as connection:
        known = people.find_person(connection, email=email) is not None
    signed_out = _("You were signed out everywhere, and links that were sent to you before no longer work.")
    if not role:
        told = _("You have no staff role any more. Your account stays.")
        return lambda _link: Mail(
            email, _("Your role was taken away"), (told, signed_out), _address("/sign-in", token=False), notice=True
        )
    names = {
        "mentor": _("You are a mentor now."), "manager": _("You are a cluster manager now."),
        "administrator": _("You are an administrator now."),
    }  # fmt: skip
    advice = _("Open this link to set up your password and second factor, or to sign in. It works once, for 7 days. If "
               "you did not expect this, do nothing.")  # fmt: skip
    subject = _("Your new role") if known else _("You are invited")
    lines = (names[role], advice, signed_out) if known else (names[role], advice)
    return lambda link: Mail(email, subject, lines, _address("/sign-in/link/"), link, notice=True)


def mentor_is_out(name: str) -> Callable[[Owner, str, str], Mail]:
    """To a company whose mentor is one no longer."""

    def mail(owner: Owner, company_id: str, company: str) -> Mail:
        _ = language_of(owner.language).gettext
        told = _("%(mentor)s is no longer a mentor here and sees nothing more of your company.") % {
            "mentor": one_line(name) or _("Your mentor")
        }
        there = f"{instance().settings.base_url}/companies/{company_id}/mentors"
        return Mail(owner.email, _("Your mentor has left"), (told,), there, company_id=company_id, notice=True)

    return mail


def switched(email: str, *, active: bool) -> Mail:
    """An administrator switched the account off, or on again."""
    _ = _known_to(email).gettext
    if active:
        return Mail(
            email, _("Your account is on again"), (_("You can sign in again."),), _address("/sign-in", token=False),
            notice=True,
        )  # fmt: skip
    contact = instance().settings.operator_contact
    asked = _("If you do not know why, ask: %(contact)s") % {"contact": contact} if contact else ""
    off = _("An administrator has switched your account off. Nobody can sign in to it. Nothing was deleted.")
    return Mail(email, _("Your account was switched off"), tuple(filter(None, (off, asked))), notice=True)


def _known_to(email: str) -> Language:
    with instance().database.reading() as connection:
        return language_to(connection, email)


def _address(path: str, token: bool = True) -> str:
    return instance().settings.base_url + path + (links_once.PLACE if token else "")
