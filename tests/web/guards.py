"""The guards of the services and of what they look up, found in the source, and how to take one of them away.

A guard is a comparison that ties a part to its company, check, cluster or person, a link's bound to one of them, a
call that insists on somebody's right, or a transaction that asks for it again. Taking it away leaves all else as it
is, so a test that stays green without it would prove nothing.
"""

import ast
import copy
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final
from unittest.mock import patch

import pytest
from sqlalchemy import ClauseElement

from assessment import services, storage
from assessment.services.checks import answering
from assessment.services.clusters import clusters
from assessment.services.people import companies
from assessment.storage.written import Written

OWNERS: Final = frozenset({"company_id", "assessment_id", "cluster_id", "campaign_id", "person_id", "mentor_id"})
"""What a row belongs to."""
ITSELF: Final = frozenset({"id", "key"})
"""What a part is named by."""
INSISTING: Final = frozenset({"entered", "enter", "belongs_in", "belongs", "open_draft", "ask_again"})
"""What lets somebody in, or does not."""
ASKED: Final = frozenset({"asking", "who", "right"})
"""What these are told of whoever asks."""
OF_LINKS: Final = frozenset({"end", "held_by"})
"""What finds links by all that it is told of them."""
LET_IN: Final = "let_in_all_the_same"


@dataclass(frozen=True)
class Guard:
    """One of them: where it stands, and what it says."""

    module: str
    name: str
    number: int
    said: str
    insists: bool
    """Whether it asks what somebody may do; else it ties a part to what it is a part of."""
    looks_up: bool
    """Whether it finds one thing by its name."""
    readers: frozenset[CodeType]
    """The functions that do not work as before without it."""

    def __str__(self) -> str:
        return f"{self.module.removeprefix('assessment.')}.{self.name} #{self.number}: {self.said}"

    @property
    def function(self) -> Callable[..., Any]:
        """The function that it stands in."""
        found: Callable[..., Any] = vars(importlib.import_module(self.module))[self.name]
        return found

    def take_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the product run without it until `monkeypatch` puts it back."""
        module = importlib.import_module(self.module)
        part = copy.deepcopy(_part(module, self.name))
        _Taking(self.number).visit(part)
        if isinstance(part, ast.FunctionDef):
            part.decorator_list = []
        there = dict(vars(module))
        program = ast.fix_missing_locations(ast.Module([part], []))
        exec(compile(program, str(module.__file__), "exec"), there)  # noqa: S102 - our own source, but for a guard
        altered, whole = there[self.name], vars(module)[self.name]
        if isinstance(part, ast.FunctionDef):
            monkeypatch.setattr(module, LET_IN, let_in_all_the_same, raising=False)
            monkeypatch.setattr(inspect.unwrap(whole), "__code__", altered.__code__)
        written = [each for _, each in _parts(module) if not isinstance(each, ast.FunctionDef)]
        called = {node.id for each in written for node in ast.walk(each) if isinstance(node, ast.Name)}
        if not isinstance(part, ast.FunctionDef) or self.name in called:
            self._write_anew(module, part, monkeypatch)

    def _write_anew(self, module: ModuleType, part: ast.stmt, monkeypatch: pytest.MonkeyPatch) -> None:
        """All statements of the module, as some are made of others."""
        body = [part if each_name == self.name else each for each_name, each in _parts(module)]
        there = dict(vars(module))
        program = ast.fix_missing_locations(ast.Module(body, []))
        exec(compile(program, str(module.__file__), "exec"), there)  # noqa: S102 - our own source, but for a guard
        for name in [name for name, each in _parts(module) if not isinstance(each, ast.FunctionDef)]:
            whole, altered = vars(module)[name], there[name]
            pairs = [(whole[key], altered[key]) for key in whole] if isinstance(whole, dict) else [(whole, altered)]
            for before, after in pairs:
                if isinstance(before, Written):
                    monkeypatch.setattr(before, "statement", after.statement)
                    monkeypatch.setattr(before, "_on", {})
            if isinstance(whole, ClauseElement):
                monkeypatch.setattr(module, name, altered)


def let_in_all_the_same(entering: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """What lets somebody in, without insisting that they may."""
    with (
        patch.object(answering, "insist", lambda *_: None), patch.object(clusters, "insist", lambda *_: None),
        patch.object(companies, "insist", lambda *_: None),
    ):  # fmt: skip
        return entering(*given, **named)


class _Taking(ast.NodeTransformer):
    """Counts guards, and takes the one of that number away."""

    def __init__(self, number: int = -1) -> None:
        self.number = number
        self.met: list[tuple[str, bool]] = []
        self.by_id = False

    def _is_it(self, said: ast.AST, insists: bool = False) -> bool:
        self.met.append((ast.unparse(said), insists))
        return len(self.met) - 1 == self.number

    def visit_Compare(self, compared: ast.Compare) -> ast.AST:
        """A comparison with an owner becomes one of the same with itself."""
        self.generic_visit(compared)
        self.by_id |= _is_given(compared) and _last(compared.left) in ITSELF
        if _ties(compared) and self._is_it(compared):
            compared.comparators = [copy.deepcopy(compared.left)]
        return compared

    def visit_Call(self, call: ast.Call) -> ast.AST:
        """A call that insists no longer does, and a link is found without one of its bounds."""
        self.generic_visit(call)
        name = _last(call.func)
        if name in OF_LINKS and isinstance(call.func, ast.Attribute) and _last(call.func.value) == "single_links":
            for keyword in [each for each in call.keywords if each.arg in OWNERS]:
                if self._is_it(keyword.value):
                    call.keywords.remove(keyword)
        if name in INSISTING and any(_last(given) in ASKED for given in call.args) and self._is_it(call, insists=True):
            return ast.Call(ast.Name(LET_IN, ast.Load()), [call.func, *call.args], call.keywords)
        if name == "writing" and len(call.args) > 1 and self._is_it(call):
            # A transaction on a check that asks nobody again.
            database = ast.Attribute(call.args[0], "database", ast.Load())
            return ast.Call(ast.Attribute(database, "writing", ast.Load()), [], [])
        return call


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_given(compared: ast.Compare) -> bool:
    """Whether a column or a field is compared with what somebody gave, and not with another column."""
    left, right = compared.left, compared.comparators[0]
    if not isinstance(left, ast.Attribute) or not isinstance(compared.ops[0], ast.Eq | ast.NotEq):
        return False
    if isinstance(right, ast.Attribute):
        return not isinstance(right.value, ast.Attribute) and not _last(right.value).startswith("_")
    return isinstance(right, ast.Name) or (isinstance(right, ast.Call) and _last(right.func) == "bindparam")


def _ties(compared: ast.Compare) -> bool:
    return _is_given(compared) and _last(compared.left) in OWNERS


def _part(module: ModuleType, name: str) -> ast.stmt:
    return next(part for named, part in _parts(module) if named == name)


@cache
def _parts(module: ModuleType) -> Sequence[tuple[str, ast.stmt]]:
    """The functions and statements of a module, by name."""
    found: list[tuple[str, ast.stmt]] = []
    for part in ast.parse(inspect.getsource(module)).body:
        if isinstance(part, ast.FunctionDef):
            found.append((part.name, part))
        elif isinstance(part, ast.Assign | ast.AnnAssign) and part.value is not None:
            target = part.targets[0] if isinstance(part, ast.Assign) else part.target
            if isinstance(target, ast.Name):
                found.append((target.id, part))
    return found


def _made_of(module: ModuleType, name: str) -> set[str]:
    """A part of a module, and the statements that are made of it when the module is loaded."""
    made, before = {name}, 0
    written = [(each, part) for each, part in _parts(module) if not isinstance(part, ast.FunctionDef)]
    while len(made) > before:
        before = len(made)
        for each, part in written:
            if made & {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}:
                made.add(each)
    return made


def guards() -> list[Guard]:
    """Those by which something is looked up that belongs to somebody, and all that insist."""
    return [guard for guard in conditions() if guard.insists or guard.looks_up]


@cache
def conditions() -> Sequence[Guard]:
    """All of them: those as well by which all that belongs to somebody is found."""
    modules = [
        importlib.import_module(found.name)
        for package in (services, storage)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if ".migrations" not in found.name
    ]
    functions = [
        (name, value.__code__) for module in modules for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__
    ]  # fmt: skip
    found = []
    for module in modules:
        for name, part in _parts(module):
            looking = _Taking()
            looking.visit(copy.deepcopy(part))
            # Who finds all that belongs to somebody looks up no part.
            looks_up = looking.by_id or module.__name__.startswith(services.__name__)
            if looking.met:
                own = inspect.unwrap(vars(module)[name])
                made = _made_of(module, name)
                readers = {code for _, code in functions if made & {*code.co_names}}
                if isinstance(part, ast.FunctionDef):
                    readers = {own.__code__} | (readers if len(made) > 1 else set())
                found += [
                    Guard(module.__name__, name, number, said, insists, looks_up, frozenset(readers))
                    for number, (said, insists) in enumerate(looking.met)
                ]
    return found
