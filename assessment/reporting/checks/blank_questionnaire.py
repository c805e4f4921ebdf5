"""The maker of the paper questionnaire: every question in the order and with the code of the screen."""

from collections.abc import Iterator, Mapping
from typing import assert_never

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
from assessment.core.checks.questionnaire import Questionnaire, Section
from assessment.core.checks.questions import Choice, MultiChoice, Number, Numbers, Question
from assessment.reporting.checks.blank_document import (
    BlankFigure,
    BlankOption,
    BlankPage,
    BlankQuestion,
    BlankQuestionnaireDocument,
    BlankSection,
    Rule,
)

MOST_BOXES = 24
"""A question with more options (countries, regions) gets a line to write on."""


def blank_questionnaire_document(questionnaire: Questionnaire, home: str) -> BlankQuestionnaireDocument:
    """The questionnaire to print; `home` is where the answers are typed in."""
    questions = questionnaire.questions.values()
    return BlankQuestionnaireDocument(
        questionnaire.title, questionnaire.version, home.partition("://")[2] or home, len(questions),
        sum(question.quick for question in questions),
        tuple(
            BlankSection(section.title, section.ready, section.minutes, tuple(_pages(questionnaire, section)))
            for section in questionnaire.sections
        ),
    )  # fmt: skip


def _pages(questionnaire: Questionnaire, section: Section) -> Iterator[BlankPage]:
    for page in section.layout:
        questions = tuple(_question(questionnaire, question) for question in page.questions)
        yield BlankPage(page.title or "", page.intro or "", questions)


def _question(questionnaire: Questionnaire, question: Question) -> BlankQuestion:
    options = question.options if isinstance(question, Choice | MultiChoice) else ()
    boxes = options if len(options) <= MOST_BOXES else ()
    return BlankQuestion(
        question.id.upper(), question.label, question.hint, question.kind, question.quick,
        rule_of(questionnaire, question.when) if question.when else None,
        tuple(BlankOption(option.label, option.hint or "") for option in boxes),
        question.max_choices if isinstance(question, MultiChoice) else None,
        tuple(_figures(question)), isinstance(question, Number | Numbers) and question.metered,
        question.do_not_know, question.not_applicable,
    )  # fmt: skip


def _figures(question: Question) -> Iterator[BlankFigure]:
    if isinstance(question, Number):
        yield BlankFigure("", "", tuple(unit.label for unit in question.units))
    if isinstance(question, Numbers):
        for figure in question.fields_:
            yield BlankFigure(figure.label, figure.hint or "", tuple(unit.label for unit in figure.units))


def rule_of(questionnaire: Questionnaire, condition: Condition, negated: bool = False) -> Rule:
    """A condition with its flags spelt out and "not" moved to the comparisons, where it can be said in words."""
    match condition:
        case FlagIs(flag=flag):
            return rule_of(questionnaire, questionnaire.flags[flag], negated)
        case Not(branch=branch):
            return rule_of(questionnaire, branch, not negated)
        case All(branches=branches) | AnyBranch(branches=branches):
            together = "all" if isinstance(condition, All) else "any"
            parts = tuple(rule_of(questionnaire, branch, negated) for branch in branches)
            return _joined("any" if (together == "any") is not negated else "all", parts)
        case Is(question=question, value=value):
            return _comparison(questionnaire.questions, question, (value,), negated)
        case AnyOf(question=question, any_of=values):
            return _comparison(questionnaire.questions, question, values, negated)
        case Includes(question=question, includes=value):
            return _comparison(questionnaire.questions, question, (value,), negated)
        case AtLeast(question=question, at_least=number):
            return Rule("at-least", negated, question.upper(), number=number)
        case AtMost(question=question, at_most=number):
            return Rule("at-most", negated, question.upper(), number=number)
        case Answered(question=question, answered=answered):
            return Rule("answered", negated is answered, question.upper())
        case _:
            assert_never(condition)


def _joined(relation: str, parts: tuple[Rule, ...]) -> Rule:
    """Several rules as one; rules of the same kind inside each other become one list."""
    flat: list[Rule] = []
    for part in parts:
        flat.extend(part.parts if part.relation == relation else (part,))
    distinct = tuple(dict.fromkeys(flat))
    return distinct[0] if len(distinct) == 1 else Rule("any" if relation == "any" else "all", parts=distinct)


def _comparison(questions: Mapping[str, Question], question_id: str, values: tuple[str, ...], negated: bool) -> Rule:
    question = questions[question_id]
    options = question.options if isinstance(question, Choice | MultiChoice) else ()
    labels = {option.id: option.label for option in options}
    return Rule("is", negated, question_id.upper(), tuple(labels.get(value, value) for value in values))
