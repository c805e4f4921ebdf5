"""The commands about the catalogue: files out and in, suggestions, and web addresses."""

import csv
import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from assessment.config import Settings
from assessment.content.folders import CATALOGUE
from assessment.content.resources.catalogue import load_catalogue
from assessment.content.resources.freshness import warnings
from assessment.content.resources.link_check import read_checked
from assessment.opening import make_instance
from assessment.services.resources import suggesting
from assessment.services.resources.suggesting import Typed
from assessment.storage import migrating
from tests import builders
from tests.content.test_catalogue import FILES
from tests.test_cli import Says, run_here


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a small catalogue of the operator's own."""
    for name, text in FILES.items():
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in {"MODE": "test", "DATA": "data", "CATALOGUE": str(tmp_path / "own")}.items():
        monkeypatch.setenv(f"ASSESSMENT_{name}", value)
    return tmp_path


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_what_was_exported_has_nothing_to_change(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says, form: str
) -> None:
    assert run_here(monkeypatch, "catalogue", "export", "--format", form, "--out", f"out.{form}") == 0
    assert run_here(monkeypatch, "catalogue", "import", f"out.{form}") == 0
    assert "Nothing to change." in capsys.readouterr().out


def test_an_editor_needs_no_settings_of_an_instance(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says) -> None:
    monkeypatch.delenv("ASSESSMENT_MODE")
    assert run_here(monkeypatch, "catalogue", "export", "--format", "json", "--out", "out.json") == 0
    assert run_here(monkeypatch, "catalogue", "import", "out.json") == 0
    assert "Nothing to change." in capsys.readouterr().out
    assert not (here / "data").exists()


def changed(here: Path, monkeypatch: pytest.MonkeyPatch, **cells: str) -> Path:
    """The funding as a CSV file with something changed."""
    run_here(monkeypatch, "catalogue", "export", "--format", "csv")
    with zipfile.ZipFile(here / "green-pathways-catalogue.zip") as archive:
        text = archive.read("funding.csv").decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    path = here / "funding.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow({**row, **cells})
    return path


def test_an_import_is_shown_first_and_changes_the_folder_when_told(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    path = changed(here, monkeypatch, name="Lamps and more")
    assert run_here(monkeypatch, "catalogue", "import", path) == 0
    said = capsys.readouterr().out
    assert "funding: 0 added, 1 changed, 0 removed, 0 unchanged" in said
    assert "name: “Lamp grant” -> “Lamps and more”" in said
    assert "Nothing was changed." in said
    assert load_catalogue(here / "own").schemes["bg-lamps"].name == "Lamp grant"
    assert run_here(monkeypatch, "catalogue", "import", path, "--apply") == 0
    assert load_catalogue(here / "own").schemes["bg-lamps"].name == "Lamps and more"


def test_a_bad_file_names_every_mistake_and_changes_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    path = changed(here, monkeypatch, as_of="soon", url="nowhere")
    assert run_here(monkeypatch, "catalogue", "import", path, "--apply") == 1
    said = capsys.readouterr().err
    assert "funding.csv:2: as_of: `soon` is not a whole number." in said
    assert "funding.csv:2: url: `nowhere` does not fit here" in said
    assert "2 mistakes. Nothing was started or changed." in said
    assert load_catalogue(here / "own").schemes["bg-lamps"].as_of == 2026


def test_what_ships_is_never_written_over(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says) -> None:
    path = changed(here, monkeypatch, name="Lamps and more")
    monkeypatch.delenv("ASSESSMENT_CATALOGUE")
    assert run_here(monkeypatch, "catalogue", "import", path, "--apply", "--into", CATALOGUE) == 2
    assert "Name the folder of your own catalogue" in capsys.readouterr().err


def test_an_editor_sees_and_decides_suggestions(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says) -> None:
    monkeypatch.delenv("ASSESSMENT_CATALOGUE")
    instance = make_instance(Settings.from_env({"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": "data"}))
    migrating.upgrade(instance.database)
    held = instance.library.catalogue("en")
    for kind, entry in (("correction", "eu-horizon-europe"), ("new", "")):
        typed = Typed(kind, entry, "Look\x1b[2J at this", "https://www.example.org/x", "me", True)
        assert suggesting.suggest(instance, held, ("session", kind), typed, "Words.", "en")
    correction, new = suggesting.listed(instance, "waiting")
    assert run_here(monkeypatch, "suggestions", "list") == 0
    said = capsys.readouterr().out
    assert "2 waiting." in said
    assert "\x1b" not in said
    assert run_here(monkeypatch, "suggestions", "show", correction.id[:8]) == 0
    assert "source: https://www.example.org/x" in capsys.readouterr().out
    assert run_here(monkeypatch, "suggestions", "accept", correction.id[:8], "--by", "Elena", "--words", "Mended.") == 0
    said = capsys.readouterr().out
    assert f"Edit {CATALOGUE / 'funding' / 'eu.yaml'}, line " in said
    line = int(said.partition(", line ")[2].partition(".")[0])
    assert "id: eu-horizon-europe" in (CATALOGUE / "funding" / "eu.yaml").read_text().splitlines()[line - 1]
    assert run_here(monkeypatch, "suggestions", "decline", new.id[:8], "--by", "Elena", "--reason", "Not there") == 0
    assert run_here(monkeypatch, "suggestions", "decline", new.id[:8], "--by", "Elena", "--reason", "Again") == 1
    assert "decided before" in capsys.readouterr().err
    assert [one.state for one in suggesting.listed(instance, "accepted")] == ["accepted"]
    instance.database.close()


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server that knows one page."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == "/lamps" else 404)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()

        def log_message(self, format: str, *args: object) -> None:
            return

    running = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_web_addresses_are_asked_and_what_was_found_is_kept(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says, server: str
) -> None:
    for path in (here / "own").rglob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("url: https://example.org", f"url: {server}"), encoding="utf-8")
    assert run_here(monkeypatch, "check-links") == 0
    assert "2 addresses: 2 refused, 0 not asked yet." in capsys.readouterr().out
    assert run_here(monkeypatch, "check-links", "--allow-private", "--days", "0") == 0
    said = capsys.readouterr().out
    assert f"gone: {server}/guide (404)" in said
    assert "2 addresses: 1 answers, 1 gone, 0 not asked yet." in said
    assert {found.outcome for found in read_checked(here / "data" / "links.json").values()} == {"answers", "gone"}


def test_time_alone_makes_warnings_and_never_mistakes() -> None:
    held = builders.catalogue(
        builders.scheme("bg-old", as_of=2023), builders.scheme("bg-unsure", as_of=2022, status="unverified"),
        builders.scheme("bg-new", as_of=2024), builders.scheme("bg-closed", as_of=2019, status="closed"),
        builders.block("old", as_of=2020), builders.block("new", as_of=2026), builders.block("undated"),
    )  # fmt: skip
    told = warnings(held, builders.TODAY)
    assert [line.partition(" ")[0] for line in told] == ["bg-old:", "bg-unsure:", "old:", "1"]
