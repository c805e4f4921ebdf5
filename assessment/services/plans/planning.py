"""The plan in a company's hands: the recommended steps with owner, date, status and order, and its own actions.

A card that nobody touched has no row: the recommendation is the frozen result, and what the company changes is
laid over it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from assessment.core.errors import NotFound, Refused
from assessment.core.plans.plan import Step, effort_of
from assessment.core.resources.catalogue import BuildingBlock, FundingMatch, Scheme, blocks_for, funding_for
from assessment.services.aggregates.contributing import note_planned
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.checks.kept_results import Results
from assessment.services.instance import Instance
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields, PlanItem

Status = Literal["not-started", "planned", "in-progress", "done", "not-for-us"]
STATUSES: tuple[Status, ...] = ("not-started", "planned", "in-progress", "done", "not-for-us")

Investment = Literal["there", "later", "none"]

MOST_ACTIONS = 60
"""A plan of more is no plan, and the printed one stays under 60 pages."""


@dataclass(frozen=True)
class Card:
    """One action of the plan: a measure, something from the catalogue, or the company's own.

    `revision` is 0 where nobody has touched the card yet, and `position` None where it was never moved.
    """

    key: str
    step: Step | None
    entry: Scheme | BuildingBlock | None
    item: PlanFields
    position: int | None
    revision: int

    @property
    def kind(self) -> Literal["measure", "entry", "own"]:
        """Where the action came from."""
        if self.step is not None:
            return "measure"
        return "entry" if self.entry is not None else "own"

    @property
    def title(self) -> str:
        """What is to be done."""
        if self.step is not None:
            return self.step.measure.title
        if self.entry is not None:
            return title_of(self.entry)
        return self.item.title

    def gone(self, today: date) -> bool:
        """Whether it is a scheme that closed before anybody made use of it."""
        unused = self.item.status not in ("in-progress", "done")
        return isinstance(self.entry, Scheme) and self.entry.gone(today) and unused


def title_of(entry: Scheme | BuildingBlock) -> str:
    """The name of a catalogue entry."""
    return entry.name if isinstance(entry, Scheme) else entry.title


@dataclass(frozen=True)
class Plan:
    """The cards in the company's order, those it dismissed, and what it could still add."""

    cards: tuple[Card, ...]
    dismissed: tuple[Card, ...]
    gone: tuple[Card, ...]
    """Schemes that have closed before the company made use of them."""
    more: tuple[Step, ...]
    may_fit: tuple[Step, ...]

    @property
    def investment(self) -> Investment:
        """Whether it holds an investment; else whether one of ours fits and did not find a place.

        One that the company turned down is not said to be missing.
        """
        steps = [card.step for card in (*self.cards, *self.dismissed) if card.step is not None]
        if not steps or any(step.effort == "invest" for step in steps):
            return "there"
        return "later" if any(step.effort == "invest" for step in self.more) else "none"

    def card(self, key: str) -> Card:
        """The card of that key, dismissed or gone or neither.

        Raises NotFound where the plan has none.
        """
        for card in (*self.cards, *self.dismissed, *self.gone):
            if card.key == key:
                return card
        raise NotFound(key)


@dataclass(frozen=True)
class Supports:
    """What helps with one measure: money, people to ask, and building blocks."""

    funding: FundingMatch
    blocks: tuple[BuildingBlock, ...]


def plan_of(instance: Instance, opened: OpenDraft, results: Results) -> Plan:
    """The plan as it stands."""
    with instance.database.reading() as connection:
        return laid_over(results, plan_items.plan_of(connection, opened.draft.id), instance.today)


def laid_over(results: Results, items: Sequence[PlanItem], today: date) -> Plan:
    """The recommendation with what the company made of it."""
    stored = {item.key: item for item in items}
    steps = {f"measure:{step.measure.id}": step for step in results.plan}
    keys = [f"measure:{step.measure.id}" for step in results.plan.steps]
    keys += [key for key in stored if key not in keys]
    cards = [card for key in keys if (card := _card(results, steps, key, stored.get(key))) is not None]
    # Cards that were never moved keep their order among themselves, behind those that were.
    cards.sort(key=lambda card: len(keys) + 1 if card.position is None else card.position)
    held = {card.key for card in cards}
    kept = [card for card in cards if card.item.status != "not-for-us"]
    return Plan(
        tuple(card for card in kept if not card.gone(today)),
        tuple(card for card in cards if card.item.status == "not-for-us"),
        tuple(card for card in kept if card.gone(today)),
        tuple(step for step in results.plan.more if f"measure:{step.measure.id}" not in held),
        tuple(step for step in results.plan.may_fit if f"measure:{step.measure.id}" not in held),
    )


def _card(results: Results, steps: Mapping[str, Step], key: str, stored: PlanItem | None) -> Card | None:
    """The card of a key; none for a measure or an entry that no longer exists or applies."""
    item = stored.fields if stored else PlanFields()
    origin, _, name = key.partition(":")
    step, entry = steps.get(key), None
    if origin == "measure" and step is None and name in results.catalogue.measures:
        measure = results.catalogue.measures[name]
        step = Step(measure, effort_of(measure), measure.begins_with, None, ())
    if origin == "entry":
        entry = results.catalogue.schemes.get(name) or results.catalogue.blocks.get(name)
    if step is None and entry is None and origin != "own":
        return None
    return Card(key, step, entry, item, stored.position if stored else None, stored.revision if stored else 0)


def supports_of(results: Results, step: Step, today: date) -> Supports:
    """Funding open on the day, whom to ask, and building blocks for a step."""
    return Supports(
        funding_for(step.measure, results.profile, today, results.catalogue),
        blocks_for(step.measure, results.profile, results.catalogue),
    )


def change_card(instance: Instance, opened: OpenDraft, card: Card, fields: PlanFields, seen_revision: int) -> None:
    """Save what was said about one action.

    Raises Conflict where it was changed elsewhere since it was shown.
    """
    with answering.writing(instance, opened) as connection:
        plan_items.save_item(connection, opened.draft.id, card.key, fields, seen_revision, instance.now())
        note_planned(connection, opened.draft)


def add_own(instance: Instance, opened: OpenDraft, fields: PlanFields) -> str:
    """Add an action in the company's own words; returns its key."""
    with answering.writing(instance, opened) as connection:
        note_planned(connection, opened.draft)
        return plan_items.add_own(connection, opened.draft.id, fields, instance.now()).key


def add_known(instance: Instance, opened: OpenDraft, plan: Plan, name: str, language: str) -> str:
    """Add a measure or a catalogue entry to the plan; one that was dismissed comes back. Returns its key.

    Raises NotFound for what the catalogue does not hold, Refused("scheme-gone") for a scheme that is closed.
    """
    entry, now = _entry_to_add(instance, name, language), instance.now()
    if entry is None and name not in instance.library.catalogue(language).measures:
        raise NotFound(name)
    key = f"entry:{name}" if entry is not None else f"measure:{name}"
    back = next((card for card in plan.dismissed if card.key == key), None)
    with answering.writing(instance, opened) as connection:
        if back is not None:
            fields = replace(back.item, status="not-started", refusal="")
            plan_items.save_item(connection, opened.draft.id, key, fields, back.revision, now)
        elif entry is not None:
            plan_items.add_entry(connection, opened.draft.id, name, title_of(entry), now)
        elif all(card.key != key for card in plan.cards):
            plan_items.save_item(connection, opened.draft.id, key, PlanFields(), 0, now)
        note_planned(connection, opened.draft)
    return key


def set_aside(instance: Instance, opened: OpenDraft, name: str, language: str) -> None:
    """Keep a catalogue entry for a plan that is not there yet; the first results bring it along.

    Raises what `add_known` does, and Refused("plan-full").
    """
    entry = _entry_to_add(instance, name, language)
    if entry is None:
        raise NotFound(name)
    with answering.writing(instance, opened) as connection:
        if len(plan_items.plan_of(connection, opened.draft.id)) >= MOST_ACTIONS:
            raise Refused("plan-full")
        plan_items.add_entry(connection, opened.draft.id, name, title_of(entry), instance.now())


def _entry_to_add(instance: Instance, name: str, language: str) -> Scheme | BuildingBlock | None:
    catalogue = instance.library.catalogue(language)
    entry = catalogue.schemes.get(name) or catalogue.blocks.get(name)
    if isinstance(entry, Scheme) and entry.gone(instance.now().date()):
        raise Refused("scheme-gone")
    return entry


def selected(plan: Plan, chosen: Sequence[str]) -> list[str]:
    """The keys of the plan that these measures would make.

    What is begun or done stays, and so do catalogue entries and own actions.
    """
    kept = [
        card.key for card in plan.cards
        if card.step is None or card.step.measure.id in chosen or card.item.status in ("in-progress", "done")
    ]  # fmt: skip
    return kept + [key for name in chosen if (key := f"measure:{name}") not in kept]


@dataclass(frozen=True, slots=True)
class Period:
    """When a measure is to be carried out: after one day, and until another."""

    after: date
    until: date

    def dated(self, fields: PlanFields) -> PlanFields:
        """The fields with a date in the period; one that the company set within it stays, as does what is begun."""
        settled = fields.deadline is not None and self.after < fields.deadline <= self.until
        begun = fields.status in ("in-progress", "done")
        return fields if settled or begun else replace(fields, deadline=self.until)


def use_selection(
    instance: Instance, opened: OpenDraft, plan: Plan, chosen: Sequence[str], reason: str,
    periods: Mapping[str, Period] | None = None,
) -> None:  # fmt: skip
    """Make these measures the plan: those that are missing come in, the others are put aside with the reason.

    With `periods` each gets its date, and they stand in the order given, behind what stays. All of it or nothing is
    saved.
    """
    now, draft, keys = instance.now(), opened.draft.id, selected(plan, chosen)
    periods_of = {f"measure:{name}": period for name, period in (periods or {}).items()}

    def dated(key: str, fields: PlanFields) -> PlanFields:
        return periods_of[key].dated(fields) if key in periods_of else fields

    held = {card.key for card in (*plan.cards, *plan.dismissed)}
    with answering.writing(instance, opened) as connection:
        for card in plan.cards:
            fields = dated(card.key, card.item)
            if card.key not in keys:
                fields = replace(card.item, status="not-for-us", refusal=reason)
            if fields != card.item:
                plan_items.save_item(connection, draft, card.key, fields, card.revision, now)
        for card in plan.dismissed:
            if card.key in keys:
                fields = dated(card.key, replace(card.item, status="not-started", refusal=""))
                plan_items.save_item(connection, draft, card.key, fields, card.revision, now)
        for key in keys:
            if key not in held:
                plan_items.save_item(connection, draft, key, dated(key, PlanFields()), 0, now)
        if periods is not None:
            ordered = [f"measure:{name}" for name in chosen]
            plan_items.reorder(connection, draft, [*(key for key in keys if key not in ordered), *ordered], now)
        note_planned(connection, opened.draft)


def move(instance: Instance, opened: OpenDraft, plan: Plan, key: str, by: Literal[-1, 1]) -> None:
    """Move a card one place up or down; at the end it stays where it is.

    Raises NotFound where the plan has no such card.
    """
    keys = [card.key for card in plan.cards]
    if key not in keys:
        raise NotFound(key)
    here = keys.index(key)
    there = min(max(here + by, 0), len(keys) - 1)
    keys[here], keys[there] = keys[there], keys[here]
    with answering.writing(instance, opened) as connection:
        plan_items.reorder(connection, opened.draft.id, keys, instance.now())
