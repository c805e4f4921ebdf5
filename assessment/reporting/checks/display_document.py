"""Stages and pairs of scores as page and paper show them: plain values, already in the reader's language."""

from dataclasses import dataclass
from typing import Literal

from assessment.core.checks.scoring import State


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A question that keeps a gate shut: what was answered (empty: nothing) and the least answer that lets through."""

    code: str
    short: str
    state: State
    answer: str
    needed: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: what it asks, whether it and all before it are passed, and what is missing of how many questions."""

    id: str
    title: str
    aim: str
    asked: int
    reached: bool
    missing: tuple[ProofRow, ...]

    @property
    def state(self) -> Literal["reached", "waiting", "open"]:
        """Reached; passed but waiting for a stage before it; or open."""
        if self.reached:
            return "reached"
        return "open" if self.missing else "waiting"


@dataclass(frozen=True, slots=True)
class AxisRow:
    """One side of the square: its question, the words at its ends, and the score with its range, if there is one."""

    label: str
    low_end: str
    high_end: str
    headline: int | None
    low: int | None
    high: int | None
    known: int
    applicable: int


@dataclass(frozen=True, slots=True)
class Stages:
    """How far somebody came: the stage in words, what holds there, the next gate, and two axes.

    `opens_at` is the level that lets through. `impact` are the yearly amounts as answered. `support` says who pays at
    the stage that is worked on.
    """

    name: str
    says: str
    some_reached: bool
    opens_at: int
    rows: tuple[StageRow, ...]
    next: StageRow | None
    across: AxisRow
    up: AxisRow
    impact: tuple[str, ...]
    support: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """One section with its two scores; None where there are too few answers or no question applies.

    `members` says in sentences what members of the cluster lack that bears on it.
    """

    id: str
    title: str
    first: int | None
    second: int | None
    weakest: bool
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairTable:
    """All sections with two scores each, and the questions that they answer.

    `members` says whose figures stand beside the scores, and of which day; empty where there are none.
    """

    first_label: str
    first_short: str
    second_label: str
    second_short: str
    rows: tuple[PairRow, ...]
    members: str = ""


Shown = Stages | PairTable
