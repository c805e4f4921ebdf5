"""The money of an action plan, as every page and file of it shows it: plain figures, and words where a figure has none.

Estimates stay as the engine made them (`Range`, floats); where they are shown they get two significant figures.
Amounts of the sheet and the footprint are exact (`Decimal`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.core.money.footprint import Method
from assessment.core.money.sheet import RowBasis
from assessment.core.money.terms import Certainty
from assessment.core.money.uses import Range
from assessment.core.plans.follow_up import Compared, MeasuredUse, Verdict
from assessment.core.plans.paying_back import is_too_long
from assessment.core.resources.entries import Use
from assessment.reporting.money import amounts
from assessment.reporting.money.amounts import is_loss

CURVE_FROM = 5
"""So many actions with a cost and with emissions make a cost curve worth drawing."""


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """What is saved of one resource in a year, and what switches add to it, in its base unit.

    `used` is the use now; None where it is not known.
    """

    resource: Use
    name: str
    unit: str
    used: float | None
    saved: Range
    added: Range

    @property
    def left(self) -> Range:
        """The saving, less what is added; below zero where more is added than saved."""
        return amounts.together([self.saved], [self.added])

    @property
    def net(self) -> float:
        """The typical saving, less what is added."""
        return self.left.typical

    @property
    def both_ways(self) -> bool:
        """Whether some is saved and some added, so that a figure has to say which it is."""
        return self.saved.typical > 0 and self.added.typical > 0

    @property
    def share(self) -> float | None:
        """The typical saving as a part of the use now."""
        return self.net / self.used if self.used else None


@dataclass(frozen=True, slots=True)
class SavingFigures:
    """What one action saves by itself, what it costs, and how sure that is.

    `carbon` is in kg CO2e; `cost` is before and `own_cost` after funding, both None while the number of pieces is not
    known: then `piece` is the price of one `unit`, and `payback_of_one` says where that alone comes back late. Money
    and emissions are None where nothing of them is known, and `missing` says what has to be known.
    """

    eur: Range | None
    carbon: Range | None
    quantities: tuple[QuantityRow, ...]
    cost: Range | None
    own_cost: Range | None
    piece: Range
    unit: str
    payback: float | None
    payback_of_one: float | None
    hours: float
    certainty: Certainty | None
    missing: tuple[str, ...]

    @property
    def in_money(self) -> bool:
        """Whether a saving in euros can be shown."""
        return self.eur is not None and self.eur.typical > 0

    @property
    def costs_more(self) -> bool:
        """Whether it costs more to run than it saves."""
        return is_loss(self.eur)

    @property
    def in_carbon(self) -> bool:
        """Whether a saving of greenhouse gases can be shown; below half a kilogram it is none."""
        return self.carbon is not None and self.carbon.typical >= 0.5

    @property
    def slow(self) -> bool:
        """Whether it comes back later than what is proposed unasked."""
        return is_too_long(self.payback if self.payback_of_one is None else self.payback_of_one)

    @property
    def on_curve(self) -> bool:
        """Whether it has a place on a cost curve."""
        return self.cost is not None and self.in_carbon


@dataclass(frozen=True, slots=True)
class TotalFigures:
    """What the plan comes to in a year, and once; `energy` in kWh, `carbon` in kg CO2e.

    `counted` of `measures` actions are in the sums with a saving of their own. `payback` in years leaves out what is
    paid for the actions with the numbers `unreckoned`, whose saving is not known.
    """

    eur: Range | None
    energy: Range | None
    energy_share: float | None
    carbon: Range | None
    cost: Range
    own_cost: Range
    payback: float | None
    unreckoned: tuple[int, ...]
    hours: float
    certainty: Certainty | None
    counted: int
    measures: int

    @property
    def costs_more(self) -> bool:
        """Whether all of it together costs more to run than it saves."""
        return is_loss(self.eur)


@dataclass(frozen=True, slots=True)
class SumStep:
    """One action in the sum in plan order: EUR a year before it and with it."""

    number: int
    title: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An action that adds nothing of its own to the sums."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class UseRow:
    """One line of the resource sheet. `amount` and `price` are None where they are not known."""

    line: str
    label: str
    unit: str
    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    basis: RowBasis
    basis_words: str
    price: Decimal | None
    price_source: str
    costs_money: bool
    resource: Use | None

    @property
    def cost(self) -> Decimal | None:
        """EUR a year, for what is bought."""
        if not self.costs_money or self.amount is None or self.price is None:
            return None
        return self.amount * self.price


@dataclass(frozen=True, slots=True)
class EmissionLine:
    """One part of the footprint: amount times `in_unit` (its unit in that of the factor) times factor, in kg CO2e."""

    line: str
    label: str
    part: str
    scope: int
    method: Method
    amount: Decimal
    unit: str
    in_unit: Decimal
    factor: Decimal
    factor_unit: str
    source: str
    checked: bool
    assumes: str

    @property
    def kg(self) -> Decimal:
        """kg CO2e a year, not rounded."""
        return self.amount * self.in_unit * self.factor


@dataclass(frozen=True, slots=True)
class SourceBar:
    """One source of scope 1 or 2, location-based, in kg CO2e."""

    label: str
    scope: int
    kg: Decimal


@dataclass(frozen=True, slots=True)
class FootprintFigures:
    """The footprint in kg CO2e a year: its parts, its sums, and what could not be counted.

    Of the scopes in `unknown` nothing is known, so their sum of nothing is shown nowhere; of those in `incomplete` some
    part is missing.
    """

    lines: tuple[EmissionLine, ...]
    sources: tuple[SourceBar, ...]
    scope_1: Decimal
    scope_2_location: Decimal
    scope_2_market: Decimal
    scope_3: Decimal
    gaps: tuple[str, ...]
    unknown: frozenset[int]
    incomplete: frozenset[int]
    version: str

    @property
    def nothing_known(self) -> bool:
        """Whether nothing is known of what the company causes itself and through the energy it buys."""
        return self.unknown >= {1, 2}

    @property
    def complete(self) -> bool:
        """Whether nothing of scopes 1 and 2 is missing."""
        return not self.incomplete & {1, 2}

    @property
    def notes(self) -> list[str]:
        """Where the factors are from, each told once."""
        return list(dict.fromkeys(line.source for line in self.lines))

    @property
    def own(self) -> Decimal:
        """Scopes 1 and 2, location-based."""
        return self.scope_1 + self.scope_2_location

    @property
    def unchecked(self) -> bool:
        """Whether a factor was not compared with its primary file."""
        return any(not line.checked for line in self.lines)

    @property
    def two_ways(self) -> bool:
        """Whether electricity is counted in two ways that differ."""
        return self.scope_2_location != self.scope_2_market


@dataclass(frozen=True, slots=True)
class Money:
    """What the company uses, what its plan saves there, and its footprint.

    `contained` are actions whose saving is that of the others, `partly` those of which this holds on some uses only;
    `set_aside` are outside the sums, because their number
    of pieces is not known or because a better one stands in the plan.
    """

    totals: TotalFigures
    steps: tuple[SumStep, ...]
    quantities: tuple[QuantityRow, ...]
    contained: tuple[LeftOut, ...]
    partly: tuple[LeftOut, ...]
    set_aside: tuple[LeftOut, ...]
    missing: tuple[str, ...]
    sheet: tuple[UseRow, ...]
    cost_now: Decimal | None
    footprint: FootprintFigures
    period: str
    """Of which year or months the figures are, as a sentence."""

    @property
    def bought(self) -> tuple[UseRow, ...]:
        """The lines of the sheet that savings were reckoned on."""
        return tuple(row for row in self.sheet if row.costs_money and row.amount is not None)


@dataclass(frozen=True, slots=True)
class MeasuredFigures:
    """What the readings of one action show for a year, in the base unit of the use; `forecast` where there was one."""

    use: MeasuredUse
    unit: str
    before: float
    after: float
    corrected: bool
    forecast: Range | None
    verdict: Verdict | None

    @property
    def saving(self) -> float:
        """Below zero where more was used than before."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted about one action on its way; `words` are its sentences, the company's own left out."""

    planned_for: date | None
    started_on: date | None
    done_on: date | None
    cost: Decimal | None
    measured: MeasuredFigures | None
    besides: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """One action with what was measured after it, and what had been forecast ("" where nothing was)."""

    number: int
    title: str
    measured: str
    forecast: str
    verdict: str


@dataclass(frozen=True, slots=True)
class MeasuredTotal:
    """All that was measured of one use, and beside it those actions that had a forecast as well."""

    use: MeasuredUse
    unit: str
    saving: float
    compared: Compared | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of the plan so far: in words, and `cost` of `with_cost` actions and the sums of each use as figures."""

    lines: tuple[str, ...]
    rows: tuple[FollowedRow, ...]
    totals: tuple[str, ...]
    cost: Decimal | None
    with_cost: int
    uses: tuple[MeasuredTotal, ...]
