"""On the page of which cluster a check was begun.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.String(length=32)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "begun_from",
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("cluster_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_begun_from_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_begun_from_cluster_id_clusters"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_begun_from")),
    )  # fmt: skip
    op.create_index(op.f("ix_begun_from_cluster_id"), "begun_from", ["cluster_id"], unique=False)
