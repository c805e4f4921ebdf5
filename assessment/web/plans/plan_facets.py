"""Filters of the plan page: by topic, cost, payback, status and owner, all in the address."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assessment.i18n import Language
from assessment.reporting.plans.action_words import status_words
from assessment.services.plans.planning import STATUSES, Card
from assessment.web.plans.plan_words import level_words, resource_words

YEAR, YEARS = 12, 60


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """One value to filter by, and how many cards have it."""

    id: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One property to filter by."""

    name: str
    label: str
    choices: tuple[FacetChoice, ...]


def _topics(card: Card) -> tuple[str, ...]:
    return card.step.measure.resources if card.step else ()


def _cost(card: Card) -> tuple[str, ...]:
    return (card.step.measure.investment.level,) if card.step else ()


def _payback(card: Card) -> tuple[str, ...]:
    payback = card.step.measure.payback_months if card.step else None
    if payback is None or payback.high is None:
        return ()
    if payback.high <= YEAR:
        return ("short",)
    return ("medium",) if payback.high <= YEARS else ("long",)


def _status(card: Card) -> tuple[str, ...]:
    return (card.item.status,)


def _owner(card: Card) -> tuple[str, ...]:
    return (card.item.owner,) if card.item.owner else ()


_VALUES: dict[str, Callable[[Card], tuple[str, ...]]] = {
    "topic": _topics, "cost": _cost, "payback": _payback, "status": _status, "owner": _owner,
}  # fmt: skip
FACETS = tuple(_VALUES)
_ORDER: dict[str, tuple[str, ...]] = {
    "cost": ("none", "low", "medium", "high"), "payback": ("short", "medium", "long"), "status": STATUSES,
}  # fmt: skip
"""Values that rise; those of other facets stand by name."""


def passes(card: Card, chosen: Mapping[str, Sequence[str]]) -> bool:
    """Whether a card has one of the chosen values of each facet that anything was chosen for."""
    return all(not wanted or set(wanted) & set(_VALUES[name](card)) for name, wanted in chosen.items())


def facets(cards: Sequence[Card], language: Language) -> list[Facet]:
    """Every facet with the values that occur, in their own order."""
    _ = language.gettext
    labels = {
        "topic": _("Topic"), "cost": _("Cost"), "payback": _("Payback"), "status": _("Status"), "owner": _("Owner"),
    }  # fmt: skip
    return [Facet(name, labels[name], _choices(name, cards, language)) for name in FACETS]


def _choices(name: str, cards: Sequence[Card], language: Language) -> tuple[FacetChoice, ...]:
    counts = Counter(value for card in cards for value in _VALUES[name](card))
    choices = [FacetChoice(value, _label(name, value, language), count) for value, count in counts.items()]
    order = _ORDER.get(name, ())
    return tuple(sorted(choices, key=lambda choice: (order.index(choice.id) if order else 0, choice.label)))


def _label(name: str, value: str, language: Language) -> str:
    _ = language.gettext
    if name == "topic":
        return resource_words(value, language)
    if name == "cost":
        return level_words(value, language)
    if name == "status":
        return status_words(value, language)
    paybacks = {"short": _("Within a year"), "medium": _("One to five years"), "long": _("Longer")}
    return paybacks.get(value, value)
