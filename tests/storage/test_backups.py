"""A backup is one moment of the database, however many write meanwhile; copying the file is not. OPS-02."""

import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from assessment.core.errors import NotSaved
from assessment.storage import migrating
from assessment.storage import sqlite as sqlite_rules
from assessment.storage.database import Database
from assessment.storage.upkeep import audit, backups
from assessment.storage.upkeep.backups import BackupFailed
from tests.storage.conftest import NOW

KEY = b"k" * 32
WRITERS = 50


class Busy:
    """Many who write at once, each in transactions of two rows; knows what was acknowledged."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stop = threading.Event()
        self.acknowledged = 0

    def write(self, number: int) -> None:
        while not self._stop.is_set():
            # Who waits too long for a turn is told that nothing was saved, and that counts as nothing.
            with suppress(NotSaved):
                self.acknowledged = max(self.acknowledged, self._written(number))
            time.sleep(0.02)

    def _written(self, number: int) -> int:
        with self._database.writing() as connection:
            for step in ("signed in", "signed out"):
                audit.note(connection, KEY, step, f"person-{number}", {}, NOW)
            head = audit.head(connection)
        assert head is not None
        return head.number

    def end(self) -> None:
        self._stop.set()


@contextmanager
def busy(database: Database) -> Iterator[Busy]:
    writers = Busy(database)
    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(writers.write, number) for number in range(WRITERS)]
        while writers.acknowledged < 2 * WRITERS and not any(one.done() for one in running):
            time.sleep(0.01)
        try:
            yield writers
        finally:
            writers.end()
        for one in running:
            one.result()


def rows_of(copy: Path) -> int:
    """How many rows of the log a copy holds; fails where the chain does not hold or a transaction is there half."""
    database = Database(f"sqlite:///{copy}")
    with database.reading() as connection:
        assert audit.verify(connection, KEY) is None
        head = audit.head(connection)
    database.close()
    assert head is not None
    assert head.number % 2 == 0
    return head.number


def rounds(tmp_path: Path, journal: sqlite_rules.Journal, count: int) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", journal=journal)
    migrating.upgrade(database)
    with busy(database) as writers:
        for number in range(count):
            before = writers.acknowledged
            copy = tmp_path / f"copy-{number}"
            backups.write(database, copy)
            assert rows_of(copy) >= before
            copy.unlink()
    database.close()


@pytest.mark.parametrize("journal", ["wal", "truncate"])
def test_a_backup_among_fifty_writers_holds_all_that_was_acknowledged_and_nothing_half(
    tmp_path: Path, journal: sqlite_rules.Journal
) -> None:
    rounds(tmp_path, journal, 3)


@pytest.mark.soak
@pytest.mark.parametrize("journal", ["wal", "truncate"])
def test_forty_backups_of_forty_are_good(tmp_path: Path, journal: sqlite_rules.Journal) -> None:
    rounds(tmp_path, journal, 40)


def test_copying_the_file_alone_gives_a_bad_copy(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", journal="wal")
    migrating.upgrade(database)
    database.scrub()
    with busy(database) as writers:
        before = writers.acknowledged
        shutil.copyfile(tmp_path / "a.sqlite3", tmp_path / "copied")
        backups.write(database, tmp_path / "written")
    database.close()
    assert is_good(tmp_path / "written", before)
    assert not is_good(tmp_path / "copied", before)


def is_good(copy: Path, acknowledged: int) -> bool:
    """Whether a copy is whole and holds what was acknowledged before it was made."""
    try:
        backups.check(copy)
        return rows_of(copy) >= acknowledged
    except (BackupFailed, AssertionError):
        return False


def test_a_backup_is_readable_by_its_owner_alone_and_takes_the_place_of_an_old_one(
    sqlite: Database, tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    target.write_text("yesterday's")
    backups.write(sqlite, target)
    assert target.stat().st_mode & 0o077 == 0
    backups.check(target)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_backup_that_cannot_be_written_says_so_and_leaves_the_old_one(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="could not be written"):
        backups.write(sqlite, tmp_path / "nowhere" / "copy")


@pytest.mark.parametrize("harm", ["cut", "scribbled", "other", "newer"])
def test_a_copy_that_is_not_whole_is_refused(sqlite: Database, tmp_path: Path, harm: str) -> None:
    for _ in range(200):
        with sqlite.writing() as connection:
            audit.note(connection, KEY, "signed in", "somebody", {"pad": "x" * 200}, NOW + timedelta(days=1))
    copy = tmp_path / "copy"
    backups.write(sqlite, copy)
    whole = copy.read_bytes()
    match harm:
        case "cut":
            copy.write_bytes(whole[: len(whole) // 2])
        case "scribbled":
            middle = len(whole) // 2
            copy.write_bytes(whole[:middle] + b"\xff" * 9000 + whole[middle + 9000 :])
        case "other":
            copy.write_bytes(b"a letter to the bank")
        case _:
            newer = sqlite_rules.driver.connect(copy)
            newer.execute("UPDATE alembic_version SET version_num = '9999'")
            newer.commit()
            newer.close()
    with pytest.raises(BackupFailed):
        backups.check(copy)
