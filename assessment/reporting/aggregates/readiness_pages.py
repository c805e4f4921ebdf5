"""What the pages of a cluster's report draw, made of a snapshot: rows with words, figures as text, steps of colour."""

from dataclasses import dataclass
from typing import Final

from assessment.core.aggregates.snapshots import Column, Row, Table, TableId
from assessment.i18n import Language
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.readiness_findings import amount_words, findings, ranked_practices, summary
from assessment.reporting.aggregates.readiness_words import (
    caption,
    column_words,
    day_of,
    figure_words,
    kind_words,
    table_titles,
    unit_of,
)

STEP: Final = 20
STEPS: Final = 5
"""The scale of the heat tables: 0 to 19, 20 to 39, ... 80 to 100."""

MOST_PRACTICES: Final = 8
"""So many stand on the page of their finding; all of them are in the annex."""

_HEATED: Final[tuple[tuple[TableId, TableId], ...]] = (
    ("sectors", "companies-by-sector"), ("sizes", "companies-by-size"), ("regions", "companies-by-region"),
)  # fmt: skip
_EXPLAINED: Final[tuple[TableId, ...]] = (
    "sections", "sectors", "sizes", "regions", "percentiles", "practices", "amounts",
)  # fmt: skip
"""Tables whose absence is told; without an earlier snapshot or another cluster there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One figure of a heat table; a withheld one has no step and no text."""

    text: str
    step: int | None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A category with its cells and how many companies it has, as shown."""

    title: str
    cells: tuple[HeatCell, ...]
    companies: str


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat table with its words; `told` says whether it has any figure, `left_out` how many rows have none."""

    id: TableId
    title: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    caption: str
    left_out: int
    told: bool

    @property
    def counted(self) -> bool:
        """Whether it says of any row how many companies it has: a column of nothing says nothing."""
        return any(row.companies for row in self.rows)


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table as text: heads and rows, withheld figures empty; `left_out` counts rows without any figure."""

    title: str
    kind: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    caption: str
    left_out: int


def pages(document: ClusterReadinessDocument, language: Language) -> dict[str, object]:
    """All that the template fills in."""
    titles = table_titles(language)
    heats = {
        name: heat(document, name, counts, language) for name, counts in _HEATED if document.table(name) is not None
    }
    # What a finding's page shows is not shown again.
    annex = [name for name in ("percentiles", "practices") if document.told(name)]
    return {
        "report": document, "words": document.words, "day": day_of(document.snapshot),
        "summary": summary(document, language), "findings": findings(document, language),
        "companies": figure_words(document.snapshot.companies, language),
        "overall": _overall(document, language), "heats": heats,
        "untold": [titles[name] for name in _EXPLAINED if document.table(name) is not None and not document.told(name)],
        "tables": {
            table.id: plain_table(table, document, language)
            for table in document.snapshot.tables if document.told(table.id)
        },
        "annex": annex,
        "spreads": _spreads(document, language), "missing": _missing(document, language),
        "funnel": _funnel(document, language), "changes": _pairs(document, "change", ("before", "now"), language),
        "compared_heads": [
            column_words(document.snapshot.table("comparison"), column, document.words, language)
            for column in _compared_columns(document)
        ],
        "comparisons": _compared(document, language), "steps": _steps(language),
        "captions": {table.id: caption(table, document, language) for table in document.snapshot.tables},
    }  # fmt: skip


def _steps(language: Language) -> list[str]:
    return [
        language.gettext("%(low)s to %(high)s")
        % {"low": at * STEP, "high": (at + 1) * STEP - (1 if at < STEPS - 1 else 0)}
        for at in range(STEPS)
    ]


def step_of(points: float) -> int:
    """The step of the scale that points lie in, 0 to 4."""
    return min(STEPS - 1, int(points) // STEP)


def heat(document: ClusterReadinessDocument, name: TableId, counts: TableId, language: Language) -> Heat:
    """Category by section, coloured by step, with the companies of each category. Raises KeyError without the table."""
    table = document.snapshot.table(name)
    rows = tuple(
        HeatRow(
            document.words.title(table.kind, row.key),
            tuple(
                HeatCell(figure_words(figure, language), None if figure is None else step_of(figure))
                for figure in row.figures
            ),
            figure_words(document.figure(counts, row.key, "companies"), language),
        )
        for row in table.rows
        if _is_told(table, row) or document.figure(counts, row.key, "companies") is not None
    )
    told = document.told(name) or document.told(counts)
    return Heat(
        name, table_titles(language)[name], kind_words(table, language),
        tuple(column_words(table, column, document.words, language) for column in table.columns), rows,
        caption(table, document, language), len(table.rows) - len(rows), told,
    )  # fmt: skip


def _is_told(table: Table, row: Row) -> bool:
    """Whether a row is printed. Of the many categories and practices those without any figure are counted instead:
    nothing is told of a group by that, as nothing is told of one that nobody is in.
    """
    return table.kind in ("stage", "section") or any(figure is not None for figure in row.figures)


def plain_table(table: Table, document: ClusterReadinessDocument, language: Language) -> PlainTable:
    """A table as text. Amounts carry their unit."""
    rows = []
    for row in (row for row in table.rows if _is_told(table, row)):
        cells = []
        for column, figure in zip(table.columns, row.figures, strict=True):
            if column.rule == "sum":
                cells.append(amount_words(figure, unit_of(column, row), language))
            else:
                written = figure_words(figure, language, signed=column.rule == "difference")
                cells.append(f"{written}\u00a0%" if written and column.unit == "per cent" else written)
        rows.append((document.words.title(table.kind, row.key), tuple(cells)))
    heads = tuple(column_words(table, column, document.words, language) for column in table.columns)
    return PlainTable(
        table_titles(language)[table.id], kind_words(table, language), heads, tuple(rows),
        caption(table, document, language), len(table.rows) - len(rows),
    )  # fmt: skip


def _overall(document: ClusterReadinessDocument, language: Language) -> tuple[str, str] | None:
    """The overall score as text, and what it is."""
    _ = language.gettext
    for column, said in (("median", _("points out of 100: half score this or less")),
                         ("mean", _("points out of 100 on average"))):  # fmt: skip
        figure = document.figure("sections", "overall", column)
        if figure is not None:
            return figure_words(figure, language), said
    return None


def _spreads(document: ClusterReadinessDocument, language: Language) -> list[dict[str, object]]:
    """The sections with middle half and median, or with the mean alone."""
    table = document.table("sections")
    rows: list[dict[str, object]] = []
    for row in table.rows if table else ():
        found = {column.key: figure for column, figure in zip(table.columns, row.figures, strict=True)} if table else {}
        middle = found["median"] if found.get("median") is not None else found.get("mean")
        title = document.words.title("section", row.key)
        text = figure_words(middle, language)
        rows.append({
            "title": title, "middle": middle, "low": found.get("low"), "high": found.get("high"),
            "cells": [figure_words(figure, language) for figure in row.figures], "strong": row.key == "overall",
            "words": f"{title}: {text}",
        })  # fmt: skip
    return rows


def _missing(document: ClusterReadinessDocument, language: Language) -> list[dict[str, object]]:
    _ = language.gettext
    rows: list[dict[str, object]] = []
    for key, missing, known, share in ranked_practices(document)[:MOST_PRACTICES]:
        title = document.words.title("practice", key)
        text = _("%(missing)s of %(known)s") % {
            "missing": figure_words(missing, language), "known": figure_words(known, language)
        }  # fmt: skip
        rows.append({"label": title, "value": share, "low": None, "high": None, "text": text, "strong": False,
                     "title": f"{title}: {text}"})  # fmt: skip
    return rows


def _funnel(document: ClusterReadinessDocument, language: Language) -> list[dict[str, object]]:
    table = document.table("participation")
    rows: list[dict[str, object]] = []
    for row in table.rows if table else ():
        companies, share = row.figures
        title = document.words.title("stage", row.key)
        text = figure_words(companies, language)
        percent = f"{figure_words(share, language)}\u00a0%" if share is not None else ""
        rows.append({"label": title, "share": share, "companies": text, "percent": percent,
                     "title": f"{title}: {text}, {percent}"})  # fmt: skip
    return rows


def _compared_columns(document: ClusterReadinessDocument) -> list[Column]:
    """The columns of the comparison; that of a model only where the cluster has chosen one."""
    table, has_model = document.table("comparison"), document.words.model or document.told("comparison", "model")
    return [column for column in table.columns if column.key != "model" or has_model] if table else []


def _pairs(
    document: ClusterReadinessDocument, name: TableId, columns: tuple[str, str], language: Language
) -> list[dict[str, object]]:
    """Two figures of each row that has both or one, for a drawing of dots."""
    shown = {column.key for column in _compared_columns(document)} if name == "comparison" else None
    table = document.table(name)
    rows: list[dict[str, object]] = []
    for row in table.rows if table else ():
        first, second = (table.figure(row.key, column) if table else None for column in columns)
        title = document.words.title("section", row.key)
        cells = [
            figure_words(figure, language, signed=column.rule == "difference")
            for column, figure in zip(table.columns if table else (), row.figures, strict=True)
            if shown is None or column.key in shown
        ]
        rows.append({"title": title, "before": first, "after": second, "cells": cells, "strong": row.key == "overall"})
    return rows


def _compared(document: ClusterReadinessDocument, language: Language) -> list[dict[str, object]]:
    """Own mean against others, against the model where there is no median of clusters."""
    other = "clusters" if document.told("comparison", "clusters") else "model"
    return _pairs(document, "comparison", (other, "own"), language)
