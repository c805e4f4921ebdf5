"""Intensities: a year's use for each employee, square metre and 1,000 EUR of turnover, beside what is typical.

A typical range is shown where the benchmarks have one for the line of business (longest NACE code first), with its
source, year and country; else the intensity stands alone, to be compared with the next year's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assessment.core.money.benchmarks import Basis, Benchmarks, Intensity, IntensityResource
from assessment.core.money.footprint import Footprint
from assessment.core.money.sheet import FLOOR_AREA, PEOPLE, TURNOVER, ResourceSheet
from assessment.core.resources.entries import Use

Compared = Literal["electricity", "heat", "energy", "transport", "water", "waste", "co2e"]

USES: Mapping[Compared, tuple[Use, ...]] = {
    "electricity": ("electricity",), "heat": ("heat",), "energy": ("electricity", "heat"), "transport": ("transport",),
    "water": ("water",), "waste": ("waste",),
}  # fmt: skip

THOUSAND = Decimal(1000)


@dataclass(frozen=True, slots=True)
class IntensityRow:
    """`value` is in the base unit of the resource (kWh, m3, t; kg CO2e) for each employee, m2 or 1,000 EUR.

    `low`, `typical` and `high` are those of the benchmark in the same unit. `estimated`: made from an estimate, so
    that comparing it with a benchmark says nothing about the company.
    """

    resource: Compared
    per: Basis
    value: Decimal
    estimated: bool
    benchmark: Intensity | None = None
    low: Decimal | None = None
    typical: Decimal | None = None
    high: Decimal | None = None


def intensities_of(sheet: ResourceSheet, footprint: Footprint, benchmarks: Benchmarks) -> tuple[IntensityRow, ...]:
    """The intensities of a sheet; `co2e` is scope 1 and 2, location-based."""
    return tuple(_rows(sheet, footprint, benchmarks))


def _rows(sheet: ResourceSheet, footprint: Footprint, benchmarks: Benchmarks) -> Iterator[IntensityRow]:
    turnover = sheet.amount(TURNOVER)
    sizes: dict[Basis, Decimal | None] = {
        "employee": sheet.amount(PEOPLE), "m2": sheet.amount(FLOOR_AREA),
        "turnover": None if turnover is None else turnover / THOUSAND,
    }  # fmt: skip
    for resource, amount, estimated in _amounts(sheet, footprint):
        for per, size in sizes.items():
            if size:
                row = IntensityRow(resource, per, amount / size, estimated)
                yield row if estimated else _beside(row, sheet, benchmarks)


def _amounts(sheet: ResourceSheet, footprint: Footprint) -> Iterator[tuple[Compared, Decimal, bool]]:
    for resource, uses in USES.items():
        rows = [row for use in uses for row in sheet.of(use)]
        if all(sheet.of(use) for use in uses):
            total = sum((row.amount for row in rows if row.amount is not None), Decimal(0))
            yield resource, total, any(row.basis == "our-estimate" for row in rows)
    lines = [line for line in footprint.lines if line.scope < 3]
    if lines:
        total = footprint.total("location", (1, 2))
        yield "co2e", total, any(line.row.basis == "our-estimate" for line in lines)


def _beside(row: IntensityRow, sheet: ResourceSheet, benchmarks: Benchmarks) -> IntensityRow:
    resource: IntensityResource = row.resource
    found = benchmarks.intensity(resource, row.per, sheet.nace, sheet.traits)
    if found is None:
        return row
    return IntensityRow(
        row.resource, row.per, row.value, row.estimated, found,
        *(None if figure is None else figure * found.factor for figure in (found.low, found.typical, found.high)),
    )  # fmt: skip
