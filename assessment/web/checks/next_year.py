"""Starting next year's check from the results of this one."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.checks.route import Depth
from assessment.core.errors import NotSaved
from assessment.services.checks import drafts, results
from assessment.services.checks.answering import OpenDraft
from assessment.services.plans import planning
from assessment.storage.plans.plan_items import CARRIED_OVER
from assessment.web.browser import browser, hash_of
from assessment.web.current import instance, language
from assessment.web.limits import STARTS, limited
from assessment.web.policies import needs, opened_draft
from assessment.web.problems import NOT_SAVED_STATUS, not_saved

blueprint = Blueprint("next_year", __name__)

_DEPTHS: dict[str, Depth] = {"quick": "quick", "full": "full"}


@blueprint.get("/assessments/<draft_id>/next")
@needs(Action.SUBMIT)
def start_next(draft_id: str) -> str:
    """What goes along into next year's check, and the choice of depth."""
    opened = opened_draft(draft_id)
    return _page(opened, "", opened.draft.depth)


def _page(opened: OpenDraft, error: str, depth: str) -> str:
    frozen = results.latest(instance(), opened, language().code)
    plan = planning.plan_of(instance(), opened, frozen.results)
    carried = [card for card in plan.cards if card.revision and card.item.status in CARRIED_OVER]
    return render_template(
        "pages/drafts/next.html", opened=opened, frozen=frozen, open_actions=len(carried), error=error, depth=depth,
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/next")
@limited(STARTS)
@needs(Action.SUBMIT)
def begin_next(draft_id: str) -> Answer | tuple[str, int]:
    """Start the check that follows this one, in this browser."""
    opened = opened_draft(draft_id)
    # Without results there is nothing to follow.
    results.latest(instance(), opened, language().code)
    # Where there is no quick path nobody is asked.
    chosen = request.form.get("depth", "") if opened.edition.questionnaire.has_quick else "full"
    if chosen not in _DEPTHS:
        return _page(opened, language().gettext("Choose the quick check or the full check"), chosen), 422
    session = browser()
    renewed = session.next_id()
    try:
        new = drafts.start(instance(), session.hash, hash_of(renewed), _DEPTHS[chosen], language().code, opened)
    except NotSaved as failure:
        return _page(opened, not_saved(language()), chosen), NOT_SAVED_STATUS[failure.code]
    session.become(renewed)
    return redirect(url_for("answering.hub", draft_id=new), 303)
