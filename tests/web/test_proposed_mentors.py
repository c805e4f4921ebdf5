"""A cluster proposes a mentor to a company, which decides; a company and a mentor that two clusters know. AZ-08."""

from sqlalchemy import Connection

from assessment.storage.clusters import cluster_members
from assessment.storage.mentors import grants
from assessment.storage.people import partings
from tests.web.clustered import add_cluster, add_member
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site, Visitor


def proposes(manager: Visitor, cluster_id: str, member_id: str, mentor_id: str, status: int = 303) -> Page:
    path = f"/clusters/{cluster_id}/members/{member_id}"
    return manager.post(f"{path}/mentor", {"mentor": mentor_id}, status=status)


def test_a_mentor_whom_two_clusters_propose_sees_only_who_agreed_and_no_cluster_learns_what_became_of_it(
    mailed: Site, mailbox: Mailbox
) -> None:
    site = mailed
    mentor_id = person(site, "mira@mentors.example", "mentor", name="Mira")
    grants_listed(site, mentor_id)
    first_id, second_id = (person(site, f"{name}@cluster.example", "manager") for name in ("first", "second"))
    first, second = add_cluster(site, first_id, "Food Cluster"), add_cluster(site, second_id, "Wood Cluster")
    bakery, joiner = add_member(site, first, "Example Bakery"), add_member(site, second, "Example Joiner")
    with site.instance.database.writing() as connection:
        members = {
            "bakery in first": member_of(connection, first, bakery.id),
            "bakery in second": cluster_members.join(connection, second, bakery.id, "Bakery", "code", 0, site.clock()),
            "joiner": member_of(connection, second, joiner.id),
        }
    by_first, by_second = signed_in(site, first_id), signed_in(site, second_id)
    pages = [
        by_first.follow(proposes(by_first, first, members["bakery in first"], mentor_id)),
        by_second.follow(proposes(by_second, second, members["bakery in second"], mentor_id)),
    ]
    assert all("It decides, and you do not see how." in page.words for page in pages)
    proposes(by_first, first, members["joiner"], mentor_id, status=404)
    proposes(by_first, second, members["joiner"], mentor_id, status=404)
    assert len(mailbox.to(bakery.email)) == 1
    # The company in both clusters reads one proposal and who made it; the mentor sees nothing yet.
    page = bakery.owner.get(f"/companies/{bakery.id}/mentors")
    assert page.words.count("proposes this mentor") == 1
    assert "Food Cluster proposes this mentor" in page.words
    mentor = signed_in(site, mentor_id)
    mentor.get(f"/companies/{bakery.id}", status=404)
    assert "Example Bakery" not in mentor.get("/mentor").words
    bakery.owner.post(f"/companies/{bakery.id}/mentors/{offer_of(site, bakery.id)}", {"act": "accept"})
    assert "Food Cluster proposed you" in text_of(mailbox.to("mira@mentors.example")[-1])
    mentor.get(f"/companies/{bakery.id}")
    # In the second cluster too, and there another company, which declines: nothing of it shows anywhere.
    proposes(by_second, second, members["joiner"], mentor_id)
    joiner.owner.post(f"/companies/{joiner.id}/mentors/{offer_of(site, joiner.id)}", {"act": "decline"})
    mentor.get(f"/companies/{joiner.id}", status=404)
    for manager, cluster_id, member_id in (
        (by_first, first, members["bakery in first"]), (by_second, second, members["bakery in second"]),
    ):  # fmt: skip
        before = manager.get(f"/clusters/{cluster_id}/members/{member_id}").words
        proposes(manager, cluster_id, member_id, mentor_id)
        assert manager.get(f"/clusters/{cluster_id}/members/{member_id}").words == before
        manager.get(f"/companies/{bakery.id}", status=404)
    # Leaving one cluster changes nothing between company and mentor.
    bakery.owner.post(f"/companies/{bakery.id}/clusters/{first}/leave")
    mentor.get(f"/companies/{bakery.id}")


def test_a_cluster_proposes_no_mentor_who_does_not_want_to_be_found_and_disturbs_no_restricted_company(
    mailed: Site, mailbox: Mailbox
) -> None:
    site = mailed
    hidden, found = person(site, "h@mentors.example", "mentor"), person(site, "f@mentors.example", "mentor")
    grants_listed(site, found)
    manager_id = person(site, "m@cluster.example", "manager")
    cluster = add_cluster(site, manager_id)
    bakery = add_member(site, cluster, "Example Bakery")
    with site.instance.database.writing() as connection:
        member = member_of(connection, cluster, bakery.id)
        partings.restrict(connection, bakery.id, True)
    manager = signed_in(site, manager_id)
    proposes(manager, cluster, member, hidden, status=404)
    proposes(manager, cluster, member, found)
    assert mailbox.to(bakery.email) == []


def member_of(connection: Connection, cluster_id: str, company_id: str) -> str:
    found = cluster_members.member_of_company(connection, cluster_id, company_id)
    assert found is not None
    return found.id


def grants_listed(site: Site, mentor_id: str) -> None:
    with site.instance.database.writing() as connection:
        grants.let_be_found(connection, mentor_id, True)


def offer_of(site: Site, company_id: str) -> str:
    with site.instance.database.reading() as connection:
        (found,) = [one.id for one in grants.grants_of(connection, company_id, site.clock()) if one.state == "offered"]
    return found
