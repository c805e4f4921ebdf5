"""Factors, prices and benchmarks as files: what their authors get wrong is told with file, line, place and cure."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assessment.content.checks.texts import addresses
from assessment.content.folders import CATALOGUE
from assessment.content.resources.catalogue import load_catalogue
from assessment.core.errors import Flaw, InvalidContent
from tests.content.test_catalogue import FILES

LINES, FACTORS, PRICES = "factors/lines.yaml", "factors/all.yaml", "factors/prices.yaml"
CONVERSIONS, END_USES = "factors/conversions.yaml", "benchmarks/end-uses-electricity.yaml"
INTENSITIES, COSTS = "benchmarks/intensities.yaml", "benchmarks/costs.yaml"

FIRST_SPLIT = "    basis: estimate\n    confidence: low\n"
SECOND_SPLIT = (
    FIRST_SPLIT + "  - {id: agencies, sector: Agencies, nace: [J], resource: electricity, shares: {lighting: 1},\n"
    "     complete: true, basis: estimate, confidence: low}\n"
)

BREAKS: dict[str, tuple[tuple[str, str, str], str]] = {
    "a factor's source": (
        (FACTORS, "subject: oil, value: 2.7", "subject: oil, source: gone, value: 2.7"), "There is no source gone.",
    ),
    "a price's source": (
        (PRICES, "band: large, value", "band: large, source: gone, value"), "There is no source gone.",
    ),
    "the heating values' source": ((CONVERSIONS, "source: agency", "source: gone"), "There is no source gone."),
    "a benchmark's source": ((INTENSITIES, "source: survey", "source: gone"), "There is no source gone."),
    "a source without licence": (("factors/sources.yaml", ", licence: CC BY 4.0", ""), "`licence` is missing."),
    "a figure from nowhere": ((FACTORS, "gas_basis: CO2e, source: agency, confidence: seen}",
                               "gas_basis: CO2e, confidence: derived}"), "Nothing says where this figure comes from."),
    "a figure seen nowhere": (
        (FACTORS, "CO2e, source: agency, confidence: seen}", "CO2e, basis: told, confidence: seen}"),
        "A figure that was seen names no source.",
    ),
    "two defaults for the same": ((FACTORS, "geography: EU}", "geography: BG}"),
                                  "grid-bg is the default for the same already."),
    "a default without value": ((FACTORS, "value: 0.2,", "value: null, note: none published,"),
                                "An entry without a value cannot be the default."),
    "no value and no reason": ((FACTORS, "value: 2.7,", "value: null,"), "There is no value, and nothing says why."),
    "a negative factor": ((FACTORS, "value: 0.4", "value: -0.4"),
                          "`-0.4` does not fit here: it is below 0."),
    "a factor too large": ((FACTORS, "value: 0.4", "value: 400"), "400 kgCO2e/kWh is more than anything emits."),
    "an unknown unit": ((FACTORS, "unit: kgCO2e/t", "unit: kgCO2e/sack"), "`kgCO2e/sack` does not fit here"),
    "an id twice": ((FACTORS, "id: grid-eu", "id: grid-bg"), "The id grid-bg is used twice, first in all.yaml."),
    "a price too high": ((PRICES, "value: 0.15", "value: 15"), "15 EUR/kWh is dearer than anything is."),
    "a price for the same twice": ((PRICES, "band: large, value: 0.12", "band: small, value: 0.12"),
                                   "price-bg-small is the price for the same already."),
    "prices in two units": ((PRICES, "band: large, value", "band: large, unit: EUR/litre, value"),
                            "Other prices of electricity are for each kWh."),
    "an unknown band": ((PRICES, "band: large, value", "band: huge, value"), "There is no band huge of electricity."),
    "a gap between bands": ((PRICES, "from: 20000", "from: 30000"),
                            "The band does not begin where the one before it ends."),
    "a heating value that does not follow": ((CONVERSIONS, "kwh_per_litre: 10.0333", "kwh_per_litre: 9.0333"),
                                             "9.0333 does not follow from the heating value and the density."),
    "no ratio of gross to net": ((CONVERSIONS, "id: gas-gross-to-net", "id: gross"),
                                 "There is no conversion gas-gross-to-net."),
    "a line's factor": ((LINES, "factor: fuel-oil-litre", "factor: fuel-oil-kg"), "There is no factor fuel-oil-kg."),
    "no way to a factor's unit": ((LINES, ", through: oil", ""),
                                  "Nothing leads from kWh to the litre of fuel-oil-litre."),
    "no way to a choice's unit": ((LINES, "unit: t, choice", "unit: m3, choice"),
                                  "Nothing leads from m3 to the t of waste-landfill."),
    "a line's commodity": ((LINES, "commodity: electricity", "commodity: power"), "Nothing has a price as power."),
    "two ways to emissions": ((LINES, "grid: true", "grid: true, choice: {scope: 3, part: treatment, group: waste}"),
                              "A line has emissions of the grid, of its own, or by choice."),
    "two lines of estimates": ((LINES, "resource: waste, unit: t", "resource: electricity, unit: t, estimated: true"),
                               "What is estimated of electricity stands on electricity already."),
    "shares below 1": ((END_USES, "other: 0.6", "other: 0.5"), "The shares add up to 0.9, not to 1."),
    "shares above 1": ((END_USES, "other: 0.6}\n    complete: true", "other: 0.8}\n    complete: false"),
                       "The shares add up to 1.2, more than there is."),
    "two splits for the same": ((END_USES, FIRST_SPLIT, SECOND_SPLIT),
                                "offices says already where the electricity of J goes."),
    "an intensity out of order": ((INTENSITIES, "low: 800", "low: 8000"),
                                  "`low`, `typical` and `high` are not in order."),
    "an intensity's unknown unit": ((INTENSITIES, "unit: kWh/employee", "unit: kWh/desk"),
                                    "`kWh/desk` does not fit here"),
    "a share of cost above 1": ((COSTS, "value: 0.4", "value: 1.4"), "`1.4` does not fit here"),
}  # fmt: skip


def written(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """The good folder with some places changed."""
    files = dict(FILES)
    for name, old, new in changes:
        assert old in files[name], f"{old!r} is not in {name}"
        files[name] = files[name].replace(old, new, 1)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def flaws_of(folder: Path) -> list[Flaw]:
    """What is wrong with a folder."""
    with pytest.raises(InvalidContent) as refused:
        load_catalogue(folder)
    return list(refused.value.flaws)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails where the block takes more processor time."""
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


def test_the_good_folder_is_read_and_what_a_series_shares_holds_for_each_entry(tmp_path: Path) -> None:
    held = load_catalogue(written(tmp_path)).factors
    factor = held.factors["grid-bg"]
    assert (str(factor.value), factor.source, factor.scope, factor.default) == ("0.4", "agency", "2", True)


@pytest.mark.parametrize("name", BREAKS)
def test_a_mistake_is_told_with_its_place_and_a_cure(name: str, tmp_path: Path) -> None:
    change, message = BREAKS[name]
    folder = written(tmp_path, change)
    flaws = [flaw for flaw in flaws_of(folder) if flaw.message.startswith(message)]
    assert len(flaws) == 1, flaws_of(folder)
    flaw = flaws[0]
    assert flaw.file == str(folder / change[0])
    assert flaw.line > 1
    assert flaw.cure


def test_mistakes_of_several_files_are_told_at_once(tmp_path: Path) -> None:
    names = ("a heating value that does not follow", "a line's factor", "a benchmark's source")
    folder = written(tmp_path, *(BREAKS[name][0] for name in names))
    assert {flaw.message for flaw in flaws_of(folder)} == {BREAKS[name][1] for name in names}


def test_an_entry_may_say_otherwise_than_its_series(tmp_path: Path) -> None:
    changed = (FACTORS, "geography: EU}", "geography: EU, year: 2020}")
    held = load_catalogue(written(tmp_path, changed)).factors
    assert [held.factors[name].year for name in ("grid-bg", "grid-eu")] == [2024, 2020]


def test_what_ships_is_sound_and_read_in_well_under_a_second() -> None:
    with within(0.7):
        load_catalogue(CATALOGUE)


def test_the_labels_of_lines_and_the_notes_of_figures_can_be_translated() -> None:
    found = addresses(load_catalogue(CATALOGUE))
    assert found["factors.lines.natural-gas.label"] == "Natural gas"
    assert any(address.endswith("grid-ee-location-eea2024.note") for address in found)
