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


Figures = tuple[float, float, float]
"""From low over typical to high."""


@dataclass(frozen=True)
class Shown:
    """What a plan saves in a year, as a person reads it: about so much, and from where to where; empty if not told."""

    eur: str
    eur_span: str
    carbon: str
    carbon_span: str


def totals_on_page(page: Page) -> Shown | None:
    """The totals at the head of the plan; None where nothing can be said in euros."""
    lines = page.locator(".gp-totals li")
    if not lines.filter(has_text="EUR").count():
        return None
    return Shown(*_total(lines, "EUR"), *_total(lines, "CO2e"))


def _total(lines: Locator, unit: str) -> tuple[str, str]:
    line = lines.filter(has_text=unit)
    if not line.count():
        return "", ""
    about, span = line.locator("strong").inner_text(), line.locator(".gp-secondary").inner_text()
    return " ".join(about.split()), " ".join(span.split())


def _shown(eur: Figures, kg: Figures | None) -> Shown:
    """Exact figures as pages round them: to two significant figures; emissions in tonnes, below 0.1 t in kilograms."""
    typical = ENGLISH.money_about(Decimal(repr(round(eur[1], 9)))).replace("\u00a0", " ")
    money = typical, f"{_about(eur[0])} to {_about(eur[2])}"
    if kg is None or kg[2] <= 0:
        return Shown(*money, "", "")
    low, typical, high = (_about(figure if abs(kg[1]) < 100 else figure / 1000) for figure in kg)
    return Shown(*money, f"{typical} {'kg' if abs(kg[1]) < 100 else 't'} CO2e", f"{low} to {high}")


def _about(value: float) -> str:
    return ENGLISH.about(Decimal(repr(round(value, 9))))


def totals_in_json(file: Path) -> Shown:
    """The totals of the JSON file."""
    totals = json.loads(file.read_text("utf-8"))["totals"]
    eur, kg = (
        found and (found["low"], found["typical"], found["high"])
        for found in (totals["eur_a_year"], totals["kg_co2e_a_year"])
    )
    return _shown(eur, kg)


def totals_in_workbook(file: Path) -> Shown:
    """The totals of the workbook, from the line under its plan."""
    rows = openpyxl.load_workbook(file, data_only=True)["Plan"].iter_rows(values_only=True)
    together = next(row for row in rows if row[0] == "All")
    eur, tonnes = ([float(str(value or 0)) for value in together[start : start + 3]] for start in (7, 10))
    return _shown((eur[0], eur[1], eur[2]), (tonnes[0] * 1000, tonnes[1] * 1000, tonnes[2] * 1000))


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
    page.get_by_label("Money for this year").fill(budget)
    follow(page, page.get_by_role("button", name="Find the best plan"))
    expect(page.get_by_label("Money for this year")).to_have_value(budget)
    expect(page.locator("#plan")).to_contain_text("No other choice of measures")
    saves = "After three years you save about EUR" in page.locator("#plan-title").inner_text()
    assert saves == (page.locator("#plan ol > li").count() > 0)
    page.goto(plan)


PRESSED_TWICE = """form => {
  const held = [];
  form.addEventListener("submit", event => { held.push(event.defaultPrevented); event.preventDefault(); });
  const button = form.querySelector("button[type=submit]");
  const idle = button.textContent;
  form.requestSubmit(button);
  form.requestSubmit(button);
  const told = [button.textContent, form.querySelector("[data-busy-told]").textContent];
  window.dispatchEvent(new Event("pageshow"));
  return [held, told, button.textContent === idle];
}"""


def press_twice(page: Page) -> None:
    """On the best plan: the button says that it works, sends once, and is itself again when one comes back."""
    plan = page.url
    follow(page, page.get_by_role("link", name="Best plan for your money"))
    held, told, same = page.locator("form[data-busy]").last.evaluate(PRESSED_TWICE)
    assert held == [False, True]
    assert told == ["Looking for the best plan …"] * 2
    assert same
    page.goto(plan)


def compare_two_scenarios(page: Page, scripts: bool) -> None:
    """Save the plan and the plan without its first measure, and see them side by side."""
    plan, before = page.url, _figure(page)
    totals = totals_on_page(page)
    assert totals is None or before == f"about {totals.eur} a year"
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
    told = _figure(page)
    follow(page, page.get_by_role("button", name="Save as B"))
    assert page.locator("thead th").all_inner_texts() == ["Your plan", "All of it", "Scenario B"]
    savings = page.locator("tbody tr", has_text="Saving").first.locator("td strong").all_inner_texts()
    assert [" ".join(saving.split()) for saving in savings] == [before, before, told]
    page.goto(plan)


def _figure(page: Page) -> str:
    """The euros of the what-if panel."""
    return " ".join(page.locator("[data-figure=eur]").inner_text().split())


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
