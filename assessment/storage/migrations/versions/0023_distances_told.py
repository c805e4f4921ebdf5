"""Which bands of distances a company was told from its place.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("exchange_places", sa.Column("told", sa.Text(), server_default="{}", nullable=False))
