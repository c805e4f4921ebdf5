"""The command `assessment`: run a demo or a server, look after an instance, check content, print reports."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from assessment import catalogue_commands, export_commands, record_commands
from assessment.config import Settings
from assessment.content import folders
from assessment.content.checks import publishing
from assessment.content.library import checked_library
from assessment.content.resources import freshness
from assessment.core.errors import NotFound
from assessment.i18n import languages
from assessment.opening import make_instance
from assessment.press import ReportPress
from assessment.readying import mishaps_in_words, ready_instance, upgraded
from assessment.reporting.pdf import render_pdf
from assessment.services.demo import seeding
from assessment.services.instance import Instance
from assessment.services.mentors import review_material
from assessment.services.upkeep import first_people, upkeep
from assessment.storage import migrating

LAST_PORT = 65535
FIRST_FREE_PORT = 1024
"""Those below belong to the administrator of a machine."""

BUSY_EXIT = 2

WORKER = [sys.executable, "-m", "assessment.worker_main"]
"""A program of its own, because what it prints with takes as long to load as everything else."""


def main() -> None:
    """Run a command; what went wrong on purpose is said in words, without a traceback."""
    with mishaps_in_words():
        commands(standalone_mode=True)


@click.group()
@click.version_option(package_name="green-pathways")
def commands() -> None:
    """Green Pathways: a resource-efficiency check for small companies."""


commands.add_command(catalogue_commands.catalogue)
commands.add_command(catalogue_commands.suggestions)
commands.add_command(export_commands.export)
commands.add_command(export_commands.release)
commands.add_command(catalogue_commands.check_links)
commands.add_command(record_commands.records)
commands.add_command(record_commands.audit_log)
commands.add_command(record_commands.rebuild_sums)
commands.add_command(record_commands.backup)
commands.add_command(record_commands.restore)
commands.add_command(record_commands.import_company)


@commands.command("check-content")
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


@commands.command()
@click.argument("version", metavar="NAME/VERSION")
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Your own questionnaires."
)
def publish(version: str, folder: Path | None) -> None:
    """Freeze a version: note its digest, after which its files may not change."""
    checked_library([folders.QUESTIONNAIRES, *([folder] if folder else [])], folders.CATALOGUE)
    digest = publishing.publish(folder or folders.QUESTIONNAIRES, version)
    click.echo(f"{version} is published as {digest}.")


@commands.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    upgraded(Settings.from_env(os.environ)).close()
    click.echo("The database has the newest schema.")


@commands.command()
def seed() -> None:
    """Load the example companies, once; those that are there stay as they are."""
    count = seeding.seed(ready_instance(Settings.from_env(os.environ)))
    click.echo(f"{count} example companies were added.")


@commands.command()
def prune() -> None:
    """Delete what has been kept as long as was promised."""
    click.echo(str(upkeep.prune(ready_instance(Settings.from_env(os.environ)))))


@commands.command()
def worker() -> None:
    """Run the jobs: PDFs, upkeep."""
    os.execv(sys.executable, WORKER)  # noqa: S606 - our own program


@commands.command()
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
    with export_commands.told_in_steps(2, out.name) as step:
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


@commands.command("first-administrator")
@click.option("--email", required=True, help="Whose account it is to be.")
def first_administrator(email: str) -> None:
    """Print a one-time link for the first administrator, who sets a password and a second factor with it."""
    link = first_people.first_administrator(ready_instance(Settings.from_env(os.environ)), email)
    click.echo(f"Open this link within a day; it works once:\n{link}")


@commands.command()
@click.option("--port", type=click.IntRange(1, LAST_PORT), default=8000, show_default=True)
def demo(port: int) -> None:
    """Run everything on this computer, with example companies; data stays in .data/."""
    environment = {**os.environ, "ASSESSMENT_MODE": "demo", "PORT": str(port)}
    environment.setdefault("ASSESSMENT_DATA", str(Path(".data").resolve()))
    # By name: browsers make no passkeys for a number.
    environment.setdefault("ASSESSMENT_BASE_URL", f"http://localhost:{port}")
    settings = Settings.from_env(environment)
    _claim_port(settings.host, port)
    instance = ready_instance(settings)
    added = seeding.seed(instance)
    if added:
        click.echo(f"{added} example companies were added.")
    ready = first_people.demo_people(instance)
    members = first_people.demo_members(instance)
    if added:
        click.echo(f"A cluster with {members} invented members was added.")
    instance.database.close()
    _run_together(settings, environment, ready)


def _claim_port(host: str, port: int) -> None:
    """Stop with a clear word where the port cannot be had."""
    other = port + 1 if port < LAST_PORT else port - 1
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failure:
            if failure.errno == errno.EADDRINUSE:
                told = f"Port {port} is in use. Choose another one: make run PORT={other}"
            elif failure.errno in {errno.EACCES, errno.EPERM}:
                other = port + FIRST_FREE_PORT if port < FIRST_FREE_PORT else other
                told = (
                    f"This account may not use port {port}. Choose one from {FIRST_FREE_PORT} on: make run PORT={other}"
                )
            else:
                told = (
                    f"Port {port} of {host} cannot be used: {failure.strerror}. Check ASSESSMENT_HOST, or choose "
                    f"another port: make run PORT={other}"
                )
            click.echo(told, err=True)
            sys.exit(BUSY_EXIT)


def _run_together(settings: Settings, environment: dict[str, str], ready: list[first_people.DemoPerson]) -> None:
    """Web server and worker side by side; when one ends, or on Ctrl-C, both end."""
    web = [
        sys.executable, "-m", "gunicorn", "--bind", f"{settings.host}:{settings.port}", "--workers", "1", "--threads",
        "4", "--graceful-timeout", "10", "--log-level", "warning", "assessment.app:create_app()",
    ]  # fmt: skip
    # A supervisor's stop is a Ctrl-C: whoever ends this process ends its children as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in (("web server", web), ("worker", WORKER)):
            children[name] = subprocess.Popen(command, env=environment)
        _wait_for(settings, children)
        if not _ended(children):
            click.echo(f"Green Pathways is running: http://localhost:{settings.port}/   (Ctrl-C stops it)")
            click.echo("Ready sign-ins, each for one use:")
            for person in ready:
                click.echo(f"  {person.role} ({person.name}): {person.link}")
        while not _ended(children):
            time.sleep(0.5)
        for name in _ended(children):
            code = children[name].returncode
            click.echo(f"The {name} has ended by itself (code {code}), so everything stops.", err=True)
    except KeyboardInterrupt:
        click.echo("Stopping.")
        return
    finally:
        _end(children.values())
    sys.exit(1)


def _ended(children: Mapping[str, subprocess.Popen[bytes]]) -> list[str]:
    return [name for name, child in children.items() if child.poll() is not None]


def _end(children: Collection[subprocess.Popen[bytes]]) -> None:
    """End the children, those that do not listen too."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_for(settings: Settings, children: Mapping[str, subprocess.Popen[bytes]], patience: float = 60) -> None:
    """Until the web server answers, or one of the two has ended."""
    until = time.monotonic() + patience
    while time.monotonic() < until and not _ended(children):
        with socket.socket() as probe:
            if probe.connect_ex((settings.host, settings.port)) == 0:
                return
        time.sleep(0.1)


if __name__ == "__main__":
    main()
