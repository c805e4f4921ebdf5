"""The tables, their keys and constraints. Nothing outside this package imports them.

They are plain Core tables: every statement here is Core, and a web process that never loads the mapper
starts faster. A table with an `assessment_id` belongs to that assessment: it is exported and erased with it
(storage/upkeep/erasure.py), and a test walks this metadata to see that nothing is forgotten.
"""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    text,
)

from assessment.core.checks.attachments import KINDS
from assessment.storage.clusters import cluster_tables
from assessment.storage.columns import Moment, Number, among, metadata, word
from assessment.storage.mentors import review_tables
from assessment.storage.people import people_tables

SCHEMA_HEAD: Final = "0027"
"""The newest migration. Said here so that a web process can compare without loading Alembic; a test keeps it true."""

PLAN_STATUSES: Final = ("not-started", "planned", "in-progress", "done", "not-for-us")
JOB_STATES: Final = ("waiting", "running", "done", "dead")
DEPTHS: Final = ("quick", "full")
SCENARIO_SLOTS: Final = ("a", "b")
SUGGESTION_KINDS: Final = ("new", "correction")
SUGGESTION_STATES: Final = ("waiting", "accepted", "declined")
TOKEN_PURPOSES: Final = (
    "resume-link", "resume-code", "section", "sign-in", "claim", "reset", "change-email", "join", "mentor",
    "first-administrator", "staff", "confirm-answers", "manage", "member",
    "keep-account",
)  # fmt: skip

_EMPTY: Final = text("''")


def _of_assessment(*, nullable: bool = False, index: bool = True) -> Column[Any]:
    return Column(
        "assessment_id",
        String(32),
        ForeignKey("assessments.id", ondelete="CASCADE"),
        nullable=nullable,
        index=index,
    )


assessments = Table(
    "assessments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("questionnaire", String(100), nullable=False),
    Column("version", String(40), nullable=False),
    Column("depth", String(10), nullable=False),
    Column("language", String(20), nullable=False),
    Column("company_name", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("counter", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False, index=True),
    Column("visited_at", Moment, nullable=False),
    # The check of the year before. No foreign key: SQLite would have to build the table anew to add one, and erasing
    # unties what followed by itself.
    Column("previous_id", String(32), index=True),
    # Where a company has several sites or offers, each is a check of its own.
    Column("company_id", String(32), ForeignKey(people_tables.companies.c.id)),
    Column("site", Text, nullable=False, server_default=_EMPTY),
    Index(None, "company_id", "id", unique=True),
    among("depth", DEPTHS),
)

answer_history = Table(
    "answer_history",
    metadata,
    Column("id", Number, primary_key=True),
    _of_assessment(index=False),
    Column("question", String(80), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("value", Text),
    Column("basis", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    # Who gave the answer, empty for nobody known, and by which road: `own`, `accepted` of a mentor, `interview`.
    # No action of the key: SQLite would have to build the table anew to add one. Erasing an account empties it.
    Column("person_id", String(32), ForeignKey(people_tables.people.c.id)),
    Column("road", String(10), nullable=False, server_default=text("'own'")),
    UniqueConstraint("assessment_id", "question", "revision"),
)
# Of those who were signed in alone: it is there so that an account that goes is found in all of the history. On
# PostgreSQL the migration says the same; said here, it would load that engine into every web worker.
Index(
    "ix_answer_history_person_id",
    answer_history.c.person_id,
    sqlite_where=answer_history.c.person_id.is_not(None),
)

draft_addresses = Table(
    "draft_addresses",
    metadata,
    Column("assessment_id", String(32), ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True),
    Column("email", Text, nullable=False),
    # What stands for the address where somebody opts out, under a key outside the database.
    Column("hash", String(64), nullable=False, index=True),
    Column("language", String(20), nullable=False),
    Column("remind", Boolean, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("reminded_at", Moment),
)
"""Where the link of a check without an account is mailed to, and whether once more before the check goes."""

results = Table(
    "results",
    metadata,
    Column("id", String(32), primary_key=True),
    _of_assessment(index=False),
    Column("number", Integer, nullable=False),
    Column("depth", String(10), nullable=False),
    Column("engine", String(40), nullable=False),
    Column("questionnaire", String(100), nullable=False),
    Column("version", String(40), nullable=False),
    Column("language", String(20), nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("frozen", Text, nullable=False),
    UniqueConstraint("assessment_id", "number"),
    among("depth", DEPTHS),
)

plan_items = Table(
    "plan_items",
    metadata,
    Column("id", String(32), primary_key=True),
    _of_assessment(index=False),
    Column("measure", String(120)),
    Column("entry", String(120)),
    Column("title", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("owner", Text, nullable=False),
    Column("deadline", Date),
    Column("note", Text, nullable=False),
    Column("refusal", Text, nullable=False),
    # As JSON, empty where nothing was noted: dates, cost and readings are written and read together, never sought.
    Column("follow_up", Text),
    Column("position", Integer),
    Column("added_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("assessment_id", "measure"),
    UniqueConstraint("assessment_id", "entry"),
    among("status", PLAN_STATUSES),
    CheckConstraint("measure IS NULL OR entry IS NULL", name="one_origin"),
)

WITH_DEADLINE: Final = and_(
    plan_items.c.deadline.is_not(None), plan_items.c.status != word("done"), plan_items.c.status != word("not-for-us")
)
"""What is still to be done by a day. A list of two hundred clients shows the next such day of each."""
# The status is in it so that the rows themselves need not be read.
Index(
    None, plan_items.c.assessment_id, plan_items.c.deadline, plan_items.c.status, sqlite_where=WITH_DEADLINE,
    postgresql_where=WITH_DEADLINE,
)  # fmt: skip

money = Table(
    "money",
    metadata,
    Column("assessment_id", String(32), ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True),
    Column("entries", Text, nullable=False),
    Column("wishes", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

scenarios = Table(
    "scenarios",
    metadata,
    _of_assessment(index=False),
    Column("slot", String(1), nullable=False),
    Column("name", Text, nullable=False),
    Column("measures", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
    PrimaryKeyConstraint("assessment_id", "slot"),
    among("slot", SCENARIO_SLOTS),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    # What it opens, by purpose.
    _of_assessment(nullable=True),
    Column("company_id", String(32), ForeignKey(people_tables.companies.c.id, ondelete="CASCADE"), index=True),
    Column("person_id", String(32), ForeignKey(people_tables.people.c.id, ondelete="CASCADE"), index=True),
    # For whom it is: only this address may use it.
    Column("email", String(254), nullable=False, server_default=_EMPTY),
    # What goes with it, such as a role or a section, as a JSON object.
    Column("arguments", Text, nullable=False, server_default="{}"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    # A token for one use is spent by an UPDATE that finds this empty.
    Column("used_at", Moment),
    Column("revoked_at", Moment),
    # Together: a link into one company's check cannot be another's.
    ForeignKeyConstraint(
        ["company_id", "assessment_id"], ["assessments.company_id", "assessments.id"], ondelete="CASCADE"
    ),
    among("purpose", TOKEN_PURPOSES),
)
"""Hashed tokens: of links and codes that open a check again and again, and of links that do one thing once."""

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    # Whoever is signed in there, and what signing in left behind, as a JSON object.
    Column("person_id", String(32), ForeignKey(people_tables.people.c.id), index=True),
    Column("signed_in_at", Moment),
    Column("device", Text, nullable=False, server_default=_EMPTY),
    Column("data", Text, nullable=False, server_default="{}"),
)

interrupted = Table(
    "interrupted",
    metadata,
    Column("session_hash", String(64), ForeignKey("sessions.hash", ondelete="CASCADE"), primary_key=True),
    Column("person_id", String(32), ForeignKey(people_tables.people.c.id, ondelete="CASCADE"), index=True),
    # The check that the form is about; none where nothing was sent since.
    _of_assessment(nullable=True),
    Column("address", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Browsers in which time ended somebody's session, and the one form that they sent after it."""

session_drafts = Table(
    "session_drafts",
    metadata,
    Column("session_hash", String(64), ForeignKey("sessions.hash", ondelete="CASCADE"), nullable=False),
    _of_assessment(),
    Column("opened_at", Moment, nullable=False),
    # The one section that a colleague's link opens; empty where all is open.
    Column("section", String(40), nullable=False, server_default=_EMPTY),
    PrimaryKeyConstraint("session_hash", "assessment_id"),
)

# No foreign key and no second index: a row is written with every save, lives a day, and is found again by
# its key alone. Erasing and pruning read the table through.
idempotency = Table(
    "idempotency",
    metadata,
    Column("actor", String(64), nullable=False),
    Column("key", String(100), nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("assessment_id", String(32)),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("actor", "key"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    _of_assessment(nullable=True),
    Column("kind", String(40), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("effect_key", String(200), nullable=False, unique=True),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("error", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index(None, "state", "due_at"),
    among("state", JOB_STATES),
)

documents = Table(
    "documents",
    metadata,
    _of_assessment(index=False),
    Column("hash", String(64), nullable=False),
    Column("report", String(80), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
    # Two firms may be given the same bytes; each owns its copy.
    PrimaryKeyConstraint("assessment_id", "hash"),
)

evidence = Table(
    "evidence",
    metadata,
    # Random, and all that a file is kept under: the name that it came with is for people to read.
    Column("id", String(32), primary_key=True),
    _of_assessment(index=False),
    Column("question", String(80), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("person_id", String(32), ForeignKey(people_tables.people.c.id, ondelete="SET NULL")),
    Column("at", Moment, nullable=False),
    # Last, so that what stands before it is read without it.
    Column("content", LargeBinary, nullable=False),
    # The same file twice at an answer is one; this also finds those of a check.
    UniqueConstraint("assessment_id", "question", "sha256"),
    among("kind", KINDS),
)
"""The documents that a company attached to its answers."""

limit_counters = Table(
    "limit_counters",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("hits", Integer, nullable=False),
    Column("expires_at", Double, nullable=False),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("form_key", String(64), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    Column("entry", String(120), nullable=False),
    Column("words", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("consent_hash", String(64), nullable=False),
    Column("language", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index(None, "state", "received_at"),
    among("kind", SUGGESTION_KINDS),
    among("state", SUGGESTION_STATES),
)
"""What visitors say about the catalogue. `who` is personal; it goes with the decision, or after a year."""

suggestion_history = Table(
    "suggestion_history",
    metadata,
    Column("id", Number, primary_key=True),
    Column("suggestion_id", String(32), ForeignKey("suggestions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("editor", String(100), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
    among("state", SUGGESTION_STATES),
)
"""What became of each: received, then accepted (`words` for the public list) or declined (`words` are the reason)."""

TABLES: Final = metadata
"""All of them: those of the other modules are in it as soon as these are loaded."""
OTHER_MODULES: Final = (cluster_tables, people_tables, review_tables)
