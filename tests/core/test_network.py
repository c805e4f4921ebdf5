"""A cluster as a network: what is missing in it, which part is shown, and a map on which nothing overlaps."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.content.clusters.cluster_lists import cluster_lists
from assessment.core.clusters.cluster_lists import ROLES, STEPS
from assessment.core.clusters.network import (
    LINK_KINDS,
    Link,
    LinkKind,
    Member,
    Network,
    Passage,
    by_role,
    chosen,
    gaps,
    network_of,
    passages,
    usual_step,
)
from assessment.core.clusters.network_layout import (
    CELL,
    LABEL_WIDTH,
    MOST_LINES,
    MOST_ROWS,
    RADIUS,
    ROW,
    WIDTH,
    Drawing,
    Point,
    draw,
    text_width,
    wrapped,
)

LISTS = cluster_lists()

MILL = Member("mill", "Example Mill", step="inputs", category="forest")
BAKERY = Member("bakery", "Example Bakery", category="waste", services=("shared-transport",))
SHOP = Member("shop", "Corner Shops", step="sale")
LAB = Member("lab", "University lab", role="research", step="inputs", services=("laboratory",))
BANK = Member("bank", "Bank", role="finance", step="support")
LINKS = (
    Link("mill", "bakery", "supplies"), Link("bakery", "mill", "works-with"), Link("bakery", "shop", "supplies"),
    Link("lab", "bakery", "researches-for"), Link("bakery", "biogas", "supplies", wanted=True),
    Link("shop", "container-washing", "works-with", wanted=True), Link("mill", "biogas", "supplies", wanted=True),
    Link("shop", "mill", "supplies", wanted=True),
)  # fmt: skip


def small() -> Network:
    return network_of([SHOP, BANK, MILL, LAB, BAKERY], LINKS, LISTS)


def test_members_stand_in_the_order_of_their_names_and_support_apart_from_firms() -> None:
    assert [member.name for member in small().members] == [
        "Bank", "Corner Shops", "Example Bakery", "Example Mill", "University lab",
    ]  # fmt: skip
    assert LAB.place == "support"
    assert MILL.place == "inputs"
    assert by_role(small()) == {"firm": 3, "research": 1, "finance": 1}


def test_links_to_nobody_to_oneself_and_said_twice_are_left_out() -> None:
    odd = [Link("mill", "gone", "supplies"), Link("mill", "mill", "trains"), Link("mill", "biogas", "supplies"),
           Link("gone", "mill", "trains"), LINKS[0], LINKS[0]]  # fmt: skip
    assert network_of([MILL, BAKERY], odd, LISTS).links == (LINKS[0],)


def test_kinds_of_links_are_counted_between_two_in_either_direction_and_wanted_ones_are_not() -> None:
    between = small().kinds_between
    assert between[frozenset(("mill", "bakery"))] == {"supplies", "works-with"}
    assert frozenset(("shop", "mill")) not in between


def test_gaps_name_services_by_how_many_ask_for_them_then_categories_and_the_unlinked() -> None:
    found = gaps(small(), LISTS)
    assert [(gap.service, gap.wanted_by) for gap in found.wanted] == [
        ("biogas", ("bakery", "mill")), ("container-washing", ("shop",)),
    ]  # fmt: skip
    services = {gap.service for gap in found.services}
    assert "laboratory" not in services
    assert "shared-transport" not in services
    assert {"energy-audit", "biogas"} <= services
    assert set(found.categories) == set(LISTS.categories) - {"forest", "waste"}
    assert found.unlinked == ("bank",)


def test_a_service_that_somebody_begins_to_offer_is_no_gap_any_more() -> None:
    plant = Member("plant", "Gas Sample", step="after-use", services=("biogas",))
    assert "biogas" not in {gap.service for gap in gaps(network_of([MILL, plant], LINKS, LISTS), LISTS).services}


def test_one_kind_of_link_is_shown_with_its_ends_alone() -> None:
    shown = chosen(small(), kind="researches-for")
    assert {member.id for member in shown.members} == {"lab", "bakery"}
    assert chosen(small()) == small()


def test_a_topic_is_shown_with_who_has_it_who_wants_it_and_who_is_linked_to_it() -> None:
    assert {member.id for member in chosen(small(), topic="biogas").members} == {"mill", "bakery"}
    assert {member.id for member in chosen(small(), topic="forest").members} == {"mill", "bakery", "shop"}
    assert {member.id for member in chosen(small(), "supplies", "laboratory").members} == {"lab"}


def test_passages_count_linked_pairs_and_wanted_links_between_steps() -> None:
    assert passages(small()) == {
        ("inputs", "processing"): Passage(1, 0), ("inputs", "sale"): Passage(0, 1),
        ("processing", "sale"): Passage(1, 0), ("processing", "support"): Passage(1, 0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("nace", "step"),
    [("01.11", "inputs"), ("10.71", "processing"), ("35", "inputs"), ("38.11", "after-use"), ("41.2", "processing"),
     ("55.10", "sale"), ("", "processing"), ("²5", "processing")],
)  # fmt: skip
def test_a_firm_stands_where_its_trade_usually_does(nace: str, step: str) -> None:
    assert usual_step(nace) == step


# The map


def touching(points: tuple[Point, ...]) -> list[tuple[Point, Point]]:
    """Pairs of symbols that share room: each has a cell for itself and its label."""
    return [
        (one, other)
        for one, other in itertools.combinations(points, 2)
        if abs(one.x - other.x) < CELL and abs(one.y - other.y) < ROW
    ]


def outside(drawing: Drawing) -> list[Point]:
    return [
        point for point in drawing.points
        if not (CELL // 2 <= point.x <= WIDTH - CELL // 2 and RADIUS < point.y < drawing.height - ROW // 2)
    ]  # fmt: skip


def made_up(count: int, seed: int = 1) -> Network:
    draws = random.Random(seed)  # noqa: S311 - drawn to be read back, not to be secret
    members = [
        Member(f"m{at}", f"Firm {at:03}", role="firm" if draws.random() < 0.8 else draws.choice(ROLES),
               step=draws.choice(STEPS[:4]), category=draws.choice([None, *LISTS.categories]))
        for at in range(count)
    ]  # fmt: skip
    links = [
        Link(draws.choice(members).id, draws.choice(members).id, draws.choice(LINK_KINDS), draws.random() < 0.1)
        for _ in range(count * 3)
    ]
    wanted = [Link(draws.choice(members).id, draws.choice([*LISTS.services]), "supplies", True) for _ in range(9)]
    return network_of(members, [*links, *wanted], LISTS)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 150), st.integers(0, 10_000))
def test_nothing_overlaps_or_leaves_the_map_at_any_size_and_nobody_is_lost(count: int, seed: int) -> None:
    network = made_up(count, seed) if count else Network((), ())
    missing = gaps(network, LISTS)
    drawing = draw(network, missing)
    assert touching(drawing.points) == []
    assert outside(drawing) == []
    assert sum(point.held for point in drawing.points) == count
    assert len(drawing.curves) <= MOST_LINES
    assert draw(network, missing) == drawing
    for step in STEPS[:4]:
        assert len([point for point in drawing.points if point.step == step]) <= MOST_ROWS


def test_symbols_that_share_room_are_found() -> None:
    one = Point("inputs", "firm", "a", 120, 100, 1, 1)
    assert touching((one, one._replace(key="b", y=100 + ROW - 1))) != []
    assert touching((one, one._replace(key="b", y=100 + ROW))) == []


def test_eleven_firms_are_drawn_one_by_one_and_a_hundred_and_fifty_as_groups_that_say_how_many_they_are() -> None:
    few, many = made_up(11), made_up(150)
    assert not draw(few, gaps(few, LISTS)).grouped
    assert {point.shape for point in draw(few, gaps(few, LISTS)).points} <= {"firm", "support", "gap"}
    drawing = draw(many, gaps(many, LISTS))
    assert drawing.grouped
    assert {point.shape for point in drawing.points} <= {"group", "others", "gap"}
    assert drawing.left_out > 0
    assert drawing.height < 2000


def test_more_kinds_of_links_make_a_stronger_line_and_wanted_ones_are_marked() -> None:
    drawing = draw(small(), gaps(small(), LISTS))
    assert sorted(curve.weight for curve in drawing.curves if not curve.wanted) == [1, 1, 2]
    assert len([curve for curve in drawing.curves if curve.wanted]) == 4


def test_symbols_stand_where_fewer_lines_cross() -> None:
    ends = ["a", "b", "c", "d"]
    members = [Member(f"{end}1", f"{end} in", step="inputs") for end in ends]
    # Their partners bear names in the other direction: by names alone, every line would cross every other.
    members += [Member(f"{end}2", f"{'zyxw'[at]} out", step="processing") for at, end in enumerate(ends)]
    network = network_of(members, [Link(f"{end}1", f"{end}2", "supplies") for end in ends], LISTS)
    drawing = draw(network, gaps(network, LISTS))
    assert all(curve.y1 == curve.y4 for curve in drawing.curves)


@pytest.mark.parametrize("kind", LINK_KINDS)
def test_a_line_never_begins_inside_its_symbol(kind: LinkKind) -> None:
    network = network_of([MILL, SHOP, replaced_step()], [Link("mill", "shop", kind), Link("mill", "oil", kind)], LISTS)
    for curve in draw(network, gaps(network, LISTS)).curves:
        for point in draw(network, gaps(network, LISTS)).points:
            for x, y in ((curve.x1, curve.y1), (curve.x4, curve.y4)):
                assert (x - point.x) ** 2 + (y - point.y) ** 2 > RADIUS**2


def replaced_step() -> Member:
    return Member("oil", "Oil Press One", step="inputs")


@settings(max_examples=50, deadline=None)
@given(st.text(st.sampled_from("iWŚ 面ш.\u0301a"), max_size=80))
def test_a_label_fits_its_cell_whatever_is_written(text: str) -> None:
    lines = wrapped(text)
    assert 1 <= len(lines) <= 2
    assert all(text_width(line) <= LABEL_WIDTH for line in lines)


def test_a_short_label_stays_whole_and_a_long_one_says_that_it_goes_on() -> None:
    assert wrapped("Example Mill") == ("Example Mill",)
    assert wrapped("First Sofia Cooperative of Bakers") == ("First Sofia Cooperative of", "Bakers")
    assert wrapped("The quite long name of an association of many bakers and their friends")[1].endswith("...")
    assert wrapped("Donaudampfschifffahrtsgesellschaft")[0].endswith("...")
