"""A question page and its save, and a stored PDF, each against a bare view that returns the same bytes."""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response

from assessment.app import create_app, make_instance
from assessment.config import Settings
from assessment.services import seeding
from assessment.storage import access, migrating
from assessment.storage import results as stored_results
from assessment.web.browser import BrowserSession
from tests.bench.table import Line, calls_of, paired

GET_LIMIT, POST_LIMIT, FILE_LIMIT = 7, 6, 3
GET_CALLS, POST_CALLS = 8000, 2500

Environ = dict[str, Any]


def measure(folder: Path) -> list[Line]:
    """The lines of this subject."""
    settings = Settings.from_env(
        {"ASSESSMENT_MODE": "demo", "ASSESSMENT_DATA": str(folder), "ASSESSMENT_JOBS": "inline"}
    )
    product = make_instance(settings)
    migrating.upgrade(product.database)
    seeding.seed(product)
    draft = seeding.examples_here(product)[1].id
    app = create_app(product=product)
    session, now = BrowserSession(settings.secret_key, None), product.now()
    with product.database.writing() as connection:
        access.create_session(connection, session.hash, now)
        access.grant(connection, session.hash, draft, now)
        content = b"%PDF-" + bytes(100_000)
        stored_results.add_document(
            connection, draft, digest="0" * 64, report="action-plan", pages=1, content=content, now=now
        )
    base = f"/assessments/{draft}"
    lines = []
    for name, page in (("one question", "/sections/ene/ene-03"), ("the longest page", _longest(app, session, base))):
        lines += _page_lines(app, session, base + page, name)
    get = _caller(app, _environ(session, f"{base}/report/{'0' * 64}.pdf"))
    served, bare = paired(get, _bare(content, "application/pdf"))
    lines.append(Line("serving a stored PDF / bare view, same bytes", served, "ms CPU", FILE_LIMIT, bare))
    product.database.close()
    return lines


def _longest(app: Flask, session: BrowserSession, base: str) -> str:
    product = app.extensions["assessment"]
    name, version = product.library.newest
    sections = product.library.edition(name, version, "en").questionnaire.sections
    pages = [(section.id, page) for section in sections for page in section.layout]
    open_pages = [
        (len(body), address)
        for section, page in pages
        if len(page.questions) > 1
        and len(body := _caller(app, _environ(session, base + (address := f"/sections/{section}/{page.id}")))()) > 6000
    ]
    return max(open_pages)[1]


def _page_lines(app: Flask, session: BrowserSession, address: str, name: str) -> list[Line]:
    get = _caller(app, _environ(session, address))
    body = get()
    shown, bare = paired(get, _bare(body, "text/html"))
    form = _form_of(body.decode())
    number = iter(range(1_000_000))

    def post() -> bytes:
        # Another key and another note each time, so that every save really writes.
        count = next(number)
        sent = {key: value for key, value in form.items() if not key.endswith(".revision")}
        now = _form_of(get().decode())
        notes = {key: f"note {count}" for key in now if key.endswith(".note")}
        return _caller(app, _environ(session, address, {**sent, **now, **notes}))()

    fresh = [get() for _ in range(1)]
    posted, empty = paired(post, _bare(fresh[0], "text/html"), rounds=9, each=10)
    return [
        Line(f"GET {name} / bare view, same bytes", shown, "ms CPU", GET_LIMIT, bare),
        Line(f"GET {name}, function calls", calls_of(get), "calls", GET_CALLS),
        Line(f"POST {name} with durable save / bare view", posted - shown, "ms CPU", POST_LIMIT, empty),
        Line(f"POST {name}, function calls", calls_of(post) - calls_of(get), "calls", POST_CALLS),
    ]


def _form_of(page: str) -> dict[str, str]:
    """The fields of a page's form as a browser would send them."""
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    for name in re.findall(r'<textarea[^>]* name="([^"]+)"', page):
        form[name] = ""
    for name, value in re.findall(r'name="([^"]+)" type="radio" value="([^"]+)"[^>]* checked', page):
        form[name] = value
    return form


def _environ(session: BrowserSession, address: str, form: dict[str, str] | None = None) -> Environ:
    body = urlencode(form or {}).encode()
    return {
        "REQUEST_METHOD": "POST" if form else "GET", "PATH_INFO": address, "QUERY_STRING": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8000", "wsgi.url_scheme": "http",
        "HTTP_COOKIE": f"session={session.id}", "REMOTE_ADDR": "127.0.0.1", "wsgi.input": BytesIO(body), "body": body,
        "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.errors": None,
        "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip


def _caller(app: Flask, environ: Environ) -> Callable[[], bytes]:
    def call() -> bytes:
        answered: list[str] = []

        def start(status: str, _headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
            answered.append(status)
            return lambda _: None

        parts: Iterable[bytes] = app({**environ, "wsgi.input": BytesIO(environ["body"])}, start)
        body = b"".join(parts)
        close = getattr(parts, "close", None)
        if close:
            close()
        if not answered[0].startswith(("200", "303")):
            raise RuntimeError(f"{environ['PATH_INFO']} answered {answered[0]}")
        return body

    return call


def _bare(body: bytes, kind: str) -> Callable[[], bytes]:
    app = Flask("bare")

    @app.get("/")
    def view() -> Response:
        return Response(body, mimetype=kind)

    environ = _environ(BrowserSession("-" * 32, None), "/")
    return _caller(app, environ)
