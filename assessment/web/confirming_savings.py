"""Where a mentor confirms a measured saving, and the one-page statement that a bill by result can rest on."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import NotFound
from assessment.reporting.measured_words import before_after
from assessment.services import confirming_savings
from assessment.services.answering import OpenDraft
from assessment.services.confirming_savings import MeasuredLine
from assessment.storage.confirmed_savings import Terms
from assessment.web import money_forms
from assessment.web.browser import browser
from assessment.web.current import instance, language
from assessment.web.follow_up_words import noted_view
from assessment.web.money_forms import MoneyFields
from assessment.web.policies import needs, opened_draft
from assessment.web.reviewing import LONGEST, words_typed

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
    fields = MoneyFields({
        "baseline": terms.baseline if terms else measured, "method": terms.method if terms else "",
        "floor": str(terms.floor) if terms else "", "share": str(terms.share) if terms else "",
    })  # fmt: skip
    return _form(opened, line, fields)


def _form(opened: OpenDraft, line: MeasuredLine, fields: MoneyFields) -> str:
    return render_template(
        "pages/review/saving.html", opened=opened, line=line, fields=fields, errors=fields.errors,
        view=noted_view(line.outcome, language()),
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/review-savings/<key>")
@needs(Action.REVIEW_ANSWERS)
def confirm(draft_id: str, key: str) -> Answer | tuple[str, int]:
    """Stand behind a measured saving."""
    opened = opened_draft(draft_id)
    line = confirming_savings.line_of(instance(), opened, key, language().code)
    fields = money_forms.typed_of(request.form, "floor", "share")
    fields.typed |= {name: words_typed(name) for name in ("baseline", "method")}
    terms = _terms(fields)
    if terms is None:
        return _form(opened, line, fields), 422
    confirming_savings.confirm(instance(), opened, line, terms, browser().person_id)
    return redirect(url_for("confirming_savings.statement", draft_id=draft_id, key=key), 303)


def _terms(fields: MoneyFields) -> Terms | None:
    """The terms as they were typed; None where something is wrong with them and told."""
    _ = language().gettext
    for name, missing in (
        ("baseline", _("Say what the saving is compared with")), ("method", _("Say how it was measured")),
    ):  # fmt: skip
        if not fields[name]:
            fields.errors.append((name, missing))
        elif len(fields[name]) > LONGEST:
            fields.errors.append((name, _("Use %(most)s characters or fewer here") % {"most": LONGEST}))
    floor = _whole(fields, "floor", _("Floor"), _("EUR"), MOST_EUROS, _("Type whole euros a year, 0 for none"))
    share = _whole(fields, "share", _("Share owed"), "%", 100, _("Type a whole number from 0 to 100"))
    if fields.errors or floor is None or share is None:
        return None
    return Terms(fields["baseline"], fields["method"], floor, share, instance().today)


def _whole(fields: MoneyFields, name: str, label: str, unit: str, most: int, advice: str) -> int | None:
    told = len(fields.errors)
    number = fields.number(name, label, unit, language())
    if number is not None and 0 <= number <= most and number == number.to_integral_value():
        return int(number)
    if len(fields.errors) == told:
        fields.errors.append((name, advice))
    return None


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
