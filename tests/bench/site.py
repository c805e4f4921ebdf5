"""A site to measure: the product as in production with one company's whole check, and bare views beside it."""

import gc
import hashlib
import io
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from flask import Flask, Response

from assessment import SERVING
from assessment.app import make_app
from assessment.config import Settings
from assessment.content.checks.examples import Example
from assessment.core.access import Action
from assessment.core.checks.answers import NO_REMARK
from assessment.opening import make_instance
from assessment.services.asking import Asking
from assessment.services.checks import answering, drafts
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.storage import migrating
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change
from assessment.storage.database import Database
from assessment.storage.sqlite import Journal

LARGEST = "machine-builder-it"
"""The largest of the example companies."""

COOKIE = "__Host-session"
HOST = "check.bench.test"
FORM = "bench.form"
"""Where an environ keeps the form that its body holds, for a client that writes the body itself."""


def settings_in(folder: Path) -> dict[str, str]:
    """The environment of an instance in production that keeps everything in one folder."""
    return {
        "ASSESSMENT_MODE": "production",
        "ASSESSMENT_DATA": str(folder),
        "ASSESSMENT_JOBS": "inline",
        "ASSESSMENT_BASE_URL": f"https://{HOST}",
        "ASSESSMENT_OPERATOR_NAME": "Bench",
        "ASSESSMENT_OPERATOR_CONTACT": "bench@bench.test",
        "ASSESSMENT_SECRET_KEY": secrets.token_urlsafe(48),
        "ASSESSMENT_CODE_KEY": secrets.token_urlsafe(48),
    }


def ready_instance(environment: dict[str, str], journal: Journal | None = None) -> Instance:
    """An instance on a new database, in a journal mode of our choice or the one that is picked here."""
    instance = make_instance(Settings.from_env(environment))
    if journal is not None:
        instance = replace(
            instance, database=Database(f"sqlite:///{instance.database.path}.{journal}", journal=journal)
        )
    migrating.upgrade(instance.database)
    return instance


def filled_draft(instance: Instance, session: str, example: Example) -> OpenDraft:
    """A draft that answers as an example does, open to a session id."""
    session_hash = hashlib.sha256(session.encode()).hexdigest()
    old_hash = hashlib.sha256(secrets.token_bytes(8)).hexdigest()
    draft_id = drafts.start(instance, old_hash, session_hash, example.sheet.depth, "en")
    opened = answering.open_draft(instance, Asking(session_hash, Action.WRITE_ANSWERS), draft_id, "en")
    changes = [Change(q, value, example.remarks.get(q, NO_REMARK)) for q, value in example.answers.items()]
    with instance.database.writing() as connection:
        assessments.save_answers(connection, opened.draft, changes, instance.now())
    return answering.open_draft(instance, Asking(session_hash, Action.WRITE_ANSWERS), draft_id, "en")


class Site:
    """The product's application, called as its server calls it."""

    def __init__(self, environment: dict[str, str], journal: Journal | None = None) -> None:
        self.instance = ready_instance(environment, journal)
        self.app = make_app(self.instance)
        # As a web worker does when it starts.
        gc.freeze()
        gc.set_threshold(*SERVING)
        self.session = secrets.token_urlsafe(32)
        self.opened = filled_draft(self.instance, self.session, self.instance.library.examples()[LARGEST])
        self.csrf = self.token_of(f"/assessments/{self.opened.draft.id}")

    def token_of(self, path: str) -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', called(self.app, self.environ(path))[1].decode())
        assert found is not None
        return found[1]

    def address(self, section: str, page: str) -> str:
        """The address of a question page of the draft."""
        return f"/assessments/{self.opened.draft.id}/sections/{section}/{page}"

    def environ(self, path: str, form: dict[str, str] | None = None) -> dict[str, Any]:
        """What a server hands over for a GET, or for a POST of a form."""
        return environ_of(path, f"{COOKIE}={self.session}", form)

    @property
    def session_hash(self) -> str:
        """What the server keeps of the session's id."""
        return hashlib.sha256(self.session.encode()).hexdigest()


def environ_of(path: str, cookie: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """A WSGI environ with what a browser sends."""
    body = urlencode(form).encode() if form is not None else b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET" if form is None else "POST",
        "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_NAME": HOST, "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "192.0.2.7",
        "HTTP_HOST": HOST, "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": "it-IT,it;q=0.9,en;q=0.8", "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "https", "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
        "wsgi.multiprocess": True, "wsgi.run_once": False, "wsgi.input": body,
    }  # fmt: skip
    if form is not None:
        environ |= {
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
            "HTTP_ORIGIN": f"https://{HOST}", "HTTP_REFERER": f"https://{HOST}{path}",
            "HTTP_SEC_FETCH_SITE": "same-origin", FORM: form,
        }  # fmt: skip
    return environ


def called(app: Flask, environ: dict[str, Any]) -> tuple[str, bytes, dict[str, str]]:
    """One request straight into the application, its answer read to the end: status, body, headers."""
    got: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        got[:] = [status, headers]
        return got.append

    answer = app({**environ, "wsgi.input": io.BytesIO(environ["wsgi.input"])}, start)
    try:
        body = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()
    return got[0], body, dict(got[1])


def browsed(app: Flask, environ: dict[str, Any]) -> tuple[str, bytes, dict[str, str]]:
    """The same by Flask's test client, which stands on both sides of every ratio to a bare view.

    It does what a browser and a server do: it writes the request and reads the answer.
    """
    client = app.test_client(use_cookies=False)
    names = {name: value for name, value in environ.items() if name.startswith("HTTP_") and name != "HTTP_HOST"}
    answer = client.open(
        environ["PATH_INFO"], method=environ["REQUEST_METHOD"], query_string=environ["QUERY_STRING"],
        base_url=f"https://{HOST}", environ_base=names, data=environ.get(FORM),
    )  # fmt: skip
    return answer.status, answer.get_data(), dict(answer.headers)


@contextmanager
def counted(site: Site) -> Iterator[list[str]]:
    """Every statement of a block, through SQLAlchemy and straight to the driver, once a request has been answered."""
    found: list[str] = []

    database = site.instance.database
    with database.reading() as connection:
        pooled = cast("sqlite3.Connection", connection.connection.driver_connection)
    for raw in (pooled, *database._idle):
        raw.set_trace_callback(found.append)
    yield found
    for raw in (pooled, *database._idle):
        raw.set_trace_callback(None)


def bare_view(status: str, body: bytes, headers: dict[str, str]) -> Flask:
    """A Flask application whose one view answers with the same bytes and nothing of the product's."""
    app = Flask("bare")
    code, location = int(status.split(maxsplit=1)[0]), headers.get("Location")
    kind = headers["Content-Type"]

    @app.route("/<path:_path>", methods=["GET", "POST"])
    def bare(_path: str) -> Response:
        response = Response(body, status=code, content_type=kind)
        if location is not None:
            response.headers["Location"] = location
        return response

    return app
