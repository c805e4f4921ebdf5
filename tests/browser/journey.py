"""A person's way through the check in a browser: answers pages as an example company would, whatever stands on them."""

import re
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from playwright.sync_api import Locator, Page

from assessment.content.checks.examples import Example
from assessment.core.checks.answers import Marker, Quantities, Quantity


class Control(NamedTuple):
    """A control of the form at hand; `value` tells radio buttons and ticks of one name apart."""

    name: str
    kind: str
    value: str


def follow(page: Page, control: Locator) -> None:
    """Click what leads to another page (or to the same one with errors) and wait until that page is there."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        control.first.click()


def start(page: Page, depth: str) -> None:
    """From the landing page into a new check."""
    page.goto("/")
    follow(page, page.get_by_role("button", name="Start now"))
    page.locator(f'input[name="depth"][value="{depth}"]').check(force=True)
    follow(page, page.get_by_role("button", name="Start the check"))


def begin(page: Page, depth: str) -> str:
    """A new check in this browser, by the same form but without its pages being drawn; gives its hub's address."""
    form = page.request.get("/start", max_retries=2)
    token = re.search(r'name="csrf_token" value="([^"]+)"', form.text())
    assert token is not None
    begun = page.request.post(form.url, form={"csrf_token": token[1], "depth": depth})
    assert "/assessments/" in begun.url
    assert begun.ok
    return begun.url


def answer_everything(page: Page, example: Example) -> None:
    """Open each section of the hub in turn and answer it to its end."""
    hub = page.url
    done: set[str] = set()
    while True:
        if page.url != hub:
            page.goto(hub)
        sections: list[str] = page.evaluate(_SECTIONS)
        todo = [href for href in sections if href not in done]
        if not todo:
            return
        done.add(todo[0])
        page.goto(todo[0])
        while "/sections/" in page.url:
            answer_page(page, example)
            follow(page, page.get_by_role("button", name="Continue"))
            if page.url.split("?")[0].endswith("/keep"):
                follow(page, page.get_by_role("button", name="Continue with the questions"))


def answer_page(page: Page, example: Example) -> None:
    """Answer every question on the page that the example answers."""
    controls = {Control(*control) for control in page.evaluate(_CONTROLS)}
    for control in controls:
        question = control.name.removesuffix(".revision")
        if question != control.name and question in example.answers:
            _give(page, controls, question, example)


_SECTIONS = "[...document.querySelectorAll('a.govuk-task-list__link[href*=\"/sections/\"]')].map(link => link.pathname)"
_CONTROLS = """[...document.querySelectorAll('main form [name]')].map(
  control => [control.name, control.type, ['radio', 'checkbox'].includes(control.type) ? control.value : ''])"""


def _give(page: Page, controls: Collection[Control], question: str, example: Example) -> None:
    """Give one answer as a person would: by ticking, choosing from a list, typing."""
    value, remark = example.answers[question], example.remarks.get(question)
    match value:
        case Marker():
            beside = Control(f"{question}.marker", "checkbox", value.value)
            _choose(page, controls, beside.name if beside in controls else question, value.value)
        case str():
            _choose(page, controls, question, value)
        case frozenset():
            for option in sorted(value):
                _choose(page, controls, question, option)
        case Quantity():
            _type(page, controls, question, value)
        case Quantities():
            for name, quantity in value.figures:
                _type(page, controls, f"{question}.{name}", quantity)
        case date():
            raise AssertionError("no example holds a date")
    if remark is not None and Control(f"{question}.basis", "radio", remark.basis) in controls:
        _choose(page, controls, f"{question}.basis", remark.basis)


def _choose(page: Page, controls: Collection[Control], name: str, option: str) -> None:
    """Pick an option in a list, or the radio button or tick that stands for it."""
    if Control(name, "select-one", "") in controls:
        page.locator(f'[name="{name}"]').select_option(option)
    else:
        # The browser draws its own circle and square under the label, so the control itself has no visible place.
        page.locator(f'[name="{name}"][value="{option}"]').check(force=True)


def _type(page: Page, controls: Collection[Control], name: str, quantity: Quantity) -> None:
    """Type a number as the example has it, in its unit."""
    page.locator(f'[name="{name}"]').fill(quantity.typed)
    if Control(f"{name}.unit", "select-one", "") in controls:
        page.locator(f'[name="{name}.unit"]').select_option(quantity.unit)
