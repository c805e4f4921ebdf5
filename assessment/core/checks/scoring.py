"""Scores: points over possible, with their range and coverage, and a reason for every point.

The formula (the project's own design; printed on the method page): an answer at level l of 4 earns l/4 of its
question's weight. A section's score is 100 x earned / possible over the questions that apply and have a known
answer. "I do not know" counts as nothing at the low end and as everything at the high end. "Does not apply"
leaves both sides. Unanswered questions only lower coverage = known / applicable; below 60 % no headline is
given. The overall score is the mean of the section scores, weighted by how much each section matters in the
sector. Sums are whole numbers throughout: no rounding happens before the score is shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assessment.core.checks.answers import Remark, Value
from assessment.core.checks.questions import TOP_LEVEL
from assessment.core.checks.route import UNKNOWN, UNSCORED, Depth, Route, ScoredQuestion, level_of

ENGINE = "1"
"""The version of these rules; stored with every frozen result."""

COVERAGE_NEEDED = 60
"""Per cent of the applicable questions that need a known answer before a headline is shown."""

RED_FLAG_BELOW = 10
RED_FLAG_WEIGHT = 2
PROOF_LEVEL = 3

Ratio = tuple[int, int]
"""Numerator and denominator of a share from 0 to 1, exact."""


@dataclass(frozen=True, slots=True)
class Score:
    """One score: `value` among known answers, `low` and `high` ends, and the counts behind the coverage."""

    value: Ratio | None
    low: Ratio | None
    high: Ratio | None
    known: int
    unsure: int
    applicable: int

    @property
    def enough(self) -> bool:
        """Whether coverage allows a headline."""
        return self.value is not None and self.known * 100 >= COVERAGE_NEEDED * self.applicable

    @property
    def headline(self) -> int | None:
        """The score out of 100 to show, or None below the coverage needed."""
        return percent(self.value) if self.value is not None and self.enough else None

    @property
    def range(self) -> tuple[int, int] | None:
        """The low and high end out of 100."""
        return (percent(self.low), percent(self.high)) if self.low is not None and self.high is not None else None

    @property
    def coverage(self) -> int:
        """Known answers as a whole per cent of the applicable questions, rounded down."""
        return self.known * 100 // self.applicable if self.applicable else 0


@dataclass(frozen=True, slots=True)
class SectionScore:
    """The score of one section with its points (quarters of weight) and how much the section matters."""

    section: str
    weight: int
    earned: int
    possible: int
    score: Score

    @property
    def red_flag(self) -> bool:
        """Next to nothing is done in a section that matters."""
        headline = self.score.headline
        return headline is not None and headline < RED_FLAG_BELOW and self.weight >= RED_FLAG_WEIGHT


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All scores of one set of answers. A quick check is indicative: only starred questions are counted."""

    depth: Depth
    overall: Score
    sections: tuple[SectionScore, ...]

    @property
    def weakest(self) -> tuple[SectionScore, ...]:
        """All sections that share the lowest headline, in the order of the questionnaire.

        None where no section lags behind another: with one alone, or all alike.
        """
        rated = {section.score.headline for section in self.sections if section.score.headline is not None}
        return tuple(s for s in self.sections if s.score.headline == min(rated)) if len(rated) > 1 else ()

    @property
    def red_flags(self) -> tuple[SectionScore, ...]:
        """Sections that matter and score next to nothing."""
        return tuple(section for section in self.sections if section.red_flag)

    def section(self, section: str) -> SectionScore | None:
        """The score of a section, if it has scored questions that apply."""
        return next((found for found in self.sections if found.section == section), None)


State = Literal["known", "do-not-know", "not-applicable", "unanswered"]


@dataclass(frozen=True, slots=True)
class Reason:
    """What one question did to the score: its level (0 to 4), and the overall points that the top level would add."""

    question: str
    section: str
    state: State
    level: int | None
    weight: int
    gain: float


def percent(ratio: Ratio) -> int:
    """A share as a whole number out of 100, rounded half up."""
    part, whole = ratio
    return (200 * part + whole) // (2 * whole)


def score(route: Route, answers: Mapping[str, Value]) -> Scorecard:
    """Score the answers along their route."""
    get = answers.get
    sections = []
    for section, section_weight, questions in route.scored:
        earned, possible, result = _scored(questions, get)
        sections.append(SectionScore(section, section_weight, earned, possible, result))
    return Scorecard(route.depth, _overall(sections), tuple(sections))


def score_of(questions: Sequence[ScoredQuestion], answers: Mapping[str, Value]) -> Score:
    """The score of some questions of a route, by the formula of a section."""
    return _scored(questions, answers.get)[2]


def _scored(
    questions: Sequence[ScoredQuestion], get: Callable[[str], Value | None]
) -> tuple[int, int, Score]:  # fmt: skip
    """Points earned, points possible (quarters of weight), and the score they make."""
    earned = possible = unsure_points = known = unsure = 0
    applicable = len(questions)
    for question in questions:
        value = get(question.id)
        if value is None:
            continue
        level = question.levels.get(value, UNSCORED)
        if level == UNSCORED:
            level = level_of(question.levels, value)
        if level >= 0:
            earned += question.weight * level
            possible += question.weight
            known += 1
        elif level == UNKNOWN:
            unsure_points += question.weight
            unsure += 1
        else:
            applicable -= 1
    result = _section_score(earned, possible * TOP_LEVEL, unsure_points * TOP_LEVEL, known, unsure, applicable)
    return earned, possible * TOP_LEVEL, result


def _section_score(earned: int, possible: int, unsure_points: int, known: int, unsure: int, applicable: int) -> Score:
    all_points = possible + unsure_points
    return Score(
        (earned, possible) if possible else None,
        (earned, all_points) if all_points else None,
        (earned + unsure_points, all_points) if all_points else None,
        known, unsure, applicable,
    )  # fmt: skip


def _overall(sections: list[SectionScore]) -> Score:
    known = unsure = applicable = 0
    for section in sections:
        known += section.score.known
        unsure += section.score.unsure
        applicable += section.score.applicable
    return Score(
        _mean([(section.weight, section.score.value) for section in sections]),
        _mean([(section.weight, section.score.low) for section in sections]),
        _mean([(section.weight, section.score.high) for section in sections]),
        known, unsure, applicable,
    )  # fmt: skip


def _mean(shares: list[tuple[int, Ratio | None]]) -> Ratio | None:
    """The weighted mean of the shares that exist, exact."""
    part, whole, weights = 0, 1, 0
    for weight, share in shares:
        if share is not None:
            part = part * share[1] + weight * share[0] * whole
            whole *= share[1]
            weights += weight
    return (part, whole * weights) if weights else None


def reasons(route: Route, answers: Mapping[str, Value]) -> tuple[Reason, ...]:
    """One reason per scored question that applies, in order."""
    return tuple(_reasons(route, answers))


def _reasons(route: Route, answers: Mapping[str, Value]) -> Iterator[Reason]:
    card = score(route, answers)
    all_weights = sum(section.weight for section in card.sections if section.score.value is not None)
    possible = {section.section: section.possible for section in card.sections}
    for section, section_weight, questions in route.scored:
        for question in questions:
            state, level = state_of(question.levels, answers.get(question.id))
            gain = 0.0
            if level is not None:
                points = (TOP_LEVEL - level) * question.weight
                gain = 100 * points / possible[section] * section_weight / all_weights
            yield Reason(question.id, section, state, level, question.weight, gain)


def state_of(levels: Mapping[Value, int], value: Value | None) -> tuple[State, int | None]:
    """What a scored question's value is, with its level where one is known."""
    if value is None:
        return "unanswered", None
    level = level_of(levels, value)
    if level == UNKNOWN:
        return "do-not-know", None
    return ("not-applicable", None) if level == UNSCORED else ("known", level)


def documented(route: Route, answers: Mapping[str, Value], remarks: Mapping[str, Remark]) -> int:
    """Per cent of the points earned that come from answers at level 3 or 4 with a note or proof, rounded down."""
    earned = proven = 0
    for reason in reasons(route, answers):
        if reason.level:
            points = reason.level * reason.weight
            earned += points
            remark = remarks.get(reason.question)
            if reason.level >= PROOF_LEVEL and remark is not None and remark.note:
                proven += points
    return proven * 100 // earned if earned else 0
