"""Documents that prove an answer: the page of one question where its company attaches and removes them, and the files.

A larger body than anywhere else is taken on one route, from whoever is signed in (`app.py` asks `TAKES_FILES`).
"""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import quote

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.checks.attachments import TYPES
from assessment.core.checks.questions import Question
from assessment.core.errors import Refused
from assessment.services.checks import evidence
from assessment.services.checks.answering import OpenDraft, OpenPage
from assessment.storage.checks.evidence import Document
from assessment.web.browser import browser
from assessment.web.checks.evidence_words import ShownDocument, refusal_words, shown_documents
from assessment.web.checks.forms import QuestionView
from assessment.web.current import instance, language
from assessment.web.limits import ATTACHMENTS, limited
from assessment.web.mentors.review_words import answer_words
from assessment.web.policies import asking, needs, opened_draft

blueprint = Blueprint("evidence", __name__)

TAKES_FILES: Final = frozenset({"evidence.attach"})
"""The endpoints that are sent a file."""


@blueprint.get("/assessments/<draft_id>/evidence/<question>")
@needs(Action.ATTACH_EVIDENCE)
def listed(draft_id: str, question: str) -> str:
    """The documents of one answer, and the form to attach another."""
    opened = opened_draft(draft_id)
    return _page(opened, *evidence.of_question(instance(), opened, question), [])


def _page(
    opened: OpenDraft, question: Question, documents: Sequence[Document], errors: list[tuple[str, str]]
) -> str:  # fmt: skip
    value = opened.answers.get(question.id)
    return render_template(
        "pages/evidence/listed.html", opened=opened, question=question, errors=errors,
        documents=shown_documents(documents, language()),
        answer=answer_words(question, value, language()) if value is not None else "",
        section=opened.edition.questionnaire.section_of[question.id], back=_back(opened, question),
        most=instance().settings.evidence,
    )  # fmt: skip


def _back(opened: OpenDraft, question: Question) -> str:
    """The page of the question, or of the sections where it no longer applies."""
    if question.id not in opened.route.questions:
        return url_for("answering.hub", draft_id=opened.draft.id)
    return url_for(
        "answering.page", draft_id=opened.draft.id, section=opened.edition.questionnaire.section_of[question.id].id,
        page=question.page or question.id, _anchor=f"question-{question.id}",
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/evidence/<question>")
@limited(ATTACHMENTS)
@needs(Action.ATTACH_EVIDENCE)
def attach(draft_id: str, question: str) -> Answer | tuple[str, int]:
    """Attach a document to the answer."""
    opened = opened_draft(draft_id)
    asked, documents = evidence.of_question(instance(), opened, question)
    sent = request.files.get("document")
    try:
        if sent is None or not sent.filename:
            raise Refused("none")
        evidence.attach(instance(), opened, asked, sent.filename, sent.read(), browser().person_id)
    except Refused as refused:
        words = refusal_words(refused.code, instance().settings.evidence, language())
        return _page(opened, asked, documents, [("document", words)]), 422
    return redirect(url_for("evidence.listed", draft_id=draft_id, question=question, notice="attached"), 303)


@blueprint.post("/assessments/<draft_id>/evidence/<question>/<document_id>/remove")
@needs(Action.ATTACH_EVIDENCE)
def remove(draft_id: str, question: str, document_id: str) -> Answer:
    """Take a document away for good."""
    opened = opened_draft(draft_id)
    asked, _documents = evidence.of_question(instance(), opened, question)
    evidence.remove(instance(), opened, asked, document_id)
    return redirect(url_for("evidence.listed", draft_id=draft_id, question=question, notice="document-removed"), 303)


@blueprint.get("/assessments/<draft_id>/documents/<document_id>")
@needs(Action.READ_ANSWERS)
def download(draft_id: str, document_id: str) -> Response:
    """The document as a file to save, never as a page of ours."""
    document, content = evidence.content(instance(), asking(), draft_id, document_id)
    headers = {"Content-Disposition": _to_save_as(document.name)}
    return Response(content, mimetype=TYPES[document.kind], headers=headers)


def documents_of_check(opened: OpenDraft) -> dict[str, list[ShownDocument]]:
    """All documents of a check by question, for a page that shows all answers."""
    found = evidence.of_check(instance(), opened)
    return {question: shown_documents(documents, language()) for question, documents in found.items()}


def fields_with_documents(
    opened: OpenPage, views: Sequence[QuestionView]
) -> dict[str, Callable[[QuestionView], Markup]]:
    """What stands in for `question_field` on a company's page: each field with the documents of its answer below it.

    Handed in where there is a company alone, so that the page costs nothing more where there is none. Whoever came by a
    link to a section sees no documents.
    """
    if opened.section_only:
        return {}
    documents, attaches = evidence.of_page(instance(), opened), opened.may(Action.ATTACH_EVIDENCE)
    field: Any = current_app.jinja_env.globals["question_field"]
    parts: Any = current_app.jinja_env.get_template("pages/evidence/parts.html").module
    first = None if any(view.last for view in views) else views[0]

    def shown(view: QuestionView) -> Markup:
        here = shown_documents(documents.get(view.question.id, ()), language())
        found: Markup = field(view) + parts.at_question(opened.draft.id, view.question, here, attaches, view is first)
        return found

    return {"question_field": shown}


def _to_save_as(name: str) -> str:
    """The header that names a file to save (RFC 6266), for old programs in plain letters beside it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip()
    names = {"filename": f"document{plain}" if plain.startswith(".") else plain}
    if plain != name:
        names["filename*"] = f"UTF-8''{quote(name, safe='')}"
    return dump_options_header("attachment", names)
