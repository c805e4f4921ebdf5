"""Forms: a page of questions as one WTForms form, its answers back, and what its templates show.

A form holds one field per question and is made from form data only; pages that are just looked at need no form.
What may be stored is for the questionnaire to check; here is only what the controls of a page add to that.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from assessment.core.checks.answers import NO_REMARK, Answers, Marker, Quantities, Quantity, Remark, Value
from assessment.core.checks.questionnaire import Page, Questionnaire, check_value, offered
from assessment.core.checks.questions import (
    Choice,
    Figure,
    MultiChoice,
    NamedFigure,
    Number,
    Numbers,
    Option,
    Question,
    Unit,
)
from assessment.core.errors import Problem
from assessment.i18n import AmbiguousNumber, Language, NumberProblem, exactly
from assessment.services.checks.answering import OpenPage
from assessment.storage.checks.assessments import Change
from assessment.storage.checks.drafts import remark_of
from assessment.web.checks.fields import MOST_IN_NOTE, QuestionField, Typed, TypedDate, TypedNumber, field_of
from assessment.web.checks.typed_units import parted, unit_named

_QUESTION_LIKE = re.compile(r"[a-z0-9]{1,20}(?:-[a-z0-9]{1,20}){1,3}")
_OF_EVERY_FORM = frozenset({"csrf_token", "idempotency_key", "action", "autosave", "from"})
_FOREIGN_TOLD = 20
"""So many controls that belong to no question of the page are told; more of them is no honest mistake."""


@dataclass(frozen=True)
class PageInput:
    """What a page was sent with: the changes to save, and every problem; with problems nothing is saved."""

    form: "PageForm"
    changes: list[Change]
    problems: list[Problem]


class PageForm(BaseForm):
    """The questions of one page, read from what the browser sent."""

    def __init__(self, page: Page, questionnaire: Questionnaire, answers: Answers, language: Language) -> None:
        self.page = page
        self.questionnaire = questionnaire
        self.answers = answers
        super().__init__({question.id: field_of(question, language) for question in page.questions})

    def field_of(self, question: Question) -> QuestionField:
        """The field of a question on the page."""
        found = self[question.id]
        if not isinstance(found, QuestionField):
            raise TypeError(question.id)
        return found

    def read(self, sent: MultiDict[str, str], complete: bool) -> PageInput:
        """The answers of the page. `complete` asks for the answers that routing needs; an autosave does without."""
        self.process(sent)
        fields = [(question, self.field_of(question)) for question in self.page.questions]
        fields = [(question, read) for question, read in fields if not read.keeps_theirs]
        merged = self.answers.with_values({q.id: read.value for q, read in fields if read.value is not None})
        problems: list[Problem] = []
        changes: list[Change] = []
        foreign = self._foreign(sent)
        for question, read in fields:
            wrong = [*read.problems, *foreign.pop(question.id, ())]
            if read.value is not None:
                wrong += check_value(question, read.value, merged)
            elif complete and question.required and not wrong:
                wrong.append(Problem(question.id, "answer-needed"))
            problems.extend(wrong)
            if not wrong and (read.value is not None or read.remark or read.seen_revision):
                changes.append(Change(question.id, read.value, read.remark, read.seen_revision))
        problems.extend(problem for found in foreign.values() for problem in found)
        return PageInput(self, changes, list(dict.fromkeys(problems)))

    def _foreign(self, sent: MultiDict[str, str]) -> dict[str, list[Problem]]:
        """Controls that the page does not have, by question; names that cannot be meant as a question are let be."""
        found: dict[str, list[Problem]] = {}
        on_page = {question.id: self.field_of(question).parts for question in self.page.questions}
        known = _OF_EVERY_FORM.union(*(_names(question, parts) for question, parts in on_page.items()))
        # Nearly always nothing is left.
        for name in [name for name in sent if name not in known]:
            question, code, part = self._judged(name, on_page)
            if code and len(found) < _FOREIGN_TOLD:
                found.setdefault(question, []).append(Problem(question, code, part))
        return found

    def _judged(self, name: str, on_page: Mapping[str, frozenset[str]]) -> tuple[str, str, str]:
        """Question, code of the problem (empty for none) and part of the name of a control."""
        question, _, part = name[:200].partition(".")
        if question in on_page:
            return question, "" if part in on_page[question] else "unknown-field", part
        bare = question.split("[")[0]
        if bare in on_page:
            return bare, "unknown-field", ""
        if bare in self.questionnaire.questions:
            return bare, "not-on-this-page", ""
        return question, "unknown-question" if _QUESTION_LIKE.fullmatch(bare) else "", ""


@lru_cache(maxsize=2048)
def _names(question: str, parts: frozenset[str]) -> frozenset[str]:
    """The names of a question's controls."""
    return frozenset(f"{question}.{part}" if part else question for part in parts)


def read_page(opened: OpenPage, language: Language, sent: MultiDict[str, str], complete: bool = True) -> PageInput:
    """What the browser sent for a page; whoever saves to come back later is not asked for what is missing."""
    form = PageForm(opened.page, opened.edition.questionnaire, opened.answers_here, language)
    return form.read(sent, complete and sent.get("action") != "leave")


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One of the two numbers that an ambiguous text can mean."""

    value: Literal["whole", "decimal"]
    label: str


@dataclass(frozen=True, slots=True)
class NumberView:
    """What stands in the controls of one number, and what is told about it."""

    amount: str = ""
    unit: str = ""
    reading: str = ""
    readings: tuple[ReadingView, ...] = ()
    conversion: str = ""


ViewValue = str | frozenset[str] | NumberView | Mapping[str, NumberView] | TypedDate


@dataclass(frozen=True, slots=True)
class LastYearView:
    """What last year's check says about a question: the answer, whether the question still means the same, and more.

    `offered`: one press takes the answer over; `same`: this year's answer is the same; `saved`: what was measured.
    """

    when: str = ""
    words: str = ""
    changed: bool = False
    same: bool = False
    offered: bool = False
    saved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question as its template shows it.

    `value` is by kind: the option's id (or the marker's), the set of ids, a NumberView, a mapping of figure id to
    NumberView, the words, or a TypedDate. `errors` is by target: `<id>`, `<id>.<figure>`, `<id>.note`, `<id>.reason`.
    """

    question: Question
    heading: Literal["h1", "h2", ""]
    """Empty for the controls alone, for somebody who proposes another answer."""
    value: ViewValue
    note_label: str
    note_hint: str
    options: tuple[Option, ...] = ()
    units: tuple[Unit, ...] = ()
    fields: tuple[NamedFigure, ...] = ()
    marker: str = ""
    basis: str = ""
    reason: str = ""
    note: str = ""
    revision: int = 0
    conversion: str = ""
    reading: str = ""
    readings: tuple[ReadingView, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    last: LastYearView | None = None


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown in the controls of a question: stored, or just typed."""

    typed: Typed | None
    value: Value | None
    remark: Remark
    marker: str
    revision: int


def views_of_answers(opened: OpenPage, language: Language) -> list[QuestionView]:
    """The questions of a page with the answers that are stored."""
    document = opened.draft.document
    shown = []
    for question in opened.page.questions:
        value = opened.answers_here.get(question.id)
        stored = document.get(question.id)
        shown.append(
            _Shown(
                typed=_stored_text(value),
                value=value,
                remark=remark_of(stored) if stored else NO_REMARK,
                marker=value.value if isinstance(value, Marker) else "",
                revision=stored["r"] if stored else 0,
            )
        )
    return list(_views(opened.page, opened.answers_here, shown, (), language))


def views_of_input(
    opened: OpenPage, language: Language, given: PageInput, errors: Sequence[tuple[str, str]]
) -> list[QuestionView]:
    """The questions of a page exactly as they were sent, with what is wrong with them."""
    read = [given.form.field_of(question) for question in opened.page.questions]
    shown = [
        # Both boxes ticked stay both ticked: the template looks for each marker in the text.
        _Shown(field.typed, field.value, field.remark, " ".join(field.markers), field.seen_revision)
        for field in read
    ]
    answers = {**opened.answers, **{field.name: field.value for field in read if field.value is not None}}
    return list(_views(opened.page, answers, shown, errors, language))


def _views(
    page: Page,
    answers: Mapping[str, Value],
    shown: Sequence[_Shown],
    errors: Sequence[tuple[str, str]],
    language: Language,
) -> Iterator[QuestionView]:
    heading: Literal["h1", "h2"] = "h1" if len(page.questions) == 1 else "h2"
    note_label, note_hint = _note_words(language)
    for question, here in zip(page.questions, shown, strict=True):
        value = _view_value(question, here, language)
        number = value if isinstance(value, NumberView) else NumberView()
        yield QuestionView(
            question=question,
            heading=heading,
            value=value,
            note_label=note_label,
            note_hint=note_hint,
            options=offered(question, answers) if isinstance(question, Choice | MultiChoice) else (),
            units=question.units if isinstance(question, Number) else (),
            fields=question.fields_ if isinstance(question, Numbers) else (),
            marker=here.marker,
            basis=here.remark.basis,
            reason=here.remark.reason,
            note=here.remark.note,
            revision=here.revision,
            conversion=number.conversion,
            reading=number.reading,
            readings=number.readings,
            errors=_errors_of(question, errors) if errors else {},
        )


@lru_cache(maxsize=64)
def _note_words(language: Language) -> tuple[str, str]:
    """The label and the hint of every note."""
    hint = language.gettext(
        "For you and your adviser: where the answer comes from, or what proves it. Up to %(most)s characters."
    ) % {"most": language.number(MOST_IN_NOTE)}
    return language.gettext("Note (optional)"), hint


def _errors_of(question: Question, errors: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {target: text for target, text in errors if target.partition(".")[0] == question.id}


def _stored_text(value: Value | None) -> Typed | None:
    """What stands in the controls of a stored value; None where its kind has its own empty controls."""
    match value:
        case Quantity():
            return TypedNumber(value.typed, value.unit)
        case Quantities():
            return {name: TypedNumber(figure.typed, figure.unit) for name, figure in value.figures}
        case str() | frozenset():
            return value
        case None | Marker():
            return None
        case _:
            return TypedDate(str(value.day), str(value.month), str(value.year))


def _view_value(question: Question, shown: _Shown, language: Language) -> ViewValue:
    typed, value = shown.typed, shown.value
    match question.kind:
        case "choice":
            return typed if isinstance(typed, str) else shown.marker
        case "multi":
            return typed if isinstance(typed, frozenset) else frozenset()
        case "text":
            return typed if isinstance(typed, str) else ""
        case "date":
            return typed if isinstance(typed, TypedDate) else TypedDate()
        case "number":
            amount = value if isinstance(value, Quantity) else None
            number = typed if isinstance(typed, TypedNumber) else TypedNumber()
            return _number_view(question, number, amount, language)
        case "numbers":
            amounts = dict(value.figures) if isinstance(value, Quantities) else {}
            numbers = typed if isinstance(typed, Mapping) else {}
            return {
                figure.id: _number_view(figure, numbers.get(figure.id, _NOTHING), amounts.get(figure.id), language)
                for figure in question.fields_
            }


_NOTHING = TypedNumber()


def _number_view(figure: Figure, typed: TypedNumber, stored: Quantity | None, language: Language) -> NumberView:
    written = unit_named(figure, parted(typed.amount.strip())[1])
    unit = written or figure.unit(typed.unit) or figure.units[0]
    if not typed.amount:
        return NumberView(unit=unit.id)
    readings: tuple[ReadingView, ...] = ()
    reading = typed.reading
    try:
        language.read_number(parted(typed.amount.strip())[0])
    except AmbiguousNumber as ambiguous:
        readings = (
            ReadingView("whole", f"{language.number(ambiguous.whole)} {unit.label}"),
            ReadingView("decimal", f"{language.number(ambiguous.decimal)} {unit.label}"),
        )
        # A number that was settled before stays settled: its amount says how it was meant.
        if stored is not None:
            reading = "whole" if stored.amount == exactly(ambiguous.whole, unit.factor) else "decimal"
    except NumberProblem:
        pass
    return NumberView(typed.amount, unit.id, reading, readings, _conversion(figure, unit, stored, language))


def conversions(question: Question, value: Value | None, language: Language) -> list[str]:
    """What was typed in another unit than the base one, beside what it came to, each with its name."""
    figures: list[tuple[str, Figure, Quantity]] = []
    if isinstance(question, Number) and isinstance(value, Quantity):
        figures = [(question.short, question, value)]
    elif isinstance(question, Numbers) and isinstance(value, Quantities):
        named = [(question.figure(name), quantity) for name, quantity in value.figures]
        figures = [(figure.label, figure, quantity) for figure, quantity in named if figure is not None]
    told = [
        (name, _conversion(figure, figure.unit(quantity.unit) or figure.base, quantity, language))
        for name, figure, quantity in figures
    ]
    return [language.gettext("%(name)s: %(amount)s") % {"name": name, "amount": words} for name, words in told if words]


def _conversion(figure: Figure, unit: Unit, stored: Quantity | None, language: Language) -> str:
    """The amount in the base unit, where it was given in another: 12 MWh = 12,000 kWh."""
    if stored is None or unit.factor == 1:
        return ""
    given: Decimal = stored.amount / unit.factor
    base = figure.base.after(stored.amount)
    return f"{language.number(given)} {unit.after(given)} = {language.converted(stored.amount)} {base}"
