"""Plans kept ready in this process, so that a tick in the what-if panel need not reckon the whole plan anew.

What is kept is figures and answers, and no name, note or address. An entry is found by its draft and everything that it
was made from, and whoever asks has been let into that draft by the database before. It is forgotten at once where the
draft is erased in this process, and after ten minutes in any other, whether or not anybody asks again.
"""

import threading
import time
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Final

from assessment.core.lifted import LiftedScore
from assessment.core.savings import Calculator, Totals

MOST: Final = 64
"""About 300 kB each."""

SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a selection of measures comes to; `score` is the headline as it would be, None below the coverage needed."""

    chosen: tuple[str, ...]
    totals: Totals
    score: int | None
    score_now: int | None
    budget: float | None
    """What the company may spend in one year; None where it named nothing."""


@dataclass(frozen=True, slots=True)
class ReadyPlan:
    """The measures of a company, ready for any selection of them."""

    measures: Calculator
    score: LiftedScore
    budget: float | None

    def what_if(self, names: Collection[str]) -> WhatIf:
        """The totals of a selection; names that are no measures of this company are passed over."""
        asked = set(names)
        chosen = tuple([name for name in self.measures.items if name in asked])
        totals, score = self.measures.together(chosen), self.score
        return WhatIf(chosen, totals, score.headline(chosen), score.now, self.budget)


@dataclass(frozen=True, slots=True)
class _Kept:
    state: Hashable
    until: float
    plan: ReadyPlan


class KeptPlans:
    """The plans kept, the oldest first; at most `MOST`."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._lock = threading.Lock()
        self._waiting = False
        self._times_forgotten = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, draft_id: str, language: str, state: Hashable, make: Callable[[], ReadyPlan]) -> ReadyPlan:
        """The plan of a draft as it stands in this state, made where it is not kept."""
        found = self._kept.get((draft_id, language))
        if found is not None and found.state == state and found.until > time.monotonic():
            return found.plan
        before = self._times_forgotten
        plan = make()
        with self._lock:
            # What was erased while it was being made is not kept either.
            if self._times_forgotten == before:
                self._put((draft_id, language), _Kept(state, time.monotonic() + self._seconds, plan))
        return plan

    def forget(self, draft_id: str) -> None:
        """Keep nothing of a draft any more."""
        with self._lock:
            self._times_forgotten += 1
            for key in [key for key in self._kept if key[0] == draft_id]:
                del self._kept[key]

    def _put(self, key: tuple[str, str], kept: _Kept) -> None:
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
