"""What a measure means on one site: its saving entries as numbers, and by name what is missing for the others."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assessment.core.money import formulas
from assessment.core.money.uses import Range, Site, SiteUse
from assessment.core.resources.entries import SITE_TOTAL, AddedUse, Basis, Measure, Method, Saving, Use

Certainty = Literal["measured", "sourced", "adapted", "estimated"]
"""How sure a figure is; the weakest of what it is made of decides."""

CERTAINTIES: tuple[Certainty, ...] = ("measured", "sourced", "adapted", "estimated")
_WEAKNESS: dict[Basis, int] = {"definition": 0, "sourced": 1, "adapted": 2, "estimate": 3}


def weakest(bases: Iterable[Basis]) -> Certainty | None:
    """How sure the least sure of some figures is; None where there is none."""
    found = max((_WEAKNESS[basis] for basis in bases), default=None)
    return None if found is None else CERTAINTIES[found]


Lack = Literal["use", "share", "quantity", "price", "factor", "pieces"]
"""`use`: how much of the resource the site uses; `share`: of the end use; `quantity`: of the thing named by the end
use; `price`: of the resource; `factor`: its emissions; `pieces`: how many are bought."""

WHOLE = Range(1.0, 1.0, 1.0)
OWN_GENERATION = "renewables"
"""The action area whose measures move use away from what is bought, outside the cap."""

COVERS: dict[Use, frozenset[Use]] = {
    "cost-resources": frozenset({
        "electricity", "heat", "transport", "water", "materials", "waste", "cost-energy", "cost-heat", "cost-waste",
        "cost-transport",
    }),
    "cost-energy": frozenset({"electricity", "heat", "cost-heat"}),
    "cost-heat": frozenset({"heat"}),
    "cost-waste": frozenset({"waste"}),
    "cost-transport": frozenset({"transport"}),
    "co2e-total": frozenset({
        "electricity", "heat", "transport", "water", "materials", "waste", "refrigerant", "co2e-electricity",
        "co2e-fuel", "co2e-transport", "co2e-materials",
    }),
    "co2e-electricity": frozenset({"electricity"}),
    "co2e-fuel": frozenset({"heat"}),
    "co2e-transport": frozenset({"transport"}),
    "co2e-materials": frozenset({"materials"}),
}  # fmt: skip
"""What else is counted in a resource that is money or emissions alone: an umbrella on it never adds to these."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A measure that a company could take.

    `todo` is the part not yet done (0 to 1), `pieces` how many are bought (None: not known), `steps` the bar or
    degrees where a saving is given for one of them, `funded` the share of the cost that a scheme pays.
    """

    measure: Measure
    todo: float = 1.0
    pieces: float | None = None
    steps: float = 1.0
    funded: float = 0.0


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that has to be known before a figure can be given."""

    lack: Lack
    measure: str = ""
    resource: Use | None = None
    end_use: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """The use of one resource, with what a unit is worth in EUR and kg CO2e; None where that is not known."""

    resource: Use
    amount: float
    price: float | None
    carbon: float | None


@dataclass(frozen=True, slots=True)
class Addition:
    """The use of another resource that a switch adds for each unit moved away."""

    ground: Ground
    ratio: Range


@dataclass(frozen=True, slots=True)
class Term:
    """One saving entry that counts on this site; `fraction` is what is still to be had."""

    measure: str
    ground: Ground
    end_use: str
    share: Range
    fraction: Range
    switch: bool
    umbrella: bool
    weakness: int
    addition: Addition | None = None
    across: bool = False
    """Whether its end use runs through the others, so that it acts on what they leave."""
    apart: bool = False
    """Whether it acts on a quantity of its own, which is no part of the site's use of the resource."""

    @property
    def resource(self) -> Use:
        """What it saves."""
        return self.ground.resource

    @property
    def typical(self) -> float:
        """What it would save by itself, before any cap."""
        return formulas.saved(self.ground.amount, self.share.typical, self.fraction.typical)


def ground_of(resource: Use, use: SiteUse | None) -> Ground:
    """What a unit of a resource is worth.

    `cost-` and materials are euros already, `co2e-` tonnes. A change of contract (`co2e-electricity`) changes the
    market-based total alone, so it adds nothing to the location-based sum that every saving is valued with.
    """
    amount = use.amount if use else 0.0
    if resource.startswith("cost-"):
        return Ground(resource, amount, 1.0, 0.0)
    if resource.startswith("co2e-"):
        return Ground(resource, amount, 0.0, 0.0 if resource == "co2e-electricity" else formulas.KG_PER_TONNE)
    price = 1.0 if resource == "materials" else use.price if use else None
    return Ground(resource, amount, price, use.carbon if use else None)


Place = tuple[Use, str]
"""An end use of a resource."""

WITHIN = 1 + 1e-9
"""The whole, with what binary fractions may add to shares that make it up."""


def acting_across(site: Site, switched: Collection[Place]) -> frozenset[Place]:
    """The end uses that act on what the others leave: those that run through others, and those that no longer fit.

    The others stand side by side and are the whole at most: first what a switch moves away, then the larger ones.
    """
    found: set[Place] = set()
    taken: dict[Use, float] = {}

    def order(place: Place) -> tuple[bool, Decimal, str]:
        return place not in switched, -site.shares[place].typical, place[1]

    for place in sorted(site.shares, key=order):
        resource, end_use = place
        share = float(site.shares[place].typical)
        through = end_use in site.cut_across and place not in switched
        if through or taken.get(resource, 0.0) + share > WITHIN:
            found.add(place)
        else:
            taken[resource] = taken.get(resource, 0.0) + share
    return frozenset(found)


class Grounds:
    """A site made ready for some candidates: what each resource is worth, and which end uses run through others."""

    def __init__(self, site: Site, method: Method, candidates: Iterable[Candidate]) -> None:
        self.cap = float(method.cap_share_of_site)
        self._site = site
        self._position = float(method.typical_position)
        self._grounds: dict[Use, Ground] = {}
        self._across = acting_across(site, {
            (saving.resource, saving.end_use)
            for candidate in candidates for saving in candidate.measure.savings
            if _switches(candidate.measure, saving)
        })  # fmt: skip

    def of(self, resource: Use) -> Ground:
        """What a unit of the resource is worth here."""
        ground = self._grounds.get(resource)
        if ground is None:
            ground = self._grounds[resource] = ground_of(resource, self._site.uses.get(resource))
        return ground

    def terms(self, candidate: Candidate) -> tuple[tuple[Term, ...], tuple[Missing, ...]]:
        """The entries of a candidate that count here, and what is missing for those that cannot."""
        found = list(self._found(candidate))
        terms = tuple(each for each in found if isinstance(each, Term))
        return terms, tuple(each for each in found if isinstance(each, Missing))

    def _found(self, candidate: Candidate) -> Iterator[Term | Missing]:
        measure = candidate.measure
        for saving in measure.savings:
            fraction = self._fraction(saving, candidate)
            if saving.information_only or fraction.high <= 0:
                continue
            use = self._site.uses.get(saving.resource)
            place, switch = (saving.resource, saving.end_use), _switches(measure, saving)
            if place in self._site.apart:
                yield from self._apart(candidate, saving, fraction)
                continue
            share = (WHOLE, 0) if saving.base == "site_total" else self._share(place)
            if share is None or (switch and place in self._across):
                lack: Lack = "share" if saving.base == "end_use" else "quantity"
                yield Missing(lack, measure.id, saving.resource, saving.end_use)
            elif use is None:
                yield Missing("use", measure.id, saving.resource)
            elif use.amount > 0:
                weakness = max(_WEAKNESS[saving.basis], share[1], 3 if use.basis == "estimated" else 0)
                adds = saving.adds_use
                yield Term(
                    measure.id, self.of(saving.resource), saving.end_use, share[0], fraction,
                    switch, measure.umbrella, max(weakness, _WEAKNESS[adds.basis]) if adds else weakness,
                    self._addition(adds) if adds else None, place in self._across,
                )  # fmt: skip

    def _apart(self, candidate: Candidate, saving: Saving, fraction: Range) -> Iterator[Term]:
        """The entry that acts on a quantity which the company gave; none of it is known to be nothing."""
        quantity = self._site.apart[saving.resource, saving.end_use]
        if quantity > 0:
            adds, worth = saving.adds_use, self.of(saving.resource)
            yield Term(
                candidate.measure.id, Ground(saving.resource, quantity, worth.price, worth.carbon), saving.end_use,
                WHOLE, fraction, _switches(candidate.measure, saving), candidate.measure.umbrella,
                _WEAKNESS["estimate"], self._addition(adds) if adds else None, apart=True,
            )  # fmt: skip

    def _addition(self, adds: AddedUse) -> Addition:
        ratio = adds.per_unit_saved
        return Addition(self.of(adds.resource), Range(float(ratio.low), float(ratio.typical), float(ratio.high)))

    def _share(self, place: Place) -> tuple[Range, int] | None:
        """The share of an end use and how weak it is; None where the site names none."""
        share = self._site.shares.get(place)
        if share is None:
            return None
        return Range(float(share.low), float(share.typical), float(share.high)), _WEAKNESS[share.basis]

    def _fraction(self, saving: Saving, candidate: Candidate) -> Range:
        todo, steps = candidate.todo, candidate.steps
        low, high = float(saving.low), float(saving.high)
        typical = low + self._position * (high - low) if saving.typical is None else float(saving.typical)
        return Range(
            formulas.not_yet_done(low, todo, steps), formulas.not_yet_done(typical, todo, steps),
            formulas.not_yet_done(high, todo, steps),
        )  # fmt: skip


def _switches(measure: Measure, saving: Saving) -> bool:
    """Whether an entry moves use away from what is bought: to another resource, or to own generation."""
    return saving.adds_use is not None or measure.action_area == OWN_GENERATION


def site_wide(term: Term) -> bool:
    """Whether the entry acts on everything that the site uses of its resource."""
    return term.end_use == SITE_TOTAL


def covers(wide: Use, ground: Ground) -> bool:
    """Whether a sum of money or emissions holds what is saved of a resource: without a price or factor it does not."""
    worth = ground.price if wide.startswith("cost-") else ground.carbon
    return worth is not None and ground.resource in COVERS.get(wide, ())


Group = tuple[Use, str]
"""A resource of the site, or with an end use a quantity that stands apart from it."""


def grouped(terms: Iterable[Term]) -> dict[Group, list[Term]]:
    """The terms that act on the same: each quantity apart is a whole of its own, save for umbrellas."""
    found: dict[Group, list[Term]] = {}
    for term in terms:
        apart = term.end_use if term.apart and not term.umbrella else ""
        found.setdefault((term.resource, apart), []).append(term)
    return found


def counted(terms: Mapping[Group, list[Term]]) -> Iterator[list[Term]]:
    """The terms that count, group by group: umbrellas only while nothing else of known worth acts on what they cover.

    Source: the catalogue's rule (`Measure.umbrella`): an umbrella organises or finds what single measures save. Of
    several umbrellas on one resource the largest counts alone, because they overlap with each other too.
    """
    present = [found[0].ground for found in terms.values()]
    acting = {resource for (resource, _), found in terms.items() if not all(term.umbrella for term in found)}
    for (resource, _), found in terms.items():
        singles = [term for term in found if not term.umbrella]
        if singles:
            yield singles
        elif resource not in acting and not any(covers(resource, ground) for ground in present):
            yield [max(found, key=lambda term: (term.typical, term.measure))]
