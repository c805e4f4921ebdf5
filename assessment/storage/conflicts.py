"""Inserts that may meet a row already there; the two engines say it alike, but through their own constructs."""

import importlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table


def insert_of(engine: str, table: Table) -> Any:
    """An insert of an engine, `sqlite` or `postgresql`, for an `on_conflict_...` to follow.

    Only the engine in use is loaded: the other one would be a fortieth of a web worker's start.
    """
    return importlib.import_module(f"sqlalchemy.dialects.{engine}").insert(table)


def inserting(connection: Connection, table: Table) -> Any:
    """An insert of this connection's engine."""
    return insert_of(connection.dialect.name, table)


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its key is there; whether it was inserted."""
    # The number of rows is not looked at after an insert unless one asks for it.
    once = inserting(connection, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(once, dict(values)).rowcount == 1
