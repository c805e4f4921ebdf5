"""The question page: looking at it and saving it, against a bare view that answers with the same bytes."""

import asyncio
import secrets
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import get_args

from assessment.core.checks.questionnaire import Page
from assessment.core.checks.questions import Choice
from assessment.storage.sqlite import BEGIN_WRITE, Journal, chosen_journal, driver, settle
from tests.bench.measuring import Line, Pair, by_calls, by_cpu, calls, paired
from tests.bench.served import BARE_PATH, CPU_PATH, keep
from tests.bench.server import ask, running
from tests.bench.site import Site, bare_view, browsed, called, environ_of, settings_in

GET_RATIO, POST_RATIO = 7, 6
GET_CALLS, POST_CALLS = 8_000, 2_500
MOST_QUESTIONS = 5
ROUNDS, TIMES = 21, 25
_TYPICAL = ("man", "man-01")
_LED_ON = {"Location": "/", "Content-Type": "text/html; charset=utf-8"}
_SAVED_BYTES = 10_000
"""About what a finished check's answers are."""


def lines() -> Iterator[Line]:
    """GET and POST of the largest page of several questions, and of a typical single question.

    A save is measured in both journal modes, since what a durable transaction costs by itself differs as much.
    """
    picked = chosen_journal(trusted=False)
    for journal in sorted(get_args(Journal), key=picked.__ne__):
        with tempfile.TemporaryDirectory() as folder:
            site = Site(settings_in(Path(folder)), journal)
            how = f"{journal}, {'picked here' if journal == picked else 'the other'}"
            for name, (section, page) in {"largest page": _largest(site), "single question": _TYPICAL}.items():
                if journal == picked:
                    yield from _looking(site, name, section, page)
                yield from _saving(site, f"{name} ({how})", section, page, POST_RATIO if journal == picked else None)
            yield _transaction(site, how)
            site.instance.database.close()
    with tempfile.TemporaryDirectory() as folder:
        yield from _through_a_server(Path(folder))


def _largest(site: Site) -> tuple[str, str]:
    """The page with the most questions, of those the one with the most bytes."""

    def size(place: tuple[str, Page]) -> tuple[int, int]:
        section, page = place
        return len(page.questions), len(called(site.app, site.environ(site.address(section, page.id)))[1])

    pages = [(leg.section.id, page) for leg in site.opened.route.legs for page in leg.pages]
    section, page = max((place for place in pages if len(place[1].questions) <= MOST_QUESTIONS), key=size)
    return section, page.id


def _looking(site: Site, name: str, section: str, page: str) -> Iterator[Line]:
    environ = site.environ(site.address(section, page))
    status, body, headers = called(site.app, environ)
    assert status == "200 OK", status
    bare = bare_view(status, body, headers)
    pair = paired(
        lambda: browsed(site.app, environ), lambda: browsed(bare, environ), rounds=ROUNDS, times=TIMES,
        reference_times=4 * TIMES,
    )  # fmt: skip
    yield by_cpu(f"GET {name}, {len(body):,} bytes: CPU / bare view", pair, GET_RATIO)
    yield by_calls(f"GET {name}: Python calls", calls(lambda: called(site.app, environ)), GET_CALLS)


def _saving(site: Site, name: str, section: str, page: str, limit: float | None) -> Iterator[Line]:
    saves = Saves(site, section, page)
    status, body, headers = saves.send()
    assert status.startswith("303"), status
    bare = bare_view(status, body, headers)
    environ = saves.environ()
    # The forms are filled in beforehand: that is the browser's work.
    ready = saves.ready(ROUNDS * TIMES + 1)
    pair = paired(
        lambda: saved(browsed(site.app, next(ready))), lambda: browsed(bare, environ), rounds=ROUNDS, times=TIMES,
        reference_times=4 * TIMES,
    )  # fmt: skip
    yield by_cpu(f"POST {name}, durable save: CPU / bare view", pair, limit)
    ready = saves.ready(2)
    yield by_calls(f"POST {name}: Python calls", calls(lambda: saved(called(site.app, next(ready)))), POST_CALLS)


def _transaction(site: Site, how: str) -> Line:
    """The floor of a save: one row written durably by the driver alone, against the bare view of a save."""
    path, journal = site.instance.database.path, site.instance.database.journal
    assert path is not None
    assert journal is not None
    with closing(driver.connect(path)) as connection:
        settle(connection, journal, read_only=False)
        connection.execute("CREATE TABLE bench (id INTEGER PRIMARY KEY, words TEXT)")
        connection.execute("INSERT INTO bench VALUES (1, '')")
        texts = cycle("x" * _SAVED_BYTES + sign for sign in "ab")

        def save() -> None:
            connection.execute(BEGIN_WRITE)
            connection.execute("UPDATE bench SET words = ? WHERE id = 1", [next(texts)])
            connection.execute("COMMIT")

        bare, environ = bare_view("303 SEE OTHER", b"", _LED_ON), environ_of("/", "", {"a": "b"})
        pair = paired(save, lambda: browsed(bare, environ), rounds=ROUNDS, times=TIMES, reference_times=4 * TIMES)
    return by_cpu(f"  the floor: one durable transaction by the driver alone ({how}): CPU / bare view", pair, None)


def _through_a_server(folder: Path) -> Iterator[Line]:
    """The same two by a gunicorn worker that serves the bare view as well: what an operator pays, to be read."""
    environment = settings_in(folder)
    site = Site(environment)
    section, page = _largest(site)
    saves = Saves(site, section, page)
    looked = called(site.app, site.environ(saves.path))
    journal = site.instance.database.journal
    assert journal is not None
    for name, answer in (("GET", looked), ("POST", saves.send())):
        keep(answer, folder / name)
        given = {**environment, "DATABASE_URL": f"sqlite:///{site.instance.database.path}"}
        with running({**given, "BENCH_BARE": str(folder / name)}, journal, ("--workers", "1")) as port:
            asked = Asked(port, site.session, saves if name == "POST" else None)
            pairs = [(asked.cpu(saves.path), asked.cpu(BARE_PATH)) for _ in range(ROUNDS)]
        pair = Pair(
            statistics.median(here for here, _ in pairs),
            statistics.median(there for _, there in pairs),
            statistics.median(here / there for here, there in pairs),
        )
        yield by_cpu(f"{name} largest page through a gunicorn worker: CPU / bare view there", pair, None)


@dataclass(frozen=True)
class Asked:
    """A running server, asked again and again for one thing."""

    port: int
    session: str
    saves: "Saves | None"

    def cpu(self, path: str) -> float:
        """The worker's own CPU seconds for one answer, averaged over some."""
        before = self._used()
        for _ in range(TIMES):
            form = self.saves.form() if self.saves else None
            status = asyncio.run(ask(self.port, path, self.session, form))[0]
            if self.saves and path != BARE_PATH:
                self.saves.sent(status)
        return (self._used() - before) / TIMES

    def _used(self) -> float:
        return float(asyncio.run(ask(self.port, CPU_PATH, ""))[2])


class Saves:
    """Saves of one page, each of which changes every answer on it."""

    def __init__(self, site: Site, section: str, page: str) -> None:
        found = site.opened.route.page(section, page)
        assert found is not None
        self._site, self.path = site, site.address(section, page)
        self._choices = [question for question in found.questions if isinstance(question, Choice)]
        assert len(self._choices) == len(found.questions), "the page holds other questions than choices"
        self._sent = 0

    def environ(self) -> dict[str, object]:
        """The next save, as a server hands it over."""
        return self._site.environ(self.path, self.form())

    def form(self) -> dict[str, str]:
        """The next save."""
        form = {"csrf_token": self._site.csrf, "idempotency_key": secrets.token_urlsafe(12), "action": "continue"}
        stored = self._site.opened.draft.revisions
        for question in self._choices:
            answers = [option.id for option in question.options[:2]]
            stands = self._site.opened.answers.get(question.id)
            # The first save leaves what stands; every later one takes the other answer.
            turn = (self._sent + (stands == answers[0])) % 2
            form |= {
                question.id: answers[turn], f"{question.id}.note": "",  f"{question.id}.reason": "",
                f"{question.id}.revision": str(stored.get(question.id, 0) + self._sent),
            }  # fmt: skip
        return form

    def ready(self, times: int) -> Iterator[dict[str, object]]:
        """The next saves, made ready; each must be sent."""
        found = []
        for _ in range(times):
            found.append(self.environ())
            self._sent += 1
        return iter(found)

    def send(self) -> tuple[str, bytes, dict[str, str]]:
        """Save, and see that it was."""
        answer = saved(called(self._site.app, self.environ()))
        self._sent += 1
        return answer

    def sent(self, status: int) -> None:
        """What a server answered: only a save that was kept is one."""
        if status != 303:
            raise AssertionError(status)
        self._sent += 1


def saved(answer: tuple[str, bytes, dict[str, str]]) -> tuple[str, bytes, dict[str, str]]:
    """The answer to a save that was kept. Raises AssertionError for any other."""
    if not answer[0].startswith("303"):
        raise AssertionError(answer[0])
    return answer
