"""The best plan: a form that asks for money, hours and what matters, and the answer year by year."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import Conflict, NotMade, NotSaved
from assessment.core.plans.goals import MATTERS, Goals
from assessment.core.plans.reasons import Reason, Step
from assessment.i18n import Language
from assessment.reporting.money import amounts
from assessment.services.money import money
from assessment.services.plans import best_plan, refusals
from assessment.services.plans.best_plan import BestPlan, Year
from assessment.web.current import instance, language, solver
from assessment.web.limits import PDFS, limited
from assessment.web.money import money_forms, money_words
from assessment.web.money.gap_words import Gap, gaps_of
from assessment.web.money.money import AtHand, make_plan, open_money, seen_revision
from assessment.web.money.money_forms import MoneyFields
from assessment.web.money.money_words import TotalsView
from assessment.web.plans.reason_words import reason_words
from assessment.web.policies import needs
from assessment.web.problems import NOT_SAVED_STATUS, not_saved

blueprint = Blueprint("best_plan", __name__)

CONTROLS = (*money_forms.GOAL_NUMBERS, *(f"matter.{matter}" for matter in MATTERS), "count_funding")
SHOWN_REASONS = 12


@dataclass(frozen=True, slots=True)
class LineView:
    """One measure of a year: what it saves by itself, what it costs, and what may pay a part of that."""

    title: str
    saves: str
    cost: str
    grant: str
    scheme: str


@dataclass(frozen=True, slots=True)
class YearView:
    """One year of the plan in words."""

    number: int
    until: str
    lines: tuple[LineView, ...]
    cost: str
    hours: str
    totals: TotalsView


@blueprint.get("/assessments/<draft_id>/best-plan")
@needs(Action.CHANGE_PLAN)
def show(draft_id: str) -> str:
    """The form, and once it was sent the best plan for it."""
    at_hand = open_money(draft_id)
    return _page(at_hand, money_forms.fields_of_goals(at_hand.reckoning.goals, language()))


@blueprint.post("/assessments/<draft_id>/best-plan")
@limited(PDFS)
@needs(Action.CHANGE_PLAN)
def ask(draft_id: str) -> Answer | tuple[str, int]:
    """Keep the wishes; the page that follows shows the plan."""
    at_hand = open_money(draft_id)
    fields = money_forms.typed_of(request.form, *CONTROLS)
    known = frozenset(at_hand.reckoning.steps)
    goals = money_forms.read_goals(fields, request.form.getlist("excluded"), known, _labels(language()), language())
    if fields.errors:
        return _page(at_hand, fields), 422
    try:
        money.save_goals(instance(), at_hand.opened, goals, seen_revision())
    except Conflict:
        text = language().gettext(
            "Your wishes were changed in another window. What you typed is still here: press the button again."
        )
        fields.errors.append(("budget", text))
        return _page(open_money(draft_id), fields), 409
    except NotSaved as failure:
        fields.errors.append(("budget", not_saved(language())))
        return _page(at_hand, fields), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("best_plan.show", draft_id=draft_id, _anchor="plan"), 303)


@blueprint.post("/assessments/<draft_id>/best-plan/use")
@limited(PDFS)
@needs(Action.CHANGE_PLAN)
def use(draft_id: str) -> Answer:
    """Make the best plan the company's plan."""
    at_hand = open_money(draft_id)
    try:
        found = best_plan.best_plan(at_hand.reckoning, solver())
    except NotMade:
        # The page says so, and how to go on.
        return redirect(url_for("best_plan.show", draft_id=draft_id), 303)
    periods = best_plan.periods_of(found, instance().today)
    return make_plan(at_hand, found.measures, refusals.NOT_BEST, periods)


def _labels(words: Language) -> dict[str, str]:
    _ = words.gettext
    return {
        "budget": _("Money for this year"), "budget.unit": _("EUR"), "hours": _("Own hours for this year"),
        "hours.unit": _("hours"), "payback": _("Longest payback"), "payback.unit": _("years"),
    }  # fmt: skip


def _page(at_hand: AtHand, fields: MoneyFields) -> str:
    found, failed = None, ""
    if at_hand.reckoning.has_goals and not fields.errors:
        try:
            found = best_plan.best_plan(at_hand.reckoning, solver())
        except NotMade as failure:
            failed = failure.code
    words, catalogue = language(), at_hand.frozen.results.catalogue
    more = [_step_words(step, words) for step in found.more] if found else ()
    excluded = set(request.form.getlist("excluded")) if fields.errors else set(at_hand.reckoning.goals.excluded)
    candidates = sorted(
        (step.measure.title, name) for name, step in at_hand.reckoning.steps.items()
        if name not in at_hand.reckoning.settled
    )  # fmt: skip
    return render_template(
        "pages/money/best_plan.html", **at_hand.shown, fields=fields, errors=fields.errors, labels=_labels(words),
        matters=_matters(words), candidates=candidates, excluded=excluded, revision=at_hand.reckoning.revision,
        best=found, failed=failed, years=_year_views(found, at_hand, words) if found else (),
        reasons=[reason_words(reason, at_hand, words) for reason in _popular_first(found, at_hand)] if found else (),
        shown_reasons=SHOWN_REASONS, each_next=words.money(int(best_plan.NEXT)), more=more,
        last=money_words.totals_view(found.years[-1].totals, catalogue, words) if found else None,
        granted=bool(found and not at_hand.reckoning.grants.keys().isdisjoint(found.measures)),
        gaps=_gaps(found, at_hand, words) if found else (),
        gap=_gap_words(found.gap, words) if found and found.gap else "",
        doubts=_doubt_words(at_hand.reckoning.goals, words) if not fields.errors else (),
    )  # fmt: skip


def _gaps(found: BestPlan, at_hand: AtHand, words: Language) -> tuple[Gap, ...]:
    """What is left out of the sums of the last year."""
    catalogue = at_hand.frozen.results.catalogue
    return gaps_of(found.years[-1].totals, found.measures, at_hand.reckoning.ready, catalogue, words)


def _doubt_words(goals: Goals, words: Language) -> list[str]:
    """What should be asked about again; it is kept, and the plan below is made with it."""
    _, labels = words.gettext, _labels(words)
    sentences = {
        "negative": _("%(label)s: you typed %(amount)s. Below zero we plan with nothing: please look at it again."),
        "unlikely": _("%(label)s: %(amount)s %(unit)s is unusual. If the number is right, leave it as it is."),
    }
    return [
        sentences[doubt] % {
            "label": labels[name], "unit": labels[f"{name}.unit"], "amount": words.number(getattr(goals, name))
        }
        for name, doubt in goals.doubts.items()
    ]  # fmt: skip


def _matters(words: Language) -> list[tuple[str, str]]:
    _ = words.gettext
    names = {
        "cost": _("Lower costs"), "carbon": _("Fewer greenhouse gases"), "water": _("Less water"),
        "waste": _("Less waste"),
    }  # fmt: skip
    return [(matter, names[matter]) for matter in MATTERS]


def _line_view(name: str, at_hand: AtHand, contained: Collection[str], words: Language) -> LineView:
    """What a measure saves and costs; a grant is never sure, so it only may pay."""
    _ = words.gettext
    item, grant = at_hand.reckoning.ready.items[name], at_hand.reckoning.grants.get(name)
    cost = ""
    if item.investment is not None and item.own_cost is not None:
        cost = amounts.cost_words(item.investment, item.own_cost, words)
    told = ""
    if grant is not None:
        share = words.percent(Decimal(repr(round(grant.share * 100, 1))))
        told = _("%(scheme)s may pay %(share)s") % {"scheme": grant.scheme.name, "share": share}
    saves = _saves_words(name, at_hand, name in contained, words)
    return LineView(item.candidate.measure.title, saves, cost, told, grant.scheme.id if grant else "")


def _saves_words(name: str, at_hand: AtHand, contained: bool, words: Language) -> str:
    """What a measure saves by itself: money, else what is saved of a resource, else greenhouse gases."""
    _ = words.gettext
    if contained:
        return _("Organises or finds the others.")
    saving = money_words.saving_view(at_hand.reckoning.ready.alone(name), at_hand.frozen.results.catalogue, words)
    if saving.loses:
        return _("By itself it %(costs_more)s.") % {"costs_more": saving.eur}
    saved = saving.eur or next(iter(saving.quantities), "") or saving.carbon
    return _("Saves %(saving)s by itself.") % {"saving": saved} if saved else ""


def _year_views(found: BestPlan, at_hand: AtHand, words: Language) -> list[YearView]:
    contained = found.years[-1].totals.contained
    return [_year_view(year, at_hand, contained, words) for year in found.years]


def _year_view(year: Year, at_hand: AtHand, contained: Collection[str], words: Language) -> YearView:
    hours = round(year.hours)
    return YearView(
        year.number, words.date(best_plan.years_on(instance().today, year.number)),
        tuple(_line_view(name, at_hand, contained, words) for name in year.measures),
        amounts.euros(year.cost, words) if year.cost > 0 else words.gettext("nothing"),
        words.ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": words.number(hours)},
        money_words.totals_view(year.totals, at_hand.frozen.results.catalogue, words),
    )  # fmt: skip


def _popular_first(found: BestPlan, at_hand: AtHand) -> list[Reason]:
    """What people would ask about: the measures of their plan first, then by what the answers call for most."""
    planned = set(at_hand.reckoning.planned)
    steps = at_hand.reckoning.steps
    return sorted(found.left_out, key=lambda each: (each.measure not in planned, -steps[each.measure].priority))


def _step_words(step: Step, words: Language) -> tuple[str, str]:
    """A budget, and what it would bring beyond the one before it."""
    _ = words.gettext
    budget = words.money(round(step.budget))
    more_eur, more_kg = step.more_eur >= 1, step.more_carbon >= 1
    values = {
        "eur": amounts.euros(abs(step.more_eur), words),
        "kg": amounts.carbon(max(step.more_carbon, 0.0), words),
    }
    if step.more_eur <= -1 and more_kg:
        return budget, _("about %(kg)s more saved over the three years, for about %(eur)s more to run") % values
    if more_eur and more_kg:
        return budget, _("about %(eur)s and %(kg)s more saved over the three years") % values
    if more_eur:
        return budget, _("about %(eur)s more saved over the three years") % values
    return budget, (_("about %(kg)s more saved over the three years") % values if more_kg else _("nothing more"))


def _gap_words(gap: float, words: Language) -> str:
    """How much better another plan could be at most, in per cent, rounded up."""
    hundredths = max(1, math.ceil(gap * 10_000))
    return words.percent(Decimal(hundredths) / 100) if hundredths >= 10 else words.gettext("a tenth of a per cent")
