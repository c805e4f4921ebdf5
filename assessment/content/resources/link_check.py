"""Checks the web addresses of the catalogue, host by host, and keeps what was found in one JSON file.

Polite: one request at a time to a host, with a pause after each. Limited: so many addresses, so many minutes.
Resumable: what was asked in the last days is not asked again, and each answer is kept at once.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from assessment.content.resources.web_address import Answer
from assessment.core.resources.catalogue import Catalogue

FILE: Final = "links.json"
HOSTS_AT_ONCE: Final = 8
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one address, and when."""

    outcome: str
    at: datetime
    status: int = 0
    reason: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Manners:
    """How the check goes about it."""

    pause: float = 1.0
    most: int = 1_000
    seconds: float = 1_800.0
    again_after: timedelta = timedelta(days=7)


def addresses_of(catalogue: Catalogue) -> list[str]:
    """Every address of schemes and building blocks, each once."""
    urls = [scheme.url for scheme in catalogue.schemes.values()]
    for block in catalogue.blocks.values():
        urls += [block.url, *([block.official_home] if block.official_home else [])]
    return list(dict.fromkeys(urls))


def read_checked(path: Path) -> dict[str, Checked]:
    """What is known of each address; nothing where there is no file, or one that cannot be read."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        if kept["version"] != VERSION:
            return {}
        return {
            url: Checked(**{**found, "at": datetime.fromisoformat(found["at"])})
            for url, found in kept["addresses"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def check(
    urls: Iterable[str], path: Path, ask: Callable[[str], Answer], now: Callable[[], datetime],
    manners: Manners | None = None, told: Callable[[str, Checked], object] = lambda url, found: None,
) -> dict[str, Checked]:  # fmt: skip
    """Ask the addresses that are due, keep each answer in the file, and return all that is known."""
    manners = manners or Manners()
    urls = list(urls)
    book = _Book(path, {url: found for url, found in read_checked(path).items() if url in set(urls)})
    due = [url for url in urls if book.due(url, now() - manners.again_after)][: manners.most]
    until = time.monotonic() + manners.seconds

    def visit(host_urls: list[str]) -> None:
        for number, url in enumerate(host_urls):
            if number:
                time.sleep(manners.pause)
            if time.monotonic() >= until:
                return
            found = Checked(at=now(), **asdict(ask(url)))
            book.keep(url, found)
            told(url, found)

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for visited in [pool.submit(visit, of_host) for of_host in _by_host(due)]:
            visited.result()
    book.write()
    return book.all()


def _by_host(urls: Iterable[str]) -> list[list[str]]:
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(urlsplit(url).hostname or "", []).append(url)
    return list(hosts.values())


class _Book:
    """What is known, in memory and in the file."""

    def __init__(self, path: Path, known: Mapping[str, Checked]) -> None:
        self._path = path
        self._known = dict(known)
        self._lock = threading.Lock()

    def due(self, url: str, since: datetime) -> bool:
        found = self._known.get(url)
        return found is None or found.at <= since

    def keep(self, url: str, found: Checked) -> None:
        with self._lock:
            self._known[url] = found
            self._write()

    def write(self) -> None:
        with self._lock:
            self._write()

    def all(self) -> dict[str, Checked]:
        return dict(self._known)

    def _write(self) -> None:
        addresses = {url: {**asdict(found), "at": found.at.isoformat()} for url, found in sorted(self._known.items())}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_suffix(".part")
        aside.write_text(json.dumps({"version": VERSION, "addresses": addresses}, indent=1), encoding="utf-8")
        aside.replace(self._path)
