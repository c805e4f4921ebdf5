"""The commands that keep records: the record of processing, the audit log, backups and what brings them back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment.config import Settings
from assessment.opening import utc_now
from assessment.storage.classification import KEPT
from assessment.storage.clusters import cluster_members, clusters
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.database import Database
from assessment.storage.people import companies, people
from assessment.storage.upkeep import audit
from assessment.upgrading import upgraded
from tests.test_cli import Says, environment, run_here


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An instance of its own for the commands, with secrets that stay the same from one command to the next."""
    secrets = {
        "ASSESSMENT_SECRET_KEY": "Zq3vX9tLw7RbN2mKc8Hy5Jd4Fg6Pa1Se",
        "ASSESSMENT_CODE_KEY": "Ue8yTb4WnQ6kRm1XpZ7cVh2Ls9Gd3Jf5",
        "ASSESSMENT_OPERATOR_NAME": "Region X",
    }
    env = environment(tmp_path / "data", **secrets)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return Settings.from_env(env)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = upgraded(settings)
    yield opened
    opened.close()


def note(settings: Settings, database: Database, rows: int) -> None:
    for _ in range(rows):
        with database.writing() as connection:
            audit.note(connection, settings.audit_key, "signed in", "somebody", {}, utc_now())


def test_the_record_of_processing_names_every_table_with_why_and_how_long(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    monkeypatch.setenv("ASSESSMENT_ACCOUNT_DAYS", "400")
    assert run_here(monkeypatch, "records") == 0
    said = capsys.readouterr().out
    assert "Controller: Region X" in said
    assert "400 days after it was last used" in said
    assert "{" not in said
    for table, kept in KEPT.items():
        assert f"### {table}\nWhy: {kept.why}.\nGoes: " in said
        assert all(column in said for column in kept.columns)


def test_verify_says_that_the_chain_holds_and_names_the_first_row_that_does_not(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    note(settings, database, 4)
    assert run_here(monkeypatch, "audit", "head") == 0
    assert run_here(monkeypatch, "audit", "verify") == 0
    assert "The audit log is whole up to row 4; 1 heads agree." in capsys.readouterr().out
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_log_kept_delete")
        connection.exec_driver_sql("DELETE FROM audit_log WHERE number >= 3")
    assert run_here(monkeypatch, "audit", "verify") == 1
    assert capsys.readouterr().err == "The audit log does not hold: row 3 and all after it are missing.\n"
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_log_kept_update")
        connection.exec_driver_sql("UPDATE audit_log SET actor = 'me' WHERE number = 2")
    assert run_here(monkeypatch, "audit", "verify") == 1
    assert "row 2 is not what was written" in capsys.readouterr().err


def test_sums_that_went_wrong_are_worked_out_anew_by_a_command(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    with database.writing() as connection:
        manager = people.add_person(connection, "m@cluster.test", utc_now(), uniquifier="m", staff_role="manager").id
        company = companies.add_company(connection, "Firm", manager, utc_now())
        made = Cluster(
            "c" * 32, "Coast", "coast", {}, "", "", "q", "", 5, False, utc_now(), None, None, None, utc_now()
        )
        clusters.add(connection, made, "hash", manager)
        cluster_members.join(connection, made.id, company.id, "Firm", "code", 1, utc_now())
        cluster_members.keep_sums(connection, made.id, {"joined": 7})
    assert run_here(monkeypatch, "rebuild-sums") == 0
    assert "Worked out anew for 0 companies" in capsys.readouterr().out
    with database.reading() as connection:
        assert list(cluster_members.sums_of(connection, made.id).values()) == [1, 1, 0, 0]


def test_a_backup_is_written_and_brought_back_by_two_commands(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: Says, tmp_path: Path
) -> None:
    note(settings, database, 2)
    copy = tmp_path / "copy"
    assert run_here(monkeypatch, "backup", copy) == 0
    assert f"Written to {copy} (" in capsys.readouterr().out
    note(settings, database, 3)
    database.close()
    assert run_here(monkeypatch, "restore", copy) == 1
    assert capsys.readouterr().err.endswith("Add --replace to put the backup in its place.\n")
    assert run_here(monkeypatch, "restore", copy, "--replace") == 0
    assert "is in place, with the newest schema." in capsys.readouterr().out
    with database.reading() as connection:
        head = audit.head(connection)
    # Two, and that the backup was brought back; that it was written stands in the database it replaced.
    assert head is not None
    assert head.number == 3


def test_a_backup_that_fails_is_told_in_words(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: Says, tmp_path: Path
) -> None:
    assert settings.mode == "test"
    assert run_here(monkeypatch, "backup", tmp_path / "nowhere" / "copy") == 1
    assert capsys.readouterr().err.startswith("The backup could not be written: ")
    (tmp_path / "letter").write_text("Dear bank")
    assert run_here(monkeypatch, "restore", tmp_path / "letter") == 1
    assert "is no backup of an SQLite database." in capsys.readouterr().err
