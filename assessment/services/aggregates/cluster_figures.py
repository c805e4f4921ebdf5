"""One snapshot of a cluster's figures, as it is shown on pages and printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from assessment.content.library import Edition
from assessment.core.aggregates.snapshots import Snapshot
from assessment.storage.clusters.clusters import Cluster


@dataclass(frozen=True)
class Shown:
    """One snapshot as it is shown, with the dates of all of them (newest first) and the questionnaire it is of.

    `model` is the name of the cluster that this one measures itself against, empty for none.
    """

    cluster: Cluster
    release_id: str
    document: str
    dates: Sequence[tuple[str, datetime]]
    edition: Edition
    model: str

    @cached_property
    def snapshot(self) -> Snapshot:
        """The snapshot, read when it is first asked for: a page that was drawn before needs it no more."""
        return Snapshot.model_validate_json(self.document)

    @property
    def before(self) -> date | None:
        """The day of the snapshot before this one; None for the first."""
        earlier = [at for _, at in self.dates if at < self.snapshot.taken_at]
        return max(earlier).date() if earlier else None
