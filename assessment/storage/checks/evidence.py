"""The documents that a company attached to its answers: kept in the database like the PDFs, under a random id.

So a backup, a restore and the erasing of a check take them along, and no path of a file is ever made from what somebody
sent. A list never reads the bytes.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, bindparam, delete, func, select

from assessment.core.checks.attachments import Attachment, Kind
from assessment.storage.conflicts import insert_once
from assessment.storage.people.people_tables import companies, people
from assessment.storage.tables import assessments, evidence
from assessment.storage.written import Rows, Written

_E = evidence.c
_LISTED: Final[Select[Any]] = (
    select(_E.id, _E.question, _E.name, _E.kind, _E.size, func.coalesce(people.c.name, ""), _E.at)
    .outerjoin(people, people.c.id == _E.person_id)
    .order_by(_E.at, _E.id)
)
OF_CHECK: Final = Written(_LISTED.where(_E.assessment_id == bindparam("id")))


@dataclass(frozen=True, slots=True)
class Document:
    """One document without its bytes; `who` attached it, empty where that is not known any more."""

    id: str
    question: str
    name: str
    kind: Kind
    size: int
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Room:
    """How much is there already: documents at the answer, and bytes in all of the company's checks."""

    documents: int
    company_bytes: int


@dataclass(frozen=True, slots=True)
class Taken:
    """One document as it goes into the file of everything."""

    id: str
    assessment_id: str
    question: str
    name: str
    sha256: str
    size: int


def documents_of(connection: Connection, assessment_id: str, questions: Collection[str] = ()) -> list[Document]:
    """The documents of a check, or of some of its questions, the first first."""
    return documents_in(OF_CHECK.rows(connection, id=assessment_id), questions)


def documents_in(rows: Rows, questions: Collection[str] = ()) -> list[Document]:
    """The same from what `OF_CHECK` found: a check has few, so those of a page are not asked for by themselves."""
    documents = [Document(*row) for row in rows]
    return [document for document in documents if document.question in questions] if questions else documents


def room(connection: Connection, assessment_id: str, question: str, company_id: str) -> Room:
    """What is there already, with the company held: of two who attach at once, the second counts the first's."""
    connection.execute(select(companies.c.id).where(companies.c.id == company_id).with_for_update())
    here = select(func.count()).where(_E.assessment_id == assessment_id, _E.question == question)
    all_of_it = (
        select(func.coalesce(func.sum(_E.size), 0))
        .join(assessments, assessments.c.id == _E.assessment_id)
        .where(assessments.c.company_id == company_id)
    )
    return Room(connection.execute(here).scalar_one(), int(connection.execute(all_of_it).scalar_one()))


def is_there(connection: Connection, assessment_id: str, question: str, attachment: Attachment) -> bool:
    """Whether the same bytes are attached to the answer."""
    same = (_E.assessment_id == assessment_id, _E.question == question, _E.sha256 == _digest(attachment))
    return connection.execute(select(_E.id).where(*same)).first() is not None


def attach(
    connection: Connection, assessment_id: str, question: str, name: str, attachment: Attachment, person_id: str,
    now: datetime,
) -> bool:  # fmt: skip
    """Keep a document of an answer; whether it was not there yet."""
    row = {
        "id": uuid4().hex, "assessment_id": assessment_id, "question": question, "name": name,
        "kind": attachment.kind, "size": len(attachment.content), "sha256": _digest(attachment),
        "person_id": person_id or None, "at": now, "content": attachment.content,
    }  # fmt: skip
    return insert_once(connection, evidence, row)


def _digest(attachment: Attachment) -> str:
    return hashlib.sha256(attachment.content).hexdigest()


def content_of(connection: Connection, assessment_id: str, document_id: str) -> tuple[Document, bytes] | None:
    """A document of a check with its bytes; None where it is not one of that check."""
    wanted = _LISTED.add_columns(_E.content).where(_E.id == document_id, _E.assessment_id == assessment_id)
    row = connection.execute(wanted).first()
    return (Document(*row[:-1]), row[-1]) if row is not None else None


def remove(connection: Connection, assessment_id: str, question: str, document_id: str) -> bool:
    """Take a document away; whether there was one. Call `Database.let_go` after the transaction."""
    named = (_E.id == document_id, _E.assessment_id == assessment_id, _E.question == question)
    return connection.execute(delete(evidence).where(*named)).rowcount == 1


def of_company(connection: Connection, company_id: str) -> list[Taken]:
    """All documents of a company's checks, for the file of everything."""
    listed = (
        select(_E.id, _E.assessment_id, _E.question, _E.name, _E.sha256, _E.size)
        .join(assessments, assessments.c.id == _E.assessment_id)
        .where(assessments.c.company_id == company_id)
        .order_by(_E.assessment_id, _E.question, _E.at, _E.id)
    )
    return [Taken(*row) for row in connection.execute(listed)]
