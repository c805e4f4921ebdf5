"""What is kept of a company or an account: taking it out, restricting it, deleting it and taking that back."""

import os
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer
from werkzeug.wsgi import wrap_file

from assessment.core.access import Action, Standpoint
from assessment.core.errors import NotFound, Refused
from assessment.reporting.packing import packed
from assessment.services.mentors import mentoring
from assessment.services.people import companies, parting, parting_accounts, taking_out
from assessment.services.people.taking_out import TakenOut
from assessment.web.browser import browser
from assessment.web.current import instance, language
from assessment.web.limits import SIGN_INS, limited
from assessment.web.people.account import freshly, here
from assessment.web.policies import asking, needs

blueprint = Blueprint("records", __name__)
_NEEDING: Final = (parting_accounts.needing_an_owner, parting_accounts.needing_a_manager)


@blueprint.get("/companies/<company_id>/data")
@needs(Action.DELETE_COMPANY)
def company(company_id: str) -> str:
    """What an owner can do with everything that is kept of the company."""
    entered = companies.enter(instance(), asking(), company_id)
    return render_template("pages/records/company.html", company=entered.company, days=instance().settings.periods.undo)


@blueprint.get("/companies/<company_id>/data.zip")
@needs(Action.DELETE_COMPANY)
def company_file(company_id: str) -> Response:
    """Everything that is kept of the company."""
    return _file(taking_out.company(instance(), asking(), company_id), "green-pathways-company.zip")


def _file(taken: TakenOut, name: str) -> Response:
    content = packed(taken.document, taken.tables, taken.files, instance().now())
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return Response(
        wrap_file(request.environ, content), mimetype="application/zip", headers=headers, direct_passthrough=True
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/restrict")
@needs(Action.DELETE_COMPANY)
def restrict(company_id: str) -> Answer:
    """Let nobody outside the company read anything of it, or end that."""
    restricted = request.form.get("restricted") == "yes"
    parting.restrict(instance(), asking(), company_id, restricted)
    notice = "restricted" if restricted else "unrestricted"
    return redirect(url_for("records.company", company_id=company_id, notice=notice), 303)


@blueprint.get("/companies/<company_id>/delete")
@needs(Action.DELETE_COMPANY)
def confirm(company_id: str) -> str | Answer:
    """Say what would be deleted, and ask."""
    entered = companies.enter(instance(), asking(), company_id)
    if entered.company.erase_at is not None:
        return redirect(url_for("records.company", company_id=company_id), 303)
    return render_template(
        "pages/records/delete_company.html", company=entered.company, days=instance().settings.periods.undo,
        checks=len(companies.checks_of(instance(), company_id)),
        lonely=parting.lonely_members(instance(), company_id), person_id=browser().person_id,
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/delete")
@needs(Action.DELETE_COMPANY)
def delete(company_id: str) -> Answer:
    """Delete the company, with some days to take it back."""
    parting.ask_erasing(instance(), asking(), company_id)
    return redirect(url_for("records.company", company_id=company_id), 303)


@blueprint.post("/companies/<company_id>/keep")
@needs(Action.DELETE_COMPANY)
def keep(company_id: str) -> Answer:
    """Take the deletion back."""
    kept = parting.take_back(instance(), asking(), company_id)
    notice = "company-kept" if kept else None
    return redirect(url_for("records.company", company_id=company_id, notice=notice), 303)


@blueprint.get("/account/data")
@needs(Standpoint.SIGNED_IN)
def account() -> str:
    """What somebody can do with everything that is kept of their account."""
    return _account([])


def _account(errors: list[tuple[str, str]]) -> str:
    return render_template(
        "pages/records/account.html", errors=errors, days=instance().settings.periods.account,
        undo_days=instance().settings.periods.undo,
        waiting=parting_accounts.needing_an_owner(instance(), here().person_id),
        clusters=parting_accounts.needing_a_manager(instance(), here().person_id),
    )  # fmt: skip


@blueprint.get("/account/data.zip")
@needs(Standpoint.SIGNED_IN)
def account_file() -> Response:
    """Everything that is kept of the account."""
    return _file(taking_out.account(instance(), here().person_id), "green-pathways-account.zip")


@blueprint.get("/account/delete")
@freshly
@needs(Standpoint.SIGNED_IN)
def confirm_account() -> str:
    """Say what goes with the account, and ask."""
    person_id = here().person_id
    if any(needing(instance(), person_id) for needing in _NEEDING):
        return _account([])
    clients = len(mentoring.clients_of(instance(), person_id))
    days = instance().settings.periods.undo
    return render_template("pages/records/delete_account.html", clients=clients, days=days)


@blueprint.post("/account/delete")
@freshly
@needs(Standpoint.SIGNED_IN)
def delete_account() -> Answer | tuple[str, int]:
    """Delete the account, with some days to take it back."""
    _ = language().gettext
    session = browser()
    try:
        parting_accounts.ask_erasing(instance(), here().person_id)
    except Refused as refused:
        words = {
            "last-owner": _("A company needs an owner. Make somebody else an owner, or delete the company first"),
            "last-manager": _("A cluster needs a manager. Invite somebody to run it, or delete the cluster first"),
            "last-administrator": _("You are the only administrator. Make somebody else one first"),
        }[refused.code]
        return _account([("delete", words)]), 422
    session.ended = True
    answer = redirect(url_for("records.account_deleted"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.get("/account/deleted")
@needs(Standpoint.SIGNING_IN)
def account_deleted() -> str:
    """It is done, and how to take it back."""
    return render_template("pages/records/account_deleted.html", days=instance().settings.periods.undo)


@blueprint.get("/account/keep/<token>")
@needs(Standpoint.SIGNING_IN)
def look_at_way_back(token: str) -> str | tuple[str, int]:
    """Where the link of the mail leads: a page with a button. Looking changes nothing."""
    try:
        person = parting_accounts.look(instance(), token)
    except NotFound:
        return _link_ended()
    return render_template("pages/records/keep_account.html", token=token, person=person)


@blueprint.post("/account/keep")
@limited(SIGN_INS)
@needs(Standpoint.SIGNING_IN)
def keep_account() -> Answer | tuple[str, int]:
    """Keep the account; signing in comes after."""
    try:
        person = parting_accounts.keep(instance(), request.form.get("token", "")[:200])
    except NotFound:
        return _link_ended()
    way = None if person.password_hash or person.staff_role else "mail"
    return redirect(url_for("sign_in.sign_in", notice="account-kept", way=way), 303)


def _link_ended() -> tuple[str, int]:
    return render_template("pages/account/link_ended.html"), 404
