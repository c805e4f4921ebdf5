"""What somebody was typing when time ended their session. Which mails a person wants.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Make the table and the columns."""
    op.create_table(
        "interrupted",
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("assessment_id", sa.String(length=32), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.{key}"], name=op.f(f"fk_interrupted_{column}_{table}"), ondelete="CASCADE"
            )
            for column, table, key in (
                ("session_hash", "sessions", "hash"),
                ("person_id", "people", "id"),
                ("assessment_id", "assessments", "id"),
            )
        ),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_interrupted")),
    )
    for column in ("person_id", "assessment_id"):
        op.create_index(op.f(f"ix_interrupted_{column}"), "interrupted", [column])
    op.add_column("people", sa.Column("review_mails", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("people", sa.Column("plan_reminders", sa.Boolean(), server_default=sa.false(), nullable=False))
