"""The part of an action's form that tells how it went: dates, real cost, and a reading before and one after.

Every control is kept as typed until the form is right. Numbers go by the rules of all our numbers (an ambiguous one is
asked back); what is merely odd is kept and asked about on the page that follows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from assessment.core.checks.answers import Quantity
from assessment.core.errors import Problem
from assessment.core.money.sheet import ResourceSheet
from assessment.core.plans.follow_up import UNITS, FollowUp, MeasuredUse, Reading, ReadingBasis
from assessment.i18n import AmbiguousNumber, Language, NumberProblem, exactly
from assessment.reporting.plans.measured_words import unit_words, use_name
from assessment.web.checks.fields import READINGS, FormData, cleaned, day_of, shown
from assessment.web.checks.forms import ReadingView
from assessment.web.problems import sentence

DATES: Final = ("planned_for", "started_on", "done_on")
PERIODS: Final = ("before.first", "before.last", "after.first", "after.last")
NUMBERS: Final = ("cost", "before.amount", "before.activity", "after.amount", "after.activity")
CHOICES: Final = ("before.unit", "before.basis", "after.unit", "after.basis")
LONGEST: Final = {"activity_name": 120, "besides": 1000}
DAY_PARTS: Final = ("day", "month", "year")
_BASES: Final[Mapping[str, ReadingBasis]] = {"": "", "meter": "meter", "bill": "bill"}
_UNITS: Final[Mapping[str, tuple[MeasuredUse, str, Decimal]]] = {
    f"{use}:{unit}": (use, unit, factor) for use, units in UNITS.items() for unit, factor in units.items()
}

NAMES: Final = (
    *(f"{name}.{part}" for name in (*DATES, *PERIODS) for part in DAY_PARTS),
    *(name + end for name in NUMBERS for end in ("", ".reading")),
    *CHOICES,
    *LONGEST,
)
"""Every control of this part of the form."""


@dataclass
class NotedFields:
    """What stands in the controls, by name, and what is wrong with it once it was read."""

    typed: dict[str, str]
    errors: list[tuple[str, str]] = field(default_factory=list)
    readings: dict[str, tuple[ReadingView, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    @property
    def is_filled(self) -> bool:
        """Whether anything was typed; a unit stands there before."""
        return any(text for name, text in self.typed.items() if not name.endswith(".unit"))


def typed_of(sent: FormData) -> NotedFields:
    """The controls as they were sent."""
    texts = {name: (sent.getlist(name) or [""])[-1] for name in NAMES}
    return NotedFields(
        {name: cleaned(text) if name in LONGEST else shown(text).strip() for name, text in texts.items()}
    )


def fields_of(noted: FollowUp, language: Language) -> NotedFields:
    """The controls for what is stored."""
    typed: dict[str, str] = {"activity_name": noted.activity_name, "besides": noted.besides}
    dates: dict[str, date | None] = {
        "planned_for": noted.planned_for, "started_on": noted.started_on, "done_on": noted.done_on,
    }  # fmt: skip
    numbers: dict[str, Quantity | None] = {"cost": noted.cost}
    for name, reading in (("before", noted.before), ("after", noted.after)):
        dates |= {f"{name}.first": reading.first, f"{name}.last": reading.last}
        numbers |= {f"{name}.amount": reading.amount, f"{name}.activity": reading.activity}
        unit = f"{reading.use}:{reading.amount.unit}" if reading.use and reading.amount is not None else ""
        typed |= {f"{name}.unit": unit, f"{name}.basis": reading.basis}
    for name, day in dates.items():
        parts = (day.day, day.month, day.year) if day else ("", "", "")
        typed |= {f"{name}.{part}": str(value) for part, value in zip(DAY_PARTS, parts, strict=True)}
    fields = NotedFields(typed)
    for name, number in numbers.items():
        typed[name] = number.typed if number is not None else ""
        if number is not None:
            _keep_reading(fields, name, number, language)
    return fields


def _keep_reading(fields: NotedFields, name: str, number: Quantity, language: Language) -> None:
    """A number that was settled before stays settled: its amount says how it was meant."""
    try:
        language.read_number(number.typed)
    except AmbiguousNumber as ambiguous:
        whole = exactly(ambiguous.whole, _factor(fields, name)) == number.amount
        fields.typed[f"{name}.reading"] = "whole" if whole else "decimal"
        fields.readings[name] = _both(ambiguous, _unit_label(fields, name, language), language)


def labels_of(language: Language) -> Mapping[str, str]:
    """What the controls are called, in the form and where something is wrong with them."""
    _ = language.gettext
    return {
        "planned_for": _("Planned for"), "started_on": _("Started on"), "done_on": _("Done on"),
        "cost": _("What it really cost"), "before.amount": _("Amount before"), "before.unit": _("Unit before"),
        "before.first": _("First day before"), "before.last": _("Last day before"),
        "before.basis": _("Source of the reading before"), "before.activity": _("Figure before"),
        "after.amount": _("Amount after"), "after.unit": _("Unit after"), "after.first": _("First day after"),
        "after.last": _("Last day after"), "after.basis": _("Source of the reading after"),
        "after.activity": _("Figure after"), "activity_name": _("What the figures count"),
        "besides": _("What else changed"),
    }  # fmt: skip


def read(fields: NotedFields, language: Language) -> FollowUp:
    """What was noted; `fields.errors` then tells what could not be read, and with errors nothing may be saved."""
    _, labels = language.gettext, labels_of(language)
    days = {name: _day(fields, name, labels[name], language) for name in (*DATES, *PERIODS)}
    numbers = {name: _number(fields, name, labels[name], language) for name in NUMBERS}
    for name in CHOICES:
        if fields[name] not in (_BASES if name.endswith("basis") else {"": None, **_UNITS}):
            fields.errors.append((name, _("%(label)s: choose one of the answers offered.") % {"label": labels[name]}))
    for name, most in LONGEST.items():
        if len(fields[name]) > most:
            text = _("%(label)s must be %(longest)s characters or fewer.")
            fields.errors.append((name, text % {"label": labels[name], "longest": language.number(most)}))
    before, after = (_reading(fields, name, days, numbers) for name in ("before", "after"))
    return FollowUp(
        days["planned_for"], days["started_on"], days["done_on"], numbers["cost"], before, after,
        fields["activity_name"], fields["besides"],
    )  # fmt: skip


def _reading(
    fields: NotedFields,
    name: Literal["before", "after"],
    days: Mapping[str, date | None],
    numbers: Mapping[str, Quantity | None],
) -> Reading:
    # A unit alone says nothing: it stands in the form before anything is typed.
    amount, chosen = numbers[f"{name}.amount"], _UNITS.get(fields[f"{name}.unit"])
    return Reading(
        chosen[0] if chosen is not None and amount is not None else "", amount, days[f"{name}.first"],
        days[f"{name}.last"], _BASES.get(fields[f"{name}.basis"], ""), numbers[f"{name}.activity"],
    )  # fmt: skip


def _factor(fields: NotedFields, name: str) -> Decimal:
    """What a number is to be multiplied with; 1 for those that have no unit to choose."""
    part, _, kind = name.partition(".")
    chosen = _UNITS.get(fields[f"{part}.unit"]) if kind == "amount" else None
    return chosen[2] if chosen else Decimal(1)


def _unit_id(fields: NotedFields, name: str) -> str:
    part, _, kind = name.partition(".")
    if name == "cost":
        return "eur"
    chosen = _UNITS.get(fields[f"{part}.unit"]) if kind == "amount" else None
    return chosen[1] if chosen else ""


def _unit_label(fields: NotedFields, name: str, language: Language) -> str:
    return unit_words(_unit_id(fields, name), language)


def _number(fields: NotedFields, name: str, label: str, language: Language) -> Quantity | None:
    text = fields[name]
    if not text:
        return None
    unit = _unit_label(fields, name, language)
    try:
        number = language.read_number(text, READINGS.get(fields[f"{name}.reading"], ""))
    except NumberProblem as problem:
        if isinstance(problem, AmbiguousNumber):
            fields.readings[name] = _both(problem, unit, language)
        told = Problem(label, problem.code, "", tuple({**problem.values, "unit": unit}.items()))
        fields.errors.append((name, sentence(told, None, language)))
        return None
    return Quantity(exactly(number, _factor(fields, name)), _unit_id(fields, name), text)


def _both(ambiguous: AmbiguousNumber, unit: str, language: Language) -> tuple[ReadingView, ...]:
    """The two numbers that a text can mean, to choose from."""
    return (
        ReadingView("whole", f"{language.number(ambiguous.whole)} {unit}".rstrip()),
        ReadingView("decimal", f"{language.number(ambiguous.decimal)} {unit}".rstrip()),
    )


def _day(fields: NotedFields, name: str, label: str, language: Language) -> date | None:
    parts = {part: fields[f"{name}.{part}"] for part in DAY_PARTS}
    missing = [part for part, typed in parts.items() if not typed]
    if len(missing) == len(parts):
        return None
    found = None if missing else day_of(**parts)
    if found is None:
        code = "date-incomplete" if missing else "not-a-date"
        target = f"{name}.{missing[0] if missing else 'day'}"
        fields.errors.append((target, sentence(Problem(label, code), None, language)))
    return found


_GAS_BILL: Final = "heat:kwh-gas"


def usual_unit(resource: str, sheet: ResourceSheet) -> str:
    """The unit that stands in the form before anything is typed: the first one of what the action saves.

    For heat it is that of a gas bill where gas gives most of it.
    """
    heat = max(sheet.of("heat"), key=lambda row: row.amount or Decimal(0), default=None)
    if resource == "heat" and heat is not None and heat.line.price and heat.line.price.commodity == "natural-gas":
        return _GAS_BILL
    return next((name for name, (use, _, _) in _UNITS.items() if use == resource), "")


def unit_groups(language: Language) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The units to choose from, grouped by what they measure: the value of each and its words."""
    for use, units in UNITS.items():
        named = {unit: unit_words(unit, language) for unit in units}
        # Kilowatt-hours of heat and those of a gas bill stand side by side: each says which it is.
        named |= {unit: _not_of_gas(named[unit], language) for unit in units if f"{unit}-gas" in units}
        yield use_name(use, language), [(f"{use}:{unit}", words) for unit, words in named.items()]


def _not_of_gas(unit: str, language: Language) -> str:
    return language.gettext("%(unit)s, not of gas") % {"unit": unit}
