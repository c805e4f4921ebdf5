"""The tables of people: accounts, companies, who belongs where, whom a company let in, and what is on record of it."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
    true,
)

from assessment.storage.columns import Moment, Number, among, metadata

STAFF_ROLES: Final = ("", "mentor", "manager", "administrator")
COMPANY_ROLES: Final = ("owner", "editor")
GRANT_STATES: Final = ("offered", "active", "declined", "ended")

people = Table(
    "people",
    metadata,
    Column("id", String(32), primary_key=True),
    # What a session refers to: drawn anew, it ends all of a person's sessions at once.
    Column("uniquifier", String(64), nullable=False, unique=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("language", String(20), nullable=False),
    # Empty until a password is set: signing in by an e-mailed link needs none.
    Column("password_hash", Text, nullable=False),
    Column("staff_role", String(20), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("totp_secret", Text, nullable=False),
    # The step of the last code used: none is taken twice.
    Column("totp_step", Integer, nullable=False),
    # A JSON list of hashes; each is struck off when it is used.
    Column("recovery_codes", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    # How often the account was told that it will be deleted for not being used.
    Column("notices", Integer, nullable=False),
    Column("told_at", Moment),
    # Set when its owner deleted it: switched off until then, it can be taken back; after it everything goes.
    Column("erase_at", Moment),
    # A mentor whom companies may find by name; others are invited by address alone.
    Column("takes_clients", Boolean, nullable=False, server_default=false()),
    # Which mails they want: that a review waits for them, and that a deadline of a plan comes near.
    Column("review_mails", Boolean, nullable=False, server_default=true()),
    Column("plan_reminders", Boolean, nullable=False, server_default=false()),
    among("staff_role", STAFF_ROLES),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("transports", Text, nullable=False),
    Column("extensions", Text, nullable=False),
    Column("device_type", String(40), nullable=False),
    Column("backed_up", Boolean, nullable=False),
    Column("usage", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
)

companies = Table(
    "companies",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    # Kept, but shown to nobody outside the company and counted nowhere (GDPR, Article 18).
    Column("restricted", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    # Set when its owner deleted it: until then it can be taken back, after it everything goes.
    Column("erase_at", Moment),
    # It agreed to be counted where all companies of this instance are compared.
    Column("compared", Boolean, nullable=False, server_default=false()),
)

memberships = Table(
    "memberships",
    metadata,
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("role", String(10), nullable=False),
    Column("joined_at", Moment, nullable=False),
    PrimaryKeyConstraint("company_id", "person_id"),
    among("role", COMPANY_ROLES),
)

grants = Table(
    "grants",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("mentor_id", String(32), ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(10), nullable=False),
    # A mentor who leaves names a successor; the company then agrees or not.
    Column("from_grant", String(32)),
    # The cluster that proposed the mentor. No foreign key: the offer outlives the cluster, under no name.
    Column("proposed_by", String(32)),
    Column("interview_agreed_at", Moment),
    Column("offered_at", Moment, nullable=False),
    Column("begun_at", Moment),
    Column("ended_at", Moment),
    Index(None, "mentor_id", "state"),
    among("state", GRANT_STATES),
)
"""The mentors that a company has let in, or was asked to. The row stays when the access ends."""

company_consents = Table(
    "company_consents",
    metadata,
    Column("id", Number, primary_key=True),
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("viewer", String(20), nullable=False),
    # Which mentor or cluster; empty where the kind of viewer says it all.
    Column("viewer_id", String(32), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("language", String(20), nullable=False),
    Column("how", String(80), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id", ondelete="SET NULL")),
    Column("at", Moment, nullable=False),
)
"""Append-only: what counts for a viewer is the newest row."""

access_log = Table(
    "access_log",
    metadata,
    Column("id", Number, primary_key=True),
    Column("company_id", String(32), nullable=False),
    Column("assessment_id", String(32), index=True),
    Column("person_id", String(32), ForeignKey("people.id", ondelete="SET NULL")),
    Column("action", String(60), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["company_id"], ["companies.id"], ondelete="CASCADE"),
    # Together with the company: a look at one company's check cannot be put down to another.
    ForeignKeyConstraint(
        ["company_id", "assessment_id"], ["assessments.company_id", "assessments.id"], ondelete="CASCADE"
    ),
    Index(None, "company_id", "at"),
)
"""Who looked at a company's answers or results from outside it, as the company reads it."""

opened_glass = Table(
    "opened_glass",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("administrator_id", String(32), ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("company_id", String(32), ForeignKey("companies.id", ondelete="CASCADE"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Index(None, "administrator_id", "company_id"),
    CheckConstraint("length(reason) >= 20", name="reason_given"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("event", String(60), nullable=False),
    # Ids alone, as JSON: a person can be erased, and the chain stays whole.
    Column("subject", Text, nullable=False),
    Column("mac", String(64), nullable=False),
)
"""A chain: each row's `mac` covers the one before it. No foreign keys, because it outlives what it tells of."""
