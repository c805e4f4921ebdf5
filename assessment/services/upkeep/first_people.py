"""The first people of an instance: its first administrator by a link from the command line, and the people of a demo.

No account exists before, and none has a password that somebody else knows (RELIABILITY AUTH-15).
"""

import secrets
from typing import Final, NamedTuple

from sqlalchemy import Connection

from assessment.config import ConfigurationError
from assessment.core.errors import NotFound
from assessment.services.demo import demo_cluster, demo_review
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.addresses import normal_address
from assessment.services.people.links_once import Bound
from assessment.storage.clusters import cluster_members, clusters
from assessment.storage.people import companies, people, presence
from assessment.storage.people.people import Person

DEMO_COMPANY: Final = "metal-shop-de"
"""The example whose check belongs to the company of the demo."""


class DemoPerson(NamedTuple):
    """Somebody of the demo: what they are there, who they are, and their one-time link."""

    role: str
    name: str
    link: str


_OWNER: Final = "owner@demo.example"
_MANAGER: Final = "manager@demo.example"
_DEMO: Final = (
    ("company", "Olga Owner", _OWNER, ""),
    ("mentor", "Milan Mentor", "mentor@demo.example", "mentor"),
    ("cluster manager", "Mira Manager", _MANAGER, "manager"),
    ("administrator", "Ada Administrator", "administrator@demo.example", "administrator"),
)


def first_administrator(instance: Instance, typed: str) -> str:
    """A one-time link for the first administrator, who then sets a password and a second factor.

    Raises ConfigurationError where the address is none, and where an administrator has set theirs up already.
    """
    email = normal_address(typed)
    if email is None:
        raise ConfigurationError(f"{typed!r} is not a mail address.")
    with instance.database.writing() as connection:
        if any(person.password_hash for person in people.with_role(connection, "administrator")):
            raise ConfigurationError("This instance has an administrator already, so it needs no first one.")
        person = people.find_person(connection, email=email) or _add(instance, connection, email, "", "administrator")
        if person.staff_role != "administrator":
            # Who was signed in as somebody with fewer rights signs in anew.
            people.change_person(
                connection, person.id, staff_role="administrator", uniquifier=secrets.token_hex(32)
            )  # fmt: skip
            presence.end_sessions(connection, person.id)
        made = links_once.make(instance, connection, "first-administrator", Bound(email=email, person_id=person.id))
        instance.note(connection, "administrator invited", "", {"person": person.id})
    return _address(instance, made.token)


def demo_people(instance: Instance) -> list[DemoPerson]:
    """The people of a demo with a fresh one-time link each, which stands for both factors.

    Raises ConfigurationError anywhere but in a demo on this computer.
    """
    if not instance.settings.is_local_demo:
        raise ConfigurationError("Ready sign-ins are for a demo on this computer alone.")
    now = instance.now()
    with instance.database.writing() as connection:
        known = [
            people.find_person(connection, email=email) or _add(instance, connection, email, name, role)
            for _, name, email, role in _DEMO
        ]
        owner, mentor, *_ = known
        founded = bool(companies.companies_of(connection, owner.id))
    if not founded:
        _found_companies(instance, owner, mentor)
    with instance.database.writing() as connection:
        links = [
            # The kind of link that holds for a week: somebody may come back to a demo.
            links_once.make(
                instance, connection, "staff", Bound(email=person.email, person_id=person.id), {"factors": 2}
            )
            for person in known
        ]
        for person in known:
            people.change_person(connection, person.id, seen_at=now)
    return [
        DemoPerson(role, person.name, _address(instance, link.token))
        for (role, *_), person, link in zip(_DEMO, known, links, strict=True)
    ]


def demo_members(instance: Instance) -> int:
    """Found the cluster of a demo with its members, unless it is there; how many members it then has.

    It takes a few seconds, so it is apart from the rest. Raises NotFound before `demo_people`.
    """
    with instance.database.reading() as connection:
        manager = people.find_person(connection, email=_MANAGER)
        if manager is None:
            raise NotFound(_MANAGER)
        there = clusters.run_by(connection, manager.id)
        owner = people.find_person(connection, email=_OWNER)
        own = companies.companies_of(connection, owner.id) if owner is not None else ()
    own_company = own[0][0].id if own else ""
    cluster_id = there[0].id if there else demo_cluster.found(instance, manager.id, own_company)
    with instance.database.reading() as connection:
        return cluster_members.sums_of(connection, cluster_id)["joined"]


def _found_companies(instance: Instance, owner: Person, mentor: Person) -> None:
    """The companies of the demo: each has a check like an example's, and the mentor may look at it."""
    draft_id = demo_review.found_company(instance, DEMO_COMPANY, owner.id, mentor.id)
    demo_review.under_way(instance, draft_id, owner.id, mentor.id)
    demo_review.other_clients(instance, mentor.id)


def _add(instance: Instance, connection: Connection, email: str, name: str, role: str) -> Person:
    return people.add_person(
        connection, email, instance.now(), uniquifier=secrets.token_hex(32), name=name, staff_role=role
    )


def _address(instance: Instance, token: str) -> str:
    return f"{instance.settings.base_url}/sign-in/link/{token}"
