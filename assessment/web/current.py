"""What the request at hand belongs to: the instance it is answered by and the language it is answered in."""

from collections.abc import Callable, Mapping

from flask import Request, current_app, g, request
from sqlalchemy import Connection

from assessment.i18n import Language
from assessment.services import mails
from assessment.services.instance import Instance
from assessment.services.people.proofs import Proofs
from assessment.services.plans.best_plan import Solve
from assessment.services.plans.reports import Press


def asked() -> Request:
    """The request at hand itself, for what every save goes through: each look through Flask's proxy costs anew."""
    found: Request = request._get_current_object()  # type: ignore[attr-defined]
    return found


def instance() -> Instance:
    """The instance of the running application."""
    found: Instance = current_app.extensions["assessment"]
    return found


def press() -> Press:
    """What makes the PDFs of the running application; loaded at the first call, which takes a moment."""
    load: Callable[[], Press] = current_app.extensions["assessment-press"]
    return load()


def solver() -> Solve:
    """What finds the best plan for the running application."""
    found: Solve = current_app.extensions["assessment-solver"]
    return found


def proofs() -> Proofs:
    """What proves who somebody is; loaded at the first call, which takes a moment."""
    load: Callable[[], Proofs] = current_app.extensions["assessment-proofs"]
    return load()


def language() -> Language:
    """The language of the request."""
    found: Language = g.language
    return found


def spoken() -> Mapping[str, Language]:
    """Every language that the site speaks, by code."""
    found: Mapping[str, Language] = current_app.extensions["assessment-languages"]
    return found


def language_to(connection: Connection, address: str) -> Language:
    """The language in which somebody is written to: that of their account, else that of the request."""
    return mails.language_to(connection, address, language())
