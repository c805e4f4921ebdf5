"""What a file of members and links would change: whole or not at all, by row, and never taking anything out."""

from collections.abc import Mapping

import pytest

from assessment.content.clusters.cluster_lists import cluster_lists
from assessment.core.clusters.network import Link, Member, Network, network_of
from assessment.core.clusters.network_rows import Changes, Row, Rows, changes_by, codes, rows_of, settled

LISTS = cluster_lists()
MILL = Member("m1", "Example Mill", step="inputs", category="forest", services=("biogas", "repair"))
BAKERY = Member("m2", "Example Bakery")
LAB = Member("m3", "University lab", role="research", step="support")
LINKS = (Link("m1", "m2", "supplies"), Link("m2", "container-washing", "works-with", wanted=True))
NETWORK = network_of([MILL, BAKERY, LAB], LINKS, LISTS)
NAMED = frozenset({"m2"})


def read(members: list[Mapping[str, str]] | None = None, links: list[Mapping[str, str]] | None = None) -> Changes:
    return changes_by(
        Rows(*(tuple(Row(at, cells) for at, cells in enumerate(rows or [], start=2)) for rows in (members, links))),
        NETWORK, NAMED, LISTS,
    )  # fmt: skip


def told(changes: Changes) -> list[tuple[str, int, str, str]]:
    return [(problem.table, problem.row, problem.column, problem.code) for problem in changes.problems]


def test_a_network_as_rows_is_read_back_as_no_change() -> None:
    changes = changes_by(rows_of(NETWORK), NETWORK, NAMED, LISTS)
    assert not changes.anything
    assert (changes.problems, changes.unchanged) == ((), 3)


def test_the_rows_of_a_network_make_the_same_one_anew_elsewhere() -> None:
    changes = changes_by(rows_of(NETWORK), Network((), ()), frozenset(), LISTS)
    assert changes.problems == ()
    ids = {member.id: {member.name: member.id for member in NETWORK.members}[member.name] for member in changes.added}
    assert network_of(NETWORK.members, settled(changes, ids), LISTS) == NETWORK
    assert {(m.name, m.role, m.step, m.category, m.services) for m in changes.added} == {
        (m.name, m.role, m.step, m.category, m.services) for m in NETWORK.members
    }


def test_a_row_with_the_name_of_a_member_changes_it_and_a_missing_column_leaves_what_is_there() -> None:
    changes = read([{"name": " example   MILL", "role": "firm", "category": ""}])
    assert changes.problems == ()
    [(before, after)] = changes.changed
    assert before == MILL
    assert (after.category, after.services, after.step, after.name) == (None, MILL.services, "inputs", "example MILL")


def test_a_company_with_an_account_keeps_its_name_as_it_writes_it() -> None:
    changes = read([{"name": "EXAMPLE bakery", "step": "sale"}])
    assert [after.name for _, after in changes.changed] == ["Example Bakery"]


def test_a_row_with_a_new_name_adds_a_member_that_links_of_the_file_may_speak_of() -> None:
    changes = read(
        [{"id": "x", "name": "Gas Sample", "step": "after-use", "services": "biogas; REPAIR"}],
        [{"from": "example bakery", "to": "x", "kind": "supplies"}, {"from": "m1", "to": "Gas Sample"}],
    )
    assert told(changes) == []
    [added] = changes.added
    assert (added.name, added.services) == ("Gas Sample", ("biogas", "repair"))
    assert settled(changes, {added.id: "m9"}) == (
        Link("m2", "m9", "supplies"), Link("m1", "m9", "works-with"),
    )  # fmt: skip


def test_what_is_there_already_is_no_new_link() -> None:
    assert not read(links=[{"from": "Example Mill", "to": "m2", "kind": "supplies", "wanted": "no"}]).anything


def test_a_service_can_only_be_wanted() -> None:
    wanted = read(links=[{"from": "m1", "to": "service:energy-audit", "wanted": "yes"}])
    assert wanted.links == (Link("m1", "energy-audit", "works-with", wanted=True),)
    refused = read(links=[{"from": "m1", "to": "service:energy-audit", "wanted": "no"}])
    assert told(refused) == [("links", 2, "wanted", "not-wanted")]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"name": "A", "role": "king"}, ("role", "unknown-role")),
        ({"name": "A", "step": "moon"}, ("step", "unknown-step")),
        ({"name": "A", "category": "magic"}, ("category", "unknown-category")),
        ({"name": "A", "services": "biogas;magic"}, ("services", "unknown-service")),
        ({"name": "  "}, ("name", "no-name")),
        ({"name": "A" * 201}, ("name", "long-name")),
        ({"id": "m2", "name": "Another Bakery"}, ("name", "own-name")),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_by_column(cells: dict[str, str], problem: tuple[str, str]) -> None:
    changes = read([cells])
    assert told(changes) == [("members", 2, *problem)]
    assert not changes.anything


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"from": "m1", "to": "nobody"}, ("to", "unknown-end")),
        ({"from": "", "to": "m1"}, ("from", "unknown-end")),
        ({"from": "m1", "to": "m1"}, ("to", "to-itself")),
        ({"from": "m1", "to": "m3", "kind": "adores"}, ("kind", "unknown-kind")),
        ({"from": "m1", "to": "m3", "wanted": "perhaps"}, ("wanted", "unclear-wanted")),
        ({"from": "m1", "to": "service:magic", "wanted": "yes"}, ("to", "unknown-end")),
    ],
)
def test_a_link_that_cannot_be_taken_is_refused_by_column(cells: dict[str, str], problem: tuple[str, str]) -> None:
    assert told(read(links=[cells])) == [("links", 2, *problem)]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    changes = read([{"name": "", "role": "king"}, {"name": "B", "step": "moon"}], [{"from": "m1", "to": "nobody"}])
    assert told(changes) == [
        ("members", 2, "name", "no-name"), ("members", 2, "role", "unknown-role"),
        ("members", 3, "step", "unknown-step"), ("links", 2, "to", "unknown-end"),
    ]  # fmt: skip


def test_two_rows_about_one_member_are_refused() -> None:
    assert told(read([{"id": "m1", "name": "Example Mill"}, {"name": "example mill"}])) == [
        ("members", 3, "name", "twice")
    ]
    assert told(read([{"name": "New"}, {"name": "new"}])) == [("members", 3, "name", "twice")]


def test_a_name_that_two_members_have_is_unclear_in_a_link_and_their_ids_are_not() -> None:
    twins = network_of([MILL, Member("m4", "Example Mill"), LAB], (), LISTS)
    rows = Rows(links=(Row(2, {"from": "Example Mill", "to": "m3"}), Row(3, {"from": "m4", "to": "m3"})))
    changes = changes_by(rows, twins, NAMED, LISTS)
    assert told(changes) == [("links", 2, "from", "unclear-end")]


def test_a_file_that_makes_a_cluster_too_large_is_refused() -> None:
    changes = read([{"name": f"Firm {at}"} for at in range(1_998)])
    assert told(changes) == [("members", 0, "name", "too-many-members")]


def test_codes_of_all_reasons_are_listed_for_their_words() -> None:
    assert {"unknown-role", "too-many-links"} < set(codes())
