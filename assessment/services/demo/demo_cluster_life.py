"""What goes on in the cluster of a demo: invitations, something done together, a plan of its own, an exchange.

All of it is invented, as the cluster and its members are, and lies in the past; nobody is written to.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from assessment.services.clusters import joint_actions, opting_out
from assessment.services.instance import Instance
from assessment.storage.clusters import campaigns, cluster_members, exchanges, roadmap
from assessment.storage.clusters import joint_actions as stored_joint
from assessment.storage.clusters.campaigns import NewAddress
from assessment.storage.clusters.cluster_members import ClusterMember
from assessment.storage.clusters.roadmap import LineFields
from assessment.storage.people import companies

TOWNS: Final = (("BG", "Sofia"), ("BG", "Plovdiv"))
_JOINT: Final = "energy-audits"
_WORDS: Final = ("Call us in the morning, please.", "", "We have bills of three years.", "")
_YEAR: Final = ",".join(map(str, range(1, 13)))
_COMPANY: Final = "An example company"


class Offered(NamedTuple):
    """Something that is offered or sought: the side, the list's material, a title, an amount of a year and its unit."""

    side: str
    material: str
    title: str
    amount: str
    unit: str


EXCHANGED: Final = (
    (Offered("offer", "ferrous", "Steel offcuts, sorted", "9", "t"),
     Offered("need", "crates", "Stacking boxes", "60", "pieces")),
    (Offered("offer", "bread-dough", "Bread of the day before", "14", "t"),
     Offered("need", "ferrous", "Steel offcuts for small parts", "5", "t")),
    (Offered("offer", "bread-dough", "Dough and bread", "6", "t"),
     Offered("need", "cold-store", "Cold room", "40", "m2")),
    (Offered("offer", "kitchen", "Kitchen leftovers", "8", "t"),
     Offered("need", "bread-dough", "Old bread", "11", "t")),
    (Offered("offer", "cold-store", "Room in our cold store", "60", "m2"),
     Offered("need", "paper", "Cardboard to pack with", "2", "t")),
    (Offered("offer", "paper", "Clean cardboard", "4", "t"),
     Offered("need", "kitchen", "Leftovers for biogas", "20", "t")),
    (Offered("offer", "crates", "Crates that we no longer need", "120", "pieces"),
     Offered("need", "heat-low", "Warm water to wash with", "30", "MWh")),
    (Offered("offer", "heat-low", "Warm water from ovens", "45", "MWh"),
     Offered("need", "storage-space", "Dry storage", "80", "m2")),
)  # fmt: skip
"""What each member of the exchange posts; the first is the company that the demo's owner opens."""


def begin(instance: Instance, cluster_id: str, manager_id: str, own_company: str) -> None:
    """Let something go on in the cluster; `own_company` is the member that somebody opens in the demo."""
    with instance.database.reading() as connection:
        members = [
            member for member in cluster_members.members_of(connection, cluster_id, ("active",))
            if member.company_id not in (None, own_company)
        ]  # fmt: skip
        own = cluster_members.member_of_company(connection, cluster_id, own_company)
    _invite(instance, cluster_id, manager_id, members)
    _do_together(instance, cluster_id, manager_id, members)
    _exchange(instance, cluster_id, [*([own] if own else []), *members])


def _invite(instance: Instance, cluster_id: str, manager_id: str, members: Sequence[ClusterMember]) -> None:
    """A campaign of a month ago: some came, some did not, one wants no mail, one address does not work."""
    then = instance.now() - timedelta(days=16)
    came = {f"came-{at + 1}@demo.example": member for at, member in enumerate(members[-8:])}
    others = [f"invited-{at + 1}@demo.example" for at in range(12)]
    texts = {"en": {"subject": "Check your company with us", "text": "An invented invitation, sent to nobody."}}
    with instance.database.writing() as connection:
        campaign_id = campaigns.add(connection, cluster_id, "Spring invitation (example)", texts, manager_id, then)
        listed = [
            NewAddress(email, opting_out.digest_of(instance, email), came[email].name if email in came else _COMPANY,
                       "en", "queued")
            for email in (*came, *others)
        ]  # fmt: skip
        campaigns.add_addresses(connection, campaign_id, listed)
        for address in campaigns.addresses_of(connection, campaign_id):
            campaigns.mark_sent(connection, address.id, 1 if address.email in others[:5] else 0, then)
            state = {others[-1]: "opted-out", others[-2]: "failed"}.get(address.email or "")
            if state:
                campaigns.mark(connection, address.id, state, ("sent",))
        for email, member in came.items():
            campaigns.mark_joined(connection, cluster_id, opting_out.digest_of(instance, email), member.id)
        campaigns.change(connection, campaign_id, state="sent", sent_at=then, listed_at=then)


def _do_together(instance: Instance, cluster_id: str, manager_id: str, members: Sequence[ClusterMember]) -> None:
    """A joint action that four members take part in, and a plan of which it is the first line."""
    then, today = instance.now() - timedelta(days=12), instance.today
    kind = joint_actions.kind_of(_JOINT)
    with instance.database.writing() as connection:
        action_id = stored_joint.add(
            connection, cluster_id, kind.id, kind.title, kind.what, today + timedelta(days=25), None, manager_id, then
        )
        for member, words in zip(members[::9], _WORDS, strict=False):
            if member.company_id is not None:
                owner = companies.members_of(connection, member.company_id)[0].person_id
                stored_joint.say(
                    connection, action_id, member.company_id, "yes", words, owner, then + timedelta(days=2)
                )  # fmt: skip
        for fields in (
            LineFields(
                kind.title, kind.first_step, "Mira Manager", today, today + timedelta(days=90),
                "an audit for each member that takes part", "started", action_id,
            ),
            LineFields(
                "Ask the training centre for a course on energy", "One day, twice a year", "Example Training Centre",
                today + timedelta(days=30), today + timedelta(days=150), "", "planned",
            ),
        ):  # fmt: skip
            roadmap.add(connection, cluster_id, fields, then)


def _exchange(instance: Instance, cluster_id: str, members: Sequence[ClusterMember]) -> None:
    """Some members offer and seek something, near each other, so that there are matches."""
    then: datetime = instance.now() - timedelta(days=40)
    with instance.database.writing() as connection:
        for at, (member, posted) in enumerate(zip(members, EXCHANGED, strict=False)):
            if member.company_id is None:
                continue
            owner = companies.members_of(connection, member.company_id)[0].person_id
            country, town = TOWNS[at % len(TOWNS)]
            exchanges.take_part(connection, cluster_id, member.company_id, country, town, owner, then)
            for one in posted:
                exchanges.add_post(
                    connection, cluster_id, member.company_id, owner, then, side=one.side, material=one.material,
                    title=one.title, waste_code="", amount=one.amount, unit=one.unit, period="year", months=_YEAR,
                    reach=250, note="",
                )  # fmt: skip
