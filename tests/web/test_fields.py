"""Fields: what the controls of one question come to, kind by kind, and every bad input of the reliability page."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter
from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from assessment.core.checks.answers import Marker, Quantities, Quantity, Remark
from assessment.core.checks.questions import Question
from assessment.i18n import Language
from assessment.web.checks.fields import QuestionField, TypedNumber, cleaned, field_of

ENGLISH = Language("en")
COMMON = {
    "theme": "energy", "label": "How much?", "short": "Power", "hint": "Look at the bill.",
    "help": {"why": "Because.", "where": "There.", "example": "Some."},
}  # fmt: skip
OPTIONS = [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}]
UNITS = [{"id": "kwh", "label": "kWh", "factor": "1"}, {"id": "mwh", "label": "MWh", "factor": "1000"}]
KINDS: dict[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS},
    "multi": {"options": OPTIONS},
    "number": {"units": UNITS},
    "numbers": {
        "fields": [{"id": "gas", "label": "Gas", "units": UNITS}, {"id": "oil", "label": "Oil", "units": UNITS[:1]}]
    },
    "text": {},
    "date": {},
}  # fmt: skip
NUMBER_CONTROLS = {"number": "q-1", "numbers": "q-1.gas"}


def read(kind: str, *sent: tuple[str, str]) -> QuestionField:
    """The field of a question `q-1` of the kind, with what was sent."""
    question: Question = TypeAdapter(Question).validate_python({"id": "q-1", "kind": kind, **COMMON, **KINDS[kind]})
    form = BaseForm({"q-1": field_of(question, ENGLISH)})
    form.process(MultiDict(list(sent)))
    field = form["q-1"]
    assert isinstance(field, QuestionField)
    return field


def codes(field: QuestionField) -> list[str]:
    return [problem.code for problem in field.problems]


@pytest.mark.parametrize("kind", KINDS)
def test_controls_left_empty_are_no_answer_and_no_problem(kind: str) -> None:
    empty = [("q-1", ""), ("q-1.day", " "), ("q-1.gas", "  "), ("q-1.gas.unit", "kwh"), ("q-1.unit", "mwh"),
             ("q-1.note", " "), ("q-1.basis", "")]  # fmt: skip
    for sent in ([], empty):
        field = read(kind, *sent)
        assert (field.value, field.problems, field.remark) == (None, [], Remark())


@pytest.mark.parametrize(
    ("kind", "sent", "value"),
    [
        ("choice", [("q-1", "yes")], "yes"),
        ("choice", [("q-1", "do-not-know")], Marker.DO_NOT_KNOW),
        ("choice", [("q-1", "not-applicable")], Marker.NOT_APPLICABLE),
        ("multi", [("q-1", "yes"), ("q-1", "no")], frozenset({"yes", "no"})),
        ("multi", [("q-1", "yes"), ("q-1", "yes")], frozenset({"yes"})),
        ("multi", [("q-1.marker", "do-not-know")], Marker.DO_NOT_KNOW),
        ("number", [("q-1", " 1.5 "), ("q-1.unit", "mwh")], Quantity(Decimal(1500), "mwh", "1.5")),
        ("number", [("q-1", "0"), ("q-1.unit", "kwh")], Quantity(Decimal(0), "kwh", "0")),
        ("number", [("q-1.marker", "not-applicable")], Marker.NOT_APPLICABLE),
        ("numbers", [("q-1.oil", "7")], Quantities((("oil", Quantity(Decimal(7), "kwh", "7")),))),
        ("numbers", [("q-1.marker", "do-not-know")], Marker.DO_NOT_KNOW),
        ("text", [("q-1", " two\r\nlines\x00 ")], "two\nlines"),
        ("date", [("q-1.day", "1"), ("q-1.month", "02"), ("q-1.year", "2026")], date(2026, 2, 1)),
    ],
)
def test_a_good_answer_becomes_its_value(kind: str, sent: list[tuple[str, str]], value: object) -> None:
    field = read(kind, *sent)
    assert (field.value, field.problems) == (value, [])


@pytest.mark.parametrize("kind", ["number", "numbers"])
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("NaN", "not-a-number"), ("Infinity", "not-a-number"), ("1e400", "not-a-number"),
        ("1E+999999999", "not-a-number"), ("１２", "other-digits"), ("٣", "other-digits"), ("1_000", "not-a-number"),
        ("0x1f", "not-a-number"), ("1" * 1_000_000, "too-many-digits"), ("twelve", "not-a-number"),
        ("1.234", "ambiguous"), ("1,234", "ambiguous"),
    ],
    ids=lambda text: text[:14],
)  # fmt: skip
def test_a_bad_number_is_a_problem_of_its_own_control(kind: str, typed: str, code: str) -> None:
    control = NUMBER_CONTROLS[kind]
    field = read(kind, (control, typed), (f"{control}.unit", "kwh"))
    assert codes(field) == [code]
    assert field.value is None
    assert field.problems[0].field == control.removeprefix("q-1").strip(".")


@pytest.mark.parametrize(
    ("typed", "amount"), [("-0", "0"), ("1.234,56", "1234.56"), ("1 234", "1234"), ("1\u202f234,5", "1234.5")]
)
def test_foreign_marks_and_spaces_are_read(typed: str, amount: str) -> None:
    assert read("number", ("q-1", typed), ("q-1.unit", "kwh")).value == Quantity(Decimal(amount), "kwh", typed)


@pytest.mark.parametrize(("reading", "amount"), [("whole", "1234"), ("decimal", "1.234")])
def test_an_ambiguous_number_is_settled_by_its_reading(reading: str, amount: str) -> None:
    sent = [("q-1", "1.234"), ("q-1.unit", "mwh"), ("q-1.reading", reading)]
    assert read("number", *sent).value == Quantity(Decimal(amount) * 1000, "mwh", "1.234")


def test_a_made_up_reading_settles_nothing() -> None:
    assert codes(read("number", ("q-1", "1.234"), ("q-1.unit", "kwh"), ("q-1.reading", "both"))) == ["ambiguous"]


def test_the_problem_of_an_ambiguous_number_holds_both_readings_and_the_unit() -> None:
    problem = read("number", ("q-1", "1.234"), ("q-1.unit", "mwh")).problems[0]
    assert dict(problem.values) == {"typed": "1.234", "whole": "1234", "decimal": "1.234", "unit": "MWh"}


@pytest.mark.parametrize(
    ("kind", "sent", "code"),
    [
        ("choice", [("q-1", "yes"), ("q-1", "no")], "said-twice"),
        ("choice", [("q-1", "yes"), ("q-1", "yes")], "said-twice"),
        ("text", [("q-1", "a"), ("q-1", "b")], "said-twice"),
        ("number", [("q-1", "1"), ("q-1", "2"), ("q-1.unit", "kwh")], "said-twice"),
        ("number", [("q-1", "1"), ("q-1.unit", "kwh"), ("q-1.unit", "mwh")], "said-twice"),
        ("numbers", [("q-1.oil", "1"), ("q-1.oil", "2")], "said-twice"),
        ("date", [("q-1.day", "1"), ("q-1.day", "2"), ("q-1.month", "2"), ("q-1.year", "2026")], "said-twice"),
        ("text", [("q-1.note", "a"), ("q-1.note", "b")], "said-twice"),
        ("number", [("q-1", "1"), ("q-1.unit", "kwh"), ("q-1.marker", "do-not-know")], "both"),
        ("numbers", [("q-1.oil", "1"), ("q-1.marker", "not-applicable")], "both"),
        ("multi", [("q-1", "yes"), ("q-1.marker", "do-not-know")], "both"),
        ("text", [("q-1", "words"), ("q-1.marker", "do-not-know")], "both"),
        ("date", [("q-1.day", "1"), ("q-1.marker", "do-not-know")], "date-incomplete"),
        ("multi", [("q-1.marker", "do-not-know"), ("q-1.marker", "not-applicable")], "both-markers"),
        ("text", [("q-1.marker", "perhaps")], "unknown-option"),
        ("number", [("q-1", "1"), ("q-1.unit", "gj")], "unknown-unit"),
        ("number", [("q-1", "1")], "unit-needed"),
        ("numbers", [("q-1.gas", "1"), ("q-1.gas.unit", "")], "unit-needed"),
        ("number", [("q-1.basis", "rumour")], "unknown-option"),
        ("text", [("q-1.note", "x" * 3001)], "too-long"),
        ("choice", [("q-1.reason", "x" * 301)], "too-long"),
        ("text", [("q-1.revision", "-1")], "bad-revision"),
        ("text", [("q-1.revision", "٣")], "bad-revision"),
        ("text", [("q-1.revision", "9" * 5000)], "bad-revision"),
        ("date", [("q-1.day", "30"), ("q-1.month", "2"), ("q-1.year", "2026")], "not-a-date"),
        ("date", [("q-1.day", "1"), ("q-1.month", "2"), ("q-1.year", "26")], "not-a-date"),
        ("date", [("q-1.day", "٣"), ("q-1.month", "2"), ("q-1.year", "2026")], "not-a-date"),
        ("date", [("q-1.day", "1e0"), ("q-1.month", "2"), ("q-1.year", "2026")], "not-a-date"),
        ("date", [("q-1.day", "1" * 100_000), ("q-1.month", "2"), ("q-1.year", "2026")], "not-a-date"),
        ("date", [("q-1.month", "2"), ("q-1.year", "2026")], "date-incomplete"),
    ],
)
def test_what_cannot_be_meant_is_a_problem(kind: str, sent: list[tuple[str, str]], code: str) -> None:
    assert code in codes(read(kind, *sent))


def test_a_note_of_three_thousand_characters_is_kept_whatever_its_line_ends() -> None:
    assert read("text", ("q-1.note", "x\r\n" * 1499 + "xx")).problems == []
    assert read("text", ("q-1.note", "x" * 3000)).remark.note == "x" * 3000


def test_everything_typed_is_kept_beside_the_problem() -> None:
    field = read("number", ("q-1", "twelve"), ("q-1.unit", "mwh"), ("q-1.note", "guess"), ("q-1.basis", "estimate"))
    assert field.typed == TypedNumber("twelve", "mwh", "")
    assert field.remark == Remark("estimate", "guess", "")


def test_words_lose_only_what_no_database_or_printer_takes() -> None:
    assert cleaned(" Zażółć\tgęślą\r\njaźń \x00\x1b\ud800") == "Zażółć\tgęślą\njaźń"


def test_an_answer_kept_from_another_window_is_left_alone() -> None:
    assert read("choice", ("q-1", "yes"), ("q-1.keep", "theirs")).keeps_theirs
    assert not read("choice", ("q-1", "yes"), ("q-1.keep", "theirs"), ("q-1.keep", "mine:7")).keeps_theirs


def test_an_answer_takes_the_place_of_the_one_that_it_was_chosen_over() -> None:
    seen = {keep: read("choice", ("q-1", "yes"), ("q-1.revision", "2"), ("q-1.keep", keep)).seen_revision
            for keep in ("mine:7", "mine", "mine:x", "")}  # fmt: skip
    assert seen == {"mine:7": 7, "mine": 2, "mine:x": 2, "": 2}


def test_stored_data_never_brings_a_cleared_answer_back() -> None:
    question: Question = TypeAdapter(Question).validate_python(
        {"id": "q-1", "kind": "multi", **COMMON, **KINDS["multi"]}
    )
    form = BaseForm({"q-1": field_of(question, ENGLISH)})
    form.process(MultiDict(), data={"q-1": frozenset({"yes"})})
    assert form["q-1"].data is None
