"""Notices on the page after an act: the redirect names one of them in its address, so nothing has to be stored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import request

from assessment.web.current import language
from assessment.web.people.interrupted import given_back


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice for the page at hand."""

    kind: Literal["success", "info"]
    text: str


def notices() -> list[Notice]:
    """The notice that the address names, if it is one of ours; of what was typed before signing in again."""
    name = "given-back" if given_back() is not None else request.args.get("notice")
    named = _named(language().gettext).get(name) if name else None
    return [named] if named else []


def _named(_: Callable[[str], str]) -> dict[str, Notice]:
    return {
        "new-way-back": Notice("success", _("You have a new link and a new code. The old ones no longer work.")),
        "link-mailed": Notice(
            "success",
            _("The link is on its way, if this address takes mail from us. Keep the code as well, until you have it."),
        ),
        "given-back": Notice(
            "info",
            _("You were signed out before this was saved. What you had typed is here again: look at it and send it."),
        ),
        "password-set": Notice(
            "success",
            _(
                "Your new password is set. Your account is signed out everywhere else, and links that we had mailed to "
                "you no longer work."
            ),
        ),
        "name-kept": Notice("success", _("Your name is kept.")),
        "mails-kept": Notice("success", _("Kept. The next mails go by it.")),
        "address-asked": Notice(
            "info", _("We have sent a link to the new address. Until you open it, the old address stays.")
        ),
        "address-set": Notice(
            "success",
            _(
                "Your account has the new address now. It is signed out everywhere else, and links that we had mailed "
                "to you no longer work."
            ),
        ),
        "places-ended": Notice("success", _("Your account was signed out there.")),
        "factor-added": Notice("success", _("Your passkey is kept.")),
        "factor-removed": Notice("success", _("It no longer belongs to your account.")),
        "factor-needed": Notice(
            "info", _("Your role needs a second factor. Add another one before you remove this one.")
        ),
        "comparison-in": Notice("success", _("These figures are compared with yours from now on.")),
        "comparison-out": Notice("success", _("These figures are no longer compared with yours.")),
        "restricted": Notice("success", _("Nobody from outside your company can read its data now.")),
        "unrestricted": Notice("success", _("The restriction is over.")),
        "company-kept": Notice("success", _("The company is kept. Nothing is lost.")),
        "account-kept": Notice("success", _("Your account is kept. Sign in as before.")),
        "company-deleted": Notice(
            "success", _("The company is deleted. Its people are told by mail with your reason.")
        ),
        "account-off": Notice("success", _("The account is off: it is signed out everywhere, and nobody comes in.")),
        "account-on": Notice("success", _("The account is on again.")),
        "job-again": Notice(
            "success", _("It is being tried again. If it fails for good once more, it comes back here.")
        ),
        "job-gone": Notice("success", _("It was given up, and all that was in it is deleted.")),
        "test-mail": Notice("success", _("The test mail is with the mail server. Look whether it reaches you.")),
        "test-mail-console": Notice("success", _("The test mail is printed where the server was started.")),
        "glass-closed": Notice("success", _("The answers are closed to you again.")),
        "attached": Notice("success", _("The document is attached to this answer.")),
        "document-removed": Notice("success", _("The document is deleted.")),
        "added": Notice("success", _("Added to your plan.")),
        "set-aside": Notice("success", _("Kept for your plan. It stands there once you have seen your results.")),
        "best-plan-used": Notice(
            "success",
            _("The best plan is your plan now. Each action has the end of its year as its date."),
        ),
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
        "cluster-made": Notice(
            "success", _("The cluster is made. Say on its page who you are, then invite companies.")
        ),
        "cluster-kept": Notice("success", _("Kept.")),
        "snapshot-asked": Notice(
            "success", _("The figures are being worked out. This page shows them as soon as they are there.")
        ),
        "snapshot-made": Notice("success", _("These are the new figures.")),
        "joint-proposed": Notice("success", _("It is proposed. Who says yes appears here.")),
        "joint-closed": Notice("success", _("It is closed: nobody is asked any more.")),
        "joint-said": Notice("success", _("Your answer is kept.")),
        "cluster-code": Notice("success", _("The cluster has a new code. The old one no longer works.")),
        "cluster-deleted": Notice("success", _("The cluster is deleted. Its members keep their checks.")),
        "cluster-joined": Notice("success", _("Your company belongs to this cluster now.")),
        "cluster-asked": Notice("success", _("The cluster is asked. You see here when it has answered.")),
        "cluster-left": Notice("success", _("It is over: the cluster sees nothing more.")),
        "campaign-words": Notice("success", _("Kept. This is how the mail looks now.")),
        "campaign-test": Notice("success", _("The test is on its way to your own address.")),
        "campaign-no-test": Notice(
            "info", _("Three mails an hour go to one address at most. Send yourself the next test later.")
        ),
        "campaign-taken": Notice("success", _("The addresses are on the list of the campaign.")),
        "campaign-put-away": Notice("success", _("The list is put away. Nothing of it was taken.")),
        "campaign-cleared": Notice("success", _("The addresses that nobody had written to are off the list.")),
        "campaign-sending": Notice("success", _("The mails go out now, a few each minute.")),
        "campaign-stopped": Notice(
            "success", _("Sending has stopped. What was not sent waits until you send it or take it off.")
        ),
        "campaign-deleted": Notice("success", _("The campaign is deleted.")),
        "cluster-member-in": Notice("success", _("The company belongs to the cluster now.")),
        "cluster-member-out": Notice("success", _("It no longer stands on your list.")),
        "exchange-in": Notice("success", _("Your company takes part in the exchange.")),
        "exchange-out": Notice("success", _("Your company left the exchange. Its posts are gone.")),
        "exchange-posted": Notice("success", _("It is posted. What fits is shown below.")),
        "exchange-closed": Notice("success", _("The post is closed.")),
        "exchange-yes": Notice(
            "success", _("Your yes is kept. You see each other as soon as the other side says yes as well.")
        ),
        "exchange-agreed": Notice("success", _("Both sides said yes. Who it is and how to reach them stands below.")),
        "exchange-no": Notice("success", _("Your yes is taken back. Neither side is shown to the other.")),
        "exchange-no-match": Notice("info", _("This match is not there any more. Nothing was changed.")),
        "exchange-forgotten": Notice("success", _("It is put away.")),
        "manager-joined": Notice("success", _("You run this cluster together with others now.")),
        "manager-removed": Notice("success", _("This person no longer runs the cluster.")),
        "manager-named": Notice("success", _("The cluster has a manager again, who is told by mail.")),
        "role-changed": Notice("success", _("The role was changed.")),
        "colleague-removed": Notice("success", _("This person no longer belongs to your company.")),
        "company-left": Notice("success", _("You no longer belong to this company.")),
        "section-link-ended": Notice("success", _("The link no longer works, and whoever came by it is out.")),
        "mentor-invited": Notice("success", _("The mentor is asked by mail, and sees nothing before they accept.")),
        "mentor-accept": Notice("success", _("This mentor has access from now on.")),
        "mentor-decline": Notice("success", _("You declined the offer.")),
        "mentor-end": Notice("success", _("This mentor sees nothing more of your company.")),
        "mentor-interview": Notice(
            "success", _("This mentor may note answers for you. They count once you confirm them.")
        ),
        "mentor-no-interview": Notice("success", _("This mentor may not note answers for you any more.")),
        "mentor-offered": Notice(
            "info", _("If the owner of a company has an account with this address, they find your offer on their page.")
        ),
        "mentor-proposed": Notice(
            "success",
            _(
                "The company finds your proposal on its page, unless this mentor is known to it already. It decides, "
                "and you do not see how."
            ),
        ),
        "mentor-listing": Notice("success", _("This is kept, and counts from now on.")),
        "mentor-accepted": Notice("success", _("You are the mentor of this company now.")),
        "mentor-left": Notice("success", _("You are no longer the mentor there. The companies were told by mail.")),
        "mentor-handed-over": Notice(
            "success",
            _(
                "If the colleague is a mentor here, the companies are asked by mail. Until one agrees, you stay its "
                "mentor."
            ),
        ),
        "visit-kept": Notice("success", _("The next visit is kept, and the company sees it.")),
        "review-finished": Notice("success", _("The company now sees your name and the date.")),
        "review-accept": Notice("success", _("The answer is changed as your mentor proposed. Both values are kept.")),
        "review-reply": Notice("success", _("Your mentor finds your words in the review.")),
        "interview-sent": Notice("success", _("The company is asked by mail to confirm what you noted.")),
        "interview-confirmed": Notice("success", _("What you confirmed are your answers now.")),
        "action-suggested": Notice("success", _("The company finds your suggestion on its page.")),
        "suggestion-accept": Notice("success", _("Added to your plan.")),
        "suggestion-decline": Notice("success", _("Your mentor finds your words in the review.")),
        "consent-kept": Notice("success", _("This is kept, and counts from now on.")),
        "no-results": Notice(
            "info",
            _("There are no results yet. Answer what you can, then open “Check your answers and see your results”."),
        ),
        "answers-needed": Notice(
            "info", _("Answer the questions about your company and at least one other question, then see your results.")
        ),
    }
