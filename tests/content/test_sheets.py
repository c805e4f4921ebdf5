"""Tables of foreign files: what is wrong is told by row and column, and no file takes more than its share."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from assessment.content import reading_apart
from assessment.content.sheet_limits import MOST_COLUMNS, MOST_ROWS, WALL_SECONDS
from assessment.content.sheets import read_sheets
from assessment.content.spreadsheet_text import defused, restored
from assessment.core.errors import Flaw, InvalidContent


def refused(path: Path) -> list[Flaw]:
    """Everything that is said of a file that cannot be read, within the time that a person waits."""
    start = time.monotonic()
    with pytest.raises(InvalidContent) as invalid:
        read_sheets(path)
    assert time.monotonic() - start < WALL_SECONDS + 2
    assert all(flaw.message and flaw.cure for flaw in invalid.value.flaws)
    return list(invalid.value.flaws)


def csv_file(folder: Path, content: bytes) -> Path:
    path = folder / "funding.csv"
    path.write_bytes(content)
    return path


def workbook(folder: Path, fill: Callable[[xlsxwriter.worksheet.Worksheet], object]) -> Path:
    path = folder / "catalogue.xlsx"
    book = xlsxwriter.Workbook(path)
    fill(book.add_worksheet("funding"))
    book.close()
    return path


def packed(path: Path, **parts: bytes) -> Path:
    """A workbook with further parts in it, or other ones in their place."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**kept, **parts}.items():
            archive.writestr(name, content)
    return path


def plain(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.write_row(0, 0, ["id", "as_of"])
    sheet.write_row(1, 0, ["bg-one", 2026])


# CSV


def test_a_csv_file_gives_its_rows_with_their_numbers(tmp_path: Path) -> None:
    read = read_sheets(csv_file(tmp_path, b'\xef\xbb\xbfid,note\r\na,"two\r\nlines, ""quoted"""\r\nb,\r\n'))
    assert list(read["funding"].rows) == [(1, ["id", "note"]), (2, ["a", 'two\r\nlines, "quoted"']), (4, ["b", ""])]


@pytest.mark.parametrize(
    ("content", "row", "word"),
    {
        "UTF-16": ("id,note\r\na,b\r\n".encode("utf-16"), 1, "UTF-16"),
        "cp1252": ("id,note\r\na,b\r\nc,Förderung\r\n".encode("cp1252"), 3, "not UTF-8"),
        "NUL": (b"id,note\r\na,b\0\r\n", 2, "NUL"),
        "a quotation mark that is not closed": (b'id,note\r\na,"b\r\nc,d\r\n', 2, "not closed"),
        "a quotation mark within a cell": (b'id,note\r\na,"b"c\r\n', 2, "stands alone"),
        "a ragged row": (b"id,note\r\na,b\r\nc\r\n", 3, "1 cells"),
        "a giant cell": (b"id,note\r\na," + b"x" * 9_000_000 + b"\r\n", 2, "characters"),
        "too many columns": (b",".join(b"c%d" % n for n in range(MOST_COLUMNS + 1)), 1, "columns"),
    }.values(),
)
def test_a_csv_file_that_is_none_is_refused_with_its_row(tmp_path: Path, content: bytes, row: int, word: str) -> None:
    [flaw] = refused(csv_file(tmp_path, content))
    assert flaw.line == row
    assert word in flaw.message


def test_a_million_rows_are_not_read_to_their_end(tmp_path: Path) -> None:
    [flaw] = refused(csv_file(tmp_path, b"id\r\n" + b"a\r\n" * 1_000_000))
    assert f"more than {MOST_ROWS} rows" in flaw.message


def test_a_file_of_more_than_ten_mebibytes_is_not_opened(tmp_path: Path) -> None:
    [flaw] = refused(csv_file(tmp_path, b"id\r\n" + b"a" * (10 << 20)))
    assert "larger than 10 MiB" in flaw.message


def test_a_spreadsheet_of_another_kind_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.ods"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("mimetype", "content.xml", "meta.xml"):
            archive.writestr(name, "x")
    [flaw] = refused(path)
    assert "OpenDocument" in flaw.message


def test_every_ragged_row_is_named(tmp_path: Path) -> None:
    flaws = refused(csv_file(tmp_path, b"id,note\r\na\r\nb,c\r\nd,e,f\r\n"))
    assert [flaw.line for flaw in flaws] == [2, 4]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0", "＝1", "＋1", "－1", "＠x", "  =1", "'=1", '"=1',
     "\ufeff=1", "\u200b=1", "''=1"],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_run_is_defused_and_comes_back_as_it_was(text: str) -> None:
    assert defused(text) == f"'{text}"
    assert restored(defused(text)) == text


@given(st.text(st.sampled_from("=+-@\t\r\n\0＝'\" \u200bax"), max_size=6))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert restored(defused(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "'quoted'", "5 - 3", "a=b", "’t is", "it's"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert defused(text) == text
    assert restored(text) == text


# Workbooks


def test_a_workbook_gives_its_rows_with_their_numbers(tmp_path: Path) -> None:
    assert list(read_sheets(workbook(tmp_path, plain))["funding"].rows) == [(1, ["id", "as_of"]), (2, ["bg-one", 2026])]


def test_formulas_and_errors_are_refused_by_cell(tmp_path: Path) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        plain(sheet)
        sheet.write_formula(1, 1, "=2025+1", value=2026)
        sheet.write_formula(3, 0, "=HYPERLINK(A1)")

    flaws = refused(workbook(tmp_path, fill))
    assert [(flaw.line, flaw.path) for flaw in flaws] == [(2, "as_of"), (4, "id")]
    assert all("formula" in flaw.message for flaw in flaws)


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    path = workbook(tmp_path, lambda sheet: sheet.write_string(0, 0, "=1+1"))
    assert list(read_sheets(path)["funding"].rows) == [(1, ["=1+1"])]


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1"])
def test_a_lone_cell_far_away_is_refused_at_once(tmp_path: Path, cell: str) -> None:
    path = workbook(tmp_path, lambda sheet: sheet.write_string(cell, "far"))
    [flaw] = refused(path)
    assert "more than" in flaw.message


def test_more_rows_than_are_read_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("funding")
    for number in range(MOST_ROWS + 2):
        sheet.append([f"id-{number}", number * 7919])
    path = tmp_path / "catalogue.xlsx"
    book.save(path)
    [flaw] = refused(path)
    assert f"more than {MOST_ROWS} rows" in flaw.message


DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("part", "content", "word"),
    {
        "a macro": ("xl/vbaProject.bin", b"macro", "macro"),
        "a link to another file": ("xl/externalLinks/externalLink1.xml", b"<x/>", "other files"),
        "a document type": ("xl/worksheets/sheet1.xml", DTD, "document type"),
        "a document type in UTF-16": ("xl/styles.xml", DTD.decode().encode("utf-16"), "document type"),
        "a name that leads out": ("../../etc/passwd", b"x", "leads out"),
        "an absolute name": ("/etc/passwd", b"x", "leads out"),
        "a bomb": ("xl/media/image1.png", b"\0" * (60 << 20), "unpacks"),
        "a bomb under the limit of size": ("xl/media/image1.png", b"\0" * (20 << 20), "unpacks"),
        "XML that is none": ("xl/workbook.xml", b"not xml", "cannot be read"),
    }.values(),
)
def test_a_workbook_with_something_else_in_it_is_refused(tmp_path: Path, part: str, content: bytes, word: str) -> None:
    [flaw] = refused(packed(workbook(tmp_path, plain), **{part: content}))
    assert word in flaw.message


def test_a_workbook_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    parts = {f"xl/media/{number}.png": b"x" for number in range(300)}
    [flaw] = refused(packed(workbook(tmp_path, plain), **parts))
    assert "more than 200 files" in flaw.message


def test_an_encrypted_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096)
    [flaw] = refused(path)
    assert "encrypted" in flaw.message


def test_a_part_that_is_marked_as_encrypted_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, plain)
    content = bytearray(path.read_bytes())
    # The flag stands in the record of each part in the central directory.
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    assert any("encrypted" in flaw.message for flaw in refused(path))


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, plain)
    path.write_bytes(path.read_bytes()[:-200])
    [flaw] = refused(path)
    assert "damaged" in flaw.message


def test_a_part_that_unpacks_to_more_than_it_promised_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.zip"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("funding.csv", b"a" * 500_000)
    content = bytearray(stored.getvalue())
    # The sizes in the central directory say: ten bytes.
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    [flaw] = refused(path)
    assert "damaged" in flaw.message


def test_a_file_that_asks_for_too_much_ends_with_its_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "WALL_SECONDS", 0.01)
    [flaw] = refused(workbook(tmp_path, plain))
    assert "more time or memory" in flaw.message
