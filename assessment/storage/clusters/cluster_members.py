"""Who belongs to a cluster, what each agreed that it may see, and how many came how far.

The counts of `cluster_sums` are kept in the transactions that change them: a page then reads a few rows, however many
members there are. `count_anew` works them out from the members, and must find the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, insert, literal, select, update

from assessment.core.ordering import by_name
from assessment.storage.clusters import exchanges
from assessment.storage.clusters.cluster_tables import begun_from, cluster_members, cluster_sums, clusters
from assessment.storage.clusters.clusters import Cluster, find
from assessment.storage.people.people_tables import companies
from assessment.storage.tables import assessments, plan_items, results

Origin = Literal["invitation", "code", "request", "list"]
State = Literal["listed", "asked", "active", "left"]
STAGES: Final = ("joined", "started", "finished", "planned")
"""How far a member came, each including those before it."""
AGREEMENTS: Final = ("counted", "progress", "named", "on_map")
"""What a member may agree to, each for itself."""

_M, _S, _CO = cluster_members.c, cluster_sums.c, companies.c


@dataclass(frozen=True, slots=True)
class ClusterMember:
    """One member of a cluster, or an organisation without an account that it lists (then `company_id` is None)."""

    id: str
    cluster_id: str
    company_id: str | None
    name: str
    role: str
    nace: str
    category: str
    step: str
    services: str
    region: str
    size: str
    state: str
    origin: str
    counted: bool
    progress: bool
    named: bool
    on_map: bool
    stage: int
    joined_at: datetime
    left_at: datetime | None


_MEMBER: Final[Select[Any]] = select(*(_M[name] for name in ClusterMember.__dataclass_fields__))
_OPEN: Final = and_(_CO.restricted.is_(False), _CO.erase_at.is_(None))


def members_of(
    connection: Connection, cluster_id: str, states: Collection[str] = ("active", "listed")
) -> tuple[ClusterMember, ...]:
    """The members of a cluster in some states, by name."""
    chosen = _MEMBER.where(_M.cluster_id == cluster_id, _M.state.in_(states))
    found = (ClusterMember(*row) for row in connection.execute(chosen))
    return tuple(sorted(found, key=lambda member: (by_name(member.name), member.id)))


def all_active(connection: Connection) -> tuple[ClusterMember, ...]:
    """The companies that belong to any cluster, each as often as it does."""
    rows = connection.execute(_MEMBER.where(_M.state == "active").order_by(_M.id))
    return tuple(ClusterMember(*row) for row in rows)


def find_member(connection: Connection, cluster_id: str, member_id: str) -> ClusterMember | None:
    """One member of a cluster, whatever its state."""
    row = connection.execute(_MEMBER.where(_M.cluster_id == cluster_id, _M.id == member_id)).first()
    return ClusterMember(*row) if row else None


def member_of_company(connection: Connection, cluster_id: str, company_id: str) -> ClusterMember | None:
    """A company's row in a cluster, whatever its state."""
    row = connection.execute(_MEMBER.where(_M.cluster_id == cluster_id, _M.company_id == company_id)).first()
    return ClusterMember(*row) if row else None


def clusters_of_company(connection: Connection, company_id: str) -> tuple[tuple[Cluster, ClusterMember], ...]:
    """The clusters that a company belongs to or asked to belong to, by name."""
    mine = _MEMBER.join(clusters, clusters.c.id == _M.cluster_id).where(
        _M.company_id == company_id, _M.state.in_(("active", "asked"))
    )
    members = [ClusterMember(*row) for row in connection.execute(mine.order_by(clusters.c.name, clusters.c.id))]
    found = ((find(connection, id=member.cluster_id), member) for member in members)
    return tuple((cluster, member) for cluster, member in found if cluster is not None)


def open_companies(connection: Connection, cluster_id: str, agreement: str) -> tuple[str, ...]:
    """The companies of a cluster that agree to something now and keep nobody out, by id."""
    agreed = (
        select(_M.company_id)
        .join(companies, _CO.id == _M.company_id)
        .where(_M.cluster_id == cluster_id, _M.state == "active", _M[agreement].is_(True), _OPEN)
        .order_by(_M.company_id)
    )
    return tuple(connection.execute(agreed).scalars())


def progress_shown(connection: Connection, questionnaire: str) -> tuple[tuple[str, int], ...]:
    """The companies that let a cluster which asks for a questionnaire see how far they are, and how far that is."""
    shown = (
        select(_M.company_id, _M.stage)
        .join(clusters, clusters.c.id == _M.cluster_id)
        .where(_M.state == "active", _M.progress.is_(True), clusters.c.questionnaire == questionnaire)
        .distinct()
        .order_by(_M.company_id, _M.stage)
    )
    return tuple((row.company_id, row.stage) for row in connection.execute(shown))


def companies_anywhere(connection: Connection) -> tuple[str, ...]:
    """The companies that belong or belonged to any cluster, by id."""
    listed = select(_M.company_id).where(_M.company_id.is_not(None)).distinct()
    return tuple(connection.execute(listed.order_by(_M.company_id)).scalars())


def list_organisation(connection: Connection, cluster_id: str, now: datetime, **about: str) -> str:
    """List an organisation that has no account here; the row's id."""
    row = _new(cluster_id, None, now, "list", "listed", about)
    connection.execute(insert(cluster_members), row)
    return str(row["id"])


def join(
    connection: Connection, cluster_id: str, company_id: str, name: str, origin: Origin, stage: int, now: datetime,
    agreed: Collection[str] = (),
) -> str:  # fmt: skip
    """Let a company belong to a cluster, with what it agrees to from the start; its row's id.

    A company that was there before gets its old row, without what it had agreed to then.
    """
    known = member_of_company(connection, cluster_id, company_id)
    agreements = {what: what in agreed for what in AGREEMENTS}
    if known is not None:
        if known.state == "active":
            return known.id
        again = {"state": "active", "origin": origin, "joined_at": now, "left_at": None, "stage": stage, "name": name}
        connection.execute(update(cluster_members).where(_M.id == known.id).values(**again, **agreements))
        member_id = known.id
    else:
        row = _new(cluster_id, company_id, now, origin, "active", {"name": name})
        connection.execute(insert(cluster_members), {**row, **agreements, "stage": stage})
        member_id = str(row["id"])
    _count(connection, cluster_id, range(stage + 1), 1)
    return member_id


def ask(connection: Connection, cluster_id: str, company_id: str, name: str, now: datetime) -> bool:
    """Put down that a company wants to belong to a cluster; False where it does, or has asked already."""
    known = member_of_company(connection, cluster_id, company_id)
    if known is None:
        connection.execute(
            insert(cluster_members), _new(cluster_id, company_id, now, "request", "asked", {"name": name})
        )
        return True
    if known.state in ("active", "asked"):
        return False
    again = {"state": "asked", "origin": "request", "joined_at": now, "left_at": None, "name": name}
    connection.execute(update(cluster_members).where(_M.id == known.id).values(**again))
    return True


def _new(
    cluster_id: str, company_id: str | None, now: datetime, origin: Origin, state: State, about: Mapping[str, str]
) -> dict[str, Any]:
    plain = {"role": "firm", "nace": "", "category": "", "step": "", "services": "", "region": "", "size": "", **about}
    agreements = dict.fromkeys(AGREEMENTS, False)
    return {
        "id": uuid4().hex, "cluster_id": cluster_id, "company_id": company_id, **plain, **agreements, "state": state,
        "origin": origin, "stage": 0, "joined_at": now, "left_at": None,
    }  # fmt: skip


def leave(connection: Connection, member: ClusterMember, now: datetime) -> bool:
    """End a membership, and all that was agreed to with it; whether it was not over before."""
    ending = update(cluster_members).where(_M.id == member.id, _M.state.in_(("active", "asked")))
    over = {"state": "left", "left_at": now, **dict.fromkeys(AGREEMENTS, False)}
    if connection.execute(ending.values(**over)).rowcount != 1:
        return False
    if member.company_id is not None:
        exchanges.leave(connection, member.cluster_id, member.company_id)
    if member.state == "active":
        _count(connection, member.cluster_id, range(member.stage + 1), -1)
    return True


def take_out_of_clusters(connection: Connection, company_id: str) -> None:
    """Take a company that goes for good out of all clusters: their counts do not go by themselves with its rows."""
    for cluster, member in clusters_of_company(connection, company_id):
        if member.state == "active":
            _count(connection, cluster.id, range(member.stage + 1), -1)
    connection.execute(delete(cluster_members).where(_M.company_id == company_id))


def strike_off(connection: Connection, cluster_id: str, member_id: str) -> bool:
    """Take an organisation without an account off the list; its links go with it."""
    listed = delete(cluster_members).where(
        _M.id == member_id, _M.cluster_id == cluster_id, _M.company_id.is_(None)
    )  # fmt: skip
    return connection.execute(listed).rowcount == 1


def describe(connection: Connection, member_id: str, **about: str) -> None:
    """Set what the cluster says of a member: name, role, NACE, category, step, region, size."""
    connection.execute(update(cluster_members).where(_M.id == member_id).values(**about))


def agree(connection: Connection, member_id: str, what: str, given: bool) -> bool:
    """Set one of a member's agreements; whether that changes anything."""
    other = update(cluster_members).where(_M.id == member_id, _M.state == "active", _M[what].is_(not given))
    return connection.execute(other.values({what: given})).rowcount == 1


def stage_of(connection: Connection, company_id: str, questionnaire: str) -> int:
    """How far a company came with its checks of a questionnaire: 0 none begun, 1 begun, 2 a result, 3 its own plan."""
    theirs = select(assessments.c.id).where(
        assessments.c.company_id == company_id, assessments.c.questionnaire == questionnaire
    )
    if connection.execute(theirs.limit(1)).first() is None:
        return 0
    finished = connection.execute(select(results.c.id).where(results.c.assessment_id.in_(theirs)).limit(1)).first()
    if finished is None:
        return 1
    planned = select(plan_items.c.id).where(plan_items.c.assessment_id.in_(theirs)).limit(1)
    return 2 if connection.execute(planned).first() is None else 3


def note_started_at(connection: Connection, draft_id: str, cluster_id: str) -> None:
    """Put down that a check was begun on the page of a cluster, where that is still there."""
    there = select(literal(draft_id), clusters.c.id).where(clusters.c.id == cluster_id)
    connection.execute(insert(begun_from).from_select(["assessment_id", "cluster_id"], there))


def started_at(connection: Connection, company_id: str) -> tuple[str, ...]:
    """The clusters on whose pages the checks of a company were begun."""
    theirs = (
        select(begun_from.c.cluster_id)
        .join(assessments, assessments.c.id == begun_from.c.assessment_id)
        .where(assessments.c.company_id == company_id)
        .distinct()
    )
    return tuple(sorted(connection.execute(theirs).scalars()))


def ask_for_another(connection: Connection, cluster_id: str, questionnaire: str) -> None:
    """Put down how far each member is with another questionnaire, and count them anew."""
    members = select(_M.id, _M.company_id).where(_M.cluster_id == cluster_id, _M.company_id.is_not(None))
    for member_id, company_id in connection.execute(members).all():
        stage = stage_of(connection, company_id, questionnaire)
        connection.execute(update(cluster_members).where(_M.id == member_id).values(stage=stage))
    keep_sums(connection, cluster_id, count_anew(connection, cluster_id))


def advance(connection: Connection, company_id: str, questionnaire: str, stage: int) -> None:
    """Put down in the clusters of a company that ask for a questionnaire that it came so far with it.

    1 is begun, 2 finished, 3 a plan made.
    """
    behind = (
        select(_M.id, _M.cluster_id, _M.stage)
        .join(clusters, clusters.c.id == _M.cluster_id)
        .where(_M.company_id == company_id, _M.state == "active", _M.stage < stage)
        .where(clusters.c.questionnaire == questionnaire)
    )
    for member_id, cluster_id, before in connection.execute(behind).all():
        further = update(cluster_members).where(_M.id == member_id, _M.stage == before).values(stage=stage)
        if connection.execute(further).rowcount == 1:
            _count(connection, cluster_id, range(before + 1, stage + 1), 1)


def _count(connection: Connection, cluster_id: str, stages: Collection[int], by: int) -> None:
    for stage in stages:
        here = update(cluster_sums).where(_S.cluster_id == cluster_id, _S.what == STAGES[stage])
        if connection.execute(here.values(n=_S.n + by)).rowcount == 0:
            row = {"cluster_id": cluster_id, "what": STAGES[stage], "n": by}
            connection.execute(insert(cluster_sums), row)


def sums_of(connection: Connection, cluster_id: str) -> dict[str, int]:
    """How many members came how far; what nobody did is 0."""
    kept = connection.execute(select(_S.what, _S.n).where(_S.cluster_id == cluster_id))
    return dict.fromkeys(STAGES, 0) | {row.what: row.n for row in kept}


def count_anew(connection: Connection, cluster_id: str) -> dict[str, int]:
    """The same, counted from the members."""
    by_stage = (
        select(_M.stage, func.count())
        .where(_M.cluster_id == cluster_id, _M.state == "active")
        .group_by(_M.stage)
    )  # fmt: skip
    counted = {row[0]: row[1] for row in connection.execute(by_stage)}
    return {name: sum(n for at, n in counted.items() if at >= stage) for stage, name in enumerate(STAGES)}


def keep_sums(connection: Connection, cluster_id: str, sums: Mapping[str, int]) -> None:
    """Put counts in the place of those that are kept."""
    connection.execute(delete(cluster_sums).where(_S.cluster_id == cluster_id))
    rows = [{"cluster_id": cluster_id, "what": what, "n": n} for what, n in sums.items() if n]
    if rows:
        connection.execute(insert(cluster_sums), rows)


_IS_ACTIVE: Final = select(_M.id).where(
    _M.cluster_id == bindparam("cluster_id"), _M.company_id == bindparam("company_id"), _M.state == "active"
)


def is_active(connection: Connection, cluster_id: str, company_id: str) -> bool:
    """Whether a company belongs to a cluster now."""
    return connection.execute(_IS_ACTIVE, {"cluster_id": cluster_id, "company_id": company_id}).first() is not None
