"""A disk that is full and a database that somebody holds: every form says "not saved", and all that was there stays."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assessment.config import RateLimits
from assessment.content.library import Library
from assessment.storage.sqlite import driver
from tests.web.conftest import DEMO, Kept, site_in
from tests.web.routes import ADDRESSES, Finished, effective, target
from tests.web.visiting import Page, Visitor, writer_of

NOTE = "Сметките са в синята папка. " * 30
TYPED = {
    "/assessments/<draft_id>/best-plan": ("budget", "hours", "payback"),
    "/assessments/<draft_id>/next": (),
    "/assessments/<draft_id>/pieces/<measure_id>": ("pieces",),
    "/assessments/<draft_id>/use/<line_id>": ("amount",),
    "/assessments/<draft_id>/plan-own": ("title", "owner", "note"),
    "/assessments/<draft_id>/plan/<key>": ("owner", "note"),
    "/assessments/<draft_id>/report": ("company_name",),
    "/assessments/<draft_id>/sections/<section>/<page>": ("ene-03.note",),
    "/catalogue/suggest": ("kind", "words", "source", "consent"),
    "/resume": ("code",),
    "/start": ("depth",),
}
"""The fields of people's own words and choices that must still stand in the form after it was not saved."""
WORDS = {"owner": "Rada", "note": NOTE.strip(), "ene-03.note": NOTE.strip()}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB of its own; only root may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ("mount", "-t", "tmpfs", "-o", "size=6m", "none", place)
    mounted = os.geteuid() == 0 and shutil.which("mount") and not subprocess.run(words, check=False).returncode
    if not mounted:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.fixture
def on_small_disk(small_disk: Path, library: Library, kept: Kept) -> Iterator[Finished]:
    """A finished check whose data lie on the small disk, with limits on as they are for the public."""
    site = site_in(small_disk / "data", library, DEMO, kept.folder / "finished", ratelimits=RateLimits(True))
    yield Finished(site, kept.session, kept.draft_id)
    site.instance.database.close()


@contextmanager
def filled_up(disk: Path) -> Iterator[None]:
    """Not one byte is left."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65_536)
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def held(check: Finished) -> Iterator[None]:
    """Somebody else is writing and does not end, for longer than anybody waits."""
    writer_of(check.site).execute("PRAGMA busy_timeout = 20")
    holder = driver.connect(check.site.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


def rendered(check: Finished, address: str) -> tuple[str, dict[str, str]]:
    """Where a form goes and what is sent with it; made while all is well."""
    path = target(check, address)
    words = {name: WORDS[name] for name in TYPED.get(address, ()) if name in WORDS}
    return path, {**effective(check, address), **words, "csrf_token": check.owner.token()}


def refused(check: Finished, address: str, path: str, data: dict[str, str], status: int) -> None:
    """The form is told not to be saved, with what was typed in it, and the browser keeps what it may open."""
    session = check.owner.session
    page = check.owner.send(path, data)
    assert page.status == status, f"{address}: {page.status}"
    assert "Not saved" in page.words, address
    assert check.owner.session == session, f"{address} took the browser's way to its checks away"
    if address in TYPED:
        form = page.form(path)
        assert {name: form.fields.get(name) for name in TYPED[address]} == {n: data[n] for n in TYPED[address]}, address
    else:
        assert page.headers["Retry-After"] == "10"


@pytest.mark.parametrize("address", ADDRESSES["POST"])
def test_on_a_full_disk_every_form_says_not_saved_and_works_again_when_there_is_room(
    on_small_disk: Finished, small_disk: Path, address: str
) -> None:
    check = on_small_disk
    path, data = rendered(check, address)
    check.site.clock.forward(hours=1)
    before = check.site.dump()
    with filled_up(small_disk):
        refused(check, address, path, data, 507)
        check.owner.get(check.owner.hub)
        check.owner.get(check.owner.hub + "/results")
    assert check.site.dump() == before
    assert sound(check)
    assert check.owner.send(path, data).status == 303, address
    assert check.site.dump() != before


@pytest.mark.parametrize("address", ADDRESSES["POST"])
def test_with_a_database_that_is_held_every_form_says_not_saved_and_works_again_afterwards(
    finished: Finished, address: str
) -> None:
    path, data = rendered(finished, address)
    before = finished.site.dump()
    with held(finished):
        refused(finished, address, path, data, 503)
    assert finished.site.dump() == before
    assert finished.owner.send(path, data).status == 303, address


def sound(check: Finished) -> bool:
    connection = driver.connect(check.site.database)
    found = connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    return list(found) == [("ok",)]


def test_every_page_can_be_read_on_a_full_disk_days_later_too(on_small_disk: Finished, small_disk: Path) -> None:
    check = on_small_disk
    paths = [(template, check.address(template)) for template in ADDRESSES["GET"] if not template.startswith("/examp")]
    before = check.site.dump()
    check.site.clock.forward(days=3)
    with filled_up(small_disk):
        for template, path in paths:
            page = Page(check.owner.client.get(path, base_url=check.site.address))
            wanted = (200, 503) if template == "/readyz" else (200, 302)
            assert page.status in wanted, f"{template}: {page.status}"
    assert check.site.dump() == before


def test_with_a_database_that_is_held_pages_can_be_read_days_later_too(finished: Finished) -> None:
    finished.site.clock.forward(days=3)
    with held(finished):
        for tail in ("", "/check", "/results", "/plan", "/keep", "/sections/ene/ene-03"):
            finished.owner.get(finished.owner.hub + tail)


def test_guessing_codes_is_counted_on_a_full_disk_as_well(on_small_disk: Finished, small_disk: Path) -> None:
    stranger = on_small_disk.site.visitor()
    token = stranger.token()
    with filled_up(small_disk):
        statuses = [guess(stranger, token, number) for number in range(12)]
    assert statuses == [422] * 10 + [429] * 2


def guess(visitor: Visitor, token: str, number: int) -> int:
    return visitor.send("/resume", {"csrf_token": token, "code": f"AAAA-BBBB-CC{number:02}"}).status


def test_a_browser_with_an_open_check_keeps_it_when_a_second_one_could_not_be_started(
    on_small_disk: Finished, small_disk: Path
) -> None:
    owner = on_small_disk.owner
    token = owner.token()
    with filled_up(small_disk):
        answer = owner.send("/start", {"csrf_token": token, "depth": "quick"})
        assert answer.status == 507
        assert "Set-Cookie" not in answer.headers
    owner.get(owner.hub)


def test_answers_given_before_the_disk_was_full_are_all_there_afterwards(
    on_small_disk: Finished, small_disk: Path
) -> None:
    check = on_small_disk
    path = check.owner.page_of("ene-03")
    acknowledged, refusals = [], 0
    (small_disk / "ballast").write_bytes(b"\0" * (shutil.disk_usage(small_disk).free - 120_000))
    for number in range(400):
        page = check.owner.get(path)
        answer = check.owner.send(path, page.form().filled({"ene-03.note": f"{number}: {NOTE}".strip()}))
        if answer.status == 303:
            acknowledged.append(f"{number}: {NOTE}".strip())
        else:
            assert answer.status == 507
            refusals += 1
        if refusals == 3:
            break
    assert acknowledged
    assert refusals == 3
    assert check.owner.get(path).form().fields["ene-03.note"] == acknowledged[-1]
    (small_disk / "ballast").unlink()
    history = check.owner.get(check.owner.hub + "/data.json").text
    assert all(f'"{number}: ' in history for number in (note.partition(":")[0] for note in acknowledged))
    check.owner.submit(check.owner.get(path), {"ene-03.note": "There is room again"})
    assert check.owner.get(path).form().fields["ene-03.note"] == "There is room again"
