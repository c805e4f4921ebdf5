"""Published versions are frozen: their digests stand in `published.txt`, one line each, and must stay true.

The digest covers what decides questions, points and advice. Translations (`texts.*.yaml`), `CHANGES.md` and the
examples stay open: they change words or check the engine, never a score.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from assessment.content.questionnaires import versions_in
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


def published_in(root: Path) -> dict[str, str]:
    """The noted digest of each published version, as `name/version`."""
    path = root / LIST
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return dict(line.split() for line in lines if line.strip() and not line.startswith("#"))


def check_frozen(roots: Sequence[Path]) -> None:
    """Raise InvalidContent for every published version that was changed or has gone."""
    flaws = []
    for root in roots:
        present = {f"{folder.parent.name}/{folder.name}": folder for folder in versions_in(root)}
        for number, (name, noted) in enumerate(published_in(root).items(), start=1):
            folder = present.get(name)
            if folder is None:
                cure = "Put the folder back: answers point to it."
                flaws.append(Flaw(str(root / LIST), number, name, "This published version is not there.", cure))
            elif digest_of(folder) != noted:
                cure = "Undo the change, and make it in a new version: published ones never change."
                flaws.append(Flaw(str(folder), 1, name, "This published version was changed.", cure))
    if flaws:
        raise InvalidContent(flaws)


def publish(root: Path, name: str) -> str:
    """Note the digest of a version; returns it.

    Raises InvalidContent where there is no such version or it is published already.
    """
    present = {f"{folder.parent.name}/{folder.name}": folder for folder in versions_in(root)}
    flaw = ""
    if name not in present:
        flaw = "There is no such version."
    elif name in published_in(root):
        flaw = "This version is published already."
    if flaw:
        known = ", ".join(present) or "none"
        raise InvalidContent([Flaw(str(root / LIST), 1, name, flaw, f"Versions here: {known}.")])
    digest = digest_of(present[name])
    with (root / LIST).open("a", encoding="utf-8") as file:
        file.write(f"{name} {digest}\n")
    return digest
