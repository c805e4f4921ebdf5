"""How a questionnaire wants its results shown, as its content says; plain sections where it says nothing.

`Pairs` sets two scores of each section beside each other. `Gates` leads through stages that open one after the other,
with two axes beside them. What they come to is worked out in `core/checks/series.py` and `core/checks/gates.py`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from assessment.core.checks.questions import TOP_LEVEL
from assessment.core.model import Line, Model, Slug
from assessment.core.resources.entries import Instrument, Resource


class Series(Model):
    """Questions that ask the same of each section; `short` heads its bars."""

    id: Slug
    label: Line
    short: Line
    questions: tuple[Slug, ...] = Field(min_length=1)


class Practices(Model):
    """What members of a cluster answered that bears on each section of its own check: scored questions of the
    questionnaire that they answer, by section.
    """

    questionnaire: Slug
    sections: Mapping[Slug, tuple[Slug, ...]] = Field(min_length=1)


class Pairs(Model):
    """Two scores of each section, one of each series.

    `members` names what is shown beside them where a cluster has figures of its members.
    """

    display: Literal["pairs"]
    series: tuple[Series, Series]
    members: Practices | None = None


class Support(Model):
    """A kind of funding: schemes with one of the instruments, on one of the resources and of the level, where given."""

    instruments: tuple[Instrument, ...] = Field(min_length=1)
    resources: tuple[Resource, ...] = ()
    level: Literal["EU", "national", "regional"] | None = None


class Stage(Model):
    """A section that has to be passed: what it asks, what holds once it is reached, and who pays for work on it."""

    section: Slug
    aim: Line
    reached: Line
    support: Line
    funding: tuple[Support, ...] = ()


class Axis(Model):
    """One side of the square: a question that the scores of several questions answer, with the words at its ends."""

    id: Slug
    label: Line
    low_end: Line
    high_end: Line
    questions: tuple[Slug, ...] = Field(min_length=1)


class Gates(Model):
    """Stages in order. A question lets through from the level `opens_at`; `nothing_reached` says that
    no stage is reached yet.

    `impact` names a question with yearly amounts that are shown with the result.
    """

    display: Literal["gates"]
    opens_at: Annotated[int, Field(ge=1, le=TOP_LEVEL)]
    nothing_reached: Line
    stages: tuple[Stage, ...] = Field(min_length=2)
    across: Axis
    up: Axis
    impact: Slug | None = None


Display = Annotated[Pairs | Gates, Field(discriminator="display")]
