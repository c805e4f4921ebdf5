"""A printed report as the tests look at it: its text, where every letter stands, its bookmarks and fonts."""

import atexit
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from html import unescape

import page
import pypdfium2  # type: ignore[import-untyped]

from assessment.i18n import Language
from assessment.reporting.compose import compose, report_of
from assessment.reporting.documents import Document
from assessment.reporting.preloaded import Renderer
from tests.reporting.languages import ENGLISH

POINTS_PER_MM = 72 / 25.4
SIDE = 20 * POINTS_PER_MM
PAGE_WIDTH, PAGE_HEIGHT = 210 * POINTS_PER_MM, 297 * POINTS_PER_MM
FOOT = 8 * POINTS_PER_MM
FOOTER = 20 * POINTS_PER_MM
"""What stands lower is the line with the page number."""

HEADER = 21 * POINTS_PER_MM
"""What stands higher is the line with the name of the report (on the first page its own head)."""

THIN = 0.2
"""A page is nearly empty where less of its height is used."""

HEADING = 9.5
"""Letters higher than that are of a chapter's heading."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter and its box in points, from the left and from the foot of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


class Paper:
    """One PDF."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._pdf = pypdfium2.PdfDocument(content)

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page, with single spaces."""
        texts = (sheet.get_textpage().get_text_range() for sheet in self._pdf)
        return [re.sub(r"\s+", " ", text.replace("\ufffe", "")) for text in texts]

    @cached_property
    def text(self) -> str:
        """The text of all pages."""
        return " ".join(self.pages)

    @cached_property
    def letters(self) -> list[list[Letter]]:
        """The visible letters of each page."""
        pages = []
        for sheet in self._pdf:
            found = sheet.get_textpage()
            texts = [found.get_text_range(index, 1) for index in range(found.count_chars())]
            pages.append([Letter(text, *found.get_charbox(i)) for i, text in enumerate(texts) if text.strip()])
        return pages

    @property
    def bookmarks(self) -> list[tuple[int, str]]:
        """Level and title of each bookmark."""
        return [(mark.level, mark.get_title()) for mark in self._pdf.get_toc()]

    @property
    def chapters(self) -> list[tuple[int, str]]:
        """Page and title of each chapter."""
        found = [(mark.get_dest(), mark) for mark in self._pdf.get_toc() if mark.level == 0]
        return [(place.get_index() + 1, mark.get_title()) for place, mark in found if place is not None]

    @property
    def metadata(self) -> dict[str, str]:
        """Title, author and the like."""
        return dict(self._pdf.get_metadata_dict())

    @cached_property
    def objects(self) -> bytes:
        """The file with its packed objects unpacked."""
        unpacked = [self.content]
        # The writer ends lines with \n alone; a \r before it belongs to the packed bytes.
        for packed in re.finditer(rb"stream\n(.*?)\nendstream", self.content, re.DOTALL):
            try:
                unpacked.append(zlib.decompress(packed[1]))
            except zlib.error:
                continue
        return b"\n".join(unpacked)

    @property
    def fonts(self) -> set[bytes]:
        """The names of the fonts, without the mark of a subset."""
        return {name.partition(b"+")[2] or name for name in re.findall(rb"/BaseFont\s*/([^\s/>]+)", self.objects)}


BUSY_MACHINE = 180.0
"""Seconds by the clock: what is looked at here is the paper. How long it may take is tested in `test_render`."""


@cache
def printed(document: Document, language: Language = ENGLISH) -> Paper:
    """The document as a PDF."""
    return Paper(Renderer().render_pdf(compose(document, language), report_of(document), BUSY_MACHINE))


# What is still open when Python ends is told line by line by the library that reads PDFs.
atexit.register(printed.cache_clear)


def complaints(paper: Paper) -> list[str]:
    """What the PDF/UA-1 check finds wrong."""
    report = page.validate_pdf_bytes(paper.content, profile="ua1")
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def outside(paper: Paper) -> list[tuple[int, str]]:
    """Page and letter of everything that leaves the type area (the head and foot of a page belong to it)."""
    slack = 1.0
    return [
        (number, letter.text)
        for number, letters in enumerate(paper.letters, 1)
        for letter in letters
        if letter.left < SIDE - slack
        or letter.right > PAGE_WIDTH - SIDE + slack
        or letter.bottom < FOOT
        or letter.top > PAGE_HEIGHT - FOOT
    ]


def overprinted(paper: Paper) -> list[tuple[int, str]]:
    """Page and letter of everything that stands on another letter."""
    found = []
    for number, letters in enumerate(paper.letters, 1):
        taken: set[tuple[int, int]] = set()
        for letter in letters:
            if letter.text in ".,:;’'“”|iljtf-–":
                continue
            middle = (round((letter.left + letter.right) / 2), round((letter.bottom + letter.top) / 2))
            if middle in taken:
                found.append((number, letter.text))
            taken.add(middle)
    return found


def used_height(letters: Sequence[Letter]) -> float:
    """Which share of the height of its type area a page uses, from the top down to its lowest letter."""
    top = PAGE_HEIGHT - HEADER
    text = [letter.bottom for letter in letters if letter.bottom > FOOTER and letter.top < top]
    return (top - min(text, default=top)) / (top - FOOTER)


def thin_pages(paper: Paper, least: float = THIN) -> list[int]:
    """Pages that are nearly empty, however small and dense the few lines on them are; the last may end sooner."""
    heights = [used_height(letters) for letters in paper.letters]
    last = len(heights)
    return [at for at, height in enumerate(heights, 1) if height < (least if at < last else least / 2)]


def lines(letters: Sequence[Letter], below: float = PAGE_HEIGHT) -> int:
    """How many lines of text stand between the foot of a page and a height, told by letters that stand on the line."""
    return len({round(each.bottom) for each in letters if each.text in "mnrxzi" and FOOTER < each.bottom < below})


def begun_at_the_foot(paper: Paper, least: int = 4) -> list[int]:
    """Pages whose last chapter heading has hardly any line under it."""
    found = []
    for number, letters in enumerate(paper.letters, 1):
        headings = [letter.bottom for letter in letters if letter.top - letter.bottom > HEADING]
        if headings and lines(letters, below=min(headings) - 9) < least:
            found.append(number)
    return found


def words_of(html: str) -> str:
    """The words of a composed report in reading order, which is the order of the tags in its PDF."""
    visible = re.sub(r"<title>.*?</title>", "", html[html.index("<body") :])
    return re.sub(r"\s+([,.])", r"\1", re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", visible))))


def in_order(text: str, words: Sequence[str]) -> bool:
    """Whether the words come one after the other."""
    place = 0
    for word in words:
        place = text.find(word, place)
        if place < 0:
            return False
        place += len(word)
    return True
