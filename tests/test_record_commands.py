"""The commands that keep records: the record of processing, the audit log, backups and what brings them back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment.config import Settings
from assessment.opening import utc_now
from assessment.readying import upgraded
from assessment.storage import audit
from assessment.storage.classification import KEPT
from assessment.storage.database import Database
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
