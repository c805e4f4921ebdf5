"""Everything that is kept of a company, or of a person, as plain values for a file; what opens nothing is left out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Table, and_, func, or_, select

from assessment.storage.classification import KEPT
from assessment.storage.clusters.cluster_tables import (
    cluster_links,
    cluster_members,
    exchange_posts,
    exchange_talks,
)
from assessment.storage.columns import Moment, metadata
from assessment.storage.people.people_tables import access_log, audit_log, companies, grants, memberships, people
from assessment.storage.tables import assessments, documents
from assessment.storage.upkeep import erasure

Rows = list[dict[str, Any]]

OF_PERSON: Final = ("person_id", "mentor_id", "administrator_id")
"""The columns that say whose a row is; in the audit log it is `actor`."""
_OWN_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "comments": frozenset({"words"}),
    "interrupted": frozenset({"fields"}),
    "mentor_notes": frozenset({"words"}),
    "review_history": frozenset({"words"}),
    "mentor_suggestions": frozenset({"title", "why"}),
    "next_visits": frozenset({"day", "words"}),
    "saving_confirmations": frozenset({"baseline", "method", "words"}),
    "company_consents": frozenset({"given", "viewer", "viewer_id"}),
    "grants": frozenset({"state"}),
    "joint_answers": frozenset({"answer", "words"}),
}
"""What somebody wrote in a company's check, or said for a company, is theirs; what the company had answered is not."""


def tables_of_company() -> tuple[Table, ...]:
    """The tables with rows that belong to a company as a whole."""
    return tuple(
        table for table in metadata.sorted_tables
        if table is companies or ("company_id" in table.columns and table is not assessments)
    )  # fmt: skip


def tables_of_person() -> tuple[Table, ...]:
    """The tables with rows that tell of a person."""
    return tuple(
        table for table in metadata.sorted_tables
        if table in (people, audit_log) or any(name in table.columns for name in OF_PERSON)
    )  # fmt: skip


def company_rows(connection: Connection, company_id: str) -> dict[str, Rows]:
    """What belongs to a company as a whole, by table, with the names of those it tells of."""
    found = {}
    for table in tables_of_company():
        own = table.c.id if table is companies else table.c.company_id
        chosen = select(*filter(_is_told, table.columns)).where(own == company_id)
        rows = connection.execute(chosen.order_by(*table.primary_key.columns))
        found[table.name] = [_plain_row(table, row._mapping) for row in rows]
    for table, ends in _at_either_end(company_id).items():
        chosen = select(*filter(_is_told, table.columns)).where(or_(*ends)).order_by(*table.primary_key.columns)
        found[table.name] = [_plain_row(table, row._mapping) for row in connection.execute(chosen)]
    found["names"] = [
        {"id": row.id, "name": row.name, "email": row.email}
        for row in connection.execute(_names_around(company_id))
    ]  # fmt: skip
    return found


def _at_either_end(company_id: str) -> Mapping[Table, Sequence[ColumnElement[bool]]]:
    """What belongs to two companies at once: talks about a post, and links on the map of a cluster."""
    posts = select(exchange_posts.c.id).where(exchange_posts.c.company_id == company_id)
    members = select(cluster_members.c.id).where(cluster_members.c.company_id == company_id)
    return {
        exchange_talks: [exchange_talks.c[end].in_(posts) for end in ("offer_id", "need_id")],
        cluster_links: [cluster_links.c[end].in_(members) for end in ("from_id", "to_id")],
    }


def company_checks(connection: Connection, company_id: str) -> dict[str, dict[str, Rows]]:
    """The checks of a company, each whole."""
    listed = select(assessments.c.id).where(assessments.c.company_id == company_id).order_by(assessments.c.created_at)
    return {check: erasure.export_all(connection, check) for check in connection.execute(listed).scalars()}


def company_papers(connection: Connection, company_id: str) -> dict[str, bytes]:
    """The PDFs that are kept of a company's checks, by a name of their own."""
    kept = (
        select(documents.c.assessment_id, documents.c.report, documents.c.hash, documents.c.content)
        .join(assessments, assessments.c.id == documents.c.assessment_id)
        .where(assessments.c.company_id == company_id)
        .order_by(documents.c.assessment_id, documents.c.made_at)
    )
    return {f"{row.report}-{row.assessment_id[:8]}-{row.hash[:8]}.pdf": row.content for row in connection.execute(kept)}


def person_rows(connection: Connection, person_id: str) -> dict[str, Rows]:
    """What is kept of a person, by table: of a company and its checks what they wrote and said, and no answer; of a
    cluster that they made something, and when.
    """
    found = {}
    for table in tables_of_person():
        told = filter(_is_theirs, table.columns)
        whose = [table.c[name] == person_id for name in OF_PERSON if name in table.columns]
        if table in (people, audit_log):
            whose = [(people.c.id if table is people else audit_log.c.actor) == person_id]
        chosen = select(*told).where(or_(*whose)).order_by(*table.primary_key.columns)
        found[table.name] = [_plain_row(table, row._mapping) for row in connection.execute(chosen)]
    return found


def _plain_row(table: Table, row: RowMapping) -> dict[str, Any]:
    return {str(name): erasure.plain(table.name, str(name), value) for name, value in row.items()}


def _is_told(column: Column[Any]) -> bool:
    table = column.table.name
    return KEPT[table].columns[column.name] != "credential" and (table, column.name) not in erasure.WITHHELD


def _is_theirs(column: Column[Any]) -> bool:
    table = str(column.table.name)
    whose = KEPT[table].owner
    if whose == "cluster":
        tied = column.primary_key or column.foreign_keys or isinstance(column.type, Moment)
        return _is_told(column) and bool(tied)
    if whose not in ("check", "company"):
        return _is_told(column)
    if column.name in _OWN_WORDS.get(table, ()):
        return True
    return _is_told(column) and KEPT[table].columns[column.name] in {"personal", "technical"}


def _names_around(company_id: str) -> Any:
    """Whoever belongs to a company, was let in, or looked; the addresses of its own members alone."""
    member = and_(memberships.c.person_id == people.c.id, memberships.c.company_id == company_id)
    let_in = select(grants.c.mentor_id).where(grants.c.company_id == company_id)
    looked = select(access_log.c.person_id).where(access_log.c.company_id == company_id)
    address = func.coalesce(
        select(people.c.email.label("own")).where(member).correlate(people).scalar_subquery(), ""
    ).label("email")
    belongs = select(memberships.c.person_id).where(memberships.c.company_id == company_id)
    return (
        select(people.c.id, people.c.name, address)
        .where(or_(people.c.id.in_(belongs), people.c.id.in_(let_in), people.c.id.in_(looked)))
        .order_by(people.c.id)
    )
