"""What released figures say of one practice: how many companies have nothing of it, and how many have begun with it.

Both follow from the table of missing practices of a snapshot and from nothing else, so nothing is told here that was
not released: a practice of which either number is withheld is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assessment.core.aggregates.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice with released (rounded) numbers of companies: `missing` of `known` have nothing of it."""

    question: str
    missing: int
    known: int

    @property
    def begun(self) -> int:
        """How many have at least begun with it: the others of whom it is known."""
        return self.known - self.missing


@dataclass(frozen=True, slots=True)
class Told:
    """Practices of a cluster's members by question, with their words, and with the snapshot that tells them."""

    cluster: str
    release_id: str
    taken_at: datetime
    practices: Mapping[str, Practice]
    titles: Mapping[str, str]


def told_of(snapshot: Snapshot, questions: Iterable[str]) -> dict[str, Practice]:
    """Those of some practices of which a snapshot shows both numbers, in the order asked for."""
    table = snapshot.table("practices")
    found = {}
    for question in questions:
        missing, known = table.figure(question, "missing"), table.figure(question, "known")
        if missing is not None and known is not None:
            found[question] = Practice(question, int(missing), int(known))
    return found
