"""The PDF: making the plan of the largest example company, and handing out a stored one."""

import gc
import re
import tempfile
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from assessment.core.access import Action
from assessment.press import ReportPress
from assessment.reporting import pdf, render
from assessment.services.asking import Asking
from assessment.services.checks import results
from assessment.services.checks.answering import open_draft
from assessment.services.plans import reports
from tests.bench.measuring import Line, by_calls, by_cpu, calls, paired
from tests.bench.site import LARGEST, Site, bare_view, browsed, called, ready_instance, settings_in

CALLS_A_PAGE, CALLS_AIMED_AT = 210_000, 165_000
RENDER_RATIO, SERVE_RATIO = 4.5, 3
RENDER_ROUNDS, SERVE_ROUNDS = 5, 21
_REPORT = "action-plan"
_BLOCKS = frozenset({"p", "li", "tr", "h1", "h2", "h3", "h4", "caption"})
_BARE_STYLE = """
@font-face { font-family: "Report Sans"; src: url("app:shared/NotoSans-Regular.ttf"); font-weight: 400 }
@page { size: A4; margin: 22mm 20mm 20mm }
html { font-family: "Report Sans"; font-size: 9.25pt; line-height: 13.5pt }
p { margin: 0 }
svg { width: 18mm; height: 18mm }
"""


def lines() -> Iterator[Line]:
    """Calls a page and CPU of the render; CPU of serving."""
    with tempfile.TemporaryDirectory() as folder:
        html = _composed(Path(folder))
        plan, bare = html.encode(), _bare(html).encode()
        # In production a render is a process of its own that ends with it and collects no garbage.
        gc.collect()
        gc.disable()
        try:
            pages = pdf.pages(render.render(plan, _REPORT))
            per_page = calls(lambda: render.render(plan, _REPORT)) / pages
            yield by_calls(f"PDF of {LARGEST}, {pages} pages: Python calls a page", per_page, CALLS_A_PAGE)
            yield by_calls("  the aim for the same", per_page, None)
            pair = paired(
                lambda: render.render(plan, _REPORT),
                lambda: render.render(bare, _REPORT),
                rounds=RENDER_ROUNDS,
                times=1,
            )
            yield by_cpu("PDF: CPU / same words, charts and codes as bare tagged paragraphs", pair, RENDER_RATIO)
        finally:
            gc.enable()
    with tempfile.TemporaryDirectory() as folder:
        yield _serving(Site(settings_in(Path(folder))))


def _composed(folder: Path) -> str:
    """The HTML of the plan as the product composes it."""
    caught: list[str] = []

    def catch(html: str, _report: str) -> bytes:
        caught.append(html)
        return b""

    instance = ready_instance(settings_in(folder))
    ReportPress(catch).example(instance, instance.library.examples()[LARGEST], "en")
    instance.database.close()
    return caught[0]


class _Words(HTMLParser):
    """The words of a document, one paragraph for each block, and its drawings as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self._words: list[str] = []
        self._drawing = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._words.clear()
        if tag == "svg":
            self._drawing += 1
        if self._drawing:
            self._words.append(self.get_starttag_text() or "")
        elif tag in _BLOCKS:
            self.end_paragraph()
        elif tag in ("td", "br"):
            self._words.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._drawing:
            self._words.append(self.get_starttag_text() or "")
        elif tag == "br":
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._drawing:
            self._words.append(f"</{tag}>")
        elif tag in _BLOCKS:
            self.end_paragraph()
        self._drawing -= tag == "svg"

    def handle_data(self, data: str) -> None:
        self._words.append(escape(data))

    def end_paragraph(self) -> None:
        """What was read since the last block is one paragraph."""
        words = re.sub(r"\s+", " ", "".join(self._words)).strip()
        self._words.clear()
        if words:
            self.paragraphs.append(f"<p>{words}</p>")


def _bare(html: str) -> str:
    """The same words, charts and codes with nothing around them."""
    words = _Words()
    words.feed(html)
    words.end_paragraph()
    body = "\n".join(words.paragraphs)
    return f'<!DOCTYPE html><html lang="en"><head><title>Bare</title><style>{_BARE_STYLE}</style></head>{body}</html>'


def _serving(site: Site) -> Line:
    """A stored PDF against a view that returns its bytes."""
    results.submit(site.instance, site.opened, "en")
    press = site.app.extensions["assessment-press"]()
    opened = open_draft(site.instance, Asking(site.session_hash, Action.TAKE_FILES), site.opened.draft.id, "en")
    material = reports.material_of(site.instance, opened, results.latest(site.instance, opened, "en"), "en")
    reports.order(site.instance, press, material)
    key = reports.state_of(site.instance, press, material).key
    environ = site.environ(f"/assessments/{opened.draft.id}/report/{key}.pdf")
    status, body, headers = called(site.app, environ)
    assert body.startswith(b"%PDF"), status
    bare = bare_view(status, body, headers)
    pair = paired(lambda: browsed(site.app, environ), lambda: browsed(bare, environ), rounds=SERVE_ROUNDS, times=100)
    return by_cpu(f"Serving a stored PDF, {len(body):,} bytes: CPU / bare view", pair, SERVE_RATIO)
