"""What goes stands on the list that a restored backup is held against, and in the audit log."""

from collections.abc import Sequence

from sqlalchemy import Connection

from assessment.services.instance import Instance
from assessment.storage import audit
from assessment.storage.erasure_list import ErasureList
from assessment.storage.partings import Gone


def put_down_ended(instance: Instance, grant_id: str) -> None:
    """An access that a mentor had is over: a backup of before does not bring it back. Call it before the commit."""
    ErasureList(instance.settings.data_dir, instance.settings.erasure_key).add([grant_id], instance.now())


def put_down(instance: Instance, connection: Connection, gone: Gone, by: str, of_company: str = "") -> None:
    """Last in the transaction that erases: by whom (empty for the calendar, or somebody without an account).

    The audit log names companies and people, whose doings it tells of; of a check without an account nothing stays.
    """
    now = instance.now()
    kinds: Sequence[tuple[audit.Event, str, Sequence[str]]] = (
        ("company erased", "company", gone.companies),
        ("account erased", "person", gone.people),
    )
    for event, kind, ids in kinds:
        for one in ids:
            audit.note(connection, instance.settings.audit_key, event, by, {kind: one}, now)
    if of_company and not gone.companies:
        subject: dict[str, str | int] = {"company": of_company, "checks": len(gone.checks)}
        audit.note(connection, instance.settings.audit_key, "check erased", by, subject, now)
    ErasureList(instance.settings.data_dir, instance.settings.erasure_key).add(gone.ids, now)
