"""The command `assessment`: run a demo or a server, look after an instance, check content, print reports.

A command is loaded when it is asked for: all of them together take longer to load than most take to run.
"""

import importlib
import os
import sys
from typing import Final

import click

from assessment.mishaps import mishaps_in_words
from assessment.side_by_side import WORKER

PLACES: Final = {
    "audit": "record_commands:audit_log",
    "backup": "record_commands:backup",
    "catalogue": "catalogue_commands:catalogue",
    "check-content": "content_commands:check_content",
    "check-links": "catalogue_commands:check_links",
    "db": "database_commands:db",
    "demo": "instance_commands:demo",
    "export": "export_commands:export",
    "first-administrator": "instance_commands:first_administrator",
    "import-company": "record_commands:import_company",
    "prune": "instance_commands:prune",
    "publish": "content_commands:publish",
    "rebuild-sums": "record_commands:rebuild_sums",
    "records": "record_commands:records",
    "release": "export_commands:release",
    "report": "export_commands:report",
    "restore": "record_commands:restore",
    "seed": "instance_commands:seed",
    "suggestions": "catalogue_commands:suggestions",
}
"""Module and name of each command but the worker, which loads nothing here."""


class Commands(click.Group):
    """The commands by name, each of which is loaded when it is asked for, or when their help is."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all."""
        return sorted([*super().list_commands(ctx), *PLACES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; none where there is none."""
        if cmd_name not in PLACES:
            return super().get_command(ctx, cmd_name)
        module, _, name = PLACES[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(f"assessment.{module}"), name)
        return found


def main() -> None:
    """Run a command; what went wrong on purpose is said in words, without a traceback."""
    with mishaps_in_words():
        commands(standalone_mode=True)


@click.group(cls=Commands)
@click.version_option(package_name="green-pathways")
def commands() -> None:
    """Green Pathways: a resource-efficiency check for small companies."""


@commands.command()
def worker() -> None:
    """Run the jobs: PDFs, upkeep."""
    os.execv(sys.executable, WORKER)  # noqa: S606 - our own program


if __name__ == "__main__":
    main()
