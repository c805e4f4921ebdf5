"""What an action saved, by a reading before and one after, each worked out by hand; odd figures are asked about."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assessment.core.checks.answers import Quantity
from assessment.core.plans import follow_up
from assessment.core.plans.follow_up import (
    NOTHING_NOTED,
    UNITS,
    Doubt,
    FollowUp,
    Forecast,
    Measured,
    MeasuredUse,
    Reading,
    measured,
    totals,
    tracked,
)

TODAY = date(2026, 11, 24)
YEAR_BEFORE = (date(2024, 1, 1), date(2024, 12, 30))
"""365 days: 2024 has one more."""
YEAR_AFTER = (date(2025, 7, 1), date(2026, 6, 30))


def amount(typed: str, unit: str = "kwh") -> Quantity:
    return Quantity(Decimal(typed), unit, typed)


def reading(typed: str, days: tuple[date, date], **more: Any) -> Reading:
    return Reading(more.pop("use", "electricity"), amount(typed), *days, **more)


LIGHTS = FollowUp(
    done_on=date(2025, 6, 20),
    before=reading("12000", YEAR_BEFORE),
    after=reading("7800", YEAR_AFTER),
)


def saving_of(noted: FollowUp) -> float:
    found = measured(noted)
    assert found is not None
    return found.saving


# The saving


def test_two_whole_years_are_compared_as_they_are() -> None:
    assert measured(LIGHTS) == Measured("electricity", 12000, 7800, corrected=False)
    assert saving_of(LIGHTS) == 4200
    assert follow_up.doubts(LIGHTS, TODAY) == ()


def test_readings_of_different_length_are_brought_to_a_year_each() -> None:
    # 3,000 kWh in 90 days are 12,166.7 kWh a year; 1,460 kWh in 73 days are 7,300.
    quarter = reading("3000", (date(2025, 1, 1), date(2025, 3, 31)))
    found = measured(replace(LIGHTS, before=quarter, after=reading("1460", (date(2025, 7, 1), date(2025, 9, 11)))))
    assert found is not None
    assert found.before == pytest.approx(3000 * 365 / 90)
    assert found.after == pytest.approx(7300)


def test_first_and_last_day_both_count() -> None:
    one_day = (date(2025, 7, 1), date(2025, 7, 1))
    assert reading("10", one_day).yearly == 3650


def test_more_made_raises_what_the_use_before_is_compared_with() -> None:
    # 12,000 kWh for 100 t are 120 kWh a tonne; for the 125 t of the year after that is 15,000, less 7,800.
    busier = replace(
        LIGHTS,
        before=replace(LIGHTS.before, activity=amount("100", "")),
        after=replace(LIGHTS.after, activity=amount("125", "")),
    )
    assert measured(busier) == Measured("electricity", 15000, 7800, corrected=True)


def test_the_correction_goes_by_the_activity_of_the_periods_themselves_whatever_their_length() -> None:
    # Heat of one winter month before, 2,000 kWh at 400 degree days, against 20 days with 200 at 700 kWh:
    # 2,000 x 200 / 400 - 700 = 300 kWh in 20 days, 5,475 a year at that rate.
    winter = FollowUp(
        before=reading("2000", (date(2025, 1, 1), date(2025, 1, 31)), use="heat", activity=amount("400", "")),
        after=reading("700", (date(2026, 2, 1), date(2026, 2, 20)), use="heat", activity=amount("200", "")),
    )
    assert saving_of(winter) == pytest.approx(300 * 365 / 20)


def test_the_same_activity_in_both_years_changes_nothing() -> None:
    alike = replace(
        LIGHTS,
        before=replace(LIGHTS.before, activity=amount("80", "")),
        after=replace(LIGHTS.after, activity=amount("80", "")),
    )
    assert saving_of(alike) == pytest.approx(4200)


def test_more_used_than_before_is_a_negative_saving_and_asked_about() -> None:
    worse = replace(LIGHTS, after=reading("13000", YEAR_AFTER))
    assert saving_of(worse) == -1000
    assert follow_up.doubts(worse, TODAY) == ("more-used",)


@pytest.mark.parametrize(
    "missing",
    [
        {"before": replace(LIGHTS.before, use="")}, {"after": replace(LIGHTS.after, use="heat")},
        {"before": Reading()}, {"after": replace(LIGHTS.after, amount=None)},
        {"after": replace(LIGHTS.after, last=None)}, {"before": reading("12000", YEAR_BEFORE[::-1])},
        {"before": reading("-12000", YEAR_BEFORE)},
    ],
)  # fmt: skip
def test_without_two_whole_readings_there_is_no_saving(missing: dict[str, Any]) -> None:
    assert measured(replace(LIGHTS, **missing)) is None


def test_an_unusable_reading_has_no_year() -> None:
    with pytest.raises(ValueError, match="needs its amount"):
        _ = Reading("electricity", amount("1")).yearly


# Doubts: each is asked about, nothing is refused


@pytest.mark.parametrize(
    ("doubt", "change"),
    [
        ("incomplete", {"after": Reading()}),
        ("incomplete", {"after": replace(LIGHTS.after, amount=None)}),
        ("no-use", {"before": replace(LIGHTS.before, use="")}),
        ("uses-differ", {"after": replace(LIGHTS.after, use="heat")}),
        ("backwards", {"before": reading("12000", YEAR_BEFORE[::-1])}),
        ("not-over", {"after": reading("7800", (YEAR_AFTER[0], date(2027, 6, 30)))}),
        ("overlap", {"after": reading("7800", (date(2024, 12, 1), date(2025, 12, 31)))}),
        ("before-done", {"after": reading("7800", (date(2025, 6, 1), date(2026, 6, 30)))}),
        ("part-of-year", {"after": reading("2000", (date(2025, 7, 1), date(2025, 9, 30)))}),
        ("units-differ", {"after": Reading("electricity", Quantity(Decimal(7800), "mwh", "7.8"), *YEAR_AFTER)}),
        ("far-apart", {"after": reading("1200", YEAR_AFTER)}),
        ("far-apart", {"after": reading("120000", YEAR_AFTER)}),
        ("small", {"after": reading("11900", YEAR_AFTER)}),
        ("negative", {"before": reading("-12000", YEAR_BEFORE)}),
        ("too-much", {"before": reading("1000000000001", YEAR_BEFORE)}),
        ("one-activity", {"after": replace(LIGHTS.after, activity=amount("100", ""))}),
        ("cost-negative", {"cost": amount("-1", "eur")}),
        ("cost-high", {"cost": amount("10000001", "eur")}),
        ("done-before-start", {"started_on": date(2025, 6, 21)}),
        ("done-later", {"done_on": date(2026, 11, 25)}),
    ],
)
def test_what_looks_odd_is_asked_about(doubt: Doubt, change: dict[str, Any]) -> None:
    assert doubt in follow_up.doubts(replace(LIGHTS, **change), TODAY)


def test_a_correction_for_the_weather_settles_a_part_of_a_year() -> None:
    part = replace(
        LIGHTS,
        before=replace(LIGHTS.before, activity=amount("2400", "")),
        after=reading("2000", (date(2025, 7, 1), date(2025, 9, 30)), activity=amount("600", "")),
    )
    assert "part-of-year" not in follow_up.doubts(part, TODAY)


def test_nothing_noted_raises_no_doubt() -> None:
    assert follow_up.doubts(NOTHING_NOTED, TODAY) == ()
    assert not NOTHING_NOTED
    assert FollowUp(besides="a hot summer")


# What is kept


def test_everything_noted_comes_back_from_its_json_to_the_last_digit() -> None:
    noted = replace(
        LIGHTS, planned_for=date(2025, 5, 1), cost=Quantity(Decimal("1850.50"), "eur", "1 850,50"), besides="Новa oven",
        activity_name="loaves", before=replace(LIGHTS.before, basis="bill", activity=amount("0.10", "")),
    )  # fmt: skip
    assert follow_up.read(follow_up.write(noted)) == noted
    assert follow_up.write(NOTHING_NOTED) == "{}"


def test_every_use_has_one_base_unit_and_it_comes_first() -> None:
    for use, units in UNITS.items():
        assert next(iter(units.values())) == 1, use
        assert [unit for unit, factor in units.items() if factor == 1] == [next(iter(units))], use


# Forecast and measured


def forecast(typical: float, use: MeasuredUse = "electricity", spread: float = 1000) -> Forecast:
    return Forecast(use, typical - spread, typical, typical + 2 * spread)


def found(saving: float, use: MeasuredUse = "electricity") -> Measured:
    return Measured(use, 20000, 20000 - saving, corrected=False)


@pytest.mark.parametrize(
    ("saving", "verdict"), [(2999, "below"), (3000, "within"), (4200, "within"), (6000, "within"), (6001, "above")]
)
def test_a_saving_lies_below_within_or_above_its_forecast(saving: float, verdict: str) -> None:
    assert follow_up.verdict_of(forecast(4000), saving) == verdict


def test_only_an_action_with_both_figures_of_one_use_is_compared() -> None:
    assert tracked([forecast(4000)], None) is None
    assert tracked([forecast(4000)], found(300, "water")) is None
    both = tracked([forecast(50, "water"), forecast(4000)], found(4200))
    assert both == (forecast(4000), found(4200))


def test_a_total_adds_what_is_typical_and_what_was_measured_and_its_range_is_no_sum_of_highs() -> None:
    pairs = [(forecast(4000), found(4200)), (forecast(3000), found(1800)), (forecast(50, "water"), found(60, "water"))]
    electricity, water = totals(pairs)
    assert electricity.forecast.typical == 7000
    assert electricity.forecast.low == pytest.approx(7000 - 2**0.5 * 1000)
    assert electricity.forecast.high == pytest.approx(7000 + 2**0.5 * 2000)
    assert (electricity.saving, electricity.actions, electricity.verdict) == (6000, 2, "within")
    assert (water.forecast.use, water.saving, water.actions) == ("water", 60, 1)


def test_one_meter_read_for_two_actions_counts_once() -> None:
    (total,) = totals([(forecast(4000), found(5000)), (forecast(1500), found(5000))])
    assert (total.saving, total.forecast.typical, total.actions) == (5000, 5500, 2)
    assert follow_up.saved_by_use([found(5000), found(5000), found(9, "water")]) == {"electricity": 5000, "water": 9}
