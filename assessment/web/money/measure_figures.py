"""The form for what only the company knows of one measure: how many pieces, bars or degrees, how much of something."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.money.savings import is_priced_by_the_piece
from assessment.core.money.sheet import LIKELY_UP_TO
from assessment.core.money.sheet_entries import SheetEntries, quantity_key
from assessment.core.resources.entries import Measure, Method, Saving
from assessment.i18n import Language
from assessment.reporting.money import amounts
from assessment.reporting.money.uses import end_use_words
from assessment.web.current import language
from assessment.web.money import money_forms
from assessment.web.money.money import AtHand, open_money, saved_entries
from assessment.web.money.money_forms import MoneyFields
from assessment.web.policies import needs

blueprint = Blueprint("measure_figures", __name__)

MOST_PIECES: Final = Decimal(100_000)
MOST_STEPS: Final = Decimal(20)
"""More of one measure than that is asked about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One number to ask for: its control, its words, where it stands among the entries, and what is unlikely."""

    name: str
    label: str
    hint: str
    unit: str
    part: str
    key: str
    most: Decimal

    def given(self, entries: SheetEntries) -> Decimal | None:
        """What the company gave before."""
        found: Decimal | None = getattr(entries, self.part).get(self.key)
        return found


def asked_of(measure: Measure, method: Method, words: Language) -> Iterator[Asked]:
    """The numbers that a measure needs before its saving or its cost can be told."""
    _ = words.gettext
    if is_priced_by_the_piece(measure, method):
        hint = _("Counted %(unit)s. Leave it empty if you do not know.") % {"unit": measure.investment.unit}
        yield Asked("pieces", _("Number"), hint, "", "pieces", measure.id, MOST_PIECES)
    counting = [saving for saving in measure.savings if saving.high > 0 and not saving.information_only]
    stepwise = next((saving for saving in counting if saving.of_steps), None)
    if stepwise is not None:
        by_bar = stepwise.unit == "fraction per bar"
        label = _("By how many bar?") if by_bar else _("By how many degrees?")
        yield Asked("steps", label, _("Leave it empty to count with 1."), "", "steps", measure.id, MOST_STEPS)
    seen: set[str] = set()
    for saving in counting:
        key = quantity_key(saving.resource, saving.end_use)
        if saving.of_quantity and key not in seen:
            seen.add(key)
            yield _quantity(saving, key, words)


def _quantity(saving: Saving, key: str, words: Language) -> Asked:
    _ = words.gettext
    unit = amounts.unit_words(amounts.resource_unit(saving.resource), words)
    if saving.resource.startswith("co2e-"):
        unit = _("t CO2e")
    label = _("How much a year: %(use)s") % {"use": end_use_words(saving.end_use, words)}
    hint = _("What is counted: %(note)s.") % {"note": saving.note.rstrip(".")} if saving.note else ""
    return Asked(f"quantity.{key}", label, hint, unit, "quantities", key, LIKELY_UP_TO)


@blueprint.get("/assessments/<draft_id>/pieces/<measure_id>")
@needs(Action.CHANGE_PLAN)
def show(draft_id: str, measure_id: str) -> str:
    """The form with what was given before."""
    at_hand = open_money(draft_id)
    asked = _asked(at_hand, measure_id)
    entries = at_hand.reckoning.sheet.entries
    fields = MoneyFields({each.name: money_forms.plain(each.given(entries), language()) for each in asked})
    return _page(at_hand, measure_id, asked, fields)


@blueprint.post("/assessments/<draft_id>/pieces/<measure_id>")
@needs(Action.CHANGE_PLAN)
def change(draft_id: str, measure_id: str) -> Answer | tuple[str, int]:
    """Save the numbers; an odd one is kept and asked about on the form."""
    at_hand = open_money(draft_id)
    asked = _asked(at_hand, measure_id)
    fields = money_forms.typed_of(request.form, *(each.name for each in asked))
    numbers = {each.name: fields.number(each.name, each.label, each.unit, language()) for each in asked}
    if fields.errors:
        return _page(at_hand, measure_id, asked, fields), 422
    entries = at_hand.reckoning.sheet.entries
    changed: dict[str, dict[str, Decimal]] = {}
    for each in asked:
        kept = changed.setdefault(each.part, dict(getattr(entries, each.part)))
        number = numbers[each.name]
        if number is None:
            kept.pop(each.key, None)
        else:
            kept[each.key] = number
    failed = saved_entries(at_hand, entries.model_copy(update=changed), fields, asked[0].name)
    if failed:
        return _page(open_money(draft_id), measure_id, asked, fields), failed
    if any(_doubt(each, numbers[each.name]) for each in asked):
        return redirect(url_for("measure_figures.show", draft_id=draft_id, measure_id=measure_id), 303)
    if measure_id in at_hand.reckoning.planned:
        return redirect(url_for("planning.plan", draft_id=draft_id, _anchor=f"action-measure:{measure_id}"), 303)
    return redirect(url_for("best_plan.show", draft_id=draft_id), 303)


def _asked(at_hand: AtHand, measure_id: str) -> list[Asked]:
    step = at_hand.reckoning.steps.get(measure_id)
    method = at_hand.frozen.results.catalogue.method
    found = list(asked_of(step.measure, method, language())) if step is not None else []
    if not found:
        abort(404)
    return found


def _page(at_hand: AtHand, measure_id: str, asked: Sequence[Asked], fields: MoneyFields) -> str:
    shown: dict[str, Any] = at_hand.shown
    measure, entries = at_hand.reckoning.steps[measure_id].measure, at_hand.reckoning.sheet.entries
    return render_template(
        "pages/money/measure_figures.html", **shown, measure=measure, asked=asked, fields=fields, errors=fields.errors,
        price_of_one=amounts.euro_span(at_hand.reckoning.ready.alone(measure_id).piece, language()),
        revision=at_hand.reckoning.revision, doubts=[
            words for each in asked if (words := _doubt(each, each.given(entries)))
        ],
    )  # fmt: skip


def _doubt(asked: Asked, number: Decimal | None) -> str:
    """What should be asked about a number; it is kept as it was typed."""
    _ = language().gettext
    if number is None or 0 <= number <= asked.most:
        return ""
    values = {"label": asked.label, "amount": language().number(number)}
    if number > asked.most:
        return _("%(label)s: %(amount)s is unusual for a firm. If it is right, leave it as it is.") % values
    return _(
        "%(label)s: you typed %(amount)s. A number below zero cannot be counted: please look at it again."
    ) % values  # fmt: skip
