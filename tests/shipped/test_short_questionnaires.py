"""The two short questionnaires: complete as the method says, in plain words, with advice for every answer."""

import re

import pytest

from assessment.content.folders import CATALOGUE
from assessment.content.library import Edition
from assessment.content.resources.catalogue import load_catalogue
from assessment.core.checks.display import Gates, Pairs
from assessment.core.checks.gates import standing_of
from assessment.core.checks.questions import TOP_LEVEL, Choice, MultiChoice, Numbers, Question
from assessment.core.checks.route import levels_of
from assessment.core.plans.plan import profile_of
from assessment.core.resources.catalogue import blocks_for
from tests.sites import shipped as library

CLUSTER, OFFER = "cluster-readiness", "business-model"
STEPS = tuple(f"c{number}" for number in range(1, 12))
HEAVY_STEPS = {"c1-a", "c3-a", "c5-a"}
OFFER_WEIGHTS = {
    "t1": 3, "t2": 3, "t3": 2, "v1": 3, "v2": 3, "v3": 1, "r1": 3, "r2": 2, "r3": 2, "s1": 2, "s2": 2, "s3": 3,
    "f1": None, "f1-main": None, "f2": 3, "f3": 3, "f4": 2, "e1": None, "e2": 2,
}  # fmt: skip
STREAMS = {"sale", "subscription", "per-use", "lease", "share-of-savings", "licence", "data", "fee", "public-money"}


def edition(name: str) -> Edition:
    return library().edition(*library().newest_of(name), "en")


def everything() -> list[Question]:
    return [asked for name in (CLUSTER, OFFER) for asked in edition(name).questionnaire.questions.values()]


def test_the_cluster_check_asks_two_questions_in_each_of_eleven_steps() -> None:
    asked = edition(CLUSTER).questionnaire
    assert tuple(section.id for section in asked.scored_sections) == STEPS
    for section in asked.scored_sections:
        assert [question.id for question in section.questions] == [f"{section.id}-a", f"{section.id}-b"]
    weights = {question.id: question.weight for question in asked.questions.values() if question.scored}
    assert weights == {name: 3 if name in HEAVY_STEPS else 2 for name in weights}
    display = asked.results
    assert isinstance(display, Pairs)
    assert [series.questions for series in display.series] == [
        tuple(f"{step}-{end}" for step in STEPS) for end in ("a", "b")
    ]


def test_income_of_the_cluster_is_asked_by_source_and_not_scored() -> None:
    income = edition(CLUSTER).questionnaire.questions["p2"]
    assert isinstance(income, Numbers)
    assert [figure.id for figure in income.fields_] == ["fees", "services", "grants", "projects"]


def test_the_business_model_check_asks_the_18_questions_with_their_weights() -> None:
    asked = edition(OFFER).questionnaire
    held = {name: question.weight for name, question in asked.questions.items() if name not in ("p1", "p2")}
    assert held == OFFER_WEIGHTS
    display = asked.results
    assert isinstance(display, Gates)
    assert [stage.section for stage in display.stages] == ["test", "validate", "repeat", "scale"]
    assert display.opens_at == 2
    for end in ("f1", "f1-main"):
        streams = asked.questions[end]
        assert isinstance(streams, Choice | MultiChoice)
        assert {option.id for option in streams.options} == STREAMS


def test_terms_of_a_share_of_savings_are_asked_only_of_whoever_is_paid_by_it() -> None:
    held = library()
    for name, example in held.examples_of(*held.newest_of(OFFER)).items():
        asked = edition(OFFER).routes.of(example.answers).questions
        assert ("f3" in asked) is ("share-of-savings" in example.answers["f1"]), name  # type: ignore[operator]


@pytest.mark.parametrize("question", everything(), ids=lambda question: question.id)
def test_a_question_has_all_five_levels_a_short_hint_and_help(question: Question) -> None:
    assert question.hint[-1] in ".?!"
    assert not re.search(r"(?<!e\.g)[.?!] +[A-Z]", question.hint), question.hint
    assert 1 <= len(question.short.split()) <= 6
    assert len(question.label.split()) <= 30
    for words in (question.help.why, question.help.where, question.help.example):
        assert words.rstrip('")')[-1] in ".?!", words
        assert len(words.split()) >= 5, words
    if question.scored:
        assert isinstance(question, Choice)
        levels = levels_of(question)
        assert [levels[option.id] for option in question.options] == list(range(TOP_LEVEL + 1))


@pytest.mark.parametrize("name", [CLUSTER, OFFER])
def test_no_two_questions_ask_or_explain_the_same(name: str) -> None:
    held = edition(name).questionnaire.questions.values()
    for words in ("label", "short", "hint"):
        assert len({getattr(question, words) for question in held}) == len(held), words
    assert len({question.help.why for question in held}) == len(held)


@pytest.mark.parametrize("name", [CLUSTER, OFFER])
def test_what_a_step_says_helps_with_it_is_found_and_most_say_something(name: str) -> None:
    held = edition(name)
    who = profile_of(held.questionnaire, {"p1": "BG"}, "en")
    catalogue = library().catalogue("en")
    helped = [step for step in held.actions.steps if step.helps_with]
    assert len(helped) * 3 > len(held.actions.steps) * 2
    assert [step.id for step in helped if not blocks_for(step.as_measure(), who, catalogue)] == []


def test_steps_of_their_own_save_nothing_and_are_not_advised_to_others() -> None:
    own = {step.id for name in (CLUSTER, OFFER) for step in edition(name).actions.steps}
    assert own.isdisjoint(load_catalogue(CATALOGUE).measures)
    for step in own:
        assert all(saving.high == 0 for saving in library().catalogue("en").measures[step].savings)
    main = library().edition(*library().newest, "en").actions
    advised = [*(advice.measures for advice in main.questions), *(rule.measures for rule in main.by_profile)]
    assert own.isdisjoint(name for measures in advised for name in measures)


@pytest.mark.parametrize("name", [CLUSTER, OFFER])
def test_there_are_at_least_four_examples_and_they_differ(name: str) -> None:
    held = library()
    found = held.examples_of(*held.newest_of(name))
    assert len(found) >= 4
    outcomes = [example.sheet.expected for example in found.values()]
    assert len({outcome.model_dump_json() for outcome in outcomes}) == len(outcomes)


def test_the_examples_of_offers_stand_at_every_stage_and_before_the_first() -> None:
    held = library()
    display = edition(OFFER).questionnaire.results
    assert isinstance(display, Gates)
    stages = set()
    for example in held.examples_of(*held.newest_of(OFFER)).values():
        route = edition(OFFER).routes.of(example.answers)
        reached = standing_of(display, route, route.counted(example.answers)).reached
        stages.add(reached.section if reached else None)
    assert stages == {None, "test", "validate", "repeat", "scale"}


def test_the_front_page_starts_the_check_for_anyone_and_the_short_ones_are_for_accounts() -> None:
    held = library()
    assert edition(held.newest[0]).questionnaire.audience == "anyone"
    assert [name for name, _ in held.offered("company")] == [OFFER]
    assert [name for name, _ in held.offered("cluster")] == [CLUSTER]
