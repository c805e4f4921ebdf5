"""Statements that are written out once, and on SQLite go straight to the driver.

For what nearly every page rests on: SQLAlchemy takes many times as long over a short read as SQLite does.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select, Update

Rows = Sequence[Sequence[Any]]
Shape = Callable[[Any], Any]


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, whichever driver it is; the two are called alike, and neither is wrapped."""
    raw: Any = connection.connection.dbapi_connection
    return raw  # type: ignore[no-any-return]


class Written:
    """A statement in the words of the database at hand."""

    def __init__(self, statement: Select[Any] | Insert | Update) -> None:
        self.statement = statement
        self._on: dict[str, InWords] = {}

    def on(self, dialect: Dialect) -> "InWords":
        """The statement for a database."""
        found = self._on.get(dialect.name)
        if found is None:
            compiled = self.statement.compile(dialect=dialect)
            names = tuple(compiled.positiontup or ())
            shapes = [compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
            chosen = self.statement.selected_columns if isinstance(self.statement, Select) else ()
            reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in chosen]
            found = self._on[dialect.name] = InWords(
                str(compiled),
                tuple(zip(names, shapes, strict=True)),
                {name: bind.value for name, bind in compiled.binds.items() if not bind.required},
                tuple((at, read) for at, read in enumerate(reads) if read),
            )
        return found

    def run(self, connection: Connection, *rows: Mapping[str, object]) -> int:
        """Carry it out for each of the rows, inside `Database.writing()`; how many rows of the table it met."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, rows[0] if len(rows) == 1 else rows).rowcount
        words = self.on(connection.dialect)
        return driver_of(connection).executemany(words.text, [words.given(row) for row in rows]).rowcount

    def rows(self, connection: Connection, **values: object) -> Rows:
        """All rows, inside `Database.reading()`."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, values).all()
        words = self.on(connection.dialect)
        return words.plain_all(words.all(driver_of(connection), values))


@dataclass(frozen=True, slots=True)
class InWords:
    """The text, the names of its values in their order with what shapes them, and what reads unplain columns.

    `own` are the values that the statement says itself.
    """

    text: str
    names: Sequence[tuple[str, Shape | None]]
    own: Mapping[str, object]
    reads: Sequence[tuple[int, Shape]]

    def given(self, values: Mapping[str, object]) -> list[object]:
        """The values in the statement's order, as the driver takes them."""
        if self.own:
            values = {**self.own, **values}
        return [shape(values[name]) if shape else values[name] for name, shape in self.names]

    def first(self, connection: sqlite3.Connection, values: Mapping[str, object]) -> list[Any] | None:
        """The first row, straight from the driver."""
        cursor = connection.execute(self.text, self.given(values))
        try:
            row = cursor.fetchone()
        finally:
            # A cursor left half read would keep the file locked.
            cursor.close()
        return None if row is None else self.plain(row)

    def all(self, connection: sqlite3.Connection, values: Mapping[str, object]) -> Rows:
        """All rows as the driver gives them."""
        return connection.execute(self.text, self.given(values)).fetchall()

    def plain_all(self, rows: Rows) -> Rows:
        """Rows with their unplain columns read."""
        return [self.plain(row) for row in rows] if self.reads else rows

    def plain(self, row: Sequence[Any]) -> list[Any]:
        """A row with its unplain columns read; an empty one is empty whatever its type."""
        found = list(row)
        for at, read in self.reads:
            if (kept := found[at]) is not None:
                found[at] = read(kept)
        return found


class Found:
    """What some statements found, as the driver gave it: of two that are equal every row says the same.

    So a page that was made of one can be shown again for the other, and nothing has to be made of the rows before.
    """

    def __init__(self, rows: Mapping[Written, Rows], dialect: Dialect) -> None:
        self._rows = rows
        self._dialect = dialect

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Found) and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]

    def of(self, statement: Written) -> Rows:
        """The rows of one of the statements, for use."""
        rows = self._rows[statement]
        return statement.on(self._dialect).plain_all(rows) if self._dialect.name == "sqlite" else rows
