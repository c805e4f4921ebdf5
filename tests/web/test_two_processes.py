"""Through a real server with two processes: one form many times, two people, bad bytes, no PDF engine."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.middleware.http_proxy import ProxyMiddleware

from assessment.content.library import Library
from assessment.opening import make_instance
from assessment.storage.sqlite import driver
from tests.browser.server import TWO_PROCESSES, Server, command, environment, running
from tests.web.conftest import DEMO, Kept, settings_in
from tests.web.routes import NOTED, Finished
from tests.web.test_answering import SHARED, marker, questions_on
from tests.web.test_drafts import link_of
from tests.web.visiting import Clock, Controls, Page, Site, Visitor

TIMES = 20


def site_of(server: Server, library: Library) -> Site:
    """The site behind a real server, for visitors who otherwise know only an application in this process."""
    app = Flask("passes-on")
    proxy = ProxyMiddleware(app.wsgi_app, {}, timeout=60)
    target: dict[str, Any] = {
        "target": server.url,
        "host": None,
        "remove_prefix": False,
        "headers": {},
        "ssl_context": None,
    }

    def pass_on(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return proxy.proxy_to(target, environ["PATH_INFO"], "/")(environ, start)

    app.wsgi_app = pass_on  # type: ignore[method-assign, assignment]
    clock = Clock()
    instance = make_instance(settings_in(server.data, DEMO), library, clock)
    return Site(app, instance, clock, server.data / "assessment.sqlite3", server.url)


def data_from(kept: Kept, folder: Path) -> Path:
    """A data folder with the finished check in it."""
    folder.mkdir()
    shutil.copy(kept.folder / "finished", folder / "assessment.sqlite3")
    return folder


@pytest.fixture(scope="module")
def check(kept: Kept, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Finished]]:
    """The finished check behind two processes that make PDFs themselves."""
    data = data_from(kept, tmp_path_factory.mktemp("two") / "data")
    with running(environment(data, **DEMO), TWO_PROCESSES) as server:
        site = site_of(server, library)
        yield server, Finished(site, kept.session, kept.draft_id)
        site.instance.database.close()


@pytest.fixture
def finished(check: tuple[Server, Finished]) -> Finished:
    return check[1]


def windows(check: Finished, count: int) -> list[Visitor]:
    """As many windows of the same browser."""
    found = []
    for _ in range(count):
        window = check.site.visitor()
        window.session, window.hub = check.owner.session, check.owner.hub
        found.append(window)
    return found


def colleague(check: Finished) -> Visitor:
    """Somebody else who opened the check by its link."""
    other = check.site.visitor()
    token = link_of(check.owner).rpartition("/")[2]
    other.post("/resume/link", {"token": token})
    other.hub = check.owner.hub
    return other


def at_once(sends: Sequence[tuple[Visitor, Page, Controls]]) -> list[Page]:
    """Send all of these forms in the same moment."""
    ready = Barrier(len(sends))

    def send(sent: tuple[Visitor, Page, Controls]) -> Page:
        visitor, page, controls = sent
        ready.wait()
        return visitor.send(page.path, page.form().filled(controls))

    with ThreadPoolExecutor(len(sends)) as many:
        return list(many.map(send, sends))


def history(check: Finished, question: str) -> list[int]:
    connection = driver.connect(check.site.database)
    rows = connection.execute(
        "SELECT revision FROM answer_history WHERE assessment_id = ? AND question = ? ORDER BY revision",
        (check.parts["draft_id"], question),
    ).fetchall()
    connection.close()
    return [row[0] for row in rows]


def test_a_form_sent_twenty_times_at_once_to_two_processes_has_one_effect(finished: Finished) -> None:
    page = finished.owner.get(finished.owner.page_of(NOTED))
    before = history(finished, NOTED)
    typed = {f"{NOTED}.note": "sent twenty times", "action": "continue"}
    answers = at_once([(window, page, typed) for window in windows(finished, TIMES)])
    assert {(answer.status, answer.location) for answer in answers} == {(303, answers[0].location)}
    assert len(history(finished, NOTED)) == len(before) + 1
    assert finished.owner.get(page.path).form().fields[f"{NOTED}.note"] == "sent twenty times"


def test_the_same_form_with_two_contents_at_once_saves_one_and_refuses_the_other(finished: Finished) -> None:
    page = finished.owner.get(finished.owner.page_of(NOTED))
    before = history(finished, NOTED)
    contents: list[dict[str, str | list[str]]] = [{f"{NOTED}.note": f"version {n % 2}"} for n in range(TIMES)]
    answers = at_once([(w, page, typed) for w, typed in zip(windows(finished, TIMES), contents, strict=True)])
    stored = finished.owner.get(page.path).form().fields[f"{NOTED}.note"]
    for answer, typed in zip(answers, contents, strict=True):
        assert answer.status == (303 if typed[f"{NOTED}.note"] == stored else 409)
    assert len(history(finished, NOTED)) == len(before) + 1


def test_two_people_on_different_questions_of_a_page_both_keep_their_answers(finished: Finished) -> None:
    owner, other = finished.owner, colleague(finished)
    path = owner.page_of(SHARED)
    first, second = owner.get(path), other.get(path)
    one, two, *_ = questions_on(first)
    answers = at_once([
        (owner, first, {**marker(owner, one), f"{one}.note": "mine"}),
        (other, second, {**marker(owner, two), f"{two}.note": "yours"}),
    ])  # fmt: skip
    assert [answer.status for answer in answers] == [303, 303]
    fields = owner.get(path).form().fields
    assert (fields[f"{one}.note"], fields[f"{two}.note"]) == ("mine", "yours")


def test_two_people_on_one_question_are_shown_both_answers_and_one_is_stored(finished: Finished) -> None:
    owner, other = finished.owner, colleague(finished)
    path = owner.page_of(NOTED)
    pages = owner.get(path), other.get(path)
    answers = at_once([
        (owner, pages[0], {f"{NOTED}.note": "Rada looked it up"}),
        (other, pages[1], {f"{NOTED}.note": "Ivan measured it"}),
    ])  # fmt: skip
    assert sorted(answer.status for answer in answers) == [303, 409]
    clash = next(answer for answer in answers if answer.status == 409)
    assert "Rada looked it up" in clash.text
    assert "Ivan measured it" in clash.text


# Bytes that no browser sends

BYTES = [
    b"GET /%00 HTTP/1.1", b"GET /%FF%FE HTTP/1.1", b"GET /\xff\xfe HTTP/1.1", b"GET /?q=\xff\xfe HTTP/1.1",
    b"GET /catalogue?q=%00%C0%80 HTTP/1.1", b"JUNK / HTTP/1.1", b"G\xc3\x8bT / HTTP/1.1", b"GET / HTTP/9.9",
    b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 100_000, b"GET / HTTP/1.1\r\nCookie: session=\x00\xff",
    b"GET / HTTP/1.1\r\nAccept-Language: \xff\xfe;q=x", b"GET / HTTP/1.1\r\nContent-Length: -1",
    b"POST /start HTTP/1.1\r\nContent-Length: 99999999999999999999", b"POST /start HTTP/1.1\r\nContent-Length: one",
    b"POST /start HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3", b"GET " + b"/a" * 20_000 + b" HTTP/1.1",
    b"GET /../../etc/passwd HTTP/1.1", b"GET / HTTP/1.1\r\n bad: folded", b"GET http://evil.example/ HTTP/1.1",
]  # fmt: skip


@pytest.mark.parametrize("head", BYTES, ids=lambda head: ascii(head[:40]))
def test_bytes_that_no_browser_sends_are_an_error_of_the_sender(check: tuple[Server, Finished], head: bytes) -> None:
    place = urlsplit(check[0].url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(head + b"\r\nHost: " + place.netloc.encode() + b"\r\nConnection: close\r\n\r\n")
        line.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := line.recv(65_536):
                answer += part
        except ConnectionResetError:
            # What was sent and never read: the server had heard enough.
            pass
    status = int(answer.split()[1]) if answer else 400
    assert 200 <= status < 500, answer[:300]
    assert b"Traceback" not in answer
    assert b"passwd" not in answer or status == 404


# The PDF engine


def holds_pdf_engine(pid: int) -> bool:
    """Whether the library that the PDF engine draws with was ever loaded into a process."""
    return "libpango" in Path(f"/proc/{pid}/maps").read_text("utf-8")


def pdf_of(check: Finished, name: str) -> bytes:
    """Order a PDF under a new name, wait for it, fetch it."""
    owner = check.owner
    owner.post(owner.hub + "/report", {"company_name": name})
    until = time.monotonic() + 90
    while True:
        made = [link for link in owner.get(owner.hub + "/report").links() if link.endswith(".pdf")]
        if made or time.monotonic() > until:
            break
        time.sleep(0.3)
    assert made, "no PDF was made in 90 s"
    content: bytes = owner.get(made[0]).body
    return content


def test_no_web_process_ever_loads_the_pdf_engine_where_it_has_pdfs_made_itself(
    check: tuple[Server, Finished],
) -> None:
    server, finished = check
    for number in range(2):
        assert pdf_of(finished, f"Mill {number}").startswith(b"%PDF-1.7")
    for _ in range(8):
        finished.owner.get(finished.owner.hub + "/results")
    assert len(server.workers) == 2
    assert not any(holds_pdf_engine(pid) for pid in (server.pid, *server.workers))


def test_no_web_process_ever_loads_the_pdf_engine_where_a_worker_makes_pdfs(
    kept: Kept, library: Library, tmp_path: Path
) -> None:
    # A PDF belongs to an address, so that of both is the same, as it is where they share their settings.
    shared = {"ASSESSMENT_JOBS": "worker", "ASSESSMENT_BASE_URL": "http://127.0.0.1"}
    env = environment(data_from(kept, tmp_path / "data"), **{**DEMO, **shared})
    jobs = command(env, "worker")
    try:
        with running(env, TWO_PROCESSES) as server:
            site = site_of(server, library)
            finished = Finished(site, kept.session, kept.draft_id)
            assert pdf_of(finished, "Mill & Sons").startswith(b"%PDF-1.7")
            assert not any(holds_pdf_engine(pid) for pid in (server.pid, *server.workers))
            # The same look at the process that does make them finds the engine.
            assert holds_pdf_engine(jobs.pid)
            site.instance.database.close()
    finally:
        jobs.terminate()
        jobs.wait(timeout=30)


def test_a_process_that_has_the_pdf_engine_is_told_apart() -> None:
    program = "import sys; __import__(sys.argv[1]); print(flush=True); sys.stdin.read()"
    for module, wanted in (("weasyprint", True), ("flask", False)):
        child = subprocess.Popen([sys.executable, "-c", program, module], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        assert holds_pdf_engine(child.pid) is wanted
        child.communicate()
