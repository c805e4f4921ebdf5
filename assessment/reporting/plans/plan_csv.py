"""The actions of a plan as one CSV file, in UTF-8 with a mark that spreadsheets understand.

Text that a spreadsheet would take for a formula is defused by an apostrophe before it; numbers stay numbers.
"""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Final

from assessment.content.spreadsheet_text import defused
from assessment.core.money.uses import Range
from assessment.i18n import Language
from assessment.reporting.checks.display_files import SCORE, shown_rows
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.money import amounts
from assessment.reporting.plans.plan_rows import COLUMNS, Cell, rows_of, total_row

SHOWN: Final = ("eur_shown", "emissions_shown", "cost_shown")
_NONE: Final = ("",) * len(SHOWN)


def as_csv(document: ActionPlanDocument, language: Language) -> bytes:
    """One row for each action, and a last one with the totals; columns and codes are the same in every language.

    Figures are as exact as they are; the last columns tell them as pages show them. Where the check has stages or two
    scores of each section, these stand in rows behind the actions, and a column `score` is added.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *SHOWN, *((SCORE,) if document.shown else ())))
    for action, row in zip(document.actions, rows_of(document), strict=True):
        saving = action.saving
        told = _NONE
        if saving is not None:
            kept = saving.carbon if saving.in_carbon or amounts.is_loss(saving.carbon) else None
            told = _told(saving.eur if saving.in_money else None, kept, saving.cost, language)
        writer.writerow([*map(_cell, row), *told])
    total = total_row(document)
    if total is not None and document.money is not None:
        sums = document.money.totals
        writer.writerow([*map(_cell, total), *_told(sums.eur, sums.carbon, sums.cost, language)])
    for shown in shown_rows(document.shown, language) if document.shown else ():
        cells = {"number": shown.what, "action": shown.of, "note": shown.says}
        writer.writerow([*(_cell(cells.get(name)) for name in COLUMNS), *_NONE, _cell(shown.score)])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _told(eur: Range | None, carbon: Range | None, cost: Range | None, language: Language) -> tuple[str, ...]:
    return (
        amounts.typical_and_span(eur, language) if eur else "",
        f"{amounts.carbon(carbon.typical, language)} ({amounts.carbon_span(carbon, language)})" if carbon else "",
        amounts.euro_span(cost, language) if cost else "",
    )  # fmt: skip


def _cell(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case int() | float():
            return cell
        case Decimal():
            return f"{cell:f}"
        case date():
            return cell.isoformat()
    return defused(cell)
