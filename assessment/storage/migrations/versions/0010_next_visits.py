"""When a mentor comes next.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.String(length=32)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "next_visits",
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("mentor_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_next_visits_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["people.id"], name=op.f("fk_next_visits_mentor_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_next_visits")),
    )  # fmt: skip
