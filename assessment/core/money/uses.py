"""What a site uses of each resource in a year: the ground on which savings are computed.

Base units: electricity, heat and transport in kWh (net calorific value), water in m3, waste in t, materials in EUR of
yearly purchasing, refrigerant in kg, `cost-` in EUR of that item, `co2e-` in t CO2e. Figures are floats, because what
is made of them are estimates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from assessment.core.resources.entries import Use, UseShare


class Range(NamedTuple):
    """A figure with how far it may lie lower or higher."""

    low: float
    typical: float
    high: float


NOTHING = Range(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class SiteUse:
    """The yearly use of one resource, in its base unit.

    `price` is in EUR and `carbon` in kg CO2e per base unit, location-based for electricity; None where it is not
    known. `basis` says whether the amount is from bills or a meter, or estimated by the company or by us.
    """

    resource: Use
    amount: float
    price: float | None
    carbon: float | None
    basis: Literal["measured", "estimated"]


@dataclass(frozen=True)
class Site:
    """A site's yearly uses, and the share of a use that an end use takes.

    A share of an end use that is no part of a site's split (a machine, a material) stands here only where the company
    gave its quantity: the quantity divided by the use. `cut_across` names end uses that run through others, such as
    motors: their shares come on top of a whole that the others make up. `apart` holds yearly quantities that the
    company gave of something that is no part of a use here, in the base unit of its resource.
    """

    uses: Mapping[Use, SiteUse]
    shares: Mapping[tuple[Use, str], UseShare]
    cut_across: tuple[str, ...] = ()
    apart: Mapping[tuple[Use, str], float] = field(default_factory=dict)
