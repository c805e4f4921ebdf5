"""A real web server in processes of its own, on a port of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assessment.config import Settings
from assessment.opening import make_instance
from assessment.services.demo import seeding
from assessment.services.instance import Instance
from tests.sites import shipped
from tests.tables import with_tables

ROOT = Path(__file__).resolve().parents[2]
AS_DEMO = ("--threads", "4")
"""As `assessment demo` runs it."""
TWO_PROCESSES = ("--workers", "2")
"""As the README runs it for others."""


@dataclass(frozen=True)
class Server:
    """A running instance; `pid` is the process that looks after those that answer."""

    url: str
    data: Path
    pid: int

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return [int(child) for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("utf-8").split()]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **more: str) -> dict[str, str]:
    """The surroundings of a demo with its data in a folder."""
    return {
        **os.environ, "ASSESSMENT_MODE": "demo", "ASSESSMENT_DATA": str(data), "ASSESSMENT_JOBS": "inline",
        "ASSESSMENT_RATELIMIT": "off", **more,
    }  # fmt: skip


def command(env: Mapping[str, str], *words: str) -> "subprocess.Popen[bytes]":
    """A command of the product, running."""
    return subprocess.Popen([sys.executable, "-m", "assessment.cli", *words], env=env, cwd=ROOT)


def made_ready(env: Mapping[str, str]) -> Instance:
    """An instance with its tables, as `assessment db upgrade` leaves it, without waiting for a process. Close it."""
    settings = Settings.from_env(env)
    with_tables(Path(env["ASSESSMENT_DATA"]))
    return make_instance(settings, shipped())


def make_examples(env: Mapping[str, str]) -> None:
    """The tables, and in them the example companies, as `assessment seed` leaves them."""
    instance = made_ready(env)
    try:
        seeding.seed(instance)
    finally:
        instance.database.close()


@contextmanager
def running(env: Mapping[str, str], arrangement: tuple[str, ...]) -> Iterator[Server]:
    """The web server, as long as the block lasts."""
    port = free_port()
    words = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *arrangement, "--timeout", "120",
             "--graceful-timeout", "5", "--log-level", "warning", "assessment.app:create_app()"]  # fmt: skip
    process = subprocess.Popen(words, env={**env, "PORT": str(port)}, cwd=ROOT)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Server(f"http://127.0.0.1:{port}", Path(env["ASSESSMENT_DATA"]), process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)
