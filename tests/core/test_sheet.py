"""The resource sheet: own entry before answer before estimate, every figure with where it comes from, nothing zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.checks.answers import Marker, Remark
from assessment.core.money.savings import Candidate, Missing, alone
from assessment.core.money.sheet_entries import SheetEntries
from assessment.core.money.uses import NOTHING
from tests.core.sheets import Company, company, example, fuels, held, office, own, quantity, shown
from tests.sites import shipped

EXAMPLES = tuple(shipped().examples())


def entries(**more: object) -> SheetEntries:
    """Own entries from their written form."""
    return SheetEntries.model_validate(more)


# What is on the sheet


def test_an_answer_stands_on_its_line_with_the_question_it_comes_from() -> None:
    found = company(office(ene_01=quantity("71", "mwh", "1000")), remarks={"ene-01": Remark("bills")})
    row = found.row("electricity")
    assert (row.amount, row.basis, row.origin.question, row.origin.figure) == (Decimal(71_000), "bills", "ene-01", None)


def test_a_figure_of_several_stands_on_its_own_line_and_an_unsaid_basis_is_an_estimate() -> None:
    row = company(office(ene_02=fuels(diesel=quantity("300", "litre", "10.0333333333333")))).row("diesel")
    assert (row.basis, row.origin.question, row.origin.figure) == ("own-estimate", "ene-02", "diesel")


def test_gas_typed_in_kwh_is_gross_as_on_bills_and_typed_in_cubic_metres_it_is_net() -> None:
    typed = {"kwh": quantity("1000", "kwh"), "mwh": quantity("1", "mwh", "1000")}
    for unit, amount in typed.items():
        row = company(office(ene_02=fuels(natural_gas=amount))).row("natural-gas")
        assert (row.amount, row.given) == (Decimal(903), Decimal(1000)), unit
    metered = company(office(ene_02=fuels(natural_gas=quantity("100", "m3", "9.33333333333333")))).row("natural-gas")
    assert (shown(metered.amount), metered.given) == ("933.333", None)


def test_an_own_entry_takes_the_place_of_the_answer() -> None:
    mine = entries(amounts={"electricity": {"amount": "15000", "from_bills": True}})
    row = company(office(ene_01=quantity("71000", "kwh")), mine).row("electricity")
    assert (row.amount, row.basis, row.origin.kind) == (Decimal(15_000), "bills", "own-entry")


def test_a_figure_left_out_of_an_answered_question_is_not_used_and_not_missing() -> None:
    found = company(office(ene_02=fuels(diesel=quantity("5000", "kwh"))))
    assert found.sheet.row("natural-gas") is None
    assert found.sheet.of("heat") == ()


def test_what_does_not_apply_is_not_missing() -> None:
    found = company(office(ene_02=Marker.NOT_APPLICABLE, wat_01=Marker.NOT_APPLICABLE))
    assert {row.line.id for row in found.sheet.missing}.isdisjoint({"other-heat", "natural-gas", "water"})


def test_an_answer_to_a_question_that_does_not_apply_any_more_is_not_counted() -> None:
    at_home = office(p_05=frozenset({"home"}), wat_01=quantity("90", "m3"))
    assert company(at_home).sheet.row("water") is None
    assert company(office(wat_01=quantity("90", "m3"))).row("water").amount == 90


# Estimates


@pytest.mark.parametrize("value", [None, Marker.DO_NOT_KNOW])
def test_a_missing_line_gets_a_named_estimate_by_people_with_its_range(value: Marker | None) -> None:
    answers = office().with_values({"ene-01": value})
    row = company(answers).row("electricity")
    benchmark = row.origin.benchmark
    assert benchmark is not None
    # 10 people x 2,000 kWh, from 800 to 4,500.
    assert [row.amount, row.low, row.high] == [20_000, 8_000, 45_000]
    assert (row.basis, benchmark.id, benchmark.confidence) == ("our-estimate", "elec-emp-office", "low")


def test_floor_area_comes_before_people_and_gives_heat_too() -> None:
    found = company(office(), entries(amounts=own(floor_area="400")))
    # 400 m2 x 100 kWh of electricity and x 110 kWh of heat.
    assert [found.row(line).amount for line in ("electricity", "other-heat")] == [40_000, 44_000]


def test_an_estimate_can_be_turned_off() -> None:
    row = company(office(), entries(without_estimates=["electricity"])).row("electricity")
    assert (row.amount, row.basis) == (None, "missing")


def test_where_no_benchmark_fits_the_line_is_missing() -> None:
    missing = {row.line.id for row in company(office()).sheet.missing}
    assert {"turnover", "other-heat", "other-vehicle-fuel"} <= missing


def test_fuel_for_vehicles_is_missing_unless_the_firm_said_that_it_has_none() -> None:
    def missing(*ticked: str) -> set[str]:
        return {row.line.id for row in company(office(p_07=frozenset(ticked))).sheet.missing}

    assert "other-vehicle-fuel" in missing("fleet")
    assert "other-vehicle-fuel" not in missing("trips")
    used = office(p_07=frozenset({"trips"}), ene_02=fuels(diesel=quantity("500", "kwh")))
    assert company(used).row("diesel").amount == 500


def test_without_people_nothing_is_estimated() -> None:
    found = company(office().with_values({"p-03": None}))
    assert [row for row in found.sheet.rows if row.basis == "our-estimate"] == []


# Bad figures


def test_a_negative_figure_is_kept_doubted_and_not_counted() -> None:
    row = company(office(), entries(amounts=own(electricity="-5"))).row("electricity")
    assert (row.amount, row.given, row.basis, row.doubts) == (None, Decimal(-5), "missing", ("negative",))


def test_an_unlikely_figure_is_doubted_and_counted() -> None:
    row = company(office(ene_01=quantity("90000000", "kwh"))).row("electricity")
    assert (row.amount, row.doubts) == (Decimal(90_000_000), ("unlikely",))


def test_a_negative_price_is_doubted_and_the_published_one_stands() -> None:
    row = company(office(ene_01=quantity("30000", "kwh")), entries(prices={"electricity": "-1"})).row("electricity")
    assert row.doubts == ("negative-price",)
    assert row.price is not None
    assert not row.price.own


# Money


def test_the_own_price_comes_before_the_published_one() -> None:
    row = company(office(ene_01=quantity("30000", "kwh")), entries(prices={"electricity": "0.25"})).row("electricity")
    assert row.price is not None
    assert (row.price.own, row.cost) == (True, Decimal(7_500))


def test_the_published_price_is_that_of_the_country_and_the_band() -> None:
    row = company(office(ene_01=quantity("30000", "kwh"))).row("electricity")
    assert row.price is not None
    assert row.price.found is not None
    assert row.price.found.price.id == "price-electricity-de-ib"
    # 30,000 kWh x 0.2714 EUR.
    assert row.cost == Decimal("8142")


def test_a_price_that_nobody_checked_is_missing_and_named() -> None:
    found = company(office(wat_01=quantity("90", "m3")))
    assert found.row("water").cost is None
    assert [row.line.id for row in found.sheet.without_price] == ["water", "waste"]


def test_what_the_waste_costs_a_year_gives_its_price() -> None:
    answers = office(was_01=fuels(non_hazardous=quantity("4", "t"), hazardous=quantity("1", "t")))
    found = company(answers, entries(amounts=own(waste_cost="1000")))
    # 1,000 EUR for 5 t.
    assert [found.row(line).cost for line in ("waste", "hazardous-waste")] == [800, 200]
    assert found.sheet.cost("waste") == 1000


def test_entries_come_back_from_json_as_they_were() -> None:
    mine = entries(
        amounts=own(electricity="15000.50"), prices={"water": "4.1"}, kinds={"waste": "waste-landfill"},
        contract="green", pieces={"led-retrofit": "12"}, without_estimates=["water"],
    )  # fmt: skip
    assert SheetEntries.model_validate_json(mine.model_dump_json()) == mine
    assert SheetEntries.model_validate({}) == SheetEntries()


def test_entries_for_a_line_that_is_gone_are_passed_over() -> None:
    found = company(office(), entries(amounts=own(steam="3"), prices={"steam": "1"}, kinds={"steam": "x"}))
    assert found.sheet.row("steam") is None


# Units do not matter


@given(st.integers(min_value=1, max_value=20_000))
def test_megawatt_hours_and_kilowatt_hours_of_the_same_amount_give_the_same_sheet(amount: int) -> None:
    mwh, kwh = quantity(str(amount), "mwh", "1000"), quantity(str(amount * 1000), "kwh")
    pair = [
        company(office(ene_01=unit, ene_02=fuels(natural_gas=unit)))
        for unit in (mwh, kwh)
    ]  # fmt: skip
    first, second = ([(row.amount, row.cost) for row in one.sheet.rows] for one in pair)
    assert first == second
    assert pair[0].footprint.total("market") == pair[1].footprint.total("market")


# The site that savings are computed on


def test_heat_is_all_fuels_together_with_their_mean_price_and_carbon() -> None:
    answers = office(ene_02=fuels(natural_gas=quantity("9000", "kwh"), wood=quantity("1000", "kwh")))
    found = company(answers, entries(prices={"natural-gas": "0.10", "wood": "0.05"}))
    heat = found.site.uses["heat"]
    # 9,000 kWh gross are 8,127 net: (8,127 x 0.10 + 1,000 x 0.05) / 9,127 EUR.
    assert heat.amount == 9127
    assert heat.price == pytest.approx((812.7 + 50) / 9127)
    # 9,000 kWh gross x 0.18296 kg, and 1,000 kWh / 4.33333 kWh/kg x 0.04699 kg.
    assert heat.carbon == pytest.approx((9000 * 0.18296 + 1000 / (15.6 / 3.6) * 0.04699) / 9127)


def test_one_row_without_price_leaves_the_mean_price_unknown() -> None:
    answers = office(ene_02=fuels(natural_gas=quantity("9000", "kwh"), wood=quantity("1000", "kwh")))
    heat = company(answers).site.uses["heat"]
    assert heat.price is None
    assert heat.carbon is not None


def test_district_heat_outside_the_united_kingdom_leaves_the_carbon_unknown() -> None:
    answers = {"ene_02": fuels(district_heat=quantity("9000", "kwh"))}
    assert company(office("FI", **answers)).site.uses["heat"].carbon is None
    assert company(office("GB", **answers)).site.uses["heat"].carbon == pytest.approx(0.17529)


def test_electricity_is_worth_the_carbon_of_the_grid_whatever_the_contract() -> None:
    answers = office(ene_01=quantity("30000", "kwh"))
    for mine in (entries(), entries(contract="green")):
        assert company(answers, mine).site.uses["electricity"].carbon == pytest.approx(0.291)


def test_a_quantity_that_the_company_gives_is_a_part_of_its_use_and_money_and_emissions_stand_apart() -> None:
    given = {"heat.process-heat-below-100c": "54180", "cost-it.cloud-and-server-bill": "12000"}
    site = example("bakery-bg", entries(quantities=given)).site
    # 54,180 of 216,720 kWh.
    assert site.shares["heat", "process-heat-below-100c"].typical == Decimal("0.25")
    assert site.apart == {("cost-it", "cloud-and-server-bill"): 12000.0}
    assert "cost-it" not in site.uses
    more = example("bakery-bg", entries(quantities={"heat.process-heat-below-100c": "999999"})).site
    assert more.shares["heat", "process-heat-below-100c"].typical == 1
    odd = example("bakery-bg", entries(quantities={"heat.process-heat-below-100c": "-5", "cost-it.gone": "3"})).site
    assert ("heat", "process-heat-below-100c") not in odd.shares
    assert odd.apart == {}


@pytest.mark.parametrize(
    ("measure", "travel"), [("commuting-plan", "commuting"), ("travel-policy-video", "business-travel")]
)
def test_travel_of_staff_is_no_fuel_of_the_companys_vehicles(measure: str, travel: str) -> None:
    site = example("haulier-lt").site
    assert site.uses["transport"].amount > 6_000_000
    found = alone(site, held().method, Candidate(held().measures[measure]))
    assert (found.resources, found.eur) == ((), NOTHING)
    assert found.missing == (Missing("quantity", measure, "co2e-transport", travel),)


def test_what_is_not_known_or_not_used_is_not_a_use() -> None:
    uses = company(office(ene_02=Marker.NOT_APPLICABLE)).site.uses
    assert {"heat", "transport", "materials", "refrigerant"}.isdisjoint(uses)


def test_a_use_is_measured_only_where_every_row_is_from_bills() -> None:
    answers = office(ene_02=fuels(natural_gas=quantity("9000", "kwh")))
    for basis, expected in (("bills", "measured"), ("estimate", "estimated")):
        found = company(answers, remarks={"ene-02": Remark(basis)})  # type: ignore[arg-type]
        assert found.site.uses["heat"].basis == expected


def test_money_of_several_resources_is_what_is_known_of_it() -> None:
    found = company(office(ene_01=quantity("30000", "kwh")), entries(amounts=own(material_cost="5000")))
    uses = found.site.uses
    assert uses["materials"].amount == 5000
    assert uses["cost-energy"].amount == pytest.approx(8142)
    assert uses["cost-resources"].amount == pytest.approx(13_142)


def test_the_split_of_the_line_of_business_comes_before_the_measures_own_shares() -> None:
    found = example("metal-shop-de")
    shares = found.site.shares
    assert shares["electricity", "lighting"].typical == Decimal("0.11")
    # Motors run through machines and fans: the measures' own share stands, marked as rough.
    motors = shares["electricity", "motors"]
    own_share = next(s for s in held().method.default_end_use_shares if s.end_use == "motors")
    assert (motors.typical, motors.basis) == (own_share.typical, "estimate")


def test_what_a_complete_split_does_not_name_fits_into_its_rest() -> None:
    shares = example("metal-shop-de").site.shares
    named = set(held().benchmarks.shares("electricity", ["C25"], frozenset()))
    unnamed = [
        share.typical for (resource, end_use), share in shares.items()
        if resource == "electricity" and end_use not in {*named, "motors"}
    ]  # fmt: skip
    assert unnamed
    assert sum(unnamed) == pytest.approx(Decimal("0.05"))


# Every example


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_line_of_every_example_has_a_source_or_is_called_an_estimate(name: str) -> None:
    found: Company = example(name)
    assert found.sheet.rows
    for row in found.sheet.rows:
        match row.basis:
            case "bills" | "own-estimate":
                assert row.origin.question or row.origin.kind == "own-entry"
            case "our-estimate":
                assert row.origin.benchmark is not None
                assert row.origin.benchmark.source or row.origin.benchmark.basis == "estimate"
            case "missing":
                assert row.amount is None
        if row.price is not None and row.price.found is not None:
            price = row.price.found.price
            assert price.source in held().factors.sources
            assert price.period
            assert price.tax
