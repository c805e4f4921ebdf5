"""A snapshot with its audit: a cluster of 1,000 companies after four earlier snapshots, beside two that overlap."""

from collections.abc import Iterator

from assessment.core.snapshots import Rules
from tests.bench.measuring import Line, cpu, shown
from tests.core.populations import QUARTER, START, History, world_of

COMPANIES = 1000
SECONDS = 60


def lines() -> Iterator[Line]:
    """CPU of the fifth snapshot, with as many sections, practices and amounts as a cluster's menu has."""
    world = world_of(1, sectors=12, regions=8, sections=11, practices=76, amounts=17)
    members = [world.company() for _ in range(COMPANIES)]
    others = {
        "overlapping": [*members[: COMPANIES // 3], *(world.company() for _ in range(COMPANIES // 4))],
        "part": [given for given in members if given.sector == "sector1"],
    }
    made = History(Rules())
    for step in range(4):
        made.add(world.menu("cluster"), members, START + step * QUARTER)
        if not step:
            for name, group in others.items():
                made.add(world.menu(name), group, START)
        members = world.later(members, 0.1)
    seconds = cpu(lambda: made.add(world.menu("cluster"), members, START + 4 * QUARTER), 1)
    goal = f"Snapshot with audit, {COMPANIES:,} companies, four before it, two clusters beside it: CPU s"
    yield Line(goal, shown(seconds), "", seconds, SECONDS)
