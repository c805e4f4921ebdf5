"""The lines of a mentor's client list. Cells that say the same for many clients are rendered once and kept.

Kept are states, numbers and days in a language, and no word of any client: names are put in by the page itself.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import current_app, url_for
from jinja2 import Environment
from markupsafe import Markup

from assessment.i18n import Language
from assessment.services.clients import Client
from assessment.web.mentor_words import client_states, progress_words, waiting_words

_EXTENSION = "assessment-kept-clients"
_TEMPLATE = "pages/mentor/parts.html"
_ID_MARK = "-check-"

MOST_CELLS = 5_000
"""About 100 bytes each."""

Line = tuple[str, str, str, Markup, Markup, Markup, Markup, Markup]
"""The address of the review (empty without a check), the company, the site, and five cells."""


class KeptClients:
    """Renders cells, and keeps them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._cells: dict[tuple[object, ...], Markup] = {}

    def lines(self, clients: Sequence[Client], today: date, here: Language) -> list[Line]:
        """The lines of the list."""
        if len(self._cells) >= MOST_CELLS:
            self._cells.clear()
        address = url_for("reviewing.overview", draft_id=_ID_MARK)
        return [self._line(client, address, today, here) for client in clients]

    def _line(self, client: Client, address: str, today: date, here: Language) -> Line:
        kept = self._cells
        state, reviewed, deadline = client.state, client.reviewed_at and client.reviewed_at.date(), client.deadline
        active = client.last_activity.date()
        keys: tuple[tuple[object, ...], ...] = (
            (here, "state", state, reviewed),
            (here, "waiting", client.for_you, client.for_company, state),
            (here, "answered", client.answered, client.asked),
            (here, "activity", active),
            (here, "deadline", deadline, client.is_visit, deadline is not None and deadline < today),
        )
        cells = [kept.get(key) or self._cell(key) for key in keys]
        href = address.replace(_ID_MARK, client.draft_id) if client.draft_id else ""
        return href, client.company, client.site, cells[0], cells[1], cells[2], cells[3], cells[4]

    def _cell(self, key: tuple[Any, ...]) -> Markup:
        here, name, *says = key
        match name:
            case "state":
                says[0] = client_states(here)[says[0]]
            case "waiting":
                for_you, for_company, state = says
                says = [waiting_words(for_you, for_company, state, here)]
            case "answered":
                answered, asked = says
                says = [progress_words(answered, asked, here)]
        module = self._environment.get_template(_TEMPLATE).module
        found: Markup = getattr(module, name)(*says)
        self._cells[key] = found
        return found


def kept_clients() -> KeptClients:
    """The kept cells of the running application."""
    found: KeptClients | None = current_app.extensions.get(_EXTENSION)
    if found is None:
        found = current_app.extensions[_EXTENSION] = KeptClients(current_app.jinja_env)
    return found
