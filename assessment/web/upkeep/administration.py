"""An administrator's pages: companies found without their answers, and the glass that is broken to look at them."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action, Standpoint
from assessment.core.errors import Refused
from assessment.services.people import companies, parting
from assessment.services.upkeep import breaking_glass
from assessment.services.upkeep.breaking_glass import LONGEST_REASON, SHORTEST_REASON
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language
from assessment.web.people.arriving import going_on
from assessment.web.policies import asking, needs
from assessment.web.upkeep.running import is_fresh

blueprint = Blueprint("administration", __name__)

Errors = list[tuple[str, str]]


@blueprint.get("/administration")
@needs(Standpoint.ADMINISTRATOR)
def find() -> str:
    """Companies by name or id."""
    typed = " ".join(cleaned(request.args.get("q", "")).split())[:100]
    found = breaking_glass.find(instance(), typed) if typed else ()
    return render_template("pages/administration/find.html", typed=typed, found=found)


@blueprint.get("/administration/companies/<company_id>")
@needs(Action.BREAK_GLASS)
def company(company_id: str) -> str:
    """One company without its answers, and the form to open them."""
    return _page(company_id, "", [])


def _page(company_id: str, reason: str, errors: Errors) -> str:
    seen = breaking_glass.look(instance(), asking(), company_id)
    return render_template(
        "pages/administration/company.html", seen=seen, company=seen.company, reason=reason, errors=errors,
        fresh=is_fresh(), prove=going_on("account.prove", url_for("administration.company", company_id=company_id)),
        ends=language().time(seen.glass.ends_at) if seen.glass else "",
    )  # fmt: skip


@blueprint.post("/administration/companies/<company_id>/open")
@needs(Action.BREAK_GLASS)
def break_glass(company_id: str) -> Answer | tuple[str, int]:
    """Open the company's answers for an hour."""
    _ = language().gettext
    breaking_glass.look(instance(), asking(), company_id)
    reason = " ".join(cleaned(request.form.get("reason", "")).split())[: LONGEST_REASON + 1]
    if not is_fresh():
        return _page(company_id, reason, [("reason", _("Prove first who you are: the last time is too long ago"))]), 403
    try:
        breaking_glass.break_it(instance(), asking(), company_id, reason)
    except Refused as refused:
        if refused.code == "shut":
            return _page(company_id, reason, []), 403
        words = _("Write why you must look, in %(least)s to %(most)s characters: the company will read it")
        return _page(company_id, reason, [("reason", words % {"least": SHORTEST_REASON, "most": LONGEST_REASON})]), 422
    return redirect(url_for("administration.company", company_id=company_id), 303)


@blueprint.get("/administration/companies/<company_id>/delete")
@needs(Action.DELETE_ON_REQUEST)
def confirm_deleting(company_id: str) -> str:
    """What deleting the company means, and the form for the reason."""
    return _delete_page(company_id, "", [])


def _delete_page(company_id: str, reason: str, errors: Errors) -> str:
    back = url_for("administration.confirm_deleting", company_id=company_id)
    return render_template(
        "pages/administration/delete_company.html", company=companies.enter(instance(), asking(), company_id).company,
        reason=reason, errors=errors, fresh=is_fresh(), prove=going_on("account.prove", back),
        days=instance().settings.periods.undo,
    )  # fmt: skip


@blueprint.post("/administration/companies/<company_id>/delete")
@needs(Action.DELETE_ON_REQUEST)
def delete_company(company_id: str) -> Answer | tuple[str, int]:
    """Delete the company for a reason that its people read; an owner can take it back for some days."""
    _ = language().gettext
    companies.enter(instance(), asking(), company_id)
    reason = " ".join(cleaned(request.form.get("reason", "")).split())[: LONGEST_REASON + 1]
    if not is_fresh():
        wrong = _("Prove first who you are: the last time is too long ago")
        return _delete_page(company_id, reason, [("reason", wrong)]), 403
    try:
        parting.ask_on_request(instance(), asking(), company_id, reason)
    except Refused:
        words = _("Write why it is deleted, in %(least)s to %(most)s characters: the company will read it")
        wrong = words % {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        return _delete_page(company_id, reason, [("reason", wrong)]), 422
    return redirect(url_for("administration.company", company_id=company_id, notice="company-deleted"), 303)


@blueprint.post("/administration/companies/<company_id>/close")
@needs(Action.BREAK_GLASS)
def close(company_id: str) -> Answer:
    """End it before the hour is over."""
    breaking_glass.close(instance(), asking(), company_id)
    return redirect(url_for("administration.company", company_id=company_id, notice="glass-closed"), 303)
