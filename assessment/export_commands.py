"""The commands `assessment export`, `assessment release` and `assessment report`.

A file of the plan of an example company or of a check of this instance, or of a cluster's newest figures; and the check
of a release file that somebody sent. And the action plan or a review, printed.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import click

from assessment.config import Settings
from assessment.content import folders
from assessment.content.aggregates.release_files import LARGEST, in_groups, read
from assessment.core.errors import NotFound, Refused
from assessment.i18n import SOURCE, languages
from assessment.opening import make_instance
from assessment.press import ReportPress, example_document, language_of, plan_document, readiness_document
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.cluster_exports import CLUSTER_EXPORTS, release_file
from assessment.reporting.aggregates.release_words import refusal_words
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.pdf import render_pdf
from assessment.reporting.plans.exports import EXPORTS
from assessment.reporting.plans.plan_files import Form
from assessment.services.aggregates import release_files
from assessment.services.instance import Instance
from assessment.services.mentors import review_material
from assessment.services.plans import reports
from assessment.storage import migrating

FORMS = (*get_args(Form), "pdf")
SIGNED = "release"
CLUSTER_FORMS = (*CLUSTER_EXPORTS, "pdf", SIGNED)
"""A release is the signed file for other clusters; CSV comes with its codebook as a ZIP."""
STEPS = 3
"""Content, document, file: what the progress bar counts."""


@click.command()
@click.option("--example", help="An example company.")
@click.option("--draft", help="A check of this instance, by the id in its addresses.")
@click.option("--cluster", help="A cluster of this instance, by the id in its addresses: its newest figures.")
@click.option("--format", "form", type=click.Choice((*FORMS, SIGNED)), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write the file.")
@click.option("--language", "code", default="en", show_default=True)
def export(example: str | None, draft: str | None, cluster: str | None, form: str, out: Path, code: str) -> None:
    """Write a plan, or a cluster's figures, as a workbook, Word document, JSON, CSV, PDF or signed release file."""
    if sum(given is not None for given in (example, draft, cluster)) != 1:
        raise click.UsageError("Name one: an example with --example, a check with --draft, a cluster with --cluster.")
    allowed = FORMS if cluster is None else CLUSTER_FORMS
    if form not in allowed:
        raise click.BadParameter(f"Choose one of: {', '.join(allowed)}.", param_hint="--format")
    if code not in languages(folders.LOCALE):
        raise click.BadParameter(f"Choose one of: {', '.join(languages(folders.LOCALE))}.", param_hint="--language")
    with told_in_steps(STEPS, out.name) as step:
        instance = make_instance(Settings.from_env(os.environ))
        step()
        if cluster is not None:
            figures = _figures(instance, cluster, code)
            step()
            out.write_bytes(_cluster_content(instance, figures, form, code))
        else:
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
    for known, make in EXPORTS.items():
        if known == form:
            return make(document, language_of(code))
    return ReportPress().printed(document, code)


def _figures(instance: Instance, cluster_id: str, code: str) -> ClusterReadinessDocument:
    migrating.upgrade(instance.database)
    try:
        return readiness_document(instance, cluster_id, code)
    except NotFound as missing:
        raise click.BadParameter("There is no such cluster with figures.", param_hint="--cluster") from missing


def _cluster_content(instance: Instance, document: ClusterReadinessDocument, form: str, code: str) -> bytes:
    if form == SIGNED:
        return release_files.signed(instance, release_file(document, language_of(code)))
    for known, made in CLUSTER_EXPORTS.items():
        if known == form:
            return made.make(document, language_of(code))
    return ReportPress().printed(document, code)


@click.group("release")
def release() -> None:
    """Release files: the figures of a cluster as they are given to research and to other clusters."""


@release.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Check a release file: whether it is whole, of which cluster and day it is, and which key signed it."""
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    try:
        found = read(content)
    except Refused as refused:
        raise click.ClickException(f"{refusal_words(refused.code, language_of(SOURCE))}.") from refused
    snapshot = found.file.snapshot
    companies = "not shown" if snapshot.companies is None else f"about {snapshot.companies}"
    click.echo(f"The file is whole. Figures of {found.file.cluster!r} of {snapshot.taken_at:%Y-%m-%d}.")
    click.echo(f"Companies: {companies}. Smallest group that is told of: {snapshot.rules.k}.")
    click.echo(f"Signed with the key {in_groups(found.signer)}. Compare it with the one that the cluster tells you.")


@click.command()
@click.option("--example", help="The example company whose action plan to print.")
@click.option("--draft", help="A check of this instance, by the id in its addresses, whose mentor's review to print.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write the PDF.")
@click.option("--language", "code", default="en", show_default=True)
def report(example: str | None, draft: str | None, out: Path, code: str) -> None:
    """Print the action plan of an example company, or the report of a mentor's review of a check.

    The action plan of a check is written by `assessment export --draft ID --format pdf`.
    """
    if (example is None) == (draft is None):
        raise click.UsageError("Name either an example with --example, or a check with --draft.")
    known = languages(folders.LOCALE)
    if code not in known:
        raise click.BadParameter(f"Choose one of: {', '.join(known)}.", param_hint="--language")
    with told_in_steps(2, out.name) as step:
        instance = make_instance(Settings.from_env(os.environ))
        step()
        press = ReportPress(render_pdf)
        content = _review(instance, press, draft, code) if draft else _example(instance, press, example or "", code)
        out.write_bytes(content)
        step()
    click.echo(f"Written to {out}.")


def _example(instance: Instance, press: ReportPress, name: str, code: str) -> bytes:
    examples = instance.library.all_examples()
    if name not in examples:
        raise click.BadParameter(f"Choose one of: {', '.join(examples)}.", param_hint="--example")
    return press.example(instance, examples[name], code)


def _review(instance: Instance, press: ReportPress, draft_id: str, code: str) -> bytes:
    migrating.upgrade(instance.database)
    try:
        return press.mentor_review(instance, review_material.material_for(instance, draft_id, code))
    except NotFound as missing:
        raise click.BadParameter("There is no such check.", param_hint="--draft") from missing
