"""Benchmarks by line of business as data: where a resource goes, how much firms use, what they pay and save.

They stand under `assessment/catalogue/benchmarks/`. NACE Rev. 2 codes are matched longest first: an entry fits where
one of its codes begins a code of the firm. An entry with a `trait` fits only firms of which that flag of the
questionnaire holds, and then before those without one.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, Self, TypeVar

from pydantic import Field, StringConstraints, model_validator

from assessment.core.model import Line, Model, Prose, Slug
from assessment.core.money.factors import About
from assessment.core.resources.entries import Confidence, Country, Figures, Share, Source, Use, UseShare, Year

NaceCode = Annotated[str, StringConstraints(pattern=r"^([A-U]([0-9]{2}(\.[0-9]{1,2})?)?|all)$")]
Plain = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]

SplitResource = Literal["electricity", "heat", "water", "energy", "energy-cost", "fuel", "heat-loss"]
"""`energy`: electricity and fuels together; `energy-cost`: the energy bill."""

IntensityResource = Literal[
    "electricity", "heat", "water", "waste", "transport", "materials", "energy", "co2e", "food", "food-waste"
]

IntensityUnit = Literal[
    "kWh/m2", "kWh/employee", "m3/employee", "kg/employee", "kWh/kg", "l/kg", "l/employee-day", "l/site-day", "l/cow",
    "l/cover", "l/guest-night", "l/100 km", "kg/guest-night", "kg/cover", "g/cover", "sheets/employee", "t/unit",
    "t CO2e/SME", "m3", "EUR", "EUR/year", "GBP", "fraction", "fraction of metal bought", "fraction of polymer",
    "fraction of panel and timber", "fraction of fabric", "fraction of paper",
]  # fmt: skip

Basis = Literal["m2", "employee", "turnover"]
"""What a yearly use is divided by; turnover in thousands of euros."""

OUTSIDE_EUROPE = frozenset({"US", "AU"})
"""Countries of which there are figures although their buildings use more than European ones."""

WHOLE_SHARE = Decimal(1)
SHARE_ROUNDING = Decimal("0.001")


class Sector(Figures):
    """A figure of a line of business; `trait` names the flag of the questionnaire that must hold."""

    id: Slug
    sector: Line
    nace: Annotated[tuple[NaceCode, ...], Field(min_length=1)]
    trait: Slug | None = None


class EndUseSplit(Sector):
    """Fractions of a resource by end use; `complete` ones add up to 1, others are single published shares."""

    resource: SplitResource
    shares: Annotated[Mapping[Slug, Share], Field(min_length=1)]
    complete: bool

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(self.shares.values())
        if self.complete and abs(total - WHOLE_SHARE) > SHARE_ROUNDING:
            raise ValueError(f"The shares add up to {total}, not to 1.", "Correct them, or write `complete: false`.")
        if total > WHOLE_SHARE + SHARE_ROUNDING:
            raise ValueError(f"The shares add up to {total}, more than there is.", "Correct them.")
        return self


class Intensity(Sector):
    """How much is used for each employee, square metre or piece. `year` is that of the data, where it is told."""

    resource: IntensityResource
    metric: Line
    unit: IntensityUnit
    low: Plain | None = None
    typical: Plain | None = None
    high: Plain | None = None
    geography: Country | None = None
    year: Year | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        known = [figure for figure in (self.low, self.typical, self.high) if figure is not None]
        if not known:
            raise ValueError("There is no figure.", "Add `low`, `typical` or `high`.")
        if known != sorted(known):
            raise ValueError("`low`, `typical` and `high` are not in order.", "Put the smaller figure first.")
        return self

    @property
    def is_foreign(self) -> bool:
        """Whether it is of firms outside Europe: for orientation only."""
        return self.geography in OUTSIDE_EUROPE

    @property
    def per(self) -> Basis | None:
        """What a year's use is divided by; None for figures of another kind."""
        return _YEARLY[self.unit].per if self.unit in _YEARLY else None

    @property
    def factor(self) -> Decimal:
        """From the figure to the base unit of the resource (kWh, m3, t)."""
        return _YEARLY[self.unit].factor if self.unit in _YEARLY else Decimal(1)


class _Yearly(NamedTuple):
    per: Basis
    factor: Decimal


_YEARLY: Mapping[str, _Yearly] = {
    "kWh/m2": _Yearly("m2", Decimal(1)),
    "kWh/employee": _Yearly("employee", Decimal(1)),
    "m3/employee": _Yearly("employee", Decimal(1)),
    "kg/employee": _Yearly("employee", Decimal("0.001")),
}


class CostShare(Sector):
    """What an item costs, as a fraction of cost or turnover."""

    item: Line
    value: Share


class Potential(Sector):
    """A published potential for saving, as a fraction of what `metric` names."""

    metric: Line
    low: Share | None = None
    value: Share | None = None
    high: Share | None = None


class UptakeStatistic(Model):
    """The share of a population of firms that do what the statement says."""

    id: Slug
    share: Share
    population: Line
    year: Year | None = None
    statement: Prose
    source: Slug
    confidence: Confidence


class AboutBenchmarks(About):
    """The benchmarks as a whole. `cut_across` names end uses that run through others (motors through machines and
    fans), so that a split which does not name them says nothing about them."""

    cut_across: tuple[Slug, ...] = ()


B = TypeVar("B", bound=Sector)


class Benchmarks(Model):
    """All benchmarks of one version of the data set. `sources` holds those that the measures do not name."""

    about: AboutBenchmarks
    end_uses: tuple[EndUseSplit, ...]
    intensities: tuple[Intensity, ...]
    cost_structure: tuple[CostShare, ...]
    potentials: tuple[Potential, ...]
    uptake: tuple[UptakeStatistic, ...]
    sources: Mapping[str, Source]

    def split(self, resource: Use, nace: Sequence[str], traits: Collection[str]) -> EndUseSplit | None:
        """The complete split of a resource for a line of business, longest NACE code first."""
        return best_of([s for s in self.end_uses if s.complete and s.resource == resource], nace, traits)

    def shares(self, resource: Use, nace: Sequence[str], traits: Collection[str]) -> Mapping[str, UseShare]:
        """The shares of that split in the form of the measures' own shares; a split has no range."""
        split = self.split(resource, nace, traits)
        if split is None:
            return {}
        return {
            end_use: UseShare(
                resource=resource, end_use=end_use, low=share, high=share, typical=share, basis=split.basis,
                confidence=split.confidence, source=split.source, note=split.sector,
            )
            for end_use, share in split.shares.items()
        }  # fmt: skip

    def intensity(
        self, resource: IntensityResource, per: Basis, nace: Sequence[str], traits: Collection[str]
    ) -> Intensity | None:
        """How much is typically used; figures of Europe before those of elsewhere, then with a range before without."""
        fitting = [i for i in self.intensities if i.resource == resource and i.per == per and i.typical is not None]
        near = [i for i in fitting if i.geography in (None, "EU")]
        return best_of(near, nace, traits) or best_of([i for i in fitting if i not in near], nace, traits)


def best_of(entries: Sequence[B], nace: Sequence[str], traits: Collection[str]) -> B | None:
    """The entry that fits a line of business best: by trait, by length of code, by how many of its codes it covers."""
    ranked = [(rank, entry) for entry in entries if (rank := _rank(entry, nace, traits)) is not None]
    # Equals go by id, so that the choice does not hang on the order of a file.
    return min(ranked, key=lambda pair: (pair[0], pair[1].id))[1] if ranked else None


def _rank(entry: Sector, nace: Sequence[str], traits: Collection[str]) -> tuple[bool, int, int] | None:
    if entry.trait is not None and entry.trait not in traits:
        return None
    lengths = [length for code in nace if (length := _length(entry, code))]
    general = "all" in entry.nace
    if not lengths and not general:
        return None
    return entry.trait is None, -max(lengths, default=0), -len(lengths)


def _length(entry: Sector, code: str) -> int:
    """How long the entry's code is that begins this code of the firm."""
    return max((len(own) for own in entry.nace if own != "all" and code.startswith(own)), default=0)
