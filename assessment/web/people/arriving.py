"""Arriving: somebody has proved who they are, their session begins under a new id, and they go on to where they were.

The browser is then known to the account by a second cookie, which opens nothing: it only keeps others, who guess
passwords, from shutting the person out (RELIABILITY AUTH-05).
"""

import hashlib
import hmac
from typing import Final
from urllib.parse import unquote, urlencode, urlsplit

from flask import current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from assessment.services.instance import Instance
from assessment.services.people import sessions
from assessment.storage.people.people import Person
from assessment.web.browser import COOKIE_DAYS, browser, hash_of, new_id
from assessment.web.current import instance, language
from assessment.web.people.devices import device_words

HOME: Final = "account.overview"
_HOMES: Final = {
    "": "companies.listed", "mentor": "mentoring.client_list", "manager": "clusters.listed",
    "administrator": "administration.find",
}  # fmt: skip
_BROWSERS_SKIP: Final = "\\\t\r\n"


def safe_next(given: str) -> str:
    """An address of ours to go on to, with its question; empty for everything else (RELIABILITY SES-10)."""
    if not given.startswith("/") or not given.isprintable() or any(sign in given for sign in _BROWSERS_SKIP):
        return ""
    parts = urlsplit(given)
    if parts.scheme or parts.netloc or unquote(parts.path).startswith(("//", "/\\")):
        return ""
    try:
        current_app.url_map.bind("localhost").match(unquote(parts.path), method="GET")
    except HTTPException:
        return ""
    return given


def onward() -> str:
    """Where whoever is on the way in wants to go, as the page before said; empty where it says nothing good."""
    return safe_next(request.values.get("next", ""))


def going_on(endpoint: str, there: str) -> str:
    """The address of a step on the way in, with where it leads in the end."""
    address = url_for(endpoint)
    return f"{address}?{urlencode({'next': there})}" if there else address


def enter(person: Person, *, factors: int, there: str = "") -> Answer:
    """Begin the session of somebody who gave so many factors; it goes on to the next one, or where they wanted."""
    session, renewed = browser(), new_id(signed_in=True)
    device = device_words(request.headers.get("User-Agent", ""))
    complete = sessions.enter(
        instance(), session.hash, hash_of(renewed), person, factors=factors, device=device, language=language().code
    )
    session.become(renewed)
    if not complete:
        return redirect(going_on(half_way(person), there), 303)
    answer = redirect(safe_next(there) or url_for(_HOMES[person.staff_role]), 303)
    remember(answer, person)
    return answer


def half_way(person: Person) -> str:
    """The step that comes next for somebody whose second factor is missing."""
    here = sessions.second_factors(instance(), person)
    return "second_factor.ask" if here else "second_factor.set_up"


def remember(answer: Answer, person: Person) -> None:
    """Let the account know this browser from now on."""
    settings = instance().settings
    answer.set_cookie(
        _cookie(settings.secure), device_mark(instance(), person), max_age=COOKIE_DAYS * 86_400, path="/",
        secure=settings.secure, httponly=True, samesite="Lax",
    )  # fmt: skip


def known_device(person: Person | None) -> str:
    """What tells this browser from others that the account knows; empty where it does not know this one."""
    mark = request.cookies.get(_cookie(instance().settings.secure), "")
    if person is None or not hmac.compare_digest(mark.encode(), device_mark(instance(), person).encode()):
        return ""
    return mark


def was_here() -> bool:
    """Whether somebody has signed in in this browser before; a hint, which opens nothing."""
    return _cookie(instance().settings.secure) in request.cookies


def device_mark(product: Instance, person: Person) -> str:
    """What a browser that signed in keeps; it ends when what protects the account changes."""
    said = f"known-device:{person.uniquifier}".encode()
    return hmac.new(product.settings.secret_key.encode(), said, hashlib.sha256).hexdigest()


def _cookie(secure: bool) -> str:
    return "__Host-known" if secure else "known"
