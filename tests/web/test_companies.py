"""An account from a check, and a company's home: what it keeps, what ends with it, and who may come in."""

import re
import threading
from collections.abc import Callable

import pytest

from assessment.services.upkeep import upkeep
from tests.web.mailbox import Mailbox, link_of, text_of
from tests.web.people import person, signed_in
from tests.web.routes import CANARY, EXAMPLE, Finished
from tests.web.test_drafts import code_of
from tests.web.test_drafts import link_of as resume_link_of
from tests.web.visiting import PROFILE, Page, Site, Visitor

ANA, BEN, EVE = "ana@firma.example", "ben@firma.example", "eve@elsewhere.example"
NEW = {"name": "Ana Petrova", "company": "Bakery Ana"}


def started(site: Site) -> Visitor:
    """Somebody with a check and two answers in it."""
    visitor = site.visitor()
    visitor.start()
    for controls in PROFILE[:2]:
        visitor.answer(controls)
    return visitor


def asked(visitor: Visitor, mailbox: Mailbox, email: str = ANA) -> str:
    """The path of the link that was mailed."""
    visitor.follow(visitor.submit(visitor.get(visitor.hub + "/account"), {"email": email}, action="/account"))
    return mailbox.link(email)


def claimed(visitor: Visitor, link: str, status: int = 303, **more: str) -> Page:
    return visitor.submit(visitor.get(link), {**NEW, **more}, action="/claim", status=status)


def home_of(visitor: Visitor) -> str:
    """The address of the only company of somebody who is signed in."""
    (home,) = {link for link in visitor.get("/account/companies").links() if link.startswith("/companies/")}
    return home


def test_all_pages_of_a_company_stand_under_your_companies(mailed: Site, mailbox: Mailbox) -> None:
    visitor = started(mailed)
    visitor.follow(claimed(visitor, asked(visitor, mailbox)))
    home = home_of(visitor)
    pages = {link for link in visitor.get(home).links() if link.startswith(home)}
    assert len(pages) > 6
    for path in {home, *pages}:
        assert 'aria-current="true">Your companies' in visitor.get(path).text, path


# An account from a check


def test_a_check_is_kept_in_an_account_with_everything_in_it(mailed: Site, mailbox: Mailbox) -> None:
    visitor = started(mailed)
    link = asked(visitor, mailbox)
    home = visitor.follow(claimed(visitor, link))
    assert "Bakery Ana" in home.words
    assert "The check belongs to your company now" in home.words
    # The next thing to do is the check that is begun, not another one.
    assert re.search(rf'class="govuk-button" href="{visitor.hub}"[^>]*>Continue the check', home.text)
    assert "Scores are out of 100" not in home.words
    page = visitor.get(visitor.page_of("p-01"))
    assert page.form().fields["p-01"] == "BG"
    visitor.answer({"p-03": "6"})


def test_looking_at_the_mailed_link_makes_no_account(mailed: Site, mailbox: Mailbox) -> None:
    visitor = started(mailed)
    link = asked(visitor, mailbox)
    before = mailed.dump()
    scanner = mailed.visitor()
    for _ in range(3):
        scanner.get(link)
        scanner.client.head(link, base_url=mailed.address)
        scanner.get(link, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch"})
    assert mailed.dump() == before
    visitor.follow(claimed(visitor, link))


def test_with_the_account_the_link_the_code_and_every_browser_without_it_end(mailed: Site, mailbox: Mailbox) -> None:
    visitor, guest = started(mailed), mailed.visitor()
    link, code, resume = asked(visitor, mailbox), code_of(visitor), resume_link_of(visitor)
    guest.submit(guest.get(resume), action="/resume/link")
    guest.get(visitor.hub)
    old = visitor.session
    claimed(visitor, link)
    guest.get(visitor.hub, 404)
    guest.get(resume, 404)
    mailed.visitor().post("/resume", {"code": code}, 422)
    assert visitor.session != old
    thief = mailed.visitor()
    thief.session = old
    thief.get(visitor.hub, 404)
    # By the account, and by it alone, it opens.
    visitor.get(visitor.hub)
    visitor.get(visitor.hub + "/keep", 404)
    assert visitor.hub + "/keep" not in visitor.get(visitor.hub).links()


def test_a_link_that_was_used_ended_or_is_somebody_elses_says_the_same(mailed: Site, mailbox: Mailbox) -> None:
    visitor = started(mailed)
    first = asked(visitor, mailbox)
    second = asked(visitor, mailbox)
    superseded = mailed.visitor().get(first, 404).words
    claimed(visitor, second)
    fresh = mailed.visitor()
    said = {fresh.get(path, 404).words for path in (second, "/claim/" + "x" * 43, "/join/" + second.rpartition("/")[2])}
    said |= {fresh.post("/claim", {"token": second.rpartition("/")[2], **NEW}, 404).words}
    assert said == {superseded}


def test_a_check_is_claimed_once_even_by_two_at_the_same_moment(mailed: Site, mailbox: Mailbox) -> None:
    visitor = started(mailed)
    links = {email: asked(visitor, mailbox, email) for email in (ANA, BEN)}
    pages = {email: mailed.visitor() for email in links}
    forms = {email: pages[email].get(link).form("/claim").filled({**NEW, "company": email})
             for email, link in links.items()}  # fmt: skip
    together, statuses = threading.Barrier(2), []

    def comes(email: str) -> None:
        together.wait()
        statuses.append(pages[email].send("/claim", forms[email]).status)

    threads = [threading.Thread(target=comes, args=(email,)) for email in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 404]
    assert len([row for row in mailed.dump() if row.startswith("companies:")]) == 1
    assert len([row for row in mailed.dump() if row.startswith("people:")]) == 1


def test_a_link_does_nothing_where_somebody_else_is_signed_in(mailed: Site, mailbox: Mailbox) -> None:
    visitor = started(mailed)
    link = asked(visitor, mailbox)
    other = signed_in(mailed, person(mailed, EVE))
    before = mailed.dump(without=("sessions",))
    other.get(link, 404)
    other.post("/claim", {"token": link.rpartition("/")[2], **NEW}, 404)
    assert mailed.dump(without=("sessions",)) == before
    visitor.follow(claimed(visitor, link))


def test_an_address_that_has_an_account_takes_the_check_into_a_company_of_its_own(
    mailed: Site, mailbox: Mailbox
) -> None:
    ana = signed_in(mailed, person(mailed, ANA))
    ana.submit(ana.get("/account/companies"), {"name": "Mill Ana"}, action="/account/companies")
    visitor = started(mailed)
    page = visitor.get(asked(visitor, mailbox))
    assert "name" not in page.form("/claim").fields
    assert "Mill Ana" in page.words
    visitor.submit(page, action="/claim")
    assert visitor.hub in ana.get(home_of(ana)).links()


def test_the_answer_and_the_mail_are_the_same_whether_an_address_is_known(mailed: Site, mailbox: Mailbox) -> None:
    person(mailed, ANA)
    visitor = started(mailed)
    answers = [visitor.submit(visitor.get(visitor.hub + "/account"), {"email": email}, action="/account")
               for email in (ANA, EVE)]  # fmt: skip
    assert answers[0].location == answers[1].location
    known, unknown = (mailbox.to(email)[0] for email in (ANA, EVE))
    assert text_of(known).replace(link_of(known), "") == text_of(unknown).replace(link_of(unknown), "")


def test_whoever_is_signed_in_takes_an_open_check_into_a_company_at_once(site: Site) -> None:
    ana = signed_in(site, person(site, ANA))
    ana.start()
    old = ana.session
    page = ana.get(ana.hub + "/account")
    assert "email" not in page.form("/account/company").fields
    home = ana.follow(ana.submit(page, {"company": "Bakery Ana"}, action="/account/company"))
    assert ana.hub in home.links()
    assert ana.session != old
    ana.get(ana.hub + "/account", 404)
    ana.post(ana.hub + "/account/company", {"company": "Again"}, 404)


def test_nobody_takes_over_a_check_that_is_not_open_to_them(site: Site) -> None:
    owner, eve = started(site), signed_in(site, person(site, EVE))
    before = site.dump(without=("sessions",))
    eve.get(owner.hub + "/account", 404)
    eve.post(owner.hub + "/account", {"email": EVE}, 404)
    eve.post(owner.hub + "/account/company", {"company": "Thieves"}, 404)
    assert site.dump(without=("sessions",)) == before


def test_nobody_takes_a_check_into_a_company_that_is_not_theirs(site: Site) -> None:
    ana, eve = (signed_in(site, person(site, email)) for email in (ANA, EVE))
    ana.submit(ana.get("/account/companies"), {"name": "Bakery Ana"}, action="/account/companies")
    theirs = home_of(ana).rpartition("/")[2]
    eve.start()
    eve.post(eve.hub + "/account/company", {"into": theirs, "company": ""}, 422)
    assert eve.hub not in ana.get(home_of(ana)).links()


@pytest.mark.parametrize("email", ["", "ana", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "a" * 400])
def test_what_is_no_address_is_told_at_the_field_and_nothing_is_sent(
    mailed: Site, mailbox: Mailbox, email: str
) -> None:
    visitor = started(mailed)
    page = visitor.post(visitor.hub + "/account", {"email": email}, 422)
    assert "Type one mail address" in page.words
    assert mailbox.mails == []


def test_the_fourth_mail_in_an_hour_is_not_sent_and_the_page_says_the_same(mailed: Site, mailbox: Mailbox) -> None:
    visitor = started(mailed)
    said = {visitor.follow(visitor.post(visitor.hub + "/account", {"email": ANA})).words for _ in range(5)}
    assert len(said) == 1
    assert len(mailbox.to(ANA)) == 3


def test_the_years_of_a_check_go_along_and_nobody_else_keeps_reading_them(
    make_finished: Callable[..., Finished], mailbox: Mailbox
) -> None:
    check = make_finished(smtp_url=mailbox.url, mail_from="check@example.org")
    owner, first = check.owner, check.owner.hub
    owner.submit(owner.get(first + "/next"), {"depth": "full"}, action="/next")
    later = next(link for link in owner.get("/resume").links() if "/assessments/" in link and link != first)
    owner.hub = first
    home = owner.follow(claimed(owner, asked(owner, mailbox)))
    assert {first, later} <= set(home.links())
    assert CANARY in owner.get(first + "/results").text
    owner.get(later)


def test_a_later_check_of_somebody_else_no_longer_follows_a_claimed_one(
    make_finished: Callable[..., Finished], mailbox: Mailbox
) -> None:
    check = make_finished(smtp_url=mailbox.url, mail_from="check@example.org")
    first = check.owner.hub
    guest = check.site.visitor()
    guest.submit(guest.get(resume_link_of(check.owner)), action="/resume/link")
    guest.submit(guest.get(first + "/next"), {"depth": "full"}, action="/next")
    later = next(link for link in guest.get("/resume").links() if "/assessments/" in link and link != first)
    guest.hub = later
    # Before, last year's answers stand beside the questions; after, they are the company's alone.
    assert "24 November 2026" in guest.get(guest.page_of("p-01")).words
    claimed(check.owner, asked(check.owner, mailbox))
    assert "24 November 2026" not in guest.get(guest.page_of("p-01")).words
    guest.get(first, 404)


def test_in_an_account_a_check_outlives_the_time_that_one_without_has(mailed: Site, mailbox: Mailbox) -> None:
    kept, alone = started(mailed), started(mailed)
    claimed(kept, asked(kept, mailbox))
    mailed.clock.forward(days=31)
    upkeep.prune(mailed.instance)
    alone.get(alone.hub, 404)
    assert any(row.startswith("assessments:") and kept.hub.rpartition("/")[2] in row for row in mailed.dump())
    signed_in(mailed, id_of(mailed, ANA)).get(kept.hub)


# Home


def with_company(site: Site, email: str = ANA, name: str = "Bakery Ana") -> tuple[Visitor, str]:
    """Somebody who owns a company, and the address of its home."""
    visitor = signed_in(site, person(site, email))
    home = visitor.submit(visitor.get("/account/companies"), {"name": name}, action="/account/companies").location
    return visitor, home


def check_of(owner: Visitor, home: str, **more: str) -> str:
    """A check started from a company's home; the address of its hub."""
    page = owner.get(home + "/checks/new")
    owner.hub = owner.submit(page, {"depth": "full", **more}, action="/checks/new").location
    return owner.hub


def test_a_check_that_is_started_from_home_belongs_to_the_company_and_to_no_browser(site: Site) -> None:
    owner, home = with_company(site)
    hub = check_of(owner, home, site="Shop in Varna")
    page = owner.get(home)
    assert hub in page.links()
    assert "Check of 2026" in page.words
    assert "Shop in Varna" in page.words
    assert "In progress" in page.words
    assert not [row for row in site.dump() if row.startswith("session_drafts:")]
    assert not [row for row in site.dump() if "resume-link" in row and row.startswith("tokens:")]
    assert "Bakery Ana, Shop in Varna" in owner.get(hub).words
    again = signed_in(site, id_of(site, ANA))
    again.get(hub)


def with_results(owner: Visitor) -> None:
    """Answer the check at hand as the example bakery did, as far as energy, and ask for the results."""
    answers = owner.site.instance.library.examples()[EXAMPLE].answers
    owner.answer_all({name: value for name, value in answers.items() if name.startswith(("p-", "ene-"))})
    owner.post(owner.hub + "/submit")


def id_of(site: Site, email: str) -> str:
    row = next(row for row in site.dump() if row.startswith("people:") and email in row)
    return row.partition("('")[2].partition("'")[0]


def test_next_years_check_belongs_to_the_company_and_the_same_site(site: Site) -> None:
    owner, home = with_company(site)
    hub = check_of(owner, home, site="Shop in Varna")
    with_results(owner)
    assert hub + "/next" in owner.get(home).links()
    new = owner.submit(owner.get(hub + "/next"), {"depth": "full"}, action="/next").location
    page = owner.get(home)
    assert {hub, new} <= set(page.links())
    assert len([row for row in page.tree.iter("th") if "Shop in Varna" in "".join(row.itertext())]) == 2
    assert hub + "/next" not in page.links()
    assert site.visitor().get(new, 404)
    assert not [row for row in site.dump() if row.startswith("session_drafts:")]


def test_a_company_is_given_another_name_and_an_empty_one_is_told_at_the_field(site: Site) -> None:
    owner, home = with_company(site)
    page = owner.get(home + "/name")
    assert "Type the name of your company" in owner.submit(page, {"name": "  "}, action="/name", status=422).words
    assert "100 characters" in owner.submit(page, {"name": "x" * 101}, action="/name", status=422).words
    assert "Mill Ana" in owner.follow(owner.submit(page, {"name": " Mill \t Ana "}, action="/name")).words


def test_somebody_may_have_several_companies_and_sees_those_alone(site: Site) -> None:
    ana, _ = with_company(site)
    ana.submit(ana.get("/account/companies"), {"name": "Mill Ana"}, action="/account/companies")
    with_company(site, EVE, "Elsewhere")
    words = ana.get("/account/companies").words
    assert "Bakery Ana" in words
    assert "Mill Ana" in words
    assert "Elsewhere" not in words


def test_sites_stand_side_by_side_section_by_section(site: Site) -> None:
    owner, home = with_company(site)
    assert home + "/compare" not in owner.get(home).links()
    for name in ("Varna", "Burgas"):
        check_of(owner, home, site=name)
        with_results(owner)
    assert home + "/compare" in owner.get(home).links()
    page = owner.get(home + "/compare")
    assert page.words.index("Burgas") < page.words.index("Varna")
    rows = [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in page.tree.iter("tr")]
    assert {len(row) for row in rows} == {3}
    assert "Energy" in {row[0] for row in rows}


@pytest.mark.parametrize(
    "page", ["", "/name", "/checks/new", "/compare", "/colleagues", "/consents", "/looks", "/leave"]
)
def test_a_company_of_somebody_else_is_as_if_it_were_not_there(site: Site, page: str) -> None:
    _, home = with_company(site)
    eve, _ = with_company(site, EVE, "Elsewhere")
    hidden = eve.get(home + page, 404)
    missing = eve.get("/companies/" + "0" * 32 + page, 404)
    numbered = re.compile("[0-9a-f]{12}$")
    assert numbered.sub("", hidden.words) == numbered.sub("", missing.words)
    site.visitor().get(home + page, 404)
