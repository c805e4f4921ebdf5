"""How far a PDF of a cluster is, whichever it is: kept under a hash of all that it shows, or a job that makes it."""

from sqlalchemy import Connection

from assessment.services.plans.reports import Made
from assessment.storage import jobs
from assessment.storage.clusters import cluster_documents as stored


def effect(job: str, key: str) -> str:
    """What the job that makes a PDF is known by: two that would show the same are one."""
    return f"{job}:{key}"


def how_far(connection: Connection, cluster_id: str, job: str, key: str) -> Made:
    """How far the PDF is that has this key."""
    pages = stored.pages_of(connection, cluster_id, key)
    if pages is not None:
        return Made("ready", key, pages)
    found = jobs.find(connection, effect(job, key))
    state = found.state if found is not None else ""
    if state in ("waiting", "running"):
        return Made("being-made", key)
    return Made("failed" if state == "dead" else "not-ordered", key)
