"""Answers as a person would say them, in the words of the questionnaire and the numbers of a language."""

from datetime import date
from typing import assert_never

from assessment.core.checks.answers import Marker, Quantities, Quantity, Value
from assessment.core.checks.questions import Choice, Figure, MultiChoice, Number, Numbers, Question
from assessment.i18n import Language


def in_words(question: Question, value: Value, language: Language) -> tuple[str, ...]:
    """A value, one line per part; a marker has no line, for the report says it in its own place."""
    match value:
        case Marker():
            return ()
        case str():
            option = question.option(value) if isinstance(question, Choice) else None
            return (option.label if option else value,)
        case frozenset():
            options = question.options if isinstance(question, MultiChoice) else ()
            return tuple(option.label for option in options if option.id in value)
        case Quantity():
            return (_amount(question, value, language),) if isinstance(question, Number) else (value.typed,)
        case Quantities():
            return _figures(question, value, language)
        case date():
            return (language.date(value),)
        case _:
            assert_never(value)


def _figures(question: Question, value: Quantities, language: Language) -> tuple[str, ...]:
    if not isinstance(question, Numbers):
        return ()
    named = [(question.figure(name), quantity) for name, quantity in value.figures]
    return tuple(
        language.gettext("%(name)s: %(amount)s") % {"name": figure.label, "amount": _amount(figure, quantity, language)}
        for figure, quantity in named
        if figure is not None
    )


def _amount(figure: Figure, quantity: Quantity, language: Language) -> str:
    """The number in the unit it was given in, and in the base unit where that is another one."""
    unit = figure.unit(quantity.unit) or figure.base
    typed = quantity.amount / unit.factor
    given = f"{language.number(typed)} {unit.after(typed)}"
    if unit.factor == 1:
        return given
    return f"{given} = {language.converted(quantity.amount)} {figure.base.after(quantity.amount)}"
