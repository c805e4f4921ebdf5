"""The carbon footprint of a resource sheet: every part that can be known, each with its factor, and what is missing.

Follows the GHG Protocol: scope 1 (burnt and leaked on site and in own vehicles), scope 2 twice (location-based with the
grid of the country, market-based with the contract, else the residual mix), and the parts of scope 3 for which there is
a factor. One formula: kg CO2e = amount x amount in the unit of the factor x factor. A part without a factor is named as
a gap and never counted as zero. A life-cycle factor contains what comes before it, so nothing upstream is added to it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assessment.core.money.factor_lookups import Factors, Found
from assessment.core.money.sheet import ResourceSheet, Row
from assessment.core.money.sheet_lines import LineEmission, Part

Method = Literal["both", "location", "market"]
"""Which of the two totals of scope 2 a line belongs to; all that is not electricity belongs to both."""

Reason = Literal["no-amount", "no-factor", "not-checked", "kind-not-told"]
"""Why a part is missing: the amount is; there is no factor; it is from memory; the company has not said which kind."""


@dataclass(frozen=True, slots=True)
class FootprintLine:
    """One part: the row's amount, times its unit in that of the factor (`in_unit`), times the factor."""

    row: Row
    scope: int
    part: Part
    method: Method
    amount: Decimal
    in_unit: Decimal
    found: Found
    assumes: str | None = None

    @property
    def kg(self) -> Decimal:
        """kg CO2e a year (CO2 alone where the factor says so), not rounded."""
        return self.amount * self.in_unit * self.found.value


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that cannot be worked out."""

    row: Row
    scope: int
    part: Part
    reason: Reason


@dataclass(frozen=True)
class Footprint:
    """All parts and gaps; `version` is that of the factors."""

    lines: tuple[FootprintLine, ...]
    gaps: tuple[Gap, ...]
    version: str

    def total(self, method: Literal["location", "market"], scopes: Collection[int] = (1, 2, 3)) -> Decimal:
        """kg CO2e of the parts that are known, with one of the two totals of scope 2."""
        return sum_of(line for line in self.lines if line.scope in scopes and line.method in ("both", method))

    @property
    def scope_1(self) -> Decimal:
        """kg CO2e of what is burnt and lost."""
        return self.total("location", (1,))

    @property
    def scope_2_location(self) -> Decimal:
        """kg CO2e of bought energy, with the grid of the country."""
        return self.total("location", (2,))

    @property
    def scope_2_market(self) -> Decimal:
        """kg CO2e of bought energy, by contract."""
        return self.total("market", (2,))

    @property
    def scope_3(self) -> Decimal:
        """kg CO2e of the parts of scope 3 that are known."""
        return self.total("location", (3,))

    @property
    def incomplete(self) -> frozenset[int]:
        """The scopes of which some part is missing."""
        return frozenset(gap.scope for gap in self.gaps)

    @property
    def unknown(self) -> frozenset[int]:
        """The scopes of which nothing is known though something is missing: their total is no zero."""
        return self.incomplete - {line.scope for line in self.lines}

    @property
    def life_cycle(self) -> bool:
        """Whether a life-cycle factor stands in for that of the grid, so that scope 2 contains what comes before it."""
        return any(line.found.factor.life_cycle for line in self.lines)

    def of(self, line: str) -> tuple[FootprintLine, ...]:
        """The parts of one line of the sheet."""
        return tuple(part for part in self.lines if part.row.line.id == line)


def sum_of(lines: Iterable[FootprintLine]) -> Decimal:
    """The emissions of some parts together."""
    return sum((line.kg for line in lines), Decimal(0))


def footprint_of(sheet: ResourceSheet, factors: Factors) -> Footprint:
    """The footprint of a sheet."""
    parts = [part for row in sheet.rows for part in _parts_of(row, sheet, factors)]
    return Footprint(
        tuple(part for part in parts if isinstance(part, FootprintLine)),
        tuple(part for part in parts if isinstance(part, Gap)),
        factors.about.version,
    )


def _parts_of(row: Row, sheet: ResourceSheet, factors: Factors) -> Iterator[FootprintLine | Gap]:
    line = row.line
    if line.grid:
        yield from _electricity(row, sheet, factors)
    for emission in line.emissions:
        yield _emission(row, emission, sheet, factors)
    if line.choice is not None:
        # Where parts of it stand on lines of their own, nothing may be left that could be of any kind.
        if row.amount != 0:
            yield _chosen(row, sheet, factors)
    elif line.resource in ("heat", "transport") and not line.emissions and not line.grid:
        # Heat of a fuel that nobody named.
        yield Gap(row, 1, "burning", "no-amount" if row.amount is None else "kind-not-told")


def _electricity(row: Row, sheet: ResourceSheet, factors: Factors) -> Iterator[FootprintLine | Gap]:
    if row.amount is None:
        yield Gap(row, 2, "grid", "no-amount")
        return
    one = Decimal(1)
    location = factors.grid(sheet.country)
    market = factors.market(sheet.country, sheet.entries.contract)
    both: tuple[tuple[Method, Found | None], ...] = (("location", location), ("market", market))
    for method, found in both:
        if found is None:
            yield Gap(row, 2, "grid", "no-factor")
        else:
            yield FootprintLine(row, 2, "grid", method, row.amount, one, found)
    upstream = factors.electricity_upstream(sheet.country)
    for found in upstream:
        part: Part = "losses" if found.factor.mode == "losses" else "upstream"
        yield FootprintLine(row, 3, part, "both", row.amount, one, found)
    if not upstream and location is not None and not location.factor.life_cycle:
        yield Gap(row, 3, "upstream", "no-factor")


def _emission(row: Row, emission: LineEmission, sheet: ResourceSheet, factors: Factors) -> FootprintLine | Gap:
    if row.amount is None:
        return Gap(row, emission.scope, emission.part, "no-amount")
    if emission.only_in and sheet.country not in emission.only_in:
        return Gap(row, emission.scope, emission.part, "no-factor")
    return _with_factor(row, emission.scope, emission.part, emission.factor, emission, sheet.country, factors)


def _chosen(row: Row, sheet: ResourceSheet, factors: Factors) -> FootprintLine | Gap:
    """The part that depends on the kind; a kind of another group, or one that is gone, counts as not told."""
    choice, kind = row.line.choice, sheet.entries.kinds.get(row.line.id)
    if choice is None:
        raise ValueError(f"{row.line.id} offers no choice")
    if row.amount is None:
        return Gap(row, choice.scope, choice.part, "no-amount")
    factor = None if kind is None else factors.factors.get(kind)
    if factor is None or factor.group != choice.group:
        return Gap(row, choice.scope, choice.part, "kind-not-told")
    # A hotel stands where the company says; all else stands in where its country has none of its own.
    country = factor.geography if choice.part == "trip" else sheet.country
    return _with_factor(row, choice.scope, choice.part, factor.id, None, country, factors)


def _with_factor(
    row: Row, scope: int, part: Part, factor_id: str, emission: LineEmission | None, country: str,
    factors: Factors,
) -> FootprintLine | Gap:  # fmt: skip
    found = factors.usable(factor_id, country)
    if found is None:
        has_value = factors.factors[factor_id].value is not None
        return Gap(row, scope, part, "not-checked" if has_value else "no-factor")
    in_unit = factors.amount_in(found.factor.per, row.line.unit, emission.through if emission else None)
    if in_unit is None or row.amount is None:
        return Gap(row, scope, part, "no-factor")
    return FootprintLine(row, scope, part, "both", row.amount, in_unit, found, emission.assumes if emission else None)
