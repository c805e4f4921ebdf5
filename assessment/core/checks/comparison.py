"""Comparing two results: what changed between them, and why the score moved, question by question.

The overall score is S = sum of v x over the questions with a known answer, where x is the answer's level out of 100
and v what the question counts: its weight over those of its section, times the section's weight over those of all
sections that have a score. The v of one result add up to 1. With B before and A after, a question with a known answer
in both has the effect

    (vA + vB) / 2 x (xA - xB)  +  (vA - vB) x ((xA + xB) / 2 - M)

of which the first part is that its answer moved, and the second that it counts more or less than it did. M, the mean
of both scores, changes no sum, because the v of either result add up to the same; it makes a question that joins or
leaves count as what it is beside the rest. One that is known in A alone has vA (xA - M), in B alone -vB (xB - M). All
effects add up to SA - SB exactly, and no order has to be supposed in which things changed. The same with the shares
within a section gives the effects on the section's score. (The project's own design, told on the results page.)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from assessment.core.checks.questions import TOP_LEVEL, Question
from assessment.core.checks.route import Route
from assessment.core.checks.scoring import Reason, Scorecard, State

Kind = Literal["moved", "same", "known-now", "unknown-now", "asked-now", "not-asked-now", "new", "gone", "new-meaning"]
"""What became of a scored question.

`moved`, `same`: known both times; `known-now`, `unknown-now`: known once, silence or "I do not know" the other time;
`asked-now`, `not-asked-now`: it applied to the company once only; `new`, `gone`: it stands in one version only;
`new-meaning`: the versions mean different things by it.
"""

BREAKS: frozenset[Kind] = frozenset({"new", "gone", "new-meaning"})
"""Where the questionnaire changed, not the company: not compared, but told."""


Weights = Mapping[str, Fraction]


@dataclass(frozen=True)
class Side:
    """One of the two results."""

    route: Route
    scorecard: Scorecard
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One scored question in both results; points are level times weight, `None` where there was no known answer.

    `effect` is in points of the overall score, `section_effect` in points of its section's score.
    """

    question: str
    section: str
    kind: Kind
    before: State | None
    after: State | None
    level_before: int | None
    level_after: int | None
    points_before: int | None
    points_after: int | None
    effect: Fraction
    section_effect: Fraction

    @property
    def compared(self) -> bool:
        """Whether the question means the same in both results."""
        return self.kind not in BREAKS


@dataclass(frozen=True, slots=True)
class SectionMoved:
    """The score of a section in both results; None where it had none to show."""

    section: str
    before: int | None
    after: int | None
    effect: Fraction


@dataclass(frozen=True)
class Comparison:
    """What changed from one result to the next."""

    before: int | None
    after: int | None
    sections: tuple[SectionMoved, ...]
    questions: tuple[Moved, ...]
    other_depth: bool

    @property
    def difference(self) -> Fraction:
        """Points of the overall score gained, exactly: the sum of all effects."""
        return sum((moved.effect for moved in self.questions), Fraction(0))

    @property
    def has_scores(self) -> bool:
        """Whether both results have a headline, so that the difference may be shown."""
        return self.before is not None and self.after is not None

    def of_kinds(self, *kinds: Kind) -> tuple[Moved, ...]:
        """The questions of these kinds, those with the largest effect first."""
        return tuple(sorted((m for m in self.questions if m.kind in kinds), key=lambda m: -abs(m.effect)))

    @property
    def changes(self) -> tuple[Moved, ...]:
        """The questions whose answer changed, those with the largest effect first."""
        found = self.of_kinds("moved", "known-now", "unknown-now", "asked-now", "not-asked-now")
        return tuple(m for m in found if m.points_before is not None or m.points_after is not None)

    @property
    def breaks(self) -> tuple[Moved, ...]:
        """The questions that are not compared because the questionnaire changed."""
        return self.of_kinds("new", "gone", "new-meaning")

    @property
    def reweighted(self) -> Fraction:
        """The effect of unchanged answers that count more or less, since others joined or left."""
        return sum((moved.effect for moved in self.of_kinds("same")), Fraction(0))


def compare(before: Side, after: Side) -> Comparison:
    """What changed between two results of the same company."""
    pair = _Pair(before, after)
    questions = tuple(pair.questions())
    return Comparison(
        before.scorecard.overall.headline,
        after.scorecard.overall.headline,
        tuple(_sections(before, after, questions)),
        questions,
        before.route.depth != after.route.depth,
    )


@dataclass(frozen=True)
class _Pair:
    """Both results with what is asked of them again and again."""

    before: Side
    after: Side

    @cached_property
    def left(self) -> dict[str, Reason]:
        """The reasons of the result before, by question."""
        return {reason.question: reason for reason in self.before.reasons}

    @cached_property
    def joined(self) -> dict[str, Reason]:
        """The reasons of the result after, by question."""
        return {reason.question: reason for reason in self.after.reasons}

    @cached_property
    def meant(self) -> frozenset[str]:
        """The questions that stand in both versions and mean the same there.

        `meaning` is the version in which the meaning last changed, so the same one on both sides is the same meaning.
        """
        earlier, later = self.before.route.questionnaire.questions, self.after.route.questionnaire.questions
        return frozenset(name for name in later if name in earlier and earlier[name].meaning == later[name].meaning)

    def questions(self) -> Iterator[Moved]:
        """Every scored question that applied in one of the results."""
        overall = self._effects(_shares(self.before), _shares(self.after))
        sections = {name: reason.section for name, reason in {**self.left, **self.joined}.items()}
        within: dict[str, Fraction] = {}
        for section in dict.fromkeys(sections.values()):
            within |= self._effects(_shares_within(self.before, section), _shares_within(self.after, section))
        for name, section in sections.items():
            left, joined = self.left.get(name), self.joined.get(name)
            yield Moved(
                name, section, self._kind(name, left, joined),
                left.state if left else None, joined.state if joined else None,
                left.level if left else None, joined.level if joined else None,
                _points(left), _points(joined), overall.get(name, Fraction(0)), within.get(name, Fraction(0)),
            )  # fmt: skip

    def _effects(self, before: Weights, after: Weights) -> dict[str, Fraction]:
        """The effect of each question; none where one of the results has no score at all."""
        if not before or not after:
            return {}
        was = {name: _out_of_100(self.left[name]) for name in before}
        now = {name: _out_of_100(self.joined[name]) for name in after}
        mean = (_score(before, was) + _score(after, now)) / 2
        effects: dict[str, Fraction] = {}
        for name in {**before, **after}:
            if name in before and name in after and name in self.meant:
                middle, answer = (after[name] + before[name]) / 2, now[name] - was[name]
                effects[name] = middle * answer + (after[name] - before[name]) * ((now[name] + was[name]) / 2 - mean)
                continue
            joins = after[name] * (now[name] - mean) if name in after else Fraction(0)
            leaves = before[name] * (was[name] - mean) if name in before else Fraction(0)
            effects[name] = joins - leaves
        return effects

    def _kind(self, name: str, left: Reason | None, joined: Reason | None) -> Kind:
        if name not in self.before.route.questionnaire.questions:
            return "new"
        if name not in self.after.route.questionnaire.questions:
            return "gone"
        if name not in self.meant:
            return "new-meaning"
        applied, applies = _applies(left), _applies(joined)
        if applied != applies:
            return "asked-now" if applies else "not-asked-now"
        was, now = left.level if left else None, joined.level if joined else None
        if (was is None) != (now is None):
            return "unknown-now" if now is None else "known-now"
        return "same" if was == now else "moved"


def _known(side: Side) -> dict[str, Reason]:
    return {reason.question: reason for reason in side.reasons if reason.level is not None}


def _shares(side: Side) -> dict[str, Fraction]:
    """What each question with a known answer counts of the overall score."""
    cards = {card.section: card for card in side.scorecard.sections if card.possible}
    all_weights = sum(card.weight for card in cards.values())
    return {
        name: Fraction(TOP_LEVEL * reason.weight * cards[reason.section].weight)
        / (cards[reason.section].possible * all_weights)
        for name, reason in _known(side).items()
    }


def _shares_within(side: Side, section: str) -> dict[str, Fraction]:
    """What each of its questions counts of a section's score."""
    card = side.scorecard.section(section)
    known = {name: reason for name, reason in _known(side).items() if reason.section == section}
    return {name: Fraction(TOP_LEVEL * reason.weight, card.possible) for name, reason in known.items()} if card else {}


def _score(shares: Weights, levels: Weights) -> Fraction:
    return sum((share * levels[name] for name, share in shares.items()), Fraction(0))


def _out_of_100(reason: Reason) -> Fraction:
    return Fraction(100 * (reason.level or 0), TOP_LEVEL)


def _points(reason: Reason | None) -> int | None:
    return reason.level * reason.weight if reason is not None and reason.level is not None else None


def _applies(reason: Reason | None) -> bool:
    """Whether the question was one for the company; "does not apply to us" takes it out as a condition does."""
    return reason is not None and reason.state != "not-applicable"


def _sections(before: Side, after: Side, questions: Sequence[Moved]) -> Iterator[SectionMoved]:
    sections = dict.fromkeys(card.section for side in (before, after) for card in side.scorecard.sections)
    for section in sections:
        left, joined = before.scorecard.section(section), after.scorecard.section(section)
        yield SectionMoved(
            section,
            left.score.headline if left else None,
            joined.score.headline if joined else None,
            sum((moved.effect for moved in questions if moved.section == section), Fraction(0)),
        )


def in_tenths(parts: Sequence[Fraction]) -> list[int]:
    """The parts in tenths of a point, so that what is shown adds up to the rounded whole: the largest remainders first.

    (Hamilton's method; none is off by a tenth or more.)
    """
    tenths = [part * 10 for part in parts]
    shown = [part.__floor__() for part in tenths]
    missing = round(sum(tenths, Fraction(0))) - sum(shown)
    order = sorted(range(len(parts)), key=lambda place: (shown[place] - tenths[place], place))
    for place in order[:missing]:
        shown[place] += 1
    return shown


def changed_meaning(question: Question, earlier: Question | None) -> bool:
    """Whether an answer to the earlier question says nothing about this one."""
    return earlier is None or earlier.meaning != question.meaning or earlier.kind != question.kind
