"""What a model refuses is told in words that say what to type, never as a pattern."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from assessment import core
from assessment.content.flaw_words import PATTERN_CURES, in_words
from assessment.core.model import Model
from assessment.core.resources import entries

AtLeastOne = Annotated[tuple[entries.Country, ...], Field(min_length=1)]
NOT_WRITTEN_BY_AUTHORS = {"release_file", "snapshots"}


def patterns() -> Iterator[tuple[str, str]]:
    """Every named form of text in the core, by its module."""
    for found in pkgutil.walk_packages(core.__path__, "assessment.core."):
        if found.name.rpartition(".")[2] in NOT_WRITTEN_BY_AUTHORS:
            continue
        for value in vars(importlib.import_module(found.name)).values():
            for part in getattr(value, "__metadata__", ()):
                if isinstance(part, StringConstraints) and part.pattern:
                    yield found.name, str(part.pattern)


def told(annotation: Any, value: object) -> tuple[str, str]:
    """Message and cure for a value that does not fit."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(annotation).validate_python(value)
    return in_words(refused.value.errors()[0], Model)


def test_every_form_that_a_text_must_have_is_told_in_words() -> None:
    found = set(patterns())
    assert len(found) > 10
    assert {pattern for _, pattern in found} <= PATTERN_CURES.keys()


@pytest.mark.parametrize(
    ("annotation", "value", "word"),
    [
        (entries.Url, "www.example.org", "begins with https://"), (entries.Country, "Germany", "two capital letters"),
        (entries.LanguageCode, "english", "two small letters"), (entries.SchemeStatus, "openn", "Did you mean `open`?"),
        (entries.SchemeStatus, "zzz", "Write one of: 'open'"), (entries.Year, 3000, "up to 2100"),
        (entries.Percent, 0, "above 0"), (entries.Year, "soon", "whole number"), (date, "31/12/2027", "2027-12-31"),
        (AtLeastOne, "DE", "even of one"), (AtLeastOne, (), "at least 1"),
    ],
)  # fmt: skip
def test_what_to_type_is_said_without_a_pattern(annotation: Any, value: object, word: str) -> None:
    message, cure = told(annotation, value)
    assert word in cure
    assert not set("^$\\") & set(message + cure)
