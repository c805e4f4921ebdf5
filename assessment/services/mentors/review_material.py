"""What the report of a review is made from: the review as both sides see it, and what came of it in the plan.

The notes of mentors are never read for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assessment.core.errors import NotFound
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.mentors import confirming_savings, reviewing
from assessment.services.mentors.reviewing import ReviewedCheck
from assessment.storage.checks import assessments
from assessment.storage.mentors.confirmed_savings import SavingStatement
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanItem


@dataclass(frozen=True)
class ReviewForPrint:
    """Everything that the printed report of a review shows."""

    check: ReviewedCheck
    plan: Mapping[str, PlanItem]
    """The lines of the plan that somebody has touched, by key: there stand owner and day of what was agreed."""
    savings: tuple[SavingStatement, ...]
    """The measured savings that a mentor stands behind."""
    language: str
    today: date

    @property
    def draft_id(self) -> str:
        """The check that it is about."""
        return self.check.opened.draft.id

    @property
    def day(self) -> date:
        """When anybody last did something that the report tells of."""
        check = self.check
        moments = [check.opened.draft.changed_at]
        moments += [answer.stored.changed_at for answer in check.answers if answer.stored]
        moments += [words.at for words in check.comments]
        moments += [suggested.changed_at for suggested in check.suggestions]
        moments += [item.changed_at for item in self.plan.values()]
        moments += [said.at for said in self.savings]
        moments += [mark.at for mark in (check.mark, check.visit) if mark]
        return max(moments).date()


def material_of(instance: Instance, opened: OpenDraft, language: str) -> ReviewForPrint:
    """What the report of a check's review shows now."""
    check = reviewing.review_of(instance, opened, for_mentor=False)
    with instance.database.reading() as connection:
        plan = {item.key: item for item in plan_items.plan_of(connection, opened.draft.id)}
    said = confirming_savings.histories_of(instance, opened).values()
    confirmed = tuple(history[0] for history in said if not history[0].withdrawn)
    return ReviewForPrint(check, plan, confirmed, language, instance.today)


def material_for(instance: Instance, draft_id: str, language: str) -> ReviewForPrint:
    """The same for the worker and the command line. Raises NotFound where there is no such check."""
    with instance.database.reading() as connection:
        draft = assessments.draft_of(connection, draft_id)
    if draft is None:
        raise NotFound(draft_id)
    return material_of(instance, answering.with_route(instance, draft, language), language)
