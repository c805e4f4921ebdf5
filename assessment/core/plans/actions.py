"""Actions as authors write them: which answers lead to which measures, with the first step and its effort."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from assessment.core.checks.conditions import Condition
from assessment.core.model import Line, Model, Prose, Slug
from assessment.core.resources.entries import Investment, Measure, Payback, Saving, Sectors, Tag

Effort = Literal["quick", "plan", "invest"]

EASE: dict[Effort, int] = {"quick": 13, "plan": 10, "invest": 7}
"""How much easier a step is to start, in tenths (the project's own design: 1.3, 1.0 and 0.7)."""


class Advice(Model):
    """What to advise on one question: below a level, or (unscored questions) under a condition.

    What needs something that not every firm has that is asked stands under `only`, with its condition.
    """

    question: Slug
    below: Annotated[int, Field(ge=1, le=4)] | None = None
    when: Literal["unanswered"] | Condition | None = None
    measures: tuple[Slug, ...] = Field(min_length=1)
    only: Mapping[Slug, Condition] = Field(default_factory=dict)
    effort: Effort
    first_step: Prose
    find_out: Prose | None = None

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        if (self.below is None) is (self.when is None):
            raise ValueError("give either `below` (scored questions) or `when` (unscored ones)")
        return self

    @model_validator(mode="after")
    def _only_of_its_own(self) -> Self:
        strangers = ", ".join(name for name in self.only if name not in self.measures)
        if strangers:
            message = f"`only` names what is not advised here: {strangers}."
            raise ValueError(message, "Add it to `measures`, or remove it.")
        return self


class ByProfile(Model):
    """Measures that no question asks for, for firms whose profile fits; `note` is shown as the condition."""

    measures: tuple[Slug, ...] = Field(min_length=1)
    when: Condition | None = None
    nace: tuple[str, ...] = ()
    note: Line | None = None


OWN_STEPS = "own-steps"
"""The group of all steps that are no measures of the catalogue."""

_ZERO = Decimal(0)
_DEFINED: dict[str, Any] = {"basis": "definition", "confidence": "high"}


class OwnStep(Model):
    """A step of the questionnaire's own, which is no measure of the catalogue: it saves nothing by itself, and nothing
    has to be bought for it. Advice names it as it names a measure; `after` are steps or measures that come first, and
    `proof` says what shows that it was done.
    """

    id: Slug
    title: Line
    effort: Literal["quick", "plan"]
    how_to: Prose
    proof: Line | None = None
    helps_with: tuple[Tag, ...] = ()
    after: tuple[Slug, ...] = ()

    def as_measure(self) -> Measure:
        """The same as a measure with a saving of 0 to 0 (none counted), so that plans treat it as any other action."""
        return Measure(
            id=self.id, title=self.title, category=OWN_STEPS, kind=("organisational",), resources=(),
            sectors=Sectors(nace=("all",)), helps_with=self.helps_with,
            savings=(Saving(resource="cost-resources", base="site_total", low=_ZERO, high=_ZERO, **_DEFINED),),
            investment=Investment(level="none", eur_low=_ZERO, eur_high=_ZERO, unit="one-off", **_DEFINED),
            payback_months=Payback(**_DEFINED),
            difficulty=1 if self.effort == "quick" else 2, prerequisites=self.after, how_to=self.how_to,
            action_area=OWN_STEPS, proof=self.proof,
        )  # fmt: skip


class Actions(Model):
    """All advice that belongs to one version of a questionnaire, in the order that settles ties."""

    questions: tuple[Advice, ...]
    by_profile: tuple[ByProfile, ...] = ()
    steps: tuple[OwnStep, ...] = ()
