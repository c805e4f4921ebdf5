"""Looking into an open page: what the rules engine finds, and what it cannot see."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

AXE = Path(__file__).with_name("axe.min.js")
"""To be loaded into every page of a window for looking into pages."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TEXT = 12
SMALLEST_TARGET = 24

_UNFOLD = "() => { for (const folded of document.querySelectorAll('details')) folded.open = true; }"

_RUN_AXE = """async tags => {
  const found = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
  return found.violations.map(rule => `${rule.id}: ${rule.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`);
}"""

_UNNAMED_GROUPS = """() => [...document.querySelectorAll('fieldset')]
  .filter(group => !group.querySelector(':scope > legend')?.textContent.trim())
  .map(group => group.outerHTML.slice(0, 160))"""

_TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > room + 1
    && !one.closest('.gp-scroll'));
  const found = wide.slice(-3).map(one => one.outerHTML.slice(0, 120));
  return [`${document.documentElement.scrollWidth} px in ${room}`, ...found];
}"""

_SMALL_DRAWN_TEXT = """smallest => [...document.querySelectorAll('svg text')]
  .filter(text => text.getBoundingClientRect().height > 0)
  .map(text => [parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a, text.textContent])
  .filter(([size]) => size < smallest).map(([size, words]) => `${size.toFixed(1)} px: ${words}`)"""

# A link in running text is as high as its line; every other control has room for a finger.
_SMALL_TARGETS = """smallest => {
  const alone = link => {
    if (getComputedStyle(link).display !== 'inline') return true;
    const block = link.closest('p, li, dd, dt, td, th, figcaption, div, strong');
    return block.textContent.trim() === link.textContent.trim();
  };
  const seen = [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')]
    .filter(one => one.checkVisibility() && !one.closest('.govuk-skip-link, [aria-hidden=true]'));
  return seen.filter(one => one.tagName !== 'A' || alone(one)).filter(one => {
    const box = one.getBoundingClientRect();
    const line = one.tagName === 'A' && getComputedStyle(one).display === 'inline'
      ? Math.max(box.height, parseFloat(getComputedStyle(one.parentElement).lineHeight)) : box.height;
    return Math.round(line) < smallest || Math.round(box.width) < smallest;
  }).map(one => one.outerHTML.slice(0, 140));
}"""

_WITHOUT_FOCUS = """() => {
  const look = one => {
    const of = style => [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
      style.backgroundColor, style.borderTopColor, style.borderTopWidth, style.borderBottomWidth, style.color].join();
    const label = one.matches('[type=radio], [type=checkbox]') && one.labels[0];
    return of(getComputedStyle(one)) + (label ? of(getComputedStyle(label, '::before')) : '');
  };
  const seen = [...document.querySelectorAll('a[href], button, summary, input, select, textarea, [tabindex="0"]')]
    .filter(one => one.checkVisibility() && one.type !== 'hidden' && !one.disabled);
  return seen.filter(one => {
    one.blur();
    const before = look(one);
    one.focus({ focusVisible: true, preventScroll: true });
    const same = look(one) === before;
    one.blur();
    return same;
  }).map(one => one.outerHTML.slice(0, 140));
}"""

_UNLINKED_ERRORS = """() => [...document.querySelectorAll('.govuk-error-summary__list a')].filter(link => {
  const target = document.getElementById(link.hash.slice(1));
  const group = target?.closest('.govuk-form-group, .gp-question');
  const beside = [...(group?.querySelectorAll('.govuk-error-message') ?? [])].map(one => one.textContent);
  return !beside.some(text => text.includes(link.textContent.trim()));
}).map(link => link.outerHTML)"""


_HEAD = """() => ({
  title: document.title,
  headings: [...document.querySelectorAll('h1')].map(heading => heading.innerText),
  summaries: document.querySelectorAll('.govuk-error-summary').length,
})"""


class Head(NamedTuple):
    """What a page calls itself, and how many lists of errors it has."""

    title: str
    headings: list[str]
    summaries: int


def head(page: Page) -> Head:
    """What the page at hand calls itself."""
    return Head(**page.evaluate(_HEAD))


def unfold(page: Page) -> None:
    """Open everything that is folded, since the rules engine looks at what shows."""
    page.evaluate(_UNFOLD)


def faults_on_a_desk(page: Page) -> dict[str, list[str]]:
    """What axe-core finds, groups without a name, what is too wide or small, hides the focus, or leads nowhere."""
    return _found(page, {
        "rules": (_RUN_AXE, TAGS), "groups": (_UNNAMED_GROUPS, None), "width": (_TOO_WIDE, None),
        "drawings": (_SMALL_DRAWN_TEXT, SMALLEST_TEXT), "focus": (_WITHOUT_FOCUS, None),
        "errors": (_UNLINKED_ERRORS, None),
    })  # fmt: skip


def faults_on_a_phone(page: Page, width: int) -> dict[str, list[str]]:
    """What is too wide, too small to read, or too small for a finger on a screen of this width."""
    page.set_viewport_size({"width": width, "height": 740})
    return _found(page, {
        f"width at {width}": (_TOO_WIDE, None), f"drawings at {width}": (_SMALL_DRAWN_TEXT, SMALLEST_TEXT),
        f"targets at {width}": (_SMALL_TARGETS, SMALLEST_TARGET),
    })  # fmt: skip


def broken_rules(page: Page) -> list[str]:
    """What axe-core finds."""
    return _one(page, _RUN_AXE, TAGS)


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return _one(page, _TOO_WIDE)


def small_targets(page: Page) -> list[str]:
    """Controls, and links that stand alone, that a finger would miss."""
    return _one(page, _SMALL_TARGETS, SMALLEST_TARGET)


def _one(page: Page, script: str, argument: Any = None) -> list[str]:
    return _found(page, {"": (script, argument)})[""]


def _found(page: Page, scripts: Mapping[str, tuple[str, Any]]) -> dict[str, list[str]]:
    """What each script finds, one after the other, in one go: asking costs more than most of them."""
    asked = ", ".join(f"await ({script})(given[{number}])" for number, (script, _) in enumerate(scripts.values()))
    found = page.evaluate(f"async given => [{asked}]", [argument for _, argument in scripts.values()])
    return {name: [str(line) for line in lines] for name, lines in zip(scripts, found, strict=True)}
