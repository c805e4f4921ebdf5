"""What the plan of each check comes to, kept beside what its company gives, and the rows that it is worked out from."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from assessment.storage.clusters.cluster_tables import contributions
from assessment.storage.tables import money, plan_items, results

_N = contributions.c
_SOURCES: Final = (
    select(results.c.assessment_id, results.c.id, results.c.number, results.c.depth).order_by(results.c.number),
    select(plan_items.c.assessment_id, *(column for column in plan_items.c if column.name != "assessment_id"))
    .order_by(plan_items.c.id),
    select(money.c.assessment_id, *(column for column in money.c if column.name != "assessment_id")),
)  # fmt: skip
_KEEP: Final = update(contributions).where(_N.assessment_id == bindparam("check")).values(amounts=bindparam("told"))


def sources(connection: Connection, checks: Collection[str]) -> dict[str, list[tuple[Any, ...]]]:
    """All rows that the plan of each of these checks, at most some hundreds, is worked out from.

    Results are never changed once they are frozen, so they are told by their ids.
    """
    found: dict[str, list[tuple[Any, ...]]] = {check: [] for check in checks}
    for listed in _SOURCES:
        for check, *row in connection.execute(listed.where(listed.selected_columns.assessment_id.in_(checks))):
            found[check].append(tuple(row))
    return found


def kept(connection: Connection, checks: Collection[str]) -> dict[str, str]:
    """What was kept of these checks, at most some hundreds."""
    rows = connection.execute(select(_N.assessment_id, _N.amounts).where(_N.assessment_id.in_(checks)))
    return {row.assessment_id: row.amounts for row in rows if row.amounts is not None}


def keep(connection: Connection, told: Mapping[str, str]) -> None:
    """Keep what was worked out of some checks in the place of what was kept before."""
    if told:
        connection.execute(_KEEP, [{"check": check, "told": amounts} for check, amounts in sorted(told.items())])
