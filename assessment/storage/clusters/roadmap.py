"""A cluster's own plan: its lines in their order, each with a revision so that of two who change one is told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from assessment.storage.clusters.cluster_tables import roadmap_lines

_L = roadmap_lines.c


@dataclass(frozen=True, slots=True)
class LineFields:
    """What somebody says about a line; `joint_action_id` is the joint action that it carries out."""

    title: str = ""
    aim: str = ""
    owner: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    effect: str = ""
    state: str = "planned"
    joint_action_id: str | None = None


@dataclass(frozen=True, slots=True)
class RoadmapLine:
    """One line of the plan."""

    id: str
    fields: LineFields
    revision: int


_LINE: Final[Select[Any]] = select(_L.id, _L.revision, *(_L[name] for name in LineFields.__dataclass_fields__))


def lines_of(connection: Connection, cluster_id: str) -> tuple[RoadmapLine, ...]:
    """The plan in its order."""
    listed = _LINE.where(_L.cluster_id == cluster_id).order_by(_L.position, _L.id)
    return tuple(RoadmapLine(row[0], LineFields(*row[2:]), row[1]) for row in connection.execute(listed))


def find(connection: Connection, cluster_id: str, line_id: str) -> RoadmapLine | None:
    """One line."""
    row = connection.execute(_LINE.where(_L.cluster_id == cluster_id, _L.id == line_id)).first()
    return RoadmapLine(row[0], LineFields(*row[2:]), row[1]) if row else None


def add(connection: Connection, cluster_id: str, fields: LineFields, now: datetime) -> str:
    """Another line, at the end; its id."""
    last = connection.execute(select(func.max(_L.position)).where(_L.cluster_id == cluster_id)).scalar()
    row = {
        "id": uuid4().hex, "cluster_id": cluster_id, "position": (last or 0) + 1, "revision": 1, "changed_at": now,
        **{name: getattr(fields, name) for name in LineFields.__dataclass_fields__},
    }  # fmt: skip
    connection.execute(insert(roadmap_lines), row)
    return str(row["id"])


def change(connection: Connection, line: RoadmapLine, fields: LineFields, now: datetime) -> bool:
    """Keep what is said about a line; False where it was changed since it was read."""
    as_read = update(roadmap_lines).where(_L.id == line.id, _L.revision == line.revision)
    values = {name: getattr(fields, name) for name in LineFields.__dataclass_fields__}
    return connection.execute(as_read.values(**values, revision=line.revision + 1, changed_at=now)).rowcount == 1


def remove(connection: Connection, cluster_id: str, line_id: str) -> bool:
    """Take a line away; whether it was there."""
    return (
        connection.execute(
            delete(roadmap_lines).where(_L.cluster_id == cluster_id, _L.id == line_id)
        ).rowcount == 1
    )  # fmt: skip
