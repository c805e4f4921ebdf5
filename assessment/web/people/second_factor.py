"""The second step of signing in: a code of an app, a recovery code or a passkey; and setting one up where it must be.

Open to somebody who gave their first factor a short while ago. Whose role asks for a second factor and who has none
reaches nothing else (RELIABILITY AUTH-12).
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Standpoint
from assessment.services.people import account_changes, accounts, entering, passkey_proofs, sessions
from assessment.services.people.sessions import Here
from assessment.storage.people.people import Person
from assessment.web.browser import browser
from assessment.web.current import instance, language, proofs
from assessment.web.limits import CODES, limiter
from assessment.web.people import account_mails
from assessment.web.people.account_words import password_words
from assessment.web.people.app_codes import app_codes, codes_page, new_app
from assessment.web.people.arriving import HOME, enter, going_on, onward
from assessment.web.policies import needs, to_sign_in

blueprint = Blueprint("second_factor", __name__)

Shown = str | tuple[str, int]


def _waiting() -> tuple[Here, Person] | Answer:
    """Whoever gave their first factor here; for all others, where to go instead."""
    here = browser().here
    if here is None:
        return to_sign_in()
    if here.complete:
        return redirect(url_for(HOME), 303)
    person = accounts.person_by_id(instance(), here.person_id)
    return (here, person) if person is not None else to_sign_in()


@blueprint.get("/sign-in/second")
@needs(Standpoint.SIGNING_IN)
def ask() -> Answer | Shown:
    """Where the code is typed."""
    waiting = _waiting()
    if isinstance(waiting, Answer):
        return waiting
    _, person = waiting
    if not sessions.second_factors(instance(), person):
        return redirect(going_on("second_factor.set_up", onward()), 303)
    return _page(person, "")


def _page(person: Person, error: str, options: str = "") -> str:
    factors = sessions.second_factors(instance(), person)
    return render_template(
        "pages/account/second.html", factors=factors, error=error, there=onward(), passkey_options=options
    )


@blueprint.post("/sign-in/second")
@needs(Standpoint.SIGNING_IN)
def give() -> Answer | Shown:
    """Take the code or the passkey; the session goes on under a new id."""
    waiting = _waiting()
    if isinstance(waiting, Answer):
        return waiting
    here, person = waiting
    if request.form.get("way") == "passkey":
        options = passkey_proofs.begin(instance(), proofs(), browser().hash, here)
        return _page(person, "", options)
    limiter().count(CODES, "second", person.id)
    if not proved(here, person):
        return _page(person, _wrong(person)), 422
    limiter().take_back(CODES, "second", person.id)
    return enter(person, factors=2, there=onward())


def proved(here: Here, person: Person) -> bool:
    """Whether the form at hand holds a right code, an unused recovery code, or a passkey's answer."""
    if said := request.form.get("passkey", ""):
        return passkey_proofs.finish(instance(), proofs(), browser().hash, here, said)
    return accounts.use_code(instance(), proofs(), person, request.form.get("code", "")[:100]) is not None


def _wrong(person: Person) -> str:
    """Why the proof at hand is not taken, and what to do: who has no app of codes can wait for no next code."""
    _ = language().gettext
    if request.form.get("passkey"):
        return _("The passkey was not accepted. Try again, or use a code.")
    if not person.totp_secret:
        return _("This recovery code is not right, or it was used before. Type another one.")
    return _wrong_code()


def _wrong_code() -> str:
    return language().gettext("This code is not right, or it was used before. Wait for the next one and type that.")


@blueprint.get("/sign-in/set-up")
@needs(Standpoint.SIGNING_IN)
def set_up() -> Answer | Shown:
    """Where somebody whose role asks for it sets up their password and their second factor."""
    waiting = _waiting()
    if isinstance(waiting, Answer):
        return waiting
    _, person = waiting
    if sessions.second_factors(instance(), person):
        return redirect(going_on("second_factor.ask", onward()), 303)
    return _set_up_page(person, new_app(), {})


def _set_up_page(person: Person, secret: str, errors: dict[str, str]) -> str:
    return render_template(
        "pages/account/set_up.html", person=person, codes=app_codes(secret, person.email), errors=errors, there=onward()
    )


@blueprint.post("/sign-in/set-up")
@needs(Standpoint.SIGNING_IN)
def finish_set_up() -> Answer | Shown:
    """Take both over; ten recovery codes are shown once."""
    waiting = _waiting()
    if isinstance(waiting, Answer):
        return waiting
    _, person = waiting
    if sessions.second_factors(instance(), person):
        return redirect(going_on("second_factor.ask", onward()), 303)
    limiter().count(CODES, "set-up", person.id)
    errors, secret = {}, request.form.get("secret", "")[:2000]
    password = request.form.get("password", "")
    if not person.password_hash and (
        flaw := accounts.flaw_of_password(password, entering.own_words(instance(), person))
    ):
        errors["password"] = password_words(flaw)
    step = proofs().step_of(secret, "".join(request.form.get("code", "")[:20].split()), 0)
    if step is None:
        errors["code"] = _wrong_code()
    if errors or step is None:
        return _set_up_page(person, secret, errors), 422
    limiter().take_back(CODES, "set-up", person.id)
    if not person.password_hash:
        told = account_mails.changed(person, "password")
        account_changes.set_password(instance(), proofs(), person, password, browser().hash, told)
    codes = account_changes.set_app(
        instance(), proofs(), person, secret, step, browser().hash, account_mails.changed(person, "factor")
    )
    changed = accounts.person_by_id(instance(), person.id) or person
    answer = enter(changed, factors=2, there=onward())
    answer.set_data(codes_page(changed, codes, answer.location or ""))
    answer.status_code = 200
    del answer.headers["Location"]
    return answer
