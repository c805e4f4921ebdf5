"""The files of a snapshot: the same figures in each, empty where they are withheld, and never a formula."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from textwrap import wrap
from typing import Any

import jsonschema
import openpyxl
import pytest

from assessment.content import folders
from assessment.content.aggregates.release_files import without_origin
from assessment.core.aggregates.release_file import ReleaseFile
from assessment.core.aggregates.snapshots import Rules
from assessment.reporting.aggregates import cluster_exports
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.cluster_exports import CLUSTER_EXPORTS, CODEBOOK_COLUMNS, FIGURE_COLUMNS
from assessment.reporting.compose import compose
from tests.reporting import snapshots
from tests.reporting.languages import ENGLISH
from tests.reporting.test_exports import EVIL

Place = tuple[str, str, str]
DOCUMENTS = {
    "sixty members": snapshots.whole_document(), "five companies": snapshots.small_document(),
    "nothing told": snapshots.nothing_document(),
}  # fmt: skip


def shown(document: ClusterReadinessDocument) -> dict[Place, int | float | None]:
    """Every figure of the snapshot by table, row and column."""
    return {
        (table.id, row.key, column.key): figure
        for table in document.snapshot.tables
        for row in table.rows
        for column, figure in zip(table.columns, row.figures, strict=True)
    }


def csv_table(document: ClusterReadinessDocument, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(CLUSTER_EXPORTS["csv"].make(document, ENGLISH))) as archive:
        assert archive.namelist() == ["figures.csv", "codebook.csv"]
        return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))


def workbook(document: ClusterReadinessDocument) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(CLUSTER_EXPORTS["xlsx"].make(document, ENGLISH)))


def written_json(document: ClusterReadinessDocument) -> Any:
    return json.loads(CLUSTER_EXPORTS["json"].make(document, ENGLISH))


def in_workbook(document: ClusterReadinessDocument) -> dict[Place, Any]:
    """The figures of the sheets; their columns stand in the order of the snapshot, behind title, code, perhaps unit."""
    found: dict[Place, Any] = {}
    book = workbook(document)
    for table in document.snapshot.tables:
        rows = list(book[table.id].iter_rows(min_row=7, values_only=True))
        assert len(rows) == len(table.rows)
        for row in rows:
            for column, figure in zip(table.columns, row[-len(table.columns) :], strict=True):
                found[table.id, str(row[1]), column.key] = figure
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_csv_workbook_and_json_show_the_figures_of_the_snapshot_and_no_others(name: str) -> None:
    document = DOCUMENTS[name]
    figures = shown(document)
    table = csv_table(document, "figures.csv")
    in_csv = {(row["table"], row["row"], row["column"]): row["figure"] for row in table}
    assert {place: float(text) if text else None for place, text in in_csv.items()} == figures
    assert in_workbook(document) == figures
    in_json = {
        (found["id"], row["key"], column["key"]): figure
        for found in written_json(document)["snapshot"]["tables"]
        for row in found["rows"]
        for column, figure in zip(found["columns"], row["figures"], strict=True)
    }
    assert in_json == figures


def test_a_figure_that_one_file_shows_differently_would_be_found() -> None:
    figures = shown(DOCUMENTS["sixty members"])
    assert figures != {**figures, ("sections", "wat", "median"): 32}
    assert sum(figure is None for figure in figures.values()) == 45
    assert sum(figure is not None for figure in figures.values()) > 250


def test_every_file_has_a_codebook_that_says_what_each_column_and_a_missing_figure_mean() -> None:
    document = DOCUMENTS["sixty members"]
    rows = csv_table(document, "codebook.csv")
    assert [(row["table"], row["column"]) for row in rows] == [
        (table.id, column.key) for table in document.snapshot.tables for column in table.columns
    ]
    assert tuple(rows[0]) == CODEBOOK_COLUMNS
    for row in rows:
        assert row["unit"]
        assert row["rule_in_words"]
        assert row["population"]
        assert row["taken_on"] == "2026-11-16"
        assert row["k"] == "5"
        assert row["withheld"].startswith("Withheld: too few companies")
    medians = next(row for row in rows if (row["table"], row["column"]) == ("sections", "median"))
    assert medians["rule_in_words"] == "Middle value and middle half, as whole numbers, from 10 companies on."
    sheet = [list(row) for row in workbook(document)["codebook"].iter_rows(values_only=True)]
    assert [[str(cell) for cell in row] for row in sheet[1:]] == [list(row.values()) for row in rows]
    assert [{key: str(value) for key, value in row.items()} for row in written_json(document)["codebook"]] == rows


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_text_of_the_workbook_runs_over_its_row_and_its_heads_stand_on_every_sheet(name: str) -> None:
    for sheet in workbook(DOCUMENTS[name]).worksheets[:-1]:
        assert sheet.print_title_rows == "$5:$6"
        for at, row in enumerate(sheet.iter_rows(min_row=5, values_only=True), 5):
            texts = [(column, cell) for column, cell in enumerate(row) if isinstance(cell, str) and at != 6]
            lines = max((len(wrap(cell, 15 if column else 42)) for column, cell in texts), default=1)
            assert lines * 13 <= (sheet.row_dimensions[at].height or 15), (sheet.title, at)


def test_units_stand_with_the_figures_and_amounts_have_those_of_their_row() -> None:
    rows = csv_table(DOCUMENTS["sixty members"], "figures.csv")
    assert tuple(rows[0]) == FIGURE_COLUMNS
    units = {row["row"]: row["unit"] for row in rows if row["table"] == "amounts" and row["column"] == "sum"}
    assert units == {"planned-eur": "EUR", "planned-kwh": "kWh", "measured-kwh": "kWh"}
    assert {row["unit"] for row in rows if row["table"] == "sectors"} == {"points"}


def test_json_keeps_to_the_published_schema_which_is_that_of_the_models() -> None:
    text = (folders.REPORTS / cluster_exports.SCHEMA_FILE).read_text("utf-8")
    assert text == cluster_exports.schema_text()
    checked = jsonschema.Draft202012Validator(json.loads(text))
    for document in DOCUMENTS.values():
        found = written_json(document)
        checked.validate(found)
        ReleaseFile.model_validate(found)
    found["snapshot"]["tables"][0]["rows"][0]["figures"] = ["many", 1]
    with pytest.raises(jsonschema.ValidationError):
        checked.validate(found)
    assert found["json_schema"] == "https://gp.example.org/schemas/release-1.json"


def test_no_file_names_the_population_by_its_key() -> None:
    document = DOCUMENTS["sixty members"]
    key = document.snapshot.population
    for export in CLUSTER_EXPORTS.values():
        assert key.encode() not in export.make(document, ENGLISH)
    other = document.snapshot.model_copy(update={"population": "cluster:other"})
    assert without_origin(other).population != without_origin(document.snapshot).population


@pytest.mark.parametrize("evil", EVIL)
def test_text_never_runs_as_a_formula(evil: str) -> None:
    document = ClusterReadinessDocument(snapshots.snapshot(), snapshots.words())
    titles = {**document.words.titles, "section": dict.fromkeys(snapshots.SECTIONS, evil)}
    document = ClusterReadinessDocument(document.snapshot, snapshots.words(titles=titles, cluster=evil or "x"))
    for sheet in workbook(document):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    for line in csv_table(document, "figures.csv"):
        if line["table"] == "sections":
            assert line["row_title"] in (evil, f"'{evil}")
            assert line["row_title"][:1] not in "=+-@\t\r"


def test_the_same_snapshot_makes_the_same_bytes() -> None:
    document = DOCUMENTS["sixty members"]
    for form, export in CLUSTER_EXPORTS.items():
        assert export.make(document, ENGLISH) == export.make(document, ENGLISH), form


def test_what_writes_workbooks_is_not_loaded_by_the_module_of_exports() -> None:
    probe = "import sys, assessment.reporting.aggregates.cluster_exports; sys.exit('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_how_nearly_a_small_group_may_be_told_is_told_in_no_file_and_on_no_page() -> None:
    usual = snapshots.whole_document()
    assert usual.snapshot.rules.p == 10
    other = replace(usual, snapshot=usual.snapshot.model_copy(update={"rules": Rules(p=97)}))
    for form in ("csv", "json"):
        made = CLUSTER_EXPORTS[form].make
        assert made(usual, ENGLISH) == made(other, ENGLISH), form
    assert in_workbook(usual) == in_workbook(other)
    assert compose(usual, ENGLISH) == compose(other, ENGLISH)
    assert "p" not in written_json(other)["snapshot"]["rules"]
    assert "p" not in cluster_exports.schema()["$defs"]["Rules"]["properties"]
    # The number behind every figure is told, and would be seen here.
    raised = replace(usual, snapshot=usual.snapshot.model_copy(update={"rules": Rules(k=9)}))
    assert compose(usual, ENGLISH) != compose(raised, ENGLISH)


def test_a_file_that_still_names_it_is_read_as_before() -> None:
    file = cluster_exports.release_file(snapshots.whole_document(), ENGLISH).model_dump(mode="json")
    file["snapshot"]["rules"]["p"] = 12
    assert ReleaseFile.model_validate(file).snapshot.rules.p == 12
