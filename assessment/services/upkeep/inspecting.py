"""What an administrator sees of the instance as a whole, and a mail to oneself that shows whether mail goes out."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from assessment import __version__
from assessment.services import mails
from assessment.services.instance import Instance
from assessment.services.mails import Mail
from assessment.storage import jobs
from assessment.storage.upkeep import audit

Road = Literal["server", "console", "none"]
_PORTS: Final[Mapping[str, int]] = {"smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True, slots=True)
class MailRoad:
    """How mail leaves; `server` is host and port without the name and the password."""

    kind: Road
    server: str
    encrypted: bool
    sender: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of an instance at a moment: figures and names, nothing of anybody's answers."""

    version: str
    python: str
    database: str
    journal: str
    """The journal mode of SQLite; empty for PostgreSQL."""
    schema: str
    newest_schema: str
    writable: bool
    questionnaires: Sequence[tuple[str, str]]
    """Name and newest version of each."""
    mail: MailRoad
    backup_at: datetime | None
    """When the audit log last tells of a backup: one made on another road is not known."""
    log_since: datetime | None
    """When the oldest row of the audit log was written, so that no backup in it can be judged."""
    waiting: int
    running: int
    failed: int
    due_since: datetime | None
    """When the job was due that waits longest, leaving out those that are taken by portions."""

    @property
    def healthy(self) -> bool:
        """The tables are those of this release, and a change can be written."""
        return self.writable and self.schema == self.newest_schema


def look(instance: Instance) -> Seen:
    """The instance as it stands now."""
    database = instance.database
    writable = database.ready()
    with database.reading() as connection:
        asked = "SELECT sqlite_version()" if database.is_sqlite else "SHOW server_version"
        version = str(connection.exec_driver_sql(asked).scalar_one())
        states = jobs.states(connection)
        due_since = jobs.due_since(connection, instance.now())
        written = audit.entries(connection, 1, event="backup written")
        since = audit.begins(connection)
    library = instance.library
    return Seen(
        version=__version__, python=platform.python_version(),
        database=f"{'SQLite' if database.is_sqlite else 'PostgreSQL'} {version}", journal=database.journal or "",
        schema=database.schema() or "", newest_schema=database.newest_schema, writable=writable,
        questionnaires=library.newest_of_each(), mail=mail_road(instance),
        backup_at=written[0].at if written else None, log_since=since, waiting=states.get("waiting", 0),
        running=states.get("running", 0), failed=states.get("dead", 0), due_since=due_since,
    )  # fmt: skip


def send_test(instance: Instance, person_id: str, mail: Mail) -> None:
    """Send a mail to whoever looks after the instance, here and now, and put down that it went out.

    Raises MailFailed with the kind of fault.
    """
    mails.send_at_once(instance, mail)
    with instance.database.writing() as connection:
        instance.note(connection, "test mail sent", person_id, {})


def mail_road(instance: Instance) -> MailRoad:
    """By what road mail leaves here, as it is set."""
    settings = instance.settings
    if not settings.smtp_url:
        return MailRoad("none" if settings.mode == "production" else "console", "", False, settings.mail_from)
    parts = urlsplit(settings.smtp_url)
    port = parts.port or _PORTS.get(parts.scheme, 25)
    return MailRoad("server", f"{parts.hostname}:{port}", parts.scheme in _PORTS, settings.mail_from)
