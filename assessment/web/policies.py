"""What each route asks of whoever calls it: declared on the view, checked before it runs, complete or no start.

A policy is an action of `core/access.py`, which the services then decide for the check or company at hand, or a
standpoint for what touches none.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from assessment.config import ConfigurationError
from assessment.core.access import Action, Policy, Standpoint
from assessment.services.asking import Asking
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.web.browser import browser
from assessment.web.current import asked, instance, language
from assessment.web.people.arriving import was_here

View = TypeVar("View", bound=Callable[..., object])
_POLICY: Final = "policy"
_STAFF_ROLES: Final = {
    Standpoint.MENTOR: "mentor", Standpoint.MANAGER: "manager", Standpoint.ADMINISTRATOR: "administrator",
}  # fmt: skip
_OPEN: Final = (Standpoint.ANYBODY, Standpoint.SIGNING_IN)


def needs(policy: Policy) -> Callable[[View], View]:
    """Declares a view's policy; it stands directly above the function."""

    def declared(view: View) -> View:
        setattr(view, _POLICY, policy)
        return view

    return declared


def set_up(app: Flask) -> None:
    """Gather the policies of all routes. Raises ConfigurationError with every route that declares none."""
    views = app.view_functions
    missing = sorted(rule.rule for rule in app.url_map.iter_rules() if not hasattr(views[rule.endpoint], _POLICY))
    if missing:
        raise ConfigurationError(f"These routes declare no policy, so the application does not start: {missing}.")
    app.before_request(_insist_on_standpoint)


def _insist_on_standpoint() -> Response | None:
    """Only somebody who stands where the route asks goes on; its objects are the services' business."""
    if asked().endpoint is None:
        return None
    policy = policy_here()
    if isinstance(policy, Action) or policy in _OPEN:
        return None
    here = browser().signed_in
    if here is None:
        return to_sign_in()
    if policy in _STAFF_ROLES and here.staff_role != _STAFF_ROLES[policy]:
        abort(404)
    return None


def to_sign_in() -> Response:
    """The way to the page of signing in, or to the factor that is missing, and from there back to here."""
    back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    step = "sign_in.sign_in" if browser().here is None else "second_factor.ask"
    return redirect(url_for(step, next=back), 303)


def back_in() -> Response | None:
    """For what nobody may see here, in a browser where somebody used to be signed in: the way to sign in and back.

    It is the same whether the thing exists or not.
    """
    if request.method != "GET" or request.endpoint is None or not isinstance(policy_here(), Action):
        return None
    return to_sign_in() if was_here() and not browser().person_id else None


def policy_here() -> Policy:
    """The policy of the route at hand; a route without one is as if it did not exist."""
    found: Policy | None = getattr(current_app.view_functions[asked().endpoint or ""], _POLICY, None)
    if found is None:
        abort(404)
    return found


def asking() -> Asking:
    """Who asks, and for what: the action that the route at hand declares."""
    action, here = policy_here(), browser()
    if not isinstance(action, Action):
        raise TypeError(f"{request.endpoint} touches a company or a cluster but declares {action}")
    return Asking(here.hash, action, here.person_id)


def opened_draft(draft_id: str, section: str = "") -> OpenDraft:
    """The check of an address in the language of the request, if whoever asks may do there what the route does.

    `section` is the one that the route is about, empty for all. Raises what `answering.open_draft` does.
    """
    opened = answering.open_draft(instance(), asking(), draft_id, language().code, section)
    g.looking_on = opened.looking_on
    return opened
