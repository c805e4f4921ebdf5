"""The formulas of savings, one function each, on plain numbers.

Where a source says no more than "the catalogue's rule", the rule is the project's own and stands with the fields of
`core/resources/entries.py` (`Saving`, `AddedUse`, `Investment`, `Method`).
"""

import math
from collections.abc import Iterable

from assessment.core.money.uses import Range

KG_PER_TONNE = 1000.0

ALL_BUT_NOTHING = 1 - 1e-9
"""The most that one measure saves of its base, so that what is left can be divided by."""


def not_yet_done(fraction: float, todo: float, steps: float) -> float:
    """The saving fraction that is still to be had: what a step saves, times the steps, times the part not yet done.

    Source: the catalogue's rule; `fraction per bar` and `fraction per degree C` are multiplied by the step chosen.
    """
    return min(fraction * steps * todo, ALL_BUT_NOTHING)


def saved(use: float, share: float, fraction: float) -> float:
    """What one saving entry saves in a year: use of the site x share of the end use x saving fraction.

    Source: the catalogue's rule for a saving entry.
    """
    return use * share * fraction


def left(fractions: Iterable[float]) -> float:
    """The part that several measures on the same base leave: each acts on what the ones before it left.

    Source: the catalogue's rule that savings on one end use are applied one after the other, never added.
    """
    return math.prod(1 - fraction for fraction in fractions)


def left_on_site(left_in_end_use: float, left_site_wide: float) -> float:
    """The part of an end use that is left once the measures on the whole site act on it too.

    Source: the catalogue's rule; a measure on the whole site acts on every end use and on the rest alike.
    """
    return left_in_end_use * left_site_wide


def left_across(share: float, left_in_end_use: float) -> float:
    """The part of everything that is left once the measures on an end use that runs through the others have acted.

    Source: the catalogue's rule that end uses which cut across others must not exceed the site's total together: they
    act on what the others left, each alike, as a measure on the whole site does.
    """
    return 1 - share * (1 - left_in_end_use)


def switched(use: float, share: float, fraction: float) -> float:
    """The use that a switch (another fuel, own generation) moves away before efficiency measures are counted.

    Source: the catalogue's rule; it is the same product as any saving, but outside the cap.
    """
    return saved(use, share, fraction)


def saved_by_efficiency(use: float, share: float, switched_away: float, left_over: float) -> float:
    """What efficiency saves of the part of an end use that no switch moved away.

    Source: the catalogue's rule; switches come first.
    """
    return use * share * (1 - switched_away) * (1 - left_over)


def added(switched_away: float, per_unit: float, left_over: float) -> float:
    """The use of another resource that a switch adds; efficiency acts on the switched part as on the rest.

    Source: `AddedUse.per_unit_saved`, kWh of electricity per kWh of fuel no longer burnt.
    """
    return switched_away * per_unit * left_over


def capped(efficiency: float, use: float, cap: float) -> float:
    """What efficiency measures save together, up to the share of a site's use that is plausible.

    Source: `Method.cap_share_of_site`.
    """
    return min(efficiency, use * cap)


def money(quantity: float, price: float) -> float:
    """Euros a year: the quantity saved times the price of a unit.

    Source: the definition of a price; the price is the company's own, else its country's.
    """
    return quantity * price


def carbon(quantity: float, factor: float) -> float:
    """Kilograms of CO2e a year: the quantity times the emission factor of a unit.

    Source: GHG Protocol Corporate Standard, chapter 6 (activity data times emission factor); electricity by the
    location-based factor.
    """
    return quantity * factor


def cost(eur_low: float, eur_high: float, pieces: float) -> Range:
    """What is paid once: the price of a piece times the pieces, with the middle as typical.

    Source: `Investment`; the middle is our reading of a range that names no typical price.
    """
    return Range(eur_low * pieces, (eur_low + eur_high) / 2 * pieces, eur_high * pieces)


def after_funding(paid: float, funded: float) -> float:
    """What the company pays itself where funding takes a share of the cost.

    Source: the definition of a share of cost paid by a scheme.
    """
    return paid * (1 - funded)


def simple_payback(own_cost: float, eur_a_year: float) -> float | None:
    """Years of simple payback; None where nothing comes back, 0 where nothing is paid.

    Source: the definition of simple payback, cost divided by yearly saving, without interest.
    """
    if own_cost <= 0:
        return 0.0
    return own_cost / eur_a_year if eur_a_year > 0 else None


def root_sum_square(deviations: Iterable[float]) -> float:
    """How far a sum of independent parts lies from its typical value.

    Source: JCGM 100:2008 (GUM), 5.1.2, the law of propagation of uncertainty for independent quantities, here with
    the half-widths of the triangles on one side in the place of standard deviations.
    """
    return math.sqrt(math.fsum(deviation * deviation for deviation in deviations))


def interval(typical: float, below: Iterable[float], above: Iterable[float]) -> Range:
    """The range of a total from the deviations of its parts on either side: never the sum of the highs."""
    return Range(typical - root_sum_square(below), typical, typical + root_sum_square(above))
