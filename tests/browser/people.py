"""Somebody's browser in which they are signed in, for what two people do together."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from assessment.services.demo import seeding
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.links_once import Bound
from assessment.storage.people import companies, people
from tests.browser.conftest import WIDTHS, Visit, listen
from tests.browser.server import AS_DEMO, Server, environment, made_ready, running
from tests.web.mailbox import Mailbox, open_mailbox

OWNER, MENTOR = ("Olga Owner", "olga@bakery.example"), ("Mira Mentor", "mira@mentors.example")
COMPANY = "Sample Bakery"


@dataclass(frozen=True)
class Office:
    """A running server whose mail arrives here, with a company that has a finished check."""

    server: Server
    instance: Instance
    mailbox: Mailbox
    company_id: str
    owner_id: str
    mentor_id: str


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """The server with its company and two people, one of them a mentor whom nobody has let in yet."""
    with open_mailbox() as mailbox:
        env = environment(folder, ASSESSMENT_SMTP_URL=mailbox.url, ASSESSMENT_MAIL_FROM="check@office.example")
        folder.mkdir()
        instance = made_ready(env)
        now, draft_id = instance.now(), seeding.copy(instance, "bakery-bg")
        with instance.database.writing() as connection:
            owner_id, mentor_id = (
                people.add_person(
                    connection, email, now, uniquifier=email.ljust(64, "0"), name=name, staff_role=role
                ).id
                for (name, email), role in ((OWNER, ""), (MENTOR, "mentor"))
            )  # fmt: skip
            company = companies.add_company(connection, COMPANY, owner_id, now)
            companies.claim(connection, draft_id, company.id, now)
        with running(env, AS_DEMO) as server:
            yield Office(server, instance, mailbox, company.id, owner_id, mentor_id)
        instance.database.close()


@contextmanager
def signed_in(office: Office, chromium: Browser, person_id: str, *, width: str, scripts: bool) -> Iterator[Visit]:
    """A window in which somebody came in by a one-time link that stands for both factors."""
    size = WIDTHS[width]
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, base_url=office.server.url,
        locale="en-GB",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    visit = Visit(context, context.new_page(), scripts)
    listen(visit, office.server.url)
    with office.instance.database.writing() as connection:
        person = people.find_person(connection, id=person_id)
        assert person is not None
        bound = Bound(email=person.email, person_id=person.id)
        made = links_once.make(office.instance, connection, "staff", bound, {"factors": 2})
    visit.page.goto(f"/sign-in/link/{made.token}")
    with visit.page.expect_navigation(wait_until="domcontentloaded"):
        visit.page.locator("main form button").first.click()
    yield visit
    context.close()
    assert not visit.unexpected(), visit.unexpected()


def press(page: Page, name: str) -> None:
    """Press the first button of a name and wait for what comes."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name=name, exact=True).first.click()


def path_of_newest_link(office: Office, address: str) -> str:
    """Where the newest mail to somebody leads."""
    return urlsplit(office.mailbox.link(address)).path
