"""What a mentor and companies of a demo have made of their checks, so that whoever comes in finds work under way.

Everybody here is invented, like the example companies; all of it is done through the services that people use.
"""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from assessment.core.access import Action
from assessment.core.checks.review import ReviewAct
from assessment.core.errors import NotFound
from assessment.services.asking import Asking
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.demo import seeding
from assessment.services.instance import Instance
from assessment.services.mentors import reviewing, suggesting_measures
from assessment.services.mentors.reviewing import Seen
from assessment.storage.checks import assessments
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import companies, people

_OTHERS: Final = ("bakery-bg", "cafe-be", "grocer-gr", "hotel-hr", "recycler-cz")
"""The examples that are clients of the mentor besides the demo's own company."""
_PARTNER: Final = ("Petra Partner", "partner@demo.example")
_REVIEWED: Final = {"hotel-hr": timedelta(), "recycler-cz": timedelta(days=9)}
"""How long ago the mentor finished the review; what is older than the check's last change shows as changed since."""
_SEEN_IN_A_REVIEW: Final = ("man-01", "ene-03", "was-03")

_CONFIRMED: Final = (
    "man-01", "man-02", "ene-03", "ene-04", "ene-06", "ene-07", "wat-02", "was-02", "was-03", "was-06", "fin-03",
    "sup-05",
)  # fmt: skip
_PROPOSED: Final = (
    "mat-06", "part",
    "The data sheets in the paint shop show that three cleaners were replaced last year. That is more than a trial.",
)  # fmt: skip
_ASKED: Final = ("emi-09", "Is the meadow behind the hall yours? Then it counts here.")
_REPLIED: Final = (
    "ene-05", "Does the contract for green electricity run on next year?",
    "Yes, until the end of 2028. The copy is with the bills.",
)  # fmt: skip
_SUGGESTED: Final = (
    "measure:energy-submetering",
    "One more meter in the paint shop would tell what the ovens take at night and at weekends.",
)
_COMMENT: Final = ("ene-11", "Lowering the pressure cost you nothing. Put the next round for leaks into the plan.")
_VISIT: Final = (timedelta(days=30), "Look at the compressor together; bring its log")
_NOTE: Final = ("ene-11", "Ask for the compressor's log at the next visit.")


def found_company(instance: Instance, example: str, owner_id: str, mentor_id: str) -> str:
    """A company with a check like an example's, which the mentor may look at; the check's id."""
    now, draft_id = instance.now(), seeding.copy(instance, example)
    words = "The mentor of the demo may see answers and results of this company."
    recorded = Recorded(hashlib.sha256(words.encode()).hexdigest(), "en", "demo", owner_id)
    with instance.database.writing() as connection:
        draft = assessments.draft_of(connection, draft_id)
        if draft is None:
            raise NotFound(example)
        company = companies.add_company(connection, draft.company_name, owner_id, now)
        for each in filter(None, (draft_id, draft.previous_id)):
            companies.claim(connection, each, company.id, now)
        grants.begin(connection, company.id, mentor_id, recorded, now)
    return draft_id


def under_way(instance: Instance, draft_id: str, owner_id: str, mentor_id: str) -> None:
    """The review of the demo's own company, begun: most is confirmed, and each side has something to answer."""
    for question in _CONFIRMED:
        _look(instance, draft_id, question, "confirm", "", mentor_id)
    proposed, option, reason = _PROPOSED
    _look(instance, draft_id, proposed, "propose", reason, mentor_id, option)
    for question, words in (_ASKED, _REPLIED[:2]):
        _look(instance, draft_id, question, "ask", words, mentor_id)
    opened = _opened(instance, draft_id)
    answer = reviewing.review_of(instance, opened, for_mentor=True).answer(_REPLIED[0])
    reviewing.reply(instance, answer, opened, _REPLIED[2], Seen(answer.entry.revision, answer.review.step), owner_id)
    suggesting_measures.suggest(instance, opened, _SUGGESTED[0], "", _SUGGESTED[1], mentor_id, "en")
    reviewing.comment(instance, opened, _COMMENT[0], _COMMENT[1], mentor_id, "mentor")
    reviewing.plan_visit(instance, opened, instance.today + _VISIT[0], _VISIT[1], mentor_id)
    reviewing.note(instance, opened, _NOTE[0], _NOTE[1], mentor_id)


def other_clients(instance: Instance, mentor_id: str) -> None:
    """More companies that let the mentor in: some wait for a review, one was reviewed, one has changed since."""
    name, email = _PARTNER
    with instance.database.writing() as connection:
        partner = people.add_person(
            connection, email, instance.now(), uniquifier=secrets.token_hex(32), name=name, staff_role=""
        )  # fmt: skip
    drafts = {example: found_company(instance, example, partner.id, mentor_id) for example in _OTHERS}
    for example, ago in _REVIEWED.items():
        _review(instance, drafts[example], instance.now() - ago, mentor_id)


def _review(instance: Instance, draft_id: str, then: datetime, mentor_id: str) -> None:
    """A short review that was finished at some moment."""
    earlier = replace(instance, now=lambda: then)
    for question in _SEEN_IN_A_REVIEW:
        _look(earlier, draft_id, question, "confirm", "", mentor_id)
    check = reviewing.review_of(earlier, _opened(earlier, draft_id), for_mentor=True)
    reviewing.finish(earlier, check, mentor_id)


def _visited(instance: Instance, draft_id: str, mentor_id: str) -> OpenDraft:
    """The check as the mentor opens it, so that the company sees who looked."""
    return answering.open_draft(instance, Asking("", Action.REVIEW_ANSWERS, mentor_id), draft_id, "en")


def _opened(instance: Instance, draft_id: str) -> OpenDraft:
    with instance.database.reading() as connection:
        draft = assessments.draft_of(connection, draft_id)
    if draft is None:
        raise NotFound(draft_id)
    return answering.with_route(instance, draft, "en")


def _look(
    instance: Instance, draft_id: str, question: str, act: ReviewAct, words: str, mentor_id: str, option: str = ""
) -> None:  # fmt: skip
    opened = _visited(instance, draft_id, mentor_id)
    answer = reviewing.review_of(instance, opened, for_mentor=True).answer(question)
    seen = Seen(answer.entry.revision, answer.review.step)
    reviewing.look_again(instance, answer, opened, act, words, option or None, seen, mentor_id)
