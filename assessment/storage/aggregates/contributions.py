"""What each company's newest result gives to figures of many: one row for each company and questionnaire."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select

from assessment.storage.clusters.cluster_tables import contributions
from assessment.storage.conflicts import inserting
from assessment.storage.people.people_tables import companies, memberships

_N, _CO, _ME = contributions.c, companies.c, memberships.c


@dataclass(frozen=True, slots=True)
class StoredContribution:
    """One row; `figures` are scores, missing practices and categories as numbers and ids."""

    company_id: str
    assessment_id: str
    result_id: str
    taken_at: datetime
    figures: Mapping[str, Any]


_ROW: Final = (_N.company_id, _N.assessment_id, _N.result_id, _N.taken_at, _N.figures)
_ONE: Final = select(*_ROW).where(
    _N.company_id == bindparam("company"), _N.questionnaire == bindparam("questionnaire")
)  # fmt: skip


def keep(connection: Connection, questionnaire: str, row: StoredContribution) -> None:
    """Put a company's contribution in the place of the one before."""
    values = {
        "assessment_id": row.assessment_id, "result_id": row.result_id, "taken_at": row.taken_at,
        "figures": json.dumps(row.figures, separators=(",", ":"), sort_keys=True),
    }  # fmt: skip
    added = inserting(connection, contributions).on_conflict_do_update(
        index_elements=[_N.company_id, _N.questionnaire], set_=values
    )
    connection.execute(added, {"company_id": row.company_id, "questionnaire": questionnaire, **values})


def of_company(connection: Connection, company_id: str, questionnaire: str) -> StoredContribution | None:
    """What a company gives, if it gives anything."""
    row = connection.execute(_ONE, {"company": company_id, "questionnaire": questionnaire}).first()
    return _read(row) if row else None


def of_companies(
    connection: Connection, company_ids: Collection[str], questionnaire: str
) -> tuple[StoredContribution, ...]:  # fmt: skip
    """What these companies give, in order of their ids."""
    found: list[StoredContribution] = []
    ordered = sorted(company_ids)
    for start in range(0, len(ordered), _PORTION):
        some = select(*_ROW).where(
            _N.questionnaire == questionnaire, _N.company_id.in_(ordered[start : start + _PORTION])
        )
        found += map(_read, connection.execute(some.order_by(_N.company_id)))
    return tuple(found)


_PORTION: Final = 500
"""So many ids at a time: both databases take a limited number of values in a statement."""


def companies_compared(connection: Connection) -> tuple[str, ...]:
    """The companies that agreed to be counted where all are compared, and keep nobody out."""
    agreed = select(_CO.id).where(_CO.compared.is_(True), _CO.restricted.is_(False), _CO.erase_at.is_(None))
    return tuple(connection.execute(agreed.order_by(_CO.id)).scalars())


def owners_of(connection: Connection, company_ids: Collection[str]) -> dict[str, list[str]]:
    """The owners of each of these companies."""
    found: dict[str, list[str]] = {company_id: [] for company_id in company_ids}
    ordered = sorted(company_ids)
    for start in range(0, len(ordered), _PORTION):
        some = select(_ME.company_id, _ME.person_id).where(
            _ME.company_id.in_(ordered[start : start + _PORTION]), _ME.role == "owner"
        )
        for company_id, person_id in connection.execute(some):
            found[company_id].append(person_id)
    return found


def results_of(connection: Connection, company_ids: Collection[str], questionnaire: str) -> dict[str, str]:
    """The id of the result that each of these companies gives, as far as it gives one."""
    found: dict[str, str] = {}
    ordered = sorted(company_ids)
    for start in range(0, len(ordered), _PORTION):
        some = select(_N.company_id, _N.result_id).where(
            _N.questionnaire == questionnaire, _N.company_id.in_(ordered[start : start + _PORTION])
        )
        found |= {row.company_id: row.result_id for row in connection.execute(some)}
    return found


def checks_behind(connection: Connection, company_ids: Collection[str], questionnaire: str) -> dict[str, str]:
    """The check behind each contribution of these companies, by the id of its result."""
    return {row.result_id: row.assessment_id for row in of_companies(connection, company_ids, questionnaire)}


def forget_all(connection: Connection) -> None:
    """Take all of them away, to be worked out anew."""
    connection.execute(delete(contributions))


def everything(connection: Connection) -> tuple[tuple[Any, ...], ...]:
    """All rows as they stand, to compare two ways of coming by them."""
    listed = select(_N.company_id, _N.questionnaire, *_ROW[1:]).order_by(_N.company_id, _N.questionnaire)
    return tuple(tuple(row) for row in connection.execute(listed))


def _read(row: Any) -> StoredContribution:
    company_id, assessment_id, result_id, taken_at, figures = row
    return StoredContribution(company_id, assessment_id, result_id, taken_at, json.loads(figures))
