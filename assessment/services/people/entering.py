"""Coming in by a link that was sent, and asking for one.

For an address without an account the same is written and the same mail goes out, with other words: neither the answer
nor the time it takes tells who has an account (RELIABILITY AUTH-04).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from assessment.core.errors import NotFound
from assessment.services import mails
from assessment.services.instance import Instance
from assessment.services.mails import Mail
from assessment.services.people import accounts, links_once, parting_accounts
from assessment.services.people.account_changes import with_link
from assessment.services.people.links_once import Bound, Purpose
from assessment.storage.people import companies, people
from assessment.storage.people.people import Person

_WAYS_IN: Final[tuple[Purpose, ...]] = ("sign-in", "staff", "first-administrator")
ToPerson = Callable[[Person], Mail]
ToAddress = Callable[[str], Mail]


@dataclass(frozen=True, slots=True)
class Entered:
    """Who came in by a link, by how many factors, and where they wanted to go."""

    person: Person
    factors: int
    there: str


def send_link(
    instance: Instance, email: str, there: str, link: ToPerson, with_password: ToPerson, nobody: ToAddress
) -> None:
    """Send a link to sign in with. Somebody with a staff role is told to use their password instead.

    Whoever has deleted their account gets the link that keeps it.
    """
    with instance.database.writing() as connection:
        person = accounts.person_at(instance, connection, email)
        if person is not None and person.erase_at is not None:
            mail = parting_accounts.way_back(instance, connection, person)
        else:
            known = person is not None and person.active
            bound = Bound(email=email, person_id=person.id if person and known else "")
            made = links_once.make(instance, connection, "sign-in", bound, {"next": there})
            if person is None or not known:
                mail = nobody(email)
            elif person.staff_role:
                mail = with_password(person)
            else:
                mail = with_link(link(person), made.id)
        told = mails.post(instance, connection, mail)
    mails.go_out(instance, told)


def send_password_link(instance: Instance, email: str, link: ToPerson, nobody: ToAddress) -> None:
    """Send a link to set a new password with."""
    with instance.database.writing() as connection:
        person = accounts.person_at(instance, connection, email)
        if person is not None and person.erase_at is not None:
            mail = parting_accounts.way_back(instance, connection, person)
        else:
            known = person is not None and person.active
            bound = Bound(email=email, person_id=person.id if person and known else "")
            made = links_once.make(instance, connection, "reset", bound)
            mail = with_link(link(person), made.id) if person and known else nobody(email)
        told = mails.post(instance, connection, mail)
    mails.go_out(instance, told)


def look(instance: Instance, token: str) -> None:
    """Whether a link lets somebody in; looking changes nothing. Raises NotFound where it does not hold."""
    _purpose_of(instance, token)


def use(instance: Instance, token: str) -> Entered:
    """Use a link to come in up. Raises NotFound where it does not hold, or whose it is has no account any more."""
    purpose = _purpose_of(instance, token)
    with instance.database.writing() as connection:
        link = links_once.spend(instance, connection, purpose, token)
        person = people.find_person(connection, id=link.bound.person_id)
    if person is None or not person.active or person.email != link.bound.email:
        raise NotFound(purpose)
    # The links that a demo prints stand for both factors; elsewhere no link does, whatever stands in its row.
    demo = instance.settings.is_local_demo
    factors = 2 if demo and link.arguments.get("factors") == 2 else 1
    return Entered(person, factors, str(link.arguments.get("next", "")))


def _purpose_of(instance: Instance, token: str) -> Purpose:
    for purpose in _WAYS_IN:
        try:
            link = links_once.look(instance, purpose, token)
        except NotFound:
            continue
        if link.bound.person_id:
            return purpose
    raise NotFound("sign-in")


def look_password(instance: Instance, token: str) -> Person:
    """Whose password a link sets; looking changes nothing. Raises NotFound where it does not hold."""
    link = links_once.look(instance, "reset", token)
    person = accounts.person_by_id(instance, link.bound.person_id) if link.bound.person_id else None
    if person is None or not person.active:
        raise NotFound("reset")
    return person


def own_words(instance: Instance, person: Person) -> list[str]:
    """What somebody who knows a person would try as their password: their companies' names are among it."""
    with instance.database.reading() as connection:
        theirs = [company.name for company, _ in companies.companies_of(connection, person.id)]
    return accounts.own_words(person, theirs)
