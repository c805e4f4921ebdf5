"""The action plan: its cards, one card's form, own actions, order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.checks.replies import help_of, opening_of
from assessment.core.errors import Conflict, NoResults, NotSaved, Refused
from assessment.core.plans.follow_up import NOTHING_NOTED, FollowUp
from assessment.core.plans.plan import Step
from assessment.reporting.plans.calendar import DatedAction, calendar_file
from assessment.services.aggregates import members_told
from assessment.services.checks import results
from assessment.services.checks.answering import OpenDraft
from assessment.services.checks.kept_results import Frozen
from assessment.services.mentors.contacts import whom_to_call
from assessment.services.money import money
from assessment.services.money.money import Reckoning
from assessment.services.plans import following, planning
from assessment.services.plans.following import Progress
from assessment.services.plans.planning import STATUSES, Card, Plan, Supports
from assessment.storage.plans.plan_items import PlanFields
from assessment.web.checks.fields import cleaned, typed_day
from assessment.web.current import instance, language
from assessment.web.limits import PDFS, limited
from assessment.web.money import money_words
from assessment.web.money.gap_words import Gap, gaps_of
from assessment.web.money.money_words import SavingView, SelectionView, TotalsView
from assessment.web.people.interrupted import given_back
from assessment.web.plans import follow_up
from assessment.web.plans.follow_up import NotedFields
from assessment.web.plans.follow_up_words import NotedView, ProgressView, noted_view, progress_view
from assessment.web.plans.plan_facets import FACETS, facets, passes
from assessment.web.plans.plan_words import begun_words, refusal_words
from assessment.web.policies import needs, opened_draft
from assessment.web.problems import NOT_SAVED_STATUS, not_saved

blueprint = Blueprint("planning", __name__)

LONGEST = {"title": 120, "owner": 80, "note": 1000, "refusal": 300}


@dataclass(frozen=True)
class OpenPlan:
    """The plan at hand with the result it rests on."""

    opened: OpenDraft
    frozen: Frozen
    plan: Plan

    @property
    def reckons(self) -> bool:
        """Whether the check asks what is used, so that savings can be worked out."""
        return self.opened.edition.questionnaire.reckons

    def supports(self, step: Step) -> Supports:
        """What helps with one step."""
        return planning.supports_of(self.frozen.results, step, instance().today)

    @cached_property
    def reckoning(self) -> Reckoning:
        """What the company uses, and what the measures of the plan save there."""
        return money.reckoning_of(instance(), self.opened, self.frozen.results, self.plan)

    @cached_property
    def savings(self) -> Mapping[str, SavingView]:
        """What each measure of the plan saves by itself, in words."""
        return money_words.card_savings(self.reckoning, self.frozen.results.catalogue, language())

    @cached_property
    def _progress(self) -> Progress:
        return following.progress_of(self.plan, instance().today, money.forecasts_of(self.reckoning))

    @cached_property
    def progress(self) -> ProgressView:
        """What came of the plan so far."""
        return progress_view(self._progress, language())

    @property
    def has_dates(self) -> bool:
        """Whether there is anything to put into a calendar."""
        items = [card.item for card in self.plan.cards]
        return any(item.deadline or item.follow_up.planned_for or item.follow_up.done_on for item in items)

    @cached_property
    def begun(self) -> Mapping[str, str]:
        """How many other members of the company's cluster have begun with each action, in words, by measure."""
        told = members_told.begun_by_others(instance(), self.opened, language().code)
        return begun_words(told, [card.step for card in self.plan.cards if card.step], language()) if told else {}

    @cached_property
    def noted(self) -> Mapping[str, NotedView]:
        """What the cards show of what was noted, by key."""
        return {outcome.card.key: noted_view(outcome, language()) for outcome in self._progress.outcomes}


def _open(draft_id: str) -> OpenPlan:
    opened = opened_draft(draft_id)
    frozen = results.latest(instance(), opened, language().code)
    return OpenPlan(opened, frozen, planning.plan_of(instance(), opened, frozen.results))


@blueprint.get("/assessments/<draft_id>/plan")
@needs(Action.READ_RESULTS)
def plan(draft_id: str) -> str:
    """The cards in order, narrowed by the filters of the address."""
    at_hand = _open(draft_id)
    chosen = {name: request.args.getlist(name) for name in FACETS}
    cards, found = [card for card in at_hand.plan.cards if passes(card, chosen)], at_hand.frozen.results
    return render_template(
        "pages/planning/plan.html", at_hand=at_hand, opened=at_hand.opened, results=found,
        opening=opening_of(found.route, found.answers), helps=help_of(found.route, found.answers),
        cards=cards, facets=facets(at_hand.plan.cards, language()), chosen=chosen, filtered=any(chosen.values()),
        everything=request.args.get("all") == "1",
        call=whom_to_call(instance(), at_hand.opened.draft.company_id),
        totals=_totals(at_hand), gaps=_gaps(at_hand) if at_hand.reckons else (),
        selection=_selection(at_hand) if at_hand.reckons else None, reckons=at_hand.reckons,
    )  # fmt: skip


def _totals(at_hand: OpenPlan) -> TotalsView:
    """What the whole plan comes to."""
    return money_words.totals_view(at_hand.reckoning.totals, at_hand.frozen.results.catalogue, language())


def _gaps(at_hand: OpenPlan) -> tuple[Gap, ...]:
    """What is left out of the sums of the plan."""
    reckoning, catalogue = at_hand.reckoning, at_hand.frozen.results.catalogue
    return gaps_of(reckoning.totals, reckoning.planned, reckoning.ready, catalogue, language())


def _selection(at_hand: OpenPlan) -> SelectionView:
    """The what-if panel: the plan, or what the address names."""
    named = request.args.getlist("measure") if request.args.get("what") == "if" else None
    return money_words.selection_view(at_hand.reckoning, at_hand.plan, at_hand.frozen.results, named, language())


@blueprint.get("/assessments/<draft_id>/plan.ics")
@limited(PDFS)
@needs(Action.TAKE_FILES)
def calendar(draft_id: str) -> Response:
    """The dates of the plan for the company's own calendar."""
    at_hand = _open(draft_id)
    actions = [_dated(draft_id, card) for card in at_hand.plan.cards]
    content = calendar_file(actions, at_hand.opened.draft.company_name, instance().now(), language())
    headers = {"Content-Disposition": 'attachment; filename="green-pathways-plan.ics"'}
    return Response(content, mimetype="text/calendar", headers=headers)


def _dated(draft_id: str, card: Card) -> DatedAction:
    link = instance().settings.base_url + url_for("planning.plan", draft_id=draft_id, _anchor=f"action-{card.key}")
    item, noted = card.item, card.item.follow_up
    done = (noted.done_on or item.deadline) if item.status == "done" else None
    return DatedAction(
        uuid5(NAMESPACE_URL, link).hex, card.title, card.step.first_step if card.step else item.note, link,
        card.revision, noted.planned_for, item.deadline, done,
    )  # fmt: skip


@blueprint.get("/assessments/<draft_id>/plan/<key>")
@needs(Action.CHANGE_PLAN)
def card(draft_id: str, key: str) -> str:
    """The form of one card."""
    at_hand = _open(draft_id)
    typed = given_back()
    fields = _fields_of(at_hand.plan.card(key)) if typed is None else _typed(typed)
    if request.args.get("status") == "not-for-us":
        fields.status = "not-for-us"
    return _card_page(at_hand, at_hand.plan.card(key), fields, [])


@dataclass
class CardFields:
    """What is typed about one action, as typed."""

    title: str
    status: str
    owner: str
    day: str
    month: str
    year: str
    note: str
    refusal: str
    revision: str
    noted: NotedFields = field(kw_only=True)

    def stored(self, title: str, own: bool, noted: FollowUp) -> PlanFields:
        """The fields to keep; only an own action may change its title, and only a refused one keeps a refusal."""
        refusal = self.refusal if self.status == "not-for-us" else ""
        kept = self.title if own else title
        return PlanFields(kept, self.status, self.owner, self.deadline(), self.note, refusal, noted)

    def deadline(self) -> date | None:
        """The deadline typed; None where nothing was.

        Raises ValueError where it is no date.
        """
        return typed_day(self.day, self.month, self.year)


def _fields_of(card: Card) -> CardFields:
    item, day = card.item, card.item.deadline
    dated = (str(day.day), str(day.month), str(day.year)) if day else ("", "", "")
    noted = follow_up.fields_of(item.follow_up, language())
    return CardFields(
        item.title,
        item.status,
        item.owner,
        *dated,
        item.note,
        refusal_words(item.refusal, language()),
        str(card.revision),
        noted=noted,
    )


def _typed(form: MultiDict[str, str]) -> CardFields:
    return CardFields(
        *(cleaned(form.get(name, "")) for name in ("title", "status", "owner")),
        *(cleaned(form.get(f"deadline.{part}", ""))[:8] for part in ("day", "month", "year")),
        *(cleaned(form.get(name, "")) for name in ("note", "refusal", "revision")),
        noted=follow_up.typed_of(form),
    )


def _mistakes(fields: CardFields, own: bool) -> list[tuple[str, str]]:
    """What is wrong with the form, as (field, sentence)."""
    _ = language().gettext
    found = []
    if own and not fields.title:
        found.append(("title", _("Enter what is to be done")))
    if fields.status not in STATUSES:
        found.append(("status", _("Choose how far this action is")))
    if fields.status == "not-for-us" and not fields.refusal:
        found.append(("refusal", _("Say in a few words why this is not for you")))
    try:
        deadline = fields.deadline()
    except ValueError:
        found.append(("deadline.day", _("Enter a real date with day, month and year, for example 31 3 2027")))
    else:
        if deadline is not None and not 2000 <= deadline.year <= 2100:
            found.append(("deadline.day", _("Enter a year between 2000 and 2100")))
    for name, longest in LONGEST.items():
        if len(getattr(fields, name)) > longest:
            found.append((name, _("Use %(most)s characters or fewer here") % {"most": longest}))
    return found


def _card_page(at_hand: OpenPlan, card: Card, fields: CardFields, errors: list[tuple[str, str]]) -> str:
    supports = at_hand.supports(card.step) if card.step else None
    return render_template(
        "pages/planning/card.html", at_hand=at_hand, opened=at_hand.opened, results=at_hand.frozen.results, card=card,
        fields=fields, errors=errors, supports=supports, statuses=STATUSES, stored=None, **_noting(at_hand, card),
    )  # fmt: skip


def _noting(at_hand: OpenPlan, card: Card) -> dict[str, object]:
    """What the part of the form about how it went needs besides its fields."""
    usual = card.step.measure.savings[0].resource if card.step and card.step.measure.savings else ""
    return {
        "labels": follow_up.labels_of(language()), "unit_groups": list(follow_up.unit_groups(language())),
        "usual_unit": follow_up.usual_unit(usual, at_hand.reckoning.sheet),
        "noted_now": at_hand.noted.get(card.key),
    }  # fmt: skip


@blueprint.post("/assessments/<draft_id>/plan/<key>")
@needs(Action.CHANGE_PLAN)
def change_card(draft_id: str, key: str) -> Answer | tuple[str, int]:
    """Save one card."""
    at_hand = _open(draft_id)
    card, fields = at_hand.plan.card(key), _typed(request.form)
    noted = follow_up.read(fields.noted, language())
    errors = _mistakes(fields, own=card.kind == "own") + fields.noted.errors
    if errors:
        return _card_page(at_hand, card, fields, errors), 422
    stored = fields.stored(card.item.title, card.kind == "own", noted)
    seen = int(fields.revision) if re.fullmatch(r"[0-9]{1,9}", fields.revision) else -1
    try:
        planning.change_card(instance(), at_hand.opened, card, stored, seen)
    except Conflict:
        return _stale_card(draft_id, key, fields)
    except NotSaved as failure:
        return _card_page(at_hand, card, fields, [("status", not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("planning.plan", draft_id=draft_id, _anchor=f"action-{key}"), 303)


def _stale_card(draft_id: str, key: str, fields: CardFields) -> tuple[str, int]:
    """Somebody changed the card meanwhile: show what was typed beside what is stored, and let the person decide."""
    at_hand = _open(draft_id)
    card = at_hand.plan.card(key)
    fields.revision = str(card.revision)
    _ = language().gettext
    error = _("This action was changed in another window. Your text is still here: compare it with what is stored now.")
    return render_template(
        "pages/planning/card.html", at_hand=at_hand, opened=at_hand.opened, results=at_hand.frozen.results, card=card,
        fields=fields, errors=[("status", error)], supports=at_hand.supports(card.step) if card.step else None,
        statuses=STATUSES, stored=_fields_of(card), **_noting(at_hand, card),
    ), 409  # fmt: skip


@blueprint.post("/assessments/<draft_id>/plan/<key>/move")
@needs(Action.CHANGE_PLAN)
def move(draft_id: str, key: str) -> Answer:
    """Move a card one place up or down."""
    at_hand = _open(draft_id)
    by: Literal[-1, 1] = -1 if request.form.get("direction") == "up" else 1
    planning.move(instance(), at_hand.opened, at_hand.plan, key, by)
    return redirect(url_for("planning.plan", draft_id=draft_id, _anchor=f"action-{key}"), 303)


@blueprint.get("/assessments/<draft_id>/plan-own")
@needs(Action.CHANGE_PLAN)
def own(draft_id: str) -> str:
    """The form for an action in the company's own words."""
    typed = given_back()
    empty = CardFields("", "not-started", "", "", "", "", "", "", "0", noted=NotedFields({}))
    return _own_page(_open(draft_id), empty if typed is None else _typed(typed), [])


def _own_page(at_hand: OpenPlan, fields: CardFields, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "pages/planning/own.html", at_hand=at_hand, opened=at_hand.opened, fields=fields, errors=errors
    )


@blueprint.post("/assessments/<draft_id>/plan-own")
@needs(Action.CHANGE_PLAN)
def add_own(draft_id: str) -> Answer | tuple[str, int]:
    """Add an own action."""
    at_hand, fields = _open(draft_id), _typed(request.form)
    fields.status = "not-started"
    errors = _mistakes(fields, own=True) + _too_many(at_hand)
    if errors:
        return _own_page(at_hand, fields, errors), 422
    try:
        key = planning.add_own(instance(), at_hand.opened, fields.stored("", True, NOTHING_NOTED))
    except NotSaved as failure:
        return _own_page(at_hand, fields, [("title", not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("planning.plan", draft_id=draft_id, _anchor=f"action-{key}"), 303)


def _too_many(at_hand: OpenPlan) -> list[tuple[str, str]]:
    if len(at_hand.plan.cards) < planning.MOST_ACTIONS:
        return []
    _ = language().gettext
    return [("title", _("A plan holds 60 actions at most. Take one out first: mark it as not for us."))]


def _set_aside(draft_id: str, key: str) -> Answer:
    notice = "set-aside"
    try:
        planning.set_aside(instance(), opened_draft(draft_id), key, language().code)
    except Refused as refused:
        notice = "plan-full" if refused.args == ("plan-full",) else ""
    return redirect(url_for("catalogue.entry", entry_id=key, notice=notice or None), 303)


@blueprint.post("/assessments/<draft_id>/plan-add")
@needs(Action.CHANGE_PLAN)
def add(draft_id: str) -> Answer:
    """Add a further measure, or an entry of the catalogue; where there is no plan yet, keep the entry for it."""
    key = request.form.get("key", "")[:80]
    try:
        at_hand = _open(draft_id)
    except NoResults:
        return _set_aside(draft_id, key)
    full = _too_many(at_hand)
    if full:
        return redirect(url_for("planning.plan", draft_id=draft_id, notice="plan-full"), 303)
    try:
        key = planning.add_known(instance(), at_hand.opened, at_hand.plan, key, language().code)
    except Refused:
        # Its page says that it is closed, and what is open instead.
        return redirect(url_for("catalogue.entry", entry_id=key), 303)
    return redirect(url_for("planning.plan", draft_id=draft_id, notice="added", _anchor=f"action-{key}"), 303)
