"""The library: reads the versions of each questionnaire from their folders and hands them out.

A version is a folder: `questionnaire.yaml` (shared tables), `sections/<id>.yaml`, `places.yaml` (long option
lists), `actions.yaml`, `texts.<language>.yaml`. Shared options (`answers:`, `list:`) are written into the
questions here, so that the core sees plain questions. What the models cannot say is checked by
`content/checks/checks.py`; which digest a published version must have is `content/checks/publishing.py`'s business.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field

from assessment.content.strict_yaml import Document, read, validate
from assessment.core.checks.conditions import Condition
from assessment.core.checks.display import Display
from assessment.core.checks.questionnaire import (
    Audience,
    Band,
    PlanSize,
    QuantityOf,
    Questionnaire,
    Raise,
    Roles,
    Section,
    Sector,
    Subject,
)
from assessment.core.checks.questions import Option, Question
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.model import Line, Model, Prose, Slug
from assessment.core.plans.actions import Actions

T = TypeVar("T")

Place = tuple[str | int, ...]

MOST_QUESTIONS = 2000
MOST_SECTIONS = 100

STAND_INS = [{"id": "one", "label": "One", "points": 0}, {"id": "two", "label": "Two", "points": 4}]
"""Options in place of a shared list that could not be read, so that its mistake is not told once per question."""


class _Front(Model):
    """`questionnaire.yaml` as written."""

    name: Slug
    version: str
    language: str
    title: Line
    audience: Audience = "anyone"
    summary: Prose | None = None
    subject: Subject | None = None
    bands: tuple[Band, ...]
    answer_sets: Mapping[Slug, tuple[Option, ...]] = Field(default_factory=dict)
    flags: Mapping[Slug, Condition] = Field(default_factory=dict)
    sectors: tuple[Sector, ...]
    roles: Roles = Roles()
    raises: tuple[Raise, ...] = ()
    quantities: tuple[QuantityOf, ...] = ()
    plan: PlanSize = PlanSize()
    results: Display | None = None
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

    def flaw(self, section: str, place: Place, message: str, cure: str) -> Flaw:
        """A flaw in a section's file."""
        return flaw_in(self.sections[section], place, message, cure)


@dataclass(frozen=True)
class Version:
    """One version as read: the questionnaire, its advice, and where each was written."""

    questionnaire: Questionnaire
    actions: Actions
    sources: Sources

    def walk(self) -> Iterator[tuple[Question, str, Place]]:
        """Every question with its section and its place in that section's file."""
        for section in self.questionnaire.sections:
            for index, question in enumerate(section.questions):
                yield question, section.id, ("questions", index)


def flaw_in(document: Document, place: Place, message: str, cure: str) -> Flaw:
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
    front = None if front_file is None else _collect(flaws, validate, _Front, front_file)
    actions = None if actions_file is None else _collect(flaws, validate, Actions, actions_file)
    shared = _option_sets(front, front_file, folder, flaws)
    names = front.sections if front is not None else [path.stem for path in sorted(folder.glob("sections/*.yaml"))]
    files: dict[str, Document] = {}
    for name in dict.fromkeys(names[:MOST_SECTIONS]):
        section_file = _collect(flaws, read, folder / "sections" / f"{name}.yaml")
        if section_file is not None:
            files[name] = section_file
    _limit(front_file, names, files, flaws)
    sections: list[Section] = []
    for document in files.values():
        flaws.extend(_set_flaws(document, shared))
        section = _collect(flaws, validate, Section, _with_options(document, shared))
        if section is not None:
            sections.append(section)
    if flaws or front is None or actions is None or front_file is None or actions_file is None:
        raise InvalidContent(flaws)
    questionnaire = Questionnaire(
        # What is not written stays unset, so that what is kept of a version is as short as what was written.
        **{name: getattr(front, name) for name in front.model_fields_set if name not in ("answer_sets", "sections")},
        sections=tuple(sections),
    )
    return Version(questionnaire, actions, Sources(front_file, files, actions_file))


def versions_in(folder: Path) -> list[Path]:
    """The version folders of all questionnaires under a folder, oldest first (numbers count as numbers)."""
    found = [path.parent for path in folder.glob("*/*/questionnaire.yaml")]
    return sorted(found, key=lambda path: (path.parent.name, order_of(path.name)))


def order_of(version: str) -> tuple[int, ...]:
    """What puts versions in order: 10 comes after 9."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _collect(flaws: list[Flaw], act: Callable[..., T], *arguments: Any) -> T | None:
    try:
        return act(*arguments)
    except InvalidContent as invalid:
        flaws.extend(invalid.flaws)
        return None


def _limit(front: Document | None, names: Sequence[str], files: Mapping[str, Document], flaws: list[Flaw]) -> None:
    """Stop before what nobody can answer is looked at question by question.

    Raises InvalidContent, with the flaws found so far, where there are too many sections or questions.
    """
    questions = sum(len(_questions(document)) for document in files.values())
    for what, count, most in (("sections", len(names), MOST_SECTIONS), ("questions", questions, MOST_QUESTIONS)):
        if front is not None and count > most:
            flaw = flaw_in(front, ("sections",), f"There are {count} {what}.", f"Keep to {most} at most.")
            raise InvalidContent([*flaws, flaw])
    for name in [name for name in files if list(names).count(name) > 1]:
        if front is not None:
            flaws.append(flaw_in(front, ("sections",), f"The section {name} is there twice.", "Remove one."))


def _option_sets(
    front: _Front | None, front_file: Document | None, folder: Path, flaws: list[Flaw]
) -> dict[str, list[Any]] | None:
    """Every shared list of options, as written: answer sets, places, and the sectors; None where some are flawed."""
    places_path = folder / "places.yaml"
    places = _collect(flaws, read, places_path) if places_path.exists() else None
    sound = places is not None and _collect(flaws, validate, _Places, places) is not None
    if front is None or front_file is None or (places_path.exists() and not sound):
        return None
    written: Any = front_file.data
    sets = dict(written.get("answer_sets") or {})
    if places is not None and isinstance(places.data, dict):
        for name, options in places.data["answer_sets"].items():
            if name in sets:
                message = f"The list {name} is on the front page too."
                flaws.append(flaw_in(places, ("answer_sets", name), message, "Keep one of them."))
            sets[name] = options
    sets["sectors"] = [
        {key: sector[key] for key in ("id", "label", "hint") if sector.get(key)} for sector in written["sectors"]
    ]
    return sets


def _questions(document: Document) -> list[Any]:
    data = document.data
    questions = data.get("questions") if isinstance(data, dict) else None
    return questions if isinstance(questions, list) else []


def _set_flaws(document: Document, shared: Mapping[str, Any] | None) -> list[Flaw]:
    """Questions that name a shared list which is not there, or that have options from two places."""
    flaws = []
    for index, question in enumerate(_questions(document)):
        given = [key for key in ("answers", "list", "options") if isinstance(question, dict) and key in question]
        if len(given) > 1:
            message = f"The options come from {' and '.join(f'`{key}`' for key in given)}."
            flaws.append(flaw_in(document, ("questions", index, given[1]), message, "Keep one of them."))
        for key in given:
            name = question[key]
            if key != "options" and shared is not None and isinstance(name, str) and name not in shared:
                known = ", ".join(sorted(shared))
                message = f"There is no shared list of options named {name}."
                flaws.append(flaw_in(document, ("questions", index, key), message, f"Use one of: {known}."))
    return flaws


def _with_options(document: Document, shared: Mapping[str, list[Any]] | None) -> Document:
    """The same file with shared options written into its questions."""
    if not isinstance(document.data, dict):
        return document
    questions = []
    for question in _questions(document):
        name = (question.get("answers") or question.get("list")) if isinstance(question, dict) else None
        options = (shared or {}).get(name, STAND_INS) if isinstance(name, str) else None
        questions.append(question if options is None else {**question, "options": options})
    return Document(document.path, {**document.data, "questions": questions}, document.lines)
