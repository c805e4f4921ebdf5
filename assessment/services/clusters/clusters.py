"""A cluster as its managers run it: making one, its page and code, who else runs it, taking it away.

Who makes a cluster has the staff role of a manager. The organisation that runs it is a company like others, so it
answers questionnaires of its own; it is no member, and counts nowhere.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

from anyascii import anyascii
from sqlalchemy import Connection

from assessment.content.library import Edition
from assessment.core.access import Action, Standing, decide
from assessment.core.checks.attachments import Kind, attachment_of
from assessment.core.errors import NotFound, Refused
from assessment.services.asking import Asking, insist
from assessment.services.checks.drafts import code_from, plain_code
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.joining import Comer, Landed, new_person, renew, whoever
from assessment.services.people.links_once import Bound, Made, StoredLink
from assessment.services.upkeep.gone import put_down, put_down_again, put_down_ended
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored
from assessment.storage.clusters.clusters import Cluster, Manager
from assessment.storage.people import companies, partings, people, single_links
from assessment.storage.upkeep.erasure_list import entry

LONGEST_NAME: Final = 100
LONGEST_TEXT: Final = 2000
LOGO_BYTES: Final = 200 * 1024
LOGO_KINDS: Final = ("png", "jpeg")
LOWEST_THRESHOLD: Final = 5
HIGHEST_THRESHOLD: Final = 50

_HARD_SIGN: Final = re.compile("ъ(?![еёюя])", re.IGNORECASE)
_SIGNS: Final = re.compile("[ъь]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EnteredCluster:
    """A cluster that somebody may do something with, and how they stand to it."""

    cluster: Cluster
    standing: Standing

    def may(self, action: Action) -> bool:
        """Whether they may do something else there as well."""
        return decide(action, self.standing) == "yes"


def enter(instance: Instance, asking: Asking, cluster_id: str) -> EnteredCluster:
    """The cluster, if whoever asks may do there what they are about to.

    Raises NotFound for one that does not exist and for one of somebody else alike, NotYours where it is known but
    this is not theirs to do.
    """
    with instance.database.reading() as connection:
        return entered(connection, asking, cluster_id)


def entered(connection: Connection, asking: Asking, cluster_id: str) -> EnteredCluster:
    """The same in the caller's transaction: what is written there rests on who they are now."""
    cluster = stored.find(connection, id=cluster_id)
    standing = stored.standing_in(connection, cluster_id, asking.person_id)
    insist(asking, standing, cluster_id)
    if cluster is None:
        raise NotFound(cluster_id)
    return EnteredCluster(cluster, standing)


def run_by(instance: Instance, person_id: str) -> Sequence[Cluster]:
    """The clusters that somebody runs."""
    with instance.database.reading() as connection:
        return stored.run_by(connection, person_id)


def make(instance: Instance, person_id: str, name: str, language: str) -> str:
    """A new cluster with its organisation; the cluster's id."""
    now = instance.now()
    questionnaire, _ = instance.library.newest
    with instance.database.writing() as connection:
        organisation = companies.add_company(connection, name, person_id, now)
        cluster = Cluster(
            uuid4().hex, name, _free_slug(connection, name), {language: ""}, "", "", questionnaire, "",
            LOWEST_THRESHOLD, False, now, None, None, organisation.id, now,
        )  # fmt: skip
        stored.add(connection, cluster, code_hash(instance, code_of(instance, cluster)), person_id)
        instance.note(connection, "company made", person_id, {"company": organisation.id})
        instance.note(connection, "cluster made", person_id, {"cluster": cluster.id})
    return cluster.id


def _free_slug(connection: Connection, name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", _in_ascii(name).lower()).strip("-")[:40].strip("-") or "cluster"
    taken = stored.slugs_like(connection, slug)
    return next(found for found in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if found not in taken)


def _in_ascii(name: str) -> str:
    """A name in letters that every keyboard has. A hard sign before no soft vowel is Bulgarian, and a vowel."""
    return anyascii(_SIGNS.sub("", _HARD_SIGN.sub("a", name)))


def change(instance: Instance, asking: Asking, cluster_id: str, **values: Any) -> None:
    """Set what stands on the cluster's page, or by which rules its figures are shown.

    Raises Refused("threshold-lowered") where fewer companies than before would stand behind a figure: what was
    released under the old rule could be taken apart with it. Raises Refused("no-such-cluster") for a parent or a model
    that is not there, or that would make a circle, Refused("no-such-questionnaire") for one that no member can answer.
    """
    with instance.database.writing() as connection:
        cluster = entered(connection, asking, cluster_id).cluster
        if values.get("threshold", cluster.threshold) < cluster.threshold:
            raise Refused("threshold-lowered")
        _insist_on_others(connection, asking, cluster, values)
        asked = values.get("questionnaire", cluster.questionnaire), values.get("version", cluster.version)
        if asked != (cluster.questionnaire, cluster.version) and asked not in may_ask(instance):
            raise Refused("no-such-questionnaire")
        stored.change(connection, cluster_id, **values)
        if asked[0] != cluster.questionnaire:
            cluster_members.ask_for_another(connection, cluster_id, asked[0])
        instance.note(connection, "cluster changed", asking.person_id, {"cluster": cluster_id})


def edition_of(instance: Instance, cluster: Cluster, language: str) -> Edition:
    """The questionnaire that a cluster's members answer, in a language."""
    version = cluster.version or instance.library.newest_of(cluster.questionnaire)[1]
    return instance.library.edition(cluster.questionnaire, version, language)


def may_ask(instance: Instance) -> Sequence[tuple[str, str]]:
    """Name and version of each questionnaire that a cluster can ask its members to answer; no version is the newest."""
    library = instance.library
    return [
        (name, version)
        for audience in ("anyone", "company")
        for name, _ in library.offered(audience)
        for version in ("", *library.versions_of(name))
    ]


def models_for(instance: Instance, cluster: Cluster) -> Sequence[Cluster]:
    """The clusters that one can measure itself against: those that show their figures to their members."""
    with instance.database.reading() as connection:
        return [one for one in stored.all_of_them(connection) if one.published and one.id != cluster.id]


def _insist_on_others(
    connection: Connection, asking: Asking, cluster: Cluster, values: Mapping[str, Any]
) -> None:  # fmt: skip
    """A parent is a cluster that the same person runs and that is no part of this one."""
    if parent_id := values.get("parent_id"):
        if not stored.is_manager(connection, parent_id, asking.person_id):
            raise Refused("no-such-cluster")
        above = stored.find(connection, id=parent_id)
        while above is not None:
            if above.id == cluster.id:
                raise Refused("no-such-cluster")
            above = stored.find(connection, id=above.parent_id) if above.parent_id else None
    if (model_id := values.get("model_id")) and (
        model_id == cluster.id or stored.find(connection, id=model_id) is None
    ):
        raise Refused("no-such-cluster")


def set_logo(instance: Instance, asking: Asking, cluster_id: str, content: bytes | None) -> None:
    """Give the cluster a logo, or none.

    Raises Refused: `too-large`, `unknown-kind` for what is no PNG or JPEG, `broken`, `too-many-pixels`.
    """
    found = None
    if content is not None:
        if len(content) > LOGO_BYTES:
            raise Refused("too-large")
        found = attachment_of(content)
        if found.kind not in LOGO_KINDS:
            raise Refused("unknown-kind")
    logo, kind = (found.content, found.kind) if found else (None, "")
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id)
        stored.change(connection, cluster_id, logo=logo, logo_kind=kind)


def logo_of(instance: Instance, slug: str) -> tuple[Kind, bytes]:
    """A cluster's logo for everybody: its kind and bytes. Raises NotFound where there is none."""
    with instance.database.reading() as connection:
        found = stored.logo_of(connection, slug)
    if found is None:
        raise NotFound(slug)
    return found


def by_slug(instance: Instance, slug: str) -> Cluster:
    """The cluster of a public page. Raises NotFound where there is none."""
    with instance.database.reading() as connection:
        found = stored.find(connection, slug=slug)
    if found is None:
        raise NotFound(slug)
    return found


# The code that companies join by


def code_of(instance: Instance, cluster: Cluster) -> str:
    """The code, worked out again from the cluster and the moment it was made."""
    said = f"cluster-code:{cluster.id}:{cluster.code_at.isoformat()}".encode()
    return code_from(hmac.digest(instance.settings.code_key.encode(), said, "sha256"))


def code_hash(instance: Instance, code: str) -> str:
    """What is kept of a code."""
    said = b"cluster-code:" + plain_code(code).encode()
    return hmac.new(instance.settings.code_key.encode(), said, hashlib.sha256).hexdigest()


def renew_code(instance: Instance, asking: Asking, cluster_id: str) -> None:
    """A new code; the old one no longer works. Whoever joined by it stays."""
    with instance.database.writing() as connection:
        cluster = replace(entered(connection, asking, cluster_id).cluster, code_at=instance.now())
        new = code_hash(instance, code_of(instance, cluster))
        stored.change(connection, cluster_id, code_at=cluster.code_at, code_hash=new)


# Who runs it


@dataclass(frozen=True, slots=True)
class Offered:
    """What an invitation to run a cluster says."""

    cluster: Cluster
    email: str
    known: bool
    """Whether there is an account with this address."""
    inviter: str
    """The name of whoever invites, as long as they run the cluster; empty where it is not known."""


def managers_of(instance: Instance, cluster_id: str) -> tuple[Sequence[Manager], Sequence[StoredLink]]:
    """Everybody who runs a cluster, and the invitations that nobody has taken up and that still hold."""
    with instance.database.reading() as connection:
        invited = [
            link for link in single_links.held_by(connection, "manage", instance.now())
            if link.arguments.get("cluster") == cluster_id
        ]  # fmt: skip
        return stored.managers_of(connection, cluster_id), invited


def invite_manager(
    instance: Instance, connection: Connection, asking: Asking, cluster_id: str, email: str
) -> Made:  # fmt: skip
    """A link by which somebody else runs the cluster too, in the caller's transaction, which also posts the mail.

    Raises Refused("manager-already") where they do, Refused("other-role") where the address belongs to a mentor or an
    administrator: one account has one staff role.
    """
    cluster = entered(connection, asking, cluster_id).cluster
    person = people.find_person(connection, email=email)
    if person is not None and stored.is_manager(connection, cluster_id, person.id):
        raise Refused("manager-already")
    if person is not None and person.staff_role not in ("", "manager"):
        raise Refused("other-role")
    bound = Bound(email, company_id=cluster.organisation_id or "")
    return links_once.make(
        instance, connection, "manage", bound, {"cluster": cluster_id, "person": asking.person_id}
    )  # fmt: skip


def withdraw_invitation(instance: Instance, asking: Asking, cluster_id: str, link_id: str) -> None:
    """End an invitation to run the cluster. Raises NotFound where it does not hold."""
    _, invited = managers_of(instance, cluster_id)
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id)
        mine = any(link.id == link_id for link in invited)
        if not mine or not single_links.end(connection, instance.now(), id=link_id, purpose="manage"):
            raise NotFound(link_id)


def offered(instance: Instance, token: str, person_id: str) -> Offered:
    """What an invitation says, without using it. Raises NotFound where it does not hold or is for somebody else."""
    link = links_once.look(instance, "manage", token)
    known = whoever(instance, "manage", token, person_id)
    with instance.database.reading() as connection:
        cluster = stored.find(connection, id=str(link.arguments["cluster"]))
        if cluster is None or (known is not None and known.staff_role not in ("", "manager")):
            raise NotFound("manage")
        sender = str(link.arguments.get("person", ""))
        named = [one.name for one in stored.managers_of(connection, cluster.id) if one.person_id == sender]
    return Offered(cluster, link.bound.email, known is not None, "".join(named))


def accept(instance: Instance, token: str, name: str, comer: Comer) -> Landed:
    """Run a cluster from now on. Raises NotFound where the invitation does not hold, or is for somebody else.

    An account that had no staff role becomes a manager's, and is asked for a second factor from then on.
    """
    known = whoever(instance, "manage", token, comer.person_id)
    with instance.database.writing() as connection:
        link = links_once.spend(instance, connection, "manage", token)
        cluster_id = str(link.arguments["cluster"])
        person = known or new_person(instance, connection, link.bound.email, name, comer)
        cluster = stored.find(connection, id=cluster_id)
        if cluster is None or person.staff_role not in ("", "manager"):
            raise NotFound("manage")
        if not person.staff_role:
            people.change_person(connection, person.id, staff_role="manager")
            person = replace(person, staff_role="manager")
            instance.note(connection, "staff role changed", person.id, {"person": person.id, "role": "manager"})
        if not stored.is_manager(connection, cluster_id, person.id):
            put_down_again(instance, entry("role", person.id, "manager"))
            let_run(instance, connection, cluster, person.id, person.id)
        renew(connection, comer, instance.now())
    return Landed(person, cluster_id)


def let_run(instance: Instance, connection: Connection, cluster: Cluster, person_id: str, by: str) -> None:
    """Let somebody run a cluster, in the caller's transaction; managers work on its organisation's checks together."""
    stored.add_manager(connection, cluster.id, person_id, instance.now())
    put_down_again(instance, entry("manager", cluster.id, person_id))
    instance.note(connection, "manager joined", by, {"cluster": cluster.id, "person": person_id})
    organisation = cluster.organisation_id
    if organisation and not companies.role_of(connection, organisation, person_id):
        companies.add_member(connection, organisation, person_id, "owner", instance.now())
        put_down_again(instance, entry("member", organisation, person_id), entry("owner", organisation, person_id))


def remove_manager(instance: Instance, asking: Asking, cluster_id: str, person_id: str) -> None:
    """Let somebody no longer run the cluster, from their next request on; oneself included.

    Raises Refused("last-manager") where nobody would be left, NotFound for somebody who does not run it.
    """
    with instance.database.writing() as connection:
        stored.hold(connection, cluster_id)
        cluster = entered(connection, asking, cluster_id).cluster
        if not stored.is_manager(connection, cluster_id, person_id):
            raise NotFound(person_id)
        let_run_no_longer(instance, connection, cluster, person_id, asking.person_id)


def let_run_no_longer(instance: Instance, connection: Connection, cluster: Cluster, person_id: str, by: str) -> None:
    """Let somebody run a cluster no longer, in the caller's transaction. Raises Refused("last-manager")."""
    if not stored.remove_manager(connection, cluster.id, person_id):
        raise Refused("last-manager")
    partings.forget_manager(connection, cluster.id, person_id)
    put_down_ended(instance, entry("manager", cluster.id, person_id))
    if cluster.organisation_id and companies.remove_member(connection, cluster.organisation_id, person_id):
        partings.forget_author(connection, cluster.organisation_id, person_id)
        put_down_ended(instance, entry("member", cluster.organisation_id, person_id))
    instance.note(connection, "manager left", by, {"cluster": cluster.id, "person": person_id})


def delete(instance: Instance, asking: Asking, cluster_id: str) -> None:
    """Take the cluster away, at once: its list, campaigns and plans. Members keep their checks.

    What it released stays under no name, because later releases of other clusters are audited against it. The
    organisation stays a company of its people.
    """
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id)
        put_down(instance, connection, partings.erase_cluster(connection, cluster_id), asking.person_id)
