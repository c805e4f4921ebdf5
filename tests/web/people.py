"""People with an account, for tests that need somebody to be signed in."""

import secrets

from assessment.services.people import sessions
from assessment.storage.people import people
from assessment.web.browser import hash_of, new_id
from tests.web.visiting import Site, Visitor


def person(site: Site, email: str, staff_role: str = "", name: str = "") -> str:
    """An account; returns its id."""
    with site.instance.database.writing() as connection:
        return people.add_person(
            connection, email, site.clock(), uniquifier=secrets.token_hex(32), name=name or email.partition("@")[0],
            staff_role=staff_role,
        ).id  # fmt: skip


def signed_in(site: Site, person_id: str, *, factors: int = 2, complete: bool = True) -> Visitor:
    """The browser of somebody who has just signed in, with both factors where not told otherwise."""
    visitor = site.visitor()
    session = new_id(signed_in=True)
    with site.instance.database.writing() as connection:
        sessions.begin(
            site.instance, connection, "", hash_of(session), person_id, factors=factors, complete=complete,
            device="Firefox on Linux",
        )  # fmt: skip
    visitor.session = session
    return visitor
