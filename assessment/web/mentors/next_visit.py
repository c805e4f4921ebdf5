"""Where a mentor says when they come next: a day, and a line of what for."""

from datetime import date
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.services.mentors import reviewing
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned, typed_day
from assessment.web.current import instance, language
from assessment.web.mentors.reviewing import Errors, open_check
from assessment.web.policies import needs

blueprint = Blueprint("next_visit", __name__)

LONGEST: Final = 200
PARTS: Final = ("day", "month", "year")


@blueprint.get("/assessments/<draft_id>/next-visit")
@needs(Action.REVIEW_ANSWERS)
def form(draft_id: str) -> str:
    """The visit that is planned, to change."""
    _opened, check = open_check(draft_id)
    day = check.visit.day if check.visit else None
    fields = {part: str(getattr(day, part)) if day else "" for part in PARTS}
    return _form(draft_id, fields, check.visit.words if check.visit else "", [])


def _form(draft_id: str, fields: dict[str, str], words: str, errors: Errors) -> str:
    opened, check = open_check(draft_id)
    return render_template(
        "pages/review/visit.html", opened=opened, check=check, fields=fields, words=words, errors=errors
    )


@blueprint.post("/assessments/<draft_id>/next-visit")
@needs(Action.REVIEW_ANSWERS)
def plan(draft_id: str) -> Answer | tuple[str, int]:
    """Keep the day; the company sees it, and without one no visit is planned."""
    opened, _check = open_check(draft_id)
    fields = {part: cleaned(request.form.get(f"visit.{part}", ""))[:8] for part in PARTS}
    words = " ".join(cleaned(request.form.get("words", "")).split())
    day, errors = _read(fields, words)
    if errors:
        return _form(draft_id, fields, words, errors), 422
    reviewing.plan_visit(instance(), opened, day, words, browser().person_id)
    return redirect(url_for("reviewing.overview", draft_id=draft_id, notice="visit-kept"), 303)


def _read(fields: dict[str, str], words: str) -> tuple[date | None, Errors]:
    """The day that was typed, and what is wrong."""
    _, day = language().gettext, None
    errors: Errors = []
    try:
        day = typed_day(fields["day"], fields["month"], fields["year"])
    except ValueError:
        errors.append(("visit.day", _("Enter a real date with day, month and year, for example 31 3 2027")))
    else:
        if day is None and words:
            errors.append(("visit.day", _("Enter the day as well, or leave both empty")))
        if day is not None and not instance().today <= day <= date(2100, 12, 31):
            errors.append(("visit.day", _("Enter a day from today on, until the year 2100")))
    if len(words) > LONGEST:
        errors.append(("words", _("Use %(most)s characters or fewer here") % {"most": LONGEST}))
    return day, errors
