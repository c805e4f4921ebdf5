"""Example companies in a demo: loaded once, through the same services that people use."""

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from assessment.content.examples import Example
from assessment.core.answers import NO_REMARK
from assessment.services import answering, results
from assessment.services.instance import Instance
from assessment.storage import assessments
from assessment.storage.assessments import Change, DraftLine


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
    """The example company that a draft is, if it is one."""
    return _examples(instance).get(draft_id)


def _examples(instance: Instance) -> dict[str, Example]:
    """The examples by the id of their draft, which follows from the example's own."""
    return {uuid5(NAMESPACE_URL, f"example:{name}").hex: found for name, found in instance.library.examples().items()}


def _load(instance: Instance, example: Example) -> None:
    name, version = instance.library.newest
    now = instance.now()
    draft_id = uuid5(NAMESPACE_URL, f"example:{example.sheet.id}").hex
    with instance.database.writing() as connection:
        draft = assessments.create(
            connection, questionnaire=name, version=version, depth=example.sheet.depth, language="en", now=now,
            draft_id=draft_id,
        )  # fmt: skip
        assessments.set_company_name(connection, draft_id, example.sheet.name, now)
        saved = assessments.save_answers(connection, draft, _changes(example), now)
    results.submit(instance, answering.with_route(instance, saved.draft), "en", printed=False)


def _changes(example: Example) -> list[Change]:
    remarks = example.remarks
    return [Change(question, value, remarks.get(question, NO_REMARK)) for question, value in example.answers.items()]
