"""What factors, prices and benchmarks must satisfy beyond the shape of one entry: mistakes, each with its cure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessment.content.reading import Placed, no_source
from assessment.content.strict_yaml import Document
from assessment.core.errors import Flaw
from assessment.core.money.benchmarks import CostShare, EndUseSplit, Intensity, Potential, UptakeStatistic
from assessment.core.money.factor_lookups import GROSS_TO_NET, Factors
from assessment.core.money.factors import Conversion, Factor, FuelValue, Per, Price
from assessment.core.money.sheet_lines import LineChoice, SheetLine

MOST_EMITTED: dict[Per, Decimal] = {
    "kWh": Decimal("1.5"), "kWh-net": Decimal(1), "kWh-gross": Decimal(1), "litre": Decimal(5), "kg": Decimal(30000),
    "t": Decimal(50000), "m3": Decimal(10), "km": Decimal(3), "passenger-km": Decimal(1), "t-km": Decimal(10),
    "room-night": Decimal(200), "fte-hour": Decimal(5), "kg-n": Decimal(50),
}  # fmt: skip
"""kg for each unit above which a factor is a slip of the pen: coal power stays below 1.5, SF6 below 30,000."""

DEAREST: dict[Per, Decimal] = {
    "kWh": Decimal(2), "kWh-gross": Decimal(1), "litre": Decimal(10), "kg": Decimal(1000), "m3": Decimal(50),
    "t": Decimal(5000),
}  # fmt: skip
"""Euros for each unit above which a price is a slip of the pen."""

ROUNDED = Decimal("0.00006")
"""How far a heating value of four decimals may lie from what it follows from."""

Benchmark = EndUseSplit | Intensity | CostShare | Potential | UptakeStatistic


@dataclass(frozen=True)
class FactorFiles:
    """Where the parts of the factors were written."""

    factors: Sequence[Placed[Factor]]
    prices: Sequence[Placed[Price]]
    conversions: Sequence[Placed[Conversion]]
    lines: Sequence[Placed[SheetLine]]
    price_file: Document
    conversion_file: Document


def factor_flaws(found: Factors, files: FactorFiles) -> Iterator[Flaw]:
    """Everything that is wrong with the factors, prices, conversions and lines."""
    figures: list[Placed[Factor] | Placed[Price] | Placed[Conversion]] = [*files.factors, *files.prices]
    for placed in (*figures, *files.conversions):
        source = placed.entry.source
        if source is not None and source not in found.sources:
            yield placed.flaw("source", *no_source(source))
    yield from _two_defaults(files.factors)
    for factor in files.factors:
        yield from _factor_flaws(factor)
    yield from _price_flaws(found, files)
    yield from _fuel_flaws(found, files.conversion_file)
    for line in files.lines:
        yield from _line_flaws(found, line)
    yield from _two_estimated(files.lines)


def _two_defaults(factors: Sequence[Placed[Factor]]) -> Iterator[Flaw]:
    seen: dict[tuple[object, ...], str] = {}
    for placed in factors:
        factor = placed.entry
        meaning = (factor.group, factor.subject, factor.mode, factor.geography, factor.unit)
        if factor.default and meaning in seen:
            message = f"{seen[meaning]} is the default for the same already."
            yield placed.flaw("default", message, "Keep `default: true` on one of them.")
        if factor.default:
            seen.setdefault(meaning, factor.id)


def _factor_flaws(placed: Placed[Factor]) -> Iterator[Flaw]:
    factor = placed.entry
    if factor.value is None:
        if factor.note is None:
            yield placed.flaw("value", "There is no value, and nothing says why.", "Add a value, or a `note`.")
        if factor.default:
            yield placed.flaw("default", "An entry without a value cannot be the default.", "Remove `default`.")
    elif factor.value > MOST_EMITTED[factor.per]:
        message = f"{factor.value} {factor.unit} is more than anything emits."
        yield placed.flaw("value", message, "Check the figure and its unit.")


def _price_flaws(found: Factors, files: FactorFiles) -> Iterator[Flaw]:
    bands = {(band.commodity, band.id) for band in found.bands}
    seen: dict[tuple[object, ...], str] = {}
    for placed in files.prices:
        price = placed.entry
        key = (price.commodity, price.geography, price.band, price.period)
        if key in seen and price.value is not None:
            yield placed.flaw("id", f"{seen[key]} is the price for the same already.", "Keep one of them.")
        if price.value is not None:
            seen.setdefault(key, price.id)
        if price.per != found.price_unit(price.commodity):
            message = f"Other prices of {price.commodity} are for each {found.price_unit(price.commodity)}."
            yield placed.flaw("unit", message, "Give all of them in one unit.")
        if price.band is not None and (price.commodity, price.band) not in bands:
            message = f"There is no band {price.band} of {price.commodity}."
            yield placed.flaw("band", message, "Add it under `bands:`, or correct it.")
        if price.value is not None and price.value > DEAREST[price.per]:
            message = f"{price.value} {price.unit} is dearer than anything is."
            yield placed.flaw("value", message, "Check the figure and its unit.")
    for at, band in enumerate(found.bands):
        earlier = [other for other in found.bands[:at] if other.commodity == band.commodity]
        if band.from_ != (earlier[-1].below if earlier else 0) or band.below <= band.from_:
            line = files.price_file.line_of(("bands", at, "from"))
            message = "The band does not begin where the one before it ends."
            yield Flaw(str(files.price_file.path), line, f"{band.id}.from", message, "Begin at 0 and leave no gap.")


def _fuel_flaws(found: Factors, document: Document) -> Iterator[Flaw]:
    if found.fuels.source is not None and found.fuels.source not in found.sources:
        line = document.line_of(("fuels", "source"))
        yield Flaw(str(document.path), line, "fuels.source", *no_source(found.fuels.source))
    if GROSS_TO_NET not in found.conversions:
        message = f"There is no conversion {GROSS_TO_NET}."
        yield Flaw(str(document.path), document.line_of(("conversions",)), "conversions", message, "Add it.")
    seen: set[str] = set()
    for at, fuel in enumerate(found.fuels.values):
        place = ("fuels", "values", at)
        if fuel.id in seen:
            message = f"The heating value {fuel.id} is given twice."
            yield Flaw(str(document.path), document.line_of(place), f"{fuel.id}.id", message, "Keep one of them.")
        seen.add(fuel.id)
        for name, written, follows in _heating_values(fuel):
            if written is not None and (follows is None or abs(written - follows) > ROUNDED):
                message = f"{written} does not follow from the heating value and the density."
                cure = "Write the MJ per kg / 3.6, times the density, with four decimals."
                yield Flaw(str(document.path), document.line_of((*place, name)), f"{fuel.id}.{name}", message, cure)


def _heating_values(fuel: FuelValue) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    yield "kwh_per_kg", fuel.kwh_per_kg, fuel.kwh_per("kg")
    yield "kwh_per_litre", fuel.kwh_per_litre, fuel.kwh_per("litre")
    yield "kwh_per_m3", fuel.kwh_per_m3, fuel.kwh_per("m3")


def _line_flaws(found: Factors, placed: Placed[SheetLine]) -> Iterator[Flaw]:
    line = placed.entry
    for emission in line.emissions:
        factor = found.factors.get(emission.factor)
        if factor is None:
            yield placed.flaw("emissions", f"There is no factor {emission.factor}.", "Correct the id.")
        elif found.amount_in(factor.per, line.unit, emission.through) is None:
            message = f"Nothing leads from {line.unit} to the {factor.per} of {factor.id}."
            yield placed.flaw("emissions", message, "Name the heating value under `through`, or another factor.")
    for unit in line.units:
        if found.typed_in(unit, line) is None:
            message = f"Nothing leads from {line.unit} to {unit}."
            yield placed.flaw("units", message, "Name the heating value under `through`, or take the unit away.")
    if line.part_of is not None and (line.part_of not in found.lines or found.lines[line.part_of].part_of):
        message = f"{line.part_of} is no line that this could be a part of."
        yield placed.flaw("part_of", message, "Name a line that is no part itself.")
    if line.choice is not None:
        yield from _choice_flaws(found, placed, line.choice)
    if line.price is not None:
        prices = [price for price in found.prices.values() if price.commodity == line.price.commodity]
        if not prices:
            yield placed.flaw("price", f"Nothing has a price as {line.price.commodity}.", "Correct the commodity.")
        for price in prices:
            if found.amount_in(price.per, line.unit, line.price.through) is None:
                message = f"Nothing leads from {line.unit} to the {price.per} of {price.id}."
                yield placed.flaw("price", message, "Name the heating value under `through`.")


def _choice_flaws(found: Factors, placed: Placed[SheetLine], choice: LineChoice) -> Iterator[Flaw]:
    factors = [factor for factor in found.factors.values() if factor.group == choice.group]
    for subject in set(choice.subjects) - {factor.subject for factor in factors}:
        yield placed.flaw("choice", f"No factor of {choice.group} is about {subject}.", "Correct it.")
    for factor in factors:
        if found.amount_in(factor.per, placed.entry.unit) is None:
            message = f"Nothing leads from {placed.entry.unit} to the {factor.per} of {factor.id}."
            yield placed.flaw("choice", message, "Choose another group, or another unit.")


def _two_estimated(lines: Sequence[Placed[SheetLine]]) -> Iterator[Flaw]:
    seen: dict[str, str] = {}
    for placed in lines:
        line = placed.entry
        if line.estimated and line.resource is not None:
            if line.resource in seen:
                message = f"What is estimated of {line.resource} stands on {seen[line.resource]} already."
                yield placed.flaw("estimated", message, "Keep `estimated: true` on one of them.")
            seen.setdefault(line.resource, line.id)


def benchmark_flaws(
    splits: Sequence[Placed[EndUseSplit]], placed: Sequence[Placed[Benchmark]], sources: Collection[str] | None
) -> Iterator[Flaw]:
    """Everything that is wrong with the benchmarks."""
    for one in placed:
        if sources is not None and one.entry.source is not None and one.entry.source not in sources:
            yield one.flaw("source", *no_source(one.entry.source))
    seen: dict[tuple[object, ...], str] = {}
    for split in splits:
        if not split.entry.complete:
            continue
        for code in split.entry.nace:
            key = (split.entry.resource, code, split.entry.trait)
            if key in seen:
                message = f"{seen[key]} says already where the {split.entry.resource} of {code} goes."
                yield split.flaw("nace", message, "Keep one of them, or name the divisions.")
            seen.setdefault(key, split.entry.id)
