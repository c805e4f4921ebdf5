"""Work to be done later, written down in the transaction that asks for it.

A job is done at least once: a worker takes a lease, does the work, says so. If it dies, the lease runs out and the job
is taken again; `tries` tells the two workers apart, so the late one cannot close what it no longer holds. Five tries,
further and further apart, then the job is dead and waits for a person.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, or_, select, update

from assessment.storage.conflicts import inserting
from assessment.storage.tables import jobs

_J = jobs.c
MOST_TRIES: Final = 5
FIRST_WAIT: Final = timedelta(seconds=10)
LEASE: Final = timedelta(seconds=60)
BY_PORTIONS: Final = ("campaign-mail",)
"""Kinds of which thousands may wait: they are due only to whoever asks for their kind, so they keep nobody waiting."""
_NOTHING: Final = "{}"
_LONGEST_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class Job:
    """One job; while it is held, `tries` is also the proof of holding it."""

    id: str
    kind: str
    arguments: Mapping[str, Any]
    effect_key: str
    state: str
    tries: int
    due_at: datetime
    error: str


_JOB: Final[Select[Any]] = select(_J.id, _J.kind, _J.arguments, _J.effect_key, _J.state, _J.tries, _J.due_at, _J.error)


def enqueue(
    connection: Connection,
    kind: str,
    arguments: Mapping[str, Any],
    effect_key: str,
    now: datetime,
    assessment_id: str | None = None,
    due_at: datetime | None = None,
) -> str:
    """Ask for a job in the caller's transaction, to be done from `due_at` on (else at once); its id.

    One job for one effect: while it waits or runs, asking again changes nothing; after it is done or dead, asking again
    starts it anew. Name the assessment that it is about, so that erasing that one takes the job along.
    """
    again = {**_anew(now), "due_at": due_at or now}
    new = {
        "id": uuid4().hex,
        "assessment_id": assessment_id,
        "kind": kind,
        "arguments": json.dumps(dict(arguments), sort_keys=True),
        "effect_key": effect_key,
        "created_at": now,
        **again,
    }
    _enqueue(connection, again, [new])
    return str(connection.execute(select(_J.id).where(_J.effect_key == effect_key)).scalar_one())


def enqueue_all(
    connection: Connection, kind: str, asked: Sequence[tuple[str, Mapping[str, Any]]], now: datetime
) -> None:  # fmt: skip
    """Ask for many jobs of a kind, each by the key of its effect and its arguments, as `enqueue` does for one."""
    again = _anew(now)
    rows = [
        {
            "id": uuid4().hex, "assessment_id": None, "kind": kind,
            "arguments": json.dumps(dict(arguments), sort_keys=True), "effect_key": key, "created_at": now, **again,
        }
        for key, arguments in asked
    ]  # fmt: skip
    if rows:
        _enqueue(connection, again, rows)


def _enqueue(connection: Connection, again: Mapping[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    once = inserting(connection, jobs).on_conflict_do_update(
        # Written out, because many rows at once take no list.
        index_elements=[_J.effect_key], set_=dict(again), where=or_(_J.state == "done", _J.state == "dead"),
    )  # fmt: skip
    connection.execute(once, rows)


def _anew(now: datetime) -> dict[str, Any]:
    return {"state": "waiting", "tries": 0, "due_at": now, "lease_until": None, "error": "", "changed_at": now}


def find(connection: Connection, effect_key: str) -> Job | None:
    """The job for an effect, whatever its state."""
    row = connection.execute(_JOB.where(_J.effect_key == effect_key)).first()
    return _job(row) if row else None


def due(connection: Connection, now: datetime, limit: int = 20, kind: str = "") -> tuple[Job, ...]:
    """Jobs that somebody should take now: those waiting, and those whose worker has died.

    Of one kind, or of all but those that are taken by portions.
    """
    which = _J.kind == kind if kind else _J.kind.not_in(BY_PORTIONS)
    rows = connection.execute(_JOB.where(_is_due(now), which).order_by(_J.due_at, _J.id).limit(limit))
    return tuple(map(_job, rows))


def lease(connection: Connection, job_id: str, now: datetime, span: timedelta = LEASE) -> Job | None:
    """Take a job; None where another worker has it, or where it has used up its tries without ever finishing."""
    worn_out = update(jobs).where(_J.id == job_id, _is_due(now), _J.tries >= MOST_TRIES)
    connection.execute(
        worn_out.values(state="dead", lease_until=None, changed_at=now, error="its worker died every time")
    )
    take = update(jobs).where(_J.id == job_id, _is_due(now), _J.tries < MOST_TRIES)
    taken = connection.execute(take.values(state="running", tries=_J.tries + 1, lease_until=now + span, changed_at=now))
    if taken.rowcount != 1:
        return None
    return _job(connection.execute(_JOB.where(_J.id == job_id)).one())


def extend(connection: Connection, job: Job, now: datetime, span: timedelta = LEASE) -> bool:
    """Keep holding a job that takes long; False where it was taken away."""
    return _held(connection, job, lease_until=now + span, changed_at=now)


def finish(connection: Connection, job: Job, now: datetime) -> bool:
    """Close a job, best in the transaction of its effect; False where it was taken away meanwhile."""
    return _held(connection, job, state="done", lease_until=None, error="", changed_at=now)


def note(connection: Connection, job: Job, arguments: Mapping[str, Any], now: datetime) -> bool:
    """Keep how far a job has come in its arguments; False where it was taken away meanwhile."""
    return _held(connection, job, arguments=json.dumps(dict(arguments), sort_keys=True), changed_at=now)


def postpone(connection: Connection, job: Job, due_at: datetime, now: datetime) -> bool:
    """Give a job back untried until later; False where it was taken away meanwhile."""
    return _held(connection, job, state="waiting", lease_until=None, tries=job.tries - 1, due_at=due_at, changed_at=now)


def states_of(connection: Connection, key_begins: str) -> dict[str, int]:
    """How many of the jobs whose effect's key begins so are in which state."""
    counted = select(_J.state, func.count()).where(*_begins(key_begins)).group_by(_J.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


def states(connection: Connection) -> dict[str, int]:
    """How many jobs of all kinds are in which state."""
    return {row[0]: row[1] for row in connection.execute(select(_J.state, func.count()).group_by(_J.state))}


def due_since(connection: Connection, now: datetime) -> datetime | None:
    """When the job was due that waits longest for a worker; None where none does, those taken by portions aside."""
    late = select(_J.due_at).where(_is_due(now), _J.kind.not_in(BY_PORTIONS)).order_by(_J.due_at).limit(1)
    return connection.execute(late).scalar()


def drop_untried(connection: Connection, key_begins: str) -> int:
    """Take back what was asked for and nobody has begun; how many jobs that were."""
    untried = delete(jobs).where(*_begins(key_begins), _J.state == "waiting", _J.tries == 0)
    return connection.execute(untried).rowcount


def asked_since(connection: Connection, key_begins: str, since: datetime) -> int:
    """How many jobs were asked for since then whose effect's key begins so."""
    theirs = (*_begins(key_begins), _J.created_at > since)
    return int(connection.execute(select(func.count()).where(*theirs)).scalar_one())


def due_after(connection: Connection, key_begins: str, since: datetime) -> int:
    """How many jobs whose effect's key begins so became due since then, or are still to."""
    theirs = (*_begins(key_begins), _J.due_at > since)
    return int(connection.execute(select(func.count()).where(*theirs)).scalar_one())


def _begins(key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    # A range and not LIKE, so that the index is of use.
    return _J.effect_key >= key, _J.effect_key < key[:-1] + chr(ord(key[-1]) + 1)


def fail(connection: Connection, job: Job, error: str, now: datetime, *, for_good: bool = False) -> bool:
    """Give a job back for a later try, or let it rest as dead; False where it was taken away meanwhile."""
    state = "dead" if for_good or job.tries >= MOST_TRIES else "waiting"
    wait = FIRST_WAIT * 4 ** (job.tries - 1)
    return _held(
        connection,
        job,
        state=state,
        lease_until=None,
        error=error[:_LONGEST_ERROR],
        due_at=now + wait,
        changed_at=now,
    )


def dead(connection: Connection, limit: int = 100) -> tuple[Job, ...]:
    """Jobs that wait for a person, the latest first."""
    rows = connection.execute(_JOB.where(_J.state == "dead").order_by(_J.changed_at.desc(), _J.id).limit(limit))
    return tuple(map(_job, rows))


def find_dead(connection: Connection, job_id: str) -> Job | None:
    """A job that waits for a person."""
    row = connection.execute(_JOB.where(_J.id == job_id, _J.state == "dead")).first()
    return _job(row) if row else None


def give_up(connection: Connection, job_id: str) -> bool:
    """Delete a dead job with all that is in it."""
    return connection.execute(delete(jobs).where(_J.id == job_id, _J.state == "dead")).rowcount == 1


def forget_words(connection: Connection, kind: str, before: datetime) -> int:
    """Take all that is in the dead jobs of a kind out of them where nobody looked after them; how many there were."""
    left = update(jobs).where(_J.kind == kind, _J.state == "dead", _J.changed_at <= before, _J.arguments != _NOTHING)
    return connection.execute(left.values(arguments=_NOTHING)).rowcount


def revive(connection: Connection, job_id: str, now: datetime) -> bool:
    """Give a dead job its tries back."""
    resting = update(jobs).where(_J.id == job_id, _J.state == "dead")
    return connection.execute(resting.values(state="waiting", tries=0, due_at=now, changed_at=now)).rowcount == 1


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(_J.state == "waiting", _J.due_at <= now),
        and_(_J.state == "running", _J.lease_until <= now),
    )


def _held(connection: Connection, job: Job, **values: Any) -> bool:
    held = update(jobs).where(_J.id == job.id, _J.state == "running", _J.tries == job.tries)
    return connection.execute(held.values(**values)).rowcount == 1


def _job(row: Row[Any]) -> Job:
    return Job(
        row.id,
        row.kind,
        json.loads(row.arguments),
        row.effect_key,
        row.state,
        row.tries,
        row.due_at,
        row.error,
    )
