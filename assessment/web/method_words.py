"""The figures of the page that says how we reckon, taken from what is reckoned with, and the sources of all figures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from assessment.core.checks.questions import TOP_LEVEL
from assessment.core.money.factor_lookups import GROSS_TO_NET
from assessment.core.plans.choices import YEARS
from assessment.core.resources.catalogue import Catalogue
from assessment.core.resources.entries import Source
from assessment.i18n import Language


@dataclass(frozen=True, slots=True)
class Figures:
    """What the rules of savings, plans and footprints count with, in the language of the page; shares in per cent."""

    cap: str
    position: str
    top_level: str
    level_one_left: str
    years: str
    easy_hours: str
    planned_hours: str
    project_hours: str
    gross_to_net: str
    factors: int
    prices: int
    unchecked: int
    from_memory: int


def figures_of(catalogue: Catalogue, language: Language) -> Figures:
    """The figures of a catalogue."""
    method, held = catalogue.method, catalogue.factors
    hours = method.own_hours
    evidenced = (*held.factors.values(), *held.prices.values())
    return Figures(
        cap=language.number(method.cap_share_of_site * 100),
        position=language.number(method.typical_position * 100),
        top_level=language.number(TOP_LEVEL),
        level_one_left=language.number(Decimal(100 * (TOP_LEVEL - 1)) / TOP_LEVEL),
        years=language.number(YEARS),
        easy_hours=language.number(hours.easy),
        planned_hours=language.number(hours.planned),
        project_hours=language.number(hours.project),
        gross_to_net=language.number(held.conversions[GROSS_TO_NET].value),
        factors=len(held.factors),
        prices=len(held.prices),
        unchecked=sum(not figure.checked for figure in evidenced),
        from_memory=sum(not figure.usable for figure in evidenced),
    )


def sources_of(*held: Iterable[Source]) -> list[Source]:
    """The publications of several parts of the catalogue by publisher and title, each once."""
    return sorted(set(_each(held)), key=lambda source: (source.publisher, source.title))


def _each(held: Iterable[Iterable[Source]]) -> Iterator[Source]:
    for sources in held:
        yield from sources
