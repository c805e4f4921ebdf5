"""A snapshot as a workbook: one sheet for each table, and the codebook. Text is always text, never a formula."""

import io
from datetime import UTC, datetime
from textwrap import wrap
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assessment.core.aggregates.snapshots import Table
from assessment.i18n import Language
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.cluster_exports import CODEBOOK_COLUMNS, codebook
from assessment.reporting.aggregates.readiness_words import (
    OF_THE_ROW,
    caption,
    column_words,
    kind_words,
    table_titles,
    unit_words,
    withheld_words,
)

_BEFORE_ALL: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""The same snapshot makes the same bytes, so the file carries no time of its own."""
_LONGEST_NAME: Final = 31
_LINE: Final = 15
_WIDTHS: Final = {"wide": 44, "figure": 16}


class _Looks:
    """How cells look."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 16, "font_color": "#0b5f3b"})
        self.lead: Format = book.add_format({"font_size": 11})
        self.head: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        over = {"text_wrap": True, "align": "right"}
        self.head_of_figures: Format = book.add_format({"bold": True, "valign": "bottom", "bottom": 1, **over})
        self.unit: Format = book.add_format({"italic": True, "valign": "top", **over})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.number: Format = book.add_format({"num_format": "#,##0.###", "valign": "top"})
        self.whole: Format = book.add_format({"num_format": "#,##0", "valign": "top"})


def as_xlsx(document: ClusterReadinessDocument, language: Language) -> bytes:
    """The workbook. A withheld figure is an empty cell."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    book.set_properties({"title": document.words.cluster, "author": "Green Pathways", "created": _BEFORE_ALL})
    looks = _Looks(book)
    for table in document.snapshot.tables:
        _sheet(book.add_worksheet(table.id[:_LONGEST_NAME]), table, document, looks, language)
    _codebook(book.add_worksheet("codebook"), document, looks, language)
    book.close()
    return packed.getvalue()


def _sheet(
    sheet: Worksheet, table: Table, document: ClusterReadinessDocument, looks: _Looks, language: Language
) -> None:
    own_units = any(column.unit == OF_THE_ROW for column in table.columns)
    first = 3 if own_units else 2
    _lay_out(sheet, first, len(table.columns))
    sheet.write_string(0, 0, f"{document.words.cluster}: {table_titles(language)[table.id]}", looks.title)
    sheet.write_string(1, 0, caption(table, document, language), looks.lead)
    sheet.write_string(2, 0, language.gettext("An empty cell: %(words)s") % {"words": withheld_words(language)})
    sheet.write_string(4, 0, kind_words(table, language), looks.head)
    sheet.write_string(4, 1, language.gettext("Code"), looks.head)
    if own_units:
        sheet.write_string(4, 2, language.gettext("Unit"), looks.head)
    for at, column in enumerate(table.columns, first):
        sheet.write_string(4, at, column_words(table, column, document.words, language), looks.head_of_figures)
        sheet.write_string(5, at, unit_words(column.unit, language), looks.unit)
    heads = (column_words(table, column, document.words, language) for column in table.columns)
    sheet.set_row(4, _LINE * max((len(wrap(head, _WIDTHS["figure"] - 3)) for head in heads), default=1))
    for line, row in enumerate(table.rows, 6):
        title = document.words.title(table.kind, row.key)
        sheet.write_string(line, 0, title, looks.text)
        # Not every program makes a row higher for a text that needs two lines.
        sheet.set_row(line, _LINE * len(wrap(title, _WIDTHS["wide"] - 4)))
        sheet.write_string(line, 1, row.key, looks.text)
        if own_units:
            sheet.write_string(line, 2, unit_words(row.unit, language), looks.text)
        for at, figure in enumerate(row.figures, first):
            if figure is not None:
                sheet.write_number(line, at, figure, looks.whole if isinstance(figure, int) else looks.number)


def _lay_out(sheet: Worksheet, first: int, figures: int) -> None:
    sheet.set_column(0, 0, _WIDTHS["wide"])
    sheet.set_column(1, first + figures, _WIDTHS["figure"])
    sheet.freeze_panes(6, 1)
    sheet.repeat_rows(4, 5)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _codebook(sheet: Worksheet, document: ClusterReadinessDocument, looks: _Looks, language: Language) -> None:
    sheet.set_column(0, len(CODEBOOK_COLUMNS), 22)
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(CODEBOOK_COLUMNS):
        sheet.write_string(0, at, name, looks.head)
    for line, entry in enumerate(codebook(document, language), 1):
        for at, value in enumerate(entry.model_dump(mode="json").values()):
            if isinstance(value, int):
                sheet.write_number(line, at, value, looks.whole)
            else:
                sheet.write_string(line, at, str(value), looks.text)
