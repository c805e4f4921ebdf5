"""What stands in the catalogue: measures, funding schemes, building blocks and the sources of their figures.

These are the frozen models of the files under `assessment/catalogue/`; the meaning of each field is told here, once.
Which of them suit a company is `core/resources/catalogue.py`'s business, looking for them `core/resources/search.py`'s.
"""

from collections.abc import Container, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from assessment.core.model import Line, Model, Prose, Slug

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
"""An ISO 3166-1 alpha-2 code (GB, GR), `EU` for the whole Union, or `INT` for everywhere."""

Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{0,2}$")]
"""A NUTS code down to level 2, standing for all that begins with it (EL is Greece, UK the United Kingdom)."""

Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=500)]

NaceSection = Annotated[str, StringConstraints(pattern=r"^([A-U]|all)$")]
NaceDivision = Annotated[str, StringConstraints(pattern=r"^[A-U][0-9]{2}$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^([a-z]{2}|all-eu)$")]

Share = Annotated[Decimal, Field(ge=0, le=1)]
Year = Annotated[int, Field(ge=1900, le=2100)]
Money = Annotated[Decimal, Field(ge=0)]
Percent = Annotated[Decimal, Field(gt=0, le=100)]

Resource = Literal[
    "energy", "materials", "water", "waste", "circular", "renewables", "mobility", "management", "innovation"
]
"""What funding and building blocks are about."""

Tag = Literal[
    "lighting", "compressed-air", "motors", "hvac", "heating", "insulation", "refrigeration", "process-heat",
    "heat-recovery", "renewables", "energy-management", "metering", "lean", "scrap-reduction", "packaging",
    "recycled-inputs", "chemicals", "maintenance", "water-saving", "water-reuse", "waste-prevention", "segregation",
    "industrial-symbiosis", "food-waste", "transport", "commuting", "product-design", "circular-business-model",
    "repair", "take-back", "ems", "targets", "training", "procurement", "reporting", "supply-chain", "digital",
    "finance", "carbon-footprint", "construction", "hospitality", "retail", "agriculture", "textiles",
]  # fmt: skip
"""What money, advice and building blocks help with; the tags join them to measures."""

Use = Literal[
    "electricity", "heat", "water", "materials", "waste", "transport", "refrigerant", "cost-resources", "cost-waste",
    "cost-energy", "cost-transport", "cost-heat", "cost-project", "cost-equipment", "cost-it", "co2e-total",
    "co2e-materials", "co2e-electricity", "co2e-transport", "co2e-fuel",
]  # fmt: skip
"""What a measure saves: a quantity; money only (`cost-`); emissions only (`co2e-`)."""

Basis = Literal["sourced", "adapted", "estimate", "definition"]
"""`sourced`: published in the source; `adapted`: partly; `estimate`: an engineering estimate; `definition`: fixed."""

Confidence = Literal["high", "medium", "low"]
CompanySize = Literal["micro", "small", "medium", "midcap", "large"]
Instrument = Literal["grant", "loan", "guarantee", "equity", "tax-relief", "voucher", "advice"]
SchemeStatus = Literal["open", "ending", "recurring", "unverified", "closed"]
BlockStatus = Literal["current", "archived", "unverified"]
BlockKind = Literal[
    "guide", "tool", "standard", "label", "good-practice", "organisation", "business-model", "technology", "training"
]
UrlChecked = Literal["seen", "known"]
"""`seen`: the address was met in the evidence; `known`: the provider's home page, not opened again."""

SITE_TOTAL = "site-total"
STALE_AFTER_YEARS = 2


class Source(Model):
    """A publication that figures come from.

    `url` is where it was read, which may be a copy; a year that is not stated is absent.
    """

    title: Line
    publisher: Line
    url: Url | None = None
    year: Year | None = None
    kind: Literal["primary", "secondary", "industry"]
    licence: Line | None = None


class Figures(Model):
    """What every figure carries: how it was come by, and from where."""

    basis: Basis
    confidence: Confidence
    source: Slug | None = None
    note: Prose | None = None

    @model_validator(mode="after")
    def _published_has_source(self) -> "Figures":
        if self.basis in ("sourced", "adapted") and self.source is None:
            raise ValueError(f"A figure that is `{self.basis}` names no source.", "Add one, or call it `estimate`.")
        return self


class UseShare(Figures):
    """The share of a site's use of one resource that one end use takes."""

    resource: Use
    end_use: Slug
    low: Share
    high: Share
    typical: Share


class Ratio(Model):
    """A range of kWh per kWh."""

    low: Money
    typical: Money
    high: Money


class AddedUse(Figures):
    """What a measure uses more of one resource for each unit that it saves of another."""

    resource: Use
    per_unit_saved: Ratio


class Saving(Figures):
    """A saving as a fraction of its base.

    `site_total`: of all the site uses; `end_use`: of that use within the site; else of a quantity told in `note`.
    0 to 0 counts nothing: the measure makes others possible. `information_only` is another view of a saving
    already given: to be shown, never added.
    """

    resource: Use
    base: Literal["site_total", "end_use", "equipment", "material", "other"]
    end_use: Slug = SITE_TOTAL
    low: Share
    high: Share
    typical: Share | None = None
    unit: Literal["fraction", "fraction per bar", "fraction per degree C"] = "fraction"
    adds_use: AddedUse | None = None
    information_only: bool = False

    @property
    def of_quantity(self) -> bool:
        """Whether it saves of something that is no part of a site's split, so that its quantity has to be asked for."""
        return self.base not in ("site_total", "end_use")

    @property
    def of_steps(self) -> bool:
        """Whether it is given for one step (a bar, a degree), so that the number of steps has to be chosen."""
        return self.unit != "fraction"

    @model_validator(mode="after")
    def _in_order(self) -> "Saving":
        if not self.low <= (self.low if self.typical is None else self.typical) <= self.high:
            raise ValueError("The saving's low, typical and high are not in order.", "Put the smaller figure first.")
        if (self.base == "site_total") is not (self.end_use == SITE_TOTAL):
            raise ValueError("`end_use` does not go with `base`.", "Name the end use, or leave it out for site_total.")
        return self


class Investment(Figures):
    """What is bought, in euros per `unit`; own working time is not counted."""

    level: Literal["none", "low", "medium", "high"]
    eur_low: Money
    eur_high: Money
    unit: Line

    @model_validator(mode="after")
    def _in_order(self) -> "Investment":
        if self.eur_low > self.eur_high:
            raise ValueError("`eur_low` is above `eur_high`.", "Put the smaller figure first.")
        return self


class Payback(Figures):
    """Months of simple payback; absent where no saving of money is counted, 0 where nothing is bought."""

    low: int | None = None
    high: int | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Payback":
        if (self.low is None) is not (self.high is None):
            raise ValueError("A payback needs both `low` and `high`, or neither.", "Add the other figure.")
        if self.low is not None and self.high is not None and not 0 <= self.low <= self.high:
            raise ValueError("The payback's low and high are not in order.", "Put the smaller figure first.")
        return self


class Sectors(Model):
    """NACE Rev. 2 sections; a division limits only its own section."""

    nace: Annotated[tuple[NaceSection, ...], Field(min_length=1)]
    divisions: tuple[NaceDivision, ...] = ()

    @model_validator(mode="after")
    def _divisions_of_sections(self) -> "Sectors":
        for division in self.divisions:
            if division[0] not in self.nace:
                raise ValueError(f"Division {division} lies in no listed section.", f"Add {division[0]} to `nace`.")
        return self


class Worthwhile(Model):
    """The yearly use below which the cheapest investment does not come back within the stated payback."""

    resource: Use
    per_year: Money
    unit: Literal["kWh", "m3"]
    basis: Basis


class Uptake(Model):
    """The share of firms that have taken the measure."""

    share: Share
    of: Line
    source: Slug


class Fact(Model):
    """A published fact in words, with its sources."""

    note: Prose
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]


class Measure(Model):
    """One thing a company can do to save resources.

    `blocks` are the building blocks that suit it, the best first; left out, they are found by their tags. `proof` says
    what shows that it was done; left out, what its topic says holds. `for_teams` keeps it from who works alone.
    """

    id: Slug
    title: Line
    category: Slug
    kind: tuple[Literal["organisational", "technology", "behaviour", "product", "business-model"], ...]
    resources: tuple[Use, ...]
    sectors: Sectors
    helps_with: tuple[Tag, ...] = ()
    savings: Annotated[tuple[Saving, ...], Field(min_length=1)]
    investment: Investment
    payback_months: Payback
    difficulty: Annotated[int, Field(ge=1, le=3)]
    co_benefits: tuple[Line, ...] = ()
    prerequisites: tuple[Slug, ...] = ()
    alternative_to: tuple[Slug, ...] = ()
    how_to: Prose
    first_step: Prose | None = None
    proof: Line | None = None
    action_area: Slug
    umbrella: bool = False
    for_teams: bool = False
    worthwhile_from: Worthwhile | None = None
    facts: tuple[Fact, ...] = ()
    uptake: Uptake | None = None
    references: tuple[Slug, ...] = ()
    blocks: tuple[Slug, ...] = ()

    @property
    def begins_with(self) -> str:
        """What to do this week where no advice says it for the firm's own answer."""
        return self.first_step or self.how_to

    @property
    def sources(self) -> tuple[str, ...]:
        """The key of every source that the measure names, each once."""
        keys: list[str | None] = [saving.source for saving in self.savings]
        keys += [saving.adds_use.source for saving in self.savings if saving.adds_use]
        keys += [self.investment.source, self.payback_months.source, self.uptake.source if self.uptake else None]
        keys += [key for fact in self.facts for key in fact.sources]
        return tuple(dict.fromkeys(key for key in (*keys, *self.references) if key))

    def waits_for(self, open_here: Container[str]) -> tuple[str, ...]:
        """The prerequisites among the measures that are still open at a company.

        Any other is done already, by what the company answered, or not for this firm: it holds nothing up.
        """
        return tuple(needed for needed in self.prerequisites if needed in open_here)


class Scheme(Model):
    """A funding or finance scheme. `as_of` is the year of the newest evidence: conditions change, users must check.

    `region` names the part of the country in words, `regions` gives its NUTS codes; with `regions_in_part` the
    scheme covers less than those regions, so that the code alone never says yes. `sectors` is absent where the terms
    name no line of business.

    `pays_for` names the measures whose investment the terms say are paid in part, as a grant, for one firm by itself;
    empty where single investments are not paid (research, demonstration, projects of many), where the grant hangs on a
    loan, or where it is not known. `pays_share_pct` is the share to reckon with: the least that the terms name, or the
    most where they name no other. `pays_from_eur` is the least cost of what is paid for, measures named or not.
    `for_development` marks money for research, a prototype or the first plant of its kind, which buys nothing ready;
    `for_partnerships` marks money for projects that several share, where no firm applies for an action of its own.
    """

    id: Slug
    name: Line
    provider: Line
    level: Literal["EU", "national", "regional"]
    countries: Annotated[tuple[Country, ...], Field(min_length=1)]
    region: Line | None = None
    regions: tuple[Region, ...] = ()
    regions_in_part: bool = False
    instrument: Annotated[tuple[Instrument, ...], Field(min_length=1)]
    resources: Annotated[tuple[Resource, ...], Field(min_length=1)]
    company_sizes: Annotated[tuple[CompanySize, ...], Field(min_length=1)]
    sectors: Sectors | None = None
    max_amount_eur: Money | None = None
    max_share_pct: Percent | None = None
    pays_for: tuple[Slug, ...] = ()
    pays_share_pct: Percent | None = None
    pays_from_eur: Money | None = None
    for_development: bool = False
    for_partnerships: bool = False
    amount_note: Prose | None = None
    status: SchemeStatus
    as_of: Year
    valid_until: date | None = None
    application: Literal["continuous", "calls", "via-intermediary", "automatic"]
    description: Prose
    url: Url
    url_checked: UrlChecked
    source: Annotated[tuple[Line, ...], Field(min_length=1)]
    licence: Line | None = None
    helps_with: tuple[Tag, ...]

    @model_validator(mode="after")
    def _regional_has_regions(self) -> "Scheme":
        if (self.level == "regional") is not bool(self.regions):
            raise ValueError("`level: regional` and `regions` go together.", "List NUTS codes, or change the level.")
        return self

    @model_validator(mode="after")
    def _pays_a_share(self) -> "Scheme":
        if bool(self.pays_for) is (self.pays_share_pct is None):
            raise ValueError("`pays_for` and `pays_share_pct` go together.", "Name the measures and the share.")
        return self

    def stale(self, today: date) -> bool:
        """Whether its evidence is old."""
        return today.year - self.as_of > STALE_AFTER_YEARS

    def gone(self, today: date) -> bool:
        """Whether it is closed, or its last day has passed."""
        return self.status == "closed" or (self.valid_until is not None and self.valid_until < today)

    def takes_applications(self, today: date) -> bool:
        """Whether one can apply today, as far as its terms are known; not so between two calls."""
        return self.status in ("open", "ending") and not self.gone(today) and self.confirmed(today)

    def confirmed(self, today: date) -> bool:
        """Whether its present terms are known, from evidence that is not old."""
        return self.status != "unverified" and not self.stale(today)


class BuildingBlock(Model):
    """A guide, tool, standard, label, good practice, organisation, business model, technology or training.

    What belongs to single trades of a section names them as `divisions`; a division limits only its own section.
    `figures` are the source's own claims, never a promise to the user. `licence` is absent where it is not known.
    `as_of` is the year in which somebody last looked whether it still holds; absent where nobody noted it.
    """

    id: Slug
    title: Line
    kind: BlockKind
    resources: Annotated[tuple[Resource, ...], Field(min_length=1)]
    sectors: Annotated[tuple[NaceSection, ...], Field(min_length=1)]
    divisions: tuple[NaceDivision, ...] = ()
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    countries: Annotated[tuple[Country, ...], Field(min_length=1)]
    publisher: Line
    year: Year | None = None
    licence: Line | None = None
    free: bool | None = None
    status: BlockStatus
    as_of: Year | None = None
    summary: Prose
    figures: Prose | None = None
    url: Url
    url_checked: UrlChecked
    url_role: Literal["primary", "copy", "report"]
    official_home: Url | None = None
    helps_with: tuple[Tag, ...]

    def stale(self, today: date) -> bool:
        """Whether somebody looked at it, and that was long ago."""
        return self.as_of is not None and today.year - self.as_of > STALE_AFTER_YEARS


class Topic(Model):
    """A group of measures, what funding and building blocks must help with to suit them, and what usually shows that
    one of them was done.
    """

    title: Line
    helps_with: tuple[Tag, ...] = ()
    proof: Line | None = None


class OwnHours(Figures):
    """Working hours of the company's own people that a measure takes, by its difficulty (1, 2, 3)."""

    easy: Money
    planned: Money
    project: Money


class Method(Model):
    """How the figures of the measures are used.

    An investment in one of the `one_off_units` needs no number of pieces.
    """

    typical_position: Share
    cap_share_of_site: Share
    own_hours: OwnHours
    one_off_units: tuple[Line, ...]
    currency: Literal["EUR"]
    nace_version: Line
    nace_rev21_sections: Mapping[str, str]
    default_end_use_shares: tuple[UseShare, ...]
