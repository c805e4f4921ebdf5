"""Every distinct page and state: rules of accessibility, its frame, and its fit on narrow screens."""

import pytest
from playwright.sync_api import Page

from tests.browser import inspection
from tests.browser.states import MISTAKEN, PLAIN, Opener

pytestmark = pytest.mark.browser

PRODUCT = "Green Pathways"
WIDTHS = (320, 360)
STATES = {**{name: (opener, False) for name, opener in PLAIN.items()},
          **{f"mistake: {name}": (opener, True) for name, opener in MISTAKEN.items()}}  # fmt: skip


def faults_on_a_desk(page: Page) -> dict[str, list[str]]:
    return {
        "rules": inspection.broken_rules(page), "groups": inspection.unnamed_groups(page),
        "width": inspection.too_wide(page), "drawings": inspection.small_drawn_text(page),
        "focus": inspection.without_visible_focus(page), "errors": inspection.unlinked_errors(page),
    }  # fmt: skip


def faults_on_a_phone(page: Page, width: int) -> dict[str, list[str]]:
    page.set_viewport_size({"width": width, "height": 740})
    return {
        f"width at {width}": inspection.too_wide(page), f"drawings at {width}": inspection.small_drawn_text(page),
        f"targets at {width}": inspection.small_targets(page),
    }  # fmt: skip


@pytest.mark.parametrize(("opener", "mistaken"), STATES.values(), ids=STATES.keys())
def test_a_page_keeps_the_rules_on_every_screen(
    request: pytest.FixtureRequest, inspected: Page, opener: Opener, mistaken: bool
) -> None:
    opener(inspected)
    title = inspected.title()
    assert (inspected.locator("h1").all_inner_texts() == ["Page not found"]) == ("[not found]" in request.node.name)
    assert inspected.locator("h1").count() == 1
    assert title.startswith("Error: ") == mistaken, title
    assert title.endswith(f" – {PRODUCT}") or title.startswith(f"{PRODUCT}: "), title
    assert inspected.locator(".govuk-error-summary").count() == mistaken
    inspection.unfold(inspected)
    faults = faults_on_a_desk(inspected)
    for width in WIDTHS:
        faults |= faults_on_a_phone(inspected, width)
    assert {name: found for name, found in faults.items() if found} == {}
