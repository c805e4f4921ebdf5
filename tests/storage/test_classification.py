"""Every table and column is told for: whose it is, of which kind, why it is kept. PRV-03, PRV-11."""

from sqlalchemy import Column, Integer, MetaData, Table

from assessment.storage import tables
from assessment.storage.classification import KEPT, columns_of, unclassified


def test_every_column_of_every_table_is_classified() -> None:
    assert unclassified(tables.TABLES) == []


def test_a_new_column_and_a_vanished_one_would_be_seen() -> None:
    other = MetaData()
    for table in tables.TABLES.tables.values():
        columns = [Column(column.name, column.type) for column in table.columns if column.name != "email"]
        extra = [Column("shoe_size", Integer)] if table.name == "people" else []
        Table(table.name, other, *columns, *extra)
    assert unclassified(other) == [
        "campaign_addresses.email",
        "draft_addresses.email",
        "people.email",
        "people.shoe_size",
        "tokens.email",
    ]


def test_every_table_says_why_it_is_kept() -> None:
    assert all(len(kept.why) > 15 for kept in KEPT.values())


def test_no_digest_and_no_secret_is_taken_for_something_to_hand_out() -> None:
    secret = columns_of("credential")
    for table in tables.TABLES.tables.values():
        for column in table.columns:
            is_digest = column.name in {"hash", "session_hash", "password_hash", "totp_secret", "recovery_codes"}
            # A document's hash is its name, and no secret.
            if is_digest and table.name not in ("documents", "cluster_documents"):
                assert column.name in secret[table.name], f"{table.name}.{column.name}"
