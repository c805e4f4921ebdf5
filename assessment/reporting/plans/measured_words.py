"""What was measured after an action, in words: amounts and units, savings, and how they lie beside their forecast."""

from collections.abc import Iterator
from decimal import Decimal

from assessment.core.plans.follow_up import (
    UNITS,
    Compared,
    FollowUp,
    Forecast,
    Measured,
    MeasuredUse,
    Reading,
    Tracked,
    Verdict,
    verdict_of,
)
from assessment.i18n import Language


def unit_words(unit: str, language: Language) -> str:
    """A unit by its name."""
    _ = language.gettext
    return {
        "kwh": _("kWh"), "mwh": _("MWh"), "gj": _("GJ"), "m3": _("m³"), "t": _("t"), "kg": _("kg"), "eur": _("EUR"),
        "thousand-eur": _("thousand EUR"), "litre": _("litres"), "m3-gas": _("m³ of natural gas"),
        "litre-oil": _("litres of heating oil"), "litre-lpg": _("litres of LPG"),
        "litre-diesel": _("litres of diesel"), "litre-petrol": _("litres of petrol"),
        "kwh-gas": _("kWh on a gas bill"), "mwh-gas": _("MWh on a gas bill"),
    }.get(unit, unit)  # fmt: skip


def use_name(use: MeasuredUse, language: Language) -> str:
    """What was measured, by its name."""
    _ = language.gettext
    return {
        "electricity": _("Electricity"), "heat": _("Heat and fuel"), "transport": _("Vehicle fuel"),
        "water": _("Water"), "waste": _("Waste"), "materials": _("Materials bought"),
        "refrigerant": _("Cooling agents"), "cost-resources": _("Cost of energy, water, materials and waste"),
    }[use]  # fmt: skip


def use_amount(use: MeasuredUse, amount: float, language: Language) -> str:
    """A yearly amount in the base unit of its use, as exact as meters are."""
    unit = next(iter(UNITS[use]))
    value = Decimal(str(round(amount, 3)))
    if unit == "eur":
        return language.money(round(value))
    return f"{language.converted(value)} {unit_words(unit, language)}"


def saving_sentence(found: Measured, language: Language) -> str:
    """A measured saving in one sentence; using more is told without blame."""
    _ = language.gettext
    use, amount = use_name(found.use, language), use_amount(found.use, abs(found.saving), language)
    if found.saving < 0:
        text = _(
            "%(use)s: %(amount)s a year more than before. More output, longer hours or the weather can outweigh a "
            "saving; a correction by what you made or by degree days shows it."
        )
    elif found.corrected:
        text = _("%(use)s: %(amount)s a year less than before, at the same activity.")
    else:
        text = _("%(use)s: %(amount)s a year less than before.")
    return text % {"use": use, "amount": amount}


def reading_lines(noted: FollowUp, language: Language) -> list[str]:
    """The two readings as they were taken: amount, unit, days and source, and what the correction rests on."""
    _ = language.gettext
    before, after = noted.before, noted.after
    lines = [
        _("Before: %(reading)s") % {"reading": _reading_words(before, language)},
        _("After: %(reading)s") % {"reading": _reading_words(after, language)},
    ]
    if before.activity is not None and after.activity is not None:
        values = {
            "name": noted.activity_name or _("Activity"), "before": language.number(before.activity.amount),
            "after": language.number(after.activity.amount),
        }  # fmt: skip
        lines.append(_("%(name)s: %(before)s before, %(after)s after") % values)
    return lines


def _reading_words(reading: Reading, language: Language) -> str:
    _ = language.gettext
    if not reading.use or reading.amount is None or reading.first is None or reading.last is None:
        return ""
    unit = reading.amount.unit
    amount = language.number(reading.amount.amount / UNITS[reading.use][unit])
    text = {
        "": _("%(amount)s %(unit)s, %(first)s to %(last)s"),
        "bill": _("%(amount)s %(unit)s, %(first)s to %(last)s, from a bill"),
        "meter": _("%(amount)s %(unit)s, %(first)s to %(last)s, from a meter"),
    }[reading.basis]
    return text % {
        "amount": amount, "unit": unit_words(unit, language), "first": language.date(reading.first),
        "last": language.date(reading.last),
    }  # fmt: skip


def forecast_words(forecast: Forecast, language: Language) -> str:
    """A forecast with its range; two figures are as many as an estimate has."""
    _ = language.gettext
    unit = unit_words(next(iter(UNITS[forecast.use])), language)
    low, typical, high = (
        language.about(Decimal(str(round(value, 3)))) for value in (forecast.low, forecast.typical, forecast.high)
    )
    return _("about %(typical)s %(unit)s (%(low)s to %(high)s)") % {
        "typical": typical, "low": low, "high": high, "unit": unit,
    }  # fmt: skip


def verdict_words(verdict: Verdict, language: Language) -> str:
    """How a measured saving lies beside its forecast."""
    _ = language.gettext
    return {
        "below": _("Less than forecast"), "within": _("As forecast"), "above": _("More than forecast"),
    }[verdict]  # fmt: skip


def compared_words(total: Compared, language: Language) -> str:
    """The measured saving of several actions of one use beside their forecast."""
    _ = language.gettext
    text = language.ngettext(
        "%(use)s, %(num)s action with both figures: measured %(saved)s a year, forecast %(forecast)s. %(verdict)s.",
        "%(use)s, %(num)s actions with both figures: measured %(saved)s a year, forecast %(forecast)s. %(verdict)s.",
        total.actions,
    )
    return text % {
        "use": use_name(total.forecast.use, language), "num": language.number(total.actions),
        "saved": use_amount(total.forecast.use, total.saving, language),
        "forecast": forecast_words(total.forecast, language), "verdict": verdict_words(total.verdict, language),
    }  # fmt: skip


def noted_lines(noted: FollowUp, found: Measured | None, pair: Tracked | None, language: Language) -> Iterator[str]:
    """What was noted about one action, a sentence to a line; the company's own words are not among them."""
    _ = language.gettext
    dates = (
        (_("Planned for %(day)s."), noted.planned_for), (_("Started on %(day)s."), noted.started_on),
        (_("Done on %(day)s."), noted.done_on),
    )  # fmt: skip
    for words, day in dates:
        if day is not None:
            yield words % {"day": language.date(day)}
    if noted.cost is not None:
        yield _("Real cost: %(cost)s.") % {"cost": language.money(noted.cost.amount)}
    if found is not None:
        yield saving_sentence(found, language)
        yield before_after(found, language)
        if noted.before.turned_to_net or noted.after.turned_to_net:
            yield _("Gas of a bill counts in kWh of net calorific value, as among your figures: times 0.903.")
    if pair is not None:
        verdict = verdict_words(verdict_of(pair[0], pair[1].saving), language)
        values = {"forecast": forecast_words(pair[0], language), "verdict": verdict}
        yield _("Forecast: %(forecast)s a year. %(verdict)s.") % values


def before_after(found: Measured, language: Language) -> str:
    """The two yearly figures behind a saving."""
    values = {
        "before": use_amount(found.use, found.before, language),
        "after": use_amount(found.use, found.after, language),
    }
    return language.gettext("%(before)s a year before, %(after)s a year after.") % values
