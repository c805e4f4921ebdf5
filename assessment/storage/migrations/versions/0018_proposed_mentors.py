"""Which cluster proposed a mentor to a company.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("grants", sa.Column("proposed_by", sa.String(length=32), nullable=True))
