"""Released figures that leave the instance signed, and those of clusters elsewhere that are brought in to compare with.

Bringing one in takes two steps: a look at what the file says and by whom it is signed, then the yes. Both check the
whole file, because what lies between them is in the browser's hands.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from assessment.content.aggregates import release_files
from assessment.content.aggregates.release_files import LARGEST, Verified
from assessment.core.aggregates.release_file import ReleaseFile
from assessment.core.errors import NotFound, Refused
from assessment.services.asking import Asking
from assessment.services.clusters.clusters import entered
from assessment.services.instance import Instance
from assessment.storage.aggregates import comparison_groups as stored
from assessment.storage.aggregates.comparison_groups import ComparisonGroup
from assessment.storage.clusters.clusters import Cluster

MOST_GROUPS: Final = 50


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that can be brought in, and the older figures of the same cluster that it takes the place of."""

    verified: Verified
    replaces: ComparisonGroup | None


def signed(instance: Instance, file: ReleaseFile) -> bytes:
    """A release file with this instance's signature."""
    return release_files.signed(file, instance.settings.code_key)


def own_signer(instance: Instance) -> str:
    """The fingerprint that others see under this instance's files."""
    return release_files.signer_of(instance.settings.code_key)


def look(instance: Instance, cluster: Cluster, content: bytes) -> Looked:
    """What a file says, without keeping it.

    Raises Refused with the codes of `content.aggregates.release_files.read`, and `own` for a file of this very
    instance, `other-questionnaire`, `older` and `already` for what is no news, `too-many`.
    """
    with instance.database.reading() as connection:
        return _look(instance, connection, cluster, content)


def _look(instance: Instance, connection: Connection, cluster: Cluster, content: bytes) -> Looked:
    verified = release_files.read(content)
    if verified.signer == own_signer(instance):
        raise Refused("own")
    if verified.file.questionnaire != cluster.questionnaire:
        raise Refused("other-questionnaire")
    groups = stored.of_cluster(connection, cluster.id)
    found, snapshot = None, verified.file.snapshot
    for group in groups:
        known = group.file.snapshot
        if group.signer == verified.signer and known.population == snapshot.population:
            if known.taken_at >= snapshot.taken_at:
                raise Refused("already" if known == snapshot else "older")
            found = group
    if found is None and len(groups) >= MOST_GROUPS:
        raise Refused("too-many")
    return Looked(verified, found)


def bring_in(instance: Instance, asking: Asking, cluster_id: str, content: bytes) -> None:
    """Keep a file for the cluster, in the place of older figures of the same one. Raises Refused as `look` does."""
    with instance.database.writing() as connection:
        cluster = entered(connection, asking, cluster_id).cluster
        looked = _look(instance, connection, cluster, content)
        if looked.replaces is not None:
            stored.remove(connection, cluster_id, looked.replaces.id)
        verified = looked.verified
        stored.add(connection, cluster_id, verified.file, verified.signer, asking.person_id, instance.now())
        instance.note(connection, "cluster changed", asking.person_id, {"cluster": cluster_id})


def brought(instance: Instance, cluster_id: str) -> Sequence[ComparisonGroup]:
    """All that the cluster compares itself with from elsewhere."""
    with instance.database.reading() as connection:
        return stored.of_cluster(connection, cluster_id)


def remove(instance: Instance, asking: Asking, cluster_id: str, group_id: str) -> None:
    """No longer compare with one. Raises NotFound where it is not there."""
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id)
        if not stored.remove(connection, cluster_id, group_id):
            raise NotFound(group_id)
        instance.note(connection, "cluster changed", asking.person_id, {"cluster": cluster_id})


# Between the look and the yes, the file travels with the form


def packed(content: bytes) -> str:
    """A file as a short text, for the form that says yes to it."""
    plain = json.dumps(json.loads(content.decode("utf-8-sig")), ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(plain.encode(), 9)).decode()


def unpacked(text: str) -> bytes:
    """The file again. Raises Refused: `not-json` where it is no such text, `too-large` where it would grow too far."""
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(base64.b64decode(text, validate=True), LARGEST + 1)
    except (ValueError, binascii.Error, zlib.error):
        raise Refused("not-json") from None
    if len(content) > LARGEST:
        raise Refused("too-large")
    return content
