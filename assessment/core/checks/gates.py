"""Gates: which stage an offer has reached, which proof is missing for the next, and where it stands on two axes.

The rule (the project's own design; printed on the method page): a stage is passed when each of its questions that
apply has a known answer of at least the level that opens it, and reached when it and all stages before it are passed.
"I do not know" and no answer do not let through; "does not apply" does. A gate, not an average: one good answer does
not make up for another. An axis is the score of its questions, by the formula of sections.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assessment.core.checks.answers import Value
from assessment.core.checks.display import Axis, Gates
from assessment.core.checks.route import Route
from assessment.core.checks.scoring import Score, State, score_of, state_of


@dataclass(frozen=True, slots=True)
class Missing:
    """A question that keeps a gate shut: its state, and its level where one is known."""

    question: str
    state: State
    level: int | None


@dataclass(frozen=True, slots=True)
class Passage:
    """One stage: how many of its questions apply, which are missing, and whether it and all before it are passed."""

    section: str
    asked: int
    missing: tuple[Missing, ...]
    reached: bool

    @property
    def passed(self) -> bool:
        """Whether each of its own questions lets through."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the stages are passed, and the score on each axis."""

    stages: tuple[Passage, ...]
    across: Score
    up: Score

    @property
    def reached(self) -> Passage | None:
        """The highest stage that is reached; None before the first."""
        return next((stage for stage in reversed(self.stages) if stage.reached), None)

    @property
    def next(self) -> Passage | None:
        """The first stage that is not passed: the one to work on; None where all are."""
        return next((stage for stage in self.stages if not stage.reached), None)


def standing_of(gates: Gates, route: Route, answers: Mapping[str, Value]) -> Standing:
    """Where these answers stand on their route."""
    asked = {section: questions for section, _, questions in route.scored}
    stages: list[Passage] = []
    reached = True
    for stage in gates.stages:
        questions = asked.get(stage.section, ())
        missing = []
        for question in questions:
            state, level = state_of(question.levels, answers.get(question.id))
            if state != "not-applicable" and (level is None or level < gates.opens_at):
                missing.append(Missing(question.id, state, level))
        reached = reached and not missing
        stages.append(Passage(stage.section, len(questions), tuple(missing), reached))
    return Standing(tuple(stages), _axis(gates.across, route, answers), _axis(gates.up, route, answers))


def _axis(axis: Axis, route: Route, answers: Mapping[str, Value]) -> Score:
    wanted = frozenset(axis.questions)
    questions = [question for _, _, held in route.scored for question in held if question.id in wanted]
    return score_of(questions, answers)


def opening(route: Route, answers: Mapping[str, Value]) -> frozenset[str]:
    """The questions that keep the next gate shut; none where the questionnaire has no gates or all are open."""
    display = route.questionnaire.results
    if not isinstance(display, Gates):
        return frozenset()
    following = standing_of(display, route, answers).next
    return frozenset(missing.question for missing in following.missing) if following else frozenset()
