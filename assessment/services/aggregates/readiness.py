"""A cluster's figures: snapshots that are asked for, made, kept with their ledgers, and shown as they were.

What is shown and what is withheld is decided by `readiness.py` alone. Here its ingredients are gathered: who
agreed to be counted, what each gives, and all that was ever released about companies that overlap.
"""

import time
from typing import Final, Literal

from sqlalchemy import Connection

from assessment.content.clusters.joint_actions import joint_kinds
from assessment.core.aggregates.contributions import Contribution
from assessment.core.aggregates.disclosure import may_release, rules_of
from assessment.core.aggregates.readiness import CLUSTERS, Others, release
from assessment.core.aggregates.snapshots import Ledger, Menu, Quantity, Release, Snapshot
from assessment.core.clusters.joint_action import SAVING
from assessment.core.errors import Conflict, NotFound, Refused
from assessment.core.plans.follow_up import MeasuredUse
from assessment.services.aggregates import amounts, counting
from assessment.services.aggregates.amounts import MEASURED, PLANNED_SAVING
from assessment.services.aggregates.cluster_figures import Shown
from assessment.services.asking import Asking
from assessment.services.clusters import clusters
from assessment.services.instance import Instance
from assessment.storage import jobs
from assessment.storage.aggregates import comparison_groups, contributions, releases
from assessment.storage.aggregates.releases import StoredRelease
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.clusters.clusters import Cluster

SNAPSHOT_JOB: Final = "cluster-snapshot"
SIZES: Final = ("micro", "small", "medium", "large")
_BASE_UNITS: Final[dict[MeasuredUse, str]] = {
    "electricity": "kWh", "heat": "kWh", "transport": "kWh", "water": "m3", "waste": "kg", "materials": "kg",
    "refrigerant": "kg", "cost-resources": "EUR",
}  # fmt: skip
_TRIES: Final = 3
_MINUTE: Final = 60

State = Literal["none", "being-made", "failed"]
_STATES: Final[dict[str, State]] = {"waiting": "being-made", "running": "being-made", "dead": "failed"}


def menu_of(instance: Instance, cluster: Cluster) -> Menu:
    """What a snapshot of a cluster tells about: the same for everybody, given by the questionnaire."""
    questionnaire = clusters.edition_of(instance, cluster, "en").questionnaire
    region = questionnaire.questions.get(questionnaire.roles.region or "")
    regions = tuple(option.id for option in getattr(region, "options", ()) if option.id[:1].isupper())
    return Menu(
        population=cluster.id,
        stages=cluster_members.STAGES,
        sections=tuple(section.id for section in questionnaire.scored_sections),
        practices=tuple(question.id for question in questionnaire.questions.values() if question.scored),
        amounts=(
            Quantity(id=PLANNED_SAVING, unit="EUR"),
            *(Quantity(id=MEASURED + use, unit=unit) for use, unit in _BASE_UNITS.items()),
            *(Quantity(id=SAVING + kind.id, unit="EUR", of_those_who_lack=True) for kind in joint_kinds()),
        ),
        sectors=tuple(sector.id for sector in questionnaire.sectors),
        sizes=SIZES,
        regions=regions,
    )


# Asking for one


def ask(instance: Instance, asking: Asking, cluster_id: str) -> None:
    """Have a snapshot made: by the worker, or here and now where there is none.

    Raises Refused with a code of `core.aggregates.disclosure.may_release` where it is not time for one.
    """
    cluster = clusters.enter(instance, asking, cluster_id).cluster
    with instance.database.reading() as connection:
        counted = _counted(instance, connection, cluster)
        last = releases.newest_ledger(connection, cluster.id, cluster.questionnaire)
    earlier = [Ledger.model_validate_json(last)] if last is not None else []
    timing = may_release(cluster.id, counted, earlier, instance.now(), rules_of(cluster.threshold))
    if timing.code != "yes":
        raise Refused(timing.code)
    if instance.settings.jobs == "inline":
        make(instance, cluster_id, asking.person_id)
        return
    arguments = {"cluster": cluster_id, "person": asking.person_id}
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        job = jobs.enqueue(connection, SNAPSHOT_JOB, arguments, _effect(cluster_id), instance.now())
    instance.wake(job)


def _effect(cluster_id: str) -> str:
    return f"{SNAPSHOT_JOB}:{cluster_id}"


def shown_with_state(
    instance: Instance, cluster: Cluster, release_id: str, language: str
) -> tuple[Shown | None, State, int]:
    """What `shown` gives, whether a snapshot is being made, and the minutes that the last one took to work out; 0 where
    it was less than one, or is not known. All by one connection: whoever runs a cluster opens this page most.
    """
    with instance.database.reading() as connection:
        found, stored = _shown(instance, connection, cluster, release_id, language)
        job = jobs.find(connection, _effect(cluster.id))
        took = stored.took if stored is not None else None
        if release_id:
            took = releases.last_took(connection, cluster.id, cluster.questionnaire)
    state = _STATES.get(job.state, "none") if job is not None else "none"
    return found, state, round((took or 0) / _MINUTE)


def make(instance: Instance, cluster_id: str, person_id: str) -> str:
    """Make and keep a snapshot; its id, empty for a cluster that is gone or where it is not time for one any more.

    Whatever was released meanwhile about companies that overlap is looked at as well: then all is worked out anew.
    """
    began = time.monotonic()
    for _ in range(_TRIES):
        with instance.database.reading() as connection:
            cluster = stored_clusters.find(connection, id=cluster_id)
            if cluster is None:
                return ""
            seen = releases.how_many(connection)
            members = counting_members(connection, cluster)
            counted = counting.given(instance, connection, cluster.questionnaire, members)
            standings = counting.standings(instance, connection, cluster, counted)
            around = counting.around(instance, connection, cluster.questionnaire, [*counted, *standings])
            others = _others(connection, cluster)
            named = contributions.results_of(connection, named_members(connection, cluster), cluster.questionnaire)
            previous = releases.newest(connection, cluster.id, cluster.questionnaire)
        given = amounts.added(instance, cluster.questionnaire, members, counted)
        try:
            made = release(
                menu_of(instance, cluster), given, around.earlier,
                at=instance.now(), rules=rules_of(cluster.threshold), standings=standings, previous=_read(previous),
                others=others, background=around.background, standings_before=around.standings_before,
                same=around.same, known=around.known,
                names=[counting.digest(instance, result) for result in named.values()], methods=instance.methods,
            )  # fmt: skip
        except Refused:
            return ""
        with instance.database.writing() as connection:
            if kept := _keep(connection, cluster, made, person_id, seen, round(time.monotonic() - began)):
                return kept
    raise Conflict


def _keep(
    connection: Connection, cluster: Cluster, made: Release, person_id: str, seen: int, took: int
) -> str:  # fmt: skip
    """Keep a snapshot with its ledger, unless another one came between; its id."""
    releases.hold(connection)
    if releases.how_many(connection) != seen or stored_clusters.find(connection, id=cluster.id) is None:
        return ""
    return releases.add(
        connection, cluster.id, cluster.questionnaire, made.snapshot.taken_at, person_id or None,
        made.snapshot.model_dump_json(), made.ledger.model_dump_json(), took=took,
    )  # fmt: skip


# What it is made of


def _counted(instance: Instance, connection: Connection, cluster: Cluster) -> list[Contribution]:
    """What the members give that agreed to be counted, each owner once."""
    return counting.given(instance, connection, cluster.questionnaire, counting_members(connection, cluster))


def counting_members(connection: Connection, cluster: Cluster) -> tuple[str, ...]:
    """The companies that may be counted in a cluster now."""
    return cluster_members.open_companies(connection, cluster.id, "counted")


def named_members(connection: Connection, cluster: Cluster) -> tuple[str, ...]:
    """The companies that agreed to be seen by name in a cluster now."""
    return cluster_members.open_companies(connection, cluster.id, "named")


def shown_by_name(instance: Instance, connection: Connection, cluster: Cluster) -> frozenset[str]:
    """The companies that a cluster may see by name now.

    They agreed, and either no figure may count their newest result, or the newest snapshot was made with it known: the
    name of one more would otherwise leave the others of a figure fewer to be among.
    """
    agreed = named_members(connection, cluster)
    counted = releases.may_have_counted(connection, cluster.questionnaire, agreed)
    last = releases.newest_ledger(connection, cluster.id, cluster.questionnaire)
    named = set(Ledger.model_validate_json(last).named) if last is not None else set()
    results = contributions.results_of(connection, agreed, cluster.questionnaire)
    return frozenset(
        company for company, result in results.items()
        if company not in counted or counting.digest(instance, result) in named
    )  # fmt: skip


def _others(connection: Connection, cluster: Cluster) -> Others:
    """Published figures of other clusters; of one alone only where it shows them to its own members."""
    newest = releases.newest_of_others(connection, cluster.id, cluster.questionnaire)
    model = next((found for found in newest if found.cluster_id == cluster.model_id), None)
    open_to_all = model is not None and _is_published(connection, cluster.model_id)
    shown = [snapshot for found in newest if (snapshot := _read(found)) is not None]
    # Never both in one median: with figures that somebody made up beside them, it would tell those of one cluster here.
    brought = comparison_groups.imported_snapshots(connection, cluster.id, cluster.questionnaire)
    return Others(clusters=brought if len(brought) >= CLUSTERS else shown, model=_read(model) if open_to_all else None)


def _is_published(connection: Connection, cluster_id: str | None) -> bool:
    found = stored_clusters.find(connection, id=cluster_id or "")
    return found is not None and found.published


def _read(stored: StoredRelease | None) -> Snapshot | None:
    return Snapshot.model_validate_json(stored.shown) if stored is not None else None


# Showing one


def shown(instance: Instance, cluster: Cluster, release_id: str, language: str) -> Shown | None:
    """A snapshot as it was released, the newest where none is named; None where there is none yet.

    Raises NotFound for an id that is none of this cluster's.
    """
    with instance.database.reading() as connection:
        return _shown(instance, connection, cluster, release_id, language)[0]


def _shown(
    instance: Instance, connection: Connection, cluster: Cluster, release_id: str, language: str
) -> tuple[Shown | None, StoredRelease | None]:
    dates = releases.of_cluster(connection, cluster.id, cluster.questionnaire)
    model = stored_clusters.find(connection, id=cluster.model_id) if cluster.model_id else None
    found = (
        releases.find(connection, cluster.id, release_id)
        if release_id else releases.newest(connection, cluster.id, cluster.questionnaire)
    )  # fmt: skip
    if found is None and release_id:
        raise NotFound(release_id)
    if found is None:
        return None, None
    edition = clusters.edition_of(instance, cluster, language)
    return Shown(cluster, found.id, found.shown, dates, edition, model.name if model is not None else ""), found


def newest(instance: Instance, cluster_id: str, language: str) -> Shown:
    """A cluster's newest snapshot, for whoever runs the site. Raises NotFound where there is no such, or none yet."""
    with instance.database.reading() as connection:
        cluster = stored_clusters.find(connection, id=cluster_id)
    found = shown(instance, cluster, "", language) if cluster is not None else None
    if found is None:
        raise NotFound(cluster_id)
    return found
