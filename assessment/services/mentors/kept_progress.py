"""How far checks are, kept in this process by check and change: two numbers each, and nothing of what was said."""

import threading
from datetime import datetime
from typing import Final

MOST: Final = 5000

Progress = tuple[int, int]
"""How many questions have an answer, and how many apply."""
Key = tuple[str, int, datetime]
"""A check, how often it was saved, and when it was last changed."""


class KeptProgress:
    """The progress of checks as of one change each, the oldest first; at most `MOST`."""

    def __init__(self) -> None:
        self._kept: dict[Key, Progress] = {}
        self._lock = threading.Lock()

    def get(self, key: Key) -> Progress | None:
        """The progress of a check as of that change, if it is kept."""
        return self._kept.get(key)

    def keep(self, key: Key, progress: Progress) -> None:
        """Keep it until it is among the oldest."""
        with self._lock:
            while len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = progress
