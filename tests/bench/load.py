"""A cluster of 10,000 companies with five checks each: making its snapshot, and looking at its pages; its plans."""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import text

from assessment.services.aggregates import amounts, counting, readiness
from assessment.services.checks import results
from assessment.storage.checks import results as stored_results
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields
from tests.bench.clusters import Office
from tests.bench.measuring import Line, cpu, shown
from tests.bench.site import Site, browsed, settings_in

COMPANIES, CHECKS = 10_000, 5
PAGES: Final = ("", "/readiness", "/members", "/map", "/joint-action")
TIMES = 40
PAGE_SECONDS, RELEASE_SECONDS = 1.0, 60
PLANS, KEPT_SECONDS = 400, 0.001
"""So many plans are worked out, and a second look at one may take so long: at 10,000, a sixth of a snapshot."""


def lines() -> Iterator[Line]:
    """CPU of a first snapshot, then of requests for each page of the cluster."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Site(settings_in(Path(folder))), COMPANIES)
        _vary(office)
        made: list[str] = []
        seconds = cpu(lambda: made.append(readiness.make(office.site.instance, office.cluster_id, "")), 1)
        assert made != [""]
        yield Line(f"Snapshot of {COMPANIES:,} companies, made and kept: CPU s", shown(seconds), "", seconds,
                   RELEASE_SECONDS)  # fmt: skip
        for page in PAGES:
            taken = [_seconds(office, page) for _ in range(TIMES)]
            slow = statistics.quantiles(taken, n=20)[-1]
            goal = f"GET {page or 'overview'} of a cluster of {COMPANIES:,} companies, {CHECKS} checks each: p95, CPU s"
            yield Line(goal, shown(slow), "", slow, PAGE_SECONDS)
        office.site.instance.database.close()
    with tempfile.TemporaryDirectory() as folder:
        yield from _plans(Office(Site(settings_in(Path(folder))), PLANS))


def _plans(office: Office) -> Iterator[Line]:
    """What the plans of members come to: worked out, and found to be as they were."""
    instance, opened = office.site.instance, office.site.opened
    results.submit(instance, opened, "en", printed=False)
    with instance.database.writing() as connection:
        result = stored_results.latest_result(connection, opened.draft.id)
        assert result is not None
        for number in range(1, PLANS + 1):
            stored_results.add_result(
                connection, f"{number:032x}", depth=result.depth, engine=result.engine, version=result.version,
                questionnaire=result.questionnaire, language="en", frozen=result.frozen, now=instance.now(),
            )  # fmt: skip
            for measure in json.loads(result.frozen)["plan"]:
                fields = PlanFields(status="planned")
                plan_items.save_item(connection, f"{number:032x}", f"measure:{measure}", fields, 0, instance.now())
        companies = connection.execute(text("SELECT company_id FROM contributions")).scalars().all()
        counted = counting.given(instance, connection, opened.draft.questionnaire, companies)

    def look() -> None:
        found = amounts.added(instance, opened.draft.questionnaire, companies, counted)
        assert all(given.amounts for given in found)

    for goal, limit in (("worked out and kept", None), ("as they were kept", KEPT_SECONDS)):
        seconds = cpu(look, 1) / PLANS
        yield Line(f"What the plan of a member comes to, {goal}: CPU", shown(seconds), "", seconds, limit)
    instance.database.close()


def _seconds(office: Office, page: str) -> float:
    start = time.process_time()
    answer = browsed(office.site.app, office.environ(page))
    assert answer[0] == "200 OK", answer[0]
    return time.process_time() - start


def _vary(office: Office) -> None:
    """Results that differ, sectors and sizes that are not even, and four more checks for each company."""
    draw = Random(4)  # noqa: S311 - figures for a measurement
    instance = office.site.instance
    with instance.database.writing() as connection:
        cluster = stored_clusters.find(connection, id=office.cluster_id)
        assert cluster is not None
        menu = readiness.menu_of(instance, cluster)
        connection.execute(text("DELETE FROM releases"))
        rows = [
            {"number": number, "figures": json.dumps({
                "sector": menu.sectors[int(draw.random() ** 2 * len(menu.sectors))],
                "size": menu.sizes[int(draw.random() ** 2 * len(menu.sizes))], "region": "",
                "overall": draw.randrange(101), "sections": {name: draw.randrange(101) for name in menu.sections},
                "practices": {name: int(draw.random() < 0.4) for name in menu.practices},
            })}
            for number in range(1, COMPANIES + 1)
        ]  # fmt: skip
        connection.execute(
            text("UPDATE contributions SET figures = :figures WHERE company_id = printf('%032x', :number)"), rows
        )  # fmt: skip
        for check in range(1, CHECKS):
            connection.execute(text(
                "INSERT INTO assessments (id, questionnaire, version, depth, language, company_name, answers, counter,"
                " created_at, changed_at, visited_at, company_id)"
                f" SELECT '{check}' || substr(id, 2), questionnaire, version, depth, language, company_name, answers,"
                " counter, created_at, changed_at, visited_at, company_id FROM assessments"
                " WHERE company_id IS NOT NULL AND substr(id, 1, 1) = '0'"
            ))  # fmt: skip
