"""The actions of a plan as rows of figures and texts, the same for the workbook and the CSV file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from assessment.core.money.uses import Range
from assessment.i18n import Language
from assessment.reporting.documents import ActionCard, ActionPlanDocument
from assessment.reporting.money import amounts
from assessment.reporting.money.money_document import Noted
from assessment.reporting.plans.action_words import effort_words, status_words
from assessment.reporting.plans.measured_words import unit_words, use_name

Cell = str | int | float | Decimal | date | None
"""What stands in a cell; None is empty."""

COLUMNS: Final = (
    "number", "action", "measure", "effort", "status", "owner", "deadline", "eur_low", "eur_typical", "eur_high",
    "tonnes_low", "tonnes_typical", "tonnes_high", "cost_low", "cost_high", "own_cost_low", "own_cost_high",
    "payback_years", "hours", "confidence",
    "published_saving", "first_step", "note", "planned_for", "started_on", "done_on", "real_cost", "measured_use",
    "measured_unit", "measured_before", "measured_after", "measured_saving", "forecast_low", "forecast_typical",
    "forecast_high", "what_else_changed",
)  # fmt: skip
"""The names of the columns in files for machines."""

_WORDS: Final[Mapping[str, Callable[[Any, Language], str]]] = {
    "effort": effort_words, "status": status_words, "confidence": amounts.certainty_words, "measured_use": use_name,
    "measured_unit": unit_words,
}  # fmt: skip
"""The columns of codes, each with what tells them in words."""

_ESTIMATES: Final = ("eur_", "tonnes_", "cost_", "own_cost_", "forecast_")
"""How the columns of estimates begin."""

ALL = "all"
"""The number of the last row, which holds the totals of the plan."""

_KG_IN_T = 1000


def headings(language: Language) -> Sequence[str]:
    """The columns in the words of a language."""
    _ = language.gettext
    return (
        _("No."), _("Action"), _("Measure"), _("Effort"), _("Status"), _("Owner"), _("By"), _("EUR a year, low"),
        _("EUR a year, typical"), _("EUR a year, high"), _("t CO2e a year, low"), _("t CO2e a year, typical"),
        _("t CO2e a year, high"), _("Cost in EUR, low"), _("Cost in EUR, high"),
        _("After funding, low"), _("After funding, high"), _("Payback in years"),
        _("Own hours"), _("Confidence"), _("Published saving"), _("First step"), _("Note"), _("Planned for"),
        _("Started on"), _("Done on"), _("Real cost in EUR"), _("Measured"), _("Unit"), _("Before, a year"),
        _("After, a year"), _("Saved, a year"), _("Forecast a year, low"), _("Forecast a year, typical"),
        _("Forecast a year, high"), _("What else changed"),
    )  # fmt: skip


def as_shown(row: Sequence[Cell]) -> list[Cell]:
    """A row with its estimates rounded as pages show them."""
    return [
        amounts.to_two_figures(cell) if isinstance(cell, float) and name.startswith(_ESTIMATES) else cell
        for name, cell in zip(COLUMNS, row, strict=True)
    ]  # fmt: skip


def in_words(row: Sequence[Cell], language: Language) -> list[Cell]:
    """A row with its codes in the words of a language."""
    named = dict(zip(COLUMNS, row, strict=True))
    for column, words in _WORDS.items():
        code = named[column]
        if isinstance(code, str):
            named[column] = words(code, language)
    return list(named.values())


def rows_of(document: ActionPlanDocument) -> list[list[Cell]]:
    """A row for each action; codes stay codes."""
    return [_row(action) for action in document.actions]


def total_row(document: ActionPlanDocument) -> list[Cell] | None:
    """The totals of the plan, which are no sums of the rows: actions on one use share it.

    What was really spent is a sum; what was measured has one for each use (`measured_rows`).
    """
    if document.money is None:
        return None
    totals = document.money.totals
    return [
        ALL, None, None, None, None, None, None, *_figures(totals.eur), *_tonnes(totals.carbon),
        *_ends(totals.cost), *_ends(totals.own_cost),
        _rounded(totals.payback), _rounded(totals.hours), totals.certainty, None, None, None,
        None, None, None, document.followed.cost if document.followed else None, *[None] * 9,
    ]  # fmt: skip


def _row(action: ActionCard) -> list[Cell]:
    saving = action.saving
    figures: list[Cell] = [None] * 13
    if saving is not None:
        figures = [
            *_figures(saving.eur if saving.in_money or saving.costs_more else None),
            *_tonnes(saving.carbon if saving.in_carbon else None),
            *_ends(saving.cost), *_ends(saving.own_cost),
            _rounded(saving.payback), _rounded(saving.hours), saving.certainty,
        ]  # fmt: skip
    published = "; ".join(f"{row.low}-{row.high} % {row.use}" for row in action.savings)
    return [
        action.number, action.title, action.measure or None, action.effort, action.status, action.owner or None,
        action.deadline, *figures, published or None, action.first_step or None, action.note or None,
        *_noted(action.noted),
    ]  # fmt: skip


def _noted(noted: Noted | None) -> list[Cell]:
    if noted is None:
        return [None] * 13
    found = noted.measured
    readings: list[Cell] = [None] * 8
    if found is not None:
        readings = [
            found.use, found.unit, _rounded(found.before), _rounded(found.after), _rounded(found.saving),
            *_figures(found.forecast),
        ]  # fmt: skip
    return [noted.planned_for, noted.started_on, noted.done_on, noted.cost, *readings, noted.besides or None]


def _figures(figure: Range | None) -> list[Cell]:
    return [None, None, None] if figure is None else [_rounded(value) for value in figure]


def _tonnes(kg: Range | None) -> list[Cell]:
    """To the gram, as the kilograms behind them, so that they round to what pages show."""
    return [None, None, None] if kg is None else [round(value / _KG_IN_T, 6) for value in kg]


def _ends(figure: Range | None) -> list[Cell]:
    return [None, None] if figure is None else [_rounded(figure.low), _rounded(figure.high)]


def _rounded(value: float | None) -> float | None:
    """To the thousandth: nobody knows an estimate better, and binary fractions stay out of files."""
    return None if value is None else round(value, 3)
