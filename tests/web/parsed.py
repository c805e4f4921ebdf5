"""Pages parsed by the letter of the standard, each form of a page once: most differ only in what is drawn anew."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]

_DRAWN: Final = re.compile(r'[0-9a-f]{32,64}|(?<=value=")[A-Za-z0-9_-]{16,64}(?=")')
"""Ids, and tokens of forms. They are letters, digits and hyphens, so no parser sees anything else in another one."""
_FIRST, _LAST = 0xE000, 0xF8FF
"""What stands for them: signs that nothing else on a page uses."""
_STANDS_IN: Final = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")


@dataclass(frozen=True, slots=True)
class _Shape:
    """A document with signs for what was drawn, and where they stand: place of the element, name of the attribute
    (`text` and `tail` have a space before them, as no attribute has)."""

    tree: Element
    signs: tuple[tuple[int, str], ...]


def tree_of(text: str) -> Element:
    """The document of a page; raises html5lib's ParseError where it is not valid."""
    drawn: list[str] = []

    def sign(found: re.Match[str]) -> str:
        drawn.append(found[0])
        return chr(_FIRST + len(drawn) - 1)

    shape = _DRAWN.sub(sign, text)
    if len(drawn) > _LAST - _FIRST or _STANDS_IN.search(text):
        return _parsed(text)
    known = _shape_of(shape)
    tree = deepcopy(known.tree)
    elements = list(tree.iter())
    for place, name in known.signs:
        element = elements[place]
        if name == " text":
            element.text = _filled(element.text or "", drawn)
        elif name == " tail":
            element.tail = _filled(element.tail or "", drawn)
        else:
            element.set(name, _filled(element.attrib[name], drawn))
    return tree


def _filled(text: str, drawn: list[str]) -> str:
    return _STANDS_IN.sub(lambda found: drawn[ord(found[0]) - _FIRST], text)


@lru_cache(maxsize=96)
def _shape_of(text: str) -> _Shape:
    tree = _parsed(text)
    return _Shape(tree, tuple(_signs(tree)))


def _signs(tree: Element) -> Iterator[tuple[int, str]]:
    for place, element in enumerate(tree.iter()):
        for name, value in ((" text", element.text), (" tail", element.tail), *element.items()):
            if value and _STANDS_IN.search(value):
                yield place, name


def _parsed(text: str) -> Element:
    builder = html5lib.getTreeBuilder("etree")
    tree: Element | None = html5lib.HTMLParser(builder, strict=True, namespaceHTMLElements=False).parse(text)
    assert tree is not None
    return tree
