"""Commands about an instance: its examples, its first administrator, and a demo of everything."""

import os
from pathlib import Path

import click

from assessment.config import Settings
from assessment.readying import ready_instance
from assessment.services.demo import seeding
from assessment.services.upkeep import first_people, upkeep
from assessment.side_by_side import LAST_PORT, claim_port, run_together


@click.command()
def seed() -> None:
    """Load the example companies, once; those that are there stay as they are."""
    count = seeding.seed(ready_instance(Settings.from_env(os.environ)))
    click.echo(f"{count} example companies were added.")


@click.command()
def prune() -> None:
    """Delete what has been kept as long as was promised."""
    click.echo(str(upkeep.prune(ready_instance(Settings.from_env(os.environ)))))


@click.command("first-administrator")
@click.option("--email", required=True, help="Whose account it is to be.")
def first_administrator(email: str) -> None:
    """Print a one-time link for the first administrator, who sets a password and a second factor with it."""
    link = first_people.first_administrator(ready_instance(Settings.from_env(os.environ)), email)
    click.echo(f"Open this link within a day; it works once:\n{link}")


@click.command()
@click.option("--port", type=click.IntRange(1, LAST_PORT), default=8000, show_default=True)
def demo(port: int) -> None:
    """Run everything on this computer, with example companies; data stays in .data/."""
    environment = {**os.environ, "ASSESSMENT_MODE": "demo", "PORT": str(port)}
    environment.setdefault("ASSESSMENT_DATA", str(Path(".data").resolve()))
    # By name: browsers make no passkeys for a number.
    environment.setdefault("ASSESSMENT_BASE_URL", f"http://localhost:{port}")
    settings = Settings.from_env(environment)
    claim_port(settings.host, port)
    instance = ready_instance(settings)
    added = seeding.seed(instance)
    if added:
        click.echo(f"{added} example companies were added.")
    ready = first_people.demo_people(instance)
    members = first_people.demo_members(instance)
    if added:
        click.echo(f"A cluster with {members} invented members was added.")
    instance.database.close()
    run_together(settings, environment, [f"{person.role} ({person.name}): {person.link}" for person in ready])
