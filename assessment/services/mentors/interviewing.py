"""An interview: the mentor notes answers while they talk; they count nowhere until the company confirms them.

What was noted lies beside the check. To ask on along the right route, and to confirm all of it in one save, it is laid
over the company's own answers for a moment; what is stored as an answer is written by the company's save alone.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from assessment.core.checks.answers import NO_REMARK, Remark, to_json
from assessment.core.checks.questionnaire import check_value
from assessment.core.checks.questions import Question
from assessment.core.errors import Conflict, InvalidAnswers, NotFound
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft, OpenPage, alone, with_route
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.links_once import Bound, Made
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change, Giver
from assessment.storage.checks.drafts import Document, Draft
from assessment.storage.columns import iso
from assessment.storage.mentors import grants, interviews
from assessment.storage.mentors.interviews import ProposedAnswer
from assessment.storage.people import companies

PURPOSE: Final = "confirm-answers"


@dataclass(frozen=True)
class Interview:
    """The company's check, and the same with what was noted laid over it."""

    own: OpenDraft
    over: OpenDraft
    noted: Mapping[str, ProposedAnswer]

    @property
    def questions(self) -> list[Question]:
        """Every question that applies with what was noted, in the order of the printed sheet."""
        return list(self.over.route.questions.values())

    def first_open(self, after: str = "") -> Question | None:
        """The next question without any answer, from one on and round to the start; None where all have one."""
        asked = self.questions
        names = [question.id for question in asked]
        here = names.index(after) + 1 if after in names else 0
        return next((q for q in [*asked[here:], *asked[:here]] if q.id not in self.over.answers), None)

    def meant_by(self, typed: str) -> Question | None:
        """The question of a number in this order, or of the code that the printed sheet gives it; None for neither."""
        asked, words = self.questions, typed.split()
        said = words[0].rstrip(".").casefold() if words else ""
        if said.isascii() and said.isdigit():
            return asked[int(said) - 1] if len(said) <= 4 and 1 <= int(said) <= len(asked) else None
        return next((question for question in asked if question.id == said), None)

    def page(self, question_id: str) -> OpenPage:
        """One question as a page of its own. Raises NotFound where it does not apply."""
        return alone(self.over, question_id)

    @property
    def waiting(self) -> list[tuple[Question, ProposedAnswer]]:
        """What waits for the company, in order; what has fallen off the route does not."""
        return [(question, self.noted[question.id]) for question in self.questions if question.id in self.noted]


def interview_of(instance: Instance, opened: OpenDraft, language: str) -> Interview:
    """What was noted of a check, and the route that it leads along."""
    with instance.database.reading() as connection:
        noted = interviews.proposed_for(connection, opened.draft.id)
    document: Document = dict(opened.draft.document)
    for name, found in noted.items():
        stored = document.get(name)
        document[name] = {"v": to_json(found.value), "r": stored["r"] if stored else 0, "at": iso(found.at)}
        if found.note:
            document[name]["n"] = found.note
    return Interview(opened, with_route(instance, replace(opened.draft, document=document), language), noted)


def note(instance: Instance, interview: Interview, change: Change, mentor_id: str) -> None:
    """Note an answer that was read from its page, or with None take back what was noted."""
    draft_id = interview.own.draft.id
    with answering.writing(instance, interview.own) as connection:
        if change.value is None:
            interviews.drop_proposed(connection, draft_id, change.question)
            return
        words = change.remark.note or change.remark.reason
        interviews.propose_answer(connection, draft_id, change.question, change.value, words, mentor_id, instance.now())


def count_noted(instance: Instance, opened: OpenDraft, language: str) -> int:
    """How many noted answers wait for the company."""
    with instance.database.reading() as connection:
        noted = interviews.proposed_for(connection, opened.draft.id)
    return len(interview_of(instance, opened, language).waiting) if noted else 0


def ask_to_confirm(instance: Instance, connection: Connection, opened: OpenDraft) -> list[tuple[str, Made]]:
    """A link for each owner by which they confirm what was noted, in the caller's transaction; address and link."""
    company_id, draft_id = opened.draft.company_id or "", opened.draft.id
    return [
        (owner.email,
         links_once.make(instance, connection, PURPOSE, Bound(owner.email, owner.person_id, company_id, draft_id)))
        for owner in grants.owners_of(connection, company_id)
    ]  # fmt: skip


def opened_by(instance: Instance, token: str, language: str) -> OpenDraft:
    """The check of a link, without using it. Raises NotFound where it does not hold or is not for an owner any more."""
    with instance.database.reading() as connection:
        draft = _of_owner(connection, links_once.look_in(instance, connection, PURPOSE, token).bound)
    return with_route(instance, draft, language)


def _of_owner(connection: Connection, bound: Bound) -> Draft:
    """The check of a link, as long as it is for an owner of the check's company. Raises NotFound."""
    draft = assessments.draft_of(connection, bound.assessment_id)
    role = companies.role_of(connection, bound.company_id, bound.person_id)
    if draft is None or draft.company_id != bound.company_id or role != "owner":
        raise NotFound(PURPOSE)
    return draft


@dataclass(frozen=True, slots=True)
class Shown:
    """One line that the page showed to whoever decides: what was noted, by its mark, and the company's own revision."""

    question: str
    mark: str
    revision: int


def shown_lines(interview: Interview) -> list[Shown]:
    """What waits now, as a page that is made of it has to send it back."""
    revisions = interview.own.draft.revisions
    return [Shown(question.id, mark_of(found), revisions.get(question.id, 0)) for question, found in interview.waiting]


def mark_of(found: ProposedAnswer) -> str:
    """A digest of a noted answer and its note: another one is another mark. 16 hexadecimal digits."""
    said = json.dumps([to_json(found.value), found.note], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def confirm(
    instance: Instance, interview: Interview, shown: Sequence[Shown], questions: Collection[str], person_id: str,
    token: str = "",
) -> int:  # fmt: skip
    """The company makes noted answers its own, by one save, and drops the others that it was shown; how many it made.

    What was noted since waits on. By a link it is the owner whom it was sent to who confirms.

    Raises InvalidAnswers where some do not go together, Conflict where what was shown is not what is there now (a
    noted answer or one of its own was changed meanwhile, or the form does not say), NotFound for a link that does not
    hold.
    """
    own, chosen = interview.own.draft, [line for line in shown if line.question in questions]
    _insist_on_shown(interview, shown, questions)
    merged = interview.own.answers.with_values({line.question: interview.noted[line.question].value for line in chosen})
    asked = interview.over.route.questions
    problems = [
        p for line in chosen for p in check_value(asked[line.question], interview.noted[line.question].value, merged)
    ]  # fmt: skip
    if problems:
        raise InvalidAnswers(problems)
    changes = [_change(interview, line) for line in chosen]
    with answering.writing(instance, interview.own) as connection:
        if token:
            bound = links_once.spend(instance, connection, PURPOSE, token).bound
            if _of_owner(connection, bound).id != own.id:
                raise NotFound(PURPOSE)
            person_id = bound.person_id
        # The mentor may have been faster than the lines above: what is dropped is what was shown, or nothing is.
        noted = interviews.proposed_for(connection, own.id)
        if any(line.question not in noted or mark_of(noted[line.question]) != line.mark for line in shown):
            raise Conflict
        if changes:
            by = Giver(person_id, "interview")
            assessments.save_answers(connection, own, changes, instance.now(), by=by)
        interviews.drop_proposed(connection, own.id, *(line.question for line in shown))
    return len(changes)


def _insist_on_shown(interview: Interview, shown: Sequence[Shown], questions: Collection[str]) -> None:
    now = {line.question: line for line in shown_lines(interview)}
    known = {line.question for line in shown}
    if not shown or len(known) < len(shown) or any(now.get(line.question) != line for line in shown):
        raise Conflict
    if not known.issuperset(questions):
        raise Conflict


def _change(interview: Interview, line: Shown) -> Change:
    found = interview.noted[line.question]
    remark = Remark(note=found.note) if found.note else NO_REMARK
    return Change(line.question, found.value, remark, line.revision)
