"""Last year's answers on this year's question pages: told beside each question, and taken over by one press.

Nothing of them counts before that press. It sends the whole page, so what was typed into the other questions is saved
with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from assessment.core.checks.answers import Marker, Quantities, Quantity, Remark, Value
from assessment.core.checks.comparison import changed_meaning
from assessment.core.checks.questionnaire import check_value
from assessment.core.checks.questions import Choice, Figure, Number, Numbers, Question
from assessment.i18n import AmbiguousNumber, Language, NumberProblem, exactly
from assessment.services.checks import years
from assessment.services.checks.answering import OpenPage
from assessment.services.checks.years import LastYear, MeasuredSaving
from assessment.services.instance import Instance
from assessment.web.checks.forms import LastYearView, QuestionView
from assessment.web.checks.shown import in_words
from assessment.web.plans.follow_up_words import measured_action


@dataclass(frozen=True)
class Earlier:
    """Last year's answers to the questions of a page, and what was measured of their use since."""

    last: LastYear
    measured: Mapping[str, Sequence[MeasuredSaving]]

    def view(self, opened: OpenPage, question: Question, language: Language) -> LastYearView | None:
        """What is told beside a question; None where there is nothing to tell."""
        earlier = self.last.edition.questionnaire.questions.get(question.id)
        value = self.last.answers.get(question.id)
        saved = tuple(measured_action(saving, language) for saving in self.measured.get(question.id, ()))
        if earlier is None or value is None:
            return LastYearView(saved=saved) if saved else None
        changed = changed_meaning(question, earlier)
        current = opened.answers.get(question.id)
        return LastYearView(
            language.date(self.last.taken_at), language.list_of(in_words(earlier, value, language)), changed,
            same=not changed and current == value,
            offered=not changed and current != value and not check_value(question, value, opened.answers), saved=saved,
        )  # fmt: skip


def earlier_of(instance: Instance, opened: OpenPage, language: Language) -> Earlier | None:
    """What last year's check says about the questions of a page; None where there was none."""
    last = years.last_year(instance, opened, language.code)
    if last is None:
        return None
    asked = {question.id for question in opened.page.questions}
    lines = instance.library.catalogue(language.code).factors.lines
    uses: dict[str, set[str]] = {}
    for quantity in opened.edition.questionnaire.quantities:
        line = lines.get(quantity.line)
        if quantity.question in asked and line is not None and line.resource is not None:
            uses.setdefault(quantity.question, set()).add(line.resource)
    found = years.measured_last_year(instance, opened, language.code) if uses else []
    measured = {question: [saving for saving in found if saving.found.use in use] for question, use in uses.items()}
    return Earlier(last, measured)


def with_last_year(
    earlier: Earlier | None, opened: OpenPage, views: Sequence[QuestionView], language: Language
) -> Sequence[QuestionView]:
    """The questions of a page with what last year's check says about them."""
    if earlier is None:
        return views
    return [replace(view, last=earlier.view(opened, view.question, language)) for view in views]


def with_same_answer(
    sent: MultiDict[str, str], earlier: Earlier | None, opened: OpenPage, language: Language
) -> MultiDict[str, str]:
    """The form as if last year's answer to the question whose button was pressed had been typed in."""
    name = sent.get("same", "")
    question = next((found for found in opened.page.questions if found.id == name), None)
    view = earlier.view(opened, question, language) if earlier is not None and question is not None else None
    if earlier is None or question is None or view is None or not view.offered:
        return sent
    value, remark = earlier.last.answers[name], earlier.last.remarks.get(name, Remark())
    # What was seen and chosen stays; what else stands in the controls of this question is replaced.
    stays = {f"{name}.revision", f"{name}.keep"}
    own = [key for key in sent if key == name or (key.startswith(f"{name}.") and key not in stays)]
    filled = sent.copy()
    for key in own:
        filled.poplist(key)
    for key, typed in (*_controls(question, value, language), *_remark(name, remark, sent)):
        filled.add(key, typed)
    return filled


def _remark(name: str, remark: Remark, sent: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    """What stood beside the answer; a note typed this year is the newer one."""
    yield f"{name}.basis", remark.basis
    yield f"{name}.note", sent.get(f"{name}.note", "").strip() or remark.note
    yield f"{name}.reason", remark.reason


def _controls(question: Question, value: Value, language: Language) -> Iterator[tuple[str, str]]:
    """A value as it is typed into the controls of its question."""
    name = question.id
    match value:
        case Marker():
            yield (name if isinstance(question, Choice) else f"{name}.marker"), value.value
        case str():
            yield name, value
        case frozenset():
            yield from ((name, option) for option in sorted(value))
        case Quantity() if isinstance(question, Number):
            yield from _number(name, question, value, language)
        case Quantities() if isinstance(question, Numbers):
            for field, number in value.figures:
                figure = question.figure(field)
                if figure is not None:
                    yield from _number(f"{name}.{field}", figure, number, language)
        case Quantity() | Quantities():
            return
        case _:
            yield from ((f"{name}.{part}", str(getattr(value, part))) for part in ("day", "month", "year"))


def _number(name: str, figure: Figure, number: Quantity, language: Language) -> Iterator[tuple[str, str]]:
    yield name, number.typed
    yield f"{name}.unit", number.unit
    unit = figure.unit(number.unit)
    try:
        language.read_number(number.typed)
    except AmbiguousNumber as ambiguous:
        # It was settled last year: its amount says how it was meant.
        whole = unit is not None and exactly(ambiguous.whole, unit.factor) == number.amount
        yield f"{name}.reading", "whole" if whole else "decimal"
    except NumberProblem:
        return
