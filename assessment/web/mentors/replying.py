"""The company's side of a review: what its mentor asks, proposes and suggests, and what it says to each."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import Conflict, InvalidAnswers, NotFound, Refused
from assessment.services.mentors import confirming_savings, interviewing, reviewing, suggesting_measures
from assessment.web.browser import browser
from assessment.web.current import instance, language
from assessment.web.mentors.kept_review import kept_review
from assessment.web.mentors.review_words import score_rows
from assessment.web.mentors.reviewing import (
    LONGEST,
    NOTHING_TYPED,
    Errors,
    Typed,
    answer_of,
    helpers,
    open_check,
    seen,
    words_typed,
)
from assessment.web.people.interrupted import ABOUT, sent
from assessment.web.policies import needs, opened_draft

blueprint = Blueprint("replying", __name__)


@blueprint.get("/assessments/<draft_id>/mentor")
@needs(Action.ANSWER_REVIEW)
def page(draft_id: str) -> str:
    """What waits for the company, both scores, what was agreed, and what was said."""
    return page_with(draft_id, sent().get(ABOUT, ""), [])


def page_with(draft_id: str, about: str, errors: Errors, typed: Typed = NOTHING_TYPED) -> str:
    """The same with what is wrong; `about` is what the words at hand speak of, `typed` a comment that was not taken."""
    opened, check = open_check(draft_id, for_mentor=False)
    reviewed = [answer for answer in check.answers if answer.stored is not None or answer.comments]
    return render_template(
        "pages/review/company.html", opened=opened, check=check, reviewed=reviewed, about=about, errors=errors,
        statements=confirming_savings.histories_of(instance(), opened),
        noted=interviewing.count_noted(instance(), opened, language().code),
        scores=kept_review().scores(score_rows(check, language()), language()),
        words=words_typed("words") if about else "", typed=typed, person_id=browser().person_id,
        **helpers("company"),
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/mentor/<question>")
@needs(Action.ANSWER_REVIEW)
def answer(draft_id: str, question: str) -> Answer | tuple[str, int]:
    """Accept what the mentor proposed, or reply."""
    _ = language().gettext
    opened, check = open_check(draft_id, for_mentor=False)
    found, words, act = answer_of(check, question), words_typed("words"), request.form.get("act", "")
    target = f"words-{question}"
    if act not in ("accept", "reply"):
        raise NotFound(question)
    if act == "reply" and not words:
        return page_with(draft_id, question, [(target, _("Say in a few words what your mentor should know"))]), 422
    if len(words) > LONGEST:
        too_long = _("Use %(most)s characters or fewer here") % {"most": LONGEST}
        return page_with(draft_id, question, [(target, too_long)]), 422
    todo = reviewing.accept if act == "accept" else reviewing.reply
    try:
        todo(instance(), found, opened, words, seen(), browser().person_id)
    except Conflict:
        told = _("The answer or its review was changed meanwhile. Look at it as it is now; your words are still here.")
        return page_with(draft_id, question, [(target, told)]), 409
    except InvalidAnswers:
        told = _("This answer is no longer among the choices, because another answer was changed.")
        return page_with(draft_id, question, [(target, told)]), 422
    return redirect(url_for("replying.page", draft_id=draft_id, notice=f"review-{act}"), 303)


@blueprint.post("/assessments/<draft_id>/mentor-suggestions/<suggestion_id>")
@needs(Action.ANSWER_REVIEW)
def answer_suggestion(draft_id: str, suggestion_id: str) -> Answer | tuple[str, int]:
    """Take a suggested action into the plan, or decline it with a word."""
    _ = language().gettext
    opened = opened_draft(draft_id)
    words, act = words_typed("words"), request.form.get("act", "")
    if len(words) > LONGEST:
        too_long = _("Use %(most)s characters or fewer here") % {"most": LONGEST}
        return page_with(draft_id, suggestion_id, [(f"words-{suggestion_id}", too_long)]), 422
    if act == "accept":
        try:
            suggesting_measures.accept(instance(), opened, suggestion_id, words)
        except Refused:
            full = _("A plan holds 60 actions at most. Take one out first: mark it as not for us.")
            return page_with(draft_id, suggestion_id, [(f"words-{suggestion_id}", full)]), 422
    elif act == "decline":
        if not words:
            told = _("Say in a few words why this is not for you")
            return page_with(draft_id, suggestion_id, [(f"words-{suggestion_id}", told)]), 422
        suggesting_measures.decline(instance(), opened, suggestion_id, words)
    else:
        raise NotFound(suggestion_id)
    return redirect(url_for("replying.page", draft_id=draft_id, notice=f"suggestion-{act}"), 303)
