"""A cluster that is deleted while members fill in, and while its jobs wait: nothing is lost, nobody is written to."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from assessment.press import ReportPress
from assessment.services.aggregates import readiness
from assessment.services.aggregates.board_reports import BOARD_JOB
from assessment.services.aggregates.readiness import SNAPSHOT_JOB
from assessment.services.checks import drafts
from assessment.services.clusters import campaign_mails
from assessment.services.clusters.campaigns import CAMPAIGN_JOB
from assessment.services.clusters.cluster_posters import POSTER_JOB
from assessment.services.instance import Instance
from assessment.services.mails import MAIL_JOB
from assessment.services.upkeep.running import run_due
from assessment.storage import jobs
from assessment.storage.clusters import clusters as stored
from assessment.storage.clusters.cluster_tables import cluster_documents, releases
from assessment.storage.tables import assessments
from assessment.storage.tables import jobs as job_rows
from assessment.worker import handlers_of
from tests.web.clustered import Company, add_member, give
from tests.web.mailbox import Mailbox
from tests.web.people import person, signed_in
from tests.web.test_campaigns import NAME, ROWAN, Run, accept
from tests.web.visiting import PROFILE, Controls, Site, Visitor

BUSINESS = "business-model"


@pytest.fixture
def run(mailed: Site, mailbox: Mailbox) -> Run:
    return Run(mailed, mailbox)


def delete(run: Run) -> None:
    run.manager.post(f"/clusters/{run.cluster_id}/delete")


# Filling in


def from_the_page(run: Run) -> tuple[Visitor, str]:
    visitor = run.site.visitor()
    begun = visitor.submit(visitor.get("/start?cluster=black-sea-food-cluster"), {"depth": "quick"}, "/start")
    return visitor, begun.location


def from_the_page_with_an_idea(run: Run) -> tuple[Visitor, str]:
    page = f"/clusters/{run.cluster_id}/page"
    run.manager.submit(run.manager.get(page), {"asked": f"{BUSINESS}/"}, page)
    visitor = run.site.visitor()
    begun = visitor.submit(visitor.get("/start?cluster=black-sea-food-cluster"), {"site": "Mended pumps"}, "/start")
    return visitor, begun.location


def from_the_invitation(run: Run) -> tuple[Visitor, str]:
    run.send()
    visitor, begun = accept(run, ROWAN, agreed=["counted", "progress", "named"])
    return visitor, begun.location


def from_the_invitation_with_an_idea(run: Run) -> tuple[Visitor, str]:
    page = f"/clusters/{run.cluster_id}/page"
    run.manager.submit(run.manager.get(page), {"asked": f"{BUSINESS}/"}, page)
    run.send()
    visitor, begun = accept(run, ROWAN, agreed=["counted"], site="Mended pumps")
    return visitor, begun.location


ABOUT_A_FIRM: list[tuple[str, Controls]] = [
    *((f"/sections/profile/{next(iter(controls))}", controls) for controls in PROFILE),
    ("/sections/man/man-01", {"man-01": "whoever"}),
]
ABOUT_AN_IDEA: list[tuple[str, Controls]] = [
    ("/sections/about/firm", {"p1": "BG", "p2": "6"}), ("/sections/test/t1", {"t1": "some"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("begin", "answers"),
    [
        (from_the_page, ABOUT_A_FIRM), (from_the_page_with_an_idea, ABOUT_AN_IDEA),
        (from_the_invitation, ABOUT_A_FIRM), (from_the_invitation_with_an_idea, ABOUT_AN_IDEA),
    ],
    ids=["its page", "its page, for an idea", "its invitation", "its invitation, for an idea"],
)  # fmt: skip
def test_what_a_member_fills_in_is_kept_to_the_result_when_the_cluster_goes_meanwhile(
    run: Run, begin: Callable[[Run], tuple[Visitor, str]], answers: Sequence[tuple[str, Controls]]
) -> None:
    visitor, location = begin(run)
    hub = location.partition("?")[0]
    (first, said), *others = answers
    page = visitor.get(hub + first)
    delete(run)
    # The page that was open saves as it would have, by itself and by its button.
    saved = visitor.send(page.path, page.form().filled({**said, "autosave": "1"}))
    assert (saved.status, set(json.loads(saved.body))) == (200, {"saved_at", "revisions", "key"})
    for place, typed in [(first, {}), *others]:
        visitor.submit(visitor.get(hub + place), {"action": "continue", **typed})
    result = visitor.follow(visitor.submit(visitor.get(f"{hub}/check"), action="/submit"))
    assert result.path == f"{hub}/results"
    kept = visitor.get(hub + first).form().fields
    assert {name: kept[name] for name in said} == said
    for place in ("", "/check", "/plan", "/results"):
        assert NAME not in visitor.get(hub + place).words, place


def test_a_member_reads_that_the_cluster_is_gone_and_nothing_of_others_or_of_the_cluster(run: Run) -> None:
    members = [add_member(run.site, run.cluster_id, name) for name in ("Rowan", "Alder")]
    rowan = members[0]
    proposed = {"kind": "", "title": "Tender", "words": "Let us ask", "until.day": "1", "until.month": "2",
                "until.year": str(run.site.clock().year + 1)}  # fmt: skip
    run.manager.post(f"/clusters/{run.cluster_id}/joint-action", proposed)
    page, switches = rowan.owner.get(f"{rowan.home}/joint-action"), rowan.owner.get(rowan.home)
    answering = next(form.action for form in page.forms() if "/joint-action/" in form.action)
    other_id = person(run.site, "other@cluster.example", "manager")
    colleague = signed_in(run.site, other_id)
    with run.site.instance.database.writing() as connection:
        stored.add_manager(connection, run.cluster_id, other_id, run.site.clock())
    writing = colleague.get(f"/clusters/{run.cluster_id}/page")
    delete(run)
    said = rowan.owner.submit(page, {"words": "Call Ana", "act": "yes"}, answering, 404)
    written = colleague.submit(writing, {"text-en": "For firms on the coast"}, "/page", 404)
    for answer in (
        said,
        written,
        rowan.owner.submit(switches, {}, "/agreements/counted", 404),
        rowan.owner.submit(switches, {}, "/leave", 404),
        *(rowan.owner.get(rowan.home + place, 404) for place in ("", "/joint-action", "/map", "/exchange", "/seen")),
    ):
        assert "There is no such cluster, or no longer" in answer.words
        assert "stay as they are" in answer.words
        for secret in (NAME, "Alder", "Tender"):
            assert secret not in answer.words
    # The company itself stays as it was, and no list of its clusters leads into nothing.
    listed = rowan.owner.get(f"/companies/{rowan.id}/clusters")
    assert NAME not in listed.words
    assert "Rowan" in rowan.owner.get(f"/companies/{rowan.id}").words


def test_an_invitation_that_lies_open_when_the_cluster_goes_makes_no_account_and_leads_on_without_it(run: Run) -> None:
    run.send()
    visitor = run.site.visitor()
    page = visitor.get(run.invited(ROWAN))
    delete(run)
    before = run.site.dump({"browser_sessions"})
    answer = visitor.submit(page, {"company": "Rowan Ltd", "name": "Rosa", "depth": "quick"}, "/invited", 404)
    assert "the cluster is gone" in answer.words
    assert "The check works without an invitation, too" in answer.words
    assert run.site.dump({"browser_sessions"}) == before


def test_a_check_that_is_begun_in_the_moment_in_which_the_cluster_goes_is_begun_all_the_same(run: Run) -> None:
    product = run.site.instance
    with product.database.reading() as connection:
        seen = stored.find(connection, id=run.cluster_id)
    assert seen is not None
    delete(run)
    draft_id = drafts.start(product, "a" * 64, "b" * 64, "quick", "en", begun_at=seen)
    with product.database.reading() as connection:
        assert connection.execute(select(assessments.c.id)).scalars().all() == [draft_id]


# Jobs


@pytest.fixture
def queued(run: Run) -> Instance:
    """The jobs of a cluster wait for the worker: its mails, figures, poster and board's report."""
    for at in range(6):
        give(run.site, counted(run, f"Firm {at}").id, 20 + 5 * at)
    run.manager.post(f"/clusters/{run.cluster_id}/readiness")
    for at in range(6, 12):
        give(run.site, counted(run, f"Firm {at}").id, 20 + 5 * at)
    run.later(timedelta(days=8))
    product = run.site.instance
    waiting = replace(product, settings=replace(product.settings, jobs="worker"), wake=lambda job: None)
    run.site.app.extensions["assessment"] = waiting
    run.manager.post(f"/clusters/{run.cluster_id}/readiness")
    run.manager.post(f"/clusters/{run.cluster_id}/poster")
    run.manager.post(f"/clusters/{run.cluster_id}/readiness/report")
    run.send()
    assert kinds(waiting) == sorted([BOARD_JOB, CAMPAIGN_JOB, CAMPAIGN_JOB, POSTER_JOB, SNAPSHOT_JOB])
    run.mailbox.mails.clear()
    return waiting


def counted(run: Run, name: str) -> Company:
    made = add_member(run.site, run.cluster_id, name)
    made.owner.post(f"{made.home}/agreements/counted", {"given": "yes"})
    return made


def waiting_of(instance: Instance) -> list[jobs.Job]:
    with instance.database.reading() as connection:
        now = instance.now()
        return [*jobs.due(connection, now), *jobs.due(connection, now, kind=CAMPAIGN_JOB)]


def kinds(instance: Instance) -> list[str]:
    return sorted(job.kind for job in waiting_of(instance) if job.kind != MAIL_JOB)


def work(instance: Instance, press: ReportPress) -> None:
    handlers = handlers_of(instance, press)
    for job in waiting_of(instance):
        run_due(instance, handlers, job.id)


def assert_that_they_ended_quietly(run: Run, instance: Instance, mails: int = 0) -> None:
    with instance.database.reading() as connection:
        found = connection.execute(select(job_rows.c.kind, job_rows.c.state, job_rows.c.tries, job_rows.c.error))
        ended = [tuple(row) for row in found if row.kind != MAIL_JOB]
        assert {row[1:] for row in ended} == {("done", 1, "")}, ended
        assert connection.execute(select(func.count()).select_from(cluster_documents)).scalar() == 0
        kept = connection.execute(select(releases.c.cluster_id)).scalars().all()
    assert list(kept) == [None], "the one from before, under no name"
    assert len(run.mailbox.mails) == mails
    assert not waiting_of(instance), "and nothing is tried again"


def test_jobs_of_a_cluster_that_is_gone_end_with_the_first_try_send_nothing_and_write_nothing(
    run: Run, queued: Instance
) -> None:
    delete(run)
    work(queued, run.site.app.extensions["assessment-press"]())
    assert_that_they_ended_quietly(run, queued)


def goes_with(run: Run, place: object, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the cluster go in the moment in which something is called for the first time."""
    real = getattr(place, name)

    def called(*args: Any, **known: Any) -> Any:
        monkeypatch.setattr(place, name, real)
        delete(run)
        return real(*args, **known)

    monkeypatch.setattr(place, name, called)


@pytest.mark.parametrize(
    ("kind", "place", "name", "mails"),
    [
        (POSTER_JOB, ReportPress, "cluster_poster", 0), (BOARD_JOB, ReportPress, "cluster_report", 0),
        (BOARD_JOB, readiness, "shown", 0), (SNAPSHOT_JOB, readiness, "release", 0),
        # The one that is in hand goes out, and no other.
        (CAMPAIGN_JOB, campaign_mails, "letter", 1),
    ],
)  # fmt: skip
def test_nor_do_they_where_the_cluster_goes_while_they_work(
    run: Run, queued: Instance, monkeypatch: pytest.MonkeyPatch, kind: str, place: object, name: str, mails: int
) -> None:
    first = next(job for job in waiting_of(queued) if job.kind == kind)
    goes_with(run, place, name, monkeypatch)
    press = run.site.app.extensions["assessment-press"]()
    run_due(queued, handlers_of(queued, press), first.id)
    with queued.database.reading() as connection:
        assert stored.find(connection, id=run.cluster_id) is None, "it was to go meanwhile"
    work(queued, press)
    assert_that_they_ended_quietly(run, queued, mails)
