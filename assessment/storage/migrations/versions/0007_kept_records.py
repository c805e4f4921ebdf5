"""The audit log refuses to be changed; its oldest rows go only after a row that says so. When somebody was told last.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQLITE = (
    """
    CREATE TRIGGER audit_log_kept_update BEFORE UPDATE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END
    """,
    """
    CREATE TRIGGER audit_log_kept_delete BEFORE DELETE ON audit_log
    WHEN NOT EXISTS (
        SELECT 1 FROM audit_log
        WHERE event = 'let go' AND number > OLD.number AND json_extract(subject, '$.up_to') >= OLD.number
    )
    BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION audit_log_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS (
            SELECT 1 FROM audit_log
            WHERE event = 'let go' AND number > OLD.number AND (subject::json ->> 'up_to')::integer >= OLD.number
        ) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the audit log is not changed';
    END $$
    """,
    "CREATE TRIGGER audit_log_kept BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_kept()",
    "CREATE TRIGGER audit_log_whole BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_log_kept()",
)


def upgrade() -> None:
    """Set the guards."""
    moment = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
    op.add_column("people", sa.Column("told_at", moment, nullable=True))
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)
