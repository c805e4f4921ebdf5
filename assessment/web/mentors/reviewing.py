"""The mentor's review of a check: the overview, one answer after the other, notes, and the end of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.checks.answers import Value
from assessment.core.checks.questions import Choice
from assessment.core.checks.review import ReviewAct
from assessment.core.errors import Conflict, InvalidAnswers, NotFound
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.mentors import reviewing
from assessment.services.mentors.reviewing import ReviewedAnswer, ReviewedCheck, Seen
from assessment.web.browser import browser
from assessment.web.checks.evidence_words import shown_documents
from assessment.web.checks.fields import cleaned
from assessment.web.checks.forms import QuestionView, read_page, views_of_answers, views_of_input
from assessment.web.current import instance, language
from assessment.web.kept_pages import kept_page
from assessment.web.kept_pieces import with_rows
from assessment.web.mentors.kept_review import kept_review
from assessment.web.mentors.review_words import (
    SHOWN,
    answer_words,
    change_words,
    level_words,
    passes,
    road_words,
    score_rows,
    tag_of,
)
from assessment.web.people.interrupted import sent
from assessment.web.policies import needs, opened_draft
from assessment.web.problems import error_list

blueprint = Blueprint("reviewing", __name__)

LONGEST = 2000
ACTS: Mapping[str, ReviewAct] = {"confirm": "confirm", "ask": "ask", "propose": "propose"}
Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """A comment or note that could not be taken, and the control it stands in."""

    target: str
    words: str


NOTHING_TYPED = Typed("", "")


def open_check(draft_id: str, *, for_mentor: bool = True) -> tuple[OpenDraft, ReviewedCheck]:
    """The check of the address with its review, in the language of the page."""
    opened = opened_draft(draft_id)
    return opened, reviewing.review_of(instance(), opened, for_mentor=for_mentor)


def words_typed(name: str) -> str:
    """What was typed in a large field, whole: what is too long is told and stands there still."""
    return cleaned(sent().get(name, ""))


def seen() -> Seen:
    """What the page showed when somebody acted; nothing that could be there where the form does not say."""
    found = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", request.form.get("seen", ""))
    return Seen(int(found[1]), int(found[2])) if found else Seen(-1, -1)


def helpers(side: str = "mentor") -> dict[str, object]:
    """The words that the templates of a review ask for."""
    here = language()
    return {
        "tag_of": lambda answer: tag_of(answer, "mentor" if side == "mentor" else "company", here),
        "level_words": lambda question, value: level_words(question, value, here),
        "answer_words": lambda question, value: answer_words(question, value, here),
        "change_words": lambda question, change: change_words(question, change, here),
        "road_words": lambda change: road_words(change, here),
    }


@blueprint.get("/assessments/<draft_id>/review")
@needs(Action.REVIEW_ANSWERS)
def overview(draft_id: str) -> bytes:
    """Both scores, what is left, and every answer with where its review stands."""
    opened = opened_draft(draft_id)
    review = reviewing.read_review(instance(), opened, for_mentor=True)

    def made() -> bytes:
        return overview_page(opened, reviewing.laid_beside(opened, review), NOTHING_TYPED, [])

    return kept_page(draft_id, (opened.draft, opened.standing, opened.edition, review), made)


def overview_page(opened: OpenDraft, check: ReviewedCheck, typed: Typed, errors: Errors) -> bytes:
    """The same with a comment or note that could not be taken."""
    section, shown = request.args.get("section", ""), request.args.get("show", "")
    section = section if opened.route.leg(section) else ""
    shown = shown if shown in SHOWN else ""
    listed = [a for a in check.answers if (not section or a.section.id == section) and passes(a, shown)]
    kept, here = kept_review(), language()
    page = render_template(
        "pages/review/overview.html", opened=opened, check=check, some=listed != [],
        # A form has an address; each of its buttons has one of its own.
        to_confirm=next((a.question.id for a in listed if a.stored is None or a.changed), ""),
        links=kept.links(opened, check, here), filters=kept.filters(opened.route.legs, section, shown, here),
        scores=kept.scores(score_rows(check, here), here),
        next_one=check.after(""), person_id=browser().person_id, typed=typed, errors=errors, **helpers(),
    )  # fmt: skip
    return with_rows(page, kept.rows(listed, check.evidence, here))


@blueprint.get("/assessments/<draft_id>/review/<question>")
@needs(Action.REVIEW_ANSWERS)
def one(draft_id: str, question: str) -> str:
    """One answer with its note, documents and history, and what the mentor says of it."""
    opened, check = open_check(draft_id)
    return one_page(opened, check, check.answer(question), [])


def one_page(
    opened: OpenDraft, check: ReviewedCheck, answer: ReviewedAnswer, errors: Errors, typed: "Typed | None" = None
) -> str:
    """The same with what is wrong; `typed` is a comment or note that could not be taken."""
    changes, steps = reviewing.history_of(instance(), opened, answer.question.id)
    return render_template(
        "pages/review/one.html", opened=opened, check=check, answer=answer, errors=errors, changes=changes,
        steps=steps, documents=shown_documents(check.evidence.get(answer.question.id, ()), language()),
        options=reviewing.to_propose(opened, answer.question), view=_proposal(opened, answer, errors).view,
        act=sent().get("act", ""), proposed=sent().get("proposed", ""), words="" if typed else words_typed("words"),
        typed=typed or NOTHING_TYPED, person_id=browser().person_id, next_one=check.after(answer.question.id),
        **helpers(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a mentor proposes, what is wrong with it, and the question's own field; a choice has a list instead."""

    value: Value | None
    errors: Errors
    view: QuestionView | None = None


def _proposal(opened: OpenDraft, answer: ReviewedAnswer, errors: Errors) -> Proposal:
    """The proposal as it was sent, read and checked as on the page of the question; as it stands where none was."""
    _ = language().gettext
    question = answer.question
    if isinstance(question, Choice):
        chosen = sent().get("proposed", "")[:80]
        return Proposal(chosen or None, [] if chosen else [("proposed", _("Choose another answer to propose"))])
    page = answering.alone(opened, question.id)
    told = [(question.id, _("Give another answer than the company’s own"))]
    if not any(name.partition(".")[0] == question.id for name in sent()):
        (view,) = views_of_answers(page, language())
        return Proposal(None, told, replace(view, errors=dict(errors), heading=""))
    given = read_page(page, language(), sent(), complete=False)
    wrong = error_list(given.problems, opened.edition.questionnaire, language())
    (view,) = views_of_input(page, language(), given, errors)
    value = given.changes[0].value if given.changes else None
    return Proposal(value, wrong or ([] if value is not None else told), replace(view, heading=""))


@blueprint.post("/assessments/<draft_id>/review/<question>")
@needs(Action.REVIEW_ANSWERS)
def look(draft_id: str, question: str) -> Answer | tuple[str, int]:
    """Confirm an answer, ask for more, or propose another."""
    _ = language().gettext
    opened, check = open_check(draft_id)
    answer, words = check.answer(question), words_typed("words")
    act = ACTS.get(request.form.get("act", ""))
    proposal = _proposal(opened, answer, []) if act == "propose" else Proposal(None, [])
    errors = _mistakes(act, proposal, words)
    if errors or act is None:
        return one_page(opened, check, answer, errors), 422
    try:
        reviewing.look_again(instance(), answer, opened, act, words, proposal.value, seen(), browser().person_id)
    except Conflict:
        opened, check = open_check(draft_id)
        told = _("The answer or its review was changed meanwhile. Look at it as it is now; your words are still here.")
        return one_page(opened, check, check.answer(question), [("act", told)]), 409
    except InvalidAnswers:
        target = "proposed" if isinstance(answer.question, Choice) else question
        return one_page(opened, check, answer, [(target, _("Give another answer than the company’s own"))]), 422
    if request.form.get("back") == "list":
        return redirect(url_for("reviewing.overview", draft_id=draft_id, _anchor=f"answer-{question}"), 303)
    after = check.after(question)
    if after is None or after.question.id == question:
        return redirect(url_for("reviewing.overview", draft_id=draft_id), 303)
    return redirect(url_for("reviewing.one", draft_id=draft_id, question=after.question.id), 303)


def _mistakes(act: ReviewAct | None, proposal: Proposal, words: str) -> Errors:
    _ = language().gettext
    errors: Errors = []
    if act is None:
        errors.append(("act", _("Choose what you say of this answer")))
    errors += proposal.errors
    if act in ("ask", "propose") and not words:
        errors.append(("words", _("Say why, so that the company can follow")))
    if len(words) > LONGEST:
        errors.append(("words", _("Use %(most)s characters or fewer here") % {"most": LONGEST}))
    return errors


@blueprint.post("/assessments/<draft_id>/review-finish")
@needs(Action.REVIEW_ANSWERS)
def finish(draft_id: str) -> Answer:
    """The review is finished as of now: the plan carries the mentor's name and the date."""
    _opened, check = open_check(draft_id)
    reviewing.finish(instance(), check, browser().person_id)
    return redirect(url_for("reviewing.overview", draft_id=draft_id, notice="review-finished"), 303)


def answer_of(check: ReviewedCheck, question: str) -> ReviewedAnswer:
    """The answer of the address, provided that somebody has looked at it. Raises NotFound otherwise."""
    found = check.answer(question)
    if found.stored is None:
        raise NotFound(question)
    return found
