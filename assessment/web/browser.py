"""The browser's session: one necessary cookie with a random id, and nothing else in it.

What a browser may open stands on the server under the id's SHA-256 (`storage/people/access.py`), so it can be ended
there; so does who is signed in, read once for a request and only where something asks. Ids that begin with a sign-in
carry a mark, so that of any other browser it is known without a read that nobody is. Before the first draft or
sign-in no row exists. The CSRF token is derived from the id under the instance's key, so that a
form rendered before the first save is guarded as well: who has not both the cookie and a page rendered for it can
neither read nor make one, and as long as the id lives a page may stay open. A new id is given whenever a browser gains
access to something (RELIABILITY SES-02: no fixation), and only once the server has it down.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.http import parse_cookie

from assessment.services.instance import Instance
from assessment.services.people.sessions import Here, who_is_here

COOKIE_DAYS = 395
_MARK: Final = "."
"""What an id ends in under which somebody has signed in. It is hashed with the rest: without it the id is another."""


def new_id(*, signed_in: bool = False) -> str:
    """An id that nobody can guess, for a browser in which somebody signs in or is, or for one in which nobody is."""
    return secrets.token_urlsafe(32) + (_MARK if signed_in else "")


def _is_ours(cookie: str) -> bool:
    """Whether we can have given a cookie."""
    return len(cookie.removesuffix(_MARK)) == 43 and cookie.isascii() and cookie.isprintable()


def hash_of(session_id: str) -> str:
    """What the server keeps of an id."""
    return hashlib.sha256(session_id.encode()).hexdigest()


class BrowserSession(dict[str, Any], SessionMixin):
    """The id of one browser; the dictionary that Flask asks for stays empty."""

    def __init__(self, key: str, cookie: str | None, look_up: Callable[[str], Here | None]) -> None:
        self.key = key
        self._look_up = look_up
        self.fresh = cookie is None
        self.ended = False
        self.wanted = False
        super().__init__()
        self._take(cookie or new_id())

    def _take(self, session_id: str) -> None:
        self.id = session_id
        self.hash = hash_of(session_id)
        """What the server keeps of the id."""
        self._token = ""
        self._known: Here | None = None
        # Where nobody has signed in, nobody is.
        self._is_known = not session_id.endswith(_MARK)

    def next_id(self) -> str:
        """An id to go on under; whoever is signed in here stays so."""
        return new_id(signed_in=self.id.endswith(_MARK))

    def become(self, session_id: str) -> None:
        """Go on under another id; forms rendered under the old one are no longer accepted."""
        self._take(session_id)
        self.fresh = self.wanted = True

    def look_again(self) -> None:
        """Ask anew who is signed in here, as that may have ended since."""
        self._take(self.id)

    @property
    def here(self) -> Here | None:
        """Whoever is signed in here, perhaps without their second factor yet."""
        if not self._is_known:
            # Asked once: where the database is away, the page that says so is one for nobody.
            self._is_known = True
            self._known = self._look_up(self.hash)
        return self._known

    @property
    def signed_in(self) -> Here | None:
        """Whoever is signed in here, with every factor that is asked of them."""
        here = self.here
        return here if here is not None and here.complete else None

    @property
    def person_id(self) -> str:
        """The id of whoever is signed in here, with every factor; empty for nobody."""
        here = self.signed_in
        return here.person_id if here else ""

    @property
    def csrf_token(self) -> str:
        """What every form of this browser carries; a browser that is given one keeps its id."""
        self.wanted = True
        return self._csrf_token()

    def gave(self, token: str) -> bool:
        """Whether this is the token of this browser."""
        return hmac.compare_digest(token.encode(errors="replace"), self._csrf_token().encode())

    def _csrf_token(self) -> str:
        if not self._token:
            self._token = hmac.digest(self.key.encode(), b"csrf:" + self.id.encode(), "sha256").hex()
        return self._token


class BrowserSessions(SessionInterface):
    """Reads and writes the one cookie: `__Host-session` over https, `session` on a demo's plain http."""

    def __init__(self, secure: bool) -> None:
        self.secure = secure
        self.name = "__Host-session" if secure else "session"

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """The session of the cookie; an id that we cannot have given starts afresh."""
        # Straight from where the server has put it: the request looks through all headers first.
        cookie = parse_cookie(request.environ).get(self.name)
        product: Instance = app.extensions["assessment"]
        given = cookie if cookie is not None and _is_ours(cookie) else None
        return BrowserSession(str(app.secret_key), given, lambda here: who_is_here(product, here))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie when a form needed it for the first time or the id is new; drop it when ended."""
        if not isinstance(session, BrowserSession):
            raise TypeError("another kind of session was opened")
        attributes: dict[str, Any] = {
            "path": "/", "secure": self.secure, "httponly": True, "samesite": "Lax",
        }  # fmt: skip
        if session.ended:
            response.delete_cookie(self.name, **attributes)
        elif session.fresh and session.wanted:
            response.set_cookie(self.name, session.id, max_age=COOKIE_DAYS * 86_400, **attributes)


def csrf_token() -> str:
    """The token for the forms of the page at hand."""
    return browser().csrf_token


def browser() -> BrowserSession:
    """The session of the request at hand."""
    current = session._get_current_object()  # type: ignore[attr-defined]
    if not isinstance(current, BrowserSession):
        raise TypeError("another kind of session was opened")
    return current
