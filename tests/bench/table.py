"""One line per goal: what was measured, what it is held against, and whether the limit is kept."""

import cProfile
import pstats
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`measured` and `reference` are in `unit`; `limit` is the highest ratio, or value where nothing is referred to."""

    goal: str
    measured: float
    unit: str
    limit: float
    reference: float | None = None

    @property
    def value(self) -> float:
        """What the limit is held against."""
        return self.measured / self.reference if self.reference else self.measured

    @property
    def met(self) -> bool:
        """Whether the limit is kept."""
        return self.value <= self.limit


def printed(lines: Sequence[Line]) -> str:
    """The table as text."""
    head = f"{'goal':<58}{'measured':>12}{'reference':>12}{'ratio':>8}{'limit':>10}  met\n"
    rows = "".join(
        f"{line.goal:<58}{line.measured:>12,.3g}{line.reference or 0:>12,.3g}"
        f"{line.value if line.reference else 0:>8.2f}{line.limit:>10,.6g}  "
        f"{'yes' if line.met else 'NO'}  ({line.unit})\n"
        for line in lines
    )
    return head + rows


def paired(
    act: Callable[[], object], reference: Callable[[], object], rounds: int = 15, each: int = 20
) -> tuple[float, float]:
    """Median CPU milliseconds of one call of each, in alternating rounds of one process."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for kept, call in zip(times, (act, reference), strict=True):
            start = time.process_time()
            for _ in range(each):
                call()
            kept.append((time.process_time() - start) * 1000 / each)
    return statistics.median(times[0]), statistics.median(times[1])


def calls_of(act: Callable[[], object]) -> int:
    """Python and C function calls of one call, after a first one that fills caches."""
    act()
    profile = cProfile.Profile()
    profile.runcall(act)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]
