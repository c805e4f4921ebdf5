"""Following the plan up: what the actions cost, what they saved, and how that compares with what was forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.core.plans import follow_up
from assessment.core.plans.follow_up import Compared, Doubt, Forecast, Measured, MeasuredUse, Tracked
from assessment.services.plans.planning import Card, Plan

Forecasts = Mapping[str, Sequence[Forecast]]
"""What each action, by the key of its card, was expected to save."""


@dataclass(frozen=True)
class Outcome:
    """One action with what came of it; `doubts` are to be asked about."""

    card: Card
    measured: Measured | None
    tracked: Tracked | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Progress:
    """The plan as far as it was followed up: the actions about which something was noted, and their sums.

    `saved` counts every measured saving, `totals` compares those alone that have a forecast as well.
    """

    outcomes: tuple[Outcome, ...]
    cost: Decimal | None
    with_cost: int
    saved: Mapping[MeasuredUse, float]
    totals: tuple[Compared, ...]

    @property
    def measured(self) -> tuple[Outcome, ...]:
        """The actions whose saving was measured."""
        return tuple(outcome for outcome in self.outcomes if outcome.measured is not None)

    def of(self, key: str) -> Outcome | None:
        """What came of the action of that key, if anything was noted."""
        return next((outcome for outcome in self.outcomes if outcome.card.key == key), None)


def progress_of(plan: Plan, today: date, forecasts: Forecasts) -> Progress:
    """What came of a plan so far; actions that were put aside do not count."""
    noted = [card for card in plan.cards if card.item.follow_up]
    outcomes = tuple(outcome_of(card, today, forecasts.get(card.key, ())) for card in noted)
    costs = [card.item.follow_up.cost.amount for card in noted if card.item.follow_up.cost is not None]
    found = [outcome.measured for outcome in outcomes if outcome.measured is not None]
    return Progress(
        outcomes,
        sum(costs, Decimal(0)) if costs else None,
        len(costs),
        follow_up.saved_by_use(found),
        follow_up.totals([outcome.tracked for outcome in outcomes if outcome.tracked is not None]),
    )


def outcome_of(card: Card, today: date, forecasts: Sequence[Forecast]) -> Outcome:
    """What came of one action."""
    noted = card.item.follow_up
    found = follow_up.measured(noted)
    return Outcome(card, found, follow_up.tracked(forecasts, found), follow_up.doubts(noted, today))
