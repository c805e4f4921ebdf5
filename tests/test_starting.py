"""Starting with content that is wrong: every way in tells every mistake, stops, and leaves no trace of a start."""

import subprocess
import sys
from pathlib import Path

import pytest

from assessment.app import make_app
from assessment.config import Settings
from assessment.content.checks.publishing import publish
from assessment.core.errors import Flaw, InvalidContent
from assessment.opening import make_instance
from tests.content.tiny import BROKEN, copied, marked, replaced
from tests.test_cli import ROOT, ended_badly, environment, run

APP = "assessment.app:create_app()"


@pytest.fixture
def tampered(tmp_path: Path) -> Path:
    """An operator's folder with a version that was changed after it was published, and one that has gone."""
    root = tmp_path / "own"
    version = copied(root)
    publish(root, "tiny/1")
    with (root / "published.txt").open("a", encoding="utf-8") as published:
        published.write("tiny/2 sha256:0\n")
    replaced(version / "sections" / "team.yaml", "Half an hour a year counts.", "An hour a year counts.")
    return root


def flaws_of(root: Path) -> list[str]:
    """What must be told of the tampered folder, line by line."""
    published, version = str(root / "published.txt"), root / "tiny" / "1"
    return [
        str(Flaw(published, 1, "tiny/1", f"The folder {version} was changed after it was published.",
                 "Undo the change, and make it in a new version: published ones never change.")),
        str(Flaw(published, 2, "tiny/2", "This published version is not there.",
                 "Put the folder back: answers point to it.")),
    ]  # fmt: skip


def surroundings(tmp_path: Path, root: Path) -> dict[str, str]:
    return environment(tmp_path / "data", ASSESSMENT_QUESTIONNAIRES=str(root), ASSESSMENT_MODE="demo", PORT="1")


def served(env: dict[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    """The web server as the README starts it, until it gives up."""
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", *more, APP]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("command", [("demo", "--port", "1"), ("worker",)], ids=" ".join)
def test_a_published_version_that_was_changed_stops_every_command_that_loads_content(
    command: tuple[str, ...], tmp_path: Path, tampered: Path
) -> None:
    said = ended_badly(run(*command, env=surroundings(tmp_path, tampered)), code=1)
    *flaws, last = said.splitlines()[-3:]
    assert flaws == flaws_of(tampered)
    assert last == "2 mistakes. Nothing was started or changed."
    assert not (tmp_path / "data" / "assessment.sqlite3").exists()


def test_it_is_refused_too_where_a_start_before_the_change_has_kept_what_it_read(tmp_path: Path) -> None:
    root = tmp_path / "own"
    version = copied(root)
    publish(root, "tiny/1")
    own = {"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(tmp_path), "ASSESSMENT_QUESTIONNAIRES": str(root)}
    make_app(make_instance(Settings.from_env(own))).extensions["assessment"].database.close()
    before = (version / "sections" / "team.yaml").read_bytes()
    replaced(version / "sections" / "team.yaml", "Half an hour a year counts.", "An hour a year counts.")
    with pytest.raises(InvalidContent, match="was changed after it was published"):
        make_app(make_instance(Settings.from_env(own)))
    (version / "sections" / "team.yaml").write_bytes(before)
    make_app(make_instance(Settings.from_env(own))).extensions["assessment"].database.close()


def test_flaws_of_files_and_of_published_versions_are_told_together(tmp_path: Path) -> None:
    root = tmp_path / "own"
    version = copied(root)
    publish(root, "tiny/1")
    replaced(version / "questionnaire.yaml", 'version: "1"', "version: 1")
    (root / "published.txt").write_text((root / "published.txt").read_text("utf-8") + "tiny/7 sha256:0\n", "utf-8")
    own = {"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(tmp_path), "ASSESSMENT_QUESTIONNAIRES": str(root)}
    with pytest.raises(InvalidContent) as refused:
        make_app(make_instance(Settings.from_env(own)))
    assert {Path(flaw.file).name for flaw in refused.value.flaws} == {"questionnaire.yaml", "published.txt"}
    assert sum(flaw.file.endswith("published.txt") for flaw in refused.value.flaws) == 2


@pytest.mark.parametrize("more", [("--workers", "1"), ("--preload",)], ids=["in a worker", "before any worker"])
def test_the_web_server_says_what_is_wrong_and_stops(more: tuple[str, ...], tmp_path: Path, tampered: Path) -> None:
    # One more mistake, in the version that was changed already.
    broken = BROKEN / "tables_bands" / "1" / "questionnaire.yaml"
    (tampered / "tiny" / "1" / "questionnaire.yaml").write_bytes(broken.read_bytes())
    stopped = served(surroundings(tmp_path, tampered), *more)
    assert stopped.returncode not in (0, 1)
    assert "Traceback" not in stopped.stderr
    told = [line for line in stopped.stderr.splitlines() if line.startswith(str(tampered))]
    assert sorted(told) == sorted([*flaws_of(tampered), *map(str, marked(tampered / "tiny" / "1"))])
    assert not (tmp_path / "data" / "assessment.sqlite3").exists()


def test_the_web_server_of_an_instance_without_its_settings_says_so_and_stops(tmp_path: Path) -> None:
    env = environment(tmp_path / "data", ASSESSMENT_MODE="production")
    stopped = served(env)
    assert stopped.returncode not in (0, 1)
    assert "Traceback" not in stopped.stderr
    assert "ASSESSMENT_SECRET_KEY is not set" in stopped.stderr


def test_a_web_worker_gets_ready_without_looking_for_garbage_once_and_then_looks_often(tmp_path: Path) -> None:
    looked = """
import gc
looks = []
gc.callbacks.append(lambda phase, told: looks.append(phase))
from assessment import SERVING, app
app.create_app()
assert not looks, len(looks)
assert gc.get_threshold() == SERVING and gc.isenabled()
assert gc.get_freeze_count() > 100_000
"""
    env = environment(tmp_path / "data")
    # The first start reads all content, the second finds it kept.
    make_app(make_instance(Settings.from_env(env))).extensions["assessment"].database.close()
    done = subprocess.run(
        [sys.executable, "-c", looked], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
