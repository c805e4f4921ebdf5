"""Exactly what the report of a mentor's review shows, in plain values; the maker is in `mentor_review.py`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Asked = Literal["asked", "replied", "proposed", "disputed", "changed"]
"""How a question came to be open: asked, answered in words, another answer proposed, kept, or answered anew since."""


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """An answer in words with its level from 0 to 4; None where it has none."""

    text: str
    level: int | None


@dataclass(frozen=True, slots=True)
class PairRow:
    """One score declared and confirmed (None where there is none), and how many of its scored answers are confirmed."""

    title: str
    declared: int | None
    confirmed: int | None
    known: int
    scored: int
    share: int


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """An answer that the company changed to what its mentor proposed."""

    code: str
    short: str
    section: str
    declared: AnswerWords
    now: AnswerWords
    why: str
    mentor: str


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An answer on which both do not agree yet; `day` is that of the last word about it."""

    code: str
    short: str
    section: str
    asked: Asked
    answer: AnswerWords
    proposed: AnswerWords | None
    reason: str
    reply: str
    mentor: str
    day: date


@dataclass(frozen=True, slots=True)
class ConfirmedRow:
    """An answer that a mentor stands behind as it is now."""

    code: str
    short: str
    answer: AnswerWords


@dataclass(frozen=True, slots=True)
class ConfirmedTable:
    """The confirmed answers of one section."""

    title: str
    rows: tuple[ConfirmedRow, ...]


@dataclass(frozen=True, slots=True)
class SuggestedRow:
    """An action that a mentor suggested. An accepted one says how its line of the plan stands, if it still has one."""

    title: str
    why: str
    mentor: str
    day: date
    reply: str
    status: str = ""
    owner: str = ""
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A measured saving that a mentor stands behind, with the terms of a bill by result."""

    title: str
    measured: str
    readings: tuple[str, ...]
    baseline: str
    method: str
    floor: int
    share: Decimal
    mentor: str
    day: date


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What one side said to the other; `about` is empty for the check as a whole, `waits_for` once it is answered."""

    about: str
    words: str
    who: str
    day: date
    waits_for: Literal["company", "mentor", ""] = ""


@dataclass(frozen=True, slots=True)
class SignedRow:
    """Who finished the review, and when; an empty name is of somebody who has left."""

    who: str
    day: date


@dataclass(frozen=True, slots=True)
class VisitRow:
    """When the mentor comes next."""

    day: date
    words: str
    who: str


@dataclass(frozen=True, slots=True)
class MentorReviewDocument:
    """The review of one check as it stands on one day. Nothing that mentors noted for themselves is part of it."""

    company: str
    sector: str
    example: bool
    day: date
    overall: PairRow
    sections: tuple[PairRow, ...]
    answers: int
    reviewed: int
    signed: SignedRow | None
    visit: VisitRow | None
    changed: tuple[ChangedRow, ...]
    for_company: tuple[OpenRow, ...]
    for_mentor: tuple[OpenRow, ...]
    agreed: tuple[SuggestedRow, ...]
    declined: tuple[SuggestedRow, ...]
    offered: tuple[SuggestedRow, ...]
    savings: tuple[StatementRow, ...]
    comments: tuple[CommentRow, ...]
    older_comments: int
    """How many more there are, which stand online alone."""
    comments_for_company: int
    comments_for_mentor: int
    """How many comments, older ones included, that side has not answered yet."""
    confirmed: tuple[ConfirmedTable, ...]
    home: str
    questionnaire: str
    version: str

    @property
    def pairs(self) -> tuple[PairRow, ...]:
        """The rows of the table of scores: the sections, then all together."""
        return (*self.sections, self.overall)

    @property
    def unanswered(self) -> int:
        """The comments that wait for either side."""
        return self.comments_for_company + self.comments_for_mentor

    @property
    def open_questions(self) -> int:
        """The answers on which both do not agree yet."""
        return len(self.for_company) + len(self.for_mentor)
