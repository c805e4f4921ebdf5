"""What goes or ends stands on the list that a restored backup is held against; what goes, in the audit log as well."""

from collections.abc import Sequence

from sqlalchemy import Connection

from assessment.services.instance import Instance
from assessment.storage.people.partings import Gone
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.erasure_list import ErasureList


def put_down_ended(instance: Instance, *what: str) -> None:
    """Something is over, such as an access: a backup of before does not bring it back. Call it before the commit."""
    _list(instance).add(what, instance.now())


def put_down_again(instance: Instance, *what: str) -> None:
    """Something begins, perhaps again: that it had ended before no longer counts. Call it before the commit."""
    for one in what:
        _list(instance).begin_again(one, instance.now())


def put_down_begun(instance: Instance, what: str) -> None:
    """Something begins that a restored backup must find, had it ended before or not. Call it before the commit."""
    _list(instance).begin(what, instance.now())


def has_begun(instance: Instance, what: str) -> bool:
    """Whether the list says that something began and is not over."""
    return _list(instance).read().began(what)


def put_down_whether(instance: Instance, what: str, *, over: bool) -> None:
    """The one or the other."""
    (put_down_ended if over else put_down_again)(instance, what)


def _list(instance: Instance) -> ErasureList:
    return ErasureList(instance.settings.data_dir, instance.settings.erasure_key)


def put_down(instance: Instance, connection: Connection, gone: Gone, by: str, of_company: str = "") -> None:
    """Last in the transaction that erases: by whom (empty for the calendar, or somebody without an account).

    The audit log names companies and people, whose doings it tells of; of a check without an account nothing stays.
    """
    now = instance.now()
    kinds: Sequence[tuple[audit.Event, str, Sequence[str]]] = (
        ("company erased", "company", gone.companies),
        ("account erased", "person", gone.people),
        ("cluster deleted", "cluster", gone.clusters),
    )
    for event, kind, ids in kinds:
        for one in ids:
            audit.note(connection, instance.settings.audit_key, event, by, {kind: one}, now)
    if of_company and not gone.companies:
        subject: dict[str, str | int] = {"company": of_company, "checks": len(gone.checks)}
        audit.note(connection, instance.settings.audit_key, "check erased", by, subject, now)
    _list(instance).add(gone.ids, now)
