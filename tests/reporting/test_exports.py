"""The files of a plan: the same totals in each, formulas that reckon, and nobody's text as a formula."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from textwrap import wrap
from typing import Any

import docx
import jsonschema
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from assessment.content import folders
from assessment.content.spreadsheet_text import restored
from assessment.core.errors import NotMade
from assessment.core.money.uses import Range
from assessment.reporting import pdf
from assessment.reporting.compose import compose, compose_word
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.money import amounts
from assessment.reporting.plans import exports, plan_json, plan_workbook
from assessment.reporting.plans.action_words import investment_words
from assessment.reporting.plans.exports import EXPORTS
from assessment.reporting.plans.plan_files import MIMETYPES, SCHEMA_FILE, Form
from assessment.reporting.word import to_word
from tests.reporting import plans
from tests.reporting.languages import ENGLISH
from tests.reporting.paper import printed

EVIL = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", '"=1+1', "\uff1d1+1", "\u200b=1+1",
    "=HYPERLINK(\"http://evil.example\")", "{=1}", "a;b,c\"d\ne",
)  # fmt: skip


def workbook(document: ActionPlanDocument, *, values: bool = False) -> openpyxl.Workbook:
    """The workbook, its formulas as they are or as the values they carry."""
    return openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"](document, ENGLISH)), data_only=values)


def written_json(document: ActionPlanDocument) -> Any:
    return json.loads(EXPORTS["json"](document, ENGLISH))


def csv_rows(document: ActionPlanDocument) -> list[dict[str, str]]:
    text = EXPORTS["csv"](document, ENGLISH).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def tables(sheet: Worksheet, first: str) -> list[list[Any]]:
    """The rows that begin with a text."""
    return [[cell.value for cell in row] for row in sheet.iter_rows() if row[0].value == first]


# The same figures everywhere


def test_emissions_that_a_page_does_not_show_are_no_zero_in_the_csv() -> None:
    """Another contract changes the market-based footprint alone: neither tonnes nor "0 kg" can be said of it."""
    row, *_ = csv_rows(plans.plan_of())
    assert row["measure"] == "green-electricity-contract"
    assert (row["tonnes_typical"], row["emissions_shown"], row["eur_shown"]) == ("", "", "")
    assert csv_rows(plans.plan_of())[1]["emissions_shown"] != ""


def test_pdf_workbook_word_json_and_csv_show_the_same_totals() -> None:
    document = plans.plan_of()
    assert document.money is not None
    totals = document.money.totals
    assert totals.eur is not None
    assert totals.carbon is not None
    typical, span = amounts.estimate(totals.eur.typical, ENGLISH), amounts.span(totals.eur, ENGLISH)

    paper = printed(document).text
    assert f"could save about EUR {typical} a year" in paper
    assert f"EUR {typical} {span} a year" in paper

    eur = [round(value, 3) for value in totals.eur]
    tonnes = [round(value / 1000, 6) for value in totals.carbon]
    row = tables(workbook(document)["Plan"], "All")[0]
    assert row[7:10] == [amounts.to_two_figures(value) for value in eur]
    assert row[10:13] == [amounts.to_two_figures(value) for value in tonnes]

    found = written_json(document)["totals"]
    assert list(found["eur_a_year"].values()) == [*eur, f"{typical} ({span})"]
    kg = [found["kg_co2e_a_year"][end] for end in ("low", "typical", "high")]
    assert [value / 1000 for value in kg] == pytest.approx(tonnes, abs=1e-6)

    last = csv_rows(document)[-1]
    assert [float(last[f"eur_{end}"]) for end in ("low", "typical", "high")] == eur

    word = docx.Document(io.BytesIO(EXPORTS["docx"](document, ENGLISH)))
    assert [cell.text for cell in word.tables[0].rows[1].cells] == ["Money, EUR", typical, span]


@pytest.mark.parametrize("example", plans.examples())
def test_every_example_has_all_files_and_its_json_keeps_to_the_schema(example: str) -> None:
    document = plans.plan_of(example)
    published = json.loads((folders.REPORTS / SCHEMA_FILE).read_text())
    jsonschema.Draft202012Validator(published).validate(written_json(document))
    assert [row["number"] for row in csv_rows(document)] == [*map(str, range(1, len(document.actions) + 1)), "all"]
    assert workbook(document).sheetnames == ["Plan", "Resource sheet", "Footprint", "Answers", "Sources"]


def test_a_plan_without_money_has_all_files_too() -> None:
    document = replace(plans.plan_of(), money=None)
    assert workbook(document).sheetnames == ["Plan", "Answers", "Sources"]
    assert written_json(document)["totals"] is None
    assert docx.Document(io.BytesIO(EXPORTS["docx"](document, ENGLISH))).tables


def test_a_scope_that_nobody_knows_is_no_zero_in_any_file() -> None:
    document = plans.plan_of(plans.POOR)
    assert written_json(document)["footprint"]["unknown_scopes"] == [1, 3]
    rows = {row[0]: row[9] for row in workbook(document)["Footprint"].iter_rows(values_only=True) if row[0]}
    assert (rows["Scope 1"], rows["Scope 3, as far as known"]) == ("not known", "not known")
    assert str(rows["Scope 2, by contract"]).startswith("=")
    assert "(scope 1) is not known yet" in compose_word(document, ENGLISH)


def test_the_published_schema_is_that_of_the_models_and_refuses_another_form() -> None:
    text = (folders.REPORTS / SCHEMA_FILE).read_text()
    assert text == plan_json.schema_text()
    found = written_json(plans.plan_of())
    found["totals"]["eur_a_year"]["typical"] = "a lot"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(text)).validate(found)


# Formulas that reckon


class Reckoner:
    """Works out the few kinds of formulas that the workbook has, from the cells alone."""

    def __init__(self, book: openpyxl.Workbook) -> None:
        self._book = book

    def value(self, sheet: str, cell: str) -> float:
        found = self._book[sheet][cell.replace("$", "")].value
        if isinstance(found, str) and found.startswith("="):
            return self._formula(sheet, found[1:])
        return float(found or 0)

    def _formula(self, sheet: str, text: str) -> float:
        text = re.sub(r"SUMIFS\(([^()]*)\)", lambda call: repr(self._sum_if(sheet, call[1].split(","))), text)
        text = re.sub(r"SUM\((\w+):(\w+)\)", lambda call: repr(sum(self._range(sheet, f"{call[1]}:{call[2]}"))), text)
        text = re.sub(r"'([^']+)'!(\$\w+\$\d+)", lambda at: repr(self.value(at[1], at[2])), text)
        text = re.sub(r"(?<![\w.])\$?([A-Z])\$?(\d+)", lambda at: repr(self.value(sheet, at[0])), text)
        assert re.fullmatch(r"[-+*/().\deE ]+", text), text
        return float(eval(text))  # noqa: S307 - digits and signs alone, as checked above

    def _range(self, sheet: str, area: str) -> list[float]:
        cells = [cell.coordinate for row in self._book[sheet][area.replace("$", "")] for cell in row]
        return [self.value(sheet, cell) for cell in cells]

    def _sum_if(self, sheet: str, parts: list[str]) -> float:
        kept = [True] * len(self._range(sheet, parts[0]))
        for area, wanted in zip(parts[1::2], parts[2::2], strict=True):
            cells = [row[0].value for row in self._book[sheet][area.replace("$", "")]]
            kept = [is_kept and str(cell) == wanted.strip('"') for is_kept, cell in zip(kept, cells, strict=True)]
        return sum(value for value, keep in zip(self._range(sheet, parts[0]), kept, strict=True) if keep)


@pytest.mark.parametrize("example", [plans.RICH, "metal-shop-de", plans.POOR])
def test_every_formula_carries_the_value_that_it_has(example: str) -> None:
    live, kept = workbook(plans.plan_of(example)), workbook(plans.plan_of(example), values=True)
    reckoner, seen = Reckoner(live), 0
    for sheet in live.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    shown = kept[sheet.title][cell.coordinate].value
                    assert reckoner.value(sheet.title, cell.coordinate) == pytest.approx(shown, rel=1e-6, abs=1e-6)
                    seen += 1
    assert seen > 10


def test_costs_footprint_and_savings_follow_a_changed_amount() -> None:
    book = workbook(plans.plan_of())
    sheet = book["Resource sheet"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "Electricity bought")
    worth = next(cell.row for cell in sheet["A"] if cell.value == "electricity")
    total = next(cell.row for cell in book["Footprint"]["A"] if cell.value == "Scope 2, with the mix of the country")
    cells = (("Resource sheet", f"I{row}"), ("Resource sheet", f"H{worth}"), ("Footprint", f"J{total}"))
    before = [Reckoner(book).value(*cell) for cell in cells]
    sheet[f"B{row}"].value *= 2
    after = [Reckoner(book).value(*cell) for cell in cells]
    assert after[0] == pytest.approx(2 * before[0])
    assert after[1] == pytest.approx(before[1] / 2)
    assert after[2] == pytest.approx(2 * before[2])


def test_the_savings_at_the_prices_of_the_sheet_come_to_the_total_of_the_plan() -> None:
    document = plans.plan_of()
    assert document.money is not None
    assert document.money.totals.eur is not None
    together = tables(workbook(document, values=True)["Resource sheet"], "Together")[0]
    assert together[8] == pytest.approx(document.money.totals.eur.typical, rel=1e-6)


# Nobody's text is a formula


def evil_plan(text: str) -> ActionPlanDocument:
    """The bakery with a text in every place where a person may write."""
    plan = plans.plan_of()
    card = replace(plan.actions[0], title=text, owner=text, note=text, measure="", first_step=text)
    row = replace(plan.answers[0].rows[0], state="known", answer=(text,), note=text, reason=text)
    table = replace(plan.answers[0], rows=(row,))
    return replace(plan, actions=(card,), answers=(table,), company=replace(plan.company, name=text))


@pytest.mark.parametrize("text", EVIL)
def test_text_from_people_is_never_a_formula_or_a_link(text: str) -> None:
    document = evil_plan(text)
    content = EXPORTS["xlsx"](document, ENGLISH)
    book = openpyxl.load_workbook(io.BytesIO(content))
    formulas = [cell.value for name in ("Plan", "Answers", "Sources") for row in book[name].iter_rows() for cell in row
                if cell.data_type == "f"]  # fmt: skip
    assert formulas == []
    assert b"<hyperlink" not in b"".join(zipfile.ZipFile(io.BytesIO(content)).read(name)
                                         for name in zipfile.ZipFile(io.BytesIO(content)).namelist())  # fmt: skip
    row = csv_rows(document)[0]
    assert restored(row["action"]) == text
    assert not re.match(r"\s*[=+\-@]", row["action"])
    assert written_json(document)["actions"][0]["title"] == text


def test_without_the_guard_a_spreadsheet_would_run_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.reporting.plans.plan_csv.defused", lambda text: text)
    assert csv_rows(evil_plan("=1+1"))[0]["action"] == "=1+1"


def test_a_total_in_a_file_rounds_to_the_figure_that_the_page_shows() -> None:
    document = plans.plan_of()
    assert document.money is not None
    totals = replace(document.money.totals, carbon=Range(4199.6, 5949.8, 9449.7))
    exact = replace(document, money=replace(document.money, totals=totals))
    row = csv_rows(exact)[-1]
    shown = [ENGLISH.about(Decimal(row[f"tonnes_{end}"])) for end in ("low", "typical", "high")]
    assert shown == [amounts.estimate(kg / 1000, ENGLISH) for kg in (4199.6, 5949.8, 9449.7)] == ["4.2", "5.9", "9.4"]


def test_numbers_stay_numbers() -> None:
    row = csv_rows(plans.plan_of())[1]
    assert Decimal(row["eur_typical"]) > 0
    cells = tables(workbook(plans.plan_of())["Resource sheet"], "Electricity bought")[0]
    assert cells[1] == 112000


def test_a_cell_holds_as_much_as_a_workbook_can() -> None:
    document = evil_plan("x" * 40_000)
    answers = workbook(document)["Answers"]
    assert len(str(answers["G2"].value)) == plan_workbook.LONGEST_CELL


def test_no_heading_of_a_workbook_is_cut_off_and_its_long_rows_print_on_sheets_that_can_be_read() -> None:
    book = workbook(plans.plan_of())
    for sheet in book:
        for at, row in enumerate(sheet.iter_rows(), 1):
            heads = [cell for cell in row if cell.font.b and cell.border.bottom.style and isinstance(cell.value, str)]
            lines = max((_lines(cell, sheet) for cell in heads), default=0)
            assert lines * 13 <= (sheet.row_dimensions[at].height or 15), (sheet.title, at)
    plan = book["Plan"]
    assert (plan.page_setup.fitToWidth, plan.print_title_cols) == (3, "$A:$B")


def _lines(cell: Any, sheet: Worksheet) -> int:
    """How many lines a text takes in its column, in bold."""
    width = next(each.width for each in sheet.column_dimensions.values() if each.min <= cell.column <= each.max)
    return len(wrap(cell.value, max(int(width) - 2, 4)))


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (plans.RICH, ""),
        ("office-ict-es", "of those that we know, none fits your answers"),
    ],
)
def test_paper_and_word_say_why_a_plan_holds_no_investment(example: str, said: str) -> None:
    document = plans.plan_of(example)
    assert said in document.without_investment
    if said:
        later = investment_words("later", ENGLISH)
        assert "come after another action of it, or pay back too slowly" in later
        assert later in compose(replace(document, without_investment=later), ENGLISH)
    for html in (compose(document, ENGLISH), compose_word(document, ENGLISH)):
        assert ("No investment is in this plan" in html) == (said != "")
        assert document.without_investment in html


# Word


def word_of(document: ActionPlanDocument) -> Any:
    return docx.Document(io.BytesIO(EXPORTS["docx"](document, ENGLISH)))


def test_a_word_document_has_headings_table_heads_a_language_and_no_macros() -> None:
    document = plans.plan_of()
    content = EXPORTS["docx"](document, ENGLISH)
    word = docx.Document(io.BytesIO(content))
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]  # type: ignore[union-attr]
    assert headings[0] == "Example bakery, Plovdiv could save about EUR 9,900 a year"
    assert [f"{card.number}. {card.title}" in headings for card in document.actions] == [True] * len(document.actions)
    for table in word.tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        assert table._tbl.tblPr.xpath("./w:tblDescription/@w:val") != [""]
    assert word.core_properties.language == "en"
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert 'w:lang w:val="en"' in parts.read("word/styles.xml").decode()
    assert [name for name in parts.namelist() if "vba" in name.lower() or name.endswith(".bin")] == []


def test_no_page_of_a_word_document_ends_between_a_table_and_what_is_said_of_it() -> None:
    page = "<html lang='en'><body><h2>Savings</h2><p>Figures of 2025.</p><table title='t'><tr><th>A</th></tr>"
    document = docx.Document(io.BytesIO(to_word(page + "<tr><td>1</td></tr></table><p>After.</p></body></html>")))
    kept = {one.text: one.paragraph_format.keep_with_next for one in document.paragraphs}
    assert kept["Figures of 2025."]
    assert not kept["After."]
    assert document.tables[0].rows[0].cells[0].paragraphs[0].paragraph_format.keep_with_next


def test_text_from_outside_is_text_in_word() -> None:
    evil = "<script>x</script><table><tr><td>&lt;b>{{ 7*7 }}"
    word = word_of(evil_plan(evil))
    assert any(evil in paragraph.text for paragraph in word.paragraphs)


def test_html_that_is_not_ours_makes_no_word_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "compose_word", lambda *_: '<html lang="en"><script>x</script></html>')
    with pytest.raises(NotMade):
        EXPORTS["docx"](plans.plan_of(), ENGLISH)


def test_a_word_document_that_takes_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "run_child", lambda module, html: pdf.run_child(module, html, timeout=0.01))
    with pytest.raises(NotMade):
        EXPORTS["docx"](plans.plan_of(), ENGLISH)


def test_every_kind_of_file_that_pages_offer_can_be_made() -> None:
    assert EXPORTS.keys() == MIMETYPES.keys()


def test_the_same_plan_makes_the_same_workbook_and_data() -> None:
    forms: tuple[Form, ...] = ("xlsx", "json", "csv")
    for form in forms:
        make = EXPORTS[form]
        assert make(plans.plan_of(), ENGLISH) == make(plans.plan_of(), ENGLISH), form
    packed = zipfile.ZipFile(io.BytesIO(EXPORTS["xlsx"](plans.plan_of(), ENGLISH)))
    assert b"1980-01-01T00:00:00Z" in packed.read("docProps/core.xml")
