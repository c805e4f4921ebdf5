"""A person's own account: name, password, address, and where they are signed in."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Standpoint
from assessment.core.errors import NotFound
from assessment.services.people import account_changes, accounts, entering, links_once, passkey_proofs, sessions
from assessment.services.people.addresses import normal_address
from assessment.services.people.sessions import Here
from assessment.storage.people.people import Person
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language, proofs
from assessment.web.limits import CODES, MAILS, limited, limiter
from assessment.web.people import account_mails
from assessment.web.people.account_words import password_words
from assessment.web.people.arriving import HOME, going_on, onward, remember
from assessment.web.people.second_factor import proved
from assessment.web.policies import needs

blueprint = Blueprint("account", __name__)

P = ParamSpec("P")
R = TypeVar("R")
Shown = str | tuple[str, int]


def here() -> Here:
    """Whoever is signed in: these pages are for nobody else."""
    found = browser().signed_in
    if found is None:
        raise NotFound("account")
    return found


def person() -> Person:
    """The account of whoever is signed in."""
    found = accounts.person_by_id(instance(), here().person_id)
    if found is None:
        raise NotFound("account")
    return found


def freshly(view: Callable[P, R]) -> Callable[P, R | Answer]:
    """The view is only for somebody who proved who they are in the last five minutes; others do that first."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Answer:
        if here().fresh:
            return view(*args, **kwargs)
        back = request.path if request.method in ("GET", "HEAD") else url_for(HOME)
        return redirect(going_on("account.prove", back), 303)

    return guarded


def done(notice: str) -> Answer:
    """Back to the account, with a word on what was done; this browser stays known to it."""
    answer = redirect(url_for(HOME, notice=notice), 303)
    remember(answer, person())
    return answer


@blueprint.get("/account")
@needs(Standpoint.SIGNED_IN)
def overview() -> str:
    """Everything about the account on one page."""
    return _overview({})


def _overview(errors: dict[str, str]) -> str:
    own = person()
    return render_template(
        "pages/account/overview.html", person=own, passkeys=account_changes.passkeys_of(instance(), own.id),
        places=account_changes.places(instance(), own.id), here=browser().hash, errors=errors,
        codes_left=accounts.codes_left(own),
    )  # fmt: skip


@blueprint.post("/account/name")
@needs(Standpoint.SIGNED_IN)
def rename() -> Answer | Shown:
    """Keep a name, as others see it."""
    name = " ".join(cleaned(request.form.get("name", "")).split())
    if len(name) > account_changes.LONGEST_NAME:
        problem = language().gettext("Use no more than %(count)s characters") % {"count": account_changes.LONGEST_NAME}
        return _overview({"name": problem}), 422
    account_changes.rename(instance(), here().person_id, name)
    return redirect(url_for(HOME, notice="name-kept"), 303)


@blueprint.post("/account/mails")
@needs(Standpoint.SIGNED_IN)
def choose_mails() -> Answer:
    """Keep which mails somebody wants."""
    wanted = request.form.getlist("mails")
    account_changes.choose_mails(
        instance(), here().person_id, reviews="reviews" in wanted, deadlines="deadlines" in wanted
    )  # fmt: skip
    return redirect(url_for(HOME, notice="mails-kept"), 303)


@blueprint.get("/account/password")
@freshly
@needs(Standpoint.SIGNED_IN)
def password() -> str:
    """Where a new password is typed."""
    return render_template("pages/account/password.html", error="", person=person())


@blueprint.post("/account/password")
@freshly
@needs(Standpoint.SIGNED_IN)
def set_password() -> Answer | Shown:
    """Set it; everywhere else the account is signed out."""
    own, typed = person(), request.form.get("password", "")
    if flaw := accounts.flaw_of_password(typed, entering.own_words(instance(), own)):
        return render_template("pages/account/password.html", error=password_words(flaw), person=own), 422
    told = account_mails.changed(own, "password")
    account_changes.set_password(instance(), proofs(), own, typed, browser().hash, told)
    return done("password-set")


@blueprint.get("/account/address")
@freshly
@needs(Standpoint.SIGNED_IN)
def address() -> str:
    """Where a new address is typed."""
    return render_template("pages/account/address.html", error="", typed="", person=person())


@blueprint.post("/account/address")
@limited(MAILS)
@freshly
@needs(Standpoint.SIGNED_IN)
def ask_for_address() -> Answer | Shown:
    """Send a link to the new address; until it is used nothing changes."""
    own, typed = person(), request.form.get("email", "")[:1000]
    email = normal_address(typed)
    if email is None or email == own.email:
        problem = language().gettext("Enter another mail address, such as name@example.org")
        return render_template("pages/account/address.html", error=problem, typed=typed, person=own), 422
    account_changes.ask_for_address(
        instance(), own, email, account_mails.new_address_link(email), account_mails.address_taken(email)
    )
    return redirect(url_for(HOME, notice="address-asked"), 303)


@blueprint.get("/account/address/<token>")
@needs(Standpoint.SIGNED_IN)
def confirm_address(token: str) -> Shown:
    """Where the link leads: a page with a button."""
    try:
        link = links_once.look(instance(), "change-email", token)
    except NotFound:
        link = None
    if link is None or link.bound.person_id != here().person_id:
        return render_template("pages/account/link_ended.html"), 404
    return render_template("pages/account/confirm_address.html", token=token, email=link.bound.email)


@blueprint.post("/account/address/confirm")
@needs(Standpoint.SIGNED_IN)
def take_address() -> Answer | Shown:
    """Use the new address from now on; the old one is told."""
    own = person()
    try:
        account_changes.take_address(
            instance(), request.form.get("token", "")[:200], browser().hash, own.id,
            account_mails.changed(own, "address"),
        )  # fmt: skip
    except NotFound:
        return render_template("pages/account/link_ended.html"), 404
    return done("address-set")


@blueprint.post("/account/sessions")
@needs(Standpoint.SIGNED_IN)
def end_places() -> Answer:
    """Sign out in one other place, or in all others."""
    account_changes.end_places(
        instance(), here().person_id, keep=browser().hash, only=request.form.get("place", "")[:64]
    )  # fmt: skip
    return redirect(url_for(HOME, notice="places-ended"), 303)


@blueprint.get("/account/prove")
@needs(Standpoint.SIGNED_IN)
def prove() -> str:
    """Where somebody proves again who they are, before they change what protects the account."""
    return _prove_page("")


def _prove_page(error: str, options: str = "") -> str:
    own = person()
    return render_template(
        "pages/account/prove.html", person=own, factors=sessions.second_factors(instance(), own), error=error,
        there=onward(), passkey_options=options,
    )  # fmt: skip


@blueprint.post("/account/prove")
@needs(Standpoint.SIGNED_IN)
def proved_again() -> Answer | Shown:
    """Take the second factor where there is one, else the password."""
    _ = language().gettext
    own = person()
    has_second = bool(sessions.second_factors(instance(), own))
    if has_second and request.form.get("way") == "passkey":
        return _prove_page("", passkey_proofs.begin(instance(), proofs(), browser().hash, here()))
    limiter().count(CODES, "prove", own.id)
    right = (
        proved(here(), own) if has_second
        else accounts.right_password(instance(), proofs(), own, request.form.get("password", ""))
    )  # fmt: skip
    if not right:
        return _prove_page(_("This is not right, or it was used before. Try again.")), 422
    limiter().take_back(CODES, "prove", own.id)
    sessions.prove_again(instance(), browser().hash, here())
    return redirect(onward() or url_for(HOME), 303)
