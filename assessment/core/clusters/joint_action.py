"""Joint action: from what many members lack to what they can do together, by figures that were released.

A kind of joint action serves some measures of the catalogue. A questionnaire's advice says which questions lead to
these. So a practice that many members lack proposes the kinds that would help, and names nobody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from assessment.core.aggregates.snapshots import Figure, Snapshot
from assessment.core.model import Line, Model, Prose, Slug
from assessment.core.plans.actions import Actions

SAVING: Final = "joint-"
"""What the name of the amount begins with that a kind could save all who lack it together, in EUR a year."""


class JointKind(Model):
    """Something that members can do together."""

    id: Slug
    title: Line
    what: Prose
    first_step: Prose
    measures: Annotated[tuple[Slug, ...], Field(min_length=1)]


class JointKinds(Model):
    """All of them."""

    kinds: tuple[JointKind, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A practice that is missing in `missing` of `known` companies, both as released (rounded)."""

    question: str
    missing: int | float
    known: Figure


@dataclass(frozen=True, slots=True)
class Proposal:
    """A kind of joint action with the lacks that speak for it, the most common first, and what it could save."""

    kind: JointKind
    lacks: Sequence[Lack]
    saving: Figure


def questions_of(kind: JointKind, actions: Actions) -> frozenset[str]:
    """The questions whose advice leads to a measure of this kind."""
    wanted = frozenset(kind.measures)
    return frozenset(advice.question for advice in actions.questions if not wanted.isdisjoint(advice.measures))


def proposals(kinds: Iterable[JointKind], actions: Actions, snapshot: Snapshot) -> list[Proposal]:
    """The joint actions that a snapshot speaks for, the one that most members would need first.

    Only released figures count: where it is not told how many lack something, nothing is proposed for it.
    """
    practices = snapshot.table("practices")
    found = []
    for kind in kinds:
        told = [(question, practices.figure(question, "missing")) for question in questions_of(kind, actions)]
        lacks = [
            Lack(question, missing, practices.figure(question, "known")) for question, missing in told
            if missing is not None and missing > 0
        ]  # fmt: skip
        if lacks:
            ordered = sorted(lacks, key=lambda lack: (-lack.missing, lack.question))
            found.append(Proposal(kind, ordered, snapshot.table("amounts").figure(SAVING + kind.id, "sum")))
    return sorted(found, key=lambda proposal: (-proposal.lacks[0].missing, proposal.kind.id))


def lacks_any(practices: Mapping[str, object], questions: Collection[str]) -> bool:
    """Whether a company lacks one of these practices, by what its result says of each (1 or true for missing)."""
    return any(practices.get(question) for question in questions)
