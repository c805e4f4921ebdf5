"""Energy in one figure: kWh of electricity, heat and vehicle fuel that a set of measures saves together."""

import math
from collections.abc import Iterable

from assessment.core.money.savings import ResourceSaving
from assessment.core.money.uses import Range, Site
from assessment.core.resources.entries import Use

ENERGY: tuple[Use, ...] = ("electricity", "heat", "transport")


def energy_saved(resources: Iterable[ResourceSaving]) -> Range | None:
    """kWh a year: saved, less what switches add; None where no energy is saved or added.

    The figures of the resources vary independently, so their distances to low and high add as root sum of squares.
    What a switch adds moves with what it saves; counting both as independent makes the range rather too wide than too
    narrow.
    """
    lines = [line for line in resources if line.resource in ENERGY and (line.saved.typical or line.added.typical)]
    if not lines:
        return None
    typical = sum(line.saved.typical - line.added.typical for line in lines)
    below = [line.saved.typical - line.saved.low for line in lines]
    below += [line.added.high - line.added.typical for line in lines]
    above = [line.saved.high - line.saved.typical for line in lines]
    above += [line.added.typical - line.added.low for line in lines]
    return Range(typical - math.hypot(*below), typical, typical + math.hypot(*above))


def energy_used(site: Site) -> float:
    """kWh a year, as far as it is known."""
    return sum(use.amount for use in site.uses.values() if use.resource in ENERGY)
