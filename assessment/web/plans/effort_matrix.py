"""The effort and saving matrix of the results page: the actions of the plan as numbered dots, and the same as a list.

To the right: effort in three steps. Upwards: the typical saving a year on a scale of equal ratios, because savings of
50 and of 5,000 euros stand side by side. Actions without a saving in euros are in the list alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assessment.core.money.savings import Saving
from assessment.core.plans.actions import Effort
from assessment.i18n import Language
from assessment.reporting.money import amounts
from assessment.reporting.plans.action_words import effort_words
from assessment.services.money.money import Reckoning
from assessment.services.plans.planning import Card

WIDTH: Final = 360
COLUMN: Final = 100
LEFT: Final = 40
TOP, FOOT = 30, 250
RADIUS: Final = 14
_PLACES: Final[Mapping[Effort, int]] = {"quick": 0, "plan": 1, "invest": 2}


@dataclass(frozen=True, slots=True)
class Dot:
    """One action in the drawing; a filled one is to be done first."""

    number: int
    x: float
    y: float
    filled: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """The drawing and its list: number, title, words of saving and effort. `best` is the action that saves most."""

    best: str
    dots: tuple[Dot, ...]
    columns: tuple[tuple[float, str], ...]
    rows: tuple[tuple[int, str, str], ...]


def matrix_of(reckoning: Reckoning, cards: Sequence[Card], language: Language) -> Matrix | None:
    """The matrix of a plan; None where fewer than two actions have a saving in euros."""
    _ = language.gettext
    found: list[tuple[int, Effort, float]] = []
    rows = []
    for number, card in enumerate(cards, start=1):
        if card.step is None:
            continue
        alone = reckoning.savings[card.step.measure.id]
        eur = alone.eur
        effort = effort_words(card.step.effort, language)
        saving = (
            amounts.euros_a_year(eur, language)
            if eur is not None and (eur.typical >= 1 or amounts.is_loss(eur))
            else _("not known in euros yet")
            if _is_unknown(alone)
            else _("no saving in euros")
        )
        rows.append((number, card.title, _("%(saving)s; %(effort)s") % {"saving": saving, "effort": effort}))
        if eur is not None and eur.typical >= 1:
            found.append((number, card.step.effort, eur.typical))
    if len(found) < 2:
        return None
    columns = tuple(
        (LEFT + place * COLUMN + COLUMN / 2, effort_words(effort, language)) for effort, place in _PLACES.items()
    )  # fmt: skip
    best = max(found, key=lambda each: each[2])[0]
    return Matrix(cards[best - 1].title, tuple(_placed(found)), columns, tuple(rows))


def _is_unknown(saving: Saving) -> bool:
    """Whether it could be worth euros if the company told more."""
    return any(
        each.lack in ("use", "share", "quantity", "price") and not (each.resource or "").startswith("co2e-")
        for each in saving.missing
    )


def _placed(found: Sequence[tuple[int, Effort, float]]) -> list[Dot]:
    """Dots of one column stand beside each other where they would touch."""
    logs = [math.log(eur) for _, _, eur in found]
    least, span = min(logs), max(max(logs) - min(logs), 1.0)
    dots: list[Dot] = []
    for (number, effort, _), log in zip(found, logs, strict=True):
        y = FOOT - RADIUS - (log - least) / span * (FOOT - TOP - 2 * RADIUS)
        middle = LEFT + _PLACES[effort] * COLUMN + COLUMN / 2
        x = next((at for at in (middle, middle - 31, middle + 31) if _is_free(dots, at, y)), middle)
        dots.append(Dot(number, round(x, 1), round(y, 1), effort == "quick"))
    return dots


def _is_free(dots: Sequence[Dot], x: float, y: float) -> bool:
    return all(math.hypot(dot.x - x, dot.y - y) >= 2 * RADIUS + 2 for dot in dots)
