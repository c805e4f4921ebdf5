"""A link to one section: it opens its questions and nothing else, and ends when it is told to."""

import pytest

from assessment.services.upkeep import upkeep
from tests.web.routes import CANARY, NOTED, Finished
from tests.web.test_companies import check_of, with_company
from tests.web.visiting import PROFILE, Page, Site, Visitor

SECTION = "ene"


def made(owner: Visitor, section: str = SECTION) -> str:
    """The path of a link to a section; the newest stands last in the list."""
    owner.site.clock.forward(seconds=1)
    page = owner.get(owner.hub + "/section-links")
    page = owner.follow(owner.submit(page, {"section": section}, action="/section-links"))
    return [link for link in page.links() if "/section/" in link][-1].partition("://")[2].partition("/")[2]


def test_where_a_link_leads_it_says_which_section_and_until_when(site: Site, owner: Visitor) -> None:
    words = site.visitor().get("/" + made(owner)).words
    assert "Energy" in words
    assert "until 8 December 2026" in words


def opened(site: Site, path: str) -> tuple[Visitor, Page]:
    """A colleague who has followed a link, and the page they came to."""
    guest = site.visitor()
    return guest, guest.follow(guest.submit(guest.get("/" + path), action="/section"))


@pytest.fixture
def owner(site: Site) -> Visitor:
    visitor = site.visitor()
    visitor.start()
    for controls in PROFILE:
        visitor.answer(controls)
    return visitor


def test_a_colleague_fills_in_one_section_without_an_account(site: Site, owner: Visitor) -> None:
    guest, page = opened(site, made(owner))
    seen = set()
    while "/thanks" not in page.path:
        assert page.path.startswith(f"{owner.hub}/sections/{SECTION}/")
        assert page.path not in seen
        seen.add(page.path)
        page = guest.follow(guest.submit(page, {"action": "continue"}))
    assert len(seen) > 5
    assert "Thank you" in page.words
    guest.hub = owner.hub
    guest.answer({f"{NOTED}.note": "by a colleague"})
    assert owner.get(owner.page_of(NOTED)).form().fields[f"{NOTED}.note"] == "by a colleague"


def test_nothing_else_of_the_check_opens(finished: Finished) -> None:
    site, owner = finished.site, finished.owner
    guest, page = opened(site, made(owner, "wat"))
    before = site.dump()
    for path in ("", "/check", "/results", "/results/wat", "/early", "/plan", "/report", "/data", "/data.json", "/keep",
                 "/use", "/best-plan", "/next", "/account", "/section-links", "/delete", "/sections/ene",
                 "/sections/ene/ene-03", "/sections/ene/thanks", "/plan/files/csv"):  # fmt: skip
        assert CANARY not in guest.get(owner.hub + path, 404).text
    guest.hub = owner.hub
    for path, data in (("/submit", {}), ("/full", {}), ("/delete", {}), ("/section-links", {"section": "ene"}),
                       ("/sections/ene/ene-03", {NOTED: "0"})):  # fmt: skip
        guest.post(owner.hub + path, data, 404)
    assert site.dump() == before
    assert CANARY not in page.text


def test_the_pages_of_a_colleague_lead_nowhere_that_is_shut(site: Site, owner: Visitor) -> None:
    guest, page = opened(site, made(owner))
    thanks = guest.get(f"{owner.hub}/sections/{SECTION}/thanks")
    for shown in (page, thanks):
        for link in shown.links():
            if link.startswith("/"):
                guest.follow(Page(guest.client.get(link, base_url=site.address)))
    # The holder's own pages do lead there.
    assert owner.hub in owner.get(page.path).links()


def test_looking_at_the_link_opens_nothing(site: Site, owner: Visitor) -> None:
    path = "/" + made(owner)
    before = site.dump()
    scanner = site.visitor()
    scanner.get(path)
    scanner.client.head(path, base_url=site.address)
    assert site.dump() == before
    scanner.get(owner.page_of(NOTED), 404)


def test_an_ended_link_shuts_the_browsers_that_came_by_it_and_no_others(site: Site, owner: Visitor) -> None:
    path, other = made(owner), made(owner, "wat")
    guest, page = opened(site, path)
    elsewhere, kept = opened(site, other)
    listed = owner.get(owner.hub + "/section-links")
    form = next(form for form in listed.forms() if "/section-links/" in form.action)
    owner.follow(owner.send(form.action, form.fields))
    assert guest.send(page.path, page.form().filled({})).status == 404
    guest.get(page.path, 404)
    site.visitor().get("/" + path, 404)
    elsewhere.get(kept.path)
    owner.get(page.path)
    assert owner.send(form.action, form.fields).status == 404
    # A new one is another one.
    assert made(owner) != path


def test_a_link_holds_fourteen_days_and_can_be_used_again_till_then(site: Site, owner: Visitor) -> None:
    path = made(owner)
    site.clock.forward(days=13, hours=23)
    opened(site, path)
    opened(site, path)
    site.clock.forward(hours=1)
    site.visitor().get("/" + path, 404)


def test_a_browser_that_came_by_a_link_is_out_after_fourteen_days_too(site: Site, owner: Visitor) -> None:
    guest, page = opened(site, made(owner))
    site.clock.forward(days=13)
    upkeep.prune(site.instance)
    guest.get(page.path)
    site.clock.forward(days=1)
    upkeep.prune(site.instance)
    guest.get(page.path, 404)
    owner.get(page.path)


def test_whoever_has_the_whole_check_open_keeps_it(site: Site, owner: Visitor) -> None:
    path = made(owner)
    owner.follow(owner.submit(owner.get("/" + path), action="/section"))
    owner.get(owner.hub)
    owner.get(owner.hub + "/section-links")


def test_with_the_account_of_a_company_the_links_of_before_end(site: Site) -> None:
    ana, home = with_company(site)
    ana.start()
    for controls in PROFILE:
        ana.answer(controls)
    path = made(ana)
    guest, page = opened(site, path)
    ana.submit(ana.get(ana.hub + "/account"), action="/account/company")
    guest.get(page.path, 404)
    site.visitor().get("/" + path, 404)
    # The company makes links of its own.
    opened(site, made(ana))
    assert home


def test_a_check_of_a_company_hands_out_sections_as_well(site: Site) -> None:
    ana, home = with_company(site)
    hub = check_of(ana, home)
    for controls in PROFILE:
        ana.answer(controls)
    guest, page = opened(site, made(ana))
    assert page.path.startswith(f"{hub}/sections/{SECTION}/")
    guest.get(home, 404)
    guest.get(hub, 404)


@pytest.mark.parametrize("section", ["", "no-such", "x" * 500])
def test_a_section_that_is_not_asked_gets_no_link(site: Site, owner: Visitor, section: str) -> None:
    before = site.dump()
    assert "Choose a section" in owner.post(owner.hub + "/section-links", {"section": section}, 422).words
    assert site.dump() == before
