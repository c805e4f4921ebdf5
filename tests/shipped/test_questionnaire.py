"""The questionnaire that ships: as large as promised, complete in its help, and fitting each kind of firm."""

import re
from functools import cache

import pytest

from assessment.content.checks.examples import Example
from assessment.content.checks.publishing import frozen_flaws
from assessment.content.checks.questionnaires import versions_in
from assessment.content.folders import CATALOGUE, QUESTIONNAIRES
from assessment.content.library import Edition
from assessment.content.resources.catalogue import load_catalogue
from assessment.core.checks.answers import Answers
from assessment.core.checks.comparison import changed_meaning
from assessment.core.checks.questions import TOP_LEVEL, Choice, Date, MultiChoice, Number, Numbers, Question, Text
from assessment.core.checks.route import levels_of
from assessment.core.money.factor_lookups import GROSS_TO_NET
from assessment.core.plans.follow_up import UNITS
from tests.sites import shipped as library

SECTIONS = ("man", "ene", "mat", "wat", "was", "emi", "pro", "cbm", "sup", "peo", "fin")

WEIGHTS = {
    "offices":        (3, 2, 1, 1, 1, 2, 2, 3, 2, 2, 2),
    "ict":            (3, 2, 1, 1, 1, 2, 2, 3, 2, 2, 2),
    "creative":       (3, 2, 1, 1, 1, 2, 2, 3, 2, 2, 2),
    "other-services": (3, 2, 1, 1, 1, 2, 2, 3, 2, 2, 2),
    "chemical":       (3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2),
    "construction":   (2, 2, 3, 1, 3, 2, 3, 2, 3, 2, 2),
    "food":           (2, 3, 3, 3, 3, 2, 1, 2, 3, 2, 2),
    "hospitality":    (2, 3, 2, 3, 3, 1, 1, 1, 2, 3, 2),
    "machinery":      (2, 2, 3, 1, 2, 2, 3, 3, 2, 2, 2),
    "metal-plastics": (2, 3, 3, 2, 3, 2, 2, 2, 2, 2, 2),
    "textiles":       (2, 2, 3, 3, 3, 2, 3, 3, 3, 2, 2),
    "wood":           (2, 2, 3, 1, 3, 2, 3, 2, 3, 2, 2),
    "waste":          (2, 2, 2, 2, 3, 3, 1, 3, 2, 2, 2),
    "retail":         (2, 3, 2, 1, 3, 2, 1, 2, 3, 2, 2),
    "logistics":      (2, 3, 1, 1, 1, 3, 1, 2, 2, 2, 2),
    "agriculture":    (2, 2, 2, 3, 2, 3, 1, 2, 2, 2, 2),
    "other":          (2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2),
}  # fmt: skip
"""How much each section matters in each line of business, as the method page prints it."""

BANDS = (("Starting", 0), ("Aware", 20), ("Active", 40), ("Advanced", 60), ("Leading", 80))


@cache
def edition() -> Edition:
    return library().edition("resource-efficiency", "2", "en")


@cache
def examples() -> dict[str, Example]:
    return dict(library().examples())


@cache
def questions() -> tuple[Question, ...]:
    """The questions of the eleven sections, without the profile."""
    sections = edition().questionnaire.sections
    return tuple(question for section in sections if section.id != "profile" for question in section.questions)


def everything() -> tuple[Question, ...]:
    return tuple(edition().questionnaire.questions.values())


def asked_of(answers: Answers) -> list[str]:
    """The questions that these answers lead to, without the profile."""
    route = edition().routes.of(answers, "full")
    return [name for name in route.questions if edition().questionnaire.section_of[name].id != "profile"]


def test_there_are_86_questions_and_a_profile_in_eleven_sections() -> None:
    assert tuple(section.id for section in edition().questionnaire.sections) == ("profile", *SECTIONS)
    assert len(questions()) == 86


def test_76_questions_are_scored_and_14_are_on_the_quick_path() -> None:
    assert sum(question.scored for question in questions()) == 76
    assert sum(question.quick for question in questions()) == 14
    assert all(question.scored for question in questions() if question.quick)


def test_ids_are_the_section_and_a_number_in_order() -> None:
    for section in edition().questionnaire.sections[1:]:
        expected = [f"{section.id}-{number:02}" for number in range(1, len(section.questions) + 1)]
        assert sorted(question.id for question in section.questions) == expected


@pytest.mark.parametrize("question", everything(), ids=lambda question: question.id)
def test_a_question_has_a_hint_of_one_sentence_and_help(question: Question) -> None:
    assert question.hint[-1] in ".?!"
    assert not re.search(r"(?<!e\.g)(?<!approx)[.?!] +[A-Z]", question.hint), question.hint
    help_ = question.help
    for words in (help_.why, help_.where, help_.example):
        assert words.rstrip('")')[-1] in ".?!", words
        assert len(words.split()) >= 5, words
    assert 1 <= len(question.short.split()) <= 6
    assert len(question.label.split()) <= 30


def test_no_two_questions_ask_or_explain_the_same() -> None:
    for words in ("label", "short", "hint"):
        said = [getattr(question, words) for question in everything()]
        assert len(set(said)) == len(said), words
    why = [question.help.why for question in everything()]
    assert len(set(why)) == len(why)


def test_every_question_is_asked_of_some_example() -> None:
    asked = {name for example in examples().values() for name in edition().routes.of(example.answers).questions}
    assert [question.id for question in everything() if question.id not in asked] == []


@pytest.mark.parametrize("question", [q for q in questions() if q.scored], ids=lambda question: question.id)
def test_every_level_of_a_question_can_be_reached_from_nothing_to_the_top(question: Question) -> None:
    assert isinstance(question, Choice | MultiChoice)
    levels = levels_of(question)
    reached = {levels[option.id] for option in question.options if option.points is not None}
    assert {0, TOP_LEVEL} <= reached
    for option in question.options:
        assert levels[option.id] == (option.points if option.points is not None and not option.unscored else -1)


def test_the_levels_of_a_single_choice_rise_from_first_to_last() -> None:
    for question in questions():
        if isinstance(question, Choice) and question.scored:
            points = [option.points for option in question.options if option.points is not None]
            assert points == sorted(points), question.id


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("office-ict-es", 60),
        ("accountants-at", 60),
        ("hotel-hr", 68),
        ("metal-shop-de", 80),
        ("machine-builder-it", 80),
    ],
)
def test_a_firm_is_asked_about_as_many_questions_as_the_method_says(example: str, expected: int) -> None:
    assert abs(len(asked_of(examples()[example].answers)) - expected) <= 6


def test_a_person_working_alone_at_home_is_spared_machines_buildings_and_staff() -> None:
    alone = examples()["translator-ro"].answers
    assert alone["p-05"] == frozenset({"home"})
    asked = set(asked_of(alone))
    assert len(asked) < len(asked_of(examples()["office-ict-es"].answers))
    everyone_else = [set(asked_of(e.answers)) for e in examples().values() if e.answers["p-05"] != frozenset({"home"})]
    assert asked <= set.union(*everyone_else)


def test_the_weights_are_those_of_the_method() -> None:
    found = {
        sector.id: tuple(sector.weights[section] for section in SECTIONS) for sector in edition().questionnaire.sectors
    }
    assert found == WEIGHTS


def test_the_bands_are_those_of_the_method() -> None:
    assert tuple((band.label, band.from_) for band in edition().questionnaire.bands) == BANDS


def test_every_line_of_business_can_be_chosen_and_the_last_stands_for_all_others() -> None:
    by_sector = edition().questionnaire.questions[edition().questionnaire.roles.named["sector"]]
    assert isinstance(by_sector, Choice)
    assert [option.id for option in by_sector.options] == list(WEIGHTS)
    assert edition().questionnaire.sectors[-1].id == "other"


def test_every_country_has_regions_or_is_another_country_and_not_sure_is_always_offered() -> None:
    held = edition().questionnaire.questions
    country, region = held["p-01"], held["p-01-region"]
    assert isinstance(country, Choice)
    assert isinstance(region, Choice)
    assert any(not option.for_ for option in region.options)
    served = {code for option in region.options for code in option.for_}
    assert served <= {option.id for option in country.options}


def test_every_measure_of_the_catalogue_is_advised_somewhere() -> None:
    actions = edition().actions
    named = {measure for advice in actions.questions for measure in advice.measures}
    named |= {measure for rule in actions.by_profile for measure in rule.measures}
    assert named == set(load_catalogue(CATALOGUE).measures)


def test_figures_offer_more_than_one_unit_where_bills_differ_and_say_what_is_likely() -> None:
    power = edition().questionnaire.questions["ene-01"]
    assert isinstance(power, Number)
    assert {"kwh", "mwh"} <= {unit.id for unit in power.units}
    for question in questions():
        match question:
            case Number():
                assert question.likely is not None, question.id
            case Numbers():
                assert all(figure.units for figure in question.fields_)
            case Choice() | MultiChoice() | Text() | Date():
                pass


def test_every_version_that_ships_is_read_and_published_ones_are_as_they_were() -> None:
    for folder in versions_in(QUESTIONNAIRES):
        assert library().edition(folder.parent.name, folder.name, "en").questionnaire.version == folder.name
        assert (folder / "CHANGES.md").read_text("utf-8").strip()
    assert list(frozen_flaws([QUESTIONNAIRES])) == []


def test_the_examples_lead_where_they_say() -> None:
    assert [str(flaw) for flaw in library().example_flaws()] == []


def test_readings_of_an_action_turn_units_into_kwh_as_the_questions_do() -> None:
    asked = {
        (figure.id, unit.id): unit.factor
        for question in edition().questionnaire.questions.values()
        if isinstance(question, Numbers)
        for figure in question.fields_
        for unit in figure.units
    }
    heat, transport = UNITS["heat"], UNITS["transport"]
    assert heat["m3-gas"] == asked["natural-gas", "m3"]
    assert heat["kwh-gas"] == library().catalogue("en").factors.conversions[GROSS_TO_NET].value
    assert heat["mwh-gas"] == asked["natural-gas", "mwh"] * heat["kwh-gas"]
    assert heat["litre-oil"] == asked["heating-oil", "litre"]
    assert heat["litre-lpg"] == transport["litre-lpg"] == asked["lpg", "litre"]
    assert transport["litre-diesel"] == asked["diesel", "litre"]
    assert transport["litre-petrol"] == asked["petrol", "litre"]


def test_a_cubic_metre_of_waste_weighs_what_the_catalogue_estimates() -> None:
    waste = edition().questionnaire.questions["was-01"]
    assert isinstance(waste, Numbers)
    named = waste.figure("non-hazardous")
    assert named is not None
    volume = named.unit("m3")
    assert volume is not None
    assert volume.factor == library().catalogue("en").factors.conversions["bin-residual"].value / 1000


def test_an_answer_means_the_same_in_every_version_of_a_question_that_does_not_say_otherwise() -> None:
    for name, newest in library().newest_of_each():
        last = library().edition(name, newest, "en").questionnaire
        for folder in versions_in(QUESTIONNAIRES):
            if folder.parent.name == name:
                before = library().edition(name, folder.name, "en").questionnaire
                for question in before.questions.values():
                    later = last.questions.get(question.id)
                    if later is not None and not changed_meaning(later, question):
                        assert levels_of(later) == levels_of(question), question.id
