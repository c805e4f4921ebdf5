"""Sites to compute savings on: small ones by hand. Those of the example companies are in `tests/core/sheets.py`."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from assessment.content import folders
from assessment.content.checks.examples import Example
from assessment.content.library import Library, load_library
from assessment.core.money.savings import Candidate
from assessment.core.money.uses import Site, SiteUse
from assessment.core.plans.plan import profile_of
from assessment.core.resources.catalogue import Measure, measure_fits
from assessment.core.resources.entries import Method, Use, UseShare
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
