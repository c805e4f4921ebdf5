"""A backup is brought back whole, at the newest schema, and without what was erased since. OPS-02, OPS-03, PRV-05."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from assessment.config import Settings
from assessment.services.upkeep import restoring
from assessment.storage import migrating
from assessment.storage.columns import metadata
from assessment.storage.database import Database
from assessment.storage.people import access, companies, partings, people
from assessment.storage.upkeep import audit, erasure
from assessment.storage.upkeep.backups import BackupFailed
from assessment.storage.upkeep.erasure_list import ErasureList
from tests.storage.conftest import NOW, started
from tests.storage.test_erasure import filled

CANARY = "canary-4711"
KEPT = ("assessments ", "answer_history ", "results ", "evidence ")


def clock() -> datetime:
    return NOW


def settings_for(address: str, folder: Path) -> Settings:
    return Settings.from_env(
        {
            "ASSESSMENT_MODE": "test",
            "ASSESSMENT_DATA": str(folder / "data"),
            "DATABASE_URL": address,
            "ASSESSMENT_SECRET_KEY": "Zq3vX9tLw7RbN2mKc8Hy5Jd4Fg6Pa1Se",
            "ASSESSMENT_CODE_KEY": "Ue8yTb4WnQ6kRm1XpZ7cVh2Ls9Gd3Jf5",
        }
    )


def opened(settings: Settings) -> Database:
    database = Database(settings.database_url)
    migrating.upgrade(database)
    return database


def everything(database: Database) -> str:
    with database.reading() as connection:
        return "\n".join(
            f"{table.name} {tuple(row)}"
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
        )


def test_a_backup_comes_back_into_an_empty_place(empty_address: str, tmp_path: Path) -> None:
    settings = settings_for(empty_address, tmp_path)
    database = opened(settings)
    filled(database, CANARY)
    before = everything(database)
    restoring.back_up(settings, database, tmp_path / "copy", NOW)
    with database.writing() as connection:
        people.add_person(connection, "later@firm.test", NOW, uniquifier="later")
    database.close()
    if database.path is not None:
        database.path.unlink()
    restoring.bring_back(settings, tmp_path / "copy", replace=database.path is None, now=clock)
    database = opened(settings)
    with database.reading() as connection:
        assert audit.verify(connection, settings.audit_key) is None
        assert people.find_person(connection, email="later@firm.test") is None
    after = everything(database)
    assert CANARY in after
    assert sum(line.startswith("evidence ") for line in before.splitlines()) == 1
    kept = {line for line in before.splitlines() if line.startswith(KEPT)}
    assert kept <= set(after.splitlines())
    database.close()


def test_what_is_there_is_replaced_only_where_somebody_says_so(empty_address: str, tmp_path: Path) -> None:
    settings = settings_for(empty_address, tmp_path)
    database = opened(settings)
    filled(database, CANARY)
    restoring.back_up(settings, database, tmp_path / "copy", NOW)
    filled(database, "canary-later")
    database.close()
    with pytest.raises(BackupFailed, match="--replace"):
        restoring.bring_back(settings, tmp_path / "copy", replace=False, now=clock)
    database = opened(settings)
    assert "canary-later" in everything(database)
    database.close()
    restoring.bring_back(settings, tmp_path / "copy", replace=True, now=clock)
    database = opened(settings)
    assert CANARY in everything(database)
    assert "canary-later" not in everything(database)
    database.close()


@pytest.mark.parametrize("listed", [True, False])
def test_what_was_erased_after_the_backup_stays_erased(empty_address: str, tmp_path: Path, listed: bool) -> None:
    settings = settings_for(empty_address, tmp_path)
    database = opened(settings)
    alone = started(database)
    with database.writing() as connection:
        access.add_tokens(connection, alone.id, {"resume-link": CANARY}, NOW)
        leaver = people.add_person(connection, f"{CANARY}@firm.test", NOW, uniquifier="a", name="x")
        owner = people.add_person(connection, "owner@firm.test", NOW, uniquifier="b", name=CANARY)
        company = companies.add_company(connection, CANARY, owner.id, NOW)
    draft = filled(database, CANARY)
    with database.writing() as connection:
        assert erasure.erase(connection, draft.id)
        access.end_session(connection, f"session {CANARY}")
    restoring.back_up(settings, database, tmp_path / "copy", NOW)
    with database.writing() as connection:
        gone = partings.erase_company(connection, company.id) + partings.erase_person(connection, leaver.id)
        erasure.erase(connection, alone.id)
        assert gone.people == (owner.id, leaver.id)
        if listed:
            ErasureList(settings.data_dir, settings.erasure_key).add((*gone.ids, alone.id), NOW)
    assert CANARY not in everything(database)
    database.close()
    again = restoring.bring_back(settings, tmp_path / "copy", replace=True, now=clock)
    assert len(again.ids) == (4 if listed else 0)
    database = opened(settings)
    # Without the list nobody would know: this is why it is kept, and kept apart.
    assert (CANARY in everything(database)) is not listed
    if listed and database.path is not None:
        database.close()
        assert CANARY.encode() not in database.path.read_bytes()
    database.close()


def test_the_list_names_nobody_and_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    ErasureList(tmp_path, b"k").add(["f" * 32], NOW)
    kept = tmp_path / "erased.txt"
    assert "f" * 32 not in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_nobody_is_signed_in_and_no_link_or_ended_access_comes_back(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path)
    database = opened(settings)
    with database.writing() as connection:
        owner = people.add_person(connection, "owner@firm.test", NOW, uniquifier="a")
        mentor = people.add_person(connection, "mentor@firm.test", NOW, uniquifier="b", staff_role="mentor")
        company = companies.add_company(connection, "Firm", owner.id, NOW)
        connection.exec_driver_sql(
            "INSERT INTO sessions (hash, created_at, seen_at, person_id) VALUES ('h', '2026', '2026', ?)", (owner.id,)
        )
        connection.exec_driver_sql(
            "INSERT INTO tokens (id, purpose, hash, person_id, created_at) VALUES ('t', 'sign-in', 'h', ?, '2026')",
            (owner.id,),
        )
        for grant in ("kept", "ended"):
            connection.exec_driver_sql(
                "INSERT INTO grants (id, company_id, mentor_id, state, offered_at) VALUES (?, ?, ?, 'active', '2026')",
                (grant, company.id, mentor.id),
            )
    restoring.back_up(settings, database, tmp_path / "copy", NOW)
    database.close()
    ErasureList(settings.data_dir, settings.erasure_key).add(["ended"], NOW)
    restoring.bring_back(settings, tmp_path / "copy", replace=True, now=clock)
    database = opened(settings)
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM tokens WHERE revoked_at IS NULL").scalar() == 0
        states = connection.exec_driver_sql("SELECT id, state FROM grants ORDER BY id").all()
    assert [tuple(row) for row in states] == [("ended", "ended"), ("kept", "active")]
    database.close()


def test_a_file_in_use_is_not_replaced_and_a_bad_copy_changes_nothing(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path)
    database = opened(settings)
    filled(database, CANARY)
    restoring.back_up(settings, database, tmp_path / "copy", NOW)
    with pytest.raises(BackupFailed, match="in use"):
        restoring.bring_back(settings, tmp_path / "copy", replace=True, now=clock)
    database.close()
    (tmp_path / "bad").write_bytes((tmp_path / "copy").read_bytes()[:5000])
    with pytest.raises(BackupFailed):
        restoring.bring_back(settings, tmp_path / "bad", replace=True, now=clock)
    database = opened(settings)
    assert CANARY in everything(database)
    database.close()
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


def test_after_a_restore_the_heads_start_anew(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path)
    database = opened(settings)
    restoring.back_up(settings, database, tmp_path / "copy", NOW)
    heads = settings.data_dir / audit.HEADS
    with database.writing() as connection:
        audit.note(connection, settings.audit_key, "signed in", "x", {}, NOW)
    heads.parent.mkdir()
    with database.reading() as connection:
        audit.write_head(heads, audit.head(connection), NOW)
    database.close()
    restoring.bring_back(settings, tmp_path / "copy", replace=True, now=clock)
    assert not heads.exists()
    assert [path.name for path in settings.data_dir.glob("audit-heads-before-*")]
