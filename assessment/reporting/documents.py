"""For each report, a frozen dataclass of exactly what it shows, made of plain values.

Words that belong to a language are chosen by the templates; what stands here is content, codes and figures. The
makers are in `action_plan.py`, `blank_questionnaire.py` and `mentor_review.py`; a cluster's document is its snapshot
with words (`cluster_document.py`); `compose.py` turns a document into HTML.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from assessment.core.checks.answers import Basis
from assessment.core.checks.replies import Reply
from assessment.core.checks.route import Depth
from assessment.core.checks.scoring import State
from assessment.core.plans.actions import Effort
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.checks.blank_document import BlankQuestionnaireDocument
from assessment.reporting.checks.display_document import PairTable, Shown, Stages
from assessment.reporting.checks.since import Since
from assessment.reporting.mentors.review_document import MentorReviewDocument
from assessment.reporting.money.money_document import CURVE_FROM, Followed, Money, Noted, SavingFigures

LONGEST_NOTE = 3000
LONGEST_COMMENT = 5000
MOST_ROWS = 500
MOST_ACTIONS = 60
ALL_NOTES = 40_000
"""Characters of notes printed in one report; the rest is told to be in the download of the data."""

LEAST_TO_LEAD = 100
"""EUR a year; a plan that saves less leads with its score, because nobody acts for so little money."""
LEAST_SHARE_TO_LEAD = 0.01
"""Of what the company pays now for the lines of its sheet; less than that is no news to it either ..."""
ENOUGH_TO_LEAD = 1000
"""... unless it is this many EUR a year, whatever is paid for materials."""

Headline = Literal["weakest", "strong", "plain", "not-enough"]
"""What page 1 can truly say: one section lags, all are strong, only the score, or not even that."""


@dataclass(frozen=True, slots=True)
class Company:
    """Whose report it is; an empty name is left out."""

    name: str
    sector: str
    example: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Who to call: a name and further lines (telephone, mail, hours)."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """A score with all that has to stand beside it; `headline` is None below the coverage needed."""

    headline: int | None
    low: int | None
    high: int | None
    known: int
    unsure: int
    applicable: int
    coverage: int
    band: str | None = None


@dataclass(frozen=True, slots=True)
class BandRow:
    """A band of scores, both ends included."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class SectionRow:
    """The rating of one section and how much the section matters (1 to 3)."""

    id: str
    title: str
    weight: int
    rating: Rating
    weakest: bool
    red_flag: bool


@dataclass(frozen=True, slots=True)
class GainRow:
    """A question that would add points, and how many of the 100."""

    code: str
    short: str
    section: str
    level: int
    gain: Decimal


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code as one SVG path: modules along a side, and the path in module units."""

    size: int
    path: str


@dataclass(frozen=True, slots=True)
class FundingRow:
    """A scheme that may pay part of an action. `first_in` is the number of the action that shows it in full."""

    id: str
    name: str
    provider: str
    up_to: Decimal | None
    share: Decimal | None
    as_of: int
    until: date | None
    region: str | None
    check_country: bool
    address: str
    link: str
    qr: Qr | None
    first_in: int


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A building block; `actions` are the numbers of the actions that name it."""

    id: str
    title: str
    kind: str
    languages: tuple[str, ...]
    publisher: str
    year: int | None
    address: str
    link: str
    actions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SavingRow:
    """What share of a named use an action saves, in per cent; the source is empty for an estimate."""

    use: str
    low: Decimal
    high: Decimal
    unit: str
    basis: str
    source: str
    year: int | None
    cited: str = ""
    """The source with its year in words."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """The cost band of an action, the euro range for the unit named, and where it comes from in words."""

    level: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    estimate: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class PaybackRow:
    """Months of simple payback; None where no money is counted."""

    low: int | None
    high: int | None
    estimate: bool


@dataclass(frozen=True, slots=True)
class WhyRow:
    """The answer that called for an action; no level where it was "I do not know" or an unscored question."""

    code: str
    short: str
    answer: str
    state: State
    level: int | None
    weight: int
    relevance: int


@dataclass(frozen=True, slots=True)
class ActionCard:
    """One action with everything its card shows.

    An action of the company's own, or one taken from the catalogue, has a title and perhaps an address, no effort.
    """

    number: int
    title: str
    effort: Effort | None = None
    why: tuple[WhyRow, ...] = ()
    first_step: str = ""
    find_out: str = ""
    proof: str = ""
    """What shows that it is done."""
    others: str = ""
    """How many other firms do the same, where somebody counted."""
    savings: tuple[SavingRow, ...] = ()
    seen_otherwise: tuple[SavingRow, ...] = ()
    """Second views of the same saving, never added."""
    cost: CostRow | None = None
    payback: PaybackRow | None = None
    funding: tuple[FundingRow, ...] = ()
    adviser: tuple[FundingRow, ...] = ()
    blocks: tuple[BlockRow, ...] = ()
    condition: str = ""
    small_use: bool = False
    owner: str = ""
    deadline: date | None = None
    done: bool = False
    note: str = ""
    address: str = ""
    measure: str = ""
    status: str = "not-started"
    how_to: str = ""
    """How to go about a step that is no measure of the catalogue; a measure's is in its page."""
    saving: SavingFigures | None = None
    """What it saves here, where that could be reckoned; `savings` are the published shares."""
    noted: Noted | None = None
    """How it went, where anything was noted."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with what was answered; the note may have been shortened."""

    code: str
    short: str
    state: State
    answer: tuple[str, ...]
    level: int | None
    scored: bool
    basis: Basis
    note: str
    shortened: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """The answers of one section."""

    title: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A published source of a figure in this report."""

    title: str
    publisher: str
    year: int | None
    link: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What the report was made with."""

    questionnaire: str
    version: str
    engine: str


def _cost_of_a_tonne(action: ActionCard) -> float:
    """EUR paid once for each tonne that is saved a year: never negative, so that an order by it means something."""
    saving = action.saving
    if saving is None or saving.cost is None or saving.carbon is None:
        raise ValueError(f"action {action.number} has no place on a cost curve")
    return saving.cost.typical / saving.carbon.typical


@dataclass(frozen=True, slots=True)
class ActionPlanDocument:
    """The action plan of one company on one day."""

    company: Company
    day: date
    depth: Depth
    headline: Headline
    overall: Rating
    sections: tuple[SectionRow, ...]
    bands: tuple[BandRow, ...]
    gains: tuple[GainRow, ...]
    actions: tuple[ActionCard, ...]
    more: tuple[str, ...]
    blocks: tuple[BlockRow, ...]
    contact: Contact | None
    home: str
    answers: tuple[AnswerTable, ...]
    sources: tuple[SourceRow, ...]
    versions: Versions
    since: Since | None = None
    """What changed since last year's result, where there is one."""
    money: Money | None = None
    followed: Followed | None = None
    link: str = ""
    """The address of the site, with its scheme."""
    shown: Shown | None = None
    """Stages or pairs of scores, where the questionnaire wants them."""
    support: tuple[FundingRow, ...] = ()
    """Funding of the stage that is worked on."""
    opening: tuple[str, ...] = ()
    """What is said first, to why the check is done."""
    helps: tuple[Reply, ...] = ()
    """A word of help for each thing that holds the company back."""
    confirmed: str = ""
    """What a mentor has confirmed of the score; empty where nobody has looked."""
    without_investment: str = ""
    """Why no investment is in the plan; empty where one is."""

    @property
    def leads_with_money(self) -> bool:
        """Whether page 1 begins with what the plan saves."""
        eur = self.money.totals.eur if self.money else None
        paid = float(self.money.cost_now or 0) if self.money else 0.0
        return eur is not None and eur.typical >= min(max(LEAST_TO_LEAD, paid * LEAST_SHARE_TO_LEAD), ENOUGH_TO_LEAD)

    @property
    def losses(self) -> tuple[ActionCard, ...]:
        """The actions that cost more to run than they save."""
        return tuple(action for action in self.actions if action.saving and action.saving.costs_more)

    @property
    def has_losses(self) -> bool:
        """Whether an action, or all of them together, costs more to run than it saves."""
        return bool(self.losses) or (self.money is not None and self.money.totals.costs_more)

    @property
    def curve(self) -> tuple[ActionCard, ...]:
        """The actions of the cost curve, the lowest cost first; none where they are too few for one."""
        found = [action for action in self.actions if action.saving and action.saving.on_curve]
        return tuple(sorted(found, key=_cost_of_a_tonne)) if len(found) >= CURVE_FROM else ()

    @property
    def stages(self) -> Stages | None:
        """The stages, where there are any."""
        return self.shown if isinstance(self.shown, Stages) else None

    @property
    def pairs(self) -> PairTable | None:
        """The pairs of scores, where there are any."""
        return self.shown if isinstance(self.shown, PairTable) else None

    @property
    def weakest(self) -> tuple[str, ...]:
        """The titles of the sections that page 1 may name."""
        return tuple(section.title for section in self.sections if section.weakest)

    @property
    def red_flags(self) -> tuple[SectionRow, ...]:
        """Sections that matter and score next to nothing."""
        return tuple(section for section in self.sections if section.red_flag)


@dataclass(frozen=True, slots=True)
class ClusterPosterDocument:
    """A cluster's poster; `logo` is the picture as a `data:` address, empty where there is none."""

    name: str
    text: str
    logo: str
    address: str
    qr: Qr
    code: str
    dense: bool
    """So much stands on it that all of it is set a step smaller."""


Document = (
    ActionPlanDocument | BlankQuestionnaireDocument | MentorReviewDocument | ClusterReadinessDocument
    | ClusterPosterDocument
)  # fmt: skip
