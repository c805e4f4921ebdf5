"""Upkeep: what an instance does by the calendar and not for anybody in particular."""

from datetime import timedelta

from assessment.services.instance import Instance
from assessment.storage import erasure
from assessment.storage.erasure import Pruned, Retention


def prune(instance: Instance) -> Pruned:
    """Delete what has been kept as long as was promised; doing it twice changes nothing."""
    settings = instance.settings
    retention = Retention(draft=timedelta(days=settings.draft_days), finished=timedelta(days=settings.finished_days))
    with instance.database.writing() as connection:
        pruned = erasure.prune(connection, instance.now(), retention)
    instance.database.scrub()
    return pruned
