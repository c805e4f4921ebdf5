"""An administrator who must look at a company's answers: for a stated reason, for an hour, told and put down.

Looking is all that it allows (`core/access.py`). Whoever asks must have given the second factor a moment ago; that is
for the edge to see to, which knows the session.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from assessment.core.access import Action
from assessment.core.errors import Refused
from assessment.services import mails
from assessment.services.asking import Asking
from assessment.services.instance import Instance
from assessment.services.people import companies, parting_mails
from assessment.storage.people import companies as stored
from assessment.storage.people import glass
from assessment.storage.people.companies import CheckLine, Company
from assessment.storage.people.glass import Found, Glass
from assessment.storage.upkeep import audit

OPEN_FOR: Final = timedelta(minutes=60)
SHORTEST_REASON: Final = 20
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """What an administrator sees of a company: its checks only while the glass is open."""

    company: Company
    glass: Glass | None
    checks: Sequence[CheckLine]

    @property
    def shut(self) -> bool:
        """Nobody from outside may look, whatever the reason."""
        return self.company.restricted or self.company.erase_at is not None


def find(instance: Instance, typed: str) -> Sequence[Found]:
    """The companies that a name or an id means."""
    with instance.database.reading() as connection:
        return glass.find(connection, typed)


def look(instance: Instance, asking: Asking, company_id: str) -> Seen:
    """A company without its answers. Raises NotFound where there is none."""
    with instance.database.reading() as connection:
        company = companies.entered(instance, connection, asking, company_id).company
        opened = glass.open_now(connection, company_id, asking.person_id, instance.now())
        seen = Seen(company, opened, ())
        if opened is None or seen.shut:
            return seen
        return Seen(company, opened, stored.checks_of(connection, company_id))


def break_it(instance: Instance, asking: Asking, company_id: str, reason: str) -> None:
    """Open a company's answers for an hour: its owners are told by mail, and it stands in their list of looks.

    Raises Refused("reason-short"), or Refused("shut") for a company that is restricted or being deleted.
    """
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Refused("reason-short")
    now, me = instance.now(), asking.person_id
    with instance.database.writing() as connection:
        company = companies.entered(instance, connection, asking, company_id).company
        if Seen(company, None, ()).shut:
            raise Refused("shut")
        if glass.open_now(connection, company_id, me, now) is not None:
            return
        opened = glass.break_it(connection, company_id, me, reason, now, now + OPEN_FOR)
        stored.note_look(connection, company_id, None, me, Action.BREAK_GLASS.value, now, reason)
        posted = [
            mails.post(
                instance, connection,
                parting_mails.glass_opened(
                    mails.language_of(member.language), instance.settings, member.email, company_id, company.name,
                    reason, opened.ends_at,
                ),
            )
            for member in stored.members_of(connection, company_id) if member.role == "owner"
        ]  # fmt: skip
        subject = {"company": company_id, "glass": opened.id}
        audit.note(connection, instance.settings.audit_key, "glass opened", me, subject, now)
    mails.go_out(instance, *posted)


def close(instance: Instance, asking: Asking, company_id: str) -> None:
    """End the look before its time."""
    now = instance.now()
    with instance.database.writing() as connection:
        companies.entered(instance, connection, asking, company_id)
        if glass.close(connection, company_id, asking.person_id, now):
            subject = {"company": company_id}
            audit.note(connection, instance.settings.audit_key, "glass closed", asking.person_id, subject, now)
