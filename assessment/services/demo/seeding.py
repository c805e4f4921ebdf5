"""Example companies in a demo: loaded once, through the same services that people use."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from assessment.content.checks.examples import ActionSheet, Example, MoneySheet
from assessment.core.checks.answers import NO_REMARK, Value
from assessment.services.checks import answering, results
from assessment.services.instance import Instance
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change, DraftLine
from assessment.storage.money import money as stored_money
from assessment.storage.money.money import StoredMoney
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields

A_YEAR = timedelta(days=365)
OWNED = "owned:"
"""What the name of a copy begins with."""
LAST_YEAR = ":last-year"
"""What the name of an example's earlier check ends with."""


def seed(instance: Instance) -> int:
    """Load every example that is not there yet; returns how many were added."""
    there = {line.id for line in examples_here(instance)}
    missing = [example for draft_id, example in _examples(instance).items() if draft_id not in there]
    for example in missing:
        _load(instance, example)
    return len(missing)


def examples_here(instance: Instance) -> Sequence[DraftLine]:
    """The example companies of this instance."""
    with instance.database.reading() as connection:
        return assessments.drafts_listed(connection, _examples(instance).keys())


def example_of(instance: Instance, draft_id: str) -> Example | None:
    """The example company that a draft is, this year's or last year's, if it is one."""
    for known, example in _examples(instance).items():
        if draft_id in (known, _draft_id(example.sheet.id + LAST_YEAR)):
            return example
    return None


def is_invented(instance: Instance, draft_id: str) -> bool:
    """Whether a check is an example company's, or somebody's copy of it."""
    copies = (_draft_id(OWNED + name + end) for name in instance.library.all_examples() for end in ("", LAST_YEAR))
    return example_of(instance, draft_id) is not None or draft_id in copies


def _examples(instance: Instance) -> dict[str, Example]:
    """The examples by the id of their draft, which follows from the example's own."""
    return {_draft_id(name): found for name, found in instance.library.all_examples().items()}


def _draft_id(name: str) -> str:
    return uuid5(NAMESPACE_URL, f"example:{name}").hex


def copy(instance: Instance, name: str) -> str:
    """A check like the example's, for somebody to own; the example itself stays there for everybody. The check's id."""
    return _load(instance, instance.library.all_examples()[name], OWNED + name)


def _load(instance: Instance, example: Example, name: str = "") -> str:
    sheet, previous = example.sheet, None
    name = name or sheet.id
    if sheet.last_year is not None and example.answers_last_year is not None:
        then = instance.now() - A_YEAR
        previous = _draft_id(name + LAST_YEAR)
        year_ago = replace(instance, now=lambda: then)
        _check(year_ago, example, example.answers_last_year, sheet.last_year.actions, previous, None)
    draft_id = _draft_id(name)
    _check(instance, example, example.answers, sheet.actions, draft_id, previous, sheet.money)
    return draft_id


def money_told(sheet: MoneySheet | None) -> StoredMoney:
    """What an example says about its money, as a company's own words are kept."""
    told = sheet or MoneySheet()
    return StoredMoney(told.entries.model_dump(mode="json"), told.goals.model_dump(mode="json"), 0)


def _check(
    instance: Instance,
    example: Example,
    answers: Mapping[str, Value],
    actions: Sequence[ActionSheet],
    draft_id: str,
    previous: str | None,
    told: MoneySheet | None = None,
) -> None:
    """One finished check of an example, with what became of its plan."""
    name, version = example.version
    now = instance.now()
    with instance.database.writing() as connection:
        draft = assessments.create(
            connection, questionnaire=name, version=version, depth=example.sheet.depth, language="en", now=now,
            draft_id=draft_id, previous_id=previous,
        )  # fmt: skip
        assessments.set_company_name(connection, draft_id, example.sheet.name, now)
        saved = assessments.save_answers(connection, draft, _changes(example, answers), now)
        if told is not None:
            words = money_told(told)
            stored_money.save_money(connection, draft_id, 0, now, entries=words.entries, wishes=words.wishes)
    results.submit(instance, answering.with_route(instance, saved.draft, "en"), "en", printed=False)
    with instance.database.writing() as connection:
        carried = set()
        if previous is not None:
            plan_items.carry_over(connection, previous, draft_id, now)
            carried = {item.key for item in plan_items.plan_of(connection, draft_id)}
        for action in actions:
            key = f"measure:{action.measure}"
            fields = PlanFields("", action.status, action.owner or "", action.deadline, "", "", action.noted())
            plan_items.save_item(connection, draft_id, key, fields, int(key in carried), now)


def _changes(example: Example, answers: Mapping[str, Value]) -> list[Change]:
    remarks = example.remarks
    return [Change(question, value, remarks.get(question, NO_REMARK)) for question, value in answers.items()]
