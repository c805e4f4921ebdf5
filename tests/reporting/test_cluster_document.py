"""The printed report of a cluster's readiness, page by page."""

import re
from dataclasses import replace
from html import unescape
from itertools import pairwise

import pytest

from assessment.content import folders
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.readiness_findings import findings
from assessment.reporting.aggregates.readiness_pages import plain_table
from assessment.reporting.compose import compose
from tests.reporting import snapshots
from tests.reporting.languages import ENGLISH, LONG
from tests.reporting.paper import (
    FOOT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SIDE,
    Paper,
    complaints,
    in_order,
    overprinted,
    printed,
    words_of,
)

WHOLE = snapshots.whole_document()
DOCUMENTS = {
    "sixty members": WHOLE, "five companies": snapshots.small_document(), "nothing told": snapshots.nothing_document(),
    "no proposals, no model, no sources": replace(WHOLE, words=snapshots.words(proposals=(), model="", sources=())),
}  # fmt: skip
STEPS = ("#f1eef6", "#bdc9e1", "#74a9cf", "#2b6cb0", "#04467a")


def outside(paper: Paper) -> list[tuple[int, str]]:
    """Page and letter of everything that leaves the type area of paper laid across."""
    return [
        (number, letter.text)
        for number, letters in enumerate(paper.letters, 1)
        for letter in letters
        if letter.left < SIDE - 1 or letter.right > PAGE_HEIGHT - SIDE + 1
        or letter.bottom < FOOT or letter.top > PAGE_WIDTH - FOOT
    ]  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_report_is_accessible_and_nothing_is_cut_off(name: str) -> None:
    paper = printed(DOCUMENTS[name])
    assert complaints(paper) == []
    assert outside(paper) == []
    assert overprinted(paper) == []


def test_page_one_works_alone_and_leads_to_one_page_for_each_finding() -> None:
    paper = printed(WHOLE)
    told = findings(WHOLE, ENGLISH)
    first = paper.pages[0]
    for words in ("Half of the companies score 44 of 100 points or less", "About 50 companies", "Plan made", "35 %",
                  "about 20 of 60 members", *(finding.headline for finding in told)):  # fmt: skip
        assert words.replace("\u00a0", " ") in first.replace("\u00a0", " "), words
    chapters = {title.replace("\u00a0", " "): page for page, title in paper.chapters}
    pages = [chapters[finding.headline.replace("\u00a0", " ")] for finding in told]
    assert pages == list(range(2, 2 + len(told)))
    listed = first[first.index("Findings") :]
    assert in_order(listed, [text for n, finding in zip(pages, told, strict=True)
                             for text in (finding.headline.split("\u00a0")[0], str(n))])  # fmt: skip


def test_every_page_says_which_it_is_of_when_and_of_whom() -> None:
    for document in (WHOLE, snapshots.small_document()):
        paper = printed(document)
        count = len(paper.pages)
        assert all(f"Page {number} of {count}" in page for number, page in enumerate(paper.pages, 1))
        assert all("Snapshot of 16 November 2026" in page for page in paper.pages)
        assert all("Black Sea Food Cluster" in page and "all figures are examples" in page for page in paper.pages)
    assert printed(WHOLE).metadata["Title"] == "Readiness of Black Sea Food Cluster"
    assert printed(WHOLE).metadata["Author"] == "Green Pathways"


def rows_of(html: str) -> dict[str, list[list[str]]]:
    """The printed rows by their title, each as the texts of its cells without drawings."""
    found: dict[str, list[list[str]]] = {}
    for title, cells in re.findall(r'<th scope="row"[^>]*>([^<]*)</th>(.*?)</tr>', html, re.DOTALL):
        without = re.sub(r"<svg.*?</svg>", "", cells, flags=re.DOTALL)
        texts = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", without, re.DOTALL)]
        found.setdefault(unescape(title), []).append([unescape(text) for text in texts if text])
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paper_shows_every_figure_of_each_table_that_is_told(name: str) -> None:
    document = DOCUMENTS[name]
    printed_rows = rows_of(compose(document, ENGLISH))
    for table in document.snapshot.tables:
        for title, cells in plain_table(table, document, ENGLISH).rows if document.told(table.id) else ():
            shown = [cell or "…" for cell in cells]
            # How many companies a category has stands at the end of its row of means.
            of_category = table.id.startswith("companies-by")
            assert any(
                row[-1:] == shown if of_category else row[: len(shown)] == shown for row in printed_rows[title]
            ), (table.id, title)


def test_captions_say_whom_figures_are_about_and_when() -> None:
    text = words_of(compose(WHOLE, ENGLISH))
    assert text.count("Snapshot of 16 November 2026; companies with a result that agreed to be counted.") >= 6
    assert "Snapshot of 16 November 2026; members of the cluster." in text


def test_a_withheld_cell_is_hatched_and_says_nothing_of_why() -> None:
    html = compose(WHOLE, ENGLISH)
    cells = re.findall(r'<td class="(?:n )?hidden">(.*?)</td>', html)
    # Two sections of shops, and of companies of 50 to 249 people.
    assert len(cells) == 2 + 2
    assert set(cells) == {"<b>…</b>"}
    assert "Hidden to protect single firms, or nothing there" in html
    assert not re.search(r"fewer than 5 (?:firms|companies) answered", html)


def test_rows_without_any_figure_are_counted_and_not_printed() -> None:
    html = compose(WHOLE, ENGLISH)
    assert "Textiles" not in html
    assert html.count("2 more rows have no figure that may be shown.") == 1
    assert html.count("1 more row has no figure that may be shown.") == 3
    small = compose(snapshots.small_document(), ENGLISH)
    # Of stages and sections it is told which ones are hidden.
    assert small.count('class="n hidden"') == 8 * 5 + 4 * 3 + 4 + 3


def test_steps_of_blue_grow_darker_and_every_cell_prints_its_figure() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lights = [light(colour) for colour in STEPS]
    assert lights == sorted(lights, reverse=True)
    inks = [0.0, 0.0, 0.0, 1.0, 1.0]
    for paper, ink in zip(lights, inks, strict=True):
        assert (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05) >= 4.5
    # The steps differ where a printer knows grey alone.
    assert all(one / two > 1.25 for one, two in pairwise(lights))
    css = (folders.REPORTS / "cluster-readiness" / "print.css").read_text()
    assert [f".s{at} {{ background: {colour}" in css for at, colour in enumerate(STEPS)] == [True] * 5


def test_a_small_snapshot_is_a_short_honest_report() -> None:
    paper = printed(snapshots.small_document())
    assert [title for _, title in paper.chapters] == [
        "On average the companies score 46 of 100 points", "Water is weakest: 33 of 100 points on average",
        "The cluster has about 5 members; how far they came is not told yet",
        "How the figures are made, and what protects single companies",
    ]  # fmt: skip
    assert "Not told yet" in paper.pages[0]
    assert "from 5 companies on averages, from 10 medians, from 30 percentiles" in paper.pages[0]
    assert "Comparison" not in paper.text


def test_with_nothing_told_the_report_says_so_and_has_the_method() -> None:
    paper = printed(snapshots.nothing_document())
    assert len(paper.pages) == 2
    assert "Too few companies to show figures yet" in paper.pages[0]
    assert "How many companies of the cluster are counted is not shown" in paper.pages[0]
    assert "What this cannot know" in paper.pages[1]


def test_the_method_tells_the_rules_of_the_snapshot_and_not_those_of_the_product() -> None:
    stricter = WHOLE.snapshot.model_copy(update={"rules": WHOLE.snapshot.rules.model_copy(update={"k": 8})})
    text = words_of(compose(ClusterReadinessDocument(stricter, WHOLE.words), ENGLISH)).replace("\u00a0", " ")
    assert "from 8 on, rounded to the nearest 5" in text
    assert "from 16 companies. Percentiles: from 48." in text
    assert "Eurostat (2010): Handbook on Statistical Disclosure Control" in text


def test_long_names_and_long_languages_fit() -> None:
    paper = printed(snapshots.whole_document(" und noch viel mehr davon"), LONG)
    assert outside(paper) == []
    assert overprinted(paper) == []
    assert complaints(paper) == []


def test_a_name_without_a_space_is_broken_and_not_cut_off() -> None:
    paper = printed(replace(WHOLE, words=snapshots.words("x" * 90)))
    assert outside(paper) == []


def test_text_from_outside_is_text() -> None:
    html = compose(replace(WHOLE, words=snapshots.words("<script>alert(1)</script>{{ 7*7 }}")), ENGLISH)
    assert "<script>" not in html
    assert "{{ 7*7 }}" in html


def test_without_a_chosen_model_the_comparison_has_no_column_for_one() -> None:
    assert "Danube Bakers" in words_of(compose(WHOLE, ENGLISH))
    tables = []
    for table in WHOLE.snapshot.tables:
        at = next((at for at, column in enumerate(table.columns) if column.key == "model"), None)
        rows = (
            table.rows
            if at is None
            else tuple(
                row.model_copy(update={"figures": (*row.figures[:at], None, *row.figures[at + 1 :])})
                for row in table.rows
            )
        )
        tables.append(table.model_copy(update={"rows": rows}))
    alone = WHOLE.snapshot.model_copy(update={"tables": tuple(tables)})
    text = words_of(compose(ClusterReadinessDocument(alone, replace(WHOLE.words, model="")), ENGLISH))
    assert "Median of other clusters" in text
    assert "Chosen model" not in text
