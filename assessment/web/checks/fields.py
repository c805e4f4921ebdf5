"""Fields: how the controls of one question become a value, for each kind of question.

WTForms reads and checks; the HTML comes from `templates/fields/<kind>.html`. The names of the controls are
`<question>` (choice, multi, number, text), `<question>.<figure>` (numbers), `.day .month .year` (date), and beside them
`.unit` and `.reading` of a number, `.marker` ("do not know", "does not apply"; choices have these among their options),
`.basis`, `.note`, `.reason`, `.revision`, and `.keep` from the page that asks which of two answers to keep.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol, assert_never

from werkzeug.datastructures import MultiDict
from wtforms.fields.core import Field, UnboundField

from assessment.core.checks.answers import NO_REMARK, Basis, Marker, Quantities, Quantity, Remark, Value
from assessment.core.checks.questions import Choice, Date, Figure, MultiChoice, Number, Numbers, Question, Text
from assessment.core.errors import Problem
from assessment.i18n import Language, NumberProblem, Reading, exactly
from assessment.web.checks.typed_units import parted, unit_named

MOST_IN_NOTE = 3000
MOST_IN_REASON = 300
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2100

BASES: Final[Mapping[str, Basis]] = {"": "", "bills": "bills", "estimate": "estimate"}
READINGS: Final[Mapping[str, Reading]] = {"whole": "whole", "decimal": "decimal"}
MARKERS: Final[Mapping[str, Marker]] = {marker.value: marker for marker in Marker}

# Also lone surrogates, which no database can store.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_DIGITS = re.compile(r"[0-9]{1,9}")
_CHOSEN = re.compile(r"[a-z][a-z0-9-]*|[A-Z]{1,2}[A-Z0-9]{0,3}")
"""Ids of ours, codes of places and of trades: chosen, not typed."""
_NEVER_TYPED = frozenset({
    "csrf_token", "idempotency_key", "form_key", "token", "revision", "unit", "reading", "basis", "marker", "keep",
})  # fmt: skip
_NOTHING_SENT: Final = MultiDict[str, str]()
_COMMON_PARTS = frozenset({"basis", "note", "reason", "revision", "keep"})


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number exactly as it stands in its controls."""

    amount: str = ""
    unit: str = ""
    reading: str = ""


@dataclass(frozen=True, slots=True)
class TypedDate:
    """A day exactly as it stands in its three controls."""

    day: str = ""
    month: str = ""
    year: str = ""


Typed = str | frozenset[str] | TypedNumber | Mapping[str, TypedNumber] | TypedDate
"""What stands in the controls of a question, by kind."""


class FormData(Protocol):
    """The part of Werkzeug's form data that is used."""

    def getlist(self, key: str, /) -> list[str]:
        """Every value sent under the name."""


def typed_texts(sent: "MultiDict[str, str]") -> list[str]:
    """What somebody typed by hand into a form that cannot be taken, so that it can be given back."""
    texts = [cleaned(value) for name, value in sent.items(multi=True) if name.rpartition(".")[2] not in _NEVER_TYPED]
    return [text for text in texts if text and not _CHOSEN.fullmatch(text)]


class QuestionField(Field):
    """The controls of one question, read once: the value, the remark, the problems, and what was typed."""

    parts: frozenset[str] = frozenset({"", "marker"})
    """What may follow the question's id in the name of a control."""

    def __init__(self, question: Question, language: Language, **bound: Any) -> None:
        super().__init__(question.short, **bound)
        self.language = language
        self.problems: list[Problem] = []
        self.value: Value | None = None
        self.typed: Typed = ""
        self.markers: tuple[str, ...] = ()
        self.remark = NO_REMARK
        self.seen_revision = 0
        self.keeps_theirs = False
        self._sent: FormData = _NOTHING_SENT

    def process(self, formdata: FormData | None, data: Any = None, extra_filters: Sequence[Any] | None = None) -> None:
        """Read the controls. Stored data never enters: handed in as well, it would bring a cleared answer back."""
        del data, extra_filters
        self.process_errors = []
        if formdata is None:
            return
        self._sent = formdata
        value = self.read_value()
        self.value = self.data = self._with_marker(value)
        self.remark = self._remark()
        self._read_revision()
        self._read_choice()

    def read_value(self) -> Value | None:
        """The value of this kind; keeps what was typed, and notes what is wrong with it."""
        raise NotImplementedError

    def problem(self, code: str, part: str = "", **values: str) -> None:
        """Note what is wrong with one control."""
        self.problems.append(Problem(self.name, code, part, tuple(values.items())))

    def all_of(self, part: str) -> list[str]:
        """Every text sent for a control."""
        return self._sent.getlist(f"{self.name}.{part}" if part else self.name)

    def one_of(self, part: str) -> str:
        """The text of a control that says one thing; empty where it was not sent."""
        sent = self.all_of(part)
        if len(sent) > 1:
            self.problem("said-twice", part)
        return sent[0] if sent else ""

    def words_of(self, part: str, most: int) -> str:
        """Free words without what no printer can show."""
        words = cleaned(self.one_of(part))
        if len(words) > most:
            self.problem("too-long", part, longest=str(most))
        return words

    def _with_marker(self, value: Value | None) -> Value | None:
        if "marker" not in self.parts:
            return value
        self.markers = tuple(dict.fromkeys(sent for sent in self.all_of("marker") if sent))
        if any(sent not in MARKERS for sent in self.markers):
            self.problem("unknown-option")
        elif len(self.markers) > 1:
            self.problem("both-markers")
        elif self.markers and self.is_filled:
            self.problem("both")
        elif self.markers:
            return MARKERS[self.markers[0]]
        return value

    @property
    def is_filled(self) -> bool:
        """Whether something stands in the controls of the value itself, even something wrong."""
        return bool(self.typed)

    def _remark(self) -> Remark:
        basis = self.one_of("basis")
        if basis not in BASES:
            self.problem("unknown-option", "basis")
        note, reason = self.words_of("note", MOST_IN_NOTE), self.words_of("reason", MOST_IN_REASON)
        return Remark(BASES.get(basis, ""), note, reason) if basis or note or reason else NO_REMARK

    def _read_choice(self) -> None:
        """Which of two answers is kept; "mine" says which of theirs it may take the place of."""
        kept, _, seen = "".join(self.all_of("keep")[-1:]).partition(":")
        self.keeps_theirs = kept == "theirs"
        if kept == "mine" and _DIGITS.fullmatch(seen):
            self.seen_revision = int(seen)

    def _read_revision(self) -> None:
        revision = self.one_of("revision") or "0"
        if _DIGITS.fullmatch(revision):
            self.seen_revision = int(revision)
        else:
            self.problem("bad-revision", "revision")


class ChoiceField(QuestionField):
    """One of several options; the two markers stand among them."""

    parts = _COMMON_PARTS | {""}

    def read_value(self) -> Value | None:
        """The option ticked."""
        self.typed = option = self.one_of("")
        self.markers = (option,) if option in MARKERS else ()
        return MARKERS.get(option, option) or None


class MultiChoiceField(QuestionField):
    """Any number of options."""

    parts = _COMMON_PARTS | {"", "marker"}

    def read_value(self) -> Value | None:
        """The options ticked."""
        self.typed = options = frozenset(sent for sent in self.all_of("") if sent)
        return options or None


class NumberField(QuestionField):
    """One number with its unit."""

    parts = _COMMON_PARTS | {"", "unit", "reading", "marker"}

    def __init__(self, question: Number, language: Language, **bound: Any) -> None:
        super().__init__(question, language, **bound)
        self.question = question

    @property
    def is_filled(self) -> bool:
        """Whether an amount was typed; a unit alone says nothing."""
        return isinstance(self.typed, TypedNumber) and bool(self.typed.amount.strip())

    def read_value(self) -> Value | None:
        """The number in the base unit."""
        self.typed = typed_number(self, "")
        return quantity(self, "", self.question, self.typed)


class NumbersField(QuestionField):
    """Several named numbers."""

    def __init__(self, question: Numbers, language: Language, **bound: Any) -> None:
        super().__init__(question, language, **bound)
        self.question = question
        names = [figure.id for figure in question.fields_]
        ends = {f"{name}{end}" for name in names for end in ("", ".unit", ".reading")}
        self.parts = _COMMON_PARTS | {"marker"} | ends

    @property
    def is_filled(self) -> bool:
        """Whether any of the amounts was typed."""
        return isinstance(self.typed, dict) and any(number.amount.strip() for number in self.typed.values())

    def read_value(self) -> Value | None:
        """The numbers that were filled in."""
        self.typed = typed = {figure.id: typed_number(self, figure.id) for figure in self.question.fields_}
        read = [(figure.id, quantity(self, figure.id, figure, typed[figure.id])) for figure in self.question.fields_]
        given = tuple((name, number) for name, number in read if number is not None)
        return Quantities(given) if given else None


class TextField(QuestionField):
    """Free words."""

    parts = _COMMON_PARTS | {"", "marker"}

    def read_value(self) -> Value | None:
        """The words; how many there may be is for the questionnaire to check."""
        self.typed = words = cleaned(self.one_of(""))
        return words or None


class DateField(QuestionField):
    """A day in three parts."""

    parts = _COMMON_PARTS | {"day", "month", "year", "marker"}

    @property
    def is_filled(self) -> bool:
        """Whether any part was typed."""
        typed = self.typed
        return isinstance(typed, TypedDate) and bool(typed.day or typed.month or typed.year)

    def read_value(self) -> Value | None:
        """The day, if the three parts make one."""
        day, month, year = (shown(self.one_of(part)).strip() for part in ("day", "month", "year"))
        self.typed = TypedDate(day, month, year)
        missing = [part for part, typed in (("day", day), ("month", month), ("year", year)) if not typed]
        if len(missing) == 3:
            return None
        if missing:
            self.problem("date-incomplete", missing[0])
            return None
        found = day_of(year, month, day)
        if found is None:
            self.problem("not-a-date")
        return found


def field_of(question: Question, language: Language) -> "UnboundField[Any]":
    """The field that reads a question of this kind."""
    match question:
        case Choice():
            return UnboundField(ChoiceField, question, language)
        case MultiChoice():
            return UnboundField(MultiChoiceField, question, language)
        case Number():
            return UnboundField(NumberField, question, language)
        case Numbers():
            return UnboundField(NumbersField, question, language)
        case Text():
            return UnboundField(TextField, question, language)
        case Date():
            return UnboundField(DateField, question, language)
        case _:
            assert_never(question)


def cleaned(words: str) -> str:
    """Words with plain line ends and without control characters."""
    if not words:
        return words
    return _UNPRINTABLE.sub("", words.replace("\r\n", "\n").replace("\r", "\n")).strip()


def typed_day(day: str, month: str, year: str) -> date | None:
    """A day by its parts; None where nothing was typed. Raises ValueError where it is no date."""
    parts = (year, month, day)
    if not any(parts):
        return None
    # Python reads more as a number than people mean by one, such as 1_0.
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(parts)
    return date(int(year), int(month), int(day))


def shown(words: str) -> str:
    """Words as they can be put into a page again: what no page may hold is shown as a sign of its own."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", words)


def typed_number(field: QuestionField, name: str) -> TypedNumber:
    """What stands in the controls of one figure; `name` is empty for the only one."""
    start = f"{name}." if name else ""
    return TypedNumber(shown(field.one_of(name)), field.one_of(f"{start}unit"), field.one_of(f"{start}reading"))


def quantity(field: QuestionField, name: str, figure: Figure, typed: TypedNumber) -> Quantity | None:
    """The amount in the base unit, or None with a problem noted where it is not one."""
    text, written = parted(typed.amount.strip())
    if not text:
        return None
    only = figure.units[0].id if len(figure.units) == 1 else ""
    unit = figure.unit(typed.unit or only)
    if written:
        # The first unit stands chosen on its own: what somebody wrote out says more than that.
        named, chosen = unit_named(figure, written), unit if typed.unit != figure.units[0].id else None
        if named is None:
            offered = ", ".join(each.label for each in figure.units)
            field.problem("other-unit", name, number=text, typed=written, units=offered)
            return None
        if typed.unit and chosen is not None and chosen is not named:
            field.problem("two-units", name, number=text, typed=written, unit=chosen.label)
            return None
        unit = named
    if unit is None:
        field.problem("unknown-unit" if typed.unit else "unit-needed", name)
        return None
    try:
        amount = field.language.read_number(text, READINGS.get(typed.reading, ""))
    except NumberProblem as problem:
        field.problem(problem.code, name, **problem.values, unit=unit.label)
        return None
    return Quantity(exactly(amount, unit.factor), unit.id, text)


def day_of(year: str, month: str, day: str) -> date | None:
    """The day of three typed parts; None where they make none that we take."""
    if not all(_DIGITS.fullmatch(part) for part in (year, month, day)):
        return None
    if not _EARLIEST_YEAR <= int(year) <= _LATEST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
