"""The small sound questionnaire of the tests, and copies of it in which files are replaced by broken ones.

A broken file says on its own lines what must be found there: `# <- path | message | cure`, several parted by ` && `.
"""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assessment.content.folders import CATALOGUE
from assessment.content.resources.catalogue import load_catalogue
from assessment.core.errors import Flaw
from assessment.core.resources.catalogue import Catalogue

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "questionnaires"
SOUND = FIXTURES / "tiny" / "1"
BROKEN = FIXTURES / "broken"
BREAKS = tuple(sorted(path.name for path in BROKEN.iterdir()))

_MARK = "# <- "


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue that ships; its measures are those that the small questionnaire advises."""
    return load_catalogue(CATALOGUE)


def copied(root: Path, *breaks: str) -> Path:
    """A copy of the sound version under a root, some of its files replaced by the files of these breaks."""
    version = root / "tiny" / "1"
    shutil.copytree(SOUND, version)
    for name in breaks:
        shutil.copytree(BROKEN / name / "1", version, dirs_exist_ok=True)
    return version


def marked(version: Path) -> list[Flaw]:
    """The flaws that the files of a version say they have."""
    return sorted(
        (flaw for path in version.rglob("*.yaml") for flaw in _marked_in(path)), key=lambda flaw: (flaw.file, flaw.line)
    )


def _marked_in(path: Path) -> Iterator[Flaw]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if _MARK in line:
            for mark in line.split(_MARK)[1].split(" && "):
                place, message, cure = mark.split(" | ")
                yield Flaw(str(path), number, place, message, cure)


def replaced(path: Path, old: str, new: str) -> None:
    """Change one place of a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
