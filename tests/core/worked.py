"""Short ways to a score and a plan, for tests that work them out by hand."""

from collections.abc import Collection, Iterable
from fractions import Fraction

from assessment.core.checks.answers import Answers
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.route import Depth
from assessment.core.checks.scoring import Ratio, Scorecard, SectionScore, score
from assessment.core.plans.actions import Actions
from assessment.core.plans.plan import ActionPlan, Step, recommend
from assessment.core.resources.catalogue import Catalogue, Profile
from tests.builders import ladder, profile, questionnaire, route_of, section

LETTERS = "abcdefghij"


def card_of(asked: Questionnaire, answers: Answers, depth: Depth = "full") -> Scorecard:
    """All scores of these answers."""
    return score(route_of(asked, answers, depth), answers)


def section_of(card: Scorecard, name: str) -> SectionScore:
    """The score of a section that must have one."""
    found = card.section(name)
    assert found is not None
    return found


def exact(ratio: Ratio | None) -> Fraction | None:
    """A share as an exact fraction."""
    return None if ratio is None else Fraction(*ratio)


def plan_for(
    asked: Questionnaire,
    answers: Answers,
    advised: Actions,
    measures: Catalogue,
    who: Profile | None = None,
    settled: Collection[str] = (),
    depth: Depth = "full",
) -> ActionPlan:
    """The plan for these answers."""
    return recommend(route_of(asked, answers, depth), answers, advised, measures, who or profile(), settled)


def ids(steps: Iterable[Step]) -> list[str]:
    """The measures of some steps, in order."""
    return [step.measure.id for step in steps]


def only_step(plan: ActionPlan) -> Step:
    """The one step of a plan that has no other."""
    (step,) = plan
    return step


def energy(*weights: int, relevance: int = 1) -> Questionnaire:
    """One section with a ladder of each weight, called a, b, c and so on."""
    ladders = (ladder(LETTERS[n], weight) for n, weight in enumerate(weights))
    return questionnaire(section("energy", *ladders), weights={"energy": relevance})


def alike(count: int) -> Questionnaire:
    """One section of ladders that weigh 1 each."""
    return energy(*[1] * count)


def fortieths(gap: float, weight: int, relevance: int, ease: float) -> int:
    """A priority as it is kept."""
    return round(gap * weight * relevance * ease * 40)
