"""Work written down with the change that asks for it, done at least once, given up in the end. DUR-14."""

from datetime import timedelta

import pytest

from assessment.storage import jobs
from assessment.storage.checks.assessments import create
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from tests.storage.conftest import NOW

SECOND = timedelta(seconds=1)


def ask(database: Database, effect: str = "report:1", at: timedelta = timedelta()) -> str:
    with database.writing() as connection:
        return jobs.enqueue(connection, "report", {"assessment": "a", "pages": 3}, effect, NOW + at)


def take(database: Database, job_id: str, at: timedelta = timedelta()) -> jobs.Job | None:
    with database.writing() as connection:
        return jobs.lease(connection, job_id, NOW + at)


def taken(database: Database, job_id: str, at: timedelta = timedelta()) -> jobs.Job:
    job = take(database, job_id, at)
    assert job is not None
    return job


def due(database: Database, at: timedelta = timedelta()) -> list[str]:
    with database.reading() as connection:
        return [job.id for job in jobs.due(connection, NOW + at)]


def state(database: Database, effect: str = "report:1") -> str:
    with database.reading() as connection:
        job = jobs.find(connection, effect)
    assert job is not None
    return job.state


def test_a_job_is_there_with_the_change_that_asked_for_it_or_not_at_all(database: Database) -> None:
    with pytest.raises(KeyError), database.writing() as connection:  # noqa: PT012
        create(connection, questionnaire="q", version="1", depth="full", language="en", now=NOW)
        jobs.enqueue(connection, "report", {}, "report:1", NOW)
        raise KeyError
    assert due(database) == []


def test_a_job_is_due_taken_and_finished(database: Database) -> None:
    job_id = ask(database)
    assert due(database) == [job_id]
    job = taken(database, job_id)
    assert (job.kind, job.arguments, job.tries, job.state) == ("report", {"assessment": "a", "pages": 3}, 1, "running")
    assert due(database) == []
    with database.writing() as connection:
        assert jobs.finish(connection, job, NOW)
    assert state(database) == "done"
    assert due(database, timedelta(days=1)) == []


def test_one_effect_is_one_job_however_often_it_is_asked_for(database: Database) -> None:
    job_id = ask(database)
    assert ask(database) == job_id
    job = taken(database, job_id)
    assert ask(database) == job_id
    assert state(database) == "running"
    with database.writing() as connection:
        assert jobs.finish(connection, job, NOW)
    assert ask(database, "report:2") != job_id


def test_asking_again_for_what_is_done_starts_it_anew(database: Database) -> None:
    job_id = ask(database)
    job = taken(database, job_id)
    with database.writing() as connection:
        jobs.finish(connection, job, NOW)
    assert ask(database, at=SECOND) == job_id
    assert state(database) == "waiting"
    assert taken(database, job_id, SECOND).tries == 1


def test_two_workers_do_not_get_the_same_job(database: Database) -> None:
    job_id = ask(database)
    assert take(database, job_id) is not None
    assert take(database, job_id) is None


def test_a_job_whose_worker_died_is_taken_by_another_and_the_late_one_cannot_close_it(database: Database) -> None:
    job_id = ask(database)
    first = taken(database, job_id)
    assert due(database, jobs.LEASE - SECOND) == []
    assert due(database, jobs.LEASE + SECOND) == [job_id]
    second = taken(database, job_id, jobs.LEASE + SECOND)
    assert second.tries == 2
    late = NOW + jobs.LEASE + 2 * SECOND
    with database.writing() as connection:
        assert not jobs.finish(connection, first, late)
        assert not jobs.fail(connection, first, "late", late)
        assert not jobs.extend(connection, first, late)
        assert jobs.finish(connection, second, late)
    assert state(database) == "done"


def test_a_worker_that_says_it_is_alive_keeps_its_job(database: Database) -> None:
    job_id = ask(database)
    job = taken(database, job_id)
    with database.writing() as connection:
        assert jobs.extend(connection, job, NOW + jobs.LEASE - SECOND)
    assert due(database, jobs.LEASE + SECOND) == []


def test_a_job_that_fails_is_tried_five_times_further_and_further_apart_then_rests(database: Database) -> None:
    job_id = ask(database)
    at = timedelta()
    waits = []
    for _ in range(jobs.MOST_TRIES):
        job = taken(database, job_id, at)
        with database.writing() as connection:
            assert jobs.fail(connection, job, "no room " * 200, NOW + at)
            found = jobs.find(connection, "report:1")
        assert found is not None
        assert len(found.error) == 500
        waits.append(found.due_at - NOW - at)
        if found.state == "waiting":
            assert take(database, job_id, at + waits[-1] - SECOND) is None
        at += waits[-1]
    assert waits == [timedelta(seconds=seconds) for seconds in (10, 40, 160, 640, 2560)]
    assert state(database) == "dead"
    assert due(database, timedelta(days=30)) == []
    with database.writing() as connection:
        assert [job.id for job in jobs.dead(connection)] == [job_id]
        assert jobs.revive(connection, job_id, NOW + at)
    assert due(database, at) == [job_id]


def test_a_job_that_kills_its_worker_every_time_rests_in_the_end(database: Database) -> None:
    job_id = ask(database)
    at = timedelta()
    for number in range(jobs.MOST_TRIES):
        assert taken(database, job_id, at).tries == number + 1
        at += jobs.LEASE + SECOND
    assert take(database, job_id, at) is None
    assert state(database) == "dead"


def test_a_worker_that_was_away_for_a_day_finds_everything_in_order(database: Database) -> None:
    wanted = [ask(database, f"report:{number}", timedelta(minutes=number)) for number in range(5)]
    assert due(database, timedelta(days=1)) == wanted


def test_a_clock_that_jumps_back_delays_a_job_and_loses_none(database: Database) -> None:
    job_id = ask(database)
    assert due(database, timedelta(hours=-1)) == []
    assert due(database) == [job_id]


def test_a_job_goes_with_the_assessment_it_is_about(database: Database, draft: Draft) -> None:
    with database.writing() as connection:
        jobs.enqueue(connection, "report", {}, "report:1", NOW, draft.id)
        connection.exec_driver_sql("DELETE FROM assessments")
        assert jobs.find(connection, "report:1") is None
