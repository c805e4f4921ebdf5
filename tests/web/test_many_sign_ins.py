"""Fifty who sign in at once: four are hashed, the others wait or are told to come back; memory stays. AUTH-02"""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from assessment import proving
from tests.web.entering import PASSWORD, account, as_in_use
from tests.web.visiting import Page, Site

ANA = "ana@firma.example"
AT_ONCE = 50
MOST_MIB = 150
MOST_SECONDS = 20


def peak_mib() -> float:
    """The most memory that this process has had since the mark was set back."""
    (found,) = re.findall(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    return int(found) / 1024


def all_at_once(site: Site) -> tuple[list[Page], float]:
    """What fifty are answered who press at the same moment, and the growth of memory meanwhile in MiB."""
    visitors = [site.visitor() for _ in range(AT_ONCE)]
    forms = [{"csrf_token": each.token(), "email": ANA, "password": PASSWORD} for each in visitors]
    gate = threading.Barrier(AT_ONCE)

    def press(number: int) -> TestResponse:
        gate.wait(30)
        return visitors[number].client.post("/sign-in", base_url=site.address, data=forms[number])

    Path("/proc/self/clear_refs").write_text("5")
    before = peak_mib()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(press, range(AT_ONCE)))
    grown = peak_mib() - before
    return [Page(answer) for answer in answers], grown


@pytest.fixture(name="signed_up")
def _signed_up(site: Site) -> Site:
    """Somebody with a password that is hashed as strongly as elsewhere."""
    hashed = as_in_use(site).hashed(PASSWORD)
    account(site, ANA)
    as_in_use(site)
    assert hashed.startswith("$argon2id$")
    return site


def test_fifty_at_once_are_answered_soon_and_in_little_memory(signed_up: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # Where the machine is quick nobody would have to be sent away.
    monkeypatch.setattr(proving, "PATIENCE", 0.2)
    began = time.monotonic()
    pages, grown = all_at_once(signed_up)
    assert time.monotonic() - began < MOST_SECONDS
    assert {page.status for page in pages} == {303, 429}
    assert sum(page.status == 303 for page in pages) >= proving.MOST_HASHINGS
    for page in pages:
        if page.status == 429:
            assert int(page.headers["Retry-After"]) > 0
            assert "try again" in page.words
    assert grown < MOST_MIB, f"{grown:.0f} MiB"


def test_without_the_limit_they_would_take_all_the_memory(signed_up: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "_hashing", threading.BoundedSemaphore(AT_ONCE))
    monkeypatch.setattr(proving, "_hashers", ThreadPoolExecutor(AT_ONCE))
    pages, grown = all_at_once(signed_up)
    assert {page.status for page in pages} == {303}
    assert grown > MOST_MIB, f"{grown:.0f} MiB"
