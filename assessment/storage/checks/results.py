"""Frozen results and the documents made of them. A row is never changed; the newest is the current one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, insert, select

from assessment.core.errors import NotFound
from assessment.storage.conflicts import insert_once
from assessment.storage.database import Database
from assessment.storage.tables import assessments, documents, results
from assessment.storage.written import Written

_R = results.c
_D = documents.c


@dataclass(frozen=True, slots=True)
class StoredResult:
    """One result as it was taken; `number` counts an assessment's results from 1."""

    id: str
    assessment_id: str
    number: int
    depth: str
    engine: str
    questionnaire: str
    version: str
    language: str
    taken_at: datetime
    frozen: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One rendered report with its bytes."""

    hash: str
    report: str
    pages: int
    content: bytes
    made_at: datetime


_RESULT: Final[Select[Any]] = select(*(_R[name] for name in StoredResult.__dataclass_fields__))
_LATEST: Final = _RESULT.where(_R.assessment_id == bindparam("assessment_id")).order_by(_R.number.desc()).limit(1)
NEWEST: Final = Written(select(func.max(_R.number)).where(_R.assessment_id == bindparam("id")))
_DOCUMENT: Final = select(*(_D[name] for name in StoredDocument.__dataclass_fields__)).where(
    _D.assessment_id == bindparam("assessment_id"), _D.hash == bindparam("hash")
)

_CONTENT: Final = Written(
    select(_D.content).where(
        _D.assessment_id == bindparam("assessment_id"), _D.hash == bindparam("hash"), _D.report == bindparam("report")
    )
)


def add_result(
    connection: Connection,
    assessment_id: str,
    *,
    depth: str,
    engine: str,
    questionnaire: str,
    version: str,
    language: str,
    frozen: str,
    now: datetime,
) -> StoredResult:
    """Freeze a result. It becomes the current one of its assessment."""
    # The row of the assessment is held, so that two submissions at once are numbered one after the other.
    held = connection.execute(
        select(assessments.c.id).where(assessments.c.id == assessment_id).with_for_update()
    ).first()
    if held is None:
        raise NotFound
    last = connection.execute(select(func.max(_R.number)).where(_R.assessment_id == assessment_id)).scalar()
    result = StoredResult(
        uuid4().hex,
        assessment_id,
        (last or 0) + 1,
        depth,
        engine,
        questionnaire,
        version,
        language,
        now,
        frozen,
    )
    connection.execute(insert(results), {name: getattr(result, name) for name in StoredResult.__dataclass_fields__})
    return result


def latest_result(connection: Connection, assessment_id: str) -> StoredResult | None:
    """The current result."""
    row = connection.execute(_LATEST, {"assessment_id": assessment_id}).first()
    return StoredResult(*row) if row else None


def latest_number(connection: Connection, assessment_id: str) -> int:
    """The number of the current result, 0 before the first."""
    ((number,),) = NEWEST.rows(connection, id=assessment_id)
    return number or 0


def latest_results_by_depth(connection: Connection, assessment_id: str) -> dict[str, StoredResult]:
    """The newest result of each depth that was ever submitted."""
    newest = select(func.max(_R.number)).where(_R.assessment_id == assessment_id).group_by(_R.depth).scalar_subquery()
    rows = connection.execute(_RESULT.where(_R.assessment_id == assessment_id, _R.number.in_(newest)))
    return {result.depth: result for result in (StoredResult(*row) for row in rows)}


def results_of_company(connection: Connection, company_id: str) -> tuple[StoredResult, ...]:
    """The newest result of each depth of each of a company's checks."""
    newest = (
        select(_R.assessment_id, func.max(_R.number).label("number"))
        .join(assessments, assessments.c.id == _R.assessment_id)
        .where(assessments.c.company_id == company_id)
        .group_by(_R.assessment_id, _R.depth)
        .subquery()
    )
    found = and_(newest.c.assessment_id == _R.assessment_id, newest.c.number == _R.number)
    rows = connection.execute(_RESULT.join(newest, found).order_by(_R.assessment_id, _R.number))
    return tuple(StoredResult(*row) for row in rows)


def owned_results(connection: Connection) -> tuple[tuple[str, StoredResult], ...]:
    """Every result of every check that belongs to a company, with the company, in the order they were taken."""
    owned = (
        _RESULT.add_columns(assessments.c.company_id)
        .join(assessments, assessments.c.id == _R.assessment_id)
        .where(assessments.c.company_id.is_not(None))
        .order_by(_R.taken_at, _R.assessment_id, _R.number)
    )
    return tuple((row[-1], StoredResult(*row[:-1])) for row in connection.execute(owned))


def add_document(
    connection: Connection,
    assessment_id: str,
    *,
    digest: str,
    report: str,
    pages: int,
    content: bytes,
    now: datetime,
) -> None:
    """Keep a rendered report under the digest of all that went into it; made twice, the first one stays."""
    insert_once(
        connection,
        documents,
        {
            "assessment_id": assessment_id,
            "hash": digest,
            "report": report,
            "pages": pages,
            "content": content,
            "made_at": now,
        },
    )


def document(connection: Connection, assessment_id: str, digest: str) -> StoredDocument | None:
    """The report of that digest, if it belongs to this assessment."""
    row = connection.execute(_DOCUMENT, {"assessment_id": assessment_id, "hash": digest}).first()
    return StoredDocument(*row) if row else None


def document_content(database: Database, assessment_id: str, report: str, digest: str) -> bytes | None:
    """The bytes of a report: one indexed read. None where the digest is of another report, which others may take."""
    row = database.first(_CONTENT, assessment_id=assessment_id, hash=digest, report=report)
    return row[0] if row else None


def document_pages(connection: Connection, assessment_id: str, digest: str) -> int | None:
    """How many pages the report has, without fetching its bytes; None where it is not there."""
    wanted = select(_D.pages).where(_D.assessment_id == assessment_id, _D.hash == digest)
    return connection.execute(wanted).scalar()


def has_document(connection: Connection, assessment_id: str, digest: str) -> bool:
    """Whether the report is there, without fetching its bytes."""
    wanted = select(_D.hash).where(_D.assessment_id == assessment_id, _D.hash == digest)
    return connection.execute(wanted).first() is not None


def drop_other_documents(connection: Connection, assessment_id: str, report: str, keep: str) -> int:
    """Forget what a newer one of the same report of this assessment has replaced."""
    others = delete(documents).where(_D.assessment_id == assessment_id, _D.report == report, _D.hash != keep)
    return connection.execute(others).rowcount
