"""Three whole jobs, from the first page to the downloaded plan; page and PDF say what the engine says."""

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assessment.content.checks.examples import Example
from assessment.core.checks.route import Depth
from assessment.core.checks.scoring import Score, score
from assessment.core.plans.plan import profile_of, recommend
from tests.browser.conftest import Visit
from tests.browser.journey import answer_everything, follow, start
from tests.browser.money import (
    Shown,
    compare_two_scenarios,
    download,
    press_twice,
    record_a_saving,
    set_budget,
    totals_in_json,
    totals_in_workbook,
    totals_on_page,
)  # fmt: skip
from tests.reporting.paper import Paper
from tests.sites import shipped as library

pytestmark = pytest.mark.browser

COMPANY = "Ünal & Søn, Пловдив"
WINDOWS = {
    "on a phone without JavaScript": ("phone", False),
    "on a phone": ("phone", True),
    "on a desk without JavaScript": ("desktop", False),
    "on a desk": ("desktop", True),
}


@dataclass(frozen=True)
class Outcome:
    """What the engine makes of a company's answers."""

    overall: Score
    actions: tuple[str, ...]


@cache
def example(name: str) -> Example:
    return library().examples()[name]


@cache
def outcome(name: str, depth: str) -> Outcome:
    edition, catalogue = library().edition(*library().newest, "en"), library().catalogue("en")
    asked: Depth = "quick" if depth == "quick" else "full"
    given = edition.routes.of(example(name).answers, asked).counted(example(name).answers)
    # What counts how much follows from what was asked: a quick check does not know the example's other answers.
    route = edition.routes.of(given, asked)
    counted = route.counted(given)
    profile = profile_of(edition.questionnaire, counted, "en")
    plan = recommend(route, counted, edition.actions, catalogue, profile)
    return Outcome(score(route, counted).overall, tuple(step.measure.title for step in plan.steps))


def words(text: str) -> str:
    """A text on one line, as it reads whatever the lines it stands on."""
    return re.sub(r"\s+", " ", text)


def see_results(page: Page, expected: Outcome) -> None:
    """From the hub through the check of answers to results that equal the engine's."""
    follow(page, page.get_by_role("link", name="Check your answers and see your results"))
    follow(page, page.get_by_role("button", name="See my results"))
    overall = expected.overall
    assert overall.range is not None
    expect(page.get_by_role("heading", level=1)).to_have_text("Your results")
    expect(page.locator(".gp-score__number")).to_have_text(str(overall.headline))
    block = words(page.locator(".gp-score").inner_text())
    low, high = overall.range
    assert (f"{low} to {high}" if low < high else "so there is no range around it") in block
    assert f"{overall.known} of {overall.applicable} questions that apply to you ({overall.coverage} %)" in block
    steps = page.locator("ol.govuk-list--number > li > a").all_inner_texts()
    assert steps == list(expected.actions[:3])


def see_plan(page: Page, expected: Outcome) -> None:
    """On to the plan, whose cards are the engine's steps in its order."""
    follow(page, page.get_by_role("button", name="See my action plan"))
    assert page.locator(".gp-card h3").all_inner_texts() == list(expected.actions)


def download_plan(page: Page, folder: Path) -> list[str]:
    """From the plan to the PDF with the company's name on it; returns its text, page after page."""
    follow(page, page.get_by_role("link", name="Download PDF"))
    page.get_by_label("Company name (optional)").fill(COMPANY)
    follow(page, page.get_by_role("button", name="Make the PDF"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the PDF").click()
    target = folder / "plan.pdf"
    download.value.save_as(target)
    return Paper(target.read_bytes()).pages


def see_the_money(page: Page, scripts: bool) -> Shown | None:
    """On the plan: a budget, two scenarios, a measured saving; returns the totals that the page shows, if any."""
    set_budget(page, "20000")
    if scripts:
        press_twice(page)
    compare_two_scenarios(page, scripts)
    record_a_saving(page)
    return totals_on_page(page)


def see_the_same_totals(page: Page, paper: str, expected: Shown, folder: Path) -> None:
    """The PDF, the workbook and the JSON say what the page says; with little to save the PDF leads with the score."""
    data = download(page, "Data (JSON)", folder)
    leads = "could save about" in json.loads(data.read_text("utf-8"))["headline"]
    assert ("could save about" in paper) == leads
    assert f"save about {expected.eur} a year ({expected.eur_span})" in paper
    for figure in (expected.carbon, expected.carbon_span) if leads else ():
        assert figure.replace("CO2", "CO\N{SUBSCRIPT TWO}") in paper
    workbook = totals_in_workbook(download(page, "Spreadsheet (XLSX)", folder))
    if "kg" in expected.carbon:
        # Tonnes with three decimals say less than two figures of some kilograms.
        workbook = replace(workbook, carbon=expected.carbon, carbon_span=expected.carbon_span)
    assert workbook == expected
    assert totals_in_json(data) == expected


def do_the_job(page: Page, name: str, depth: str, folder: Path, scripts: bool) -> Shown | None:
    """The whole job; returns the totals that page, PDF, workbook and JSON agreed on, None where there are none."""
    start(page, depth)
    hub = page.url
    answer_everything(page, example(name))
    assert page.url == hub
    expected = outcome(name, depth)
    see_results(page, expected)
    see_plan(page, expected)
    totals = see_the_money(page, scripts)
    first, *others = download_plan(page, folder)
    if totals:
        see_the_same_totals(page, " ".join([first, *others]), totals, folder)
    assert COMPANY in first
    assert f"{expected.overall.headline} out of 100" in first
    assert expected.actions[0].split()[0] in first
    plan = next(text for text in others if "fit your answers" in text or "fits your answers" in text)
    places = {plan.find(action): action for action in expected.actions if action in plan}
    assert places[min(places)] == expected.actions[0]
    return totals


@pytest.mark.parametrize(
    ("visit", "name", "depth"),
    [
        pytest.param(
            WINDOWS["on a phone without JavaScript"], "bakery-bg", "full", id="a bakery on a phone, no scripts"
        ),
        pytest.param(WINDOWS["on a desk"], "office-ict-es", "full", id="an ICT office on a desk"),
        pytest.param(WINDOWS["on a phone"], "metal-shop-de", "full", id="a metal shop on a phone"),
        pytest.param(
            WINDOWS["on a desk without JavaScript"], "metal-shop-de", "quick", id="a metal shop, quick, no scripts"
        ),
    ],
    indirect=["visit"],
)
def test_a_company_answers_and_leaves_with_the_plan_that_the_engine_made(
    visit: Visit, name: str, depth: str, tmp_path: Path
) -> None:
    assert do_the_job(visit.page, name, depth, tmp_path, visit.scripts) is not None


@pytest.mark.soak
@pytest.mark.parametrize("visit", WINDOWS.values(), ids=WINDOWS.keys(), indirect=True)
@pytest.mark.parametrize("depth", ["full", "quick"])
@pytest.mark.parametrize("name", sorted(library().examples()))
def test_every_example_company_does_the_whole_job_in_every_window(
    visit: Visit, name: str, depth: str, tmp_path: Path
) -> None:
    overall = outcome(name, depth).overall
    if overall.headline is None:
        pytest.skip("too few answers for a score: see the pages' own tests")
    do_the_job(visit.page, name, depth, tmp_path, visit.scripts)
