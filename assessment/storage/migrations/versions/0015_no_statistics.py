"""The yes or no to statistics, which nothing was ever counted by, is no longer asked.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the table away."""
    op.drop_table("consents")
