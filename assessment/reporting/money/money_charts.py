"""Where the boxes and lines of the charts about money stand; the macros of `macros/money.html` only draw them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessment.core.money.uses import Range
from assessment.i18n import Language
from assessment.reporting.documents import ActionCard, ActionPlanDocument
from assessment.reporting.money import amounts
from assessment.reporting.money.money_document import Money, SumStep

MOST_STEPS = 16
"""More columns than that cannot be told apart."""

WIDTH, HEIGHT = 480.0, 150.0
_LEFT, _TOP, _FOOT = 40.0, 14.0, 132.0
_KG_IN_T = 1000


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across a chart with its label; `at` in per cent or in units of the drawing."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class RangeBox:
    """One action as a box from low to high, in per cent of the width, with what is printed beside it."""

    number: int
    title: str
    low: float
    typical: float
    high: float
    text: str
    span: str
    words: str


@dataclass(frozen=True, slots=True)
class RangeChart:
    """Boxes on one scale."""

    rows: tuple[RangeBox, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column from `top` down by `height`, `width` wide; `number` stands under it."""

    left: float
    width: float
    top: float
    height: float
    label: str
    rises: bool = True
    text: str = ""


@dataclass(frozen=True, slots=True)
class Whisker:
    """The range of the last column."""

    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SumChart:
    """The sum in plan order: a column for each action, and one for all of them with its range."""

    columns: tuple[Column, ...]
    total: Column
    whisker: Whisker
    text: str
    ticks: tuple[Tick, ...]
    title: str

    @property
    def falls(self) -> bool:
        """Whether a column lowers the sum."""
        return not all(column.rises for column in self.columns)


@dataclass(frozen=True, slots=True)
class CurveChart:
    """A box for each action: as wide as the tonnes it saves a year, from its low to its high cost of a tonne."""

    boxes: tuple[Column, ...]
    lines: tuple[Column, ...]
    costs: tuple[Tick, ...]
    tonnes: tuple[Tick, ...]
    title: str


def scale(top: float, most: int = 3) -> tuple[float, ...]:
    """Round numbers from 0 to at least `top`, in at most so many steps."""
    if top <= 0:
        return (0.0, 1.0)
    rough = top / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
    return tuple(step * at for at in range(math.ceil(top / step - 1e-9) + 1))


def range_chart(actions: Sequence[ActionCard], language: Language) -> RangeChart | None:
    """What each action saves by itself, in EUR a year."""
    found = [(action, action.saving.eur) for action in actions if action.saving and action.saving.in_money]
    boxes = [(action, eur) for action, eur in found if eur is not None]
    if not boxes:
        return None
    ticks = scale(max(eur.high for _, eur in boxes))
    unit = ticks[-1] / 100
    return RangeChart(
        tuple(_box(action, eur, unit, language) for action, eur in boxes),
        tuple(Tick(tick / unit, amounts.plain(tick, language)) for tick in ticks),
    )


def _box(action: ActionCard, eur: Range, unit: float, language: Language) -> RangeBox:
    span, text = amounts.span(eur, language), amounts.estimate(eur.typical, language)
    words = language.gettext("%(title)s: about EUR %(amount)s a year, %(range)s") % {
        "title": action.title, "amount": text, "range": span,
    }  # fmt: skip
    return RangeBox(
        action.number, action.title, max(0.0, eur.low) / unit, eur.typical / unit, eur.high / unit, text, span, words
    )


def sum_chart(money: Money, language: Language) -> SumChart | None:
    """The sum in plan order; none for one action alone, for too many, or where it falls below zero on its way."""
    eur, steps = money.totals.eur, money.steps
    if eur is None or not 2 <= len(steps) <= MOST_STEPS or min(eur.typical, *(step.after for step in steps)) < 0:
        return None
    ticks = scale(max(eur.high, *(step.after for step in steps)), 4)
    unit = (_FOOT - _TOP) / ticks[-1]
    pace = (WIDTH - _LEFT) / (len(steps) + 1)
    columns = tuple(_column(step, at, pace, unit, language) for at, step in enumerate(steps))
    left = _LEFT + len(steps) * pace + pace * 0.14
    total = Column(left, pace * 0.72, _FOOT - eur.typical * unit, eur.typical * unit, language.gettext("All"))
    whisker = Whisker(left + pace * 0.6, _FOOT - max(0.0, eur.low) * unit, _FOOT - eur.high * unit)
    title = language.gettext("The savings added up in plan order come to about EUR %(amount)s a year, %(range)s") % {
        "amount": amounts.estimate(eur.typical, language), "range": amounts.span(eur, language),
    }  # fmt: skip
    return SumChart(
        columns, total, whisker, amounts.estimate(eur.typical, language),
        tuple(Tick(_FOOT - tick * unit, amounts.plain(tick, language)) for tick in ticks), title,
    )  # fmt: skip


def _column(step: SumStep, at: int, pace: float, unit: float, language: Language) -> Column:
    low, high = sorted((step.before, step.after))
    left = _LEFT + at * pace + pace * 0.14
    rises = step.after >= step.before
    text = amounts.estimate(high - low, language)
    return Column(
        left, pace * 0.72, _FOOT - high * unit, (high - low) * unit, str(step.number), rises,
        text if rises else f"–{text}",
    )  # fmt: skip


def curve_chart(plan: ActionPlanDocument, language: Language) -> CurveChart | None:
    """The cost curve, where there are enough actions for one.

    The cost is what is paid once, before funding and before anything it saves: a curve of net costs would have to rank
    negative ones, and dividing them by the tonnes puts the wrong ones first.
    """
    actions = plan.curve
    found = [(a.number, a.saving.cost, a.saving.carbon) for a in actions if a.saving is not None]
    known = [(number, cost, carbon.typical / _KG_IN_T) for number, cost, carbon in found if cost and carbon]
    if not known:
        return None
    costs = scale(max(cost.high / tonnes for _, cost, tonnes in known), 4)
    tonnes_axis = scale(sum(tonnes for _, _, tonnes in known), 4)
    up, across = (_FOOT - _TOP) / costs[-1], (WIDTH - _LEFT) / tonnes_axis[-1]
    boxes, lines, left = [], [], _LEFT
    for number, cost, tonnes in known:
        low, typical, high = (_FOOT - figure / tonnes * up for figure in cost)
        boxes.append(Column(left, tonnes * across, high, low - high, str(number)))
        lines.append(Column(left, tonnes * across, typical, 0.0, ""))
        left += tonnes * across
    title = language.gettext("Cost of each tonne that is saved a year, by action, from the lowest to the highest")
    return CurveChart(
        tuple(boxes), tuple(lines),
        tuple(Tick(_FOOT - tick * up, amounts.plain(tick, language)) for tick in costs),
        tuple(Tick(_LEFT + tick * across, amounts.plain(tick, language)) for tick in tonnes_axis), title,
    )  # fmt: skip
