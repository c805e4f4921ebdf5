"""Sites to compute savings on: small ones by hand, and those of the example companies.

The examples' own figures give the electricity, fuel, water and waste; the rest of a site (materials and prices) is
made up here, so that every kind of measure has something to act on.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from assessment.content import folders
from assessment.content.examples import Example
from assessment.content.library import Library, load_library
from assessment.core.answers import Quantities, Quantity
from assessment.core.catalogue import Catalogue, Measure, measure_fits
from assessment.core.entries import Method, Use, UseShare
from assessment.core.plan import profile_of
from assessment.core.savings import Candidate
from assessment.core.uses import Site, SiteUse
from tests.builders import catalogue, measure

ESTIMATE = {"basis": "estimate", "confidence": "low"}

WORTH: dict[Use, tuple[float | None, float | None]] = {
    "electricity": (0.20, 0.3), "heat": (0.08, 0.2), "water": (4.0, 0.4), "waste": (150.0, 400.0),
    "transport": (0.16, 0.26), "materials": (1.0, None), "refrigerant": (30.0, 2000.0),
}  # fmt: skip
"""EUR and kg CO2e of a unit: round figures for tests."""

PIECES = 5.0


def method(**more: Any) -> Method:
    """The method of the tests' catalogue: typical a third up, cap of 40 %, hours 4, 20 and 80."""
    found = catalogue().method
    return found.model_copy(update=more)


def share(resource: Use, end_use: str, typical: float, low: float | None = None, high: float | None = None) -> UseShare:
    """The share that an end use takes."""
    low, high = typical if low is None else low, typical if high is None else high
    return UseShare(
        resource=resource, end_use=end_use, low=Decimal(str(low)), high=Decimal(str(high)),
        typical=Decimal(str(typical)), basis="sourced", confidence="high", source="s",
    )  # fmt: skip


def site(shares: Iterable[UseShare] = (), unknown: Sequence[str] = (), **amounts: float) -> Site:
    """A site with these yearly uses (`_` stands for a hyphen), at the prices above; `unknown` have no worth."""
    uses: dict[Use, SiteUse] = {}
    for name, amount in amounts.items():
        resource: Use = name.replace("_", "-")  # type: ignore[assignment]
        price, carbon = (None, None) if resource in unknown else WORTH.get(resource, (None, None))
        uses[resource] = SiteUse(resource, amount, price, carbon, "measured")
    return Site(uses, {(found.resource, found.end_use): found for found in shares})


def saving(
    resource: str, fraction: float | tuple[float, float, float], end_use: str = "", **more: Any
) -> dict[str, Any]:
    """A saving entry as written: of the whole site, or of an end use."""
    low, typical, high = fraction if isinstance(fraction, tuple) else (fraction,) * 3
    where = {"base": "end_use", "end_use": end_use} if end_use else {"base": "site_total"}
    figures = {"low": str(low), "typical": str(typical), "high": str(high)}
    return {"resource": resource, **figures, **where, **ESTIMATE, **more}


def adding(resource: str, ratio: float, spread: float = 0.0) -> dict[str, Any]:
    """Use of another resource, as written."""
    unit = {"low": str(ratio - spread), "typical": str(ratio), "high": str(ratio + spread)}
    return {"resource": resource, "per_unit_saved": unit, **ESTIMATE}


def bought(low: float, high: float | None = None, unit: str = "per site") -> dict[str, Any]:
    """An investment, as written."""
    upper = low if high is None else high
    return {"level": "low", "eur_low": str(low), "eur_high": str(upper), "unit": unit, **ESTIMATE}


def that_saves(name: str, *savings: Mapping[str, Any], cost: float = 0, **more: Any) -> Measure:
    """A measure with these saving entries and this cost."""
    return measure(name, savings=list(savings), **{"investment": bought(cost), **more})


@cache
def shipped() -> Library:
    """The questionnaire, the catalogue and the examples that the product ships."""
    return load_library([folders.QUESTIONNAIRES], folders.CATALOGUE, None)


def fitting(example: Example) -> list[Measure]:
    """Every measure of the catalogue that fits an example company."""
    library = shipped()
    edition = library.edition(*library.newest, "en")
    who = profile_of(edition.questionnaire, example.answers, "en")
    return [found for found in library.catalogue("en").measures.values() if measure_fits(found, who)]


def all_of(measures: Iterable[Measure]) -> list[Candidate]:
    """Candidates of which nothing is done yet, five pieces of each."""
    return [Candidate(found, 1.0, PIECES) for found in measures]


def site_of(example: Example) -> Site:
    """The site of an example company: its own figures where it gave some, else those of a small firm."""
    answers, entries = example.answers, shipped().catalogue("en")
    amounts: dict[Use, float] = {
        "electricity": _amount(answers.get("ene-01")) or 30_000.0,
        "heat": _amount(answers.get("ene-02"), "natural-gas") or 60_000.0,
        "transport": _amount(answers.get("ene-02"), "diesel") or 20_000.0,
        "water": _amount(answers.get("wat-01")) or 200.0,
        "waste": _amount(answers.get("was-01"), "non-hazardous") or 5.0,
        "materials": 100_000.0,
    }
    costs = {resource: amount * (WORTH[resource][0] or 0) for resource, amount in amounts.items()}
    amounts["cost-energy"] = costs["electricity"] + costs["heat"]
    amounts["cost-waste"] = costs["waste"]
    amounts["cost-resources"] = sum(costs.values())
    amounts["co2e-total"] = sum(amounts[use] * (WORTH[use][1] or 0) / 1000 for use in costs)
    uses = {use: SiteUse(use, amount, *WORTH.get(use, (None, None)), "estimated") for use, amount in amounts.items()}
    return Site(uses, _shares(entries, fitting(example)))


def _shares(entries: Catalogue, measures: Sequence[Measure]) -> dict[tuple[Use, str], UseShare]:
    """The default share of each end use that some measure acts on."""
    found = {}
    for entry in (entry for each in measures for entry in each.savings if entry.base == "end_use"):
        default = entries.share_of(entry)
        if default is not None:
            found[entry.resource, entry.end_use] = default
    return found


def _amount(value: object, field: str = "") -> float:
    if isinstance(value, Quantities):
        value = dict(value.figures).get(field)
    return float(value.amount) if isinstance(value, Quantity) else 0.0
