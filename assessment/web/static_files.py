"""Static files under addresses that carry their digest, so browsers keep them for a year and never too long."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory, url_for

from assessment.core.access import Standpoint
from assessment.web.policies import needs

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

    names = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}

    @needs(Standpoint.ANYBODY)
    def static(digest: str, name: str) -> Response:
        # A name is looked up among those there are and never handed to the file system, which has limits of its own.
        if name not in names:
            abort(404)
        if name.startswith("fonts/") or digest == digest_of(name):
            return send_from_directory(FOLDER, name)
        abort(404)

    app.add_url_rule("/static/<digest>/<path:name>", endpoint="static", view_func=static)
    app.jinja_env.globals["asset"] = asset
