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


@pytest.mark.parametrize(("opener", "mistaken"), STATES.values(), ids=STATES.keys())
def test_a_page_keeps_the_rules_on_every_screen(
    request: pytest.FixtureRequest, inspected: Page, opener: Opener, mistaken: bool
) -> None:
    opener(inspected)
    title, headings, summaries = inspection.head(inspected)
    assert (headings == ["Page not found"]) == ("[not found]" in request.node.name)
    assert len(headings) == 1
    assert title.startswith("Error: ") == mistaken, title
    assert title.endswith(f" – {PRODUCT}") or title.startswith(f"{PRODUCT}: "), title
    assert summaries == mistaken
    inspection.unfold(inspected)
    faults = inspection.faults_on_a_desk(inspected)
    for width in WIDTHS:
        faults |= inspection.faults_on_a_phone(inspected, width)
    assert {name: found for name, found in faults.items() if found} == {}


FAULTY = """<title>Faulty</title><style>p a, button { outline: none !important }</style><h1>One</h1><h1>Two</h1>
<fieldset></fieldset><div style="width: 3000px">Wide</div><p><a href="#one">Alone</a></p>
<svg width="100" height="30"><text font-size="5" y="20">Small</text></svg>
<p><button style="width: 5px; height: 5px; padding: 0"></button></p>
<div class="govuk-error-summary"><ul class="govuk-error-summary__list"><li><a href="#none">Wrong</a></li></ul></div>"""


def test_each_kind_of_fault_would_be_found(inspected: Page) -> None:
    inspected.goto("/licences")
    inspected.set_content(FAULTY)
    assert inspection.head(inspected) == ("Faulty", ["One", "Two"], 1)
    faults = inspection.faults_on_a_desk(inspected)
    for width in WIDTHS:
        faults |= inspection.faults_on_a_phone(inspected, width)
    assert len(faults) == 12
    assert [name for name, found in faults.items() if not found] == []
