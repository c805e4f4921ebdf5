"""Campaigns: a list of 5,000 read, and its mails asked for in one transaction."""

import tempfile
import time
from collections.abc import Iterator
from uuid import uuid4

from assessment.config import Settings
from assessment.core.access import Action
from assessment.core.clusters.invitees import rows_of_text
from assessment.opening import make_instance
from assessment.services.asking import Asking
from assessment.services.clusters import campaigns, clusters
from assessment.storage import migrating
from assessment.storage.people import people
from tests.bench.measuring import Line

MANY = 5_000
READ_SECONDS, QUEUE_SECONDS = 5, 5


def lines() -> Iterator[Line]:
    """Seconds by the clock on SQLite; the reference is what somebody waits for a page that says it works."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env(
            {"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": folder, "ASSESSMENT_JOBS": "worker"}
        )
        instance = make_instance(settings)
        migrating.upgrade(instance.database)
        with instance.database.writing() as connection:
            manager = people.add_person(
                connection, "manager@cluster.example", instance.now(), uniquifier=uuid4().hex, staff_role="manager"
            ).id  # fmt: skip
        cluster_id = clusters.make(instance, manager, "Rowan", "en")
        asking = Asking("", Action.RUN_CLUSTER, manager)
        here = (instance, asking, cluster_id, campaigns.make(instance, asking, cluster_id, "Spring"))
        text = "\n".join(f"firm{n}@example{n % 400}.org;Firm {n}" for n in range(MANY))
        start = time.perf_counter()
        campaigns.read(*here, rows_of_text(text), "en")
        campaigns.take(*here)
        yield _line(f"a list of {MANY:,} addresses read and taken", start, READ_SECONDS)
        start = time.perf_counter()
        assert campaigns.send(*here) == MANY
        yield _line(f"{MANY:,} campaign messages queued in one transaction", start, QUEUE_SECONDS)
        instance.database.close()


def _line(goal: str, start: float, limit: int) -> Line:
    seconds = time.perf_counter() - start
    return Line(goal, f"{seconds:.2f} s", f"{limit} s", seconds, limit)
