"""Notices on the page after an act: the redirect names one of them in its address, so nothing has to be stored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import request

from assessment.web.current import language


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice for the page at hand."""

    kind: Literal["success", "info"]
    text: str


def notices() -> list[Notice]:
    """The notice that the address names, if it is one of ours."""
    name = request.args.get("notice")
    named = _named(language().gettext).get(name) if name else None
    return [named] if named else []


def _named(_: Callable[[str], str]) -> dict[str, Notice]:
    return {
        "new-way-back": Notice("success", _("You have a new link and a new code. The old ones no longer work.")),
        "password-set": Notice("success", _("Your new password is set.")),
        "name-kept": Notice("success", _("Your name is kept.")),
        "address-asked": Notice(
            "info", _("We have sent a link to the new address. Until you open it, the old address stays.")
        ),
        "address-set": Notice("success", _("Your account has the new address now.")),
        "places-ended": Notice("success", _("Your account was signed out there.")),
        "factor-added": Notice("success", _("Your passkey is kept.")),
        "factor-removed": Notice("success", _("It no longer belongs to your account.")),
        "factor-needed": Notice(
            "info", _("Your role needs a second factor. Add another one before you remove this one.")
        ),
        "added": Notice("success", _("Added to your plan.")),
        "selection-used": Notice(
            "success", _("This selection is your plan now. What you left out stands under “Not for you”.")
        ),
        "selection-too-large": Notice(
            "info",
            _("A plan holds 60 actions at most, and this selection has more. Your plan is as it was: take fewer."),
        ),
        "plan-full": Notice("info", _("A plan holds 60 actions at most. Take one out first: mark it as not for us.")),
        "company-renamed": Notice("success", _("The company has its new name.")),
        "check-claimed": Notice(
            "success", _("The check belongs to your company now. The link and the code it had no longer work.")
        ),
        "joined": Notice("success", _("You belong to this company now.")),
        "invited": Notice("success", _("The invitation is on its way.")),
        "withdrawn": Notice("success", _("The invitation no longer works.")),
        "role-changed": Notice("success", _("The role was changed.")),
        "colleague-removed": Notice("success", _("This person no longer belongs to your company.")),
        "company-left": Notice("success", _("You no longer belong to this company.")),
        "section-link-ended": Notice("success", _("The link no longer works, and whoever came by it is out.")),
        "consent-kept": Notice("success", _("This is kept, and counts from now on.")),
        "no-results": Notice(
            "info",
            _("There are no results yet. Answer what you can, then open “Check your answers and see your results”."),
        ),
        "answers-needed": Notice(
            "info", _("Answer the questions about your company and at least one other question, then see your results.")
        ),
    }
