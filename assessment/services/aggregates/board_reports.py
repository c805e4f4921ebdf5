"""The report for a cluster's board as a PDF: made by a job, kept under a hash of all that it shows, and taken.

Whoever may see the cluster's figures may have it made and take it: it shows a snapshot and nothing else.
"""

import hashlib
from typing import Final

from assessment.core.errors import NotFound
from assessment.services.aggregates import readiness
from assessment.services.aggregates.cluster_figures import Shown
from assessment.services.asking import Asking
from assessment.services.clusters import cluster_prints, clusters
from assessment.services.clusters.clusters import EnteredCluster
from assessment.services.instance import Instance
from assessment.services.plans.reports import Made, Press, refuse_when_busy
from assessment.storage import jobs
from assessment.storage.clusters import cluster_documents as stored
from assessment.storage.clusters import clusters as stored_clusters

BOARD_JOB: Final = "board-report"


def look(
    instance: Instance, press: Press, asking: Asking, cluster_id: str, release_id: str, language: str
) -> tuple[EnteredCluster, Shown, Made]:
    """The cluster, the snapshot that is printed (the newest where none is named), and how far its report is.

    Raises NotFound for a snapshot that is not there, and where there is none yet.
    """
    entered = clusters.enter(instance, asking, cluster_id)
    found = readiness.shown(instance, entered.cluster, release_id, language)
    if found is None:
        raise NotFound("snapshot")
    key = _key(instance, press, found, language)
    with instance.database.reading() as connection:
        return entered, found, cluster_prints.how_far(connection, cluster_id, BOARD_JOB, key)


def _key(instance: Instance, press: Press, found: Shown, language: str) -> str:
    shown = f"{press.edition}:{language}:{press.cluster_report_shown(instance, found, language)}"
    return hashlib.sha256(shown.encode()).hexdigest()


def order(
    instance: Instance, press: Press, asking: Asking, cluster_id: str, release_id: str, language: str
) -> None:  # fmt: skip
    """Have the report made: by the worker, or here and now where there is none.

    Raises NotMade where too many PDFs wait already, or where it was tried here and failed.
    """
    _entered, found, made = look(instance, press, asking, cluster_id, release_id, language)
    if made.state == "ready":
        return
    if instance.settings.jobs == "inline":
        make(instance, press, cluster_id, found.release_id, language)
        return
    refuse_when_busy(instance)
    told = {"cluster": cluster_id, "release": found.release_id, "language": language}
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        job = jobs.enqueue(connection, BOARD_JOB, told, cluster_prints.effect(BOARD_JOB, made.key), instance.now())
    instance.wake(job)


def make(instance: Instance, press: Press, cluster_id: str, release_id: str, language: str) -> None:
    """The job: print a snapshot; nothing to do where it is there, or the cluster is gone."""
    with instance.database.reading() as connection:
        cluster = stored_clusters.find(connection, id=cluster_id)
    try:
        found = readiness.shown(instance, cluster, release_id, language) if cluster is not None else None
    except NotFound:
        # The cluster went in between: its snapshots are under no name now.
        return
    if found is None:
        return
    key = _key(instance, press, found, language)
    with instance.database.reading() as connection:
        if stored.pages_of(connection, cluster_id, key) is not None:
            return
    content = press.cluster_report(instance, found, language)
    with instance.database.writing() as connection:
        stored.keep(connection, cluster_id, _report(language), key, press.pages(content), content, instance.now())


def _report(language: str) -> str:
    """One is kept for each language, so that two who read different ones do not drop each other's."""
    return f"{BOARD_JOB}:{language}"


def take(instance: Instance, asking: Asking, cluster_id: str, key: str, language: str) -> bytes:
    """A report that was made. Raises NotFound for one that is not there."""
    with instance.database.reading() as connection:
        clusters.entered(connection, asking, cluster_id)
        content = stored.content_of(connection, cluster_id, _report(language), key)
    if content is None:
        raise NotFound(key)
    return content
