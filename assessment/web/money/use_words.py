"""What the pages about use show: the resource sheet, the footprint and the intensities, as words and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from assessment.core.money.factor_lookups import Factors
from assessment.core.money.factors import Factor
from assessment.core.money.footprint import Footprint, FootprintLine
from assessment.core.money.sheet import Doubt, ResourceSheet, Row
from assessment.core.money.sheet_entries import MONTHS, OwnFigure, SheetEntries
from assessment.core.money.sheet_intensities import IntensityRow
from assessment.core.money.uses import Range
from assessment.core.resources.catalogue import Catalogue
from assessment.i18n import Language
from assessment.reporting.money import amounts
from assessment.reporting.money.kind_words import kind_and_mode, kind_words
from assessment.reporting.money.sheet_words import part_label, part_words, row_label

TYPED_PLACES: Final = 6
"""Amounts and prices are kept in the unit of their line; so many figures bring back what was typed in litres."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sheet in words; `can_turn_off` and `is_off` tell of an estimate of ours."""

    line: str
    label: str
    amount: str
    given: str
    span: str
    basis: str
    price: str
    price_source: str
    cost: str
    doubts: tuple[str, ...]
    is_estimate: bool
    is_off: bool


def sheet_rows(sheet: ResourceSheet, catalogue: Catalogue, language: Language) -> list[SheetRow]:
    """The lines of the sheet, each with where its figure and its price come from."""
    return [_sheet_row(row, sheet, catalogue, language) for row in sheet.rows]


def _sheet_row(row: Row, sheet: ResourceSheet, catalogue: Catalogue, language: Language) -> SheetRow:
    _ = language.gettext
    unit = amounts.unit_words(row.line.unit, language)
    values = {"unit": unit}
    amount = given = span = price = cost = ""
    if row.amount is not None:
        shown = amounts.estimate if row.basis == "our-estimate" else _plainly
        units = amounts.units_words(row.line.unit, language, row.amount)
        amount = _("%(amount)s %(unit)s") % {"unit": units, "amount": shown(row.amount, language)}
        if row.line.unit == "EUR":
            amount = _whole_euros(row.amount, language)
        if row.basis == "our-estimate":
            amount = _("about %(amount)s") % {"amount": amount}
    if row.amount is not None:
        given = _typed_words(row, sheet.entries, catalogue, language)
    if row.low is not None and row.high is not None:
        figures = Range(float(row.low), float(row.low), float(row.high))
        span = _("%(range)s %(unit)s") % {**values, "range": amounts.span(figures, language)}
    if row.price is not None and row.line.unit != "EUR":
        price = _("%(money)s per %(unit)s") % {**values, "money": language.price(row.price.value)}
    if row.cost is not None and row.line.resource is not None and row.line.unit != "EUR":
        told = _("about %(money)s a year") if row.basis == "our-estimate" else _("%(money)s a year")
        written = amounts.euros if row.basis == "our-estimate" else _whole_euros
        cost = told % {"money": written(row.cost, language)}
    return SheetRow(
        row.line.id, row_label(row, sheet.entries, catalogue.factors, language), amount, given, span,
        amounts.basis_words(row, language), price,
        amounts.price_words(row.price, row.line, catalogue, language) if row.price is not None and price else "", cost,
        tuple(_doubt_words(doubt, row, catalogue, language) for doubt in row.doubts),
        row.basis == "our-estimate", row.line.id in sheet.entries.without_estimates,
    )  # fmt: skip


def _typed_words(row: Row, entries: SheetEntries, catalogue: Catalogue, language: Language) -> str:
    """An amount as it was typed, where that was in another unit or in gross calorific value."""
    _ = language.gettext
    unit, typed = ("kWh-gross", row.given) if row.given is not None else ("", None)
    own = entries.amounts.get(row.line.id)
    if row.origin.kind == "own-entry" and own is not None:
        unit, typed = _typed_of(row, own, catalogue.factors)
        if unit == row.line.unit and own.months == MONTHS:
            typed = None
    if typed is None:
        return ""
    if unit.endswith("-gross"):
        gross = {"amount": language.number(typed), "unit": unit.removesuffix("-gross")}
        return _("typed as %(amount)s %(unit)s of gross calorific value") % gross
    values = {"amount": language.number(typed), "unit": amounts.units_words(unit, language)}
    return _("typed as %(amount)s %(unit)s") % values


def _typed_of(row: Row, own: OwnFigure, factors: Factors) -> tuple[str, Decimal]:
    """The unit and the number that an own entry was typed in, of the months that it is of."""
    unit, ratio = factors.known_by(row.line)
    if own.unit is not None and own.typed is not None:
        return own.unit, own.typed
    return unit, round(own.amount * own.months / MONTHS * ratio, TYPED_PLACES)


def _plainly(value: Decimal, language: Language) -> str:
    return language.converted(value)


def kinds_by_subject(kinds: Sequence[Factor], language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Kinds to choose from, by name: for each thing they are about, the id and the words of each."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for factor in sorted(kinds, key=lambda factor: kind_words(factor, language).casefold()):
        values = {
            "kind": kind_and_mode(factor, language), "value": amounts.factor(factor.value or Decimal(0), language),
            "unit": amounts.unit_words(factor.per, language),
        }  # fmt: skip
        text = language.gettext("%(kind)s: %(value)s kg per %(unit)s") % values
        groups.setdefault(kind_words(factor, language), []).append((factor.id, text))
    return list(groups.items())


def _whole_euros(value: Decimal, language: Language) -> str:
    return language.money(round(value))


def _doubt_words(doubt: Doubt, row: Row, catalogue: Catalogue, language: Language) -> str:
    _ = language.gettext
    typed = "" if row.given is None else language.number(row.given * catalogue.factors.known_by(row.line)[1])
    return {
        "negative": _("You typed %(amount)s. A yearly use below zero cannot be counted: please look at it again.")
        % {"amount": typed},
        "unlikely": _("This is unusual for a firm. If the number and the unit are right, leave it as it is."),
        "negative-price": _("A price below zero is not counted: please look at it again."),
        "parts-exceed": _("The kinds come to more than the whole. Are all amounts right?"),
        "part-of-a-year": _("This is of a part of a year, brought to twelve months as if all were alike. Heating and "
                            "seasons can make a year different: give a whole year as soon as you can."),
        "unlikely-price": _("This price is unusual. If the number and the unit are right, leave it as it is."),
    }[doubt]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmissionRow:
    """One part of the footprint in words."""

    label: str
    part: str
    scope: int
    method: str
    amount: str
    factor: str
    source: str
    assumes: str
    tonnes: str
    is_estimate: bool


def footprint_rows(footprint: Footprint, catalogue: Catalogue, language: Language) -> list[EmissionRow]:
    """Every part that is counted, by scope."""
    lines = sorted(footprint.lines, key=lambda line: line.scope)
    return [_emission_row(line, catalogue, language) for line in lines]


def _emission_row(line: FootprintLine, catalogue: Catalogue, language: Language) -> EmissionRow:
    _ = language.gettext
    # In the unit of the factor, as on paper, so that anybody can work it out again.
    unit = amounts.unit_words(line.found.factor.per, language)
    units = amounts.units_words(line.found.factor.per, language)
    amount = _("%(amount)s %(unit)s") % {"amount": language.converted(line.amount * line.in_unit), "unit": units}
    factor = _("%(factor)s kg per %(unit)s") % {"factor": amounts.factor(line.found.value, language), "unit": unit}
    method = {"both": "", "location": _("location-based"), "market": _("market-based")}[line.method]
    return EmissionRow(
        part_label(line, language), part_words(line.part, language), line.scope,
        method, amount, factor,
        amounts.factor_words(line.found, catalogue, language), line.assumes or "", amounts.tonnes(line.kg, language),
        line.row.basis == "our-estimate",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class IntensityView:
    """One intensity beside what is typical."""

    label: str
    value: str
    typical: str
    source: str
    verdict: str


def intensity_views(rows: Sequence[IntensityRow], catalogue: Catalogue, language: Language) -> list[IntensityView]:
    """The intensities that have something to be compared with, then the others."""
    return [_intensity(row, catalogue, language) for row in sorted(rows, key=lambda row: row.benchmark is None)]


def _intensity(row: IntensityRow, catalogue: Catalogue, language: Language) -> IntensityView:
    _ = language.gettext
    unit = {"electricity": "kWh", "heat": "kWh", "energy": "kWh", "transport": "kWh", "water": "m3", "waste": "t",
            "co2e": "kg"}[row.resource]  # fmt: skip
    names = {
        "electricity": _("Electricity"), "heat": _("Heat"), "energy": _("Electricity and heat"),
        "transport": _("Vehicle fuel"), "water": _("Water"), "waste": _("Waste"), "co2e": _("Scope 1 and 2, kg CO2e"),
    }  # fmt: skip
    per = {"employee": _("for each person"), "m2": _("for each m²"), "turnover": _("for each EUR 1,000 of turnover")}
    values = {"unit": amounts.unit_words(unit, language)}
    value = _("%(amount)s %(unit)s") % {**values, "amount": amounts.estimate(row.value, language)}
    typical = source = verdict = ""
    if row.benchmark is not None:
        source = amounts.benchmark_words(row.benchmark, catalogue, language)
        if row.low is not None and row.high is not None:
            figures = Range(float(row.low), float(row.low), float(row.high))
            typical = _("%(range)s %(unit)s") % {**values, "range": amounts.span(figures, language)}
            verdict = _("below the usual range") if row.value < row.low else _("within the usual range")
            if row.value > row.high:
                verdict = _("above the usual range")
            if row.benchmark.is_foreign:
                verdict = _("for orientation only")
        elif row.typical is not None:
            typical = _("about %(amount)s %(unit)s") % {**values, "amount": amounts.estimate(row.typical, language)}
    label = _("%(resource)s %(per)s") % {"resource": names[row.resource], "per": per[row.per]}
    return IntensityView(label, value, typical, source, verdict)
