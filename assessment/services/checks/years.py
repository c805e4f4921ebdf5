"""From one year's check to the next: last year's answers to start from, and what changed since.

Last year's answers are read where they are, from the result that they led to. They are shown beside the questions and
never count before the company has said the same again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assessment.content.library import Edition
from assessment.core.checks import comparison
from assessment.core.checks.answers import Answers, Remark, from_json
from assessment.core.checks.comparison import Comparison, Side
from assessment.core.checks.questions import Question
from assessment.core.errors import NotFound
from assessment.core.plans import follow_up
from assessment.core.plans.follow_up import Measured
from assessment.services.asking import Asking
from assessment.services.checks import answering, results
from assessment.services.checks.answering import OpenDraft
from assessment.services.checks.kept_results import Frozen, Results
from assessment.services.instance import Instance
from assessment.storage.checks import assessments, years
from assessment.storage.checks import results as stored_results
from assessment.storage.plans import plan_items


@dataclass(frozen=True)
class LastYear:
    """What was answered a year ago, in the version that asked it."""

    edition: Edition
    answers: Answers
    remarks: Mapping[str, Remark]
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class MeasuredSaving:
    """What an action that is done was measured to save; the title is the action's."""

    title: str
    found: Measured


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The checks of the year before and after that this browser may open."""

    previous: str | None
    following: str | None


@dataclass(frozen=True)
class SinceLastYear:
    """What changed from the result of the year before to this one."""

    earlier: Frozen
    now: Results
    comparison: Comparison

    @property
    def day(self) -> date:
        """The day of the earlier result."""
        return self.earlier.taken_at.date()

    def question(self, question_id: str) -> Question:
        """A question as it is asked now, else as it was asked then."""
        asked = self.now.edition.questionnaire.questions
        return asked.get(question_id) or self.earlier.results.edition.questionnaire.questions[question_id]

    def title(self, section_id: str) -> str:
        """The title of a section as it stands now, else as it stood then."""
        found = self.now.edition.questionnaire.section(section_id)
        found = found or self.earlier.results.edition.questionnaire.section(section_id)
        return found.title if found else section_id


def last_year(instance: Instance, opened: OpenDraft, language: str) -> LastYear | None:
    """Last year's answers; None where this check follows none, or that one is gone."""
    previous = opened.draft.previous_id
    if previous is None:
        return None
    with instance.database.reading() as connection:
        row = stored_results.latest_result(connection, previous)
    if row is None:
        return None
    kept = json.loads(row.frozen)
    return LastYear(
        instance.library.edition(row.questionnaire, row.version, language),
        Answers({question: from_json(value) for question, value in kept["answers"].items()}),
        {question: Remark(**remark) for question, remark in kept["remarks"].items()},
        row.taken_at,
    )


def measured_last_year(instance: Instance, opened: OpenDraft, language: str) -> list[MeasuredSaving]:
    """The measured savings of actions that were done in the plan of the year before."""
    previous = opened.draft.previous_id
    if previous is None:
        return []
    with instance.database.reading() as connection:
        items = plan_items.plan_of(connection, previous)
    catalogue, found = instance.library.catalogue(language), []
    for item in items:
        measured = follow_up.measured(item.fields.follow_up)
        if item.fields.status == "done" and measured is not None:
            measure = catalogue.measures.get(item.key.partition(":")[2])
            found.append(MeasuredSaving(measure.title if measure else item.fields.title, measured))
    return found


def neighbours(instance: Instance, asking: Asking, opened: OpenDraft) -> Neighbours:
    """The checks before and after, each only where whoever asks may open it."""
    with instance.database.reading() as connection:
        later = years.later_checks(connection, opened.draft.id)
    before = [opened.draft.previous_id] if opened.draft.previous_id else []

    def first_open(ids: Sequence[str]) -> str | None:
        return next((draft_id for draft_id in ids if answering.may_open(instance, asking, draft_id)), None)

    return Neighbours(first_open(before), first_open(later))


def since_last_year(instance: Instance, opened: OpenDraft, frozen: Frozen, language: str) -> SinceLastYear | None:
    """What changed since the result of the year before; None where there is none."""
    previous = opened.draft.previous_id
    if previous is None:
        return None
    with instance.database.reading() as connection:
        draft = assessments.draft_of(connection, previous)
    if draft is None:
        return None
    try:
        earlier = results.latest(instance, answering.with_route(instance, draft, language), language)
    except NotFound:
        return None
    compared = comparison.compare(_side(earlier.results), _side(frozen.results))
    return SinceLastYear(earlier, frozen.results, compared)


def _side(found: Results) -> Side:
    return Side(found.route, found.scorecard, found.reasons)
