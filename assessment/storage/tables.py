"""The tables, their keys and constraints. Nothing outside this package imports them.

They are plain Core tables: every statement here is Core, and a web process that never loads the mapper
starts faster. A table with an `assessment_id` belongs to that assessment: it is exported and erased with it
(storage/erasure.py), and a test walks this metadata to see that nothing is forgotten.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

SCHEMA_HEAD: Final = "0004"
"""The newest migration. Said here so that a web process can compare without loading Alembic; a test keeps it true."""

PLAN_STATUSES: Final = ("not-started", "planned", "in-progress", "done", "not-for-us")
JOB_STATES: Final = ("waiting", "running", "done", "dead")
DEPTHS: Final = ("quick", "full")
SCENARIO_SLOTS: Final = ("a", "b")
SUGGESTION_KINDS: Final = ("new", "correction")
SUGGESTION_STATES: Final = ("waiting", "accepted", "declined")
TOKEN_PURPOSES: Final = ("resume-link", "resume-code")


@lru_cache(maxsize=8)
def iso(moment: datetime) -> str:
    """A moment as text of fixed width in UTC, so that the order of texts is the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware on both engines; SQLite keeps it as text of fixed width."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return String(32) if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return iso(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if dialect.name == "sqlite" else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives out row numbers by itself for INTEGER alone.
_Number = BigInteger().with_variant(Integer, "sqlite")


def _among(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


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
    _among("depth", DEPTHS),
)

answer_history = Table(
    "answer_history",
    metadata,
    Column("id", _Number, primary_key=True),
    _of_assessment(index=False),
    Column("question", String(80), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("value", Text),
    Column("basis", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("assessment_id", "question", "revision"),
)

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
    _among("depth", DEPTHS),
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
    _among("status", PLAN_STATUSES),
    CheckConstraint("measure IS NULL OR entry IS NULL", name="one_origin"),
)

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
    _among("slot", SCENARIO_SLOTS),
)

consents = Table(
    "consents",
    metadata,
    Column("id", _Number, primary_key=True),
    _of_assessment(),
    Column("purpose", String(40), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("language", String(20), nullable=False),
    Column("how", String(80), nullable=False),
    Column("at", Moment, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    _of_assessment(),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    _among("purpose", TOKEN_PURPOSES),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

session_drafts = Table(
    "session_drafts",
    metadata,
    Column("session_hash", String(64), ForeignKey("sessions.hash", ondelete="CASCADE"), nullable=False),
    _of_assessment(),
    Column("opened_at", Moment, nullable=False),
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
    _among("state", JOB_STATES),
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
    _among("kind", SUGGESTION_KINDS),
    _among("state", SUGGESTION_STATES),
)
"""What visitors say about the catalogue. `who` is personal; it goes with the decision, or after a year."""

suggestion_history = Table(
    "suggestion_history",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("suggestion_id", String(32), ForeignKey("suggestions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("editor", String(100), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
    _among("state", SUGGESTION_STATES),
)
"""What became of each: received, then accepted (`words` for the public list) or declined (`words` are the reason)."""
