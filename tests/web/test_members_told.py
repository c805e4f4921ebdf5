"""Released figures beside one check: of members beside their cluster's own, of others beside an action."""

from dataclasses import dataclass

import pytest

from assessment.services.checks import answering, results
from assessment.services.demo import seeding
from assessment.storage.aggregates import releases
from assessment.storage.checks import assessments
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import companies
from tests.reporting.paper import Paper
from tests.web.clustered import ASKED, give
from tests.web.people import person, signed_in
from tests.web.test_short_checks import CLUSTER, finished, really_printed
from tests.web.visiting import Site, Visitor

MEMBERS = 12
LACKED = "fin-03"
"""A practice that the shipped check of clusters stands beside, in its step about money."""
IN_PLAN = "cbm-01"
"""A practice that the plan of the example has an action for."""
SENTENCE = "About 5 of 10 members have nothing of this: Public support"


@dataclass
class Coast:
    """A cluster, somebody who runs it, its organisation and its members with their owners."""

    site: Site
    id: str
    manager: Visitor
    organisation: str
    members: list[tuple[str, str]]

    def release(self) -> None:
        self.manager.post(f"/clusters/{self.id}/readiness")

    def change(self, **values: object) -> None:
        with self.site.instance.database.writing() as connection:
            stored.change(connection, self.id, **values)


@pytest.fixture
def coast(site: Site) -> Coast:
    manager = signed_in(site, person(site, "manager@cluster.example", "manager"))
    cluster_id = manager.post("/clusters", {"name": "Coast"}).location.split("/")[2]
    members = []
    for number in range(MEMBERS):
        owner = person(site, f"owner{number}@firm.example")
        with site.instance.database.writing() as connection:
            company = companies.add_company(connection, f"Firm {number} Ltd", owner, site.clock())
            cluster_members.join(
                connection, cluster_id, company.id, company.name, "code", 0, site.clock(), ("counted",)
            )  # fmt: skip
        give(site, company.id, 30 + number, also={LACKED: number % 2, IN_PLAN: number % 2})
        members.append((company.id, owner))
    with site.instance.database.reading() as connection:
        found = stored.find(connection, id=cluster_id)
    assert found is not None
    assert found.organisation_id is not None
    manager.home = f"/companies/{found.organisation_id}"  # type: ignore[attr-defined]
    return Coast(site, cluster_id, manager, found.organisation_id, members)


# Beside a cluster's own check


def test_a_clusters_own_check_shows_what_members_lack_beside_each_step_on_page_and_paper(coast: Coast) -> None:
    really_printed(coast.site)
    page = finished(coast.manager, CLUSTER, "wood-cluster-at")
    assert "members have nothing of this" not in page.words
    coast.release()
    words = coast.manager.get(coast.manager.hub + "/results").words
    assert "what members of Coast lack that bears on it, by their figures of 24 November 2026" in words
    assert SENTENCE in words
    assert "Spending on savings" not in words, "a practice that no figure was released of"
    coast.manager.submit(coast.manager.get(coast.manager.hub + "/report"), action="/report")
    link = next(link for link in coast.manager.get(coast.manager.hub + "/report").links() if link.endswith(".pdf"))
    assert SENTENCE in Paper(coast.manager.get(link).body).text


def test_the_paper_is_made_anew_with_new_figures(coast: Coast) -> None:
    finished(coast.manager, CLUSTER, "wood-cluster-at")
    coast.manager.submit(coast.manager.get(coast.manager.hub + "/report"), action="/report")
    assert any(link.endswith(".pdf") for link in coast.manager.get(coast.manager.hub + "/report").links())
    coast.release()
    assert not any(link.endswith(".pdf") for link in coast.manager.get(coast.manager.hub + "/report").links())


def test_nothing_stands_there_where_members_answer_another_check_or_the_cluster_is_run_by_others(coast: Coast) -> None:
    finished(coast.manager, CLUSTER, "wood-cluster-at")
    coast.release()
    assert SENTENCE in coast.manager.get(coast.manager.hub + "/results").words
    coast.change(questionnaire="business-model")
    assert "members have nothing of this" not in coast.manager.get(coast.manager.hub + "/results").words
    coast.change(questionnaire=ASKED, organisation_id=None)
    assert "members have nothing of this" not in coast.manager.get(coast.manager.hub + "/results").words


# Beside an action of a member


def plan_of(coast: Coast, member: int = 0) -> tuple[Visitor, str]:
    """A member with the plan of an example, and where it stands."""
    instance, (company_id, owner) = coast.site.instance, coast.members[member]
    draft_id = seeding.copy(instance, "metal-shop-de")
    with instance.database.writing() as connection:
        companies.claim(connection, draft_id, company_id, instance.now())
        draft = assessments.draft_of(connection, draft_id)
    assert draft is not None
    opened = answering.with_route(instance, draft, "en")
    results.submit(instance, opened, "en", printed=False)
    return signed_in(coast.site, owner), f"/assessments/{draft_id}/plan"


BEGUN = "members of Coast have begun with this, by their figures of 24 November 2026: New business ideas."


def test_a_member_reads_beside_an_action_how_many_have_begun_with_it_as_released(coast: Coast) -> None:
    coast.release()
    coast.change(published=True)
    visitor, path = plan_of(coast)
    assert f"About 5 of 10 {BEGUN}" in visitor.get(path).words
    # Counted is nothing: what a member answers since moves no number until new figures are released.
    for company_id, _ in coast.members[1:]:
        give(coast.site, company_id, 30, result=f"new {company_id}")
    assert f"About 5 of 10 {BEGUN}" in visitor.get(path).words
    assert "What shows that it is done:" in visitor.get(path).words


def test_nothing_of_others_stands_there_without_figures_or_where_the_cluster_keeps_them_to_itself(
    coast: Coast,
) -> None:
    visitor, path = plan_of(coast)
    coast.change(published=True)
    assert BEGUN not in visitor.get(path).words
    coast.release()
    assert BEGUN in visitor.get(path).words
    coast.change(published=False)
    assert BEGUN not in visitor.get(path).words


def test_who_has_left_the_cluster_and_a_mentor_read_nothing_of_others(coast: Coast) -> None:
    coast.release()
    coast.change(published=True)
    visitor, path = plan_of(coast)
    company_id, owner = coast.members[0]
    mentor = person(coast.site, "mentor@advice.example", "mentor")
    with coast.site.instance.database.writing() as connection:
        grants.begin(connection, company_id, mentor, Recorded("digest", "en", "test", owner), coast.site.clock())
    assert BEGUN in visitor.get(path).words
    looking = signed_in(coast.site, mentor).get(path)
    assert "Action plan" in looking.words
    assert BEGUN not in looking.words
    with coast.site.instance.database.writing() as connection:
        member = cluster_members.member_of_company(connection, coast.id, company_id)
        assert member is not None
        cluster_members.leave(connection, member, coast.site.clock())
    assert BEGUN not in visitor.get(path).words


def test_what_a_snapshot_withholds_is_not_told_beside_an_action(coast: Coast) -> None:
    # Three of twelve lack it: too few to be told of.
    for company_id, _ in coast.members[:6]:
        give(coast.site, company_id, 31, result=f"other {company_id}", also={IN_PLAN: 0})
    coast.release()
    coast.change(published=True)
    with coast.site.instance.database.reading() as connection:
        assert releases.newest(connection, coast.id, ASKED) is not None
    visitor, path = plan_of(coast)
    assert BEGUN not in visitor.get(path).words
