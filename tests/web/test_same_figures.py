"""Pages, paper and files of every example company tell the same figures: what one of them says, all others say too.

The JSON file holds the exact figures; each page, the paper and the Word document must say them in words, rounded as
everywhere, and workbook and CSV must hold the same numbers.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from assessment.core.money.uses import Range
from assessment.press import plan_document
from assessment.reporting.compose import compose, compose_word
from assessment.reporting.money import amounts
from assessment.reporting.plans.exports import EXPORTS
from assessment.reporting.plans.plan_rows import COLUMNS
from assessment.services.plans import reports
from tests.reporting import plans
from tests.reporting.languages import ENGLISH
from tests.reporting.paper import words_of
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
    return re.sub(r"\s+", " ", words).replace("CO 2 e", "CO2e").replace(" ;", ";")


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
    assert told.lacks(totals_told(told.data["totals"])) == []
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


def totals_told(totals: Found) -> Phrases:
    eur, kwh, kg = totals["eur_a_year"], totals["kwh_a_year"], totals["kg_co2e_a_year"]
    if eur and eur["typical"] > 0:
        yield "plan", f"about EUR {about(eur['typical'])} a year {span(eur)}"
        yield "paper", f"All actions together save about EUR {about(eur['typical'])} a year ({span(eur)})"
        yield "word", f"Money, EUR {about(eur['typical'])} {span(eur)}"
        yield "plan", f"Cost before funding: {amounts.euro_span(figure(totals['cost_eur']), ENGLISH)}."
        yield "plan", f"Payback: {amounts.years(totals['payback_years'], ENGLISH)}."
        yield "plan", f"Confidence: {amounts.certainty_words(totals['certainty'], ENGLISH)}."
    if eur and kwh and kwh["typical"] > 0:
        yield "plan", f"about {about(kwh['typical'])} kWh a year {span(kwh)}"
        yield "word", f"Energy, kWh {about(kwh['typical'])} {span(kwh)}"
    if eur and kg and kg["typical"] >= 50:
        in_words = f"{amounts.carbon(kg['typical'], ENGLISH)} {{}}{amounts.carbon_span(figure(kg), ENGLISH)}"
        yield "plan", "about " + in_words.format("a year ")
        yield "paper", in_words.format("")
    yield "word", f"One-off cost before grants {amounts.euro_span(figure(totals['cost_eur']), ENGLISH)}"


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
