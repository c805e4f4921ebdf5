"""An action is followed up on its card: what was typed stays, numbers go by our rules, odd figures are asked about."""

import csv
import io
import json
from datetime import date

import openpyxl
import pytest
from icalendar import Calendar

from assessment.press import plan_document
from assessment.reporting.compose import compose, compose_word
from assessment.reporting.money.amounts import to_two_figures
from assessment.services.plans import reports
from tests.reporting.languages import ENGLISH
from tests.reporting.paper import words_of
from tests.web.visiting import Page, Site, Visitor

WHOLE = {
    "status": "done", "owner": "Maria", "done_on.day": "20", "done_on.month": "6", "done_on.year": "2025",
    "cost": "1850,50", "before.amount": "12", "before.unit": "electricity:mwh", "before.basis": "bill",
    "before.first.day": "1", "before.first.month": "1", "before.first.year": "2024",
    "before.last.day": "30", "before.last.month": "12", "before.last.year": "2024",
    "after.amount": "7800", "after.unit": "electricity:kwh", "after.basis": "meter",
    "after.first.day": "1", "after.first.month": "7", "after.first.year": "2025",
    "after.last.day": "30", "after.last.month": "6", "after.last.year": "2026",
    "besides": "A second oven since May",
}  # fmt: skip


@pytest.fixture
def owner(examples: Site) -> Visitor:
    found = examples.visitor()
    found.open_example("metal-shop-de")
    return found


def card_of(owner: Visitor) -> str:
    """The address of the first card."""
    return next(link for link in owner.get(owner.hub + "/plan").links() if "/plan/measure:" in link).partition("?")[0]


def saved(owner: Visitor, **controls: str) -> Page:
    """The plan after the first card was sent so."""
    owner.submit(owner.get(card_of(owner)), {**WHOLE, **{name.replace("__", "."): c for name, c in controls.items()}})
    return owner.get(owner.hub + "/plan")


def test_readings_and_cost_come_back_as_a_measured_saving_on_card_and_plan(owner: Visitor) -> None:
    plan = saved(owner)
    assert "Electricity: 4,200 kWh a year less than before." in plan.words
    assert "12,000 kWh a year before, 7,800 kWh a year after." in plan.words
    assert "Real cost: EUR 1,850.50." in plan.words
    assert "Spent: EUR 1,850.50 on 1 action." in plan.words
    assert "Done on 20 June 2025." in plan.words
    assert plan.words.count("Confidence Measured by you. The forecast: ") == 1
    assert "A second oven since May" in plan.words
    assert "Please look at this again: The two readings are in different units." in plan.words
    form = owner.get(card_of(owner)).form()
    for name, typed in WHOLE.items():
        assert form.fields[name] == typed, name


def test_a_second_view_of_a_saving_is_shown_as_one_that_is_never_added(owner: Visitor) -> None:
    owner.post(owner.hub + "/plan-add", {"key": "electric-vehicles"})
    told = owner.get(owner.hub + "/plan").words
    assert "The same saving seen in another way, never added: 10 to 25 % of" in told
    material = reports.material_for(owner.site.instance, owner.hub.rpartition("/")[2], "en")
    paper = words_of(compose(plan_document(owner.site.instance, material), ENGLISH))
    assert "The same saving seen in another way, never added: 10 to 25 % of" in paper


LEAN = "measure:lean-production"
"""An action that saves electricity, so its readings stand beside a forecast."""


def test_every_file_of_the_plan_holds_dates_cost_and_measured_saving_as_page_and_paper_do(owner: Visitor) -> None:
    started = {"started_on.day": "2", "started_on.month": "6", "started_on.year": "2025"}
    owner.submit(owner.get(f"{owner.hub}/plan/{LEAN}"), {**WHOLE, **started})
    page = owner.get(owner.hub + "/plan").words
    draft_id = owner.hub.rpartition("/")[2]
    document = plan_document(owner.site.instance, reports.material_for(owner.site.instance, draft_id, "en"))
    papers = (page, words_of(compose(document, ENGLISH)), words_of(compose_word(document, ENGLISH)))
    for told in (
        "Started on 2 June 2025.", "Done on 20 June 2025.", "Real cost: EUR 1,850.50.", "A second oven since May",
        "12,000 kWh a year before, 7,800 kWh a year after.", "Spent: EUR 1,850.50 on 1 action.",
        "Measured saving: Electricity, 4,200 kWh a year.", "As forecast",
    ):  # fmt: skip
        assert [told in paper for paper in papers] == [True] * 3, told

    assert [paper.count("the saving was measured") for paper in papers[1:]] == [1, 1]

    def file(form: str) -> bytes:
        return bytes(owner.get(f"{owner.hub}/plan/files/{form}").body)

    found = json.loads(file("json"))
    (action,) = [each["follow_up"] for each in found["actions"] if each["follow_up"]]
    measured, forecast = action["measured"], action["measured"]["forecast_a_year"]
    assert (action["started_on"], action["done_on"], action["planned_for"]) == ("2025-06-02", "2025-06-20", None)
    assert (action["real_cost_eur"], action["what_else_changed"]) == ("1850.5", "A second oven since May")
    assert (measured["use"], measured["unit"], measured["beside_forecast"]) == ("electricity", "kwh", "within")
    assert [measured[f"{name}_a_year"] for name in ("before", "after", "saved")] == [12000, 7800, 4200]
    assert (found["followed"]["real_cost_eur"], found["followed"]["actions_with_cost"]) == ("1850.5", 1)
    (total,) = found["followed"]["measured"]
    assert (total["saved_a_year"], total["compared"]["saved_a_year"]) == (4200, 4200)
    assert total["compared"]["forecast_a_year"]["shown"] == forecast["shown"]

    *rows, last = csv.DictReader(io.StringIO(file("csv").decode("utf-8-sig")))
    (row,) = [each for each in rows if each["done_on"]]
    assert (row["started_on"], row["done_on"], row["real_cost"]) == ("2025-06-02", "2025-06-20", "1850.5")
    assert (row["measured_use"], row["measured_unit"]) == ("electricity", "kwh")
    assert [float(row[f"measured_{name}"]) for name in ("before", "after", "saving")] == [12000, 7800, 4200]
    assert [float(row[f"forecast_{end}"]) for end in ("low", "typical", "high")] == list(forecast.values())[:3]
    assert (last["real_cost"], last["measured_saving"]) == ("1850.5", "")

    book = openpyxl.load_workbook(io.BytesIO(file("xlsx")))
    head, *lines = [line for line in book["Plan"].iter_rows(values_only=True) if line[1]]
    (noted,) = [dict(zip(head, line, strict=True)) for line in lines if line[2] == LEAN.partition(":")[2]]
    assert (noted["Status"], str(noted["Done on"]), noted["Real cost in EUR"]) == (
        "Done",
        "2025-06-20 00:00:00",
        1850.5,
    )
    heads = [line for line in book["Measured"].iter_rows(values_only=True) if line[1]]
    by_action, by_use = dict(zip(heads[0], heads[1], strict=True)), dict(zip(heads[2], heads[3], strict=True))
    assert (by_action["Measured"], by_action["Unit"], by_action["Saved, a year"]) == ("Electricity", "kWh", 4200)
    assert by_action["Forecast a year, typical"] == to_two_figures(forecast["typical"])
    assert by_action["Beside the forecast"] == by_use["Beside the forecast"] == "As forecast"
    assert (by_use["Use"], by_use["Saved, all"]) == ("Electricity", 4200)


def test_the_data_file_holds_what_was_noted(owner: Visitor) -> None:
    saved(owner)
    taken = json.loads(owner.get(owner.hub + "/data.json").body)
    (noted,) = [row["follow_up"] for row in taken["plan_items"] if row["follow_up"]]
    assert noted["before"]["amount"] == {"amount": "12000", "unit": "mwh", "typed": "12"}
    assert noted["besides"] == "A second oven since May"


def test_an_ambiguous_number_is_asked_back_and_nothing_typed_is_lost(owner: Visitor) -> None:
    sent = {**WHOLE, "before.amount": "1.234"}
    asked = owner.submit(owner.get(card_of(owner)), sent, status=422)
    assert "“1.234” can mean 1,234 MWh or 1.234 MWh" in asked.words
    form = asked.form()
    for name, typed in sent.items():
        assert form.fields[name] == typed, name
    owner.submit(asked, {"before.amount.reading": "decimal"})
    assert "1,234 kWh a year before, 7,800 kWh a year after." in owner.get(owner.hub + "/plan").words
    again = owner.get(card_of(owner)).form()
    assert (again.fields["before.amount"], again.fields["before.amount.reading"]) == ("1.234", "decimal")


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("cost", "cheap", "What it really cost: we cannot read"),
        ("after.amount", "7O00", "Amount after: we cannot read"),
        ("before.last.month", "13", "Last day before: this is not a day in the calendar"),
        ("started_on.day", "3", "Started on: a date needs a day, a month and a year"),
        ("done_on.year", "20255", "Done on: this is not a day in the calendar"),
        ("besides", "x" * 1001, "What else changed must be 1,000 characters or fewer"),
        ("after.unit", "heat:barrel", "Unit after: choose one of the answers offered"),
        ("before.basis", "guess", "Source of the reading before: choose one of the answers offered"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_control_and_kept(owner: Visitor, name: str, typed: str, told: str) -> None:
    refused = owner.submit(owner.get(card_of(owner)), {**WHOLE, name: typed}, status=422)
    assert told in refused.words
    if name not in ("after.unit", "before.basis"):
        assert refused.form().fields[name] == typed
    assert refused.form().fields["after.amount"] == (typed if name == "after.amount" else "7800")
    assert "4,200" not in owner.get(owner.hub + "/plan").words


@pytest.mark.parametrize(
    ("controls", "asked"),
    [
        ({"before__amount": "-5"}, "An amount is below zero."),
        ({"cost": "99999999"}, "The cost is above 10 million EUR."),
        ({"after__unit": "water:m3"}, "The two readings measure different things"),
        ({"after__unit": ""}, "Choose what the amount measures and in which unit"),
        ({"after__amount": "7,8"}, "One reading is at least ten times the other."),
        ({"after__amount": "13000"}, "More was used after than before."),
        ({"after__last__year": "2024"}, "A last day lies before its first day."),
        ({"after__amount": ""}, "The saving is worked out once both readings have an amount"),
    ],
)
def test_odd_figures_are_asked_about_and_kept(owner: Visitor, controls: dict[str, str], asked: str) -> None:
    assert asked in saved(owner, **controls).words
    card = owner.get(card_of(owner))
    assert asked in card.words
    for name, typed in controls.items():
        assert card.form().fields[name.replace("__", ".")] == typed


def test_more_used_is_told_without_blame(owner: Visitor) -> None:
    words = saved(owner, after__amount="13000").words
    assert "Electricity: 1,000 kWh a year more than before. More output, longer hours or the weather" in words
    assert "Measured: Electricity, 1,000 kWh a year more than before." in words


def test_a_correction_by_output_counts_what_would_have_been_used(owner: Visitor) -> None:
    words = saved(owner, activity_name="tonnes", before__activity="100", after__activity="125").words
    assert "Electricity: 7,200 kWh a year less than before, at the same activity." in words


def test_a_card_changed_elsewhere_shows_both_and_keeps_what_was_typed(owner: Visitor) -> None:
    first, second = owner.get(card_of(owner)), owner.get(card_of(owner))
    owner.submit(first, WHOLE)
    clash = owner.submit(second, {**WHOLE, "after.amount": "7000"}, status=409)
    assert "7,800 kWh a year after" in clash.words
    assert clash.form().fields["after.amount"] == "7000"
    owner.submit(clash)
    assert "Electricity: 5,000 kWh a year less" in owner.get(owner.hub + "/plan").words


def test_gas_read_in_kwh_is_gross_as_on_the_bill_and_turned_into_net_as_on_the_sheet(owner: Visitor) -> None:
    words = saved(owner, before__unit="heat:mwh-gas", after__unit="heat:kwh-gas").words
    # 12 MWh and 7,800 kWh gross, x 0.903.
    assert "Heat and fuel: 3,793 kWh a year less than before." in words
    assert "10,836 kWh a year before, 7,043 kWh a year after." in words
    assert "Gas of a bill counts in kWh of net calorific value" in words


def test_heat_that_is_no_gas_is_taken_as_it_is(owner: Visitor) -> None:
    words = saved(owner, before__unit="heat:mwh", after__unit="heat:kwh").words
    assert "12,000 kWh a year before, 7,800 kWh a year after." in words
    assert "calorific" not in words


@pytest.mark.parametrize(("company", "unit"), [("metal-shop-de", "heat:kwh-gas"), ("accountants-at", "heat:kwh")])
def test_an_action_on_heat_offers_the_unit_of_the_heat_that_the_company_uses_most(
    examples: Site, company: str, unit: str
) -> None:
    owner = examples.visitor()
    owner.open_example(company)
    owner.post(owner.hub + "/plan-add", {"key": "heating-setpoint-one-degree"})
    card = owner.get(owner.hub + "/plan/measure:heating-setpoint-one-degree")
    assert card.form().fields["before.unit"] == unit


def test_an_untouched_card_offers_the_unit_of_what_it_saves_and_notes_nothing(owner: Visitor) -> None:
    form = owner.get(card_of(owner))
    assert form.form().fields["before.unit"] != ""
    owner.submit(form, {"status": "planned"})
    assert "How it went" not in owner.get(owner.hub + "/plan").words


def test_the_dates_go_into_a_calendar_file_with_the_first_step_and_a_link(owner: Visitor) -> None:
    assert owner.hub + "/plan.ics" not in owner.get(owner.hub + "/plan").links()
    dates = {"deadline.day": "31", "deadline.month": "3", "deadline.year": "2027", "owner": "Maria"}
    owner.submit(owner.get(card_of(owner)), dates)
    assert owner.hub + "/plan.ics" in owner.get(owner.hub + "/plan").links()
    file = owner.get(owner.hub + "/plan.ics")
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(file.body).walk("VEVENT")
    assert event.decoded("dtstart") == date(2027, 3, 31)
    address = owner.site.instance.settings.base_url + owner.hub + "/plan#action-" + card_of(owner).rpartition("/")[2]
    assert str(event["description"]).endswith(address)
    assert len(str(event["description"])) > len(address) + 10
