"""One contributor is one owner, with one result: the latest."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from assessment.core.aggregates.contributions import (
    Amount,
    Contribution,
    contributors_of,
    is_missing,
    one_per_contributor,
)

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def given(contributor: str, version: str, days: int) -> Contribution:
    return Contribution(contributor=contributor, version=version, finished_at=NOON + timedelta(days=days))


def test_of_several_results_of_one_contributor_the_latest_counts_whatever_the_order() -> None:
    old, new, other = given("a", "1", 0), given("a", "2", 1), given("b", "1", 0)
    assert one_per_contributor([new, other, old]) == (new, other)
    assert one_per_contributor([old, other, new]) == (new, other)


def test_of_two_results_at_one_moment_always_the_same_one_counts() -> None:
    one, two = given("a", "1", 0), given("a", "2", 0)
    assert one_per_contributor([one, two]) == one_per_contributor([two, one]) == (two,)


def test_companies_that_share_an_owner_are_one_contributor_also_through_a_third() -> None:
    owners = {"north": ["ann"], "south": ["bob"], "both": ["ann", "bob"], "far": ["cem"], "nobody": []}
    found = contributors_of(owners)
    assert found["north"] == found["south"] == found["both"] == "both"
    assert found["far"] == "far"
    assert found["nobody"] == "nobody"


def test_companies_with_different_owners_stay_apart() -> None:
    assert contributors_of({"a": ["x"], "b": ["y"]}) == {"a": "a", "b": "b"}


def test_who_is_one_does_not_depend_on_the_order_of_companies() -> None:
    pairs = [("e", ["1", "2"]), ("d", ["2", "3"]), ("c", ["3"]), ("b", ["4"]), ("a", ["4", "1"])]
    assert contributors_of(dict(pairs)) == contributors_of(dict(reversed(pairs)))
    assert set(contributors_of(dict(pairs)).values()) == {"a"}


def test_a_practice_is_missing_where_nothing_is_done_and_not_where_something_has_begun() -> None:
    assert [is_missing(level) for level in range(5)] == [True, False, False, False, False]


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_an_amount_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ValidationError):
        Amount(value=value)


@pytest.mark.parametrize("points", [-1, 101])
def test_a_headline_off_the_scale_is_refused(points: int) -> None:
    with pytest.raises(ValidationError):
        Contribution(contributor="a", version="1", finished_at=NOON, sections={"energy": points})
