"""The condition language: a small tree written in YAML, read into frozen models, evaluated by one match.

Leaves ask about an earlier answer (`is`, `any_of`, `includes`, `at_least`, `at_most`, `answered`) or about a
condition that the questionnaire names once (`flag`). Branches are `all`, `any` and `not`. A leaf over an
unanswered question, or one answered "I do not know" or "does not apply", is false, so `not` over it is true.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, assert_never

from pydantic import Discriminator, Field, Tag

from assessment.core.checks.answers import Marker, Quantity, Value
from assessment.core.model import Model, OptionId, Slug


class Is(Model):
    """The answer is this option, or this text."""

    question: Slug
    value: OptionId = Field(alias="is")


class AnyOf(Model):
    """The answer is one of these options, or at least one of them is ticked."""

    question: Slug
    any_of: tuple[OptionId, ...] = Field(min_length=1)


class Includes(Model):
    """This option is among those ticked."""

    question: Slug
    includes: OptionId


class AtLeast(Model):
    """The number, in the question's base unit, is this or more."""

    question: Slug
    at_least: Decimal


class AtMost(Model):
    """The number, in the question's base unit, is this or less."""

    question: Slug
    at_most: Decimal


class Answered(Model):
    """There is a value, or there is none."""

    question: Slug
    answered: bool


class FlagIs(Model):
    """The condition that the questionnaire names so holds."""

    flag: Slug


class All(Model):
    """Every branch holds."""

    branches: tuple["Condition", ...] = Field(alias="all", min_length=1)


class AnyBranch(Model):
    """At least one branch holds."""

    branches: tuple["Condition", ...] = Field(alias="any", min_length=1)


class Not(Model):
    """The branch does not hold."""

    branch: "Condition" = Field(alias="not")


_KEYS = {
    "is": Is, "any_of": AnyOf, "includes": Includes, "at_least": AtLeast, "at_most": AtMost,
    "answered": Answered, "flag": FlagIs, "all": All, "any": AnyBranch, "not": Not,
}  # fmt: skip


def _kind_of(written: Any) -> str:
    """The tag of a condition: the one key that says what it asks (an unknown one fails as `is` would)."""
    keys = written if isinstance(written, Mapping) else ()
    if isinstance(written, Model):
        return type(written).__name__
    return next((model.__name__ for key, model in _KEYS.items() if key in keys), "Is")


Condition = Annotated[
    Annotated[Is, Tag("Is")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[Includes, Tag("Includes")]
    | Annotated[AtLeast, Tag("AtLeast")]
    | Annotated[AtMost, Tag("AtMost")]
    | Annotated[Answered, Tag("Answered")]
    | Annotated[FlagIs, Tag("FlagIs")]
    | Annotated[All, Tag("All")]
    | Annotated[AnyBranch, Tag("AnyBranch")]
    | Annotated[Not, Tag("Not")],
    Discriminator(_kind_of),
]

Flags = Mapping[str, Condition]


def holds(condition: Condition, answers: Mapping[str, Value], flags: Flags) -> bool:
    """Whether the condition is true of these answers."""
    match condition:
        case All(branches=branches):
            return all(holds(branch, answers, flags) for branch in branches)
        case AnyBranch(branches=branches):
            return any(holds(branch, answers, flags) for branch in branches)
        case Not(branch=branch):
            return not holds(branch, answers, flags)
        case FlagIs(flag=flag):
            return holds(flags[flag], answers, flags)
        case Answered(question=question, answered=answered):
            return (_known(answers, question) is not None) is answered
        case Is(question=question, value=wanted):
            return _matches(_known(answers, question), (wanted,))
        case AnyOf(question=question, any_of=wanted_options):
            return _matches(_known(answers, question), wanted_options)
        case Includes(question=question, includes=wanted):
            return _matches(_known(answers, question), (wanted,))
        case AtLeast(question=question, at_least=limit):
            amount = _amount(_known(answers, question))
            return amount is not None and amount >= limit
        case AtMost(question=question, at_most=limit):
            amount = _amount(_known(answers, question))
            return amount is not None and amount <= limit
        case _:
            assert_never(condition)


def questions_of(condition: Condition, flags: Flags) -> Iterator[str]:
    """The questions that a condition asks about, those behind its flags included; unknown flags are passed over."""
    match condition:
        case All(branches=branches) | AnyBranch(branches=branches):
            for branch in branches:
                yield from questions_of(branch, flags)
        case Not(branch=branch):
            yield from questions_of(branch, flags)
        case FlagIs(flag=flag):
            if flag in flags:
                yield from questions_of(flags[flag], flags)
        case _:
            yield condition.question


def leaves_of(condition: Condition) -> Iterator[Condition]:
    """Every leaf of the tree as written, flags unopened."""
    match condition:
        case All(branches=branches) | AnyBranch(branches=branches):
            for branch in branches:
                yield from leaves_of(branch)
        case Not(branch=branch):
            yield from leaves_of(branch)
        case _:
            yield condition


def _known(answers: Mapping[str, Value], question: str) -> Value | None:
    value = answers.get(question)
    return None if isinstance(value, Marker) else value


def _matches(value: Value | None, wanted: tuple[str, ...]) -> bool:
    match value:
        case str():
            return value in wanted
        case frozenset():
            return not value.isdisjoint(wanted)
        case _:
            return False


def _amount(value: Value | None) -> Decimal | None:
    return value.amount if isinstance(value, Quantity) else None
