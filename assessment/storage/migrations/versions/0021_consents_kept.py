"""The record of a company's consents refuses to be changed; it goes with its company alone.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Who decided may be forgotten, because people leave; nothing else changes.
_SQLITE = (
    """
    CREATE TRIGGER company_consents_kept_update BEFORE UPDATE ON company_consents
    WHEN NEW.person_id IS NOT NULL
    OR (NEW.id, NEW.company_id, NEW.viewer, NEW.viewer_id, NEW.given, NEW.text_hash, NEW.language, NEW.how, NEW.at)
    IS NOT (OLD.id, OLD.company_id, OLD.viewer, OLD.viewer_id, OLD.given, OLD.text_hash, OLD.language, OLD.how, OLD.at)
    BEGIN SELECT RAISE(ABORT, 'the record of consents is not changed'); END
    """,
    """
    CREATE TRIGGER company_consents_kept_delete BEFORE DELETE ON company_consents
    WHEN EXISTS (SELECT 1 FROM companies WHERE id = OLD.company_id)
    BEGIN SELECT RAISE(ABORT, 'the record of consents is not changed'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION company_consents_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.person_id IS NULL
            AND (NEW.id, NEW.company_id, NEW.viewer, NEW.viewer_id, NEW.given, NEW.text_hash,
                NEW.language, NEW.how, NEW.at)
            IS NOT DISTINCT FROM (OLD.id, OLD.company_id, OLD.viewer, OLD.viewer_id, OLD.given, OLD.text_hash,
                OLD.language, OLD.how, OLD.at)
        THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM companies WHERE id = OLD.company_id) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the record of consents is not changed';
    END $$
    """,
    "CREATE TRIGGER company_consents_kept BEFORE UPDATE OR DELETE ON company_consents "
    "FOR EACH ROW EXECUTE FUNCTION company_consents_kept()",
)


def upgrade() -> None:
    """Set the guards."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)
