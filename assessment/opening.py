"""Opening an instance from its settings: store, content, and the way to tell the worker of a job."""

import importlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from assessment.config import Settings
from assessment.content import folders
from assessment.content.library import Library, load_library
from assessment.services.instance import Instance
from assessment.storage.database import Database

log = logging.getLogger("assessment")


def utc_now() -> datetime:
    """The time, aware of its zone."""
    return datetime.now(UTC)


def make_instance(
    settings: Settings, library: Library | None = None, now: Callable[[], datetime] = utc_now
) -> Instance:
    """Open the store and load all content.

    Raises InvalidContent with every flaw of the content files, ConfigurationError where the store cannot be used.
    """
    library = library or library_of(settings)
    database = Database(settings.database_url, wal_trusted=settings.sqlite_wal_trusted)
    return Instance(settings, database, library, now, waker(settings))


def library_of(settings: Settings) -> Library:
    """All content. Raises InvalidContent with every flaw of the files."""
    return load_library(roots_of(settings), catalogue_of(settings), settings.data_dir / "kept")


def waker(settings: Settings) -> Callable[[str], None]:
    """Tells the worker of a job: its id through the queue. A queue that is away costs a minute, never the job."""
    if settings.jobs == "inline":
        return lambda job: None

    # Loaded with the first job: the queue brings a driver of PostgreSQL along, a tenth of the start of a web worker.
    @cache
    def run_job() -> Callable[[str], object]:
        queueing = importlib.import_module("assessment.queueing")
        task: Callable[[str], object] = queueing.job_task(queueing.open_queue(settings), queueing.only_queue)
        return task

    def wake(job: str) -> None:
        try:
            run_job()(job)
        except Exception:
            log.exception("the queue did not take job %s; the next look around finds it", job)

    return wake


def catalogue_of(settings: Settings) -> Path:
    """The folder that the catalogue is read from: the operator's own, else ours."""
    return settings.catalogue or folders.CATALOGUE


def roots_of(settings: Settings) -> list[Path]:
    """The folders that questionnaires are read from: ours, and the operator's own."""
    return [folders.QUESTIONNAIRES, *([settings.questionnaires] if settings.questionnaires else [])]
