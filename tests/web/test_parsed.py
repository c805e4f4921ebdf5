"""What tests read of a page is what a parser reads that has never seen one like it."""

from xml.etree.ElementTree import tostring

import pytest
from html5lib.html5parser import ParseError  # type: ignore[import-untyped]

from tests.web import parsed
from tests.web.parsed import tree_of
from tests.web.routes import Finished

ID, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
PAGE = '<!doctype html><title>a {0}</title><p id="b{0}">{0} and <i>c</i> {0}<input name=t value="{1}">'


def test_two_pages_of_one_shape_are_each_read_as_they_are() -> None:
    for drawn in ((ID, "x" * 16), (OTHER, "y-_" * 7), (ID, OTHER)):
        text = PAGE.format(*drawn)
        assert tostring(tree_of(text)) == tostring(parsed._parsed(text))


def test_what_a_test_does_to_one_page_is_not_seen_on_the_next() -> None:
    tree_of(PAGE.format(ID, OTHER)).clear()
    assert tree_of(PAGE.format(ID, OTHER)).find(".//p") is not None


def test_a_sign_of_ours_on_a_page_is_no_stand_in() -> None:
    assert "\ue000" in "".join(tree_of(PAGE.format(ID, OTHER).replace(" and ", "\ue000")).itertext())


def test_what_is_not_valid_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(ParseError):
            tree_of(f"<!doctype html><title>a</title><p>{ID}</b>")


def test_pages_of_a_check_are_read_as_they_are(finished: Finished) -> None:
    for path in ("", "/results", "/plan", "/check"):
        for _ in range(2):
            page = finished.owner.get(f"{finished.owner.hub}{path}")
            assert tostring(page.tree) == tostring(parsed._parsed(page.text))
