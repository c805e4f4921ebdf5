"""Companies made up for the tests: the shipped questions answered by a rule, scored and advised by the real engine."""

import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import assert_never

from assessment.content import folders
from assessment.content.checks.questionnaires import Version, read_version
from assessment.content.resources.catalogue import load_catalogue
from assessment.core.checks import scoring
from assessment.core.checks.answers import Answers, Marker, Quantities, Quantity, Remark, Value
from assessment.core.checks.questionnaire import offered
from assessment.core.checks.questions import Choice, Date, MultiChoice, Number, Numbers, Question, Text
from assessment.core.checks.route import Depth, Routes
from assessment.core.plans.plan import ActionPlan, profile_of, recommend
from assessment.core.resources.catalogue import Catalogue
from assessment.reporting.documents import ActionPlanDocument, Contact
from assessment.reporting.plans.action_plan import Findings, PlanLine, Setting, action_plan_document
from tests.reporting.languages import ENGLISH

TODAY = date(2026, 11, 24)
HOME = "https://gp.example.org"
SETTING = Setting(
    "Example Bakery",
    True,
    Contact("Example advice desk", ("+359 2 000 0000", "advice@example.org")),
    HOME,
    lambda entry: f"{HOME}/r/{entry.replace('-', '')[:5]}",
    TODAY,
)


@cache
def version() -> Version:
    """The newest shipped questionnaire with its advice."""
    return read_version(folders.QUESTIONNAIRES / "resource-efficiency" / "2")


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return load_catalogue(folders.CATALOGUE)


@cache
def routes() -> Routes:
    """The routes through the questionnaire."""
    return Routes(version().questionnaire)


def answered(
    seed: int, given: Mapping[str, Value], unsure: float = 0.08, skipped: float = 0.03, level: int | None = None
) -> Answers:
    """Answers to every question that applies, by a die, or all at one level."""
    die = random.Random(seed)  # noqa: S311 - a die, not a secret
    answers: dict[str, Value] = {}
    for question in version().questionnaire.questions.values():
        if question.id not in routes().of(Answers(answers)).questions:
            continue
        chance = die.random()
        if question.id in given:
            answers[question.id] = given[question.id]
        elif question.scored and chance < unsure:
            answers[question.id] = Marker.DO_NOT_KNOW
        elif not question.scored or chance >= unsure + skipped:
            answers[question.id] = _value(die, question, answers, level)
    return Answers(answers)


def _value(die: random.Random, question: Question, answers: Mapping[str, Value], level: int | None) -> Value:
    match question:
        case Choice():
            options = offered(question, answers)
            wanted = [option for option in options if level is not None and (option.points or 0) == level]
            return die.choice(wanted or options).id
        case MultiChoice():
            options = tuple(option for option in offered(question, answers) if not option.exclusive)
            return frozenset(option.id for option in options[: question.max_choices or 5])
        case Number():
            return Quantity(Decimal(20), question.base.id, "20")
        case Numbers():
            return Quantities(
                tuple((figure.id, Quantity(Decimal(500), figure.base.id, "500")) for figure in question.fields_)
            )
        case Text():
            return "C10"
        case Date():
            return TODAY
        case _:
            assert_never(question)


def findings(answers: Answers, depth: Depth = "full", remarks: Mapping[str, Remark] | None = None) -> Findings:
    """What the engine makes of the answers."""
    route = routes().of(answers, depth)
    counted = route.counted(answers)
    questionnaire = version().questionnaire
    return Findings(
        questionnaire,
        route,
        counted,
        remarks or {},
        scoring.score(route, counted),
        scoring.reasons(route, counted),
        profile_of(questionnaire, counted, "en"),
        catalogue(),
        TODAY,
    )


def advice(found: Findings) -> ActionPlan:
    """The plan for the findings."""
    return recommend(found.route, found.answers, version().actions, found.catalogue, found.profile)


def bakery(seed: int = 1) -> Findings:
    """A bakery in Bulgaria with 20 people that knows most answers."""
    roles = version().questionnaire.roles.named
    return findings(answered(seed, {roles["country"]: "BG", roles["sector"]: "food"}))


def document_of(found: Findings, setting: Setting = SETTING) -> ActionPlanDocument:
    """The default plan of the findings, to print."""
    plan = advice(found)
    lines = [PlanLine(step.measure.title, step) for step in plan.steps]
    return action_plan_document(found, lines, plan.more, setting, ENGLISH)
