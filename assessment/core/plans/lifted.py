"""The score as it would be with measures carried out, made ready once for one result."""

from collections.abc import Collection, Iterable, Mapping

from assessment.core.checks.answers import Marker, Value
from assessment.core.checks.questions import MultiChoice
from assessment.core.checks.route import UNKNOWN, Route, level_of
from assessment.core.checks.scoring import score
from assessment.core.plans.actions import Actions
from assessment.core.plans.plan import Step


class LiftedScore:
    """The headline if the answers that led to measures stood where the advice ends, all else as it is."""

    def __init__(self, route: Route, answers: Mapping[str, Value], actions: Actions, steps: Iterable[Step]) -> None:
        self._route = route
        self._given = dict(answers)
        self._levels = {scored.id: scored.levels for _, _, questions in route.scored for scored in questions}
        self._known = {name for name in self._levels if self._level(name) > UNKNOWN}
        ends = {advice.question: advice.below for advice in actions.questions}
        self._lifted = {step.measure.id: dict(self._of(step, ends)) for step in steps}
        self.now = self._headline({})

    def headline(self, measures: Collection[str]) -> int | None:
        """The headline with these measures; None below the coverage needed.

        What is not known yet can pull the mean down once it is known: that is the work of the answer, not of the
        measure.
        """
        lifted: dict[str, Value] = {}
        for measure in measures:
            lifted |= self._lifted[measure]
        known = {name: value for name, value in lifted.items() if name in self._known}
        found = [self._headline(lifted)] + ([self._headline(known)] if len(known) < len(lifted) else [])
        return max((each for each in found if each is not None), default=None)

    def _headline(self, lifted: Mapping[str, Value]) -> int | None:
        return score(self._route, {**self._given, **lifted}).overall.headline

    def _level(self, question: str) -> int:
        given = self._given.get(question)
        return UNKNOWN if given is None else level_of(self._levels[question], given)

    def _of(self, step: Step, ends: Mapping[str, int | None]) -> Iterable[tuple[str, Value]]:
        """The answers of a measure at the level where the advice ends; none where they already stand there."""
        for question in (why.question for why in step.why):
            end = ends.get(question)
            if end is None or question not in self._levels or self._level(question) >= end:
                continue
            levels = self._levels[question].items()
            reached = [(level, value) for value, level in levels if level >= end and not isinstance(value, Marker)]
            if reached:
                value = min(reached, key=lambda pair: pair[0])[1]
                several = isinstance(self._route.questionnaire.questions[question], MultiChoice)
                yield question, frozenset({value}) if several and isinstance(value, str) else value
