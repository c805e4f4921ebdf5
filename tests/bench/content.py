"""Scoring against parsing, the load of all content, and how soon a web worker is ready."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from assessment.content import folders
from assessment.content.library import load_library
from assessment.core import answers as core_answers
from assessment.core.scoring import score
from tests.bench.table import Line, paired

READY = """
import time, resource
{body}
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""


def measure(folder: Path) -> list[Line]:
    """The lines of this subject."""
    start = time.process_time()
    library = load_library([folders.QUESTIONNAIRES], folders.CATALOGUE, None)
    plain = time.process_time() - start
    name, version = library.newest
    edition = library.edition(name, version, "en")
    example = library.examples()["machine-builder-it"]
    text = core_answers.dumps(example.answers)
    scored, parsed = paired(
        lambda: score(edition.routes.of(example.answers), example.answers), lambda: core_answers.loads(text), each=200
    )
    _, bare = paired(lambda: None, lambda: json.loads(text), each=200)
    settings = {**os.environ, "ASSESSMENT_MODE": "demo", "ASSESSMENT_DATA": str(folder), "ASSESSMENT_JOBS": "inline"}
    create = "from assessment.app import create_app\nimport os\ncreate_app()"
    _seconds(create, settings)
    ready = min(_seconds(create, settings) for _ in range(3))
    imports = min(_seconds("import flask, sqlalchemy", settings) for _ in range(3))
    return [
        Line("scoring one check / parsing its answers from JSON", scored, "ms CPU", 1, parsed),
        Line("  the same against json.loads alone (no limit)", scored, "ms CPU", 1000, bare),
        Line("loading all content, nothing kept", plain, "s CPU", 1),
        Line("a web worker ready / importing Flask and SQLAlchemy", ready, "s CPU", 3, imports),
    ]


def _seconds(body: str, environment: dict[str, str]) -> float:
    done = subprocess.run(
        [sys.executable, "-c", READY.format(body=body)], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout.strip().splitlines()[-1])
