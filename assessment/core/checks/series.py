"""Pairs: two scores of each section, one of each series of questions.

Each is the ordinary score of the questions of its series in that section. The score of the section itself stays what
`core/checks/scoring.py` makes of all its questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessment.core.checks.answers import Value
from assessment.core.checks.display import Pairs
from assessment.core.checks.route import Route, ScoredQuestion
from assessment.core.checks.scoring import Score, score_of


@dataclass(frozen=True, slots=True)
class Pair:
    """The scores of one section in the order of the series; None where no question of a series applies there."""

    section: str
    scores: tuple[Score | None, Score | None]


def pairs_of(pairs: Pairs, route: Route, answers: Mapping[str, Value]) -> tuple[Pair, ...]:
    """The two scores of each section that is scored on this route, in order."""
    first, second = (frozenset(series.questions) for series in pairs.series)

    def scored(section: Sequence[ScoredQuestion], wanted: frozenset[str]) -> Score | None:
        questions = [question for question in section if question.id in wanted]
        return score_of(questions, answers) if questions else None

    return tuple(
        Pair(section, (scored(questions, first), scored(questions, second))) for section, _, questions in route.scored
    )
