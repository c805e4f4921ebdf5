"""The application as a real server runs it in the bench: a journal mode of our choice, and a look into the worker."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from assessment.app import create_app, make_instance
from assessment.config import Settings
from assessment.services.instance import Instance
from assessment.storage.database import Database
from assessment.storage.sqlite import Journal

PDF_ENGINE_PATH = "/bench/pdf-engine"
"""Says whether the answering worker has ever imported the PDF engine."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def open_instance(environ: dict[str, str], journal: Journal) -> Instance:
    """The instance of an environment with its database in this journal mode."""
    made = make_instance(Settings.from_env({**environ, "DATABASE_URL": f"{environ['DATABASE_URL']}.unused"}))
    database = Database(environ["DATABASE_URL"], journal=journal)
    return Instance(made.settings, database, made.library, made.now, made.wake)


def serve(journal: Journal) -> Application:
    """The WSGI application that gunicorn loads."""
    app = create_app(product=open_instance(dict(os.environ), journal))

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PDF_ENGINE_PATH:
            return app(environ, start)
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"imported" if "weasyprint" in sys.modules else b"absent"]

    return answer
