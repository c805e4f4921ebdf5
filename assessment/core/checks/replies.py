"""What the plan replies to why a company does the check and to what holds it back, in the words of the questionnaire.

Which questions ask for that stands under `roles`, the words stand at their options.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assessment.core.checks.answers import Value
from assessment.core.checks.questions import Choice, MultiChoice
from assessment.core.checks.route import Route

MOST_OPENING = 2
"""An opening that answers everything is read by nobody; the questionnaire puts the weightier motives first."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer that was ticked, and what is said to it."""

    ticked: str
    words: str


def opening_of(route: Route, answers: Mapping[str, Value]) -> tuple[str, ...]:
    """What the plan opens with: replies to the first motives that were ticked."""
    found = _replies(route, route.questionnaire.roles.motives, answers)
    return tuple(reply.words for reply in found[:MOST_OPENING])


def help_of(route: Route, answers: Mapping[str, Value]) -> tuple[Reply, ...]:
    """A word of help for each obstacle that was ticked."""
    return _replies(route, route.questionnaire.roles.obstacles, answers)


def _replies(route: Route, asked: str | None, answers: Mapping[str, Value]) -> tuple[Reply, ...]:
    question = route.questions.get(asked or "")
    if not isinstance(question, Choice | MultiChoice):
        return ()
    given = answers.get(question.id)
    ticked = {given} if isinstance(given, str) else given if isinstance(given, frozenset) else set[str]()
    return tuple(
        Reply(option.label, option.reply)
        for option in question.options if option.id in ticked and option.reply is not None
    )  # fmt: skip
