"""What tests read of a page is what a browser reads, and what a browser would have to repair is refused."""

import pytest

from tests.web.parsed import NotValid, tree_of
from tests.web.routes import Finished

PAGE = "<!doctype html><html><head><title>a</title></head><body><main>{}</main></body></html>"


@pytest.mark.parametrize(
    "broken",
    [
        "<p>text</b></p>", "<p>text", "<p><div>text</div></p>", "<a href=/>one<a href=/>two</a></a>",
        "<b><i>text</b></i>",
        "<table><tr><td>text</td></tr></table>", "<table><tbody><strong></strong></tbody></table>", "<ul><li>text</ul>",
        "<form><form></form></form>", "<p id=a id=b>text</p>", "<p title='a'class='b'>text</p>", "text</main>",
        "<select><option>one<option>two</select>", "<svg><p>text</p></svg>", "<p>&nosuch; text</p><!-- a --!>",
    ],
)  # fmt: skip
def test_what_a_browser_would_repair_is_refused(broken: str) -> None:
    with pytest.raises(NotValid):
        tree_of(PAGE.format(broken))


def test_what_needs_no_repair_is_read() -> None:
    sound = '<p title="1 > 0 / 2">1 &lt; 2<br>&amp; <input value="</p>"></p><svg viewBox="0 0 1 1"><path d="M0"/></svg>'
    main = tree_of(PAGE.format(sound)).find("body/main")
    assert main is not None
    assert [element.tag for element in main.iter()] == ["main", "p", "br", "input", "svg", "path"]
    assert "".join(main.itertext()) == "1 < 2& "


def test_pages_of_a_check_are_read(finished: Finished) -> None:
    for path in ("", "/results", "/plan", "/check"):
        page = finished.owner.get(f"{finished.owner.hub}{path}")
        assert " ".join("".join(page.tree.itertext()).split()) != ""
