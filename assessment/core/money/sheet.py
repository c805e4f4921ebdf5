"""The resource sheet: what a company uses in a year, line by line, with where each figure comes from and what it costs.

A line has the company's own entry, else its answer, else (where the company does not turn it off) an estimate from its
line of business and size. The questionnaire says which of its figures gives which line. What is not known stands on
the sheet as missing: it is never zero.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

from assessment.core.checks.answers import NO_REMARK, Marker, Quantities, Quantity, Remark, Value
from assessment.core.checks.conditions import holds, questions_of
from assessment.core.checks.questionnaire import QuantityOf, Questionnaire, unlikely
from assessment.core.money.benchmarks import Basis, Benchmarks, Intensity
from assessment.core.money.factor_lookups import GROSS_TO_NET, Factors, FoundPrice
from assessment.core.money.sheet_entries import MONTHS, OwnFigure, SheetEntries
from assessment.core.money.sheet_lines import SheetLine
from assessment.core.resources.catalogue import Catalogue, Profile
from assessment.core.resources.entries import Use

PEOPLE, TURNOVER, FLOOR_AREA = "people", "turnover", "floor-area"
"""The lines that uses are compared by."""

RowBasis = Literal["bills", "own-estimate", "our-estimate", "missing"]
"""From bills or a meter; the company's estimate (or it did not say); ours, from its line of business; not known."""

Doubt = Literal["negative", "unlikely", "negative-price", "unlikely-price", "parts-exceed", "part-of-a-year"]
"""What should be asked about again; what is negative is kept and not counted with."""

LIKELY_UP_TO = Decimal(10**9)
"""In any unit; what is more is asked about, also where the questionnaire says nothing of what is likely."""

LIKELY_PRICE_UP_TO = Decimal(10**5)
"""EUR for any unit; what is more is asked about where there is no published price to hold it against."""

FAR_FROM_PUBLISHED = 10
"""A price so many times the published one, or such a part of it, is more often a slip of the unit."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an amount comes from: a question (and its figure), an entry of the company's own, or a benchmark."""

    kind: Literal["question", "own-entry", "benchmark", "none"]
    question: str | None = None
    figure: str | None = None
    benchmark: Intensity | None = None


NOWHERE = Origin("none")


@dataclass(frozen=True, slots=True)
class RowPrice:
    """EUR for one unit of the line: the company's own, or a published one that is named.

    `from_cost`: the company told what all of it costs a year.
    """

    value: Decimal
    found: FoundPrice | None
    from_cost: bool = False

    @property
    def own(self) -> bool:
        """Whether the company gave it."""
        return self.found is None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet: the amount a year in the line's unit, None where it is missing.

    `given` is the amount as it was given where that differs: in gross calorific value, or negative. `low` and `high`
    are those of an estimate. `whole` is the amount with all its parts where those stand on lines of their own. `months`
    is how many months the amount was typed of before it was brought to a year, `period` which ones they were.
    """

    line: SheetLine
    amount: Decimal | None
    basis: RowBasis
    origin: Origin = NOWHERE
    given: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    doubts: tuple[Doubt, ...] = ()
    price: RowPrice | None = None
    whole: Decimal | None = None
    months: int = MONTHS
    period: str = ""

    @property
    def cost(self) -> Decimal | None:
        """EUR a year; None where the amount or the price is not known."""
        return None if self.amount is None or self.price is None else self.amount * self.price.value


@dataclass(frozen=True)
class ResourceSheet:
    """What a company uses in a year."""

    rows: tuple[Row, ...]
    country: str
    nace: tuple[str, ...]
    traits: frozenset[str]
    entries: SheetEntries

    @cached_property
    def _by_line(self) -> Mapping[str, Row]:
        return {row.line.id: row for row in self.rows}

    def row(self, line: str) -> Row | None:
        """The row of a line, if it stands on the sheet."""
        return self._by_line.get(line)

    def amount(self, line: str) -> Decimal | None:
        """The amount on a line, if it is known."""
        row = self._by_line.get(line)
        return None if row is None else row.amount

    def of(self, resource: Use) -> tuple[Row, ...]:
        """The rows of a resource whose amount is known."""
        return tuple(row for row in self.rows if row.line.resource == resource and row.amount is not None)

    def total(self, resource: Use) -> Decimal | None:
        """The known amount of a resource, all its rows together; None where no row is known."""
        rows = self.of(resource)
        return sum((row.amount for row in rows if row.amount is not None), Decimal(0)) if rows else None

    def cost(self, *resources: Use) -> Decimal | None:
        """What the rows of these resources cost, as far as it is known; None where nothing of it is."""
        costs = [row.cost for resource in resources for row in self.of(resource) if row.cost is not None]
        return sum(costs, Decimal(0)) if costs else None

    @property
    def missing(self) -> tuple[Row, ...]:
        """The rows whose amount is not known."""
        return tuple(row for row in self.rows if row.amount is None)

    @property
    def without_price(self) -> tuple[Row, ...]:
        """The rows with an amount that should have a price and have none."""
        return tuple(row for row in self.rows if row.amount and row.line.price is not None and row.price is None)


def sheet_of(
    questionnaire: Questionnaire,
    answers: Mapping[str, Value],
    remarks: Mapping[str, Remark],
    entries: SheetEntries,
    catalogue: Catalogue,
    profile: Profile,
) -> ResourceSheet:
    """The sheet of a company; rows stand in the order of the catalogue's lines.

    Answers to questions that do not apply any more are not counted.
    """
    lines, factors = catalogue.factors.lines, catalogue.factors
    answered = _Answered(questionnaire, answers, remarks, factors)
    known: dict[str, Row] = {}
    for line in lines.values():
        own = entries.amounts.get(line.id)
        row = answered.row(line) if own is None else answered.own_row(line, own)
        if row is not None:
            known[line.id] = replace(row, period=entries.periods.get(line.id, ""))
    known |= {row.line.id: row for row in _open_rows(known, answered, lines)}
    estimator = _Estimator(known, catalogue.benchmarks, profile, answered.traits, entries.without_estimates)
    rows = _parted([estimator.filled(known[line]) for line in lines if line in known])
    return ResourceSheet(
        tuple(_with_price(row, rows, entries, factors, profile.country) for row in rows),
        profile.country, profile.nace, answered.traits, entries,
    )  # fmt: skip


def _parted(rows: Iterable[Row]) -> list[Row]:
    """The rows, less in each what stands on lines of its parts; more than the whole is told, and nothing is below 0."""
    rows = list(rows)
    parts: dict[str, Decimal] = {}
    for row in rows:
        if row.line.part_of is not None and row.amount is not None:
            parts[row.line.part_of] = parts.get(row.line.part_of, Decimal(0)) + row.amount
    return [_less(row, parts[row.line.id]) if row.line.id in parts else row for row in rows]


def _less(row: Row, taken: Decimal) -> Row:
    if row.amount is None:
        return row
    low, high = (None if end is None else max(end - taken, Decimal(0)) for end in (row.low, row.high))
    # More than an estimate of ours is no contradiction.
    odd: tuple[Doubt, ...] = ("parts-exceed",) if taken > row.amount and row.basis != "our-estimate" else ()
    return replace(
        row, amount=max(row.amount - taken, Decimal(0)), whole=row.amount, low=low, high=high,
        doubts=(*row.doubts, *odd),
    )  # fmt: skip


class _Answered:
    """What the answers say, by line of the sheet."""

    def __init__(
        self, questionnaire: Questionnaire, answers: Mapping[str, Value], remarks: Mapping[str, Remark],
        factors: Factors,
    ) -> None:  # fmt: skip
        self._questionnaire, self._remarks = questionnaire, remarks
        self._gross_to_net = factors.conversions.get(GROSS_TO_NET)
        self._quantities = {quantity.line: quantity for quantity in questionnaire.quantities}
        self._asked: set[str] = set()
        self._answers: dict[str, Value] = {}
        # As on the route: an answer counts only where its own question applies, whatever was asked before it.
        for question in questionnaire.questions.values():
            if question.when is None or holds(question.when, self._answers, questionnaire.flags):
                self._asked.add(question.id)
                if question.id in answers:
                    self._answers[question.id] = answers[question.id]

    @property
    def traits(self) -> frozenset[str]:
        """The flags of the questionnaire that hold."""
        flags = self._questionnaire.flags
        return frozenset(name for name, condition in flags.items() if holds(condition, self._answers, flags))

    def row(self, line: SheetLine) -> Row | None:
        """The row that an answer gives; None where there is no figure for the line."""
        quantity = self._quantities.get(line.id)
        found = None if quantity is None else self._figure(quantity)
        if quantity is None or found is None:
            return None
        amount, given = found.amount, None
        if found.unit in quantity.gross_units and self._gross_to_net is not None:
            amount, given = found.amount * self._gross_to_net.value, found.amount
        basis: RowBasis = "own-estimate"
        if self._remarks.get(quantity.question, NO_REMARK).basis == "bills":
            basis = "bills"
        odd = self._unlikely(quantity, self._answers[quantity.question])
        doubts: tuple[Doubt, ...] = ("unlikely",) if odd else ()
        return Row(line, amount, basis, Origin("question", quantity.question, quantity.figure), given, doubts=doubts)

    def own_row(self, line: SheetLine, own: OwnFigure) -> Row:
        """The row that the company's own entry gives, asked about by the same limits as an answer."""
        if own.amount < 0:
            return Row(line, None, "missing", Origin("own-entry"), own.amount, doubts=("negative",))
        quantity, typed = self._quantities.get(line.id), Quantity(own.amount, "", "")
        odd = own.amount > LIKELY_UP_TO
        if quantity is not None:
            figure = quantity.figure
            odd |= self._unlikely(quantity, typed if figure is None else Quantities(((figure, typed),)))
        # What the other months took is not on any bill.
        whole_year = own.months == MONTHS
        basis: RowBasis = "bills" if own.from_bills and whole_year else "own-estimate"
        doubts: list[Doubt] = ["unlikely"] if odd else []
        doubts += [] if whole_year else ["part-of-a-year"]
        return Row(line, own.amount, basis, Origin("own-entry"), doubts=tuple(doubts), months=own.months)

    def is_open(self, line: SheetLine) -> bool:
        """Whether the figure of a line is asked for and not known; "does not apply" is known to be nothing."""
        quantity = self._quantities.get(line.id)
        if quantity is None or quantity.question not in self._asked or self._is_without(line.trait):
            return False
        value = self._answers.get(quantity.question)
        return value is None or value is Marker.DO_NOT_KNOW

    def _is_without(self, trait: str | None) -> bool:
        """Whether the company said that a flag does not hold; what was not answered says nothing."""
        flags = self._questionnaire.flags
        if trait is None or trait not in flags or trait in self.traits:
            return False
        return all(question in self._answers for question in questions_of(flags[trait], flags))

    def _figure(self, quantity: QuantityOf) -> Quantity | None:
        match self._answers.get(quantity.question):
            case Quantity() as single if quantity.figure is None:
                return single
            case Quantities() as several if quantity.figure is not None and quantity.figure in several:
                return several[quantity.figure]
            case _:
                return None

    def _unlikely(self, quantity: QuantityOf, value: Value) -> bool:
        return (quantity.figure or "") in unlikely(self._questionnaire.questions[quantity.question], value)


def _open_rows(known: Mapping[str, Row], answered: _Answered, lines: Mapping[str, SheetLine]) -> Iterator[Row]:
    """A row without amount for what is asked for and not known: one for each resource, on the line of estimates."""
    covered = {row.line.resource for row in known.values() if row.line.resource is not None}
    for line in lines.values():
        if line.id in known or not answered.is_open(line):
            continue
        if line.resource is None:
            yield Row(line, None, "missing")
        elif line.resource not in covered:
            covered.add(line.resource)
            yield Row(_line_of_estimates(lines.values(), line), None, "missing")


def _line_of_estimates(lines: Iterable[SheetLine], asked: SheetLine) -> SheetLine:
    return next((line for line in lines if line.estimated and line.resource == asked.resource), asked)


class _Estimator:
    """Puts an estimate where an amount is missing and a benchmark of the line of business has one."""

    def __init__(
        self, known: Mapping[str, Row], benchmarks: Benchmarks, profile: Profile, traits: Collection[str],
        off: Collection[str],
    ) -> None:  # fmt: skip
        self._benchmarks, self._nace, self._traits, self._off = benchmarks, profile.nace, traits, off
        sizes: dict[Basis, Row | None] = {"m2": known.get(FLOOR_AREA), "employee": known.get(PEOPLE)}
        self._sizes = {per: row.amount for per, row in sizes.items() if row is not None and row.amount}

    def filled(self, row: Row) -> Row:
        """The row with an estimate, where it lacks an amount, takes one, and the company does not mind."""
        line = row.line
        if row.basis != "missing" or not line.estimated or line.id in self._off or row.doubts:
            return row
        found = self._benchmark(line)
        if found is None or found[0].typical is None:
            return row
        benchmark, size = found
        unit = benchmark.factor * size
        return replace(
            row, amount=found[0].typical * unit, basis="our-estimate", origin=Origin("benchmark", benchmark=benchmark),
            low=None if benchmark.low is None else benchmark.low * unit,
            high=None if benchmark.high is None else benchmark.high * unit,
        )  # fmt: skip

    def _benchmark(self, line: SheetLine) -> tuple[Intensity, Decimal] | None:
        """The benchmark and the size it is for; floor area says more about a building than the number of people."""
        if line.resource not in ("electricity", "heat", "water", "waste", "transport"):
            return None
        for per, size in self._sizes.items():
            benchmark = self._benchmarks.intensity(line.resource, per, self._nace, self._traits)
            if benchmark is not None:
                return benchmark, size
        return None


def _with_price(row: Row, rows: Collection[Row], entries: SheetEntries, factors: Factors, country: str) -> Row:
    own = entries.prices.get(row.line.id)
    if own is not None and own < 0:
        row = replace(row, doubts=(*row.doubts, "negative-price"))
    elif own is not None:
        odd: tuple[Doubt, ...] = ("unlikely-price",) if _unlikely_price(own, _published(row, factors, country)) else ()
        return replace(row, price=RowPrice(own, None), doubts=(*row.doubts, *odd))
    if row.line.unit == "EUR" and row.line.resource is not None:
        return replace(row, price=RowPrice(Decimal(1), None))
    price = _from_bill(row, rows) or _published(row, factors, country)
    return row if price is None else replace(row, price=price)


def _unlikely_price(own: Decimal, published: RowPrice | None) -> bool:
    if published is None:
        return own > LIKELY_PRICE_UP_TO
    return not published.value / FAR_FROM_PUBLISHED < own < published.value * FAR_FROM_PUBLISHED


def _from_bill(row: Row, rows: Collection[Row]) -> RowPrice | None:
    """The mean price where the company says what the whole resource costs (`cost-waste`)."""
    of_cost = f"cost-{row.line.resource}"
    cost = next((other.amount for other in rows if other.line.resource == of_cost), None)
    total = sum((o.amount for o in rows if o.line.resource == row.line.resource and o.amount is not None), Decimal(0))
    return RowPrice(cost / total, None, from_cost=True) if cost is not None and total else None


def _published(row: Row, factors: Factors, country: str) -> RowPrice | None:
    wanted = row.line.price
    per = None if wanted is None else factors.price_unit(wanted.commodity)
    if wanted is None or per is None or row.amount is None:
        return None
    in_unit = factors.amount_in(per, row.line.unit, wanted.through)
    if in_unit is None:
        return None
    found = factors.price(wanted.commodity, country, row.amount * in_unit)
    return None if found is None else RowPrice(found.value * in_unit, found)
