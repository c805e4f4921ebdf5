"""A snapshot of a cluster: the fixed tables, what is in them, and what is not."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from assessment.core.aggregates.contributions import Amount, Contribution
from assessment.core.aggregates.readiness import Others, release
from assessment.core.aggregates.snapshots import TABLE_IDS, WITHHELD, Ledger, Menu, Quantity, Release, Rules, Snapshot
from assessment.core.errors import Refused
from tests.core.populations import START, History, world_of

MENU = Menu(
    population="bakers",
    sections=("energy", "water"),
    practices=("audit",),
    amounts=(Quantity(id="saving", unit="EUR a year"),),
    sectors=("bread", "cake"),
    sizes=("micro",),
    regions=("north",),
)


def company(at: int, energy: int | None = 50, sector: str = "bread", **more: object) -> Contribution:
    sections = {} if energy is None else {"energy": energy}
    given = {
        "contributor": f"c{at:03}",
        "version": f"c{at:03}",
        "finished_at": START,
        "sections": sections,
        "sector": sector,
    }
    return Contribution.model_validate({**given, **more})


def taken(members: list[Contribution], **more: object) -> Snapshot:
    return release(MENU, members, at=START, **more).snapshot  # type: ignore[arg-type]


def mean(snapshot: Snapshot, section: str = "energy") -> object:
    return snapshot.table("sections").figure(section, "mean")


def test_a_snapshot_has_every_table_of_the_menu_and_no_other() -> None:
    snapshot = taken([company(at, 40 + at) for at in range(12)])
    assert [table.id for table in snapshot.tables] == list(TABLE_IDS)


def test_a_mean_is_a_whole_number_of_those_who_have_a_score() -> None:
    members = [company(at, 40 + at) for at in range(10)] + [company(10 + at, None) for at in range(6)]
    snapshot = taken(members)
    assert mean(snapshot) == 45
    assert snapshot.table("sections").figure("energy", "companies") == 10
    assert snapshot.companies == 15


def test_the_middle_half_is_shown_from_ten_companies_and_the_mean_from_five() -> None:
    nine, ten = (taken([company(at, 30 + 4 * at) for at in range(many)]).table("sections") for many in (9, 10))
    assert nine.figure("energy", "mean") == 46
    assert [nine.figure("energy", key) for key in ("median", "low", "high")] == [WITHHELD] * 3
    assert [ten.figure("energy", key) for key in ("median", "low", "high")] == [48, 39, 57]


def test_percentiles_are_shown_from_thirty_companies_and_only_with_k_companies_beyond_them() -> None:
    def shown(many: int) -> list[object]:
        table = taken([company(at, 10 + at) for at in range(many)]).table("percentiles")
        return [table.figure("energy", column.key) for column in table.columns]

    assert shown(29) == [WITHHELD] * 5
    assert shown(30) == [WITHHELD, 17, 25, 32, WITHHELD]
    assert shown(51) == [15, 23, 35, 48, 55]


def test_what_is_suppressed_and_what_is_empty_look_the_same() -> None:
    few = [company(at, 40 + at) for at in range(12)] + [company(20 + at, 60 + at, "cake") for at in range(4)]
    none = [company(at, 40 + at) for at in range(12)]
    assert [taken(members).table("sectors").figure("cake", "energy") for members in (few, none)] == [WITHHELD] * 2
    assert taken(few).table("sectors").rows[1] == taken(none).table("sectors").rows[1]


def test_estimates_are_left_out_of_sums() -> None:
    members = [company(at, amounts={"saving": Amount(value=1000 + at)}) for at in range(12)]
    guessed = company(50, amounts={"saving": Amount(value=900_000, estimate=True)})
    assert taken([*members, guessed]).table("amounts").figure("saving", "sum") == 12_100


def test_the_change_is_that_of_two_published_figures() -> None:
    members = [company(at, 40 + at) for at in range(12)]
    first = release(MENU, members, at=START)
    better = [company(at, 60 + at, version=f"c{at:03} again") for at in range(12)]
    later = release(MENU, better, [first.ledger], at=START + timedelta(days=90), previous=first.snapshot).snapshot
    assert [later.table("change").figure("energy", key) for key in ("before", "now", "change")] == [46, 66, 20]


def test_other_clusters_are_compared_from_three_on() -> None:
    members = [company(at, 40 + at) for at in range(12)]
    clusters = [taken([company(at, level + at) for at in range(12)]) for level in (20, 30, 50)]
    three = taken(members, others=Others(clusters, model=clusters[2])).table("comparison")
    assert [three.figure("energy", key) for key in ("own", "clusters", "model")] == [46, 36, 56]
    two = taken(members, others=Others(clusters[:2])).table("comparison")
    assert [two.figure("energy", key) for key in ("own", "clusters", "model")] == [46, WITHHELD, WITHHELD]


def test_a_contributor_or_a_version_that_comes_twice_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="one_per_contributor"):
        release(MENU, [company(1), company(1)], at=START)
    with pytest.raises(ValueError, match="names one result"):
        release(MENU, [company(1), company(2, version="c001")], at=START)


def test_a_snapshot_of_four_companies_is_refused() -> None:
    with pytest.raises(Refused, match="too-few-companies"):
        release(MENU, [company(at) for at in range(4)], at=START)


def test_snapshot_and_ledger_come_back_from_json_as_they_were() -> None:
    world = world_of(1, sectors=4, regions=3, sections=3, practices=2)
    made = History(Rules()).add(world.menu("a"), [world.company() for _ in range(60)], START)
    assert Snapshot.model_validate_json(made.snapshot.model_dump_json()) == made.snapshot
    assert Ledger.model_validate_json(made.ledger.model_dump_json()) == made.ledger
    assert Release.model_validate_json(made.model_dump_json()) == made


def test_a_snapshot_of_a_newer_form_is_refused() -> None:
    text = taken([company(at, 40 + at) for at in range(12)]).model_dump_json().replace('"format":1', '"format":2')
    with pytest.raises(ValidationError):
        Snapshot.model_validate_json(text)


def test_no_key_of_a_company_is_in_a_snapshot_and_no_value_of_one_in_a_ledger() -> None:
    members = [company(at, 40 + at, amounts={"saving": Amount(value=77_000 + at)}) for at in range(12)]
    made = release(MENU, members, at=START)
    assert "c003" not in made.snapshot.model_dump_json()
    assert "c003" in made.ledger.model_dump_json()
    assert "77003" not in made.ledger.model_dump_json()


def test_the_order_in_which_companies_come_changes_nothing() -> None:
    world = world_of(2, sectors=4, regions=3, sections=2)
    members = [world.company() for _ in range(40)]
    one, other = (release(world.menu("a"), order, at=START) for order in (members, members[::-1]))
    assert one == other


def test_every_column_says_its_unit_and_rule() -> None:
    for table in taken([company(at, 40 + at) for at in range(12)]).tables:
        assert table.columns
        assert all(column.unit and column.rule for column in table.columns)
