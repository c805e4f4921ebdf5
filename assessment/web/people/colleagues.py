"""Colleagues of a company: inviting, withdrawing, changing a role, removing, leaving."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import NotSaved, Refused
from assessment.services import mails
from assessment.services.people import companies, parting_accounts
from assessment.services.people.addresses import normal_address
from assessment.services.people.companies import Entered, Role
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language
from assessment.web.limits import MAILS, limited
from assessment.web.people import company_mails
from assessment.web.people.companies import Errors
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("colleagues", __name__)

_ROLES: dict[str, Role] = {"owner": "owner", "editor": "editor"}


@blueprint.get("/companies/<company_id>/colleagues")
@needs(Action.MANAGE_COLLEAGUES)
def listed(company_id: str) -> str:
    """Who belongs to the company, who is invited, and a form to invite somebody."""
    return _page(companies.enter(instance(), asking(), company_id), "", [])


def _page(entered: Entered, email: str, errors: Errors) -> str:
    company_id = entered.company.id
    return render_template(
        "pages/company/colleagues.html", company=entered.company, email=email, errors=errors,
        role=request.form.get("role", "editor"), members=companies.members_of(instance(), company_id),
        invitations=companies.invitations_of(instance(), company_id), person_id=browser().person_id,
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/colleagues")
@limited(MAILS)
@needs(Action.MANAGE_COLLEAGUES)
def invite(company_id: str) -> Answer | tuple[str, int]:
    """Mail an invitation."""
    entered = companies.enter(instance(), asking(), company_id)
    shown, role = cleaned(request.form.get("email", ""))[:255], _ROLES.get(request.form.get("role", ""))
    email = normal_address(shown)
    errors = _invitation_errors(email, role)
    if errors or email is None or role is None:
        return _page(entered, shown, errors), 422
    try:
        went_out = _send(entered, email, role)
    except Refused:
        already = language().gettext("Somebody with this address belongs to your company already")
        return _page(entered, shown, [("email", already)]), 422
    except NotSaved as failure:
        return _page(entered, shown, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    if not went_out:
        too_many = language().gettext("This address was written to three times within the hour. Try again later")
        return _page(entered, shown, [("email", too_many)]), 422
    return redirect(url_for("colleagues.listed", company_id=company_id, notice="invited"), 303)


def _invitation_errors(email: str | None, role: Role | None) -> Errors:
    _ = language().gettext
    errors: Errors = []
    if email is None:
        errors.append(("email", _("Type one mail address, for example name@example.org")))
    if role is None:
        errors.append(("role", _("Choose what your colleague may do")))
    return errors


def _send(entered: Entered, email: str, role: Role) -> bool:
    """Whether the mail goes out; where it does not, there is no invitation either."""
    here, company = browser().signed_in, entered.company
    who = here.shown_name if here else ""
    try:
        with instance().database.writing() as connection:
            made = companies.invite(instance(), connection, asking(), company.id, email, role)
            mail = company_mails.invitation(connection, email, made, company.name, company.id, who)
            job = mails.post(instance(), connection, mail)
            if not job:
                raise _NoMail
    except _NoMail:
        return False
    mails.go_out(instance(), job)
    return True


class _NoMail(Exception):
    """Takes the invitation back together with the mail that cannot go out."""


@blueprint.post("/companies/<company_id>/invitations/<link_id>")
@needs(Action.MANAGE_COLLEAGUES)
def withdraw(company_id: str, link_id: str) -> Answer:
    """End an invitation."""
    companies.withdraw(instance(), asking(), company_id, link_id)
    return redirect(url_for("colleagues.listed", company_id=company_id, notice="withdrawn"), 303)


@blueprint.get("/companies/<company_id>/colleagues/<person_id>")
@needs(Action.MANAGE_COLLEAGUES)
def one(company_id: str, person_id: str) -> str:
    """One colleague: another role, or out."""
    return _one_page(companies.enter(instance(), asking(), company_id), person_id, [])


def _one_page(entered: Entered, person_id: str, errors: Errors) -> str:
    member = companies.colleague(instance(), entered.company.id, person_id)
    return render_template(
        "pages/company/colleague.html", company=entered.company, member=member, errors=errors,
        oneself=person_id == browser().person_id,
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/colleagues/<person_id>/role")
@needs(Action.MANAGE_COLLEAGUES)
def change_role(company_id: str, person_id: str) -> Answer | tuple[str, int]:
    """Give a colleague another role."""
    entered, role = companies.enter(instance(), asking(), company_id), _ROLES.get(request.form.get("role", ""))
    if role is None:
        needed = language().gettext("Choose what your colleague may do")
        return _one_page(entered, person_id, [("role", needed)]), 422
    try:
        companies.change_role(instance(), asking(), company_id, person_id, role)
    except Refused as refused:
        return _one_page(entered, person_id, [("role", _last_owner(refused))]), 422
    # Who is no owner any more has nothing to look for on the page of colleagues.
    oneself = person_id == browser().person_id and role != "owner"
    page = "companies.home" if oneself else "colleagues.listed"
    return redirect(url_for(page, company_id=company_id, notice="role-changed"), 303)


@blueprint.post("/companies/<company_id>/colleagues/<person_id>/remove")
@needs(Action.MANAGE_COLLEAGUES)
def remove(company_id: str, person_id: str) -> Answer | tuple[str, int]:
    """Let a colleague no longer belong to the company."""
    entered = companies.enter(instance(), asking(), company_id)
    try:
        companies.remove(instance(), asking(), company_id, person_id)
    except Refused as refused:
        return _one_page(entered, person_id, [("remove", _last_owner(refused))]), 422
    if person_id == browser().person_id:
        return redirect(url_for("companies.listed", notice="company-left"), 303)
    return redirect(url_for("colleagues.listed", company_id=company_id, notice="colleague-removed"), 303)


def _last_owner(refused: Refused) -> str:
    if refused.code != "last-owner":
        raise refused
    return language().gettext("A company needs an owner. Make somebody else an owner first")


@blueprint.get("/companies/<company_id>/leave")
@needs(Action.LEAVE_COMPANY)
def leave_page(company_id: str) -> str:
    """What leaving means."""
    return _leave_page(companies.enter(instance(), asking(), company_id), [])


def _leave_page(entered: Entered, errors: Errors) -> str:
    # A mentor ends their access elsewhere: here leaves who belongs to the company.
    companies.colleague(instance(), entered.company.id, browser().person_id)
    needing = parting_accounts.needing_an_owner(instance(), browser().person_id)
    last = any(company.id == entered.company.id for company in needing)
    return render_template("pages/company/leave.html", company=entered.company, errors=errors, last=last)


@blueprint.post("/companies/<company_id>/leave")
@needs(Action.LEAVE_COMPANY)
def leave(company_id: str) -> Answer | tuple[str, int]:
    """No longer belong to the company."""
    entered = companies.enter(instance(), asking(), company_id)
    try:
        companies.leave(instance(), asking(), company_id)
    except Refused as refused:
        return _leave_page(entered, [(PAGE, _last_owner(refused))]), 422
    return redirect(url_for("companies.listed", notice="company-left"), 303)
