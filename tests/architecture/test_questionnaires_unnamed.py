"""No code and no page names a questionnaire: which is offered where, and how its results look, is content's to say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from assessment.content.folders import QUESTIONNAIRES
from assessment.core.resources.catalogue import BlockKind
from tests.architecture.test_layout import ROOT

NAMES = frozenset(path.parent.parent.name for path in QUESTIONNAIRES.glob("*/*/questionnaire.yaml"))
PAGES = ("*.html", "*.js", "*.css", "*.yaml")

KINDS_IN_WORDS = {
    "assessment/core/resources/entries.py",
    "assessment/web/plans/plan_words.py",
    "reports/shared/words.html",
}
"""Where kinds of building blocks are named; one of them is called like a questionnaire."""

REPORTS_NAMED = {"assessment/reporting/compose.py", "reports/cluster-readiness/report.yaml"}
"""Where folders of reports are named; that about all members of a cluster is called like what a cluster answers."""


def named_in(path: Path, text: str) -> frozenset[str]:
    """The questionnaires that a file names as a whole text: a string of Python, or quoted in a page."""
    if path.suffix == ".py":
        constants = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
        return NAMES.intersection(value for value in constants if isinstance(value, str))
    return NAMES.intersection(found for pair in re.findall(r"'([^'\n]*)'|\"([^\"\n]*)\"", text) for found in pair)


def files() -> Iterator[Path]:
    yield from (ROOT / "assessment").rglob("*.py")
    for folder in ("templates", "reports", "assessment/web/static"):
        for pattern in PAGES:
            yield from (ROOT / folder).rglob(pattern)


def test_no_code_and_no_page_names_a_questionnaire() -> None:
    assert len(NAMES) >= 3
    named = {str(path.relative_to(ROOT)): named_in(path, path.read_text("utf-8")) for path in files()}
    found = {path: names for path, names in named.items() if names}
    reports = {path.name for path in (ROOT / "reports").iterdir()}
    assert set(found) <= KINDS_IN_WORDS | REPORTS_NAMED
    assert all(names <= reports for path, names in found.items() if path in REPORTS_NAMED)
    assert set().union(*(names for path, names in found.items() if path in KINDS_IN_WORDS)) <= set(get_args(BlockKind))


def test_a_name_in_code_or_on_a_page_is_found() -> None:
    some = sorted(NAMES)[0]
    assert named_in(Path("a.py"), f"if questionnaire.name == {some!r}:\n    pass\n") == {some}
    assert named_in(Path("a.html"), f"{{% if questionnaire.name == '{some}' %}}") == {some}
    assert named_in(Path("a.py"), f'"""The {some} check."""\n') == set()
