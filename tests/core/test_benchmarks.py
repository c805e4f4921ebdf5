"""Benchmarks: which split and which intensity go with a line of business."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from assessment.core.money.benchmarks import EndUseSplit, Intensity, best_of
from tests.core.sheets import benchmarks

NO_TRAIT: frozenset[str] = frozenset()


def split(name: str, *nace: str, **more: object) -> EndUseSplit:
    """A complete split of electricity."""
    written = {"id": name, "sector": name, "nace": nace, "resource": "electricity", "shares": {"lighting": "1"}}
    return EndUseSplit.model_validate(
        {**written, "complete": True, "basis": "estimate", "confidence": "low", **more}
    )  # fmt: skip


def test_everything_collected_is_there() -> None:
    held = benchmarks()
    counts = [len(part) for part in (held.end_uses, held.intensities, held.cost_structure, held.potentials)]
    assert counts == [85, 72, 9, 15]
    assert len(held.uptake) == 19
    assert held.about.version == "2026.1"


def test_complete_splits_add_up_to_one() -> None:
    complete = [one for one in benchmarks().end_uses if one.complete]
    assert len(complete) == 58
    assert {sum(one.shares.values()) for one in complete} == {Decimal(1)}


@pytest.mark.parametrize(("shares", "complete"), [({"a": "0.5"}, True), ({"a": "0.7", "b": "0.4"}, False)])
def test_shares_that_do_not_add_up_are_refused(shares: dict[str, str], complete: bool) -> None:
    with pytest.raises(ValidationError, match="The shares add up to"):
        split("wrong", "C", shares=shares, complete=complete)


def test_the_longest_code_wins_and_a_longer_one_than_the_firms_does_not_fit() -> None:
    entries = [split("industry", "C"), split("food", "C10", "C11"), split("bakery", "C10.7"), split("all", "all")]
    assert best_of(entries, ["C10"], NO_TRAIT) == entries[1]
    assert best_of(entries, ["C10.7"], NO_TRAIT) == entries[2]
    assert best_of(entries, ["C25"], NO_TRAIT) == entries[0]
    assert best_of(entries, ["A01"], NO_TRAIT) == entries[3]
    assert best_of(entries[:3], ["A01"], NO_TRAIT) is None


def test_for_a_sector_of_many_codes_the_entry_that_covers_most_of_them_wins() -> None:
    entries = [split("health", "Q"), split("office", "J", "K", "M")]
    assert best_of(entries, ["J", "K", "M", "Q"], NO_TRAIT) == entries[1]


def test_an_entry_with_a_trait_fits_only_firms_that_have_it_and_then_comes_first() -> None:
    entries = [split("shop", "G47"), split("food-shop", "G47", trait="food")]
    assert best_of(entries, ["G47"], NO_TRAIT) == entries[0]
    assert best_of(entries, ["G47"], {"food"}) == entries[1]


def test_equals_go_by_id_whatever_the_order_of_the_file() -> None:
    entries = [split("b", "G47"), split("a", "G47")]
    assert best_of(entries, ["G47"], NO_TRAIT) == best_of(entries[::-1], ["G47"], NO_TRAIT) == entries[1]


def test_a_split_becomes_shares_with_its_own_basis() -> None:
    shares = benchmarks().shares("electricity", ["C25"], NO_TRAIT)
    assert shares["process-machines"].typical == Decimal("0.5")
    assert (shares["lighting"].basis, shares["lighting"].confidence) == ("estimate", "low")
    assert benchmarks().shares("transport", ["C25"], NO_TRAIT) == {}


@pytest.mark.parametrize(
    ("resource", "per", "nace", "traits", "found"),
    [
        ("electricity", "employee", "J62", NO_TRAIT, "elec-emp-office"),
        ("electricity", "m2", "I56", NO_TRAIT, "elec-m2-restaurant-eu"),
        ("electricity", "m2", "G47", {"food"}, "elec-m2-foodretail-eu"),
        ("electricity", "m2", "I55", NO_TRAIT, "elec-m2-lodging"),
        ("heat", "m2", "C25", NO_TRAIT, "heat-m2-workshop-eu"),
        ("transport", "employee", "F41", NO_TRAIT, "fuel-emp-construction"),
    ],
)
def test_figures_of_europe_come_before_those_of_elsewhere(
    resource: str, per: str, nace: str, traits: frozenset[str], found: str
) -> None:
    intensity = benchmarks().intensity(resource, per, [nace], traits)  # type: ignore[arg-type]
    assert intensity is not None
    assert intensity.id == found


def test_where_no_figure_fits_there_is_none() -> None:
    assert benchmarks().intensity("heat", "employee", ["J62"], NO_TRAIT) is None


def test_figures_of_the_united_states_say_so_with_their_year() -> None:
    named = [one for one in benchmarks().intensities if one.source == "cbecs-c14"]
    assert {(one.geography, one.year) for one in named} == {("US", 2012)}


def test_an_intensity_out_of_order_is_refused() -> None:
    written = benchmarks().intensities[0].model_dump() | {"low": "200", "typical": "94"}
    with pytest.raises(ValidationError, match="not in order"):
        Intensity.model_validate(written)
