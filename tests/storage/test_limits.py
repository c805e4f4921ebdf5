"""Limits counted in the database are exact across workers."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select

from assessment.core.errors import NotSaved
from assessment.storage.database import Database
from assessment.storage.limits import SCHEME, DatabaseStorage
from assessment.storage.tables import limit_counters


@pytest.fixture
def counters(database: Database) -> DatabaseStorage:
    made = storage_from_string(f"{SCHEME}://", database=database)  # type: ignore[arg-type]
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


def test_an_address_does_not_stand_in_the_table(database: Database, counters: DatabaseStorage) -> None:
    counters.incr("LIMITER/192.0.2.1/resume", 60)
    with database.reading() as connection:
        (key,) = connection.execute(select(limit_counters.c.key)).scalars()
    assert "192" not in key or len(key) == 64
    assert "/" not in key


def test_a_store_that_is_away_is_not_healthy_and_raises_what_a_fallback_catches(sqlite: Database) -> None:
    counters = DatabaseStorage(database=sqlite)
    with sqlite.writing() as connection:
        connection.exec_driver_sql("DROP TABLE limit_counters")
    assert not counters.check()
    assert NotSaved in counters.base_exceptions
