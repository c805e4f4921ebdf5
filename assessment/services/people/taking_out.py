"""Taking everything out: a company by its owner, an account by whoever has it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from assessment.core.errors import NotFound
from assessment.services.asking import Asking
from assessment.services.instance import Instance
from assessment.services.people import companies
from assessment.storage.checks import evidence
from assessment.storage.checks.evidence import Taken
from assessment.storage.upkeep import audit
from assessment.storage.upkeep import taking_out as stored

COMPANY_SCHEMA: Final = "green-pathways-company-1"
ACCOUNT_SCHEMA: Final = "green-pathways-account-1"

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What goes into the file: everything as one document, the same as tables, and files as they are."""

    document: Mapping[str, Any]
    tables: Mapping[str, Rows]
    files: Iterable[tuple[str, bytes]] = ()
    """PDFs and attached documents by their path in the file; each is read when its turn comes."""


def company(instance: Instance, asking: Asking, company_id: str) -> TakenOut:
    """Everything that is kept of a company; that it was taken out is put down."""
    now = instance.now()
    with instance.database.reading() as connection:
        entered = companies.entered(instance, connection, asking, company_id)
        whole = stored.company_rows(connection, company_id)
        checks = stored.company_checks(connection, company_id)
        papers = stored.company_papers(connection, company_id)
        attached = evidence.of_company(connection, company_id)
    with instance.database.writing() as connection:
        subject = {"company": company_id}
        audit.note(connection, instance.settings.audit_key, "data taken out", asking.person_id, subject, now)
    manifest = [_listed(each) for each in attached]
    document = {
        "schema": COMPANY_SCHEMA, "taken_out_at": now.isoformat(), "company": entered.company.name,
        "of_the_company": whole, "checks": checks, "attachments": manifest,
    }  # fmt: skip
    tables = {**whole, "attachments": manifest}
    for check in checks.values():
        for name, rows in check.items():
            tables[name] = [*tables.get(name, []), *rows] if name != "access_log" else tables.get(name, rows)
    return TakenOut(document, tables, _files(instance, papers, attached))


def _place(taken: Taken) -> str:
    # The question first: so no name is one that a system keeps for itself, and none stands for another folder.
    return f"attachments/{taken.assessment_id[:8]}/{taken.question}-{taken.id[:8]}-{taken.name}"


def _listed(taken: Taken) -> dict[str, Any]:
    """One line of the list of attached documents: where it lies in the file, and what it belongs to."""
    return {
        "file": _place(taken), "check": taken.assessment_id, "question": taken.question, "name": taken.name,
        "bytes": taken.size, "sha256": taken.sha256,
    }  # fmt: skip


def _files(
    instance: Instance, papers: Mapping[str, bytes], attached: Iterable[Taken]
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    for name, content in papers.items():
        yield f"papers/{name}", content
    for taken in attached:
        with instance.database.reading() as connection:
            found = evidence.content_of(connection, taken.assessment_id, taken.id)
        # One that was deleted while the file was being made is only in the list.
        if found is not None:
            yield _place(taken), found[1]


def account(instance: Instance, person_id: str) -> TakenOut:
    """Everything that is kept of a person. Raises NotFound for somebody who is gone."""
    now = instance.now()
    with instance.database.reading() as connection:
        rows = stored.person_rows(connection, person_id)
    if not rows["people"]:
        raise NotFound(person_id)
    with instance.database.writing() as connection:
        subject = {"person": person_id}
        audit.note(connection, instance.settings.audit_key, "data taken out", person_id, subject, now)
    document = {"schema": ACCOUNT_SCHEMA, "taken_out_at": now.isoformat(), "of_the_person": rows}
    return TakenOut(document, rows)
