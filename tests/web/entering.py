"""Ways in for tests: passwords that are quick to hash, codes of an app, and what a page leads to."""

from typing import Any

from assessment.proving import Proving
from assessment.services.mails import Mail
from assessment.services.people import account_changes, accounts
from assessment.storage.people import people
from assessment.storage.people.people import Person
from assessment.web.browser import hash_of
from tests.web.people import person
from tests.web.visiting import Page, Site, Visitor

PASSWORD = "correct horse battery"
QUICK: dict[str, Any] = {"type": "id", "memory_cost": 1024, "time_cost": 1, "parallelism": 1}


def quick(site: Site) -> Proving:
    """The site's own proofs, made quick; how strong they are elsewhere is tested by themselves."""
    found = site.app.extensions.get("quick-proofs")
    if found is None:
        found = site.app.extensions["quick-proofs"] = Proving(site.instance.settings, site.clock, QUICK)
        site.app.extensions["assessment-proofs"] = lambda: found
    assert isinstance(found, Proving)
    return found


def as_in_use(site: Site) -> Proving:
    """The site's own proofs, as strong as elsewhere."""
    site.app.extensions["quick-proofs"] = Proving(site.instance.settings, site.clock)
    site.app.extensions["assessment-proofs"] = lambda: site.app.extensions["quick-proofs"]
    return quick(site)


def account(site: Site, email: str, staff_role: str = "", password: str = PASSWORD) -> str:
    """Somebody with a password; returns their id."""
    proofs, person_id = quick(site), person(site, email, staff_role)
    with site.instance.database.writing() as connection:
        people.change_person(connection, person_id, password_hash=proofs.hashed(password))
    return person_id


def of(site: Site, person_id: str) -> Person:
    """The account as it is kept now."""
    found = accounts.person_by_id(site.instance, person_id)
    assert found is not None
    return found


def with_app(site: Site, person_id: str) -> list[str]:
    """Give somebody an app of codes; returns the recovery codes."""
    proofs = quick(site)
    notice = Mail(of(site, person_id).email, "Changed", ("Changed.",), notice=True)
    return account_changes.set_app(
        site.instance, proofs, of(site, person_id), proofs.new_secret(), 0, "", notice
    )  # fmt: skip


def code_of(site: Site, secret: str) -> str:
    """What the app shows now."""
    return str(quick(site)._codes.generate_totp_password(secret))


def sign_in(visitor: Visitor, email: str, password: str = PASSWORD, status: int = 303, there: str = "") -> Page:
    """Type address and password."""
    page = visitor.get("/sign-in" + (f"?next={there}" if there else ""))
    return visitor.submit(page, {"email": email, "password": password}, "/sign-in", status)


def signs_out(visitor: Visitor) -> Page:
    """Press the button in the header."""
    return visitor.post("/sign-out")


def is_in(visitor: Visitor) -> bool:
    """Whether somebody is signed in in this browser."""
    page = Page(visitor.client.get("/account", base_url=visitor.site.address))
    return page.status == 200


def stored_hash(visitor: Visitor) -> str:
    """What the server keeps of this browser's id."""
    return hash_of(visitor.session)
