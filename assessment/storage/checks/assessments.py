"""Assessments: opening, creating, saving answers without overwriting anybody, and their few other fields.

The connection comes from `Database.reading()` or, for what writes, `Database.writing()`. A save is three
statements: the key of the form, the document guarded by its counter, the history.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import uuid4

import orjson
from sqlalchemy import BindParameter, Connection, Select, bindparam, func, insert, or_, select, true, update

from assessment.core.access import Standing
from assessment.core.checks.answers import NO_REMARK, Json, Remark, Value, to_json
from assessment.core.errors import Clash, Conflict, NotFound
from assessment.storage import idempotency
from assessment.storage.checks.drafts import (
    VISIT_NOTED_EVERY,
    Document,
    Draft,
    StoredEntry,
    read_document,
    write_document,
)
from assessment.storage.checks.standings import (
    BY_PERSON,
    BY_PERSON_COLUMNS,
    IN_BROWSER,
    IN_BROWSER_COLUMNS,
    standing_of,
)
from assessment.storage.columns import iso
from assessment.storage.database import Database
from assessment.storage.idempotency import Once
from assessment.storage.people.people_tables import people
from assessment.storage.tables import answer_history, assessments, session_drafts, sessions
from assessment.storage.written import Written

Road = Literal["own", "accepted", "interview"]

_A = assessments.c
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Change:
    """A new answer to one question (None takes it back) and the revision that its sender had seen, 0 for none."""

    question: str
    value: Value | None
    remark: Remark = NO_REMARK
    seen_revision: int = 0


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives answers, empty for nobody known, and by which road: their own, a mentor's accepted, an interview's."""

    person_id: str = ""
    road: Road = "own"


NOBODY: Final = Giver()


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands after a save; `replayed` where the same form had been saved before and nothing was written.

    `revisions` are those of the questions that now say what the caller sent.
    """

    draft: Draft
    reply: str
    revisions: Mapping[str, int]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One assessment in a list."""

    id: str
    questionnaire: str
    depth: str
    company_name: str
    changed_at: datetime


_DRAFT: Final[Select[Any]] = select(
    _A.id,
    _A.questionnaire,
    _A.version,
    _A.depth,
    _A.language,
    _A.company_name,
    _A.created_at,
    _A.changed_at,
    _A.visited_at,
    _A.previous_id,
    _A.company_id,
    _A.site,
    _A.counter,
    _A.answers,
)
_BY_ID: Final = _DRAFT.where(_A.id == bindparam("id"))
_LOCKED: Final = _BY_ID.with_for_update()
_IN_BROWSER: Final = Written(
    _DRAFT.add_columns(*IN_BROWSER_COLUMNS).select_from(IN_BROWSER).where(_A.id == bindparam("id"))
)
_BY_PERSON: Final = Written(
    _DRAFT.add_columns(*BY_PERSON_COLUMNS).select_from(BY_PERSON).where(_A.id == bindparam("id"))
)
_STILL_IN_BROWSER: Final = Written(select(*IN_BROWSER_COLUMNS).select_from(IN_BROWSER).where(_A.id == bindparam("id")))
_SESSION: Final[BindParameter[str]] = bindparam("session_hash")
_signed_in = (
    select(sessions.c.hash).where(sessions.c.hash == _SESSION, sessions.c.person_id == bindparam("person_id")).exists()
)
_STILL_BY_PERSON: Final = Written(
    select(*BY_PERSON_COLUMNS)
    .select_from(BY_PERSON)
    .where(_A.id == bindparam("id"), people.c.active.is_(true()), or_(_SESSION == "", _signed_in))
)
_WIDTH: Final = len(_DRAFT.selected_columns)
_OF_SESSION: Final = (
    select(_A.id, _A.questionnaire, _A.depth, _A.company_name, _A.changed_at)
    .join(session_drafts, session_drafts.c.assessment_id == _A.id)
    .where(session_drafts.c.session_hash == bindparam("session_hash"), session_drafts.c.section == "")
    .order_by(_A.changed_at.desc(), _A.id)
)
_CREATE: Final = insert(assessments)
_COUNTER: Final = select(_A.counter).where(_A.id == bindparam("id"))
_SAVE: Final = Written(
    update(assessments)
    .where(_A.id == bindparam("draft"), _A.counter == bindparam("seen"))
    .values(answers=bindparam("document"), counter=bindparam("next"), changed_at=bindparam("now"))
)
_H = answer_history.c
_HISTORY: Final = Written(
    insert(answer_history).values({column.name: bindparam(column.name) for column in _H if not column.primary_key})
)
_SHOWN: Final = select(_H.question, _H.revision, _H.value, _H.basis, _H.note, _H.reason).where(
    _H.assessment_id == bindparam("id"), _H.question.in_(bindparam("questions", expanding=True))
)


def open_draft(
    database: Database, session_hash: str, person_id: str, assessment_id: str, now: datetime
) -> tuple[Draft, Standing] | None:
    """The assessment, and how this browser and whoever is signed in there stand to it; None where it is not there."""
    if person_id:
        row = database.first(_BY_PERSON, session_hash=session_hash, person_id=person_id, id=assessment_id)
    else:
        row = database.first(_IN_BROWSER, session_hash=session_hash, id=assessment_id)
    draft = _draft(row[:_WIDTH]) if row is not None else None
    return (draft, standing_of(row[_WIDTH:], now)) if row is not None and draft is not None else None


def standing_now(
    connection: Connection, session_hash: str, person_id: str, assessment_id: str, now: datetime
) -> Standing | None:
    """The same once more where something is about to be written; None too where the person's session has ended.

    Without a session it is somebody whom a job acts for.
    """
    if person_id:
        rows = _STILL_BY_PERSON.rows(connection, session_hash=session_hash, person_id=person_id, id=assessment_id)
    else:
        rows = _STILL_IN_BROWSER.rows(connection, session_hash=session_hash, id=assessment_id)
    return standing_of(rows[0], now) if rows else None


def draft_of(connection: Connection, assessment_id: str) -> Draft | None:
    """The assessment, whoever asks: for jobs and commands."""
    return _draft(connection.execute(_BY_ID, {"id": assessment_id}).first())


def drafts_of_session(connection: Connection, session_hash: str) -> tuple[DraftLine, ...]:
    """The assessments that this session has been let into, the one last changed first."""
    rows = connection.execute(_OF_SESSION, {"session_hash": session_hash})
    return tuple(DraftLine(*row) for row in rows)


def drafts_listed(connection: Connection, ids: Collection[str]) -> tuple[DraftLine, ...]:
    """Those of these assessments that are there, by name: how a demo finds its examples."""
    listed = select(_A.id, _A.questionnaire, _A.depth, _A.company_name, _A.changed_at).where(_A.id.in_(ids))
    return tuple(DraftLine(*row) for row in connection.execute(listed.order_by(_A.company_name, _A.id)))


def create(
    connection: Connection,
    *,
    questionnaire: str,
    version: str,
    depth: str,
    language: str,
    now: datetime,
    draft_id: str | None = None,
    previous_id: str | None = None,
    company_id: str | None = None,
    site: str = "",
) -> Draft:
    """A new empty assessment, under a random id unless one is given.

    Without a company, `storage.people.access.grant` lets a session into it.
    """
    draft = Draft(
        draft_id or uuid4().hex,
        questionnaire,
        version,
        depth,
        language,
        "",
        now,
        now,
        now,
        previous_id,
        company_id,
        site,
        0,
        {},
    )
    connection.execute(
        _CREATE,
        {
            "id": draft.id,
            "questionnaire": questionnaire,
            "version": version,
            "depth": depth,
            "language": language,
            "company_name": "",
            "answers": "{}",
            "counter": 0,
            "created_at": now,
            "changed_at": now,
            "visited_at": now,
            "previous_id": previous_id,
            "company_id": company_id,
            "site": site,
        },
    )
    return draft


def save_answers(
    connection: Connection, draft: Draft, changes: Sequence[Change], now: datetime, once: Once | None = None,
    by: Giver = NOBODY,
) -> Saved:  # fmt: skip
    """Write what has changed, with its history, or nothing at all.

    A question changed by somebody else since its `seen_revision` raises Conflict with one Clash each, unless
    both say the same, or the sender left it as it was shown and changed another. Other people's changes to other
    questions stay. What is unchanged writes nothing. With `once`, the same form sent again gives the stored reply;
    the same key with another content raises an empty Conflict.
    """
    if once is not None:
        reply = idempotency.claim(connection, once, now, draft.id)
        if reply is not None:
            draft = _current(connection, draft.id, _BY_ID)
            return Saved(draft, reply, _revisions(draft.document, changes), replayed=True)
    at = iso(now)
    try:
        document, written = _merged(draft.document, changes, at)
    except Conflict:
        # It is told from what stands now, not from what stood when the caller looked.
        draft = _current(connection, draft.id, _LOCKED)
        document, written = _merged(draft.document, _meant(connection, draft, changes), at)
    while not _stored(connection, draft, document if written else None, now):
        # Somebody was faster, maybe with the same question: look again, and hold the row this time.
        draft = _current(connection, draft.id, _LOCKED)
        document, written = _merged(draft.document, _meant(connection, draft, changes), at)
    if written:
        _HISTORY.run(connection, *[_history(draft.id, name, document[name], now, by) for name in written])
        draft = draft.saved(document, now)
    return Saved(draft, once.reply if once else "", _revisions(draft.document, changes))


def _stored(connection: Connection, draft: Draft, document: Document | None, now: datetime) -> bool:
    """Write the document, or with None only look, provided that nobody has written since `draft` was read."""
    if document is None:
        return connection.execute(_COUNTER, {"id": draft.id}).scalar() == draft.counter
    found = _SAVE.run(
        connection,
        {
            "draft": draft.id,
            "seen": draft.counter,
            "document": write_document(document),
            "next": draft.counter + 1,
            "now": now,
        },
    )
    return found == 1


def _merged(document: Document, changes: Sequence[Change], at: str) -> tuple[Document, list[str]]:
    """The document with the changes in it, and the questions that are different now. Raises Conflict."""
    merged = dict(document)
    written: list[str] = []
    clashes: list[Clash] = []
    for change in changes:
        question, value, remark = change.question, change.value, change.remark
        stored = document.get(question)
        shape = _shape(value)
        if _same(stored, shape, remark):
            continue
        revision = stored["r"] if stored else 0
        if revision != change.seen_revision:
            theirs = stored["v"] if stored else None
            at_theirs, beside = (stored["at"], _beside(stored)) if stored else ("", ("", "", ""))
            clashes.append(Clash(question, json.dumps(theirs, ensure_ascii=False), revision, at_theirs, *beside))
            continue
        merged[question] = _entry(shape, remark, revision + 1, at)
        written.append(question)
    if clashes:
        raise Conflict(clashes)
    return merged, written


def _shape(value: Value | None) -> Json | None:
    return None if value is None else value if type(value) is str else to_json(value)


def _same(stored: StoredEntry | None, shape: Json | None, remark: Remark) -> bool:
    if stored is None:
        return shape is None and not remark
    return stored["v"] == shape and _beside(stored) == (remark.basis, remark.note, remark.reason)


def _beside(stored: StoredEntry) -> tuple[str, str, str]:
    return stored.get("b", ""), stored.get("n", ""), stored.get("y", "")


def _revisions(document: Document, changes: Sequence[Change]) -> dict[str, int]:
    return {
        change.question: stored["r"] if (stored := document.get(change.question)) else 0
        for change in changes
        if _same(document.get(change.question), _shape(change.value), change.remark)
    }


def _meant(connection: Connection, draft: Draft, changes: Sequence[Change]) -> list[Change]:
    """The changes without those that only repeat what their sender was shown: a newer answer of others stays.

    Who repeats everything is told of the newer answers, and so nothing is left out.
    """
    late = [change for change in changes if draft.revisions.get(change.question, 0) != change.seen_revision]
    names = [change.question for change in late]
    rows = connection.execute(_SHOWN, {"id": draft.id, "questions": names}).all() if names else []
    shown = {(row.question, row.revision): row for row in rows}

    def repeats(change: Change) -> bool:
        row = shown.get((change.question, change.seen_revision))
        if change not in late or row is None:
            return False
        value = None if row.value is None else json.loads(row.value)
        beside = (change.remark.basis, change.remark.note, change.remark.reason)
        return value == _shape(change.value) and (row.basis, row.note, row.reason) == beside

    meant = [change for change in changes if not repeats(change)]
    told = all(_same(draft.document.get(c.question), _shape(c.value), c.remark) for c in meant)
    return list(changes) if told else meant


def _entry(shape: Json | None, remark: Remark, revision: int, at: str) -> StoredEntry:
    entry: StoredEntry = {"v": shape, "r": revision, "at": at}
    if remark.basis:
        entry["b"] = remark.basis
    if remark.note:
        entry["n"] = remark.note
    if remark.reason:
        entry["y"] = remark.reason
    return entry


def _history(assessment_id: str, question: str, entry: StoredEntry, now: datetime, by: Giver) -> dict[str, object]:
    value = entry["v"]
    return {
        "assessment_id": assessment_id,
        "question": question,
        "revision": entry["r"],
        "value": None if value is None else orjson.dumps(value).decode(),
        "basis": entry.get("b", ""),
        "note": entry.get("n", ""),
        "reason": entry.get("y", ""),
        "changed_at": now,
        "person_id": by.person_id or None,
        "road": by.road,
    }


def _current(connection: Connection, assessment_id: str, query: Select[Any]) -> Draft:
    draft = _draft(connection.execute(query, {"id": assessment_id}).first())
    if draft is None:
        raise NotFound
    return draft


def _draft(row: Sequence[Any] | None) -> Draft | None:
    if row is None:
        return None
    columns: list[Any] = list(row)
    columns[-1] = read_document(columns[-1])
    return Draft(*columns)


# -- the few other fields


def set_company_name(connection: Connection, assessment_id: str, name: str, now: datetime) -> None:
    """Keep the name that is printed on the report; empty takes it away."""
    _set(connection, assessment_id, now, company_name=name[:_LONGEST_NAME])


def set_depth(connection: Connection, assessment_id: str, depth: str, now: datetime) -> None:
    """Go from the quick check to the full one, or back; answers stay either way."""
    _set(connection, assessment_id, now, depth=depth)


def _set(connection: Connection, assessment_id: str, now: datetime, **values: str) -> None:
    statement = update(assessments).where(_A.id == assessment_id).values(changed_at=now, **values)
    if connection.execute(statement).rowcount != 1:
        raise NotFound


def touch_visited(connection: Connection, assessment_id: str, now: datetime) -> bool:
    """Note a visit, at most once a day; ask `Draft.visit_is_due` first and spare the transaction."""
    statement = (
        update(assessments)
        .where(_A.id == assessment_id, _A.visited_at <= now - VISIT_NOTED_EVERY)
        .values(visited_at=now)
    )
    return connection.execute(statement).rowcount == 1


def count(connection: Connection) -> int:
    """How many assessments are kept: for the health page and for a first start."""
    return connection.execute(select(func.count()).select_from(assessments)).scalar_one()
