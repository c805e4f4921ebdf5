"""Commands about the catalogue: take it out as files, bring files back."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from assessment.app import catalogue_of, roots_of
from assessment.config import Settings
from assessment.content import folders
from assessment.content.catalogue import load_catalogue
from assessment.content.catalogue_folder import write_catalogue
from assessment.content.catalogue_import import KindChanges, Preview, preview
from assessment.content.library import checked_library
from assessment.core.errors import InvalidContent
from assessment.reporting.catalogue_files import ENDINGS, EXPORTS, FileFormat

MOST_LISTED = 50
"""Entries of a kind that a preview lists; the sums are of all."""

_existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def catalogue() -> None:
    """The catalogue as files: CSV, a workbook, JSON."""


@catalogue.command()
@click.option("--format", "form", type=click.Choice(list(EXPORTS)), required=True, help="csv makes a ZIP of CSV files.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
def export(form: FileFormat, out: Path | None) -> None:
    """Write the whole catalogue into a file."""
    held = load_catalogue(catalogue_of(Settings.from_env(os.environ)))
    path = out or Path(f"green-pathways-catalogue.{ENDINGS[form]}")
    path.write_bytes(EXPORTS[form](held))
    click.echo(f"Written to {path}.")


@catalogue.command("import")
@click.argument("file", type=_existing_file)
@click.option("--apply", "applied", is_flag=True, help="Write the changes; without it they are only shown.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of your own catalogue, made where needed.",
)
def import_(file: Path, applied: bool, into: Path | None) -> None:
    """Show what a file would change in the catalogue; with --apply, change it, whole or not at all."""
    settings = Settings.from_env(os.environ)
    target = into or settings.catalogue
    base = target if target is not None and target.exists() else catalogue_of(settings)
    found = preview(file, base)
    for line in _told(found):
        click.echo(line)
    if not found.anything:
        click.echo("The file says what the catalogue says. Nothing to change.")
        return
    if not applied:
        click.echo("Nothing was changed. Add --apply to change it.")
        return
    if target is None or target.resolve() == folders.CATALOGUE.resolve():
        raise click.UsageError("Name the folder of your own catalogue with --into, or set ASSESSMENT_CATALOGUE.")
    before = write_catalogue(found.catalogue, base, target, datetime.now(UTC))
    click.echo(f"Written to {target}." + (f" The folder as it was: {before}" if before else ""))
    _warn(settings, target)


def _told(found: Preview) -> list[str]:
    lines: list[str] = []
    for kind in found.changes:
        lines.append(
            f"{kind.kind}: {len(kind.added)} added, {len(kind.changed)} changed, {len(kind.removed)} removed, "
            f"{kind.unchanged} unchanged"
        )
        lines += _told_of(kind)
    return lines


def _told_of(kind: KindChanges) -> list[str]:
    lines = [f"  + {name}" for name in kind.added[:MOST_LISTED]]
    lines += [f"  - {name}" for name in kind.removed[:MOST_LISTED]]
    for name, changes in list(kind.changed.items())[:MOST_LISTED]:
        lines.append(f"  ~ {name}")
        lines += [f"      {change.column}: {_short(change.before)} -> {_short(change.after)}" for change in changes]
    most = max(len(kind.added), len(kind.removed), len(kind.changed))
    return [*lines, f"  and more: the first {MOST_LISTED} are listed"] if most > MOST_LISTED else lines


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= 80 else flat[:77] + '...'}”" if flat else "(empty)"


def _warn(settings: Settings, target: Path) -> None:
    """The questionnaires speak of measures, so some of them may have to follow."""
    try:
        checked_library(roots_of(settings), target)
    except InvalidContent as invalid:
        click.echo("The questionnaires do not fit this catalogue yet:", err=True)
        for flaw in invalid.flaws:
            click.echo(f"  {flaw}", err=True)
        click.echo("Until they do, an instance does not start with it.", err=True)
    else:
        click.echo(f"To use it: ASSESSMENT_CATALOGUE={target.absolute()}")
