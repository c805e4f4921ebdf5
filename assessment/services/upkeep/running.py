"""Running one job: lease it, do it, mark it; and saying meanwhile that it is being done."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from assessment.core.errors import NotSaved
from assessment.services.instance import Instance
from assessment.storage import jobs
from assessment.storage.jobs import Job

log = logging.getLogger("assessment.worker")

Handler = Callable[[Job], None]


SIGN_OF_LIFE: Final = jobs.LEASE / 3
"""How often a job that may take longer than its lease has it extended."""


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


@contextmanager
def alive(instance: Instance, job: Job) -> Iterator[None]:
    """Keep holding a job for as long as it takes, lest another worker does it too.

    A thread says so, which is gone at the end of the block: no job may fork in it.
    """
    over = threading.Event()

    def say() -> None:
        while not over.wait(SIGN_OF_LIFE.total_seconds()):
            # What could not be written now is written in time the next time.
            with suppress(NotSaved), instance.database.writing() as connection:
                if not jobs.extend(connection, job, instance.now()):
                    return

    thread = threading.Thread(target=say, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
