"""Actions as authors write them: which answers lead to which measures, with the first step and its effort."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assessment.core.conditions import Condition
from assessment.core.model import Line, Model, Prose, Slug

Effort = Literal["quick", "plan", "invest"]

EASE: dict[Effort, int] = {"quick": 13, "plan": 10, "invest": 7}
"""How much easier a step is to start, in tenths (the project's own design: 1.3, 1.0 and 0.7)."""


class Advice(Model):
    """What to advise on one question: below a level, or (unscored questions) under a condition."""

    question: Slug
    below: Annotated[int, Field(ge=1, le=4)] | None = None
    when: Literal["unanswered"] | Condition | None = None
    measures: tuple[Slug, ...] = Field(min_length=1)
    effort: Effort
    first_step: Prose
    find_out: Prose | None = None

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        if (self.below is None) is (self.when is None):
            raise ValueError("give either `below` (scored questions) or `when` (unscored ones)")
        return self


class ByProfile(Model):
    """Measures that no question asks for, for firms whose profile fits; `note` is shown as the condition."""

    measures: tuple[Slug, ...] = Field(min_length=1)
    when: Condition | None = None
    nace: tuple[str, ...] = ()
    note: Line | None = None


class Actions(Model):
    """All advice that belongs to one version of a questionnaire, in the order that settles ties."""

    questions: tuple[Advice, ...]
    by_profile: tuple[ByProfile, ...] = ()
