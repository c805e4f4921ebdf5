"""What the blank questionnaire shows: every question of a version, on paper."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Relation = Literal["is", "at-least", "at-most", "answered", "any", "all"]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a question is asked: a comparison with an earlier answer, or several rules of which any or all must hold."""

    relation: Relation
    negated: bool = False
    code: str = ""
    values: tuple[str, ...] = ()
    number: Decimal | None = None
    parts: tuple["Rule", ...] = ()


@dataclass(frozen=True, slots=True)
class BlankOption:
    """A box to tick."""

    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class BlankFigure:
    """A line to write a number on; the label is empty for a question with one number."""

    label: str
    hint: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlankQuestion:
    """One question on paper; without options and figures it gets a line to write on.

    `metered`: a bill or a meter may tell its figures, so the sheet asks whether one did.
    """

    code: str
    label: str
    hint: str
    kind: Literal["choice", "multi", "number", "numbers", "text", "date"]
    quick: bool
    rule: Rule | None
    options: tuple[BlankOption, ...]
    most: int | None
    figures: tuple[BlankFigure, ...]
    metered: bool
    do_not_know: bool
    not_applicable: bool


@dataclass(frozen=True, slots=True)
class BlankPage:
    """Questions that stand together; the title is empty for a question on its own."""

    title: str
    intro: str
    questions: tuple[BlankQuestion, ...]


@dataclass(frozen=True, slots=True)
class BlankSection:
    """A chapter of the paper questionnaire."""

    title: str
    ready: str
    minutes: int
    pages: tuple[BlankPage, ...]


@dataclass(frozen=True, slots=True)
class BlankQuestionnaireDocument:
    """All questions of one version, for an interview on paper."""

    title: str
    version: str
    home: str
    questions: int
    quick: int
    sections: tuple[BlankSection, ...]
