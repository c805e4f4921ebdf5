"""What the report and the files of a cluster's readiness are made from: a snapshot, and words for its ids.

    ClusterReadinessDocument = Snapshot (all figures) + ClusterWords (names and texts, never a figure of a member)

Pages, PDF, CSV, workbook and JSON read this one document, so they cannot show other figures than the snapshot has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assessment.core.aggregates.release_file import KindOfKey
from assessment.core.aggregates.snapshots import Figure, Snapshot, Table, TableId


@dataclass(frozen=True, slots=True)
class Proposal:
    """A joint action that is proposed: what it is, and about how many companies it would help, as published."""

    title: str
    words: str
    companies: int | None = None
    saving: str = ""
    """What it could save, in words with its unit and range; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class ClusterSource:
    """A publication that the report rests on."""

    title: str
    publisher: str
    year: int | None
    link: str


@dataclass(frozen=True, slots=True)
class ClusterWords:
    """The words around a snapshot, in one language.

    `titles` says what the keys of rows mean, by their kind; a key without one is shown as it is.
    """

    cluster: str
    questionnaire: str = ""
    """The id of what the members answered."""
    questionnaire_title: str = ""
    titles: Mapping[KindOfKey, Mapping[str, str]] = field(default_factory=dict, hash=False)
    example: bool = False
    home: str = ""
    """Where to go on, without a scheme; empty for nowhere."""
    link: str = ""
    """The address of the site, with its scheme."""
    model: str = ""
    """The cluster that this one measures itself against."""
    previous: date | None = None
    """When the snapshot was taken that the change is counted from."""
    proposals: tuple[Proposal, ...] = ()
    sources: tuple[ClusterSource, ...] = ()

    def title(self, kind: KindOfKey, key: str) -> str:
        """The words for a row's key."""
        return self.titles.get(kind, {}).get(key, key)


@dataclass(frozen=True, slots=True)
class ClusterReadinessDocument:
    """One snapshot with its words."""

    snapshot: Snapshot
    words: ClusterWords

    def table(self, name: TableId) -> Table | None:
        """A table of the snapshot, if it has it."""
        return next((table for table in self.snapshot.tables if table.id == name), None)

    def figure(self, name: TableId, row: str, column: str) -> Figure:
        """One figure; withheld where the snapshot has no such table, row or column."""
        table = self.table(name)
        return None if table is None else table.figure(row, column)

    def told(self, name: TableId, *columns: str) -> bool:
        """Whether a table has any figure at all, in these columns if some are named."""
        table = self.table(name)
        if table is None:
            return False
        places = [at for at, column in enumerate(table.columns) if not columns or column.key in columns]
        return any(row.figures[at] is not None for row in table.rows for at in places)
