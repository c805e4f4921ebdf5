"""Measured savings that a mentor stands behind: each with the terms that a bill by result would rest on."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.core.errors import Clash, Conflict, NotFound
from assessment.core.plans.follow_up import FollowUp
from assessment.services.checks import answering, results
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.plans import following, planning
from assessment.storage.columns import iso
from assessment.storage.mentors import confirmed_savings
from assessment.storage.mentors.confirmed_savings import SavingStatement, Terms


@dataclass(frozen=True, slots=True)
class SavingLine:
    """One action of the plan whose saving is measured now or was once confirmed.

    `noted` is what the company has noted now, None where that shows no saving; `revision` is that of the line.
    """

    key: str
    title: str
    noted: FollowUp | None
    revision: int
    history: Sequence[SavingStatement]

    @property
    def statement(self) -> SavingStatement | None:
        """What a mentor stands behind now."""
        return self.history[0] if self.history and not self.history[0].withdrawn else None

    @property
    def changed_since(self) -> bool:
        """Whether the company has noted something else since it was confirmed."""
        return self.statement is not None and self.statement.noted != self.noted


def lines_of(instance: Instance, opened: OpenDraft, language: str) -> Sequence[SavingLine]:
    """The actions whose saving is measured, then those of which only a statement is left.

    Raises NoResults where there is no plan yet.
    """
    found = results.latest(instance, opened, language).results
    plan = planning.plan_of(instance, opened, found)
    said = histories_of(instance, opened)
    measured = [outcome.card for outcome in following.progress_of(plan, instance.today, {}).measured]
    lines = [
        SavingLine(card.key, card.title, card.item.follow_up, card.revision, said.pop(card.key, ()))
        for card in measured
    ]  # fmt: skip
    return lines + [SavingLine(key, history[0].title, None, 0, history) for key, history in said.items()]


def line_of(instance: Instance, opened: OpenDraft, key: str, language: str) -> SavingLine:
    """One of them. Raises NotFound where nothing was measured and nothing confirmed."""
    for line in lines_of(instance, opened, language):
        if line.key == key:
            return line
    raise NotFound(key)


def histories_of(instance: Instance, opened: OpenDraft) -> dict[str, Sequence[SavingStatement]]:
    """Every statement of a check and every withdrawal, by the line of the plan; the newest first."""
    with instance.database.reading() as connection:
        return confirmed_savings.statements_of(connection, opened.draft.id)


def confirm(
    instance: Instance, opened: OpenDraft, line: SavingLine, terms: Terms, seen_revision: int, mentor_id: str
) -> None:
    """Stand behind a measured saving on these terms, as it stood when the line was at `seen_revision`.

    Raises Conflict where the company has changed the line since, NotFound where nothing is measured any more.
    """
    if line.noted is None:
        raise NotFound(line.key)
    now = instance.now()
    if line.revision != seen_revision:
        raise Conflict([Clash(line.key, "null", line.revision, iso(now))])
    with answering.writing(instance, opened) as connection:
        confirmed_savings.confirm_saving(
            connection, opened.draft.id, line.key, line.title, line.noted, terms, mentor_id, now
        )


def withdraw(instance: Instance, opened: OpenDraft, line: SavingLine, words: str, mentor_id: str) -> None:
    """No longer stand behind a saving, and say why. Raises NotFound where none is confirmed."""
    if line.statement is None:
        raise NotFound(line.key)
    with answering.writing(instance, opened) as connection:
        confirmed_savings.withdraw_saving(
            connection, opened.draft.id, line.statement, words, mentor_id, instance.now()
        )  # fmt: skip
