"""A real gunicorn for the bench, and raw requests to it."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlencode

from assessment.storage.sqlite import Journal
from tests.bench.site import COOKIE, HOST

SYNC: Final = ("--workers", "2")
"""Two processes, one request each at a time."""
AS_DEMO: Final = ("--workers", "1", "--threads", "4")
"""As `assessment demo` runs it."""

_PATIENCE = 60.0


@contextmanager
def running(environment: Mapping[str, str], journal: Journal, arrangement: tuple[str, ...]) -> Iterator[int]:
    """A server on a port of its own, which is handed out."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *arrangement, "--log-level", "error",
        f"tests.bench.served:serve('{journal}')",
    ]  # fmt: skip
    server = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the server did not start")
        time.sleep(0.05)
    # A worker that has not finished loading holds its first caller up.
    for _ in range(4):
        asyncio.run(ask(port, "/livez", ""))


async def ask(port: int, path: str, session: str, form: Mapping[str, str] | None = None) -> tuple[int, str, bytes]:
    """One request on a connection of its own: the status, where it leads on, the body."""
    body = urlencode(form).encode() if form is not None else b""
    kind = "Content-Type: application/x-www-form-urlencoded\r\n" if form is not None else ""
    head = (
        f"{'GET' if form is None else 'POST'} {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {COOKIE}={session}\r\n{kind}"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode() + body)
        answer = await reader.read(-1)
    finally:
        writer.close()
    top, _, content = answer.partition(b"\r\n\r\n")
    leads = re.search(rb"(?mi)^Location: (\S+)", top)
    return int(top.split()[1]), leads[1].decode() if leads else "", content


def csrf_in(page: bytes) -> str:
    """The CSRF token of a page."""
    found = re.search(rb'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        raise ValueError("no form on the page")
    return found[1].decode()
