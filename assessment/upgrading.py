"""The database of the settings, brought to the newest schema."""

from assessment.config import Settings
from assessment.storage import migrating
from assessment.storage.database import Database


def upgraded(settings: Settings) -> Database:
    """The database, at the newest schema."""
    database = Database(settings.database_url, wal_trusted=settings.sqlite_wal_trusted)
    migrating.upgrade(database)
    return database
