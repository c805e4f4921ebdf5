"""What a cluster proposes to do together, whom the product asked, and who said yes.

Who was asked is read for the asked company alone; whoever runs the cluster reads the answers that say yes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, and_, insert, select, update

from assessment.core.ordering import by_name
from assessment.storage.clusters.cluster_tables import cluster_members, joint_actions, joint_answers
from assessment.storage.conflicts import inserting

_J, _A, _M = joint_actions.c, joint_answers.c, cluster_members.c


@dataclass(frozen=True, slots=True)
class JointAction:
    """One proposal to the members; `practice` is empty for one that the manager thought of."""

    id: str
    cluster_id: str
    practice: str
    kind: str
    title: str
    words: str
    until: date
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a company was asked and said; `answer` is empty where it was not asked and has not spoken."""

    action: JointAction
    answer: str
    words: str


@dataclass(frozen=True, slots=True)
class Taker:
    """A company that takes part."""

    name: str
    words: str
    at: datetime


_ACTION: Final[Select[Any]] = select(*(_J[name] for name in JointAction.__dataclass_fields__))


def add(
    connection: Connection, cluster_id: str, kind: str, title: str, words: str, until: date, release_id: str | None,
    person_id: str, now: datetime,
) -> str:  # fmt: skip
    """Propose something; its id."""
    row = {
        "id": uuid4().hex, "cluster_id": cluster_id, "practice": "", "release_id": release_id, "kind": kind,
        "title": title, "words": words, "until": until, "created_at": now, "closed_at": None, "person_id": person_id,
    }  # fmt: skip
    connection.execute(insert(joint_actions), row)
    return str(row["id"])


def note_asked(connection: Connection, action_id: str, companies: Collection[str], now: datetime) -> None:
    """Put down whom the product asks."""
    rows = [
        {"joint_action_id": action_id, "company_id": company, "answer": "asked", "words": "", "at": now,
         "person_id": None}
        for company in companies
    ]  # fmt: skip
    if rows:
        connection.execute(insert(joint_answers), rows)


def of_cluster(connection: Connection, cluster_id: str) -> tuple[JointAction, ...]:
    """What a cluster proposed, the newest first."""
    listed = _ACTION.where(_J.cluster_id == cluster_id).order_by(_J.created_at.desc(), _J.id)
    return tuple(JointAction(*row) for row in connection.execute(listed))


def find(connection: Connection, cluster_id: str, action_id: str) -> JointAction | None:
    """One proposal of a cluster."""
    row = connection.execute(_ACTION.where(_J.cluster_id == cluster_id, _J.id == action_id)).first()
    return JointAction(*row) if row else None


def takers_of(connection: Connection, action: JointAction) -> tuple[Taker, ...]:
    """The members that take part, by name. Whoever left the cluster no longer does."""
    belongs = and_(_M.company_id == _A.company_id, _M.cluster_id == action.cluster_id, _M.state == "active")
    listed = (
        select(_M.name, _A.words, _A.at)
        .join(cluster_members, belongs)
        .where(_A.joint_action_id == action.id, _A.answer == "yes")
    )
    return tuple(sorted((Taker(*row) for row in connection.execute(listed)), key=lambda taker: by_name(taker.name)))


def for_company(connection: Connection, cluster_id: str, company_id: str) -> Sequence[Answered]:
    """What a cluster proposes, with what this company was asked and said; the newest first."""
    mine = and_(_A.joint_action_id == _J.id, _A.company_id == company_id)
    listed = (
        _ACTION.add_columns(_A.answer, _A.words.label("said"))
        .outerjoin(joint_answers, mine)
        .where(_J.cluster_id == cluster_id)
        .order_by(_J.created_at.desc(), _J.id)
    )
    return [Answered(JointAction(*row[:-2]), row[-2] or "", row[-1] or "") for row in connection.execute(listed)]


def say(
    connection: Connection, action_id: str, company_id: str, answer: str, words: str, person_id: str, now: datetime
) -> None:  # fmt: skip
    """Keep what a company says: yes or no."""
    values = {"answer": answer, "words": words, "person_id": person_id, "at": now}
    kept = inserting(connection, joint_answers).on_conflict_do_update(
        index_elements=[_A.joint_action_id, _A.company_id], set_=values
    )
    connection.execute(kept, {"joint_action_id": action_id, "company_id": company_id, **values})


def close(connection: Connection, cluster_id: str, action_id: str, now: datetime) -> bool:
    """Ask nobody any more; whether it was open."""
    opened = update(joint_actions).where(_J.id == action_id, _J.cluster_id == cluster_id, _J.closed_at.is_(None))
    return connection.execute(opened.values(closed_at=now)).rowcount == 1
