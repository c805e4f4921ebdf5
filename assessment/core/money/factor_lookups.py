"""Which factor and which price go with a country, a size of use and a contract; always with whose figure it is.

The way down is the same everywhere: the country's own figure, else that of the EU (or of the one country that has
any), said to stand in, else none. None is never zero: who asks names it as missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeVar

from assessment.core.model import Model
from assessment.core.money.factors import (
    About,
    Conversion,
    Factor,
    FactorGroup,
    FigureSource,
    FuelValue,
    FuelValues,
    Per,
    Price,
    PriceBand,
)
from assessment.core.money.sheet_lines import LineChoice, LineUnit, SheetLine, TypedUnit

T = TypeVar("T")

EU = "EU"
EVERYWHERE = "INT"
GROSS_TO_NET = "gas-gross-to-net"

KG_PER_T = Decimal(1000)

Contract = Literal["green", "usual"]
"""`green`: electricity with cancelled guarantees of origin; `usual`: any other contract."""

StandIn = Literal["other-country", "life-cycle", "location"]
"""Why a figure only stands in: it is another country's, a life-cycle value, or the grid's for lack of a residual."""


@dataclass(frozen=True, slots=True)
class Found:
    """A factor that may be counted with, the country asked for, and why it only stands in for it, if so."""

    factor: Factor
    value: Decimal
    country: str
    stands_in: tuple[StandIn, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPrice:
    """A published price; `other_country` says that it stands in, `beyond_band` that the use lies above all bands."""

    price: Price
    value: Decimal
    band: PriceBand | None
    other_country: bool
    beyond_band: bool


class Factors(Model):
    """All factors, prices and conversions of one version of the data set, each by its id."""

    about: About
    factors: Mapping[str, Factor]
    prices: Mapping[str, Price]
    bands: tuple[PriceBand, ...]
    fuels: FuelValues
    conversions: Mapping[str, Conversion]
    sources: Mapping[str, FigureSource]
    lines: Mapping[str, SheetLine]

    def grid(self, country: str) -> Found | None:
        """The location-based factor of a country's electricity, else (said to stand in) a life-cycle value or the EU's.

        A life-cycle value contains what comes before the socket: `electricity_upstream` then gives nothing.
        """
        own = self._of("electricity-location", country)
        if own is not None:
            return _found(own, country)
        life_cycle = self._of("electricity-life-cycle", country)
        if life_cycle is not None:
            return _found(life_cycle, country, "life-cycle")
        of_union = self._of("electricity-location", EU)
        return None if of_union is None else _found(of_union, country)

    def market(self, country: str, contract: Contract | None) -> Found | None:
        """The market-based factor: 0 for a green contract, else the residual mix, else the location-based one."""
        if contract == "green":
            green = self._of("electricity-market", EVERYWHERE)
            return None if green is None else _found(green, country)
        residual = self._of("electricity-residual", country)
        if residual is not None and residual.default:
            return _found(residual, country)
        grid = self.grid(country)
        return None if grid is None else Found(grid.factor, grid.value, country, (*grid.stands_in, "location"))

    def electricity_upstream(self, country: str) -> tuple[Found, ...]:
        """What comes before the socket (losses of the grid, upstream of generation), where the country has figures."""
        grid = self.grid(country)
        if grid is None or grid.factor.life_cycle or grid.factor.geography != country:
            return ()
        return tuple(_found(factor, country) for factor in self._in(("electricity-upstream", country)))

    def usable(self, factor_id: str, country: str) -> Found | None:
        """A factor by its id; None where it has no value, or counts as missing until it is checked."""
        factor = self.factors[factor_id]
        return _found(factor, country) if factor.usable and factor.value is not None else None

    def choices(self, choice: LineChoice) -> tuple[Factor, ...]:
        """The factors that a company may choose from, by what they are about."""
        usable = (
            factor for factor in self.factors.values()
            if factor.group == choice.group and factor.usable
            and (not choice.subjects or factor.subject in choice.subjects)
        )  # fmt: skip
        return tuple(sorted(usable, key=lambda factor: (factor.subject, factor.mode or "")))

    def price(self, commodity: str, country: str, used: Decimal) -> FoundPrice | None:
        """The country's price of a commodity, else the EU's, of the newest period.

        `used` is what is bought a year, in the unit of the price; it decides the band.
        """
        band, beyond = self.band_of(commodity, used)
        for place in (country, EU):
            found = [
                price for price in self._prices.get((commodity, place), ())
                if price.usable and price.value is not None and price.band == (band.id if band else None)
            ]  # fmt: skip
            newest = max(found, key=lambda price: (price.period, price.id), default=None)
            if newest is not None and newest.value is not None:
                return FoundPrice(newest, newest.value, band, place != country, beyond)
        return None

    def price_unit(self, commodity: str) -> Per | None:
        """The unit that all prices of a commodity are for; None where it has none."""
        return next((price.per for price in self.prices.values() if price.commodity == commodity), None)

    def band_of(self, commodity: str, used: Decimal) -> tuple[PriceBand | None, bool]:
        """The band of a yearly use; above all bands the largest one, and that it is so."""
        bands = [band for band in self.bands if band.commodity == commodity]
        inside = next((band for band in bands if band.from_ <= used < band.below), None)
        if inside is not None or not bands:
            return inside, False
        return max(bands, key=lambda band: band.below), True

    def amount_in(self, per: Per, unit: LineUnit, through: str | None = None) -> Decimal | None:
        """How much in the unit of a factor or price one unit of a line is; None where nothing leads there.

        Lines of fuels are in kWh net: gas priced per kWh gross is turned by the documented ratio.
        """
        if per == unit or (unit == "kWh" and per == "kWh-net"):
            return Decimal(1)
        if unit == "t" and per == "kg":
            return KG_PER_T
        if unit == "kg" and per == "t":
            return 1 / KG_PER_T
        if unit != "kWh":
            return None
        if per == "kWh-gross":
            return 1 / self.conversions[GROSS_TO_NET].value
        fuel = None if through is None else self.fuel_values.get(through)
        kwh = None if fuel is None else fuel.kwh_per(per)
        return None if kwh is None else 1 / kwh

    def known_by(self, line: SheetLine) -> tuple[str, Decimal]:
        """The unit that people know a line by, for amount and price alike, and how much of it one of the line is.

        Both as they stand on one bill: litres of diesel, kWh of gross calorific value for gas.
        """
        wanted = line.price
        per = None if wanted is None else self.price_unit(wanted.commodity)
        ratio = None if wanted is None or per is None else self.amount_in(per, line.unit, wanted.through)
        return (line.unit, Decimal(1)) if per is None or ratio is None else (per, ratio)

    def typed_in(self, unit: TypedUnit, line: SheetLine) -> Decimal | None:
        """How much in a unit that an amount is typed in one unit of a line is; None where nothing leads there."""
        if unit == "litre" and line.unit == "m3":
            return Decimal(1000)
        if unit != "MWh" and unit != "MWh-gross":  # noqa: PLR1714 - a set would not tell the units left
            return self.amount_in(unit, line.unit, line.through)
        small = self.amount_in("kWh" if unit == "MWh" else "kWh-gross", line.unit, line.through)
        return None if small is None else small / 1000

    @cached_property
    def fuel_values(self) -> Mapping[str, FuelValue]:
        """The heating values by id."""
        return {fuel.id: fuel for fuel in self.fuels.values}

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], tuple[Factor, ...]]:
        return _grouped((factor.group, factor.geography, factor) for factor in self.factors.values())

    @cached_property
    def _prices(self) -> Mapping[tuple[str, str], tuple[Price, ...]]:
        return _grouped((price.commodity, price.geography, price) for price in self.prices.values())

    def _in(self, place: tuple[str, str]) -> tuple[Factor, ...]:
        return tuple(f for f in self._by_place.get(place, ()) if f.usable and f.value is not None)

    def _of(self, group: FactorGroup, country: str) -> Factor | None:
        """The default of a group in a country, else its newest entry."""
        return max(self._in((group, country)), key=lambda factor: (factor.default, factor.year or 0), default=None)


def _grouped(triples: Iterable[tuple[str, str, T]]) -> Mapping[tuple[str, str], tuple[T, ...]]:
    found: dict[tuple[str, str], list[T]] = {}
    for one, other, value in triples:
        found.setdefault((one, other), []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _found(factor: Factor, country: str, *stands_in: StandIn) -> Found:
    if factor.value is None:
        raise ValueError(f"{factor.id} has no value")
    if factor.geography not in (country, EVERYWHERE):
        stands_in = (*stands_in, "other-country")
    return Found(factor, factor.value, country, stands_in)
