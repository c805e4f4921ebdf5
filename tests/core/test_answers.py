"""Answers as values: how they are written down and read back, and what the check takes and refuses."""

import json
from datetime import date
from decimal import Decimal

import pytest

from assessment.core.checks.answers import Answers, Json, Quantities, Quantity, Value, dumps, from_json, loads, to_json
from assessment.core.checks.questionnaire import Questionnaire, unlikely
from assessment.core.checks.questions import Question
from tests.builders import (
    DO_NOT_KNOW,
    NOT_APPLICABLE,
    amount,
    amounts,
    figures,
    heads,
    ladder,
    number,
    pick,
    question,
    questionnaire,
    section,
    ticks,
)

EVERY_KIND: dict[str, Value] = {
    "choice": "own",
    "text": "Хлебарница “Ζύμη” · naïve",
    "ticks": frozenset({"heat", "cool"}),
    "number": Quantity(Decimal("1200.50"), "mwh", "1.2005"),
    "tiny": Quantity(Decimal("1E-7"), "kwh", "0.0000001"),
    "figures": Quantities((("oil", amount("3")), ("gas", amount("12.5", "mwh", 1000)))),
    "day": date(2026, 2, 28),
    "unsure": DO_NOT_KNOW,
    "not-ours": NOT_APPLICABLE,
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_value_of_each_kind_comes_back_from_json_as_it_was(kind: str) -> None:
    value = EVERY_KIND[kind]
    back = from_json(json.loads(json.dumps(to_json(value))))
    assert back == value
    assert type(back) is type(value)


def test_all_answers_come_back_together_and_the_order_they_were_given_in_leaves_no_trace() -> None:
    answers = Answers(EVERY_KIND)
    assert loads(dumps(answers)) == answers
    assert dumps(Answers(dict(reversed(EVERY_KIND.items())))) == dumps(answers)


def test_ticks_are_written_in_the_order_of_the_alphabet() -> None:
    assert to_json(frozenset({"motors", "heat", "cool", "air"})) == ["air", "cool", "heat", "motors"]


def test_a_number_keeps_its_digits_its_unit_and_what_was_typed() -> None:
    back = from_json(to_json(EVERY_KIND["number"]))
    assert isinstance(back, Quantity)
    assert (str(back.amount), back.unit, back.typed) == ("1200.50", "mwh", "1.2005")


def test_figures_keep_the_order_of_their_fields() -> None:
    back = from_json(to_json(EVERY_KIND["figures"]))
    assert isinstance(back, Quantities)
    assert [name for name, _ in back.figures] == ["oil", "gas"]
    assert back["gas"].amount == 12500
    assert "gas" in back
    assert "wood" not in back


def test_words_that_look_like_a_marker_stay_words() -> None:
    assert from_json(to_json("do-not-know")) == "do-not-know"
    assert loads(dumps({"q": "not-applicable"}))["q"] == "not-applicable"


NOT_OURS: dict[str, Json] = {
    "unknown marker": {"marker": "perhaps"},
    "unknown shape": {"value": "1"},
    "no date": {"date": "2026-02-30"},
    "no number": {"amount": "many", "unit": "kwh", "typed": "many"},
    "figure that is none": {"figures": {"gas": "3"}},
    "ticks that are no options": [["heat"], ["cool"]],  # type: ignore[list-item]
    "ticks that are numbers": [1, 2],  # type: ignore[list-item]
}


@pytest.mark.parametrize("shape", NOT_OURS)
def test_a_stored_shape_that_is_not_ours_is_refused_with_a_value_error(shape: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the promise is the type alone
        from_json(NOT_OURS[shape])


def test_answers_are_copied_when_they_change_and_none_takes_one_back() -> None:
    before = Answers({"a": "l1", "b": "l2"})
    after = before.with_values({"a": None, "b": "l3", "c": DO_NOT_KNOW, "never-given": None})
    assert dict(before) == {"a": "l1", "b": "l2"}
    assert dict(after) == {"b": "l3", "c": DO_NOT_KNOW}


def test_answers_do_not_follow_the_mapping_they_were_made_from() -> None:
    given: dict[str, Value] = {"a": "l1"}
    answers = Answers(given)
    given["a"] = "l4"
    assert answers["a"] == "l1"
    assert (len(answers), list(answers), answers.get("b")) == (1, ["a"], None)


# The check


def asked(*questions: Question) -> Questionnaire:
    return questionnaire(section("energy", *questions))


def problems(question_asked: Question, value: Value) -> list[str]:
    return [found.code for found in asked(question_asked).check({question_asked.id: value}, {})]


def test_a_question_that_is_not_in_the_questionnaire_is_refused() -> None:
    assert [found.code for found in asked(ladder("a")).check({"b": "l1"}, {})] == ["unknown-question"]


def test_every_problem_is_found_at_once() -> None:
    found = asked(ladder("a"), number("b")).check({"a": "l9", "b": "much", "c": "l1"}, {})
    assert [(problem.question, problem.code) for problem in found] == [
        ("a", "unknown-option"), ("b", "wrong-kind"), ("c", "unknown-question"),
    ]  # fmt: skip


@pytest.mark.parametrize("marker", [DO_NOT_KNOW, NOT_APPLICABLE])
def test_markers_are_taken_where_the_question_allows_them(marker: Value) -> None:
    assert problems(ladder("a"), marker) == []
    assert problems(ladder("a", do_not_know=False, not_applicable=False), marker) == ["answer-needed"]


def test_each_marker_is_switched_off_on_its_own() -> None:
    assert problems(ladder("a", do_not_know=False), NOT_APPLICABLE) == []
    assert problems(ladder("a", not_applicable=False), DO_NOT_KNOW) == []


@pytest.mark.parametrize(
    ("question_asked", "value"),
    [
        (ladder("q"), frozenset({"l1"})),
        (ticks("q", {"a": 1, "b": 2}), "a"),
        (ticks("q", {"a": 1, "b": 2}), frozenset()),
        (number("q"), "12"),
        (figures("q", "gas", "oil"), amount("1")),
        (figures("q", "gas", "oil"), Quantities(())),
        (question("text", "q"), frozenset({"a"})),
        (question("date", "q"), "2026-01-01"),
    ],
)
def test_a_value_of_another_kind_is_refused(question_asked: Question, value: Value) -> None:
    assert problems(question_asked, value) == ["wrong-kind"]


@pytest.mark.parametrize(
    ("question_asked", "value"),
    [
        (ladder("q"), "l4"),
        (pick("q"), "no"),
        (ticks("q", {"a": 1, "b": 2}), frozenset({"a", "b"})),
        (number("q"), amount("2", "mwh", 1000)),
        (figures("q", "gas", "oil"), amounts(oil=amount("1"))),
        (question("text", "q", longest=3), "abc"),
        (question("date", "q"), date(2026, 1, 1)),
    ],
)
def test_a_good_value_of_each_kind_is_taken(question_asked: Question, value: Value) -> None:
    assert problems(question_asked, value) == []


def test_none_of_these_cannot_stand_beside_another_tick_and_there_may_be_a_most() -> None:
    options = [
        {"id": "a", "label": "A"}, {"id": "b", "label": "B"}, {"id": "c", "label": "C"},
        {"id": "none", "label": "None", "exclusive": True},
    ]  # fmt: skip
    several = question("multi", "q", options=options, max_choices=2)
    assert problems(several, frozenset({"none"})) == []
    assert problems(several, frozenset({"none", "a"})) == ["none-and-some"]
    assert problems(several, frozenset({"a", "b", "c"})) == ["too-many"]
    assert problems(several, frozenset({"a", "z"})) == ["unknown-option"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (amount("10", "litres"), "unknown-unit"),
        (amount("0.5"), "not-whole"),
        (amount("0"), "too-small"),
        (amount("101"), "too-large"),
        (Quantity(Decimal("NaN"), "kwh", "NaN"), "not-a-number"),
        (Quantity(Decimal("Infinity"), "kwh", "Infinity"), "not-a-number"),
    ],
)
def test_a_number_outside_its_limits_is_refused(value: Value, code: str) -> None:
    assert problems(number("q", minimum="1", maximum="100", whole=True), value) == [code]


def test_a_limit_names_the_amount_and_a_figure_its_field() -> None:
    fields = [{"id": name, "label": name, "units": [{"id": "kwh", "label": "kWh", "factor": "1"}], "maximum": "9"}
              for name in ("gas", "oil")]  # fmt: skip
    several = question("numbers", "q", fields=fields)
    (found,) = asked(several).check({"q": amounts(gas=amount("1"), oil=amount("10"))}, {})
    assert (found.code, found.field) == ("too-large", "oil")
    assert dict(found.values) == {"amount": "10", "most": "9", "unit": "kWh"}
    (stray,) = asked(several).check({"q": amounts(wood=amount("1"))}, {})
    assert (stray.code, stray.field) == ("unknown-field", "wood")


@pytest.mark.parametrize(
    ("typed", "factor", "told"),
    [
        ("-5", "10.0333333333333", {"amount": "-5", "unit": "litres", "least": "0"}),
        ("2000000", "1000", {"amount": "2000000", "unit": "litres", "most": "1000000"}),
        # 10^9 / 10.03... is 99,667,774.08...: a limit nobody could remember is told rounded down.
        ("100000000", "10.0333333333333", {"amount": "100000000", "unit": "litres", "most": "99000000"}),
    ],
)
def test_a_number_outside_its_limits_is_told_in_the_unit_it_was_typed_in(
    typed: str, factor: str, told: dict[str, str]
) -> None:
    units = [{"id": "kwh", "label": "kWh", "factor": "1"}, {"id": "litre", "label": "litres", "factor": factor}]
    fuel = number("q", units, minimum="0", maximum="1000000000")
    value = Quantity(Decimal(typed) * Decimal(factor), "litre", typed)
    (found,) = asked(fuel).check({"q": value}, {})
    assert dict(found.values) == told


def test_an_unlikely_amount_is_pointed_out_but_not_refused() -> None:
    heated = number("q", likely={"from": "10", "to": "100"})
    assert [unlikely(heated, amount(typed)) for typed in ("9", "10", "100", "101")] == [("",), (), (), ("",)]
    assert problems(heated, amount("9")) == []
    assert unlikely(heated, DO_NOT_KNOW) == ()
    assert unlikely(ladder("a"), "l1") == ()
    assert unlikely(number("q"), heads(5)) == ()
