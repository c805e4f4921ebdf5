"""Links that do one thing once: for one purpose, address and person, for a time, and used up by the first who comes."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assessment.config import Settings
from assessment.core.errors import NotFound
from assessment.opening import make_instance
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.links_once import LIFETIMES, Bound, Purpose, StoredLink
from assessment.storage.people import people
from assessment.storage.tables import TOKEN_PURPOSES
from tests.sites import shipped as library
from tests.tables import with_tables
from tests.web.visiting import Clock

ANA = Bound("ana@firma.example")


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="instance")
def _instance(tmp_path: Path, clock: Clock) -> Iterator[Instance]:
    with_tables(tmp_path)
    made = make_instance(
        Settings.from_env({"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(tmp_path), "ASSESSMENT_JOBS": "inline"}),
        library(), clock,
    )  # fmt: skip
    yield made
    made.database.close()


def made(instance: Instance, purpose: Purpose = "join", bound: Bound = ANA) -> str:
    with instance.database.writing() as connection:
        return links_once.make(instance, connection, purpose, bound, {"role": "editor"}).token


def spent(instance: Instance, token: str, purpose: Purpose = "join", **whose: str) -> StoredLink:
    with instance.database.writing() as connection:
        return links_once.spend(instance, connection, purpose, token, **whose)


def holds(instance: Instance, token: str, purpose: Purpose = "join") -> bool:
    try:
        links_once.look(instance, purpose, token)
    except NotFound:
        return False
    return True


def test_a_link_does_what_it_was_made_for_and_only_once(instance: Instance) -> None:
    token = made(instance)
    assert [links_once.look(instance, "join", token).bound for _ in range(3)] == [ANA] * 3
    assert spent(instance, token).arguments == {"role": "editor"}
    assert not holds(instance, token)
    with pytest.raises(NotFound):
        spent(instance, token)


def test_of_many_who_use_a_link_at_the_same_moment_one_does(instance: Instance) -> None:
    token, together, outcomes = made(instance), threading.Barrier(8), []

    def comes() -> None:
        together.wait()
        try:
            spent(instance, token)
        except NotFound:
            outcomes.append("refused")
        else:
            outcomes.append("did it")

    threads = [threading.Thread(target=comes) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["did it"] + ["refused"] * 7


def test_a_link_that_was_not_used_because_the_change_failed_still_holds(instance: Instance) -> None:
    token = made(instance)

    def failing() -> None:
        with instance.database.writing() as connection:
            links_once.spend(instance, connection, "join", token)
            raise RuntimeError("the change failed")

    with pytest.raises(RuntimeError):
        failing()
    assert holds(instance, token)


@pytest.mark.parametrize("purpose", LIFETIMES)
def test_a_link_holds_as_long_as_promised_and_not_a_second_longer(
    instance: Instance, clock: Clock, purpose: Purpose
) -> None:
    token = made(instance, purpose)
    clock.now += LIFETIMES[purpose] - timedelta(seconds=1)
    assert holds(instance, token, purpose)
    clock.forward(seconds=1)
    assert not holds(instance, token, purpose)
    with pytest.raises(NotFound):
        spent(instance, token, purpose)


def test_the_lifetimes_are_those_that_were_promised() -> None:
    minutes = {purpose: LIFETIMES[purpose] / timedelta(minutes=1) for purpose in LIFETIMES}
    assert minutes["sign-in"] == 15
    assert minutes["reset"] == minutes["change-email"] == 60
    assert minutes["join"] == 7 * 24 * 60
    assert minutes["mentor"] == 14 * 24 * 60
    assert set(LIFETIMES) == set(TOKEN_PURPOSES) - {"resume-link", "resume-code"}


@pytest.mark.parametrize("other", [purpose for purpose in LIFETIMES if purpose != "join"])
def test_a_link_does_nothing_else(instance: Instance, other: Purpose) -> None:
    token = made(instance)
    assert not holds(instance, token, other)
    with pytest.raises(NotFound):
        spent(instance, token, other)
    assert holds(instance, token)


def test_a_newer_link_ends_the_one_before_it_and_nobody_elses(instance: Instance) -> None:
    first, others = made(instance), made(instance, bound=Bound("ben@firma.example"))
    second = made(instance)
    assert [holds(instance, token) for token in (first, second, others)] == [False, True, True]


def test_links_to_a_section_hold_side_by_side(instance: Instance) -> None:
    first, second = made(instance, "section"), made(instance, "section")
    assert first != second
    assert holds(instance, first, "section")
    assert holds(instance, second, "section")


def test_a_link_is_for_its_address_and_its_person(instance: Instance) -> None:
    with instance.database.writing() as connection:
        ana, ben = (
            people.add_person(connection, f"{name}@firma.example", instance.now(), uniquifier=name).id
            for name in ("ana", "ben")
        )
    token = made(instance, "change-email", Bound("new@firma.example", person_id=ana))
    for wrong in ({"email": "ben@firma.example"}, {"person_id": ben}):
        with pytest.raises(NotFound):
            spent(instance, token, "change-email", **wrong)
    assert spent(instance, token, "change-email", email="new@firma.example", person_id=ana).bound.person_id == ana


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "é" * 43, "\ud800", "x" * 5000, "' OR 1=1 --"])
def test_what_is_no_token_opens_nothing(instance: Instance, token: str) -> None:
    made(instance)
    assert not holds(instance, token)
    with pytest.raises(NotFound):
        spent(instance, token)


def test_the_database_holds_nothing_that_works_as_a_token(instance: Instance) -> None:
    token = made(instance)
    with instance.database.reading() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM tokens").fetchall()
    assert len(token) == 43
    for value in map(str, row):
        assert token not in value
        assert not holds(instance, value)
