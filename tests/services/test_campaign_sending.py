"""The mails of a campaign survive the worker: one that is killed half way is followed by another that goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from assessment.config import Settings
from assessment.core.access import Action
from assessment.opening import make_instance
from assessment.press import ReportPress
from assessment.services import mails
from assessment.services.asking import Asking
from assessment.services.clusters import campaign_sending, campaigns, clusters
from assessment.services.clusters.campaigns import CAMPAIGN_JOB
from assessment.services.instance import Instance
from assessment.services.upkeep.running import run_due
from assessment.storage import jobs
from assessment.storage.clusters import campaigns as stored
from assessment.storage.jobs import Job
from assessment.storage.people import people
from assessment.worker import handlers_of
from tests.sites import shipped as library
from tests.tables import with_tables
from tests.web.mailbox import Mailbox, open_mailbox
from tests.web.visiting import Clock

ROOT = Path(__file__).resolve().parents[2]
MANY = 40
WORKER = """
import os, time
from assessment.config import Settings
from assessment.opening import make_instance
from assessment.press import ReportPress
from assessment.services.clusters import campaign_sending
from assessment.services.upkeep.running import run_due
from assessment.worker import handlers_of
instance = make_instance(Settings.from_env(os.environ))
handlers = handlers_of(instance, ReportPress())
while due := campaign_sending.portion(instance):
    for job in due:
        run_due(instance, handlers, job)
"""


@pytest.fixture(name="mailbox")
def _mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


def environment(folder: Path, mailbox: Mailbox, an_hour: int = 60_000) -> dict[str, str]:
    return {
        "ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(folder), "ASSESSMENT_SMTP_URL": mailbox.url,
        "ASSESSMENT_MAIL_FROM": "check@example.org", "ASSESSMENT_CAMPAIGN_MAILS": str(an_hour),
        "ASSESSMENT_SECRET_KEY": "k9Vx2mQ7tR4wZ8bN1cF6hJ3pL5sD0gYa-uE_iOvX",
        "ASSESSMENT_CODE_KEY": "T7rB3nM9xW2qK6vC1zH8jP4fS5dG0aLy_oUiEeXw",
    }  # fmt: skip


class Running:
    """A campaign whose mails were asked for."""

    def __init__(self, instance: Instance, many: int) -> None:
        self.instance = instance
        with instance.database.writing() as connection:
            manager = people.add_person(
                connection, "manager@cluster.example", instance.now(), uniquifier=uuid4().hex, staff_role="manager"
            ).id  # fmt: skip
        self.cluster_id = clusters.make(instance, manager, "Rowan", "en")
        self.asking = Asking("", Action.RUN_CLUSTER, manager)
        self.campaign_id = campaigns.make(instance, self.asking, self.cluster_id, "Spring")
        rows = [(number, [f"firm{number}@example.org", f"Firm {number}"]) for number in range(many)]
        here = (instance, self.asking, self.cluster_id, self.campaign_id)
        campaigns.read(*here, rows, "en")
        campaigns.take(*here)
        assert campaigns.send(*here) == many

    def states(self) -> dict[str, int]:
        return dict(campaigns.progress_of(self.instance, self.campaign_id).states)


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="instance")
def _instance(tmp_path: Path, clock: Clock, mailbox: Mailbox) -> Iterator[Instance]:
    with_tables(tmp_path)
    made = make_instance(Settings.from_env(environment(tmp_path, mailbox)), library(), clock)
    yield replace(made, wake=lambda job: None)
    made.database.close()


def send_all(instance: Instance) -> None:
    handlers = handlers_of(instance, ReportPress())
    while due := campaign_sending.portion(instance):
        for job_id in due:
            run_due(instance, handlers, job_id)


def test_a_worker_that_is_killed_half_way_is_followed_by_one_that_goes_on(tmp_path: Path, mailbox: Mailbox) -> None:
    """A process of its own is killed while it sends: none is lost, and the one in its hands at most goes out twice."""
    settings = Settings.from_env(environment(tmp_path, mailbox))
    with_tables(tmp_path)
    instance = replace(make_instance(settings, library()), wake=lambda job: None)
    running = Running(instance, MANY)
    environ = {**os.environ, **environment(tmp_path, mailbox), "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environ, cwd=ROOT)
    ends = time.monotonic() + 60
    while len(mailbox.mails) < MANY // 4 and time.monotonic() < ends:
        assert worker.poll() is None
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    half = len(mailbox.mails)
    assert MANY // 4 <= half < MANY, "it was to die half way"
    assert 0 < running.states()["queued"] < MANY
    instance.database.close()
    # The lease of what was in its hands runs out.
    started = time.time()
    later = replace(instance, now=lambda: instance.now() + timedelta(minutes=2))
    send_all(later)
    assert time.time() - started < 60
    reached = [str(mail["To"]) for mail in mailbox.mails]
    assert len(set(reached)) == MANY
    assert len(reached) <= MANY + 1
    assert running.states() == {"sent": MANY}
    send_all(later)
    assert len(mailbox.mails) == len(reached)
    with instance.database.reading() as connection:
        found = stored.find(connection, running.campaign_id)
    assert found is not None
    assert found.state == "sent"
    instance.database.close()


def test_a_worker_that_dies_right_after_each_sending_sends_no_mail_a_third_time(
    instance: Instance, mailbox: Mailbox, clock: Clock
) -> None:
    running = Running(instance, 3)

    class Died(BaseException):
        """The process is gone: nothing after it runs."""

    def dies(connection: object) -> None:
        raise Died

    def hands_over(job: Job) -> None:
        letter = mails.Letter(f"{job.id}@example.org", "Hello", ("Hello",))
        mails.deliver(instance, job, letter, {}, dies)

    for _ in range(2):
        for job_id in campaign_sending.portion(instance):
            with pytest.raises(Died):
                run_due(instance, {CAMPAIGN_JOB: hands_over}, job_id)
        clock.forward(minutes=2)
    assert len(mailbox.mails) == 6
    for _ in range(3):
        send_all(instance)
        clock.forward(hours=2)
    assert len(mailbox.mails) == 6
    assert running.states() == {"failed": 3}


def test_what_was_sent_is_not_sent_again_where_only_the_mark_of_the_job_was_lost(
    instance: Instance, mailbox: Mailbox, clock: Clock
) -> None:
    Running(instance, 3)

    def dies(job: Job) -> None:
        campaign_sending.send(instance, job)
        raise KeyboardInterrupt

    for job_id in campaign_sending.portion(instance):
        with pytest.raises(KeyboardInterrupt):
            run_due(instance, {CAMPAIGN_JOB: dies}, job_id)
    clock.forward(minutes=2)
    send_all(instance)
    assert len(mailbox.mails) == 3


def test_thousands_that_wait_keep_no_other_job_waiting(instance: Instance, mailbox: Mailbox) -> None:
    Running(instance, 100)
    with instance.database.writing() as connection:
        mails.post(instance, connection, mails.Mail("ana@firm.example", "Your link", ("Here it is.",)))
        due = jobs.due(connection, instance.now())
    assert [job.kind for job in due] == [mails.MAIL_JOB]


def test_a_portion_is_a_sixtieth_of_an_hour_and_never_more_than_the_hour_has_left(
    tmp_path: Path, mailbox: Mailbox, clock: Clock
) -> None:
    with_tables(tmp_path)
    made = make_instance(Settings.from_env(environment(tmp_path, mailbox, 30)), library(), clock)
    instance = replace(made, wake=lambda job: None)
    Running(instance, 40)
    handlers = handlers_of(instance, ReportPress())
    sent = []
    for _ in range(70):
        due = campaign_sending.portion(instance)
        for job_id in due:
            run_due(instance, handlers, job_id)
        sent.append(len(due))
        clock.forward(minutes=1)
    assert set(sent[:30]) == {1}
    assert set(sent[30:60]) == {0}, "the hour has no room"
    assert sum(sent) == 40
    instance.database.close()
