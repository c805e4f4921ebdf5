"""Whoever looks at a check from outside its company is offered nothing that is not theirs to do."""

from collections import deque
from urllib.parse import urlsplit

import pytest

from assessment.core.access import Action
from assessment.core.errors import NotYours
from assessment.services.asking import Asking
from assessment.services.checks import answering
from tests.web.mentored import Mentored, mentored
from tests.web.visiting import Page

__all__ = ["mentored"]

OWN = ("/review", "/interview", "/sign-out", "/account", "/mentor")
"""What a mentor sends on pages of their own."""
READ_ONLY = ("/results", "/results/ene", "/plan", "/plan?all=1", "/use", "/footprint", "/check", "/data")


def opens(mentored: Mentored, address: str) -> Page:
    """A page or file as the mentor gets it, whatever the answer."""
    return Page(mentored.mentor.client.get(address, base_url=mentored.site.address, follow_redirects=True))


def test_every_link_that_a_mentor_finds_on_a_check_leads_to_something_they_may_open(mentored: Mentored) -> None:
    mentored.let_in()
    waiting, seen = deque([mentored.hub, *(mentored.hub + each for each in READ_ONLY)]), set[str]()
    refused = {}
    while waiting:
        address = waiting.popleft()
        path = urlsplit(address).path
        if address in seen or not path.startswith((mentored.hub, mentored.home)):
            continue
        seen.add(address)
        page = opens(mentored, address)
        if page.status != 200:
            refused[address] = page.status
        elif page.is_html:
            waiting.extend(page.links())
    assert len(seen) > 100
    assert refused == {}


def test_a_check_that_is_only_looked_at_has_no_form_that_would_change_it(mentored: Mentored) -> None:
    mentored.let_in()
    for each in READ_ONLY:
        page = mentored.mentor.get(mentored.hub + each)
        sent = [form.action for form in page.forms() if form.method == "post"]
        assert [action for action in sent if not action.endswith(OWN)] == [], each
        assert mentored.hub + "/data" not in page.links() or "delete my data" not in page.words.lower(), each
    # The company itself is offered all of it.
    sent = [form.action for form in mentored.owner.get(mentored.hub + "/plan").forms() if form.method == "post"]
    assert [action for action in sent if not action.endswith(OWN)] != []


def test_a_mentor_who_has_the_pdf_made_cannot_put_another_name_on_it(mentored: Mentored) -> None:
    mentored.let_in()
    page = mentored.mentor.get(mentored.hub + "/report")
    assert "company_name" not in [e.get("name") for e in page.tree.iter("input") if e.get("type") != "hidden"]
    mentored.mentor.post(mentored.hub + "/report", {"company_name": "Somebody Else Ltd"})
    assert "Somebody Else" not in mentored.owner.get(mentored.hub + "/report").text


def test_the_name_is_refused_to_a_mentor_whatever_page_asks_for_it(mentored: Mentored) -> None:
    mentored.let_in()
    asking = Asking("", Action.TAKE_FILES, mentored.mentor_id)
    opened = answering.open_draft(mentored.site.instance, asking, mentored.draft_id, "en")
    before = mentored.site.dump(without=["company_looks"])
    with pytest.raises(NotYours):
        answering.name_company(mentored.site.instance, opened, "Somebody Else Ltd")
    assert mentored.site.dump(without=["company_looks"]) == before
