"""From a reckoning to the money of a plan, as its pages and files show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.core.money.energy_saving import ENERGY, energy_saved, energy_used
from assessment.core.money.footprint import Footprint, FootprintLine
from assessment.core.money.savings import ResourceSaving, Saving, Totals
from assessment.core.money.sheet import ResourceSheet, Row
from assessment.core.money.uses import Range, Site
from assessment.core.plans.paying_back import payback_of_one
from assessment.core.resources.catalogue import Catalogue
from assessment.core.resources.entries import Use
from assessment.i18n import Language
from assessment.reporting.money import amounts
from assessment.reporting.money.money_document import (
    EmissionLine,
    FootprintFigures,
    LeftOut,
    Money,
    QuantityRow,
    SavingFigures,
    SourceBar,
    SumStep,
    TotalFigures,
    UseRow,
)
from assessment.reporting.money.sheet_words import (
    gaps,
    line_label,
    part_label,
    part_words,
    period_words,
    resource_name,
    row_label,
)
from assessment.reporting.money.uses import whole_words

WORTH_A_STEP = 0.5
"""EUR a year; what moves the sum by less is no step of it."""

BOUGHT: tuple[Use, ...] = ("electricity", "heat", "transport", "water", "waste", "refrigerant", "materials")


@dataclass(frozen=True)
class Reckoned:
    """What was reckoned for one company; `added_up` are the totals after each measure that counts, in plan order."""

    sheet: ResourceSheet
    footprint: Footprint
    site: Site
    savings: Mapping[str, Saving]
    totals: Totals
    added_up: Sequence[tuple[str, Totals]]


def money_of(
    reckoned: Reckoned, numbers: Mapping[str, int], titles: Mapping[str, str], catalogue: Catalogue, day: date,
    language: Language,
) -> Money:  # fmt: skip
    """The money of a plan on the day of its result; `numbers` and `titles` are those of its actions, by measure."""
    totals = reckoned.totals
    return Money(
        _totals(reckoned, numbers),
        tuple(_steps(reckoned, numbers, titles)),
        _quantities(totals.resources, reckoned.site, language),
        _left_out(totals.contained, numbers, titles), _left_out(totals.partly, numbers, titles),
        _left_out(totals.set_aside, numbers, titles),
        tuple(amounts.missing_words(each, catalogue, language) for each in totals.missing),
        tuple(_use_row(row, reckoned.sheet, catalogue, language) for row in reckoned.sheet.rows),
        reckoned.sheet.cost(*BOUGHT),
        footprint_figures(reckoned.footprint, catalogue, language),
        period_words(reckoned.sheet.entries.period, day, language),
    )  # fmt: skip


def saving_figures(saving: Saving, site: Site, catalogue: Catalogue, language: Language) -> SavingFigures:
    """What one action saves by itself."""
    return SavingFigures(
        _clean(saving.eur), _clean(saving.carbon), _quantities(saving.resources, site, language), saving.investment,
        saving.own_cost, saving.piece, saving.unit, saving.payback if _clean(saving.eur) else None,
        payback_of_one(saving, catalogue.measures[saving.measure]), saving.hours, saving.certainty,
        tuple(amounts.missing_words(each, catalogue, language) for each in saving.missing),
    )  # fmt: skip


def _clean(figure: Range | None) -> Range | None:
    """A range without what binary fractions leave of nothing."""
    return None if figure is None else Range(*(round(value, 6) + 0.0 for value in figure))


def _totals(reckoned: Reckoned, numbers: Mapping[str, int]) -> TotalFigures:
    totals, used = reckoned.totals, energy_used(reckoned.site)
    energy = _clean(energy_saved(totals.resources))
    saves = [name for name, saving in reckoned.savings.items() if any(map(_moves_a_sum, saving.resources))]
    outside = {*totals.contained, *totals.set_aside}
    return TotalFigures(
        _clean(totals.eur), energy, energy.typical / used if energy and used else None, _clean(totals.carbon),
        totals.investment, totals.own_cost, totals.payback, tuple(sorted(numbers[name] for name in totals.unreckoned)),
        totals.hours, totals.certainty,
        sum(name not in outside for name in saves), len(reckoned.savings),
    )  # fmt: skip


def _moves_a_sum(line: ResourceSaving) -> bool:
    """Whether a saving is part of the sum in euros, in kWh or of greenhouse gases, and not only of tonnes of waste."""
    worth = (each.typical for each in (line.eur, line.carbon) if each is not None)
    return any(worth) or (line.resource in ENERGY and line.saved.typical != 0)


def _steps(reckoned: Reckoned, numbers: Mapping[str, int], titles: Mapping[str, str]) -> Sequence[SumStep]:
    steps, before = [], 0.0
    for name, totals in reckoned.added_up:
        after = totals.eur.typical if totals.eur is not None else 0.0
        if abs(after - before) >= WORTH_A_STEP:
            steps.append(SumStep(numbers[name], titles[name], before, after))
            before = after
    return steps


def _left_out(names: Sequence[str], numbers: Mapping[str, int], titles: Mapping[str, str]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(numbers[name], titles[name]) for name in names)


def _quantities(resources: Sequence[ResourceSaving], site: Site, language: Language) -> tuple[QuantityRow, ...]:
    """What bills tell: resources, and costs as such; what is emissions alone is in their sum."""
    rows = []
    for line in resources:
        if not line.resource.startswith("co2e-") and (line.saved.typical > 0 or line.added.typical > 0):
            use = site.uses.get(line.resource)
            unit = amounts.resource_unit(line.resource)
            saved, added = _clean(line.saved) or line.saved, _clean(line.added) or line.added
            name = _name(line.resource, language)
            rows.append(QuantityRow(line.resource, name, unit, use.amount if use else None, saved, added))
    return tuple(rows)


def _name(resource: Use, language: Language) -> str:
    cost = resource.startswith("cost-")
    return whole_words(resource, language) if cost else resource_name(resource, language)


def _use_row(row: Row, sheet: ResourceSheet, catalogue: Catalogue, language: Language) -> UseRow:
    line = row.line
    priced = row.price is not None and line.resource is not None and line.unit != "EUR"
    price = row.price if priced else None
    return UseRow(
        line.id, row_label(row, sheet.entries, catalogue.factors, language), line.unit, row.amount, row.low, row.high,
        row.basis, amounts.basis_words(row, language),
        price.value if price else Decimal(1) if line.unit == "EUR" else None,
        amounts.price_words(price, line, catalogue, language) if price else "",
        line.resource is not None and not line.resource.startswith("cost-"), line.resource,
    )  # fmt: skip


def footprint_figures(footprint: Footprint, catalogue: Catalogue, language: Language) -> FootprintFigures:
    """The footprint with the words of a language."""
    lines = sorted(footprint.lines, key=lambda line: line.scope)
    return FootprintFigures(
        tuple(_emission(line, catalogue, language) for line in lines), _sources(footprint, language),
        footprint.scope_1, footprint.scope_2_location, footprint.scope_2_market, footprint.scope_3,
        tuple(gaps(footprint, language)), footprint.unknown, footprint.incomplete, footprint.version,
    )  # fmt: skip


def _emission(line: FootprintLine, catalogue: Catalogue, language: Language) -> EmissionLine:
    factor = line.found.factor
    return EmissionLine(
        line.row.line.id, part_label(line, language),
        part_words(line.part, language), line.scope, line.method, line.amount, line.row.line.unit, line.in_unit,
        line.found.value, factor.per, amounts.factor_words(line.found, catalogue, language), factor.checked,
        line.assumes or "",
    )  # fmt: skip


def _sources(footprint: Footprint, language: Language) -> tuple[SourceBar, ...]:
    """Scopes 1 and 2 by line of the sheet, the largest first."""
    sums: dict[tuple[str, int], SourceBar] = {}
    for line in footprint.lines:
        if line.scope < 3 and line.method != "market":
            key = (line.row.line.id, line.scope)
            so_far = sums[key].kg if key in sums else Decimal(0)
            label = line_label(line.row.line.id, line.row.line.label, language)
            sums[key] = SourceBar(label, line.scope, so_far + line.kg)
    return tuple(sorted((bar for bar in sums.values() if bar.kg > 0), key=lambda bar: -bar.kg))


def figure_sources(reckoned: Reckoned) -> Iterator[str]:
    """The keys of the publications behind prices and factors."""
    prices = (row.price.found for row in reckoned.sheet.rows if row.price is not None)
    figures = [found.price for found in prices if found is not None]
    for figure in (*figures, *(line.found.factor for line in reckoned.footprint.lines)):
        if figure.source is not None:
            yield figure.source
