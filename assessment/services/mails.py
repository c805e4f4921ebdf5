"""Mail: asked for in the transaction of a change, sent after it, tried again, and never sent a third time.

A mail is a job. Before it is handed to the server that is noted, and when the server has taken it, all that is
personal in the job goes. So a worker that dies in between sends it once more at most; then it rests and waits for a
person. A refusal or a server that is away leaves no note: such a mail is tried five times, further and further apart.
"""

import hashlib
import hmac
import logging
import re
import smtplib
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from sqlalchemy import Connection

from assessment.content import folders
from assessment.i18n import Language, languages
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.upkeep.running import Rests, run_due
from assessment.storage import jobs
from assessment.storage.jobs import Job
from assessment.storage.people import people

log = logging.getLogger("assessment.mail")

MAIL_JOB: Final = "mail"
MOST_IN_AN_HOUR: Final = 3
MOST_HANDED_OVER: Final = 2
LONGEST_NAME: Final = 80
_PATIENCE: Final = 20
_GAPS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_JOINTS: Final = re.compile(r"([.:/@])(?=\S)")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in plain words; `link` is an address of ours, which may name `links_once.PLACE` for a token."""

    to: str
    subject: str
    lines: tuple[str, ...]
    link: str = ""
    link_id: str = ""
    """The row of the link whose token goes into the address."""
    company_id: str = ""
    """Whom it is about, so that erasing the company can take it along."""
    notice: bool = False
    """Tells of something that happened, and is no answer to what anybody may ask for: not counted, never held back."""
    patient: bool = False
    """Waits its turn where the address was written to often within the hour, instead of not going out."""
    once: str = ""
    """What it tells of, where the calendar may ask for it again: it is not sent again."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it goes out. A line may have breaks; `foot` stands below the signature's mark."""

    to: str
    subject: str
    lines: tuple[str, ...]
    link: str = ""
    foot: tuple[str, ...] = ()
    no_more: str = ""
    """The address of ours by which no more such mails come; it is also one of the lines of `foot`."""


HandOver = Callable[[EmailMessage], object]


class MailFailed(Exception):
    """The mail did not go out, and nobody has it."""


class MailResting(Rests):
    """The mail may have gone out twice already, so it is not sent again."""


def asked_lately(instance: Instance, connection: Connection, address: str) -> int:
    """How many mails to an address were asked for within the hour, campaigns left aside."""
    since = instance.now() - timedelta(hours=1)
    return jobs.asked_since(connection, f"{MAIL_JOB}:{_mark(instance, address)}:", since)


def counted_key(instance: Instance, address: str) -> str:
    """A key for a job of a mail to an address, by which it is counted with the others to it."""
    return f"{MAIL_JOB}:{_mark(instance, address)}:{uuid4().hex}"


def one_line(text: str, longest: int = LONGEST_NAME) -> str:
    """What somebody typed, fit for a subject or a sentence of a mail: one line, not long, and no address to click."""
    return _JOINTS.sub(r"\1 ", _GAPS.sub(" ", text).strip())[:longest].strip()


def language_of(code: str) -> Language:
    """The language in which somebody is written to; English where there is no such one."""
    known = languages(folders.LOCALE)
    return known.get(code) or known["en"]


def language_to(connection: Connection, address: str, otherwise: Language) -> Language:
    """The language in which an address is written to: its account's, else the one of the page that asks for it."""
    person = people.find_person(connection, email=address)
    return language_of(person.language) if person is not None else otherwise


def can_send(instance: Instance) -> bool:
    """Whether mail goes anywhere: to a server by setting, else to the console of a demo."""
    return bool(instance.settings.smtp_url) or instance.settings.mode != "production"


def post(instance: Instance, connection: Connection, mail: Mail) -> str:
    """Ask for a mail in the caller's transaction; the job's id, for `go_out` after the commit.

    Empty where this address was written to three times within the hour: then no mail goes out, unless it is patient and
    waits an hour for each three before it. Empty as well where a restore left no address. Raises ValueError
    where a header would break into two: clean what was typed with `one_line`.
    """
    if any(_BREAKS.search(header) for header in (mail.to, mail.subject)):
        raise ValueError("a header of a mail is one line")
    if mail.to.endswith(people.NOWHERE):
        return ""
    now = instance.now()
    prefix = f"{MAIL_JOB}:{_mark(instance, mail.to)}:"
    asked, hours = 0 if mail.notice else asked_lately(instance, connection, mail.to), 0
    if mail.patient:
        # Behind all that wait already, whenever they were asked for. Under a key of their own, so that they never keep
        # a link to sign in from going out.
        prefix = f"{MAIL_JOB}-patient:{_mark(instance, mail.to)}:"
        waiting = jobs.due_after(connection, prefix, now - timedelta(hours=1))
        hours = (asked + waiting) // MOST_IN_AN_HOUR
    elif asked >= MOST_IN_AN_HOUR:
        return ""
    arguments = {
        "to": mail.to, "subject": mail.subject, "lines": list(mail.lines), "link": mail.link, "link_id": mail.link_id,
        "company": mail.company_id, "handed": 0,
    }  # fmt: skip
    once = mail.once or uuid4().hex
    key = notice_key(once) if mail.notice else prefix + once
    return jobs.enqueue(connection, MAIL_JOB, arguments, key, now, due_at=now + timedelta(hours=hours))


def notice_key(once: str) -> str:
    """Under what the job of a notice stands that is sent once."""
    return f"{MAIL_JOB}-notice:{once}"


def go_out(instance: Instance, *job_ids: str) -> None:
    """After the commit: have the mails of these jobs sent."""
    hand_over(instance, MAIL_JOB, send, *job_ids)


def hand_over(instance: Instance, kind: str, send: Callable[[Instance, Job], None], *job_ids: str) -> None:
    """Tell the worker of jobs, or do here and now what is due of their kind where there is none."""
    if instance.settings.jobs != "inline":
        for job_id in filter(None, job_ids):
            instance.wake(job_id)
        return
    with instance.database.reading() as connection:
        due = [job.id for job in jobs.due(connection, instance.now()) if job.kind == kind]
    for job_id in due:
        run_due(instance, {kind: lambda job: send(instance, job)}, job_id)


def send(instance: Instance, job: Job) -> None:
    """Send the mail of a job that is held.

    Raises MailFailed where it did not go out, MailResting where it may have gone out twice.
    """
    if not job.arguments.get("to"):
        # Sent before, by a worker that died before it could say so.
        return
    # What is personal in the job goes once it is sent.
    deliver(instance, job, _letter(instance, job), {})


def send_at_once(instance: Instance, mail: Mail) -> None:
    """Send one mail here and now, past the queue, and keep nothing of it: to show whether mail goes out.

    It carries no link that is worked out when it is sent. Raises MailFailed with the kind of fault as its text.
    """
    message = _message(instance, uuid4().hex, Letter(mail.to, mail.subject, mail.lines, mail.link))
    try:
        with _server(instance) as hand_over:
            hand_over(message)
    except (OSError, smtplib.SMTPException) as failure:
        # By its kind alone: what the server says may name the address or the account.
        raise MailFailed(type(failure).__name__) from None


def deliver(
    instance: Instance, job: Job, letter: Letter, keep: Mapping[str, Any], sent: Callable[[Connection], object] = id
) -> None:  # fmt: skip
    """Hand over the mail of a job that is held, noting in the job before that it will be.

    Once the server has taken it, `keep` is what stays in the job, and `sent` is called in the same transaction. Raises
    what `send` does.
    """
    handed = int(job.arguments["handed"])
    if handed >= MOST_HANDED_OVER:
        raise MailResting("it may have gone out twice")
    message = _message(instance, job.id, letter)
    with _server(instance) as hand_over:
        if not _noted(instance, job, handed + 1):
            return
        try:
            hand_over(message)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refused:
            # Without its cause, which names the address.
            _noted(instance, job, handed)
            raise MailFailed(type(refused).__name__) from None
        with instance.database.writing() as connection:
            jobs.note(connection, job, {**keep, "handed": handed + 1}, instance.now())
            sent(connection)


def _noted(instance: Instance, job: Job, handed: int) -> bool:
    with instance.database.writing() as connection:
        return jobs.note(connection, job, {**job.arguments, "handed": handed}, instance.now())


def _mark(instance: Instance, address: str) -> str:
    """An address as it stands in the key of a job, which outlives the mail."""
    return hmac.new(instance.settings.code_key.encode(), b"mail:" + address.encode(), hashlib.sha256).hexdigest()[:32]


def _letter(instance: Instance, job: Job) -> Letter:
    told = job.arguments
    link = str(told["link"])
    if told["link_id"]:
        link = link.replace(links_once.PLACE, links_once.token_of(instance, str(told["link_id"])))
    return Letter(str(told["to"]), str(told["subject"]), tuple(map(str, told["lines"])), link)


def _message(instance: Instance, job_id: str, letter: Letter) -> EmailMessage:
    settings, link = instance.settings, letter.link
    signed = [*letter.foot, settings.operator_name or "Green Pathways", settings.base_url]
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = settings.mail_from or "Green Pathways <no-reply@localhost>"
    message["To"] = letter.to
    message["Date"] = format_datetime(instance.now())
    message["Message-ID"] = f"<{job_id}@{urlsplit(settings.base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.no_more:
        message["List-Unsubscribe"] = f"<{letter.no_more}>"
    message.set_content("\n\n".join([*letter.lines, *filter(None, [link]), "\n".join(["-- ", *signed])]) + "\n")
    paragraphs = [f"<p>{_as_html(line)}</p>" for line in letter.lines]
    anchor = [f"<p>{_as_link(link)}</p>"] if link else []
    foot = "<br>".join(_as_link(line) if line == letter.no_more else escape(line) for line in signed)
    page = "\n".join(["<!DOCTYPE html>", "<html><body>", *paragraphs, *anchor, f"<p>{foot}</p>", "</body></html>"])
    message.add_alternative(page, subtype="html")
    return message


def _as_html(line: str) -> str:
    return escape(line).replace("\n", "<br>")


def _as_link(address: str) -> str:
    written = escape(address, quote=True)
    return f'<a href="{written}">{written}</a>'


@contextmanager
def _server(instance: Instance) -> Iterator[HandOver]:
    """What takes a message: a mail server that answers, or the console of a demo. Raises MailFailed without one."""
    url = instance.settings.smtp_url
    if not url:
        if instance.settings.mode == "production":
            raise MailFailed("no mail server is set")
        yield _to_console
        return
    try:
        server = _connected(url)
    except (OSError, smtplib.SMTPException) as failure:
        raise MailFailed(type(failure).__name__) from None
    try:
        yield server.send_message
    finally:
        # What was taken stays taken, however the server says goodbye.
        server.close()


def _connected(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=_PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, port or (587 if parts.scheme == "smtp+starttls" else 25), timeout=_PATIENCE)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _to_console(message: EmailMessage) -> None:
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    sys.stdout.write(f"\n--- Mail to {message['To']}: {message['Subject']}\n{text}---\n")
    sys.stdout.flush()
