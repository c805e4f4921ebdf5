"""Commands about the catalogue: take it out as files, bring files back, decide on suggestions, check addresses."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from assessment import __version__
from assessment.config import Settings
from assessment.content import folders
from assessment.content.library import checked_library
from assessment.content.resources.catalogue import load_catalogue
from assessment.content.resources.catalogue_folder import blank_entry, where_is, write_catalogue
from assessment.content.resources.catalogue_import import KindChanges, Preview, preview
from assessment.content.resources.link_check import FILE, Checked, Manners, addresses_of, check
from assessment.content.resources.web_address import Asker
from assessment.core.errors import InvalidContent
from assessment.opening import catalogue_of, make_instance
from assessment.reporting.resources.catalogue_files import ENDINGS, EXPORTS, FileFormat
from assessment.services.instance import Instance
from assessment.services.resources import suggesting
from assessment.services.resources.suggesting import SUGGESTION_STATES, State, Suggestion

MOST_LISTED = 50
"""Entries of a kind that a preview lists; the sums are of all."""

_existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_existing_folder = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def catalogue() -> None:
    """The catalogue as files: CSV, a workbook, JSON."""


@catalogue.command()
@click.option("--format", "form", type=click.Choice(list(EXPORTS)), required=True, help="csv makes a ZIP of CSV files.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option(
    "--catalogue",
    type=_existing_folder,
    envvar="ASSESSMENT_CATALOGUE",
    help="Your own catalogue; else the one shipped.",
)
def export(form: FileFormat, out: Path | None, catalogue: Path | None) -> None:
    """Write the whole catalogue into a file."""
    held = load_catalogue(catalogue or folders.CATALOGUE)
    path = out or Path(f"green-pathways-catalogue.{ENDINGS[form]}")
    path.write_bytes(EXPORTS[form](held))
    click.echo(f"Written to {path}.")


@catalogue.command("import")
@click.argument("file", type=_existing_file)
@click.option("--apply", "applied", is_flag=True, help="Write the changes; without it they are only shown.")
@click.option(
    "--into",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ASSESSMENT_CATALOGUE",
    help="The folder of your own catalogue, made where needed.",
)
@click.option("--folder", type=_existing_folder, envvar="ASSESSMENT_QUESTIONNAIRES", help="Your own questionnaires.")
def import_(file: Path, applied: bool, target: Path | None, folder: Path | None) -> None:
    """Show what a file would change in the catalogue; with --apply, change it, whole or not at all."""
    base = target if target is not None and target.exists() else folders.CATALOGUE
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
    _warn([folders.QUESTIONNAIRES, *([folder] if folder else [])], target)


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
    lines += ["  not in the file, so taken out:"] if kind.removed else []
    lines += [f"  - {name}" for name in kind.removed[:MOST_LISTED]]
    for name, changes in list(kind.changed.items())[:MOST_LISTED]:
        lines.append(f"  ~ {name}")
        lines += [f"      {change.column}: {_short(change.before)} -> {_short(change.after)}" for change in changes]
    most = max(len(kind.added), len(kind.removed), len(kind.changed))
    return [*lines, f"  and more: the first {MOST_LISTED} are listed"] if most > MOST_LISTED else lines


def _short(text: str) -> str:
    flat = " ".join(printable(text).split())
    return f"“{flat if len(flat) <= 80 else flat[:77] + '...'}”" if flat else "(empty)"


def _warn(roots: list[Path], target: Path) -> None:
    """The questionnaires speak of measures, so some of them may have to follow."""
    try:
        library = checked_library(roots, target)
    except InvalidContent as invalid:
        click.echo("The questionnaires do not fit this catalogue yet:", err=True)
        for flaw in invalid.flaws:
            click.echo(f"  {flaw}", err=True)
        click.echo("Until they do, an instance does not start with it.", err=True)
    else:
        for warning in library.warnings():
            click.echo(f"warning: {warning}")
        click.echo(f"To use it: ASSESSMENT_CATALOGUE={target.absolute()}")


@click.group()
def suggestions() -> None:
    """What visitors suggest for the catalogue."""


@suggestions.command("list")
@click.option("--state", type=click.Choice(SUGGESTION_STATES), default="waiting", show_default=True)
def list_(state: State) -> None:
    """List the suggestions in one state, the oldest first."""
    found = suggesting.listed(_instance(), state)
    for one in found:
        about = one.entry or "something new"
        click.echo(f"{one.id[:8]}  {one.received_at:%Y-%m-%d}  {about}: {_short(one.words)}")
    click.echo(f"{len(found)} {state}.")


@suggestions.command()
@click.argument("suggestion")
def show(suggestion: str) -> None:
    """Show one suggestion with its history, by the first signs of its id."""
    one, steps = suggesting.shown(_instance(), suggestion)
    for label, value in (
        ("id", one.id), ("kind", one.kind), ("entry", one.entry), ("source", one.source), ("who", one.who),
        ("language", one.language), ("words", one.words),
    ):  # fmt: skip
        if value:
            click.echo(f"{label}: {printable(value)}")
    for step in steps:
        by = f" by {printable(step.editor)}" if step.editor else ""
        said = f": {printable(step.words)}" if step.words else ""
        click.echo(f"{step.at:%Y-%m-%d %H:%M} {'received' if step.state == 'waiting' else step.state}{by}{said}")


@suggestions.command()
@click.argument("suggestion")
@click.option("--by", "editor", required=True, help="Who decides.")
@click.option(
    "--words", default="", help="What changes, in your own words, for the public list; without it, not listed."
)
def accept(suggestion: str, editor: str, words: str) -> None:
    """Note that a suggestion is accepted, and say where to edit the catalogue."""
    instance = _instance()
    one = suggesting.decide(instance, suggestion, "accepted", editor, words)
    click.echo(f"{one.id[:8]} is accepted. {'It is in the public list.' if words.strip() else 'It is not listed.'}")
    for line in _to_edit(catalogue_of(instance.settings), one):
        click.echo(line)


@suggestions.command()
@click.argument("suggestion")
@click.option("--by", "editor", required=True, help="Who decides.")
@click.option("--reason", required=True, help="Why; it is kept, and not published.")
def decline(suggestion: str, editor: str, reason: str) -> None:
    """Note that a suggestion is declined, and why."""
    one = suggesting.decide(_instance(), suggestion, "declined", editor, reason)
    click.echo(f"{one.id[:8]} is declined.")


def _to_edit(folder: Path, one: Suggestion) -> list[str]:
    if one.entry:
        place = where_is(folder, one.entry)
        if place is None:
            return [f"The entry {one.entry} is no longer in the catalogue."]
        return [f"Edit {place[0]}, line {place[1]}. Its source: {one.source}", "Then run: assessment check-content"]
    return [
        f"Add one of these to a file in {folder}/funding or {folder}/building_blocks, and fill it in:", "",
        blank_entry("funding", one.source), "", blank_entry("building_blocks", one.source), "",
        "Then run: assessment check-content",
    ]  # fmt: skip


def _instance() -> Instance:
    instance = make_instance(Settings.from_env(os.environ))
    if not instance.database.is_current():
        raise click.ClickException("The database has another schema. Run: assessment db upgrade")
    return instance


def printable(text: str) -> str:
    """Text of a visitor for a terminal: what would steer it is left out."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)


@click.command("check-links")
@click.option("--most", type=click.IntRange(1, 100_000), default=1_000, show_default=True, help="Addresses to ask.")
@click.option("--minutes", type=click.IntRange(1, 1_440), default=30, show_default=True, help="When to stop.")
@click.option("--days", type=click.IntRange(0, 365), default=7, show_default=True, help="Asked since then: not again.")
@click.option("--allow-private", is_flag=True, help="Also addresses inside your network; never by a public one.")
def check_links(most: int, minutes: int, days: int, allow_private: bool) -> None:
    """Ask the web addresses of the catalogue whether they answer; break it off and start it again as you like."""
    settings = Settings.from_env(os.environ)
    held = load_catalogue(catalogue_of(settings))
    contact = "; ".join(part for part in (f"+{settings.base_url}", settings.operator_contact) if part)
    asker = Asker(f"GreenPathways-link-check/{__version__} ({contact})", private_too=allow_private)
    manners = Manners(most=most, seconds=minutes * 60, again_after=timedelta(days=days))
    urls = addresses_of(held)

    def told(url: str, found: Checked) -> None:
        if found.outcome != "answers" or found.moved_to:
            click.echo(f"{found.outcome}: {url} {_what(found)}".rstrip())

    known = check(urls, settings.data_dir / FILE, asker.ask, lambda: datetime.now(UTC), manners, told)
    counted = Counter(found.outcome for found in known.values())
    parts = [f"{count} {outcome}" for outcome, count in sorted(counted.items())]
    click.echo(f"{len(urls)} addresses: {', '.join([*parts, f'{len(urls) - len(known)} not asked yet'])}.")


def _what(found: Checked) -> str:
    if found.moved_to:
        return f"has moved to {printable(found.moved_to)}"
    return f"({found.status or found.reason})"
