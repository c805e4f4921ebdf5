"""The plan in a company's hands: the recommended steps with owner, date, status and order, and its own actions.

A card that nobody touched has no row: the recommendation is the frozen result, and what the company changes is
laid over it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assessment.core.catalogue import BuildingBlock, FundingMatch, Scheme, blocks_for, funding_for
from assessment.core.errors import NotFound
from assessment.core.plan import Step
from assessment.services.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.results import Results
from assessment.storage import assessments
from assessment.storage.assessments import PlanItem

Status = Literal["not-started", "planned", "in-progress", "done", "not-for-us"]
STATUSES: tuple[Status, ...] = ("not-started", "planned", "in-progress", "done", "not-for-us")

MOST_ACTIONS = 60
"""A plan of more is no plan, and the printed one stays under 60 pages."""


@dataclass(frozen=True)
class Card:
    """One action of the plan: a measure, something from the catalogue, or the company's own."""

    key: str
    step: Step | None
    entry: Scheme | BuildingBlock | None
    item: PlanItem

    @property
    def kind(self) -> Literal["measure", "entry", "own"]:
        """Where the action came from."""
        if self.step is not None:
            return "measure"
        return "entry" if self.entry is not None else "own"


@dataclass(frozen=True)
class Plan:
    """The cards in the company's order, those it dismissed, and what it could still add."""

    cards: tuple[Card, ...]
    dismissed: tuple[Card, ...]
    more: tuple[Step, ...]
    may_fit: tuple[Step, ...]

    def card(self, key: str) -> Card:
        """The card of that key, dismissed or not.

        Raises NotFound where the plan has none.
        """
        for card in (*self.cards, *self.dismissed):
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
        items = {item.key: item for item in assessments.plan_items(connection, opened.draft.id)}
    return laid_over(results, items)


def laid_over(results: Results, items: dict[str, PlanItem]) -> Plan:
    """The recommendation with what the company made of it."""
    steps = {step.measure.id: step for step in results.plan}
    keys = [step.measure.id for step in results.plan.steps]
    keys += [key for key in items if key not in keys]
    cards = [_card(results, steps, key, items.get(key) or assessments.untouched(key)) for key in keys]
    cards = [card for card in cards if card.kind != "own" or card.item.title]
    # Cards that were never moved keep their place among themselves, behind those that were.
    cards.sort(key=lambda card: card.item.position if card.item.position is not None else len(keys) + 1)
    held = {card.key for card in cards}
    return Plan(
        tuple(card for card in cards if card.item.status != "not-for-us"),
        tuple(card for card in cards if card.item.status == "not-for-us"),
        tuple(step for step in results.plan.more if step.measure.id not in held),
        tuple(step for step in results.plan.may_fit if step.measure.id not in held),
    )


def _card(results: Results, steps: dict[str, Step], key: str, item: PlanItem) -> Card:
    catalogue = results.catalogue
    entry = catalogue.schemes.get(key) or catalogue.blocks.get(key) if key not in steps else None
    return Card(key, steps.get(key), entry, item)


def supports_of(results: Results, step: Step, today: date) -> Supports:
    """Funding open on the day, whom to ask, and building blocks for a step."""
    return Supports(
        funding_for(step.measure, results.profile, today, results.catalogue),
        blocks_for(step.measure, results.profile, results.catalogue),
    )


def change_card(
    instance: Instance, opened: OpenDraft, card: Card, *, status: str, owner: str, deadline: date | None, note: str,
    refusal: str, title: str | None, seen_revision: int,
) -> None:  # fmt: skip
    """Save what was said about one action.

    Raises Conflict where it was changed elsewhere since it was shown.
    """
    with instance.database.writing() as connection:
        assessments.save_plan_item(
            connection, opened.draft.id, card.key, status=status, owner=owner, deadline=deadline, note=note,
            refusal=refusal if status == "not-for-us" else "", title=card.item.title if title is None else title,
            seen_revision=seen_revision, now=instance.now(),
        )  # fmt: skip


def add_own(instance: Instance, opened: OpenDraft, title: str, note: str, owner: str, deadline: date | None) -> str:
    """Add an action in the company's own words; returns its key."""
    with instance.database.writing() as connection:
        return assessments.add_own_action(
            connection, opened.draft.id, title=title, note=note, owner=owner, deadline=deadline, now=instance.now()
        )


def add_known(instance: Instance, opened: OpenDraft, key: str) -> None:
    """Add a measure or a catalogue entry to the plan; one that was dismissed comes back.

    Raises NotFound for what the catalogue does not hold.
    """
    catalogue = instance.library.catalogue(opened.draft.language)
    if key not in catalogue.measures and key not in catalogue.schemes and key not in catalogue.blocks:
        raise NotFound(key)
    with instance.database.writing() as connection:
        assessments.add_to_plan(connection, opened.draft.id, key, instance.now())


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
    order(instance, opened, keys)


def order(instance: Instance, opened: OpenDraft, keys: Sequence[str]) -> None:
    """Keep the cards in this order."""
    with instance.database.writing() as connection:
        assessments.order_plan(connection, opened.draft.id, keys, instance.now())
