"""Commands about the content: check it, and freeze a version of a questionnaire."""

from datetime import UTC, datetime
from pathlib import Path

import click

from assessment.content import folders
from assessment.content.checks import publishing
from assessment.content.library import checked_library
from assessment.content.resources import freshness


@click.command("check-content")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Further questionnaires.")
@click.option("--catalogue", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Your own catalogue.")
def check_content(folder: Path | None, catalogue: Path | None) -> None:
    """Check questionnaires, actions and catalogue; name every mistake with file, line and cure."""
    roots = [folders.QUESTIONNAIRES, *([folder] if folder else [])]
    library = checked_library(roots, catalogue or folders.CATALOGUE)
    warnings = [*library.warnings(), *freshness.warnings(library.catalogue("en"), datetime.now(UTC).date())]
    for warning in warnings:
        click.echo(f"warning: {warning}")
    click.echo(f"The content is sound: {library.summary()}; {len(warnings)} warnings.")


@click.command()
@click.argument("version", metavar="NAME/VERSION")
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Your own questionnaires."
)
def publish(version: str, folder: Path | None) -> None:
    """Freeze a version: note its digest, after which its files may not change."""
    checked_library([folders.QUESTIONNAIRES, *([folder] if folder else [])], folders.CATALOGUE)
    digest = publishing.publish(folder or folders.QUESTIONNAIRES, version)
    click.echo(f"{version} is published as {digest}.")
