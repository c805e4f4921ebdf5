"""The command `assessment export`: the plan of an example company, or of a check of this instance, as a file."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import click

from assessment.config import Settings
from assessment.content import folders
from assessment.core.errors import NotFound
from assessment.i18n import languages
from assessment.opening import make_instance
from assessment.press import ReportPress, example_document, language_of, plan_document
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.exports import EXPORTS, Form
from assessment.services import reports
from assessment.services.instance import Instance
from assessment.storage import migrating

FORMS = (*get_args(Form), "pdf")
STEPS = 3
"""Content, document, file: what the progress bar counts."""


@click.command()
@click.option("--example", help="An example company.")
@click.option("--draft", help="A check of this instance, by the id in its addresses.")
@click.option("--format", "form", type=click.Choice(FORMS), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write the file.")
@click.option("--language", "code", default="en", show_default=True)
def export(example: str | None, draft: str | None, form: str, out: Path, code: str) -> None:
    """Write a plan as a workbook, Word document, JSON, CSV or PDF."""
    if (example is None) == (draft is None):
        raise click.UsageError("Name either an example with --example, or a check with --draft.")
    if code not in languages(folders.LOCALE):
        raise click.BadParameter(f"Choose one of: {', '.join(languages(folders.LOCALE))}.", param_hint="--language")
    with told_in_steps(STEPS, out.name) as step:
        instance = make_instance(Settings.from_env(os.environ))
        step()
        document = _document(instance, example, draft, code)
        step()
        out.write_bytes(_content(document, form, code))
        step()
    click.echo(f"Written to {out}.")


@contextmanager
def told_in_steps(steps: int, label: str) -> Iterator[Callable[[], None]]:
    """A progress bar where somebody looks at the error stream; what it gives tells one step more."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=steps, label=label, file=sys.stderr, hidden=hidden, show_eta=False) as bar:
        yield lambda: bar.update(1)


def _document(instance: Instance, example: str | None, draft: str | None, code: str) -> ActionPlanDocument:
    if draft is not None:
        migrating.upgrade(instance.database)
        try:
            return plan_document(instance, reports.material_for(instance, draft, code))
        except NotFound as missing:
            raise click.BadParameter("There is no such check with a result.", param_hint="--draft") from missing
    examples = instance.library.all_examples()
    if example is None or example not in examples:
        raise click.BadParameter(f"Choose one of: {', '.join(examples)}.", param_hint="--example")
    return example_document(instance, examples[example], code)


def _content(document: ActionPlanDocument, form: str, code: str) -> bytes:
    for known, made in EXPORTS.items():
        if known == form:
            return made.make(document, language_of(code))
    return ReportPress().printed(document, code)
