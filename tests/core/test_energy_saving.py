"""Energy of several resources in one figure."""

import pytest

from assessment.core.money.energy_saving import energy_saved
from assessment.core.money.savings import ResourceSaving
from assessment.core.money.uses import NOTHING, Range
from assessment.core.resources.entries import Use


def line(resource: Use, saved: Range = NOTHING, added: Range = NOTHING) -> ResourceSaving:
    return ResourceSaving(resource, saved, added, None, None)


def test_kilowatt_hours_add_up_and_their_ranges_as_root_sum_of_squares() -> None:
    found = energy_saved([line("electricity", Range(70, 100, 140)), line("heat", Range(160, 200, 230))])
    assert found == pytest.approx((300 - 50, 300, 300 + 50))


def test_what_a_switch_adds_is_taken_off() -> None:
    found = energy_saved([line("heat", Range(900, 900, 900)), line("electricity", added=Range(200, 300, 350))])
    assert found == pytest.approx((600 - 50, 600, 600 + 100))


def test_water_and_costs_are_no_energy_and_nothing_saved_is_none() -> None:
    assert energy_saved([line("water", Range(1, 2, 3)), line("cost-energy", Range(1, 2, 3))]) is None
    assert energy_saved([line("electricity")]) is None
