"""The catalogue: measures, funding schemes and building blocks, and which of them fit whom.

Field meanings follow the catalogue's own files. Matching is pure and settled to the last tie: more shared topics
first, then nearer sector, country and language, then status, then the order of the files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from assessment.core.model import Line, Model, Prose, Slug

Size = Literal["micro", "small", "medium", "large"]
Basis = Literal["sourced", "adapted", "estimate", "definition"]
Confidence = Literal["high", "medium", "low"]
SchemeStatus = Literal["open", "recurring", "ending", "closed", "unverified"]
BlockKind = Literal[
    "guide", "tool", "standard", "label", "good-practice", "organisation", "business-model", "technology", "training",
]  # fmt: skip

EU_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
MAY_TAKE_PART = frozenset({"NO", "IS", "LI", "CH", "GB"})
"""Countries outside the EU for which an EU programme is shown with the note to check participation."""

STALE_AFTER_YEARS = 2
SHOWN = 3


class Source(Model):
    """A published source of figures."""

    title: Line
    publisher: Line
    url: Line
    year: int | None
    kind: Literal["primary", "secondary", "industry"]
    licence: Line | None = None


class Share(Model):
    """The share of the site's use of a resource that one end use takes."""

    low: Decimal
    high: Decimal
    typical: Decimal
    basis: Basis
    confidence: Confidence | None = None
    source: str | None = None
    note: Prose | None = None


class DefaultShare(Share):
    """The share to take where the sector has no split of its own."""

    resource: Slug
    end_use: Slug


class PerUnitSaved(Model):
    """Use of another resource that is added for each unit saved, as a ratio."""

    low: Decimal
    typical: Decimal
    high: Decimal


class AddsUse(Model):
    """A resource that a measure uses more of."""

    resource: Slug
    per_unit_saved: PerUnitSaved
    note: Prose | None = None
    basis: Basis
    confidence: Confidence
    source: str | None = None


class Saving(Model):
    """A saving as a fraction of its base (`site_total`, or an end use of the site, or something to be asked for)."""

    resource: Slug
    base: Literal["site_total", "end_use", "equipment", "material", "other"]
    end_use: Slug
    low: Decimal
    high: Decimal
    typical: Decimal | None = None
    unit: Line
    basis: Basis
    confidence: Confidence
    source: str | None = None
    note: Prose | None = None
    share_of_site: Share | None = None
    adds_use: AddsUse | None = None
    information_only: bool = False


class Investment(Model):
    """What has to be bought, in euro per `unit`; own working time is not counted."""

    level: Literal["none", "low", "medium", "high"]
    eur_low: Decimal | None
    eur_high: Decimal | None
    unit: Line
    basis: Basis
    confidence: Confidence
    source: str | None = None
    note: Prose | None = None


class Payback(Model):
    """Simple payback in months; None where no money saving is counted, 0 where nothing is bought."""

    low: int | None
    high: int | None
    unit: Literal["months"]
    basis: Basis
    confidence: Confidence
    source: str | None = None
    note: Prose | None = None


class Sectors(Model):
    """NACE Rev. 2 sections (`all` for every one); a division limits its own section only."""

    nace: tuple[str, ...]
    divisions: tuple[str, ...] = ()


class Uptake(Model):
    """How many firms do it already."""

    share: Decimal
    of: Line
    source: str


class Worthwhile(Model):
    """The yearly use of a site from which a measure comes back within its stated payback."""

    resource: Slug
    per_year: Decimal
    unit: Line
    basis: Basis


class Measure(Model):
    """One thing that a firm can do."""

    id: Slug
    title: Line
    category: Slug
    kind: tuple[Line, ...]
    resources: tuple[Slug, ...]
    sectors: Sectors
    savings: tuple[Saving, ...]
    investment: Investment
    payback_months: Payback
    difficulty: Annotated[int, Field(ge=1, le=3)]
    co_benefits: tuple[Line, ...] = ()
    prerequisites: tuple[Slug, ...] = ()
    alternative_to: tuple[Slug, ...] = ()
    how_to: Prose
    action_area: Slug
    umbrella: bool = False
    worthwhile_from: Worthwhile | None = None
    facts: tuple[Prose, ...] = ()
    uptake: Uptake | None = None
    references: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Scheme(Model):
    """One funding scheme. `regions` are NUTS codes or their beginnings where only a region is served."""

    id: Slug
    name: Line
    provider: Line
    level: Literal["EU", "national", "regional"]
    countries: tuple[str, ...]
    region: Line | None
    regions: tuple[str, ...] = ()
    instrument: tuple[Literal["grant", "loan", "guarantee", "equity", "tax-relief", "voucher", "advice"], ...]
    resources: tuple[Slug, ...]
    company_sizes: tuple[str, ...]
    max_amount_eur: Decimal | None
    max_share_pct: Decimal | None
    amount_note: Prose | None
    status: SchemeStatus
    as_of: int
    valid_until: date | None
    application: Literal["continuous", "calls", "via-intermediary", "automatic"]
    description: Prose
    url: Line
    url_checked: Literal["seen", "known"]
    source: tuple[Line, ...]
    helps_with: tuple[Slug, ...]
    licence: Line | None = None

    def gone(self, today: date) -> bool:
        """Closed, or past its end."""
        return self.status == "closed" or (self.valid_until is not None and self.valid_until < today)

    def confirmed(self, today: date) -> bool:
        """Whether its present terms are known from evidence that is not old."""
        return self.status != "unverified" and today.year - self.as_of <= STALE_AFTER_YEARS


class BuildingBlock(Model):
    """A guide, tool, standard, label, good practice, organisation, business model, technology or training."""

    id: Slug
    title: Line
    kind: BlockKind
    resources: tuple[Slug, ...]
    sectors: tuple[str, ...]
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    publisher: Line
    year: int | None
    status: Literal["current", "archived", "unverified"]
    summary: Prose
    figures: Prose | None
    url: Line
    url_checked: Literal["seen", "known"]
    url_role: Literal["primary", "copy", "report"]
    official_home: Line | None
    helps_with: tuple[Slug, ...]
    licence: Line | None = None


class Catalogue(Model):
    """Everything, by id; `topics` leads from a measure's category to the topics that schemes and blocks are tagged with."""

    measures: Mapping[Slug, Measure]
    schemes: Mapping[Slug, Scheme]
    blocks: Mapping[Slug, BuildingBlock]
    sources: Mapping[str, Source]
    topics: Mapping[Slug, tuple[Slug, ...]]
    shares: tuple[DefaultShare, ...] = ()
    typical_position: Decimal
    cap_share_of_site: Decimal


@dataclass(frozen=True, slots=True)
class Profile:
    """Who asks: country, NUTS 2 region (None: not known), sector, NACE codes that stand for it, size, language."""

    country: str
    region: str | None
    sector: str
    nace: tuple[str, ...]
    size: Size
    language: str

    @property
    def sections(self) -> frozenset[str]:
        """The NACE section letters."""
        return frozenset(code[0] for code in self.nace)


@dataclass(frozen=True, slots=True)
class Match:
    """A scheme that fits: `region` names where the site must lie if that is not known, `check_participation` asks
    to check that the country takes part."""

    scheme: Scheme
    region: str | None = None
    check_participation: bool = False


@dataclass(frozen=True, slots=True)
class FundingMatch:
    """Schemes to show, and those whose present terms are not confirmed."""

    schemes: tuple[Match, ...]
    ask_adviser: tuple[Match, ...]


def measure_fits(measure: Measure, profile: Profile) -> bool:
    """Whether a measure is meant for the profile's line of business.

    A division limits its own section only: [C, G] with C10 means all of G, and C10 of C. A firm known by its section
    alone may be in any division of it.
    """
    if "all" in measure.sectors.nace:
        return True
    return any(_code_fits(code, measure.sectors) for code in profile.nace)


def _code_fits(code: str, sectors: Sectors) -> bool:
    section = code[0]
    if section not in sectors.nace:
        return False
    divisions = [division for division in sectors.divisions if division[0] == section]
    return not divisions or len(code) == 1 or any(code.startswith(division) for division in divisions)


def topics_of(measure: Measure, catalogue: Catalogue) -> frozenset[str]:
    """The topics under which help with a measure is found."""
    return frozenset(catalogue.topics.get(measure.category, ()))


def funding_for(measure: Measure, profile: Profile, today: date, catalogue: Catalogue) -> FundingMatch:
    """Up to three schemes to look at for a measure, and up to three to ask an adviser about.

    Closed and expired ones never come up. Where no topic is shared, schemes for the same resources stand in.
    """
    open_to = [match for scheme in catalogue.schemes.values() if (match := _open_to(scheme, profile, today)) is not None]
    topics = topics_of(measure, catalogue)
    fitting = [match for match in open_to if topics & set(match.scheme.helps_with)]
    if not fitting:
        wanted = _funded_resources(measure)
        fitting = [match for match in open_to if wanted & set(match.scheme.resources)]
    fitting.sort(key=lambda match: _funding_rank(match, measure, topics))
    confirmed = [match for match in fitting if match.scheme.confirmed(today)]
    others = [match for match in fitting if not match.scheme.confirmed(today)]
    return FundingMatch(tuple(confirmed[:SHOWN]), tuple(others[:SHOWN]))


def _open_to(scheme: Scheme, profile: Profile, today: date) -> Match | None:
    if scheme.gone(today) or profile.size not in scheme.company_sizes:
        return None
    check = False
    if profile.country not in scheme.countries:
        if "EU" not in scheme.countries or profile.country not in EU_MEMBERS | MAY_TAKE_PART:
            return None
        check = profile.country in MAY_TAKE_PART
    if not scheme.regions:
        return Match(scheme, None, check)
    if profile.region is None:
        return Match(scheme, scheme.region, check)
    return Match(scheme, None, check) if profile.region.startswith(scheme.regions) else None


_RESOURCES = {
    "electricity": "energy", "heat": "energy", "transport": "mobility", "refrigerant": "energy", "water": "water",
    "materials": "materials", "waste": "waste",
}  # fmt: skip


def _funded_resources(measure: Measure) -> set[str]:
    return {_RESOURCES.get(resource, resource) for resource in measure.resources}


_STATUS_RANK = {"open": 0, "ending": 1, "recurring": 2, "unverified": 3, "closed": 4}


def _funding_rank(match: Match, measure: Measure, topics: frozenset[str]) -> tuple[int, Decimal, int, int]:
    """Fitting instrument, then how much of the scheme is about this topic, then status, then country before EU."""
    scheme = match.scheme
    wanted = {"grant", "loan", "tax-relief"} if measure.investment.level in ("medium", "high") else {"advice", "voucher"}
    shared = len(topics & set(scheme.helps_with))
    focus = Decimal(shared) / len(scheme.helps_with) if scheme.helps_with else Decimal(0)
    return (
        0 if wanted & set(scheme.instrument) else 1, -focus, _STATUS_RANK[scheme.status], 1 if scheme.level == "EU" else 0,
    )  # fmt: skip


def blocks_for(measure: Measure, profile: Profile, catalogue: Catalogue) -> tuple[BuildingBlock, ...]:
    """Up to three building blocks for a measure that the firm can use and read."""
    topics = topics_of(measure, catalogue)
    fitting = [
        block for block in catalogue.blocks.values() if topics & set(block.helps_with) and _usable(block, profile)
    ]
    fitting.sort(key=lambda block: _block_rank(block, profile, topics))
    return tuple(fitting[:SHOWN])


def _usable(block: BuildingBlock, profile: Profile) -> bool:
    """Not a foreign organisation, nor a case of another trade."""
    if block.kind == "organisation" and not {profile.country, "EU", "INT"} & set(block.countries):
        return False
    return "all" in block.sectors or bool(profile.sections & set(block.sectors))


_BLOCK_STATUS = {"current": 0, "archived": 1, "unverified": 2}


def _block_rank(block: BuildingBlock, profile: Profile, topics: frozenset[str]) -> tuple[int, ...]:
    return (
        -len(topics & set(block.helps_with)),
        0 if profile.sections & set(block.sectors) else 1,
        0 if profile.country in block.countries else 1 if {"EU", "INT"} & set(block.countries) else 2,
        0 if {profile.language, "all-eu"} & set(block.languages) else 1 if "en" in block.languages else 2,
        _BLOCK_STATUS[block.status],
    )


def shared_topics(entries: Iterable[Scheme | BuildingBlock]) -> frozenset[str]:
    """All topics that some scheme or block serves."""
    return frozenset(topic for entry in entries for topic in entry.helps_with)
