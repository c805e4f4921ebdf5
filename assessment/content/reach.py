"""Whether a condition can ever hold: it is spread into alternatives, and each is tried against the questions' options.

An alternative is a set of leaves that must hold and leaves that must not. Per question it is possible when one
answer (or none) satisfies them all. Questions are treated as independent of each other, so this finds
contradictions, not every consequence of the route.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product

from assessment.core.conditions import (
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
from assessment.core.questions import Choice, MultiChoice, Question

MOST_ALTERNATIVES = 20_000

Literal = tuple[Condition, bool]
Alternative = tuple[Literal, ...]


class TooManyAlternatives(Exception):
    """The condition spreads into more alternatives than anybody could read."""


def reachable(condition: Condition, flags: Mapping[str, Condition], questions: Mapping[str, Question]) -> bool:
    """Whether some answers make the condition true.

    Raises TooManyAlternatives past the step budget.
    """
    return any(_possible(alternative, questions) for alternative in _spread(condition, True, flags, [0]))


def _spread(
    condition: Condition, wanted: bool, flags: Mapping[str, Condition], spent: list[int]
) -> Iterator[Alternative]:
    spent[0] += 1
    if spent[0] > MOST_ALTERNATIVES:
        raise TooManyAlternatives
    match condition:
        case Not(branch=branch):
            yield from _spread(branch, not wanted, flags, spent)
        case FlagIs(flag=flag):
            yield from _spread(flags[flag], wanted, flags, spent)
        case All(branches=branches) | AnyBranch(branches=branches):
            if isinstance(condition, All) is wanted:
                parts = [list(_spread(branch, wanted, flags, spent)) for branch in branches]
                for combined in product(*parts):
                    spent[0] += 1
                    if spent[0] > MOST_ALTERNATIVES:
                        raise TooManyAlternatives
                    yield tuple(literal for part in combined for literal in part)
            else:
                for branch in branches:
                    yield from _spread(branch, wanted, flags, spent)
        case _:
            yield ((condition, wanted),)


def _possible(alternative: Alternative, questions: Mapping[str, Question]) -> bool:
    by_question: dict[str, list[Literal]] = {}
    for leaf, wanted in alternative:
        assert not isinstance(leaf, All | AnyBranch | Not | FlagIs)
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
            return any(all(_names(leaf, {option.id}) is wanted for leaf, wanted in asked) for option in question.options)
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
