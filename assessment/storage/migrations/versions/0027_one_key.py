"""What belongs to a company's check refers to both in one key: what it gives to figures of many, and links into it.

Revision ID: 0027
Revises: 0026
"""

from alembic import op
from alembic.operations import BatchOperations

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_BOTH = ["company_id", "assessment_id"]


def upgrade() -> None:
    """Add the keys; a row that told two companies of one check, which nothing writes, would go."""
    for table in ("contributions", "tokens"):
        op.execute(
            f"DELETE FROM {table} WHERE company_id IS NOT NULL AND assessment_id IS NOT NULL AND NOT EXISTS"  # noqa: S608
            f" (SELECT 1 FROM assessments a WHERE a.id = {table}.assessment_id AND a.company_id = {table}.company_id)"
        )
    with op.batch_alter_table("contributions") as contributions:
        contributions.drop_constraint(op.f("fk_contributions_assessment_id_assessments"), type_="foreignkey")
        _tie(contributions, "contributions")
    # On SQLite the table is built anew, and letting the old one go would empty what refers to its rows.
    op.execute(
        "CREATE TEMPORARY TABLE links_kept AS SELECT id, link_id FROM campaign_addresses WHERE link_id IS NOT NULL"
    )
    with op.batch_alter_table("tokens") as tokens:
        _tie(tokens, "tokens")
    op.execute(
        "UPDATE campaign_addresses SET link_id ="
        " (SELECT k.link_id FROM links_kept k JOIN tokens t ON t.id = k.link_id WHERE k.id = campaign_addresses.id)"
    )
    op.execute("DROP TABLE links_kept")


def _tie(batch: BatchOperations, table: str) -> None:
    name = op.f(f"fk_{table}_company_id_assessment_id_assessments")
    batch.create_foreign_key(name, "assessments", _BOTH, ["company_id", "id"], ondelete="CASCADE")
