"""What is kept in this process for a short while, so that asking again costs little.

Each thing is kept about something (a check, a person), in a variant (a language, an address), with the state that it
was made from, and is used only while that state is the same. Whoever asks has been let in by the database before. It is
forgotten at once where what it is about is erased in this process, and after ten minutes in any other, whether or not
anybody asks again.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

V = TypeVar("V")

MOST: Final = 64
SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class _One(Generic[V]):
    state: object
    until: float
    value: V


class Kept(Generic[V]):
    """What is kept, the oldest first; at most `MOST`."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[str, str], _One[V]] = {}
        self._lock = threading.Lock()
        self._waiting = False
        self._times_forgotten = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, about: str, variant: str, state: object, make: Callable[[], V]) -> V:
        """What belongs to something in this variant and state, made where it is not kept."""
        found = self._kept.get((about, variant))
        if found is not None and found.state == state and found.until > time.monotonic():
            return found.value
        before = self._times_forgotten
        value = make()
        with self._lock:
            # What was erased while it was being made is not kept either.
            if self._times_forgotten == before:
                self._put((about, variant), _One(state, time.monotonic() + self._seconds, value))
        return value

    def forget(self, about: str) -> None:
        """Keep nothing of it any more."""
        with self._lock:
            self._times_forgotten += 1
            for key in [key for key in self._kept if key[0] == about]:
                del self._kept[key]

    def _put(self, key: tuple[str, str], kept: _One[V]) -> None:
        self._kept.pop(key, None)
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = kept
        self._wait()

    def _wait(self) -> None:
        """Look again when the oldest has had its time."""
        if self._waiting or not self._kept:
            return
        oldest = next(iter(self._kept.values()))
        timer = threading.Timer(max(oldest.until - time.monotonic(), 0.0), self._drop_old)
        timer.daemon = self._waiting = True
        timer.start()

    def _drop_old(self) -> None:
        with self._lock:
            self._waiting = False
            now = time.monotonic()
            for key in [key for key, kept in self._kept.items() if kept.until <= now]:
                del self._kept[key]
            self._wait()
