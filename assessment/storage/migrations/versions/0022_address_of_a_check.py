"""The address to which the link of a check without an account is mailed.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from assessment.storage.columns import Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "draft_addresses",
        sa.Column("assessment_id", sa.String(32), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("remind", sa.Boolean(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("reminded_at", Moment()),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_draft_addresses_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_draft_addresses")),
    )  # fmt: skip
    op.create_index(op.f("ix_draft_addresses_hash"), "draft_addresses", ["hash"], unique=False)
