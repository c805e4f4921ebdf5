"""The library: reads the versions of each questionnaire from their folders and hands them out.

A version is a folder: `questionnaire.yaml` (shared tables), `sections/<id>.yaml`, `places.yaml` (long option
lists), `actions.yaml`, `texts.<language>.yaml`. Shared options (`answers:`, `list:`) are written into the
questions here, so that the core sees plain questions. What the models cannot say is checked by
`content/checks.py`; which digest a published version must have is `content/publishing.py`'s business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field

from assessment.content.strict_yaml import Document, read, validate
from assessment.core.actions import Actions
from assessment.core.conditions import Condition
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.model import Line, Model, Slug
from assessment.core.questionnaire import Band, Questionnaire, Raise, Roles, Section, Sector
from assessment.core.questions import Option

T = TypeVar("T")

MOST_QUESTIONS = 2000


class _Front(Model):
    """`questionnaire.yaml` as written."""

    name: Slug
    version: str
    language: str
    title: Line
    bands: tuple[Band, ...]
    answer_sets: Mapping[Slug, tuple[Option, ...]] = Field(default_factory=dict)
    flags: Mapping[Slug, Condition] = Field(default_factory=dict)
    sectors: tuple[Sector, ...]
    roles: Roles
    raises: tuple[Raise, ...] = ()
    sections: tuple[Slug, ...]


class _Places(Model):
    """`places.yaml` as written: option lists too long for the front page."""

    answer_sets: Mapping[Slug, tuple[Option, ...]]


@dataclass(frozen=True)
class Sources:
    """The files that a version was read from, so that later checks can name file and line."""

    front: Document
    sections: Mapping[str, Document]
    actions: Document

    def flaw(self, section: str, place: tuple[str | int, ...], message: str, cure: str) -> Flaw:
        """A flaw in a section's file."""
        return flaw_in(self.sections[section], place, message, cure)


@dataclass(frozen=True)
class Version:
    """One version as read: the questionnaire, its advice, and where each was written."""

    questionnaire: Questionnaire
    actions: Actions
    sources: Sources


def flaw_in(document: Document, place: tuple[str | int, ...], message: str, cure: str) -> Flaw:
    """A flaw at a place in a file."""
    path = ".".join(str(step) for step in place) or "(whole file)"
    return Flaw(str(document.path), document.line_of(place), path, message, cure)


def read_version(folder: Path) -> Version:
    """Read one version of one questionnaire.

    Raises InvalidContent with the flaws of all its files at once.
    """
    flaws: list[Flaw] = []
    front_file = _collect(flaws, read, folder / "questionnaire.yaml")
    actions_file = _collect(flaws, read, folder / "actions.yaml")
    if front_file is None or actions_file is None:
        raise InvalidContent(flaws)
    front = _collect(flaws, validate, _Front, front_file)
    actions = _collect(flaws, validate, Actions, actions_file)
    if front is None:
        raise InvalidContent(flaws)
    shared = _option_sets(front_file, folder, flaws)
    files: dict[str, Document] = {}
    sections: list[Section] = []
    for name in front.sections:
        section_file = _collect(flaws, read, folder / "sections" / f"{name}.yaml")
        if section_file is not None:
            files[name] = section_file
            flaws.extend(_unknown_sets(section_file, shared))
            section = _collect(flaws, validate, Section, _with_options(section_file, shared))
            if section is not None:
                sections.append(section)
    if flaws or actions is None:
        raise InvalidContent(flaws)
    questionnaire = Questionnaire(
        **{name: getattr(front, name) for name in _Front.model_fields if name not in ("answer_sets", "sections")},
        sections=tuple(sections),
    )
    return Version(questionnaire, actions, Sources(front_file, files, actions_file))


def versions_in(folder: Path) -> list[Path]:
    """The version folders of all questionnaires under a folder, oldest first (numbers count as numbers)."""
    found = [path.parent for path in folder.glob("*/*/questionnaire.yaml")]
    return sorted(found, key=lambda path: (path.parent.name, _order_of(path.name)))


def _order_of(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _collect(flaws: list[Flaw], act: Callable[..., T], *arguments: Any) -> T | None:
    try:
        return act(*arguments)
    except InvalidContent as invalid:
        flaws.extend(invalid.flaws)
        return None


def _option_sets(front: Document, folder: Path, flaws: list[Flaw]) -> dict[str, list[Any]]:
    """Every shared list of options, as written: answer sets, places, and the sectors as options."""
    assert isinstance(front.data, dict)
    sets = dict(front.data.get("answer_sets") or {})
    places_path = folder / "places.yaml"
    if places_path.exists():
        places = _collect(flaws, read, places_path)
        if places is not None and _collect(flaws, validate, _Places, places) is not None:
            assert isinstance(places.data, dict)
            sets.update(places.data["answer_sets"])
    sets["sectors"] = [
        {key: sector[key] for key in ("id", "label", "hint") if sector.get(key)} for sector in front.data["sectors"]
    ]
    return sets


def _questions(document: Document) -> list[Any]:
    data = document.data
    questions = data.get("questions") if isinstance(data, dict) else None
    return questions if isinstance(questions, list) else []


def _unknown_sets(document: Document, shared: Mapping[str, Any]) -> list[Flaw]:
    flaws = []
    for index, question in enumerate(_questions(document)):
        for key in ("answers", "list"):
            name = question.get(key) if isinstance(question, dict) else None
            if name is not None and name not in shared:
                known = ", ".join(sorted(shared))
                message = f"There is no shared list of options named {name}."
                flaws.append(flaw_in(document, ("questions", index, key), message, f"Use one of: {known}."))
    return flaws


def _with_options(document: Document, shared: Mapping[str, list[Any]]) -> Document:
    """The same file with shared options written into its questions."""
    if not isinstance(document.data, dict):
        return document
    questions = []
    for question in _questions(document):
        name = (question.get("answers") or question.get("list")) if isinstance(question, dict) else None
        questions.append({**question, "options": shared[name]} if isinstance(name, str) and name in shared else question)
    return Document(document.path, {**document.data, "questions": questions}, document.lines)
