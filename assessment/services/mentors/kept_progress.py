"""How far checks are, kept in this process by check, save and depth: two numbers each, and nothing of what was said."""

import threading
from typing import Final

MOST: Final = 5000

Progress = tuple[int, int]
"""How many questions have an answer, and how many apply."""
Key = tuple[str, int, str]


class KeptProgress:
    """The progress of checks as of one save each, the oldest first; at most `MOST`."""

    def __init__(self) -> None:
        self._kept: dict[Key, Progress] = {}
        self._lock = threading.Lock()

    def get(self, key: Key) -> Progress | None:
        """The progress of a check after that many saves, if it is kept."""
        return self._kept.get(key)

    def keep(self, key: Key, progress: Progress) -> None:
        """Keep it until it is among the oldest."""
        with self._lock:
            while len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = progress
