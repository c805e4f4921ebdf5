"""Money: what the company uses, its footprint, what a selection of measures would come to, and saved scenarios."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import Conflict, NotFound, NotSaved
from assessment.core.money.sheet_entries import MONTHS, SheetEntries
from assessment.core.money.sheet_lines import SheetLine
from assessment.reporting.money import amounts
from assessment.reporting.money.sheet_words import gaps, line_label, period_words
from assessment.services.checks import results
from assessment.services.checks.answering import OpenDraft
from assessment.services.checks.kept_results import Frozen
from assessment.services.money import money
from assessment.services.money.money import Reckoning
from assessment.services.money.what_if import ready_plan
from assessment.services.plans import planning, refusals
from assessment.services.plans.planning import Period, Plan
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language
from assessment.web.money import money_forms, money_words, use_words
from assessment.web.money.gap_words import Gap, gaps_of
from assessment.web.money.money_forms import MoneyFields
from assessment.web.policies import asking, needs, opened_draft
from assessment.web.problems import NOT_SAVED_STATUS, not_saved

blueprint = Blueprint("money", __name__)

SLOTS = ("a", "b")
LONGEST_NAME = 80
MOST_CHOSEN = 200


@dataclass(frozen=True)
class AtHand:
    """A draft with its result, its plan and what both come to."""

    opened: OpenDraft
    frozen: Frozen
    plan: Plan
    reckoning: Reckoning

    @property
    def shown(self) -> dict[str, Any]:
        """What every page about money needs."""
        return {"opened": self.opened, "results": self.frozen.results, "reckoning": self.reckoning}


def open_money(draft_id: str) -> AtHand:
    """The draft of the address.

    Raises NotFound where it is not this browser's, has no result yet, or was never asked for what it uses.
    """
    opened = opened_draft(draft_id)
    if not opened.edition.questionnaire.reckons:
        raise NotFound(draft_id)
    frozen = results.latest(instance(), opened, language().code)
    plan = planning.plan_of(instance(), opened, frozen.results)
    return AtHand(opened, frozen, plan, money.reckoning_of(instance(), opened, frozen.results, plan))


@blueprint.get("/assessments/<draft_id>/use")
@needs(Action.READ_RESULTS)
def use(draft_id: str) -> str:
    """The resource sheet."""
    at_hand = open_money(draft_id)
    reckoning, catalogue = at_hand.reckoning, at_hand.frozen.results.catalogue
    rows = use_words.sheet_rows(reckoning.sheet, catalogue, language())
    total = reckoning.sheet.cost("electricity", "heat", "transport", "water", "waste", "refrigerant")
    materials = reckoning.sheet.cost("materials")
    return render_template(
        "pages/money/use.html", **at_hand.shown, rows=rows, further=_further(at_hand), period=_period(at_hand),
        total=amounts.euros(total, language()) if total is not None else "",
        materials=amounts.euros(materials, language()) if materials else "",
        last_year=_of_last_year(at_hand), revision=reckoning.revision,
        unpriced=[line_label(row.line.id, row.line.label, language())
                  for row in reckoning.sheet.without_price],
        intensities=use_words.intensity_views(reckoning.intensities, catalogue, language()),
    )  # fmt: skip


LAST_YEAR = "last-year"
"""Takes the place of a line in the address of the form that takes over prices and kinds of the check before."""

PERIOD = "period"
"""Takes the place of a line in the address of the form that asks of which year all figures are."""


def _period(at_hand: AtHand) -> str:
    return period_words(at_hand.reckoning.sheet.entries.period, at_hand.frozen.taken_at.date(), language())


def _period_page(at_hand: AtHand, fields: MoneyFields) -> str:
    return render_template(
        "pages/money/period.html", **at_hand.shown, fields=fields, errors=fields.errors,
        revision=at_hand.reckoning.revision,
    )  # fmt: skip


def _change_period(at_hand: AtHand) -> Answer | tuple[str, int]:
    fields = money_forms.typed_of(request.form, PERIOD)
    period, draft_id = money_forms.read_period(fields, PERIOD, language()), at_hand.opened.draft.id
    if fields.errors:
        return _period_page(at_hand, fields), 422
    entries = at_hand.reckoning.sheet.entries.model_copy(update={"period": period})
    failed = saved_entries(at_hand, entries, fields, PERIOD)
    if failed:
        return _period_page(open_money(draft_id), fields), failed
    return redirect(url_for("money.use", draft_id=draft_id), 303)


def _of_last_year(at_hand: AtHand) -> list[str]:
    """What the check before says and this one does not yet: the lines by name, and the contract."""
    entries = at_hand.reckoning.sheet.entries
    found = money.with_last_years(instance(), at_hand.opened, entries)
    said = {*found.prices, *found.kinds} - {*entries.prices, *entries.kinds}
    lines = at_hand.frozen.results.catalogue.factors.lines.values()
    names = [line_label(line.id, line.label, language()) for line in lines if line.id in said]
    return names + ([language().gettext("your electricity contract")] if found.contract != entries.contract else [])


def _take_over(at_hand: AtHand) -> Answer:
    entries, draft_id = at_hand.reckoning.sheet.entries, at_hand.opened.draft.id
    # Whatever went wrong is seen on the page: what is not taken over is offered again.
    saved_entries(at_hand, money.with_last_years(instance(), at_hand.opened, entries), MoneyFields({}), LAST_YEAR)
    return redirect(url_for("money.use", draft_id=draft_id), 303)


def _further(at_hand: AtHand) -> list[tuple[str, list[tuple[str, str]]]]:
    """The lines that can be added, in groups with a title."""
    _ = language().gettext
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in money_forms.further_lines(at_hand.reckoning.sheet, at_hand.frozen.results.catalogue.factors):
        title = _("Your own use")
        if line.part_of:
            title = _("Waste by kind")
        elif "trip" in {*(part.part for part in line.emissions), line.choice.part if line.choice else ""}:
            title = _("Journeys and goods with others")
        groups.setdefault(title, []).append((line.id, line_label(line.id, line.label, language())))
    return list(groups.items())


def _line_of(at_hand: AtHand, line_id: str) -> SheetLine:
    line = at_hand.frozen.results.catalogue.factors.lines.get(line_id)
    if line is None:
        abort(404)
    return line


@blueprint.get("/assessments/<draft_id>/use/<line_id>")
@needs(Action.CHANGE_PLAN)
def line(draft_id: str, line_id: str) -> str:
    """The form of one line of the sheet."""
    at_hand = open_money(draft_id)
    if line_id == PERIOD:
        return _period_page(at_hand, MoneyFields({PERIOD: at_hand.reckoning.sheet.entries.period}))
    found = _line_of(at_hand, line_id)
    factors = at_hand.frozen.results.catalogue.factors
    fields = money_forms.fields_of_line(found, at_hand.reckoning.sheet.entries, factors, language())
    return _line_page(at_hand, found, fields)


def _line_words(line: SheetLine, at_hand: AtHand) -> Mapping[str, str]:
    factors = at_hand.frozen.results.catalogue.factors
    known_by, several = factors.known_by(line)[0], len(money_forms.units_of(line, factors)) > 1
    unit = amounts.unit_words(known_by, language())
    _ = language().gettext
    notes = {
        "kWh-gross": _("Kilowatt-hours as your gas bill states them: of gross calorific value."),
        "passenger-km": _("Kilometres times people: two people 600 km there and back are 2,400."),
        "room-night": _("Rooms times nights: two rooms for three nights are 6."),
        "t-km": _("Tonnes times kilometres: 3 tonnes over 400 km are 1,200."),
    }
    note = notes.get(known_by, "")
    if line.part_of:
        note = _("It is a part of the waste that you gave as a whole, which stays as it is.")
    return {
        "label": line_label(line.id, line.label, language()),
        "unit": "" if several else unit,
        "note": note,
        "amount": _("Amount"),
        "price": _("Price"),
        "per": _("EUR per %(unit)s") % {"unit": unit} if line.price else "",
    }


def _line_page(at_hand: AtHand, line: SheetLine, fields: MoneyFields) -> str:
    catalogue = at_hand.frozen.results.catalogue
    rows = use_words.sheet_rows(at_hand.reckoning.sheet, catalogue, language())
    kinds = catalogue.factors.choices(line.choice) if line.choice else ()
    return render_template(
        "pages/money/line.html", **at_hand.shown, line=line, words=_line_words(line, at_hand), fields=fields,
        errors=fields.errors, now=next((row for row in rows if row.line == line.id), None),
        kinds=use_words.kinds_by_subject(kinds, language()),
        units=[(unit, amounts.unit_words(unit, language())) for unit in money_forms.units_of(line, catalogue.factors)],
        revision=at_hand.reckoning.revision, months=_months(line), period=_period(at_hand),
    )  # fmt: skip


def _months(line: SheetLine) -> list[tuple[str, str]]:
    """How many months an amount can be of; nothing to choose where time makes no difference."""
    if not money_forms.of_time(line):
        return []
    words = language()
    parts = [
        (str(count), words.ngettext("%(count)s month", "%(count)s months", count) % {"count": count})
        for count in range(MONTHS - 1, 0, -1)
    ]
    return [(str(MONTHS), words.gettext("A whole year")), *parts]


@blueprint.post("/assessments/<draft_id>/use/<line_id>")
@needs(Action.CHANGE_PLAN)
def change_line(draft_id: str, line_id: str) -> Answer | tuple[str, int]:
    """Save one line of the sheet."""
    at_hand = open_money(draft_id)
    if line_id == PERIOD:
        return _change_period(at_hand)
    if line_id == LAST_YEAR:
        return _take_over(at_hand)
    found = _line_of(at_hand, line_id)
    fields = money_forms.typed_of(request.form, *money_forms.LINE_CONTROLS)
    entries = money_forms.read_line(
        fields, found, at_hand.reckoning.sheet.entries, at_hand.frozen.results.catalogue.factors, language(),
        _line_words(found, at_hand),
    )  # fmt: skip
    if fields.errors:
        return _line_page(at_hand, found, fields), 422
    failed = saved_entries(at_hand, entries, fields, "amount")
    if failed:
        return _line_page(open_money(draft_id), found, fields), failed
    return redirect(url_for("money.use", draft_id=draft_id, _anchor=f"line-{line_id}"), 303)


def saved_entries(at_hand: AtHand, entries: SheetEntries, fields: MoneyFields, target: str) -> int | None:
    """Save; the status of the page to show where that failed, with the sentence among the errors."""
    try:
        money.save_entries(instance(), at_hand.opened, entries, seen_revision())
    except Conflict:
        text = language().gettext(
            "Your figures were changed in another window. What you typed is still here: press “Save” again to keep it."
        )
        fields.errors.append((target, text))
        return 409
    except NotSaved as failure:
        fields.errors.append((target, not_saved(language())))
        return NOT_SAVED_STATUS[failure.code]
    return None


def seen_revision() -> int:
    """The revision that a form was made from; one that nobody can have seen where it makes no sense."""
    typed = request.form.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


@blueprint.get("/assessments/<draft_id>/footprint")
@needs(Action.READ_RESULTS)
def footprint(draft_id: str) -> str:
    """The carbon footprint: each line with its factor and source, and what is missing."""
    at_hand = open_money(draft_id)
    found, catalogue = at_hand.reckoning.footprint, at_hand.frozen.results.catalogue
    words = language()
    return render_template(
        "pages/money/footprint.html", **at_hand.shown, footprint=found,
        rows=use_words.footprint_rows(found, catalogue, words), gaps=gaps(found, words),
        tonnes={
            name: amounts.tonnes(kg, words)
            for name, kg in (
                ("scope_1", found.scope_1), ("location", found.scope_2_location), ("market", found.scope_2_market),
                ("scope_3", found.scope_3), ("both", found.scope_1 + found.scope_2_location),
            )
        },
        about=catalogue.factors.about, period=_period(at_hand),
    )  # fmt: skip


@blueprint.get("/assessments/<draft_id>/what-if")
@needs(Action.READ_RESULTS)
def what_if(draft_id: str) -> Answer:
    """What a selection comes to, for the script of the plan page; nothing is saved."""
    ready = ready_plan(instance(), asking(), draft_id, language().code)
    found = ready.what_if(request.args.getlist("measure")[:MOST_CHOSEN])
    written = money_words.what_if_written(found, ready, instance().library.catalogue(language().code), language())
    return Response(orjson.dumps(written), mimetype="application/json")


@blueprint.post("/assessments/<draft_id>/selection")
@needs(Action.CHANGE_PLAN)
def select(draft_id: str) -> Answer:
    """What the what-if panel asks for without its script: show, save as a scenario, or make it the plan."""
    at_hand = open_money(draft_id)
    named = request.form.getlist("measure")[:MOST_CHOSEN]
    chosen = [name for name in at_hand.reckoning.ready.items if name in named]
    slot, act = request.form.get("slot", ""), request.form.get("act", "")
    if slot in SLOTS:
        default = language().gettext("Scenario %(letter)s") % {"letter": slot.upper()}
        name = " ".join(cleaned(request.form.get("name", "")).split())[:LONGEST_NAME] or default
        money.save_scenario(instance(), at_hand.opened, slot, name, chosen)
        return redirect(url_for("money.scenarios", draft_id=draft_id), 303)
    if act == "use":
        return make_plan(at_hand, chosen, refusals.LEFT_OUT)
    return redirect(url_for("planning.plan", draft_id=draft_id, what="if", measure=chosen, _anchor="what-if"), 303)


def make_plan(
    at_hand: AtHand, chosen: Sequence[str], reason: str, periods: Mapping[str, Period] | None = None
) -> Answer:  # fmt: skip
    """Make a selection the company's plan, unless it is more than a plan can hold."""
    draft_id = at_hand.opened.draft.id
    if len(planning.selected(at_hand.plan, chosen)) > planning.MOST_ACTIONS:
        return redirect(url_for("planning.plan", draft_id=draft_id, notice="selection-too-large"), 303)
    planning.use_selection(instance(), at_hand.opened, at_hand.plan, chosen, reason, periods)
    notice = "selection-used" if periods is None else "best-plan-used"
    return redirect(url_for("planning.plan", draft_id=draft_id, notice=notice), 303)


@blueprint.get("/assessments/<draft_id>/scenarios")
@needs(Action.READ_RESULTS)
def scenarios(draft_id: str) -> str:
    """The saved scenarios side by side, and beside the plan."""
    at_hand = open_money(draft_id)
    found, catalogue = at_hand.frozen.results, at_hand.frozen.results.catalogue
    ready = money.ready_plan(at_hand.reckoning, found)
    _ = language().gettext
    own = at_hand.opened.may(Action.CHANGE_PLAN)
    columns = [(_("Your plan") if own else _("The plan"), "", tuple(at_hand.reckoning.planned))]
    columns += [(one.name, one.slot, one.measures) for one in money.scenarios_of(instance(), at_hand.opened)]
    shown: list[dict[str, Any]] = []
    for name, slot, measures in columns:
        reckoned = ready.what_if(measures)
        view = money_words.totals_view(reckoned.totals, catalogue, language())
        score = money_words.score_words(reckoned, language())
        budget = money_words.budget_words(reckoned, language())
        shown.append({
            "name": name, "slot": slot, "chosen": reckoned.chosen, "view": view, "score": score, "budget": budget,
            "gaps": gaps_of(reckoned.totals, reckoned.chosen, ready.measures, catalogue, language()),
        })  # fmt: skip
    named = [{name for name in at_hand.reckoning.ready.items if name in one["chosen"]} for one in shown]
    shared = set.intersection(*named)
    return render_template(
        "pages/money/scenarios.html", **at_hand.shown, columns=shown, slots=SLOTS, lacking=_lacking(shown),
        differing=_in_order(set.union(*named) - shared, at_hand), shared=_in_order(shared, at_hand),
    )  # fmt: skip


def _in_order(names: Collection[str], at_hand: AtHand) -> list[str]:
    return [name for name in at_hand.reckoning.ready.items if name in names]


def _lacking(columns: Sequence[Mapping[str, Any]]) -> list[tuple[Gap, list[str]]]:
    """What the figures of some columns lack, each told once: with their names where it is not all of them."""
    found: dict[Gap, list[str]] = {}
    for column in columns:
        for gap in column["gaps"]:
            found.setdefault(gap, []).append(column["name"])
    return [(gap, [] if len(names) == len(columns) else names) for gap, names in found.items()]


@blueprint.post("/assessments/<draft_id>/scenarios")
@needs(Action.CHANGE_PLAN)
def forget_scenario(draft_id: str) -> Answer:
    """Forget a scenario."""
    at_hand = open_money(draft_id)
    slot = request.form.get("slot", "")
    if slot not in SLOTS:
        abort(400)
    money.drop_scenario(instance(), at_hand.opened, slot)
    return redirect(url_for("money.scenarios", draft_id=draft_id), 303)
