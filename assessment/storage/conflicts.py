"""Inserts that may meet a row already there; the two engines say it alike, but through their own constructs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as insert_sqlite


def inserting(connection: Connection, table: Table) -> SqliteInsert | PostgresInsert:
    """An insert of this engine, for an `on_conflict_...` to follow."""
    return insert_sqlite(table) if connection.dialect.name == "sqlite" else insert_postgres(table)


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its key is there; whether it was inserted."""
    # The number of rows is not looked at after an insert unless one asks for it.
    once = inserting(connection, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(once, dict(values)).rowcount == 1
