"""The tables of a mentor's work on a check: reviews, words to each other, suggestions, marks, what an interview noted.

All of them belong to the check: they are exported and erased with it. Whoever wrote a row may be gone; the row stays.
"""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from assessment.core.checks.review import STATES
from assessment.storage.columns import Moment, Number, among, metadata

SUGGESTED_STATES: Final = ("offered", "accepted", "declined")
SAVING_ACTS: Final = ("confirmed", "withdrawn")


def _of_assessment(*, index: bool = False) -> Column[Any]:
    key = ForeignKey("assessments.id", ondelete="CASCADE")
    return Column("assessment_id", String(32), key, nullable=False, index=index)


def _by(name: str) -> Column[Any]:
    return Column(name, String(32), ForeignKey("people.id", ondelete="SET NULL"))


reviews = Table(
    "reviews",
    metadata,
    _of_assessment(),
    Column("question", String(80), nullable=False),
    Column("state", String(10), nullable=False),
    # The answer's revision that the state speaks of: a newer one is "changed since".
    Column("revision", Integer, nullable=False),
    # As JSON: what the company had said, and what the mentor proposed in its place.
    Column("declared", Text),
    Column("proposed", Text),
    Column("reason", Text, nullable=False),
    Column("reply", Text, nullable=False),
    # Counts the acts: whoever acts names the one that they saw.
    Column("step", Integer, nullable=False),
    _by("mentor_id"),
    Column("changed_at", Moment, nullable=False),
    PrimaryKeyConstraint("assessment_id", "question"),
    among("state", STATES),
)

review_history = Table(
    "review_history",
    metadata,
    Column("id", Number, primary_key=True),
    _of_assessment(),
    Column("question", String(80), nullable=False),
    Column("step", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("declared", Text),
    Column("proposed", Text),
    # What was said in this step, by either side.
    Column("words", Text, nullable=False),
    Column("by_mentor", Boolean, nullable=False),
    _by("person_id"),
    Column("at", Moment, nullable=False),
    UniqueConstraint("assessment_id", "question", "step"),
    among("state", STATES),
)
"""Append-only: every step of every review."""

comments = Table(
    "comments",
    metadata,
    Column("id", String(32), primary_key=True),
    _of_assessment(index=True),
    # Empty for the check as a whole.
    Column("question", String(80), nullable=False),
    Column("words", Text, nullable=False),
    Column("by_mentor", Boolean, nullable=False),
    # Whether the other side has answered it, or has read it and has nothing to add.
    Column("settled", Boolean, nullable=False),
    _by("person_id"),
    Column("at", Moment, nullable=False),
)
"""What company and mentor say to each other."""

mentor_notes = Table(
    "mentor_notes",
    metadata,
    Column("id", String(32), primary_key=True),
    _of_assessment(index=True),
    Column("question", String(80), nullable=False),
    Column("words", Text, nullable=False),
    _by("person_id"),
    Column("at", Moment, nullable=False),
)
"""What mentors note for themselves. A table of its own: no list of comments can show one by mistake."""

mentor_suggestions = Table(
    "mentor_suggestions",
    metadata,
    Column("id", String(32), primary_key=True),
    _of_assessment(index=True),
    # What the plan names it by: `measure:<id>`, `entry:<id>`; empty for one in the mentor's own words, until the
    # company has taken it up as `own:<id>`.
    Column("key", String(140), nullable=False),
    Column("title", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("reply", Text, nullable=False),
    _by("mentor_id"),
    Column("offered_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    among("state", SUGGESTED_STATES),
)

reviewed_marks = Table(
    "reviewed_marks",
    metadata,
    Column("id", Number, primary_key=True),
    _of_assessment(index=True),
    _by("mentor_id"),
    # The frozen result that was looked at; 0 where there was none yet.
    Column("result", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Append-only: who finished a review, when, and of which results."""

next_visits = Table(
    "next_visits",
    metadata,
    Column("assessment_id", String(32), ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, nullable=False),
    Column("words", Text, nullable=False),
    _by("mentor_id"),
    Column("at", Moment, nullable=False),
)
"""When a mentor comes next, with a line about it; one for each check."""

review_sums = Table(
    "review_sums",
    metadata,
    Column("assessment_id", String(32), ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True),
    Column("for_company", Integer, nullable=False),
    Column("for_mentor", Integer, nullable=False),
    Column("last_step", Moment),
    Column("marked_at", Moment),
    Column("visit", Date),
    # Two hundred are sought by their key for one page.
    sqlite_with_rowid=False,
)
"""What a list of clients shows of a review: counted from the tables above by `review_sums.sum_up`, and only there."""

proposed_answers = Table(
    "proposed_answers",
    metadata,
    _of_assessment(),
    Column("question", String(80), nullable=False),
    Column("value", Text, nullable=False),
    Column("note", Text, nullable=False),
    _by("mentor_id"),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("assessment_id", "question"),
)
"""What a mentor noted in an interview. It scores nothing until the company confirms it."""

saving_confirmations = Table(
    "saving_confirmations",
    metadata,
    Column("id", Number, primary_key=True),
    _of_assessment(index=True),
    # The line of the plan, as the plan names it.
    Column("item", String(140), nullable=False),
    Column("act", String(10), nullable=False),
    # What the line was called, and as JSON what the company had noted of it then.
    Column("title", Text, nullable=False),
    Column("noted", Text, nullable=False),
    Column("baseline", Text, nullable=False),
    Column("method", Text, nullable=False),
    # Whole euros a year below which nothing is owed, and the share of the saving that is, in per cent, as a decimal.
    Column("floor", Integer, nullable=False),
    Column("share", String(10), nullable=False),
    # Why a confirmation was withdrawn.
    Column("words", Text, nullable=False),
    _by("mentor_id"),
    Column("at", Moment, nullable=False),
    among("act", SAVING_ACTS),
)
"""Append-only: each time a mentor stood behind a measured saving, with the terms of a bill by result, or no longer did.

A row holds what was measured, so that a statement shows the same whatever is noted later.
"""
