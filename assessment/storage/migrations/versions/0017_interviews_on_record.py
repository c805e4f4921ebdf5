"""What companies have agreed to for interviews goes on their record, where the rest of what they agreed to stands.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_AGREED = """
INSERT INTO company_consents (company_id, viewer, viewer_id, given, text_hash, language, how, person_id, at)
SELECT company_id, 'interview', mentor_id, true, '', 'en', 'mentors page of the company', NULL, interview_agreed_at
FROM grants WHERE state = 'active' AND interview_agreed_at IS NOT NULL
ORDER BY interview_agreed_at
"""
"""Who agreed, and in which words, was not put down then."""


def upgrade() -> None:
    """Put down what counts now."""
    op.execute(_AGREED)
