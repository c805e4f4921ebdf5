"""Words and links that every page shows, and how answers and figures read in the language of the page."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import request, url_for

from assessment.web.current import language


def section_nav(draft_id: str | None) -> list[dict[str, Any]]:
    """The main places of an open check, or the public ones."""
    _ = language().gettext
    if draft_id is None:
        links = [("public.landing", _("Start"), {}), ("catalogue.search", _("Resources"), {}), ("public.method", _("How scores are made"), {})]
    else:
        own = {"draft_id": draft_id}
        links = [
            ("answering.hub", _("Self-assessment"), own),
            ("results.show", _("Results"), own),
            ("planning.plan", _("Action plan"), own),
            ("catalogue.search", _("Resources"), {}),
        ]
    here = (request.endpoint or "").split(".")[0]
    return [
        {"label": label, "href": url_for(endpoint, **values), "current": endpoint.split(".")[0] == here}
        for endpoint, label, values in links
    ]


def footer_links(draft_id: str | None) -> list[dict[str, str]]:
    """The links at the foot of every page."""
    _ = language().gettext
    links = [
        ("public.privacy", _("Privacy")), ("public.accessibility", _("Accessibility statement")),
        ("public.method", _("How scores are made")), ("public.licences", _("Licences")),
    ]  # fmt: skip
    shown = [{"label": label, "href": url_for(endpoint)} for endpoint, label in links]
    if draft_id is not None:
        shown.append({"label": _("Delete my data"), "href": url_for("drafts.data", draft_id=draft_id)})
    return shown


def _number(value: Decimal | int) -> str:
    return language().number(value)


def _date(value: Any) -> str:
    return language().date(value)


def _percent(value: Decimal | float) -> str:
    return language().percent(value)


GLOBALS: dict[str, Callable[..., str]] = {"number": _number, "show_date": _date, "percent": _percent}
