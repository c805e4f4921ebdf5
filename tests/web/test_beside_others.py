"""A result beside those of other companies: of those that agreed, released by upkeep under the rules of all figures."""

import pytest

from assessment.services.aggregates import readiness
from assessment.services.upkeep import upkeep
from assessment.storage.aggregates import contributions, releases
from assessment.storage.clusters import cluster_members
from assessment.storage.people import companies
from tests.web.clustered import ASKED, add_cluster, give, manager_of
from tests.web.people import person, signed_in
from tests.web.routes import Finished
from tests.web.visiting import Site, Visitor

SCORES = (31, 44, 58, 36, 62, 49, 41, 55, 39, 52, 47, 60)
NOT_YET = "There are not enough companies here yet to compare yours with"


def companies_with_results(site: Site, many: int, sector: str = "food") -> list[tuple[str, Visitor]]:
    """Companies with a result each, and their owners."""
    made = []
    for at in range(many):
        owner = person(site, f"{sector}{at}@firm.example")
        with site.instance.database.writing() as connection:
            company = companies.add_company(connection, f"{sector} {at} Ltd", owner, site.clock())
        give(site, company.id, SCORES[at % len(SCORES)], sector)
        made.append((company.id, signed_in(site, owner)))
    return made


def agree(company_id: str, owner: Visitor, given: str = "yes") -> None:
    owner.post(f"/companies/{company_id}/consents/compared", {"given": given})


@pytest.fixture
def site(finished: Finished) -> Site:
    """A demo with one finished check."""
    return finished.site


@pytest.fixture
def owner(finished: Finished) -> Visitor:
    """Somebody who finished a check and has no account."""
    return finished.owner


def shown(owner: Visitor) -> str:
    return owner.get(owner.hub + "/results").words.partition("Beside other companies")[2]


def test_a_result_stands_beside_those_of_companies_that_agreed(site: Site, owner: Visitor) -> None:
    firms = companies_with_results(site, 12)
    upkeep.prune(site.instance)
    assert NOT_YET in shown(owner)
    for company_id, theirs in firms[:10]:
        agree(company_id, theirs)
    upkeep.prune(site.instance)
    words = shown(owner)
    assert "Half of about 10 companies here score 40 to 54 overall" in words
    assert "Energy" in words
    assert "Figures of 24 November 2026" in words


def test_new_figures_leave_out_whoever_took_it_back(site: Site, owner: Visitor) -> None:
    firms = companies_with_results(site, 12)
    for company_id, theirs in firms[:6]:
        agree(company_id, theirs)
    upkeep.prune(site.instance)
    site.clock.forward(days=8)
    owners = {company_id: signed_in(site, owner_of(site, company_id)) for company_id, _ in firms}
    for company_id, _ in firms[6:]:
        agree(company_id, owners[company_id])
    agree(firms[0][0], owners[firms[0][0]], "no")
    upkeep.prune(site.instance)
    with site.instance.database.reading() as connection:
        assert len(contributions.companies_compared(connection)) == 11
        ledger = releases.newest_ledger(connection, None, ASKED)
    assert ledger is not None
    assert ledger.count('"contributor"') == 11


def owner_of(site: Site, company_id: str) -> str:
    with site.instance.database.reading() as connection:
        return companies.members_of(connection, company_id)[0].person_id


def test_figures_of_all_are_audited_with_those_of_clusters(site: Site, owner: Visitor) -> None:
    """Ten in a cluster, the same ten with one more here: the difference would be that one's score."""
    manager_id, _ = manager_of(site)
    cluster_id = add_cluster(site, manager_id)
    firms = companies_with_results(site, 11)
    with site.instance.database.writing() as connection:
        for company_id, _ in firms[:10]:
            cluster_members.join(connection, cluster_id, company_id, "Firm", "code", 2, site.clock(), ("counted",))
    assert readiness.make(site.instance, cluster_id, "")
    for company_id, theirs in firms:
        agree(company_id, theirs)
    upkeep.prune(site.instance)
    words = shown(owner)
    assert "Companies here are compared" in words
    assert "About 10" not in words
    with site.instance.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM releases")
    upkeep.prune(site.instance)
    assert "Half of about 10 companies here score" in shown(owner)
