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
from assessment.services.mentors.clients import Client
from assessment.web.kept_pieces import PLACE, in_place, shape_of
from assessment.web.mentors.mentor_words import client_states, progress_words, waiting_words

_EXTENSION = "assessment-kept-clients"
_TEMPLATE = "pages/mentor/parts.html"
_EITHER = (True, False)

MOST_CELLS = 5_000
"""About 100 bytes for a cell, and 600 for the cells of a line together."""


class KeptClients:
    """Renders cells, and keeps them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._cells: dict[tuple[object, ...], bytes] = {}

    def lines(self, clients: Sequence[Client], today: date, here: Language) -> list[bytes]:
        """The lines of the list: the company with the address of its review (none without a check), and five cells."""
        if len(self._cells) >= MOST_CELLS:
            self._cells.clear()
        before, after = url_for("reviewing.overview", draft_id=PLACE).encode().split(PLACE.encode())
        shapes = {(linked, sited): self._shape(here, linked, sited) for linked in _EITHER for sited in _EITHER}
        lines = []
        for client in clients:
            draft_id, company, site = client.draft_id, in_place(client.company), client.site
            told = (before + draft_id.encode() + after, company) if draft_id else (company,)
            if site:
                told = (*told, in_place(site))
            lines.append(shapes[draft_id != "", site != ""] % (*told, self._cells_of(client, today, here)))
        return lines

    def _shape(self, here: Language, linked: bool, sited: bool) -> bytes:
        """A line with places for address, company, site and cells, as far as it has them."""
        key = (here, "row", linked, sited)
        found = self._cells.get(key)
        if found is None:
            href, site = PLACE if linked else "", PLACE if sited else ""
            found = self._cells[key] = shape_of(self._part("row", href, PLACE, site, PLACE))
        return found

    def _cells_of(self, client: Client, today: date, here: Language) -> bytes:
        kept, deadline, reviewed = self._cells, client.deadline, client.reviewed_at
        past = deadline is not None and deadline < today
        key = (
            here, client.state, reviewed and reviewed.date(), client.for_you, client.for_company, client.answered,
            client.asked, client.last_activity.date(), deadline, client.is_visit, past,
        )  # fmt: skip
        found = kept.get(key)
        if found is None:
            _, state, day, for_you, for_company, answered, asked, active, *_ = key
            keys: tuple[tuple[object, ...], ...] = (
                (here, "state", state, day),
                (here, "waiting", for_you, for_company, state),
                (here, "answered", answered, asked),
                (here, "activity", active),
                (here, "deadline", deadline, client.is_visit, past),
            )
            found = kept[key] = b"".join(kept.get(each) or self._cell(each) for each in keys)
        return found

    def _cell(self, key: tuple[Any, ...]) -> bytes:
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
        found = self._cells[key] = self._part(name, *says).encode()
        return found

    def _part(self, macro: str, *arguments: Any) -> Markup:
        module = self._environment.get_template(_TEMPLATE).module
        rendered: Markup = getattr(module, macro)(*arguments)
        return rendered


def kept_clients() -> KeptClients:
    """The kept cells of the running application."""
    found: KeptClients | None = current_app.extensions.get(_EXTENSION)
    if found is None:
        found = current_app.extensions[_EXTENSION] = KeptClients(current_app.jinja_env)
    return found
