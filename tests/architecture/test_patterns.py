"""No pattern of the product hangs on a hostile text. RELIABILITY INP-12."""

import ast
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import assessment

LONG = 100_000
MOST_SECONDS = 0.05
OF_OUR_OWN_FILES = {"assessment.reporting.pdf"}
"""Modules whose patterns only ever see a PDF that we have made."""

REPEATED = (
    "a", "0", " ", "-", ".", ",", "'", "\\", ";", ":", "/", "<", "<svg", "<title>", "<!", "=", "\t", "\u200b", "\u00a0",
    "1,", "1 000,", "a-", "a.", "q-", "\\;", "%41", "1 per ", "https://a.", ".2.", "\u00a4", "\ufeff'",
)  # fmt: skip
"""Each is repeated to the full length, with an end that does not fit what came before."""


@dataclass(frozen=True)
class Use:
    """A pattern and how the product lays it on a text: at its beginning, on the whole of it, or anywhere in it."""

    pattern: re.Pattern[str]
    way: str

    def seconds(self, text: str) -> float:
        """The CPU of one go, the quicker of two."""
        given = text.encode() if isinstance(self.pattern.pattern, bytes) else text
        go, taken = getattr(self.pattern, self.way), []
        for _ in range(2):
            began = time.process_time()
            go(given)
            taken.append(time.process_time() - began)
            if taken[-1] < MOST_SECONDS:
                break
        return min(taken)


def way(method: str) -> str:
    """`sub`, `split` and the like look for the pattern anywhere."""
    return method if method in ("match", "fullmatch") else "search"


def kept() -> Iterator[tuple[str, Use]]:
    """Every pattern that a module keeps, alone or in a mapping, in each way that the module uses it."""
    for found in pkgutil.walk_packages(assessment.__path__, "assessment."):
        if found.name in OF_OUR_OWN_FILES or "migrations" in found.name:
            continue
        module = importlib.import_module(found.name)
        text = inspect.getsource(module)
        for name, value in vars(module).items():
            for pattern in value.values() if isinstance(value, dict) else [value]:
                if isinstance(pattern, re.Pattern):
                    for method in {way(each) for each in re.findall(rf"\b{name}(?:\[\w+\])?\.(\w+)", text)} or {
                        "search"
                    }:
                        yield f"{found.name}.{name}, {method}", Use(pattern, method)


def written() -> Iterator[tuple[str, Use]]:
    """Every pattern that is written out where it is used."""
    for path in sorted(Path(assessment.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="re"), attr=method), args=[ast.Constant(value=str(text)), *_]
                ) if method != "compile":
                    yield f"{path.name}:{node.lineno}", Use(re.compile(text), way(method))


@cache
def uses() -> dict[str, Use]:
    return {**dict(written()), **dict(kept())}


def hostile(part: str, length: int = LONG) -> str:
    return (part * (length // len(part) + 1))[:length] + "\n!\x00"


def test_patterns_are_found_where_they_are_kept_and_where_they_are_written() -> None:
    names = " ".join(uses())
    for known in ("_QUESTION_LIKE, fullmatch", "_TAG_OR_CO2, search", "_RUNS, match", "config.py", "drafts.py"):
        assert known in names


def test_no_pattern_takes_long_over_a_hundred_thousand_hostile_signs() -> None:
    slow = [
        (name, part)
        for name, use in uses().items()
        for part in REPEATED
        # A short text first: what grows with the square is slow there already, and is not waited for.
        if use.seconds(hostile(part, LONG // 20)) >= MOST_SECONDS / 10 or use.seconds(hostile(part)) >= MOST_SECONDS
    ]
    assert slow == []


@pytest.mark.parametrize(("pattern", "text"), [("<svg.*?</svg>", hostile("<svg", 10_000)), (r"(?:a|a)*b", "a" * 20)])
def test_a_pattern_that_does_is_found(pattern: str, text: str) -> None:
    assert Use(re.compile(pattern, re.DOTALL), "search").seconds(text) >= MOST_SECONDS
