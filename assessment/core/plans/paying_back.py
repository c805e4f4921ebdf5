"""Whether a measure comes back in a sensible time at one site, as far as the company's figures tell.

Twenty years is the project's own limit: longer than most machines last, so what comes back later is not bought to save
money. Where nobody said how many pieces are needed, one is the least. A payback that cannot be reckoned holds nothing
against a measure.
"""

from dataclasses import replace
from functools import cached_property

from assessment.core.money.footprint import footprint_of
from assessment.core.money.formulas import simple_payback
from assessment.core.money.savings import Candidate, Saving, alone
from assessment.core.money.sheet import ResourceSheet
from assessment.core.money.sheet_entries import MONTHS, SheetEntries
from assessment.core.money.sheet_site import site_of
from assessment.core.money.uses import Site
from assessment.core.resources.catalogue import Catalogue, Profile
from assessment.core.resources.entries import Measure

LONGEST_PAYBACK = 20
"""Years of simple payback up to which a measure is proposed unasked."""


def is_too_long(payback: float | None) -> bool:
    """Whether a payback in years is known and longer than `LONGEST_PAYBACK`."""
    # Rounded, because binary fractions add their crumbs to a payback that meets the limit.
    return payback is not None and round(payback, 6) > LONGEST_PAYBACK


def candidate_of(measure: Measure, todo: float, entries: SheetEntries) -> Candidate:
    """A measure of which the part `todo` (0 to 1) is left, with the pieces, bars or degrees that the company gave."""
    pieces, steps = entries.pieces.get(measure.id), entries.steps.get(measure.id)
    given = None if pieces is None or pieces < 0 else float(pieces)
    return Candidate(measure, todo, given, 1.0 if steps is None or steps < 0 else float(steps))


def at_least_one(candidate: Candidate) -> Candidate:
    """The same with the least that can be bought where nobody said how many pieces are needed."""
    return replace(candidate, pieces=1.0) if candidate.pieces is None else candidate


def payback_of_one(saving: Saving, measure: Measure) -> float | None:
    """Years with the least that can be bought, where that is later than the measure usually comes back.

    None where the number of pieces is known, where it fits what is usual, and where nothing is saved in EUR.
    """
    if saving.investment is not None or saving.eur is None or saving.eur.typical <= 0:
        return None
    years, usual = simple_payback(saving.piece.typical, saving.eur.typical), measure.payback_months.high
    return years if years is not None and (usual is None or years * MONTHS > usual) else None


class Paybacks:
    """The paybacks of measures at one site, which is made only where one is asked for."""

    def __init__(self, sheet: ResourceSheet, catalogue: Catalogue, profile: Profile) -> None:
        self._sheet = sheet
        self._catalogue = catalogue
        self._profile = profile

    @cached_property
    def _site(self) -> Site:
        footprint = footprint_of(self._sheet, self._catalogue.factors)
        return site_of(self._sheet, footprint, self._catalogue, self._profile)

    def too_long(self, measure: Measure, todo: float) -> bool:
        """Whether what is left of the measure is known to take too long, before any funding."""
        candidate = at_least_one(candidate_of(measure, todo, self._sheet.entries))
        return is_too_long(alone(self._site, self._catalogue.method, candidate).payback)
