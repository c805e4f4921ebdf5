"""The mentors of a company: inviting, taking up an offer, ending access, and what they may do in an interview."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import NotFound, NotSaved, Refused
from assessment.services import mails
from assessment.services.mails import Mail, one_line
from assessment.services.mentors import mentoring
from assessment.services.mentors.mentoring import Agreement
from assessment.services.people import links_once
from assessment.services.people.addresses import normal_address
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language, language_to
from assessment.web.limits import MAILS, limited
from assessment.web.mentors.mentor_words import access_consent, interview_consent
from assessment.web.people.companies import Errors
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("company_mentors", __name__)


@blueprint.get("/companies/<company_id>/mentors")
@needs(Action.MANAGE_MENTORS)
def listed(company_id: str) -> str:
    """Who has access, who offers to help, who was asked, and a form to ask somebody."""
    return _page(company_id, "", [])


def _page(company_id: str, email: str, errors: Errors) -> str:
    mentors = mentoring.mentors_of(instance(), asking(), company_id)
    return render_template(
        "pages/mentor/of_company.html", mentors=mentors, company=mentors.company, email=email, errors=errors,
        consent=access_consent(language()), interview=interview_consent(language()),
        can_mail=mails.can_send(instance()), picked=request.form.get("mentor", ""),
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/mentors")
@limited(MAILS)
@needs(Action.MANAGE_MENTORS)
def invite(company_id: str) -> Answer | tuple[str, int]:
    """Ask a mentor by mail; nothing is seen before they accept."""
    _ = language().gettext
    company = mentoring.mentors_of(instance(), asking(), company_id).company
    shown, picked = cleaned(request.form.get("email", ""))[:255], request.form.get("mentor", "")[:32]
    email = normal_address(shown) if shown or not picked else ""
    if email is None:
        return _page(company_id, shown, [("email", _("Type one mail address, for example name@example.org"))]), 422
    try:
        went_out = _send(company_id, email, picked)
    except Refused:
        already = _("This mentor has access to your company already")
        return _page(company_id, shown, [("email" if email else "mentor", already)]), 422
    except NotSaved as failure:
        return _page(company_id, shown, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    if not went_out:
        too_many = _("This address was written to three times within the hour. Try again later")
        return _page(company_id, shown, [("email" if email else "mentor", too_many)]), 422
    return redirect(url_for("company_mentors.listed", company_id=company.id, notice="mentor-invited"), 303)


class _NoMail(Exception):
    """Takes the invitation back together with the mail that cannot go out."""


def _send(company_id: str, email: str, picked: str) -> bool:
    """Whether the mail goes out; where it does not, there is no invitation either."""
    try:
        with instance().database.writing() as connection:
            address = email or mentoring.address_to_find(connection, picked)
            company, made = mentoring.invite(instance(), connection, asking(), company_id, address, _agreement())
            named, _ = {"company": one_line(company.name)}, language_to(connection, address).gettext
            mail = Mail(
                address, _("%(company)s asks you to be its mentor") % named,
                (_("%(company)s would like you to look at its resource check and to advise it.") % named,
                 _("Open this link to accept. It works once, for 14 days. If you do not know them, do nothing.")),
                f"{instance().settings.base_url}/mentor/invitation/{links_once.PLACE}", made.id, company.id,
            )  # fmt: skip
            job = mails.post(instance(), connection, mail)
            if not job:
                raise _NoMail
    except _NoMail:
        return False
    mails.go_out(instance(), job)
    return True


def _agreement() -> Agreement:
    return Agreement(access_consent(language()), language().code)


@blueprint.post("/companies/<company_id>/mentor-invitations/<link_id>")
@needs(Action.MANAGE_MENTORS)
def withdraw(company_id: str, link_id: str) -> Answer:
    """End an invitation."""
    mentoring.withdraw_invitation(instance(), asking(), company_id, link_id)
    return redirect(url_for("company_mentors.listed", company_id=company_id, notice="withdrawn"), 303)


@blueprint.post("/companies/<company_id>/mentors/<grant_id>")
@needs(Action.MANAGE_MENTORS)
def change(company_id: str, grant_id: str) -> Answer:
    """Take up an offer or not, end access, or say what a mentor may do in an interview."""
    here, act = (instance(), asking(), company_id, grant_id), request.form.get("act", "")
    match act:
        case "accept":
            mentoring.accept_offer(*here, _agreement())
        case "decline":
            mentoring.decline_offer(*here)
        case "end":
            mentoring.end_access(*here, _agreement())
        case "interview" | "no-interview":
            words = Agreement(interview_consent(language()), language().code)
            mentoring.agree_to_interview(*here, act == "interview", words)
        case _:
            raise NotFound(grant_id)
    return redirect(url_for("company_mentors.listed", company_id=company_id, notice=f"mentor-{act}"), 303)
