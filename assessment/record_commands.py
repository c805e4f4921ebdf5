"""The commands that keep records: the record of processing, the audit log, backups."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from assessment.config import Settings
from assessment.opening import utc_now
from assessment.readying import ready_instance
from assessment.services.aggregates import contributing
from assessment.services.people import bringing_in
from assessment.services.people.bringing_in import FileRefused
from assessment.services.upkeep import processing, restoring
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.backups import BackupFailed
from assessment.upgrading import upgraded

BROKEN_EXIT = 1
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
def records() -> None:
    """Print the record of processing, the data map and how long what is kept."""
    click.echo(processing.record(Settings.from_env(os.environ)), nl=False)


@click.group("audit")
def audit_log() -> None:
    """The audit log: who did what, as a chain that shows when somebody touched it."""


@audit_log.command()
def verify() -> None:
    """Check the whole chain; name the first row that was changed, is missing or was cut off."""
    settings = Settings.from_env(os.environ)
    database = upgraded(settings)
    heads = audit.read_heads(settings.data_dir / audit.HEADS)
    with database.reading() as connection:
        broken = audit.verify(connection, settings.audit_key, heads)
        last = audit.head(connection)
    database.close()
    if broken is not None:
        _end(f"The audit log does not hold: row {broken.number} {_WHY[broken.why]}.")
    click.echo(f"The audit log is whole up to row {last.number if last else 0}; {len(heads)} heads agree.")


@audit_log.command("head")
def write_head() -> None:
    """Write down where the chain ends now, in the data folder (the worker does so once a day)."""
    settings = Settings.from_env(os.environ)
    database = upgraded(settings)
    with database.reading() as connection:
        found = audit.head(connection)
    database.close()
    audit.write_head(settings.data_dir / audit.HEADS, found, utc_now())
    click.echo(f"Written to {Path(settings.data_dir / audit.HEADS)}.")


@click.command("rebuild-sums")
def rebuild_sums() -> None:
    """Work out anew what companies give to figures of many, and how many members of each cluster came how far."""
    instance = ready_instance(Settings.from_env(os.environ))
    companies = contributing.rebuild(instance)
    instance.database.close()
    click.echo(f"Worked out anew for {companies} companies.")


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write a consistent copy of the database; everything may go on running."""
    settings = Settings.from_env(os.environ)
    database = upgraded(settings)
    try:
        restoring.back_up(settings, database, file, utc_now())
    except BackupFailed as failure:
        _end(str(failure))
    finally:
        database.close()
    click.echo(f"Written to {file} ({file.stat().st_size:,} bytes). Keep it where the data folder is not.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of the data that are there now.")
def restore(file: Path, replace: bool) -> None:
    """Bring a backup back: stop the web server and the worker first."""
    settings = Settings.from_env(os.environ)
    try:
        gone = restoring.bring_back(settings, file, replace=replace, now=utc_now)
    except BackupFailed as failure:
        _end(str(failure))
    click.echo(f"{file} is in place, with the newest schema. Whoever was signed in has to sign in again.")
    click.echo(
        "Who changed their password, address or second factor since the backup signs in by a mailed link, at the new "
        "address, and sets these up again."
    )
    if gone:
        click.echo(
            f"What had been erased since was erased again: {len(gone.companies)} companies, {len(gone.checks)} checks, "
            f"{len(gone.people)} accounts."
        )


@click.command("import-company")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--owner", required=True, help="The mail address of whoever is to own it here.")
def import_company(file: Path, owner: str) -> None:
    """Bring in a company from the ZIP that its owner took out elsewhere, or from the data.json in it.

    Its answers, plan and own figures come along; scores are worked out anew. Nobody else gets access by it.
    """
    instance = ready_instance(Settings.from_env(os.environ))
    try:
        if file.stat().st_size > bringing_in.MOST_BYTES:
            _end("The file is larger than any company's data.")
        found = bringing_in.bring_in(instance, bringing_in.document_of(file.read_bytes()), owner)
    except FileRefused as refused:
        _end(str(refused))
    finally:
        instance.database.close()
    for left in found.left_out:
        click.echo(f"Left out: {left}.")
    click.echo(f"The company is there with {found.checks} checks. {owner} signs in by a mailed link, or by password.")


def _end(why: str) -> NoReturn:
    sys.stderr.write(f"{why}\n")
    sys.exit(BROKEN_EXIT)


_WHY = {
    "changed": "is not what was written",
    "missing": "is missing",
    "cut off": "and all after it are missing",
}
