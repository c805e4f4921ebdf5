"""Web server and worker as processes of one command, and the port that they are reached at."""

import errno
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence

import click

from assessment.config import Settings

LAST_PORT = 65535
FIRST_FREE_PORT = 1024
"""Those below belong to the administrator of a machine."""

BUSY_EXIT = 2

WORKER = [sys.executable, "-m", "assessment.worker_main"]
"""A program of its own, because what it prints with takes as long to load as everything else."""


def claim_port(host: str, port: int) -> None:
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


def run_together(settings: Settings, environment: dict[str, str], ready: Sequence[str]) -> None:
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
            for sign_in in ready:
                click.echo(f"  {sign_in}")
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
