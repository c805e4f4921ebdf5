"""Taking everything out: a company by its owner, an account by whoever has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from assessment.core.errors import NotFound
from assessment.services import companies
from assessment.services.asking import Asking
from assessment.services.instance import Instance
from assessment.storage import audit
from assessment.storage import taking_out as stored

COMPANY_SCHEMA: Final = "green-pathways-company-1"
ACCOUNT_SCHEMA: Final = "green-pathways-account-1"

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What goes into the file: everything as one document, the same as tables, and papers by name."""

    document: Mapping[str, Any]
    tables: Mapping[str, Rows]
    papers: Mapping[str, bytes]


def company(instance: Instance, asking: Asking, company_id: str) -> TakenOut:
    """Everything that is kept of a company; that it was taken out is put down."""
    now = instance.now()
    with instance.database.reading() as connection:
        entered = companies.entered(instance, connection, asking, company_id)
        whole = stored.company_rows(connection, company_id)
        checks = stored.company_checks(connection, company_id)
        papers = stored.company_papers(connection, company_id)
    with instance.database.writing() as connection:
        subject = {"company": company_id}
        audit.note(connection, instance.settings.audit_key, "data taken out", asking.person_id, subject, now)
    document = {
        "schema": COMPANY_SCHEMA, "taken_out_at": now.isoformat(), "company": entered.company.name,
        "of_the_company": whole, "checks": checks,
    }  # fmt: skip
    tables = dict(whole)
    for check in checks.values():
        for name, rows in check.items():
            tables[name] = [*tables.get(name, []), *rows] if name != "access_log" else tables.get(name, rows)
    return TakenOut(document, tables, papers)


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
    return TakenOut(document, rows, {})
