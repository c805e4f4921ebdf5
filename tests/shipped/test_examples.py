"""The example companies that ship with the questionnaire: each leads to the score, the range and the plan it names."""

import shutil
from functools import cache
from pathlib import Path

import pytest

import assessment
from assessment.content.checks.examples import Example, Expected, expectation_flaws, read_examples
from assessment.content.checks.questionnaires import Version, read_version
from assessment.content.resources.catalogue import load_catalogue
from assessment.core.checks.answers import Answers, Marker, Quantity
from assessment.core.checks.questionnaire import unlikely
from assessment.core.checks.questions import Question
from assessment.core.checks.route import Depth, Route, Routes, level_of, levels_of
from assessment.core.checks.scoring import Scorecard, score
from assessment.core.money.sheet_entries import NO_ENTRIES, SheetEntries
from assessment.core.plans.plan import ActionPlan, profile_of, recommend
from assessment.core.resources.catalogue import Catalogue, measure_fits
from tests.builders import profile

FOLDER = Path(__file__).resolve().parents[2] / "questionnaires" / "resource-efficiency" / "2"
IDS = sorted(path.stem for path in FOLDER.glob("examples/*.yaml"))

EREK_SECTORS = {
    "offices", "chemical", "construction", "food", "hospitality", "machinery", "metal-plastics", "textiles", "wood",
    "waste", "retail",
}  # fmt: skip
LEFT_HALFWAY = "recycler-cz"
OPTIONAL = {"p-04-figure"}
"""Asked of all, and left out by whoever wants no report."""


@cache
def version() -> Version:
    return read_version(FOLDER)


@cache
def catalogue() -> Catalogue:
    return load_catalogue(Path(assessment.__file__).parent / "catalogue")


@cache
def routes() -> Routes:
    return Routes(version().questionnaire)


@cache
def examples() -> dict[str, Example]:
    return read_examples(FOLDER, version().questionnaire)


def route_of(example: Example) -> Route:
    return routes().of(example.answers, example.sheet.depth)


def plan_of(answers: Answers, depth: Depth, entries: SheetEntries = NO_ENTRIES) -> ActionPlan:
    profile = profile_of(version().questionnaire, answers, "en")
    return recommend(routes().of(answers, depth), answers, version().actions, catalogue(), profile, entries=entries)


def outcome(card: Scorecard, plan: ActionPlan) -> Expected:
    return Expected(
        overall=card.overall.headline,
        range=card.overall.range,
        coverage=card.overall.coverage,
        sections={section.section: section.score.headline for section in card.sections},
        plan=tuple(step.measure.id for step in plan.steps),
    )


def outcome_of(answers: Answers, depth: Depth, entries: SheetEntries = NO_ENTRIES) -> Expected:
    return outcome(score(routes().of(answers, depth), answers), plan_of(answers, depth, entries))


def sector_of(example: Example) -> str:
    return version().questionnaire.sector_of(example.answers).id


def scored_questions() -> list[Question]:
    return [question for question in version().questionnaire.questions.values() if question.scored]


def levels_given(question: Question) -> set[int]:
    levels = levels_of(question)
    given = (example.answers.get(question.id) for example in examples().values())
    return {level_of(levels, value) for value in given if value is not None}


def test_every_file_holds_the_example_that_its_name_says() -> None:
    assert sorted(examples()) == IDS
    assert len(IDS) >= 14


@pytest.mark.parametrize("example_id", IDS)
def test_an_example_leads_to_the_score_range_coverage_sections_and_plan_it_names(example_id: str) -> None:
    example = examples()[example_id]
    assert outcome_of(example.answers, example.sheet.depth, example.entries) == example.sheet.expected


@pytest.mark.parametrize("example_id", IDS)
def test_every_step_of_an_example_begins_with_something_for_this_week(example_id: str) -> None:
    example = examples()[example_id]
    plan = plan_of(example.answers, example.sheet.depth)
    assert [step.measure.id for step in plan if step.first_step == step.measure.how_to] == []


def test_a_bakery_without_compressed_air_is_not_told_to_reuse_the_heat_of_compressors() -> None:
    example = examples()["bakery-bg"]
    does = example.answers["p-07"]
    assert isinstance(does, frozenset)
    with_air = example.answers.with_values({"p-07": does | {"motors"}, "ene-11": "not-done"})
    for answers, told in ((example.answers, False), (with_air, True)):
        advised = {step.measure.id for step in plan_of(answers, "full")}
        assert ("compressed-air-heat-recovery" in advised) is told


@pytest.mark.parametrize("example_id", IDS)
def test_an_example_answers_every_question_on_its_route_and_none_beside_it(example_id: str) -> None:
    example = examples()[example_id]
    asked = set(route_of(example).questions) - OPTIONAL
    assert set(example.answers) - OPTIONAL <= asked
    if example_id == LEFT_HALFWAY:
        assert len(example.answers) >= 40
    else:
        assert asked <= set(example.answers)


@pytest.mark.parametrize("example_id", IDS)
def test_an_example_gives_figures_that_are_likely_and_says_how_sure_they_are(example_id: str) -> None:
    example = examples()[example_id]
    for question_id, value in example.answers.items():
        question = version().questionnaire.questions[question_id]
        assert unlikely(question, value) == ()
        if question.kind == "numbers" or (question.kind == "number" and question.theme in {"energy", "water"}):
            assert isinstance(value, Marker) or example.remarks[question_id].basis, question_id


@pytest.mark.parametrize("example_id", IDS)
def test_the_notes_of_an_example_stand_beside_answers(example_id: str) -> None:
    example = examples()[example_id]
    assert set(example.sheet.notes) <= set(example.answers)


def test_the_examples_cover_every_sector_of_erek_and_ict_and_more() -> None:
    covered = {sector_of(example) for example in examples().values()}
    assert covered >= EREK_SECTORS | {"ict", "logistics", "agriculture"}


def test_the_examples_come_from_many_countries_and_sizes() -> None:
    countries = [str(example.answers["p-01"]) for example in examples().values()]
    people = [example.answers["p-03"] for example in examples().values()]
    heads = [value.amount for value in people if isinstance(value, Quantity)]
    assert len(set(countries)) >= 14
    assert min(heads) == 1
    assert max(heads) == 200


def test_at_least_three_examples_follow_a_published_case_with_its_address() -> None:
    cases = [example.sheet.follows for example in examples().values() if example.sheet.follows is not None]
    assert len(cases) >= 3
    assert all(case.url.startswith("https://") for case in cases)
    published = {block.url: block.title for block in catalogue().blocks.values() if block.kind == "good-practice"}
    assert all(published.get(case.url) is not None for case in cases)


def test_every_scored_question_is_answered_low_in_one_example_and_high_in_another() -> None:
    given = {question.id: levels_given(question) for question in scored_questions()}
    assert [name for name, levels in given.items() if not levels & {0, 1}] == []
    assert [name for name, levels in given.items() if not levels & {3, 4}] == []


def test_the_examples_show_each_kind_of_result() -> None:
    sheets = {name: example.sheet for name, example in examples().items()}
    assert any(sheet.depth == "quick" for sheet in sheets.values())
    assert any(sheet.expected.range is not None and sheet.expected.range[1] - sheet.expected.range[0] >= 20
               for sheet in sheets.values())  # fmt: skip
    assert [name for name, sheet in sheets.items() if sheet.expected.overall is None] == [LEFT_HALFWAY]
    wish = [example.answers.get("p-08") for example in examples().values()]
    assert any(isinstance(motives, frozenset) and "vsme" in motives for motives in wish)
    assert any(example.answers["p-05"] == frozenset({"home"}) for example in examples().values())


def test_a_tenant_without_a_say_is_never_advised_to_change_the_building() -> None:
    building = {
        "building-insulation", "glazing-upgrade", "solar-roof-precheck", "solar-pv", "solar-thermal", "space-heat-pump",
        "biomass-heating", "ventilation-heat-recovery", "boiler-condensing-replacement", "energy-performance-contract",
    }  # fmt: skip
    tenants = [example for example in examples().values() if example.answers.get("p-06") == "rent-no-say"]
    assert tenants
    for example in tenants:
        advised = {step.measure.id for step in plan_of(example.answers, example.sheet.depth)}
        assert advised & building == set()
        assert "landlord-green-agreement" in advised


@pytest.mark.parametrize(
    ("example_id", "question", "value"),
    [
        ("bakery-bg", "ene-05", "to-100"),
        ("metal-shop-de", "was-04", "all"),
        ("office-ict-es", "man-02", "all-per-unit"),
        ("design-studio-fi", "man-01", "reports"),
    ],
)
def test_one_changed_answer_changes_score_and_plan(example_id: str, question: str, value: str) -> None:
    example = examples()[example_id]
    before = example.sheet.expected
    after = outcome_of(example.answers.with_values({question: value}), example.sheet.depth, example.entries)
    assert after.overall != before.overall
    assert after.plan != before.plan


def test_an_answer_that_does_not_count_changes_nothing_but_an_unanswered_one_lowers_coverage() -> None:
    example = examples()["bakery-bg"]
    after = outcome_of(example.answers.with_values({"p-09": frozenset({"landlord"})}), "full", example.entries)
    assert after == example.sheet.expected
    without = outcome_of(example.answers.with_values({"ene-03": None}), "full", example.entries)
    assert without.coverage < example.sheet.expected.coverage


def test_a_figure_of_an_example_for_a_line_or_measure_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    folder = tmp_path / "1"
    shutil.copytree(FOLDER, folder)
    path = folder / "examples" / "bakery-bg.yaml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("floor-area: {amount", "floor-aria: {amount").replace('solar-pv: "40"', 'solar-xx: "40"')
    path.write_text(changed, encoding="utf-8")
    flaws = [str(flaw) for flaw in expectation_flaws(folder, version().questionnaire, version().actions, catalogue())]
    assert [flaw.partition(": There is ")[2] for flaw in flaws] == [
        "no line of the sheet floor-aria. Correct the id.", "no measure solar-xx. Correct the id.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "made_for", "makes_no_sense_for"),
    [
        ("design-for-repair", ["C31", "C28", "F41"], ["C18", "C10", "C20"]),
        ("modular-design", ["C31", "C26"], ["C18", "C11"]),
        ("pay-from-savings-offer", ["F43", "N81", "C28"], ["S96", "C18", "I56"]),
        ("chemical-leasing", ["C25", "C20", "I55"], ["S96", "M74"]),
        ("lightweight-design", ["C25", "C22", "F43"], ["C10", "C18", "C20"]),
        ("material-passports", ["C31", "F41"], ["C10", "C11"]),
        ("mono-material-design", ["C22", "C18"], ["C10", "C20"]),
        ("take-back-scheme", ["C27", "G47"], ["C10", "C18"]),
        ("product-as-a-service", ["C28", "C20", "N77"], ["C10", "C23"]),
        ("stock-expiry-management", ["C10", "C20", "G47", "I56", "Q86"], ["C25", "C31", "G45"]),
    ],
)
def test_what_only_some_trades_can_offer_is_advised_to_these_alone(
    measure: str, made_for: list[str], makes_no_sense_for: list[str]
) -> None:
    advised = catalogue().measures[measure]
    assert all(measure_fits(advised, profile(nace=[code])) for code in made_for)
    assert not any(measure_fits(advised, profile(nace=[code])) for code in makes_no_sense_for)
