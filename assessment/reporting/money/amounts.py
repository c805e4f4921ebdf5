"""How amounts, money and emissions read: estimates with two significant figures and "about", each with its range."""

import re
from collections.abc import Sequence
from decimal import Context, Decimal

from assessment.core.money import formulas
from assessment.core.money.benchmarks import Intensity
from assessment.core.money.factor_lookups import Found, StandIn
from assessment.core.money.factors import Evidenced, Factor
from assessment.core.money.savings import Missing, Totals
from assessment.core.money.sheet import Row, RowPrice
from assessment.core.money.sheet_entries import MONTHS
from assessment.core.money.sheet_lines import SheetLine
from assessment.core.money.terms import Certainty
from assessment.core.money.uses import Range
from assessment.core.plans.paying_back import LONGEST_PAYBACK, is_too_long
from assessment.core.resources.catalogue import Catalogue
from assessment.i18n import Language
from assessment.reporting.money.uses import end_use_words, whole_words

KG_IN_T = 1000
LEAST_WORTH = 0.5
"""EUR or kg CO2e a year; what comes to less reads as nothing."""
_REPORT = re.compile(r"AR[456]")
"""The assessment reports of the IPCC, in what a factor says of its gases."""

MANY = 2
"""Stands for an amount that is not known, or not whole."""


def exact(value: float | Decimal) -> Decimal:
    """A figure as a Decimal; what binary fractions leave behind the ninth decimal is nothing."""
    return value if isinstance(value, Decimal) else Decimal(repr(round(value, 9)))


def together(saved: Sequence[Range], added: Sequence[Range] = ()) -> Range:
    """Independent figures summed, less others: the distances to low and high add up as squares, never as they are."""
    typical = sum(each.typical for each in saved) - sum(each.typical for each in added)
    below = [each.typical - each.low for each in saved] + [each.high - each.typical for each in added]
    above = [each.high - each.typical for each in saved] + [each.typical - each.low for each in added]
    return formulas.interval(typical, below, above)


def estimate(value: float | Decimal, language: Language) -> str:
    """Two significant figures."""
    return language.about(exact(value))


def to_two_figures(value: float) -> float:
    """An estimate as `estimate` shows it, still a number."""
    return float(Context(prec=2).create_decimal(exact(value)))


def typical_and_span(figure: Range, language: Language) -> str:
    """An estimate with its range: 9,900 (6,900 to 15,000)."""
    values = {"typical": estimate(figure.typical, language), "range": span(figure, language)}
    return language.gettext("%(typical)s (%(range)s)") % values


def plain(value: float, language: Language) -> str:
    """A round number of a scale, as it is."""
    return language.number(exact(value).normalize())


def factor(value: Decimal, language: Language) -> str:
    """An emission factor with five significant figures, so that anybody can work out again what it led to."""
    figure = Context(prec=5).create_decimal(value).normalize()
    return language.number(figure, max(0, -int(figure.as_tuple().exponent)))


def span(figure: Range, language: Language, scale: float = 1.0) -> str:
    """From low to high, with two significant figures each."""
    _ = language.gettext
    low, high = estimate(figure.low * scale, language), estimate(figure.high * scale, language)
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def euros(value: float | Decimal, language: Language) -> str:
    """An estimate in euros: EUR 8,300."""
    return language.money_about(exact(value))


def is_loss(figure: Range | None) -> bool:
    """Whether more is spent a year than saved: to run it costs more than before."""
    return figure is not None and figure.typical <= -LEAST_WORTH


def size_of(figure: Range) -> Range:
    """A yearly saving; of a loss how much more is spent."""
    return Range(-figure.high, -figure.typical, -figure.low) if is_loss(figure) else figure


def euros_a_year(figure: Range, language: Language) -> str:
    """A yearly saving as an estimate; a loss is called one."""
    _ = language.gettext
    text = _("costs about %(money)s a year more to run") if is_loss(figure) else _("about %(money)s a year")
    return text % {"money": euros(size_of(figure).typical, language)}


def carbon_a_year(kg: Range, language: Language) -> str:
    """What is emitted less in a year, or more."""
    _ = language.gettext
    text = _("about %(amount)s a year more") if is_loss(kg) else _("about %(amount)s a year")
    return text % {"amount": carbon(size_of(kg).typical, language)}


def payback(value: float | None, eur: Range | None, language: Language) -> str:
    """A payback in words; what costs more to run never pays back."""
    return language.gettext("Never, as it costs more to run") if is_loss(eur) else years(value, language)


def payback_of_all(totals: Totals, language: Language) -> str:
    """The payback of a set in words, with what it leaves out.

    What only costs belongs to it, so where it is long it says what it goes by.
    """
    _ = language.gettext
    words, left_out = payback(totals.payback, totals.eur, language), len(totals.unreckoned)
    if is_loss(totals.eur):
        return words
    if totals.payback is None:
        return _("Not known yet") if left_out else words
    if is_too_long(totals.payback):
        words = _("%(time)s, by what can be counted in euros") % {"time": words}
    if not left_out:
        return words
    return language.ngettext(
        "%(time)s, without %(num)s action whose saving is not known",
        "%(time)s, without %(num)s actions whose saving is not known", left_out,
    ) % {"time": words, "num": language.number(left_out)}  # fmt: skip


def even_one(value: float | None, language: Language) -> str:
    """A payback with one piece alone, in words; nothing where that is not to be told."""
    if value is None:
        return ""
    return language.gettext("%(time)s, even with one only") % {"time": years(value, language)}


def euro_span(figure: Range, language: Language) -> str:
    """A range in euros; nothing to pay is said so."""
    _ = language.gettext
    if figure.high <= 0:
        return _("Nothing to buy")
    low, high = euros(figure.low, language), euros(figure.high, language)
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def cost_words(cost: Range, own: Range, language: Language) -> str:
    """What something costs once, and what is left of it to pay where funding was counted."""
    whole = euro_span(cost, language)
    if own.typical >= cost.typical:
        return whole
    return language.gettext("%(cost)s; %(own)s if the grant is paid") % {"cost": whole, "own": euro_span(own, language)}


def in_kilograms(kg: float) -> bool:
    """Whether emissions read better in kilograms than in tonnes."""
    return abs(kg) < KG_IN_T / 10


def carbon_span(kg: Range, language: Language) -> str:
    """From low to high, in the unit that the typical figure is told in."""
    return span(kg, language, 1.0 if in_kilograms(kg.typical) else 1 / KG_IN_T)


def carbon(kg: float | Decimal, language: Language) -> str:
    """Greenhouse gases in tonnes, below a hundred kilograms in kilograms."""
    _, amount = language.gettext, exact(kg)
    if in_kilograms(float(amount)):
        return _("%(amount)s kg CO2e") % {"amount": estimate(amount, language)}
    return _("%(amount)s t CO2e") % {"amount": estimate(amount / KG_IN_T, language)}


def tonnes(kg: Decimal, language: Language) -> str:
    """Tonnes with one decimal, as in the tables of a footprint; what would read as nothing gets two figures."""
    amount = kg / KG_IN_T
    if 0 < abs(amount) <= Decimal("0.05"):
        return estimate(amount, language)
    return language.number(amount, 1)


def years(value: float | None, language: Language) -> str:
    """A payback in words."""
    _ = language.gettext
    if value is None:
        return _("Not counted")
    if value == 0:
        return _("At once")
    if value < 1:
        months = max(1, round(value * 12))
        return language.ngettext("About %(num)s month", "About %(num)s months", months) % {"num": months}
    if is_too_long(value):
        return _("More than %(years)s years") % {"years": language.number(LONGEST_PAYBACK)}
    shown = Decimal(repr(value)).quantize(Decimal(1) if value >= 10 else Decimal("0.1"))
    return language.ngettext("About %(years)s year", "About %(years)s years", counted(shown)) % {
        "years": language.number(shown)
    }


def counted(amount: Decimal | int) -> int:
    """The count that the words after an amount go by: what is not whole takes the plural."""
    return int(amount) if amount == int(amount) else MANY


def unit_words(unit: str, language: Language) -> str:
    """The unit of a line of the sheet."""
    _ = language.gettext
    names = {
        "kWh": _("kWh"), "m3": _("m³"), "t": _("t"), "kg": _("kg"), "EUR": _("EUR"), "people": _("people"),
        "m2": _("m²"), "litre": _("litre"), "kWh-gross": _("kWh gross"), "kWh-net": _("kWh"), "MWh": _("MWh"),
        "MWh-gross": _("MWh gross"), "km": _("km"),
        "passenger-km": _("passenger-km"), "t-km": _("tonne-km"), "room-night": _("night"),
    }  # fmt: skip
    return names.get(unit, unit)


def units_words(unit: str, language: Language, amount: Decimal | int = MANY) -> str:
    """The unit of a line of the sheet as it stands behind an amount; one that is a word goes by it."""
    if unit == "litre":
        return language.ngettext("litre", "litres", counted(amount))
    if unit == "people":
        return language.ngettext("person", "people", counted(amount))
    if unit == "room-night":
        return language.ngettext("night", "nights", counted(amount))
    return unit_words(unit, language)


def resource_unit(resource: str) -> str:
    """The base unit of a resource."""
    if resource.startswith("cost-"):
        return "EUR"
    if resource.startswith("co2e-"):
        return "t"
    return {"electricity": "kWh", "heat": "kWh", "transport": "kWh", "water": "m3", "waste": "t",
            "materials": "EUR", "refrigerant": "kg"}[resource]  # fmt: skip


def amount_of(resource: str, amount: float, language: Language) -> str:
    """An estimated amount of a resource with its unit; what is counted in money reads as money."""
    unit = resource_unit(resource)
    if unit == "EUR":
        return euros(amount, language)
    values = {"amount": estimate(amount, language), "unit": unit_words(unit, language)}
    return language.gettext("%(amount)s %(unit)s") % values


def certainty_words(certainty: Certainty | None, language: Language) -> str:
    """How sure a figure is: the weakest of what it is made of decides."""
    _ = language.gettext
    names = {
        "measured": _("Measured"), "sourced": _("From a published source"),
        "adapted": _("Adapted from a published source"), "estimated": _("Estimate"), None: _("Not counted"),
    }  # fmt: skip
    return names[certainty]


def missing_words(missing: Missing, catalogue: Catalogue, language: Language) -> str:
    """What has to be known before a figure can be given, and of which measure."""
    what = lack_words(missing, language)
    if missing.measure not in catalogue.measures:
        return what[:1].upper() + what[1:]
    values = {"measure": catalogue.measures[missing.measure].title, "what": what}
    return language.gettext("%(measure)s: %(what)s") % values


def lack_words(missing: Missing, language: Language) -> str:
    """What has to be known, beside a measure that is named already."""
    _ = language.gettext
    values = {
        "resource": whole_words(missing.resource, language) if missing.resource else "",
        "use": end_use_words(missing.end_use, language) if missing.end_use else "",
    }
    sentences = {
        "use": _("the amount of %(resource)s in a year"),
        "share": _("how much of %(resource)s goes into %(use)s"),
        "quantity": _("the amount of %(use)s in a year"),
        "price": _("the price of %(resource)s"),
        "factor": _("an emission factor for %(resource)s"),
        "pieces": _("how many you need"),
    }  # fmt: skip
    return sentences[missing.lack] % values


def basis_words(row: Row, language: Language) -> str:
    """Where an amount of the sheet comes from, and what it is left of where its parts stand on lines of their own."""
    origin = _origin_words(row, language)
    if row.period:
        origin = language.gettext("%(origin)s, of %(period)s") % {"origin": origin, "period": row.period}
    if row.whole is None:
        return origin
    unit = units_words(row.line.unit, language, row.whole)
    whole = {"origin": origin, "amount": language.converted(row.whole), "unit": unit}
    return language.gettext("%(origin)s; what is left of %(amount)s %(unit)s, the rest stands by kind") % whole


def _origin_words(row: Row, language: Language) -> str:
    _ = language.gettext
    if row.basis == "our-estimate" and row.origin.benchmark is not None:
        benchmark = row.origin.benchmark
        place = benchmark.geography or ""
        values = {
            "sector": benchmark.sector,
            "place": _("European Union") if place == "EU" else language.country(place),
        }
        if not place:
            return _("our estimate for: %(sector)s, by figures of no country in particular") % values
        if benchmark.is_foreign:
            return _("our estimate for: %(sector)s, by figures of %(place)s, for orientation only") % values
        return _("our estimate for: %(sector)s, by figures of %(place)s") % values
    if row.months < MONTHS:
        words = language.ngettext(
            "%(count)s month, brought to a year", "%(count)s months, brought to a year", row.months
        )
        return words % {"count": row.months}
    if not row.line.metered and row.basis in ("bills", "own-estimate"):
        return _("as you gave it")
    return {
        "bills": _("from bills or a meter"), "own-estimate": _("your estimate"),
        "our-estimate": _("our estimate"), "missing": _("not known"),
    }[row.basis]  # fmt: skip


def price_words(price: RowPrice, line: SheetLine, catalogue: Catalogue, language: Language) -> str:
    """Whose price it is: the company's, or a published one with place, band, period and tax."""
    _ = language.gettext
    if price.from_cost:
        return _("from what it costs you a year")
    if price.found is None:
        unit, ratio = catalogue.factors.known_by(line)
        values = {"price": language.price(price.value / ratio), "unit": unit_words(unit, language)}
        return _("your price") if unit == line.unit else _("your price, %(price)s per %(unit)s") % values
    found = price.found
    published = found.price
    source = catalogue.factors.sources.get(published.source or "")
    parts = [language.country(published.geography) if published.geography != "EU" else _("European Union")]
    parts += [found.band.label] if found.band else []
    parts += [
        period_of_price(published.period, language),
        published.tax or "",
        source.publisher if source else _("our estimate"),
    ]
    words = ", ".join(part for part in parts if part)
    return words if published.checked else _("%(source)s; not compared with the primary file") % {"source": words}


def period_of_price(period: str, language: Language) -> str:
    """The time a published price is of; statistics write halves of a year as 2024-S2."""
    _ = language.gettext
    year, _mark, half = period.partition("-S")
    sentences = {"1": _("first half of %(year)s"), "2": _("second half of %(year)s")}
    return sentences[half] % {"year": year} if half in sentences else period


def factor_words(found: Found, catalogue: Catalogue, language: Language) -> str:
    """Whose emission factor it is, with place, year, and why it only stands in."""
    _ = language.gettext
    factor = found.factor
    source = catalogue.factors.sources.get(factor.source or "")
    place = {"EU": _("European Union"), "INT": ""}.get(factor.geography)
    parts = [source.publisher if source else _("our estimate")]
    parts += [language.country(factor.geography) if place is None else place]
    parts += [str(factor.year)] if factor.year else []
    parts += [gases_words(factor, language)]
    parts += [stand_in_words(why, language) for why in found.stands_in]
    parts += [] if factor.checked else [unchecked_words(factor, language)]
    return ", ".join(part for part in parts if part)


def gases_words(factor: Factor, language: Language) -> str:
    """Which gases are in a factor, and by which report of the IPCC they count, where the source says so."""
    _ = language.gettext
    if factor.carbon_dioxide_only:
        return _("carbon dioxide alone")
    report = _REPORT.search(factor.gas_basis)
    return _("warming potentials of IPCC %(report)s") % {"report": report[0]} if report else ""


def mode_words(mode: str, language: Language) -> str:
    """How something is made, treated or counted."""
    _ = language.gettext
    names = {
        "closed-loop": _("recycled into the same again"), "open-loop": _("recycled into something else"),
        "incineration-with-energy-recovery": _("burnt, with use of the heat"), "landfill": _("landfill"),
        "composting": _("composted"), "anaerobic-digestion": _("made into biogas"), "primary": _("new"),
        "re-used": _("used again"), "ar5": _("by the fifth IPCC report (AR5)"),
        "ar6": _("by the sixth IPCC report (AR6)"), "fgas-law": _("as the law on F-gases counts"),
        "cem-i": _("Portland cement (CEM I)"), "world-average": _("world average"),
        "primary-eu": _("new, made in Europe"),
    }  # fmt: skip
    return names.get(mode, mode.replace("-", " "))


def stand_in_words(why: StandIn, language: Language) -> str:
    """Why a figure only stands in for the one that is wanted."""
    _ = language.gettext
    return {
        "other-country": _("stands in, as there is none for your country"),
        "life-cycle": _("a life-cycle value stands in"),
        "location": _("the grid's factor stands in, as there is no residual mix"),
    }[why]  # fmt: skip


def unchecked_words(figure: Evidenced, language: Language) -> str:
    """Said beside every figure that was not compared with its primary file."""
    del figure
    return language.gettext("not compared with the primary file")


def benchmark_words(benchmark: Intensity, catalogue: Catalogue, language: Language) -> str:
    """Whose typical range it is."""
    _ = language.gettext
    source = catalogue.benchmarks.sources.get(benchmark.source or "")
    parts = [benchmark.sector, source.publisher if source else _("our estimate")]
    parts += [language.country(benchmark.geography)] if benchmark.geography and len(benchmark.geography) == 2 else []
    year = benchmark.year or (source.year if source else None)
    parts += [str(year)] if year else []
    parts += [_("adapted from a published source")] if source and benchmark.basis == "adapted" else []
    return ", ".join(parts)
