"""The other files of a plan: workbook, Word document and data together against its PDF, child processes included."""

import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from assessment.press import example_document, language_of
from assessment.reporting.compose import compose, report_of
from assessment.reporting.pdf import render_pdf
from assessment.reporting.plans.exports import EXPORTS
from assessment.reporting.plans.plan_files import Form
from tests.bench.measuring import Line, shown
from tests.bench.site import LARGEST, ready_instance, settings_in

ROUNDS, RATIO = 5, 1.0
FORMS: tuple[Form, ...] = ("xlsx", "docx", "json")


def lines() -> Iterator[Line]:
    """CPU of the three files together / that of the PDF, both with the processes that they start."""
    with tempfile.TemporaryDirectory() as folder:
        instance = ready_instance(settings_in(Path(folder)))
        document = example_document(instance, instance.library.examples()[LARGEST], "en")
        instance.database.close()
    spoken = language_of("en")
    paper = _of(lambda: render_pdf(compose(document, spoken), report_of(document)))
    each = {form: _of(partial(EXPORTS[form], document, spoken)) for form in FORMS}
    for form, seconds in each.items():
        yield Line(f"{form.upper()} of the plan of {LARGEST}: CPU", shown(seconds), shown(paper), seconds / paper, None)
    together = sum(each.values())
    yield Line(
        "XLSX, DOCX and JSON of one plan together: CPU / its PDF",
        shown(together),
        shown(paper),
        together / paper,
        RATIO,
    )


def _of(work: Callable[[], object]) -> float:
    """The median CPU seconds of this process and its children for one run."""
    work()
    found = []
    for _ in range(ROUNDS):
        before = os.times()
        work()
        after = os.times()
        found.append(sum(after[:4]) - sum(before[:4]))
    return statistics.median(found)
