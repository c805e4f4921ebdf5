"""What measures save: every rule on figures that can be checked by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assessment.core.money import formulas
from assessment.core.money.savings import Calculator, Candidate, Missing, Totals, alone, together
from assessment.core.money.uses import Range, Site
from assessment.core.resources.entries import Measure
from tests.sites import adding, bought, method, saving, share, site, that_saves

METHOD = method()
UNCAPPED = method(cap_share_of_site=Decimal(1))
LIGHT = share("electricity", "lighting", 0.3)
AIR = share("electricity", "compressed-air", 0.2)
ROOMS = share("heat", "space-heating", 0.6)


def all_together(where: Site, *measures: Measure, by: object = UNCAPPED) -> Totals:
    """The totals of a set of which nothing is done yet, without the cap unless told."""
    return together(where, UNCAPPED if by is UNCAPPED else METHOD, [Candidate(found) for found in measures])


def saved(totals: Totals, resource: str = "electricity") -> float:
    """The typical quantity saved of a resource."""
    return next((line.saved.typical for line in totals.resources if line.resource == resource), 0.0)


def added(totals: Totals, resource: str = "electricity") -> float:
    """The typical quantity that switches add of a resource."""
    return next((line.added.typical for line in totals.resources if line.resource == resource), 0.0)


# One entry


def test_a_saving_is_use_times_share_times_fraction_times_what_is_not_yet_done() -> None:
    lamps = that_saves("lamps", saving("electricity", (0.2, 0.4, 0.5), "lighting"))
    found = alone(site([LIGHT], electricity=10_000), METHOD, Candidate(lamps, todo=0.5))
    # 10,000 kWh x 0.3 x (0.2, 0.4, 0.5) x 0.5
    assert found.resources[0].saved == pytest.approx(Range(300, 600, 750))
    assert found.eur == pytest.approx(Range(60, 120, 150))  # x 0.20 EUR
    assert found.carbon == pytest.approx(Range(90, 180, 225))  # x 0.3 kg


def test_where_no_typical_is_given_it_lies_a_third_up_from_low() -> None:
    entry = saving("electricity", (0.1, 0.1, 0.4))
    del entry["typical"]
    found = alone(site(electricity=1000), METHOD, Candidate(that_saves("a", entry)))
    assert found.resources[0].saved.typical == pytest.approx(1000 * (0.1 + 0.33 * 0.3))


def test_a_saving_per_bar_is_multiplied_by_the_bars() -> None:
    lower = that_saves("lower", saving("electricity", 0.07, "compressed-air", unit="fraction per bar"))
    found = alone(site([AIR], electricity=10_000), METHOD, Candidate(lower, steps=2))
    assert found.resources[0].saved.typical == pytest.approx(10_000 * 0.2 * 0.14)


def test_information_only_counts_nothing() -> None:
    seen_twice = that_saves("a", saving("heat", 0.1), saving("electricity", 0.2, information_only=True))
    assert [line.resource for line in all_together(site(heat=100, electricity=100), seen_twice).resources] == ["heat"]


# Several measures


def test_measures_on_one_end_use_act_one_after_the_other() -> None:
    lamps = that_saves("lamps", saving("electricity", 0.5, "lighting"))
    sensors = that_saves("sensors", saving("electricity", 0.2, "lighting"))
    found = all_together(site([LIGHT], electricity=10_000), lamps, sensors)
    # 3,000 kWh x (1 - 0.5 x 0.8); adding them would give 2,100
    assert saved(found) == pytest.approx(1800)


def test_a_measure_on_the_whole_site_acts_on_what_end_uses_left_and_on_the_rest() -> None:
    lamps = that_saves("lamps", saving("electricity", 0.5, "lighting"))
    routine = that_saves("routine", saving("electricity", 0.1))
    found = all_together(site([LIGHT], electricity=10_000), lamps, routine)
    # lighting 3,000 x (1 - 0.5 x 0.9) + rest 7,000 x 0.1
    assert saved(found) == pytest.approx(1650 + 700)


def where_motors_run_through_all() -> Site:
    """Lighting and machines are the whole of it; motors run through both."""
    parts = {"lighting": 0.3, "machines": 0.7, "motors": 0.6}
    shares = [share("electricity", name, part) for name, part in parts.items()]
    return replace(site(shares, electricity=1000), cut_across=("motors",))


def test_an_end_use_that_runs_through_others_takes_nothing_from_what_another_measure_saves_by_itself() -> None:
    lamps = that_saves("lamps", saving("electricity", 0.5, "lighting"))
    drives = that_saves("drives", saving("electricity", 0.3, "motors"))
    where = where_motors_run_through_all()
    # 1,000 kWh x 0.3 x 0.5 and 1,000 kWh x 0.6 x 0.3, as if there were no other end use
    assert saved(all_together(where, lamps)) == pytest.approx(150)
    assert saved(all_together(where, drives)) == pytest.approx(180)


def test_an_end_use_that_runs_through_others_acts_on_what_they_leave() -> None:
    lamps = that_saves("lamps", saving("electricity", 0.5, "lighting"))
    drives = that_saves("drives", saving("electricity", 0.3, "motors"))
    idling = that_saves("idling", saving("electricity", 0.2, "motors"))
    where = where_motors_run_through_all()
    # on motors one after the other 1,000 x 0.6 x (1 - 0.7 x 0.8) = 264, and as great a part of the 850 that lamps leave
    assert saved(all_together(where, drives, idling)) == pytest.approx(264)
    assert saved(all_together(where, lamps, drives, idling)) == pytest.approx(150 + 850 * 0.264)


def test_shares_that_are_more_than_the_whole_never_save_more_than_it() -> None:
    shares = [share("electricity", "machines", 0.9), share("electricity", "lighting", 0.6)]
    both = [
        that_saves("drives", saving("electricity", 1, "machines")),
        that_saves("lamps", saving("electricity", 1, "lighting")),
    ]
    # the smaller share no longer fits beside the larger, so it acts on the 100 kWh that the larger leaves
    assert saved(all_together(site(shares, electricity=1000), *both)) == pytest.approx(900 + 100 * 0.6)


def test_a_use_that_is_moved_away_is_one_of_its_own_though_others_are_larger() -> None:
    shares = [share("heat", "ovens", 0.8), share("heat", "space-heating", 0.4)]
    pump = that_saves("pump", saving("heat", 1, "space-heating", adds_use=adding("electricity", 0.3)))
    found = all_together(site(shares, heat=1000, electricity=1), pump)
    assert saved(found, "heat") == pytest.approx(400)
    assert found.resources[1].added.typical == pytest.approx(120)


def test_efficiency_counts_up_to_the_cap() -> None:
    halves = [that_saves(name, saving("electricity", 0.5)) for name in ("a", "b")]
    where = site(electricity=1000)
    assert saved(all_together(where, *halves, by=METHOD)) == pytest.approx(400)
    assert saved(all_together(where, *halves)) == pytest.approx(750)


def test_own_generation_is_outside_the_cap_and_comes_first() -> None:
    roof = that_saves("roof", saving("electricity", 0.3), action_area="renewables")
    halves = [that_saves(name, saving("electricity", 0.5)) for name in ("a", "b")]
    # 300 from the roof; of the other 700 efficiency would save 525, the cap lets 400 count
    assert saved(all_together(site(electricity=1000), roof, *halves, by=METHOD)) == pytest.approx(300 + 400)
    assert saved(all_together(site(electricity=1000), roof, *halves)) == pytest.approx(300 + 525)


def test_a_switch_adds_the_use_of_another_resource_with_its_cost_and_emissions() -> None:
    pump = that_saves("pump", saving("heat", 0.8, "space-heating", adds_use=adding("electricity", 0.3)))
    found = all_together(site([ROOMS], heat=50_000, electricity=10_000), pump)
    # moved 50,000 x 0.6 x 0.8 = 24,000 kWh; added 24,000 x 0.3 = 7,200 kWh
    assert saved(found, "heat") == pytest.approx(24_000)
    assert added(found) == pytest.approx(7200)
    assert found.eur is not None
    assert found.carbon is not None
    assert found.eur.typical == pytest.approx(24_000 * 0.08 - 7200 * 0.20)
    assert found.carbon.typical == pytest.approx(24_000 * 0.2 - 7200 * 0.3)


def test_efficiency_acts_alike_on_the_part_that_was_switched() -> None:
    pump = that_saves("pump", saving("heat", 0.8, "space-heating", adds_use=adding("electricity", 0.3)))
    walls = that_saves("walls", saving("heat", 0.25, "space-heating"))
    found = all_together(site([ROOMS], heat=50_000, electricity=10_000), pump, walls)
    # moved 24,000; of the 6,000 kWh still burnt a quarter is saved; the pump needs a quarter less
    assert saved(found, "heat") == pytest.approx(24_000 + 1500)
    assert added(found) == pytest.approx(7200 * 0.75)


def test_of_two_switches_on_one_end_use_only_the_better_counts() -> None:
    pump = that_saves("pump", saving("heat", 0.8, "space-heating", adds_use=adding("electricity", 0.3)))
    sun = that_saves("sun", saving("heat", 0.4, "space-heating"), action_area="renewables")
    elsewhere = that_saves("elsewhere", saving("heat", 0.4, "hot-water"), action_area="renewables")
    where = site([ROOMS, share("heat", "hot-water", 0.2)], heat=50_000, electricity=10_000)
    found = all_together(where, pump, sun)
    # alone: the pump 1,920 - 1,440 = 480 EUR, the sun 50,000 x 0.6 x 0.4 x 0.08 = 960 EUR
    assert found.set_aside == ("pump",)
    assert saved(found, "heat") == pytest.approx(12_000)
    assert all_together(where, pump, elsewhere).set_aside == ()


def test_of_alternatives_only_the_better_counts() -> None:
    doors = that_saves("doors", saving("electricity", 0.3), cost=500, alternative_to=["curtains"])
    curtains = that_saves("curtains", saving("electricity", 0.1), cost=100)
    for order in ((doors, curtains), (curtains, doors)):
        found = all_together(site(electricity=1000), *order)
        assert found.set_aside == ("curtains",)
        assert saved(found) == pytest.approx(300)
        assert found.investment.typical == 500


def test_an_umbrella_counts_only_while_nothing_else_acts_on_its_resource() -> None:
    audit = that_saves("audit", saving("electricity", 0.1), saving("heat", 0.1), umbrella=True)
    lamps = that_saves("lamps", saving("electricity", 0.05))
    where = site(electricity=1000, heat=1000)
    assert saved(all_together(where, audit)) == pytest.approx(100)
    found = all_together(where, audit, lamps)
    assert saved(found) == pytest.approx(50)
    assert saved(found, "heat") == pytest.approx(100)
    assert (found.contained, found.partly) == ((), ("audit",))
    only_power = that_saves("audit", saving("electricity", 0.1), umbrella=True)
    beside = all_together(where, only_power, lamps)
    assert (beside.contained, beside.partly) == (("audit",), ())


def test_of_several_umbrellas_the_largest_counts_alone() -> None:
    audit = that_saves("audit", saving("electricity", 0.1), umbrella=True)
    staff = that_saves("staff", saving("electricity", 0.06), umbrella=True)
    found = all_together(site(electricity=1000), staff, audit)
    assert saved(found) == pytest.approx(100)
    assert found.contained == ("staff",)


def test_an_umbrella_on_all_costs_is_not_added_to_any_part_of_them() -> None:
    system = that_saves("system", saving("cost-resources", 0.05), umbrella=True)
    taps = that_saves("taps", saving("water", 0.1))
    where = site(cost_resources=10_000, water=100)
    assert saved(all_together(where, system), "cost-resources") == pytest.approx(500)
    assert saved(all_together(where, system, taps), "cost-resources") == 0
    green = that_saves("green", saving("refrigerant", 0.1))
    assert saved(all_together(site(cost_resources=10_000, refrigerant=5), system, green), "cost-resources") > 0


def test_an_umbrella_does_not_give_way_to_what_is_worth_nothing_known() -> None:
    system = that_saves("system", saving("cost-resources", 0.05), umbrella=True)
    bins = that_saves("bins", saving("waste", 0.1))
    where = site(unknown=["waste"], cost_resources=10_000, waste=100)
    found = all_together(where, system, bins)
    assert found.eur is not None
    assert found.eur.typical == pytest.approx(500)
    assert saved(found, "waste") == pytest.approx(10)
    assert found.contained == ()


# What is not known


def test_a_price_or_factor_that_is_not_known_is_named_and_left_out() -> None:
    both = that_saves("both", saving("electricity", 0.1), saving("water", 0.1))
    found = all_together(site(unknown=["water"], electricity=1000, water=50), both)
    assert saved(found, "water") == pytest.approx(5)
    assert found.eur is not None
    assert found.eur.typical == pytest.approx(20)
    assert found.missing == (Missing("price", resource="water"), Missing("factor", resource="water"))


def test_where_no_price_is_known_there_is_no_sum_of_money_rather_than_zero() -> None:
    taps = that_saves("taps", saving("water", 0.1), cost=10)
    found = all_together(site(unknown=["water"], water=50), taps)
    assert found.eur is None
    assert found.carbon is None
    assert found.payback is None


def test_a_switch_to_something_without_a_price_saves_no_known_money() -> None:
    pump = that_saves("pump", saving("heat", 0.8, "space-heating", adds_use=adding("electricity", 0.3)))
    walls = that_saves("walls", saving("heat", 0.25, "space-heating"))
    found = all_together(site([ROOMS], heat=50_000), pump, walls)
    assert found.eur is not None
    # only what the walls save of the 6,000 kWh still burnt
    assert found.eur.typical == pytest.approx(1500 * 0.08)
    assert Missing("price", resource="electricity") in found.missing


def test_what_the_site_does_not_tell_is_asked_for_by_name() -> None:
    other = {"base": "other", "end_use": "product-line"}
    asks = that_saves(
        "asks", saving("water", 0.1), saving("electricity", 0.1, "lighting"), {**saving("materials", 0.1), **other}
    )
    found = alone(site(electricity=1000, materials=1000), METHOD, Candidate(asks))
    assert found.missing == (
        Missing("use", "asks", "water"), Missing("share", "asks", "electricity", "lighting"),
        Missing("quantity", "asks", "materials", "product-line"),
    )  # fmt: skip
    assert found.certainty is None
    line = share("materials", "product-line", 0.5)
    assert alone(site([line], materials=1000), METHOD, Candidate(asks)).resources[0].saved == pytest.approx(
        Range(50, 50, 50)
    )


def freight(name: str, fraction: float) -> Measure:
    """A measure on the emissions of freight that is bought."""
    return that_saves(name, saving("co2e-transport", fraction, "freight", base="other"))


def test_a_quantity_that_is_no_part_of_the_sites_use_is_a_whole_of_its_own() -> None:
    own = that_saves("own", saving("co2e-transport", 0.5))
    rail, fewer = freight("rail", 0.5), freight("fewer", 0.2)
    where = site(co2e_transport=10)
    assert all_together(where, rail).missing == (Missing("quantity", "rail", "co2e-transport", "freight"),)
    told = replace(where, apart={("co2e-transport", "freight"): 30.0})
    # On 30 t of freight one after the other, 30 x (1 - 0.5 x 0.8), uncapped; of the own 10 t half, of which 40 % count.
    found = all_together(told, own, rail, fewer, by=METHOD)
    assert saved(found, "co2e-transport") == pytest.approx(18 + 4)
    assert found.carbon == pytest.approx(Range(22_000, 22_000, 22_000))
    assert found.certainty == "estimated"
    # What is told to be nothing saves nothing, and is not missing.
    none = all_together(replace(where, apart={("co2e-transport", "freight"): 0.0}), rail)
    assert (none.resources, none.missing) == ((), ())


def test_an_umbrella_gives_way_to_what_acts_on_a_quantity_apart_too() -> None:
    told = replace(site(co2e_transport=10), apart={("co2e-transport", "freight"): 30.0})
    plan = that_saves("plan", saving("co2e-transport", 0.1), umbrella=True)
    assert saved(all_together(told, plan), "co2e-transport") == pytest.approx(1)
    both = all_together(told, plan, freight("rail", 0.5))
    assert saved(both, "co2e-transport") == pytest.approx(15)
    assert both.contained == ("plan",)


def test_without_a_number_of_pieces_a_measure_is_outside_every_sum_and_its_piece_has_a_price() -> None:
    lamps = that_saves("lamps", saving("electricity", 0.1), investment=bought(10, 30, "per luminaire"))
    where = site(electricity=10_000)
    found = alone(where, METHOD, Candidate(lamps))
    assert found.piece == Range(10, 20, 30)
    assert found.investment is None
    assert found.resources[0].saved.typical == pytest.approx(1000)
    total = all_together(where, lamps)
    assert (total.set_aside, total.eur, total.hours) == (("lamps",), Range(0, 0, 0), 0)
    assert total.missing == (Missing("pieces", "lamps"),)
    counted = together(where, METHOD, [Candidate(lamps, pieces=4)])
    assert counted.investment == Range(40, 80, 120)
    assert saved(counted) == pytest.approx(1000)


# Worth, cost, time


def test_money_items_are_euros_and_emission_items_tonnes() -> None:
    contract = that_saves("contract", saving("cost-waste", 0.1), saving("co2e-total", 0.1))
    found = all_together(site(cost_waste=5000, co2e_total=20), contract)
    assert found.eur is not None
    assert found.carbon is not None
    assert found.eur.typical == pytest.approx(500)
    assert found.carbon.typical == pytest.approx(2000)


def test_a_change_of_contract_changes_no_location_based_emissions() -> None:
    green = that_saves("green", saving("co2e-electricity", 1))
    found = all_together(site(co2e_electricity=20), green)
    assert saved(found, "co2e-electricity") == pytest.approx(20, rel=1e-6)
    assert found.carbon == Range(0, 0, 0)


def test_the_payback_of_a_set_leaves_out_what_is_paid_for_savings_that_are_not_known() -> None:
    lamps = that_saves("lamps", saving("electricity", 0.1), cost=1000)
    taps = that_saves("taps", saving("water", 0.1), cost=500)
    course = that_saves("course", saving("electricity", 0), cost=400)
    where = site(unknown=["water"], electricity=10_000, water=50)
    found = all_together(where, lamps, taps, course)
    # EUR 1,000 and 400 for EUR 200 a year; the course is known to save nothing by itself, the taps save who knows what.
    assert found.investment.typical == 1900
    assert found.payback == pytest.approx(1400 / 200)
    assert found.unreckoned == ("taps",)
    alone_unknown = all_together(where, taps)
    assert (alone_unknown.payback, alone_unknown.unreckoned) == (None, ("taps",))
    free = all_together(where, that_saves("habit", saving("electricity", 0.1), cost=0), taps)
    assert (free.payback, free.unreckoned) == (None, ("taps",))


def test_payback_is_what_the_company_pays_itself_by_yearly_saving() -> None:
    lamps = that_saves("lamps", saving("electricity", 0.1), cost=1000)
    where = site(electricity=10_000)
    assert alone(where, METHOD, Candidate(lamps)).payback == pytest.approx(1000 / 200)
    half_paid = alone(where, METHOD, Candidate(lamps, funded=0.5))
    assert half_paid.payback == pytest.approx(2.5)
    assert half_paid.investment is not None
    assert half_paid.investment.typical == 1000
    assert formulas.simple_payback(0, 0) == 0
    assert formulas.simple_payback(10, 0) is None


def test_own_hours_go_by_difficulty() -> None:
    two = [that_saves(f"m{level}", saving("electricity", 0.1), difficulty=level) for level in (1, 3)]
    assert all_together(site(electricity=10), *two).hours == 4 + 80


# Ranges and certainty


def test_the_range_of_two_equal_savings_is_narrower_than_the_sum_of_their_ranges() -> None:
    # on different resources, so that nothing else joins them: +-100 EUR each, together +-141 EUR
    one = that_saves("one", saving("cost-waste", (0.1, 0.2, 0.3)))
    two = that_saves("two", saving("cost-it", (0.1, 0.2, 0.3)))
    found = all_together(site(cost_waste=1000, cost_it=1000), one, two)
    assert found.eur == pytest.approx(Range(400 - 20_000**0.5, 400, 400 + 20_000**0.5))


def test_a_share_widens_the_range_too() -> None:
    lamps = that_saves("lamps", saving("electricity", (0.3, 0.5, 0.7), "lighting"))
    wide = share("electricity", "lighting", 0.3, 0.2, 0.5)
    found = alone(site([wide], electricity=1000), METHOD, Candidate(lamps))
    # fraction moves 300 x 0.2 = 60; share moves 500 x 0.1 below and 500 x 0.2 above
    assert found.resources[0].saved == pytest.approx(Range(150 - 6100**0.5, 150, 150 + 13_600**0.5))


def test_a_range_stays_between_nothing_and_the_cap() -> None:
    wild = that_saves("wild", saving("electricity", (0, 0.3, 0.9)))
    found = alone(site(electricity=1000), METHOD, Candidate(wild)).resources[0].saved
    assert found == pytest.approx(Range(0, 300, 400), abs=1e-9)


def test_the_weakest_figure_decides_how_sure_a_total_is() -> None:
    sure = {"basis": "sourced", "confidence": "high", "source": "s"}
    sourced = that_saves("sourced", saving("electricity", 0.1, **sure))
    adapted = that_saves("adapted", saving("electricity", 0.1, **{**sure, "basis": "adapted"}))
    where = site(electricity=100)
    assert all_together(where, sourced).certainty == "sourced"
    assert all_together(where, sourced, adapted).certainty == "adapted"
    assert all_together(where, that_saves("guess", saving("electricity", 0.1)), adapted).certainty == "estimated"


def test_a_set_is_reckoned_from_candidates_made_ready_once() -> None:
    measures = [that_saves(name, saving("electricity", 0.1)) for name in ("a", "b", "c")]
    ready = Calculator(site(electricity=1000), UNCAPPED, [Candidate(found) for found in measures])
    assert saved(ready.together(["a"])) == pytest.approx(100)
    assert ready.together(["b", "a"]) == ready.together(["a", "b", "a"])
    assert ready.together([]).eur == Range(0, 0, 0)
