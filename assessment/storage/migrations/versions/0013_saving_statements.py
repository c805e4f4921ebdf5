"""A confirmed saving is kept with what was measured, and stays when it is confirmed anew or withdrawn.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.String(length=32)

_WITH_THEIR_LINE = """
INSERT INTO saving_confirmations
    (assessment_id, item, act, title, noted, baseline, method, floor, share, words, mentor_id, at)
SELECT s.assessment_id, s.item, 'confirmed',
    CASE WHEN coalesce(p.title, '') <> '' THEN p.title ELSE replace(replace(s.item, 'measure:', ''), '-', ' ') END,
    coalesce(p.follow_up, '{}'), s.baseline, s.method, s.floor, CAST(s.share AS VARCHAR(10)), '', s.mentor_id, s.at
FROM confirmed_savings s
LEFT JOIN plan_items p ON p.assessment_id = s.assessment_id AND s.item = CASE
    WHEN p.measure IS NOT NULL THEN 'measure:' || p.measure
    WHEN p.entry IS NOT NULL THEN 'entry:' || p.entry
    ELSE 'own:' || p.id
END
ORDER BY s.at
"""
"""What is noted of a line now is the nearest to what was noted when it was confirmed."""


def upgrade() -> None:
    """Make the table in the place of the one before."""
    op.create_table(
        "saving_confirmations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assessment_id", ID, nullable=False),
        sa.Column("item", sa.String(length=140), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("noted", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("share", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("mentor_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False),
        sa.CheckConstraint("act IN ('confirmed', 'withdrawn')", name=op.f("ck_saving_confirmations_act_known")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_saving_confirmations_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["people.id"], name=op.f("fk_saving_confirmations_mentor_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saving_confirmations")),
    )  # fmt: skip
    op.create_index(op.f("ix_saving_confirmations_assessment_id"), "saving_confirmations", ["assessment_id"])
    op.execute(_WITH_THEIR_LINE)
    op.drop_table("confirmed_savings")
