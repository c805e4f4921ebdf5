"""Released figures of clusters elsewhere, as somebody brought them in: one row for each of their populations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, delete, insert, select

from assessment.core.aggregates.release_file import ReleaseFile
from assessment.core.aggregates.snapshots import Snapshot
from assessment.storage.clusters.cluster_tables import comparison_groups

_G = comparison_groups.c


@dataclass(frozen=True, slots=True)
class ComparisonGroup:
    """One of them; `signer` is the fingerprint of the key that it was signed with, `content` the file as JSON."""

    id: str
    cluster_id: str
    name: str
    signer: str
    content: str
    brought_at: datetime
    person_id: str | None

    @property
    def file(self) -> ReleaseFile:
        """The file, which was checked before it was kept."""
        return ReleaseFile.model_validate_json(self.content)


_GROUP: Final[Select[Any]] = select(*(_G[name] for name in ComparisonGroup.__dataclass_fields__))


def add(
    connection: Connection, cluster_id: str, file: ReleaseFile, signer: str, person_id: str, now: datetime
) -> str:  # fmt: skip
    """Keep a file for a cluster; its id."""
    row = {
        "id": uuid4().hex, "cluster_id": cluster_id, "name": file.cluster, "signer": signer,
        "content": file.model_dump_json(), "brought_at": now, "person_id": person_id,
    }  # fmt: skip
    connection.execute(insert(comparison_groups), row)
    return str(row["id"])


def of_cluster(connection: Connection, cluster_id: str) -> tuple[ComparisonGroup, ...]:
    """All that a cluster compares itself with, by name."""
    listed = _GROUP.where(_G.cluster_id == cluster_id).order_by(_G.name, _G.id)
    return tuple(ComparisonGroup(*row) for row in connection.execute(listed))


def remove(connection: Connection, cluster_id: str, group_id: str) -> bool:
    """Take one away; whether it was there."""
    gone = delete(comparison_groups).where(_G.cluster_id == cluster_id, _G.id == group_id)
    return connection.execute(gone).rowcount == 1


def imported_snapshots(connection: Connection, cluster_id: str, questionnaire: str = "") -> tuple[Snapshot, ...]:
    """The snapshots of clusters elsewhere to compare with, by name; of one questionnaire if it is named."""
    files = [group.file for group in of_cluster(connection, cluster_id)]
    return tuple(file.snapshot for file in files if questionnaire in ("", file.questionnaire))
