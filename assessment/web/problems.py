"""Problems in words: what was understood and what to type instead, the same in the error summary and at the field."""

from collections.abc import Sequence
from decimal import Decimal

from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.questions import Numbers, Question
from assessment.core.errors import Problem
from assessment.i18n import Language

N_ = str
"""Marks a text for extraction that is translated later."""

NOT_SAVED_STATUS = {"full": 507, "busy": 503, "away": 503}
"""The status of a page that says that the store did not take a change."""

PAGE = "main-content"
"""The target of what belongs to no control on the page."""

SENTENCES = {
    "ambiguous": N_(
        "%(label)s: “%(typed)s” can mean %(whole)s %(unit)s or %(decimal)s %(unit)s. Choose below which one you mean."
    ),
    "answer-needed": N_("%(label)s: choose or type an answer, because the questions that follow depend on it."),
    "bad-revision": N_("%(label)s: this page has gone stale. Open it again from the list of sections, then answer."),
    "both": N_("%(label)s: give an answer or tick the box below it, not both."),
    "both-markers": N_("%(label)s: tick “I do not know” or “Does not apply to us”, not both."),
    "date-incomplete": N_("%(label)s: a date needs a day, a month and a year, for example 27 3 2026."),
    "none-and-some": N_("%(label)s: one of your answers rules out the others. Tick it alone, or leave it out."),
    "not-a-date": N_("%(label)s: this is not a day in the calendar. Type it as numbers, for example 27 3 2026."),
    "not-a-number": N_(
        "%(label)s: we cannot read “%(typed)s” as a number. Type digits only, for example 1250."
    ),
    "not-on-this-page": N_("“%(label)s” is not asked on this page, so nothing on this page was saved. Send it again."),
    "not-whole": N_("%(label)s: we read %(amount)s. Type a whole number without decimals, for example 12."),
    "other-digits": N_("%(label)s: type the digits 0 to 9. We read “%(typed)s” as %(plain)s."),
    "other-unit": N_(
        "%(label)s: we read the number %(number)s, but “%(typed)s” is no unit that we can take here. "
        "Type the number alone. It can be in: %(units)s."
    ),
    "said-twice": N_("%(label)s was sent twice with this page. Answer it once and send the page again."),
    "too-large": N_(
        "%(label)s: we read %(amount)s %(unit)s, and it must be %(most)s %(unit)s or less. "
        "Check the number and the unit."
    ),
    "too-long": N_("%(label)s must be %(longest)s characters or fewer."),
    "too-many": N_("%(label)s: tick no more than %(most)s."),
    "too-many-digits": N_("%(label)s: this number has more than %(most)s digits. Check it, or choose a larger unit."),
    "too-small": N_(
        "%(label)s: we read %(amount)s %(unit)s, and it must be %(least)s %(unit)s or more. "
        "Check the number and the unit."
    ),
    "two-units": N_(
        "%(label)s: you typed %(number)s %(typed)s and chose %(unit)s. Type the number alone, and choose its unit."
    ),
    "unit-needed": N_("%(label)s: choose a unit."),
    "unknown-field": N_("%(label)s: this page sent something that the question does not ask for. Open it again."),
    "unknown-option": N_("%(label)s: choose one of the answers offered."),
    "unknown-question": N_("There is no question “%(label)s”. Open the page again from the list of sections."),
    "unknown-unit": N_("%(label)s: choose one of the units offered."),
    "wrong-kind": N_("%(label)s: this is not the kind of answer that the question asks for. Answer it again."),
}  # fmt: skip
"""The sentence of every code; a test holds this table complete."""

SENTENCES_OF_PARTS = {
    ("too-long", "note"): N_("%(label)s: the note must be %(longest)s characters or fewer."),
    ("too-long", "reason"): N_("%(label)s: the reason must be %(longest)s characters or fewer."),
    ("unknown-option", "basis"): N_("%(label)s: say whether the number is from bills or a meter, or your estimate."),
}
"""Where the sentence about one part of a question differs."""

_AMOUNTS = frozenset({"amount", "least", "most", "longest", "whole", "decimal"})
_OWN_TARGETS = frozenset({"note", "reason"})


def error_list(problems: Sequence[Problem], questionnaire: Questionnaire, language: Language) -> list[tuple[str, str]]:
    """For each control that is wrong, in order: the id of the control to go to, and what to do there.

    A target is `<question>`, `<question>.<figure>`, `<question>.note` or `<question>.reason`, or `PAGE`; where one
    control has several problems, the first is told.
    """
    found: dict[str, str] = {}
    for problem in problems:
        question = questionnaire.questions.get(problem.question)
        found.setdefault(target_of(problem, question), sentence(problem, question, language))
    return list(found.items())


def not_saved(language: Language) -> str:
    """What is told beside a form that could not be saved and still holds what was typed."""
    return language.gettext("Not saved: our storage is full or busy. Your text is still here. Try again in a moment.")


def target_of(problem: Problem, question: Question | None) -> str:
    """The id of the control that a problem is told at."""
    if question is None or problem.code == "not-on-this-page":
        return PAGE
    part = problem.field.split(".")[0]
    known = part in _OWN_TARGETS or (isinstance(question, Numbers) and question.figure(part) is not None)
    return f"{question.id}.{part}" if known else question.id


def sentence(problem: Problem, question: Question | None, language: Language) -> str:
    """One problem in words."""
    text = SENTENCES_OF_PARTS.get((problem.code, problem.field)) or SENTENCES[problem.code]
    given = {name: language.number(Decimal(value)) if name in _AMOUNTS else value for name, value in problem.values}
    return language.gettext(text) % {"label": _label(problem, question), **given}


def _label(problem: Problem, question: Question | None) -> str:
    if question is None:
        return problem.question
    figure = question.figure(problem.field.split(".")[0]) if isinstance(question, Numbers) else None
    return figure.label if figure else question.short
