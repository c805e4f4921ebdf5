"""A company has one place in the exchanges of all its clusters, and keeps it for a while after it left them.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COPIED = """
INSERT INTO exchange_places (company_id, country, town, placed_at)
SELECT m.company_id, m.country, m.town, m.placed_at FROM exchange_members m
WHERE NOT EXISTS (
    SELECT 1 FROM exchange_members o WHERE o.company_id = m.company_id
    AND (o.placed_at > m.placed_at OR (o.placed_at = m.placed_at AND o.cluster_id > m.cluster_id))
)
"""


def upgrade() -> None:
    """Make the table; of a company's places the one that was set last stays."""
    op.create_table(
        "exchange_places",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_exchange_places_company_id_companies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_exchange_places")),
    )
    op.execute(sa.text(_COPIED))
    for column in ("country", "town", "placed_at"):
        op.drop_column("exchange_members", column)
