"""The printed report of a review: when it has to be made anew, and who may have it made and take it.

Whoever orders it is noted in the job, because access can end while it waits: the worker asks again before it reads and
before it keeps anything, and each download asks once more.
"""

import hashlib
import json
from contextlib import suppress
from typing import Final

from assessment.core.access import Action
from assessment.core.errors import NotFound, NotYours
from assessment.services.asking import Asking
from assessment.services.checks import answering
from assessment.services.checks.answering import Right
from assessment.services.instance import Instance
from assessment.services.mentors import review_material
from assessment.services.mentors.review_material import ReviewForPrint
from assessment.services.plans.reports import Made, Press, how_far, keep_made, refuse_when_busy
from assessment.storage import jobs
from assessment.storage.checks import results as stored_results

REVIEW_JOB: Final = "mentor-review"


def fingerprint(instance: Instance, press: Press, material: ReviewForPrint) -> str:
    """The hash that the PDF is stored under: it changes with anything the PDF shows."""
    shown = [press.edition, material.language, press.review_shown(instance, material)]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def state_of(instance: Instance, press: Press, material: ReviewForPrint, person_id: str) -> Made:
    """How far the PDF is that this person may have ordered."""
    key = fingerprint(instance, press, material)
    return how_far(instance, material.draft_id, key, [_effect(key, person_id)])


def _effect(key: str, person_id: str) -> str:
    # By person, since each job is done for whoever ordered it and with their rights.
    return f"{REVIEW_JOB}:{key}:{person_id}"


def order(instance: Instance, press: Press, material: ReviewForPrint, person_id: str) -> None:
    """Have the PDF made: by the worker, or here and now where there is none.

    Raises NotMade where too many wait already, or where it was tried here and failed.
    """
    key, draft_id = fingerprint(instance, press, material), material.draft_id
    with instance.database.reading() as connection:
        if stored_results.has_document(connection, draft_id, key):
            return
    if instance.settings.jobs == "inline":
        _make(instance, press, material, key, person_id)
        return
    refuse_when_busy(instance)
    arguments = {"assessment": draft_id, "language": material.language, "person": person_id}
    with answering.writing(instance, material.check.opened) as connection:
        job = jobs.enqueue(connection, REVIEW_JOB, arguments, _effect(key, person_id), instance.now(), draft_id)
    instance.wake(job)


def make(instance: Instance, press: Press, draft_id: str, language: str, person_id: str) -> None:
    """The job: make the PDF as the review stands; nothing to do where it is there, or for whoever may no longer."""
    if not _may(instance, draft_id, person_id):
        return
    try:
        material = review_material.material_for(instance, draft_id, language)
    except NotFound:
        return
    key = fingerprint(instance, press, material)
    with instance.database.reading() as connection:
        if stored_results.has_document(connection, draft_id, key):
            return
    with suppress(NotFound, NotYours):
        _make(instance, press, material, key, person_id)


def _may(instance: Instance, draft_id: str, person_id: str) -> bool:
    return answering.may_open(instance, Asking("", Action.TAKE_REVIEW, person_id), draft_id)


def _make(instance: Instance, press: Press, material: ReviewForPrint, key: str, person_id: str) -> None:
    content = press.mentor_review(instance, material)
    right = Right(Asking("", Action.TAKE_REVIEW, person_id))
    keep_made(instance, material.draft_id, REVIEW_JOB, key, content, press.pages(content), right)
