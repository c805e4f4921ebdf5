"""What becomes of the addresses of campaigns, on both engines."""

import secrets
from datetime import timedelta

from sqlalchemy import Connection

from assessment.storage import jobs
from assessment.storage.clusters import campaigns, clusters
from assessment.storage.clusters.campaigns import NewAddress
from assessment.storage.clusters.cluster_members import join
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.database import Database
from assessment.storage.people import people
from assessment.storage.people.companies import add_company
from tests.storage.conftest import NOW

WEEK = timedelta(days=7)


def made(connection: Connection) -> tuple[str, str, str]:
    """Ids of a cluster, its campaign of three addresses and its manager."""
    manager = people.add_person(connection, "m@cluster.test", NOW, uniquifier=secrets.token_hex(8), name="M").id
    cluster = Cluster(
        secrets.token_hex(16), "Rowan", "rowan", {}, "", "", "q", "", 5, False, NOW, None, None, None, NOW
    )  # fmt: skip
    clusters.add(connection, cluster, secrets.token_hex(8), manager)
    campaign = campaigns.add(connection, cluster.id, "Spring", {"en": {"subject": "s", "text": "t"}}, manager, NOW)
    new = [NewAddress(f"{name}@firm.test", name, "", "en", "listed") for name in "abc"]
    assert campaigns.add_addresses(connection, campaign, new) == 3
    return cluster.id, campaign, manager


def states(connection: Connection, campaign: str) -> dict[str, str]:
    return {each.hash or "": each.state for each in campaigns.addresses_of(connection, campaign)}


def test_addresses_wait_are_sent_and_go_back_where_sending_stops(database: Database) -> None:
    with database.writing() as connection:
        cluster_id, campaign, _ = made(connection)
        a, b, c = campaigns.to_write(connection, campaign)
        campaigns.mark_sent(connection, a.id, 0, NOW)
        assert {one.id for one in campaigns.to_remind(connection, campaign, NOW)} == {a.id}
        assert campaigns.to_remind(connection, campaign, NOW - timedelta(seconds=1)) == ()
        for each in (a, b, c):
            assert campaigns.mark(connection, each.id, "queued", ("listed", "sent"))
        assert campaigns.unqueue(connection, campaign) == 3
        assert states(connection, campaign) == {"a": "sent", "b": "listed", "c": "listed"}
        assert campaigns.mailed_of(connection, campaign) == (1, NOW)
        assert (
            campaigns.mailed_since(connection, NOW - WEEK, "a") == campaigns.mailed_since(connection, NOW - WEEK) == 1
        )
        assert campaigns.invited_to(connection, cluster_id) == 1
        assert campaigns.clear(connection, campaign) == 2


def test_members_and_those_who_opted_out_are_found(database: Database) -> None:
    with database.writing() as connection:
        cluster_id, campaign, _ = made(connection)
        owner = people.add_person(connection, "a@firm.test", NOW, uniquifier=secrets.token_hex(8), name="A").id
        company = add_company(connection, "A", owner, NOW).id
        member = join(connection, cluster_id, company, "A", "code", 0, NOW)
        assert campaigns.members_among(connection, cluster_id, ["a@firm.test", "b@firm.test"]) == {
            "a@firm.test": member
        }
        campaigns.mark_joined(connection, cluster_id, "a", member)
        assert campaigns.opt_out(connection, "b", cluster_id, NOW)
        assert not campaigns.opt_out(connection, "b", cluster_id, NOW)
        assert campaigns.opt_out(connection, "c", campaigns.ALL_CLUSTERS, NOW)
        assert campaigns.opted_out_among(connection, cluster_id, "abc") == {"b", "c"}
        assert campaigns.opted_out_among(connection, "another", "abc") == {"c"}
        assert states(connection, campaign) == {"a": "joined", "b": "opted-out", "c": "opted-out"}


def test_who_did_not_come_is_forgotten_once_the_campaign_is_quiet_for_long(database: Database) -> None:
    with database.writing() as connection:
        cluster_id, campaign, _ = made(connection)
        for each in campaigns.to_write(connection, campaign):
            campaigns.mark_sent(connection, each.id, 0, NOW + WEEK)
        early = NOW + WEEK - timedelta(seconds=1)
        assert campaigns.forget(connection, mailed_before=early, read_before=early) == 0
        assert campaigns.forget(connection, mailed_before=NOW + WEEK, read_before=NOW) == 3
        assert campaigns.forget(connection, mailed_before=NOW + WEEK, read_before=NOW) == 0
        assert campaigns.invited_to(connection, cluster_id) == 3
        campaigns.end_links_of_cluster(connection, cluster_id)
        campaigns.remove(connection, campaign)
        assert campaigns.find(connection, campaign) is None


def test_many_jobs_are_asked_for_at_once_and_once_each(database: Database) -> None:
    asked = [(f"campaign-mail:x:{number}", {"address": str(number)}) for number in range(50)]
    with database.writing() as connection:
        jobs.enqueue_all(connection, "campaign-mail", asked, NOW)
        jobs.enqueue_all(connection, "campaign-mail", asked, NOW)
        assert jobs.states_of(connection, "campaign-mail:x:") == {"waiting": 50}
        assert jobs.due(connection, NOW) == ()
        first, *_ = jobs.due(connection, NOW, 20, "campaign-mail")
        held = jobs.lease(connection, first.id, NOW)
        assert held is not None
        assert jobs.postpone(connection, held, NOW + WEEK, NOW)
        again = jobs.find(connection, held.effect_key)
        assert again is not None
        assert (again.state, again.tries, again.due_at) == ("waiting", 0, NOW + WEEK)
        assert jobs.drop_untried(connection, "campaign-mail:x:") == 50
