"""Whether a condition can ever hold: it is spread into alternatives, and each is tried against the questions' options.

An alternative is a set of leaves that must hold and leaves that must not. Per question it is possible when one
answer (or none) satisfies them all. Questions are treated as independent of each other, so this finds
contradictions, not every consequence of the route.

The work is counted in steps, for each condition and for all of a questionnaire together: no file can keep a start
waiting.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from assessment.core.checks.conditions import (
    All,
    Answered,
    AnyBranch,
    AnyOf,
    AtLeast,
    AtMost,
    Condition,
    FlagIs,
    Includes,
    Is,
    Not,
)
from assessment.core.checks.questions import Choice, MultiChoice, Question

MOST_STEPS = 20_000
MOST_STEPS_IN_ALL = 200_000

Literal = tuple[Condition, bool]
Alternative = tuple[Literal, ...]


class TooManyAlternatives(Exception):
    """The condition spreads into more alternatives than anybody could read."""


@dataclass
class Steps:
    """The steps that the conditions of one questionnaire may still take together."""

    left: int = MOST_STEPS_IN_ALL


class _Count:
    """The steps that one condition may still take."""

    def __init__(self, in_all: Steps) -> None:
        self._in_all = in_all
        self._left = MOST_STEPS

    def take(self, steps: int) -> None:
        self._left -= steps
        self._in_all.left -= steps
        if self._left < 0 or self._in_all.left < 0:
            raise TooManyAlternatives


def reachable(
    condition: Condition, flags: Mapping[str, Condition], questions: Mapping[str, Question], in_all: Steps
) -> bool:
    """Whether some answers make the condition true.

    Raises TooManyAlternatives past the step budget.
    """
    count = _Count(in_all)
    return any(_possible(alternative, questions, count) for alternative in _spread(condition, True, flags, count))


def _spread(condition: Condition, wanted: bool, flags: Mapping[str, Condition], count: _Count) -> Iterator[Alternative]:
    count.take(1)
    match condition:
        case Not(branch=branch):
            yield from _spread(branch, not wanted, flags, count)
        case FlagIs(flag=flag):
            yield from _spread(flags[flag], wanted, flags, count)
        case All(branches=branches) | AnyBranch(branches=branches):
            if isinstance(condition, All) is wanted:
                parts = [list(_spread(branch, wanted, flags, count)) for branch in branches]
                for combined in product(*parts):
                    count.take(len(combined))
                    yield tuple(literal for part in combined for literal in part)
            else:
                for branch in branches:
                    yield from _spread(branch, wanted, flags, count)
        case _:
            yield ((condition, wanted),)


def _possible(alternative: Alternative, questions: Mapping[str, Question], count: _Count) -> bool:
    count.take(len(alternative))
    by_question: dict[str, list[Literal]] = {}
    for leaf, wanted in alternative:
        if isinstance(leaf, All | AnyBranch | Not | FlagIs):
            raise TypeError(f"not a leaf: {leaf!r}")
        by_question.setdefault(leaf.question, []).append((leaf, wanted))
    return all(_answerable(questions[question], literals) for question, literals in by_question.items())


def _answerable(question: Question, literals: list[Literal]) -> bool:
    if not any(_needs_answer(leaf, wanted) for leaf, wanted in literals):
        return True
    asked: list[Literal] = [(leaf, wanted) for leaf, wanted in literals if not isinstance(leaf, Answered)]
    if any(isinstance(leaf, Answered) and leaf.answered is not wanted for leaf, wanted in literals):
        return False
    match question:
        case Choice():
            return any(
                all(_names(leaf, {option.id}) is wanted for leaf, wanted in asked) for option in question.options
            )
        case MultiChoice():
            barred = {named for leaf, wanted in asked if not wanted for named in _named(leaf)}
            open_options = {option.id for option in question.options} - barred
            return bool(open_options) and all(_names(leaf, open_options) for leaf, wanted in asked if wanted)
        case _:
            return _amount_exists(asked)


def _needs_answer(leaf: Condition, wanted: bool) -> bool:
    return leaf.answered is wanted if isinstance(leaf, Answered) else wanted


def _named(leaf: Condition) -> tuple[str, ...]:
    match leaf:
        case Is(value=value):
            return (value,)
        case AnyOf(any_of=options):
            return options
        case Includes(includes=option):
            return (option,)
        case _:
            return ()


def _names(leaf: Condition, options: set[str]) -> bool:
    return not options.isdisjoint(_named(leaf))


def _amount_exists(literals: list[Literal]) -> bool:
    """Whether a number lies within all the limits (a limit that must not hold is taken a millionth past it)."""
    step = Decimal("0.000001")
    low, high = Decimal("-Infinity"), Decimal("Infinity")
    for leaf, wanted in literals:
        match leaf:
            case AtLeast(at_least=limit):
                low, high = (max(low, limit), high) if wanted else (low, min(high, limit - step))
            case AtMost(at_most=limit):
                low, high = (low, min(high, limit)) if wanted else (max(low, limit + step), high)
            case _:
                return False
    return low <= high
