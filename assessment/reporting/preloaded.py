"""Renders for a process that makes many: WeasyPrint is loaded once, and every render is a limited fork of this process.

Only the worker imports this module, while it runs a single thread; a web worker never does.
"""

import os
import select
import signal
import sys
import tempfile
import time
from contextlib import suppress

from assessment.reporting import render
from assessment.reporting.exits import CRASHED
from assessment.reporting.pdf import TIMEOUT, RenderFailed, failure, place

_CHUNK = 1 << 16


class Renderer:
    """Makes PDF files in forks of this process."""

    def render_pdf(self, html: str, report: str, timeout: float = TIMEOUT) -> bytes:
        """The PDF of a composed report; the same promise as `pdf.render_pdf`."""
        with place(), tempfile.TemporaryDirectory(prefix="report-") as folder:
            ours, theirs = os.pipe()
            child = os.fork()
            if child == 0:
                _be_the_child(html, report, folder, theirs)
            os.close(theirs)
            written, in_time = _read(ours, time.monotonic() + timeout)
            if not in_time:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            status = os.waitpid(child, 0)[1]
        if not in_time:
            raise RenderFailed("timeout")
        exit_code = os.waitstatus_to_exitcode(status)
        if exit_code:
            raise RenderFailed(failure(exit_code))
        return written


def _be_the_child(html: str, report: str, folder: str, pipe: int) -> None:
    """Render and end; never returns to the code that forked."""
    code = CRASHED
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        # Databases and sockets of the parent are none of a document's business.
        os.dup2(pipe, 3)
        os.closerange(4, 4096)
        os.chdir(folder)
        render.give_up_rights(folder)
        code = render.to_exit_code(lambda: render.render(html.encode(), report), lambda made: _write(3, made))
        sys.stderr.flush()
    finally:
        os._exit(code)


def _write(pipe: int, made: bytes) -> None:
    rest = memoryview(made)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _read(pipe: int, until: float) -> tuple[bytes, bool]:
    """Everything the child writes, and whether it closed its end in time."""
    chunks: list[bytes] = []
    try:
        while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
            chunk = os.read(pipe, _CHUNK)
            if not chunk:
                return b"".join(chunks), True
            chunks.append(chunk)
    finally:
        os.close(pipe)
    return b"", False
