"""The interview: one question after the other while mentor and company talk, then the company's word on it all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action, Standpoint
from assessment.core.errors import Conflict, InvalidAnswers, NotFound
from assessment.services import mails
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenPage
from assessment.services.mails import Mail, one_line
from assessment.services.mentors import interviewing, mentoring
from assessment.services.mentors.interviewing import Interview, Shown
from assessment.services.people import links_once
from assessment.storage.people.company_consents import Recorded
from assessment.web.browser import browser
from assessment.web.checks.forms import QuestionView, read_page, views_of_answers, views_of_input
from assessment.web.current import instance, language, language_to
from assessment.web.limits import MAILS, limited
from assessment.web.mentors.review_words import answer_words
from assessment.web.people.interrupted import given_back
from assessment.web.policies import needs, opened_draft
from assessment.web.problems import error_list

blueprint = Blueprint("interviewing", __name__)

Errors = list[tuple[str, str]]


def _interview(draft_id: str) -> Interview:
    opened = opened_draft(draft_id)
    return interviewing.interview_of(instance(), opened, language().code)


@blueprint.get("/assessments/<draft_id>/interview")
@needs(Action.PROPOSE_ANSWERS)
def start(draft_id: str) -> Answer | tuple[str, int]:
    """On to the question that was typed, else to the first without an answer; after the last, to what was noted."""
    interview, typed = _interview(draft_id), request.args.get("number", "")[:100]
    if typed.strip():
        meant, here = interview.meant_by(typed), request.args.get("here", "")
        if meant is None:
            page = interview.page(here or interview.questions[0].id)
            told = language().gettext("No question asked here has this number or code")
            return _ask_page(interview, page, views_of_answers(page, language()), [("number", told)], typed), 422
        return _on_to(draft_id, meant.id)
    found = interview.first_open(request.args.get("after", ""))
    return _on_to(draft_id, found.id) if found else redirect(url_for("interviewing.ready", draft_id=draft_id), 303)


def _on_to(draft_id: str, question: str) -> Answer:
    # The address leads straight to the first control, so that the keyboard alone will do.
    return redirect(url_for("interviewing.ask", draft_id=draft_id, question=question, _anchor=question), 303)


@blueprint.get("/assessments/<draft_id>/interview/<question>")
@needs(Action.PROPOSE_ANSWERS)
def ask(draft_id: str, question: str) -> str:
    """One question with what was noted, or else with the company's own answer."""
    interview = _interview(draft_id)
    page = interview.page(question)
    typed = given_back()
    if typed is None:
        return _ask_page(interview, page, views_of_answers(page, language()), [])
    given = read_page(page, language(), typed, complete=False)
    return _ask_page(interview, page, views_of_input(page, language(), given, []), [])


def _ask_page(
    interview: Interview, page: OpenPage, views: Sequence[QuestionView], errors: Errors, typed: str = ""
) -> str:  # fmt: skip
    names = [question.id for question in interview.questions]
    here = names.index(page.page.id)
    return render_template(
        "pages/review/interview.html", interview=interview, opened=page, views=views, errors=errors, number=here + 1,
        all=len(names), before=names[here - 1] if here else "", after=names[here + 1] if here + 1 < len(names) else "",
        is_noted=page.page.id in interview.noted, agreed=_agreed(interview), typed=typed,
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/interview/<question>")
@needs(Action.PROPOSE_ANSWERS)
def note(draft_id: str, question: str) -> Answer | tuple[str, int]:
    """Note the answer beside the check, and on to the next without one."""
    interview = _interview(draft_id)
    page = interview.page(question)
    given = read_page(page, language(), request.form, complete=False)
    if given.problems:
        errors = error_list(given.problems, page.edition.questionnaire, language())
        return _ask_page(interview, page, views_of_input(page, language(), given, errors), errors), 422
    for change in given.changes:
        interviewing.note(instance(), interview, change, browser().person_id)
    return redirect(url_for("interviewing.start", draft_id=draft_id, after=question), 303)


@blueprint.get("/assessments/<draft_id>/interview-end")
@needs(Action.PROPOSE_ANSWERS)
def ready(draft_id: str) -> str:
    """What was noted, and the button that asks the company to confirm it."""
    interview = _interview(draft_id)
    return render_template(
        "pages/review/interview_end.html", interview=interview, opened=interview.own, lines=_lines(interview),
        can_mail=mails.can_send(instance()), agreed=_agreed(interview),
    )  # fmt: skip


def _agreed(interview: Interview) -> Recorded | None:
    """What the company put on record about this mentor's interviews."""
    return mentoring.said_of_interviews(instance(), interview.own.draft.company_id or "", browser().person_id)


def _lines(interview: Interview) -> list[tuple[str, str, str, str, str]]:
    """What waits: id, question, the company's own answer so far, what was noted, and the note."""
    lines = []
    for question, found in interview.waiting:
        own = interview.own.answers.get(question.id)
        before = answer_words(question, own, language()) if own is not None else ""
        lines.append((question.id, question.label, before, answer_words(question, found.value, language()), found.note))
    return lines


def _to_confirm(connection: Connection, email: str, link_id: str, who: str, company_id: str) -> Mail:
    _ = language_to(connection, email).gettext
    return Mail(
        email, _("Please confirm the answers of your conversation"),
        (_("%(mentor)s has noted answers for you. They count only once you have confirmed them.") % {"mentor": who},
         _("Open this link to look at them. It works once, for 14 days.")),
        f"{instance().settings.base_url}/confirm/{links_once.PLACE}", link_id, company_id, notice=True,
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/interview-end")
@limited(MAILS)
@needs(Action.PROPOSE_ANSWERS)
def send(draft_id: str) -> Answer:
    """Mail every owner a link to confirm."""
    interview, here = _interview(draft_id), browser().signed_in
    who = one_line(here.shown_name if here else "")
    if not interview.waiting:
        raise NotFound(draft_id)
    with answering.writing(instance(), interview.own) as connection:
        made = interviewing.ask_to_confirm(instance(), connection, interview.own)
        company_id = interview.own.draft.company_id or ""
        told = [_to_confirm(connection, email, link.id, who, company_id) for email, link in made]
        sent = [mails.post(instance(), connection, mail) for mail in told]
    mails.go_out(instance(), *sent)
    return redirect(url_for("reviewing.overview", draft_id=draft_id, notice="interview-sent"), 303)


# The company


@blueprint.get("/assessments/<draft_id>/noted")
@needs(Action.ANSWER_REVIEW)
def noted(draft_id: str) -> str:
    """What a mentor noted, to confirm or not, for somebody of the company who is signed in."""
    return _noted_page(_interview(draft_id), "", [])


def _noted_page(interview: Interview, token: str, errors: Errors) -> str:
    shown = interviewing.shown_lines(interview)
    sent, known = request.form.getlist("question"), _shown() if request.method == "POST" else shown
    # What they have not seen as it is now is ticked, as on a page that is opened; what they have seen as they left it.
    fresh = {line.question for line in shown if line not in known}
    return render_template(
        "pages/review/noted.html", interview=interview, opened=interview.own, lines=_lines(interview), token=token,
        errors=errors, chosen=fresh.union(sent) if request.method == "POST" else {line.question for line in shown},
        fresh=fresh, shown={line.question: f"{line.question}:{line.mark}:{line.revision}" for line in shown},
    )  # fmt: skip


def _shown() -> list[Shown]:
    """The lines that the page showed which the form was sent from; what cannot be one is none."""
    parts = [said.split(":") for said in request.form.getlist("shown")]
    return [
        Shown(part[0], part[1], int(part[2]))
        for part in parts
        if len(part) == 3 and re.fullmatch("[0-9]{1,9}", part[2])
    ]


@blueprint.post("/assessments/<draft_id>/noted")
@needs(Action.ANSWER_REVIEW)
def confirm(draft_id: str) -> Answer | tuple[str, int]:
    """Make what is ticked the company's own answers, and drop the rest."""
    interview = _interview(draft_id)
    wrong = _confirm(interview, "")
    if wrong:
        return _noted_page(_interview(draft_id), "", wrong.errors), wrong.status
    return redirect(url_for("replying.page", draft_id=draft_id, notice="interview-confirmed"), 303)


@dataclass(frozen=True, slots=True)
class _NotConfirmed:
    """Why nothing was confirmed, and the status of the page that says so."""

    errors: Errors
    status: int


def _confirm(interview: Interview, token: str) -> _NotConfirmed | None:
    _ = language().gettext
    ticked = request.form.getlist("question")
    try:
        interviewing.confirm(instance(), interview, _shown(), ticked, browser().person_id, token)
    except InvalidAnswers as invalid:
        return _NotConfirmed(error_list(invalid.problems, interview.over.edition.questionnaire, language()), 422)
    except Conflict:
        told = _("Nothing is confirmed yet: an answer was changed or added after you had opened this page. "
                 "Look at them as they are now, then confirm.")  # fmt: skip
        return _NotConfirmed([("question", told)], 409)
    return None


@blueprint.get("/confirm/<token>")
@needs(Standpoint.ANYBODY)
def link(token: str) -> tuple[str, int]:
    """Where the mailed link leads: what was noted, and a button. Looking changes nothing."""
    try:
        return _noted_page(_of_link(token), token, []), 200
    except NotFound:
        return render_template("pages/mentor/invitation_ended.html"), 404


def _of_link(token: str) -> Interview:
    code = language().code
    return interviewing.interview_of(instance(), interviewing.opened_by(instance(), token, code), code)


@blueprint.post("/confirm")
@needs(Standpoint.ANYBODY)
def confirm_by_link() -> Answer | tuple[str, int]:
    """Confirm by the link; it is used up with it."""
    token = request.form.get("token", "")[:200]
    try:
        wrong = _confirm(_of_link(token), token)
        if wrong:
            return _noted_page(_of_link(token), token, wrong.errors), wrong.status
    except NotFound:
        return render_template("pages/mentor/invitation_ended.html"), 404
    return redirect(url_for("interviewing.thanks"), 303)


@blueprint.get("/confirmed")
@needs(Standpoint.ANYBODY)
def thanks() -> str:
    """The answers count now."""
    return render_template("pages/review/confirmed.html")
