"""Taking everything out, and taking everything away: the whole of one assessment, and what has outlived its time.

What belongs to an assessment is every table with an `assessment_id`; a new table is covered by having one.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, or_, select, update

from assessment.storage.columns import iso, metadata
from assessment.storage.suggestions import forget_names
from assessment.storage.tables import (
    assessments,
    idempotency,
    jobs,
    limit_counters,
    results,
    session_drafts,
    sessions,
)

WITHHELD: Final = {
    ("tokens", "hash"): "a secret's digest opens nothing for its owner",
    ("draft_addresses", "email"): "whoever else has the link could read whose it is; its owner has the mail",
    ("draft_addresses", "hash"): "a digest that opens nothing for its owner",
    ("session_drafts", "session_hash"): "a secret's digest opens nothing for its owner",
    ("idempotency", "actor"): "a secret's digest opens nothing for its owner",
    ("documents", "content"): "the report is downloaded as a file of its own",
    ("evidence", "content"): "the document is taken out as the file that it is",
    ("interrupted", "session_hash"): "a secret's digest opens nothing for its owner",
    ("interrupted", "fields"): "was not sent yet, and belongs to whoever is typing it",
    ("mentor_notes", "words"): "a mentor's own words, which were never meant for anybody else",
}
"""The columns that an export leaves out, each with its reason."""

_JSON_COLUMNS: Final = {
    ("assessments", "answers"),
    ("answer_history", "value"),
    ("results", "frozen"),
    ("plan_items", "follow_up"),
    ("interrupted", "fields"),
    ("jobs", "arguments"),
    ("money", "entries"),
    ("money", "wishes"),
    ("scenarios", "measures"),
    ("reviews", "declared"),
    ("reviews", "proposed"),
    ("review_history", "declared"),
    ("review_history", "proposed"),
    ("proposed_answers", "value"),
    ("saving_confirmations", "noted"),
}


def belonging() -> tuple[Table, ...]:
    """The tables that hold an assessment's data, those first that others point to."""
    return tuple(table for table in metadata.sorted_tables if table is assessments or "assessment_id" in table.columns)


READ_BY_ALL: Final = frozenset({
    "assessments", "answer_history", "documents", "evidence", "money", "plan_items", "results", "scenarios",
})  # fmt: skip
"""The tables of what everybody may read who may take files of a check: who looked, what was said in its review, links,
mails that wait and clusters are its owner's to take out.
"""


def export_all(connection: Connection, assessment_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of an assessment by table, in values that JSON knows."""
    return _exported(connection, assessment_id, belonging())


def export_readable(connection: Connection, assessment_id: str) -> dict[str, list[dict[str, Any]]]:
    """The same of what everybody may read who may take its files."""
    return _exported(connection, assessment_id, [table for table in belonging() if table.name in READ_BY_ALL])


def _exported(
    connection: Connection, assessment_id: str, tables: Iterable[Table]
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    return {
        table.name: [
            {
                name: plain(table.name, name, value)
                for name, value in row._mapping.items()
                if (table.name, name) not in WITHHELD
            }
            for row in connection.execute(
                select(table).where(_belongs(table, [assessment_id])).order_by(*table.primary_key.columns)
            )
        ]
        for table in tables
    }


def erase(connection: Connection, assessment_id: str) -> bool:
    """Delete every row of an assessment; whether there was one. Call `Database.scrub` after the transaction."""
    return _erase(connection, [assessment_id]) == 1


def _erase(connection: Connection, ids: Sequence[str]) -> int:
    connection.execute(update(assessments).where(assessments.c.previous_id.in_(ids)).values(previous_id=None))
    gone = {
        table.name: connection.execute(delete(table).where(_belongs(table, ids))).rowcount
        for table in reversed(belonging())
    }
    return gone[assessments.name]


def _belongs(table: Table, ids: Sequence[str]) -> ColumnElement[bool]:
    if table is assessments:
        return assessments.c.id.in_(ids)
    owned: ColumnElement[bool] = table.c.assessment_id.in_(ids)
    # What only names the assessment in a text goes too: a job's arguments, the address in a stored reply.
    texts = {idempotency: idempotency.c.answer, jobs: jobs.c.arguments}
    if table in texts:
        return or_(owned, *(texts[table].contains(assessment_id, autoescape=True) for assessment_id in ids))
    return owned


def plain(table: str, column: str, value: Any) -> Any:
    """A value as JSON knows it."""
    match value:
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case str() if (table, column) in _JSON_COLUMNS:
            return json.loads(value)
        case _:
            return value


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is kept: `draft` after the last change, `finished` after the last visit."""

    draft: timedelta = timedelta(days=30)
    finished: timedelta = timedelta(days=395)
    session: timedelta = timedelta(days=30)
    idempotency: timedelta = timedelta(hours=24)
    job: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows had outlived their time."""

    drafts: int
    finished: int
    sessions: int
    idempotency: int
    jobs: int
    counters: int
    names: int
    tokens: int = 0
    audit: int = 0
    companies: int = 0
    accounts: int = 0

    @property
    def erased(self) -> bool:
        """Whether whole assessments went, so that `Database.scrub` is due."""
        return bool(self.drafts or self.finished)


def prune(connection: Connection, now: datetime, retention: Retention, limit: int = 200) -> Pruned:
    """Delete what has outlived its time, at most `limit` assessments of a kind; call again while it finds any.

    A session that still opens an assessment stays as long as that one lives, and so does the check of the year before.
    """
    has_result = exists().where(results.c.assessment_id == assessments.c.id)
    a = assessments.c
    # In an account it is kept as long as the account is.
    alone = a.company_id.is_(None)
    drafts = _prune_assessments(connection, and_(alone, ~has_result, a.changed_at <= now - retention.draft), limit)
    later = assessments.alias("later")
    followed = exists().where(later.c.previous_id == assessments.c.id)
    until = now - retention.finished
    # A visit is noted once a day at most, so the last change may be the later of the two.
    left = and_(alone, has_result, ~followed, a.visited_at <= until, a.changed_at <= until)
    finished = _prune_assessments(connection, left, limit)
    opens_something = exists().where(session_drafts.c.session_hash == sessions.c.hash)
    old = delete(sessions).where(sessions.c.seen_at <= now - retention.session, ~opens_something)
    keys = delete(idempotency).where(idempotency.c.at <= now - retention.idempotency)
    done = delete(jobs).where(jobs.c.state == "done", jobs.c.changed_at <= now - retention.job)
    counters = delete(limit_counters).where(limit_counters.c.expires_at <= now.timestamp())
    return Pruned(
        drafts,
        finished,
        connection.execute(old).rowcount,
        connection.execute(keys).rowcount,
        connection.execute(done).rowcount,
        connection.execute(counters).rowcount,
        forget_names(connection, now),
    )


def _prune_assessments(connection: Connection, outlived: ColumnElement[bool], limit: int) -> int:
    ids = (
        connection.execute(
            select(assessments.c.id).where(outlived).order_by(assessments.c.id).limit(limit).with_for_update()
        )
        .scalars()
        .all()
    )
    return _erase(connection, ids) if ids else 0
