"""Snapshots with their audit, as the worker makes them: a cluster of 1,000 companies, beside two that overlap."""

from collections.abc import Iterator

from assessment.core.aggregates.snapshots import Rules
from assessment.quick.methods import QUICK
from tests.bench.measuring import Line, cpu, shown
from tests.core.populations import QUARTER, START, History, world_of

COMPANIES = 1000
SECONDS = 60
MEASURED = (5, 10)


def lines() -> Iterator[Line]:
    """CPU of the fifth and the tenth, with as many sections, practices and amounts as a cluster's menu has."""
    world = world_of(1, sectors=12, regions=8, sections=11, practices=76, amounts=17)
    members = [world.company() for _ in range(COMPANIES)]
    others = {
        "overlapping": [*members[: COMPANIES // 3], *(world.company() for _ in range(COMPANIES // 4))],
        "part": [given for given in members if given.sector == "sector1"],
    }
    made = History(Rules(), methods=QUICK)
    for step in range(max(MEASURED)):
        menu, at = world.menu("cluster"), START + step * QUARTER
        seconds = cpu(lambda: made.add(menu, members, at), 1)  # noqa: B023 - called before the next turn
        if step + 1 in MEASURED:
            goal = f"Snapshot with audit, {COMPANIES:,} companies, {step} before it, two clusters beside it: CPU s"
            yield Line(goal, shown(seconds), "", seconds, SECONDS)
        if not step:
            for name, group in others.items():
                made.add(world.menu(name), group, START)
        members = world.later(members, 0.1)
