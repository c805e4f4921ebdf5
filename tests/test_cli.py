"""The command line: what each command says, how it ends, and that mistakes are told in words."""

import configparser
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import click
import pytest

from assessment import cli, side_by_side
from assessment.app import make_app
from assessment.config import Settings
from assessment.content import folders
from assessment.content.checks.publishing import publish
from assessment.content.folders import QUESTIONNAIRES
from assessment.core.errors import InvalidContent
from assessment.opening import make_instance
from assessment.readying import ready_instance
from assessment.services.demo import seeding
from tests.content.tiny import FIXTURES, copied, marked, replaced
from tests.reporting.paper import Paper

ROOT = Path(__file__).resolve().parents[1]


def environment(data: Path, **more: str) -> dict[str, str]:
    """The surroundings of a command: this machine's path, and nothing that says how the product is set up."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return {**kept, "ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(data), **more}


def run(*words: object, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "assessment.cli", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=dict(env), capture_output=True, text=True, timeout=60, check=False)


Says = pytest.CaptureFixture[str]


def run_here(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """A command within this process, where starting another one would only cost time; its exit code."""
    monkeypatch.setattr(sys, "argv", ["assessment", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an instance with the example companies, made once; whoever has it only reads."""
    data = tmp_path_factory.mktemp("seeded")
    instance = ready_instance(Settings.from_env(environment(data)))
    seeding.seed(instance)
    instance.database.close()
    return data


@pytest.fixture
def with_examples(seeded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands within this process belong to the instance with the example companies."""
    for name in ("ASSESSMENT_MODE", "ASSESSMENT_DATA"):
        monkeypatch.setenv(name, environment(seeded)[name])


def ended_badly(said: subprocess.CompletedProcess[str], code: int) -> str:
    """What was said on the way out; never a traceback."""
    assert said.returncode == code, said.stderr
    assert "Traceback" not in said.stderr
    return said.stderr


# What is loaded


HEAVY = {"sqlalchemy", "alembic", "jinja2", "assessment.services", "assessment.reporting"}
ASKING = f"""
import sys
from assessment.cli import commands
for name in ("worker", "check-content", "db", "report"):
    commands.get_command(None, name)
    print(name, *sorted({HEAVY} & sys.modules.keys()))
"""


def test_a_command_loads_itself_alone() -> None:
    said = subprocess.run(
        [sys.executable, "-c", ASKING], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert [line.split() for line in said.stdout.splitlines()] == [
        ["worker"], ["check-content"], ["db", "alembic", "sqlalchemy"], ["report", *sorted(HEAVY)],
    ]  # fmt: skip


def test_each_command_is_where_it_is_looked_for() -> None:
    context = click.Context(cli.commands)
    for name in cli.PLACES:
        found = cli.commands.get_command(context, name)
        assert found is not None
        assert found.name == name
    assert cli.commands.get_command(context, "nothing") is None
    assert cli.commands.list_commands(context) == sorted([*cli.PLACES, "worker"])


def test_the_contract_about_what_commands_load_covers_every_module_of_commands() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / "setup.cfg")
    covered = set(contracts["importlinter:contract:quick-commands"]["source_modules"].split())
    assert {f"assessment.{place.partition(':')[0]}" for place in cli.PLACES.values()} <= covered


# Content


def test_check_content_finds_what_ships_sound_and_counts_it(tmp_path: Path) -> None:
    said = run("check-content", "--folder", FIXTURES, env=environment(tmp_path))
    assert said.returncode == 0, said.stderr
    last = said.stdout.splitlines()[-1]
    assert last.startswith("The content is sound: 5 questionnaire versions with 255 questions")
    assert said.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_check_content_lists_every_mistake_of_a_folder_and_fails(tmp_path: Path) -> None:
    version = copied(tmp_path, "tables_bands", "options_short_ladder", "advice_unknown_measure")
    said = ended_badly(run("check-content", "--folder", tmp_path, env=environment(tmp_path)), code=1)
    lines = said.splitlines()
    assert sorted(lines[:-1]) == sorted(str(flaw) for flaw in marked(version))
    assert lines[-1] == f"{len(marked(version))} mistakes. Nothing was started or changed."


def test_check_content_tells_where_an_example_leads_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    version = copied(tmp_path, "example_other_outcome")
    assert run_here(monkeypatch, "check-content", "--folder", tmp_path) == 1
    assert [str(flaw) for flaw in marked(version)] == capsys.readouterr().err.splitlines()[:-1]


def test_a_measure_that_published_questionnaires_do_not_know_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    copied(tmp_path)
    publish(tmp_path, "tiny/1")
    monkeypatch.setattr(folders, "QUESTIONNAIRES", tmp_path)
    assert run_here(monkeypatch, "check-content") == 0
    told = capsys.readouterr().out
    assert "warning: solar-thermal: nobody is ever advised this measure." in told
    assert "warning: led-retrofit" not in told


def test_a_version_is_published_once_and_then_must_stay_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    version = copied(tmp_path)
    publishing = ("publish", "tiny/1", "--folder", tmp_path)
    assert run_here(monkeypatch, *publishing) == 0
    assert "tiny/1 is published as sha256:" in capsys.readouterr().out
    assert run_here(monkeypatch, *publishing) == 1
    assert "This version is published already." in capsys.readouterr().err
    assert run_here(monkeypatch, "check-content", "--folder", tmp_path) == 0
    replaced(version / "sections" / "team.yaml", "Half an hour a year counts.", "An hour a year counts.")
    capsys.readouterr()
    assert run_here(monkeypatch, "check-content", "--folder", tmp_path) == 1
    said = capsys.readouterr().err
    assert f"published.txt:1: tiny/1: The folder {version} was changed after it was published." in said
    assert said.endswith("1 mistake. Nothing was started or changed.\n")


def test_a_version_with_mistakes_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    copied(tmp_path, "tables_bands")
    assert run_here(monkeypatch, "publish", "tiny/1", "--folder", tmp_path) == 1
    assert "The bands do not start at 0 and rise." in capsys.readouterr().err
    assert not (tmp_path / "published.txt").exists()


def test_publishing_what_is_not_there_names_what_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    copied(tmp_path)
    assert run_here(monkeypatch, "publish", "tiny/2", "--folder", tmp_path) == 1
    assert "There is no such version. Versions here: tiny/1." in capsys.readouterr().err


# The database and the examples


def test_the_database_is_upgraded_and_filled_once_however_often_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    env = environment(tmp_path / "data")
    said = run("db", "upgrade", env=env)
    assert said.returncode == 0, said.stderr
    assert said.stdout == "The database has the newest schema.\n"
    for name in ("ASSESSMENT_MODE", "ASSESSMENT_DATA"):
        monkeypatch.setenv(name, env[name])
    count = len(list(QUESTIONNAIRES.glob("*/*/examples/*.yaml")))
    for command, answer in (
        (("db", "upgrade"), "The database has the newest schema.\n"),
        (("seed",), f"{count} example companies were added.\n"),
        (("seed",), "0 example companies were added.\n"),
        (("db", "upgrade"), "The database has the newest schema.\n"),
    ):
        assert run_here(monkeypatch, *command) == 0
        assert capsys.readouterr().out == answer


def test_the_plan_of_an_example_is_printed_with_a_progress_bar_for_whoever_looks(
    tmp_path: Path,
) -> None:
    ours, theirs = os.openpty()
    made = tmp_path / "plan.pdf"
    command = [sys.executable, "-m", "assessment.cli", "report", "--example", "bakery-bg", "--out", str(made)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(tmp_path / "data"), stdout=subprocess.PIPE, stderr=theirs, timeout=120,
        check=False,
    )  # fmt: skip
    os.close(theirs)
    told = os.read(ours, 65536)
    os.close(ours)
    assert done.returncode == 0, told
    assert b"100%" in told
    assert done.stdout.decode() == f"Written to {made}.\n"
    assert made.read_bytes().startswith(b"%PDF-1.7")
    assert made.stat().st_size > 50_000


@pytest.mark.usefixtures("with_examples")
def test_the_review_of_a_check_of_this_instance_is_printed_and_one_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    made, none = tmp_path / "review.pdf", tmp_path / "none.pdf"
    draft_id = uuid5(NAMESPACE_URL, "example:metal-shop-de").hex
    assert run_here(monkeypatch, "report", "--draft", draft_id, "--out", made) == 0
    text = Paper(made.read_bytes()).text
    assert "No answer has been reviewed yet" in text
    assert "Review for Example metal shop" in text
    assert capsys.readouterr() == (f"Written to {made}.\n", "")
    for checks, told in (
        (("--draft", "0" * 32), "There is no such check"),
        (("--draft", draft_id, "--example", "bakery-bg"), "Name either an example"),
    ):
        assert run_here(monkeypatch, "report", *checks, "--out", none) == 2
        assert told in capsys.readouterr().err
    assert not none.exists()


@pytest.mark.usefixtures("with_examples")
@pytest.mark.parametrize(("form", "begins"), [("xlsx", b"PK"), ("json", b"{"), ("csv", b"\xef\xbb\xbf")])
def test_the_plan_of_an_example_is_written_as_a_file(
    form: str, begins: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    made = tmp_path / f"plan.{form}"
    assert run_here(monkeypatch, "export", "--example", "bakery-bg", "--format", form, "--out", made) == 0
    assert made.read_bytes().startswith(begins)
    said = capsys.readouterr()
    assert said.out == f"Written to {made}.\n"
    assert "%" not in said.err, "no progress bar where nobody looks"


@pytest.mark.usefixtures("with_examples")
def test_the_plan_of_a_check_is_written_by_its_id_and_in_every_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    draft = uuid5(NAMESPACE_URL, "example:bakery-bg").hex
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        made = tmp_path / f"plan.{form}"
        assert run_here(monkeypatch, "export", "--draft", draft, "--format", form, "--out", made) == 0
        assert made.read_bytes().startswith(begins)
        assert capsys.readouterr() == (f"Written to {made}.\n", "")


@pytest.mark.usefixtures("with_examples")
def test_an_export_names_exactly_one_plan_that_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    asked = ("export", "--format", "csv", "--out", tmp_path / "plan.csv")
    for plan, word in (
        ((), "--example"),
        (("--example", "bakery-bg", "--draft", "0" * 32), "--example"),
        (("--example", "bakery-xx"), "bakery-bg"),
        (("--draft", "0" * 32), "no such check"),
    ):
        assert run_here(monkeypatch, *asked, *plan) == 2
        assert word in capsys.readouterr().err
    assert not (tmp_path / "plan.csv").exists()


@pytest.mark.usefixtures("with_examples")
def test_an_example_or_language_that_is_not_there_names_the_choices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    asked = ("report", "--out", tmp_path / "plan.pdf")
    assert run_here(monkeypatch, *asked, "--example", "bakery-xx") == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "--example" in said
    assert "bakery-bg" in said
    assert "hotel-hr" in said
    assert run_here(monkeypatch, *asked, "--example", "bakery-bg", "--language", "xx") == 2
    assert "Choose one of: en" in capsys.readouterr().err
    assert not (tmp_path / "plan.pdf").exists()


# Starting


def test_a_port_in_use_is_named_with_the_way_to_choose_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        data = tmp_path / "data"
        said = ended_badly(run("demo", "--port", port, env=environment(data)), code=2)
    other = port + 1 if port < 65535 else port - 1
    assert said == f"Port {port} is in use. Choose another one: make run PORT={other}\n"
    assert not (data / "assessment.sqlite3").exists()


@pytest.mark.parametrize(
    ("failure", "port", "told"),
    [
        (errno.EACCES, 80, "This account may not use port 80. Choose one from 1024 on: make run PORT=1104\n"),
        (errno.EADDRNOTAVAIL, 8000, "Check ASSESSMENT_HOST, or choose another port: make run PORT=8001\n"),
    ],
)
def test_a_port_that_cannot_be_had_is_told_by_what_stands_in_the_way(
    failure: int, port: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    def refused(*_: object) -> None:
        raise OSError(failure, os.strerror(failure))

    monkeypatch.setattr(socket.socket, "bind", refused)
    monkeypatch.setenv("ASSESSMENT_DATA", str(tmp_path / "data"))
    assert run_here(monkeypatch, "demo", "--port", port) == 2
    said = capsys.readouterr().err
    assert "in use" not in said
    assert said.endswith(told)


def test_where_the_worker_ends_the_web_server_ends_too_and_the_command_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *words: Any, **more: Any) -> None:
            super().__init__(*words, **more)
            begun.append(self)

    monkeypatch.setattr(side_by_side, "WORKER", [sys.executable, "-c", "raise SystemExit(3)"])
    monkeypatch.setattr(subprocess, "Popen", Noted)
    env = environment(tmp_path / "data", PORT="1")
    heeded = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as ended:
            side_by_side.run_together(Settings.from_env(env), env, [])
    finally:
        signal.signal(signal.SIGTERM, heeded)
    assert ended.value.code == 1
    assert "The worker has ended by itself (code 3), so everything stops." in capsys.readouterr().err
    assert [child.poll() is not None for child in begun] == [True, True]


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch, capsys: Says) -> None:
    assert run_here(monkeypatch, "demo", "--port", port) == 2
    assert "--port" in capsys.readouterr().err


def test_a_start_with_broken_questionnaires_stops_with_every_mistake(tmp_path: Path) -> None:
    version = copied(tmp_path / "own", "shape_unknown_key", "shape_missing_key", "shape_wrong_type")
    env = environment(tmp_path / "data", ASSESSMENT_QUESTIONNAIRES=str(tmp_path / "own"))
    said = ended_badly(run("demo", "--port", "1", env={**env, "PORT": "1"}), code=1)
    assert [str(flaw) for flaw in marked(version)] == said.splitlines()[-1 - len(marked(version)) : -1]
    assert said.endswith(f"{len(marked(version))} mistakes. Nothing was started or changed.\n")


def test_the_web_application_does_not_start_with_a_broken_questionnaire(tmp_path: Path) -> None:
    version = copied(tmp_path / "own", "tables_bands", "narrowing_later")
    own = {
        "ASSESSMENT_MODE": "test",
        "ASSESSMENT_DATA": str(tmp_path),
        "ASSESSMENT_QUESTIONNAIRES": str(tmp_path / "own"),
    }
    with pytest.raises(InvalidContent) as refused:
        make_app(make_instance(Settings.from_env(own)))
    assert list(refused.value.flaws) == marked(version)
    assert all(str(flaw) in str(refused.value) for flaw in marked(version))


def test_production_without_its_settings_says_everything_that_must_be_set(tmp_path: Path) -> None:
    env = {name: value for name, value in environment(tmp_path / "data").items() if name != "ASSESSMENT_MODE"}
    said = ended_badly(run("worker", env=env), code=1)
    for name in ("SECRET_KEY", "CODE_KEY", "BASE_URL", "OPERATOR_NAME", "OPERATOR_CONTACT"):
        assert f"ASSESSMENT_{name} is not set" in said
    assert "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'" in said
    assert not (tmp_path / "data").exists()


def test_make_hands_its_port_on() -> None:
    said = subprocess.run(
        ["make", "--dry-run", "run", "PORT=8123"], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True
    )
    assert "assessment demo --port 8123" in said.stdout
