"""A cluster's campaigns: what is written, to whom, and asking for its mails to be sent, held and sent again.

A list is read, shown with what is wrong, and taken only when somebody says so. Who is a member already or wants no mail
is marked when it is read, and looked up again whenever mails are asked for.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from assessment.core.clusters.invitees import MOST_INVITEES, Flawed, Invitee, Recognised, Repeated, Row, recognise
from assessment.core.errors import NotFound, Refused
from assessment.services.asking import Asking
from assessment.services.clusters import clusters, opting_out
from assessment.services.clusters.campaign_mails import first_texts, spoken
from assessment.services.clusters.clusters import EnteredCluster
from assessment.services.instance import Instance
from assessment.services.mails import can_send
from assessment.services.people import links_once
from assessment.services.people.addresses import normal_address
from assessment.services.people.links_once import Bound
from assessment.storage import jobs
from assessment.storage.clusters import campaigns as stored
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters.campaigns import Address, Campaign, NewAddress
from assessment.storage.clusters.cluster_members import ClusterMember

CAMPAIGN_JOB: Final = "campaign-mail"
BETWEEN_MAILS: Final = timedelta(days=7)
"""How long after a mail the next reminder goes out at the earliest."""
LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class EnteredCampaign:
    """A campaign of a cluster that somebody may do something with."""

    entered: EnteredCluster
    campaign: Campaign


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign has gone: how many addresses are in which state, and to how many it has written."""

    states: Mapping[str, int]
    mailed: int
    last: datetime | None

    @property
    def all(self) -> int:
        """How many addresses it has, forgotten ones too."""
        return sum(self.states.values())

    @property
    def queued(self) -> int:
        """How many mails wait."""
        return self.states.get("queued", 0)


@dataclass(frozen=True, slots=True)
class Preview:
    """A list that was read and not taken: what is good, and which of that is not written to, and why."""

    found: Recognised
    members: frozenset[str]
    opted_out: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One address with the member that came by it, if one did."""

    address: Address
    member: ClusterMember | None


@dataclass(frozen=True, slots=True)
class Due:
    """Who could be invited and who reminded now, and when the first reminder can go out, None where none is left."""

    invitations: tuple[Address, ...]
    reminders: tuple[Address, ...]
    next_reminder: datetime | None


def listed(
    instance: Instance, asking: Asking, cluster_id: str
) -> tuple[EnteredCluster, list[tuple[Campaign, Progress]]]:
    """The campaigns of a cluster, the newest first."""
    with instance.database.reading() as connection:
        entered = clusters.entered(connection, asking, cluster_id)
        found = stored.of_cluster(connection, cluster_id)
        return entered, [(campaign, _progress(connection, campaign.id)) for campaign in found]


def enter(instance: Instance, asking: Asking, cluster_id: str, campaign_id: str) -> EnteredCampaign:
    """One campaign. Raises what `clusters.enter` does, NotFound for a campaign of another cluster."""
    with instance.database.reading() as connection:
        return entered(connection, asking, cluster_id, campaign_id)


def entered(connection: Connection, asking: Asking, cluster_id: str, campaign_id: str) -> EnteredCampaign:
    """The same in the caller's transaction."""
    cluster = clusters.entered(connection, asking, cluster_id)
    campaign = stored.find(connection, campaign_id)
    if campaign is None or campaign.cluster_id != cluster_id:
        raise NotFound(campaign_id)
    return EnteredCampaign(cluster, campaign)


def make(instance: Instance, asking: Asking, cluster_id: str, name: str) -> str:
    """A new campaign with texts to begin with; its id."""
    texts = {code: first_texts(language) for code, language in spoken().items()}
    with instance.database.writing() as connection:
        clusters.entered(connection, asking, cluster_id)
        return stored.add(connection, cluster_id, name, texts, asking.person_id, instance.now())


def keep_texts(
    instance: Instance, asking: Asking, cluster_id: str, campaign_id: str, name: str,
    texts: Mapping[str, Mapping[str, str]],
) -> None:  # fmt: skip
    """Set a campaign's name and words; mails that wait go out with the new ones."""
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id, campaign_id)
        stored.change(connection, campaign_id, name=name, texts=texts)


def remove(instance: Instance, asking: Asking, cluster_id: str, campaign_id: str) -> None:
    """Take a campaign away with its list; its links no longer work, its mails that wait are not sent."""
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id, campaign_id)
        jobs.drop_untried(connection, _keys_of(campaign_id))
        stored.remove(connection, campaign_id)


def progress_of(instance: Instance, campaign_id: str) -> Progress:
    """How far a campaign has gone."""
    with instance.database.reading() as connection:
        return _progress(connection, campaign_id)


def _progress(connection: Connection, campaign_id: str) -> Progress:
    return Progress(stored.counts_of(connection, campaign_id), *stored.mailed_of(connection, campaign_id))


def lines_of(instance: Instance, cluster_id: str, campaign_id: str) -> list[Line]:
    """The addresses of a campaign, each with the member that came by it."""
    with instance.database.reading() as connection:
        members = {one.id: one for one in cluster_members.members_of(connection, cluster_id, ("active",))}
        found = stored.addresses_of(connection, campaign_id)
    return [Line(each, members.get(each.member_id or "")) for each in found]


# The list


def read(
    instance: Instance, asking: Asking, cluster_id: str, campaign_id: str, rows: Sequence[Row], language: str,
    *, corrected: bool = False,
) -> None:  # fmt: skip
    """Read a list and keep what it came to until somebody takes it; `corrected` are rows in the place of flawed ones.

    Raises Refused: `empty` for a list without a row, `too-many` where the campaign would have too many addresses.
    """
    if not rows:
        raise Refused("empty")
    with instance.database.reading() as connection:
        campaign = entered(connection, asking, cluster_id, campaign_id).campaign
        known = stored.emails_of(connection, campaign_id)
    before = _pending(campaign) if corrected else Recognised((), (), ())
    language = str(json.loads(campaign.pending)["language"]) if corrected and campaign.pending else language
    found = recognise(rows, normal_address, frozenset(spoken()), known | {each.email for each in before.good})
    good = (*before.good, *found.good)
    if len(good) + len(known) > MOST_INVITEES:
        raise Refused("too-many")
    kept = {**asdict(Recognised(good, found.flawed, (*before.repeated, *found.repeated))), "language": language}
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id, campaign_id)
        stored.change(connection, campaign_id, pending=json.dumps(kept), pending_at=instance.now())


def preview(instance: Instance, campaign: Campaign) -> Preview | None:
    """The list that was read and not taken; None where there is none."""
    if not campaign.pending:
        return None
    found = _pending(campaign)
    with instance.database.reading() as connection:
        members, opted_out = _not_written_to(instance, connection, campaign.cluster_id, found.good)
    return Preview(found, frozenset(members), frozenset(opted_out))


def _pending(campaign: Campaign) -> Recognised:
    if not campaign.pending:
        return Recognised((), (), ())
    kept: dict[str, Any] = json.loads(campaign.pending)
    return Recognised(
        tuple(Invitee(**each) for each in kept["good"]), tuple(Flawed(**each) for each in kept["flawed"]),
        tuple(Repeated(**each) for each in kept["repeated"]),
    )  # fmt: skip


def _not_written_to(
    instance: Instance, connection: Connection, cluster_id: str, found: Iterable[Invitee]
) -> tuple[dict[str, str], set[str]]:
    """Members (with the id of their row) and those who opted out, among what was found."""
    emails = [each.email for each in found]
    digests = {opting_out.digest_of(instance, email): email for email in emails}
    members = stored.members_among(connection, cluster_id, emails)
    return members, opting_out.among(instance, connection, cluster_id, digests)


def take(instance: Instance, asking: Asking, cluster_id: str, campaign_id: str) -> int:
    """Put the good ones of the list that was read on the campaign's; how many those are.

    Raises Refused("nothing-read") where there is none (any more).
    """
    with instance.database.writing() as connection:
        campaign = entered(connection, asking, cluster_id, campaign_id).campaign
        if not campaign.pending:
            raise Refused("nothing-read")
        language = str(json.loads(campaign.pending)["language"])
        known = stored.emails_of(connection, campaign_id)
        good = [each for each in _pending(campaign).good if each.email not in known]
        members, opted_out = _not_written_to(instance, connection, cluster_id, good)
        new = [
            NewAddress(
                each.email, opting_out.digest_of(instance, each.email), each.company, each.language or language,
                "opted-out" if each.email in opted_out else "joined" if each.email in members else "listed",
            )
            for each in good
        ]  # fmt: skip
        now = instance.now()
        stored.change(connection, campaign_id, pending="", pending_at=None, listed_at=now)
        count = stored.add_addresses(connection, campaign_id, new)
        for email, member_id in members.items():
            if email not in opted_out:
                stored.mark_joined(connection, cluster_id, opting_out.digest_of(instance, email), member_id)
    return count


def put_away(instance: Instance, asking: Asking, cluster_id: str, campaign_id: str) -> None:
    """Take nothing of the list that was read."""
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id, campaign_id)
        stored.change(connection, campaign_id, pending="", pending_at=None)


def clear(instance: Instance, asking: Asking, cluster_id: str, campaign_id: str) -> int:
    """Take the addresses off that nobody wrote to; how many that were."""
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id, campaign_id)
        return stored.clear(connection, campaign_id)


# Sending


def send(instance: Instance, asking: Asking, cluster_id: str, campaign_id: str) -> int:
    """Ask for the mails to all that nobody wrote to yet, in one transaction; how many those are.

    Raises Refused: `no-mail` where the instance sends none, `nobody` where nobody is left to write to.
    """
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id, campaign_id)
        return _ask_for(instance, connection, cluster_id, campaign_id, stored.to_write(connection, campaign_id), 0)


def due(instance: Instance, campaign_id: str) -> Due:
    """To whom mails could go out now."""
    with instance.database.reading() as connection:
        first = stored.first_to_remind(connection, campaign_id)
        return Due(
            stored.to_write(connection, campaign_id), _to_remind(instance, connection, campaign_id),
            first and first + BETWEEN_MAILS,
        )  # fmt: skip


def _to_remind(instance: Instance, connection: Connection, campaign_id: str) -> tuple[Address, ...]:
    return stored.to_remind(connection, campaign_id, instance.now() - BETWEEN_MAILS)


def remind(instance: Instance, asking: Asking, cluster_id: str, campaign_id: str) -> int:
    """Ask for a reminder to all who may get one: the last mail is a week old, they have neither joined nor opted out.

    Nobody gets more than two. Raises Refused as `send` does.
    """
    with instance.database.writing() as connection:
        entered(connection, asking, cluster_id, campaign_id)
        waiting = _to_remind(instance, connection, campaign_id)
        return _ask_for(instance, connection, cluster_id, campaign_id, waiting, 1)


def _ask_for(
    instance: Instance, connection: Connection, cluster_id: str, campaign_id: str, waiting: Sequence[Address], more: int
) -> int:
    if not can_send(instance):
        raise Refused("no-mail")
    found = [Invitee(0, each.email or "", "", "") for each in waiting]
    members, opted_out = _not_written_to(instance, connection, cluster_id, found)
    for email, member_id in members.items():
        stored.mark_joined(connection, cluster_id, opting_out.digest_of(instance, email), member_id)
    for each in waiting:
        if each.email in opted_out:
            stored.mark(connection, each.id, "opted-out", (each.state,))
    left = [each for each in waiting if each.email not in members and each.email not in opted_out]
    if not left:
        raise Refused("nobody")
    stored.queue(connection, _links(instance, connection, cluster_id, campaign_id, left))
    asked = []
    for each in left:
        reminder = each.reminders + more
        arguments = {"address": each.id, "reminder": reminder, "handed": 0}
        asked.append((f"{_keys_of(campaign_id)}{each.id}:{reminder}", arguments))
    now = instance.now()
    jobs.enqueue_all(connection, CAMPAIGN_JOB, asked, now)
    stored.change(connection, campaign_id, state="sending", sent_at=now)
    return len(left)


def _links(
    instance: Instance, connection: Connection, cluster_id: str, campaign_id: str, left: Sequence[Address]
) -> dict[str, str]:
    """The link of each address: the one that it has, as long as it holds, else a new one."""
    links = {
        each.id: each.link_id for each in left
        if each.link_id and links_once.prolong(instance, connection, "member", each.link_id)
    }  # fmt: skip
    new = [each for each in left if each.id not in links]
    asked = [
        (Bound(each.email or ""), {"cluster": cluster_id, "campaign": campaign_id, "company": each.company})
        for each in new
    ]  # fmt: skip
    made = links_once.make_all(instance, connection, "member", asked)
    return links | {each.id: link.id for each, link in zip(new, made, strict=True)}


def _keys_of(campaign_id: str) -> str:
    """With what the keys of a campaign's jobs begin."""
    return f"{CAMPAIGN_JOB}:{campaign_id}:"


def stop(instance: Instance, asking: Asking, cluster_id: str, campaign_id: str) -> int:
    """Send no more; how many mails were waiting. What is on its way this moment still arrives."""
    with instance.database.writing() as connection:
        campaign = entered(connection, asking, cluster_id, campaign_id).campaign
        if campaign.state != "sending":
            return 0
        jobs.drop_untried(connection, _keys_of(campaign_id))
        stored.change(connection, campaign_id, state="stopped")
        return stored.unqueue(connection, campaign_id)


def settle(instance: Instance) -> None:
    """Close the campaigns of which no mail waits any more; whose mail has failed for good is marked so."""
    with instance.database.reading() as connection:
        sending = stored.in_state(connection, "sending")
    for campaign_id in sending:
        with instance.database.writing() as connection:
            states = jobs.states_of(connection, _keys_of(campaign_id))
            campaign = stored.find(connection, campaign_id)
            if campaign is not None and campaign.state == "sending" and not {"waiting", "running"} & set(states):
                stored.unqueue(connection, campaign_id, "failed")
                stored.change(connection, campaign_id, state="sent")
