"""Documents that prove an answer: attached and removed by the company, read by whoever may read the answer."""

from collections.abc import Mapping, Sequence

from assessment.core.checks.attachments import attachment_of, shown_name
from assessment.core.checks.questions import Question
from assessment.core.errors import NotFound, Refused
from assessment.services.asking import Asking
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft, OpenPage
from assessment.services.instance import Instance
from assessment.services.upkeep.gone import put_down_ended
from assessment.storage.checks import evidence as stored
from assessment.storage.checks.evidence import Document

BYTES_IN_MIB = 1024 * 1024

ByQuestion = Mapping[str, Sequence[Document]]


def of_page(instance: Instance, opened: OpenPage) -> ByQuestion:
    """The documents of a page's questions."""
    names = [question.id for question in opened.page.questions]
    found = instance.database.found(stored.OF_CHECK, id=opened.draft.id)
    return by_question(stored.documents_in(found.of(stored.OF_CHECK), names))


def of_check(instance: Instance, opened: OpenDraft) -> ByQuestion:
    """The documents of all answers."""
    with instance.database.reading() as connection:
        return by_question(stored.documents_of(connection, opened.draft.id))


def by_question(documents: Sequence[Document]) -> ByQuestion:
    """Documents by the question that they belong to."""
    found: dict[str, list[Document]] = {}
    for document in documents:
        found.setdefault(document.question, []).append(document)
    return found


def of_question(instance: Instance, opened: OpenDraft, question_id: str) -> tuple[Question, Sequence[Document]]:
    """A question and its documents. Raises NotFound for a question that the check does not know."""
    question = opened.edition.questionnaire.questions.get(question_id)
    # A check without an account has nobody who answers for what is attached.
    if question is None or opened.draft.company_id is None:
        raise NotFound(question_id)
    with instance.database.reading() as connection:
        return question, stored.documents_of(connection, opened.draft.id, [question_id])


def attach(
    instance: Instance, opened: OpenDraft, question: Question, given_name: str, content: bytes, person_id: str
) -> None:  # fmt: skip
    """Keep a document of an answer; sent twice, it is kept once.

    Raises Refused with what `attachment_of` does, `too-large`, `too-many` at this answer, `company-full`, and NotFound
    where the question does not apply any more.
    """
    most = instance.settings.evidence
    if question.id not in opened.route.questions:
        raise NotFound(question.id)
    if len(content) > most.file_mib * BYTES_IN_MIB:
        raise Refused("too-large")
    attachment = attachment_of(content)
    draft_id, company_id = opened.draft.id, opened.draft.company_id or ""
    with answering.writing(instance, opened) as connection:
        room = stored.room(connection, draft_id, question.id, company_id)
        if stored.is_there(connection, draft_id, question.id, attachment):
            return
        if room.documents >= most.per_answer:
            raise Refused("too-many")
        if room.company_bytes + len(attachment.content) > most.company_mib * BYTES_IN_MIB:
            raise Refused("company-full")
        name = shown_name(given_name, attachment.kind)
        stored.attach(connection, draft_id, question.id, name, attachment, person_id, instance.now())


def remove(instance: Instance, opened: OpenDraft, question: Question, document_id: str) -> None:
    """Take a document away for good. Raises NotFound where there is none."""
    with answering.writing(instance, opened) as connection:
        if not stored.remove(connection, opened.draft.id, question.id, document_id):
            raise NotFound(document_id)
        put_down_ended(instance, document_id)
    instance.database.let_go()


def content(instance: Instance, asking: Asking, draft_id: str, document_id: str) -> tuple[Document, bytes]:
    """A document with its bytes, for whoever may read the answers now.

    Raises what `answering.admitted` does, and NotFound for one that is not there.
    """
    answering.admitted(instance, asking, draft_id)
    with instance.database.reading() as connection:
        found = stored.content_of(connection, draft_id, document_id)
    if found is None:
        raise NotFound(document_id)
    return found
