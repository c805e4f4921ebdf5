"""A person's way through the check in a browser: answers pages as an example company would, whatever stands on them."""

from datetime import date

from playwright.sync_api import Locator, Page

from assessment.content.examples import Example
from assessment.core.answers import Marker, Quantities, Quantity, Value


def start(page: Page, depth: str) -> None:
    """From the landing page into a new check."""
    page.goto("/")
    page.get_by_role("link", name="Start now").or_(page.get_by_role("button", name="Start now")).first.click()
    page.locator(f'input[name="depth"][value="{depth}"]').check(force=True)
    page.get_by_role("button", name="Start the check").click()


def answer_everything(page: Page, example: Example) -> None:
    """Open each section of the hub in turn and answer it to its end."""
    hub = page.url
    done: set[str] = set()
    while True:
        page.goto(hub)
        links = page.locator("a.govuk-task-list__link[href*='/sections/']")
        sections = [links.nth(index).get_attribute("href") or "" for index in range(links.count())]
        todo = [href for href in sections if href not in done]
        if not todo:
            return
        done.add(todo[0])
        page.goto(todo[0])
        while "/sections/" in page.url:
            answer_page(page, example)
            page.get_by_role("button", name="Continue").click()
            if page.url.split("?")[0].endswith("/keep"):
                page.get_by_role("button", name="Continue with the questions").click()


def answer_page(page: Page, example: Example) -> None:
    """Answer every question on the page that the example answers."""
    names = page.locator("main form [name$='.revision']")
    for index in range(names.count()):
        question = (names.nth(index).get_attribute("name") or "").removesuffix(".revision")
        value = example.answers.get(question)
        if value is not None:
            give(page, question, value, example)


def give(page: Page, question: str, value: Value, example: Example) -> None:
    """Fill in one answer."""
    remark = example.remarks.get(question)
    match value:
        case Marker():
            radio = page.locator(f'[name="{question}"][value="{value.value}"]')
            tick = radio if radio.count() else page.locator(f'[name="{question}.marker"][value="{value.value}"]')
            tick.first.check(force=True)
        case str():
            choose(page.locator(f'[name="{question}"]'), page, question, value)
        case frozenset():
            for option in sorted(value):
                page.locator(f'[name="{question}"][value="{option}"]').check(force=True)
        case Quantity():
            fill_number(page, question, value)
        case Quantities():
            for name, quantity in value.figures:
                fill_number(page, f"{question}.{name}", quantity)
        case date():
            raise AssertionError("no example holds a date")
    if remark is not None and remark.basis:
        basis = page.locator(f'[name="{question}.basis"][value="{remark.basis}"]')
        if basis.count():
            basis.check(force=True)


def choose(fields: Locator, page: Page, question: str, value: str) -> None:
    """Pick an option, in a list or among radio buttons."""
    if fields.first.evaluate("field => field.tagName") == "SELECT":
        fields.first.select_option(value)
    else:
        page.locator(f'[name="{question}"][value="{value}"]').check(force=True)


def fill_number(page: Page, name: str, quantity: Quantity) -> None:
    """Type a number as the example has it, in its unit."""
    page.locator(f'[name="{name}"]').fill(quantity.typed)
    unit = page.locator(f'select[name="{name}.unit"]')
    if unit.count():
        unit.select_option(quantity.unit)
