"""A plan as files to work on with: a workbook, a Word document, JSON and CSV, all of what the printed plan shows.

One document is behind all of them and the PDF, so they cannot show other figures than it does.
"""

import importlib
from collections.abc import Callable, Mapping
from typing import Final

from assessment.core.errors import NotMade
from assessment.i18n import Language
from assessment.reporting.compose import compose_word
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.pdf import RenderFailed, run_child
from assessment.reporting.plans.plan_csv import as_csv
from assessment.reporting.plans.plan_files import Form
from assessment.reporting.plans.plan_json import as_json

Make = Callable[[ActionPlanDocument, Language], bytes]
"""How a plan becomes a file. Raises NotMade where it could not be made."""


def as_xlsx(document: ActionPlanDocument, language: Language) -> bytes:
    """A workbook. What writes it is loaded with the first one, so that no web worker waits for it when it starts."""
    workbook: Make = importlib.import_module("assessment.reporting.plans.plan_workbook").as_xlsx
    return workbook(document, language)


def as_docx(document: ActionPlanDocument, language: Language) -> bytes:
    """A Word document, made by a child process: what writes it takes as long to load as the rest of a web worker.

    Raises NotMade where it could not be made.
    """
    try:
        return run_child("assessment.reporting.word", compose_word(document, language))
    except RenderFailed as failure:
        raise NotMade(failure.code) from failure


EXPORTS: Final[Mapping[Form, Make]] = {"xlsx": as_xlsx, "docx": as_docx, "json": as_json, "csv": as_csv}
"""One entry for each form of `plan_files`."""
