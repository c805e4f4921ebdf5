"""The catalogue's face: the entries, and which of them suit a company.

`measure_fits` says whether a measure is for this kind of firm; `funding_for` and `blocks_for` choose what to show
beside a measure, `grant_for` what may be counted on. Every choice is deterministic: equals go by id. The entries stand
in `entries.py`, looking for them by words in `search.py`; other floors import them from here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from assessment.core.checks.display import Support
from assessment.core.model import Model
from assessment.core.money.benchmarks import Benchmarks
from assessment.core.money.factor_lookups import Factors
from assessment.core.resources.entries import (
    SITE_TOTAL,
    Basis,
    BlockKind,
    BuildingBlock,
    CompanySize,
    Confidence,
    Instrument,
    Investment,
    Measure,
    Method,
    Payback,
    Resource,
    Saving,
    Scheme,
    SchemeStatus,
    Sectors,
    Source,
    Tag,
    Topic,
    Use,
    UseShare,
)

__all__ = [
    "EU_MEMBERS", "PARTNERS", "Basis", "BlockKind", "BuildingBlock", "Catalogue", "CompanySize", "Confidence",
    "FundingMatch", "Grant", "Instrument", "Investment", "Match", "Measure", "Method", "Payback", "Profile", "Resource",
    "Saving", "Scheme", "SchemeStatus", "Sectors", "Size", "Source", "Tag", "Topic", "Use", "UseShare", "blocks_for",
    "funding_for", "funding_of_kind", "grant_for", "measure_fits",
]  # fmt: skip

Size = Literal["micro", "small", "medium", "large"]

EU_MEMBERS = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip

PARTNERS = frozenset({"CH", "GB", "IS", "LI", "NO"})
"""Outside the Union, yet in some of its programmes: each one has to be checked."""

MOST_SHOWN = 3

_STATUS_RANK: dict[SchemeStatus, int] = {"open": 0, "ending": 1, "recurring": 2, "unverified": 3, "closed": 4}
_EARLY: frozenset[Instrument] = frozenset({"advice", "voucher"})
_INVESTING: frozenset[Instrument] = frozenset({"grant", "loan", "tax-relief"})
_LOCAL_KINDS: frozenset[BlockKind] = frozenset({"organisation", "label", "training"})
_NOTHING_NEW: frozenset[str] = frozenset({"technology", "organisational", "behaviour"})
_TRADES: frozenset[Tag] = frozenset({"hospitality", "retail", "agriculture", "textiles", "construction"})

_RESOURCES_OF: dict[Use, tuple[Resource, ...]] = {
    "electricity": ("energy",), "heat": ("energy",), "refrigerant": ("energy",), "cost-energy": ("energy",),
    "cost-heat": ("energy",), "co2e-electricity": ("energy",), "co2e-fuel": ("energy",), "water": ("water",),
    "materials": ("materials",), "co2e-materials": ("materials",), "cost-equipment": ("materials",),
    "waste": ("waste",), "cost-waste": ("waste",), "transport": ("mobility",), "cost-transport": ("mobility",),
    "co2e-transport": ("mobility",), "cost-project": ("materials",), "cost-it": ("energy",),
    "cost-resources": ("management", "energy", "materials", "water", "waste"), "co2e-total": ("management", "energy"),
}  # fmt: skip
"""What a measure saves, in the coarser words of funding and building blocks."""


class Catalogue(Model):
    """All entries by id, with the factors and benchmarks that go with what a company uses."""

    measures: Mapping[str, Measure]
    schemes: Mapping[str, Scheme]
    blocks: Mapping[str, BuildingBlock]
    sources: Mapping[str, Source]
    topics: Mapping[str, Topic]
    method: Method
    factors: Factors
    benchmarks: Benchmarks

    @cached_property
    def _shares(self) -> Mapping[tuple[str, str], UseShare]:
        return {(share.resource, share.end_use): share for share in self.method.default_end_use_shares}

    def share_of(self, saving: Saving) -> UseShare | None:
        """The share of the site's use that the base of a saving takes; None where it is no part of the site's use."""
        if saving.base == "site_total":
            return UseShare(
                resource=saving.resource, end_use=SITE_TOTAL, low=Decimal(1), high=Decimal(1), typical=Decimal(1),
                basis="definition", confidence="high",
            )  # fmt: skip
        return self._shares.get((saving.resource, saving.end_use)) if saving.base == "end_use" else None

    def typical_of(self, saving: Saving) -> Decimal:
        """The fraction to reckon with: upper values are often best cases, so the middle would be too hopeful."""
        if saving.typical is not None:
            return saving.typical
        return saving.low + self.method.typical_position * (saving.high - saving.low)

    def tags_of(self, measure: Measure) -> frozenset[str]:
        """What a measure needs help with: the tags of its topic and its own."""
        topic = self.topics.get(measure.category)
        return frozenset(measure.helps_with).union(topic.helps_with if topic else ())

    def proof_of(self, measure: Measure) -> str:
        """What shows that a measure was done: its own words, else those of its topic; empty where nobody wrote any."""
        topic = self.topics.get(measure.category)
        return measure.proof or (topic.proof if topic else None) or ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who is asking.

    `region` is a NUTS 2 code, None where it is not sure; `nace` holds sections (I) or divisions (C10). `alone`
    marks who is known to be the only person in the firm.
    """

    country: str
    region: str | None
    sector: str
    nace: tuple[str, ...]
    size: Size
    language: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A scheme that may pay for a measure, with what the user still has to check.

    `region` names where the site must lie if its own region is not known, or only a part of it is covered;
    `check_participation` is set where an EU programme may not be open to the user's country.
    """

    scheme: Scheme
    shared: tuple[str, ...]
    region: str | None = None
    check_participation: bool = False


@dataclass(frozen=True, slots=True)
class FundingMatch:
    """Money for a measure: what is known to run, and, apart from it, what to ask an adviser about."""

    schemes: tuple[Match, ...]
    ask_adviser: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """A scheme that may pay this share of what a measure costs; nobody is promised that they get it."""

    scheme: Scheme
    share: float


def measure_fits(measure: Measure, profile: Profile) -> bool:
    """Whether a measure is for firms of this line of business, and for one person alone where there is no other.

    A division limits only its own section: a section listed without one of its divisions applies as a whole. A firm
    that gave only its section is not turned away for want of a division.
    """
    if measure.for_teams and profile.alone:
        return False
    return _of_trade(measure.sectors.nace, measure.sectors.divisions, profile)


def _of_trade(sections: Sequence[str], divisions: Sequence[str], profile: Profile) -> bool:
    return "all" in sections or any(_code_fits(sections, divisions, code) for code in profile.nace)


def _code_fits(sections: Sequence[str], divisions: Sequence[str], code: str) -> bool:
    section = code[:1]
    if section not in sections:
        return False
    limits = [division for division in divisions if division[0] == section]
    return not limits or code == section or any(code.startswith(limit) for limit in limits)


def funding_for(measure: Measure, profile: Profile, today: date, catalogue: Catalogue) -> FundingMatch:
    """The schemes to show beside a measure, those whose terms name it first; never a closed or expired one."""
    tags = catalogue.tags_of(measure)
    new = _develops(measure)
    schemes = [scheme for scheme in catalogue.schemes.values() if new or not _beyond_one_purchase(scheme)]
    open_to = [match for scheme in schemes if (match := _open_to(scheme, profile, today))]
    matches = [_with_shared(match, tags.intersection(match.scheme.helps_with)) for match in open_to]
    matches = [match for match in matches if match.shared]
    named = [match for match in open_to if measure.id in match.scheme.pays_for]
    if not matches:
        wanted = {resource for use in measure.resources for resource in _RESOURCES_OF[use]}
        matches = [_with_shared(match, wanted.intersection(match.scheme.resources)) for match in open_to]
        matches = [match for match in matches if match.shared]
    if measure.investment.level == "none":
        # Where nothing is bought, money for investments is no help; advice may be.
        matches = [match for match in matches if not _EARLY.isdisjoint(match.scheme.instrument)]
    matches += [match for match in named if match.scheme.id not in {other.scheme.id for other in matches}]
    matches = [match for match in matches if not _too_small_for(match.scheme, measure, catalogue.method)]
    matches.sort(key=lambda match: (measure.id not in match.scheme.pays_for, *_funding_rank(match, measure)))
    sure = [match for match in matches if match.scheme.confirmed(today)]
    ask = [match for match in matches if not match.scheme.confirmed(today)]
    return FundingMatch(tuple(sure[:MOST_SHOWN]), tuple(ask[:MOST_SHOWN]))


def grant_for(measure: Measure, cost: float, profile: Profile, today: date, catalogue: Catalogue) -> Grant | None:
    """The grant that pays most of one firm's investment in a measure, if there is one to count on: never assumed.

    Its terms must name the measure and a share, be confirmed and open today, and be for this firm without any doubt.
    """
    if cost <= 0:
        return None
    found = []
    for scheme in catalogue.schemes.values():
        if measure.id not in scheme.pays_for or scheme.pays_share_pct is None or not scheme.takes_applications(today):
            continue
        match = _open_to(scheme, profile, today)
        if match is None or match.region is not None or match.check_participation:
            continue
        if cost >= float(scheme.pays_from_eur or 0):
            most = cost if scheme.max_amount_eur is None else float(scheme.max_amount_eur)
            found.append(Grant(scheme, min(float(scheme.pays_share_pct) / 100, most / cost)))
    return min(found, key=lambda grant: (-grant.share, grant.scheme.id), default=None)


def funding_of_kind(
    kinds: Sequence[Support], profile: Profile, today: date, catalogue: Catalogue
) -> FundingMatch:  # fmt: skip
    """Schemes of these kinds that somebody of this place, size and trade can apply for, whatever they are to pay."""
    matches = [
        match for scheme in catalogue.schemes.values()
        if any(_of_kind(scheme, kind) for kind in kinds) and (match := _open_to(scheme, profile, today))
    ]  # fmt: skip
    matches.sort(key=lambda match: _kind_rank(match, kinds))
    sure = [match for match in matches if match.scheme.confirmed(today)]
    ask = [match for match in matches if not match.scheme.confirmed(today)]
    return FundingMatch(tuple(sure[:MOST_SHOWN]), tuple(ask[:MOST_SHOWN]))


def _of_kind(scheme: Scheme, kind: Support) -> bool:
    if not set(kind.instruments).intersection(scheme.instrument):
        return False
    if kind.resources and not set(kind.resources).intersection(scheme.resources):
        return False
    return kind.level is None or kind.level == scheme.level


def _kind_rank(match: Match, kinds: Sequence[Support]) -> tuple[int, int, bool, bool, str]:
    """The kind named first, then what is surer and nearer."""
    scheme = match.scheme
    first = next(place for place, kind in enumerate(kinds) if _of_kind(scheme, kind))
    return (first, _STATUS_RANK[scheme.status], match.check_participation, scheme.level == "EU", scheme.id)


def _open_to(scheme: Scheme, profile: Profile, today: date) -> Match | None:
    """The scheme with its conditions, if a firm of this place, size and trade can apply for it at all."""
    if scheme.gone(today) or profile.size not in scheme.company_sizes:
        return None
    if scheme.sectors is not None and not _of_trade(scheme.sectors.nace, scheme.sectors.divisions, profile):
        return None
    check = False
    if profile.country not in scheme.countries:
        if "EU" not in scheme.countries or profile.country not in EU_MEMBERS | PARTNERS:
            return None
        check = profile.country in PARTNERS
    if scheme.regions and profile.region is not None and not profile.region.startswith(scheme.regions):
        return None
    sure_of_place = not scheme.regions or (profile.region is not None and not scheme.regions_in_part)
    return Match(scheme, (), None if sure_of_place else scheme.region, check)


def _with_shared(match: Match, shared: Iterable[str]) -> Match:
    return Match(match.scheme, tuple(sorted(shared)), match.region, match.check_participation)


def _too_small_for(scheme: Scheme, measure: Measure, method: Method) -> bool:
    """Whether even the dearest case of a measure costs less than the scheme pays for; by pieces it cannot be told."""
    once = measure.investment.unit in method.one_off_units
    return scheme.pays_from_eur is not None and once and measure.investment.eur_high < scheme.pays_from_eur


def _beyond_one_purchase(scheme: Scheme) -> bool:
    """Whether its money develops something new or is shared by several, so that no firm buys a ready thing with it."""
    return scheme.for_development or scheme.for_partnerships


def _develops(measure: Measure) -> bool:
    """Whether a measure makes a product or a way to earn; a ready technology or service is bought.

    Own steps belong to checks about what is new: an offer that is being built, and what a cluster starts for members.
    """
    return measure.category == "own-steps" or (
        "technology" not in measure.kind and not _NOTHING_NEW.issuperset(measure.kind)
    )


def _funding_rank(match: Match, measure: Measure) -> tuple[bool, bool, bool, float, int, str]:
    """Fitting kind of support first, then what is nearer, then the focused before the general, then the surer.

    What a country or region pays is in its language and for one firm by itself; the Union's money mostly goes to
    several at once or through a bank.
    """
    scheme = match.scheme
    focus = len(match.shared) / max(len(scheme.helps_with), len(match.shared), 1)
    return (
        not _suits(scheme, measure), scheme.level == "EU", match.check_participation, -focus,
        _STATUS_RANK[scheme.status], scheme.id,
    )  # fmt: skip


def _suits(scheme: Scheme, measure: Measure) -> bool:
    """Advice and vouchers suit early steps, grants, loans and tax relief investments, innovation money development."""
    if measure.category == "product-design" and "innovation" in scheme.resources:
        return True
    wanted = _EARLY if measure.investment.level in ("none", "low") else _INVESTING
    return not wanted.isdisjoint(scheme.instrument)


def blocks_for(measure: Measure, profile: Profile, catalogue: Catalogue) -> tuple[BuildingBlock, ...]:
    """Up to three building blocks for a measure: of those it names, or, where it names none, those whose tags fit best.

    Of those it names the ones of the firm's country come first. Among the others is a good practice of the same
    section, where there is one that fits as well as they do.
    """
    if measure.blocks:
        named = [block for name in measure.blocks if _of_use(block := catalogue.blocks[name], profile)]
        return tuple(sorted(named, key=lambda block: profile.country not in block.countries)[:MOST_SHOWN])
    subjects = _subjects_of(measure, catalogue)
    fitting = [
        block for block in catalogue.blocks.values()
        if subjects.intersection(block.helps_with) and _of_use(block, profile)
    ]  # fmt: skip
    sections = _sections_of(profile)
    ranked = sorted(fitting, key=lambda block: _block_rank(block, subjects, profile, sections))
    shown = ranked[:MOST_SHOWN]
    if len(shown) == MOST_SHOWN and not any(block.kind == "good-practice" for block in shown):
        least = len(subjects.intersection(shown[-1].helps_with))
        practices = (
            block for block in ranked
            if block.kind == "good-practice" and block.status != "unverified" and sections.intersection(block.sectors)
            and len(subjects.intersection(block.helps_with)) >= least
        )  # fmt: skip
        shown = [*shown[:-1], next(practices, shown[-1])]
    return tuple(shown)


def _subjects_of(measure: Measure, catalogue: Catalogue) -> frozenset[Tag]:
    """What a building block must help with to suit a measure.

    Tags of the measure that are among those of its topic narrow the topic, others widen it. Tags of trades count only
    where there are no others: they say for whom something is, not what it helps with.
    """
    topic = catalogue.topics.get(measure.category)
    wide, own = frozenset(topic.helps_with if topic else ()), frozenset(measure.helps_with)
    subjects = (own & wide or wide) | own
    return subjects - _TRADES or subjects


def _sections_of(profile: Profile) -> frozenset[str]:
    return frozenset(code[:1] for code in profile.nace)


def _of_use(block: BuildingBlock, profile: Profile) -> bool:
    """Whether the block is for the firm's trade, can be read there, and is not another country's local offer."""
    if not _of_trade(block.sectors, block.divisions, profile):
        return False
    at_home = profile.country in block.countries
    if block.kind in _LOCAL_KINDS and not at_home and not _wide(block, profile):
        return False
    return at_home or _in_language(block, profile.language) or "en" in block.languages


def _wide(block: BuildingBlock, profile: Profile) -> bool:
    return "INT" in block.countries or ("EU" in block.countries and profile.country in EU_MEMBERS)


def _in_language(block: BuildingBlock, language: str) -> bool:
    return language in block.languages or "all-eu" in block.languages


def _block_rank(
    block: BuildingBlock, subjects: frozenset[Tag], profile: Profile, sections: frozenset[str]
) -> tuple[bool, int, bool, bool, int, float, bool, str]:
    """What is unverified last; then by how much it helps with the subject, what is current, of the very section, near,
    about little else, and in the language.
    """
    near = 0 if profile.country in block.countries else 1 if _wide(block, profile) else 2
    shared = len(subjects.intersection(block.helps_with))
    return (
        block.status == "unverified", -shared, block.status == "archived", sections.isdisjoint(block.sectors), near,
        -shared / len(block.helps_with), not _in_language(block, profile.language), block.id,
    )  # fmt: skip
