"""Reads the factors, prices and benchmarks of the catalogue.

    factors/about.yaml, sources.yaml, lines.yaml      the data set, its publications, the lines of a resource sheet
    factors/prices.yaml, conversions.yaml             prices with their bands, heating values and other conversions
    factors/<anything else>.yaml                      emission factors, by subject
    benchmarks/about.yaml, sources.yaml               the data set; publications that the measures do not name
    benchmarks/end-uses-<resource>.yaml               where a resource goes, by line of business
    benchmarks/{intensities,costs,potentials,uptake}.yaml

Flaws go to the reader; what figures mean to each other is `content/resources/figure_checks.py`'s business.
"""

from collections.abc import Mapping
from pathlib import Path

from assessment.content.reading import Placed, Reader, repeated
from assessment.content.resources.figure_checks import FactorFiles, benchmark_flaws, factor_flaws
from assessment.core.model import Model, Slug
from assessment.core.money.benchmarks import (
    AboutBenchmarks,
    Benchmarks,
    CostShare,
    EndUseSplit,
    Intensity,
    Potential,
    UptakeStatistic,
)
from assessment.core.money.factor_lookups import Factors
from assessment.core.money.factors import About, Conversion, Factor, FigureSource, FuelValues, Price, PriceBand
from assessment.core.money.sheet_lines import SheetLine
from assessment.core.resources.entries import Source

SHARED = frozenset({"about.yaml", "sources.yaml", "lines.yaml", "prices.yaml", "conversions.yaml"})


class _FactorSeries(Model):
    factors: tuple[Factor, ...]


class _FactorFile(Model):
    series: tuple[_FactorSeries, ...]


class _PriceSeries(Model):
    prices: tuple[Price, ...]


class _PriceFile(Model):
    bands: tuple[PriceBand, ...]
    series: tuple[_PriceSeries, ...]


class _ConversionFile(Model):
    fuels: FuelValues
    conversions: tuple[Conversion, ...]


class _LineFile(Model):
    lines: tuple[SheetLine, ...]


class _FigureSources(Model):
    sources: Mapping[Slug, FigureSource]


class _Sources(Model):
    sources: Mapping[Slug, Source]


class _EndUses(Model):
    end_uses: tuple[EndUseSplit, ...]


class _Intensities(Model):
    intensities: tuple[Intensity, ...]


class _Costs(Model):
    cost_structure: tuple[CostShare, ...]


class _Potentials(Model):
    potentials: tuple[Potential, ...]


class _Uptake(Model):
    uptake: tuple[UptakeStatistic, ...]


def read_factors(reader: Reader, folder: Path) -> Factors | None:
    """The factors of a folder; None, and flaws with the reader, where something is wrong."""
    before = len(reader.flaws)
    about = reader.model(folder / "about.yaml", About)
    sources = reader.model(folder / "sources.yaml", _FigureSources)
    lines = reader.entries([folder / "lines.yaml"], _LineFile, "lines", lambda file: file.lines)
    prices = reader.model(folder / "prices.yaml", _PriceFile)
    conversions = reader.model(folder / "conversions.yaml", _ConversionFile)
    subjects = [path for path in sorted(folder.glob("*.yaml")) if path.name not in SHARED]
    factors = reader.series(subjects, _FactorFile, "factors", lambda file: (series.factors for series in file.series))
    if about is None or sources is None or prices is None or conversions is None or len(reader.flaws) > before:
        return None
    priced = [
        Placed(price, prices[1], ("series", at, "prices", position))
        for at, series in enumerate(prices[0].series)
        for position, price in enumerate(series.prices)
    ]
    converted = [Placed(one, conversions[1], ("conversions", at)) for at, one in enumerate(conversions[0].conversions)]
    reader.flaws.extend(repeated([*factors, *priced, *converted, *lines]))
    found = Factors(
        about=about[0], factors={one.entry.id: one.entry for one in factors},
        prices={one.entry.id: one.entry for one in priced}, bands=prices[0].bands, fuels=conversions[0].fuels,
        conversions={one.entry.id: one.entry for one in converted}, sources=sources[0].sources,
        lines={one.entry.id: one.entry for one in lines},
    )  # fmt: skip
    files = FactorFiles(factors, priced, converted, lines, prices[1], conversions[1])
    reader.flaws.extend(factor_flaws(found, files))
    return found if len(reader.flaws) == before else None


def read_benchmarks(reader: Reader, folder: Path, known: Mapping[str, Source] | None) -> Benchmarks | None:
    """The benchmarks of a folder. They may name what the measures name (`known`; None where that cannot be read)."""
    before = len(reader.flaws)
    about = reader.model(folder / "about.yaml", AboutBenchmarks)
    sources = reader.model(folder / "sources.yaml", _Sources)
    splits = reader.entries(sorted(folder.glob("end-uses-*.yaml")), _EndUses, "end_uses", lambda file: file.end_uses)
    intensities = reader.entries(
        [folder / "intensities.yaml"], _Intensities, "intensities", lambda file: file.intensities
    )
    costs = reader.entries([folder / "costs.yaml"], _Costs, "cost_structure", lambda file: file.cost_structure)
    potentials = reader.entries([folder / "potentials.yaml"], _Potentials, "potentials", lambda file: file.potentials)
    uptake = reader.entries([folder / "uptake.yaml"], _Uptake, "uptake", lambda file: file.uptake)
    if about is None or sources is None or len(reader.flaws) > before:
        return None
    reader.flaws.extend(repeated([*splits, *intensities, *costs, *potentials, *uptake]))
    named = None if known is None else {*known, *sources[0].sources}
    reader.flaws.extend(benchmark_flaws(splits, [*splits, *intensities, *costs, *potentials, *uptake], named))
    if len(reader.flaws) > before:
        return None
    return Benchmarks(
        about=about[0], end_uses=tuple(one.entry for one in splits),
        intensities=tuple(one.entry for one in intensities), cost_structure=tuple(one.entry for one in costs),
        potentials=tuple(one.entry for one in potentials), uptake=tuple(one.entry for one in uptake),
        sources=sources[0].sources,
    )  # fmt: skip
