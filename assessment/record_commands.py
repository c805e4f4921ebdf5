"""The commands that keep records: the record of processing, the audit log, backups."""

import os
import sys
from pathlib import Path

import click

from assessment.config import Settings
from assessment.opening import utc_now
from assessment.readying import upgraded
from assessment.services import processing
from assessment.storage import audit

BROKEN_EXIT = 1


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
        sys.stderr.write(f"The audit log does not hold: row {broken.number} {_WHY[broken.why]}.\n")
        sys.exit(BROKEN_EXIT)
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


_WHY = {
    "changed": "is not what was written",
    "missing": "is missing",
    "cut off": "and all after it are missing",
}
