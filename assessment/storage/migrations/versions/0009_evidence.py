"""Documents that prove an answer; who gave each answer, and by which road it came.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
ID = sa.String(length=32)


def upgrade() -> None:
    """Make the table, and add to the history of answers."""
    op.create_table(
        "evidence",
        sa.Column("id", ID, nullable=False),
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('pdf', 'jpeg', 'png')", name=op.f("ck_evidence_kind_known")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_evidence_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_evidence_person_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "assessment_id", "question", "sha256", name=op.f("uq_evidence_assessment_id_question_sha256")
        ),
    )  # fmt: skip
    # SQLite takes the foreign key of a new column in the words of the column alone.
    gave = "VARCHAR(32) CONSTRAINT fk_answer_history_person_id_people REFERENCES people (id)"
    op.execute(sa.text(f"ALTER TABLE answer_history ADD COLUMN person_id {gave}"))
    op.add_column(
        "answer_history", sa.Column("road", sa.String(length=10), server_default=sa.text("'own'"), nullable=False)
    )
    somebody = sa.text("person_id IS NOT NULL")
    op.create_index(
        op.f("ix_answer_history_person_id"), "answer_history", ["person_id"], sqlite_where=somebody,
        postgresql_where=somebody,
    )  # fmt: skip
