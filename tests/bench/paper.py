"""The PDF of the largest example company: calls a page, and CPU against the same words as bare tagged paragraphs."""

import html
import re
from pathlib import Path

from assessment.app import make_instance
from assessment.config import Settings
from assessment.press import ReportPress
from assessment.reporting import pdf
from assessment.reporting.render import render
from tests.bench.table import Line, calls_of, paired

CALLS_A_PAGE, TIMES_BARE = 210_000, 4.5
DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)


def measure(folder: Path) -> list[Line]:
    """The lines of this subject."""
    composed: list[str] = []

    def keep(page: str, report: str) -> bytes:
        composed.append(page)
        return render(page.encode(), report)

    settings = Settings.from_env(
        {"ASSESSMENT_MODE": "demo", "ASSESSMENT_DATA": str(folder), "ASSESSMENT_JOBS": "inline"}
    )
    product = make_instance(settings)
    made = ReportPress(keep).example(product, product.library.examples()["machine-builder-it"], "en")
    product.database.close()
    page, pages = composed[0].encode(), pdf.pages(made)
    bare = _bare(composed[0]).encode()
    printed, plain = paired(lambda: render(page, "action-plan"), lambda: render(bare, "action-plan"), rounds=3, each=1)
    return [
        Line(f"PDF of {pages} pages, function calls a page", calls_of(lambda: render(page, "action-plan")) / pages,
             "calls", CALLS_A_PAGE),
        Line("PDF / its words as bare paragraphs, same drawings", printed, "ms CPU", TIMES_BARE, plain),
    ]  # fmt: skip


def _bare(page: str) -> str:
    """The same words as paragraphs, with the same drawings, and no style."""
    body = page.partition("<body")[2]
    drawings = DRAWING.findall(body)
    words = re.sub(r"<[^>]+>", "\n", DRAWING.sub("", body.partition(">")[2]))
    paragraphs = "".join(
        f"<p>{html.escape(html.unescape(line.strip()))}</p>" for line in words.splitlines() if line.strip()
    )
    return (
        f'<html lang="en"><head><title>Bare</title></head><body><h1>Bare</h1>{paragraphs}'
        f"{''.join(drawings)}</body></html>"
    )
