"""Stages, axes and pairs of scores in the files of a plan: as parts of the JSON file and as rows of a table.

    JSON       `stages` or `pairs` beside the scores by section
    workbook   a sheet of its own
    CSV        rows behind the actions: `number` says what a row is, the last column has the score

All are made of the same document as page and paper (`reporting/checks/display_document.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import ConfigDict, Field

from assessment.core.model import Model
from assessment.i18n import Language
from assessment.reporting.checks.display_document import AxisRow, PairTable, ProofRow, Shown, StageRow, Stages

SCORE: Final = "score"
"""The name of the last column of a CSV file with such rows."""


class _Part(Model):
    # Worked out when the first file is written: a web worker need not wait for it at its start.
    model_config = ConfigDict(defer_build=True)


class ProofEntry(_Part):
    """What keeps a stage from being passed: a question, the answer now (empty: none), and the least that is needed."""

    code: str
    question: str
    answer: str
    needed: str


class StageEntry(_Part):
    """One stage. waiting: all its own questions let through, and one before it does not."""

    id: str
    title: str
    state: Literal["reached", "waiting", "open"]
    missing: tuple[ProofEntry, ...]


class AxisEntry(_Part):
    """One of the two sides: the score out of 100 with its range; null where too few answers are known."""

    question: str
    score: int | None
    low: int | None
    high: int | None
    known: int
    applicable: int


class StagesEntry(_Part):
    """How far an offer came, and where it stands on two axes."""

    reached: str
    some_reached: bool
    next: str | None = Field(description="The id of the next stage; null where all are reached.")
    stages: tuple[StageEntry, ...]
    axes: tuple[AxisEntry, AxisEntry]
    saved_a_year: tuple[str, ...] = Field(description="Yearly amounts as answered, in words with their unit.")


class PairEntry(_Part):
    """The two scores of one section, in the order of `series`; null where there are too few answers."""

    id: str
    section: str
    scores: tuple[int | None, int | None]
    weakest: bool
    members: tuple[str, ...] = Field(description="What members of the cluster lack that bears on it, in words.")


class PairsEntry(_Part):
    """Two scores of each section."""

    series: tuple[str, str]
    sections: tuple[PairEntry, ...]
    members: str = Field(description="Whose figures stand beside the scores; empty where there are none.")


def stages_entry(stages: Stages) -> StagesEntry:
    """Stages and axes in the published form."""
    return StagesEntry(
        reached=stages.name, some_reached=stages.some_reached, next=stages.next.id if stages.next else None,
        stages=tuple(_stage(row) for row in stages.rows), axes=(_axis(stages.across), _axis(stages.up)),
        saved_a_year=stages.impact,
    )  # fmt: skip


def _stage(row: StageRow) -> StageEntry:
    missing = tuple(
        ProofEntry(code=proof.code, question=proof.short, answer=proof.answer, needed=proof.needed)
        for proof in row.missing
    )
    return StageEntry(id=row.id, title=row.title, state=row.state, missing=missing)


def _axis(axis: AxisRow) -> AxisEntry:
    return AxisEntry(
        question=axis.label, score=axis.headline, low=axis.low, high=axis.high, known=axis.known,
        applicable=axis.applicable,
    )  # fmt: skip


def pairs_entry(pairs: PairTable) -> PairsEntry:
    """Pairs in the published form."""
    sections = tuple(
        PairEntry(
            id=row.id, section=row.title, scores=(row.first, row.second), weakest=row.weakest, members=row.members
        )
        for row in pairs.rows
    )
    return PairsEntry(series=(pairs.first_label, pairs.second_label), sections=sections, members=pairs.members)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of a table: what it is (`stage`, `axis` or `pair`), of what, its state or remark, and a score."""

    what: Literal["stage", "axis", "pair"]
    of: str
    says: str = ""
    score: int | None = None


def shown_rows(shown: Shown, language: Language) -> Sequence[ShownRow]:
    """Stages and axes, or both scores of each section, as rows."""
    if isinstance(shown, Stages):
        stages = [ShownRow("stage", row.title, _state_words(row, language)) for row in shown.rows]
        return [*stages, *(ShownRow("axis", axis.label, score=axis.headline) for axis in (shown.across, shown.up))]
    return [
        ShownRow("pair", f"{row.title}: {short}", " ".join(says), score)
        for row in shown.rows
        for short, score, says in (
            (shown.first_short, row.first, row.members), (shown.second_short, row.second, ()),
        )
    ]  # fmt: skip


def _state_words(row: StageRow, language: Language) -> str:
    _ = language.gettext
    if row.state == "reached":
        return _("Reached")
    if row.state == "waiting":
        return _("Waits for a stage before")
    return _("Missing: %(proofs)s") % {"proofs": "; ".join(_needed(proof, language) for proof in row.missing)}


def _needed(proof: ProofRow, language: Language) -> str:
    words = language.gettext("%(question)s (at least: %(needed)s)")
    return words % {"question": proof.short, "needed": proof.needed} if proof.needed else proof.short
