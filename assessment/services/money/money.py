"""Money: what a company uses, what its plan saves, and what it wishes of a plan.

A `Reckoning` is made of a frozen result, the plan as it stands and the company's own figures. Pages, files and the
printed plan all read the same one, so their totals cannot differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, get_args

from assessment.core.money.footprint import Footprint, footprint_of
from assessment.core.money.savings import Calculator, Candidate, Saving, Totals, investment_of
from assessment.core.money.sheet import ResourceSheet, sheet_of
from assessment.core.money.sheet_entries import SheetEntries
from assessment.core.money.sheet_intensities import IntensityRow, intensities_of
from assessment.core.money.sheet_site import site_of
from assessment.core.money.uses import Site
from assessment.core.plans.follow_up import Forecast, MeasuredUse
from assessment.core.plans.goals import Goals
from assessment.core.plans.lifted import LiftedScore
from assessment.core.plans.paying_back import candidate_of
from assessment.core.plans.plan import Step
from assessment.core.resources.catalogue import Grant, grant_for
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.checks.kept_results import Results
from assessment.services.instance import Instance
from assessment.services.plans.kept_plans import ReadyPlan
from assessment.services.plans.planning import Card, Plan
from assessment.services.plans.refusals import is_settled
from assessment.storage.money import money as stored_money
from assessment.storage.money.money import StoredMoney, StoredScenario


@dataclass(frozen=True)
class Reckoning:
    """What a company uses and what measures save there, on one day."""

    sheet: ResourceSheet
    footprint: Footprint
    intensities: tuple[IntensityRow, ...]
    site: Site
    steps: Mapping[str, Step]
    grants: Mapping[str, Grant]
    """What is counted on to pay a part, by measure; nothing where the company does not want that."""
    ready: Calculator
    planned: tuple[str, ...]
    settled: frozenset[str]
    goals: Goals
    has_goals: bool
    revision: int

    @cached_property
    def savings(self) -> Mapping[str, Saving]:
        """What each measure of the plan saves by itself."""
        return {name: self.ready.alone(name) for name in self.planned}

    @cached_property
    def totals(self) -> Totals:
        """What the plan saves together."""
        return self.ready.together(self.planned)

    def added_up(self) -> list[tuple[str, Totals]]:
        """The totals after each measure that counts, in plan order; the last savings are those of the whole plan.

        What is contained in others or set aside would only come and go again on the way.
        """
        outside = {*self.totals.contained, *self.totals.set_aside}
        counting = [name for name in self.planned if name not in outside]
        return [(name, self.ready.together(counting[: at + 1])) for at, name in enumerate(counting)]


def stored_of(instance: Instance, opened: OpenDraft) -> StoredMoney:
    """What the company saved about its figures and wishes."""
    with instance.database.reading() as connection:
        return stored_money.money_of(connection, opened.draft.id)


def with_last_years(instance: Instance, opened: OpenDraft, entries: SheetEntries) -> SheetEntries:
    """The entries with the prices and kinds of the check before in them, where there is one."""
    if opened.draft.previous_id is None:
        return entries
    with instance.database.reading() as connection:
        earlier = stored_money.money_of(connection, opened.draft.previous_id)
    return entries.with_lasting_of(SheetEntries.as_far_as_readable(earlier.entries))


def reckoning_of(instance: Instance, opened: OpenDraft, results: Results, plan: Plan) -> Reckoning:
    """The reckoning of a draft's result and plan as they stand."""
    return reckon(results, plan, stored_of(instance, opened), instance.today)


def reckon(results: Results, plan: Plan, stored: StoredMoney, today: date) -> Reckoning:
    """The reckoning of a result, a plan and what the company said about both."""
    entries = SheetEntries.as_far_as_readable(stored.entries)
    goals = Goals.as_far_as_readable(stored.wishes)
    catalogue, profile = results.catalogue, results.profile
    sheet = sheet_of(
        results.edition.questionnaire, results.answers, results.remarks, entries, catalogue, profile,
    )  # fmt: skip
    footprint = footprint_of(sheet, catalogue.factors)
    site = site_of(sheet, footprint, catalogue, profile)
    steps = steps_of(results, plan)
    candidates = [candidate_of(step.measure, step.todo, entries) for step in steps.values()]
    grants = _grants(candidates, results, today) if goals.count_funding else {}
    funded = [
        replace(each, funded=grants[each.measure.id].share) if each.measure.id in grants else each
        for each in candidates
    ]  # fmt: skip
    cards = [*plan.cards, *plan.dismissed]
    return Reckoning(
        sheet, footprint, intensities_of(sheet, footprint, catalogue.benchmarks), site, steps, grants,
        Calculator(site, catalogue.method, funded), planned_in(plan.cards),
        frozenset(name for card in cards if (name := measure_in(card)) and is_settled(card.item)),
        goals, bool(stored.wishes), stored.revision,
    )  # fmt: skip


def steps_of(results: Results, plan: Plan) -> dict[str, Step]:
    """Every measure that could be in the plan: those that are first, in the plan's order."""
    in_plan = [card.step for card in (*plan.cards, *plan.dismissed) if card.step is not None]
    return {step.measure.id: step for step in (*in_plan, *plan.more, *plan.may_fit, *results.plan)}


def measure_in(card: Card) -> str | None:
    """The measure of a card, if it is one."""
    return card.step.measure.id if card.step is not None else None


def planned_in(cards: Sequence[Card]) -> tuple[str, ...]:
    """The measures of the plan in its order."""
    return tuple(name for card in cards if (name := measure_in(card)) is not None)


def _grants(candidates: Sequence[Candidate], results: Results, today: date) -> dict[str, Grant]:
    """What may pay a part of each measure."""
    found: dict[str, Grant] = {}
    for candidate in candidates:
        cost = investment_of(candidate, results.catalogue.method)
        measure = candidate.measure
        if cost and (grant := grant_for(measure, cost.typical, results.profile, today, results.catalogue)):
            found[measure.id] = grant
    return found


def forecasts_of(reckoning: Reckoning) -> dict[str, list[Forecast]]:
    """What each measure of the plan was expected to save, by the key of its card, to hold against what was measured."""
    uses: frozenset[str] = frozenset(get_args(MeasuredUse))
    return {
        f"measure:{name}": [
            Forecast(line.resource, *line.saved)  # type: ignore[arg-type]
            for line in saving.resources
            if line.resource in uses and line.saved.typical > 0
        ]
        for name, saving in reckoning.savings.items()
    }


def ready_plan(reckoning: Reckoning, results: Results) -> ReadyPlan:
    """The measures of a reckoning, ready for any selection of them."""
    budget = reckoning.goals.limits.budget if reckoning.has_goals else None
    score = LiftedScore(results.route, results.answers, results.edition.actions, reckoning.steps.values())
    return ReadyPlan(reckoning.ready, score, budget)


def save_entries(instance: Instance, opened: OpenDraft, entries: SheetEntries, seen_revision: int) -> None:
    """Keep the company's own figures.

    Raises Conflict where they were changed elsewhere since they were shown.
    """
    _save(instance, opened, seen_revision, entries=entries.model_dump(mode="json"))


def save_goals(instance: Instance, opened: OpenDraft, goals: Goals, seen_revision: int) -> None:
    """Keep the company's wishes.

    Raises Conflict where they were changed elsewhere since they were shown.
    """
    _save(instance, opened, seen_revision, wishes=goals.model_dump(mode="json"))


def _save(instance: Instance, opened: OpenDraft, seen_revision: int, **documents: Mapping[str, Any]) -> None:
    with answering.writing(instance, opened) as connection:
        stored_money.save_money(connection, opened.draft.id, seen_revision, instance.now(), **documents)


def scenarios_of(instance: Instance, opened: OpenDraft) -> tuple[StoredScenario, ...]:
    """The saved scenarios by slot."""
    with instance.database.reading() as connection:
        return stored_money.scenarios_of(connection, opened.draft.id)


def save_scenario(instance: Instance, opened: OpenDraft, slot: str, name: str, measures: Sequence[str]) -> None:
    """Put a selection of measures into a slot."""
    with answering.writing(instance, opened) as connection:
        stored_money.save_scenario(connection, opened.draft.id, slot, name, measures, instance.now())


def drop_scenario(instance: Instance, opened: OpenDraft, slot: str) -> None:
    """Forget a scenario."""
    with answering.writing(instance, opened) as connection:
        stored_money.drop_scenario(connection, opened.draft.id, slot)
