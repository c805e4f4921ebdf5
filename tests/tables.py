"""SQLite databases with all tables and no rows: made once by the migrations, then copied, which takes far less."""

import tempfile
from functools import cache
from pathlib import Path

from assessment.storage import migrating
from assessment.storage.database import Database


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory(prefix="tables-") as folder:
        place = Path(folder) / "empty.sqlite3"
        database = Database(f"sqlite:///{place}")
        migrating.upgrade(database)
        database.close()
        assert not place.with_name(place.name + "-wal").exists()
        return place.read_bytes()


def with_tables(folder: Path) -> Path:
    """A new database in a folder, where a product looks for its own."""
    place = folder / "assessment.sqlite3"
    place.write_bytes(_made())
    return place
