"""What a mentor's list shows of each review is kept as a sum, and the next deadline of a plan is found at once.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the sums, counted from what is there, and the index."""
    moment = sa.String(length=32) if op.get_bind().dialect.name == "sqlite" else sa.DateTime(timezone=True)
    op.create_table(
        "review_sums",
        sa.Column("assessment_id", sa.String(length=32), nullable=False),
        sa.Column("for_company", sa.Integer(), nullable=False),
        sa.Column("for_mentor", sa.Integer(), nullable=False),
        sa.Column("last_step", moment, nullable=True),
        sa.Column("marked_at", moment, nullable=True),
        sa.Column("visit", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_review_sums_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_review_sums")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.execute(sa.text(_COUNTED))
    with_deadline = sa.text("deadline IS NOT NULL AND status != 'done' AND status != 'not-for-us'")
    op.create_index(
        op.f("ix_plan_items_assessment_id_deadline_status"), "plan_items", ["assessment_id", "deadline", "status"],
        sqlite_where=with_deadline, postgresql_where=with_deadline,
    )  # fmt: skip


_COUNTED = """
WITH waiting AS (
    SELECT r.assessment_id AS id,
        sum(CASE WHEN r.state = 'proposed' OR (r.state = 'asked' AND r.reply = '') THEN 1 ELSE 0 END) AS for_company,
        sum(CASE WHEN r.state = 'disputed' OR (r.state = 'asked' AND r.reply != '') THEN 1 ELSE 0 END) AS for_mentor
    FROM reviews r WHERE NOT EXISTS (
        SELECT 1 FROM comments c
        WHERE c.assessment_id = r.assessment_id AND c.question = r.question AND c.settled = false
    )
    GROUP BY r.assessment_id
), spoken AS (
    SELECT said.id, sum(said.by_mentor) AS for_company, sum(1 - said.by_mentor) AS for_mentor
    FROM (
        SELECT c.assessment_id AS id, max(CASE WHEN c.by_mentor = true THEN 1 ELSE 0 END) AS by_mentor
        FROM comments c WHERE c.settled = false GROUP BY c.assessment_id, c.question
    ) said
    GROUP BY said.id
)
INSERT INTO review_sums (assessment_id, for_company, for_mentor, last_step, marked_at, visit)
SELECT a.id,
    coalesce(waiting.for_company, 0) + coalesce(spoken.for_company, 0),
    coalesce(waiting.for_mentor, 0) + coalesce(spoken.for_mentor, 0),
    (SELECT max(changed_at) FROM reviews WHERE assessment_id = a.id),
    (SELECT max(at) FROM reviewed_marks WHERE assessment_id = a.id),
    (SELECT day FROM next_visits WHERE assessment_id = a.id)
FROM assessments a LEFT JOIN waiting ON waiting.id = a.id LEFT JOIN spoken ON spoken.id = a.id
WHERE a.id IN (
    SELECT assessment_id FROM reviews UNION SELECT assessment_id FROM comments
    UNION SELECT assessment_id FROM reviewed_marks UNION SELECT assessment_id FROM next_visits
)
"""
