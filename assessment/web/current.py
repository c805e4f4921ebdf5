"""What the request at hand belongs to: the instance it is answered by and the language it is answered in."""

from flask import current_app, g

from assessment.i18n import Language
from assessment.services import answering
from assessment.services.answering import OpenDraft
from assessment.services.best_plan import Solve
from assessment.services.instance import Instance
from assessment.services.reports import Press
from assessment.web.browser import browser


def instance() -> Instance:
    """The instance of the running application."""
    found: Instance = current_app.extensions["assessment"]
    return found


def press() -> Press:
    """What makes the PDFs of the running application."""
    found: Press = current_app.extensions["assessment-press"]
    return found


def solver() -> Solve:
    """What finds the best plan for the running application."""
    found: Solve = current_app.extensions["assessment-solver"]
    return found


def language() -> Language:
    """The language of the request."""
    found: Language = g.language
    return found


def opened_draft(draft_id: str) -> OpenDraft:
    """The check of an address in the language of the request, if this browser may open it.

    Raises NotFound for one that does not exist and for one of somebody else alike.
    """
    return answering.open_draft(instance(), browser().hash, draft_id, language().code)
