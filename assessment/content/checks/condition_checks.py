"""What conditions must satisfy: they name what is there and comes earlier, can hold, and end.

Flags are looked at first: once none leads back to itself and none spreads too far, every later walk through them
is short.
"""

from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import assert_never

from assessment.content.checks.questionnaires import Place, Version, flaw_in
from assessment.content.checks.reach import Steps, TooManyAlternatives, reachable
from assessment.core.checks.conditions import (
    Answered,
    AnyOf,
    AtLeast,
    AtMost,
    Condition,
    FlagIs,
    Includes,
    Is,
    leaves_of,
    questions_of,
)
from assessment.core.checks.questions import Choice, MultiChoice, Number
from assessment.core.errors import Flaw

MOST_LEAVES = 1_000
"""How many leaves a flag may have once the flags in it are written out."""
DEEPEST_FLAGS = 20
MOST_CIRCLES = 20

Mistake = tuple[str, str]
"""What is wrong, and the cure."""


def flags_are_sound(version: Version) -> Iterator[Flaw]:
    """Flags name known flags only, never themselves however far round, and stay readable."""
    flags, front = version.questionnaire.flags, version.sources.front
    inside = {name: [leaf.flag for leaf in leaves_of(flag) if isinstance(leaf, FlagIs)] for name, flag in flags.items()}
    for name, others in inside.items():
        for other in others:
            if other not in flags:
                message = f"There is no flag {other}."
                yield flaw_in(front, ("flags", name), message, "Correct the name or define it.")
    known = {name: [other for other in others if other in flags] for name, others in inside.items()}
    circles = _circles(known)
    for name in circles:
        yield flaw_in(front, ("flags", name), f"The flag {name} is defined by itself.", "Break the circle.")
    if not circles:
        yield from _size_flaws(version, known)


def _circles(inside: dict[str, list[str]]) -> list[str]:
    """The flags that lead back to themselves, circle by circle."""
    left, found = dict(inside), list[str]()
    for _ in range(MOST_CIRCLES):
        try:
            TopologicalSorter(left).prepare()
        except CycleError as circle:
            names = dict.fromkeys(circle.args[1])
            found += names
            left = {name: [other for other in others if other not in names]
                    for name, others in left.items() if name not in names}  # fmt: skip
        else:
            break
    return found


def _size_flaws(version: Version, inside: dict[str, list[str]]) -> Iterator[Flaw]:
    flags = version.questionnaire.flags
    sizes: dict[str, int] = {}
    depths: dict[str, int] = {}
    for name in TopologicalSorter(inside).static_order():
        plain = sum(1 for _ in leaves_of(flags[name])) - len(inside[name])
        sizes[name] = plain + sum(sizes[other] for other in inside[name])
        depths[name] = 1 + max((depths[other] for other in inside[name]), default=0)
    for name in flags:
        if sizes[name] > MOST_LEAVES or depths[name] > DEEPEST_FLAGS:
            cure = f"Keep to {MOST_LEAVES} questions and {DEEPEST_FLAGS} flags one inside the other."
            yield flaw_in(
                version.sources.front, ("flags", name), "With the flags in it this is too long to follow.", cure
            )


def conditions_are_sound(version: Version) -> Iterator[Flaw]:
    """Conditions name earlier questions and existing options, ask numbers for amounts, and can hold."""
    questionnaire, front, steps = version.questionnaire, version.sources.front, Steps()
    for name, condition in questionnaire.flags.items():
        for message, cure in condition_mistakes(version, condition, questionnaire.questions, "", steps):
            yield flaw_in(front, ("flags", name), message, cure)
    for index, raised in enumerate(questionnaire.raises):
        for message, cure in condition_mistakes(version, raised.when, questionnaire.questions, "", steps):
            yield flaw_in(front, ("raises", index, "when"), message, cure)
    earlier: set[str] = set()
    for question, section, place in version.walk():
        for key, asked in (("when", question.when), ("scored_when", question.scored_when)):
            if asked is not None:
                where: Place = (*place, key)
                for message, cure in condition_mistakes(version, asked, earlier, question.id, steps):
                    yield version.sources.flaw(section, where, message, cure)
        earlier.add(question.id)


def condition_mistakes(
    version: Version, condition: Condition, earlier: Collection[str], asking: str, steps: Steps
) -> Iterator[Mistake]:
    """What is wrong with one condition that may name the questions in `earlier`; `asking` is the question it is on."""
    flags, questions = version.questionnaire.flags, version.questionnaire.questions
    mistakes = [mistake for leaf in leaves_of(condition) if (mistake := _leaf_mistake(leaf, version))]
    mistakes += [
        (f"The condition asks about {named}, which comes no earlier than {asking}.",
         "Ask only about questions that come before.")
        for named in dict.fromkeys(questions_of(condition, flags))
        if named in questions and named not in earlier
    ]  # fmt: skip
    yield from mistakes
    # A flag with mistakes is reported by itself, so what asks for it is not tried against the options.
    behind = [leaf for flag in _flags_behind(condition, version) for leaf in leaves_of(flags[flag])]
    if mistakes or any(_leaf_mistake(leaf, version) for leaf in behind):
        return
    try:
        if not reachable(condition, flags, questions, steps):
            yield "The condition can never hold, so nobody will see this.", "Correct or remove it."
    except TooManyAlternatives:
        yield "The condition has too many alternatives to be understood.", "Name its parts as flags, or simplify it."


def _flags_behind(condition: Condition, version: Version) -> set[str]:
    """The known flags that a condition leads to."""
    flags = version.questionnaire.flags
    found: set[str] = set()
    waiting = [condition]
    while waiting:
        for leaf in leaves_of(waiting.pop()):
            if isinstance(leaf, FlagIs) and leaf.flag in flags and leaf.flag not in found:
                found.add(leaf.flag)
                waiting.append(flags[leaf.flag])
    return found


def _leaf_mistake(leaf: Condition, version: Version) -> Mistake | None:
    if isinstance(leaf, FlagIs):
        unknown = leaf.flag not in version.questionnaire.flags
        return (f"There is no flag {leaf.flag}.", "Correct the name or define it under `flags:`.") if unknown else None
    question = version.questionnaire.questions.get(leaf.question)  # type: ignore[union-attr]
    if question is None:
        return f"There is no question {leaf.question}.", "Correct the id."  # type: ignore[union-attr]
    match leaf:
        case Is(value=value):
            wanted: tuple[str, ...] = (value,)
        case AnyOf(any_of=options):
            wanted = options
        case Includes(includes=option):
            wanted = (option,)
        case AtLeast() | AtMost():
            numeric = isinstance(question, Number)
            return (
                None if numeric else (f"{question.id} is not a number.", "Ask for its options with `is` or `any_of`.")
            )
        case Answered():
            return None
        case _:
            assert_never(leaf)  # type: ignore[arg-type]
    if not isinstance(question, Choice | MultiChoice):
        return f"{question.id} has no options.", "Ask with `answered`, `at_least` or `at_most`."
    unknown_options = [name for name in wanted if question.option(name) is None]
    if unknown_options:
        return f"{question.id} has no option {', '.join(unknown_options)}.", "Use the ids of its options."
    return None
