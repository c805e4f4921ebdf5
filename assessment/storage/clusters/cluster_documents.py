"""PDFs of clusters: each under a hash of all that it shows, the newest of its kind alone."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from assessment.storage.clusters.cluster_tables import cluster_documents, clusters
from assessment.storage.conflicts import insert_once

_D = cluster_documents.c


def pages_of(connection: Connection, cluster_id: str, digest: str) -> int | None:
    """How many pages the PDF has that shows this; None where it was not made."""
    found = select(_D.pages).where(_D.cluster_id == cluster_id, _D.hash == digest)
    return connection.execute(found).scalar()


def content_of(connection: Connection, cluster_id: str, report: str, digest: str) -> bytes | None:
    """The PDF itself."""
    found = select(_D.content).where(_D.cluster_id == cluster_id, _D.report == report, _D.hash == digest)
    return connection.execute(found).scalar()


def keep(
    connection: Connection, cluster_id: str, report: str, digest: str, pages: int, content: bytes, now: datetime
) -> bool:  # fmt: skip
    """Keep a PDF in the place of others of its kind; False where the cluster is gone."""
    if connection.execute(select(clusters.c.id).where(clusters.c.id == cluster_id)).first() is None:
        return False
    others = delete(cluster_documents).where(_D.cluster_id == cluster_id, _D.report == report, _D.hash != digest)
    connection.execute(others)
    row = {
        "cluster_id": cluster_id, "hash": digest, "report": report, "pages": pages, "content": content, "made_at": now,
    }  # fmt: skip
    insert_once(connection, cluster_documents, row)
    return True
