"""A cluster's own plan: lines of action with an owner, dates and the effect that is expected of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assessment.core.errors import Conflict, NotFound
from assessment.services.asking import Asking
from assessment.services.clusters import clusters
from assessment.services.instance import Instance
from assessment.storage.clusters import joint_actions
from assessment.storage.clusters import roadmap as stored
from assessment.storage.clusters.roadmap import LineFields, RoadmapLine

STATES: Final = ("planned", "started", "done", "dropped")
MOST_LINES: Final = 100


def lines_of(instance: Instance, cluster_id: str) -> Sequence[RoadmapLine]:
    """The plan in its order."""
    with instance.database.reading() as connection:
        return stored.lines_of(connection, cluster_id)


def line(instance: Instance, cluster_id: str, line_id: str) -> RoadmapLine:
    """One line. Raises NotFound for one that is not there."""
    with instance.database.reading() as connection:
        found = stored.find(connection, cluster_id, line_id)
    if found is None:
        raise NotFound(line_id)
    return found


def add(instance: Instance, asking: Asking, cluster_id: str, fields: LineFields) -> str:
    """Another line, at the end; its id. Raises NotFound for a joint action of another cluster."""
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        if fields.joint_action_id and joint_actions.find(connection, cluster_id, fields.joint_action_id) is None:
            raise NotFound(fields.joint_action_id)
        return stored.add(connection, cluster_id, fields, instance.now())


def change(
    instance: Instance, asking: Asking, cluster_id: str, line_id: str, fields: LineFields, seen_revision: int
) -> None:  # fmt: skip
    """Keep what is said about a line. Raises Conflict where it was changed elsewhere since it was shown."""
    found = line(instance, cluster_id, line_id)
    kept = replace(fields, joint_action_id=found.fields.joint_action_id)
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        if not stored.change(connection, replace(found, revision=seen_revision), kept, instance.now()):
            raise Conflict


def remove(instance: Instance, asking: Asking, cluster_id: str, line_id: str) -> None:
    """Take a line away. Raises NotFound for one that is not there."""
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        if not stored.remove(connection, cluster_id, line_id):
            raise NotFound(line_id)
