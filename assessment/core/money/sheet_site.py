"""The site that savings are computed on, made from a resource sheet and its footprint.

Heat is all fuel and district heat together, transport all vehicle fuel, each with the mean price and the mean carbon of
its rows. A mean needs every row: where one lacks its price or its factor, that of the resource is not known. What is
not used, or not known, is left out. Figures turn into floats here, because what is made of them are estimates.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from assessment.core.money.footprint import Footprint, FootprintLine, sum_of
from assessment.core.money.sheet import ResourceSheet, Row
from assessment.core.money.sheet_entries import quantity_key
from assessment.core.money.uses import Site, SiteUse
from assessment.core.resources.catalogue import Catalogue, Profile, measure_fits
from assessment.core.resources.entries import Use, UseShare

QUANTITIES: tuple[Use, ...] = ("electricity", "heat", "transport", "water", "waste", "refrigerant")

COSTS: Mapping[Use, tuple[Use, ...]] = {
    "cost-energy": ("electricity", "heat"),
    "cost-heat": ("heat",),
    "cost-transport": ("transport",),
    "cost-waste": ("waste",),
    "cost-resources": ("electricity", "heat", "water", "materials", "waste"),
}
"""Which costs a `cost-` use is made of."""

SPLIT: tuple[Use, ...] = ("electricity", "heat", "water")

REST = "other"
"""The end use of a split that stands for all it does not name."""

KG_PER_T = 1000


def site_of(sheet: ResourceSheet, footprint: Footprint, catalogue: Catalogue, profile: Profile) -> Site:
    """The site of a sheet.

    Costs count as far as they are known, so they are never too high. The shares of end uses are those of the line of
    business (longest NACE code first), and for what has no split, and a fitting measure acts on, the measures' own.
    """
    uses = (*_quantities(sheet, footprint), *_money(sheet), *_emissions(footprint))
    by_resource = {use.resource: use for use in uses}
    inside, apart = _given(sheet, catalogue, by_resource)
    shares = _shares(sheet, catalogue, profile) | inside
    return Site(by_resource, shares, catalogue.benchmarks.about.cut_across, apart)


def _given(
    sheet: ResourceSheet, catalogue: Catalogue, uses: Mapping[Use, SiteUse]
) -> tuple[dict[tuple[Use, str], UseShare], dict[tuple[Use, str], float]]:
    """The quantities that the company gave of things that measures act on: as shares of a use that they are a part of.

    Money and emissions stand apart: freight that is bought is no part of the fuel that is burnt.
    """
    inside: dict[tuple[Use, str], UseShare] = {}
    apart: dict[tuple[Use, str], float] = {}
    asked = {
        (saving.resource, saving.end_use)
        for measure in catalogue.measures.values() for saving in measure.savings if saving.of_quantity
    }  # fmt: skip
    for resource, end_use in asked:
        given = sheet.entries.quantities.get(quantity_key(resource, end_use))
        if given is None or given < 0:
            continue
        use = uses.get(resource)
        if use is None or resource not in (*QUANTITIES, "materials"):
            apart[resource, end_use] = float(given)
        else:
            share = min(Decimal(1), given / Decimal(use.amount))
            inside[resource, end_use] = UseShare(
                resource=resource, end_use=end_use, low=share, high=share, typical=share, basis="estimate",
                confidence="medium",
            )  # fmt: skip
    return inside, apart


def _quantities(sheet: ResourceSheet, footprint: Footprint) -> Iterator[SiteUse]:
    for resource in QUANTITIES:
        rows = tuple(row for row in sheet.of(resource) if row.amount)
        total = sum((row.amount for row in rows if row.amount is not None), Decimal(0))
        if total > 0:
            price = _mean([row.cost for row in rows], total)
            carbon = _mean([carbon_of(row, footprint) for row in rows], total)
            yield SiteUse(resource, float(total), price, carbon, _basis(rows))


def carbon_of(row: Row, footprint: Footprint) -> Decimal | None:
    """kg CO2e of a row's own use, location-based: scopes 1 and 2, or what is known where it has none of them."""
    own = [line for line in footprint.lines if line.row.line.id == row.line.id and line.method != "market"]
    direct = [line for line in own if line.scope < 3]
    if any(gap.row.line.id == row.line.id and (gap.scope < 3 or not direct) for gap in footprint.gaps):
        return None
    return sum_of(direct or own) if own else None


def _mean(worths: Sequence[Decimal | None], total: Decimal) -> float | None:
    known = [worth for worth in worths if worth is not None]
    return float(sum(known, Decimal(0)) / total) if len(known) == len(worths) else None


def _money(sheet: ResourceSheet) -> Iterator[SiteUse]:
    bought = sheet.total("materials")
    if bought:
        yield SiteUse("materials", float(bought), 1.0, None, _basis(sheet.of("materials")))
    for use, resources in COSTS.items():
        rows = [row for resource in resources for row in sheet.of(resource) if row.cost]
        cost = sheet.cost(*resources)
        if cost:
            yield SiteUse(use, float(cost), 1.0, None, _basis(rows))


def _emissions(footprint: Footprint) -> Iterator[SiteUse]:
    """Tonnes a year, as far as they are known."""
    known = [line for line in footprint.lines if line.method != "market"]
    burnt = [line for line in known if line.part == "burning"]
    parts: Mapping[Use, list[FootprintLine]] = {
        "co2e-total": known,
        "co2e-electricity": [line for line in known if line.part == "grid"],
        "co2e-fuel": [line for line in burnt if line.row.line.resource == "heat"],
        "co2e-transport": [line for line in burnt if line.row.line.resource == "transport"],
        "co2e-materials": [line for line in known if line.part == "production"],
    }
    for use, lines in parts.items():
        kg = sum_of(lines)
        if kg:
            yield SiteUse(use, float(kg / KG_PER_T), None, float(KG_PER_T), _basis([line.row for line in lines]))


def _basis(rows: Iterable[Row]) -> Literal["measured", "estimated"]:
    return "measured" if all(row.basis == "bills" for row in rows) else "estimated"


def _shares(sheet: ResourceSheet, catalogue: Catalogue, profile: Profile) -> dict[tuple[Use, str], UseShare]:
    """The measures' own shares, with the split of the line of business in their place where there is one."""
    shares: dict[tuple[Use, str], UseShare] = {}
    for measure in catalogue.measures.values():
        if measure_fits(measure, profile):
            for saving in measure.savings:
                default = catalogue.share_of(saving) if saving.base == "end_use" else None
                if default is not None:
                    shares[saving.resource, saving.end_use] = default
    for resource in SPLIT:
        split = dict(catalogue.benchmarks.shares(resource, sheet.nace, sheet.traits))
        if split:
            rest = split.pop(REST, None)
            unnamed = {use: share for (of, use), share in shares.items() if of == resource and use not in split}
            split |= _beside(unnamed, catalogue.benchmarks.about.cut_across, rest.typical if rest else Decimal(0))
            shares |= {(resource, end_use): share for end_use, share in split.items()}
    return shares


def _beside(unnamed: Mapping[str, UseShare], cut_across: Collection[str], rest: Decimal) -> dict[str, UseShare]:
    """Rough shares of what a complete split does not name: all of it fits into the split's rest.

    What cuts across other uses keeps the measures' own share.
    """
    inside = sum((share.typical for use, share in unnamed.items() if use not in cut_across), Decimal(0))
    scale = min(Decimal(1), rest / inside) if inside else Decimal(1)
    return {use: _rough(share, Decimal(1) if use in cut_across else scale) for use, share in unnamed.items()}


def _rough(share: UseShare, scale: Decimal) -> UseShare:
    figures = {"low": share.low * scale, "typical": share.typical * scale, "high": share.high * scale}
    return share.model_copy(update={**figures, "basis": "estimate", "confidence": "low"})
