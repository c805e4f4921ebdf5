"""Factors and prices: whose figure is taken for a country, a contract and a size of use, and what counts as missing."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from assessment.core.money.factor_lookups import Contract, Found
from assessment.core.money.factors import Factor
from assessment.core.money.sheet_lines import LineChoice
from assessment.core.resources.catalogue import EU_MEMBERS, PARTNERS
from tests.core.sheets import factors, with_factor

ALL_COUNTRIES = sorted(EU_MEMBERS | PARTNERS)


def value_of(found: Found | None) -> Decimal:
    """The value of a factor that must be found."""
    assert found is not None
    return found.value


def test_everything_collected_is_there_with_a_version_and_a_date() -> None:
    held = factors()
    assert (len(held.factors), len(held.prices), len(held.fuels.values), len(held.conversions)) == (632, 182, 50, 27)
    assert held.about.version == "2026.2"
    assert held.about.date.isoformat() == "2026-11-26"
    assert held.about.missing


def test_every_source_has_a_licence() -> None:
    assert all(source.licence for source in factors().sources.values())


def test_every_figure_says_where_it_is_from_and_what_a_checked_one_was_compared_with() -> None:
    held = factors()
    figures = {**held.factors, **held.prices, **held.conversions, "heating values": held.fuels}
    for name, figure in figures.items():
        assert figure.source or figure.basis or figure.confidence in ("method", "estimate"), name
        if figure.checked:
            assert figure.confidence == "seen", name
    checked = {figure.source for figure in figures.values() if figure.checked}
    assert checked == {name for name, source in held.sources.items() if source.compared}


def test_what_was_compared_with_the_flat_file_of_the_united_kingdom_names_its_row_there() -> None:
    compared = [one for one in factors().factors.values() if one.source == "desnz2025" and one.checked]
    assert len(compared) > 400
    assert all(one.row for one in compared)
    assert len({(one.row, one.unit) for one in compared}) == len(compared)


def test_figures_that_were_reckoned_or_kept_from_memory_became_the_published_ones() -> None:
    held = factors().factors
    published = {
        "fuel-gas-oil-kwh-gross": "0.2565", "fuel-gas-oil-kwh-net": "0.27288", "fuel-lpg-kwh-gross": "0.2145",
        "fuel-lpg-litre": "1.55713", "gwp-r-404a-ar5": "3943", "gwp-r-410a-ar5": "1924", "gwp-r-290-propane": "0.06",
    }  # fmt: skip
    assert {name: str(held[name].value) for name in published} == published
    assert all(held[name].checked for name in published)


def test_a_figure_without_any_origin_is_refused() -> None:
    written = factors().factors["water-supply"].model_dump() | {"source": None}
    with pytest.raises(ValidationError, match="Nothing says where this figure comes from"):
        Factor.model_validate(written)


@pytest.mark.parametrize("country", sorted(EU_MEMBERS))
def test_every_member_state_has_a_grid_factor_of_its_own(country: str) -> None:
    found = factors().grid(country)
    assert found is not None
    assert (found.factor.geography, found.stands_in, found.factor.life_cycle) == (country, (), False)
    assert found.factor.year == 2024


def test_the_newest_revision_of_a_grid_factor_is_the_one_marked_as_the_default() -> None:
    assert value_of(factors().grid("AT")) == Decimal("0.053")
    assert value_of(factors().grid("GB")) == Decimal("0.177")


@pytest.mark.parametrize("country", ["NO", "CH", "IS"])
def test_a_life_cycle_value_stands_in_where_nothing_else_exists_and_nothing_upstream_is_added_to_it(
    country: str,
) -> None:
    found = factors().grid(country)
    assert found is not None
    assert found.factor.life_cycle
    assert found.stands_in == ("life-cycle",)
    assert factors().electricity_upstream(country) == ()


def test_even_with_figures_of_its_own_nothing_upstream_is_added_to_a_life_cycle_value() -> None:
    moved = with_factor("grid-gb-wtt-desnz2025", geography="NO")
    assert moved.electricity_upstream("NO") == ()
    assert with_factor("grid-gb-wtt-desnz2025", geography="SE").electricity_upstream("SE") != ()


def test_a_country_without_any_factor_gets_that_of_the_union_and_it_is_said() -> None:
    found = factors().grid("UA")
    assert found is not None
    assert (found.factor.id, found.stands_in) == ("grid-eu-location-eea2024", ("other-country",))


def test_only_the_united_kingdom_has_figures_for_what_comes_before_the_socket() -> None:
    assert {country for country in ALL_COUNTRIES if factors().electricity_upstream(country)} == {"GB"}
    parts = {found.factor.mode for found in factors().electricity_upstream("GB")}
    assert parts == {"losses", "well-to-tank"}


def test_a_green_contract_is_zero_by_contract_alone() -> None:
    assert value_of(factors().market("DE", "green")) == 0
    assert value_of(factors().grid("DE")) == Decimal("0.291")


@pytest.mark.parametrize("contract", ["usual", None])
def test_any_other_contract_takes_the_residual_mix_which_is_carbon_dioxide_alone(contract: Contract | None) -> None:
    found = factors().market("DE", contract)
    assert found is not None
    assert (found.value, found.factor.carbon_dioxide_only, found.stands_in) == (Decimal("0.70147"), True, ())


@pytest.mark.parametrize("country", ["AT", "NL", "GB", "CH"])
def test_where_there_is_no_residual_mix_the_grid_stands_in_and_it_is_never_zero(country: str) -> None:
    found, grid = factors().market(country, "usual"), factors().grid(country)
    assert found is not None
    assert found.value == value_of(grid) > 0
    assert "location" in found.stands_in


def test_what_was_written_from_memory_counts_as_missing_until_it_is_checked() -> None:
    recalled = "heat-district-eu-planning"
    assert factors().factors[recalled].confidence == "recalled"
    assert factors().usable(recalled, "FI") is None
    assert value_of(with_factor(recalled, checked=True).usable(recalled, "FI")) == Decimal("0.2")


def test_a_factor_without_a_value_is_missing() -> None:
    assert factors().usable("grid-at-residual-aib2025", "AT") is None


def test_a_factor_of_another_country_says_that_it_stands_in() -> None:
    here, there = factors().usable("water-supply", "GB"), factors().usable("water-supply", "DE")
    assert here is not None
    assert there is not None
    assert (here.stands_in, there.stands_in) == ((), ("other-country",))


@pytest.mark.parametrize(
    ("commodity", "country", "used", "price"),
    [
        ("electricity", "BG", "19999", "price-electricity-bg-ia"),
        ("electricity", "BG", "20000", "price-electricity-bg-ib"),
        ("electricity", "BG", "499999", "price-electricity-bg-ib"),
        ("electricity", "BG", "500000", "price-electricity-bg-ic"),
        ("natural-gas", "DE", "277777", "price-natural-gas-de-i1"),
        ("natural-gas", "DE", "277778", "price-natural-gas-de-i2"),
        ("natural-gas", "DE", "2777778", "price-natural-gas-de-i3"),
    ],
)
def test_the_price_is_that_of_the_country_and_the_band_of_the_yearly_use(
    commodity: str, country: str, used: str, price: str
) -> None:
    found = factors().price(commodity, country, Decimal(used))
    assert found is not None
    assert (found.price.id, found.other_country, found.beyond_band) == (price, False, False)
    assert found.price.source
    assert found.price.period == "2024-S2"


def test_a_band_that_the_country_lacks_takes_the_price_of_the_union_and_it_is_said() -> None:
    found = factors().price("natural-gas", "PL", Decimal(300_000))
    assert found is not None
    assert (found.price.id, found.other_country) == ("price-natural-gas-eu-i2", True)


def test_of_two_periods_the_newest_counts() -> None:
    found = factors().price("electricity", "CH", Decimal(600_000))
    assert found is not None
    assert (found.price.period, found.value) == ("2025-S1", Decimal("0.1902"))


def test_use_above_all_bands_takes_the_largest_and_it_is_said() -> None:
    found = factors().price("electricity", "DE", Decimal(50_000_000))
    assert found is not None
    assert (found.price.band, found.beyond_band) == ("ic", True)


@pytest.mark.parametrize("commodity", ["water", "diesel", "district-heat", "residual-waste", "nothing"])
def test_a_commodity_without_a_price_that_can_be_counted_with_has_none(commodity: str) -> None:
    assert factors().price(commodity, "DE", Decimal(100)) is None


@pytest.mark.parametrize(
    ("per", "through", "kwh"),
    [
        ("litre", "gas-diesel-oil", "10.0333"),
        ("kg", "liquefied-petroleum-gases", "13.1389"),
        ("t", "wood-wood-waste", "4333.3333"),
        ("m3", "natural-gas", "9.3333"),
        ("kWh-net", None, "1.0000"),
        ("kWh-gross", None, "0.9030"),
    ],
)
def test_kwh_lead_to_litres_and_tonnes_by_the_net_heating_value_and_to_gross_by_the_documented_ratio(
    per: str, through: str | None, kwh: str
) -> None:
    in_unit = factors().amount_in(per, "kWh", through)  # type: ignore[arg-type]
    assert in_unit is not None
    assert (1 / in_unit).quantize(Decimal("0.0001")) == Decimal(kwh)


def test_nothing_leads_from_kwh_to_litres_without_a_heating_value_nor_from_water_to_waste() -> None:
    assert factors().amount_in("litre", "kWh") is None
    assert factors().amount_in("m3", "kWh", "gas-diesel-oil") is None
    assert factors().amount_in("t", "m3") is None


def test_the_documented_ratio_reproduces_the_gross_factor_of_gas_within_a_thousandth() -> None:
    held = factors()
    net, gross = held.factors["fuel-natural-gas-kwh-net"].value, held.factors["fuel-natural-gas-kwh-gross"].value
    assert net is not None
    assert gross is not None
    assert abs(net * held.conversions["gas-gross-to-net"].value / gross - 1) < Decimal("0.001")


def test_the_choices_of_a_group_are_those_that_may_be_counted_with() -> None:
    named = {factor.id for factor in factors().choices(LineChoice(scope=3, part="production", group="materials"))}
    assert {"material-metals-primary-material-production", "material-steel-world-average"} <= named
    assert "material-cement-cem-i" not in named
