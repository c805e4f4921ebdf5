"""A plan as a workbook that goes on reckoning: amounts times prices or factors, and their sums, are formulas.

What a person wrote is always written as text and never as a formula (RELIABILITY OUT-02). Formulas are ours, and each
carries the value it has now, for readers that do not reckon. Who changes an amount or a price on the resource sheet
sees costs, footprint and the worth of the savings follow; ranges and plan totals stay as the product worked them out.
"""

import io
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from textwrap import wrap

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from assessment.i18n import Language
from assessment.reporting.checks.display_document import PairTable, Shown
from assessment.reporting.checks.display_files import shown_rows
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.money import amounts
from assessment.reporting.money.money_document import Money, QuantityRow
from assessment.reporting.plans.headlines import headline
from assessment.reporting.plans.measured_words import unit_words, use_name, verdict_words
from assessment.reporting.plans.plan_rows import COLUMNS, Cell, as_shown, headings, in_words, rows_of, total_row

LONGEST_CELL = 32_767
LINE_HEIGHT, TALLEST_ROW = 15, 400
_BEFORE_ALL = datetime(1980, 1, 1, tzinfo=UTC)
"""The same plan makes the same bytes, so the file carries no time of its own."""

_KG_IN_T = 1000

MEASURED_FROM, FORECAST_FROM = COLUMNS.index("measured_use"), COLUMNS.index("forecast_low")
"""The columns from there on have a sheet of their own."""


@dataclass(frozen=True)
class _Looks:
    """How cells look."""

    title: Format
    lead: Format
    head: Format
    head_of_figures: Format
    text: Format
    wrapped: Format
    number: Format
    fine: Format
    share: Format
    day: Format
    total: Format
    total_number: Format
    total_fine: Format


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula of ours with the value that it has now."""

    text: str
    value: float
    percent: bool = False


Content = Cell | _Formula


def as_xlsx(document: ActionPlanDocument, language: Language) -> bytes:
    """The workbook: plan, stages or scores, what was measured, resource sheet, footprint, answers, sources."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    _ = language.gettext
    book.set_properties({"title": headline(document, language), "author": "Green Pathways", "created": _BEFORE_ALL})
    looks = _looks(book)
    _plan(book.add_worksheet(_("Plan")), document, looks, language)
    if document.shown is not None:
        _shown(book.add_worksheet(_("Stages") if document.stages else _("Scores")), document.shown, looks, language)
    if document.followed is not None and document.followed.uses:
        _measured(book.add_worksheet(_("Measured")), document, looks, language)
    if document.money is not None:
        uses = _("Resource sheet")
        places = _uses(book.add_worksheet(uses), document.money, looks, language)
        _footprint(book.add_worksheet(_("Footprint")), document.money, _Places(uses, places), looks, language)
    _answers(book.add_worksheet(_("Answers")), document, looks, language)
    _sources(book.add_worksheet(_("Sources")), document, looks, language)
    book.close()
    return packed.getvalue()


def _looks(book: xlsxwriter.Workbook) -> _Looks:
    top = {"valign": "top"}
    return _Looks(
        book.add_format({"bold": True, "font_size": 16, "font_color": "#0b5f3b"}),
        book.add_format({"font_size": 11}),
        book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "align": "left", "indent": 1}
        ),
        book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "align": "right"}),
        book.add_format({"align": "left", "indent": 1, **top}),
        book.add_format({"text_wrap": True, "align": "left", "indent": 1, **top}),
        book.add_format({"num_format": "#,##0", **top}),
        book.add_format({"num_format": "#,##0.0###", **top}),
        book.add_format({"num_format": "0.0 %", **top}),
        book.add_format({"num_format": "yyyy-mm-dd", **top}),
        book.add_format({"bold": True, "top": 1, "align": "left", "indent": 1, **top}),
        book.add_format({"bold": True, "top": 1, "num_format": "#,##0", **top}),
        book.add_format({"bold": True, "top": 1, "num_format": "#,##0.0##", **top}),
    )


class _Page:
    """A worksheet that is written from the top down; `figures` are the columns that hold numbers.

    On paper it is `across` sheets wide, each with the first two columns.
    """

    def __init__(
        self, sheet: Worksheet, looks: _Looks, widths: Sequence[int], figures: Collection[int] = (), across: int = 1
    ) -> None:
        self._sheet, self.looks, self._widths, self._figures, self.row = sheet, looks, widths, figures, 0
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(across, 0)
        if across > 1:
            sheet.repeat_columns(0, 1)

    def title(self, text: str) -> None:
        """A line by itself, large."""
        _put(self._sheet, self.row, 0, text, self.looks.title)
        self.row += 2

    def line(self, text: str) -> None:
        """A line by itself."""
        _put(self._sheet, self.row, 0, text, self.looks.lead)
        self.row += 1

    def head(self, texts: Sequence[str], freeze: bool = False) -> None:
        """The heads of the columns, in a row high enough for the longest of them."""
        for at, text in enumerate(texts):
            _put(
                self._sheet, self.row, at, text, self.looks.head_of_figures if at in self._figures else self.looks.head
            )
        # Bold letters are wider than the digits that a column's width is counted in.
        lines = max(len(wrap(text, max(self._widths[at] - 3, 4))) for at, text in enumerate(texts))
        self._sheet.set_row(self.row, lines * LINE_HEIGHT)
        self.row += 1
        if freeze:
            self._sheet.freeze_panes(self.row, 0)
            self._sheet.repeat_rows(self.row - 1)

    def cells(self, cells: Iterable[Content], total: bool = False) -> None:
        """A row, high enough for the longest of its texts."""
        lines = 1
        for at, cell in enumerate(cells):
            if isinstance(cell, str):
                lines = max(lines, math.ceil(len(cell) / self._widths[at] * 1.1))
            _put(self._sheet, self.row, at, cell, self._total_look(cell) if total else self._look(cell))
        if lines > 1:
            self._sheet.set_row(self.row, min(lines * LINE_HEIGHT, TALLEST_ROW))
        self.row += 1

    def _total_look(self, cell: Content) -> Format:
        if cell is None or isinstance(cell, str):
            return self.looks.total
        value = cell.value if isinstance(cell, _Formula) else cell
        return self.looks.total_fine if isinstance(value, float) and abs(value) < 100 else self.looks.total_number

    def _look(self, cell: Content) -> Format:
        match cell:
            case date():
                return self.looks.day
            case str():
                return self.looks.wrapped if len(cell) > 24 else self.looks.text
            case _Formula(percent=True):
                return self.looks.share
            case _Formula():
                return self.looks.fine if abs(cell.value) < 100 else self.looks.number
            case None:
                return self.looks.text
        return self.looks.number if abs(float(cell)) >= 100 or float(cell).is_integer() else self.looks.fine


def _put(sheet: Worksheet, row: int, column: int, cell: Content, look: Format) -> None:
    match cell:
        case None:
            sheet.write_blank(row, column, None, look)
        case _Formula():
            sheet.write_formula(row, column, cell.text, look, cell.value)
        case date():
            sheet.write_datetime(row, column, cell, look)
        case str():
            sheet.write_string(row, column, cell[:LONGEST_CELL], look)
        case _:
            sheet.write_number(row, column, cell, look)


def _plan(sheet: Worksheet, document: ActionPlanDocument, looks: _Looks, language: Language) -> None:
    _ = language.gettext
    page = _Page(sheet, looks, (
        6, 42, 26, 12, 12, 18, 12, *[12] * 12, 16, 34, 60, 40, *[12] * 4,
    ), figures=(0, *range(7, 19), 26), across=3)  # fmt: skip
    page.title(headline(document, language))
    named = [document.company.name, language.date(document.day)]
    page.line(", ".join(part for part in named if part))
    if document.company.example:
        page.line(_("All figures are examples."))
    page.line(_(
        "Estimates from low to high, rounded to two figures. The totals are not the sums of the rows: actions on the "
        "same use share what there is to save."
    ))  # fmt: skip
    if document.has_losses:
        page.line(_("A minus sign before EUR a year: it costs so much more to run than it saves."))
    page.row += 1
    page.head(headings(language)[:MEASURED_FROM])
    for row in rows_of(document):
        page.cells(in_words(as_shown(row), language)[:MEASURED_FROM])
    total = total_row(document)
    if total is not None:
        page.cells([_("All"), *in_words(as_shown(total), language)[1:MEASURED_FROM]], total=True)


def _measured(sheet: Worksheet, document: ActionPlanDocument, looks: _Looks, language: Language) -> None:
    """What was measured, action by action and for each use, beside what had been forecast."""
    _ = language.gettext
    page = _Page(sheet, looks, (6, 42, 30, 9, *[13] * 6, 18, 40), figures=(0, *range(4, 10)))
    page.title(_("Measured savings a year"))
    page.line(_("Saving = use before - use after, each brought to 365 days; below zero more was used."))
    page.row += 1
    page.head([
        _("No."), _("Action"), *headings(language)[MEASURED_FROM:-1], _("Beside the forecast"),
        headings(language)[-1],
    ])  # fmt: skip
    for action, row in zip(document.actions, rows_of(document), strict=True):
        found = action.noted.measured if action.noted else None
        if found is not None:
            verdict = verdict_words(found.verdict, language) if found.verdict else _("None of this use")
            cells = in_words(as_shown(row), language)
            page.cells([*cells[:2], *cells[MEASURED_FROM:-1], verdict, cells[-1]])
    page.row += 1
    page.line(_("All of one use; the same readings given for several actions count once."))
    page.row += 1
    page.head([
        "", _("Use"), _("Actions with both figures"), _("Unit"), _("Saved, all"), _("Saved, of these actions"),
        *headings(language)[FORECAST_FROM:-1], "", _("Beside the forecast"),
    ])  # fmt: skip
    for total in document.followed.uses if document.followed else ():
        unit, both = unit_words(total.unit, language), total.compared
        compared: list[Cell] = [None] * 6
        if both is not None:
            forecast = both.forecast
            compared = [
                round(both.saving, 3), *map(amounts.to_two_figures, (forecast.low, forecast.typical, forecast.high)),
                None, verdict_words(both.verdict, language),
            ]  # fmt: skip
        page.cells(
            [
                None,
                use_name(total.use, language),
                both.actions if both else None,
                unit,
                round(total.saving, 3),
                *compared,
            ]
        )


@dataclass(frozen=True, slots=True)
class _Places:
    """The resource sheet by name, and the row in which each of its lines stands."""

    sheet: str
    rows: dict[str, int]

    def amount(self, line: str) -> str:
        """The address of the amount of a line."""
        name = self.sheet.replace("'", "''")
        return f"'{name}'!{xl_rowcol_to_cell(self.rows[line], 1, row_abs=True, col_abs=True)}"


def _uses(sheet: Worksheet, money: Money, looks: _Looks, language: Language) -> dict[str, int]:
    """The sheet, with cost = amount x price, and below it what the plan saves at these prices."""
    _ = language.gettext
    page = _Page(sheet, looks, (34, 13, 9, 11, 11, 30, 12, 44, 13, 14), figures=(1, 3, 4, 6, 8))
    page.title(_("What the company uses in a year"))
    page.line(money.period)
    page.head([
        _("Line"), _("Amount"), _("Unit"), _("Low"), _("High"), _("Basis"), _("EUR per unit"), _("Price from"),
        _("EUR a year"), _("Resource"),
    ])  # fmt: skip
    places: dict[str, int] = {}
    first = page.row + 1
    for row in money.sheet:
        places[row.line] = page.row
        at = page.row + 1
        cost = None if row.cost is None else _Formula(f"=B{at}*G{at}", float(row.cost))
        page.cells([
            row.label, row.amount, amounts.unit_words(row.unit, language), row.low, row.high, row.basis_words,
            row.price if row.costs_money else None, row.price_source, cost, row.resource if row.costs_money else None,
        ])  # fmt: skip
    last = page.row
    cost_now = float(money.cost_now or 0)
    page.cells([_("All that has a price"), *[None] * 7, _Formula(f"=SUM(I{first}:I{last})", cost_now)], total=True)
    page.row += 1
    if money.quantities:
        _worth(page, money, (first, last), language)
    return places


def _worth(page: _Page, money: Money, lines: tuple[int, int], language: Language) -> None:
    """What the plan saves of each resource, at the mean price of the sheet."""
    _ = language.gettext
    page.line(_("What the plan saves of it, with the prices above"))
    page.head([
        _("Resource"), _("Saved, typical"), _("Unit"), _("Low"), _("High"), _("Used more by actions"),
        _("EUR per unit"), _("Share of use, less what is added"), _("EUR a year, less what is added"), _("Resource"),
    ])  # fmt: skip
    first = page.row + 1
    for row in money.quantities:
        at = page.row + 1
        price, used = _mean_price(row, money, lines), _used(row, lines)
        share = None if used is None or row.share is None else _Formula(f"=(B{at}-F{at})/{used}", row.share, True)
        worth = None if price is None else _Formula(f"=(B{at}-F{at})*G{at}", row.net * price.value)
        page.cells([
            row.name, row.saved.typical, amounts.unit_words(row.unit, language), row.saved.low,
            row.saved.high, row.added.typical, price, share, worth, row.resource,
        ])  # fmt: skip
    eur = sum(row.net * price.value for row in money.quantities if (price := _mean_price(row, money, lines)))
    page.cells([_("Together"), *[None] * 7, _Formula(f"=SUM(I{first}:I{page.row})", eur)], total=True)


def _used(row: QuantityRow, lines: tuple[int, int]) -> str | None:
    if row.resource.startswith("cost-"):
        return None
    first, last = lines
    return f'SUMIFS($B${first}:$B${last},$J${first}:$J${last},"{row.resource}")'


def _mean_price(row: QuantityRow, money: Money, lines: tuple[int, int]) -> _Formula | None:
    """The cost of a resource by its amount; a cost is worth itself. None where a line has no price."""
    if row.resource.startswith("cost-"):
        return _Formula("=1", 1.0)
    uses = [use for use in money.sheet if use.resource == row.resource and use.costs_money and use.amount]
    costs = [use.cost for use in uses if use.cost is not None]
    total = sum(use.amount for use in uses if use.amount is not None)
    if not total or len(costs) < len(uses):
        return None
    first, last = lines
    cost = f'SUMIFS($I${first}:$I${last},$J${first}:$J${last},"{row.resource}")'
    return _Formula(f"={cost}/{_used(row, lines)}", float(sum(costs) / total))


def _footprint(sheet: Worksheet, money: Money, places: _Places, looks: _Looks, language: Language) -> None:
    _ = language.gettext
    found = money.footprint
    page = _Page(sheet, looks, (34, 30, 8, 13, 13, 9, 11, 12, 9, 13, 10, 60), figures=(2, 4, 6, 7, 9, 10))
    page.title(_("Carbon footprint of a year"))
    page.line(money.period)
    page.head([
        _("Line"), _("Part"), _("Scope"), _("Method"), _("Amount"), _("Unit"), _("In the factor's unit"),
        _("kg CO2e per unit"), _("per"), _("kg CO2e"), _("t CO2e"), _("Factor from"),
    ])  # fmt: skip
    first = page.row + 1
    for line in found.lines:
        at = page.row + 1
        kg, amount = float(line.kg), _Formula(f"={places.amount(line.line)}", float(line.amount))
        page.cells([
            line.label, line.part, line.scope, line.method, amount,
            amounts.unit_words(line.unit, language), line.in_unit, line.factor,
            amounts.unit_words(line.factor_unit, language), _Formula(f"=E{at}*G{at}*H{at}", kg),
            _Formula(f"=J{at}/1000", kg / _KG_IN_T), line.source,
        ])  # fmt: skip
    last = page.row
    page.row += 1
    kgs, scopes, methods = (f"${letter}${first}:${letter}${last}" for letter in "JCD")

    def total(scope: int, *methods_in: str) -> str:
        return "+".join(f'SUMIFS({kgs},{scopes},{scope},{methods},"{method}")' for method in methods_in)

    sums = (
        (1, _("Scope 1"), total(1, "both"), found.scope_1),
        (2, _("Scope 2, with the mix of the country"), total(2, "location", "both"), found.scope_2_location),
        (2, _("Scope 2, by contract"), total(2, "market", "both"), found.scope_2_market),
        (3, _("Scope 3, as far as known"), total(3, "both"), found.scope_3),
    )
    for scope, label, text, whole in sums:
        at = page.row + 1
        if scope in found.unknown:
            page.cells([label, *[None] * 8, _("not known")], total=True)
            continue
        page.cells(
            [label, *[None] * 8, _Formula(f"={text}", float(whole)), _Formula(f"=J{at}/1000", float(whole) / _KG_IN_T)],
            total=True,
        )
    page.row += 1
    for gap in found.gaps:
        page.line(_("Not counted: %(gap)s") % {"gap": gap})


def _shown(sheet: Worksheet, shown: Shown, looks: _Looks, language: Language) -> None:
    """Stages and axes, or both scores of each section; last whose figures stand beside them."""
    _ = language.gettext
    page = _Page(sheet, looks, (60, 9, 90))
    page.head([_("Stage or question"), _("Score"), _("What it says")], freeze=True)
    for row in shown_rows(shown, language):
        page.cells([row.of, row.score, row.says])
    if isinstance(shown, PairTable) and shown.members:
        page.row += 1
        page.line(shown.members)


def _answers(sheet: Worksheet, document: ActionPlanDocument, looks: _Looks, language: Language) -> None:
    _ = language.gettext
    page = _Page(sheet, looks, (26, 11, 40, 60, 8, 20, 50, 40))
    page.head([
        _("Section"), _("Code"), _("Question"), _("Answer"), _("Level"), _("Basis"), _("Note"), _("Reason"),
    ], freeze=True)  # fmt: skip
    states = {
        "do-not-know": _("I do not know"), "not-applicable": _("does not apply to us"), "unanswered": _("not provided"),
    }  # fmt: skip
    bases = {"bills": _("from bills or a meter"), "estimate": _("own estimate"), "": ""}
    for table in document.answers:
        for row in table.rows:
            answer = states.get(row.state) or language.list_of(row.answer)
            page.cells([
                table.title, row.code, row.short, answer, row.level, bases[row.basis], row.note, row.reason,
            ])  # fmt: skip


def _sources(sheet: Worksheet, document: ActionPlanDocument, looks: _Looks, language: Language) -> None:
    _ = language.gettext
    page = _Page(sheet, looks, (40, 8, 90, 80))
    page.head([_("Publisher"), _("Year"), _("Title"), _("Address")], freeze=True)
    for row in document.sources:
        page.cells([row.publisher, row.year, row.title, row.link])
    page.row += 1
    versions = document.versions
    values = {"title": versions.questionnaire, "version": versions.version, "engine": versions.engine}
    page.line(_("Questionnaire “%(title)s”, version %(version)s; rules of the score, version %(engine)s.") % values)
