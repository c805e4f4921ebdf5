"""Where a mentor confirms a measured saving, and the one-page statement that a bill by result can rest on."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import Conflict, NotFound
from assessment.core.plans import follow_up
from assessment.reporting.plans.measured_words import before_after, reading_lines
from assessment.services.checks.answering import OpenDraft
from assessment.services.mentors import confirming_savings
from assessment.services.mentors.confirming_savings import SavingLine
from assessment.storage.mentors.confirmed_savings import SavingStatement, Terms
from assessment.web.browser import browser
from assessment.web.current import instance, language
from assessment.web.mentors.reviewing import LONGEST, Errors, words_typed
from assessment.web.money import money_forms
from assessment.web.money.money_forms import MoneyFields
from assessment.web.plans.follow_up_words import NotedView, view_as_of
from assessment.web.policies import needs, opened_draft

blueprint = Blueprint("confirming_savings", __name__)

MOST_EUROS: Final = Decimal(100_000_000)
HUNDREDTH: Final = Decimal("0.01")


@blueprint.get("/assessments/<draft_id>/review-savings")
@needs(Action.REVIEW_ANSWERS)
def listed(draft_id: str) -> str:
    """The actions whose saving was measured."""
    opened = opened_draft(draft_id)
    lines = confirming_savings.lines_of(instance(), opened, language().code)
    return render_template(
        "pages/review/savings.html", opened=opened, lines=lines, views={line.key: _noted_now(line) for line in lines}
    )


def _noted_now(line: SavingLine) -> NotedView | None:
    return view_as_of(line.noted, instance().today, language()) if line.noted is not None else None


@blueprint.get("/assessments/<draft_id>/review-savings/<key>")
@needs(Action.REVIEW_ANSWERS)
def form(draft_id: str, key: str) -> str:
    """The terms of one confirmation, and the way to withdraw it."""
    opened = opened_draft(draft_id)
    line = confirming_savings.line_of(instance(), opened, key, language().code)
    return _form(opened, line, _fields_of(line))


def _fields_of(line: SavingLine) -> MoneyFields:
    """The controls as they stand: the terms confirmed, or what was measured to begin with."""
    terms = line.statement.terms if line.statement else None
    measured = follow_up.measured(line.noted) if line.noted is not None else None
    return MoneyFields({
        "baseline": terms.baseline if terms else before_after(measured, language()) if measured else "",
        "method": terms.method if terms else "",
        "floor": str(terms.floor) if terms else "",
        "share": money_forms.plain(terms.share, language()) if terms else "",
    })  # fmt: skip


def _form(opened: OpenDraft, line: SavingLine, fields: MoneyFields, why: str = "", errors: Errors | None = None) -> str:
    return render_template(
        "pages/review/saving.html", opened=opened, line=line, fields=fields, view=_noted_now(line), why=why,
        errors=[*fields.errors, *(errors or [])],
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/review-savings/<key>")
@needs(Action.REVIEW_ANSWERS)
def confirm(draft_id: str, key: str) -> Answer | tuple[str, int]:
    """Stand behind a measured saving, or no longer do."""
    opened = opened_draft(draft_id)
    line = confirming_savings.line_of(instance(), opened, key, language().code)
    if request.form.get("act") == "withdraw":
        return _withdraw(opened, line)
    fields = money_forms.typed_of(request.form, "floor", "share")
    fields.typed |= {name: words_typed(name) for name in ("baseline", "method")}
    terms = _terms(fields)
    if terms is None:
        return _form(opened, line, fields), 422
    try:
        confirming_savings.confirm(instance(), opened, line, terms, _seen_revision(), browser().person_id)
    except Conflict:
        told = language().gettext(
            "The company has changed what it noted meanwhile. Look at it as it is now; your terms are still here."
        )
        return _form(opened, line, fields, errors=[("baseline", told)]), 409
    return redirect(url_for("confirming_savings.statement", draft_id=draft_id, key=key), 303)


def _seen_revision() -> int:
    seen = request.form.get("revision", "")
    return int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else -1


def _withdraw(opened: OpenDraft, line: SavingLine) -> Answer | tuple[str, int]:
    _ = language().gettext
    why = words_typed("why")
    errors: Errors = []
    if not why:
        errors.append(("why", _("Say why you withdraw it, so that the company can follow")))
    elif len(why) > LONGEST:
        errors.append(("why", _("Use %(most)s characters or fewer here") % {"most": LONGEST}))
    if errors:
        return _form(opened, line, _fields_of(line), why, errors), 422
    confirming_savings.withdraw(instance(), opened, line, why, browser().person_id)
    return redirect(url_for("confirming_savings.statement", draft_id=opened.draft.id, key=line.key), 303)


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
    floor = _number(fields, "floor", _("Floor"), _("EUR"), MOST_EUROS, Decimal(1), _(
        "Type whole euros a year, 0 for none"
    ))  # fmt: skip
    share = _number(fields, "share", _("Share owed"), "%", Decimal(100), HUNDREDTH, _(
        "Type a number from 0 to 100, with two decimals at most"
    ))  # fmt: skip
    if fields.errors or floor is None or share is None:
        return None
    return Terms(fields["baseline"], fields["method"], int(floor), share.normalize() + 0)


def _number(
    fields: MoneyFields, name: str, label: str, unit: str, most: Decimal, step: Decimal, advice: str
) -> Decimal | None:  # fmt: skip
    told = len(fields.errors)
    number = fields.number(name, label, unit, language())
    if number is not None and 0 <= number <= most and number % step == 0:
        return number
    if len(fields.errors) == told:
        fields.errors.append((name, advice))
    return None


@blueprint.get("/assessments/<draft_id>/statements/<key>")
@needs(Action.READ_RESULTS)
def statement(draft_id: str, key: str) -> str:
    """One confirmed saving on one page, to print: as it was when it was confirmed, with what was said before."""
    opened = opened_draft(draft_id)
    history = confirming_savings.histories_of(instance(), opened).get(key)
    if not history:
        raise NotFound(key)
    told = [_told(said) for said in history]
    return render_template("pages/review/statement.html", opened=opened, newest=told[0], earlier=told[1:])


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement, or its withdrawal, with what had been noted in words."""

    said: SavingStatement
    readings: tuple[str, ...]
    noted: NotedView


def _told(said: SavingStatement) -> StatementView:
    readings = tuple(reading_lines(said.noted, language())) if follow_up.measured(said.noted) else ()
    return StatementView(said, readings, view_as_of(said.noted, said.at.date(), language()))
