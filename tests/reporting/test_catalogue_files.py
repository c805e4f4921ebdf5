"""The files of the catalogue: every column explained, every row with its licence, no formula, the same bytes again."""

import csv
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from assessment.content.folders import CATALOGUE
from assessment.content.resources.catalogue import load_catalogue
from assessment.content.resources.catalogue_columns import DATA_LICENCE, KINDS, columns_of
from assessment.core.errors import NotFound
from assessment.core.resources.catalogue import Catalogue
from assessment.reporting.resources.catalogue_codebook import meaning_of
from assessment.reporting.resources.catalogue_files import EXPORTS, FileFormat, as_csv, as_json, as_xlsx, file_of
from tests import builders

FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "＝1+1", "'=1", "http://example.org", "{=1}", "0012"]


@pytest.fixture(scope="module", name="shipped")
def _shipped() -> Catalogue:
    return load_catalogue(CATALOGUE)


def tables(content: bytes) -> dict[str, list[dict[str, str]]]:
    """The rows of every CSV file of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""))
            )
            for name in archive.namelist()
        }


def with_text(text: str) -> Catalogue:
    """A catalogue in which somebody wrote a text that a spreadsheet might run."""
    return builders.catalogue(builders.block("a-guide", title=text, summary=text, year=1999))


def test_every_kind_is_a_table_and_the_codebook_explains_every_column(shipped: Catalogue) -> None:
    found = tables(as_csv(shipped))
    assert list(found) == [*KINDS, "codebook"]
    explained = {(row["table"], row["column"]) for row in found["codebook"]}
    for name, kind in KINDS.items():
        assert len(found[name]) == len(kind.entries(shipped))
        for column in found[name][0]:
            assert (name, re.sub(r"\.[0-9]+\.", ".N.", column)) in explained, column
    assert all(row["meaning"] and row["type"] for row in found["codebook"])


def test_every_column_that_an_entry_can_have_has_a_meaning() -> None:
    for kind in KINDS.values():
        for column in columns_of(kind, []):
            assert meaning_of(column.name)


def test_a_column_without_a_meaning_would_be_noticed() -> None:
    with pytest.raises(KeyError):
        meaning_of("something_new")


@pytest.mark.parametrize("form", EXPORTS)
def test_every_row_carries_its_licence(shipped: Catalogue, form: FileFormat) -> None:
    content = EXPORTS[form](shipped)
    if form == "json":
        document = json.loads(content)
        licences = [entry["data_licence"] for name in KINDS for entry in document[name]]
    elif form == "csv":
        licences = [row["data_licence"] for name, rows in tables(content).items() if name in KINDS for row in rows]
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        licences = []
        for name in KINDS:
            header, *rows = book[name].values
            licences += [row[header.index("data_licence")] for row in rows]
    assert len(licences) == sum(len(kind.entries(shipped)) for kind in KINDS.values())
    assert set(licences) == {DATA_LICENCE}


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(text: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(with_text(text))))["building_blocks"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert text in [cell.value for cell in cells]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    assert [cell.data_type for cell in cells if cell.value == 1999] == ["n"]


@pytest.mark.parametrize("text", FORMULAS[:6])
def test_text_that_a_spreadsheet_would_run_is_defused_in_csv(text: str) -> None:
    [row] = tables(as_csv(with_text(text)))["building_blocks"]
    assert row["title"] == f"'{text}"
    assert row["year"] == "1999"


def test_csv_follows_rfc_4180_in_utf_8(shipped: Catalogue) -> None:
    with zipfile.ZipFile(io.BytesIO(as_csv(shipped))) as archive:
        content = archive.read("funding.csv")
    assert content.startswith(b"\xef\xbb\xbfid,")
    assert content.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1


def test_numbers_that_a_workbook_or_json_would_round_are_written_in_digits() -> None:
    exact = Decimal("0.12345678901234567")
    scheme = builders.scheme("bg-one", max_amount_eur=exact, max_share_pct=Decimal("33.3"))
    held = builders.catalogue(scheme)
    row = json.loads(as_json(held))["funding"][0]
    assert (row["max_amount_eur"], row["max_share_pct"]) == (str(exact), 33.3)
    header, cells = openpyxl.load_workbook(io.BytesIO(as_xlsx(held)))["funding"].values
    assert cells[header.index("max_amount_eur")] == str(exact)
    assert cells[header.index("max_share_pct")] == 33.3


@pytest.mark.parametrize("form", EXPORTS)
def test_the_same_catalogue_makes_the_same_bytes(form: FileFormat) -> None:
    assert EXPORTS[form](with_text("a")) == EXPORTS[form](with_text("a"))
    assert EXPORTS[form](with_text("a")) != EXPORTS[form](with_text("b"))


def test_a_file_is_made_once_and_anew_for_another_catalogue(tmp_path: Path) -> None:
    first = with_text("a")
    assert file_of(first, "csv", tmp_path / "kept") == as_csv(first)
    [path] = (tmp_path / "kept").iterdir()
    path.write_bytes(b"kept")
    assert file_of(first, "csv", tmp_path / "kept") == b"kept"
    assert file_of(with_text("b"), "csv", tmp_path / "kept") == as_csv(with_text("b"))


def test_a_file_that_cannot_be_kept_is_given_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")
    assert file_of(with_text("a"), "json", tmp_path / "kept") == as_json(with_text("a"))


def test_there_is_no_other_format(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        file_of(with_text("a"), "../../etc/passwd", tmp_path)
    assert list(tmp_path.iterdir()) == []
