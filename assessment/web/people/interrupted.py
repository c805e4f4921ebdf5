"""A form that comes in after its session has ended by time: kept, and given back on its page after signing in again.

It is never sent by itself: the page shows what was typed, and the person sends it once more. A form whose page cannot
show it again is not kept; what was typed then stands on the page that says so. (RELIABILITY SES-04, DUR-15)
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from flask import Flask, g, jsonify, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import NotSaved
from assessment.services.people import sessions
from assessment.web.browser import browser
from assessment.web.current import asked, instance
from assessment.web.people.arriving import was_here
from assessment.web.policies import policy_here

ABOUT: Final = "about"
"""The control under which a page with several forms finds which of them it was."""
MOST_HELD: Final = 100_000
_PAGES: Final[Mapping[str, str]] = {
    "answering.save": "answering.page",
    "interviewing.note": "interviewing.ask",
    "planning.add_own": "planning.own",
    "planning.change_card": "planning.card",
    "replying.answer": "replying.page",
    "replying.answer_suggestion": "replying.page",
    "reviewing.look": "reviewing.one",
}
"""Which page shows again what was sent to which view."""
_OF_THE_FORM: Final = frozenset({"csrf_token", "idempotency_key", "autosave", "action", "same", "attach"})


def set_up(app: Flask) -> None:
    """Forget what was held for a page as soon as its form is sent."""
    app.before_request(_forget_what_is_sent)


def _page_of_form() -> str:
    """The address of the page that can show the form at hand again; empty where none can."""
    page = _PAGES.get(request.endpoint or "")
    if page is None or request.method != "POST":
        return ""
    given = dict(request.view_args or {})
    if page == "replying.page":
        given = {"draft_id": given["draft_id"]}
    return url_for(page, **given)


def _forget_what_is_sent() -> None:
    form = asked()
    if form.method != "POST" or form.endpoint not in _PAGES:
        return
    here = browser().signed_in
    if here is not None and here.data.get("held") == _page_of_form():
        with suppress(NotSaved):
            sessions.forget_held(instance(), browser().hash, here)


def way_back() -> Answer | None:
    """For a form of somebody whose session has just ended: the way to sign in and back to its page, with all typed.

    It is the same whether the check exists or not. None where no session of this browser was ended by time.
    """
    page = _page_of_form()
    if not page or browser().here is not None:
        return None
    named = dict(request.view_args or {})
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _OF_THE_FORM]
    fields.append((ABOUT, str(named.get("question") or named.get("suggestion_id") or "")))
    if sum(len(name) + len(value) for name, value in fields) > MOST_HELD:
        return None
    try:
        held = sessions.hold(instance(), browser().hash, str(named["draft_id"]), page, fields)
    except NotSaved:
        # Then all that was typed stands on the page that says so.
        return None
    if not held:
        return None
    if request.form.get("autosave") == "1":
        answer = jsonify(signed_out=True)
        answer.status_code = 403
        return answer
    return redirect(url_for("sign_in.sign_in", next=page), 303)


def is_signed_out() -> bool:
    """Whether the form at hand may have been refused only because somebody is signed out by now."""
    signed_out = was_here() and browser().here is None
    return request.method == "POST" and signed_out and isinstance(policy_here(), Action)


def given_back() -> MultiDict[str, str] | None:
    """What was typed on the page at hand before the session ended, until it is sent again; None for nothing."""
    if "given_back" not in g:
        g.given_back = _held_here() if request.method == "GET" else None
    found: MultiDict[str, str] | None = g.given_back
    return found


def _held_here() -> MultiDict[str, str] | None:
    here = browser().signed_in
    if here is None or here.data.get("held") != request.path:
        return None
    fields = sessions.held(instance(), browser().hash, here, request.path)
    return None if fields is None else MultiDict(fields)


def sent() -> MultiDict[str, str]:
    """The form at hand: the one that is sent, or the one that is given back to its page."""
    return request.form if request.method == "POST" else given_back() or MultiDict()
