"""An account from a check: the address, the mailed link, the name; and joining a company by an invitation."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action, Standpoint
from assessment.core.errors import NotFound, NotSaved
from assessment.services import mails
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.people import companies, joining
from assessment.services.people.addresses import normal_address
from assessment.services.people.companies import LONGEST_NAME
from assessment.services.people.joining import Comer, Door, Landed
from assessment.services.people.links_once import Purpose
from assessment.web.browser import browser, hash_of
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language
from assessment.web.limits import MAILS, limited
from assessment.web.people import arriving, company_mails
from assessment.web.people.companies import Errors, name_errors, typed
from assessment.web.policies import asking, needs, opened_draft
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("joining", __name__)

NEW = "new"
"""Stands for a new company where one is chosen."""


# From a check


@blueprint.get("/assessments/<draft_id>/account")
@needs(Action.TAKE_OVER)
def account(draft_id: str) -> str:
    """What an account is good for, and the address to make it for; or, for who has one, the company to choose."""
    return _account_page(opened_draft(draft_id), "", [])


def _account_page(opened: OpenDraft, email: str, errors: Errors) -> str:
    person_id = browser().person_id
    mine = [company for company, _ in companies.companies_of(instance(), person_id)] if person_id else []
    return render_template(
        "pages/company/account.html", opened=opened, email=email, errors=errors, signed_in=bool(person_id),
        companies=mine, into=request.form.get("into", ""), company_name=_suggested(opened.draft.named),
    )  # fmt: skip


def _suggested(name: str) -> str:
    return typed("company") if request.method == "POST" else name


@blueprint.post("/assessments/<draft_id>/account")
@limited(MAILS)
@needs(Action.TAKE_OVER)
def ask_for_account(draft_id: str) -> Answer | tuple[str, int]:
    """Mail a link to the address; nothing changes before it is followed."""
    opened = opened_draft(draft_id)
    shown = cleaned(request.form.get("email", ""))[:255]
    email = normal_address(shown)
    if email is None:
        return _account_page(opened, shown, [("email", _address_wrong())]), 422
    try:
        with answering.writing(instance(), opened) as connection:
            made = joining.ask_for_account(instance(), connection, asking(), opened, email)
            job = mails.post(instance(), connection, company_mails.claim(connection, email, made))
        mails.go_out(instance(), job)
    except NotSaved as failure:
        return _account_page(opened, shown, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("joining.sent", draft_id=draft_id), 303)


def _address_wrong() -> str:
    return language().gettext("Type one mail address, for example name@example.org")


@blueprint.get("/assessments/<draft_id>/account/sent")
@needs(Action.TAKE_OVER)
def sent(draft_id: str) -> str:
    """Where to look now."""
    opened = opened_draft(draft_id)
    return render_template("pages/company/sent.html", opened=opened)


@blueprint.post("/assessments/<draft_id>/account/company")
@needs(Action.TAKE_OVER)
def claim_here(draft_id: str) -> Answer | tuple[str, int]:
    """Take the check into a company of whoever is signed in."""
    opened = opened_draft(draft_id)
    session = browser()
    renewed = session.next_id()
    if not session.person_id:
        raise NotFound(draft_id)
    into, name, errors = _chosen_company(
        [company.id for company, _ in companies.companies_of(instance(), session.person_id)]
    )
    if errors:
        return _account_page(opened, "", errors), 422
    try:
        company_id = joining.claim_here(instance(), asking(), opened, into, name, hash_of(renewed))
    except NotSaved as failure:
        return _account_page(opened, "", [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    session.become(renewed)
    return redirect(url_for("companies.home", company_id=company_id, notice="check-claimed"), 303)


def _chosen_company(known: list[str]) -> tuple[str, str, Errors]:
    """The company that was chosen, or the name of a new one."""
    into, name = request.form.get("into", NEW), typed("company")
    if into in known:
        return into, "", []
    if known and into != NEW:
        return "", "", [("into", language().gettext("Choose a company, or make a new one"))]
    return "", name, name_errors("company", name)


# By a mailed link


@blueprint.get("/claim/<token>")
@needs(Standpoint.ANYBODY)
def claim_link(token: str) -> tuple[str, int]:
    """Where the mailed link leads: a page with a button. Looking changes nothing, because mail scanners look too."""
    return _door_page("claim", token, [], 200)


@blueprint.post("/claim")
@needs(Standpoint.ANYBODY)
def claim() -> Answer | tuple[str, int]:
    """Make the account and take the check into its company."""
    token = _token()
    try:
        door = joining.door(instance(), "claim", token, browser().person_id)
    except NotFound:
        return _ended()
    into, company_name, errors = _chosen_company([company.id for company in door.companies])
    errors = _person_errors(door) + errors
    if errors:
        return _door_page("claim", token, errors, 422)
    comer, renewed = _comer()
    try:
        landed = joining.claim_by_link(instance(), token, typed("name"), into, company_name, comer)
    except NotFound:
        return _ended()
    except NotSaved as failure:
        return _door_page("claim", token, [(PAGE, not_saved(language()))], NOT_SAVED_STATUS[failure.code])
    return _landed(landed, renewed, url_for("companies.home", company_id=landed.company_id, notice="check-claimed"))


@blueprint.get("/join/<token>")
@needs(Standpoint.ANYBODY)
def join_link(token: str) -> tuple[str, int]:
    """Where an invitation leads: a page with a button."""
    return _door_page("join", token, [], 200)


@blueprint.post("/join")
@needs(Standpoint.ANYBODY)
def join() -> Answer | tuple[str, int]:
    """Join the company of an invitation."""
    token = _token()
    try:
        door = joining.door(instance(), "join", token, browser().person_id)
    except NotFound:
        return _ended()
    errors = _person_errors(door)
    if errors:
        return _door_page("join", token, errors, 422)
    comer, renewed = _comer()
    try:
        landed = joining.join(instance(), token, typed("name"), comer)
    except NotFound:
        return _ended()
    except NotSaved as failure:
        return _door_page("join", token, [(PAGE, not_saved(language()))], NOT_SAVED_STATUS[failure.code])
    return _landed(landed, renewed, url_for("companies.home", company_id=landed.company_id, notice="joined"))


def _token() -> str:
    return request.form.get("token", "")[:200]


def _comer() -> tuple[Comer, str]:
    session = browser()
    renewed = session.next_id()
    return Comer(session.hash, hash_of(renewed), session.person_id, language().code), renewed


def _landed(landed: Landed, renewed: str, there: str) -> Answer:
    """On to the company: who is signed in under a new id, who is not after what else is asked of them."""
    if browser().person_id:
        browser().become(renewed)
        return redirect(there, 303)
    return arriving.enter(landed.person, factors=1, there=there)


def _person_errors(door: Door) -> Errors:
    _ = language().gettext
    name = typed("name")
    if door.known is not None:
        return []
    if not name:
        return [("name", _("Type your name, so that your colleagues know who you are"))]
    if len(name) > LONGEST_NAME:
        return [("name", _("Shorten the name to %(most)s characters") % {"most": LONGEST_NAME})]
    return []


def _door_page(purpose: Purpose, token: str, errors: Errors, status: int) -> tuple[str, int]:
    try:
        door = joining.door(instance(), purpose, token, browser().person_id)
    except NotFound:
        return _ended()
    return render_template(
        f"pages/company/{purpose}.html", door=door, token=token, errors=errors, name=typed("name"),
        company_name=_suggested(door.suggested), into=request.form.get("into", ""),
    ), status  # fmt: skip


def _ended() -> tuple[str, int]:
    """One answer for every link that does not hold, whatever the cause."""
    return render_template("pages/company/link_ended.html", signed_in=bool(browser().person_id)), 404
