"""The list of what was erased or taken back, kept apart from the database: a restored backup is held against it.

It holds digests under a key, so it names nobody; and it is never shortened, because nobody knows how old the backup is
that somebody will bring back. What was ended can begin again: then a later line says so, and of two lines about one
thing the later one counts. What a restored database has to do with it is `storage/upkeep/replaying.py`.
"""

import hmac
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from assessment.storage.columns import iso

FILE: Final = "erased.txt"
"""Its name in the data folder."""

Kind = Literal[
    "member", "owner", "manager", "restricted", "deleted company", "deleted account", "switched off", "role",
    "password", "password alone", "app", "recovery code", "address", "way back", "browser", "compared", "reminders",
    "interview", "exchange", "talk", "joint",
]  # fmt: skip
"""What can be ended besides rows that are named by their id alone."""


def entry(kind: Kind, *ids: str) -> str:
    """How something that ended stands on the list."""
    return ":".join((kind, *ids))


@dataclass(frozen=True)
class Listed:
    """What stood on the list at one moment: the line of each digest, and when it was written."""

    lines: Mapping[str, tuple[int, datetime]]
    key: bytes

    def since(self, what: str) -> datetime | None:
        """Since when something is over; None where it is not on the list, or began again after that."""
        ended, again = (self.lines.get(digest(self.key, one)) for one in (what, _again(what)))
        return ended[1] if ended is not None and (again is None or again[0] < ended[0]) else None

    def began(self, what: str) -> bool:
        """Whether it is written that something begins, and nowhere later that it is over."""
        return digest(self.key, _again(what)) in self.lines and self.since(what) is None

    def among(self, these: Iterable[str]) -> list[str]:
        """Those of these that are over."""
        return [one for one in list(these) if self.since(one) is not None]


class ErasureList:
    """The list of one instance."""

    def __init__(self, data_dir: Path, key: bytes) -> None:
        self._path = data_dir / FILE
        self._key = key

    def add(self, ended: Iterable[str], now: datetime) -> None:
        """Put down what is being erased, before that is committed: rather one entry too many than one too few."""
        lines = [f"{iso(now)} {digest(self._key, gone)}\n" for gone in ended]
        if not lines:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(descriptor)

    def begin_again(self, what: str, now: datetime) -> None:
        """Put down that something begins again that had ended; what never had needs no line."""
        if self.read().since(what) is not None:
            self.begin(what, now)

    def begin(self, what: str, now: datetime) -> None:
        """Put down that something begins, where that must be found again."""
        self.add([_again(what)], now)

    def among(self, these: Iterable[str]) -> list[str]:
        """Those of these that are over."""
        return self.read().among(these)

    def read(self) -> Listed:
        """What stands on it now."""
        if not self._path.exists():
            return Listed({}, self._key)
        found: dict[str, tuple[int, datetime]] = {}
        for number, line in enumerate(self._path.read_text("utf-8").splitlines()):
            if line:
                at, digested = line.split()
                found[digested] = (number, datetime.fromisoformat(at))
        return Listed(found, self._key)


def digest(key: bytes, what: str) -> str:
    """What is kept of an entry."""
    return hmac.new(key, what.encode(), "sha256").hexdigest()


def _again(what: str) -> str:
    return f"again:{what}"
