"""What doing something together could save: told as released, in rounded words, and the same in the roadmap."""

import pytest

from assessment.core.aggregates.snapshots import WITHHELD, Snapshot
from assessment.storage.clusters import joint_actions as stored
from tests.web.clustered import AUDITS, add_cluster, lacking, released
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site, Visitor

LACK = "About 15 of 20 members have nothing of this: Energy audit"
SAVES = "It could save those who lack it about EUR {} a year together. This is an estimate from their answers."


@pytest.fixture
def manager_id(site: Site) -> str:
    return person(site, "manager@cluster.example", "manager")


@pytest.fixture
def manager(site: Site, manager_id: str) -> Visitor:
    return signed_in(site, manager_id)


@pytest.fixture
def cluster_id(site: Site, manager_id: str) -> str:
    return add_cluster(site, manager_id)


def proposed(manager: Visitor, cluster_id: str) -> Page:
    return manager.get(f"/clusters/{cluster_id}/joint-action")


def saving(snapshot: Snapshot) -> tuple[object, object]:
    amounts = snapshot.table("amounts")
    return amounts.figure(AUDITS, "sum"), amounts.figure(AUDITS, "companies")


def test_the_saving_is_the_sum_of_those_who_lack_it_to_two_digits_and_called_an_estimate(
    site: Site, manager: Visitor, cluster_id: str
) -> None:
    # 15 companies with 1,000, 1,037 and so on to 1,518: 18,885 together.
    snapshot = released(site.instance, cluster_id, lacking(15, 20))
    assert sum(1000 + 37 * at for at in range(15)) == 18_885
    assert saving(snapshot) == (18_900, 15)
    page = proposed(manager, cluster_id)
    assert LACK in page.words
    assert SAVES.format("19,000") in page.words
    assert "18,9" not in page.words
    assert "18885" not in page.text


@pytest.mark.parametrize(
    ("many", "worth", "lack"),
    [
        # One has nearly all of it: the others would know its own.
        (15, [90_000.0, *[100.0] * 14], True),
        # Four do not lack it, so the sum would say who they are; and the number lacking it is not told either.
        (16, [], False),
        # Four lack it.
        (4, [], False),
    ],
    ids=["one has nearly all", "four do not lack it", "four lack it"],
)
def test_a_saving_that_would_tell_of_few_is_not_told_nor_expected_in_the_roadmap(
    many: int, worth: list[float], lack: bool, site: Site, manager: Visitor, cluster_id: str
) -> None:
    snapshot = released(site.instance, cluster_id, lacking(many, 20, worth))
    assert saving(snapshot) == (WITHHELD, WITHHELD)
    page = proposed(manager, cluster_id)
    assert (LACK in page.words) is lack
    assert "It could save" not in page.words
    assert "Energy audit:" not in page.words
    line = roadmap_line(site, manager, cluster_id)
    assert line.form("/roadmap").fields["effect"] == ""


def roadmap_line(site: Site, manager: Visitor, cluster_id: str) -> Page:
    """The form for a line of the roadmap, from buying energy audits together."""
    new = manager.get(f"/clusters/{cluster_id}/joint-action/new?kind=energy-audits")
    manager.submit(new, {}, "/joint-action")
    with site.instance.database.reading() as connection:
        action = stored.of_cluster(connection, cluster_id)[0]
    return manager.get(f"/clusters/{cluster_id}/roadmap/new?joint={action.id}")


def test_the_roadmap_expects_the_same_figure_with_its_day_and_keeps_it_when_new_figures_come(
    site: Site, manager_id: str, manager: Visitor, cluster_id: str
) -> None:
    members = lacking(15, 20)
    released(site.instance, cluster_id, members)
    day = site.clock().date()
    line = roadmap_line(site, manager, cluster_id)
    expected = (
        "about EUR 19,000 a year for all who lack it together (estimate from the figures of "
        f"{day.day} {day:%B} {day.year})"
    )
    assert " ".join(line.form("/roadmap").fields["effect"].split()) == expected
    manager.submit(line, {}, "/roadmap")
    plan = f"/clusters/{cluster_id}/roadmap"
    row = next(row for row in manager.get(plan).tree.iterfind(".//tbody/tr"))
    cells = {cell.get("data-label"): " ".join("".join(cell.itertext()).split()) for cell in row.iterfind("td")}
    assert cells["Expected effect"] == expected
    # The line is the cluster's own from then on: what it expected stands as it was agreed.
    site.clock.forward(days=8)
    manager = signed_in(site, manager_id)
    released(site.instance, cluster_id, [*members[5:], *lacking(15, 20, name="new ")])
    assert expected in manager.get(plan).words


def test_no_saving_is_expected_of_what_is_no_kind_of_ours(site: Site, manager: Visitor, cluster_id: str) -> None:
    released(site.instance, cluster_id, lacking(15, 20))
    typed = {"kind": "", "title": "A common stand at the fair", "words": "Let us go there together", "until.day": "1",
             "until.month": "2", "until.year": str(site.clock().year + 1)}  # fmt: skip
    manager.post(f"/clusters/{cluster_id}/joint-action", typed)
    with site.instance.database.reading() as connection:
        action = stored.of_cluster(connection, cluster_id)[0]
    line = manager.get(f"/clusters/{cluster_id}/roadmap/new?joint={action.id}")
    assert line.form("/roadmap").fields["effect"] == ""
