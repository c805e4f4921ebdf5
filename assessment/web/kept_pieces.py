"""Pieces of pages that look the same to everybody: header, navigation, footer, the buttons of a form.

They are most of what a page renders, and depend on nothing but the language and the place. So each is rendered once
for those, with marks where the draft's id, the CSRF token and a name go; what belongs to a person is put in at each
request and is never among what is kept.
"""

from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import quote

from flask import url_for
from jinja2 import Environment
from markupsafe import Markup, escape

from assessment.i18n import Language
from assessment.web.words import footer_links, section_nav

Here = tuple[Language, str | None, str, bool, str, bool]
"""What a piece may depend on: language, endpoint, root of the addresses, whether a draft is open, who is signed in
(`person`, `mentor`, `manager`, `administrator`; empty for nobody), and whether they look at the draft from outside its
company."""

Piece = Callable[[str, str], Markup]
"""`piece(template, macro)` in templates: the macro of that template, rendered."""

PLACE: Final = "-place-"
"""What a piece is rendered with where something goes that is not kept."""

ROWS: Final = "<!-- rows -->"
"""Where a template leaves room for `with_rows`."""

_DRAFT_MARK = "--draft--"
_NAME_MARK = "--name--"
_TOKEN_MARK = "--token--"  # noqa: S105 - a place for one
_MOST_KEPT = 2048


class KeptPieces:
    """Renders pieces, and keeps them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._kept: dict[tuple[Here, str, str], Markup] = {}

    def of(self, here: Here, draft_id: str | None, token: Callable[[], str], name: str = "") -> Piece:
        """The pieces of one page."""

        def piece(template: str, macro: str) -> Markup:
            found = self._kept.get((here, template, macro))
            if found is None:
                found = self._keep(here, template, macro)
            if draft_id is not None and _DRAFT_MARK in found:
                found = found.replace(_DRAFT_MARK, quote(draft_id, safe=""))
            if name and _NAME_MARK in found:
                found = found.replace(_NAME_MARK, escape(name))
            # Asking for a token gives the browser a cookie, so only a piece with a form in it does.
            return found.replace(_TOKEN_MARK, token()) if _TOKEN_MARK in found else found

        return piece

    def _keep(self, here: Here, template: str, macro: str) -> Markup:
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        _, endpoint, _, draft_open, who, looking_on = here
        draft = _DRAFT_MARK if draft_open else None
        # A macro sees this and nothing else of the page.
        seen = {
            "token": _TOKEN_MARK,
            "draft_open": draft_open,
            "signed_in": who != "",
            "name": _NAME_MARK,
            "section_nav": section_nav(endpoint or "", draft, who, looking_on),
            "footer_links": footer_links(None if looking_on else draft),
            "help_url": url_for("public.help_page"),
        }
        module = self._environment.get_template(template).make_module(seen)
        rendered: Markup = getattr(module, macro)()
        self._kept[here, template, macro] = rendered
        return rendered


def shape_of(piece: Markup) -> bytes:
    """A piece as `%` fills it in: each place takes one text, escaped and encoded."""
    return piece.encode().replace(b"%", b"%%").replace(PLACE.encode(), b"%s")


def in_place(text: str) -> bytes:
    """A text as it goes into a place of a shape."""
    return escape(text).encode()


def with_rows(page: str, rows: Iterable[bytes]) -> bytes:
    """A page with a long list in the place of its mark, which nothing typed can hold: that is escaped.

    The rows are kept as they are sent. A page of two hundred is so neither copied from template to template, nor
    encoded letter by letter.
    """
    before, mark, after = page.partition(ROWS)
    return b"".join((before.encode(), *(rows if mark else ()), after.encode()))
