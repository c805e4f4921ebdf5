"""How often one address may start, resume or order a PDF; counted in the database, so exactly, across workers.

The limits come from the settings. A typed resume code may be tried ten times an hour per address and a thousand
times in all (RELIABILITY AUTH-17).
"""

from flask import current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from assessment.config import RateLimits

limiter = Limiter(get_remote_address, headers_enabled=False)


@limiter.request_filter
def has_no_limit() -> bool:
    """A view without the limiter's decorator; said here, as the limiter would look through all its rules each time."""
    view = current_app.view_functions.get(request.endpoint or "")
    return not hasattr(view, "__wrapped__")


def start_limits() -> str:
    """Starts per address."""
    return _limits().start


def pdf_limits() -> str:
    """PDFs per address."""
    return _limits().report


def resume_limits() -> str:
    """Tries of a link or code per address."""
    return _limits().resume


def resume_limits_in_all() -> str:
    """Tries of a link or code by everybody together."""
    return _limits().resume_in_all


def everybody() -> str:
    """The one key that all addresses share."""
    return "everybody"


def _limits() -> RateLimits:
    found: RateLimits = current_app.config["LIMITS"]
    return found
