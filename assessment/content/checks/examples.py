"""Example companies: whole sets of answers with the score, range and plan they must lead to.

They stand beside the version they answer (`examples/<id>.yaml`). They keep the engine honest, fill a fresh demo,
and print the sample plan. All are invented, save what a named published case reports.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Self, assert_never

from pydantic import Field, model_validator

from assessment.content.checks.questionnaires import Place, flaw_in
from assessment.content.strict_yaml import Document, read, validate
from assessment.core.checks.answers import NO_REMARK, Answers, Basis, Marker, Quantities, Quantity, Remark, Value
from assessment.core.checks.display import Gates, Pairs
from assessment.core.checks.gates import standing_of
from assessment.core.checks.questionnaire import Questionnaire, check_value
from assessment.core.checks.questions import Choice, Date, Figure, MultiChoice, Number, Numbers, Question, Text
from assessment.core.checks.route import Depth, Route, Routes
from assessment.core.checks.scoring import score
from assessment.core.checks.series import pairs_of
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.model import Line, Model, Prose, Slug
from assessment.core.money.sheet_entries import NO_ENTRIES, SheetEntries
from assessment.core.plans.actions import Actions
from assessment.core.plans.follow_up import UNITS, FollowUp, MeasuredUse, Reading, ReadingBasis
from assessment.core.plans.goals import Goals
from assessment.core.plans.plan import profile_of, recommend
from assessment.core.resources.catalogue import Catalogue
from assessment.i18n import exactly


class Case(Model):
    """The published good practice that an example follows, and what was taken from it."""

    title: Line
    url: Line
    taken: Prose


class Expected(Model):
    """What the engine must make of the answers."""

    overall: int | None
    range: tuple[int, int] | None
    coverage: int
    sections: Mapping[Slug, int | None]
    plan: tuple[Slug, ...]
    pairs: Mapping[Slug, tuple[int | None, int | None]] | None = None
    """Where results are shown in pairs: the two scores of each section."""
    stage: Slug | None = None
    """Where there are gates: the stage that is reached; left out before the first."""
    missing: tuple[Slug, ...] = ()
    """What keeps the next gate shut."""
    axes: tuple[int | None, int | None] | None = None


class ReadingSheet(Model):
    """A reading of an action as written: how much of what was used from one day to another."""

    use: MeasuredUse
    amount: Decimal
    unit: Line
    first: date
    last: date
    basis: ReadingBasis = ""
    activity: Decimal | None = None

    @model_validator(mode="after")
    def _unit_is_known(self) -> Self:
        if self.unit not in UNITS[self.use]:
            raise ValueError(f"no unit {self.unit} of {self.use}")
        return self

    def read(self) -> Reading:
        """The reading as a company would have noted it."""
        amount = Quantity(exactly(self.amount, UNITS[self.use][self.unit]), self.unit, str(self.amount))
        activity = None if self.activity is None else Quantity(self.activity, "", str(self.activity))
        return Reading(self.use, amount, self.first, self.last, self.basis, activity)


class ActionSheet(Model):
    """What became of a measure in the plan of an example."""

    measure: Slug
    status: Literal["not-started", "planned", "in-progress", "done"]
    owner: Line | None = None
    deadline: date | None = None
    planned_for: date | None = None
    started_on: date | None = None
    done_on: date | None = None
    cost: Decimal | None = None
    before: ReadingSheet | None = None
    after: ReadingSheet | None = None
    activity_name: Line | None = None
    besides: Line | None = None

    def noted(self) -> FollowUp:
        """What the company noted about it."""
        cost = None if self.cost is None else Quantity(self.cost, "eur", str(self.cost))
        return FollowUp(
            self.planned_for, self.started_on, self.done_on, cost,
            self.before.read() if self.before else Reading(), self.after.read() if self.after else Reading(),
            self.activity_name or "", self.besides or "",
        )  # fmt: skip


class YearSheet(Model):
    """The check of the year before: the same answers save these (null: none then), and its plan."""

    answers: Mapping[Slug, Any]
    actions: tuple[ActionSheet, ...] = ()


class MoneySheet(Model):
    """What an example says about its money: figures and prices beside the answers, and what it wishes of its plan."""

    entries: SheetEntries = NO_ENTRIES
    goals: Goals = Goals()


class Sheet(Model):
    """One example as written."""

    id: Slug
    name: Line
    about: Prose
    follows: Case | None = None
    depth: Depth = "full"
    answers: Mapping[Slug, Any]
    notes: Mapping[Slug, Prose] = Field(default_factory=dict)
    actions: tuple[ActionSheet, ...] = ()
    last_year: YearSheet | None = None
    money: MoneySheet | None = None
    expected: Expected


@dataclass(frozen=True)
class Example:
    """One example ready to use."""

    sheet: Sheet
    answers: Answers
    remarks: Mapping[str, Remark]
    version: tuple[str, str]
    """Name and version of the questionnaire that it answers."""
    answers_last_year: Answers | None = None

    @property
    def entries(self) -> SheetEntries:
        """The company's own figures, where it gave any."""
        return self.sheet.money.entries if self.sheet.money else NO_ENTRIES


def read_examples(folder: Path, questionnaire: Questionnaire) -> dict[str, Example]:
    """Every example of a version by id.

    Raises InvalidContent with the flaws of all files at once.
    """
    flaws: list[Flaw] = []
    examples: dict[str, Example] = {}
    for path in sorted(folder.glob("examples/*.yaml")):
        try:
            document = read(path)
            sheet = validate(Sheet, document)
            if sheet.id != path.stem:
                message = f"The example is called {sheet.id} here, but its file {path.name}."
                raise InvalidContent([flaw_in(document, ("id",), message, "Rename one of them.")])
            examples[sheet.id] = _example(document, sheet, questionnaire)
        except InvalidContent as invalid:
            flaws.extend(invalid.flaws)
    if flaws:
        raise InvalidContent(flaws)
    return examples


def expectation_flaws(
    folder: Path, questionnaire: Questionnaire, actions: Actions, catalogue: Catalogue
) -> Iterator[Flaw]:
    """Every difference between what the examples of a version expect and what the engine makes of their answers.

    Raises InvalidContent where an example cannot be read.
    """
    routes = Routes(questionnaire)
    for name, example in read_examples(folder, questionnaire).items():
        document = read(folder / "examples" / f"{name}.yaml")
        yield from _unknown_measures(document, example.sheet, catalogue)
        yield from _unknown_money(document, example.sheet.money or MoneySheet(), catalogue)
        expected = example.sheet.expected.model_dump()
        for path, found in outcome_of(example, routes, actions, catalogue).model_dump().items():
            for place, wanted, came_out in _differences(path, expected[path], found):
                message = f"{_said(wanted)} is expected, {_said(came_out)} came out."
                yield flaw_in(document, ("expected", *place), message, "Correct the answers or what is expected.")


def _unknown_measures(document: Document, sheet: Sheet, catalogue: Catalogue) -> Iterator[Flaw]:
    last_year = sheet.last_year.actions if sheet.last_year else ()
    for place, actions in ((("actions",), sheet.actions), (("last_year", "actions"), last_year)):
        for number, action in enumerate(actions):
            if action.measure not in catalogue.measures:
                message = f"There is no measure {action.measure}."
                yield flaw_in(document, (*place, number, "measure"), message, "Correct the id.")


def _unknown_money(document: Document, money: MoneySheet, catalogue: Catalogue) -> Iterator[Flaw]:
    entries, factors = money.entries, catalogue.factors
    named: tuple[tuple[Place, Collection[str], Collection[str], str], ...] = (
        (("entries", "amounts"), entries.amounts, factors.lines, "line of the sheet"),
        (("entries", "prices"), entries.prices, factors.lines, "line of the sheet"),
        (("entries", "kinds"), entries.kinds.values(), factors.factors, "factor"),
        (("entries", "pieces"), entries.pieces, catalogue.measures, "measure"),
        (("goals", "excluded"), money.goals.excluded, catalogue.measures, "measure"),
    )
    for place, names, known, what in named:
        for name in names:
            if name not in known:
                yield flaw_in(document, ("money", *place), f"There is no {what} {name}.", "Correct the id.")


def outcome_of(example: Example, routes: Routes, actions: Actions, catalogue: Catalogue) -> Expected:
    """What the engine makes of an example."""
    answers = example.answers
    route = routes.of(answers, example.sheet.depth)
    card = score(route, answers)
    profile = profile_of(routes.questionnaire, answers, routes.questionnaire.language)
    plan = recommend(route, answers, actions, catalogue, profile, entries=example.entries)
    return Expected(
        **_shown_of(route, answers),
        overall=card.overall.headline,
        range=card.overall.range,
        coverage=card.overall.coverage,
        sections={section.section: section.score.headline for section in card.sections},
        plan=tuple(step.measure.id for step in plan.steps),
    )


def _shown_of(route: Route, answers: Answers) -> dict[str, Any]:
    """What the questionnaire's own way of showing results makes of the answers."""
    match route.questionnaire.results:
        case Pairs() as pairs:
            found = pairs_of(pairs, route, route.counted(answers))
            return {
                "pairs": {
                    pair.section: tuple(score.headline if score else None for score in pair.scores) for pair in found
                }
            }
        case Gates() as gates:
            standing = standing_of(gates, route, route.counted(answers))
            return {
                "stage": standing.reached.section if standing.reached else None,
                "missing": tuple(each.question for each in standing.next.missing) if standing.next else (),
                "axes": (standing.across.headline, standing.up.headline),
            }
        case None:
            return {}


def _differences(path: str, wanted: Any, found: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for key in sorted({*wanted, *found}):
            if key not in wanted or key not in found or wanted[key] != found[key]:
                yield (path, key), wanted.get(key, "nothing"), found.get(key, "nothing")
    elif wanted != found:
        yield (path,), wanted, found


def _said(value: Any) -> str:
    if value is None:
        return "no headline"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _example(document: Document, sheet: Sheet, questionnaire: Questionnaire) -> Example:
    values, remarks = _answers(document, ("answers",), sheet.answers, sheet.notes, questionnaire)
    version = (questionnaire.name, questionnaire.version)
    if sheet.last_year is None:
        return Example(sheet, Answers(values), remarks, version)
    other = {question: written for question, written in sheet.last_year.answers.items() if written is not None}
    changed, _ = _answers(document, ("last_year", "answers"), other, {}, questionnaire, values)
    none_then = {question: None for question, written in sheet.last_year.answers.items() if written is None}
    return Example(sheet, Answers(values), remarks, version, Answers(values).with_values({**changed, **none_then}))


def _answers(
    document: Document,
    place: Place,
    answers: Mapping[str, Any],
    notes: Mapping[str, str],
    questionnaire: Questionnaire,
    beside: Mapping[str, Value] | None = None,
) -> tuple[dict[str, Value], dict[str, Remark]]:
    """The answers written at a place, with what stands beside them.

    Raises InvalidContent with every one that is no answer.
    """
    flaws: list[Flaw] = []
    values: dict[str, Value] = {}
    remarks: dict[str, Remark] = {}
    for question_id, written in answers.items():
        question = questionnaire.questions.get(question_id)
        if question is None:
            flaws.append(flaw_in(document, (*place, question_id), "There is no such question.", "Correct the id."))
            continue
        try:
            values[question_id] = _value(question, written)
        except (KeyError, TypeError, ValueError) as mistake:
            cure = "Write it as the question's kind asks."
            flaws.append(flaw_in(document, (*place, question_id), f"This is no answer to it ({mistake}).", cure))
            continue
        basis: Basis = "bills" if isinstance(written, dict) and written.get("basis") == "bills" else ""
        if isinstance(written, dict) and written.get("basis") == "estimate":
            basis = "estimate"
        remark = Remark(basis, notes.get(question_id, ""))
        remarks[question_id] = remark or NO_REMARK
    for question_id, value in values.items():
        for problem in check_value(questionnaire.questions[question_id], value, {**(beside or {}), **values}):
            message = f"The questionnaire does not accept this ({problem.code})."
            flaws.append(flaw_in(document, (*place, question_id), message, "Correct the answer."))
    if flaws:
        raise InvalidContent(flaws)
    return values, {question: remark for question, remark in remarks.items() if remark}


def _value(question: Question, written: Any) -> Value:
    if written in (Marker.DO_NOT_KNOW.value, Marker.NOT_APPLICABLE.value):
        return Marker(written)
    match question:
        case Choice() | Text():
            if not isinstance(written, str):
                raise TypeError("a text is needed; put quotes around it")
            return written
        case MultiChoice():
            return frozenset(str(option) for option in written)
        case Number():
            return _quantity(question, written)
        case Numbers():
            figures = ((field, _known(question, field), given) for field, given in written.items() if field != "basis")
            return Quantities(tuple((field, _quantity(figure, given)) for field, figure, given in figures))
        case Date():
            raise ValueError("examples hold no dates yet")
        case _:
            assert_never(question)


def _known(question: Numbers, field: str) -> Figure:
    figure = question.figure(field)
    if figure is None:
        raise KeyError(f"no figure {field}")
    return figure


def _quantity(figure: Figure, written: Mapping[str, Any]) -> Quantity:
    unit = figure.unit(written["unit"])
    if unit is None:
        raise ValueError(f"no unit {written['unit']}")
    amount = Decimal(str(written["amount"]))
    return Quantity(exactly(amount, unit.factor), unit.id, str(amount))
