"""Plain HTML of ours to a Word document, for a child process: the one module that imports python-docx.

`python -m assessment.reporting.word` reads HTML on standard input and writes a .docx file on standard output. It knows
headings, paragraphs, lists and tables, bold words and line ends; anything else in the HTML is a fault. The document
has real headings, table heads that repeat, alternative texts, its language, and no macros.
"""

import re
import resource
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

CPU_SECONDS = 20
BRAND = RGBColor(0x0B, 0x5F, 0x3B)
FONT = "Calibri"
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3}
_Text = list[tuple[str, bool]]
"""Words in pieces, each with whether it is bold; a line end is a piece of its own."""

_BREAK = "\v"

_IGNORED = frozenset({"html", "head", "body", "thead", "tbody", "ul"})


class UnknownTag(Exception):
    """The HTML holds something that has no place in the document."""


def to_word(html: str) -> bytes:
    """The document. Raises UnknownTag for HTML that is not ours."""
    reader = _Reader(_blank())
    reader.feed(html)
    reader.close()
    written = BytesIO()
    reader.document.save(written)
    return written.getvalue()


def _blank() -> WordDocument:
    """An empty A4 document with the styles of the printed plan."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)
    for name, size in (("Normal", 10), ("Heading 1", 20), ("Heading 2", 15), ("Heading 3", 12)):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        if name != "Normal":
            style.font.color.rgb = BRAND
    return document


class _Reader(HTMLParser):
    """Writes the document as it reads."""

    def __init__(self, document: WordDocument) -> None:
        super().__init__(convert_charrefs=True)
        self.document = document
        self._cells: list[list[_Text]] = []
        self._text: _Text = []
        self._bold = False
        self._widths: list[int] = []
        self._table_title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "html":
                _set_language(self.document, given["lang"])
            case "meta":
                self._meta(given)
            case "b":
                self._bold = True
            case "br":
                self._text.append((_BREAK, False))
            case "table":
                self._cells, self._table_title = [], given.get("title", "")
                self._widths = [int(width) for width in given.get("data-widths", "").split()]
            case "tr":
                self._cells.append([])
            case "title" | "p" | "li" | "th" | "td" | "h1" | "h2" | "h3":
                self._text = []
            case _ if tag not in _IGNORED:
                raise UnknownTag(tag)

    def handle_data(self, data: str) -> None:
        self._text.append((data, self._bold))

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "b":
                self._bold = False
            case "title":
                self.document.core_properties.title = _joined(self._text)
            case "h1" | "h2" | "h3":
                self.document.add_heading(_joined(self._text), _HEADINGS[tag])
            case "p":
                _write(self.document.add_paragraph(), self._text)
            case "li":
                _write(self.document.add_paragraph(style="List Bullet"), self._text)
            case "th" | "td":
                self._cells[-1].append(self._text)
            case "table":
                self._add_table()
        if tag not in ("b", "br"):
            # What stands between two parts of the document is no part of either.
            self._text = []

    def _meta(self, given: dict[str, str]) -> None:
        properties = self.document.core_properties
        if given.get("name") == "author":
            properties.author = properties.last_modified_by = given["content"]
            # Without a time of its own it would carry that of the empty document.
            properties.created = properties.modified = datetime.now(UTC)
        if given.get("name") == "footer":
            self.document.sections[0].footer.paragraphs[0].text = given["content"]

    def _add_table(self) -> None:
        columns = max(len(row) for row in self._cells)
        table = self.document.add_table(rows=len(self._cells), cols=columns)
        table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        _describe(table, self._table_title)
        _repeat_head(table)
        before = table._tbl.getprevious()
        if before is not None and before.tag == qn("w:p"):
            # No page ends between a table and what is said of it.
            Paragraph(before, self.document).paragraph_format.keep_with_next = True
        for column, width in zip(table.columns, self._widths, strict=False):
            column.width = Mm(width)
        for number, (row, written) in enumerate(zip(table.rows, self._cells, strict=True)):
            for at, (cell, text) in enumerate(zip(row.cells, written, strict=True)):
                if at < len(self._widths):
                    cell.width = Mm(self._widths[at])
                _fill(cell, text, head=number == 0)
        self.document.add_paragraph().paragraph_format.space_after = Pt(2)


def _fill(cell: _Cell, text: _Text, head: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.keep_with_next = head or None
    paragraph.paragraph_format.keep_together = True
    _write(paragraph, [(words, bold or head) for words, bold in text])


def _write(paragraph: Paragraph, text: _Text) -> None:
    """The pieces as runs, with white space as HTML has it."""
    pieces = [(re.sub(r"\s+", " ", words) if words != _BREAK else words, bold) for words, bold in text]
    for at, (words, bold) in enumerate(pieces):
        first, last = at == 0 or pieces[at - 1][0] == _BREAK, at == len(pieces) - 1
        trimmed = words.lstrip(" ") if first else words
        trimmed = trimmed.rstrip(" ") if last else trimmed
        if words == _BREAK:
            paragraph.add_run().add_break()
        elif trimmed:
            paragraph.add_run(trimmed).bold = bold or None


def _joined(text: _Text) -> str:
    return " ".join("".join(words for words, _ in text).split())


def _set_language(document: WordDocument, code: str) -> None:
    """The language of all text, which spelling and screen readers go by."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    found = defaults.iter(qn("w:lang")) if defaults is not None else ()
    for language in found:
        language.set(qn("w:val"), code)
    document.core_properties.language = code


def _describe(table: Table, title: str) -> None:
    """The alternative text of a table."""
    for name in ("w:tblCaption", "w:tblDescription"):
        described = OxmlElement(name)
        described.set(qn("w:val"), title)
        table._tbl.tblPr.append(described)


def _repeat_head(table: Table) -> None:
    """Mark the first row as the head, on every page that the table reaches."""
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def main() -> None:
    """The command of the module docstring."""
    html = sys.stdin.buffer.read().decode()
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    limit = CPU_SECONDS if hard == resource.RLIM_INFINITY else min(CPU_SECONDS, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    sys.stdout.buffer.write(to_word(html))


if __name__ == "__main__":
    main()
