"""The poster of a cluster: one page, whatever stands on it, with a code that a camera reads."""

from dataclasses import replace
from functools import cache

import pytest
from weasyprint.urls import FatalURLFetchingError  # type: ignore[import-untyped]

from assessment.core.checks.attachments import attachment_of
from assessment.reporting import render
from assessment.reporting.clusters.cluster_poster import LONGEST_TEXT, cluster_poster_document
from assessment.reporting.compose import compose
from assessment.reporting.documents import ClusterPosterDocument
from tests.papers import drawing
from tests.reporting.languages import ENGLISH, LONG
from tests.reporting.paper import Paper, complaints, outside, overprinted, printed

TEXT = "We are bakers, dairies and breweries on the coast, and we save energy, water and materials together. " * 8


def document(logo: bytes = b"") -> ClusterPosterDocument:
    return cluster_poster_document(
        "Black Sea Food Cluster", "For bakers on the coast.", "png", logo, "https://check.example.org/c/rowan",
        "ABCD-EFGH-JKMN",
    )  # fmt: skip


@cache
def paper(logo: bytes = b"") -> Paper:
    return printed(document(logo))


def test_it_says_who_invites_and_both_ways_in() -> None:
    for words in ("Black Sea Food Cluster", "For bakers on the coast.", "check.example.org/c/rowan", "ABCD-EFGH-JKMN"):
        assert words in paper().text
    assert paper().metadata["Title"] == "Black Sea Food Cluster: a check for your company"


@pytest.mark.parametrize("logo", [b"", drawing()])
def test_it_is_one_page_accessible_and_nothing_is_cut_off(logo: bytes) -> None:
    found = paper(logo)
    assert (len(found.pages), complaints(found), outside(found), overprinted(found)) == (1, [], [], [])


def test_the_longest_names_and_texts_stay_on_one_page() -> None:
    longest = cluster_poster_document(
        "Donaudampfschifffahrts " * 4, TEXT, "png", drawing(), f"https://check.example.org/c/{'cluster-' * 7}",
        "ABCD-EFGH-JKMN",
    )  # fmt: skip
    for language in (ENGLISH, LONG):
        found = printed(longest, language)
        assert (len(found.pages), outside(found)) == (1, []), language


@pytest.mark.parametrize(
    ("name", "text"), [("Зелен клъстер „Тракия“ – храни, опаковки и логистика", TEXT[:70]), ("Rowan " * 6, TEXT[:140])]
)
def test_a_name_of_two_lines_or_a_text_of_two_stays_large_and_on_one_page(name: str, text: str) -> None:
    address = f"https://check.example.org/c/{'cluster-' * 7}"[:72]
    roomy = cluster_poster_document(name.strip(), text, "png", drawing(), address, "ABCD-EFGH-JKMN")
    assert not roomy.dense
    for language in (ENGLISH, LONG):
        found = printed(roomy, language)
        assert (len(found.pages), outside(found)) == (1, []), language


def test_a_text_that_is_too_long_is_cut_at_a_word() -> None:
    made = cluster_poster_document("Rowan", TEXT, "", b"", "https://check.example.org/c/rowan", "ABCD")
    assert len(made.text) <= LONGEST_TEXT + 2
    assert made.text.endswith(" …")
    assert made.text.removesuffix(" …") in TEXT


def test_a_logo_is_drawn_and_only_png_and_jpeg_are() -> None:
    """The negative control: without the picture the file is smaller, and any other kind of data ends the render."""
    assert attachment_of(drawing()).kind == "png"
    assert b"/Image" in paper(drawing()).objects
    assert b"/Image" not in paper().objects
    for kind in ("image/svg+xml", "text/html", "image/gif", "image/png,image/svg+xml"):
        foreign = replace(document(), logo=f"data:{kind};base64,PHN2Zy8+")
        with pytest.raises(FatalURLFetchingError):
            render.render(compose(foreign, ENGLISH).encode(), "cluster-poster")
