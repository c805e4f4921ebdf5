"""The actions of a plan as rows of figures and texts, the same for the workbook and the CSV file."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from assessment.core.uses import Range
from assessment.i18n import Language
from assessment.reporting.documents import ActionCard, ActionPlanDocument

Cell = str | int | float | Decimal | date | None
"""What stands in a cell; None is empty."""

COLUMNS: Final = (
    "number", "action", "measure", "effort", "status", "owner", "deadline", "eur_low", "eur_typical", "eur_high",
    "tonnes_low", "tonnes_typical", "tonnes_high", "cost_low", "cost_high", "payback_years", "hours", "confidence",
    "published_saving", "first_step", "note",
)  # fmt: skip
"""The names of the columns in files for machines."""

ALL = "all"
"""The number of the last row, which holds the totals of the plan."""

_KG_IN_T = 1000


def headings(language: Language) -> Sequence[str]:
    """The columns in the words of a language."""
    _ = language.gettext
    return (
        _("No."), _("Action"), _("Measure"), _("Effort"), _("Status"), _("Owner"), _("By"), _("EUR a year, low"),
        _("EUR a year, typical"), _("EUR a year, high"), _("t CO2e a year, low"), _("t CO2e a year, typical"),
        _("t CO2e a year, high"), _("Cost in EUR, low"), _("Cost in EUR, high"), _("Payback in years"),
        _("Own hours"), _("Confidence"), _("Published saving"), _("First step"), _("Note"),
    )  # fmt: skip


def rows_of(document: ActionPlanDocument) -> list[list[Cell]]:
    """A row for each action; codes stay codes."""
    return [_row(action) for action in document.actions]


def total_row(document: ActionPlanDocument) -> list[Cell] | None:
    """The totals of the plan, which are no sums of the rows: actions on one use share it."""
    if document.money is None:
        return None
    totals = document.money.totals
    return [
        ALL, None, None, None, None, None, None, *_figures(totals.eur), *_tonnes(totals.carbon),
        *_ends(totals.cost), _rounded(totals.payback), _rounded(totals.hours), totals.certainty, None, None, None,
    ]  # fmt: skip


def _row(action: ActionCard) -> list[Cell]:
    saving = action.saving
    figures: list[Cell] = [None] * 11
    if saving is not None:
        figures = [
            *_figures(saving.eur if saving.in_money else None),
            *_tonnes(saving.carbon if saving.in_carbon else None),
            *_ends(saving.cost), _rounded(saving.payback), _rounded(saving.hours), saving.certainty,
        ]  # fmt: skip
    published = "; ".join(f"{row.low}-{row.high} % {row.use}" for row in action.savings)
    return [
        action.number, action.title, action.measure or None, action.effort, action.status, action.owner or None,
        action.deadline, *figures, published or None, action.first_step or None, action.note or None,
    ]  # fmt: skip


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
