"""People: accounts, companies and who belongs to them, mentors let in, what is on record; who is signed in where.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ID = sa.String(length=32)
PURPOSES = (
    "purpose IN ('resume-link', 'resume-code', 'section', 'sign-in', 'claim', 'reset', 'change-email', 'join', "
    "'mentor', 'first-administrator', 'staff', 'confirm-answers')"
)


def upgrade() -> None:
    """Make the new tables, then let the old ones point to them."""
    _people()
    _companies()
    _old_tables()
    _records()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("uniquifier", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("staff_role", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=False),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("recovery_codes", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.CheckConstraint("staff_role IN ('', 'mentor', 'administrator')", name=op.f("ck_people_staff_role_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sa.UniqueConstraint("uniquifier", name=op.f("uq_people_uniquifier")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.Text(), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=False),
        sa.Column("device_type", sa.String(length=40), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("usage", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        _of("passkeys", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    _index("passkeys", "person_id")


def _companies() -> None:
    op.create_table(
        "companies",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("erase_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.create_table(
        "memberships",
        sa.Column("company_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.CheckConstraint("role IN ('owner', 'editor')", name=op.f("ck_memberships_role_known")),
        _of("memberships", "company_id", "companies"),
        _of("memberships", "person_id", "people"),
        sa.PrimaryKeyConstraint("company_id", "person_id", name=op.f("pk_memberships")),
    )
    _index("memberships", "person_id")
    op.create_table(
        "grants",
        sa.Column("id", ID, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("mentor_id", ID, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("from_grant", ID, nullable=True),
        sa.Column("interview_agreed_at", MOMENT, nullable=True),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('offered', 'active', 'declined', 'ended')", name=op.f("ck_grants_state_known")),
        _of("grants", "company_id", "companies"),
        _of("grants", "mentor_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    _index("grants", "company_id")
    _index("grants", "mentor_id", "state")
    op.create_table(
        "company_consents",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("viewer", sa.String(length=20), nullable=False),
        sa.Column("viewer_id", ID, nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("how", sa.String(length=80), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _of("company_consents", "company_id", "companies"),
        _of("company_consents", "person_id", "people", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_consents")),
    )
    _index("company_consents", "company_id")


def _old_tables() -> None:
    # A plain table is altered in one step on both engines; where a column must become optional SQLite builds it anew.
    owner = "VARCHAR(32) CONSTRAINT fk_assessments_company_id_companies REFERENCES companies (id)"
    op.execute(sa.text(f"ALTER TABLE assessments ADD COLUMN company_id {owner}"))
    op.add_column("assessments", sa.Column("site", sa.Text(), server_default=sa.text("''"), nullable=False))
    _index("assessments", "company_id", "id", unique=True)
    with op.batch_alter_table("tokens") as tokens:
        tokens.alter_column("assessment_id", existing_type=ID, nullable=True)
        tokens.add_column(sa.Column("company_id", ID, nullable=True))
        tokens.add_column(sa.Column("person_id", ID, nullable=True))
        tokens.add_column(sa.Column("email", sa.String(length=254), server_default=sa.text("''"), nullable=False))
        tokens.add_column(sa.Column("arguments", sa.Text(), server_default="{}", nullable=False))
        tokens.add_column(sa.Column("used_at", MOMENT, nullable=True))
        tokens.drop_constraint(op.f("ck_tokens_purpose_known"), type_="check")
        tokens.create_check_constraint(op.f("ck_tokens_purpose_known"), PURPOSES)
        for column, table in (("company_id", "companies"), ("person_id", "people")):
            name = op.f(f"fk_tokens_{column}_{table}")
            tokens.create_foreign_key(name, table, [column], ["id"], ondelete="CASCADE")
    _index("tokens", "company_id")
    _index("tokens", "person_id")
    signed_in = "VARCHAR(32) CONSTRAINT fk_sessions_person_id_people REFERENCES people (id)"
    op.execute(sa.text(f"ALTER TABLE sessions ADD COLUMN person_id {signed_in}"))
    op.add_column("sessions", sa.Column("signed_in_at", MOMENT, nullable=True))
    op.add_column("sessions", sa.Column("device", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("sessions", sa.Column("data", sa.Text(), server_default="{}", nullable=False))
    _index("sessions", "person_id")
    op.add_column(
        "session_drafts", sa.Column("section", sa.String(length=40), server_default=sa.text("''"), nullable=False)
    )


def _records() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("assessment_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _of("access_log", "company_id", "companies"),
        sa.ForeignKeyConstraint(
            ["company_id", "assessment_id"],
            ["assessments.company_id", "assessments.id"],
            name=op.f("fk_access_log_company_id_assessments"),
            ondelete="CASCADE",
        ),
        _of("access_log", "person_id", "people", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    _index("access_log", "assessment_id")
    _index("access_log", "company_id", "at")
    op.create_table(
        "opened_glass",
        sa.Column("id", ID, nullable=False),
        sa.Column("administrator_id", ID, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(reason) >= 20", name=op.f("ck_opened_glass_reason_given")),
        _of("opened_glass", "administrator_id", "people"),
        _of("opened_glass", "company_id", "companies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_glass")),
    )
    _index("opened_glass", "administrator_id", "company_id")
    op.create_table(
        "audit_log",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", ID, nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_log")),
    )


def _of(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns), unique=unique)
