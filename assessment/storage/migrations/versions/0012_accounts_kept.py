"""An account that its owner deletes waits some days, and a link takes that back.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
PURPOSES = (
    "purpose IN ('resume-link', 'resume-code', 'section', 'sign-in', 'claim', 'reset', 'change-email', 'join', "
    "'mentor', 'first-administrator', 'staff', 'confirm-answers', 'manage', 'member', 'keep-account')"
)


def upgrade() -> None:
    """Add the day, and let the table of links know the new purpose."""
    op.add_column("people", sa.Column("erase_at", MOMENT, nullable=True))
    with op.batch_alter_table("tokens") as tokens:
        tokens.drop_constraint(op.f("ck_tokens_purpose_known"), type_="check")
        tokens.create_check_constraint(op.f("ck_tokens_purpose_known"), PURPOSES)
