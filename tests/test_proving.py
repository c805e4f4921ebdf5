"""Hashing and codes: strong enough, few at once, by the product's own clock. AUTH-01, AUTH-02, AUTH-13."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from assessment import proving
from assessment.config import ConfigurationError, Settings
from assessment.core.errors import TooBusy
from assessment.proving import Proving, strength
from tests.web.visiting import Clock


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


def settings_with(**more: str) -> Settings:
    return Settings.from_env({"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(Path.cwd() / "none"), **more})


def made(clock: Clock, **argon2: int) -> Proving:
    settings = settings_with()
    return Proving(settings, clock, {**strength(settings), **argon2})


def figures(password_hash: str) -> dict[str, int]:
    """The kind of argon2 and its parameters, as they stand in a hash."""
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", password_hash)
    assert found, password_hash
    return dict(zip("mtp", map(int, found.groups()), strict=True))


def test_a_password_is_hashed_with_argon2id_as_strongly_as_is_advised(clock: Clock) -> None:
    kept = made(clock).hashed("correct horse battery")
    assert figures(kept)["m"] >= 19 * 1024
    assert figures(kept)["t"] >= 2
    assert figures(kept)["p"] == 1
    assert "correct horse" not in kept
    weak = figures(made(clock, memory_cost=8 * 1024).hashed("correct horse battery"))
    assert weak["m"] < 19 * 1024


def test_an_operator_makes_hashes_stronger_and_never_weaker_than_is_advised(clock: Clock) -> None:
    stronger = Proving(settings_with(ASSESSMENT_HASH_MIB="32", ASSESSMENT_HASH_PASSES="3"), clock)
    assert figures(stronger.hashed("correct horse battery")) == {"m": 32 * 1024, "t": 3, "p": 1}
    before = made(clock).hashed("correct horse battery")
    right, newer = stronger.matches("correct horse battery", before)
    assert right
    assert figures(newer)["m"] == 32 * 1024
    for weaker in ({"ASSESSMENT_HASH_MIB": "18"}, {"ASSESSMENT_HASH_PASSES": "1"}):
        with pytest.raises(ConfigurationError, match=next(iter(weaker))):
            settings_with(**weaker)


@pytest.mark.parametrize("password", ["a\0b c d e f", "  spaces around  ", "käse \U0001f9c0 brot", "x" * 1000])
def test_every_sign_of_a_password_counts_and_none_is_changed(clock: Clock, password: str) -> None:
    proofs = made(clock)
    kept = proofs.hashed(password)
    assert proofs.matches(password, kept) == (True, "")
    for other in (password.strip() + "x", password[:-1], password.replace("\0", "")[:2], password.upper() + "."):
        assert proofs.matches(other, kept) == (False, "")


def test_a_hash_that_is_too_weak_is_made_anew_when_the_password_is_right(clock: Clock) -> None:
    weak = made(clock, time_cost=1, memory_cost=8 * 1024).hashed("correct horse battery")
    proofs = made(clock)
    right, newer = proofs.matches("correct horse battery", weak)
    assert right
    assert figures(newer)["m"] >= 19 * 1024
    assert proofs.matches("correct horse battery", newer) == (True, "")
    assert proofs.matches("wrong horse battery", weak) == (False, "")


def test_nobody_has_the_password_that_stands_in_for_none(clock: Clock) -> None:
    assert made(clock).matches("nobody has this password", "") == (False, "")


def test_four_hash_at_once_and_whoever_waits_too_long_is_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    proofs = made(clock)
    busiest, here, lock = 0, 0, threading.Lock()
    free = threading.Event()

    def slow(_: str) -> str:
        nonlocal busiest, here
        with lock:
            here += 1
            busiest = max(busiest, here)
        free.wait(10)
        with lock:
            here -= 1
        return "hash"

    monkeypatch.setattr(proving, "hash_password", slow)
    monkeypatch.setattr(proving, "PATIENCE", 0.3)
    told: list[str] = []

    def one() -> None:
        try:
            told.append(proofs.hashed("correct horse battery"))
        except TooBusy:
            told.append("busy")

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads[4:]:
        thread.join(0.05)
    free.set()
    for thread in threads:
        thread.join(10)
    assert busiest == proving.MOST_HASHINGS
    assert "busy" in told
    assert len(told) == 50
    # Without a limit all of them would be at it.
    monkeypatch.setattr(proving, "_hashing", threading.BoundedSemaphore(50))
    monkeypatch.setattr(proving, "_hashers", ThreadPoolExecutor(50))
    free.clear()
    busiest = 0
    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(0.1)
    free.set()
    for thread in threads:
        thread.join(10)
    assert busiest > proving.MOST_HASHINGS


def test_a_code_of_now_and_one_step_to_either_side_is_taken_and_no_step_twice(clock: Clock) -> None:
    proofs = made(clock)
    secret = proofs.new_secret()
    assert proofs.shown_secret(secret, "ana@firma.example")[0].replace("-", "") not in secret
    code = str(proofs._codes.generate_totp_password(secret))
    step = proofs.step_of(secret, code, 0)
    assert step is not None
    assert proofs.step_of(secret, code, step) is None
    for seconds in (-30, 30):
        clock.forward(seconds=seconds)
        assert proofs.step_of(secret, code, 0) == step
        clock.now -= timedelta(seconds=seconds)
    for seconds in (-90, 90):
        clock.forward(seconds=seconds)
        assert proofs.step_of(secret, code, 0) is None
        clock.now -= timedelta(seconds=seconds)


@pytest.mark.parametrize("secret", ["", "no secret", '{"v":1}', "x" * 2000])
def test_what_is_no_secret_has_no_code(clock: Clock, secret: str) -> None:
    assert made(clock).step_of(secret, "123456", 0) is None
