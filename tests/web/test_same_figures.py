"""Pages, paper and files of every example company tell the same figures: what one of them says, all others say too.

The JSON file holds the exact figures; each page, the paper and the Word document must say them in words, rounded as
everywhere, and workbook and CSV must hold the same numbers.
"""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from assessment.core.aggregates.release_file import ReleaseFile
from assessment.core.aggregates.snapshots import TABLE_IDS, Figure, Snapshot, TableId
from assessment.core.money.uses import Range
from assessment.press import plan_document, readiness_document
from assessment.reporting.compose import compose, compose_word
from assessment.reporting.money import amounts
from assessment.reporting.plans.exports import EXPORTS
from assessment.reporting.plans.plan_rows import COLUMNS
from assessment.services.plans import reports
from assessment.storage.aggregates import releases
from tests.reporting import plans, snapshots
from tests.reporting.languages import ENGLISH
from tests.reporting.paper import words_of
from tests.web.clustered import ASKED, add_cluster, manager_of
from tests.web.visiting import Site

Found = Mapping[str, Any]
Phrases = Iterator[tuple[str, str]]
"""Where something must be told, and in which words."""

PAGES = ("results", "plan", "use", "footprint")


@dataclass(frozen=True)
class Told:
    """One company's plan as each page and file tells it."""

    words: Mapping[str, str]
    data: Any
    rows: list[Found]
    book: openpyxl.Workbook

    def lacks(self, phrases: Phrases) -> list[tuple[str, str]]:
        """What is not told where it must be."""
        return [(where, phrase) for where, phrase in phrases if plain(phrase) not in self.words[where]]

    def sheet(self, name: str) -> list[tuple[Any, ...]]:
        """The rows of a sheet of the workbook, as the values that its cells carry."""
        return list(self.book[name].iter_rows(values_only=True))


def plain(words: str) -> str:
    """Words with all spaces alike."""
    return re.sub(r"\s+", " ", words).replace("CO\N{SUBSCRIPT TWO}e", "CO2e").replace(" ;", ";")


@pytest.fixture(params=plans.examples())
def told(request: pytest.FixtureRequest, examples: Site) -> Told:
    owner = examples.visitor()
    owner.open_example(request.param)
    document = plan_document(
        examples.instance, reports.material_for(examples.instance, owner.hub.rpartition("/")[2], "en")
    )
    words = {page: owner.get(f"{owner.hub}/{page}").words for page in PAGES}
    words["paper"], words["word"] = (words_of(make(document, ENGLISH)) for make in (compose, compose_word))
    text = EXPORTS["csv"](document, ENGLISH).decode("utf-8-sig")
    return Told(
        {where: plain(found) for where, found in words.items()},
        json.loads(EXPORTS["json"](document, ENGLISH)),
        list(csv.DictReader(io.StringIO(text, newline=""))),
        openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"](document, ENGLISH)), data_only=True),
    )


def figure(found: Found) -> Range:
    return Range(found["low"], found["typical"], found["high"])


def about(value: float) -> str:
    return amounts.estimate(value, ENGLISH)


def span(found: Found) -> str:
    return amounts.span(figure(found), ENGLISH)


def tonnes(kg: str) -> str:
    return amounts.tonnes(Decimal(kg), ENGLISH)


def numbers(row: Found, name: str, ends: tuple[str, ...] = ("low", "typical", "high")) -> list[float]:
    return [float(row[f"{name}_{end}"]) for end in ends]


def test_pages_paper_and_files_of_a_company_tell_the_same_figures(told: Told) -> None:
    assert told.lacks(score_told(told.data)) == []
    assert told.lacks(totals_told(told.data["totals"], told.data["headline"])) == []
    for action in told.data["actions"]:
        assert told.lacks(action_told(action)) == []
    for row in told.data["resource_sheet"]:
        assert told.lacks(use_told(row)) == []
    assert told.lacks(footprint_told(told.data["footprint"])) == []
    plan_in_workbook_and_csv(told)
    use_and_footprint_in_workbook(told)


def test_how_many_others_do_it_is_told_with_its_source_and_year() -> None:
    solar = next(card for card in plans.plan_of().actions if card.measure == "solar-pv")
    assert solar.others == (
        "What others do: 12\u00a0%, EU SMEs generating renewable energy on site (2024). Source: GE Agency, 2024."
    )
    assert "GE Agency" in {source.publisher for source in plans.plan_of().sources}


def shown_told(found: Found) -> str:
    return f"{about(found['typical'])} ({span(found)})"


def score_told(data: Any) -> Phrases:
    score = data["overall"]["score"]
    if score is not None:
        yield "results", f"{score} out of 100"
        yield "paper", f"{score} out of 100"
        yield "word", f"Your score is {score} out of 100"
    for section in data["sections"]:
        if section["score"] is not None:
            yield "results", f"{section['score']} out of 100 {section['score']}"
            yield "paper", f"{section['section']} {section['score']}"


def totals_told(totals: Found, headline: str) -> Phrases:
    eur, kwh, kg = totals["eur_a_year"], totals["kwh_a_year"], totals["kg_co2e_a_year"]
    if eur and eur["typical"] > 0:
        yield "plan", f"about EUR {about(eur['typical'])} a year {span(eur)}"
        yield "paper", f"All actions together save about EUR {about(eur['typical'])} a year ({span(eur)})"
        yield "word", f"Money, EUR {about(eur['typical'])} {span(eur)}"
        yield "plan", f"Cost before funding: {amounts.euro_span(figure(totals['cost_eur']), ENGLISH)}."
        yield "plan", f"Payback: {payback_told(totals['payback_years'], len(totals['payback_leaves_out']))}."
        yield "plan", f"Confidence: {amounts.certainty_words(totals['certainty'], ENGLISH)}."
    if eur and kwh and kwh["typical"] > 0:
        yield "plan", f"about {about(kwh['typical'])} kWh a year {span(kwh)}"
        yield "word", f"Energy, kWh {about(kwh['typical'])} {span(kwh)}"
    if eur and kg and kg["typical"] >= 50:
        in_words = f"{amounts.carbon(kg['typical'], ENGLISH)} {{}}{amounts.carbon_span(figure(kg), ENGLISH)}"
        yield "plan", "about " + in_words.format("a year ")
        about_less = f"{amounts.carbon(kg['typical'], ENGLISH)} less ({amounts.carbon_span(figure(kg), ENGLISH)})"
        yield "paper", f"The plan makes it about {about_less}."
        # Page one has it where it leads with money.
        if "could save about EUR" in headline:
            yield "paper", in_words.format("")
    yield "word", f"One-off cost before grants {amounts.euro_span(figure(totals['cost_eur']), ENGLISH)}"


def payback_told(years: float | None, left_out: int) -> str:
    words = "Not known yet" if years is None and left_out else amounts.years(years, ENGLISH)
    if years and years > 20:
        words += ", by what can be counted in euros"
    if years is None or not left_out:
        return words
    return words + f", without {left_out} {'action' if left_out == 1 else 'actions'} whose saving is not known"


def action_told(action: Found) -> Phrases:
    saving, title = action["saving"], action["title"]
    for where in ("plan", "paper", "word"):
        yield where, title
        yield where, action["what_others_do"]
    if saving is None:
        return
    eur, cost = saving["eur_a_year"], saving["cost_eur"]
    assert all(found["shown"] == shown_told(found) for found in (eur, cost, saving["kg_co2e_a_year"]) if found)
    if eur and eur["typical"] > 0:
        yield "plan", f"Saving about EUR {about(eur['typical'])} a year {span(eur)}"
        yield "paper", f"Saving: about EUR {about(eur['typical'])} a year ({span(eur)})"
        yield "word", f"EUR {about(eur['typical'])} ({span(eur)})"
    if cost:
        words = amounts.cost_words(figure(cost), figure(saving["cost_eur_after_funding"]), ENGLISH)
        yield "plan", f"Cost {words}"
        yield "paper", f"Cost: {words}"
        yield "word", f"Cost {words}"
        if eur and eur["typical"] > 0:
            payback = amounts.years(saving["payback_years"], ENGLISH)
            yield "plan", f"Payback {payback}"
            yield "paper", f"Payback: {payback}"
            yield "word", f"Payback {payback}"


def use_told(row: Found) -> Phrases:
    if row["amount"] is None:
        yield "use", row["label"]
        return
    amount = Decimal(row["amount"])
    number = f"about {about(float(amount))}" if row["basis"] == "our-estimate" else ENGLISH.converted(amount)
    unit = amounts.units_words(row["unit"], ENGLISH, amount)
    if row["unit"] == "EUR":
        yield "use", f"{row['label']} {ENGLISH.money(round(amount))}"
        if row["cost_eur"] is not None:
            yield "paper", ENGLISH.money(round(amount))
        return
    yield "use", f"{row['label']} {number} {unit}"
    if row["cost_eur"] is not None:
        cost = Decimal(row["cost_eur"])
        shown = amounts.euros(cost, ENGLISH) if row["basis"] == "our-estimate" else ENGLISH.money(round(cost))
        yield "use", f"{shown} a year"
        yield "paper", f"{number} {unit}"
        if row["unit"] != "EUR":
            price = ENGLISH.price(Decimal(row["price_eur"]))
            yield "use", f"{price} per {amounts.unit_words(row['unit'], ENGLISH)} ({row['price_source']})"
            yield "paper", f"{price} {row['price_source']}"


def footprint_told(found: Found) -> Phrases:
    one, two, market = (tonnes(found[f"scope_{name}_kg"]) for name in ("1", "2_location", "2_market"))
    for scope, name in ((1, one), (2, two), (2, market), (3, tonnes(found["scope_3_known_kg"]))):
        if scope not in found["unknown_scopes"] and found["lines"]:
            yield "footprint", f"{name} t Scope {scope}"
    for where in ("paper", "word"):
        if found["lines"] and 1 not in found["unknown_scopes"]:
            yield where, f"{one} t directly (scope 1)"
        if found["lines"] and 2 not in found["unknown_scopes"]:
            yield where, f"{two} t through the energy you bought"
    for line in found["lines"]:
        amount = Decimal(line["amount"]) * Decimal(line["in_factor_unit"])
        counted = f"{ENGLISH.converted(amount)} {amounts.units_words(line['factor_unit'], ENGLISH)}"
        factor = amounts.factor(Decimal(line["factor"]), ENGLISH)
        yield "footprint", f"{counted} × {factor} kg per"
        yield "footprint", f"{tonnes(line['kg_co2e'])} t"
        for where in ("paper", "word"):
            yield where, f"{counted} {factor} note"


def plan_in_workbook_and_csv(told: Told) -> None:
    in_book = [row for row in told.sheet("Plan") if row[1] or row[0] == "All"][1:]
    entries = [*(action["saving"] for action in told.data["actions"]), told.data["totals"]]
    for entry, in_csv, line in zip(entries, told.rows, in_book, strict=True):
        for name, written in zip(COLUMNS, line, strict=False):
            if name.startswith(("eur", "tonnes", "cost", "own_cost", "payback", "hours")):
                exact = float(in_csv[name]) if in_csv[name] else None
                rounded = exact is not None and not name.startswith(("payback", "hours"))
                assert written == (amounts.to_two_figures(exact or 0.0) if rounded else exact), name
        if in_csv["eur_typical"]:
            assert (*numbers(in_csv, "eur"), in_csv["eur_shown"]) == tuple(entry["eur_a_year"].values())
        if in_csv["tonnes_typical"]:
            kg = [1000 * value for value in numbers(in_csv, "tonnes")]
            assert kg == pytest.approx(list(figure(entry["kg_co2e_a_year"])), abs=1e-3)
        for name, key in (("cost", "cost_eur"), ("own_cost", "cost_eur_after_funding")):
            if entry and entry[key]:
                assert numbers(in_csv, name, ("low", "high")) == [entry[key]["low"], entry[key]["high"]]


def use_and_footprint_in_workbook(told: Told) -> None:
    uses = {row[0]: row for row in told.sheet("Resource sheet") if row[0]}
    for line in told.data["resource_sheet"]:
        row = uses[line["label"]]
        assert row[1] == (None if line["amount"] is None else pytest.approx(float(line["amount"])))
        assert row[8] == (None if line["cost_eur"] is None else pytest.approx(float(line["cost_eur"])))
    found, sums = told.data["footprint"], {row[0]: row[9] for row in told.sheet("Footprint") if row[0]}
    assert len([row for row in told.sheet("Footprint") if isinstance(row[2], int)]) == len(found["lines"])
    for scope, label, name in (
        (1, "Scope 1", "scope_1_kg"), (2, "Scope 2, with the mix of the country", "scope_2_location_kg"),
        (2, "Scope 2, by contract", "scope_2_market_kg"), (3, "Scope 3, as far as known", "scope_3_known_kg"),
    ):  # fmt: skip
        known = scope not in found["unknown_scopes"]
        assert sums[label] == (pytest.approx(float(found[name])) if known else "not known")


# A cluster: each table of its page, row by row


Row = tuple[str, ...]


@dataclass(frozen=True)
class ClusterTold:
    """One snapshot as the page shows it, as the files hold it, and as the paper prints it."""

    tables: Mapping[str, list[Row]]
    snapshot: Snapshot
    rows: list[Found]
    book: openpyxl.Workbook
    printed: list[Row]
    paper: str

    def lines(self, table: TableId) -> Iterator[tuple[str, Mapping[str, Figure]]]:
        """The rows of a table of the JSON file that show anything, with their names."""
        found = self.snapshot.table(table)
        columns = [column.key for column in found.columns]
        for row in found.rows:
            if any(figure is not None for figure in row.figures):
                yield row.key, dict(zip(columns, row.figures, strict=True))


@pytest.fixture
def cluster_told(site: Site) -> ClusterTold:
    return told_of(site, snapshots.snapshot())


def told_of(site: Site, snapshot: Snapshot) -> ClusterTold:
    manager_id, manager = manager_of(site)
    cluster_id = add_cluster(site, manager_id)
    made = snapshot.model_copy(update={"population": cluster_id})
    with site.instance.database.writing() as connection:
        releases.add(connection, cluster_id, ASKED, made.taken_at, None, made.model_dump_json(), "{}")
    page = manager.get(f"/clusters/{cluster_id}/readiness")
    files = f"/clusters/{cluster_id}/readiness/files"
    with zipfile.ZipFile(io.BytesIO(manager.get(f"{files}/csv").body)) as archive:
        text = archive.read("figures.csv").decode("utf-8-sig")
    printed = compose(readiness_document(site.instance, cluster_id, "en"), ENGLISH)
    return ClusterTold(
        dict(tables_of(page.text)),
        ReleaseFile.model_validate_json(manager.get(f"{files}/json").body).snapshot,
        list(csv.DictReader(io.StringIO(text, newline=""))),
        openpyxl.load_workbook(io.BytesIO(manager.get(f"{files}/xlsx").body)),
        [row for _, rows in tables_of(printed) for row in rows],
        printed,
    )


def tables_of(text: str) -> Iterator[tuple[str, list[Row]]]:
    """The tables of a page: their captions, and the words of their cells."""
    for table in re.findall(r"<table.*?</table>", text, re.DOTALL):
        caption = re.search(r"<caption.*?</caption>", table, re.DOTALL)
        rows = [
            tuple(said(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL))
            for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        ]
        yield said(caption[0]) if caption else "", rows


def said(cell: str) -> str:
    """What is read of a cell: a drawing says nothing, nor does what only the eye sees."""
    without = re.sub(r"<svg.*?</svg>|<span[^>]*aria-hidden.*?</span>", "", cell, flags=re.DOTALL)
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", without))).strip()


def shown(value: Figure) -> str:
    return "not shown" if value is None else plain(ENGLISH.number(Decimal(str(value))))


def on_screen(found: ClusterTold) -> Iterator[tuple[str, TableId, int, list[Row]]]:
    """Each table of the page: its caption, what it is in the files, from which cell on, and what must stand there."""
    yield "How far the members are", "participation", 1, [
        (shown(told["companies"]), shown(told["share"])) for _, told in found.lines("participation")
    ]  # fmt: skip
    yield "Scores by section", "sections", 2, [
        (shown(told["mean"]), shown(told["median"]), f"{shown(told['low'])} to {shown(told['high'])}",
         shown(told["companies"])) for _, told in found.lines("sections")
    ]  # fmt: skip
    by_category: tuple[tuple[str, TableId, TableId], ...] = (
        ("line of business", "sectors", "companies-by-sector"), ("size", "sizes", "companies-by-size"),
        ("region", "regions", "companies-by-region"),
    )  # fmt: skip
    for caption, table, counts in by_category:
        number = found.snapshot.table(counts).figure
        yield f"Average score by {caption} and section", table, 1, [
            (shown(number(key, "companies")), *map(shown, told.values())) for key, told in found.lines(table)
        ]  # fmt: skip
    lacked = sorted(
        (told for _, told in found.lines("practices")),
        key=lambda told: (-(told["share"] or 0), -(told["missing"] or 0)),
    )
    words = [
        (f"about {shown(told['missing'])} of {shown(told['known'])}", shown(told["share"])) for told in lacked
    ]  # fmt: skip
    yield "What most members lack", "practices", 1, [*words[:10]]
    yield "What fewer members lack", "practices", 1, [*words[10:]]
    units = {row.key: row.unit for row in found.snapshot.table("amounts").rows}
    yield "What is saved in a year", "amounts", 1, [
        (f"{shown(told['sum'])} {units[key]}", shown(told["companies"])) for key, told in found.lines("amounts")
    ]  # fmt: skip
    yield "Change since the last snapshot", "change", 1, every(found, "change")
    yield "Compared with other clusters", "comparison", 2, every(found, "comparison")
    yield "How scores are spread", "percentiles", 1, every(found, "percentiles")


def every(found: ClusterTold, table: TableId) -> list[Row]:
    return [tuple(map(shown, told.values())) for _, told in found.lines(table)]


def test_each_table_on_the_page_of_a_cluster_holds_what_its_json_file_holds(cluster_told: ClusterTold) -> None:
    expected = list(on_screen(cluster_told))
    assert set(cluster_told.tables) == {caption for caption, *_ in expected}
    for caption, _, place, rows in expected:
        assert rows, caption
        assert [row[place:] for row in cluster_told.tables[caption][1:]] == rows, caption
    # Numbers of companies stand beside the means they are of; all other tables stand for themselves.
    by_itself = {table for _, table, *_ in expected}
    assert {table for table in TABLE_IDS if not table.startswith("companies-by-")} == by_itself


def test_numbers_of_companies_that_may_not_be_shown_leave_no_empty_column_and_nobody_says_that_they_are_few(
    site: Site,
) -> None:
    whole = snapshots.snapshot()
    withheld = [
        table.model_copy(update={
            "rows": tuple(row.model_copy(update={"figures": (None,) * len(row.figures)}) for row in table.rows)
        }) if table.id.startswith("companies-by-") else table
        for table in whole.tables
    ]  # fmt: skip
    found = told_of(site, whole.model_copy(update={"companies": None, "tables": tuple(withheld)}))
    for caption in ("line of business", "size", "region"):
        heads, *rows = found.tables[f"Average score by {caption} and section"]
        assert "Companies" not in heads
        assert rows
        assert {len(row) for row in rows} == {len(heads)}
    for key, told in found.lines("sectors"):
        assert sorted(figure for figure in told.values() if figure is not None) in [
            numbers_in(row[1:]) for row in found.printed
        ], key
    assert "Fewer than 5 companies of" not in found.paper
    assert "How many companies of the cluster are counted is not shown." in found.paper


def test_csv_and_workbook_of_a_cluster_hold_what_its_json_file_holds(cluster_told: ClusterTold) -> None:
    expected = {
        (table.id, row.key, column.key): figure
        for table in cluster_told.snapshot.tables
        for row in table.rows
        for column, figure in zip(table.columns, row.figures, strict=True)
    }
    in_csv = {
        (row["table"], row["row"], row["column"]): float(row["figure"]) if row["figure"] else None
        for row in cluster_told.rows
    }
    assert in_csv == expected
    for table in cluster_told.snapshot.tables:
        cells = list(cluster_told.book[table.id].iter_rows(values_only=True))
        numbers = [[cell for cell in row if isinstance(cell, int | float)] for row in cells]
        told = [[figure for figure in row.figures if figure is not None] for row in table.rows]
        assert [row for row in numbers if row] == [row for row in told if row], table.id


def test_the_paper_of_a_cluster_prints_each_row_of_its_json_file(cluster_told: ClusterTold) -> None:
    printed = [numbers_in(row[1:]) for row in cluster_told.printed]
    counts: Mapping[TableId, TableId] = {
        "sectors": "companies-by-sector", "sizes": "companies-by-size", "regions": "companies-by-region",
    }  # fmt: skip
    for table in TABLE_IDS:
        if table in counts.values():
            continue
        for key, told in cluster_told.lines(table):
            figures = [abs(figure) for figure in told.values() if figure is not None]
            if table in counts:
                beside = cluster_told.snapshot.table(counts[table]).figure(key, "companies")
                figures += [beside] if beside is not None else []
            assert sorted(figures) in printed, (table, key)


def numbers_in(cells: Row) -> list[float]:
    """The numbers of some cells, by size."""
    found = (re.findall(r"\d[\d,.]*", cell) for cell in cells)
    return sorted(float(number.replace(",", "")) for words in found for number in words)
