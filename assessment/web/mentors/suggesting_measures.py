"""Where a mentor suggests an action: a measure of the catalogue, or one in their own words."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import Refused
from assessment.services.mentors import suggesting_measures
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language
from assessment.web.mentors.reviewing import Errors, open_check, words_typed
from assessment.web.plans.planning import LONGEST as LONGEST_FIELDS
from assessment.web.policies import needs

blueprint = Blueprint("suggesting_measures", __name__)


@blueprint.get("/assessments/<draft_id>/review-suggest")
@needs(Action.REVIEW_ANSWERS)
def form(draft_id: str) -> str:
    """The form, and what was suggested before."""
    return _form(draft_id, [])


def _form(draft_id: str, errors: Errors) -> str:
    opened, check = open_check(draft_id)
    return render_template(
        "pages/review/suggest.html", opened=opened, check=check, errors=errors,
        measures=suggesting_measures.known_measures(instance(), opened, language().code),
        key=request.form.get("key", ""), title_typed=_title(), why=words_typed("why"),
    )  # fmt: skip


def _title() -> str:
    return " ".join(cleaned(request.form.get("title", "")).split())


@blueprint.post("/assessments/<draft_id>/review-suggest")
@needs(Action.REVIEW_ANSWERS)
def suggest(draft_id: str) -> Answer | tuple[str, int]:
    """Suggest an action; the company takes it into its plan, or says why not."""
    _ = language().gettext
    opened, _check = open_check(draft_id)
    key, title, why = request.form.get("key", "")[:140], _title(), words_typed("why")
    errors: Errors = []
    if not key and not title:
        errors.append(("key", _("Choose a measure, or write what is to be done")))
    if key and title:
        errors.append(("title", _("Choose a measure or write your own, not both")))
    if len(title) > LONGEST_FIELDS["title"]:
        errors.append(("title", _("Use %(most)s characters or fewer here") % {"most": LONGEST_FIELDS["title"]}))
    if not why:
        errors.append(("why", _("Say why, so that the company can follow")))
    if len(why) > LONGEST_FIELDS["note"]:
        errors.append(("why", _("Use %(most)s characters or fewer here") % {"most": LONGEST_FIELDS["note"]}))
    if errors:
        return _form(draft_id, errors), 422
    try:
        suggesting_measures.suggest(instance(), opened, key, title, why, browser().person_id, language().code)
    except Refused:
        return _form(draft_id, [("key", _("Choose a measure, or write what is to be done"))]), 422
    return redirect(url_for("suggesting_measures.form", draft_id=draft_id, notice="action-suggested"), 303)
