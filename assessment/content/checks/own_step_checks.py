"""What the steps of a questionnaire's own must satisfy: ids that nothing else has, known forerunners, and advice."""

from collections.abc import Collection, Iterator

from assessment.content.checks.questionnaires import Version, flaw_in
from assessment.core.errors import Flaw
from assessment.core.resources.catalogue import Catalogue


def own_step_flaws(version: Version, catalogue: Catalogue | None, known: Collection[str] | None) -> Iterator[Flaw]:
    """Everything that is wrong with them; `known` are the measures and steps that may be named."""
    document, actions, seen = version.sources.actions, version.actions, set[str]()
    advised = {
        name for entries in (actions.questions, actions.by_profile) for entry in entries for name in entry.measures
    }
    taken = {*catalogue.measures, *catalogue.schemes, *catalogue.blocks} if catalogue is not None else set[str]()
    for index, step in enumerate(actions.steps):
        if step.id in taken:
            message = f"The catalogue has an entry called {step.id}."
            yield flaw_in(document, ("steps", index, "id"), message, "Give the step an id of its own.")
        if step.id in seen:
            yield flaw_in(document, ("steps", index, "id"), f"The step {step.id} is there twice.", "Rename one.")
        if step.id not in advised:
            message = f"Nobody is ever advised the step {step.id}."
            yield flaw_in(document, ("steps", index, "id"), message, "Name it under a question, or remove it.")
        for other in step.after:
            if other == step.id or (known is not None and other not in known):
                message = f"Before {step.id} comes {other}, which is no other measure or step."
                yield flaw_in(document, ("steps", index, "after"), message, "Correct the id.")
        seen.add(step.id)
