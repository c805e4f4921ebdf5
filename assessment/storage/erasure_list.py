"""The list of what was erased, kept apart from the database: a restored backup is held against it.

It holds digests under a key, so it names nobody; and it is never shortened, because nobody knows how old the backup is
that somebody will bring back.
"""

import hmac
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, select, update

from assessment.storage import cluster_members, erasure, partings
from assessment.storage.columns import iso
from assessment.storage.partings import Gone
from assessment.storage.people_tables import companies, grants, people
from assessment.storage.tables import assessments, sessions, tokens

FILE: Final = "erased.txt"
"""Its name in the data folder."""


class ErasureList:
    """The list of one instance."""

    def __init__(self, data_dir: Path, key: bytes) -> None:
        self._path = data_dir / FILE
        self._key = key

    def add(self, ids: Iterable[str], now: datetime) -> None:
        """Put down what is being erased, before that is committed: rather one entry too many than one too few."""
        lines = [f"{iso(now)} {self._digest(gone)}\n" for gone in ids]
        if not lines:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(descriptor)

    def among(self, ids: Iterable[str]) -> list[str]:
        """Those of these that stand on it."""
        return self._on(self._read(), ids)

    def replay(self, connection: Connection, now: datetime) -> Gone:
        """Erase from a restored database what had been erased since, and end what may have been ended since.

        Nobody stays signed in, and no link that works once works again: the backup does not know what was used or
        taken back after it. For the same reason an access of a mentor that was on the list ends.
        """
        listed = self._read()
        gone = Gone()
        for company in self._on(listed, connection.execute(select(companies.c.id)).scalars()):
            gone += partings.erase_company(connection, company)
        for check in self._on(listed, connection.execute(select(assessments.c.id)).scalars()):
            erasure.erase(connection, check)
            gone += Gone(checks=(check,))
        for person in self._on(listed, connection.execute(select(people.c.id)).scalars()):
            gone += partings.erase_person(connection, person)
        for grant in self._on(listed, connection.execute(select(grants.c.id)).scalars()):
            ended = update(grants).where(grants.c.id == grant, grants.c.state == "active")
            connection.execute(ended.values(state="ended", ended_at=now))
        self._leave_clusters(connection, listed, now)
        connection.execute(delete(sessions).where(sessions.c.person_id.is_not(None)))
        once = tokens.c.purpose.not_in(("resume-link", "resume-code"))
        connection.execute(update(tokens).where(once, tokens.c.revoked_at.is_(None)).values(revoked_at=now))
        return gone

    def _leave_clusters(self, connection: Connection, listed: frozenset[str], now: datetime) -> None:
        """A membership that was left and an agreement that was taken back do not come back with a backup either."""
        for member in cluster_members.all_active(connection):
            if self._digest(member.id) in listed:
                cluster_members.leave(connection, member, now)
                continue
            for what in cluster_members.AGREEMENTS:
                if self._digest(f"{member.id}:{what}") in listed:
                    cluster_members.agree(connection, member.id, what, False)

    def _on(self, listed: frozenset[str], ids: Iterable[str]) -> list[str]:
        return [one for one in list(ids) if self._digest(one) in listed]

    def _read(self) -> frozenset[str]:
        if not self._path.exists():
            return frozenset()
        return frozenset(line.split()[-1] for line in self._path.read_text("utf-8").splitlines() if line)

    def _digest(self, gone: str) -> str:
        return hmac.new(self._key, gone.encode(), "sha256").hexdigest()
