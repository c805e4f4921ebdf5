"""Money on the pages: what a company uses and emits, and how many pieces it needs; every figure says its source."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from turbohtml.etree import ElementView

from assessment.content import folders
from assessment.core.money.sheet_entries import NO_ENTRIES
from assessment.i18n import languages
from assessment.press import plan_document
from assessment.reporting.compose import compose, compose_word
from assessment.services.plans import reports
from assessment.web.money import money_forms
from assessment.web.money.money_forms import MoneyFields
from tests.core.sheets import factors
from tests.reporting.paper import words_of
from tests.web.visiting import Controls, Page, Site, Visitor

ENGLISH = languages(folders.LOCALE)["en"]
BASES = ("from bills or a meter", "your estimate", "as you gave it", "our estimate for: ", "not known")
BAKERY, STUDIO, HOTEL = "bakery-bg", "design-studio-fi", "hotel-hr"


def opened(site: Site, name: str) -> Visitor:
    """Somebody who has the check of an example company open."""
    visitor = site.visitor()
    visitor.open_example(name)
    return visitor


@pytest.fixture
def owner(examples: Site) -> Visitor:
    return opened(examples, BAKERY)


def blocks(page: Page) -> Iterator[tuple[str, str]]:
    """The lines of the sheet: id and text."""
    for element in page.tree.iter("div"):
        if element.attrib.get("id", "").startswith("line-"):
            yield element.attrib["id"].removeprefix("line-"), text_of(element)


def text_of(element: ElementView) -> str:
    return " ".join(" ".join(element.itertext()).split())


def row(owner: Visitor, line: str) -> str:
    """The text of one line of the sheet."""
    return dict(blocks(owner.get(owner.hub + "/use")))[line]


def change(owner: Visitor, line: str, status: int = 303, **typed: str) -> Page:
    """Send the form of a line with this typed into it (`__` stands for a dot)."""
    page = owner.get(f"{owner.hub}/use/{line}")
    return owner.submit(page, {name.replace("__", "."): value for name, value in typed.items()}, status=status)


def fields(owner: Visitor, line: str) -> dict[str, str]:
    """What stands in the form of a line."""
    return dict(owner.get(f"{owner.hub}/use/{line}").form().fields)


# The sheet


def test_every_line_of_every_company_says_where_its_figure_and_its_price_come_from(examples: Site) -> None:
    estimates = 0
    for name in examples.instance.library.examples():
        visitor = opened(examples, name)
        page = visitor.get(visitor.hub + "/use")
        lines, links = dict(blocks(page)), page.links()
        assert lines
        for line, text in lines.items():
            assert sum(basis in text for basis in BASES) == 1, (name, text)
            if "our estimate for: " in text:
                assert re.search(r"by figures of (no country in particular|[A-Z])", text), (name, text)
                assert " about " in text, (name, text)
                estimates += 1
            if " per " in text:
                assert re.search(r"\((your price|from what it costs|[^)]*Eurostat)[^)]*\)", text), (name, text)
            assert f"{visitor.hub}/use/{line}" in links
    assert estimates > 3


@pytest.mark.parametrize("path", ["/use", "/footprint", "/best-plan", "/scenarios"])
def test_the_pages_that_are_reached_from_the_plan_mark_it_as_their_place(owner: Visitor, path: str) -> None:
    (current,) = owner.get(owner.hub + path).tree.iterfind(".//nav//a[@aria-current]")
    assert (current.text or "").strip() == "Action plan"


def test_an_own_amount_and_price_take_the_place_of_the_answer_and_come_back_in_the_form(owner: Visitor) -> None:
    assert "112,000 kWh from bills or a meter EUR 0.1416 per kWh (Bulgaria, band IB" in row(owner, "electricity")
    change(owner, "electricity", amount="98 000", price="0,21")
    assert "98,000 kWh your estimate EUR 0.21 per kWh (your price) EUR 20,580 a year" in row(owner, "electricity")
    assert (fields(owner, "electricity")["amount"], fields(owner, "electricity")["price"]) == ("98000", "0.21")
    change(owner, "electricity", from_bills="1")
    assert "98,000 kWh from bills or a meter EUR 0.21" in row(owner, "electricity")
    change(owner, "electricity", amount="", price="")
    assert "112,000 kWh from bills or a meter EUR 0.1416 per kWh (Bulgaria, band IB" in row(owner, "electricity")


def test_an_amount_of_three_months_is_brought_to_a_year_and_never_taken_for_one(owner: Visitor) -> None:
    change(owner, "electricity", amount="28 000", months="3", period="January to March 2026", from_bills="1")
    told = row(owner, "electricity")
    assert "112,000 kWh 3 months, brought to a year, of January to March 2026; typed as 28,000 kWh" in told
    assert "from bills" not in told
    assert "as if all were alike" in told
    assert (fields(owner, "electricity")["amount"], fields(owner, "electricity")["months"]) == ("28000", "3")
    written = json.loads(owner.get(f"{owner.hub}/plan/files/json").body)["resource_sheet"]
    [line] = [line for line in written if line["line"] == "electricity"]
    assert line["basis_in_words"] == "3 months, brought to a year, of January to March 2026"
    change(owner, "natural-gas", amount="10", amount__unit="MWh-gross", months="1")
    assert "typed as 10 MWh of gross calorific value" in row(owner, "natural-gas")
    assert fields(owner, "natural-gas")["amount"] == "10"


def test_a_line_says_of_which_year_it_is_though_its_amount_stays_the_answer(owner: Visitor) -> None:
    change(owner, "water", period="2024")
    assert "880 m³ from bills or a meter, of 2024" in row(owner, "water")
    change(owner, "water", period="")
    assert "from bills or a meter EUR" in row(owner, "water")


def test_months_without_an_amount_ask_for_it(owner: Visitor) -> None:
    assert "Type how much it was in these months" in change(owner, "electricity", 422, months="3").words


def test_nights_in_hotels_count_by_the_country_of_the_hotel(owner: Visitor) -> None:
    page = owner.get(f"{owner.hub}/use/hotel-nights")
    assert "Rooms times nights" in page.words
    change(owner, "hotel-nights", amount="30", kind="hotel-germany")
    assert "30 nights your estimate" in row(owner, "hotel-nights")
    told = owner.get(owner.hub + "/footprint").words
    # 30 nights x 13.2 kg.
    assert "Nights in hotels on business: Germany Scope 3, on the way 30 nights × 13.2 kg per night" in told
    assert "0.4 t" in told


def test_kinds_have_names_that_people_use_wherever_they_show(owner: Visitor) -> None:
    page = owner.get(f"{owner.hub}/use/material-2")
    assert "Hard polyethylene (HDPE), new" in page.words
    change(owner, "material-2", kind="material-hdpe-incl-forming-primary-material-production")
    assert "Second material: Hard polyethylene (HDPE), new" in row(owner, "material-2")
    assert "Second material: Hard polyethylene (HDPE), new" in owner.get(owner.hub + "/footprint").words


def test_an_ambiguous_amount_is_asked_back_once_and_the_choice_settles_it(owner: Visitor) -> None:
    asked = change(owner, "water", 422, amount="1.234")
    assert "“1.234” can mean 1,234 m³ or 1.234 m³" in asked.words
    assert asked.form().fields["amount"] == "1.234"
    assert "880 m³" in row(owner, "water")
    owner.submit(asked, {"amount.reading": "decimal"})
    assert "1.234 m³ your estimate" in row(owner, "water")
    assert fields(owner, "water")["amount"] == "1.2340"
    change(owner, "water")
    assert "1.234 m³ your estimate" in row(owner, "water")
    owner.submit(change(owner, "water", 422, amount="1,234"), {"amount.reading": "whole"})
    assert "1,234 m³ your estimate" in row(owner, "water")
    assert fields(owner, "water")["amount"] == "1234"


def test_a_price_per_litre_comes_back_as_it_was_typed(owner: Visitor) -> None:
    assert "EUR per litre" in owner.get(owner.hub + "/use/diesel").text
    change(owner, "diesel", price="1.55")
    assert fields(owner, "diesel")["price"] == "1.55"
    asked = change(owner, "diesel", 422, price="1.489")
    assert "“1.489” can mean 1,489 EUR per litre or 1.489 EUR per litre" in asked.words
    owner.submit(asked, {"price.reading": "decimal"})
    assert fields(owner, "diesel")["price"] == "1.4890"
    change(owner, "diesel")
    assert fields(owner, "diesel")["price"] == "1.4890"


PRICED = [line for line in factors().lines.values() if line.price is not None and line.resource]


@settings(deadline=None, derandomize=True)
@given(
    st.sampled_from(PRICED),
    st.decimals(min_value=0, max_value=100_000, places=6) | st.decimals(min_value=0, max_value=10**14, places=2),
)
def test_every_figure_comes_back_as_it_was_typed_and_is_never_asked_back(line: object, figure: Decimal) -> None:
    found = next(each for each in PRICED if each is line)
    typed = money_forms.plain(figure, ENGLISH)
    words = {"amount": "Amount", "unit": "", "price": "Price", "per": ""}
    sent = MoneyFields({"amount": typed, "price": typed})
    entries = money_forms.read_line(sent, found, NO_ENTRIES, factors(), ENGLISH, words)
    assert sent.errors == []
    stored = type(entries).model_validate(entries.model_dump(mode="json"))
    back = money_forms.fields_of_line(found, stored, factors(), ENGLISH)
    assert (back["amount"], back["price"]) == (typed, typed)


def test_amount_and_price_of_a_fuel_are_asked_in_the_unit_of_its_bill(owner: Visitor) -> None:
    change(owner, "diesel", amount="6800", price="1.5")
    assert "68,227 kWh your estimate; typed as 6,800 litres" in row(owner, "diesel")
    assert "(your price, EUR 1.50 per litre) EUR 10,200 a year" in row(owner, "diesel")
    assert "of gross calorific value" in owner.get(owner.hub + "/use/natural-gas").words
    change(owner, "natural-gas", amount="240000", price="0.05")
    assert "216,720 kWh your estimate; typed as 240,000 kWh of gross calorific value" in row(owner, "natural-gas")
    assert "EUR 12,000 a year" in row(owner, "natural-gas")
    assert (fields(owner, "diesel")["amount"], fields(owner, "natural-gas")["amount"]) == ("6800", "240000")


@pytest.mark.parametrize(
    ("line", "amount", "unit", "kwh"),
    [
        ("natural-gas", "12000", "m3", "112,000 kWh your estimate; typed as 12,000 m³"),
        ("natural-gas", "240", "MWh-gross", "216,720 kWh your estimate; typed as 240 MWh of gross calorific value"),
        ("electricity", "98", "MWh", "98,000 kWh your estimate; typed as 98 MWh"),
        ("heating-oil", "1.5 MWh", "MWh", "1,500 kWh your estimate; typed as 1.5 MWh"),
        ("heating-oil", "900 l", "litre", "9,030 kWh your estimate; typed as 900 litres"),
        ("water", "5 m³", "m3", "5 m³ your estimate"),
        ("waste-glass", "750", "kg", "0.75 t your estimate; typed as 750 kg"),
    ],
)
def test_each_line_takes_the_units_of_its_bills_and_keeps_what_was_typed(
    owner: Visitor, line: str, amount: str, unit: str, kwh: str
) -> None:
    change(owner, line, amount=amount, amount__unit=unit)
    assert kwh in row(owner, line)
    number = amount.split(" ", maxsplit=1)[0]
    assert (fields(owner, line)["amount"], fields(owner, line)["amount.unit"]) == (number, unit)
    before = row(owner, line)
    change(owner, line)
    assert row(owner, line) == before


@pytest.mark.parametrize(
    ("typed", "unit", "told"),
    [
        ("3000 m3", "kWh-gross", "You typed “3000 m3” and chose kWh gross. Choose the unit that you mean"),
        ("500 litres", "m3", "You typed “500 litres” and chose m³."),
        ("5000 bananas", "m3", "we cannot read"),
        ("5000", "barrel", "Choose one of the units offered"),
    ],
)
def test_a_unit_that_is_not_the_one_chosen_is_asked_back_and_nothing_typed_is_lost(
    owner: Visitor, typed: str, unit: str, told: str
) -> None:
    before = row(owner, "natural-gas")
    asked = change(owner, "natural-gas", 422, amount=typed, amount__unit=unit, price="0.05")
    assert told in asked.words
    assert (asked.form().fields["amount"], asked.form().fields["price"]) == (typed, "0.05")
    assert row(owner, "natural-gas") == before


@pytest.mark.parametrize(
    ("line", "typed", "asked", "shown"),
    [
        ("electricity", {"amount": "-500"}, "You typed -500. A yearly use below zero cannot be counted", "not known"),
        ("diesel", {"amount": "-500"}, "You typed -500. A yearly use below zero cannot be counted", "not known"),
        ("electricity", {"amount": "999999999999"}, "This is unusual for a firm.", "999,999,999,999 kWh"),
        ("diesel", {"amount": "999999999999"}, "This is unusual for a firm.", "typed as 999,999,999,999 litres"),
        ("waste", {"amount": "999999999999"}, "This is unusual for a firm.", "999,999,999,999 t"),
        ("floor-area", {"amount": "999999999999"}, "This is unusual for a firm.", "999,999,999,999 m²"),
        ("electricity", {"amount": "9" * 18}, "This is unusual for a firm.", "999,999,999,999,999,999 kWh"),
        ("natural-gas", {"amount": "9" * 18}, "This is unusual for a firm.", "typed as 999,999,999,999,999,999 kWh"),
        ("electricity", {"price": "-1"}, "A price below zero is not counted", "EUR 0.1416 per kWh (Bulgaria"),
        ("electricity", {"price": "21"}, "This price is unusual", "EUR 21 per kWh (your price)"),
        ("diesel", {"price": "99999999999999.99"}, "This price is unusual", "(your price, EUR"),
        ("diesel", {"price": "9" * 18}, "This price is unusual", "(your price, EUR"),
    ],
)
def test_negative_and_absurd_figures_are_kept_and_asked_about(
    owner: Visitor, line: str, typed: dict[str, str], asked: str, shown: str
) -> None:
    assert asked not in row(owner, line)
    owner.submit(owner.get(f"{owner.hub}/use/{line}"), typed)
    assert asked in row(owner, line)
    assert shown in row(owner, line)
    for name, value in typed.items():
        assert fields(owner, line)[name] == value
    for tail in ("/plan", "/footprint", "/scenarios"):
        owner.get(owner.hub + tail)


def test_the_most_absurd_amount_at_the_most_absurd_price_is_shown_on_every_page_and_in_every_file(
    owner: Visitor,
) -> None:
    change(owner, "electricity", amount="9" * 18, price="9" * 18)
    assert "999,999,999,999,999,999 kWh" in row(owner, "electricity")
    assert "EUR 999,999,999,999,999,998,000,000,000,000,000,000 a year" in row(owner, "electricity")
    for tail in ("/results", "/plan", "/use/electricity", "/footprint", "/scenarios"):
        owner.get(owner.hub + tail)
    for form in ("xlsx", "docx", "json", "csv"):
        assert owner.get(f"{owner.hub}/plan/files/{form}").body


def test_a_firm_of_one_is_one_person(owner: Visitor) -> None:
    change(owner, "people", amount="1")
    assert "1 person as you gave it" in row(owner, "people")
    change(owner, "people", amount="1.5")
    assert "1.5 people as you gave it" in row(owner, "people")


def test_an_absurd_price_loses_no_other_figure(owner: Visitor) -> None:
    before = dict(blocks(owner.get(owner.hub + "/use")))
    change(owner, "diesel", price="99999999999999.9999")
    after = dict(blocks(owner.get(owner.hub + "/use")))
    assert {line for line in before if before[line] != after.get(line)} == {"diesel"}


@pytest.mark.parametrize(
    ("line", "typed", "told"),
    [
        ("electricity", {"amount": "a lot"}, "Amount: we cannot read"),
        ("electricity", {"price": "cheap"}, "Price: we cannot read"),
        ("electricity", {"amount": "9" * 19}, "this number has more than 18 digits"),
        ("electricity", {"months": "14"}, "Choose how many months it is of"),
        ("people", {"months": "3"}, "Choose how many months it is of"),
        ("electricity", {"period": "x" * 61}, "Year or months must be 60 characters or fewer"),
        ("electricity", {"contract": "nuclear"}, "Choose one of the answers offered"),
        ("waste", {"kind": "stones"}, "Choose one of the kinds offered"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_control_and_changes_nothing(
    examples: Site, owner: Visitor, line: str, typed: dict[str, str], told: str
) -> None:
    before = examples.dump()
    refused = owner.submit(owner.get(f"{owner.hub}/use/{line}"), typed, status=422)
    assert told in refused.words
    (name,) = typed
    assert f"#{name}" in [a.attrib["href"] for a in refused.tree.iter("a")]
    if name in ("amount", "price"):
        assert refused.form().fields[name] == typed[name]
    assert examples.dump() == before


def test_our_estimate_is_marked_can_be_turned_off_and_turned_on_again(examples: Site) -> None:
    owner = opened(examples, STUDIO)
    lines = dict(blocks(owner.get(owner.hub + "/use")))
    line, text = next((line, text) for line, text in lines.items() if "our estimate for" in text)
    assert " about " in text
    change(owner, line, no_estimate="1")
    assert "not known" in row(owner, line)
    assert "Our estimate is turned off." in row(owner, line)
    page = owner.get(f"{owner.hub}/use/{line}")
    assert page.form().fields["no_estimate"] == "1"
    owner.submit(page, {"no_estimate": []})
    assert row(owner, line) == text


def test_a_missing_price_is_named_and_never_zero(examples: Site) -> None:
    owner = opened(examples, "translator-ro")
    without = "Without a price we cannot put these in euros: Waste that is not hazardous. Open a line to give yours."
    assert without in owner.get(owner.hub + "/use").words
    assert "EUR" not in row(owner, "waste")
    change(owner, "waste", price="200")
    assert "EUR 200 per t (your price) EUR 12 a year" in row(owner, "waste")
    assert "Without a price" not in owner.get(owner.hub + "/use").words


def test_a_usual_range_names_source_and_place_and_one_from_overseas_is_for_orientation(
    examples: Site,
) -> None:
    bakery, hotel = opened(examples, BAKERY), opened(examples, HOTEL)
    told = bakery.get(bakery.hub + "/use").words
    assert "5,300 kWh (within the usual range) Usual: 3,000 to 30,000 kWh (Manufacturing SME, our estimate, " in told
    assert "European Union)" in told
    change(hotel, "floor-area", amount="2500")
    told = hotel.get(hotel.hub + "/use").words
    assert "130 kWh (for orientation only) Usual: 90 to 210 kWh" in told
    assert "United States, 2012)" in told


def test_the_total_of_the_sheet_is_the_sum_of_its_lines(owner: Visitor) -> None:
    for line, amount, price in (("electricity", "100000", "0.2"), ("natural-gas", "200000", "0.05"),
                                ("diesel", "0", ""), ("water", "0", ""), ("waste", "0", ""),
                                ("refrigerant", "0", ""), ("waste-cost", "0", "")):  # fmt: skip
        change(owner, line, amount=amount, price=price)
    assert "energy, water and waste cost you about EUR 30,000 a year" in owner.get(owner.hub + "/use").words


@pytest.mark.parametrize("tail", ["/use/nothing", "/use/Electricity", "/pieces/nothing", "/pieces/led"])
def test_an_unknown_line_or_measure_is_not_found(owner: Visitor, tail: str) -> None:
    owner.get(owner.hub + tail, 404)
    owner.post(owner.hub + tail, {"amount": "1", "pieces": "1", "revision": "0"}, 404)


@pytest.mark.parametrize("revision", ["", "x", "²", "-1", "1.0", "9" * 5000, "9" * 9])
def test_figures_changed_in_another_window_are_not_overwritten_and_what_was_typed_stays(
    examples: Site, owner: Visitor, revision: str
) -> None:
    first, second = (owner.get(owner.hub + "/use/electricity") for _ in range(2))
    owner.submit(first, {"amount": "98000"})
    before = examples.dump()
    owner.submit(owner.get(owner.hub + "/use/water"), {"amount": "5", "revision": revision}, status=409)
    clash = owner.submit(second, {"amount": "97000", "price": "0.3"}, status=409)
    assert examples.dump() == before
    assert "Your figures were changed in another window." in clash.words
    assert "At present: 98,000 kWh" in clash.words
    assert (clash.form().fields["amount"], clash.form().fields["price"]) == ("97000", "0.3")
    owner.submit(clash)
    assert "97,000 kWh your estimate EUR 0.30 per kWh" in row(owner, "electricity")


def test_a_total_of_every_plan_lies_within_the_range_beside_it(examples: Site) -> None:
    seen = 0
    for name in examples.instance.library.examples():
        owner = opened(examples, name)
        for element in owner.get(owner.hub + "/plan").tree.iter("ul"):
            for told in re.finditer(
                r"([\d,.]+) (?:kWh |t CO2e |kg CO2e )?a year ([\d,.]+) to ([\d,.]+)", text_of(element)
            ):
                if element.attrib.get("class") == "gp-totals":
                    typical, low, high = (Decimal(figure.replace(",", "")) for figure in told.groups())
                    assert low <= typical <= high, (name, told[0])
                    seen += 1
    assert seen > 20


# The footprint


def emissions(page: Page) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """Each line: what it says of its scope, its amount, its factor and its tonnes as shown."""
    found = []
    for element in page.tree.iter("div"):
        if element.attrib.get("class") == "govuk-summary-list__row":
            text = text_of(element)
            sum_ = re.search(r"([\d,.]+) \S+(?: gross)? × ([\d,.]+) kg per .* ([\d,.]+) t$", text)
            assert sum_, text
            amount, factor, tonnes = (Decimal(part.replace(",", "")) for part in sum_.groups())
            found.append((text, amount, factor, tonnes))
    return found


def total(page: Page, scope: str) -> Decimal:
    """A total of the footprint as shown."""
    figure = re.search(rf"([\d,.]+) t {scope}", page.words)
    assert figure
    return Decimal(figure[1].replace(",", ""))


TOTALS = {
    "Scope 1 burnt": ("Scope 1",), "Scope 2 location-based": ("Scope 2", "location-based"),
    "Scope 2 market-based": ("Scope 2", "market-based"), "Scope 3 only": ("Scope 3",),
}  # fmt: skip


def test_the_lines_of_every_footprint_come_to_its_totals_and_can_be_worked_out_again(examples: Site) -> None:
    estimates = 0
    for name in examples.instance.library.examples():
        owner = opened(examples, name)
        page = owner.get(owner.hub + "/footprint")
        lines = emissions(page)
        assert lines, name
        for text, amount, factor, tonnes in lines:
            # Shown: the amount whole from 100 on, the factor with five figures, the tonnes with one decimal.
            room = Decimal("0.05") + tonnes * Decimal("0.006")
            assert abs(amount * factor / 1000 - tonnes) <= room, text
        for scope, marks in TOTALS.items():
            parts = [tonnes for text, _, _, tonnes in lines if marks_in(text, marks)]
            if f"Not known yet {scope}" in page.words:
                assert parts == []
                continue
            assert abs(total(page, scope) - sum(parts)) <= Decimal("0.05") * (len(parts) + 1), (name, scope)
        assert "Nothing of this counts as zero: it is missing." in page.words
        marked = "The amount is our estimate." in page.words
        assert "our estimate for: " in owner.get(owner.hub + "/use").words or not marked
        estimates += marked
    assert estimates


def test_a_scope_of_which_nothing_is_known_is_told_so_and_not_as_zero(examples: Site) -> None:
    translator, bakery = opened(examples, "translator-ro"), opened(examples, "bakery-bg")
    page = translator.get(translator.hub + "/footprint")
    assert "What you burn or lose yourself (scope 1) is not known yet." in page.words
    assert "Not known yet Scope 1 burnt" in page.words
    assert "0.0 t" not in page.words
    assert "not known yet" not in bakery.get(bakery.hub + "/footprint").words.lower()


def marks_in(text: str, marks: tuple[str, ...]) -> bool:
    head = text.partition(" × ")[0]
    return all(re.search(rf"{mark}(, |$| )", head) for mark in marks)


def test_a_green_contract_changes_the_market_based_total_alone(owner: Visitor) -> None:
    before = owner.get(owner.hub + "/footprint")
    change(owner, "electricity", contract="green")
    after = owner.get(owner.hub + "/footprint")
    assert total(after, "Scope 2 market-based") == 0 < total(before, "Scope 2 market-based")
    for scope in TOTALS:
        if "market" not in scope:
            assert total(after, scope) == total(before, scope)


def test_a_footprint_says_by_which_report_gases_count_and_where_carbon_dioxide_stands_alone(owner: Visitor) -> None:
    sources = {label: words for label, words, *_ in footprint_sources(owner)}
    assert "warming potentials of IPCC AR5" in sources["Natural gas Scope 1, burnt by yourself"]
    assert "carbon dioxide alone" in sources["Electricity bought Scope 2, made in the power plants, market-based"]
    assert "IPCC" not in sources["Electricity bought Scope 2, made in the power plants, location-based"]


def footprint_sources(owner: Visitor) -> Iterator[tuple[str, str]]:
    """Each line of the footprint page with what it says of its factor."""
    for element in owner.get(owner.hub + "/footprint").tree.iter("div"):
        if element.attrib.get("class") == "govuk-summary-list__row":
            yield text_of(next(element.iter("dt"))), text_of(next(element.iter("dd")))


def test_the_kind_of_a_line_brings_its_emissions_in(owner: Visitor) -> None:
    gap = "Waste that is not hazardous, treatment: you have not said which kind it is"
    assert gap in owner.get(owner.hub + "/footprint").words
    page = owner.get(owner.hub + "/use/waste")
    options = [
        option.attrib["value"] for option in page.tree.iter("option") if option.attrib["value"].startswith("waste-")
    ]
    owner.submit(page, {"kind": options[0]})
    after = owner.get(owner.hub + "/footprint")
    assert gap not in after.words
    assert any("Waste that is not hazardous" in text for text, *_ in emissions(after))


def test_waste_by_kind_and_journeys_are_added_to_the_sheet_and_to_the_footprint(owner: Visitor) -> None:
    offered = owner.get(owner.hub + "/use")
    for title, line in (("Waste by kind", "waste-food"), ("Journeys and goods with others", "flights-europe")):
        assert title in offered.words
        assert f"{owner.hub}/use/{line}" in offered.links()
    page = owner.get(owner.hub + "/use/waste-food")
    assert "Food and drink waste, composted: 8.9831 kg per t" in page.words
    assert "glass" not in page.words.lower()
    owner.submit(page, {"amount": "9", "kind": "waste-organic-food-and-drink-waste-composting"})
    change(owner, "flights-europe", amount="2400")
    rest = row(owner, "waste")
    assert rest.startswith("Waste that is not hazardous 7.5 t")
    assert "what is left of 16.5 t" in rest
    assert row(owner, "flights-europe").startswith("Flights within Europe 2,400 passenger-km")
    words = owner.get(owner.hub + "/footprint").words
    assert "Flights within Europe Scope 3, on the way 2,400 passenger-km × 0.12786 kg per passenger-km" in words
    assert "Food and garden waste: Food and drink waste, composted Scope 3, treatment 9 t × 8.9831 kg per t" in words


def test_the_year_of_the_figures_stands_beside_them_on_pages_and_in_files(owner: Visitor) -> None:
    assert "Figures of the last year before 24 November 2026." in owner.get(owner.hub + "/use").words
    form = owner.get(owner.hub + "/use/period")
    refused = owner.submit(form, {"period": "2025 " * 20}, status=422)
    assert "Year or months must be 60 characters or fewer" in refused.words
    owner.submit(form, {"period": "April 2025  to March 2026"})
    told = "Figures of: April 2025 to March 2026."
    for page in ("/use", "/footprint"):
        assert told in owner.get(owner.hub + page).words
    assert owner.get(owner.hub + "/use/period").form().fields["period"] == "April 2025 to March 2026"
    assert json.loads(owner.get(owner.hub + "/plan/files/json").body)["period_of_figures"] == told
    material = reports.material_for(owner.site.instance, owner.hub.rpartition("/")[2], "en")
    document = plan_document(owner.site.instance, material)
    assert words_of(compose(document, ENGLISH)).count(told) == 3
    assert words_of(compose_word(document, ENGLISH)).count(told) == 2


# The number of pieces


def pieces_link(owner: Visitor) -> str:
    page = owner.get(owner.hub + "/plan")
    return next(a.attrib["href"] for a in page.tree.iter("a") if "Say how many you need" in text_of(a))


def card(owner: Visitor, measure: str) -> str:
    """The text of a card of the plan."""
    page = owner.get(owner.hub + "/plan")
    return next(text_of(card) for card in page.tree.iter("article") if card.attrib["id"] == f"action-measure:{measure}")


def test_a_measure_priced_by_the_piece_asks_for_the_number_and_then_counts(examples: Site) -> None:
    owner = opened(examples, HOTEL)
    link = pieces_link(owner)
    measure = link.rpartition("/")[2]
    assert "Say how many you need" in card(owner, measure)
    left_out = f"{owner.site.instance.library.catalogue('en').measures[measure].title}: how many you need"
    assert left_out in owner.get(owner.hub + "/plan").words
    one = owner.get(link)
    price = re.search(r"one piece only: EUR ([\d,]+)(?: to EUR ([\d,]+))?", one.words)
    assert price
    owner.submit(one, {"pieces": "100"})
    assert owner.get(link).form().fields["pieces"] == "100"
    low, high = price[1].replace(",", ""), (price[2] or price[1]).replace(",", "")
    assert f"Cost EUR {int(low) * 100:,} to EUR {int(high) * 100:,} " in card(owner, measure)
    assert left_out not in owner.get(owner.hub + "/plan").words
    owner.submit(owner.get(link), {"pieces": ""})
    assert "Say how many you need" in card(owner, measure)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("-5", "Number: you typed -5. A number below zero cannot be counted"), ("9" * 18, "is unusual for a firm.")],
)
def test_an_odd_number_of_pieces_is_kept_and_asked_about(examples: Site, typed: str, told: str) -> None:
    owner = opened(examples, HOTEL)
    link = pieces_link(owner)
    asked = owner.follow(owner.submit(owner.get(link), {"pieces": typed}))
    assert asked.path == link
    assert told in asked.words
    assert asked.form().fields["pieces"] == typed
    assert ("Say how many you need" in card(owner, link.rpartition("/")[2])) == typed.startswith("-")


def test_a_number_of_pieces_that_cannot_be_read_or_was_changed_elsewhere_changes_nothing(examples: Site) -> None:
    owner = opened(examples, HOTEL)
    link = pieces_link(owner)
    stale = owner.get(link)
    refused = owner.submit(stale, {"pieces": "1.234"}, status=422)
    assert "“1.234” can mean 1,234 or 1.234" in refused.words
    owner.submit(refused, {"pieces.reading": "whole"})
    before = examples.dump()
    clash = owner.submit(stale, {"pieces": "7"}, status=409)
    assert clash.form().fields["pieces"] == "7"
    assert examples.dump() == before
    assert owner.get(link).form().fields["pieces"] == "1234"


@pytest.mark.parametrize(
    ("path", "controls"),
    [("/use/electricity", {"amount": "5"}), ("/selection", {"slot": "a"}), ("/selection", {"act": "use"}),
     ("/scenarios", {"slot": "a"}), ("/best-plan", {"budget": "0"})],
)  # fmt: skip
def test_nobody_else_sees_or_changes_the_figures_of_a_company(
    examples: Site, owner: Visitor, path: str, controls: Controls
) -> None:
    stranger = examples.visitor()
    stranger.token()
    before = examples.dump()
    for tail in ("/use", "/use/electricity", "/footprint", "/scenarios", "/what-if", "/best-plan"):
        stranger.get(owner.hub + tail, 404)
    stranger.post(owner.hub + path, {**controls, "revision": "0"}, 404)
    assert examples.dump() == before


# What else only the company knows of a measure


def told(owner: Visitor, measure: str, **typed: str) -> Page:
    """The plan after the figures of a measure were given (`__` stands for a dot, `_` for a hyphen)."""
    owner.post(owner.hub + "/plan-add", {"key": measure})
    names = {name.replace("__", ".").replace("_", "-"): value for name, value in typed.items()}
    answer = owner.submit(owner.get(f"{owner.hub}/pieces/{measure}"), names)
    assert answer.location == f"{owner.hub}/plan#action-measure:{measure}"
    return owner.follow(answer)


def test_a_measure_on_something_of_its_own_asks_how_much_it_is_and_then_counts(owner: Visitor) -> None:
    measure, missing = (
        "refurbished-it-furniture",
        "Buy refurbished equipment and furniture: the amount of equipment bought in a year",
    )
    owner.post(owner.hub + "/plan-add", {"key": measure})
    assert missing in owner.get(owner.hub + "/plan").words
    assert "Give your figures for this measure" in card(owner, measure)
    asked = owner.get(f"{owner.hub}/pieces/{measure}").words
    assert "How much a year: equipment bought" in asked
    assert "What is counted: share of purchase cost of the items concerned." in asked
    # 20 to 60 %, typically 0.2 + 0.33 x 0.4 = 33.2 % of EUR 3,000: EUR 996, less what its question says is done.
    plan = told(owner, measure, quantity__materials__equipment_purchases="3000")
    assert missing not in plan.words
    saved = re.search(r"Saving about EUR ([\d,]+) a year", card(owner, measure))
    assert saved
    assert 200 <= int(saved[1].replace(",", "")) <= 1000
    form = owner.get(f"{owner.hub}/pieces/{measure}").form().fields
    assert form["quantity.materials.equipment-purchases"] == "3000"


def test_freight_and_trips_are_asked_for_in_tonnes_and_save_no_euros(owner: Visitor) -> None:
    told(owner, "travel-policy-video", quantity__co2e_transport__business_travel="10")
    assert "EUR" not in card(owner, "travel-policy-video").partition("Saving")[2].partition("Cost")[0]
    assert " t CO2e a year" in card(owner, "travel-policy-video")


def test_a_saving_for_each_bar_is_reckoned_for_the_bars_that_the_company_chooses(examples: Site) -> None:
    owner = opened(examples, "metal-shop-de")
    measure = "compressed-air-pressure-reduction"
    told(owner, measure)
    one = re.search(r"Saving about EUR ([\d,]+) a year", card(owner, measure))
    told(owner, measure, steps="2")
    two = re.search(r"Saving about EUR ([\d,]+) a year", card(owner, measure))
    assert one
    assert two
    ratio = int(two[1].replace(",", "")) / int(one[1].replace(",", ""))
    assert ratio == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize(("typed", "told"), [("-3", "you typed -3"), ("9" * 18, "is unusual for a firm")])
def test_an_odd_quantity_is_kept_and_asked_about(owner: Visitor, typed: str, told: str) -> None:
    address = owner.hub + "/pieces/refurbished-it-furniture"
    asked = owner.follow(owner.submit(owner.get(address), {"quantity.materials.equipment-purchases": typed}))
    assert told in asked.words
    assert asked.form().fields["quantity.materials.equipment-purchases"] == typed
    owner.get(owner.hub + "/plan")
    owner.get(owner.hub + "/what-if", query_string={"measure": "refurbished-it-furniture"})


def test_a_measure_that_needs_no_figure_has_no_form(owner: Visitor) -> None:
    owner.get(owner.hub + "/pieces/food-waste-tracking", 404)


def test_a_card_says_what_the_sum_does_not_count_of_its_saving(owner: Visitor) -> None:
    """The audit gives way on electricity and counts on gas; the meter reading gives way altogether."""
    cards = {card.partition("<h3")[2]: card for card in owner.get(owner.hub + "/plan").text.split("<article")[1:]}
    told = {
        title: [words in card for words in ("so it adds nothing to the sum", "In the sum only where no other action")]
        for title, card in ((head.partition(">")[2].partition("<")[0], card) for head, card in cards.items())
    }
    assert told["Read the meters often and see what runs when"] == [True, False]
    assert told["Have an energy audit made"] == [False, True]
    assert told["Measure and cut food waste"] == [False, False]


def test_a_card_without_a_number_of_pieces_says_where_not_even_one_comes_back_as_usual(owner: Visitor) -> None:
    owner.submit(owner.get(owner.hub + "/pieces/solar-pv"), {"pieces": ""})
    assert "even with one only" not in card(owner, "solar-pv")
    change(owner, "electricity", price="0.0001")
    assert "Payback More than 20 years, even with one only" in card(owner, "solar-pv")
    assert "By your figures this comes back only after more than 20 years." in card(owner, "solar-pv")
    material = reports.material_for(owner.site.instance, owner.hub.rpartition("/")[2], "en")
    document = plan_document(owner.site.instance, material)
    for printed in (compose(document, ENGLISH), compose_word(document, ENGLISH)):
        assert "More than 20 years, even with one only" in words_of(printed)


def test_an_action_that_waits_for_a_number_is_named_openly_under_the_sums_it_is_not_in(owner: Visitor) -> None:
    owner.submit(owner.get(owner.hub + "/pieces/solar-pv"), {"pieces": ""})
    asked = "Not in these sums yet, because we need a number from you: Put solar panels on the roof"
    page = owner.get(owner.hub + "/plan")
    assert asked in page.words
    assert f"{owner.hub}/pieces/solar-pv" in page.links()
    owner.submit(owner.get(owner.hub + "/pieces/solar-pv"), {"pieces": "10"})
    assert asked not in owner.get(owner.hub + "/plan").words


def test_a_card_that_comes_back_too_late_by_figures_that_came_later_says_so(owner: Visitor) -> None:
    late = "By your figures this comes back only after more than 20 years."
    assert late not in owner.get(owner.hub + "/plan").words
    # The plan stays as it was frozen; roof and price alone make the panels pay later.
    owner.submit(owner.get(owner.hub + "/pieces/solar-pv"), {"pieces": "40"})
    change(owner, "electricity", price="0.02")
    assert late in owner.get(owner.hub + "/plan").words
