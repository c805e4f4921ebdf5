"""The files of a plan as the pages give them away, and the totals that page and files share."""

import json
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from decimal import Decimal

import pytest

from assessment.core.money.sheet_entries import SheetEntries
from assessment.core.plans.goals import Goals
from assessment.services.instance import Instance
from assessment.services.money import money
from assessment.services.plans import reports
from assessment.services.plans.reports import ForPrint
from assessment.storage import jobs
from tests.reporting.languages import ENGLISH
from tests.web.routes import ADDRESSES, Finished
from tests.web.visiting import Site, Visitor

BEGINS = {"xlsx": b"PK", "docx": b"PK", "json": b"{", "csv": b"\xef\xbb\xbfnumber,"}
"""The first bytes of each file."""


@pytest.fixture
def owner(finished: Finished) -> Visitor:
    """Whoever has the finished check open."""
    return finished.owner


def material(check: Finished) -> ForPrint:
    """What the plan of the check would show in print now."""
    return reports.material_for(check.site.instance, check.parts["draft_id"], "en")


def test_the_page_of_the_pdf_leads_to_every_other_file_of_the_plan(owner: Visitor) -> None:
    links = owner.get(owner.hub + "/report").links()
    for form, first in BEGINS.items():
        path = f"{owner.hub}/plan/files/{form}"
        assert path in links
        page = owner.get(path)
        assert page.body.startswith(first)
        assert page.headers["Content-Disposition"] == f'attachment; filename="green-pathways-plan.{form}"'
    assert "/schemas/plan-1.json" in links
    owner.get(f"{owner.hub}/plan/files/exe", 404)


def test_the_schema_of_the_data_is_public_and_the_data_names_it(site: Site, finished: Finished) -> None:
    found = json.loads(finished.owner.get(finished.owner.hub + "/plan/files/json").text)
    path = found["json_schema"].removeprefix(finished.site.instance.settings.base_url)
    assert json.loads(site.visitor().get(path).text)["title"] == "PlanFile"


def test_nobody_else_gets_a_file_of_the_plan(finished: Finished) -> None:
    for form in BEGINS:
        finished.site.visitor().get(f"{finished.owner.hub}/plan/files/{form}", 404)


def test_files_are_made_twenty_times_an_hour_and_no_more(make_finished: Callable[..., Finished]) -> None:
    owner = make_finished(limited=True).owner
    path = owner.hub + "/plan/files/csv"
    statuses = [owner.get(path, status).status for status in [200] * 20 + [429]]
    assert statuses == [200] * 20 + [429]


def test_every_way_to_have_a_pdf_made_is_limited(make_finished: Callable[..., Finished]) -> None:
    check = make_finished(limited=True)
    for path in ("/questions.pdf", "/sample-plan.pdf"):
        assert path in ADDRESSES["GET"]
        assert [check.owner.get(path, status).status for status in [200] * 20 + [429]][-1] == 429
    order = check.owner.hub + "/report"
    assert [check.owner.post(order, status=status).status for status in [303] * 20 + [429]][-1] == 429


def test_results_are_shown_however_often_but_twenty_pdfs_an_hour_are_ordered_with_them(
    make_finished: Callable[..., Finished],
) -> None:
    check = make_finished(limited=True, jobs="worker")
    for _ in range(23):
        check.owner.post(check.owner.hub + "/submit", status=303)
    with check.site.instance.database.reading() as connection:
        assert len(jobs.due(connection, check.site.instance.now(), 100)) == 20
    assert check.owner.get(check.owner.hub + "/report").form().action == check.owner.hub + "/report"


def test_the_plan_page_and_the_data_show_the_same_totals(owner: Visitor) -> None:
    totals = json.loads(owner.get(owner.hub + "/plan/files/json").text)["totals"]
    shown = ENGLISH.about(Decimal(str(totals["eur_a_year"]["typical"])))
    assert f"EUR {shown}" in owner.get(owner.hub + "/plan").words.replace("\xa0", " ")


def test_a_figure_that_changed_orders_a_new_pdf(finished: Finished) -> None:
    site, press = finished.site, finished.site.app.extensions["assessment-press"]()
    before = reports.fingerprint(site.instance, press, material(finished))
    assert reports.fingerprint(site.instance, press, material(finished)) == before
    opened = material(finished).opened
    entries = SheetEntries.as_far_as_readable(money.stored_of(site.instance, opened).entries)
    told = entries.model_copy(update={"prices": {"electricity": Decimal("0.31")}})
    money.save_entries(site.instance, opened, told, money.stored_of(site.instance, opened).revision)
    assert reports.fingerprint(site.instance, press, material(finished)) != before


def test_without_its_figures_the_key_of_a_pdf_would_not_see_the_change(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "_figures_of", lambda _reckoning: [])
    site, press = finished.site, finished.site.app.extensions["assessment-press"]()
    before = reports.fingerprint(site.instance, press, material(finished))
    opened = material(finished).opened
    entries = SheetEntries.as_far_as_readable(money.stored_of(site.instance, opened).entries)
    told = entries.model_copy(update={"prices": {"electricity": Decimal("0.31")}})
    money.save_entries(site.instance, opened, told, 0)
    assert reports.fingerprint(site.instance, press, material(finished)) == before


def elsewhere(site: Site, **changed: str) -> Instance:
    return replace(site.instance, settings=replace(site.instance.settings, **changed))  # type: ignore[arg-type]


def with_another_catalogue(site: Site) -> Instance:
    library = copy(site.instance.library)
    library.digest = "another"
    return replace(site.instance, library=library)


def test_another_address_of_the_instance_or_other_content_orders_a_new_pdf(finished: Finished) -> None:
    site, press = finished.site, finished.site.app.extensions["assessment-press"]()
    moved = elsewhere(site, base_url="https://moved.example.org")
    shown = material(finished)
    keys = {reports.fingerprint(instance, press, shown) for instance in (site.instance, moved)}
    assert len(keys | {reports.fingerprint(with_another_catalogue(site), press, shown)}) == 3


class Counting:
    """A press that counts what it is asked for."""

    edition = "1"

    def __init__(self) -> None:
        self.made = 0

    def public(self, _instance: Instance, _report: str, _language: str) -> bytes:
        self.made += 1
        return b"%PDF"


def test_a_public_pdf_is_made_once_and_anew_for_another_address_operator_or_content(finished: Finished) -> None:
    site, press = finished.site, Counting()
    instances = [
        site.instance,
        site.instance,
        elsewhere(site, base_url="https://moved.example.org"),
        elsewhere(site, operator_name="Another desk"),
        with_another_catalogue(site),
    ]
    made = []
    for instance in instances:
        reports.public_report(instance, press, reports.SAMPLE, "en")  # type: ignore[arg-type]
        made.append(press.made)
    assert made == [1, 1, 2, 3, 4]


@pytest.mark.parametrize(("name", "told"), [("bakery-bg", True), ("translator-ro", False)])
def test_an_example_company_of_a_demo_has_the_figures_that_its_file_gives(
    examples: Site, name: str, told: bool
) -> None:
    found = reports.material_for(examples.instance, examples.example(name), "en").reckoning
    assert bool(found.sheet.entries.amounts) == told
    assert (found.goals != Goals()) == told
