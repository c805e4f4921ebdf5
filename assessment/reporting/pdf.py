"""PDF files as the rest of the product sees them: HTML goes in, bytes come out, and nothing here imports WeasyPrint.

Rendering happens in a child process that can be killed; what it may do is `render.py`'s business.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from assessment.reporting.exits import OUT_OF_MEMORY, REFUSED, TOO_LONG

TIMEOUT = 20.0
"""Seconds that one render may take, by the clock on the wall."""

AT_ONCE = 2
PATIENCE = 60.0
"""Seconds to wait for one of the places before saying that all are taken."""

Code = Literal["timeout", "limit", "refused", "too-long", "crashed", "busy"]


class RenderFailed(Exception):
    """No PDF came out; `code` says why.

    `timeout`: took too long. `limit`: took too much processor time or memory. `refused`: the document asked for a
    foreign address or file. `too-long`: more than 60 pages. `crashed`: a fault. `busy`: too many renders at once.
    """

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code


_CHECKOUT = str(Path(__file__).resolve().parents[2])

_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def place(patience: float = PATIENCE) -> Iterator[None]:
    """One of the places for renders of this process."""
    if not _places.acquire(timeout=patience):
        raise RenderFailed("busy")
    try:
        yield
    finally:
        _places.release()


def render_pdf(html: str, report: str, timeout: float = TIMEOUT) -> bytes:
    """The PDF of a composed report, made by a fresh child process."""
    return run_child("assessment.reporting.render", html, report, timeout=timeout)


def run_child(module: str, html: str, *arguments: str, timeout: float = TIMEOUT) -> bytes:
    """What a module writes that is run on HTML, in a fresh process with nothing of ours around it.

    Raises RenderFailed where nothing came out.
    """
    with place(), tempfile.TemporaryDirectory(prefix="report-") as folder:
        command = [sys.executable, "-m", module, *arguments]
        try:
            done = subprocess.run(
                command, input=html.encode(), stdout=subprocess.PIPE, timeout=timeout, check=False,
                env=_environment(folder), cwd=folder,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise RenderFailed("timeout") from None
    if done.returncode:
        raise RenderFailed(failure(done.returncode))
    return done.stdout


def _environment(folder: str) -> dict[str, str]:
    """Nothing of ours: no secret, no proxy. The module path is given because a checkout need not be installed."""
    modules = os.pathsep.join((_CHECKOUT, *filter(None, sys.path)))
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": folder, "HOME": folder,
            "PYTHONPATH": modules, "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip


def failure(exit_code: int) -> Code:
    """What an exit code of the child means; a negative one is the signal that ended it."""
    if exit_code in (OUT_OF_MEMORY, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ):
        return "limit"
    if exit_code == REFUSED:
        return "refused"
    return "too-long" if exit_code == TOO_LONG else "crashed"


_COUNT = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")
_STREAM = re.compile(rb"/ObjStm\b.*?stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def pages(pdf: bytes) -> int:
    """How many pages one of our own PDF files has, without a PDF library."""
    for text in _objects(pdf):
        found = _COUNT.search(text)
        if found:
            return int(found[1] or found[2])
    raise ValueError("not a PDF of ours")


def _objects(pdf: bytes) -> Iterator[bytes]:
    yield pdf
    for packed in _STREAM.finditer(pdf):
        try:
            # Its last byte may be taken for a part of the end of the line that follows: that costs a checksum alone.
            yield zlib.decompressobj().decompress(packed[1])
        except zlib.error:
            continue
