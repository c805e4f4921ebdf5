"""Forms about money: one line of the resource sheet, the figures of a measure, and the wishes for a plan.

What was typed is kept until the form is right. Numbers go by the rules of all our numbers: an ambiguous one is asked
back. What is merely odd (a negative amount) is kept and told on the sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from assessment.core.errors import Problem
from assessment.core.money.factor_lookups import Contract, Factors
from assessment.core.money.sheet import ResourceSheet
from assessment.core.money.sheet_entries import LONGEST_PERIOD, MONTHS, OwnFigure, SheetEntries
from assessment.core.money.sheet_lines import SheetLine
from assessment.core.plans.goals import MATTERS, Goals
from assessment.i18n import AmbiguousNumber, Language, NumberProblem
from assessment.reporting.money.amounts import unit_words
from assessment.web.checks.fields import READINGS, FormData, shown
from assessment.web.checks.forms import ReadingView
from assessment.web.checks.typed_units import parted
from assessment.web.money.use_words import TYPED_PLACES
from assessment.web.problems import sentence

_CONTRACTS: Final[Mapping[str, Contract | None]] = {"": None, "usual": "usual", "green": "green"}
KEPT_DIGITS: Final = 24
KEPT_PLACES: Final = 12


@dataclass
class MoneyFields:
    """What stands in the controls, by name, and what is wrong with it once it was read."""

    typed: dict[str, str]
    errors: list[tuple[str, str]] = field(default_factory=list)
    readings: dict[str, tuple[ReadingView, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    def number(self, name: str, label: str, unit: str, language: Language, text: str | None = None) -> Decimal | None:
        """The number in a control; None where nothing stands there, or where it is wrong and told.

        `text` is what to read, where that is only a part of what stands there.
        """
        text = self[name] if text is None else text
        if not text:
            return None
        try:
            number = language.read_number(text, READINGS.get(self[f"{name}.reading"], ""))
        except NumberProblem as problem:
            if isinstance(problem, AmbiguousNumber):
                self.readings[name] = (
                    ReadingView("whole", f"{language.number(problem.whole)} {unit}".rstrip()),
                    ReadingView("decimal", f"{language.number(problem.decimal)} {unit}".rstrip()),
                )
            self._tell(
                name, Problem(label, problem.code, "", tuple({**problem.values, "unit": unit}.items())), language
            )
            return None
        return number

    def _tell(self, name: str, problem: Problem, language: Language) -> None:
        self.errors.append((name, sentence(problem, None, language)))


def typed_of(sent: FormData, *names: str) -> MoneyFields:
    """Controls as they were sent."""
    with_readings = [name + end for name in names for end in ("", ".reading")]
    return MoneyFields({name: shown(str((sent.getlist(name) or [""])[-1])).strip() for name in with_readings})


def plain(value: Decimal | None, language: Language) -> str:
    """A stored number for its control, in the one way that is never asked back: 5000, 0.5, 1.2340."""
    if value is None:
        return ""
    whole, _, decimals = f"{value.normalize():f}".partition(".")
    if not decimals:
        return whole
    # Three decimals could be meant as thousands.
    mark = language.number(Decimal("0.5"), 1)[1]
    return f"{whole}{mark}{decimals}0" if len(decimals) == 3 else f"{whole}{mark}{decimals}"


def units_of(line: SheetLine, factors: Factors) -> dict[str, Decimal]:
    """The units that an amount of a line can be typed in, the usual one first, and how much of each one of the line is.

    One unit stands for a line that is known in one alone.
    """
    usual, ratio = factors.known_by(line)
    units = {usual: ratio}
    for unit in line.units:
        found = factors.typed_in(unit, line)
        if found is not None:
            units.setdefault(unit, found)
    return units


def fields_of_line(line: SheetLine, entries: SheetEntries, factors: Factors, language: Language) -> MoneyFields:
    """The controls of a line as it stands: an amount as it was typed, in its unit."""
    own, price, ratio = entries.amounts.get(line.id), entries.prices.get(line.id), factors.known_by(line)[1]
    usual, *_ = units_of(line, factors)
    amount, unit = None, usual
    if own is not None:
        amount = round(own.amount * own.months / MONTHS * ratio, TYPED_PLACES)
    if own is not None and own.typed is not None and own.unit in units_of(line, factors):
        amount, unit = own.typed, own.unit
    return MoneyFields({
        "amount": plain(amount, language),
        "amount.unit": unit,
        "months": str(MONTHS if own is None else own.months),
        "period": entries.periods.get(line.id, ""),
        "from_bills": "1" if own is not None and own.from_bills else "",
        "price": plain(None if price is None else round(price / ratio, TYPED_PLACES), language),
        "kind": entries.kinds.get(line.id, ""),
        "contract": entries.contract or "",
        "no_estimate": "1" if line.id in entries.without_estimates else "",
    })  # fmt: skip


LINE_CONTROLS: Final = (
    "amount",
    "amount.unit",
    "months",
    "period",
    "from_bills",
    "price",
    "kind",
    "contract",
    "no_estimate",
)


def read_line(
    fields: MoneyFields, line: SheetLine, entries: SheetEntries, factors: Factors, language: Language,
    words: Mapping[str, str],
) -> SheetEntries:  # fmt: skip
    """The entries with what the form of a line says; with `fields.errors` nothing may be saved."""
    _ = language.gettext
    own = _read_amount(fields, line, factors, language, words)
    price = fields.number("price", words["price"], words["per"], language)
    ratio = factors.known_by(line)[1]
    kinds = {factor.id for factor in factors.choices(line.choice)} if line.choice else set()
    if fields["kind"] and fields["kind"] not in kinds:
        fields.errors.append(("kind", _("Choose one of the kinds offered, or leave it open")))
    if fields["contract"] not in _CONTRACTS:
        fields.errors.append(("contract", _("Choose one of the answers offered")))
    period = read_period(fields, "period", language)
    amounts, prices, chosen = dict(entries.amounts), dict(entries.prices), dict(entries.kinds)
    periods = dict(entries.periods)
    _put(periods, line.id, period or None)
    _put(amounts, line.id, own)
    _put(prices, line.id, None if price is None or line.price is None else _kept(price * ratio))
    _put(chosen, line.id, fields["kind"] if fields["kind"] in kinds else None)
    off = {*entries.without_estimates} - {line.id}
    if fields["no_estimate"] == "1":
        off.add(line.id)
    contract = _CONTRACTS.get(fields["contract"]) if line.grid else entries.contract
    return entries.model_copy(
        update={
            "amounts": amounts, "prices": prices, "kinds": chosen, "contract": contract, "periods": periods,
            "without_estimates": tuple(sorted(off)),
        }
    )  # fmt: skip


def _read_amount(
    fields: MoneyFields, line: SheetLine, factors: Factors, language: Language, words: Mapping[str, str]
) -> OwnFigure | None:
    """The amount in the unit of the line, with what was typed; a unit behind the number must be the one chosen."""
    _ = language.gettext
    units = units_of(line, factors)
    chosen = fields["amount.unit"] or next(iter(units))
    if chosen not in units:
        fields.errors.append(("amount.unit", _("Choose one of the units offered")))
        return None
    bare, written = parted(fields["amount"].strip().removesuffix("."))
    meant = UNITS_WRITTEN.get(written.lower())
    if meant is None:
        # No unit, or none of ours: the number field says what it makes of the whole.
        bare = fields["amount"]
    elif chosen not in meant:
        text = _("You typed “%(typed)s” and chose %(unit)s. Choose the unit that you mean, or type the number alone.")
        values = {"typed": fields["amount"][:LONGEST_SHOWN], "unit": unit_words(chosen, language)}
        fields.errors.append(("amount", text % values))
        return None
    months = _read_months(fields, line, language)
    amount = fields.number("amount", words["amount"], unit_words(chosen, language), language, bare)
    if amount is None or months is None:
        if months not in (None, MONTHS) and not fields["amount"]:
            fields.errors.append(("amount", _("Type how much it was in these months")))
        return None
    typed = next((unit for unit in line.units if unit == chosen), None)
    return OwnFigure(
        amount=_kept(amount / units[chosen] * MONTHS / months), months=months, from_bills=fields["from_bills"] == "1",
        typed=None if typed is None else amount, unit=typed,
    )  # fmt: skip


def _read_months(fields: MoneyFields, line: SheetLine, language: Language) -> int | None:
    months = fields["months"] or str(MONTHS)
    if months in map(str, range(1, MONTHS + 1)) and (of_time(line) or months == str(MONTHS)):
        return int(months)
    fields.errors.append(("months", language.gettext("Choose how many months it is of")))
    return None


def of_time(line: SheetLine) -> bool:
    """Whether more of it comes together in a longer time."""
    return line.unit not in ("people", "m2")


def read_period(fields: MoneyFields, name: str, language: Language) -> str:
    """Which year or months something is of, in the company's words."""
    period = " ".join(fields[name].split())
    if len(period) > LONGEST_PERIOD:
        text = language.gettext("%(label)s must be %(longest)s characters or fewer.")
        values = {"label": language.gettext("Year or months"), "longest": LONGEST_PERIOD}
        fields.errors.append((name, text % values))
    return period[:LONGEST_PERIOD]


LONGEST_SHOWN: Final = 60

UNITS_WRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("kwh",), ("kWh", "kWh-gross", "kWh-net")), **dict.fromkeys(("mwh",), ("MWh", "MWh-gross")),
    **dict.fromkeys(("m3", "m³", "cbm"), ("m3",)), **dict.fromkeys(("kg", "kilos"), ("kg",)),
    **dict.fromkeys(("l", "litre", "litres", "liter", "liters"), ("litre",)),
    **dict.fromkeys(("t", "tonne", "tonnes", "to"), ("t",)), **dict.fromkeys(("€", "eur", "euro", "euros"), ("EUR",)),
    **dict.fromkeys(("km",), ("km",)), **dict.fromkeys(("m2", "m²"), ("m2",)),
}  # fmt: skip
"""Units as people write them behind a number, and which of ours each can mean: one may stand for several."""


def _kept(number: Decimal) -> Decimal:
    before_the_mark = max(0, number.adjusted() + 1)
    return round(number, min(KEPT_PLACES, KEPT_DIGITS - before_the_mark)).normalize()


def _put(into: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        into.pop(name, None)
    else:
        into[name] = value


def further_lines(sheet: ResourceSheet, factors: Factors) -> list[SheetLine]:
    """The lines that a company can add to its sheet."""
    return [line for line in factors.lines.values() if sheet.row(line.id) is None]


GOAL_NUMBERS: Final = ("budget", "hours", "payback")


def fields_of_goals(goals: Goals, language: Language) -> MoneyFields:
    """The controls of the wishes as they stand."""
    typed = {name: plain(getattr(goals, name), language) for name in GOAL_NUMBERS}
    typed |= {f"matter.{matter}": str(goals.matters.get(matter, 0)) for matter in MATTERS}
    return MoneyFields(typed | {"count_funding": "1" if goals.count_funding else ""})


def read_goals(
    fields: MoneyFields, excluded: list[str], known: frozenset[str], labels: Mapping[str, str], language: Language
) -> Goals:
    """The wishes; with `fields.errors` nothing may be saved. An empty number is no limit, an odd one is kept."""
    _ = language.gettext
    numbers = {name: fields.number(name, labels[name], labels[f"{name}.unit"], language) for name in GOAL_NUMBERS}
    weights = {}
    for matter in MATTERS:
        weight = fields[f"matter.{matter}"]
        if weight not in ("0", "1", "2", "3"):
            fields.errors.append((f"matter.{matter}", _("Choose how much this matters to you")))
        weights[matter] = int(weight) if weight in ("0", "1", "2", "3") else 0
    if not any(weights.values()) and not fields.errors:
        fields.errors.append(("matter.cost", _("Choose at least one thing that matters to you")))
    if fields.errors:
        return Goals()
    return Goals(
        **numbers, matters=weights, excluded=tuple(name for name in excluded if name in known),
        count_funding=fields["count_funding"] == "1",
    )  # fmt: skip
