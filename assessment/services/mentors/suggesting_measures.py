"""The actions that a mentor suggests, from the catalogue or in their own words, and what the company makes of them."""

from collections.abc import Sequence
from dataclasses import replace

from assessment.core.errors import NotFound, Refused
from assessment.core.plans.actions import OWN_STEPS
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.plans.planning import MOST_ACTIONS, title_of
from assessment.storage.mentors import mentor_suggestions
from assessment.storage.mentors.mentor_suggestions import Suggested
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields


def suggest(
    instance: Instance, opened: OpenDraft, key: str, title: str, why: str, mentor_id: str, language: str
) -> str:  # fmt: skip
    """Suggest an action: `key` names a measure or an entry of the catalogue, and is empty for one in own words.

    Raises Refused("no-such-measure") for a key that the catalogue does not have.
    """
    named = _title(instance, key, language) if key else title
    with answering.writing(instance, opened) as connection:
        return mentor_suggestions.suggest(connection, opened.draft.id, key, named, why, mentor_id, instance.now())


def known_measures(instance: Instance, opened: OpenDraft, language: str) -> Sequence[tuple[str, str]]:
    """The measures of the catalogue, and the own steps of the check's questionnaire, as a plan names them, by title."""
    own = {step.id for step in opened.edition.actions.steps}
    held = instance.library.catalogue(language).measures.values()
    measures = [measure for measure in held if measure.category != OWN_STEPS or measure.id in own]
    return sorted(((f"measure:{m.id}", m.title) for m in measures), key=lambda named: named[1].casefold())


def _title(instance: Instance, key: str, language: str) -> str:
    catalogue = instance.library.catalogue(language)
    origin, _, name = key.partition(":")
    if origin == "measure" and name in catalogue.measures:
        return catalogue.measures[name].title
    entry = catalogue.schemes.get(name) or catalogue.blocks.get(name)
    if origin == "entry" and entry is not None:
        return title_of(entry)
    raise Refused("no-such-measure")


def accept(instance: Instance, opened: OpenDraft, suggestion_id: str, reply: str) -> None:
    """Take a suggestion into the plan; one that was put aside earlier comes back.

    Raises NotFound where it is not open, Refused("plan-full") where the plan holds no more.
    """
    draft_id, now = opened.draft.id, instance.now()
    with answering.writing(instance, opened) as connection:
        found = _open(mentor_suggestions.suggested_for(connection, draft_id), suggestion_id)
        if not mentor_suggestions.answer_suggestion(connection, draft_id, suggestion_id, "accepted", reply, now):
            raise NotFound(suggestion_id)
        items = {item.key: item for item in plan_items.plan_of(connection, draft_id)}
        there = items.get(found.key)
        if there is None and len(items) >= MOST_ACTIONS:
            raise Refused("plan-full")
        if there is not None:
            if there.fields.status == "not-for-us":
                back = replace(there.fields, status="not-started", refusal="")
                plan_items.save_item(connection, draft_id, found.key, back, there.revision, now)
        elif found.key.startswith("measure:"):
            plan_items.save_item(connection, draft_id, found.key, PlanFields(), 0, now)
        elif found.key:
            plan_items.add_entry(connection, draft_id, found.key.partition(":")[2], found.title, now)
        else:
            made = plan_items.add_own(connection, draft_id, PlanFields(title=found.title, note=found.why), now)
            mentor_suggestions.name_in_plan(connection, draft_id, suggestion_id, made.key)


def decline(instance: Instance, opened: OpenDraft, suggestion_id: str, reply: str) -> None:
    """Say why a suggestion is not for the company. Raises NotFound where it is not open."""
    with answering.writing(instance, opened) as connection:
        if not mentor_suggestions.answer_suggestion(
            connection, opened.draft.id, suggestion_id, "declined", reply, instance.now()
        ):
            raise NotFound(suggestion_id)


def _open(suggested: Sequence[Suggested], suggestion_id: str) -> Suggested:
    for found in suggested:
        if found.id == suggestion_id and found.state == "offered":
            return found
    raise NotFound(suggestion_id)
