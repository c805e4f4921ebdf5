"""Measuring: paired rounds by CPU time, Python call counts, and the lines of the table.

Wall time on a shared machine says little, so a goal is a ratio: what is measured and its reference take turns in one
process, and the median of the rounds' ratios counts. Garbage is collected as in production.
"""

import cProfile
import gc
import pstats
import statistics
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

Work = Callable[[], object]
Clock = Callable[[], float]
"""CPU seconds so far: of this process, or of others with it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One goal with what was found. Without a limit the line is there to be read, and is always met."""

    goal: str
    measured: str
    reference: str
    figure: float
    limit: float | None

    @property
    def met(self) -> bool:
        """Whether the figure keeps within the limit."""
        return self.limit is None or self.figure <= self.limit


@dataclass(frozen=True, slots=True)
class Pair:
    """Median CPU seconds of one run of each side, and the median of the rounds' ratios."""

    measured: float
    reference: float
    ratio: float


def cpu(work: Work, times: int, clock: Clock = time.process_time) -> float:
    """CPU seconds of one run, averaged over some."""
    start = clock()
    for _ in range(times):
        work()
    return (clock() - start) / times


def with_processes(pids: Collection[int]) -> Clock:
    """The CPU of this process and of others, such as those in which a database server works for it (Linux)."""
    running = [Path(f"/proc/{pid}/schedstat") for pid in pids]
    # The first number is the time on a processor in nanoseconds; `stat` counts in hundredths of a second.
    return lambda: time.process_time() + sum(int(path.read_text().split()[0]) for path in running) / 1e9


def paired(
    measured: Work, reference: Work, *, rounds: int, times: int, reference_times: int | None = None,
    clock: Clock = time.process_time, reference_clock: Clock | None = None,
) -> Pair:  # fmt: skip
    """Both sides by turns; a quick reference may run more often in each round."""
    other = reference_clock or clock
    measured()
    reference()
    found = []
    for turn in range(rounds):
        gc.collect()
        # Who goes first changes, so that neither always finds the caches of the other.
        if turn % 2:
            here, there = cpu(measured, times, clock), cpu(reference, reference_times or times, other)
        else:
            there, here = cpu(reference, reference_times or times, other), cpu(measured, times, clock)
        found.append((here, there))
    return Pair(
        statistics.median(here for here, _ in found),
        statistics.median(there for _, there in found),
        statistics.median(here / there for here, there in found),
    )


def calls(work: Work) -> int:
    """Python calls of one run, the built-in functions included."""
    work()
    profile = cProfile.Profile()
    profile.runcall(work)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def by_cpu(goal: str, pair: Pair, limit: float | None) -> Line:
    """A line that compares CPU."""
    return Line(goal, shown(pair.measured), shown(pair.reference), pair.ratio, limit)


def by_calls(goal: str, count: float, limit: float | None) -> Line:
    """A line that counts Python calls."""
    return Line(goal, f"{count:,.0f} calls", "", count, limit)


def shown(seconds: float) -> str:
    """A duration with a fitting unit."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.1f} us"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"
