"""Whether addresses answer, asked of real servers on this machine: politely, for a limited time, and never inwards."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from socket import socket

import pytest

from assessment.content.resources import link_check
from assessment.content.resources.link_check import Checked, Manners, addresses_of, check, read_checked
from assessment.content.resources.web_address import MOST_REDIRECTS, Answer, Asker, is_public
from tests import builders

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AGENT = "GreenPathways-link-check/1 (+https://check.example.org; desk@example.org)"
OUTSIDE, INSIDE = "127.0.0.1", "127.0.0.2"
"""Two addresses of this machine: in these tests the first counts as public and the second as private."""


class Server:
    """A web server that answers by the path, and remembers who asked for what, and when."""

    def __init__(self, host: str) -> None:
        self.asked: list[tuple[str, str, str, float]] = []
        self.busy = self.most_busy = 0
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                owner.answer(self, body=False)

            def do_GET(self) -> None:
                owner.answer(self, body=True)

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self.address = f"http://{host}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler, body: bool) -> None:
        """`/200`, `/404`, ... answer so; `/to/<status>/<address>` leads on."""
        self.asked.append((handler.command, handler.path, handler.headers["User-Agent"], time.monotonic()))
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        parts = handler.path.strip("/").split("/", 2)
        if parts[0] == "slow":
            time.sleep(2)
        status, target = 200, ""
        if parts[0] == "to":
            status, target = int(parts[1]), parts[2]
        elif parts[0] == "circle":
            status, target = 302, f"circle/{3 - int(parts[1])}"
        elif parts[0] == "no-head":
            status = 200 if body else int(parts[1])
        elif parts[0].isdigit():
            status = int(parts[0])
        try:
            handler.send_response(status)
            if target:
                handler.send_header("Location", target if "//" in target else f"/{target}")
            handler.send_header("Content-Length", "2")
            handler.end_headers()
            if body:
                handler.wfile.write(b"ok")
        except OSError:
            pass
        finally:
            self.busy -= 1

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.asked]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def outside() -> Iterator[Server]:
    server = Server(OUTSIDE)
    yield server
    server.close()


@pytest.fixture
def inside() -> Iterator[Server]:
    server = Server(INSIDE)
    yield server
    server.close()


def asker(**more: object) -> Asker:
    return Asker(AGENT, public=lambda address: address == OUTSIDE, timeout=0.5, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [("200", "answers", 200), ("404", "gone", 404), ("410", "gone", 410), ("500", "no-answer", 500),
     ("503", "no-answer", 503), ("403", "unclear", 403), ("429", "unclear", 429), ("no-head/405", "answers", 200),
     ("no-head/404", "answers", 200), ("to/302/200", "answers", 200), ("to/302/404", "gone", 404)],
)  # fmt: skip
def test_what_a_server_says_is_taken_for_what_it_means(outside: Server, path: str, outcome: str, status: int) -> None:
    assert asker().ask(f"{outside.address}/{path}") == Answer(outcome, status)  # type: ignore[arg-type]


def test_head_is_asked_first_and_get_only_where_head_does_not_do(outside: Server) -> None:
    asker().ask(f"{outside.address}/200")
    asker().ask(f"{outside.address}/no-head/405")
    assert [method for method, _, _, _ in outside.asked] == ["HEAD", "HEAD", "GET"]


def test_we_say_who_we_are(outside: Server) -> None:
    asker().ask(f"{outside.address}/200")
    assert {agent for _, _, agent, _ in outside.asked} == {AGENT}


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (307, False)])
def test_a_lasting_move_is_noted_and_a_passing_one_is_not(outside: Server, status: int, moved: bool) -> None:
    answer = asker().ask(f"{outside.address}/to/{status}/200")
    assert answer == Answer("answers", 200, moved_to=f"{outside.address}/200" if moved else "")


def test_a_server_that_is_slow_is_given_up(outside: Server) -> None:
    start = time.monotonic()
    assert asker().ask(f"{outside.address}/slow") == Answer("no-answer", reason="it took too long")
    assert time.monotonic() - start < 1.9


def test_a_closed_port_a_name_that_is_none_and_an_address_that_is_none_are_told() -> None:
    with socket() as probe:
        probe.bind((OUTSIDE, 0))
        port = probe.getsockname()[1]
    assert asker().ask(f"http://{OUTSIDE}:{port}/").reason == "the connection was refused"
    assert asker().ask("http://name.invalid/").outcome == "no-answer"
    assert asker().ask("ftp://127.0.0.1/").outcome == "refused"


def test_a_long_way_of_redirects_is_not_followed_to_its_end(outside: Server) -> None:
    answer = asker().ask(f"{outside.address}/{'to/302/' * 8}200")
    assert answer == Answer("no-answer", 302, "it leads on too often")
    assert len(outside.asked) == 2 * (MOST_REDIRECTS + 1)


def test_a_circle_of_redirects_ends(outside: Server) -> None:
    answer = asker().ask(f"{outside.address}/circle/1")
    assert answer == Answer("no-answer", 302, "it leads round in a circle")
    assert outside.paths() == ["/circle/1", "/circle/2"] * 2


# Private networks


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_from_a_public_server_into_a_private_network_is_not_followed(
    outside: Server, inside: Server, status: int
) -> None:
    answer = asker().ask(f"{outside.address}/to/{status}/{inside.address}/200")
    assert answer == Answer("refused", reason="it leads into a private network")
    assert inside.asked == []


def test_not_even_where_private_addresses_may_be_asked(outside: Server, inside: Server) -> None:
    inwards = asker(private_too=True)
    assert inwards.ask(f"{inside.address}/200").outcome == "answers"
    inside.asked.clear()
    assert inwards.ask(f"{outside.address}/to/302/{inside.address}/200").outcome == "refused"
    assert inside.asked == []


def test_without_the_rule_the_redirect_would_be_followed(outside: Server, inside: Server) -> None:
    open_to_all = Asker(AGENT, public=lambda address: True, timeout=0.5)
    assert open_to_all.ask(f"{outside.address}/to/302/{inside.address}/200").outcome == "answers"
    assert inside.paths() == ["/200"]


def test_an_address_in_a_private_network_is_not_asked(inside: Server) -> None:
    assert asker().ask(f"{inside.address}/200").outcome == "refused"
    assert inside.asked == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "100.64.0.1", "224.0.0.1",
     "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"],
)  # fmt: skip
def test_addresses_inside_networks_are_no_public_ones(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001:82a::200e", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


# The check


def test_every_answer_is_kept_with_its_time(outside: Server, tmp_path: Path) -> None:
    urls = [f"{outside.address}/200", f"{outside.address}/404"]
    path = tmp_path / "data" / link_check.FILE
    found = check(urls, path, asker().ask, lambda: NOW, Manners(pause=0))
    assert found == read_checked(path) == {
        urls[0]: Checked("answers", NOW, 200), urls[1]: Checked("gone", NOW, 404),
    }  # fmt: skip


def test_a_host_is_asked_one_at_a_time_with_a_pause(outside: Server, tmp_path: Path) -> None:
    urls = [f"{outside.address}/200?{number}" for number in range(4)]
    check(urls, tmp_path / "links.json", asker().ask, lambda: NOW, Manners(pause=0.1))
    times = [at for _, _, _, at in outside.asked]
    assert outside.most_busy == 1
    assert all(later - earlier >= 0.1 for earlier, later in pairwise(times))


def test_hosts_are_asked_side_by_side(outside: Server, inside: Server, tmp_path: Path) -> None:
    urls = [f"{server.address}/slow?{number}" for server in (outside, inside) for number in range(1)]
    ask = Asker(AGENT, private_too=True, public=lambda address: True, timeout=5).ask
    start = time.monotonic()
    check(urls, tmp_path / "links.json", ask, lambda: NOW, Manners(pause=0))
    assert time.monotonic() - start < 3.5


def test_what_was_asked_lately_is_not_asked_again(outside: Server, tmp_path: Path) -> None:
    urls, path = [f"{outside.address}/200", f"{outside.address}/404"], tmp_path / "links.json"
    check(urls[:1], path, asker().ask, lambda: NOW, Manners(pause=0))
    check(urls, path, asker().ask, lambda: NOW + timedelta(days=1), Manners(pause=0))
    assert outside.paths().count("/200") == 1
    check(urls, path, asker().ask, lambda: NOW + timedelta(days=8), Manners(pause=0))
    assert outside.paths().count("/200") == 2


def test_a_check_that_was_broken_off_goes_on_where_it_was(outside: Server, tmp_path: Path) -> None:
    urls, path = [f"{outside.address}/200?{number}" for number in range(4)], tmp_path / "links.json"

    def breaking(url: str) -> Answer:
        if url.endswith("2"):
            raise KeyboardInterrupt
        return asker().ask(url)

    with pytest.raises(KeyboardInterrupt):
        check(urls, path, breaking, lambda: NOW, Manners(pause=0))
    assert set(read_checked(path)) == set(urls[:2])
    outside.asked.clear()
    assert set(check(urls, path, asker().ask, lambda: NOW, Manners(pause=0))) == set(urls)
    assert outside.paths() == ["/200?2", "/200?3"]


def test_no_more_addresses_and_no_more_time_than_allowed(outside: Server, tmp_path: Path) -> None:
    urls = [f"{outside.address}/200?{number}" for number in range(5)]
    assert len(check(urls, tmp_path / "few.json", asker().ask, lambda: NOW, Manners(pause=0, most=2))) == 2
    assert len(check(urls, tmp_path / "none.json", asker().ask, lambda: NOW, Manners(pause=0, seconds=0))) == 0
    some = check(urls, tmp_path / "some.json", asker().ask, lambda: NOW, Manners(pause=0.2, seconds=0.5))
    assert 0 < len(some) < 5


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1}', '{"version": 9, "addresses": {}}', "null"])
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "links.json"
    path.write_text(content)
    assert read_checked(path) == {}


def test_addresses_that_left_the_catalogue_leave_the_file(outside: Server, tmp_path: Path) -> None:
    path = tmp_path / "links.json"
    check([f"{outside.address}/404"], path, asker().ask, lambda: NOW, Manners(pause=0))
    check([f"{outside.address}/200"], path, asker().ask, lambda: NOW, Manners(pause=0))
    assert list(json.loads(path.read_text())["addresses"]) == [f"{outside.address}/200"]


def test_every_address_of_an_entry_is_asked_once() -> None:
    held = builders.catalogue(
        builders.scheme("bg-one", url="https://example.org/a"),
        builders.block("b", url="https://example.org/a", official_home="https://example.org/home"),
    )
    assert addresses_of(held) == ["https://example.org/a", "https://example.org/home"]
