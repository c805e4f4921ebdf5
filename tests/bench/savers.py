"""Eight connections saving at once on SQLite, in the journal mode that is chosen here and in the other one."""

import multiprocessing
import statistics
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from assessment.core.answers import Remark
from assessment.storage import assessments, migrating, sqlite
from assessment.storage.assessments import Change
from assessment.storage.database import Database
from tests.bench.table import Line

PROCESSES, THREADS, SECONDS = 2, 4, 5.0
TIMES_MEDIAN = 5


def measure(folder: Path) -> list[Line]:
    """The lines of this subject."""
    chosen = sqlite.chosen_journal(False)
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for journal in (chosen, "delete" if chosen == "wal" else "wal"):
        times, errors = _run(folder / f"{journal}.sqlite3", journal)
        ranked = sorted(times)
        p50, p99 = statistics.median(ranked), ranked[int(len(ranked) * 0.99)]
        mode = f"{journal}{', chosen here' if journal == chosen else ''}"
        lines.append(Line(f"8 savers ({mode}): p99 / p50 of {len(ranked):,} saves", p99, "ms", TIMES_MEDIAN, p50))
        lines.append(Line(f"8 savers ({mode}): errors", errors, "errors", 0))
    return lines


def _run(path: Path, journal: sqlite.Journal) -> tuple[list[float], int]:
    database = Database(f"sqlite:///{path}", journal=journal)
    migrating.upgrade(database)
    database.close()
    # Started afresh, not forked: each process opens the file as a web worker does.
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.queues.Queue[tuple[list[float], int]] = context.Queue()
    workers = [context.Process(target=_process, args=(str(path), journal, results)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    gathered = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    return [spent for times, _ in gathered for spent in times], sum(errors for _, errors in gathered)


def _process(path: str, journal: sqlite.Journal, results: "multiprocessing.Queue[tuple[list[float], int]]") -> None:
    database = Database(f"sqlite:///{path}", journal=journal)
    times: list[float] = []
    errors: list[Exception] = []
    savers = [threading.Thread(target=_saver, args=(database, times, errors)) for _ in range(THREADS)]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()
    database.close()
    results.put((times, len(errors)))


def _saver(database: Database, times: list[float], errors: list[Exception]) -> None:
    with database.writing() as connection:
        draft = assessments.create(connection, questionnaire="q", version="1", depth="full", language="en", now=_now())
    until, number = time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        number += 1
        change = Change("ene-03", "monthly", Remark(note=f"note {number}"), draft.revisions.get("ene-03", 0))
        start = time.perf_counter()
        try:
            with database.writing() as connection:
                draft = assessments.save_answers(connection, draft, [change], _now()).draft
        except Exception as error:
            errors.append(error)
        times.append((time.perf_counter() - start) * 1000)


def _now() -> datetime:
    return datetime.now(UTC)
