"""The application as a real server runs it in the bench: a journal mode of our choice, a look into the worker, and
a bare view beside it in the same process.
"""

import gc
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from assessment import SERVING
from assessment.app import make_app
from assessment.config import Settings
from assessment.opening import make_instance
from assessment.services.instance import Instance
from assessment.storage.database import Database
from assessment.storage.sqlite import Journal
from tests.bench.site import bare_view

PDF_ENGINE_PATH = "/bench/pdf-engine"
"""Says whether the answering worker has ever imported the PDF engine."""

CPU_PATH = "/bench/cpu"
"""Says how many CPU seconds the answering worker has used so far, the kernel's work for it included."""

BARE_PATH = "/bench/bare"
"""Answers with what the file named in BENCH_BARE holds: status, body and headers of an answer of the product."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def open_instance(environ: dict[str, str], journal: Journal) -> Instance:
    """The instance of an environment with its database in this journal mode."""
    made = make_instance(Settings.from_env({**environ, "DATABASE_URL": f"{environ['DATABASE_URL']}.unused"}))
    database = Database(environ["DATABASE_URL"], journal=journal)
    return Instance(made.settings, database, made.library, made.now, made.wake)


def serve(journal: Journal) -> Application:
    """The WSGI application that gunicorn loads."""
    logging.getLogger("assessment.storage.sqlite").setLevel(logging.ERROR)
    app = make_app(open_instance(dict(os.environ), journal))
    # As a web worker does when it starts.
    gc.freeze()
    gc.set_threshold(*SERVING)

    given = os.environ.get("BENCH_BARE")
    bare = bare_view(*_kept(Path(given))) if given else app

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith("/bench/"):
            return app(environ, start)
        if path == BARE_PATH:
            return bare(environ, start)
        said = repr(time.process_time()) if path == CPU_PATH else _pdf_engine()
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
        return [said.encode()]

    return answer


def keep(answer: tuple[str, bytes, dict[str, str]], file: Path) -> None:
    """Lay an answer down for the bare view."""
    status, body, headers = answer
    file.write_text(json.dumps([status, body.decode("latin-1"), headers]), "utf-8")


def _kept(file: Path) -> tuple[str, bytes, dict[str, str]]:
    status, body, headers = json.loads(file.read_text("utf-8"))
    return status, body.encode("latin-1"), headers


def _pdf_engine() -> str:
    return "imported" if "weasyprint" in sys.modules else "absent"
