"""Authors' mistakes: each is found with file, line, path and cure, and all of them at once.

There is one broken file for each check, beside the small sound questionnaire (`tests/fixtures/questionnaires`).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assessment.content.checks import checks
from assessment.content.checks.checks import check_version
from assessment.content.checks.examples import expectation_flaws
from assessment.content.checks.own_step_checks import own_step_flaws
from assessment.content.checks.quantity_checks import quantity_flaws
from assessment.content.checks.questionnaires import MOST_QUESTIONS, read_version
from assessment.content.checks.texts import addresses, overlay_from
from assessment.core.errors import Flaw, InvalidContent
from tests.content.tiny import BREAKS, SOUND, copied, marked, replaced, shipped_catalogue

QUICKLY = 1.0
"""Seconds that nothing an author can write may take to be refused."""


def flaws_of(folder: Path) -> list[Flaw]:
    """Everything that is wrong with a version, its translations and its examples."""
    try:
        version = read_version(folder)
        check_version(version, shipped_catalogue())
        flaws = list(expectation_flaws(folder, version.questionnaire, version.actions, shipped_catalogue()))
        for path in folder.glob("texts.*.yaml"):
            overlay_from(path, addresses(version.questionnaire) | addresses_of_advice(folder))
    except InvalidContent as invalid:
        return sorted(invalid.flaws, key=lambda flaw: (flaw.file, flaw.line))
    return sorted(flaws, key=lambda flaw: (flaw.file, flaw.line))


def addresses_of_advice(folder: Path) -> dict[str, str]:
    return {f"actions.{address}": words for address, words in addresses(read_version(folder).actions).items()}


@contextmanager
def quickly() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < QUICKLY


def test_the_sound_questionnaire_has_no_flaw() -> None:
    assert flaws_of(SOUND) == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_mistake_is_told_with_file_line_path_and_cure(name: str, tmp_path: Path) -> None:
    version = copied(tmp_path, name)
    expected = marked(version)
    assert expected
    assert flaws_of(version) == expected


def test_every_check_has_a_broken_file() -> None:
    broken = {name.split("_")[0] for name in BREAKS}
    after = (checks.advice_flaws, quantity_flaws, own_step_flaws)
    named = {check.__name__.split("_")[0] for check in (*checks.FIRST_CHECKS, *checks.CHECKS, *after)}
    assert named <= broken
    assert {"shape", "texts", "example"} <= broken


def test_all_mistakes_of_all_files_are_listed_at_once(tmp_path: Path) -> None:
    wrong = ("shape_unknown_key", "shape_missing_key", "advice_wrong_trigger", "tables_bands")
    version = copied(tmp_path, *wrong)
    replaced(version / "actions.yaml", "effort: plan", "effort: much")
    files = {Path(flaw.file).name for flaw in flaws_of(version)}
    assert files == {"energy.yaml", "team.yaml", "actions.yaml"}


def test_mistakes_of_meaning_are_listed_at_once_too(tmp_path: Path) -> None:
    wrong = ("options_short_ladder", "narrowing_later", "tables_roles", "advice_unknown_measure")
    version = copied(tmp_path, *wrong)
    assert flaws_of(version) == marked(version)
    assert len({flaw.file for flaw in marked(version)}) == len(wrong)


def test_a_flawed_front_page_does_not_hide_mistakes_in_sections(tmp_path: Path) -> None:
    version = copied(tmp_path, "shape_wrong_type")
    replaced(version / "questionnaire.yaml", "title: Tiny check\n", "")
    flaws = flaws_of(version)
    assert [Path(flaw.file).name for flaw in flaws] == ["questionnaire.yaml", "team.yaml", "team.yaml"]
    assert flaws[0].message == "`title` is missing."


@pytest.mark.parametrize("name", ["questionnaire.yaml", "actions.yaml", "sections/energy.yaml"])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    version = copied(tmp_path)
    (version / name).unlink()
    flaw = Flaw(str(version / name), 1, "(whole file)", "This file is missing.", "Check its name and its permissions.")
    assert flaw in flaws_of(version)


def test_a_missing_list_of_places_is_told_once_for_each_question_that_needs_it(tmp_path: Path) -> None:
    version = copied(tmp_path)
    (version / "places.yaml").unlink()
    assert [(flaw.line, flaw.path) for flaw in flaws_of(version)] == [
        (17, "questions.0.list"),
        (27, "questions.1.list"),
    ]


def test_yaml_that_cannot_be_read_is_told_beside_the_mistakes_of_other_files(tmp_path: Path) -> None:
    version = copied(tmp_path, "shape_wrong_type")
    replaced(version / "questionnaire.yaml", "title: Tiny check", "title: &name Tiny check")
    messages = [flaw.message for flaw in flaws_of(version)]
    assert any("Anchors" in message for message in messages)
    assert any("`soon` does not fit here" in message for message in messages)


# What could keep a start waiting (RELIABILITY INP-02)


def text_question(number: int) -> str:
    return (
        f"  - {{id: q-{number}, kind: text, theme: people, label: L, short: S, hint: H, "
        "help: {why: W, where: W, example: E}}\n"
    )


def many_questions(version: Path, count: int) -> None:
    """Questions on top of those that are there, in sections of 500."""
    names = []
    for start in range(0, count, 500):
        names.append(f"more-{start}")
        questions = "".join(text_question(number) for number in range(start, min(count, start + 500)))
        path = version / "sections" / f"{names[-1]}.yaml"
        path.write_text(f"id: {names[-1]}\ntitle: T\nready: R\nminutes: 1\nquestions:\n{questions}", encoding="utf-8")
    replaced(version / "questionnaire.yaml", "energy, team]", ", ".join(["energy", "team", *names]) + "]")


def test_more_questions_than_anybody_can_answer_are_refused(tmp_path: Path) -> None:
    version = copied(tmp_path)
    many_questions(version, MOST_QUESTIONS - 13)
    flaws = flaws_of(version)
    assert [flaw.message for flaw in flaws] == ["There are 2001 questions."]
    assert flaws[0].cure == "Keep to 2000 at most."


def test_a_great_many_questions_are_refused_quickly(tmp_path: Path) -> None:
    version = copied(tmp_path)
    many_questions(version, 2500)
    with quickly():
        assert [flaw.path for flaw in flaws_of(version)] == ["sections"]


def test_more_sections_than_anybody_can_answer_are_refused_quickly(tmp_path: Path) -> None:
    version = copied(tmp_path)
    replaced(version / "questionnaire.yaml", "energy, team]", "energy, team, " + "team, " * 10_000 + "team]")
    with quickly():
        assert "There are 10004 sections." in [flaw.message for flaw in flaws_of(version)]


def with_condition(version: Path, condition: str) -> list[Flaw]:
    """The flaws where the question on ovens is asked under this condition."""
    written = "    when: {all: [{question: sector, is: bakery}, {not: {question: premises, is: none}}]}\n"
    replaced(version / "sections" / "energy.yaml", written, f"    when: {condition}\n")
    with quickly():
        return flaws_of(version)


def test_ten_thousand_nested_operators_are_refused_quickly(tmp_path: Path) -> None:
    nested = "{not: " * 10_000 + "{flag: shop}" + "}" * 10_000
    flaws = with_condition(copied(tmp_path), nested)
    assert [(flaw.line, "nested more than 20 levels deep" in flaw.message) for flaw in flaws] == [(48, True)]


BAKERY_OR_OTHER = "{any: [{question: sector, is: bakery}, {question: sector, is: other}]}"


def test_a_condition_with_too_many_alternatives_is_refused_quickly(tmp_path: Path) -> None:
    never = "{question: people, at_least: '5'}, {question: people, at_most: '4'}"
    flaws = with_condition(copied(tmp_path), "{all: [" + f"{BAKERY_OR_OTHER}, " * 30 + never + "]}")
    assert [flaw.message for flaw in flaws] == ["The condition has too many alternatives to be understood."]
    assert flaws[0].cure == "Name its parts as flags, or simplify it."


def test_ten_thousand_branches_side_by_side_are_judged_quickly(tmp_path: Path) -> None:
    branches = ", ".join(["{flag: shop}"] * 10_000)
    assert len(with_condition(copied(tmp_path / "any"), f"{{any: [{branches}]}}")) <= 1
    assert len(with_condition(copied(tmp_path / "all"), f"{{all: [{branches}]}}")) <= 1


def test_many_costly_conditions_together_are_refused_quickly(tmp_path: Path) -> None:
    version = copied(tmp_path)
    path = version / "sections" / "team.yaml"
    never = "{question: people, at_least: '5'}, {question: people, at_most: '4'}"
    condition = "{all: [" + f"{BAKERY_OR_OTHER}, " * 12 + never + "]}"
    questions = "".join(f"{text_question(number)[:-2]}, when: {condition}}}\n" for number in range(300))
    path.write_text(path.read_text("utf-8") + questions, encoding="utf-8")
    with quickly():
        assert len(flaws_of(version)) == 300


def with_flags(version: Path, flags: list[str]) -> list[Flaw]:
    """The flaws where these flags stand beside those that are there."""
    replaced(version / "questionnaire.yaml", "flags:\n", "flags:\n" + "".join(f"  {flag}\n" for flag in flags))
    with quickly():
        return flaws_of(version)


def test_flags_that_double_at_every_step_are_refused_quickly(tmp_path: Path) -> None:
    doubling = [f"f-{number}: {{any: [{{flag: f-{number - 1}}}, {{flag: f-{number - 1}}}]}}" for number in range(1, 60)]
    flaws = with_flags(copied(tmp_path), ["f-0: {flag: shop}", *doubling])
    assert {flaw.message for flaw in flaws} == {"With the flags in it this is too long to follow."}
    assert "f-59" in flaws[-1].path


def test_a_long_chain_of_flags_is_refused_quickly(tmp_path: Path) -> None:
    chain = [f"f-{number}: {{not: {{flag: f-{number - 1}}}}}" for number in range(1, 3000)]
    flaws = with_flags(copied(tmp_path), ["f-0: {flag: shop}", *chain])
    assert {flaw.message for flaw in flaws} == {"With the flags in it this is too long to follow."}


def test_a_circle_of_a_thousand_flags_is_found_quickly(tmp_path: Path) -> None:
    circle = [f"f-{number}: {{flag: f-{(number + 1) % 1000}}}" for number in range(1000)]
    flaws = with_flags(copied(tmp_path), circle)
    assert len(flaws) == 1000
    assert {flaw.cure for flaw in flaws} == {"Break the circle."}


def test_hundreds_of_circles_are_refused_quickly(tmp_path: Path) -> None:
    circles = [f"f-{number}: {{flag: f-{number ^ 1}}}" for number in range(1000)]
    assert with_flags(copied(tmp_path), circles)
