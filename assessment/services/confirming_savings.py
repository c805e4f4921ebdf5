"""Measured savings that a mentor stands behind: each with the terms that a bill by result would rest on."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.core.errors import NotFound
from assessment.services import following, planning, results
from assessment.services.answering import OpenDraft
from assessment.services.following import Outcome
from assessment.services.instance import Instance
from assessment.storage import confirmed_savings
from assessment.storage.confirmed_savings import ConfirmedSaving, Terms


@dataclass(frozen=True, slots=True)
class MeasuredLine:
    """One action of the plan whose saving was measured, and what a mentor confirmed of it."""

    outcome: Outcome
    confirmed: ConfirmedSaving | None


def measured_lines(instance: Instance, opened: OpenDraft, language: str) -> Sequence[MeasuredLine]:
    """The actions of a plan whose saving was measured. Raises NoResults where there is no plan yet."""
    found = results.latest(instance, opened, language).results
    plan = planning.plan_of(instance, opened, found)
    confirmed = statements_of(instance, opened)
    measured = following.progress_of(plan, instance.today, {}).measured
    return [MeasuredLine(outcome, confirmed.get(outcome.card.key)) for outcome in measured]


def line_of(instance: Instance, opened: OpenDraft, key: str, language: str) -> MeasuredLine:
    """One of them. Raises NotFound where nothing was measured."""
    for line in measured_lines(instance, opened, language):
        if line.outcome.card.key == key:
            return line
    raise NotFound(key)


def statements_of(instance: Instance, opened: OpenDraft) -> dict[str, ConfirmedSaving]:
    """Every confirmed saving of a check, by the line of the plan."""
    with instance.database.reading() as connection:
        return confirmed_savings.savings_confirmed(connection, opened.draft.id)


def confirm(instance: Instance, opened: OpenDraft, line: MeasuredLine, terms: Terms, mentor_id: str) -> None:
    """Stand behind a measured saving on these terms, in the place of what was confirmed before."""
    with instance.database.writing() as connection:
        confirmed_savings.confirm_saving(
            connection, opened.draft.id, line.outcome.card.key, terms, mentor_id, instance.now()
        )
