"""A mentor orders the plan's PDF: the job asks whether they still may, before it reads and before it keeps. AZ-07."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import delete

from assessment.press import ReportPress
from assessment.services.checks.results import REPORT_JOB
from assessment.services.instance import Instance
from assessment.services.plans import reports
from assessment.services.plans.reports import ForPrint
from assessment.services.upkeep.running import run_due
from assessment.storage import jobs
from assessment.storage.tables import documents
from assessment.worker import handlers_of
from tests.web.conftest import PAPER
from tests.web.mentored import Mentored, mentored
from tests.web.test_mentoring import ended

__all__ = ["mentored"]


class Printing(ReportPress):
    """A press that does something between reading and keeping, as a slow one leaves time for."""

    def __init__(self, meanwhile: Sequence[Callable[[], object]] = ()) -> None:
        super().__init__(render=lambda html, report: PAPER)
        self.meanwhile = meanwhile
        self.printed_times = 0

    def action_plan(self, instance: Instance, material: ForPrint) -> bytes:
        """The PDF."""
        self.printed_times += 1
        for act in self.meanwhile:
            act()
        return super().action_plan(instance, material)


def kept(mentored: Mentored) -> int:
    return len([row for row in mentored.site.dump() if row.startswith("documents: ")])


def ordered_by(mentored: Mentored, by: str) -> str:
    """The job of somebody who orders the PDF while nobody works; how far it is stands on their page."""
    site = mentored.site
    with site.instance.database.writing() as connection:
        connection.execute(delete(documents))
    instance = replace(site.instance, settings=replace(site.instance.settings, jobs="worker"), wake=lambda job: None)
    press: reports.Press = site.app.extensions["assessment-press"]()
    material = reports.material_for(instance, mentored.draft_id, "en")
    reports.order(instance, press, material, by)
    assert reports.state_of(instance, press, material, by).state == "being-made"
    with instance.database.reading() as connection:
        (job,) = (job.id for job in jobs.due(connection, instance.now()) if job.kind == REPORT_JOB)
    return job


def run(mentored: Mentored, job: str, press: Printing) -> tuple[int, int]:
    """How often it was printed, and what is kept after that."""
    run_due(mentored.site.instance, handlers_of(mentored.site.instance, press), job)
    return press.printed_times, kept(mentored)


def test_a_mentor_who_may_has_it_made(mentored: Mentored) -> None:
    assert run(mentored, ordered_by(mentored, mentored.mentor_id), Printing()) == (1, 1)


def test_a_mentor_whose_access_ended_has_nothing_read_or_kept(mentored: Mentored) -> None:
    job = ordered_by(mentored, mentored.mentor_id)
    ended(mentored)
    assert run(mentored, job, Printing()) == (0, 0)


def test_access_that_ends_while_it_is_printed_keeps_nothing(mentored: Mentored) -> None:
    job = ordered_by(mentored, mentored.mentor_id)
    assert run(mentored, job, Printing([lambda: ended(mentored)])) == (1, 0)


@pytest.mark.parametrize("mentor_is_out", [True, False])
def test_what_the_company_ordered_is_made_whoever_is_out(mentored: Mentored, mentor_is_out: bool) -> None:
    job = ordered_by(mentored, "")
    if mentor_is_out:
        ended(mentored)
    assert run(mentored, job, Printing()) == (1, 1)


def test_the_page_orders_in_the_name_of_who_looks_from_outside(
    mentored: Mentored, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    monkeypatch.setattr(reports, "order", lambda instance, press, material, by: names.append(by))
    for visitor in (mentored.mentor, mentored.owner):
        visitor.post(f"{mentored.hub}/report", {"company_name": "Sample Bakery"})
    assert names == [mentored.mentor_id, ""]
