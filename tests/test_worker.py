"""The worker and its queue: a job ordered is a PDF stored, failures are tried again, messages are JSON."""

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from huey.registry import Message
from huey.utils import Error

from assessment.config import Settings
from assessment.core.checks.answers import NO_REMARK
from assessment.core.errors import NotMade
from assessment.opening import make_instance
from assessment.press import ReportPress
from assessment.queueing import RUN_JOB, JsonSerializer, job_task, only_queue, open_queue
from assessment.reporting.pdf import render_pdf
from assessment.services.aggregates import readiness
from assessment.services.checks import answering, results
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.plans import reports
from assessment.services.upkeep import running
from assessment.services.upkeep.running import run_due
from assessment.storage import jobs
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change
from assessment.storage.jobs import MOST_TRIES, Job
from assessment.worker import handlers_of, make_worker
from tests.sites import shipped as library
from tests.tables import with_tables

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


def settings_in(data: Path) -> Settings:
    return Settings.from_env({"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(data)})


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="instance")
def _instance(tmp_path: Path, clock: Clock) -> Instance:
    """An instance of its own, with an empty database of the newest schema; nobody is told of jobs."""
    with_tables(tmp_path)
    made = make_instance(settings_in(tmp_path), library(), clock)
    return replace(made, wake=lambda job: None)


def submitted(instance: Instance) -> OpenDraft:
    """The answers of the example bakery, submitted: the result is frozen and its PDF ordered."""
    name, version = instance.library.newest
    example = instance.library.examples()["bakery-bg"]
    changes = [Change(question, value, NO_REMARK) for question, value in example.answers.items()]
    with instance.database.writing() as connection:
        draft = assessments.create(
            connection, questionnaire=name, version=version, depth="full", language="en", now=instance.now()
        )
        saved = assessments.save_answers(connection, draft, changes, instance.now())
    opened = answering.with_route(instance, saved.draft, "en")
    results.submit(instance, opened, "en")
    return opened


def state_of(instance: Instance, opened: OpenDraft, press: ReportPress) -> reports.Made:
    frozen = results.latest(instance, opened, "en")
    return reports.state_of(instance, press, reports.material_of(instance, opened, frozen, "en"))


def due(instance: Instance) -> list[Job]:
    with instance.database.reading() as connection:
        return list(jobs.due(connection, instance.now()))


def dead(instance: Instance) -> list[Job]:
    with instance.database.reading() as connection:
        return list(jobs.dead(connection))


# Jobs


def test_the_job_that_a_submission_orders_makes_the_pdf_and_is_done(instance: Instance) -> None:
    press = ReportPress(render_pdf)
    opened = submitted(instance)
    (ordered,) = due(instance)
    assert state_of(instance, opened, press).state == "being-made"
    run_due(instance, handlers_of(instance, press), ordered.id)
    made = state_of(instance, opened, press)
    assert made.state == "ready"
    assert made.pages >= 4
    assert due(instance) == []


def test_who_orders_a_pdf_when_twenty_wait_is_told_to_come_back_and_nothing_is_ordered(instance: Instance) -> None:
    """RELIABILITY OUT-04."""
    press = ReportPress(render_pdf)
    opened = submitted(instance)
    (ordered,) = due(instance)
    run_due(instance, {ordered.kind: lambda arguments: None}, ordered.id)
    shown = reports.material_of(instance, opened, results.latest(instance, opened, "en"), "en")
    with instance.database.writing() as connection:
        for number in range(reports.MOST_WAITING - 1):
            jobs.enqueue(connection, results.REPORT_JOB, {}, f"other:{number}", instance.now())
    reports.order(instance, press, shown)
    assert len(due(instance)) == reports.MOST_WAITING
    named = replace(shown, opened=replace(opened, draft=replace(opened.draft, company_name="Another name")))
    with pytest.raises(NotMade) as refused:
        reports.order(instance, press, named)
    assert refused.value.code == "busy"
    assert len(due(instance)) == reports.MOST_WAITING


def test_a_job_that_is_done_or_not_there_is_not_run(instance: Instance) -> None:
    submitted(instance)
    (ordered,) = due(instance)
    runs: list[str] = []
    handlers = {ordered.kind: lambda job: runs.append(job.arguments["assessment"])}
    run_due(instance, handlers, ordered.id)
    run_due(instance, handlers, ordered.id)
    run_due(instance, handlers, "no-such-job")
    assert len(runs) == 1


def test_a_job_that_is_running_is_not_run_beside(instance: Instance) -> None:
    submitted(instance)
    (ordered,) = due(instance)
    runs: list[str] = []

    def again(job: Job) -> None:
        runs.append(job.arguments["assessment"])
        run_due(instance, {ordered.kind: again}, ordered.id)

    run_due(instance, {ordered.kind: again}, ordered.id)
    assert len(runs) == 1


def test_a_snapshot_that_takes_longer_than_a_lease_is_not_taken_by_the_other_worker(
    instance: Instance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it does meanwhile is to wait for two leases to go by, as working figures out does for thousands."""
    found: list[list[Job]] = []

    def takes_long(instance: Instance, _cluster: str, _person: str) -> str:
        for _ in range(4):
            clock.time += jobs.LEASE / 2
            until = time.monotonic() + 10
            while held_until(instance, "snapshot") <= clock.time + jobs.LEASE / 2 and time.monotonic() < until:
                time.sleep(0.01)
            found.append(due(instance))
        return ""

    monkeypatch.setattr(readiness, "make", takes_long)
    monkeypatch.setattr(running, "SIGN_OF_LIFE", timedelta(seconds=0.02))
    with instance.database.writing() as connection:
        arguments = {"cluster": "cluster", "person": "person"}
        job_id = jobs.enqueue(connection, readiness.SNAPSHOT_JOB, arguments, "snapshot", instance.now())
    before = threading.active_count()
    run_due(instance, handlers_of(instance, ReportPress(render_pdf)), job_id)
    assert found == [[], [], [], []]
    # A worker forks to print, so nothing runs beside it by then.
    assert threading.active_count() == before
    with instance.database.reading() as connection:
        assert jobs.states(connection) == {"done": 1}


def held_until(instance: Instance, effect: str) -> datetime:
    with instance.database.reading() as connection:
        told = connection.exec_driver_sql("SELECT lease_until FROM jobs WHERE effect_key = ?", (effect,)).scalar_one()
    return datetime.fromisoformat(told)


def test_no_sign_of_life_is_given_of_a_job_that_was_taken_away(
    instance: Instance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SIGN_OF_LIFE", timedelta(seconds=0.01))
    submitted(instance)
    (ordered,) = due(instance)
    with instance.database.writing() as connection:
        first = jobs.lease(connection, ordered.id, clock.time)
        clock.time += 2 * jobs.LEASE
        second = jobs.lease(connection, ordered.id, clock.time)
    assert first is not None
    assert second is not None
    clock.time += 2 * jobs.LEASE
    with running.alive(instance, first):
        time.sleep(0.1)
    assert [job.id for job in due(instance)] == [ordered.id]


def failing(job: Job) -> None:
    raise RuntimeError(f"no paper for {job.arguments['assessment']}")


def test_a_failing_job_is_tried_again_further_and_further_apart_and_then_rests(
    instance: Instance, clock: Clock
) -> None:
    opened = submitted(instance)
    (ordered,) = due(instance)
    waits = []
    for _ in range(MOST_TRIES):
        run_due(instance, {ordered.kind: failing}, ordered.id)
        assert due(instance) == []
        began = clock.time
        while not due(instance) and clock.time < began + timedelta(hours=1):
            clock.time += timedelta(seconds=10)
        waits.append((clock.time - began).total_seconds())
    assert waits == [10, 40, 160, 640, 3600]
    (resting,) = dead(instance)
    assert (resting.id, resting.tries, resting.error) == (ordered.id, MOST_TRIES, "RuntimeError")
    assert state_of(instance, opened, ReportPress(render_pdf)).state == "failed"


def test_a_dead_job_is_made_when_a_person_revives_it(instance: Instance, clock: Clock) -> None:
    submitted(instance)
    (ordered,) = due(instance)
    for _ in range(MOST_TRIES):
        run_due(instance, {ordered.kind: failing}, ordered.id)
        clock.time += timedelta(hours=1)
    with instance.database.writing() as connection:
        assert jobs.revive(connection, ordered.id, clock())
    run_due(instance, {ordered.kind: lambda job: None}, ordered.id)
    assert dead(instance) == []
    assert due(instance) == []


def test_a_kind_of_job_that_is_not_known_fails_and_stops_nothing(instance: Instance) -> None:
    submitted(instance)
    (ordered,) = due(instance)
    run_due(instance, {}, ordered.id)
    with instance.database.reading() as connection:
        found = jobs.find(connection, ordered.effect_key)
    assert found is not None
    assert (found.state, found.error) == ("waiting", "KeyError")


def test_a_job_whose_message_was_lost_is_found_by_the_look_around(instance: Instance) -> None:
    submitted(instance)
    (ordered,) = due(instance)
    queue = open_queue(instance.settings)
    make_worker(instance, queue)
    (look_around,) = queue.read_periodic(datetime(2026, 11, 24, 12, 0))  # noqa: DTZ001
    queue.execute(look_around)
    assert [task.args for task in queue.pending()] == [(ordered.id,)]


# The queue

MESSAGE = Message("id-1", "run_job", None, 2, 10, 1, ("job-1",), {}, None, None, None, None)


def test_a_message_an_error_and_a_value_come_back_as_they_were() -> None:
    serializer = JsonSerializer()
    for written in (MESSAGE, "text", None, 3, ["a", {"b": 1}]):
        assert serializer.deserialize(serializer.serialize(written)) == written
    error = serializer.deserialize(serializer.serialize(Error({"error": "RuntimeError()", "retries": 0})))
    assert isinstance(error, Error)
    assert error.metadata == {"error": "RuntimeError()", "retries": 0}


def test_messages_are_json_and_pickled_ones_are_refused() -> None:
    assert json.loads(JsonSerializer().serialize(MESSAGE))["message"][:2] == ["id-1", "run_job"]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(ValueError, match=r"."):
            JsonSerializer().deserialize(pickle.dumps(MESSAGE, protocol))


def test_what_is_not_json_cannot_be_queued() -> None:
    with pytest.raises(TypeError):
        JsonSerializer().serialize(object())


def test_the_queue_carries_the_id_of_a_job_and_nothing_else(tmp_path: Path) -> None:
    queue = open_queue(settings_in(tmp_path))
    job_task(queue, only_queue)("job-7")
    (written,) = queue.storage.enqueued_items()
    _, name, *_, arguments, named = json.loads(written)["message"][:8]
    assert (name.rpartition(".")[2], arguments, named) == (RUN_JOB, ["job-7"], {})
    reader = open_queue(settings_in(tmp_path))
    ran: list[str] = []
    job_task(reader, ran.append)
    reader.execute(reader.dequeue())
    assert ran == ["job-7"]


def test_a_queue_that_is_away_loses_no_job(tmp_path: Path) -> None:
    with_tables(tmp_path)
    made = make_instance(settings_in(tmp_path), library(), Clock())
    (tmp_path / "queue.sqlite").unlink(missing_ok=True)
    (tmp_path / "queue.sqlite").mkdir()
    submitted(made)
    assert len(due(made)) == 1


def wait_until(what: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.1)
    return what()


def test_a_real_worker_makes_the_pdf_of_a_submission_and_stops_when_told(tmp_path: Path) -> None:
    env = {**os.environ, "ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(tmp_path)}
    with_tables(tmp_path)
    made = make_instance(settings_in(tmp_path), library())
    press = ReportPress(render_pdf)
    worker = subprocess.Popen([sys.executable, "-m", "assessment.cli", "worker"], cwd=ROOT, env=env)
    try:
        opened = submitted(made)
        assert wait_until(lambda: state_of(made, opened, press).state == "ready", 60)
        assert worker.poll() is None
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) in (0, -signal.SIGTERM)
