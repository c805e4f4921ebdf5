"""The layout is what ARCHITECTURE.md says, and the wheel leaves nothing out."""

import ast
import configparser
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALLOWED_AT_TOP = {
    "assessment", "questionnaires", "templates", "reports", "tests", "setup.cfg", "README.md", "pyproject.toml",
    "Makefile", "LICENSE", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md",
}  # fmt: skip


def _listed_packages() -> set[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return {line for line in parser["options"]["packages"].split() if not line.startswith("assessment.bundled")}


def _python_packages() -> set[str]:
    found = {path.parent for path in (ROOT / "assessment").rglob("*.py")}
    return {".".join(path.relative_to(ROOT).parts) for path in found}


def test_every_python_package_is_listed_for_the_wheel() -> None:
    assert _listed_packages() == _python_packages()


def _required() -> set[str]:
    """What an installation brings along, by the names of the distributions."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    lines = parser["options"]["install_requires"].strip().splitlines()
    return {_plain(re.split(r"[ \[;<>=]", line, maxsplit=1)[0]) for line in lines}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported() -> set[str]:
    """The packages of others that the product imports."""
    found: set[str] = set()
    for path in (ROOT / "assessment").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"assessment"}


def test_what_the_product_imports_is_named_as_required_and_not_left_to_others_to_bring_along() -> None:
    distributions, imported, required = packages_distributions(), _imported(), _required()
    unnamed = {
        package for package in imported
        if required.isdisjoint(_plain(name) for name in distributions.get(package, [package]))
    }  # fmt: skip
    assert "flask" in imported
    assert not unnamed


def test_nothing_else_stands_at_the_top() -> None:
    ignored = {"build", "dist"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - ignored
    assert {name for name in found if not name.endswith(".egg-info")} <= ALLOWED_AT_TOP


def test_content_folders_hold_no_python() -> None:
    for folder in ("questionnaires", "templates", "reports", "assessment/catalogue", "assessment/locale"):
        assert not list((ROOT / folder).rglob("*.py")), folder


def test_templates_are_html_so_that_they_are_escaped() -> None:
    for folder in ("templates", "reports"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "{%" in path.read_bytes().decode("utf-8", "ignore"):
                assert path.suffix == ".html", path


def test_no_template_switches_escaping_off_or_writes_inline_code() -> None:
    forbidden = re.compile(r"\|\s*safe\b|Markup\(|\bstyle=|<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|autoescape false")
    for path in (ROOT / "templates").rglob("*.html"):
        assert not forbidden.search(path.read_text("utf-8")), path


def test_no_python_module_marks_text_as_safe_or_evaluates_it() -> None:
    forbidden = re.compile(
        r"\bMarkup\(|render_template_string|\byaml\.(?:safe_)?load\(|(?<![\w.])(?:eval|exec)\("
        r"|^(?:import|from) (?:pickle|marshal|shelve)\b",
        re.MULTILINE,
    )
    assert forbidden.search("import os\nimport pickle\n")
    # Two places may: one puts our own <b> around words that Markup.format escapes, one marks our texts before the
    # values that Markup escapes are put in.
    names = ("reporting/compose.py", "web/phrases.py")
    may = {ROOT / "assessment" / name for name in names}
    for path in (ROOT / "assessment").rglob("*.py"):
        found = forbidden.findall(path.read_text("utf-8"))
        assert not found or path in may, path


def test_no_import_hides_in_a_function_or_under_type_checking() -> None:
    for path in (ROOT / "assessment").rglob("*.py"):
        text = path.read_text("utf-8")
        assert "TYPE_CHECKING" not in text, path
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                assert not [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)], path


def test_our_own_brand_is_used_and_not_the_one_of_the_united_kingdom() -> None:
    for folder in ("assessment/web/static", "templates"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".css", ".js", ".html", ".scss"}:
                text = path.read_text("utf-8")
                assert not re.search(r"GDS Transport|\bcrest\b|Crown copyright", text), path
