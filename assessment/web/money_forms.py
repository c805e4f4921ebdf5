"""Forms about money: one line of the resource sheet, the number of pieces of a measure, and the wishes for a plan.

What was typed is kept until the form is right. Numbers go by the rules of all our numbers: an ambiguous one is asked
back. What is merely odd (a negative amount) is kept and told on the sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from assessment.core.errors import Problem
from assessment.core.factor_lookups import Contract, Factors
from assessment.core.factors import Per
from assessment.core.goals import MATTERS, Goals
from assessment.core.sheet import ResourceSheet
from assessment.core.sheet_entries import OwnFigure, SheetEntries
from assessment.core.sheet_lines import SheetLine
from assessment.i18n import AmbiguousNumber, Language, NumberProblem
from assessment.web.fields import READINGS, FormData, shown
from assessment.web.forms import ReadingView
from assessment.web.problems import sentence

_CONTRACTS: Final[Mapping[str, Contract | None]] = {"": None, "usual": "usual", "green": "green"}
LARGEST: Final = Decimal("1e15")
DIGITS: Final = Decimal("1e-12")
"""Prices are kept per unit of their line; so many places keep what was typed per litre."""


@dataclass
class MoneyFields:
    """What stands in the controls, by name, and what is wrong with it once it was read."""

    typed: dict[str, str]
    errors: list[tuple[str, str]] = field(default_factory=list)
    readings: dict[str, tuple[ReadingView, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    def number(self, name: str, label: str, unit: str, language: Language) -> Decimal | None:
        """The number in a control; None where nothing stands there, or where it is wrong and told."""
        text = self[name]
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
        if abs(number) >= LARGEST:
            most = (("most", str(LARGEST.to_integral_value())), ("unit", unit))
            self._tell(name, Problem(label, "too-large", "", most), language)
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


def price_unit(line: SheetLine, factors: Factors) -> tuple[Per, Decimal] | None:
    """The unit that people know the price of a line by, and how much of it one unit of the line is."""
    wanted = line.price
    per = None if wanted is None else factors.price_unit(wanted.commodity)
    if wanted is None:
        return None
    if per is None:
        return line.unit, Decimal(1)  # type: ignore[return-value]
    ratio = factors.amount_in(per, line.unit, wanted.through)
    return (line.unit, Decimal(1)) if ratio is None else (per, ratio)  # type: ignore[return-value]


def fields_of_line(line: SheetLine, entries: SheetEntries, factors: Factors, language: Language) -> MoneyFields:
    """The controls of a line as it stands."""
    own, price, unit = entries.amounts.get(line.id), entries.prices.get(line.id), price_unit(line, factors)
    per_unit = None if price is None or unit is None else price / unit[1]
    return MoneyFields({
        "amount": plain(own.amount if own else None, language),
        "from_bills": "1" if own is not None and own.from_bills else "",
        "price": plain(None if per_unit is None else round(per_unit, 6), language),
        "kind": entries.kinds.get(line.id, ""),
        "contract": entries.contract or "",
        "no_estimate": "1" if line.id in entries.without_estimates else "",
    })  # fmt: skip


LINE_CONTROLS: Final = ("amount", "from_bills", "price", "kind", "contract", "no_estimate")


def read_line(
    fields: MoneyFields, line: SheetLine, entries: SheetEntries, factors: Factors, language: Language,
    words: Mapping[str, str],
) -> SheetEntries:  # fmt: skip
    """The entries with what the form of a line says; with `fields.errors` nothing may be saved."""
    _ = language.gettext
    amount = fields.number("amount", words["amount"], words["unit"], language)
    price = fields.number("price", words["price"], words["per"], language)
    unit = price_unit(line, factors)
    kinds = {factor.id for factor in factors.choices(line.choice.group)} if line.choice else set()
    if fields["kind"] and fields["kind"] not in kinds:
        fields.errors.append(("kind", _("Choose one of the kinds offered, or leave it open")))
    if fields["contract"] not in _CONTRACTS:
        fields.errors.append(("contract", _("Choose one of the answers offered")))
    amounts, prices, chosen = dict(entries.amounts), dict(entries.prices), dict(entries.kinds)
    _put(amounts, line.id, None if amount is None else OwnFigure(amount=amount, from_bills=fields["from_bills"] == "1"))
    _put(prices, line.id, None if price is None or unit is None else (price * unit[1]).quantize(DIGITS))
    _put(chosen, line.id, fields["kind"] if fields["kind"] in kinds else None)
    off = {*entries.without_estimates} - {line.id}
    if fields["no_estimate"] == "1":
        off.add(line.id)
    contract = _CONTRACTS.get(fields["contract"]) if line.grid else entries.contract
    return entries.model_copy(
        update={
            "amounts": amounts, "prices": prices, "kinds": chosen, "contract": contract,
            "without_estimates": tuple(sorted(off)),
        }
    )  # fmt: skip


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
    """The wishes; with `fields.errors` nothing may be saved. An empty number is no limit."""
    _ = language.gettext
    numbers = {name: fields.number(name, labels[name], labels[f"{name}.unit"], language) for name in GOAL_NUMBERS}
    for name, number in numbers.items():
        if number is not None and number < 0:
            text = _("%(label)s cannot be below zero. Leave it empty for no limit.") % {"label": labels[name]}
            fields.errors.append((name, text))
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
