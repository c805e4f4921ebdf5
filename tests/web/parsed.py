"""Pages read as a browser reads them, and held to what was meant: browsers repair in silence what no page should be."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

import turbohtml
from turbohtml import TokenType, etree
from turbohtml.etree import ElementView

_VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})


class NotValid(Exception):
    """A page that a browser would have to repair."""


def tree_of(text: str) -> ElementView:
    """The document of a page.

    Raises NotValid where the parser reports a mistake, or where the document, written out again, has other tags than
    the page: then one was left out, stood where it may not, or was never opened. Tags that the standard lets an author
    leave out have to be written too.
    """
    try:
        document = turbohtml.parse(text, strict=True, positions=False)
    except turbohtml.HTMLParseError as mistake:
        raise NotValid(str(mistake)) from mistake
    before: list[str] = []
    for meant, read in zip_longest(_tags(text), _tags(document.html)):
        if meant != read:
            raise NotValid(f"after {' '.join(before[-3:])} stands {meant}, which is read as {read}")
        before.append(meant or "")
    return etree.document_fromstring(text)


def _tags(text: str) -> Iterator[str]:
    """The tags in their order; one that closes itself counts as two, as it is written out again."""
    for token in turbohtml.tokenize(text):
        if token.type is TokenType.START_TAG:
            yield f"<{token.tag}>"
            if token.self_closing and token.tag not in _VOID:
                yield f"</{token.tag}>"
        elif token.type is TokenType.END_TAG:
            yield f"</{token.tag}>"
