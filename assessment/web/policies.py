"""What each route asks of whoever calls it: declared on the view, checked before it runs, complete or no start.

A policy is an action of `core/access.py`, which the services then decide for the check or company at hand, or a
standpoint for what touches none.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, current_app, request

from assessment.config import ConfigurationError
from assessment.core.access import Action, Policy
from assessment.services.asking import Asking
from assessment.web.browser import browser

View = TypeVar("View", bound=Callable[..., object])
_POLICY: Final = "policy"
_BY_ENDPOINT: Final = "assessment-policies"


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
    app.extensions[_BY_ENDPOINT] = {endpoint: getattr(view, _POLICY) for endpoint, view in views.items()}


def policy_here() -> Policy:
    """The policy of the route at hand."""
    found: Policy = current_app.extensions[_BY_ENDPOINT][request.endpoint]
    return found


def asking() -> Asking:
    """Who asks, and for what: the action that the route at hand declares."""
    action, here = policy_here(), browser()
    if not isinstance(action, Action):
        raise TypeError(f"{request.endpoint} touches a company but declares {action}")
    return Asking(here.hash, action, here.person_id)
