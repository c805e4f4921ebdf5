"""Nothing is written on a check without asking again whether whoever opened it still may."""

import ast
from collections.abc import Iterator
from pathlib import Path

import assessment

OPENED = ("OpenDraft", "OpenPage", "Interview", "ReviewedCheck", "ForPrint", "ReviewForPrint")
OPENING = ("open_draft", "open_page", "opened_draft", "open_check")
"""What holds a check that somebody opened, and what opens one."""
ASKS_NOBODY = {
    "admitted": "puts down that somebody looked, before anything is shown",
    "start": "a check that follows none is nobody's yet",
}


def functions(source: str) -> Iterator[ast.FunctionDef]:
    """Every function, those inside others too."""
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))


def at_once(function: ast.FunctionDef) -> bool:
    """Whether it has a check that was opened, and begins a transaction that asks nobody."""
    given = [*function.args.args, *function.args.kwonlyargs]
    held = any(each.annotation is not None and names(each.annotation) & {*OPENED} for each in given)
    called = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    opens = any(name.rpartition(".")[2] in OPENING for name in called)
    return (held or opens) and any(name.endswith("database.writing") for name in called)


def names(annotation: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}


def test_whoever_has_opened_a_check_writes_on_it_only_where_they_are_asked_again() -> None:
    found = {
        function.name
        for path in Path(assessment.__path__[0]).rglob("*.py")
        for function in functions(path.read_text("utf-8"))
        if at_once(function) and function.name != "writing"
    }
    assert found == {*ASKS_NOBODY}


def test_a_function_that_asks_nobody_is_found() -> None:
    forgetful = (
        "def keep(instance: Instance, opened: OpenDraft) -> None:\n"
        "    with instance.database.writing() as connection:\n        pass\n"
        "def send(draft_id: str) -> str:\n    opened = opened_draft(draft_id)\n"
        "    with instance().database.writing() as connection:\n        pass\n"
        "def read(instance: Instance, opened: OpenDraft) -> None:\n"
        "    with instance.database.reading() as connection:\n        pass\n"
    )
    assert [function.name for function in functions(forgetful) if at_once(function)] == ["keep", "send"]
