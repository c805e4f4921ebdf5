"""The poster of a cluster as a PDF: when it has to be made anew, having it made, taking it.

Whoever runs the cluster may have it made and take it; what it shows is not secret from its members.
"""

import hashlib
from typing import Final

from assessment.core.errors import NotFound
from assessment.services.asking import Asking
from assessment.services.clusters import cluster_prints, clusters
from assessment.services.clusters.clusters import EnteredCluster
from assessment.services.clusters.poster_material import PosterForPrint, material_of
from assessment.services.instance import Instance
from assessment.services.plans.reports import Made, Press, refuse_when_busy
from assessment.storage import jobs
from assessment.storage.clusters import cluster_documents as stored
from assessment.storage.clusters import clusters as stored_clusters

POSTER_JOB: Final = "cluster-poster"


def look(
    instance: Instance, press: Press, asking: Asking, cluster_id: str, language: str
) -> tuple[EnteredCluster, Made]:
    """The cluster, and how far its poster is as it would look now."""
    with instance.database.reading() as connection:
        entered = clusters.entered(connection, asking, cluster_id)
        key = _key(press, material_of(instance, connection, entered.cluster, language))
        return entered, cluster_prints.how_far(connection, cluster_id, POSTER_JOB, key)


def _key(press: Press, material: PosterForPrint) -> str:
    return hashlib.sha256(f"{press.edition}:{material!r}".encode()).hexdigest()


def order(instance: Instance, press: Press, asking: Asking, cluster_id: str, language: str) -> None:
    """Have the poster made: by the worker, or here and now where there is none.

    Raises NotMade where too many PDFs wait already, or where it was tried here and failed.
    """
    _entered, made = look(instance, press, asking, cluster_id, language)
    if made.state == "ready":
        return
    if instance.settings.jobs == "inline":
        make(instance, press, cluster_id, language)
        return
    refuse_when_busy(instance)
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        told = {"cluster": cluster_id, "language": language}
        job = jobs.enqueue(connection, POSTER_JOB, told, cluster_prints.effect(POSTER_JOB, made.key), instance.now())
    instance.wake(job)


def make(instance: Instance, press: Press, cluster_id: str, language: str) -> None:
    """The job: make the poster as the cluster is now; nothing to do where it is there or the cluster is gone."""
    with instance.database.reading() as connection:
        cluster = stored_clusters.find(connection, id=cluster_id)
        if cluster is None:
            return
        material = material_of(instance, connection, cluster, language)
        key = _key(press, material)
        if stored.pages_of(connection, cluster_id, key) is not None:
            return
    content = press.cluster_poster(instance, material)
    with instance.database.writing() as connection:
        stored.keep(connection, cluster_id, POSTER_JOB, key, press.pages(content), content, instance.now())


def take(instance: Instance, asking: Asking, cluster_id: str, key: str) -> bytes:
    """A poster that was made. Raises NotFound for one that is not there."""
    with instance.database.reading() as connection:
        clusters.entered(connection, asking, cluster_id)
        content = stored.content_of(connection, cluster_id, POSTER_JOB, key)
    if content is None:
        raise NotFound(key)
    return content
