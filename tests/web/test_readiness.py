"""A cluster's figures: asked for, refused where they would tell of few, kept, and the same for members and managers."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import Connection, select, update

from assessment.core.aggregates.snapshots import Ledger, Snapshot
from assessment.services.aggregates import contributing, counting, readiness
from assessment.services.clusters import clusters
from assessment.services.upkeep.running import run_due
from assessment.storage import jobs
from assessment.storage.aggregates import contributions, releases
from assessment.storage.clusters import cluster_map, cluster_members, cluster_tables
from assessment.storage.clusters import clusters as stored
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import companies, partings
from assessment.worker import handlers_of
from tests.web.clustered import ASKED, give
from tests.web.people import person, signed_in
from tests.web.visiting import PROFILE, Site, Visitor

MakeMembers = Callable[..., list[str]]


@pytest.fixture
def inline(site: Site) -> Site:
    """A site whose requests do the work themselves."""
    assert site.instance.settings.jobs == "inline"
    return site


@pytest.fixture
def manager_id(inline: Site) -> str:
    return person(inline, "manager@cluster.example", "manager")


@pytest.fixture
def manager(inline: Site, manager_id: str) -> Visitor:
    return signed_in(inline, manager_id)


@pytest.fixture
def cluster(inline: Site, manager: Visitor) -> Cluster:
    made = manager.post("/clusters", {"name": "Coast"})
    with inline.instance.database.reading() as connection:
        found = stored.find(connection, id=made.location.split("/")[2])
    assert found is not None
    return found


@pytest.fixture
def members(inline: Site, cluster: Cluster) -> MakeMembers:
    """Companies in the cluster with a result each; returns their ids."""
    made: list[str] = []

    def make(
        many: int, *, agreed: Sequence[str] = ("counted",), into: str = "", sector: str = "food", water_behind: int = 10
    ) -> list[str]:  # fmt: skip
        new = []
        for _ in range(many):
            number = len(made)
            owner = person(inline, f"owner{number}@firm.example")
            with inline.instance.database.writing() as connection:
                company = companies.add_company(connection, f"Firm {number} Ltd", owner, inline.clock())
                cluster_members.join(
                    connection, into or cluster.id, company.id, company.name, "code", 0, inline.clock(), agreed
                )  # fmt: skip
            give(inline, company.id, 20 + 7 * number % 60, sector, water_behind=water_behind)
            made.append(company.id)
            new.append(company.id)
        return new

    return make


def ask(manager: Visitor, cluster: Cluster, status: int = 303) -> str:
    answer = manager.post(f"/clusters/{cluster.id}/readiness", None, status)
    return answer.words if status != 303 else ""


def newest(site: Site, cluster: Cluster) -> Snapshot:
    with site.instance.database.reading() as connection:
        found = releases.newest(connection, cluster.id, ASKED)
    assert found is not None
    return Snapshot.model_validate_json(found.shown)


def edition_questions(site: Site, cluster: Cluster) -> dict[str, str]:
    questions = clusters.edition_of(site.instance, cluster, "en").questionnaire.questions
    return {name: question.short for name, question in questions.items()}


def test_four_companies_get_no_figures_and_the_page_says_what_to_do(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    members(4)
    home = f"/clusters/{cluster.id}"
    assert "So many have not joined yet" in manager.get(home).words
    answer = manager.post(home + "/readiness", None, 422)
    assert "Figures need 5 companies that finished the check and agreed to be counted" in answer.words
    # Where one is stays marked when a form comes back.
    assert '<strong aria-current="page">Readiness</strong>' in answer.text
    assert "There are no figures yet" in manager.get(f"/clusters/{cluster.id}/readiness").words
    members(1)
    assert "Take the first figures" in manager.get(home).words
    ask(manager, cluster)
    assert newest(inline, cluster).table("sections").figure("ene", "mean") is not None
    assert "Scores by section" in manager.get(f"/clusters/{cluster.id}/readiness").text


@pytest.mark.parametrize(("water_behind", "said"), [
    (0, "“Energy” and “Water” are weakest: 34 each on average"), (10, "Water is weakest: 24 on average"),
])  # fmt: skip
def test_all_sections_with_the_lowest_mean_are_called_weakest(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers, water_behind: int, said: str
) -> None:
    members(5, water_behind=water_behind)
    ask(manager, cluster)
    assert said in manager.get(f"/clusters/{cluster.id}/readiness").words


def test_a_share_of_the_members_says_how_many_those_were_when_more_have_joined_since(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    further, _ = members(5), members(5)
    with inline.instance.database.writing() as connection:
        for company_id in further:
            cluster_members.advance(connection, company_id, ASKED, 3)
    ask(manager, cluster)
    members(10)
    words = manager.get(f"/clusters/{cluster.id}").words
    assert "Joined 20" in words
    assert "Plan made about 5 (50 %)" in words
    assert "their share of the members of that day, about 10" in words


def test_only_who_agreed_and_keeps_nobody_out_is_counted(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    counted = members(5)
    members(3, agreed=())
    with inline.instance.database.writing() as connection:
        partings.restrict(connection, counted[0], True)
    assert "not so many" in ask(manager, cluster, 422)
    with inline.instance.database.writing() as connection:
        partings.restrict(connection, counted[0], False)
    ask(manager, cluster)
    assert newest(inline, cluster).companies == 5


def test_companies_of_one_owner_count_as_one(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    found = members(5)
    with inline.instance.database.writing() as connection:
        owner = companies.members_of(connection, found[0])[0].person_id
        companies.add_member(connection, found[1], owner, "owner", inline.clock())
    assert "not so many" in ask(manager, cluster, 422)


def test_new_figures_wait_a_week_and_for_enough_changes_and_the_old_ones_stay_on_show(
    inline: Site, manager: Visitor, manager_id: str, cluster: Cluster, members: MakeMembers
) -> None:
    members(6)
    ask(manager, cluster)
    first = newest(inline, cluster)
    members(5)
    inline.clock.forward(days=6)
    manager = signed_in(inline, manager_id)
    said = ask(manager, cluster, 422)
    assert "New figures can be taken 7 days after the last ones: on 1 December 2026" in said
    inline.clock.forward(days=1)
    manager = signed_in(inline, manager_id)
    ask(manager, cluster)
    assert newest(inline, cluster).taken_at - first.taken_at == timedelta(days=7)
    members(2)
    inline.clock.forward(days=30)
    manager = signed_in(inline, manager_id)
    assert "too few companies joined or changed" in ask(manager, cluster, 422)
    assert newest(inline, cluster).taken_at - first.taken_at == timedelta(days=7)


def test_an_older_snapshot_can_be_looked_at_again_and_another_clusters_cannot(
    inline: Site, manager: Visitor, manager_id: str, cluster: Cluster, members: MakeMembers
) -> None:
    members(6)
    ask(manager, cluster)
    members(6)
    inline.clock.forward(days=8)
    manager = signed_in(inline, manager_id)
    ask(manager, cluster)
    with inline.instance.database.reading() as connection:
        (_, _), (older, _) = releases.of_cluster(connection, cluster.id, ASKED)
    shown = manager.get(f"/clusters/{cluster.id}/readiness?of={older}")
    assert "Snapshot of 24 November 2026" in shown.words
    other = manager.post("/clusters", {"name": "Hills"}).location.split("/")[2]
    assert manager.get(f"/clusters/{other}/readiness?of={older}", 404).status == 404


def test_members_see_exactly_what_the_cluster_sees_where_it_shows_it(
    inline: Site, manager: Visitor, manager_id: str, cluster: Cluster, members: MakeMembers
) -> None:
    company_id = members(7)[0]
    ask(manager, cluster)
    with inline.instance.database.reading() as connection:
        owner = companies.members_of(connection, company_id)[0].person_id
    member, path = signed_in(inline, owner), f"/companies/{company_id}/clusters/{cluster.id}/readiness"
    assert member.get(path, 404).status == 404
    page = f"/clusters/{cluster.id}/page"
    manager.submit(manager.get(page), {"published": "yes"}, page)
    practices = newest(inline, cluster).table("practices")
    told = [row.key for row in practices.rows if row.figures[0] is not None]
    titles = edition_questions(inline, cluster)
    assert all(titles[question] in member.get(path).words for question in told)
    theirs = member.get(path).words.partition("About")[2]
    ours = manager.get(f"/clusters/{cluster.id}/readiness").words.partition("About")[2]
    assert theirs == ours
    assert len(theirs) > 500
    # Older figures as well: whoever sees the cluster's page could choose them, so the member can.
    first = newest(inline, cluster)
    members(9)
    inline.clock.forward(days=8)
    manager, member = signed_in(inline, manager_id), signed_in(inline, owner)
    ask(manager, cluster)
    assert "Figures of 2 December 2026 24 November 2026" in member.get(path).words
    with inline.instance.database.reading() as connection:
        _, (older, _) = releases.of_cluster(connection, cluster.id, ASKED)
    assert member.get(f"{path}?of={older}").words.partition("About")[2] == ours
    assert newest(inline, cluster) != first


def test_a_member_sees_piece_by_piece_what_the_cluster_sees_of_it_and_of_nobody_else(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    (shown,), (other,) = members(1, agreed=("named",)), members(1)
    with inline.instance.database.writing() as connection:
        owner = companies.members_of(connection, shown)[0].person_id
        rows = [cluster_members.member_of_company(connection, cluster.id, company) for company in (shown, other)]
        ours, theirs = (row.id for row in rows if row is not None)
        cluster_members.describe(connection, ours, name="Firm 0 as listed", nace="10.71", region="Burgas")
        cluster_map.add_links(connection, cluster.id, [(ours, theirs, "supplies", False)], set())
    member, path = signed_in(inline, owner), f"/companies/{shown}/clusters/{cluster.id}/seen"
    page = member.get(path).words
    for words in ("Firm 0 as listed", "10.71", "Burgas", "supplies: a member that is not named", "Energy 20"):
        assert words in page
    # A member that did not agree to be named to others stays unnamed here as well.
    assert "Firm 1" not in page
    assert "does not see how far you are" in page
    member.post(f"/companies/{shown}/clusters/{cluster.id}/agreements/named", {"given": "no"})
    member.post(f"/companies/{shown}/clusters/{cluster.id}/agreements/progress", {"given": "yes"})
    page = member.get(path).words
    assert "Energy 20" not in page
    assert "does not see your scores and your plan" in page
    assert "Check finished" in page


def test_what_is_kept_for_audits_names_no_company(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    found = members(6)
    ask(manager, cluster)
    with inline.instance.database.reading() as connection:
        ((ledger, _),) = releases.ledgers(connection, ASKED)
    assert len({unknown.contributor for unknown in Ledger.model_validate_json(ledger).unknowns}) == 6
    assert not any(company_id in ledger for company_id in found)


@pytest.mark.parametrize("asked", [
    "sector=food", "size=micro&region=BG411", "exclude=0", "company=Firm+1+Ltd", "members=0,1,2",
    "from=2026-01-01&to=2026-11-30", "since=2026-11-20", "sort=companies&order=asc", "table=sectors&row=food&drill=1",
    "k=1", "rounding=1&threshold=2", "columns=min,max",
])  # fmt: skip
def test_no_word_in_the_address_filters_sorts_dates_or_opens_a_figure(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers, asked: str
) -> None:
    members(12)
    ask(manager, cluster)
    home = f"/clusters/{cluster.id}/readiness"
    plain = main_of(manager.get(home).text)
    assert main_of(manager.get(f"{home}?{asked}").text) == plain
    assert "How far the members are" in plain
    assert manager.get(f"{home}/files/json?{asked}").body == manager.get(f"{home}/files/json").body
    # What is asked along with a new snapshot changes nothing of it either: it is too soon, whatever is asked.
    manager.post(f"{home}?{asked}", dict(parse_qsl(asked)), 422)


def main_of(text: str) -> str:
    """What a page shows; around it the address comes back in links to other languages."""
    return text[text.index("<main") : text.index("</main>")]


def test_an_older_snapshot_is_shown_by_its_own_mark_alone(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    """The one thing that may be chosen is a snapshot, whole: not a day, and not one of another cluster."""
    members(6)
    ask(manager, cluster)
    home = f"/clusters/{cluster.id}/readiness"
    with inline.instance.database.reading() as connection:
        ((release_id, _),) = releases.of_cluster(connection, cluster.id, ASKED)
    manager.get(f"{home}?of={release_id}")
    for other in ("2026-11-24", "last", "0" * 32):
        manager.get(f"{home}?of={other}", 404)


def test_a_snapshot_is_audited_with_those_of_clusters_that_share_a_company(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    """Six firms here and the same six with one more there: the difference would be that one's score."""
    shared = members(6)
    other_id = manager.post("/clusters", {"name": "Hills"}).location.split("/")[2]
    with inline.instance.database.writing() as connection:
        for company_id in shared:
            cluster_members.join(
                connection, other_id, company_id, "Firm", "code", 2, inline.clock(), ("counted",)
            )  # fmt: skip
    members(1, into=other_id)
    ask(manager, cluster)
    manager.post(f"/clusters/{other_id}/readiness")
    with inline.instance.database.reading() as connection:
        found = releases.newest(connection, other_id, ASKED)
        stored_other = stored.find(connection, id=other_id)
    assert found is not None
    assert stored_other is not None
    assert newest(inline, cluster).table("sections").figure("ene", "mean") is not None
    assert Snapshot.model_validate_json(found.shown).table("sections").figure("ene", "mean") is None
    # Without the first ledger the same figure would have been shown.
    with inline.instance.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM releases")
    readiness.make(inline.instance, other_id, "")
    assert newest(inline, stored_other).table("sections").figure("ene", "mean") is not None


def test_the_ledger_of_a_deleted_cluster_is_still_looked_at(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    members(6)
    ask(manager, cluster)
    manager.post(f"/clusters/{cluster.id}/delete")
    with inline.instance.database.reading() as connection:
        assert len(releases.ledgers(connection, ASKED)) == 1


def test_what_a_snapshot_told_before_counts_were_audited_is_known_to_the_next_audit(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    """An instance that was upgraded: its older ledgers hold no counts, though their snapshots show some."""
    ids = members(16)
    ask(manager, cluster)
    table, database = cluster_tables.releases, inline.instance.database
    with database.writing() as connection:
        ledger = json.loads(connection.execute(select(table.c.ledger)).scalar_one())
        results = [one for one in ledger["entries"] if not one["variable"].startswith(("has ", "counted", "stage:"))]
        connection.execute(update(table).values(ledger=json.dumps({**ledger, "entries": results})))
    with database.reading() as connection:
        given = counting.given(inline.instance, connection, ASKED, ids)
        (earlier,) = counting.around(inline.instance, connection, ASKED, given).earlier
    told = {entry.variable for entry in earlier.entries}
    # Everybody lacks the second practice, so it was not shown of how many that is.
    assert {"has section:ene", "has practice:ene-04", "has practice:wat-02"} & told == {
        "has section:ene", "has practice:ene-04",
    }  # fmt: skip
    shown = newest(inline, cluster)
    assert shown.table("sections").figure("ene", "companies") == 15


def test_of_two_snapshots_at_once_the_later_one_is_worked_out_anew(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers, monkeypatch: pytest.MonkeyPatch
) -> None:
    members(6)
    seen: list[int] = []
    count = releases.how_many

    def another_comes_between(connection: Connection) -> int:
        seen.append(count(connection))
        if len(seen) == 2:
            releases.add(connection, None, ASKED, inline.clock(), None, "{}", LEDGER)
        return count(connection)

    monkeypatch.setattr(releases, "how_many", another_comes_between)
    ask(manager, cluster)
    assert len(seen) == 4
    assert newest(inline, cluster).companies == 5


def took(site: Site, seconds: int | None) -> None:
    """As if the last snapshot had taken so long to work out."""
    with site.instance.database.writing() as connection:
        connection.exec_driver_sql("UPDATE releases SET took = ?", (seconds,))


def test_how_long_figures_take_is_told_from_the_last_time_where_it_is_known_and_is_no_moment(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    def told() -> str:
        return manager.get(f"/clusters/{cluster.id}/readiness").words

    assert "Last time" not in told()
    members(6)
    ask(manager, cluster)
    with inline.instance.database.reading() as connection:
        assert releases.last_took(connection, cluster.id, ASKED) == 0
    known = {None: "", 20: "", 50: "about 1 minute.", 131: "about 2 minutes.", 600: "about 10 minutes."}
    for seconds, words in known.items():
        took(inline, seconds)
        assert ("Last time" in told()) is bool(words)
        assert words in told()
    # Where the request itself works them out, nobody is told to go.
    assert "close the page" not in told()


def test_while_the_worker_works_figures_out_the_page_says_how_long_and_that_it_may_be_closed(
    inline: Site, manager: Visitor, manager_id: str, cluster: Cluster, members: MakeMembers
) -> None:
    members(6)
    ask(manager, cluster)
    took(inline, 131)
    members(6)
    inline.clock.forward(days=8)
    manager = signed_in(inline, manager_id)
    product = inline.app.extensions["assessment"]
    queued = replace(product, settings=replace(product.settings, jobs="worker"))
    inline.app.extensions["assessment"] = queued
    page = manager.get(f"/clusters/{cluster.id}/readiness")
    assert "Last time this took about 2 minutes. You can close the page meanwhile." in page.words
    asked = manager.follow(manager.post(f"/clusters/{cluster.id}/readiness"))
    assert "Last time this took about 2 minutes. You can close this page: the work goes on." in asked.words
    # It looks again at the page without the word of having asked, which would stay on it.
    assert f'content="20;url=/clusters/{cluster.id}/readiness"' in asked.text
    with inline.instance.database.reading() as connection:
        (job,) = [job for job in jobs.due(connection, inline.clock()) if job.kind == readiness.SNAPSHOT_JOB]
    run_due(queued, handlers_of(queued, inline.app.extensions["assessment-press"]()), job.id)
    made = manager.get(f"/clusters/{cluster.id}/readiness")
    assert "New figures are being worked out" not in made.words
    assert 'http-equiv="refresh"' not in made.text
    assert "Last time" not in made.words


LEDGER = '{"population": "x", "taken_at": "2026-11-24T12:00:00Z", "unknowns": [], "entries": []}'


def test_a_submission_keeps_what_it_gives_and_a_rebuild_finds_the_same(
    inline: Site, manager: Visitor, cluster: Cluster
) -> None:
    owner = signed_in(inline, person(inline, "owner@firm.example"))
    company_id = owner.post("/account/companies", {"name": "Rowan Ltd"}).location.split("/")[2]
    code = clusters.code_of(inline.instance, cluster)
    owner.post(f"/companies/{company_id}/clusters/code", {"code": code, "act": "join"})
    owner.hub = owner.post(f"/companies/{company_id}/checks/new", {"depth": "full"}).location
    assert sums(inline, cluster) == [1, 1, 0, 0]
    owner.answer_all(inline.instance.library.examples()["bakery-bg"].answers)
    owner.post(owner.hub + "/submit")
    assert sums(inline, cluster) == [1, 1, 1, 0]
    owner.post(owner.hub + "/plan-own", {"title": "Turn the oven down"})
    assert sums(inline, cluster) == [1, 1, 1, 1]
    with inline.instance.database.reading() as connection:
        kept = contributions.everything(connection)
        given = contributions.of_company(connection, company_id, ASKED)
    assert given is not None
    assert (given.figures["sector"], len(given.figures["sections"])) == ("food", 11)
    assert 0 < sum(given.figures["practices"].values()) < len(given.figures["practices"])
    assert contributing.rebuild(inline.instance) == 1
    with inline.instance.database.reading() as connection:
        assert contributions.everything(connection) == kept
    assert sums(inline, cluster) == [1, 1, 1, 1]
    owner.post(owner.hub + "/delete", {"confirmed": "yes"})
    with inline.instance.database.reading() as connection:
        assert contributions.everything(connection) == ()


def finished_check(site: Site, owner: Visitor, company_id: str, who: str = "whoever") -> str:
    """A check of which as little as possible is answered, with its result; its id."""
    owner.hub = owner.post(f"/companies/{company_id}/checks/new", {"depth": "full", "site": ""}).location
    for controls in (*PROFILE, {"man-01": who}):
        owner.answer(controls)
    owner.post(owner.hub + "/submit")
    site.clock.forward(minutes=1)
    return owner.hub.split("/")[2]


def test_a_rebuild_finds_the_same_after_leaving_taking_back_answering_anew_deleting_and_erasing(
    inline: Site, cluster: Cluster
) -> None:
    owners, ids, checks = [], [], []
    code = clusters.code_of(inline.instance, cluster)
    for number in range(5):
        owner = signed_in(inline, person(inline, f"owner{number}@firm.example"))
        company_id = owner.post("/account/companies", {"name": f"Firm {number}"}).location.split("/")[2]
        owner.post(f"/companies/{company_id}/clusters/code", {"code": code, "act": "join", "agreed": ["counted"]})
        checks.append(finished_check(inline, owner, company_id))
        owners.append(owner)
        ids.append(company_id)
    leaves, takes_back, answers_anew, deletes, goes = range(5)

    def same_after_rebuilding() -> tuple[list[int], list[str]]:
        with inline.instance.database.reading() as connection:
            kept = contributions.everything(connection)
        before = sums(inline, cluster)
        contributing.rebuild(inline.instance)
        with inline.instance.database.reading() as connection:
            assert contributions.everything(connection) == kept
            given = counting.given(inline.instance, connection, ASKED, readiness.counting_members(connection, cluster))
        assert sums(inline, cluster) == before
        return before, [one.version for one in given]

    assert [len(found) for found in same_after_rebuilding()] == [4, 5]
    home = f"/companies/{{}}/clusters/{cluster.id}"
    owners[leaves].post(home.format(ids[leaves]) + "/leave")
    assert same_after_rebuilding()[0] == [4, 4, 4, 0]
    owners[takes_back].post(home.format(ids[takes_back]) + "/agreements/counted", {"given": "no"})
    before, counted = same_after_rebuilding()
    assert (before, len(counted)) == ([4, 4, 4, 0], 3)
    owners[answers_anew].answer({"man-01": "do-not-know"})
    owners[answers_anew].post(owners[answers_anew].hub + "/submit")
    assert len({*same_after_rebuilding()[1]} - {*counted}) == 1, "another answer is another result"
    # With the newer of two checks gone, the older one is what the company gives again.
    finished_check(inline, owners[deletes], ids[deletes], "named")
    newer = same_after_rebuilding()[1]
    owners[deletes].post(owners[deletes].hub + "/delete", {"confirmed": "yes"})
    assert len(same_after_rebuilding()[1]) == 3
    assert same_after_rebuilding()[1] != newer
    with inline.instance.database.writing() as connection:
        partings.erase_company(connection, ids[goes])
    before, counted = same_after_rebuilding()
    assert (before, len(counted)) == ([3, 3, 3, 0], 2)


def sums(site: Site, cluster: Cluster) -> list[int]:
    with site.instance.database.reading() as connection:
        kept = cluster_members.sums_of(connection, cluster.id)
        assert kept == cluster_members.count_anew(connection, cluster.id)
    return list(kept.values())


def test_a_company_that_goes_is_no_longer_counted_among_the_members(
    inline: Site, cluster: Cluster, members: MakeMembers
) -> None:
    gone, *_ = members(3)
    assert sums(inline, cluster) == [3, 3, 3, 0]
    with inline.instance.database.writing() as connection:
        partings.erase_company(connection, gone)
    assert sums(inline, cluster) == [2, 2, 2, 0]


def test_results_by_name_show_where_agreed_alone_and_the_company_sees_who_looked(
    inline: Site, manager: Visitor, cluster: Cluster, members: MakeMembers
) -> None:
    (shown,), (hidden,) = members(1, agreed=("named",)), members(1)
    listed = manager.get(f"/clusters/{cluster.id}/named")
    assert "Firm 0 Ltd" in listed.words
    assert "Firm 1 Ltd" not in listed.words
    (link,) = (link for link in listed.links() if "/named/" in link)
    assert "Energy 20" in manager.get(link).words
    with inline.instance.database.reading() as connection:
        owner = companies.members_of(connection, shown)[0].person_id
        other = cluster_members.member_of_company(connection, cluster.id, hidden)
    assert other is not None
    assert manager.get(f"/clusters/{cluster.id}/named/{other.id}", 404).status == 404
    member = signed_in(inline, owner)
    assert "A cluster looked at scores and plan by name" in member.get(f"/companies/{shown}/looks").words
    member.post(f"/companies/{shown}/clusters/{cluster.id}/agreements/named", {"given": "no"})
    assert manager.get(link, 404).status == 404
