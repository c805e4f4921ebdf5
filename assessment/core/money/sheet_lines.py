"""The lines that a resource sheet can have, as data: their unit, the factors and the price that go with them.

They stand in `assessment/catalogue/factors/lines.yaml`; a questionnaire says which of its figures gives which line.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assessment.core.model import Line, Model, Slug
from assessment.core.money.factors import FactorGroup, FactorId
from assessment.core.resources.entries import Country, Use

LineUnit = Literal["kWh", "m3", "t", "kg", "EUR", "people", "m2", "km", "passenger-km", "t-km", "room-night"]

TypedUnit = Literal["kWh", "MWh", "kWh-gross", "MWh-gross", "m3", "litre", "kg", "t"]
"""What bills, meters and delivery notes count in; `gross` names the calorific value."""

Part = Literal["burning", "heat", "leak", "grid", "losses", "upstream", "supply", "treatment", "production", "trip"]
"""Which part of a line's emissions: from burning it, making the heat, leaking, the grid; what comes before or after;
the trip of people or goods with others."""

EmissionScope = Annotated[int, Field(ge=1, le=3)]


class LineEmission(Model):
    """One part of a line's emissions: its factor, and the heating value that leads to the factor's unit.

    With `only_in` it counts in these countries alone; elsewhere the factor is missing. `assumes` is told beside it.
    """

    scope: EmissionScope
    part: Part
    factor: FactorId
    through: Slug | None = None
    only_in: tuple[Country, ...] = ()
    assumes: Line | None = None


class LineChoice(Model):
    """Emissions that depend on which kind it is: the company names a factor of this group, or nothing is counted.

    With `subjects` only those about one of them are offered.
    """

    scope: EmissionScope
    part: Part
    group: FactorGroup
    subjects: tuple[Slug, ...] = ()


class LinePrice(Model):
    """What the line is bought as, and the heating value that leads to the unit of the price."""

    commodity: Slug
    through: Slug | None = None


class SheetLine(Model):
    """One line. `grid`: its emissions are those of the country's electricity; `estimated`: what is estimated of its
    resource stands on this line; `part_of`: it is a part of what another line has, which keeps the rest; `units`: what
    an amount may be typed in, and `through` the heating value that leads there; `trait`: nothing is missing where the
    company said that this flag of the questionnaire does not hold."""

    id: Slug
    label: Line
    resource: Use | None = None
    unit: LineUnit
    grid: bool = False
    estimated: bool = False
    part_of: Slug | None = None
    units: tuple[TypedUnit, ...] = ()
    through: Slug | None = None
    trait: Slug | None = None
    emissions: tuple[LineEmission, ...] = ()
    choice: LineChoice | None = None
    price: LinePrice | None = None

    @property
    def metered(self) -> bool:
        """Whether bills, tickets or a meter tell it; people, floor and turnover are counted in another way."""
        return self.unit not in ("people", "m2") and (self.unit != "EUR" or self.resource is not None)

    @model_validator(mode="after")
    def _one_way_to_emissions(self) -> Self:
        if sum((self.grid, bool(self.emissions), self.choice is not None)) > 1:
            raise ValueError(
                "A line has emissions of the grid, of its own, or by choice.", "Keep one of `grid`, `emissions`, "
                "`choice`."
            )  # fmt: skip
        if self.estimated and self.resource is None:
            raise ValueError("Only a line of a resource can be estimated.", "Add `resource`, or remove `estimated`.")
        return self
