"""Published versions are frozen: their digests stand in `published.txt`, one line each, and must stay true.

The digest covers what decides questions, points and advice. Translations (`texts.*.yaml`), `CHANGES.md` and the
examples stay open: they change words or check the engine, never a score.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessment.content.checks.questionnaires import versions_in
from assessment.core.errors import Flaw, InvalidContent

LIST = "published.txt"


def digest_of(version: Path) -> str:
    """The digest of a version's folder."""
    digest = hashlib.sha256()
    for path in sorted([*version.glob("*.yaml"), *version.glob("sections/*.yaml")]):
        if not path.name.startswith("texts."):
            digest.update(f"{path.relative_to(version).as_posix()}\n".encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return f"sha256:{digest.hexdigest()}"


@dataclass(frozen=True)
class Published:
    """One line of the list: the digest that a version must have."""

    digest: str
    line: int


def published_in(root: Path) -> dict[str, Published]:
    """The versions noted as published, as `name/version`.

    Raises InvalidContent for lines that cannot be understood.
    """
    path = root / LIST
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    flaws: list[Flaw] = []
    found: dict[str, Published] = {}
    for number, line in enumerate(lines, start=1):
        parts = line.split()
        if not parts or line.startswith("#"):
            continue
        if len(parts) != 2 or not parts[1].startswith("sha256:"):
            cure = "Write `name/version sha256:...`; `assessment publish` does it."
            flaws.append(Flaw(str(path), number, parts[0], "This line does not name a version and its digest.", cure))
        elif parts[0] in found:
            message = f"This version stands here twice, first in line {found[parts[0]].line}."
            flaws.append(Flaw(str(path), number, parts[0], message, "Keep the line that is true."))
        else:
            found[parts[0]] = Published(parts[1], number)
    if flaws:
        raise InvalidContent(flaws)
    return found


def is_published(version: Path) -> bool:
    """Whether a version's folder is noted as published, and so may not change."""
    try:
        return f"{version.parent.name}/{version.name}" in published_in(version.parent.parent)
    except InvalidContent:
        # What is wrong with the list is told by `frozen_flaws`.
        return False


def frozen_flaws(roots: Sequence[Path]) -> Iterator[Flaw]:
    """Every published version that was changed or has gone."""
    for root in roots:
        try:
            published = published_in(root)
        except InvalidContent as invalid:
            yield from invalid.flaws
            continue
        present = _present(root)
        for name, noted in published.items():
            folder = present.get(name)
            if folder is None:
                cure = "Put the folder back: answers point to it."
                yield Flaw(str(root / LIST), noted.line, name, "This published version is not there.", cure)
            elif digest_of(folder) != noted.digest:
                message = f"The folder {folder} was changed after it was published."
                cure = "Undo the change, and make it in a new version: published ones never change."
                yield Flaw(str(root / LIST), noted.line, name, message, cure)


def publish(root: Path, name: str) -> str:
    """Note the digest of a version; returns it.

    Raises InvalidContent where there is no such version or it is published already.
    """
    present, path = _present(root), root / LIST
    flaw = ""
    if name not in present:
        flaw = "There is no such version."
    elif name in published_in(root):
        flaw = "This version is published already."
    if flaw:
        known = ", ".join(present) or "none"
        raise InvalidContent([Flaw(str(path), 1, name, flaw, f"Versions here: {known}.")])
    digest = digest_of(present[name])
    before = path.read_text("utf-8") if path.exists() else ""
    ended = before if not before or before.endswith("\n") else f"{before}\n"
    path.write_text(f"{ended}{name} {digest}\n", encoding="utf-8")
    return digest


def _present(root: Path) -> dict[str, Path]:
    return {f"{folder.parent.name}/{folder.name}": folder for folder in versions_in(root)}
