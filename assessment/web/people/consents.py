"""What a company agrees to, one switch for each viewer; and who from outside has looked."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.services.mentors import mentoring
from assessment.services.mentors.mentoring import Agreement
from assessment.services.people import company_consents
from assessment.services.people.company_consents import Words
from assessment.web.clusters.cluster_words import agreement_names, compared_words
from assessment.web.current import instance, language
from assessment.web.policies import asking, needs

blueprint = Blueprint("consents", __name__)

_LONGEST_NUMBER: Final = 18


@blueprint.get("/companies/<company_id>/consents")
@needs(Action.GIVE_CONSENT)
def listed(company_id: str) -> str:
    """The switches, and the record of how they stood."""
    agreed = company_consents.agreed(instance(), asking(), company_id)
    return render_template(
        "pages/company/consents.html", agreed=agreed, company=agreed.entered.company, reminders=reminder_words(),
        compared=compared_words(), names=agreement_names(),
    )  # fmt: skip


def reminder_words() -> str:
    """The consent to reminder mails, word for word as it is shown and recorded."""
    return language().gettext(
        "Once a year you may send the owners of this company a mail that says that the next check is due."
    )


def ending_words() -> str:
    """What is said when a mentor's access is taken back."""
    return language().gettext("This mentor may no longer see the checks of this company.")


@blueprint.post("/companies/<company_id>/consents/reminders")
@needs(Action.GIVE_CONSENT)
def reminders(company_id: str) -> Answer:
    """Agree to reminder mails, or no longer."""
    words = Words(reminder_words(), language().code)
    company_consents.agree_to_reminders(instance(), asking(), company_id, request.form.get("given") == "yes", words)
    return redirect(url_for("consents.listed", company_id=company_id, notice="consent-kept"), 303)


@blueprint.post("/companies/<company_id>/consents/mentors/<grant_id>")
@needs(Action.GIVE_CONSENT)
def end_mentor(company_id: str, grant_id: str) -> Answer:
    """Take back what a mentor was allowed, from their next request on."""
    mentoring.end_access(instance(), asking(), company_id, grant_id, Agreement(ending_words(), language().code))
    return redirect(url_for("consents.listed", company_id=company_id, notice="consent-kept"), 303)


@blueprint.get("/companies/<company_id>/looks")
@needs(Action.READ_ACCESS_LOG)
def looks(company_id: str) -> str:
    """Who from outside looked at the company's answers or results."""
    check, site, typed = (request.args.get(name, "") for name in ("check", "site", "before"))
    before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < _LONGEST_NUMBER else None
    found = company_consents.looks(instance(), asking(), company_id, check, site, before)
    return render_template(
        "pages/company/looks.html", company=found.entered.company, found=found, act=_act, time=language().time,
        sites=sorted({line.site for line in found.checks if line.site}),
        older=found.shown[-1].id if found.older else None,
    )  # fmt: skip


def _act(action: str) -> str:
    """What somebody did, in words."""
    _ = language().gettext
    return {
        Action.READ_ANSWERS.value: _("Read answers"),
        Action.READ_RESULTS.value: _("Read results"),
        Action.TAKE_FILES.value: _("Took files of a check"),
        Action.TAKE_REVIEW.value: _("Took the report of the review"),
        Action.REVIEW_ANSWERS.value: _("Reviewed answers"),
        Action.PROPOSE_ANSWERS.value: _("Proposed answers in an interview"),
        Action.COMMENT.value: _("Read or wrote comments"),
        Action.SEE_COMPANY.value: _("Opened the company's page"),
        Action.SEE_NAMED.value: _("A cluster looked at scores and plan by name"),
        Action.DELETE_ON_REQUEST.value: _("Deleted the company for a stated reason"),
        Action.BREAK_GLASS.value: _("Opened the answers for a stated reason"),
    }.get(action, action)
