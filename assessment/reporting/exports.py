"""A plan as files to work on with: a workbook, a Word document, JSON and CSV, all of what the printed plan shows.

One document is behind all of them and the PDF, so they cannot show other figures than it does.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from assessment.core.errors import NotMade
from assessment.i18n import Language
from assessment.reporting.compose import compose_word
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.pdf import RenderFailed, run_child
from assessment.reporting.plan_csv import as_csv
from assessment.reporting.plan_json import as_json

Form = Literal["xlsx", "docx", "json", "csv"]

NAME: Final = "green-pathways-plan"


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of file: what it is called on the web, and how it is made."""

    mimetype: str
    make: Callable[[ActionPlanDocument, Language], bytes]


def as_xlsx(document: ActionPlanDocument, language: Language) -> bytes:
    """A workbook. What writes it is loaded with the first one, so that no web worker waits for it when it starts."""
    workbook: Callable[[ActionPlanDocument, Language], bytes]
    workbook = importlib.import_module("assessment.reporting.plan_workbook").as_xlsx
    return workbook(document, language)


def as_docx(document: ActionPlanDocument, language: Language) -> bytes:
    """A Word document, made by a child process: what writes it takes as long to load as the rest of a web worker.

    Raises NotMade where it could not be made.
    """
    try:
        return run_child("assessment.reporting.word", compose_word(document, language))
    except RenderFailed as failure:
        raise NotMade(failure.code) from failure


EXPORTS: Final[dict[Form, Export]] = {
    "xlsx": Export("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "docx": Export("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_docx),
    "json": Export("application/json", as_json),
    "csv": Export("text/csv", as_csv),
}
"""One entry for each form; pages and command line offer what stands here."""
