"""Plans kept ready in this process, so that a tick in the what-if panel need not reckon the whole plan anew.

What is kept is figures and answers, and no name, note or address. An entry is found by its draft and everything that it
was made from, and whoever asks has been let into that draft by the database before.
"""

from collections.abc import Collection
from dataclasses import dataclass

from assessment.core.money.savings import Calculator, Totals
from assessment.core.plans.lifted import LiftedScore
from assessment.services.kept import Kept


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a selection of measures comes to; `score` is the headline as it would be, None below the coverage needed."""

    chosen: tuple[str, ...]
    totals: Totals
    score: int | None
    score_now: int | None
    budget: float | None
    """What the company may spend in one year; None where it named nothing."""


@dataclass(frozen=True, slots=True)
class ReadyPlan:
    """The measures of a company, ready for any selection of them."""

    measures: Calculator
    score: LiftedScore
    budget: float | None

    def what_if(self, names: Collection[str]) -> WhatIf:
        """The totals of a selection; names that are no measures of this company are passed over."""
        asked = set(names)
        chosen = tuple([name for name in self.measures.items if name in asked])
        totals, score = self.measures.together(chosen), self.score
        return WhatIf(chosen, totals, score.headline(chosen), score.now, self.budget)


class KeptPlans(Kept[ReadyPlan]):
    """The plans kept; about 300 kB each."""
