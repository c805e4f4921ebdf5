"""What plans come to, kept beside what companies give to figures of many.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("contributions", sa.Column("amounts", sa.Text(), nullable=True))
