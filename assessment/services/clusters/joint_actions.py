"""From gaps to joint action: what the figures propose, whom the product asks, and who takes part.

Whoever runs the cluster never learns who lacks something. The product asks those members; who answers yes becomes
visible by that, and because every member may take part, a yes does not say that something is missing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import Connection

from assessment.content.clusters.joint_actions import joint_kinds
from assessment.core.clusters.joint_action import JointKind, Proposal, lacks_any, proposals, questions_of
from assessment.core.errors import NotFound, Refused
from assessment.services import mails
from assessment.services.aggregates import readiness
from assessment.services.aggregates.cluster_figures import Shown
from assessment.services.asking import Asking
from assessment.services.clusters import belonging, clusters
from assessment.services.clusters.belonging import Belongs
from assessment.services.instance import Instance
from assessment.services.mails import Mail
from assessment.services.upkeep.gone import put_down_whether
from assessment.storage.aggregates import contributions
from assessment.storage.clusters import joint_actions as stored
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.clusters.joint_actions import Answered, JointAction, Taker
from assessment.storage.people import companies
from assessment.storage.upkeep.erasure_list import entry

LONGEST_WORDS: Final = 1000
LONGEST_DAYS: Final = 366
Said = Literal["yes", "no"]

MailTo = Callable[[Connection, str, str], Mail]
"""The mail to an owner, for the company's id and the owner's address."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One joint action as whoever runs the cluster sees it."""

    action: JointAction
    takers: Sequence[Taker]
    is_open: bool


def proposed_by_figures(instance: Instance, cluster: Cluster, language: str) -> tuple[Shown | None, list[Proposal]]:
    """What the newest figures speak for."""
    shown = readiness.shown(instance, cluster, "", language)
    if shown is None:
        return None, []
    return shown, proposals(joint_kinds(), shown.edition.actions, shown.snapshot)


def kind_of(kind_id: str) -> JointKind:
    """A kind of joint action. Raises NotFound for one that is not there."""
    found = next((kind for kind in joint_kinds() if kind.id == kind_id), None)
    if found is None:
        raise NotFound(kind_id)
    return found


def of_cluster(instance: Instance, cluster_id: str) -> list[Proposed]:
    """What the cluster proposed, with who takes part; the newest first."""
    with instance.database.reading() as connection:
        return [
            Proposed(action, stored.takers_of(connection, action), is_open(instance, action))
            for action in stored.of_cluster(connection, cluster_id)
        ]


def is_open(instance: Instance, action: JointAction) -> bool:
    """Whether members can still answer: until the end of its last day."""
    return action.closed_at is None and instance.today <= action.until


def propose(
    instance: Instance, asking: Asking, cluster_id: str, kind_id: str, title: str, words: str, until: date,
    mail: MailTo,
) -> str:  # fmt: skip
    """Propose something to the members and have those asked who lack it; the action's id.

    `kind_id` is empty for something of the manager's own, of which all members are told on their page and nobody is
    asked by mail. `mail` makes the mail to an owner for a company's id and the owner's address.
    """
    questions = frozenset[str]()
    with instance.database.reading() as connection:
        cluster = clusters.entered(connection, asking, cluster_id).cluster
    if kind_id:
        edition = clusters.edition_of(instance, cluster, "en")
        questions = questions_of(kind_of(kind_id), edition.actions)
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        now = instance.now()
        action_id = stored.add(connection, cluster_id, kind_id, title, words, until, None, asking.person_id, now)
        concerned = [
            row.company_id
            for row in contributions.of_companies(
                connection, readiness.counting_members(connection, cluster), cluster.questionnaire
            )
            if lacks_any(row.figures["practices"], questions)
        ]
        stored.note_asked(connection, action_id, concerned, now)
        posted = [
            mails.post(instance, connection, mail(connection, company_id, member.email))
            for company_id in concerned
            for member in companies.members_of(connection, company_id)
            if member.role == "owner"
        ]
    mails.go_out(instance, *filter(None, posted))
    return action_id


def close(instance: Instance, asking: Asking, cluster_id: str, action_id: str) -> None:
    """Ask nobody any more; who takes part stays visible. Raises NotFound where it is closed or not there."""
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        if not stored.close(connection, cluster_id, action_id, instance.now()):
            raise NotFound(action_id)


# The members


def for_company(
    instance: Instance, asking: Asking, company_id: str, cluster_id: str
) -> tuple[Belongs, Sequence[tuple[Answered, bool]]]:
    """What the cluster proposes to a member, with what it said, and whether it can still answer."""
    with instance.database.reading() as connection:
        belongs = belonging.belongs_in(instance, connection, asking, company_id, cluster_id)
        found = stored.for_company(connection, cluster_id, company_id)
    return belongs, [(answered, is_open(instance, answered.action)) for answered in found]


def answer(
    instance: Instance, asking: Asking, company_id: str, cluster_id: str, action_id: str, said: Said, words: str
) -> None:  # fmt: skip
    """Take part, or no longer. Raises NotFound for what is not proposed there, Refused("closed")."""
    with instance.database.writing() as connection:
        belonging.belongs_in(instance, connection, asking, company_id, cluster_id)
        action = stored.find(connection, cluster_id, action_id)
        if action is None:
            raise NotFound(action_id)
        if not is_open(instance, action):
            raise Refused("closed")
        stored.say(connection, action_id, company_id, said, words, asking.person_id, instance.now())
        put_down_whether(instance, entry("joint", action_id, company_id), over=said != "yes")
