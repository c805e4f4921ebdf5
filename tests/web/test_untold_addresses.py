"""Who has an account is told by no answer: not by its status, its words, its way or its time. AUTH-04"""

import re
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from assessment.services import mails
from assessment.storage.people import companies, people
from tests.web.entering import PASSWORD, account, as_in_use
from tests.web.people import person, signed_in
from tests.web.visiting import Site

OWNER = "olga@firma.example"
FEW, MANY = 30, 1000


@dataclass(frozen=True)
class Asked:
    """One question that names an address, and how long the answer took."""

    status: int
    location: str
    words: str
    seconds: float


Ask = Callable[[str], Asked]


def form(site: Site, path: str, *, owner: str = "", **fields: str) -> Ask:
    """Sends a form with an address, always from the same browser."""
    visitor = signed_in(site, owner) if owner else site.visitor()
    token = visitor.token()

    def ask(email: str) -> Asked:
        began = time.process_time()
        page = visitor.send(path, {"csrf_token": token, "email": email, **fields})
        took = time.process_time() - began
        words = re.sub(r'value="[^"]*"', "", page.text).replace(email, "")
        return Asked(page.status, page.location, words, took)

    return ask


def of_company(site: Site) -> tuple[str, str]:
    """A company and its owner."""
    owner = person(site, OWNER)
    with site.instance.database.writing() as connection:
        return companies.add_company(connection, "Firma", owner, site.clock()).id, owner


def log_in(site: Site) -> Ask:
    return form(site, "/sign-in", password="wrong horse battery")


def log_in_by_mail(site: Site) -> Ask:
    return form(site, "/sign-in/mail")


def reset(site: Site) -> Ask:
    return form(site, "/sign-in/password")


def register(site: Site) -> Ask:
    visitor = site.visitor()
    hub = visitor.start()
    token = visitor.token()

    def ask(email: str) -> Asked:
        began = time.process_time()
        page = visitor.send(hub + "/account", {"csrf_token": token, "email": email})
        took = time.process_time() - began
        return Asked(page.status, page.location, page.text, took)

    return ask


def invite_a_colleague(site: Site) -> Ask:
    company, owner = of_company(site)
    return form(site, f"/companies/{company}/colleagues", owner=owner, role="editor")


def invite_a_mentor(site: Site) -> Ask:
    company, owner = of_company(site)
    return form(site, f"/companies/{company}/mentors", owner=owner, mentor="")


WAYS = (log_in, log_in_by_mail, reset, register, invite_a_colleague, invite_a_mentor)


def known(site: Site, count: int) -> Iterator[str]:
    """The addresses of people with a password, of mentors among them."""
    hashed = as_in_use(site).hashed(PASSWORD)
    for number in range(count):
        email = f"known{number:05}@firma.example"
        with site.instance.database.writing() as connection:
            added = people.add_person(connection, email, site.clock(), uniquifier=secrets.token_hex(32), name="Ana")
            people.change_person(connection, added.id, password_hash=hashed)
        yield email


def answers(site: Site, way: Callable[[Site], Ask], count: int) -> tuple[list[Asked], list[Asked]]:
    """What known and unknown addresses are answered, in turn."""
    theirs, ask = list(known(site, count)), way(site)
    ask("warm0000@firma.example")
    found: tuple[list[Asked], list[Asked]] = ([], [])
    for number, email in enumerate(theirs):
        found[0].append(ask(email))
        found[1].append(ask(f"other{number:05}@firma.example"))
    return found


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_known_and_unknown_addresses_are_answered_alike(
    site: Site, monkeypatch: pytest.MonkeyPatch, way: Callable[[Site], Ask]
) -> None:
    # Elsewhere a worker sends them, after the answer.
    monkeypatch.setattr(mails, "go_out", lambda *_: None)
    theirs, others = answers(site, way, FEW)
    told = {(one.status, one.location, one.words) for one in (*theirs, *others)}
    assert len(told) == 1, [(status, location) for status, location, _ in told]


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_thousand_of_each_take_the_same_time(
    site: Site, monkeypatch: pytest.MonkeyPatch, way: Callable[[Site], Ask]
) -> None:
    monkeypatch.setattr(mails, "go_out", lambda *_: None)
    theirs, others = answers(site, way, MANY)
    assert len({(one.status, one.location, one.words) for one in (*theirs, *others)}) == 1
    taken = [statistics.median(one.seconds for one in each) for each in (theirs, others)]
    assert abs(taken[0] - taken[1]) / max(taken) < 0.1, taken


def test_an_answer_that_tells_would_be_seen(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a page that finds out too much."""
    account(site, OWNER)
    ask = log_in(site)

    def tells(email: str) -> Asked:
        answer = ask(email)
        status = answer.status if email == OWNER else 404
        return Asked(status, answer.location, answer.words, answer.seconds)

    assert tells(OWNER).status != tells("other@firma.example").status
