"""The actions of a plan as one CSV file, in UTF-8 with a mark that spreadsheets understand.

Text that a spreadsheet would take for a formula is defused by an apostrophe before it; numbers stay numbers.
"""

import csv
import io
from datetime import date
from decimal import Decimal

from assessment.content.spreadsheet_text import defused
from assessment.i18n import Language
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.plan_rows import COLUMNS, Cell, rows_of, total_row


def as_csv(document: ActionPlanDocument, language: Language) -> bytes:
    """One row for each action, and a last one with the totals; columns and codes are the same in every language."""
    del language
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    total = total_row(document)
    for row in (*rows_of(document), *([total] if total is not None else [])):
        writer.writerow([_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


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
