"""Foreign files are read by child processes that are limited and may be killed: this module starts and limits them."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from assessment.content.sheet_limits import CPU_SECONDS, MEMORY, WALL_SECONDS
from assessment.core.errors import Flaw, InvalidContent

_CHECKOUT = str(Path(__file__).resolve().parents[2])


def told_by(module: str, path: Path, sent: bytes = b"") -> Any:
    """What a module of ours, started as a process of its own, says in JSON of a file; `sent` is its standard input.

    Raises InvalidContent where the file asks for more than the process may take.
    """
    modules = os.pathsep.join((_CHECKOUT, *filter(None, sys.path)))
    command = [sys.executable, "-m", module, str(path.absolute())]
    # Nothing of ours goes along: no secret, no address of the database.
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": modules, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, input=sent, capture_output=True, timeout=WALL_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise _too_much(path) from None
    if done.returncode:
        raise _too_much(path)
    return json.loads(done.stdout)


def _too_much(path: Path) -> InvalidContent:
    message = "This file asks for more time or memory than one of its size needs."
    return InvalidContent([Flaw(path.name, 0, "(whole file)", message, "Save it afresh, or import it in parts.")])


def limit() -> None:
    """Limit this process for good."""
    for kind, wanted in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (value, value))
