"""Signing in by password or by an e-mailed link, setting a new password, and signing out.

These are thin views of our own: Flask-Security's use a link up when it is looked at, and keep the session in a cookie.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Standpoint
from assessment.core.errors import NotFound
from assessment.services.people import account_changes, accounts, entering, sessions
from assessment.services.people.addresses import normal_address
from assessment.web.browser import browser
from assessment.web.current import instance, language, proofs
from assessment.web.limits import MAILS, SIGN_INS, SIGN_INS_IN_ALL, limited, limiter
from assessment.web.people import account_mails
from assessment.web.people.account_words import password_words
from assessment.web.people.arriving import enter, known_device, onward
from assessment.web.policies import needs

blueprint = Blueprint("sign_in", __name__)

Shown = str | tuple[str, int]


@blueprint.get("/sign-in")
@needs(Standpoint.SIGNING_IN)
def sign_in() -> str:
    """Where address and password are typed."""
    return _page({}, "")


def _page(errors: dict[str, str], email: str) -> str:
    # Who is known to have no password is asked for none.
    mailed = request.values.get("way") == "mail"
    return render_template("pages/account/sign_in.html", errors=errors, email=email, there=onward(), mailed=mailed)


@blueprint.post("/sign-in")
@needs(Standpoint.SIGNING_IN)
def by_password() -> Answer | Shown:
    """Sign in with a password. For an address without an account all is the same, the time included."""
    _ = language().gettext
    email, typed = _typed_address()
    password = request.form.get("password", "")
    errors = {}
    if email is None:
        errors["email"] = _("Enter your mail address, such as name@example.org")
    if not password:
        errors["password"] = _("Enter your password")
    if email is None or errors:
        return _page(errors, typed), 422
    person = accounts.person_of(instance(), email)
    counted = _Tries(email, known_device(person))
    if not accounts.right_password(instance(), proofs(), person, password) or person is None:
        return _page({"email": _("The address or the password is not right")}, typed), 422
    counted.were_right()
    return enter(person, factors=1, there=onward())


class _Tries:
    """Counts wrong passwords: of an address of the network, of an account, of everybody together.

    A browser that has signed in to the account before is counted by itself, so that nobody who guesses shuts its
    owner out.
    """

    def __init__(self, email: str, known: str) -> None:
        own = ("account", email)
        ways = ((SIGN_INS, ("device", known)),) if known else (
            (SIGN_INS, ()), (SIGN_INS, own), (SIGN_INS_IN_ALL, ()),
        )  # fmt: skip
        self._ways = ways
        for limit, who in ways:
            limiter().count(limit, *who)

    def were_right(self) -> None:
        for limit, who in self._ways:
            limiter().take_back(limit, *who)


def _typed_address() -> tuple[str | None, str]:
    typed = request.form.get("email", "")[:1000]
    return normal_address(typed), typed


@blueprint.post("/sign-in/mail")
@limited(MAILS)
@needs(Standpoint.SIGNING_IN)
def by_mail() -> Answer | Shown:
    """Send a link to sign in with; whether the address has an account is told in the mail alone."""
    email, typed = _typed_address()
    if email is None:
        problem = language().gettext("Enter your mail address, such as name@example.org")
        return _page({"email": problem}, typed), 422
    entering.send_link(
        instance(), email, onward(), account_mails.sign_in_link, account_mails.password_only, account_mails.no_account
    )
    return redirect(url_for("sign_in.sent"), 303)


@blueprint.get("/sign-in/sent")
@needs(Standpoint.SIGNING_IN)
def sent() -> str:
    """What comes next: the mail."""
    return render_template("pages/account/sent.html")


@blueprint.get("/sign-in/link/<token>")
@needs(Standpoint.SIGNING_IN)
def link(token: str) -> Shown:
    """Where a link leads: a page with a button. Looking changes nothing, because mail scanners look too."""
    try:
        entering.look(instance(), token)
    except NotFound:
        return _ended()
    return render_template("pages/account/link.html", token=token)


@blueprint.post("/sign-in/link")
@limited(SIGN_INS)
@needs(Standpoint.SIGNING_IN)
def by_link() -> Answer | Shown:
    """Sign in by a link, which is used up by that; the token leaves the address here."""
    try:
        entered = entering.use(instance(), request.form.get("token", "")[:200])
    except NotFound:
        return _ended()
    return enter(entered.person, factors=entered.factors, there=entered.there)


def _ended() -> tuple[str, int]:
    return render_template("pages/account/link_ended.html"), 404


@blueprint.get("/sign-in/password")
@needs(Standpoint.SIGNING_IN)
def forgotten() -> str:
    """Where somebody who has forgotten their password types their address."""
    return render_template("pages/account/forgotten.html", errors={}, email="")


@blueprint.post("/sign-in/password")
@limited(MAILS)
@needs(Standpoint.SIGNING_IN)
def send_password_link() -> Answer | Shown:
    """Send a link to set a new password with."""
    email, typed = _typed_address()
    if email is None:
        problem = language().gettext("Enter your mail address, such as name@example.org")
        return render_template("pages/account/forgotten.html", errors={"email": problem}, email=typed), 422
    entering.send_password_link(instance(), email, account_mails.new_password_link, account_mails.no_account)
    return redirect(url_for("sign_in.sent"), 303)


@blueprint.get("/sign-in/password/<token>")
@needs(Standpoint.SIGNING_IN)
def new_password(token: str) -> Shown:
    """Where a new password is typed."""
    try:
        entering.look_password(instance(), token)
    except NotFound:
        return _ended()
    return _password_page(token, "")


def _password_page(token: str, error: str) -> str:
    return render_template("pages/account/new_password.html", token=token, error=error)


@blueprint.post("/sign-in/password/new")
@limited(SIGN_INS)
@needs(Standpoint.SIGNING_IN)
def set_new_password() -> Answer | Shown:
    """Set a new password by a link; signing in with it comes after."""
    token, password = request.form.get("token", "")[:200], request.form.get("password", "")
    try:
        person = entering.look_password(instance(), token)
        if flaw := accounts.flaw_of_password(password, entering.own_words(instance(), person)):
            return _password_page(token, password_words(flaw)), 422
        account_changes.reset_password(
            instance(), proofs(), token, password, account_mails.changed(person, "password")
        )  # fmt: skip
    except NotFound:
        return _ended()
    return redirect(url_for("sign_in.sign_in", notice="password-set"), 303)


@blueprint.post("/sign-out")
@needs(Standpoint.SIGNING_IN)
def sign_out() -> Answer:
    """End the session on the server and clear what the browser kept."""
    session = browser()
    sessions.end(instance(), session.hash)
    session.ended = True
    answer = redirect(url_for("sign_in.signed_out"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.get("/signed-out")
@needs(Standpoint.SIGNING_IN)
def signed_out() -> str:
    """It is done."""
    return render_template("pages/account/signed_out.html")
