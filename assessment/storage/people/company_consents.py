"""What a company has agreed to: an append-only record, of which the newest row counts for each viewer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, insert, select

from assessment.storage.clusters.cluster_tables import clusters
from assessment.storage.people.people_tables import company_consents, people

COMPARED: Final = "benchmark"
"""The viewer for being counted where all companies of the instance are compared."""

_V = company_consents.c


@dataclass(frozen=True, slots=True)
class CompanyConsent:
    """One row of the record; `viewer_id` is empty where the kind of viewer says it all."""

    viewer: str
    viewer_id: str
    given: bool
    text_hash: str
    language: str
    how: str
    person_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row as the company reads it: who decided it, and whom it is about; empty for somebody who is gone."""

    viewer: str
    about: str
    given: bool
    who: str
    at: datetime


_ROWS: Final[Select[Any]] = (
    select(*(_V[name] for name in CompanyConsent.__dataclass_fields__))
    .where(_V.company_id == bindparam("company_id"))
    .order_by(_V.id.desc())
)
_about, _who = people.alias("about"), people.alias("who")
_RECORD: Final[Select[Any]] = (
    select(
        _V.viewer, func.coalesce(_about.c.name, clusters.c.name, ""), _V.given, func.coalesce(_who.c.name, ""), _V.at
    )
    .select_from(company_consents)
    .outerjoin(_about, _about.c.id == _V.viewer_id)
    .outerjoin(clusters, clusters.c.id == _V.viewer_id)
    .outerjoin(_who, _who.c.id == _V.person_id)
    .order_by(_V.id.desc())
)


def add(connection: Connection, company_id: str, consent: CompanyConsent) -> None:
    """Put down that a company has agreed, or no longer agrees."""
    row = {name: getattr(consent, name) for name in CompanyConsent.__dataclass_fields__}
    connection.execute(insert(company_consents), {"company_id": company_id, **row})


def is_given(connection: Connection, company_id: str, viewer: str, viewer_id: str = "") -> bool:
    """Whether a company agrees now; without a word it does not."""
    newest = _ROWS.where(_V.viewer == viewer, _V.viewer_id == viewer_id).limit(1)
    row = connection.execute(newest, {"company_id": company_id}).first()
    return row is not None and bool(row.given)


def companies_that_agree(connection: Connection, viewer: str) -> tuple[str, ...]:
    """The companies that agree to a kind of viewer now."""
    newest = select(func.max(_V.id)).where(_V.viewer == viewer, _V.viewer_id == "").group_by(_V.company_id)
    agreed = select(_V.company_id).where(_V.id.in_(newest), _V.given.is_(True)).order_by(_V.company_id)
    return tuple(connection.execute(agreed).scalars())


def record_of(connection: Connection, company_id: str, limit: int = 200) -> tuple[Recorded, ...]:
    """The record of a company, the newest first."""
    rows = connection.execute(_RECORD.where(_V.company_id == company_id).limit(limit))
    return tuple(Recorded(*row) for row in rows)


def said_last(connection: Connection, company_id: str, viewer: str, viewer_id: str) -> Recorded | None:
    """What a company said last about one viewer; None where it never said anything."""
    one = (_V.company_id == company_id, _V.viewer == viewer, _V.viewer_id == viewer_id)
    row = connection.execute(_RECORD.where(*one).limit(1)).first()
    return Recorded(*row) if row else None
