"""A person's way through the pages about money, and the totals of a plan as each page and file shows them."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, Page, expect

from assessment.content import folders
from assessment.i18n import languages
from tests.browser.journey import follow

ENGLISH = languages(folders.LOCALE)["en"]


@dataclass(frozen=True)
class Shown:
    """What a plan saves in a year, as a person reads it: about so much, and from where to where."""

    eur: str
    eur_span: str
    carbon: str
    carbon_span: str


def totals_on_page(page: Page) -> Shown:
    """The totals at the head of the plan."""
    lines = page.locator(".gp-totals li")
    eur, carbon = _total(lines, "EUR"), _total(lines, "CO2e")
    return Shown(*eur, *carbon)


def _total(lines: Locator, unit: str) -> tuple[str, str]:
    line = lines.filter(has_text=unit)
    about, span = line.locator("strong").inner_text(), line.locator(".gp-secondary").inner_text()
    return " ".join(about.split()), " ".join(span.split())


def _shown(eur: dict[str, float], kg: dict[str, float]) -> Shown:
    """Exact figures as pages round them."""
    low, typical, high = (ENGLISH.about(Decimal(str(eur[name]))) for name in ("low", "typical", "high"))
    t_low, t_typical, t_high = (ENGLISH.about(Decimal(str(kg[name])) / 1000) for name in ("low", "typical", "high"))
    return Shown(f"EUR {typical}", f"{low} to {high}", f"{t_typical} t CO2e", f"{t_low} to {t_high}")


def totals_in_json(file: Path) -> Shown:
    """The totals of the JSON file."""
    totals = json.loads(file.read_text("utf-8"))["totals"]
    return _shown(totals["eur_a_year"], totals["kg_co2e_a_year"])


def totals_in_workbook(file: Path) -> Shown:
    """The totals of the workbook, from the line under its plan."""
    rows = openpyxl.load_workbook(file, data_only=True)["Plan"].iter_rows(values_only=True)
    together = next(row for row in rows if row[0] == "All")
    names = ("low", "typical", "high")
    eur = dict(zip(names, (float(str(value)) for value in together[7:10]), strict=True))
    tonnes = dict(zip(names, (float(str(value)) * 1000 for value in together[10:13]), strict=True))
    return _shown(eur, tonnes)


def download(page: Page, link: str, folder: Path) -> Path:
    """Take a file away by its link."""
    with page.expect_download() as taken:
        page.get_by_role("link", name=link, exact=True).click()
    file = folder / taken.value.suggested_filename
    taken.value.save_as(file)
    return file


def set_budget(page: Page, budget: str) -> None:
    """From the plan to the best plan for a budget, and back."""
    plan = page.url
    follow(page, page.get_by_role("link", name="Best plan for your money"))
    page.get_by_label("Money a year").fill(budget)
    follow(page, page.get_by_role("button", name="Find the best plan"))
    expect(page.get_by_label("Money a year")).to_have_value(budget)
    expect(page.locator("#plan-title")).to_contain_text("After three years you save about EUR")
    expect(page.locator("#plan")).to_contain_text("No other choice of measures")
    assert page.locator("#plan ol > li").count() > 0
    page.goto(plan)


def compare_two_scenarios(page: Page, scripts: bool) -> None:
    """Save the plan and the plan without its first measure, and see them side by side."""
    plan, totals = page.url, totals_on_page(page)
    count = page.locator("#what-if input[name=measure]:checked").count()
    page.get_by_label("Name of the scenario (optional)").fill("All of it")
    follow(page, page.get_by_role("button", name="Save as A"))
    page.goto(plan)
    page.locator("#what-if input[name=measure]:checked").first.uncheck(force=True)
    update = page.get_by_role("button", name="Update totals")
    if scripts:
        expect(update).to_be_hidden()
    else:
        follow(page, update)
    expect(page.locator("[data-figure=count]")).to_have_text(re.compile(rf"With {count - 1} measures?"))
    told = page.locator("[data-figure=eur]").inner_text()
    follow(page, page.get_by_role("button", name="Save as B"))
    assert page.locator("thead th").all_inner_texts() == ["Your plan", "All of it", "Scenario B"]
    savings = page.locator("tbody tr", has_text="Saving a year").locator("td strong").all_inner_texts()
    assert [" ".join(saving.split()) for saving in savings] == [totals.eur, totals.eur, " ".join(told.split())]
    page.goto(plan)


def record_a_saving(page: Page) -> None:
    """Say of the first action that it is done, and what the meter showed before and after."""
    follow(page, page.get_by_role("link", name="Change owner, date or status"))
    page.get_by_label("Done", exact=True).check(force=True)
    if not page.locator('[id="before.amount"]').is_visible():
        page.get_by_text("How did it go?").click()
    for name, amount, year in (("before", "12000", "2023"), ("after", "7800", "2025")):
        page.locator(f'[id="{name}.amount"]').fill(amount)
        page.locator(f'[id="{name}.unit"]').select_option("electricity:kwh")
        for part, numbers in (("first", ("1", "1")), ("last", ("31", "12"))):
            for unit, number in zip(("day", "month", "year"), (*numbers, year), strict=True):
                page.locator(f'[id="{name}.{part}.{unit}"]').fill(number)
    follow(page, page.get_by_role("button", name="Save"))
    expect(page.locator(".gp-card").first).to_contain_text("7,800 kWh a year after")
    expect(page.get_by_text("Measured saving: Electricity, 4,200 kWh a year.")).to_be_visible()
