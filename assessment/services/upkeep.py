"""Upkeep: what an instance does by the calendar and not for anybody in particular."""

from assessment.services.instance import Instance
from assessment.storage import assessments
from assessment.storage.assessments import Pruned


def prune(instance: Instance) -> Pruned:
    """Delete what has been kept as long as was promised; doing it twice changes nothing."""
    with instance.database.writing() as connection:
        return assessments.prune(connection, instance.now(), instance.settings.retention)
