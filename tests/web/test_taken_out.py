"""What somebody takes out is theirs, no more and no less: of an account no company's, of a company all. PRV-03"""

import json
from typing import Any

import pytest
from sqlalchemy import insert

from assessment.core.access import Action
from assessment.services.asking import Asking
from assessment.services.clusters import clusters
from assessment.services.people import companies, taking_out
from assessment.storage.classification import KEPT
from assessment.storage.clusters import cluster_map, cluster_members, cluster_tables
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.people import companies as stored_companies
from assessment.storage.upkeep import taking_out as stored
from tests.web.clustered import Company, exchanging, manager_of
from tests.web.clustered import add_cluster as new_cluster
from tests.web.people import person
from tests.web.visiting import Site

CANARY = "Kanarche"


@pytest.fixture(name="site")
def _site(mailed: Site) -> Site:
    return mailed


def account_of(site: Site, person_id: str) -> dict[str, Any]:
    """The document of what somebody takes out of their account."""
    return dict(taking_out.account(site.instance, person_id).document["of_the_person"])


def company_of(site: Site, company: Company) -> dict[str, Any]:
    """What the owner of a company takes out, without its checks."""
    asking = Asking("", Action.DELETE_COMPANY, company.owner_id)
    return dict(taking_out.company(site.instance, asking, company.id).document["of_the_company"])


def made_in_cluster(site: Site, cluster_id: str, person_id: str) -> None:
    """All that a manager makes, with a mark in every text."""
    at, now = {"cluster_id": cluster_id, "person_id": person_id}, site.clock()
    marked = {
        name: json.dumps({"en": f"{CANARY} {name}"}) for name in ("shown", "content", "texts", "pending", "words")
    }
    made: dict[Any, dict[str, object]] = {
        cluster_tables.releases: {"questionnaire": "", "taken_at": now, "shown": marked["shown"], "ledger": "{}"},
        cluster_tables.comparison_groups: {
            "name": CANARY, "signer": CANARY, "content": marked["content"], "brought_at": now,
        },
        cluster_tables.campaigns: {
            "name": CANARY, "texts": marked["texts"], "state": "draft", "pending": marked["pending"],
            "created_at": now,
        },
        cluster_tables.joint_actions: {
            "practice": "", "kind": "", "title": CANARY, "words": marked["words"], "until": now.date(),
            "created_at": now,
        },
    }  # fmt: skip
    with site.instance.database.writing() as connection:
        for table, row in made.items():
            connection.execute(insert(table), {"id": table.name, **at, **row})


def test_a_manager_takes_out_that_they_made_something_and_when_and_nothing_that_is_the_clusters(site: Site) -> None:
    mina, _ = manager_of(site)
    cluster_id = new_cluster(site, mina)
    made_in_cluster(site, cluster_id, mina)
    taken = account_of(site, mina)
    assert CANARY not in json.dumps(taken)
    for table in ("releases", "comparison_groups", "campaigns", "joint_actions"):
        (row,) = taken[table]
        assert row["cluster_id"] == cluster_id
        assert [name for name in row if name.endswith("_at") and row[name]], table
    assert taken["cluster_managers"][0]["cluster_id"] == cluster_id


def test_without_the_filter_the_clusters_words_would_be_in_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    mina, _ = manager_of(site)
    made_in_cluster(site, new_cluster(site, mina), mina)
    monkeypatch.setattr(stored, "_is_theirs", stored._is_told)
    assert CANARY in json.dumps(account_of(site, mina))


def test_who_left_a_cluster_takes_nothing_of_it_out(site: Site) -> None:
    mina, _ = manager_of(site)
    cluster_id, other = new_cluster(site, mina), person(site, "max@cluster.example", "manager")
    with site.instance.database.writing() as connection:
        cluster = stored_clusters.find(connection, id=cluster_id)
        assert cluster is not None
        clusters.let_run(site.instance, connection, cluster, other, mina)
    made_in_cluster(site, cluster_id, mina)
    clusters.remove_manager(site.instance, Asking("", Action.RUN_CLUSTER, other), cluster_id, mina)
    assert {table for table, rows in account_of(site, mina).items() if rows and KEPT[table].owner == "cluster"} == set()


def test_a_colleague_takes_out_what_they_said_for_a_company_and_not_what_is_the_companys(site: Site) -> None:
    bakery, *_ = exchanging(site)
    bakery.post({"note": f"{CANARY} in crates"})
    taken = account_of(site, bakery.owner_id)
    assert len(taken["exchange_posts"]) == 1
    assert CANARY not in json.dumps(taken)
    assert taken["memberships"][0]["company_id"] == bakery.id
    assert taken["company_consents"] == [] or {"given", "viewer"} <= set(taken["company_consents"][0])
    assert CANARY in json.dumps(company_of(site, bakery))


def test_who_left_a_company_takes_nothing_of_it_out(site: Site) -> None:
    bakery, *_ = exchanging(site)
    heir = person(site, "heir@firm.example")
    bakery.post()
    with site.instance.database.writing() as connection:
        stored_companies.add_member(connection, bakery.id, heir, "owner", site.clock())
    assert bakery.id in json.dumps(account_of(site, bakery.owner_id))
    companies.leave(site.instance, Asking("", Action.MANAGE_COLLEAGUES, bakery.owner_id), bakery.id)
    taken = account_of(site, bakery.owner_id)
    # What they did themselves stands in the audit log by ids alone, and stays theirs to know.
    assert bakery.id not in json.dumps({table: rows for table, rows in taken.items() if table != "audit_log"})


def test_a_company_takes_out_its_talks_and_its_links_and_nobody_elses(site: Site) -> None:
    bakery, feed, others = exchanging(site)
    need = {"side": "need", "material": "bread-dough", "title": "Bread for feed", "code": "", "note": ""}
    bakery.post()
    feed.take_part()
    feed.post(need)
    feed.say("ask")
    with site.instance.database.writing() as connection:
        ids = {}
        for company in (bakery, feed, others[0]):
            member = cluster_members.member_of_company(connection, bakery.cluster_id, company.id)
            assert member is not None
            ids[company.name] = member.id
        link = (ids[bakery.name], ids[feed.name], "supplies", False)
        cluster_map.add_links(connection, bakery.cluster_id, [link], ())
    for company in (bakery, feed):
        taken = company_of(site, company)
        (talk,), (linked,) = taken["exchange_talks"], taken["cluster_links"]
        assert {row["id"] for row in taken["exchange_posts"]} & {talk["offer_id"], talk["need_id"]}
        assert talk["need_yes_at"] is not None
        assert ids[company.name] in (linked["from_id"], linked["to_id"])
    nobodys = company_of(site, others[0])
    assert nobodys["exchange_talks"] == nobodys["cluster_links"] == []
