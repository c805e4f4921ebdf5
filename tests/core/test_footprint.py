"""The carbon footprint: hand calculations to the last digit shown, both totals of scope 2, and gaps that are named."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.checks.answers import Marker, Value
from assessment.core.money.sheet_entries import SheetEntries
from assessment.core.money.sheet_intensities import IntensityRow, intensities_of
from assessment.core.resources.catalogue import EU_MEMBERS, PARTNERS, Catalogue
from tests.core.sheets import (
    Company,
    benchmarks,
    company,
    example,
    factors,
    fuels,
    held,
    office,
    own,
    quantity,
    shown,
    with_factor,
)
from tests.sites import shipped

NEGLIGIBLE = Decimal("1e-12")
"""kg: sums of 28 digits may differ in the last one by their order."""

EXAMPLES = tuple(shipped().examples())


def without(factor_id: str) -> Catalogue:
    """The catalogue with one factor back to what nobody has checked."""
    fewer = with_factor(factor_id, confidence="recalled", checked=False)
    return held().model_copy(update={"factors": fewer})


# Calculated by hand


def test_the_bakery_in_bulgaria_comes_out_as_calculated_by_hand() -> None:
    found = example("bakery-bg")
    by_hand = {
        # 112,000 kWh x 0.248 kg, the Bulgarian grid of 2024 (EEA).
        ("electricity", "grid", "location"): "27776.000",
        # 112,000 kWh x 0.37181 kg, the residual mix of 2025 (AIB).
        ("electricity", "grid", "market"): "41642.720",
        # 240 MWh on the bill are gross: 240,000 x 0.18296 kg and x 0.03021 kg.
        ("natural-gas", "burning", "both"): "43910.400",
        ("natural-gas", "upstream", "both"): "7250.400",
        # 6,800 litres x 2.57082 kg and x 0.61101 kg.
        ("diesel", "burning", "both"): "17481.576",
        ("diesel", "upstream", "both"): "4154.868",
        # 880 m3 x 0.1913 kg and x 0.17088 kg.
        ("water", "supply", "both"): "168.344",
        ("water", "treatment", "both"): "150.374",
    }
    assert {key: shown(found.part(*key).kg) for key in by_hand} == by_hand
    assert len(found.footprint.lines) == len(by_hand)
    # 43,910.4 + 17,481.576; 7,250.4 + 4,154.868 + 168.344 + 150.3744.
    assert shown(found.footprint.scope_1) == "61391.976"
    assert shown(found.footprint.scope_2_location) == "27776.000"
    assert shown(found.footprint.scope_2_market) == "41642.720"
    assert shown(found.footprint.scope_3) == "11723.986"
    # 112,000 kWh x 0.1416 EUR (band IB); 240,000 kWh gross, 864 GJ, x 0.0524 EUR (band I1).
    assert [shown(found.row(line).cost, "0.01") for line in ("electricity", "natural-gas")] == ["15859.20", "12576.00"]


def test_the_metal_shop_in_germany_comes_out_as_calculated_by_hand() -> None:
    found = example("metal-shop-de")
    by_hand = {
        # 485,000 kWh x 0.291 kg and x 0.70147 kg.
        ("electricity", "grid", "location"): "141135.000",
        ("electricity", "grid", "market"): "340212.950",
        # 390,000 kWh gross x 0.18296 kg and x 0.03021 kg.
        ("natural-gas", "burning", "both"): "71354.400",
        ("natural-gas", "upstream", "both"): "11781.900",
        # 9,200 litres x 2.57082 kg and x 0.61101 kg.
        ("diesel", "burning", "both"): "23651.544",
        ("diesel", "upstream", "both"): "5621.292",
        # 610 m3 x 0.1913 kg and x 0.17088 kg.
        ("water", "supply", "both"): "116.693",
        ("water", "treatment", "both"): "104.237",
    }
    assert {key: shown(found.part(*key).kg) for key in by_hand} == by_hand
    assert shown(found.footprint.scope_1) == "95005.944"
    # 11,781.9 + 5,621.292 + 116.693 + 104.2368.
    assert shown(found.footprint.scope_3) == "17624.122"
    # 485,000 kWh x 0.2714 EUR (band IB); 390,000 kWh gross, 1,404 GJ, x 0.0863 EUR (band I2).
    assert [shown(found.row(line).cost, "0.01") for line in ("electricity", "natural-gas")] == ["131629.00", "33657.00"]


def test_the_ict_office_in_spain_comes_out_as_calculated_by_hand() -> None:
    found = example("office-ict-es")
    by_hand = {
        # 71 MWh x 0.125 kg and x 0.23828 kg.
        ("electricity", "grid", "location"): "8875.000",
        ("electricity", "grid", "market"): "16917.880",
        # The meter is not read: 34 people x 10 m3 = 340 m3; x 0.1913 kg and x 0.17088 kg.
        ("water", "supply", "both"): "65.042",
        ("water", "treatment", "both"): "58.099",
    }
    assert {key: shown(found.part(*key).kg) for key in by_hand} == by_hand
    assert found.row("water").basis == "our-estimate"
    assert shown(found.footprint.scope_1) == "0.000"
    assert shown(found.footprint.scope_3) == "123.141"
    # 71,000 kWh x 0.1744 EUR (band IB).
    assert shown(found.row("electricity").cost, "0.01") == "12382.40"


@pytest.mark.parametrize(
    ("name", "unit", "factor", "amount", "kg"),
    [
        ("heating_oil", "litre", "10.0333333333333", "1500", "4133.115"),  # 1,500 litres x 2.75541 kg
        ("lpg", "kg", "13.1388888888889", "330", "969.989"),  # 330 kg x 2.93936 kg
        ("petrol", "litre", "9.10611111111111", "700", "1448.412"),  # 700 litres x 2.06916 kg
        ("diesel", "litre", "10.0333333333333", "700", "1799.574"),  # 700 litres x 2.57082 kg
        ("wood", "tonne", "4333.33333333333", "4", "187.960"),  # 4,000 kg x 0.04699 kg
    ],
)
def test_a_fuel_counts_with_the_published_factor_of_the_unit_it_was_bought_in(
    name: str, unit: str, factor: str, amount: str, kg: str
) -> None:
    found = company(office(ene_02=fuels(**{name: quantity(amount, unit, factor)})))
    assert shown(found.part(name.replace("_", "-"), "burning").kg) == kg


def test_a_scope_with_nothing_known_and_something_missing_is_unknown_and_one_without_either_is_zero() -> None:
    unknown = company(office(ene_02=Marker.DO_NOT_KNOW))
    assert unknown.footprint.unknown == {1}
    assert unknown.footprint.incomplete >= {1}
    none = company(office(ene_02=Marker.NOT_APPLICABLE))
    assert 1 not in none.footprint.incomplete
    some = company(office(ene_02=fuels(diesel=quantity("700", "litre", "10.0333333333333"))))
    assert some.footprint.unknown == frozenset()


# Published calculations


def test_published_calculations_come_out_to_the_last_digit_that_they_show() -> None:
    """With the factors of the day: Climate Essentials, "Carbon factors: A 2025 update", and EFRAG's sample report."""
    british = company(office("GB", ene_01=quantity("100000", "kwh")))
    # "100,000 kWh x 0.177 kgCO2e/kWh = 17,700 kgCO2e".
    assert shown(british.part("electricity", "grid", "location").kg, "1") == "17700"
    # VSME Digital Template 1.3.0, sample, sheet Fuel Converter: 1,000 litres of gas/diesel oil are 10.0333 MWh.
    diesel = fuels(diesel=quantity("1000", "litre", "10.0333333333333"))
    assert shown(company(office(ene_02=diesel)).row("diesel").amount, "0.1") == "10033.3"


@pytest.mark.parametrize(
    ("factor_id", "published", "answers", "line", "kg"),
    [
        # "200 litres petrol = 200 x 2.331 = 466.2 kgCO2e", with the factors of 2011.
        ("fuel-petrol-blend-litre", "2.331", {"ene_02": fuels(petrol=quantity("200", "litre", "9.10611111111111"))},
         ("petrol", "burning", "both"), "466.2"),
        # "0.185 x 1000 = 185kg CO2" of 1,000 kWh of gas, with the factors of 2008.
        ("fuel-natural-gas-kwh-gross", "0.185", {"ene_02": fuels(natural_gas=quantity("1000", "kwh"))},
         ("natural-gas", "burning", "both"), "185.0"),
    ],
)  # fmt: skip
def test_calculations_published_with_factors_of_their_own_year_come_out_with_these(
    factor_id: str, published: str, answers: dict[str, Value], line: tuple[str, str, str], kg: str
) -> None:
    """Carbon Trust, pages "Conversion factors" of 2011 (CTL153) and 2008."""
    then = held().model_copy(update={"factors": with_factor(factor_id, value=Decimal(published))})
    assert shown(company(office("DE", **answers), catalogue=then).part(*line).kg, "0.1") == kg


# Scope 2


def test_a_green_contract_changes_the_market_based_total_alone() -> None:
    answers = office(ene_01=quantity("30000", "kwh"))
    usual, green = company(answers), company(answers, SheetEntries(contract="green"))
    assert green.footprint.scope_2_market == 0
    assert usual.footprint.scope_2_market > 0
    assert green.footprint.scope_2_location == usual.footprint.scope_2_location == 8730


@pytest.mark.parametrize("country", sorted(EU_MEMBERS | PARTNERS))
def test_a_life_cycle_factor_never_meets_what_it_contains_already(country: str) -> None:
    found = company(office(country, ene_01=quantity("30000", "kwh"))).footprint
    electricity = found.of("electricity")
    grid = next(line for line in electricity if line.method == "location")
    assert grid.found.factor.life_cycle is found.life_cycle is (country in {"NO", "CH", "IS"})
    if found.life_cycle:
        assert {line.part for line in electricity} == {"grid"}
        assert not any(gap.row.line.id == "electricity" for gap in found.gaps)


def test_losses_and_upstream_of_electricity_count_where_the_country_has_them_and_are_a_gap_elsewhere() -> None:
    answers = {"ene_01": quantity("1000", "kwh")}
    # 1,000 kWh x 0.01853 kg and x 0.0459 kg.
    british = company(office("GB", **answers))
    assert [shown(british.part("electricity", part).kg) for part in ("losses", "upstream")] == ["18.530", "45.900"]
    assert ("electricity", "upstream", "no-factor") in company(office("FR", **answers)).gaps()


# What is missing


def test_what_has_no_factor_is_a_gap_with_its_reason_and_never_zero() -> None:
    answers = office(
        "FI", ene_02=fuels(district_heat=quantity("9000", "kwh")),
        was_01=fuels(non_hazardous=quantity("3", "t")), wat_01=Marker.DO_NOT_KNOW,
    )  # fmt: skip
    found = company(answers, SheetEntries(without_estimates=("water", "electricity")))
    assert {
        ("district-heat", "heat", "no-factor"),
        ("waste", "treatment", "kind-not-told"),
        ("water", "supply", "no-amount"),
        ("electricity", "grid", "no-amount"),
    } <= found.gaps()
    assert found.footprint.lines == ()


def test_the_kind_that_the_company_names_closes_the_gap() -> None:
    answers = office(was_01=fuels(non_hazardous=quantity("3", "t")))
    kinds = {"waste": "waste-commercial-and-industrial-waste-landfill"}
    # 3 t x 520.5327 kg.
    assert shown(company(answers, SheetEntries(kinds=kinds)).part("waste", "treatment").kg) == "1561.598"


@pytest.mark.parametrize("kind", ["gwp-r-32-ar5", "gone"])
def test_a_kind_of_another_group_counts_as_not_told(kind: str) -> None:
    answers = office(was_01=fuels(non_hazardous=quantity("3", "t")))
    found = company(answers, SheetEntries(kinds={"waste": kind}))
    assert ("waste", "treatment", "kind-not-told") in found.gaps()


def test_cooling_agent_refilled_counts_in_scope_1_with_its_potential() -> None:
    mine = SheetEntries.model_validate({"amounts": own(refrigerant="2.5"), "kinds": {"refrigerant": "gwp-r-404a-ar5"}})
    found = company(office(), mine)
    # 2.5 kg x 3,943.
    assert shown(found.part("refrigerant", "leak").kg) == "9857.500"
    assert found.site.uses["refrigerant"].carbon == pytest.approx(3943)


def test_materials_count_once_their_kind_is_told() -> None:
    kinds = {"material-1": "material-metals-closed-loop-source"}
    found = example("metal-shop-de", SheetEntries(kinds=kinds))
    # 720 t x 1,638.74406 kg.
    assert shown(found.part("material-1", "production").kg) == "1179895.723"
    assert ("material-2", "production", "kind-not-told") in found.gaps()


KILOMETRES = {
    # amount x factor of DESNZ 2025, worked out by hand
    "flights-europe": ("2400", "306.864"), "flights-far": ("18000", "2750.760"), "rail": ("1600", "56.736"),
    "taxis": ("120", "17.833"), "own-cars": ("3500", "585.375"), "freight-lorry": ("1200", "121.956"),
    "freight-van": ("300", "191.469"), "freight-rail": ("5000", "138.950"), "freight-sea": ("90000", "1450.800"),
    "freight-air": ("40", "35.976"),
}  # fmt: skip


def test_journeys_and_goods_with_others_count_in_scope_3_by_kilometres_and_not_before_they_are_told() -> None:
    amounts = {line: {"amount": amount} for line, (amount, _) in KILOMETRES.items()}
    told, before = company(office(), SheetEntries.model_validate({"amounts": amounts})), company(office())
    for line, (_, kg) in KILOMETRES.items():
        part = told.part(line, "trip")
        assert (part.scope, shown(part.kg)) == (3, kg), line
        assert before.sheet.row(line) is None
    assert told.gaps() == before.gaps()
    assert told.footprint.scope_1 == before.footprint.scope_1


def waste_by_kind(*, paper: str, kind: str = "waste-paper-and-board-mixed-closed-loop") -> Company:
    """An office with 10 t of waste, of which some is paper."""
    entries = {"amounts": own(waste="10", waste_paper=paper), "kinds": {"waste-paper": kind}}
    return company(office(), SheetEntries.model_validate(entries))


def test_waste_by_kind_is_taken_from_the_whole_and_counts_with_its_own_factor() -> None:
    found = waste_by_kind(paper="4")
    rest = found.row("waste")
    assert (rest.amount, rest.whole, rest.doubts) == (Decimal(6), Decimal(10), ())
    assert found.sheet.total("waste") == 10
    assert shown(found.part("waste-paper", "treatment").kg) == "18.743"  # 4 t x 4.68568
    assert ("waste", "treatment", "kind-not-told") in found.gaps()


def test_where_all_waste_is_told_by_kind_nothing_is_left_to_tell() -> None:
    found = waste_by_kind(paper="10")
    assert found.row("waste").amount == 0
    assert not [gap for gap in found.gaps() if gap[0] == "waste"]


def test_kinds_that_come_to_more_than_the_whole_are_asked_about_and_kept() -> None:
    found = waste_by_kind(paper="12")
    assert (found.row("waste").amount, found.row("waste").doubts) == (Decimal(0), ("parts-exceed",))
    assert found.row("waste-paper").amount == 12


@pytest.mark.parametrize("factor_id", ["fuel-natural-gas-kwh-gross", "water-supply", "fuel-diesel-blend-litre"])
def test_a_factor_that_was_not_checked_turns_its_part_into_a_gap(factor_id: str) -> None:
    answers = shipped().examples()["bakery-bg"].answers
    with_it, without_it = company(answers), company(answers, catalogue=without(factor_id))
    part = next(line for line in with_it.footprint.lines if line.found.factor.id == factor_id)
    assert (part.row.line.id, part.part, "not-checked") in without_it.gaps()
    lost = with_it.footprint.total("location") - without_it.footprint.total("location")
    assert abs(lost - part.kg) < NEGLIGIBLE < part.kg
    assert part.row.line.resource is not None
    assert with_it.site.uses[part.row.line.resource].carbon is not None
    assert without_it.site.uses[part.row.line.resource].carbon is None


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_line_with_an_amount_has_parts_or_a_gap(name: str) -> None:
    found: Company = example(name)
    covered = {line.row.line.id for line in found.footprint.lines} | {gap.row.line.id for gap in found.footprint.gaps}
    plain = {"people", "turnover", "floor-area", "material-cost", "waste-cost"}
    assert {row.line.id for row in found.sheet.rows} - plain == covered


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_part_names_factor_source_year_and_country(name: str) -> None:
    found = example(name)
    assert found.footprint.version == factors().about.version
    for line in found.footprint.lines:
        factor = line.found.factor
        assert factor.source in factors().sources
        assert factor.year is not None
        assert factor.geography == found.sheet.country or "other-country" in line.found.stands_in
        assert factor.usable


# Properties


AMOUNT = st.decimals(min_value=0, max_value=10**8, places=2)


@given(AMOUNT, AMOUNT)
def test_more_use_never_emits_less(first: Decimal, second: Decimal) -> None:
    less, more = sorted((first, second))
    totals = []
    for amount in (less, more):
        used = quantity(str(amount), "kwh")
        answers = office(ene_01=used, ene_02=fuels(natural_gas=used, diesel=used, wood=used))
        totals.append(company(answers).footprint)
    assert totals[0].total("location") <= totals[1].total("location") + NEGLIGIBLE
    assert totals[0].total("market") <= totals[1].total("market") + NEGLIGIBLE


@given(st.lists(AMOUNT, min_size=2, max_size=2))
def test_a_footprint_is_the_sum_of_its_parts(amounts: list[Decimal]) -> None:
    power, gas = (quantity(str(amount), "kwh") for amount in amounts)
    found = company(office(ene_01=power, ene_02=fuels(natural_gas=gas))).footprint
    by_place, by_contract = (
        part + found.scope_1 + found.scope_3 for part in (found.scope_2_location, found.scope_2_market)
    )
    assert abs(found.total("location") - by_place) < NEGLIGIBLE
    assert abs(found.total("market") - by_contract) < NEGLIGIBLE


# Intensities


def intensity(found: Company, resource: str, per: str) -> IntensityRow:
    """One intensity that must be there."""
    rows = intensities_of(found.sheet, found.footprint, benchmarks())
    return next(row for row in rows if (row.resource, row.per) == (resource, per))


def test_an_intensity_stands_beside_the_typical_range_of_the_line_of_business() -> None:
    row = intensity(example("bakery-bg"), "electricity", "employee")
    # 112,000 kWh / 21 people, beside 3,000 to 30,000.
    assert shown(row.value) == "5333.333"
    assert [row.low, row.typical, row.high] == [3000, 9000, 30000]
    assert row.benchmark is not None
    assert (row.benchmark.geography, row.benchmark.basis) == ("EU", "estimate")


def test_waste_is_compared_in_tonnes_whatever_the_unit_of_the_benchmark() -> None:
    row = intensity(example("bakery-bg"), "waste", "employee")
    # 16.5 t / 21 people, beside 500 to 10,000 kg.
    assert (shown(row.value), row.low, row.high) == ("0.786", Decimal("0.5"), Decimal(10))


def test_without_a_benchmark_the_intensity_stands_alone() -> None:
    row = intensity(example("bakery-bg"), "co2e", "turnover")
    # (61,391.976 + 27,776.000) kg / 780 thousand EUR.
    assert shown(row.value) == "114.318"
    assert row.benchmark is None


def test_an_estimate_is_not_compared_with_the_benchmark_it_was_made_from() -> None:
    row = intensity(example("office-ict-es"), "water", "employee")
    assert row.estimated
    assert row.benchmark is None


def test_floor_area_gives_intensities_of_its_own() -> None:
    mine = SheetEntries.model_validate({"amounts": own(floor_area="1600")})
    row = intensity(example("metal-shop-de", mine), "electricity", "m2")
    # 485,000 kWh / 1,600 m2.
    assert shown(row.value) == "303.125"
    assert [row.low, row.typical, row.high] == [60, 150, 350]


def test_energy_is_compared_only_where_electricity_and_heat_are_known() -> None:
    found = example("office-ict-es")
    rows = intensities_of(found.sheet, found.footprint, benchmarks())
    assert "energy" not in {row.resource for row in rows}
    assert intensity(example("bakery-bg"), "energy", "employee").value > 0
