"""Results, and those just shown, kept in this process: a company goes from its score to its plan and back.

What was frozen never changes, so an entry is found by the stored result that it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from assessment.content.library import Edition
from assessment.core.checks.answers import Answers, Remark
from assessment.core.checks.route import Depth, Route
from assessment.core.checks.scoring import Reason, Scorecard
from assessment.core.plans.plan import ActionPlan
from assessment.core.resources.catalogue import Catalogue, Profile
from assessment.services.kept import Kept


@dataclass(frozen=True)
class Results:
    """What one set of answers came to at one moment."""

    edition: Edition
    route: Route
    answers: Answers
    remarks: Mapping[str, Remark]
    scorecard: Scorecard
    reasons: tuple[Reason, ...]
    documented: int
    plan: ActionPlan
    profile: Profile
    catalogue: Catalogue
    on: date
    language: str

    @property
    def indicative(self) -> bool:
        """Whether this is the result of the quick check."""
        return self.route.depth == "quick"


@dataclass(frozen=True)
class Frozen:
    """A submitted result as stored."""

    id: str
    taken_at: datetime
    depth: Depth
    results: Results
    overall: int | None
    """The headline that was shown when it was frozen."""


class KeptResults(Kept[Frozen]):
    """The results kept; about 60 kB each."""
