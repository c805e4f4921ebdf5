"""Static files under addresses that carry their digest, so browsers keep them for a year and never too long."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory, url_for

FOLDER = Path(__file__).resolve().parent / "static"


@cache
def digest_of(name: str) -> str:
    """A short digest of a static file's content."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file."""
    return url_for("static", digest=digest_of(name), name=name)


def set_up(app: Flask) -> None:
    """Serve the folder; only the digest of the present content is answered, so an address is a promise."""

    def static(digest: str, name: str) -> Response:
        path = (FOLDER / name).resolve()
        if not path.is_relative_to(FOLDER) or not path.is_file():
            abort(404)
        if name.startswith("fonts/") or digest == digest_of(name):
            return send_from_directory(FOLDER, name)
        abort(404)

    app.add_url_rule("/static/<digest>/<path:name>", endpoint="static", view_func=static)
    app.jinja_env.globals["asset"] = asset
