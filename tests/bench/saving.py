"""Eight connections that save at once, each its own draft, through a real server on SQLite in both journal modes."""

import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from assessment.config import Settings
from assessment.services.instance import Instance
from assessment.storage import migrating
from assessment.storage.database import Database
from assessment.storage.sqlite import Journal, chosen_journal
from tests.bench.measuring import Line, shown
from tests.bench.served import open_instance
from tests.bench.server import AS_DEMO, SYNC, ask, csrf_in, running
from tests.bench.site import LARGEST, filled_draft, settings_in

CONNECTIONS = 8
SECONDS, WARM_UP = 6.0, 1.0
TAIL = 5
_SECTION, _PAGE, _OPTIONS = "man", "man-01", 2


@dataclass
class Writer:
    """One person who saves again and again."""

    path: str
    session: str
    csrf: str
    options: tuple[str, ...]
    revision: int
    stands: str
    seconds: list[float] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)

    async def work(self, port: int, begin: float, until: float) -> None:
        """Save until the time is up; every save changes the answer."""
        while time.monotonic() < until:
            said = self.options[self.stands == self.options[0]]
            form = {
                "csrf_token": self.csrf, "idempotency_key": secrets.token_urlsafe(12), "action": "continue",
                _PAGE: said, f"{_PAGE}.note": "", f"{_PAGE}.reason": "", f"{_PAGE}.revision": str(self.revision),
            }  # fmt: skip
            start = time.perf_counter()
            status = (await ask(port, self.path, self.session, form))[0]
            took = time.perf_counter() - start
            if status != 303:
                self.errors.append(status)
                return
            self.revision, self.stands = self.revision + 1, said
            if time.monotonic() > begin:
                self.seconds.append(took)


def lines() -> Iterator[Line]:
    """Errors and tail in the mode that is picked here, and in the other."""
    picked = chosen_journal(trusted=False)
    other: Journal = next(mode for mode in get_args(Journal) if mode != picked)
    for journal, which in ((picked, "picked here"), (other, "the other")):
        for arrangement, how in ((SYNC, "2 processes"), (AS_DEMO, "as the demo runs")):
            with tempfile.TemporaryDirectory() as folder:
                writers = _saved_at_once(Path(folder), journal, arrangement)
            yield from _lines_of(writers, f"8 saving at once, {journal} ({which}), {how}")


def _lines_of(writers: list[Writer], goal: str) -> Iterator[Line]:
    errors = [status for writer in writers for status in writer.errors]
    times = sorted(seconds for writer in writers for seconds in writer.seconds)
    yield Line(f"{goal}: errors", f"{len(errors)} of {len(times):,}", "", len(errors), 0)
    middle, tail = statistics.median(times), times[int(len(times) * 0.99)]
    yield Line(f"{goal}: p99 / p50", shown(tail), shown(middle), tail / middle, TAIL)


def _saved_at_once(folder: Path, journal: Journal, arrangement: tuple[str, ...]) -> list[Writer]:
    environment = {**settings_in(folder), "DATABASE_URL": f"sqlite:///{folder / 'saving.sqlite3'}"}
    instance = _instance(environment, journal)
    sessions = [secrets.token_urlsafe(32) for _ in range(CONNECTIONS)]
    example = instance.library.examples()[LARGEST]
    opened = [filled_draft(instance, session, example) for session in sessions]
    with running(environment, journal, arrangement) as port:
        return asyncio.run(_work(port, sessions, [draft.draft.id for draft in opened], instance))


def _instance(environment: dict[str, str], journal: Journal) -> Instance:
    Settings.from_env(environment)
    database = Database(environment["DATABASE_URL"], journal=journal)
    migrating.upgrade(database)
    database.close()
    return open_instance(environment, journal)


async def _work(port: int, sessions: list[str], drafts: list[str], instance: Instance) -> list[Writer]:
    name, version = instance.library.newest
    question = instance.library.edition(name, version, "en").questionnaire.questions[_PAGE]
    options = tuple(option.id for option in question.options[:_OPTIONS])  # type: ignore[union-attr]
    writers = []
    for session, draft in zip(sessions, drafts, strict=True):
        page = await ask(port, f"/assessments/{draft}", session)
        path = f"/assessments/{draft}/sections/{_SECTION}/{_PAGE}"
        writers.append(Writer(path, session, csrf_in(page[2]), options, 1, ""))
    begin = time.monotonic() + WARM_UP
    await asyncio.gather(*(writer.work(port, begin, begin + SECONDS) for writer in writers))
    return writers
