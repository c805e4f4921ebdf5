"""Conditions: what each leaf asks, how branches join them, and that silence is never a yes."""

import pytest
from pydantic import ValidationError

from assessment.core.checks.answers import Answers, Value
from assessment.core.checks.conditions import holds, leaves_of, questions_of
from tests.builders import (
    DO_NOT_KNOW,
    NOT_APPLICABLE,
    Written,
    amount,
    amounts,
    condition,
    heads,
)

POSITIVE_LEAVES: list[tuple[Written, Value]] = [
    ({"question": "q", "is": "own"}, "own"),
    ({"question": "q", "any_of": ["own", "rent"]}, "rent"),
    ({"question": "q", "any_of": ["own", "rent"]}, frozenset({"rent", "other"})),
    ({"question": "q", "includes": "heat"}, frozenset({"heat", "cool"})),
    ({"question": "q", "at_least": "10"}, heads(10)),
    ({"question": "q", "at_most": "10"}, heads(10)),
    ({"question": "q", "answered": True}, "anything"),
]


def true_of(written: Written, value: Value | None) -> bool:
    answers = Answers({} if value is None else {"q": value})
    return holds(condition(written), answers, {})


@pytest.mark.parametrize(("written", "value"), POSITIVE_LEAVES)
def test_each_leaf_holds_for_an_answer_that_fits(written: Written, value: Value) -> None:
    assert true_of(written, value)


@pytest.mark.parametrize(("written", "value"), POSITIVE_LEAVES)
def test_each_leaf_is_false_while_unanswered_and_not_over_it_is_true(written: Written, value: Value) -> None:
    assert not true_of(written, None)
    assert true_of({"not": written}, None)


@pytest.mark.parametrize("marker", [DO_NOT_KNOW, NOT_APPLICABLE])
@pytest.mark.parametrize(("written", "value"), POSITIVE_LEAVES)
def test_a_marker_counts_as_no_value_for_each_leaf(written: Written, value: Value, marker: Value) -> None:
    assert not true_of(written, marker)
    assert true_of({"not": written}, marker)


@pytest.mark.parametrize("marker", [DO_NOT_KNOW, NOT_APPLICABLE, None])
def test_answered_false_holds_for_silence_and_for_both_markers(marker: Value | None) -> None:
    assert true_of({"question": "q", "answered": False}, marker)
    assert not true_of({"question": "q", "answered": False}, "yes")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ({"question": "q", "is": "own"}, "rent"),
        ({"question": "q", "is": "own"}, heads(1)),
        ({"question": "q", "any_of": ["own", "rent"]}, "none"),
        ({"question": "q", "any_of": ["own", "rent"]}, frozenset({"none"})),
        ({"question": "q", "includes": "heat"}, frozenset({"cool"})),
        ({"question": "q", "at_least": "10"}, heads(9)),
        ({"question": "q", "at_most": "10"}, heads(11)),
        ({"question": "q", "at_least": "0"}, "10"),
        ({"question": "q", "at_least": "0"}, amounts(gas=amount("10"))),
    ],
)
def test_a_leaf_is_false_for_an_answer_that_does_not_fit(written: Written, value: Value) -> None:
    assert not true_of(written, value)


def test_limits_are_taken_in_the_base_unit_and_include_their_ends() -> None:
    two_megawatt_hours = amount("2", "mwh", factor=1000)
    assert true_of({"question": "q", "at_least": "2000"}, two_megawatt_hours)
    assert not true_of({"question": "q", "at_least": "2000.1"}, two_megawatt_hours)
    assert true_of({"question": "q", "at_most": "2000"}, two_megawatt_hours)
    assert not true_of({"question": "q", "at_most": "1999.9"}, two_megawatt_hours)


def test_zero_is_a_value_and_not_silence() -> None:
    assert true_of({"question": "q", "answered": True}, heads(0))
    assert true_of({"question": "q", "at_most": "1"}, heads(0))


YES: Written = {"question": "a", "is": "yes"}
NO: Written = {"question": "a", "is": "no"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"all": [YES, YES]}, True),
        ({"all": [YES, NO]}, False),
        ({"any": [NO, YES]}, True),
        ({"any": [NO, NO]}, False),
        ({"not": NO}, True),
        ({"not": YES}, False),
        ({"not": {"not": YES}}, True),
        ({"all": [{"any": [NO, YES]}, {"not": {"all": [YES, NO]}}]}, True),
    ],
)
def test_branches_join_what_stands_under_them(written: Written, expected: bool) -> None:
    assert holds(condition(written), Answers({"a": "yes"}), {}) is expected


def test_a_flag_stands_for_the_condition_it_names_also_through_another_flag() -> None:
    flags = {
        "cold": condition({"question": "devices", "includes": "cool"}),
        "cold-shop": condition({"all": [{"flag": "cold"}, {"question": "place", "is": "shop"}]}),
    }
    asked = condition({"flag": "cold-shop"})
    assert holds(asked, Answers({"devices": frozenset({"cool"}), "place": "shop"}), flags)
    assert not holds(asked, Answers({"place": "shop"}), flags)
    assert set(questions_of(asked, flags)) == {"devices", "place"}


def test_all_questions_and_all_leaves_of_a_tree_are_found() -> None:
    tree = condition({"any": [YES, {"not": {"question": "b", "at_least": "1"}}, {"all": [{"flag": "f"}]}]})
    flags = {"f": condition({"question": "c", "answered": True})}
    assert list(questions_of(tree, flags)) == ["a", "b", "c"]
    assert [type(leaf).__name__ for leaf in leaves_of(tree)] == ["Is", "AtLeast", "FlagIs"]


def test_a_flag_that_nobody_named_is_passed_over_when_looking_for_questions() -> None:
    assert list(questions_of(condition({"flag": "unheard-of"}), {})) == []


@pytest.mark.parametrize(
    "written",
    [
        {"question": "a"},
        {"question": "a", "is": "yes", "includes": "yes"},
        {"question": "a", "equals": "yes"},
        {"all": []},
        {"any": []},
        {"question": "a", "any_of": []},
        {"question": "a", "at_least": "ten"},
        {"flag": "f", "question": "a"},
    ],
)
def test_a_condition_that_says_nothing_or_two_things_is_refused(written: Written) -> None:
    with pytest.raises(ValidationError):
        condition(written)
