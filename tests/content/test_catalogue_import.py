"""A catalogue that comes back: what it changes field by field, every mistake at once, and all of it or nothing."""

import csv
import io
import json
import time
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assessment.content import reading_apart
from assessment.content.folders import CATALOGUE
from assessment.content.resources import catalogue_folder
from assessment.content.resources.catalogue import load_catalogue
from assessment.content.resources.catalogue_columns import joined, parted
from assessment.content.resources.catalogue_folder import write_catalogue
from assessment.content.resources.catalogue_import import Change, preview
from assessment.content.sheet_limits import LARGEST_FILE, LONGEST_CELL, MOST_COLUMNS, WALL_SECONDS
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.resources.catalogue import Catalogue
from assessment.reporting.resources.catalogue_files import ENDINGS, EXPORTS, FileFormat, as_csv, as_json
from tests.content.test_catalogue import FILES

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Rows = list[dict[str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small catalogue in a folder."""
    for name, text in FILES.items():
        path = tmp_path / "catalogue" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "catalogue"


def rows_of(folder: Path, name: str) -> Rows:
    """The rows of a table as they are exported."""
    with zipfile.ZipFile(io.BytesIO(as_csv(load_catalogue(folder)))) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig"))))


def saved(path: Path, rows: Rows) -> Path:
    """Rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def flaws_of(path: Path, folder: Path) -> list[Flaw]:
    before = letters(folder)
    with pytest.raises(InvalidContent) as invalid:
        preview(path, folder)
    assert letters(folder) == before
    return list(invalid.value.flaws)


def letters(folder: Path) -> dict[str, str]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}


def exported(held: Catalogue, form: FileFormat, folder: Path) -> Path:
    path = folder / f"out.{ENDINGS[form]}"
    path.write_bytes(EXPORTS[form](held))
    return path


# There and back


@pytest.mark.parametrize("form", EXPORTS)
def test_what_ships_comes_back_from_every_format_as_it_was(tmp_path: Path, form: FileFormat) -> None:
    shipped = load_catalogue(CATALOGUE)
    found = preview(exported(shipped, form, tmp_path), CATALOGUE)
    assert found.catalogue == shipped
    assert not found.anything
    assert sum(kind.unchanged for kind in found.changes) == (
        len(shipped.measures) + len(shipped.schemes) + len(shipped.blocks) + len(shipped.sources)
    )


_signs = st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"), blacklist_characters="\u2028\u2029\ufeff\x85")
_dangerous = st.sampled_from(["=", "+", "-", "@", "'", '"', ";", "\\", "_x0041_", "＝", "\u200b", ","])
_parts = st.lists(st.one_of(_dangerous, st.text(_signs, max_size=8)), min_size=1, max_size=6)
_line = _parts.map("".join).map(str.strip).filter(bool)
_prose = st.lists(_line, min_size=1, max_size=3).map("\n".join)
_share = st.decimals(0, 1, places=4)
_slug = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)


@st.composite
def _catalogues(draw: st.DrawFn, base: Catalogue) -> Catalogue:
    """The small catalogue with other words, figures and lists in it."""
    measure, scheme, block = base.measures["lamps"], base.schemes["bg-lamps"], base.blocks["guide-lamps"]
    low, typical, high = sorted(draw(st.tuples(_share, _share, _share)))
    saving = measure.savings[0].model_copy(update={"low": low, "typical": draw(st.none() | st.just(typical)),
                                                   "high": high, "note": draw(st.none() | _prose)})  # fmt: skip
    measure = measure.model_copy(update={
        "title": draw(_line), "how_to": draw(_prose), "savings": (saving,) * draw(st.integers(1, 3)),
        "co_benefits": tuple(draw(st.lists(_line, max_size=3))), "umbrella": draw(st.booleans()),
        "investment": measure.investment.model_copy(update={
            "eur_high": draw(st.decimals(50, 10**9, places=2)), "unit": draw(_line),
        }),
    })  # fmt: skip
    scheme = scheme.model_copy(update={
        "name": draw(_line), "description": draw(_prose), "region": draw(st.none() | _line),
        "max_amount_eur": draw(st.none() | st.decimals(0, 10**12, places=3)),
        "valid_until": draw(st.none() | st.dates(date(1990, 1, 1), date(2090, 1, 1))),
        "source": tuple(draw(st.lists(_line, min_size=1, max_size=3))), "licence": draw(st.none() | _line),
    })  # fmt: skip
    block = block.model_copy(update={
        "title": draw(_line), "free": draw(st.none() | st.booleans()),
        "year": draw(st.none() | st.integers(1900, 2100)), "figures": draw(st.none() | _prose),
    })  # fmt: skip
    source = base.sources["guide-1"].model_copy(update={"publisher": draw(_line)})
    further = dict.fromkeys(draw(st.lists(_slug, max_size=2)), source)
    written = base.model_copy(update={
        "measures": {**base.measures, "lamps": measure}, "schemes": {"bg-lamps": scheme},
        "blocks": {"guide-lamps": block}, "sources": {**base.sources, "guide-1": source, **further},
    })  # fmt: skip
    return Catalogue.model_validate(written.model_dump(by_alias=True))


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
@given(data=st.data())
def test_any_catalogue_comes_back_from_a_file_and_from_a_folder_as_it_was(
    folder: Path, form: FileFormat, data: st.DataObject
) -> None:
    wanted = data.draw(_catalogues(load_catalogue(folder)))
    found = preview(exported(wanted, form, folder.parent), folder)
    assert found.catalogue == wanted
    target = folder.parent / "own"
    write_catalogue(found.catalogue, folder, target, datetime.now(UTC))
    assert load_catalogue(target) == wanted


@given(st.lists(_line, max_size=5))
def test_words_in_one_cell_part_again_as_they_were(words: list[str]) -> None:
    assert parted(joined(words)) == words


# What a file changes


def test_a_preview_tells_what_is_added_changed_and_taken_out_field_by_field(folder: Path, tmp_path: Path) -> None:
    rows = rows_of(folder, "measures")
    rows[0] |= {"title": "Change all lamps", "difficulty": "2", "alternative_to": ""}
    rows[1] |= {"id": "skylights", "title": "Build skylights", "alternative_to": ""}
    found = preview(saved(tmp_path / "measures.csv", rows), folder)
    [kind] = found.changes
    assert (kind.kind, kind.added, kind.removed, kind.unchanged) == ("measures", ("skylights",), ("daylight",), 0)
    assert set(kind.changed["lamps"]) == {
        Change("title", "Change lamps", "Change all lamps"), Change("difficulty", "1", "2"),
        Change("alternative_to", "daylight", ""),
    }  # fmt: skip
    assert found.catalogue.schemes == load_catalogue(folder).schemes, "kinds that the file does not hold stay"


def test_a_preview_writes_nothing(folder: Path, tmp_path: Path) -> None:
    before = letters(folder)
    rows = rows_of(folder, "funding")
    rows[0]["name"] = "Another name"
    assert preview(saved(tmp_path / "funding.csv", rows), folder).anything
    assert letters(folder) == before


def test_dates_and_numbers_that_a_spreadsheet_made_of_them_are_understood(folder: Path, tmp_path: Path) -> None:
    rows = rows_of(folder, "funding")
    rows[0] |= {"regions_in_part": "FALSE", "valid_until": "2027-06-30", "max_amount_eur": "12500.50"}
    held = preview(saved(tmp_path / "funding.csv", rows), folder).catalogue.schemes["bg-lamps"]
    assert (held.max_amount_eur, held.valid_until) == (Decimal("12500.5"), date(2027, 6, 30))


# Mistakes


def test_one_bad_row_changes_nothing_and_every_bad_row_is_listed(folder: Path, tmp_path: Path) -> None:
    good = rows_of(folder, "funding")[0]
    rows = [
        good,
        {**good, "id": "bg-two", "as_of": "20x6"},
        {**good, "id": "bg-three", "status": "opened", "max_share_pct": "150"},
        {**good, "id": "bg-lamps"},
        {**good, "id": "bg-four", "valid_until": "06/30/2027", "regions_in_part": "maybe", "max_amount_eur": "1,5"},
        {**good, "id": "bg-five", "url": "ftp://example.org", "name": ""},
        {**good, "id": "bg-six", "data_licence": "all rights reserved"},
    ]
    flaws = flaws_of(saved(tmp_path / "funding.csv", rows), folder)
    assert {(flaw.line, flaw.path) for flaw in flaws} == {
        (3, "as_of"), (4, "status"), (4, "max_share_pct"), (5, "id"), (6, "valid_until"), (6, "regions_in_part"),
        (6, "max_amount_eur"), (7, "url"), (7, "name"), (8, "data_licence"),
    }  # fmt: skip
    assert all(flaw.file == "funding.csv" and flaw.cure for flaw in flaws)


def test_what_entries_mean_to_each_other_is_told_by_row_and_column(folder: Path, tmp_path: Path) -> None:
    rows = rows_of(folder, "measures")
    rows[0] |= {"category": "nowhere", "payback_months.source": "nobody"}
    rows.append({**rows[1], "prerequisites": "unknown"})
    flaws = flaws_of(saved(tmp_path / "measures.csv", rows), folder)
    assert {(flaw.line, flaw.path) for flaw in flaws} == {(2, "category"), (2, "sources"), (4, "id")}
    rows[2]["id"] = "third"
    flaws = flaws_of(saved(tmp_path / "measures.csv", rows), folder)
    assert {(2, "category"), (2, "sources"), (4, "prerequisites")} <= {(flaw.line, flaw.path) for flaw in flaws}


def test_what_a_bad_cell_and_a_wrong_reference_are_is_told_at_once(folder: Path, tmp_path: Path) -> None:
    rows = rows_of(folder, "measures")
    rows[0]["difficulty"] = "hard"
    rows[1]["prerequisites"] = "unknown"
    flaws = flaws_of(saved(tmp_path / "measures.csv", rows), folder)
    assert [(flaw.line, flaw.path) for flaw in flaws] == [(2, "difficulty"), (3, "prerequisites")]


def test_nothing_is_held_against_a_sound_row_that_names_a_bad_one(folder: Path, tmp_path: Path) -> None:
    rows = rows_of(folder, "measures")
    new = {**rows[1], "id": "skylights", "difficulty": "hard", "alternative_to": "lamps", "prerequisites": "nowhere"}
    rows[0] |= {"alternative_to": "daylight; skylights", "prerequisites": "skylights"}
    [flaw] = flaws_of(saved(tmp_path / "measures.csv", [*rows, new]), folder)
    assert (flaw.line, flaw.path) == (4, "difficulty")


def test_what_is_wrong_in_a_list_is_told_once_and_what_is_missing_by_its_own_column(
    folder: Path, tmp_path: Path
) -> None:
    rows = rows_of(folder, "measures")
    rows[0] |= {"resources": "power", "helps_with": "lighting, motors"}
    rows[1] |= {"sectors.nace": "", "title": ""}
    flaws = flaws_of(saved(tmp_path / "measures.csv", rows), folder)
    assert {(flaw.line, flaw.path) for flaw in flaws} == {
        (2, "resources"), (2, "helps_with"), (3, "sectors.nace"), (3, "title"),
    }  # fmt: skip
    assert any("semicolons: lighting; motors" in flaw.cure for flaw in flaws)


# As spreadsheets save it


def as_a_german_spreadsheet_saves_it(path: Path, rows: Rows, **turned: str) -> Path:
    """Rows as CSV parted by semicolons, with a byte order mark and two columns that nobody filled in."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([*rows[0], "", ""])
    writer.writerows([*(turned.get(cell, cell) for cell in row.values()), "", ""] for row in rows)
    writer.writerow([""] * (len(rows[0]) + 2))
    path.write_bytes(b"\xef\xbb\xbf" + written.getvalue().encode())
    return path


def test_semicolons_decimal_commas_turned_dates_and_translated_truths_are_understood(
    folder: Path, tmp_path: Path
) -> None:
    rows = rows_of(folder, "funding")
    rows[0] |= {"regions_in_part": "FALSCH", "valid_until": "05.06.2027", "max_amount_eur": "12500,5"}
    held = preview(as_a_german_spreadsheet_saves_it(tmp_path / "funding.csv", rows), folder).catalogue
    scheme = held.schemes["bg-lamps"]
    assert (scheme.max_amount_eur, scheme.valid_until) == (Decimal("12500.5"), date(2027, 6, 5))
    assert not scheme.regions_in_part


@pytest.mark.parametrize("written", ["1.234,5", "1,234,5", "12 500,5"])
def test_a_number_that_could_be_two_is_not_guessed_at(folder: Path, tmp_path: Path, written: str) -> None:
    rows = rows_of(folder, "funding")
    rows[0]["max_amount_eur"] = written
    [flaw] = flaws_of(as_a_german_spreadsheet_saves_it(tmp_path / "funding.csv", rows), folder)
    assert flaw.path == "max_amount_eur"


def test_a_cell_in_a_column_without_a_name_is_told_and_an_empty_one_is_not(folder: Path, tmp_path: Path) -> None:
    rows = [{**row, "": cell} for row, cell in zip(rows_of(folder, "measures"), ("", "a note"), strict=True)]
    [flaw] = flaws_of(saved(tmp_path / "measures.csv", rows), folder)
    assert flaw.line == 3
    assert "column without a name" in flaw.message


def test_truths_that_libreoffice_writes_as_formulas_are_truths_and_other_formulas_hide_nothing(
    folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "catalogue.xlsx"
    path.write_bytes(EXPORTS["xlsx"](load_catalogue(folder)))
    book = openpyxl.load_workbook(path)
    sheet = book["measures"]
    column = {cell.value: at for at, cell in enumerate(sheet[1], start=1)}
    sheet.cell(2, column["umbrella"]).value = "=TRUE()"
    book.save(path)
    assert preview(path, folder).catalogue.measures["lamps"].umbrella
    sheet.cell(2, column["title"]).value = "=1+1"
    sheet.cell(3, column["difficulty"]).value = 9
    book.save(path)
    assert [(flaw.line, flaw.path) for flaw in flaws_of(path, folder)] == [(2, "title"), (3, "difficulty")]


@pytest.mark.parametrize("number", ["1e5", "1_000", "１２", "NaN", "Infinity", "1.234,56", "0x1f", "9" * 19, "-"])
def test_numbers_are_digits_and_nothing_else(folder: Path, tmp_path: Path, number: str) -> None:
    rows = rows_of(folder, "funding")
    rows[0]["max_amount_eur"] = number
    [flaw] = flaws_of(saved(tmp_path / "funding.csv", rows), folder)
    assert (flaw.line, flaw.path) == (2, "max_amount_eur")


def test_columns_that_nobody_knows_and_columns_that_stand_twice_are_named(folder: Path, tmp_path: Path) -> None:
    path = saved(tmp_path / "funding.csv", rows_of(folder, "funding"))
    text = path.read_text("utf-8")
    path.write_text(text.replace(",name,", ",nme,", 1).replace("provider", "level", 1), encoding="utf-8")
    said = {flaw.message for flaw in flaws_of(path, folder)}
    assert "There is no column called `nme`." in said
    assert "The column `level` stands here twice." in said


def test_parts_are_filled_in_from_the_first_on(folder: Path, tmp_path: Path) -> None:
    rows = rows_of(folder, "measures")
    for row in rows:
        row |= {name.replace(".1.", ".3."): row[name] for name in list(row) if name.startswith("savings.1.")}
    said = flaws_of(saved(tmp_path / "measures.csv", rows), folder)
    assert {(flaw.line, flaw.path) for flaw in said} == {(2, "savings.3"), (3, "savings.3")}


def test_a_table_that_is_no_kind_of_entry_is_refused(folder: Path, tmp_path: Path) -> None:
    [flaw] = flaws_of(saved(tmp_path / "people.csv", [{"id": "x"}]), folder)
    assert "no kind of entry called people" in flaw.message


# JSON


def changed_json(folder: Path, tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps({**json.loads(as_json(load_catalogue(folder))), **changes}), encoding="utf-8")
    return path


def test_mistakes_in_json_are_told_by_entry_and_field(folder: Path, tmp_path: Path) -> None:
    schemes = json.loads(as_json(load_catalogue(folder)))["funding"]
    schemes.append({**schemes[0], "id": "bg-two", "as_of": "soon", "nonsense": 1})
    flaws = flaws_of(changed_json(folder, tmp_path, funding=schemes), folder)
    assert {(flaw.file, flaw.line, flaw.path) for flaw in flaws} == {
        ("catalogue.json, funding", 2, "as_of"), ("catalogue.json, funding", 2, "nonsense"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"format": "other"}, "not a catalogue"), ({"schema_version": 99}, "another version"),
     ({"people": []}, "not known here"), ({"funding": {}}, "not a list"),
     ({"funding": [{"id": "x"}] * 5001}, "more than")],
)  # fmt: skip
def test_json_that_is_no_catalogue_of_ours_is_refused(
    folder: Path, tmp_path: Path, changes: Mapping[str, Any], word: str
) -> None:
    assert any(word in flaw.message for flaw in flaws_of(changed_json(folder, tmp_path, **changes), folder))


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"[" * 100_000, b"\xff\xfe{}", b"", b'{"format": 1e999999999}',
     b'{"a": ' + b"9" * 10_000 + b"}"],
)  # fmt: skip
def test_json_that_cannot_be_read_is_refused(folder: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalogue.json"
    path.write_bytes(content)
    assert len(flaws_of(path, folder)) == 1


def many_keys() -> bytes:
    """Half a million keys, of which the last one stands twice."""
    names = ",".join(f'"{number}":0' for number in range(500_000))
    return b"{" + names.encode() + b',"499999":0}'


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (many_keys(), "stands twice"),
        (b"[" + b"[]," * 3_000_000 + b"0]", "values"),
        (b"{" + b",".join(b'"%d":0' % number for number in range(MOST_COLUMNS + 1)) + b"}", "keys"),
        (b'["' + b"x" * (LONGEST_CELL + 1) + b'"]', "characters"),
        (b" " * (LARGEST_FILE + 1), "larger than 10 MiB"),
    ],
    ids=["many keys", "many lists", "keys", "text", "size"],
)
def test_json_that_asks_for_more_than_a_table_may_is_refused_within_the_same_limits(
    folder: Path, tmp_path: Path, content: bytes, word: str
) -> None:
    path = tmp_path / "catalogue.json"
    path.write_bytes(content)
    start = time.monotonic()
    [flaw] = flaws_of(path, folder)
    assert word in flaw.message
    assert time.monotonic() - start < WALL_SECONDS


def test_a_child_that_is_killed_over_a_json_file_is_told_as_too_much(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = changed_json(folder, tmp_path)
    preview(path, folder)
    monkeypatch.setattr(reading_apart, "WALL_SECONDS", 0.001)
    [flaw] = flaws_of(path, folder)
    assert "asks for more time or memory" in flaw.message


# Writing


def changed(folder: Path, **fields: Any) -> Catalogue:
    held = load_catalogue(folder)
    scheme = held.schemes["bg-lamps"].model_copy(update=fields)
    return held.model_copy(update={"schemes": {"bg-lamps": scheme}})


def test_only_the_entry_that_changed_is_written_afresh(folder: Path, tmp_path: Path) -> None:
    second = FILES["funding/bg.yaml"].partition("schemes:\n")[2].replace("bg-lamps", "bg-second")
    (folder / "funding" / "bg.yaml").write_text("# A word before.\n" + FILES["funding/bg.yaml"] + second)
    held = load_catalogue(folder)
    scheme = held.schemes["bg-second"].model_copy(update={"as_of": 2025})
    write_catalogue(
        held.model_copy(update={"schemes": {**held.schemes, "bg-second": scheme}}), folder, tmp_path / "own", NOW
    )
    before, after = letters(folder), letters(tmp_path / "own")
    assert after["funding/bg.yaml"].startswith("# A word before.\n" + FILES["funding/bg.yaml"])
    assert {name for name in before if before[name] != after[name]} == {"funding/bg.yaml"}


@pytest.mark.parametrize(
    "words",
    ["NO", "12:30", "1_0", "null", "~", "0.5", "yes: no # x", "- a", "'q' \"d\"", "a\n\nb", "*x", "&x", "!x", "%"],
)
def test_words_that_yaml_would_take_for_something_else_stay_words(folder: Path, tmp_path: Path, words: str) -> None:
    wanted = changed(folder, description=words)
    write_catalogue(wanted, folder, tmp_path / "own", NOW)
    assert load_catalogue(tmp_path / "own").schemes["bg-lamps"].description == words


def test_new_entries_find_their_file_and_empty_files_go(folder: Path, tmp_path: Path) -> None:
    held = load_catalogue(folder)
    scheme = held.schemes["bg-lamps"].model_copy(update={"id": "ro-lamps", "countries": ("RO",)})
    block = held.blocks["guide-lamps"].model_copy(update={"kind": "tool"})
    measure = held.measures["lamps"].model_copy(update={"id": "third", "alternative_to": ()})
    wanted = held.model_copy(update={
        "schemes": {"ro-lamps": scheme}, "blocks": {"guide-lamps": block},
        "measures": {**held.measures, "third": measure},
    })  # fmt: skip
    write_catalogue(wanted, folder, tmp_path / "own", NOW)
    assert load_catalogue(tmp_path / "own") == wanted
    found = set(letters(tmp_path / "own"))
    assert {"funding/ro.yaml", "building_blocks/tool.yaml"} <= found
    assert not {"funding/bg.yaml", "building_blocks/guide.yaml"} & found
    assert "id: third" in letters(tmp_path / "own")["measures/lighting.yaml"]


def test_the_folder_before_is_kept_beside_the_new_one(folder: Path) -> None:
    before = letters(folder)
    kept = write_catalogue(changed(folder, as_of=2025), folder, folder, NOW)
    assert kept is not None
    assert letters(kept) == before
    assert load_catalogue(folder).schemes["bg-lamps"].as_of == 2025
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, kept.name]


def test_what_does_not_read_back_as_it_was_meant_is_not_put_in_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = letters(folder)
    monkeypatch.setattr(catalogue_folder, "_dumped_entry", lambda data: "")
    with pytest.raises(InvalidContent):
        write_catalogue(changed(folder, as_of=2025), folder, folder, NOW)
    assert letters(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_move_that_fails_leaves_the_folder_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, rename = letters(folder), Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name == "made":
            raise OSError("no")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="no"):
        write_catalogue(changed(folder, as_of=2025), folder, folder, NOW)
    assert letters(folder) == before


def test_a_folder_with_something_else_in_it_is_left_alone(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("Dear all")
    with pytest.raises(InvalidContent, match="something else"):
        write_catalogue(load_catalogue(folder), folder, other, NOW)
    assert [path.name for path in other.iterdir()] == ["letter.txt"]
