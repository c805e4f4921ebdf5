"""Starting: loading all content, with and without what is kept, and a web worker's way to being ready."""

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import assessment
from assessment.content import folders
from assessment.content.library import load_library
from tests.bench.measuring import Line, cpu, shown
from tests.bench.site import ready_instance, settings_in

CONTENT_SECONDS, WORKER_RATIO = 1.0, 3
ROUNDS = 7
_REFERENCE = "import flask, sqlalchemy"
_WORKER = "from assessment.app import create_app; create_app()"


def lines() -> Iterator[Line]:
    """CPU seconds of the content, and of a worker against the import of its two largest libraries."""
    with tempfile.TemporaryDirectory() as folder:
        kept_in = Path(folder) / "content"
        for name, place in (("read afresh", None), ("with what was kept", kept_in)):
            _load(place)
            seconds = statistics.median(cpu(partial(_load, place), 1) for _ in range(ROUNDS))
            yield Line(f"All content, {name}: CPU seconds", shown(seconds), "1 s", seconds, CONTENT_SECONDS)
        # Installing compiles all modules, the libraries' too; where a checkout may not keep them, it would be Python's
        # compiler that is measured.
        compileall.compile_dir(Path(assessment.__file__).parent, quiet=1)
        environment = settings_in(Path(folder))
        ready_instance(environment).database.close()
        found = [(_fresh(_WORKER, environment), _fresh(_REFERENCE, environment)) for _ in range(ROUNDS)]
    yield Line(
        "A web worker ready, kept content: CPU / import of Flask and SQLAlchemy",
        shown(statistics.median(here for here, _ in found)), shown(statistics.median(there for _, there in found)),
        statistics.median(here / there for here, there in found), WORKER_RATIO,
    )  # fmt: skip


def _load(kept_in: Path | None) -> None:
    load_library([folders.QUESTIONNAIRES], folders.CATALOGUE, kept_in)


def _fresh(code: str, environment: Mapping[str, str]) -> float:
    """CPU seconds of a fresh Python that runs some code."""
    child = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{code} ended with {child.returncode}")
    return used.ru_utime + used.ru_stime
