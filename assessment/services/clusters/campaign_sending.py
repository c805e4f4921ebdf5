"""Sending what campaigns asked for: so many mails an hour, so many to one address, and each at most twice.

All mails of a campaign wait as jobs. The worker takes a portion each minute, however many wait, so that the mails of
sign-in links and PDFs never stand behind thousands of invitations. A job holds the id of its address alone: stopping,
opting out, joining and forgetting are all seen when its turn comes, and a worker that is started again goes on where
the other one was.
"""

from datetime import timedelta
from math import ceil
from typing import Final

from sqlalchemy import Connection

from assessment.services import mails
from assessment.services.clusters import campaign_mails, opting_out
from assessment.services.clusters.campaigns import CAMPAIGN_JOB, settle
from assessment.services.instance import Instance
from assessment.services.mails import MOST_IN_AN_HOUR, MailFailed, MailResting
from assessment.services.people import links_once
from assessment.services.upkeep.running import run_due
from assessment.storage import jobs
from assessment.storage.clusters import campaigns as stored
from assessment.storage.clusters import clusters
from assessment.storage.clusters.campaigns import Address, Campaign
from assessment.storage.jobs import MOST_TRIES, Job

HOUR: Final = timedelta(hours=1)


def portion(instance: Instance) -> list[str]:
    """The jobs whose turn it is this minute: a sixtieth of what an hour allows, as long as the hour has room."""
    settle(instance)
    an_hour, now = instance.settings.campaign_mails, instance.now()
    with instance.database.reading() as connection:
        room = min(ceil(an_hour / 60), an_hour - stored.mailed_since(connection, now - HOUR))
        return [job.id for job in jobs.due(connection, now, room, CAMPAIGN_JOB)] if room > 0 else []


def send_here(instance: Instance) -> None:
    """Where there is no worker: send what the hour allows, here and now."""
    if instance.settings.jobs != "inline":
        return
    while due := portion(instance):
        for job_id in due:
            run_due(instance, {CAMPAIGN_JOB: lambda job: send(instance, job)}, job_id)


def send(instance: Instance, job: Job) -> None:
    """Send the mail of a job that is held, if its address still waits for it.

    Raises MailFailed where it did not go out, MailResting where it may have gone out twice.
    """
    with instance.database.reading() as connection:
        waiting = _waiting(connection, job)
        if waiting is None:
            return
        address, campaign, cluster = waiting
        busy = _lately(instance, connection, address) >= MOST_IN_AN_HOUR
    if busy:
        with instance.database.writing() as connection:
            jobs.postpone(connection, job, instance.now() + HOUR, instance.now())
        return
    reminder = int(job.arguments["reminder"])
    language = campaign_mails.language_of(address.language)
    texts = campaign.texts.get(language.code) or next(iter(campaign.texts.values()))
    links = (
        f"{instance.settings.base_url}/invited/{links_once.token_of(instance, address.link_id or '')}",
        campaign_mails.no_more_of(instance, address.hash or "", campaign.cluster_id),
    )
    letter = campaign_mails.letter(
        instance, language, texts, cluster, address.email or "", address.company, links, reminder > 0
    )
    kept = {"address": address.id, "reminder": reminder}

    def sent(connection: Connection) -> None:
        stored.mark_sent(connection, address.id, reminder, instance.now())

    try:
        mails.deliver(instance, job, letter, kept, sent)
    except (MailFailed, MailResting) as failure:
        if isinstance(failure, MailResting) or job.tries >= MOST_TRIES:
            with instance.database.writing() as connection:
                stored.mark(connection, address.id, "failed")
        raise


def _waiting(connection: Connection, job: Job) -> tuple[Address, Campaign, str] | None:
    """Address, campaign and the cluster's name, where the mail of a job is still wanted."""
    address = stored.find_address(connection, str(job.arguments["address"]))
    if address is None or address.email is None or address.link_id is None or address.state != "queued":
        return None
    campaign = stored.find(connection, address.campaign_id)
    if campaign is None or campaign.state != "sending":
        return None
    cluster = clusters.find(connection, id=campaign.cluster_id)
    return (address, campaign, cluster.name) if cluster is not None else None


def _lately(instance: Instance, connection: Connection, address: Address) -> int:
    """How many mails went to an address within the hour, those of all campaigns and those it was asked for."""
    digest = address.hash or opting_out.digest_of(instance, address.email or "")
    written = stored.mailed_since(connection, instance.now() - HOUR, digest)
    return written + mails.asked_lately(instance, connection, address.email or "")
