"""Bringing a backup back: checked, brought up to date, and without what was erased since it was written."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from assessment.config import Settings
from assessment.storage import migrating
from assessment.storage.database import Database
from assessment.storage.people.partings import Gone
from assessment.storage.upkeep import audit, backups, replaying
from assessment.storage.upkeep.backups import BackupFailed
from assessment.storage.upkeep.erasure_list import ErasureList


def back_up(settings: Settings, database: Database, target: Path, now: datetime) -> None:
    """Write a consistent copy and put down that there is one. Raises BackupFailed where it cannot be made."""
    backups.write(database, target)
    with database.writing() as connection:
        audit.note(connection, settings.audit_key, "backup written", "", {}, now)


def bring_back(settings: Settings, copy: Path, *, replace: bool, now: Callable[[], datetime]) -> Gone:
    """Put a backup in place of the database; what was erased again because the list names it.

    The service must not run meanwhile. Raises BackupFailed where the copy is not whole, or data would be replaced and
    nobody said so; nothing is changed then.
    """
    if make_url(settings.database_url).get_backend_name() != "sqlite":
        return _into_postgres(settings, copy, replace=replace, now=now)
    place = Path(str(make_url(settings.database_url).database)).absolute()
    _insist(settings, replace=replace, exists=place.exists())
    place.parent.mkdir(parents=True, exist_ok=True)
    part = backups.restored_sqlite(copy, place)
    try:
        database = Database(f"sqlite:///{part}", wal_trusted=settings.sqlite_wal_trusted)
        try:
            gone = _brought_up_to_date(settings, database, now())
        finally:
            database.close()
        backups.put_in_place(part, place)
    finally:
        backups.give_up(part)
    _set_heads_aside(settings, now())
    return gone


def _into_postgres(settings: Settings, copy: Path, *, replace: bool, now: Callable[[], datetime]) -> Gone:
    _insist(settings, replace=replace, exists=True)
    backups.restore_postgres(copy, make_url(settings.database_url))
    database = Database(settings.database_url)
    try:
        gone = _brought_up_to_date(settings, database, now())
    finally:
        database.close()
    _set_heads_aside(settings, now())
    return gone


def _insist(settings: Settings, *, replace: bool, exists: bool) -> None:
    if replace or not exists:
        return
    database = Database(settings.database_url, wal_trusted=settings.sqlite_wal_trusted)
    try:
        empty = backups.is_empty(database)
    finally:
        database.close()
    if not empty:
        raise BackupFailed("There is a database with data already. Add --replace to put the backup in its place.")


def _brought_up_to_date(settings: Settings, database: Database, now: datetime) -> Gone:
    migrating.upgrade(database)
    with database.writing() as connection:
        listed = ErasureList(settings.data_dir, settings.erasure_key)
        gone = replaying.replay(listed, connection, now, timedelta(days=settings.periods.undo))
        audit.note(connection, settings.audit_key, "restored", "", {"erased again": len(gone.ids)}, now)
    database.scrub()
    return gone


def _set_heads_aside(settings: Settings, now: datetime) -> None:
    # They speak of the chain as it had grown after the backup was written.
    heads = settings.data_dir / audit.HEADS
    if heads.exists():
        heads.rename(heads.with_name(f"audit-heads-before-{now:%Y%m%dT%H%M%S}.txt"))
