"""Running one job: lease it, do it, mark it."""

import logging
from collections.abc import Callable, Mapping

from assessment.services.instance import Instance
from assessment.storage import jobs
from assessment.storage.jobs import Job

log = logging.getLogger("assessment.worker")

Handler = Callable[[Job], None]


class Rests(Exception):
    """Trying the job again would do harm: it waits for a person at once."""


def run_due(instance: Instance, handlers: Mapping[str, Handler], job_id: str) -> None:
    """Run one job if it is still due. A failure is kept with its reason and tried again; what `Rests` is not."""
    now = instance.now()
    with instance.database.writing() as connection:
        job = jobs.lease(connection, job_id, now)
    if job is None:
        return
    try:
        handlers[job.kind](job)
    except Rests as error:
        log.error("job %s (%s) rests: %s", job.id, job.kind, error)
        with instance.database.writing() as connection:
            jobs.fail(connection, job, type(error).__name__, instance.now(), for_good=True)
        return
    except Exception as error:
        log.exception("job %s (%s) failed", job.id, job.kind)
        with instance.database.writing() as connection:
            jobs.fail(connection, job, type(error).__name__, instance.now())
        return
    with instance.database.writing() as connection:
        jobs.finish(connection, job, instance.now())
