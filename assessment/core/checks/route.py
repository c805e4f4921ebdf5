"""The route: which sections, pages and questions apply to these answers, and how far along it somebody is.

Only the answers to a few questions (those that conditions ask about, "gates") decide the route, so routes are
kept by the answers to the gates and found again without asking a single condition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assessment.core.checks.answers import Answers, Marker, Value
from assessment.core.checks.conditions import holds, questions_of
from assessment.core.checks.questionnaire import Page, Questionnaire, Section, is_offered
from assessment.core.checks.questions import TOP_LEVEL, Choice, MultiChoice, Question

Depth = Literal["quick", "full"]
"""The quick path asks the starred questions only; the full one asks all that apply."""

QUESTIONS_A_MINUTE = 3
"""An estimate for a first visit: 86 questions in about half an hour."""

_KEPT_ROUTES = 4096


@dataclass(frozen=True, slots=True)
class Leg:
    """One section of a route with the pages and questions that apply."""

    section: Section
    pages: tuple[Page, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions of the leg in order."""
        return tuple(question for page in self.pages for question in page.questions)


@dataclass(frozen=True, slots=True)
class ScoredQuestion:
    """A question that can earn points here: its weight and the level of each value that has one."""

    id: str
    weight: int
    levels: Mapping[Value, int]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a leg's questions have an answer (the two markers included)."""

    answered: int
    asked: int

    @property
    def state(self) -> Literal["not-started", "in-progress", "completed"]:
        """Where the leg stands."""
        if self.answered == self.asked:
            return "completed"
        return "in-progress" if self.answered else "not-started"

    @property
    def left(self) -> int:
        """How many questions have no answer yet."""
        return self.asked - self.answered

    @property
    def minutes_left(self) -> int:
        """An estimate of the time the rest takes, in whole minutes; 0 where it is less than half a minute."""
        return round(self.left / QUESTIONS_A_MINUTE)


def minutes_in_all(legs: Iterable[Progress]) -> int:
    """An estimate of the time the rest of all legs takes: summed up first, then rounded once, by fives from five on."""
    left = sum(leg.left for leg in legs)
    minutes = left / QUESTIONS_A_MINUTE
    return round(minutes / 5) * 5 if minutes >= 5 else max(round(minutes), min(left, 1))


@dataclass(frozen=True)
class Route:
    """What applies, in order. `weights` is how much each scored section matters (1 to 3)."""

    questionnaire: Questionnaire
    depth: Depth
    legs: tuple[Leg, ...]
    weights: Mapping[str, int]
    scored: tuple[tuple[str, int, tuple[ScoredQuestion, ...]], ...]

    @cached_property
    def _leg_of(self) -> Mapping[str, Leg]:
        return {leg.section.id: leg for leg in self.legs}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question that applies, by id."""
        return {question.id: question for leg in self.legs for question in leg.questions}

    @cached_property
    def _pages(self) -> tuple[tuple[str, str], ...]:
        return tuple((leg.section.id, page.id) for leg in self.legs for page in leg.pages)

    @cached_property
    def _narrowed(self) -> tuple[Choice | MultiChoice, ...]:
        """Questions whose options depend on another answer."""
        return tuple(
            q for q in self.questions.values() if isinstance(q, Choice | MultiChoice) and q.options_by is not None
        )

    def counted(self, answers: Mapping[str, Value], page: Page | None = None) -> Answers:
        """The answers that count: those on the route whose options are still offered. The others stay stored.

        With a page, those of its questions and of the ones that decide what is offered there.
        """
        get, questions = answers.get, self._needed_on(page) if page else self.questions
        kept = {question: value for question in questions if (value := get(question)) is not None}
        for narrowed in self._narrowed:
            value = kept.get(narrowed.id)
            if isinstance(value, str) and not is_offered(narrowed, value, kept):
                del kept[narrowed.id]
        return Answers(kept)

    def _needed_on(self, page: Page) -> list[str]:
        """The page's questions, and on the route those that their options depend on."""
        deciding = {question.id: question.options_by for question in self._narrowed}
        needed = [question.id for question in page.questions]
        # The list grows as it is walked: what decides may itself be decided by another answer.
        for question in needed:
            by = deciding.get(question)
            if by is not None and by in self.questions and by not in needed:
                needed.append(by)
        return needed

    def leg(self, section: str) -> Leg | None:
        """The leg of that section, if it applies."""
        return self._leg_of.get(section)

    def page(self, section: str, page: str) -> Page | None:
        """The page with the questions that apply, if any does."""
        leg = self.leg(section)
        return next((found for found in leg.pages if found.id == page), None) if leg else None

    def after(self, section: str, page: str) -> str | None:
        """The page that follows in the section; None at its end, or where the page has left the route."""
        leg = self.leg(section)
        pages = [found.id for found in leg.pages] if leg else []
        if page not in pages or page == pages[-1]:
            return None
        return pages[pages.index(page) + 1]

    def before(self, section: str, page: str) -> str | None:
        """The page that comes before in the section; None at its start."""
        leg = self.leg(section)
        pages = [found.id for found in leg.pages] if leg else []
        return pages[pages.index(page) - 1] if page in pages[1:] else None

    def first_open(self, section: str, answers: Mapping[str, Value]) -> str:
        """The page to open a section at: the first with an unanswered question, else its first."""
        leg = self.leg(section)
        if leg is None:
            raise KeyError(section)
        open_pages = (page.id for page in leg.pages if any(q.id not in answers for q in page.questions))
        return next(open_pages, leg.pages[0].id)

    def next_section(self, section: str, answers: Mapping[str, Value]) -> str | None:
        """The next section after this one with an unanswered question; None where all that follow are answered."""
        following = iter(self.legs)
        for leg in following:
            if leg.section.id == section:
                break
        return next((leg.section.id for leg in following if any(q.id not in answers for q in leg.questions)), None)

    def progress(self, section: str, answers: Mapping[str, Value]) -> Progress:
        """How far a section is."""
        leg = self.leg(section)
        asked = leg.questions if leg else ()
        return Progress(sum(question.id in answers for question in asked), len(asked))

    def missing(self, answers: Mapping[str, Value]) -> tuple[Question, ...]:
        """Questions that must be answered before the other sections can be chosen, and are not."""
        return tuple(q for q in self.questions.values() if q.required and q.id not in answers)


class Routes:
    """The routes through one questionnaire, kept by the answers to its gates."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self._gates = dict.fromkeys(gates_of(questionnaire)).keys()
        self._levels = {q.id: levels_of(q) for q in questionnaire.questions.values() if q.scored}
        self._kept: dict[tuple[object, ...], Route] = {}

    def turn_on(self, questions: Iterable[str]) -> bool:
        """Whether the route can be another one after these questions were answered anew."""
        return not self._gates.isdisjoint(questions)

    def of(self, answers: Mapping[str, Value], depth: Depth = "full") -> Route:
        """The route for these answers."""
        get = answers.get
        key = (depth, *[get(gate) for gate in self._gates])
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT_ROUTES:
                self._kept.clear()
            found = self._kept[key] = self._lay(answers, depth)
        return found

    def _lay(self, answers: Mapping[str, Value], depth: Depth) -> Route:
        counted: dict[str, Value] = {}
        legs: list[Leg] = []
        for section in self.questionnaire.sections:
            pages = tuple(page for page in self._pages_of(section, answers, counted, depth) if page.questions)
            if pages:
                legs.append(Leg(section, pages))
        weights = self._weights(counted)
        scored = tuple(
            (leg.section.id, weights[leg.section.id], questions)
            for leg in legs
            if (questions := self._scored_of(leg, counted))
        )
        return Route(self.questionnaire, depth, tuple(legs), weights, scored)

    def _pages_of(
        self, section: Section, answers: Mapping[str, Value], counted: dict[str, Value], depth: Depth
    ) -> list[Page]:
        """The section's pages with what applies; answers on the route join `counted`, others never do."""
        pages = []
        for page in section.layout:
            kept = []
            for question in page.questions:
                if question.when is None or holds(question.when, counted, self.questionnaire.flags):
                    if question.id in answers:
                        counted[question.id] = answers[question.id]
                    if depth == "full" or question.quick:
                        kept.append(question)
            several = len(kept) > 1
            title, intro = (page.title, page.intro) if several else (None, None)
            pages.append(Page(page.id, title, intro, tuple(kept)))
        return pages

    def _weights(self, counted: Mapping[str, Value]) -> dict[str, int]:
        weights = dict(self.questionnaire.sector_of(counted).weights)
        for raised in self.questionnaire.raises:
            if holds(raised.when, counted, self.questionnaire.flags):
                weights[raised.section] = min(3, weights[raised.section] + 1)
        return weights

    def _scored_of(self, leg: Leg, counted: Mapping[str, Value]) -> tuple[ScoredQuestion, ...]:
        flags = self.questionnaire.flags
        return tuple(
            ScoredQuestion(question.id, question.weight, self._levels[question.id])
            for question in leg.questions
            if question.weight is not None
            and (question.scored_when is None or holds(question.scored_when, counted, flags))
        )


def gates_of(questionnaire: Questionnaire) -> list[str]:
    """The questions whose answers decide the route or its weights, in order."""
    flags = questionnaire.flags
    asked = {questionnaire.roles.sector} if questionnaire.roles.sector else set()
    for question in questionnaire.questions.values():
        for condition in (question.when, question.scored_when):
            if condition is not None:
                asked.update(questions_of(condition, flags))
    for raised in questionnaire.raises:
        asked.update(questions_of(raised.when, flags))
    return [question for question in questionnaire.questions if question in asked]


UNSCORED = -1
UNKNOWN = -2


def levels_of(question: Question) -> Mapping[Value, int]:
    """The level of each single value of a scored question; UNSCORED and UNKNOWN for values without one."""
    if not isinstance(question, Choice | MultiChoice):
        return {}
    levels: dict[Value, int] = {
        option.id: UNSCORED if option.unscored or option.points is None else option.points
        for option in question.options
    }
    return {**levels, Marker.NOT_APPLICABLE: UNSCORED, Marker.DO_NOT_KNOW: UNKNOWN}


def level_of(levels: Mapping[Value, int], value: Value) -> int:
    """The level of any value: of several options the best one ticked."""
    if isinstance(value, frozenset):
        return max((levels.get(ticked, UNSCORED) for ticked in value), default=UNSCORED)
    return levels.get(value, UNSCORED)


def percent_of(level: int) -> int:
    """A level as a share of the top level, in per cent."""
    return level * 100 // TOP_LEVEL
