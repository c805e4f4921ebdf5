"""An administrator's page about the instance, and the mail to oneself. UX 2.14"""

import socket
import ssl
from dataclasses import replace
from datetime import timedelta

import pytest

from assessment import __version__
from assessment.services.upkeep import inspecting
from assessment.storage import jobs
from assessment.storage.tables import SCHEMA_HEAD
from assessment.storage.upkeep import audit
from assessment.web.upkeep.inspecting import _why
from tests.reporting.languages import ENGLISH
from tests.web.conftest import MakeSite
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site, Visitor

ADA = "ada@office.example"
HERE = "/administration/instance"
TEST = HERE + "/test-mail"


def administrator(site: Site) -> Visitor:
    return signed_in(site, person(site, ADA, "administrator", "Ada"))


def asks_for_a_test(site: Site, status: int = 303) -> tuple[Visitor, Page]:
    ada = administrator(site)
    return ada, ada.submit(ada.get(HERE), action=TEST, status=status)


def through(site: Site, url: str) -> Site:
    """The same site with another mail server."""
    settings = replace(site.instance.settings, smtp_url=url, mail_from="check@example.org")
    object.__setattr__(site.instance, "settings", settings)
    return site


def events(site: Site) -> list[str]:
    with site.instance.database.reading() as connection:
        return [entry.event for entry in audit.entries(connection) if entry.event != "signed in"]


def test_it_says_versions_schema_periods_and_by_what_road_mail_leaves(mailed: Site, mailbox: Mailbox) -> None:
    words = administrator(mailed).get(HERE).words
    for told in (__version__, SCHEMA_HEAD, "SQLite 3", "resource-efficiency", mailbox.url.removeprefix("smtp://")):
        assert told in words, told
    assert "All is well" in words
    assert "ASSESSMENT_AUDIT_DAYS 730 days" in words
    assert "ASSESSMENT_UNDO_DAYS 7 days" in words
    assert "Not encrypted" in words


def test_periods_are_those_that_are_set(make_site: MakeSite) -> None:
    site = make_site(draft_days=11)
    assert "ASSESSMENT_DRAFT_DAYS 11 days" in administrator(site).get(HERE).words


def test_no_password_of_the_mail_server_is_shown(site: Site) -> None:
    ada = administrator(through(site, "smtp+starttls://desk:hunter2@mail.example.org"))
    page = ada.get(HERE)
    assert "mail.example.org:587" in page.words
    assert "Encrypted" in page.words
    assert "hunter2" not in page.text
    assert "desk" not in page.text


def test_jobs_that_wait_and_that_failed_are_counted_and_a_late_one_is_told(mailed: Site) -> None:
    ada = administrator(mailed)
    assert "A job waits since" not in ada.get(HERE).words
    with mailed.instance.database.writing() as connection:
        jobs.enqueue(connection, "other", {}, "other:1", mailed.clock())
        jobs.enqueue(connection, "campaign-mail", {}, "campaign:1", mailed.clock())
        failed = jobs.enqueue(connection, "other", {}, "other:2", mailed.clock())
        held = jobs.lease(connection, failed, mailed.clock())
        assert held is not None
        jobs.fail(connection, held, "Fault", mailed.clock(), for_good=True)
    words = ada.get(HERE).words
    assert "Jobs that wait 2" in words
    assert "Failed jobs 1 Look at them" in words
    assert "A job waits since" not in words
    mailed.clock.forward(minutes=5, seconds=1)
    assert "A job waits since" in ada.get(HERE).words


def test_a_mail_of_a_campaign_that_waits_for_its_portion_is_not_late(mailed: Site) -> None:
    with mailed.instance.database.writing() as connection:
        jobs.enqueue(connection, "campaign-mail", {}, "campaign:1", mailed.clock())
        assert jobs.due_since(connection, mailed.clock() + timedelta(hours=1)) is None


def test_the_last_backup_is_the_newest_of_the_audit_log(mailed: Site) -> None:
    ada = administrator(mailed)
    assert "No backup stands in the audit log, which begins on" in ada.get(HERE).words
    with mailed.instance.database.writing() as connection:
        mailed.instance.note(connection, "backup written", "", {})
    first = mailed.clock.now
    mailed.clock.forward(days=2)
    with mailed.instance.database.writing() as connection:
        mailed.instance.note(connection, "backup written", "", {})
        mailed.instance.note(connection, "glass closed", "", {})
    assert inspecting.look(mailed.instance).backup_at == first + timedelta(days=2)
    assert "The last one that stands in the audit log was written on" in administrator_again(mailed).get(HERE).words


def administrator_again(site: Site) -> Visitor:
    with site.instance.database.reading() as connection:
        found = connection.exec_driver_sql("SELECT id FROM people WHERE email = ?", (ADA,)).scalar_one()
    return signed_in(site, str(found))


def test_a_store_that_takes_nothing_is_not_called_well(mailed: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = administrator(mailed)
    monkeypatch.setattr("assessment.storage.database.Database.ready", lambda _database: False)
    assert "Nothing can be saved." in ada.get(HERE).words


def test_the_test_mail_reaches_ones_own_address_at_once(mailed: Site, mailbox: Mailbox) -> None:
    ada, sent = asks_for_a_test(mailed)
    (mail,) = mailbox.to(ADA)
    assert "If you read it, mail goes out." in text_of(mail)
    assert "is with the mail server" in ada.follow(sent).words
    assert events(mailed) == ["test mail sent"]


def test_in_a_demo_without_a_server_it_is_printed(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    ada, sent = asks_for_a_test(site)
    assert f"--- Mail to {ADA}: A test mail" in capsys.readouterr().out
    assert "is printed where the server was started" in ada.follow(sent).words


def test_without_a_server_in_production_it_says_what_to_set(make_site: MakeSite) -> None:
    site = make_site(production=True)
    _, page = asks_for_a_test(site, 422)
    assert "No mail server is set. Set ASSESSMENT_SMTP_URL" in page.words
    assert events(site) == []


def test_a_refusal_is_told_in_words_and_nothing_of_it_waits(mailed: Site, mailbox: Mailbox) -> None:
    mailbox.refusal = f"550 we do not like {ADA}"
    _, page = asks_for_a_test(mailed, 422)
    assert "The mail server did not take it (SMTPDataError)." in page.words
    assert "we do not like" not in page.text
    seen = inspecting.look(mailed.instance)
    assert (seen.waiting, seen.failed, events(mailed)) == (0, 0, [])


def test_a_server_that_is_not_there_is_told_in_words(site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _, page = asks_for_a_test(through(site, f"smtp://127.0.0.1:{port}"), 422)
    assert "does not answer there. Look at host and port." in page.words


def test_a_server_without_encryption_where_it_is_asked_for_is_told_in_words(mailed: Site, mailbox: Mailbox) -> None:
    _, page = asks_for_a_test(through(mailed, mailbox.url.replace("smtp://", "smtp+starttls://")), 422)
    assert "does not offer what is asked of it" in page.words
    assert mailbox.mails == []


@pytest.mark.parametrize("fault", [socket.gaierror, TimeoutError, ConnectionRefusedError, ssl.SSLCertVerificationError])
def test_the_faults_that_have_words_are_called_as_python_calls_them(fault: type[Exception]) -> None:
    assert "(" not in _why(fault.__name__, ENGLISH)
    assert "(Fault)" in _why("Fault", ENGLISH)


@pytest.mark.parametrize("role", ["", "mentor", "manager"])
def test_nobody_else_sees_it_or_sends_mail(mailed: Site, mailbox: Mailbox, role: str) -> None:
    other = signed_in(mailed, person(mailed, "ana@firma.example", role))
    other.get(HERE, status=404)
    other.post(TEST, {}, 404)
    assert mailbox.mails == []
