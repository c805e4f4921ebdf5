"""Scoring with a compiled questionnaire against parsing the same answers from JSON, over all full example companies."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from assessment.content import folders
from assessment.content.library import load_library
from assessment.core.checks.answers import Answers, to_json
from assessment.core.checks.route import Depth
from assessment.core.checks.scoring import score
from assessment.storage.checks.drafts import Document, Draft, StoredEntry, read_document, write_document
from tests.bench.measuring import Line, by_cpu, paired

RATIO = 1
ROUNDS, TIMES = 31, 20
_NOW = datetime(2026, 11, 24, tzinfo=UTC)


def lines() -> Iterator[Line]:
    """Route and score, against reading the answers; and against the JSON parser alone, to be read."""
    library = load_library([folders.QUESTIONNAIRES], folders.CATALOGUE, None)
    routes = library.edition(*library.newest, "en").routes
    examples = list(library.examples().values())
    texts = [write_document(_document(example.answers)) for example in examples]
    answered: list[tuple[Answers, Depth]] = [(example.answers, example.sheet.depth) for example in examples]

    def scored() -> None:
        for answers, depth in answered:
            route = routes.of(answers, depth)
            score(route, answers)

    def parsed() -> None:
        for text in texts:
            _ = _draft(read_document(text)).answers

    def loaded() -> None:
        for text in texts:
            json.loads(text)

    goal = f"Scoring {len(texts)} assessments: CPU / "
    yield by_cpu(f"{goal}parsing their answers", paired(scored, parsed, rounds=ROUNDS, times=TIMES), RATIO)
    yield by_cpu(f"{goal}json.loads alone", paired(scored, loaded, rounds=ROUNDS, times=TIMES), None)


def _document(answers: Answers) -> Document:
    """Answers as their column holds them after one save."""
    entries: dict[str, StoredEntry] = {
        question: {"v": to_json(value), "r": 1, "at": _NOW.isoformat()} for question, value in answers.items()
    }
    return entries


def _draft(document: Document) -> Draft:
    return Draft("", "", "", "full", "en", "", _NOW, _NOW, _NOW, None, None, "", 1, document)
