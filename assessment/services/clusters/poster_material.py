"""What the poster of a cluster shows."""

from dataclasses import dataclass

from sqlalchemy import Connection

from assessment.services.checks.drafts import in_groups
from assessment.services.clusters import clusters
from assessment.services.instance import Instance
from assessment.storage.clusters import clusters as stored
from assessment.storage.clusters.clusters import Cluster


@dataclass(frozen=True, slots=True)
class PosterForPrint:
    """A cluster's name, its own words and logo, where its page is, and the code to join by."""

    cluster_id: str
    language: str
    name: str
    text: str
    logo_kind: str
    logo: bytes
    address: str
    code: str


def material_of(instance: Instance, connection: Connection, cluster: Cluster, language: str) -> PosterForPrint:
    """The same of one cluster as it is now."""
    text = cluster.texts.get(language) or next(iter(filter(None, cluster.texts.values())), "")
    kind, logo = stored.logo_of(connection, cluster.slug) or ("", b"")
    address = f"{instance.settings.base_url}/c/{cluster.slug}"
    code = in_groups(clusters.code_of(instance, cluster))
    return PosterForPrint(cluster.id, language, cluster.name, text, kind, logo, address, code)
