"""Questions and their kinds: what an author writes about one question, and nothing about who answers it.

The kinds form a closed union told apart by `kind:`. Each edge that treats kinds differently ends its `match`
in `assert_never`, so the type checker lists what a new kind still lacks.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from assessment.core.checks.conditions import Condition
from assessment.core.model import Line, Model, OptionId, Prose, Slug, Version

Theme = Literal[
    "company", "management", "energy", "materials", "chemicals", "water", "waste", "emissions", "transport",
    "biodiversity", "design", "business", "supply", "people", "finance", "cooperation",
]  # fmt: skip

TOP_LEVEL = 4
"""The highest level of every ladder; an option is worth `points` / 4 of its question's weight."""


class Help(Model):
    """The longer help behind a question: why we ask, where to find it, an example."""

    why: Prose
    where: Prose
    example: Prose


class Option(Model):
    """One answer that can be ticked.

    `points` is its level from 0 to 4; `unscored` takes the question out of the score when ticked. With `for_`
    it is offered only where the question named in `options_by` has one of these answers. `reply` is what the plan
    says to whoever ticks it, where the question is one of motives or obstacles.
    """

    id: OptionId
    label: Line
    hint: Line | None = None
    reply: Prose | None = None
    points: Annotated[int, Field(ge=0, le=TOP_LEVEL)] | None = None
    unscored: bool = False
    exclusive: bool = False
    for_: tuple[OptionId, ...] = Field(default=(), alias="for")


class Unit(Model):
    """A unit that a number may be given in; `factor` times the number is the amount in the base unit (factor 1).

    `one` is how it reads after exactly 1, for a unit that is a word.
    """

    id: Slug
    label: Line
    one: Line | None = None
    factor: Annotated[Decimal, Field(gt=0)]

    def after(self, amount: Decimal) -> str:
        """The unit as it stands behind an amount."""
        return self.one if self.one is not None and amount == 1 else self.label


class Likely(Model):
    """Amounts in the base unit outside of which we ask "is this right?", never refuse."""

    from_: Decimal = Field(alias="from")
    to: Decimal


METERED = frozenset({"kwh", "mwh", "gj", "m3", "litre", "kg", "t", "tonne"})
"""Units of what bills, meters and scales tell; heads, money and emissions are counted in another way."""


class Figure(Model):
    """One named number: its units (the one with factor 1 is the base), and the limits in the base unit."""

    units: tuple[Unit, ...] = Field(min_length=1)
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(10) ** 12
    likely: Likely | None = None
    whole: bool = False

    @property
    def base(self) -> Unit:
        """The unit in which amounts are kept."""
        return next(unit for unit in self.units if unit.factor == 1)

    @property
    def metered(self) -> bool:
        """Whether it can stand on a bill or a meter."""
        return self.base.id in METERED

    def unit(self, unit_id: str) -> Unit | None:
        """The unit of that id, if it is one of this figure's."""
        return next((unit for unit in self.units if unit.id == unit_id), None)


class NamedFigure(Figure):
    """One line of a question with several figures."""

    id: Slug
    label: Line
    hint: Line | None = None


class _Question(Model):
    """What every kind of question has.

    `meaning` is the version in which the question last came to mean something else than before, so that answers to
    it are not compared across that version; left out where it has always meant the same. `sectors` tells authors for
    which trades its examples and measures were written; who is asked, `when` alone decides.
    """

    id: Slug
    meaning: Version | None = None
    page: Slug | None = None
    theme: Theme
    label: Line
    short: Line
    hint: Line
    help: Help
    weight: Annotated[int, Field(ge=1, le=3)] | None = None
    quick: bool = False
    when: Condition | None = None
    scored_when: Condition | None = None
    sectors: tuple[str, ...] = ("ALL",)
    vsme: tuple[str, ...] = ()
    not_applicable: bool = True
    do_not_know: bool = True
    required: bool = False

    @property
    def scored(self) -> bool:
        """Whether the question can earn points."""
        return self.weight is not None


class _WithOptions(_Question):
    """A question answered by ticking; `answers` and `list` name where shared options came from."""

    answers: Slug | None = None
    list: Slug | None = None
    options_by: Slug | None = None
    options: tuple[Option, ...] = Field(min_length=2)

    def option(self, option_id: str) -> Option | None:
        """The option of that id, if there is one."""
        for option in self.options:
            if option.id == option_id:
                return option
        return None


class Choice(_WithOptions):
    """One option of several."""

    kind: Literal["choice"]


class MultiChoice(_WithOptions):
    """Any number of options; the best one ticked counts."""

    kind: Literal["multi"]
    max_choices: Annotated[int, Field(ge=2)] | None = None


class Number(_Question, Figure):
    """One number with a unit; never scored."""

    kind: Literal["number"]


class Numbers(_Question):
    """Several named numbers that belong together; never scored."""

    kind: Literal["numbers"]
    fields_: tuple[NamedFigure, ...] = Field(alias="fields", min_length=2)

    @property
    def metered(self) -> bool:
        """Whether any of them can stand on a bill or a meter."""
        return any(figure.metered for figure in self.fields_)

    def figure(self, field: str) -> NamedFigure | None:
        """The figure of that id, if there is one."""
        return next((figure for figure in self.fields_ if figure.id == field), None)


class Text(_Question):
    """Free words; never scored."""

    kind: Literal["text"]
    longest: Annotated[int, Field(ge=1, le=3000)] = 300


class Date(_Question):
    """A day; never scored."""

    kind: Literal["date"]


Question = Annotated[Choice | MultiChoice | Number | Numbers | Text | Date, Field(discriminator="kind")]
