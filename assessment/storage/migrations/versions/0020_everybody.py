"""Figures of all companies that agreed to be compared stand with those of clusters.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the mark."""
    op.add_column("releases", sa.Column("everybody", sa.Boolean(), server_default=sa.false(), nullable=False))
