"""Who asks for what: every service function that touches a check or a company is told so."""

from dataclasses import dataclass

from assessment.core.access import Action, Standing, decide
from assessment.core.errors import NotFound, NotYours


@dataclass(frozen=True, slots=True)
class Asking:
    """A browser, the person who is signed in there (empty for nobody), and what they are about to do."""

    session_hash: str
    action: Action
    person_id: str = ""


def insist(asking: Asking, standing: Standing, what: str, section: str = "") -> None:
    """Go on only where the table of `core/access.py` says yes.

    Raises NotFound where the object must seem not to exist, NotYours where it is known but this is not theirs to do.
    """
    match decide(asking.action, standing, section):
        case "yes":
            return
        case "forbidden":
            raise NotYours
        case "hidden":
            raise NotFound(what)
