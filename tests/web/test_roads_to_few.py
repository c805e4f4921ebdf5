"""Roads from released figures to a few companies, each tried as somebody would who runs clusters, and each with what
would be told without its guard.
"""

from collections.abc import Sequence

import pytest

from assessment.core.aggregates.contributions import Amount, Contribution
from assessment.core.aggregates.snapshots import Figure, Ledger, Menu, Snapshot
from assessment.core.clusters.joint_action import SAVING
from assessment.services.aggregates import amounts, counting, readiness
from assessment.services.aggregates.amounts import PLANNED_SAVING
from assessment.storage.aggregates import contributions, releases
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored
from assessment.storage.people import companies
from tests.web.clustered import ASKED, add_cluster, give, manager_of
from tests.web.people import person, signed_in
from tests.web.visiting import Site

SCORES = (31, 44, 58, 36, 62, 49, 41, 55, 39, 52)


class Clusters:
    """An instance with clusters that share companies, as their manager works with them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.manager_id, self.manager = manager_of(site)
        self.made = 0

    def new(self, name: str) -> str:
        return add_cluster(self.site, self.manager_id, name)

    def company(self, score: int = 0) -> str:
        """A company with a result."""
        self.made += 1
        owner = person(self.site, f"owner{self.made}@firm.example")
        with self.site.instance.database.writing() as connection:
            company = companies.add_company(connection, f"Firm {self.made} Ltd", owner, self.site.clock())
        give(self.site, company.id, score or SCORES[self.made % len(SCORES)])
        return company.id

    def join(self, cluster_id: str, company_ids: Sequence[str], *more: str) -> None:
        with self.site.instance.database.writing() as connection:
            for company_id in company_ids:
                cluster_members.join(
                    connection, cluster_id, company_id, "Firm", "code", 2, self.site.clock(), ("counted", *more)
                )  # fmt: skip

    def agree(self, cluster_id: str, company_ids: Sequence[str], what: str, given: bool = True) -> None:
        with self.site.instance.database.writing() as connection:
            for company_id in company_ids:
                member = cluster_members.member_of_company(connection, cluster_id, company_id)
                assert member is not None
                assert cluster_members.agree(connection, member.id, what, given)

    def release(self, cluster_id: str) -> Snapshot:
        release_id = readiness.make(self.site.instance, cluster_id, "")
        assert release_id
        with self.site.instance.database.reading() as connection:
            found = releases.find(connection, cluster_id, release_id)
        assert found is not None
        return Snapshot.model_validate_json(found.shown)

    def named(self, cluster_id: str) -> str:
        return self.manager.get(f"/clusters/{cluster_id}/named").words


@pytest.fixture
def clusters(site: Site) -> Clusters:
    return Clusters(site)


def mean(snapshot: Snapshot) -> Figure:
    return snapshot.table("sections").figure("ene", "mean")


def amount(snapshot: Snapshot, name: str, column: str = "sum") -> Figure:
    return snapshot.table("amounts").figure(name, column)


def test_a_chain_of_clusters_is_audited_whole(clusters: Clusters, monkeypatch: pytest.MonkeyPatch) -> None:
    """All less the first half is the second half; the third cluster is that with one more, and shares nothing with the
    cluster of the first half.
    """
    first, second = ([clusters.company() for _ in range(6)] for _ in range(2))
    whole, half, third = (clusters.new(name) for name in ("Whole", "Half", "Third"))
    clusters.join(whole, [*first, *second])
    clusters.join(half, first)
    clusters.join(third, [*second, clusters.company(77)])
    assert mean(clusters.release(whole)) is not None
    assert mean(clusters.release(half)) is not None
    assert mean(clusters.release(third)) is None
    with clusters.site.instance.database.writing() as connection:
        connection.exec_driver_sql(f"DELETE FROM releases WHERE cluster_id = '{third}'")

    def neighbours(
        ledgers: Sequence[Ledger], counted: Sequence[Contribution], same: object = None
    ) -> list[Ledger]:  # fmt: skip
        """Only clusters that share a company with the third."""
        versions = {given.version for given in counted}
        return [ledger for ledger in ledgers if not versions.isdisjoint(unknown.version for unknown in ledger.unknowns)]

    monkeypatch.setattr(counting, "reachable", neighbours)
    assert mean(clusters.release(third)) is not None


def test_an_owner_of_companies_in_two_clusters_is_one_of_whom_both_sums_tell(clusters: Clusters) -> None:
    """What tells the two clusters apart are five companies; of five owners, or of four."""
    shared = [clusters.company() for _ in range(10)]
    ones, others = [clusters.company(), clusters.company()], [clusters.company() for _ in range(3)]
    one, other = clusters.new("One"), clusters.new("Other")
    clusters.join(one, [*shared, *ones])
    clusters.join(other, [*shared, *others])
    assert mean(clusters.release(one)) is not None
    assert mean(clusters.release(other)) is not None
    with clusters.site.instance.database.writing() as connection:
        connection.exec_driver_sql(f"DELETE FROM releases WHERE cluster_id = '{other}'")
        owner = companies.members_of(connection, ones[0])[0].person_id
        companies.add_member(connection, others[0], owner, "owner", clusters.site.clock())
    assert mean(clusters.release(other)) is None


def with_amounts(clusters: Clusters, monkeypatch: pytest.MonkeyPatch, values: dict[str, float], name: str) -> None:
    """What the plans of companies come to, as if they had been filled in."""
    with clusters.site.instance.database.reading() as connection:
        checks = contributions.checks_behind(connection, values, ASKED)
        results = contributions.results_of(connection, values, ASKED)
    of_check = {checks[result]: values[company] for company, result in results.items()}
    monkeypatch.setattr(
        amounts, "_amounts",
        lambda _, asked: {check: {name: Amount(value=of_check[check])} for check in asked if check in of_check},
    )  # fmt: skip


def test_an_amount_that_changed_while_the_result_stayed_is_another_unknown(
    clusters: Clusters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One plan goes on and others join: the second total less the first would be told to be the joiners' alone."""
    cluster = clusters.new("One")
    values = {clusters.company(): 1000.0 + at for at in range(12)}
    clusters.join(cluster, [*values])
    with_amounts(clusters, monkeypatch, values, PLANNED_SAVING)
    assert amount(clusters.release(cluster), PLANNED_SAVING) is not None
    values[next(iter(values))] = 90_000.0
    joiners = {clusters.company(): 1000.0 for _ in range(5)}
    clusters.join(cluster, [*joiners])
    with_amounts(clusters, monkeypatch, {**values, **joiners}, PLANNED_SAVING)
    clusters.site.clock.forward(days=8)
    assert amount(clusters.release(cluster), PLANNED_SAVING) is None


def test_what_all_who_lack_something_could_save_is_not_told_where_few_lack_nothing(
    clusters: Clusters, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = clusters.new("One")
    members = [clusters.company() for _ in range(14)]
    clusters.join(cluster, members)
    name = next(quantity.id for quantity in menu(clusters, cluster).amounts if quantity.id.startswith(SAVING))
    for lacking, shown in ((10, False), (9, True)):
        with clusters.site.instance.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM releases")
        with_amounts(clusters, monkeypatch, dict.fromkeys(members[:lacking], 500.0), name)
        released = clusters.release(cluster)
        assert (amount(released, name) is not None) is shown
        assert (amount(released, name, "companies") is not None) is shown


def menu(clusters: Clusters, cluster_id: str) -> Menu:
    with clusters.site.instance.database.reading() as connection:
        cluster = stored.find(connection, id=cluster_id)
    assert cluster is not None
    return readiness.menu_of(clusters.site.instance, cluster)


def test_whoever_measured_and_used_more_is_counted_with_nothing_saved() -> None:
    assert amounts.measured_amounts({"electricity": -120.0, "water": 35.0}) == {
        "measured-electricity": Amount(value=0.0), "measured-water": Amount(value=35.0)
    }  # fmt: skip


def test_a_name_waits_for_the_next_figures_and_others_do_not_hide_behind_it(clusters: Clusters) -> None:
    """Six are in a mean. Five of them seen by name would tell the sixth."""
    cluster = clusters.new("One")
    members = [clusters.company() for _ in range(6)]
    clusters.join(cluster, members)
    assert mean(clusters.release(cluster)) is not None
    clusters.agree(cluster, members[:5], "named")
    assert "5 more members agreed. They appear here with your next figures" in clusters.named(cluster)
    joiners = [clusters.company() for _ in range(5)]
    clusters.join(cluster, joiners)
    clusters.site.clock.forward(days=8)
    clusters.manager = signed_in(clusters.site, clusters.manager_id)
    clusters.release(cluster)
    # One of the six leaves five others who are not known; a second one would leave four.
    assert clusters.named(cluster).count("Firm") == 1
    assert "4 more members agreed" in clusters.named(cluster)


def test_whoever_was_seen_by_name_is_known_in_all_figures_that_come(clusters: Clusters) -> None:
    cluster = clusters.new("One")
    members = [clusters.company() for _ in range(7)]
    clusters.join(cluster, members[:4])
    clusters.join(cluster, members[4:], "named")
    # Nothing was released: they may be seen at once, and one of them is.
    page = clusters.manager.get(f"/clusters/{cluster}/named")
    assert page.words.count("Firm") == 3
    for link in [link for link in page.links() if "/named/" in link]:
        one = clusters.manager.get(link).words
        assert one.index("Energy") < one.index("Water") < one.index("Waste"), "as in the questionnaire"
    clusters.agree(cluster, members[4:], "named", given=False)
    assert mean(clusters.release(cluster)) is None
    with clusters.site.instance.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM releases")
        connection.exec_driver_sql("DELETE FROM access_log")
    assert mean(clusters.release(cluster)) is not None


def test_how_many_came_how_far_stays_as_it_was_released(clusters: Clusters) -> None:
    """Seen from day to day, the rounded number would move as the fifteenth finishes."""
    cluster = clusters.new("One")
    members = [clusters.company() for _ in range(24)]
    clusters.join(cluster, members[:12])
    with clusters.site.instance.database.writing() as connection:
        for company_id in members[12:]:
            cluster_members.join(connection, cluster, company_id, "Firm", "code", 0, clusters.site.clock())
    clusters.release(cluster)
    page = clusters.manager.get(f"/clusters/{cluster}").words
    further = "Check begun about 10 (40 %) Check finished about 10 (40 %) Plan made not shown"
    assert f"Joined 24 {further}" in page
    clusters.join(cluster, [clusters.company()])
    with clusters.site.instance.database.writing() as connection:
        for company_id in members[12:15]:
            cluster_members.advance(connection, company_id, ASKED, 2)
    page = clusters.manager.get(f"/clusters/{cluster}").words
    assert f"Joined 25 {further}" in page


def test_how_many_have_a_plan_is_held_against_a_cluster_with_one_member_less(clusters: Clusters) -> None:
    """Four of twelve have one, which is not shown; five of thirteen would say that the thirteenth has one."""
    fewer, more = clusters.new("Fewer"), clusters.new("More")
    found = [clusters.company() for _ in range(13)]
    clusters.join(fewer, found[:12])
    clusters.join(more, found)
    with_plan = [*found[:4], found[12]]
    with clusters.site.instance.database.writing() as connection:
        for company_id in with_plan:
            cluster_members.advance(connection, company_id, ASKED, 3)

    def plans(cluster_id: str) -> Figure:
        figure = clusters.release(cluster_id).table("participation").figure("planned", "companies")
        with clusters.site.instance.database.writing() as connection:
            connection.exec_driver_sql(f"DELETE FROM releases WHERE cluster_id = '{more}'")
        return figure

    assert plans(more) == 5
    # Whom a cluster sees to have one hides nobody, wherever that is.
    clusters.agree(fewer, with_plan[:1], "progress")
    assert plans(more) is None
    clusters.agree(fewer, with_plan[:1], "progress", False)
    assert plans(more) == 5
    assert plans(fewer) is None
    assert plans(more) is None
