"""Limits counted in the database are exact across workers."""

import hashlib
import hmac
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select

from assessment.core.errors import NotSaved
from assessment.storage.database import Database
from assessment.storage.limits import SCHEME, DatabaseStorage
from assessment.storage.tables import limit_counters

SECRET = "a-key-of-the-instance"


@pytest.fixture
def counters(database: Database) -> DatabaseStorage:
    made = storage_from_string(f"{SCHEME}://", database=database, secret=SECRET)  # type: ignore[arg-type]
    assert isinstance(made, DatabaseStorage)
    return made


def test_counting_goes_up_and_clearing_starts_anew(counters: DatabaseStorage) -> None:
    assert counters.get("a") == 0
    assert [counters.incr("a", 60), counters.incr("a", 60, 2), counters.incr("b", 60)] == [1, 3, 1]
    assert counters.get("a") == 3
    counters.clear("a")
    assert (counters.get("a"), counters.get("b")) == (0, 1)
    assert counters.reset() == 1
    assert counters.get("b") == 0
    assert counters.check()


def test_a_window_ends_when_it_was_to_end_when_it_began(
    counters: DatabaseStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.time()
    monkeypatch.setattr(time, "time", lambda: began)
    assert counters.get_expiry("a") == began
    counters.incr("a", 60)
    monkeypatch.setattr(time, "time", lambda: began + 59)
    assert counters.incr("a", 60) == 2
    assert counters.get_expiry("a") == pytest.approx(began + 60)
    monkeypatch.setattr(time, "time", lambda: began + 60)
    assert counters.get("a") == 0
    assert counters.incr("a", 60) == 1
    assert counters.get_expiry("a") == pytest.approx(began + 120)


def test_of_forty_tries_by_eight_workers_exactly_ten_pass(counters: DatabaseStorage) -> None:
    limiter = FixedWindowRateLimiter(counters)
    limit = parse("10 per hour")
    with ThreadPoolExecutor(8) as threads:
        passed = list(threads.map(lambda _number: limiter.hit(limit, "resume", "192.0.2.1"), range(40)))
    assert passed.count(True) == 10


def guessed(database: Database, digest: Callable[[bytes], str]) -> list[str]:
    """The addresses that somebody with the database alone finds by trying all of a network."""
    with database.reading() as connection:
        kept = set(connection.execute(select(limit_counters.c.key)).scalars())
    names = [f"LIMITER/192.0.2.{host}/resume" for host in range(256)]
    return [name for name in names if name in kept or digest(name.encode()) in kept]


def test_an_address_can_neither_be_read_nor_guessed_without_the_key_of_the_instance(
    database: Database, counters: DatabaseStorage
) -> None:
    counters.incr("LIMITER/192.0.2.7/resume", 60)
    assert guessed(database, lambda name: hashlib.sha256(name).hexdigest()) == []
    assert guessed(database, lambda name: hmac.new(b"limit:", name, hashlib.sha256).hexdigest()) == []
    assert DatabaseStorage(database=database, secret="another").get("LIMITER/192.0.2.7/resume") == 0
    # The control: with the key the same search finds it.
    with_key = partial(hmac.new, b"limit:" + SECRET.encode(), digestmod=hashlib.sha256)
    assert guessed(database, lambda name: with_key(name).hexdigest()) == ["LIMITER/192.0.2.7/resume"]


def test_a_store_that_is_away_is_not_healthy_and_raises_what_a_fallback_catches(sqlite: Database) -> None:
    counters = DatabaseStorage(database=sqlite, secret=SECRET)
    with sqlite.writing() as connection:
        connection.exec_driver_sql("DROP TABLE limit_counters")
    assert not counters.check()
    assert NotSaved in counters.base_exceptions
