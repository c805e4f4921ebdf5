"""What became of each action of a plan, and the check that a check follows a year later.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the two columns."""
    op.add_column("plan_items", sa.Column("follow_up", sa.Text(), nullable=True))
    op.add_column("assessments", sa.Column("previous_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_assessments_previous_id"), "assessments", ["previous_id"], unique=False)
