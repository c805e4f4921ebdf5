"""Every kind of link that is mailed: whoever looks at it, a scanner too, uses nothing up. AUTH-06"""

from collections.abc import Callable
from typing import Any

import pytest

from assessment.services.clusters import clusters
from assessment.services.people import links_once
from assessment.services.people.links_once import Bound, Purpose
from assessment.storage.people import companies, partings, single_links
from tests.web.entering import account
from tests.web.mentored import MENTOR, Mentored, mentored
from tests.web.people import person
from tests.web.visiting import Visitor

__all__ = ["mentored"]

NEW = "new@firma.example"
PAGES: dict[Purpose, str] = {
    "sign-in": "/sign-in/link/", "staff": "/sign-in/link/", "first-administrator": "/sign-in/link/",
    "reset": "/sign-in/password/", "change-email": "/account/address/", "claim": "/claim/", "join": "/join/",
    "mentor": "/mentor/invitation/", "confirm-answers": "/confirm/", "section": "/section/",
    "manage": "/manage/", "member": "/invited/", "keep-account": "/account/keep/",
}  # fmt: skip
HOLDS: dict[Purpose, int] = {"join": 200, "section": 200, "manage": 200, "mentor": 404}
"""What an invitation answers where whoever sent it is gone: that of a mentor rests on their agreement."""
LOOKS: dict[str, Callable[[Visitor, str], Any]] = {
    "three looks": lambda by, path: [by.client.get(path, base_url=by.site.address) for _ in range(3)],
    "HEAD": lambda by, path: [by.client.head(path, base_url=by.site.address)],
    "OPTIONS": lambda by, path: [by.client.options(path, base_url=by.site.address)],
    "a prefetch": lambda by, path: [
        by.client.get(path, base_url=by.site.address, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch"})
    ],
    "a scanner": lambda by, path: [
        by.client.get(path, base_url=by.site.address, headers={"User-Agent": "LinkScanner/1.0", "Accept": "*/*"})
    ],
}


def link_of(both: Mentored, purpose: Purpose) -> str:
    """A link as it would be mailed."""
    person = {"sign-in": both.owner_id, "staff": both.mentor_id, "reset": both.owner_id,
              "first-administrator": both.owner_id, "change-email": both.owner_id}.get(purpose, "")  # fmt: skip
    of_check = both.draft_id if purpose in ("claim", "confirm-answers", "section") else ""
    company = both.company_id if purpose in ("join", "mentor", "confirm-answers") else ""
    email = MENTOR if purpose == "mentor" else NEW
    more = {"role": "editor", "section": "ene", "person": both.owner_id, "text": "x", "language": "en"}
    if purpose in ("manage", "member"):
        more["cluster"] = clusters.make(both.site.instance, both.mentor_id, "Coast", "en")
    with both.site.instance.database.writing() as connection:
        bound = Bound(email=email, person_id=person, company_id=company, assessment_id=of_check)
        return links_once.make(both.site.instance, connection, purpose, bound, more).token


def test_all_kinds_of_links_are_looked_at_here() -> None:
    assert set(PAGES) == set(links_once.LIFETIMES)


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("purpose", PAGES)
def test_looking_uses_no_link_up(mentored: Mentored, purpose: Purpose, how: str) -> None:
    account(mentored.site, NEW)
    token = link_of(mentored, purpose)
    by = mentored.owner if purpose == "change-email" else mentored.site.visitor()
    before = mentored.site.dump()
    for answer in LOOKS[how](by, PAGES[purpose] + token):
        assert answer.status_code in (200, 303, 404), answer.status_code
        answer.close()
    assert mentored.site.dump() == before
    links_once.look(mentored.site.instance, purpose, token)


@pytest.mark.parametrize("purpose", HOLDS)
def test_no_link_breaks_where_whoever_sent_it_is_gone(mentored: Mentored, purpose: Purpose) -> None:
    """It leads on, or to a page that says it does not work; the company has another owner."""
    token, site = link_of(mentored, purpose), mentored.site
    ben = person(site, "ben@firma.example")
    with site.instance.database.writing() as connection:
        companies.add_member(connection, mentored.company_id, ben, "owner", site.clock())
        for gone in (mentored.owner_id,) if purpose == "mentor" else (mentored.owner_id, mentored.mentor_id):
            partings.erase_person(connection, gone)
    by = mentored.mentor if purpose == "mentor" else site.visitor()
    page = by.get(PAGES[purpose] + token, HOLDS[purpose])
    assert ("This link does not work" in page.words) == (HOLDS[purpose] == 404)
    if purpose == "mentor":
        assert "This link does not work" in by.post("/mentor/invitation", {"token": token}, 404).words
    for form in page.forms():
        if token in form.fields.get("token", ""):
            sent = by.send(form.action, form.filled({"name": "Ben"} if "name" in form.fields else {}))
            assert sent.status == 303, sent.words


def test_a_look_that_spends_would_be_seen(mentored: Mentored) -> None:
    """The negative control: the same dump tells a link that is used."""
    token = link_of(mentored, "sign-in")
    before = mentored.site.dump()
    with mentored.site.instance.database.writing() as connection:
        links_once.spend(mentored.site.instance, connection, "sign-in", token)
    assert mentored.site.dump() != before
    with mentored.site.instance.database.reading() as connection:
        assert single_links.held_by(connection, "sign-in", mentored.site.clock(), email=NEW) == ()
