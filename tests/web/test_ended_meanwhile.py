"""What opens a check ends while a form is on its way: a clear page, and nothing is written. AZ-07

Every form of a check is tried so by everybody who may send it (test_matrix.py). Here are the links that let somebody
in, and what the page then says.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from assessment.storage.checks import assessments
from assessment.storage.people import access, companies, partings, presence, single_links
from tests.web.entering import sign_in
from tests.web.meanwhile import Writing, meanwhile
from tests.web.mentored import CHOICE, MENTOR, OWNER, Mentored, mentored
from tests.web.people import person
from tests.web.test_drafts import code_of, link_of
from tests.web.test_interrupted import TYPED, let_come
from tests.web.test_interview import mailed_link
from tests.web.test_section_links import made
from tests.web.visiting import Page, Site, Visitor

__all__ = ["mentored"]


def by(act: Callable[[Connection], object]) -> Callable[[Writing], None]:
    """Something done in a transaction of its own."""

    def done(writing: Writing) -> None:
        with writing() as connection:
            act(connection)

    return done


@pytest.fixture(name="owner")
def _owner(site: Site) -> Visitor:
    visitor = site.visitor()
    visitor.start()
    return visitor


WAYS_BACK: dict[str, Callable[[Visitor, Visitor], Page]] = {
    "link": lambda guest, owner: guest.submit(guest.get(link_of(owner)), action="/resume/link", status=404),
    "code": lambda guest, owner: guest.post("/resume", {"code": code_of(owner)}, 422),
}


@pytest.mark.parametrize("way", WAYS_BACK)
def test_a_link_or_code_that_is_replaced_in_the_moment_it_is_used_lets_nobody_in(owner: Visitor, way: str) -> None:
    site, guest = owner.site, owner.site.visitor()
    draft_id = owner.hub.rpartition("/")[2]
    replaced = by(lambda connection: access.revoke_tokens(connection, draft_id, site.clock()))
    with meanwhile(site.instance.database, replaced) as happened:
        WAYS_BACK[way](guest, owner)
    assert happened
    guest.get(owner.hub, 404)


def test_a_link_to_a_section_that_is_ended_in_the_moment_it_is_opened_lets_nobody_in(owner: Visitor) -> None:
    site, guest = owner.site, owner.site.visitor()
    draft_id, page = owner.hub.rpartition("/")[2], guest.get("/" + made(owner, "man"))

    def ended(connection: Connection) -> None:
        single_links.end(connection, site.clock(), assessment_id=draft_id, purpose="section")
        access.shut_section(connection, draft_id, "man")

    with meanwhile(site.instance.database, by(ended)) as happened:
        guest.submit(page, action="/section", status=404)
    assert happened
    guest.get(owner.hub + "/sections/man", 404)


def test_who_owns_the_company_no_more_when_they_confirm_by_their_link_confirms_nothing(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    link, site = mailed_link(mentored, capsys), mentored.site
    other = person(site, "oleg@bakery.example.org")
    with site.instance.database.writing() as connection:
        companies.add_member(connection, mentored.company_id, other, "owner", site.clock())
    anybody = site.visitor()
    page = anybody.get(link)
    out = by(lambda connection: companies.remove_member(connection, mentored.company_id, mentored.owner_id))
    before = stored(mentored)
    with meanwhile(site.instance.database, out) as happened:
        told = anybody.submit(page, action="/confirm", status=404)
    assert happened
    assert "This link does not work" in told.words
    assert stored(mentored) == before


def stored(mentored: Mentored) -> object:
    with mentored.site.instance.database.reading() as connection:
        return assessments.draft_of(connection, mentored.draft_id)


def test_whoever_is_signed_out_in_that_moment_reads_so_and_has_back_what_they_typed(mentored: Mentored) -> None:
    site = mentored.site
    let_come(mentored, mentored.owner_id)
    sign_in(mentored.owner, OWNER)
    mentored.owner.hub = mentored.hub
    there = mentored.owner.page_of(CHOICE)
    page = mentored.owner.get(there)
    ended = by(lambda connection: presence.end_sessions(connection, mentored.owner_id))
    before = stored(mentored)
    with meanwhile(site.instance.database, ended) as happened:
        told = mentored.owner.submit(page, {f"{CHOICE}.note": TYPED}, status=403)
    assert happened
    assert "You have been signed out" in told.words
    assert TYPED in told.words
    assert "Mira" not in told.words
    assert stored(mentored) == before


def test_a_mentor_who_is_shut_out_in_that_moment_is_told_that_there_is_nothing_and_nobody_is_written_to(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    page = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
    shut = by(lambda connection: partings.restrict(connection, mentored.company_id, True))
    before = mentored.site.dump(without=["access_log", "companies"])
    with meanwhile(mentored.site.instance.database, shut) as happened:
        mentored.mentor.submit(page, {"act": "ask", "words": TYPED}, status=404)
    assert happened
    assert mentored.site.dump(without=["access_log", "companies"]) == before
    assert MENTOR not in capsys.readouterr().out
