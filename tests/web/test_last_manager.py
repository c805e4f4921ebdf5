"""A cluster is never left without somebody who runs it: an account goes, a role ends, a backup comes back. AZ-09"""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Table, insert, select

from assessment.core.access import Action
from assessment.services.asking import Asking
from assessment.services.clusters import clusters
from assessment.services.upkeep import upkeep
from assessment.storage.clusters import cluster_tables
from assessment.storage.clusters import clusters as stored
from assessment.storage.columns import metadata
from assessment.storage.people import company_consents, people
from assessment.storage.people.company_consents import CompanyConsent
from assessment.storage.upkeep import replaying
from assessment.storage.upkeep.erasure_list import ErasureList, entry
from tests.web.clustered import add_cluster, add_member
from tests.web.entering import quick
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import person, signed_in
from tests.web.visiting import Site, Visitor

ADA, MINA, MAX = "ada@office.example", "mina@cluster.example", "max@cluster.example"


class Run:
    """A cluster that Mina runs alone, Max who is a manager as well, and an administrator."""

    def __init__(self, site: Site) -> None:
        quick(site)
        self.site = site
        self.ada, self.mina = person(site, ADA, "administrator", "Ada"), person(site, MINA, "manager", "Mina")
        self.max = person(site, MAX, "manager", "Max")
        self.cluster = add_cluster(site, self.mina)
        self.administrator = signed_in(site, self.ada)

    def together(self) -> None:
        """Max runs it too."""
        with self.site.instance.database.writing() as connection:
            cluster = stored.find(connection, id=self.cluster)
            assert cluster is not None
            clusters.let_run(self.site.instance, connection, cluster, self.max, self.max)

    def change(self, person_id: str, **values: object) -> None:
        with self.site.instance.database.writing() as connection:
            people.change_person(connection, person_id, **values)

    def managers(self) -> list[str]:
        with self.site.instance.database.reading() as connection:
            return [one.person_id for one in stored.managers_of(connection, self.cluster)]

    def deserted(self) -> list[str]:
        with self.site.instance.database.reading() as connection:
            return [one.id for one in stored.run_by_nobody(connection)]

    def take_role(self, status: int, **typed: str) -> str:
        page = self.administrator.get(f"/administration/people/{self.mina}")
        sent = self.administrator.submit(page, {"role": "none", **typed}, action="/role", status=status)
        return sent.words if status == 422 else ""


@pytest.fixture(name="run")
def _run(mailed: Site) -> Run:
    return Run(mailed)


# An account goes


def test_who_alone_runs_a_cluster_is_told_so_and_keeps_the_account(run: Run) -> None:
    mina = signed_in(run.site, run.mina)
    for path in ("/account/data", "/account/delete"):
        shown = mina.get(path)
        assert "the only one who runs this cluster" in shown.words
        assert f"/clusters/{run.cluster}/managers" in shown.links()
        assert not [form for form in shown.forms() if form.action == "/account/delete"]
    told = mina.post("/account/delete", {}, 422)
    assert "A cluster needs a manager" in told.words
    assert run.deserted() == []


def test_who_runs_it_with_others_may_go_and_is_the_last_while_the_other_is_about_to_go(run: Run) -> None:
    run.together()
    signed_in(run.site, run.mina).post("/account/delete", {})
    assert run.deserted() == []
    max_ = signed_in(run.site, run.max)
    assert "A cluster needs a manager" in max_.post("/account/delete", {}, 422).words
    page = max_.get(f"/clusters/{run.cluster}/managers")
    told = max_.submit(page, action=f"/managers/{run.max}/remove", status=422)
    assert "Somebody has to run the cluster" in told.words


def test_without_a_cluster_of_ones_own_a_manager_may_go(run: Run) -> None:
    clusters.delete(run.site.instance, Asking("", Action.RUN_CLUSTER, run.mina), run.cluster)
    # The organisation behind it is a company of hers, which the rule for companies keeps her for.
    assert "A company needs an owner" in signed_in(run.site, run.mina).post("/account/delete", {}, 422).words
    signed_in(run.site, run.max).post("/account/delete", {})


def test_an_unused_account_takes_along_the_cluster_that_nobody_else_uses(run: Run) -> None:
    site = run.site
    for days in (700, 46, 20):
        site.clock.forward(days=days)
        for each in (run.ada, run.max):
            run.change(each, seen_at=site.clock())
        upkeep.prune(site.instance)
    with site.instance.database.reading() as connection:
        assert people.find_person(connection, id=run.mina) is None
        assert stored.find(connection, id=run.cluster) is None
    listed = ErasureList(site.instance.settings.data_dir, site.instance.settings.erasure_key).read()
    assert listed.among([run.cluster]) == [run.cluster]


def test_an_unused_account_leaves_the_cluster_to_whoever_is_only_switched_off(run: Run) -> None:
    run.together()
    run.change(run.max, active=False)
    site = run.site
    for days in (700, 46, 20):
        site.clock.forward(days=days)
        run.change(run.ada, seen_at=site.clock())
        upkeep.prune(site.instance)
    with site.instance.database.reading() as connection:
        assert people.find_person(connection, id=run.mina) is None
        assert stored.find(connection, id=run.cluster) is not None
    assert run.managers() == [run.max]
    # An administrator names somebody, or switches them on again.
    assert run.deserted() == [run.cluster]


def test_an_unused_account_stays_as_long_as_a_member_comes(run: Run) -> None:
    site = run.site
    member = add_member(site, run.cluster, "Example Bakery")
    for days in (700, 46, 20):
        site.clock.forward(days=days)
        run.change(member.owner_id, seen_at=site.clock())
        upkeep.prune(site.instance)
    assert run.managers() == [run.mina]


# A role ends


def test_the_role_of_an_only_manager_ends_when_somebody_takes_over(run: Run, mailbox: Mailbox) -> None:
    assert "Nobody else runs these clusters" in run.administrator.get(f"/administration/people/{run.mina}").words
    assert "Type the mail address of the manager" in run.take_role(422)
    for nobody in (MINA, ADA, "nobody@cluster.example", "no address"):
        assert "No cluster manager who can sign in" in run.take_role(422, successor=nobody)
    run.change(run.max, active=False)
    assert "No cluster manager who can sign in" in run.take_role(422, successor=MAX)
    run.change(run.max, active=True)
    assert run.managers() == [run.mina]
    run.take_role(303, successor=MAX)
    assert run.managers() == [run.max]
    assert "Example Food Cluster" in text_of(mailbox.to(MAX)[0])
    signed_in(run.site, run.max).get(f"/clusters/{run.cluster}")
    signed_in(run.site, run.mina).get(f"/clusters/{run.cluster}", status=404)


def test_who_gets_the_role_back_runs_no_cluster_by_that(run: Run) -> None:
    run.together()
    run.take_role(303)
    run.change(run.mina, staff_role="manager")
    signed_in(run.site, run.mina).get(f"/clusters/{run.cluster}", status=404)
    assert run.managers() == [run.max]


# Nobody is left


def named(run: Run, email: str, status: int) -> str:
    page = run.administrator.get("/administration/people")
    sent = run.administrator.submit(page, {"successor": email}, action="/manager", status=status)
    return sent.words if status == 422 else ""


def test_a_restored_backup_in_which_nobody_runs_a_cluster_any_more_is_mended_by_an_administrator(
    run: Run, mailbox: Mailbox
) -> None:
    instance = run.site.instance
    listing = ErasureList(instance.settings.data_dir, instance.settings.erasure_key)
    listing.add([entry("deleted account", run.mina)], run.site.clock())
    with instance.database.writing() as connection:
        replaying.replay(listing, connection, run.site.clock(), timedelta(days=7))
    assert run.deserted() == [run.cluster]
    run.administrator = signed_in(run.site, run.ada)
    assert "Clusters that nobody runs" in run.administrator.get("/administration/people").words
    assert "No cluster manager who can sign in" in named(run, MINA, 422)
    named(run, MAX, 303)
    assert run.max in run.managers()
    assert "Clusters that nobody runs" not in run.administrator.get("/administration/people").words
    assert len(mailbox.to(MAX)) == 1


def test_an_administrator_puts_nobody_beside_a_manager_who_is_there(run: Run) -> None:
    before = run.managers()
    for cluster in (run.cluster, "0" * 32):
        told = run.administrator.post("/administration/clusters/manager", {"cluster": cluster, "successor": MAX}, 422)
        assert "Somebody runs this cluster already" in told.words
    assert run.managers() == before


def test_a_deleted_cluster_does_not_come_back_with_a_backup(run: Run) -> None:
    instance = run.site.instance
    with instance.database.reading() as connection:
        kept = stored.find(connection, id=run.cluster)
    assert kept is not None
    clusters.delete(instance, Asking("", Action.RUN_CLUSTER, run.mina), run.cluster)
    listing = ErasureList(instance.settings.data_dir, instance.settings.erasure_key)
    with instance.database.writing() as connection:
        stored.add(connection, kept, "code", run.mina)
        gone = replaying.replay(listing, connection, run.site.clock(), timedelta(days=7))
        assert stored.find(connection, id=run.cluster) is None
    assert gone.clusters == (run.cluster,)


def test_nobody_but_an_administrator_who_has_just_proved_it_names_a_manager(run: Run) -> None:
    run.change(run.mina, active=False)
    visitor: Visitor = signed_in(run.site, run.max)
    visitor.post("/administration/clusters/manager", {"cluster": run.cluster, "successor": MAX}, 404)
    run.site.clock.forward(minutes=6)
    sent = run.administrator.post("/administration/clusters/manager", {"cluster": run.cluster, "successor": MAX})
    assert sent.location.startswith("/account/prove?next=%2Fadministration%2Fpeople")
    assert run.managers() == [run.mina]


# Who goes is forgotten


def signed(run: Run, person_id: str) -> set[str]:
    """The tables of the cluster in which somebody is named."""
    with run.site.instance.database.reading() as connection:
        return {
            table.name for table in metadata.sorted_tables if {"cluster_id", "person_id"} <= set(table.columns.keys())
            and connection.execute(select(table).where(table.c.person_id == person_id)).first()
        }  # fmt: skip


def sign_all(run: Run, person_id: str) -> None:
    """Whatever names who made it, made by one person."""
    at, now = {"cluster_id": run.cluster, "person_id": person_id}, run.site.clock()
    made: dict[Table, dict[str, object]] = {
        cluster_tables.releases: {"questionnaire": "", "taken_at": now, "shown": "{}", "ledger": "{}"},
        cluster_tables.comparison_groups: {"name": "", "signer": "", "content": "{}", "brought_at": now},
        cluster_tables.campaigns: {"name": "", "texts": "{}", "state": "draft", "pending": "", "created_at": now},
        cluster_tables.joint_actions: {
            "practice": "", "kind": "", "title": "", "words": "", "until": now.date(), "created_at": now,
        },
    }  # fmt: skip
    with run.site.instance.database.writing() as connection:
        for table, row in made.items():
            connection.execute(insert(table), {"id": uuid4().hex, **at, **row})


@pytest.mark.parametrize("restored", [False, True])
def test_who_no_longer_runs_a_cluster_is_named_there_no_more_and_what_they_made_stays(run: Run, restored: bool) -> None:
    run.together()
    sign_all(run, run.mina)
    named = {"cluster_managers", "releases", "comparison_groups", "campaigns", "joint_actions"}
    assert signed(run, run.mina) == named
    instance = run.site.instance
    if restored:
        listed = ErasureList(instance.settings.data_dir, instance.settings.erasure_key)
        listed.add([entry("manager", run.cluster, run.mina)], run.site.clock())
        with instance.database.writing() as connection:
            replaying.replay(listed, connection, run.site.clock(), timedelta(days=7))
    else:
        asking = Asking("", Action.RUN_CLUSTER, run.max)
        clusters.remove_manager(instance, asking, run.cluster, run.mina)
    assert signed(run, run.mina) == set()
    with instance.database.reading() as connection:
        for table in named - {"cluster_managers"}:
            assert connection.execute(select(metadata.tables[table])).first() is not None


def test_who_no_longer_runs_a_cluster_is_forgotten_in_its_organisation_too(run: Run) -> None:
    run.together()
    instance, now = run.site.instance, run.site.clock()
    with instance.database.writing() as connection:
        cluster = stored.find(connection, id=run.cluster)
        assert cluster is not None
        assert cluster.organisation_id is not None
        given = CompanyConsent("mentor", "", True, "h", "en", "page", run.mina, now)
        company_consents.add(connection, cluster.organisation_id, given)
    clusters.remove_manager(instance, Asking("", Action.RUN_CLUSTER, run.max), run.cluster, run.mina)
    with instance.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT person_id FROM company_consents").scalars().all() == [None]
