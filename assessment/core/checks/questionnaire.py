"""A questionnaire as a whole: its sections, shared tables and look-ups, and the check of answers against it.

`check` is the authority on what may be stored, for the form and for every other way in. Which questions apply
is the route's business, and points are the scorer's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Context, Decimal
from functools import cached_property
from typing import Annotated, Literal, assert_never

from pydantic import Field

from assessment.core.checks.answers import Marker, Quantities, Quantity, Value
from assessment.core.checks.conditions import Condition
from assessment.core.checks.display import Display
from assessment.core.checks.questions import (
    Choice,
    Date,
    Figure,
    MultiChoice,
    Number,
    Numbers,
    Option,
    Question,
    Text,
    Unit,
)
from assessment.core.errors import Problem
from assessment.core.model import Line, Model, OptionId, Prose, Slug
from assessment.core.plans.actions import Effort


class PageTitle(Model):
    """The heading of a page that holds several questions."""

    id: Slug
    title: Line
    intro: Prose | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One to five questions shown together; a page of one question has no title of its own."""

    id: str
    title: str | None
    intro: str | None
    questions: tuple[Question, ...]


class Section(Model):
    """A chapter of the questionnaire."""

    id: Slug
    title: Line
    ready: Line
    minutes: Annotated[int, Field(ge=1, le=60)]
    pages: tuple[PageTitle, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1)

    @cached_property
    def layout(self) -> tuple[Page, ...]:
        """The pages in order, each with its questions."""
        titles = {page.id: page for page in self.pages}
        grouped: dict[str, list[Question]] = {}
        for question in self.questions:
            grouped.setdefault(question.page or question.id, []).append(question)
        return tuple(
            Page(page, titles[page].title if page in titles else None,
                 titles[page].intro if page in titles else None, tuple(questions))
            for page, questions in grouped.items()
        )  # fmt: skip


class Band(Model):
    """A range of scores with a name; it reaches up to the next band."""

    id: Slug
    label: Line
    from_: Annotated[int, Field(ge=0, le=100, alias="from")]


class Sector(Model):
    """A line of business: the NACE Rev. 2 codes it stands for, and how much each section matters.

    `groups` are short names for several sectors, by which a question says whom it was written for.
    """

    id: Slug
    label: Line
    hint: Line | None = None
    groups: tuple[str, ...] = ()
    nace: tuple[str, ...] = ()
    weights: Mapping[Slug, Annotated[int, Field(ge=1, le=3)]]


class Raise(Model):
    """A section that matters one step more (3 at most) where the condition holds."""

    section: Slug
    when: Condition


class Roles(Model):
    """Which questions the product itself needs to understand; nowhere else is a question named.

    A role that is left out is not asked for: without a sector the last of the table holds for all, without a country
    no funding is matched, and without people the firm counts as one of the smallest. What is replied to motives opens
    the plan, what is replied to obstacles stands in it as help.
    """

    country: Slug | None = None
    region: Slug | None = None
    sector: Slug | None = None
    nace: Slug | None = None
    people: Slug | None = None
    motives: Slug | None = None
    obstacles: Slug | None = None

    @property
    def named(self) -> Mapping[str, str]:
        """The roles that are asked for, each with its question."""
        return {role: question for role, question in self.model_dump().items() if question is not None}


class QuantityOf(Model):
    """Which line of the resource sheet a figure gives; `figure` names one of a question with several.

    Typed in one of `gross_units` it counts as gross calorific value, as bills of gas state it, else as net.
    """

    line: Slug
    question: Slug
    figure: Slug | None = None
    gross_units: tuple[Slug, ...] = ()


class PlanSize(Model):
    """How many actions the default plan takes of each effort, and `most` in all."""

    quick: Annotated[int, Field(ge=0, le=20)] = 3
    plan: Annotated[int, Field(ge=0, le=20)] = 3
    invest: Annotated[int, Field(ge=0, le=20)] = 1
    most: Annotated[int, Field(ge=1, le=60)] = 60

    def of(self, effort: Effort) -> int:
        """How many of one effort."""
        return {"quick": self.quick, "plan": self.plan, "invest": self.invest}[effort]


class Subject(Model):
    """What one check is about, where that is not the whole company or one of its sites."""

    label: Line
    hint: Line | None = None


Audience = Literal["anyone", "company", "cluster"]
"""Who starts a check: `anyone` from the front page, a `company` with an account, or one that runs a `cluster`."""


class Questionnaire(Model):
    """One version of one questionnaire in one language.

    Without `quantities` it knows nothing of what a company uses, so that nothing can be reckoned in euros, kWh or
    tonnes; `summary` says in a few sentences what it is for, where several are offered.
    """

    name: Slug
    version: str
    language: str
    title: Line
    audience: Audience = "anyone"
    summary: Prose | None = None
    subject: Subject | None = None
    bands: tuple[Band, ...] = Field(min_length=2)
    flags: Mapping[Slug, Condition] = Field(default_factory=dict)
    sectors: tuple[Sector, ...] = Field(min_length=1)
    roles: Roles = Roles()
    raises: tuple[Raise, ...] = ()
    quantities: tuple[QuantityOf, ...] = ()
    plan: PlanSize = PlanSize()
    results: Display | None = None
    sections: tuple[Section, ...] = Field(min_length=1)

    @property
    def reckons(self) -> bool:
        """Whether amounts are asked for, so that savings, footprint and best plan can be worked out."""
        return bool(self.quantities)

    @cached_property
    def has_quick(self) -> bool:
        """Whether there is a quick path through it."""
        return any(question.quick and question.scored for question in self.questions.values())

    @property
    def minutes(self) -> int:
        """How long all of it takes, as its sections say."""
        return sum(section.minutes for section in self.sections)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by id, in order."""
        return {question.id: question for section in self.sections for question in section.questions}

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section of each question id."""
        return {question.id: section for section in self.sections for question in section.questions}

    def section(self, section_id: str) -> Section | None:
        """The section of that id, if there is one."""
        return next((section for section in self.sections if section.id == section_id), None)

    @cached_property
    def scored_sections(self) -> tuple[Section, ...]:
        """The sections in which at least one question can earn points."""
        return tuple(s for s in self.sections if any(question.scored for question in s.questions))

    def sector_of(self, answers: Mapping[str, Value]) -> Sector:
        """The sector that the answers name, else the last one of the table ("other")."""
        named = answers.get(self.roles.sector) if self.roles.sector else None
        return next((sector for sector in self.sectors if sector.id == named), self.sectors[-1])

    def band_of(self, score: int) -> Band:
        """The band of a whole-number score from 0 to 100."""
        return next(band for band in reversed(self.bands) if score >= band.from_)

    def trade_of(self, answers: Mapping[str, Value]) -> str:
        """The line of business in words; empty where it is not asked for."""
        return self.sector_of(answers).label if self.roles.sector else ""

    def check(self, values: Mapping[str, Value], answers: Mapping[str, Value]) -> list[Problem]:
        """Every reason why these values cannot be stored beside the answers that are there already."""
        problems: list[Problem] = []
        merged = {**answers, **values}
        for question_id, value in values.items():
            question = self.questions.get(question_id)
            if question is None:
                problems.append(Problem(question_id, "unknown-question"))
            else:
                problems.extend(check_value(question, value, merged))
        return problems


def offered(question: Choice | MultiChoice, answers: Mapping[str, Value]) -> tuple[Option, ...]:
    """The options open to these answers: all, or those that the answer to `options_by` lets through."""
    if question.options_by is None:
        return question.options
    given = answers.get(question.options_by)
    return tuple(option for option in question.options if not option.for_ or given in option.for_)


def is_offered(question: Choice | MultiChoice, option_id: str, answers: Mapping[str, Value]) -> bool:
    """Whether an option is among those offered; asked at every request, and quicker than listing them."""
    option = question.option(option_id)
    if option is None:
        return False
    by = question.options_by
    return by is None or not option.for_ or answers.get(by) in option.for_


def check_value(question: Question, value: Value, answers: Mapping[str, Value]) -> list[Problem]:
    """What is wrong with one value for one question; nothing for a good one."""
    if isinstance(value, Marker):
        return _check_marker(question, value)
    match question:
        case Choice():
            return _check_choice(question, value, answers)
        case MultiChoice():
            return _check_choices(question, value, answers)
        case Number():
            if not isinstance(value, Quantity):
                return [Problem(question.id, "wrong-kind")]
            return _check_figure(question.id, "", question, value)
        case Numbers():
            return _check_figures(question, value)
        case Text():
            if not isinstance(value, str):
                return [Problem(question.id, "wrong-kind")]
            too_long = len(value) > question.longest
            return [Problem(question.id, "too-long", values=(("longest", str(question.longest)),))] if too_long else []
        case Date():
            return [] if isinstance(value, date) else [Problem(question.id, "wrong-kind")]
        case _:
            assert_never(question)


def _check_marker(question: Question, marker: Marker) -> list[Problem]:
    allowed = question.do_not_know if marker is Marker.DO_NOT_KNOW else question.not_applicable
    return [] if allowed else [Problem(question.id, "answer-needed")]


def _check_choice(question: Choice, value: Value, answers: Mapping[str, Value]) -> list[Problem]:
    if not isinstance(value, str):
        return [Problem(question.id, "wrong-kind")]
    return [] if is_offered(question, value, answers) else [Problem(question.id, "unknown-option")]


def _check_choices(question: MultiChoice, value: Value, answers: Mapping[str, Value]) -> list[Problem]:
    if not isinstance(value, frozenset) or not value:
        return [Problem(question.id, "wrong-kind")]
    options = {option.id: option for option in offered(question, answers)}
    if not value <= options.keys():
        return [Problem(question.id, "unknown-option")]
    if len(value) > 1 and any(options[ticked].exclusive for ticked in value):
        return [Problem(question.id, "none-and-some")]
    if question.max_choices is not None and len(value) > question.max_choices:
        return [Problem(question.id, "too-many", values=(("most", str(question.max_choices)),))]
    return []


def _check_figures(question: Numbers, value: Value) -> list[Problem]:
    if not isinstance(value, Quantities) or not value.figures:
        return [Problem(question.id, "wrong-kind")]
    problems: list[Problem] = []
    for name, quantity in value.figures:
        figure = question.figure(name)
        if figure is None:
            problems.append(Problem(question.id, "unknown-field", name))
        else:
            problems.extend(_check_figure(question.id, name, figure, quantity))
    return problems


def _check_figure(question_id: OptionId, field: str, figure: Figure, quantity: Quantity) -> list[Problem]:
    unit = figure.unit(quantity.unit)
    if unit is None:
        return [Problem(question_id, "unknown-unit", field)]
    amount = quantity.amount
    if not amount.is_finite():
        return [Problem(question_id, "not-a-number", field, (("typed", quantity.typed),))]
    read = (("amount", _told(amount, unit)), ("unit", unit.label))
    if figure.whole and amount != amount.to_integral_value():
        return [Problem(question_id, "not-whole", field, read)]
    if amount < figure.minimum:
        return [Problem(question_id, "too-small", field, (*read, ("least", _told(figure.minimum, unit))))]
    if amount > figure.maximum:
        return [Problem(question_id, "too-large", field, (*read, ("most", _most(figure.maximum, unit))))]
    return []


def _told(amount: Decimal, unit: Unit) -> str:
    """An amount of the base unit in the unit that was chosen, without what dividing leaves behind the last digits."""
    return format(Context(prec=12).divide(amount, unit.factor).normalize(), "f")


def _most(maximum: Decimal, unit: Unit) -> str:
    """The same for a limit: one that is not round in the unit that was chosen is told rounded down."""
    told = _told(maximum, unit)
    if Decimal(told) * unit.factor == maximum:
        return told
    return format(Context(prec=2, rounding=ROUND_DOWN).divide(maximum, unit.factor).normalize(), "f")


def unlikely(question: Question, value: Value) -> tuple[str, ...]:
    """The fields ("" for a plain number) whose amounts lie outside what is likely; a warning, never an error."""
    match question, value:
        case Number(), Quantity():
            return ("",) if _outside(question, value) else ()
        case Numbers(), Quantities():
            figures = ((name, question.figure(name), quantity) for name, quantity in value.figures)
            return tuple(name for name, figure, quantity in figures if figure and _outside(figure, quantity))
        case _:
            return ()


def _outside(figure: Figure, quantity: Quantity) -> bool:
    return figure.likely is not None and not figure.likely.from_ <= quantity.amount <= figure.likely.to
