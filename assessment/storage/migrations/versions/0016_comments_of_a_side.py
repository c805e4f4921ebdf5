"""A comment says which side wrote it, and whether the other one still has to answer it.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OF_THE_COMPANY = """
UPDATE comments SET by_mentor = false WHERE EXISTS (
    SELECT 1 FROM assessments a JOIN memberships m ON m.company_id = a.company_id
    WHERE a.id = comments.assessment_id AND m.person_id = comments.person_id
)
"""


def upgrade() -> None:
    """Add the columns; nothing waits because of what was said before."""
    op.add_column("comments", sa.Column("by_mentor", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("comments", sa.Column("settled", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(_OF_THE_COMPANY)
    with op.batch_alter_table("comments") as comments:
        comments.alter_column("by_mentor", server_default=None)
        comments.alter_column("settled", server_default=None)
