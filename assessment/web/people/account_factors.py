"""The second factors of an account: the app of codes, passkeys, recovery codes."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Standpoint
from assessment.services.people import account_changes, passkey_proofs
from assessment.storage.people.people import Person
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language, proofs
from assessment.web.limits import CODES, limiter
from assessment.web.people import account_mails
from assessment.web.people.account import Shown, done, freshly, here, person
from assessment.web.people.app_codes import app_codes, codes_page, new_app
from assessment.web.people.arriving import HOME
from assessment.web.policies import needs

blueprint = Blueprint("account_factors", __name__)


@blueprint.get("/account/app")
@freshly
@needs(Standpoint.SIGNED_IN)
def app() -> str:
    """The secret of a new app of codes, to scan or to type."""
    return _app_page(person(), new_app(), "")


def _app_page(own: Person, secret: str, error: str) -> str:
    return render_template(
        "pages/account/app.html", codes=app_codes(secret, own.email), error=error, replaces=bool(own.totp_secret)
    )


@blueprint.post("/account/app")
@freshly
@needs(Standpoint.SIGNED_IN)
def set_app() -> Answer | Shown:
    """Take the app over, once its first code was typed; ten recovery codes are shown once."""
    own, secret = person(), request.form.get("secret", "")[:2000]
    limiter().count(CODES, "set-up", own.id)
    step = proofs().step_of(secret, "".join(request.form.get("code", "")[:20].split()), 0)
    if step is None:
        problem = language().gettext("This code is not right. Type the one that the app shows now.")
        return _app_page(own, secret, problem), 422
    told = account_mails.changed(own, "factor")
    codes = account_changes.set_app(instance(), proofs(), own, secret, step, browser().hash, told)
    return codes_page(own, codes, url_for(HOME))


@blueprint.post("/account/app/remove")
@freshly
@needs(Standpoint.SIGNED_IN)
def remove_app() -> Answer:
    """Give the app up, where another factor stays or none is needed."""
    own = person()
    told = account_mails.changed(own, "factor-removed")
    removed = account_changes.remove_app(instance(), own, browser().hash, told)
    return done("factor-removed" if removed else "factor-needed")


@blueprint.post("/account/recovery-codes")
@freshly
@needs(Standpoint.SIGNED_IN)
def renew_codes() -> str:
    """Ten new recovery codes, shown once."""
    own = person()
    told = account_mails.changed(own, "codes")
    codes = account_changes.renew_codes(instance(), proofs(), own, browser().hash, told)
    return codes_page(own, codes, url_for(HOME))


@blueprint.get("/account/passkeys/new")
@freshly
@needs(Standpoint.SIGNED_IN)
def passkey() -> str:
    """What a passkey is, and the button that makes one."""
    return _passkey_page("", "")


def _passkey_page(error: str, options: str) -> str:
    return render_template(
        "pages/account/passkey.html", error=error, options=options, name=cleaned(request.form.get("name", ""))[:100]
    )


@blueprint.post("/account/passkeys/new")
@freshly
@needs(Standpoint.SIGNED_IN)
def add_passkey() -> Answer | Shown:
    """First a challenge for the browser, then the passkey that it made for it."""
    own, said = person(), request.form.get("passkey", "")
    if not said:
        return _passkey_page("", passkey_proofs.begin_new(instance(), proofs(), browser().hash, here()))
    made = passkey_proofs.finish_new(instance(), proofs(), browser().hash, here(), said)
    name = cleaned(request.form.get("name", ""))[:100] or language().gettext("Passkey")
    told = account_mails.changed(own, "factor")
    codes = made and account_changes.add_passkey(instance(), proofs(), own, made, name, browser().hash, told)
    if codes is None:
        return _passkey_page(language().gettext("The passkey was not made. Try again."), ""), 422
    return codes_page(own, codes, url_for(HOME)) if codes else done("factor-added")


@blueprint.post("/account/passkeys/remove")
@freshly
@needs(Standpoint.SIGNED_IN)
def remove_passkey() -> Answer:
    """Give a passkey up, where another factor stays or none is needed."""
    own = person()
    told = account_mails.changed(own, "factor-removed")
    which = request.form.get("passkey", "")[:32]
    removed = account_changes.remove_passkey(instance(), own, which, browser().hash, told)
    return done("factor-removed" if removed else "factor-needed")
