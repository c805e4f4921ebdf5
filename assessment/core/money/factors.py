"""Emission factors, prices and conversions as data: what stands in the files under `assessment/catalogue/factors/`.

These are the frozen models; which factor or price goes with a country is `factor_lookups.py`'s business. An entry
that was written down from memory (`recalled`) counts as missing until it was checked at its source.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from assessment.core.model import Line, Model, Prose, Slug
from assessment.core.resources.entries import Country, Source, Year

FactorId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
"""The id of a factor or price: a slug, longer than elsewhere, because it says what the figure is about."""

DataVersion = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}\.[0-9]+$")]
"""The year of a data set and its number in that year."""

Amount = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]

FactorGroup = Literal[
    "electricity-location", "electricity-life-cycle", "electricity-upstream", "electricity-residual",
    "electricity-market", "fuels", "fuels-ipcc", "fuels-upstream", "heat", "road", "freight", "flights", "travel",
    "hotels", "homeworking", "water", "waste", "materials", "refrigerants", "refrigerants-law", "processes",
    "agriculture",
]  # fmt: skip

EmissionUnit = Literal[
    "kgCO2e/kWh", "kgCO2/kWh", "kgCO2e/kWh-net", "kgCO2/kWh-net", "kgCO2e/kWh-gross", "kgCO2e/litre", "kgCO2e/kg",
    "kgCO2e/t", "kgCO2/t", "kgCO2e/m3", "kgCO2e/km", "kgCO2e/passenger-km", "kgCO2e/t-km", "kgCO2e/room-night",
    "kgCO2e/fte-hour", "kgCO2e/kg-n",
]  # fmt: skip
"""kg of greenhouse gases (or of carbon dioxide alone) for each unit; `net` and `gross` name the calorific value."""

PriceUnit = Literal["EUR/kWh", "EUR/kWh-gross", "EUR/litre", "EUR/kg", "EUR/m3", "EUR/t"]

Per = Literal[
    "kWh", "kWh-net", "kWh-gross", "litre", "kg", "t", "m3", "km", "passenger-km", "t-km", "room-night", "fte-hour",
    "kg-n",
]  # fmt: skip

Scope = Literal["1", "2", "3", "2-and-3", "1-or-3", "2-or-3", "1-and-2-or-3", "none", "outside"]
"""The scope of the GHG Protocol; `1-or-3`: 1 for own or leased vehicles, else 3; `outside`: biogenic carbon dioxide."""

Evidence = Literal["seen", "transcribed", "derived", "method", "estimate", "recalled"]
"""`seen`: in the published table or a copy of it; `transcribed`: in a text that cites the cell; `derived`: from other
entries; `method`: follows from a rule of accounting; `estimate`: our own; `recalled`: from memory, not opened."""


class Evidenced(Model):
    """What every figure carries: how it was come by, from where, and whether it was compared with that source."""

    source: Slug | None = None
    confidence: Evidence
    checked: bool = False
    basis: Prose | None = None
    note: Prose | None = None

    @model_validator(mode="after")
    def _has_an_origin(self) -> Self:
        if self.source is None and self.basis is None and self.confidence not in ("estimate", "method"):
            raise ValueError("Nothing says where this figure comes from.", "Add `source`, or say it in `basis`.")
        if self.source is None and self.confidence in ("seen", "transcribed"):
            raise ValueError(f"A figure that was {self.confidence} names no source.", "Add `source`.")
        return self

    @property
    def usable(self) -> bool:
        """Whether it may be counted with."""
        return self.checked or self.confidence != "recalled"


class FigureSource(Source):
    """A publication; `read_in` says where its figures were read, if that was a copy, `compared` what those marked as
    checked were compared with. The licence must be told."""

    licence: Line
    read_in: Prose | None = None
    compared: Prose | None = None


class Factor(Evidenced):
    """What one unit of something emits. No value: the source has none, which is not zero.

    `default` marks the entry to take where nothing better is known; defaults of one group differ in what they are
    about (`subject`), how it is done (`mode`), place or unit, never in meaning. `row` names the row of the source.
    """

    id: FactorId
    group: FactorGroup
    subject: Slug
    mode: Slug | None = None
    value: Amount | None
    unit: EmissionUnit
    scope: Scope
    gas_basis: Line
    geography: Country
    year: Year | None = None
    default: bool = False
    row: Line | None = None

    @property
    def per(self) -> Per:
        """The unit that the value is for."""
        per: Per = self.unit.split("/", 1)[1]  # type: ignore[assignment]
        return per

    @property
    def carbon_dioxide_only(self) -> bool:
        """Whether the other greenhouse gases are left out."""
        return self.unit.startswith("kgCO2/")

    @property
    def life_cycle(self) -> bool:
        """Whether what comes before the socket is in it, so that it is never added again."""
        return self.scope == "2-and-3"


class Price(Evidenced):
    """What one unit costs, for a place and (energy) a band of yearly use; or only a range."""

    id: FactorId
    commodity: Slug
    geography: Country
    band: Slug | None = None
    value: Positive | None
    low: Positive | None = None
    high: Positive | None = None
    unit: PriceUnit
    period: Line
    tax: Line | None = None

    @property
    def per(self) -> Per:
        """The unit that the price is for."""
        per: Per = self.unit.split("/", 1)[1]  # type: ignore[assignment]
        return per


class PriceBand(Model):
    """Customers whose yearly use lies from `from` up to (not at) `below`, in the unit of the price."""

    id: Slug
    commodity: Slug
    label: Line
    from_: Amount = Field(alias="from")
    below: Positive


class FuelValue(Model):
    """The net heating value of a fuel and its density."""

    id: Slug
    fuel: Line
    state: Literal["solid", "liquid", "gaseous"]
    ncv_mj_per_kg: Positive
    density_kg_per_litre: Positive | None = None
    density_kg_per_m3: Positive | None = None
    kwh_per_kg: Positive
    kwh_per_litre: Positive | None = None
    kwh_per_m3: Positive | None = None
    renewable: bool

    def kwh_per(self, per: Per) -> Decimal | None:
        """The kWh in one kg, t, litre or m3, unrounded; None where the density is not known."""
        per_kg = self.ncv_mj_per_kg / MJ_PER_KWH
        match per:
            case "kg":
                return per_kg
            case "t":
                return per_kg * 1000
            case "litre":
                return None if self.density_kg_per_litre is None else per_kg * self.density_kg_per_litre
            case "m3":
                return None if self.density_kg_per_m3 is None else per_kg * self.density_kg_per_m3
            case _:
                return None


MJ_PER_KWH = Decimal("3.6")


class FuelValues(Evidenced):
    """The heating values of one source."""

    values: tuple[FuelValue, ...] = Field(min_length=1)


class Conversion(Evidenced):
    """What turns something that a company can count into kWh, litres or kg; with how far it may lie off."""

    id: Slug
    value: Positive
    low: Positive
    high: Positive
    unit: Line

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError("`low`, `value` and `high` are not in order.", "Put the smaller figure first.")
        return self


class About(Model):
    """A data set as a whole. The version rises with every change of a figure."""

    title: Line
    version: DataVersion
    date: date
    read_me: tuple[Prose, ...]
    missing: tuple[Line, ...]
    nace_version: Line | None = None
    currency: Literal["EUR"] = "EUR"
