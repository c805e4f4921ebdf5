"""Reviews: what a mentor says of answers, suggests, notes and confirms, and what the company says to it.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ID = sa.String(length=32)
STATES = "state IN ('open', 'confirmed', 'asked', 'proposed', 'accepted', 'disputed')"


def upgrade() -> None:
    """Make the tables."""
    _reviews()
    _words()
    _standing_behind()
    op.add_column("people", sa.Column("takes_clients", sa.Boolean(), server_default=sa.false(), nullable=False))


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("declared", sa.Text(), nullable=True),
        sa.Column("proposed", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("mentor_id", ID, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_reviews_state_known")),
        *_of("reviews", "mentor_id"),
        sa.PrimaryKeyConstraint("assessment_id", "question", name=op.f("pk_reviews")),
    )
    op.create_table(
        "review_history",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("declared", sa.Text(), nullable=True),
        sa.Column("proposed", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_mentor", sa.Boolean(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_review_history_state_known")),
        *_of("review_history", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_history")),
        sa.UniqueConstraint(
            "assessment_id", "question", "step", name=op.f("uq_review_history_assessment_id_question_step")
        ),
    )


def _words() -> None:
    for table in ("comments", "mentor_notes"):
        op.create_table(
            table,
            sa.Column("id", ID, nullable=False),
            sa.Column("assessment_id", ID, nullable=False),
            sa.Column("question", sa.String(length=80), nullable=False),
            sa.Column("words", sa.Text(), nullable=False),
            sa.Column("person_id", ID, nullable=True),
            sa.Column("at", MOMENT, nullable=False),
            *_of(table, "person_id"),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        _index(table)
    op.create_table(
        "mentor_suggestions",
        sa.Column("id", ID, nullable=False),
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("key", sa.String(length=140), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("mentor_id", ID, nullable=True),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'declined')", name=op.f("ck_mentor_suggestions_state_known")
        ),
        *_of("mentor_suggestions", "mentor_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_suggestions")),
    )
    _index("mentor_suggestions")


def _standing_behind() -> None:
    op.create_table(
        "reviewed_marks",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("mentor_id", ID, nullable=True),
        sa.Column("result", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_of("reviewed_marks", "mentor_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewed_marks")),
    )
    _index("reviewed_marks")
    op.create_table(
        "proposed_answers",
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("mentor_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        *_of("proposed_answers", "mentor_id"),
        sa.PrimaryKeyConstraint("assessment_id", "question", name=op.f("pk_proposed_answers")),
    )
    op.create_table(
        "confirmed_savings",
        sa.Column("id", ID, nullable=False),
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("item", sa.String(length=140), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("mentor_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("floor >= 0 AND share BETWEEN 0 AND 100", name=op.f("ck_confirmed_savings_terms_in_range")),
        *_of("confirmed_savings", "mentor_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmed_savings")),
        sa.UniqueConstraint("assessment_id", "item", name=op.f("uq_confirmed_savings_assessment_id_item")),
    )


def _of(table: str, person: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessments.id"],
            name=op.f(f"fk_{table}_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint([person], ["people.id"], name=op.f(f"fk_{table}_{person}_people"), ondelete="SET NULL"),
    )


def _index(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_assessment_id"), table, ["assessment_id"])
