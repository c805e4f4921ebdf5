"""Mail: goes out after the commit, is tried again, never lost, never sent a third time; and nobody's header breaks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assessment.config import ConfigurationError, Settings
from assessment.opening import make_instance
from assessment.press import ReportPress
from assessment.services import mails
from assessment.services.instance import Instance
from assessment.services.mails import MAIL_JOB, Mail
from assessment.services.people import links_once
from assessment.services.people.links_once import Bound
from assessment.services.upkeep.running import run_due
from assessment.storage import jobs
from assessment.storage.jobs import MOST_TRIES, Job
from assessment.worker import handlers_of
from tests.sites import shipped as library
from tests.tables import with_tables
from tests.web.mailbox import Mailbox, open_mailbox, text_of
from tests.web.visiting import Clock

ANA = "ana@firma.example"
HELLO = Mail(ANA, "Hello", ("Somebody said <b>hello</b>.",))


@pytest.fixture(name="mailbox")
def _mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="instance")
def _instance(tmp_path: Path, clock: Clock, mailbox: Mailbox) -> Iterator[Instance]:
    environ = {"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(tmp_path), "ASSESSMENT_JOBS": "inline",
               "ASSESSMENT_SMTP_URL": mailbox.url,
               "ASSESSMENT_MAIL_FROM": "Green Pathways <check@example.org>"}  # fmt: skip
    with_tables(tmp_path)
    made = make_instance(Settings.from_env(environ), library(), clock)
    yield made
    made.database.close()


def posted(instance: Instance, mail: Mail = HELLO) -> str:
    with instance.database.writing() as connection:
        return mails.post(instance, connection, mail)


def job_of(instance: Instance, state: str) -> list[Job]:
    with instance.database.reading() as connection:
        listed = jobs.dead(connection) if state == "dead" else jobs.due(connection, instance.now())
    return list(listed)


# Going out


def test_a_mail_has_plain_text_and_html_in_which_nothing_that_was_typed_is_markup(
    instance: Instance, mailbox: Mailbox
) -> None:
    posted(instance)
    assert mailbox.mails == []
    mails.go_out(instance)
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"], mail["From"]) == (ANA, "Hello", "Green Pathways <check@example.org>")
    assert "Somebody said <b>hello</b>." in text_of(mail)
    page = mail.get_body(("html",))
    assert page is not None
    assert "<p>Somebody said &lt;b&gt;hello&lt;/b&gt;.</p>" in page.get_content()


def test_a_mail_of_a_change_that_was_taken_back_is_not_sent(instance: Instance, mailbox: Mailbox) -> None:
    def changed() -> None:
        with instance.database.writing() as connection:
            mails.post(instance, connection, HELLO)
            raise RuntimeError("the change failed")

    with pytest.raises(RuntimeError):
        changed()
    mails.go_out(instance)
    assert mailbox.mails == []


def test_the_worker_sends_what_a_web_server_asked_for(instance: Instance, mailbox: Mailbox) -> None:
    woken: list[str] = []
    served = replace(instance, settings=replace(instance.settings, jobs="worker"), wake=woken.append)
    mails.go_out(served, posted(served), "")
    assert (len(woken), mailbox.mails) == (1, [])
    run_due(instance, handlers_of(instance, ReportPress()), woken[0])
    assert len(mailbox.mails) == 1


def test_the_token_of_a_link_stands_in_the_mail_and_nowhere_in_the_database(
    instance: Instance, mailbox: Mailbox, tmp_path: Path
) -> None:
    with instance.database.writing() as connection:
        made = links_once.make(instance, connection, "join", Bound(ANA))
        mails.post(instance, connection, replace(HELLO, link=f"http://x/join/{links_once.PLACE}", link_id=made.id))
    assert made.token.encode() not in (tmp_path / "assessment.sqlite3").read_bytes()
    mails.go_out(instance)
    assert f"http://x/join/{made.token}\n" in text_of(mailbox.mails[0])


def test_of_a_mail_that_was_sent_nothing_personal_is_kept(instance: Instance, tmp_path: Path) -> None:
    job_id = posted(instance)
    with instance.database.reading() as connection:
        assert ANA in json.dumps(dict(next(job for job in jobs.due(connection, instance.now())).arguments))
    mails.go_out(instance)
    with instance.database.reading() as connection:
        rows = [str(row) for row in connection.exec_driver_sql("SELECT * FROM jobs")]
    assert job_id in rows[0]
    assert ANA not in "".join(rows)
    assert "hello" not in "".join(rows)


def test_a_demo_prints_its_mail(instance: Instance, capsys: pytest.CaptureFixture[str], mailbox: Mailbox) -> None:
    printing = replace(instance, settings=replace(instance.settings, smtp_url=""))
    posted(printing)
    mails.go_out(printing)
    assert "--- Mail to ana@firma.example: Hello" in capsys.readouterr().out
    assert mailbox.mails == []


def test_in_production_without_a_mail_server_nothing_is_printed_and_the_mail_waits(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    silent = replace(instance, settings=replace(instance.settings, smtp_url="", mode="production"))
    assert not mails.can_send(silent)
    posted(silent)
    mails.go_out(silent)
    assert ANA not in capsys.readouterr().out
    silent.now.forward(hours=1)  # type: ignore[attr-defined]
    assert [job.kind for job in job_of(silent, "due")] == [MAIL_JOB]


# Bad luck


def test_a_refused_mail_is_tried_again_five_times_and_then_waits_for_a_person(
    instance: Instance, mailbox: Mailbox, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.refusal = f"451 try later, {ANA}"
    posted(instance)
    for _ in range(MOST_TRIES + 2):
        mails.go_out(instance)
        clock.forward(hours=2)
    assert mailbox.mails == []
    (resting,) = job_of(instance, "dead")
    assert (resting.tries, resting.error, resting.arguments["to"]) == (MOST_TRIES, "MailFailed", ANA)
    assert ANA not in caplog.text


@pytest.mark.parametrize("failures", [1, 2, 3, 4])
def test_a_mail_that_was_refused_is_sent_once_when_the_server_takes_it_again(
    instance: Instance, mailbox: Mailbox, clock: Clock, failures: int
) -> None:
    mailbox.refusal = "451 try later"
    posted(instance)
    for attempt in range(MOST_TRIES + 2):
        if attempt == failures:
            mailbox.refusal = ""
        mails.go_out(instance)
        clock.forward(hours=2)
    assert len(mailbox.mails) == 1
    assert job_of(instance, "dead") == []


def test_a_server_that_is_away_costs_a_try_and_not_the_mail(instance: Instance, mailbox: Mailbox, clock: Clock) -> None:
    away = replace(instance, settings=replace(instance.settings, smtp_url="smtp://127.0.0.1:9"))
    posted(away)
    mails.go_out(away)
    clock.forward(hours=1)
    mails.go_out(instance)
    assert len(mailbox.mails) == 1


def test_where_nobody_knows_whether_a_mail_arrived_it_is_sent_twice_at_most(
    instance: Instance, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.hangs_up = True
    posted(instance)
    for _ in range(MOST_TRIES + 2):
        mails.go_out(instance)
        clock.forward(hours=2)
    assert len(mailbox.mails) == 2
    (resting,) = job_of(instance, "dead")
    assert resting.error == "MailResting"
    assert mailbox.mails[0]["Message-ID"] == mailbox.mails[1]["Message-ID"]


def test_a_worker_that_dies_right_after_sending_costs_one_more_mail_and_no_third(
    instance: Instance, mailbox: Mailbox, clock: Clock
) -> None:
    job_id = posted(instance)

    class Died(BaseException):
        """The process is gone: nothing after it runs."""

    def dies(job: Job) -> None:
        with mails._server(instance) as hand_over:
            mails._noted(instance, job, int(job.arguments["handed"]) + 1)
            hand_over(mails._message(instance, job.id, mails._letter(instance, job)))
        raise Died

    for _ in range(2):
        with pytest.raises(Died):
            run_due(instance, {MAIL_JOB: dies}, job_id)
        clock.forward(minutes=2)
    for _ in range(3):
        mails.go_out(instance)
        clock.forward(hours=2)
    assert len(mailbox.mails) == 2
    assert [job.id for job in job_of(instance, "dead")] == [job_id]


def test_a_mail_that_went_out_is_not_sent_again_where_only_the_mark_of_the_job_was_lost(
    instance: Instance, mailbox: Mailbox, clock: Clock
) -> None:
    job_id = posted(instance)

    def dies(job: Job) -> None:
        mails.send(instance, job)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_due(instance, {MAIL_JOB: dies}, job_id)
    clock.forward(minutes=2)
    mails.go_out(instance)
    assert len(mailbox.mails) == 1
    assert job_of(instance, "dead") == []


# What is not sent


def test_an_address_is_written_to_three_times_an_hour(instance: Instance, mailbox: Mailbox, clock: Clock) -> None:
    assert [bool(posted(instance)) for _ in range(4)] == [True, True, True, False]
    assert posted(instance, replace(HELLO, to="other@firma.example"))
    mails.go_out(instance)
    assert len(mailbox.to(ANA)) == 3
    assert not posted(instance)
    clock.forward(hours=1, seconds=1)
    assert posted(instance)


def test_a_patient_mail_waits_its_turn_instead_of_being_dropped(
    instance: Instance, mailbox: Mailbox, clock: Clock
) -> None:
    assert not [posted(instance) for _ in range(4)][-1]
    waiting = [replace(HELLO, subject=f"Proposal {at}", patient=True) for at in range(4)]
    assert all(posted(instance, mail) for mail in waiting)
    for hours, sent in ((0, 3), (1, 6), (1, 7)):
        clock.forward(hours=hours, seconds=1)
        mails.go_out(instance)
        assert len(mailbox.to(ANA)) == sent
    assert sorted(mail["Subject"] for mail in mailbox.to(ANA)[3:]) == [f"Proposal {at}" for at in range(4)]


def test_patient_mails_of_hour_after_hour_stand_behind_each_other_and_hold_up_nothing_else(
    instance: Instance, mailbox: Mailbox, clock: Clock
) -> None:
    """Six proposals each hour: three go out an hour, however many wait, and a link to sign in goes at once besides."""
    for hour in range(4):
        assert all(posted(instance, replace(HELLO, subject=f"{hour} {at}", patient=True)) for at in range(6))
        before = len(mailbox.to(ANA))
        mails.go_out(instance)
        assert len(mailbox.to(ANA)) - before == 3
        if hour < 3:
            clock.forward(hours=1, seconds=1)
    assert posted(instance, replace(HELLO, subject="Your link"))
    mails.go_out(instance)
    assert "Your link" in [mail["Subject"] for mail in mailbox.to(ANA)]


def test_what_must_be_told_is_told_however_often_somebody_asked(instance: Instance) -> None:
    for _ in range(4):
        posted(instance)
    assert posted(instance, replace(HELLO, notice=True))


@pytest.mark.parametrize("sign", ["\r", "\n", "\u2028", "\u2029", "\x85", "\0"])
@pytest.mark.parametrize("header", ["to", "subject"])
def test_a_header_that_breaks_is_refused(instance: Instance, sign: str, header: str) -> None:
    words = f"a@b.example{sign}Bcc: thief@example.org"
    broken = replace(HELLO, to=words) if header == "to" else replace(HELLO, subject=words)
    with pytest.raises(ValueError, match="one line"):
        posted(instance, broken)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Bakery Ana", "Bakery Ana"),
        ("A\r\nBcc: thief@example.org", "A Bcc: thief@ example. org"),
        ("St. Anna", "St. Anna"),
        ("See https://evil.example/x", "See https: / / evil. example/ x"),
        ("x" * 10_000, "x" * 80),
        ("a\u202eb\u2028c", "a b c"),
    ],
)
def test_a_name_in_a_mail_is_one_short_line_without_anything_to_click(typed: str, shown: str) -> None:
    assert mails.one_line(typed) == shown


# Settings


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "smtp://u:secret99@mail.example.org", "smtp"])
def test_a_mail_server_that_cannot_be_one_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    environ = {"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(tmp_path), "ASSESSMENT_SMTP_URL": url,
               "ASSESSMENT_MAIL_FROM": "a@example.org"}  # fmt: skip
    with pytest.raises(ConfigurationError, match="ASSESSMENT_SMTP_URL") as told:
        Settings.from_env(environ)
    assert "secret99" not in str(told.value)


def test_a_mail_server_needs_somebody_who_writes(tmp_path: Path) -> None:
    environ = {"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(tmp_path),
               "ASSESSMENT_SMTP_URL": "smtp+starttls://u:p@mail.example.org:587"}  # fmt: skip
    with pytest.raises(ConfigurationError, match="ASSESSMENT_MAIL_FROM"):
        Settings.from_env(environ)
    assert Settings.from_env({**environ, "ASSESSMENT_MAIL_FROM": "a@example.org"}).mail_from == "a@example.org"
