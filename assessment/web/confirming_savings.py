"""Where a mentor confirms a measured saving, and the one-page statement that a bill by result can rest on."""

import re

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import NotFound
from assessment.services import confirming_savings
from assessment.services.answering import OpenDraft
from assessment.services.confirming_savings import MeasuredLine
from assessment.storage.confirmed_savings import Terms
from assessment.web.browser import browser
from assessment.web.current import instance, language
from assessment.web.follow_up_words import before_after, noted_view
from assessment.web.policies import needs, opened_draft
from assessment.web.reviewing import LONGEST, Errors, words_typed

blueprint = Blueprint("confirming_savings", __name__)

MOST_EUROS = 100_000_000


@blueprint.get("/assessments/<draft_id>/review-savings")
@needs(Action.REVIEW_ANSWERS)
def listed(draft_id: str) -> str:
    """The actions whose saving was measured."""
    opened = opened_draft(draft_id)
    lines = confirming_savings.measured_lines(instance(), opened, language().code)
    views = {line.outcome.card.key: noted_view(line.outcome, language()) for line in lines}
    return render_template("pages/review/savings.html", opened=opened, lines=lines, views=views)


@blueprint.get("/assessments/<draft_id>/review-savings/<key>")
@needs(Action.REVIEW_ANSWERS)
def form(draft_id: str, key: str) -> str:
    """The terms of one confirmation."""
    opened = opened_draft(draft_id)
    line = confirming_savings.line_of(instance(), opened, key, language().code)
    terms = line.confirmed.terms if line.confirmed else None
    measured = before_after(line.outcome.measured, language()) if line.outcome.measured else ""
    typed = {
        "baseline": terms.baseline if terms else measured, "method": terms.method if terms else "",
        "floor": str(terms.floor) if terms else "", "share": str(terms.share) if terms else "",
    }  # fmt: skip
    return _form(opened, line, typed, [])


def _form(opened: OpenDraft, line: MeasuredLine, typed: dict[str, str], errors: Errors) -> str:
    return render_template(
        "pages/review/saving.html", opened=opened, line=line, typed=typed, errors=errors,
        view=noted_view(line.outcome, language()),
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/review-savings/<key>")
@needs(Action.REVIEW_ANSWERS)
def confirm(draft_id: str, key: str) -> Answer | tuple[str, int]:
    """Stand behind a measured saving."""
    opened = opened_draft(draft_id)
    line = confirming_savings.line_of(instance(), opened, key, language().code)
    typed = {name: words_typed(name) for name in ("baseline", "method", "floor", "share")}
    floor, share = _whole(typed["floor"], MOST_EUROS), _whole(typed["share"], 100)
    errors = _mistakes(typed, floor, share)
    if errors or floor is None or share is None:
        return _form(opened, line, typed, errors), 422
    terms = Terms(typed["baseline"], typed["method"], floor, share, instance().today)
    confirming_savings.confirm(instance(), opened, line, terms, browser().person_id)
    return redirect(url_for("confirming_savings.statement", draft_id=draft_id, key=key), 303)


def _whole(typed: str, most: int) -> int | None:
    plain = re.sub(r"[\s.,'’\u202f\u00a0]", "", typed)
    return int(plain) if re.fullmatch(r"[0-9]{1,9}", plain) and int(plain) <= most else None


def _mistakes(typed: dict[str, str], floor: int | None, share: int | None) -> Errors:
    _ = language().gettext
    errors: Errors = []
    if not typed["baseline"]:
        errors.append(("baseline", _("Say what the saving is compared with")))
    if not typed["method"]:
        errors.append(("method", _("Say how it was measured")))
    if floor is None:
        errors.append(("floor", _("Type whole euros a year, 0 for none")))
    if share is None:
        errors.append(("share", _("Type a whole number from 0 to 100")))
    too_long = _("Use %(most)s characters or fewer here") % {"most": LONGEST}
    return errors + [(name, too_long) for name in ("baseline", "method") if len(typed[name]) > LONGEST]


@blueprint.get("/assessments/<draft_id>/statements/<key>")
@needs(Action.READ_RESULTS)
def statement(draft_id: str, key: str) -> str:
    """One confirmed saving on one page, to print."""
    opened = opened_draft(draft_id)
    found = confirming_savings.statements_of(instance(), opened).get(key)
    if found is None:
        raise NotFound(key)
    line = confirming_savings.line_of(instance(), opened, key, language().code)
    return render_template(
        "pages/review/statement.html", opened=opened, line=line, found=found, view=noted_view(line.outcome, language())
    )
