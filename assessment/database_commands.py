"""The command `assessment db`, which loads no more than the database needs: it runs before every start of a server."""

import os

import click

from assessment.config import Settings
from assessment.upgrading import upgraded


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    upgraded(Settings.from_env(os.environ)).close()
    click.echo("The database has the newest schema.")
