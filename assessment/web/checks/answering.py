"""Answering: the hub, the question pages with their saves, and the check of answers before the results."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.checks.questions import Number, Numbers
from assessment.core.checks.route import minutes_in_all
from assessment.core.errors import Conflict, InvalidAnswers, NotSaved, Refused
from assessment.services.checks import answering, results
from assessment.services.checks.answering import OpenPage
from assessment.storage.checks.assessments import Change
from assessment.web.browser import browser
from assessment.web.checks.evidence import documents_of_check, fields_with_documents
from assessment.web.checks.fields import cleaned
from assessment.web.checks.forms import (
    PageInput,
    QuestionView,
    conversions,
    read_page,
    views_of_answers,
    views_of_input,
)
from assessment.web.checks.last_year import earlier_of, with_last_year, with_same_answer
from assessment.web.checks.shown import look, shown_clashes, shown_legs
from assessment.web.current import asked, instance, language
from assessment.web.limits import PDFS, within
from assessment.web.people.interrupted import given_back, sent
from assessment.web.policies import asking, needs, opened_draft
from assessment.web.problems import NOT_SAVED_STATUS, error_list

blueprint = Blueprint("answering", __name__)

MOST_ON_A_PAGE = 5


@blueprint.get("/assessments/<draft_id>")
@needs(Action.READ_ANSWERS)
def hub(draft_id: str) -> str | Answer:
    """The sections, how far each is, and what comes next; whoever only looks on finds all answers in one place."""
    opened = opened_draft(draft_id)
    if opened.looking_on:
        return redirect(url_for("answering.check", draft_id=draft_id), 303)
    lines = answering.hub_lines(opened)
    taken_at = results.taken_at(instance(), opened)
    left = minutes_in_all(line.progress for line in lines)
    return render_template(
        "pages/answering/hub.html", opened=opened, lines=lines, left=left, taken_at=taken_at,
        following=answering.following(lines), told=answering.sections_told(opened),
    )  # fmt: skip


@blueprint.get("/assessments/<draft_id>/sections/<section>")
@needs(Action.WRITE_ANSWERS)
def section(draft_id: str, section: str) -> Answer:
    """A section opens at its first unanswered question."""
    opened = opened_draft(draft_id, section)
    if opened.route.leg(section) is None:
        abort(404)
    first = opened.route.first_open(section, opened.answers)
    return redirect(url_for("answering.page", draft_id=draft_id, section=section, page=first), 302)


@blueprint.get("/assessments/<draft_id>/sections/<section>/<page>")
@needs(Action.WRITE_ANSWERS)
def page(draft_id: str, section: str, page: str) -> str:
    """One page of questions."""
    opened = answering.open_page(instance(), asking(), draft_id, language().code, section, page)
    typed = given_back()
    if typed is None:
        views = views_of_answers(opened, language())
    else:
        views = views_of_input(opened, language(), read_page(opened, language(), typed, complete=False), [])
    return _question_page(opened, views, [], secrets.token_urlsafe(12))


def _question_page(
    opened: OpenPage, views: Sequence[QuestionView], errors: Sequence[tuple[str, str]], key: str, failed: str = ""
) -> str:
    from_check = (sent() or request.args).get("from") == "check"
    # Whoever came by a link to a section is led nowhere else.
    g.section_only = opened.section_only
    views = with_last_year(earlier_of(instance(), opened, language()), opened, views, language())
    more = {} if opened.draft.company_id is None else fields_with_documents(opened, views)
    return render_template(
        "pages/answering/page.html", opened=opened, views=views, errors=errors, key=key, failed=failed,
        back=_back(opened, from_check), from_check=from_check, just_read=_just_read(opened), **more,
    )  # fmt: skip


def _just_read(opened: OpenPage) -> list[str]:
    """What the numbers of the page before came to, where its save says that they were converted."""
    # Those of the section alone: a colleague's link opens no more of the check.
    asked = {question.id: question for question in opened.leg.questions}
    read = [asked[name] for name in request.args.getlist("read")[:MOST_ON_A_PAGE] if name in asked]
    return [line for question in read for line in conversions(question, opened.answers.get(question.id), language())]


def _back(opened: OpenPage, from_check: bool) -> str | None:
    draft_id, section_id = opened.draft.id, opened.leg.section.id
    before = opened.route.before(section_id, opened.page.id)
    if opened.section_only:
        return _beside(before) if before else None
    if from_check:
        return url_for("answering.check", draft_id=draft_id)
    return _above() if before is None else _beside(before)


def _beside(page: str) -> str:
    """The address of a page of the section at hand; building it from its parts would cost more."""
    here = asked()
    return f"{here.root_path}{here.path.rpartition('/')[0]}/{page}"


def _above() -> str:
    """The address of the hub of the check at hand, made likewise."""
    here = asked()
    return f"{here.root_path}{here.path.rpartition('/sections/')[0]}"


@blueprint.post("/assessments/<draft_id>/sections/<section>/<page>")
@needs(Action.WRITE_ANSWERS)
def save(draft_id: str, section: str, page: str) -> Answer | Response | tuple[Any, int]:
    """Save the page, whole or not at all, and go on; an autosave stays and answers in JSON."""
    product, words = instance(), language()
    opened = answering.open_page(product, asking(), draft_id, words.code, section, page)
    form = asked().form
    sent: MultiDict[str, str] = form
    # For each control that is not there Werkzeug's form makes an exception with a page, a plain mapping makes none.
    said = form.to_dict()
    auto = said.get("autosave") == "1"
    one = not auto and "same" in said
    attach_to = "" if auto else _attach_to(opened, said)
    if one:
        sent = with_same_answer(sent, earlier_of(product, opened, words), opened, words)
    given = read_page(opened, words, sent, complete=not (auto or one or attach_to))
    key = cleaned(said.get("idempotency_key", ""))[:60] or secrets.token_urlsafe(12)
    try:
        if given.problems:
            raise InvalidAnswers(given.problems)
        here = browser()
        saved = answering.save_page(product, opened, given.changes, here.hash, key, here.person_id)
    except InvalidAnswers as invalid:
        return _invalid(opened, given, invalid, key, auto)
    except Conflict as conflict:
        return _conflict(opened, given, conflict, auto)
    except NotSaved as failure:
        return _not_saved(opened, given, failure, key, auto)
    if auto:
        stamp = words.time(product.now())
        return jsonify(saved_at=stamp, revisions=dict(saved.revisions), key=secrets.token_urlsafe(12))
    if attach_to:
        return redirect(url_for("evidence.listed", draft_id=draft_id, question=attach_to), 303)
    # The page that Werkzeug's `redirect` writes for browsers that do not follow costs more than reading the form.
    onward = _onward(opened, saved, given.changes, said)
    return Response(status=303, content_type="text/html; charset=utf-8", headers={"Location": onward})


def _attach_to(opened: OpenPage, said: Mapping[str, str]) -> str:
    """The question that a document is to be attached to, once what was typed is saved; empty for none."""
    wanted = said.get("attach", "")
    on_page = any(question.id == wanted for question in opened.page.questions)
    return wanted if on_page and opened.may(Action.ATTACH_EVIDENCE) else ""


def _onward(
    opened: OpenPage, saved: answering.SavedPage, changes: Sequence[Change], said: Mapping[str, str]
) -> str:  # fmt: skip
    draft_id = opened.draft.id
    section_id = opened.leg.section.id if saved.next_page else None
    if "same" in said and any(question.id not in saved.opened.answers for question in opened.page.questions):
        # The other questions of the page still wait.
        return url_for(
            "answering.page", draft_id=draft_id, section=opened.leg.section.id, page=opened.page.id,
            _anchor=f"question-{said['same']}",
        )  # fmt: skip
    leaving = said.get("action") == "leave"
    if opened.section_only:
        if leaving or saved.next_page is None:
            return url_for("section_links.thanks", draft_id=draft_id, section=opened.leg.section.id)
        return _beside(saved.next_page)
    # Whoever signs in comes back by that: a company's check has no link of its own.
    if (leaving or saved.first_page) and opened.draft.company_id is None:
        return url_for("drafts.keep", draft_id=draft_id, section=section_id, page=saved.next_page)
    if said.get("from") == "check":
        return url_for("answering.check", draft_id=draft_id)
    if leaving:
        return _above()
    if saved.next_page is None:
        return _after_section(opened, saved.opened)
    read = [("read", name) for name in _converted(opened, changes)]
    return _beside(saved.next_page) + (f"?{urlencode(read)}" if read else "")


def _after_section(opened: OpenPage, after: answering.OpenDraft) -> str:
    """Where the end of a section leads: the hub, which shows how far one is, but the quick check runs on to its end."""
    draft_id = opened.draft.id
    if opened.draft.depth != "quick" or after.route.missing(after.answers):
        return _above()
    following = after.route.next_section(opened.leg.section.id, after.answers)
    if following is None:
        return url_for("answering.check", draft_id=draft_id)
    first = after.route.first_open(following, after.answers)
    return url_for("answering.page", draft_id=draft_id, section=following, page=first)


def _converted(opened: OpenPage, changes: Sequence[Change]) -> list[str]:
    """The questions just saved that hold a number in another unit than the base one."""
    given = {change.question: change.value for change in changes}
    numbers = [question for question in opened.page.questions if isinstance(question, Number | Numbers)]
    return [question.id for question in numbers if conversions(question, given.get(question.id), language())]


def _invalid(opened: OpenPage, given: PageInput, invalid: InvalidAnswers, key: str, auto: bool) -> tuple[Any, int]:
    errors = error_list(invalid.problems, opened.edition.questionnaire, language())
    if auto:
        return jsonify(problems=dict(errors)), 422
    views = views_of_input(opened, language(), given, errors)
    return _question_page(opened, views, errors, key), 422


def _conflict(opened: OpenPage, given: PageInput, conflict: Conflict, auto: bool) -> tuple[Any, int]:
    """Both values side by side; nothing was overwritten, and the person picks."""
    if auto:
        return jsonify(conflict_url=request.path), 409
    if not conflict.clashes:
        # The same form was sent before with something else in it: what is stored is told at the next press.
        views = views_of_input(opened, language(), given, [])
        return _question_page(opened, views, [], secrets.token_urlsafe(12), "sent-before"), 409
    g.section_only = opened.section_only
    clashes = [
        (opened.edition.questionnaire.questions[clash.question], clash, _mine(opened, given.changes, clash.question))
        for clash in conflict.clashes
    ]
    # Which side to keep is asked anew; with neither chosen the revision seen at first meets the same conflict again.
    own = _OWN_FIELDS | {f"{clash.question}.keep" for clash in conflict.clashes}
    fields = [(name, cleaned(value)) for name, value in request.form.items(multi=True) if name not in own]
    # Names are for colleagues: whoever came by a link learns none.
    givers = answering.givers(instance(), opened, conflict) if browser().person_id else {}
    return render_template(
        "pages/answering/conflict.html", opened=opened, clashes=shown_clashes(clashes, givers, language()),
        fields=fields, key=secrets.token_urlsafe(12), errors=_unchosen(conflict) if "choosing" in request.form else [],
    ), 409  # fmt: skip


def _unchosen(conflict: Conflict) -> list[dict[str, str]]:
    words = language().gettext("Choose which answer to keep")
    return [{"target": f"{clash.question}.keep", "text": words} for clash in conflict.clashes]


_OWN_FIELDS = frozenset({"csrf_token", "idempotency_key", "autosave", "choosing"})


def _mine(opened: OpenPage, changes: Sequence[Change], question: str) -> Change:
    return next(change for change in changes if change.question == question)


def _not_saved(opened: OpenPage, given: PageInput, failure: NotSaved, key: str, auto: bool) -> tuple[Any, int]:
    status = NOT_SAVED_STATUS[failure.code]
    if auto:
        return jsonify(saved_at=None), status
    return _question_page(opened, views_of_input(opened, language(), given, []), [], key, failure.code), status


@blueprint.get("/assessments/<draft_id>/check")
@needs(Action.READ_ANSWERS)
def check(draft_id: str) -> str:
    """All answers in one place, with what deserves a look first."""
    opened = opened_draft(draft_id)
    return render_template(
        "pages/answering/check.html", opened=opened, look=look(opened), legs=shown_legs(opened, language()),
        documents={} if opened.draft.company_id is None else documents_of_check(opened),
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/submit")
@needs(Action.SUBMIT)
def submit(draft_id: str) -> Answer:
    """See my results: freeze them as they stand today. Whoever does so very often has the PDF made by hand."""
    opened = opened_draft(draft_id)
    try:
        results.submit(instance(), opened, language().code, printed=within(PDFS))
    except Refused:
        return redirect(url_for("answering.check", draft_id=draft_id, notice="answers-needed"), 303)
    return redirect(url_for("results.show", draft_id=draft_id), 303)


@blueprint.post("/assessments/<draft_id>/full")
@needs(Action.WRITE_ANSWERS)
def go_full(draft_id: str) -> Answer:
    """Go on from the quick check to the full one."""
    opened = opened_draft(draft_id)
    answering.deepen(instance(), opened)
    return redirect(url_for("answering.hub", draft_id=draft_id), 303)
