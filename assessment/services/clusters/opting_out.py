"""No more mails: an address opts out of the invitations of one cluster, or of all and of links to checks, for ever.

What is kept is a digest of the address under a key outside the database, so nobody can read whom it stands for, and it
still counts when a list with that address is brought years later. The link of a mail carries the digest itself, signed:
it works as long as there is the key, also once the address is forgotten. Looking at it changes nothing.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from assessment.core.errors import NotFound
from assessment.services.instance import Instance
from assessment.services.upkeep.gone import put_down_ended
from assessment.storage.checks import draft_addresses
from assessment.storage.clusters import campaigns, clusters
from assessment.storage.upkeep.erasure_list import ErasureList

_DIGEST: Final = 32
_CLUSTER: Final = 16
_SIGNATURE: Final = 16


@dataclass(frozen=True, slots=True)
class WayOut:
    """What a link to opt out leads to; the cluster's name is empty where it is gone."""

    digest: str
    cluster_id: str
    cluster: str


def digest_of(instance: Instance, address: str) -> str:
    """What stands for an address for ever."""
    said = b"opt-out:" + address.encode()
    return hmac.new(instance.settings.code_key.encode(), said, hashlib.sha256).hexdigest()


def token_of(instance: Instance, digest: str, cluster_id: str) -> str:
    """The token of the link in a cluster's mail to that address."""
    said = bytes.fromhex(digest) + bytes.fromhex(cluster_id)
    return base64.urlsafe_b64encode(said + _signature(instance, said)).decode()


def look(instance: Instance, token: str) -> WayOut:
    """What a link leads to. Raises NotFound for one that is not ours."""
    try:
        read = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        raise NotFound("opt-out") from None
    said, signature = read[: _DIGEST + _CLUSTER], read[_DIGEST + _CLUSTER :]
    if not hmac.compare_digest(signature, _signature(instance, said)):
        raise NotFound("opt-out")
    digest, cluster_id = said[:_DIGEST].hex(), said[_DIGEST:].hex()
    with instance.database.reading() as connection:
        cluster = clusters.find(connection, id=cluster_id)
    return WayOut(digest, cluster_id, cluster.name if cluster else "")


def opt_out(instance: Instance, token: str, everywhere: bool) -> WayOut:
    """Write to the address of a link no more: not for its cluster, or for none. Raises NotFound as `look` does."""
    way = look(instance, token)
    cluster_id = campaigns.ALL_CLUSTERS if everywhere or not way.cluster else way.cluster_id
    with instance.database.writing() as connection:
        if campaigns.opt_out(connection, way.digest, cluster_id, instance.now()):
            put_down_ended(instance, _entry(way.digest, cluster_id))
        if cluster_id == campaigns.ALL_CLUSTERS:
            draft_addresses.forget(connection, hash=way.digest)
    return way


def among(instance: Instance, connection: Connection, cluster_id: str, addresses: dict[str, str]) -> set[str]:
    """Of these addresses, by digest, those that want no mail from a cluster."""
    found = campaigns.opted_out_among(connection, cluster_id, addresses)
    # A backup that was brought back may know nothing of who opted out after it.
    entries = {
        _entry(digest, of): digest for digest in addresses for of in (cluster_id, campaigns.ALL_CLUSTERS)
    }  # fmt: skip
    settings = instance.settings
    put_down = ErasureList(settings.data_dir, settings.erasure_key).among(entries)
    return {addresses[digest] for digest in (*found, *(entries[entry] for entry in put_down))}


def _entry(digest: str, cluster_id: str) -> str:
    """How it stands on the list that is kept beside the database."""
    return f"opt-out:{digest}:{cluster_id}"


def _signature(instance: Instance, said: bytes) -> bytes:
    key = instance.settings.code_key.encode()
    return hmac.new(key, b"opt-out-link:" + said, hashlib.sha256).digest()[:_SIGNATURE]
