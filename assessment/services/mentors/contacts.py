"""Who to call about a check: the mentor of its company, else whoever runs the instance."""

from dataclasses import dataclass

from assessment.services.instance import Instance
from assessment.storage.mentors import grants


@dataclass(frozen=True, slots=True)
class WhomToCall:
    """A name and how to reach them; both empty where the instance names nobody."""

    name: str
    lines: tuple[str, ...]
    mentor: bool = False


def whom_to_call(instance: Instance, company_id: str | None) -> WhomToCall:
    """The first mentor whom the company let in, else the operator."""
    if company_id is not None:
        with instance.database.reading() as connection:
            found = grants.grants_of(connection, company_id, instance.now())
        mentor = next((grant for grant in found if grant.state == "active"), None)
        if mentor is not None:
            return WhomToCall(mentor.mentor or mentor.email, (mentor.email,) if mentor.mentor else (), mentor=True)
    settings = instance.settings
    # Parts of the contact are parted by semicolons.
    parts = tuple(part.strip() for part in settings.operator_contact.split(";") if part.strip())
    return WhomToCall(settings.operator_name, parts)
