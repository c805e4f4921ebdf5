"""A cluster always has somebody to run it: an administrator names who takes over what would be without a manager.

Only what nobody would run otherwise can be given to somebody: an administrator is no part of a cluster, and puts nobody
beside managers who are there.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from assessment.core.errors import Refused
from assessment.services import mails
from assessment.services.clusters import clusters
from assessment.services.instance import Instance
from assessment.services.mails import Mail
from assessment.services.people.addresses import normal_address
from assessment.storage.clusters import clusters as stored
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import people
from assessment.storage.people.people import Person

ToSuccessor = Callable[[Connection, str, Sequence[Cluster]], Mail]
"""The mail to an address whose owner now runs these clusters."""


def deserted(instance: Instance) -> Sequence[Cluster]:
    """The clusters of which no manager can sign in any more, after a restored backup for instance."""
    with instance.database.reading() as connection:
        return stored.run_by_nobody(connection)


def alone(instance: Instance, person_id: str) -> Sequence[Cluster]:
    """The clusters that only this person runs."""
    with instance.database.reading() as connection:
        return stored.run_alone_by(connection, person_id)


def name_manager(instance: Instance, by: str, cluster_id: str, typed: str, mail: ToSuccessor) -> None:
    """Let a manager run a cluster that nobody runs; they are told.

    Raises Refused("has-manager") for a cluster that somebody runs, or that is not there, Refused("no-such-manager") for
    an address that belongs to nobody who can run one.
    """
    with instance.database.writing() as connection:
        stored.hold(connection, cluster_id)
        cluster = next((one for one in stored.run_by_nobody(connection) if one.id == cluster_id), None)
        if cluster is None:
            raise Refused("has-manager")
        successor = _successor(connection, typed)
        clusters.let_run(instance, connection, cluster, successor.id, by)
        job = mails.post(instance, connection, mail(connection, successor.email, (cluster,)))
    mails.go_out(instance, job)


def leave_clusters(
    instance: Instance, connection: Connection, by: str, person_id: str, typed: str, mail: ToSuccessor
) -> list[str]:  # fmt: skip
    """Somebody is a manager no longer: they run no cluster, and whoever `typed` names takes over those of theirs alone.

    Returns the jobs of the mails. Raises Refused("last-manager") where somebody has to be named and is not,
    Refused("no-such-manager") for an address that belongs to nobody who can run a cluster.
    """
    run = stored.run_by(connection, person_id)
    for cluster in run:
        stored.hold(connection, cluster.id)
    handed = stored.run_alone_by(connection, person_id)
    told = []
    if handed:
        if not typed.strip():
            raise Refused("last-manager")
        successor = _successor(connection, typed, without=person_id)
        for cluster in handed:
            clusters.let_run(instance, connection, cluster, successor.id, by)
        told.append(mails.post(instance, connection, mail(connection, successor.email, handed)))
    for cluster in run:
        clusters.let_run_no_longer(instance, connection, cluster, person_id, by)
    return told


def _successor(connection: Connection, typed: str, without: str = "") -> Person:
    email = normal_address(typed)
    found = people.find_person(connection, email=email) if email else None
    if found is None or found.id == without or not found.active or found.staff_role != "manager":
        raise Refused("no-such-manager")
    return found
