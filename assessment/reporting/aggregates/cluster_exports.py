"""A cluster's readiness as files to work on with: CSV, a workbook and JSON, each with its codebook.

One document is behind all of them and the PDF, so they cannot show other figures. A withheld figure is an empty cell,
and null in JSON. Names of columns and codes are the same in every language; titles are in the reader's.
"""

import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from assessment.content.aggregates.release_files import without_origin, written
from assessment.core.aggregates.release_file import FORMAT_NAME, SCHEMA_VERSION, CodebookEntry, ReleaseFile
from assessment.i18n import Language
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.readiness_words import (
    column_words,
    day_of,
    kind_words,
    population_words,
    rule_words,
    table_titles,
    unit_of,
    withheld_words,
)
from assessment.reporting.csv_files import csv_table, zipped

Form = Literal["csv", "xlsx", "json"]

NAME: Final = "green-pathways-readiness"
SCHEMA_PATH: Final = f"/schemas/release-{SCHEMA_VERSION}.json"
SCHEMA_FILE: Final = f"cluster-readiness/release-{SCHEMA_VERSION}.schema.json"
"""Among the reports."""

FIGURE_COLUMNS: Final = (
    "table", "row", "row_title", "column", "column_title", "unit", "rule", "population", "taken_on", "figure",
)  # fmt: skip
CODEBOOK_COLUMNS: Final = tuple(CodebookEntry.model_fields)


@dataclass(frozen=True, slots=True)
class ClusterExport:
    """One kind of file: how its name ends, what it is called on the web, and how it is made."""

    ending: str
    mimetype: str
    make: Callable[[ClusterReadinessDocument, Language], bytes]


def codebook(document: ClusterReadinessDocument, language: Language) -> tuple[CodebookEntry, ...]:
    """One entry for each column of each table, in their order."""
    snapshot, titles = document.snapshot, table_titles(language)
    return tuple(
        CodebookEntry(
            table=table.id, table_title=titles[table.id], column=column.key,
            column_title=column_words(table, column, document.words, language), unit=column.unit, rule=column.rule,
            rule_in_words=rule_words(column.rule, snapshot.rules, language),
            population=population_words(table, language), taken_on=day_of(snapshot).isoformat(), k=snapshot.rules.k,
            withheld=withheld_words(language),
        )
        for table in snapshot.tables
        for column in table.columns
    )  # fmt: skip


def figures(document: ClusterReadinessDocument, language: Language) -> Iterator[Mapping[str, Any]]:
    """Every figure of the snapshot as a row with the columns of `FIGURE_COLUMNS`; None where it is withheld."""
    snapshot = document.snapshot
    for table in snapshot.tables:
        for row in table.rows:
            for column, figure in zip(table.columns, row.figures, strict=True):
                yield {
                    "table": table.id, "row": row.key, "row_title": document.words.title(table.kind, row.key),
                    "column": column.key, "column_title": column_words(table, column, document.words, language),
                    "unit": unit_of(column, row), "rule": column.rule, "population": table.population,
                    "taken_on": day_of(snapshot).isoformat(), "figure": figure,
                }  # fmt: skip


def as_csv(document: ClusterReadinessDocument, language: Language) -> bytes:
    """A ZIP of two CSV files: one tidy table of all figures, and the codebook. One snapshot makes the same bytes."""
    entries = [entry.model_dump(mode="json") for entry in codebook(document, language)]
    tables = {
        "figures.csv": csv_table(FIGURE_COLUMNS, _cells(FIGURE_COLUMNS, figures(document, language))),
        "codebook.csv": csv_table(CODEBOOK_COLUMNS, _cells(CODEBOOK_COLUMNS, entries)),
    }
    taken = document.snapshot.taken_at
    return zipped(tables, (taken.year, taken.month, taken.day, taken.hour, taken.minute, taken.second))


def _cells(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    return [[row[column] for column in columns] for row in rows]


def as_xlsx(document: ClusterReadinessDocument, language: Language) -> bytes:
    """A workbook. What writes it is loaded with the first one, so that no web worker waits for it when it starts."""
    workbook: Callable[[ClusterReadinessDocument, Language], bytes]
    workbook = importlib.import_module("assessment.reporting.aggregates.cluster_workbook").as_xlsx
    return workbook(document, language)


def release_file(document: ClusterReadinessDocument, language: Language) -> ReleaseFile:
    """The snapshot in the published form, without a signature and without the key of its population."""
    words = document.words
    heads = {table.kind: kind_words(table, language) for table in document.snapshot.tables}
    return ReleaseFile(
        format=FORMAT_NAME, schema_version=SCHEMA_VERSION, json_schema=words.link + SCHEMA_PATH,
        language=language.code, cluster=words.cluster, example=words.example, questionnaire=words.questionnaire,
        questionnaire_title=words.questionnaire_title,
        titles={
            kind: {
                row.key: words.title(kind, row.key)
                for table in document.snapshot.tables if table.kind == kind for row in table.rows
            }
            for kind in heads
        },
        codebook=codebook(document, language), snapshot=without_origin(document.snapshot),
    )  # fmt: skip


def as_json(document: ClusterReadinessDocument, language: Language) -> bytes:
    """The snapshot as JSON in the published form."""
    return written(release_file(document, language).model_dump(mode="json", exclude={"signature"}))


def schema() -> dict[str, Any]:
    """The JSON Schema of the file, signed or not."""
    found = ReleaseFile.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:green-pathways:release:1", **found}


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


CLUSTER_EXPORTS: Final[Mapping[Form, ClusterExport]] = {
    "csv": ClusterExport("zip", "application/zip", as_csv),
    "xlsx": ClusterExport("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "json": ClusterExport("json", "application/json", as_json),
}
"""One entry for each form; pages and command line offer what stands here."""
