"""Release files: their canonical form, signing and reading, with a clear reason for each that is refused.

What is signed is the file without its signature as JSON with sorted keys, no spaces and UTF-8, so line breaks and the
order of keys may change on the way and nothing else. Numbers are written as Python writes them, which tells each
apart. The key that a file is checked with lies in the file: the check says that it is whole, and its fingerprint, held
against the one that the other cluster tells, says whose it is.
"""

import hashlib
import importlib
import json
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from pydantic import ValidationError

from assessment.core.aggregates.release_file import FORMAT_NAME, SCHEMA_VERSION, ReleaseFile, Signature
from assessment.core.aggregates.snapshots import Snapshot, Table
from assessment.core.errors import Refused

LARGEST: Final = 512 * 1024
"""In bytes. A release of 25 sectors, 300 regions and 100 questions takes a quarter of it."""

MOST_ROWS: Final = 1000
_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Verified:
    """A file that is whole; `signer` is the fingerprint of the key that it was signed with, in hexadecimal."""

    file: ReleaseFile
    signer: str


def signed(file: ReleaseFile, secret: str) -> bytes:
    """The file with a signature by the key that follows from an instance's secret, as it is handed out."""
    signing, plain = _signing(), _document(file)
    value = {"algorithm": "Ed25519", "public_key": signing.public_key_of(secret)}
    return written({**plain, "signature": {**value, "value": signing.sign(secret, _canonical(plain))}})


def signer_of(secret: str) -> str:
    """The fingerprint of the key that an instance signs with."""
    return fingerprint(_signing().public_key_of(secret))


def _signing() -> Any:
    return importlib.import_module("assessment.content.aggregates.release_signing")


def fingerprint(public_key: str) -> str:
    """The SHA-256 of a public key, both in hexadecimal."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()


def in_groups(signer: str) -> str:
    """The first half of a fingerprint in groups of four, as people compare it: 128 bits, which nobody can hit."""
    half = signer[: len(signer) // 2].upper()
    return " ".join(half[at : at + _GROUP] for at in range(0, len(half), _GROUP))


def without_origin(snapshot: Snapshot) -> Snapshot:
    """The snapshot with a digest for the key of its population: two of one cluster are told, the cluster is not."""
    digest = hashlib.sha256(b"population:" + snapshot.population.encode()).hexdigest()
    return snapshot.model_copy(update={"population": digest[:32]})


def written(document: dict[str, Any]) -> bytes:
    """A document as files hold it: each part and each table on a line of its own."""
    parts = []
    for name, value in document.items():
        lines = value if isinstance(value, list) else []
        inner = ",\n  ".join(json.dumps(line, ensure_ascii=False) for line in lines)
        said = f"[\n  {inner}\n ]" if lines else json.dumps(value, ensure_ascii=False)
        parts.append(f" {json.dumps(name)}: {said}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _document(file: ReleaseFile) -> dict[str, Any]:
    return file.model_dump(mode="json", exclude={"signature"})


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def read(content: bytes) -> Verified:
    """The file, if it is whole and signed with the key that it names.

    Raises Refused: `empty`, `too-large`, `not-json`, `cut-off` (its end is missing), `no-release` (JSON of another
    kind), `newer` (made by a newer version), `unsigned`, `altered` (signature and content do not belong together),
    `broken` (rightly signed, but not of the form that is published).
    """
    document = _parsed(content)
    if not isinstance(document, dict) or document.get("format") != FORMAT_NAME:
        raise Refused("no-release")
    version = document.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise Refused("newer")
    signature = document.pop("signature", None)
    if signature is None:
        raise Refused("unsigned")
    signer = _checked(document, signature)
    try:
        file = ReleaseFile.model_validate_json(_canonical({**document, "signature": signature}))
    except ValidationError:
        raise Refused("broken") from None
    if not all(map(_is_plausible, file.snapshot.tables)):
        raise Refused("broken")
    return Verified(file, signer)


def _parsed(content: bytes) -> Any:
    if not content.strip():
        raise Refused("empty")
    if len(content) > LARGEST:
        raise Refused("too-large")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise Refused("cut-off" if error.reason == "unexpected end of data" else "not-json") from None
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_unrepeated)
    except json.JSONDecodeError as error:
        # JSON that begins rightly and stops was cut off on the way; the two want different things done.
        stops = text.startswith("{") and (not text.endswith("}") or error.pos >= len(text))
        raise Refused("cut-off" if stops else "not-json") from None
    except (ValueError, RecursionError):
        raise Refused("not-json") from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _checked(document: dict[str, Any], given: object) -> str:
    """The fingerprint of the key whose signature the document carries. Raises Refused("altered")."""
    try:
        signature = Signature.model_validate(given)
        whole = _signing().verifies(signature.public_key, signature.value, _canonical(document))
    except (ValueError, RecursionError):
        whole = False
    if not whole:
        raise Refused("altered")
    return fingerprint(signature.public_key)


def _is_plausible(table: Table) -> bool:
    """Whether points are points, per cents are per cents and counts are counts."""
    if len(table.rows) > MOST_ROWS:
        return False
    for at, column in enumerate(table.columns):
        figures = [figure for row in table.rows if (figure := row.figures[at]) is not None]
        low, high = _RANGES.get("difference" if column.rule == "difference" else column.unit, (-1e15, 1e15))
        if not all(low <= figure <= high for figure in figures):
            return False
    return True


_RANGES: Final = {
    "points": (0, 100), "per cent": (0, 100), "companies": (0, 1_000_000), "difference": (-100, 100),
}  # fmt: skip
