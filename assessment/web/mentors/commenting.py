"""Words beside the answers: comments for company and mentor, and notes that mentors alone see."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.checks.review import Side
from assessment.services.checks.answering import OpenDraft
from assessment.services.mentors import reviewing
from assessment.web.browser import browser
from assessment.web.current import instance, language
from assessment.web.mentors import replying
from assessment.web.mentors.reviewing import LONGEST, Typed, one_page, open_check, overview_page, words_typed
from assessment.web.policies import needs, opened_draft

blueprint = Blueprint("commenting", __name__)


@blueprint.post("/assessments/<draft_id>/notes")
@needs(Action.REVIEW_ANSWERS)
def note(draft_id: str) -> Answer | tuple[str | bytes, int]:
    """A note that mentors alone see."""
    opened, question, words = opened_draft(draft_id), _question(), words_typed("words")
    if wrong := _wrong(words):
        return _again(draft_id, question, "note", words, wrong, "mentor"), 422
    reviewing.note(instance(), opened, question, words, browser().person_id)
    return _back(draft_id, question, "mentor")


@blueprint.post("/assessments/<draft_id>/notes/<words_id>/delete")
@needs(Action.REVIEW_ANSWERS)
def take_note_back(draft_id: str, words_id: str) -> Answer:
    """Delete one's own note."""
    opened = opened_draft(draft_id)
    reviewing.take_back(instance(), opened, "private", words_id, browser().person_id)
    return _back(draft_id, _question(), "mentor")


@blueprint.post("/assessments/<draft_id>/comments")
@needs(Action.COMMENT)
def comment(draft_id: str) -> Answer | tuple[str | bytes, int]:
    """A comment that company and mentor read; or one side has read what the other said, and has nothing to add."""
    opened, question, words = opened_draft(draft_id), _question(), words_typed("words")
    side = _side(opened)
    if request.form.get("act") == "read":
        reviewing.have_read(instance(), opened, question, side)
        return _back(draft_id, question, side)
    if wrong := _wrong(words):
        return _again(draft_id, question, "comment", words, wrong, side), 422
    reviewing.comment(instance(), opened, question, words, browser().person_id, side)
    return _back(draft_id, question, side)


@blueprint.post("/assessments/<draft_id>/comments/<words_id>/delete")
@needs(Action.COMMENT)
def take_comment_back(draft_id: str, words_id: str) -> Answer:
    """Delete one's own comment."""
    opened = opened_draft(draft_id)
    reviewing.take_back(instance(), opened, "shared", words_id, browser().person_id)
    return _back(draft_id, _question(), _side(opened))


def _question() -> str:
    return request.form.get("question", "")[:80]


def _side(opened: OpenDraft) -> Side:
    """The side that somebody writes for; whoever is of both is asked by the page they write on."""
    if not opened.may(Action.REVIEW_ANSWERS):
        return "company"
    of_both = opened.may(Action.ANSWER_REVIEW)
    return "company" if of_both and request.form.get("side") == "company" else "mentor"


def _wrong(words: str) -> str:
    _ = language().gettext
    if not words:
        return _("Type what you want to say")
    if len(words) > LONGEST:
        return _("Use %(most)s characters or fewer here; these are %(num)s") % {
            "most": language().number(LONGEST), "num": language().number(len(words)),
        }  # fmt: skip
    return ""


def _again(draft_id: str, question: str, kind: str, words: str, wrong: str, side: Side) -> str | bytes:
    """The page that the words were typed on, with what is wrong and the words still there."""
    target = f"{kind}-{question or 'all'}"
    errors, typed = [(target, wrong)], Typed(target, words)
    if side == "company":
        return replying.page_with(draft_id, "", errors, typed)
    opened, check = open_check(draft_id)
    if question:
        return one_page(opened, check, check.answer(question), errors, typed)
    return overview_page(opened, check, typed, errors)


def _back(draft_id: str, question: str, side: Side) -> Answer:
    """Back to where it was said."""
    if side == "company":
        anchor = f"answer-{question}" if question else "words"
        return redirect(url_for("replying.page", draft_id=draft_id, _anchor=anchor), 303)
    if not question:
        return redirect(url_for("reviewing.overview", draft_id=draft_id, _anchor="words"), 303)
    return redirect(url_for("reviewing.one", draft_id=draft_id, question=question, _anchor="said"), 303)
