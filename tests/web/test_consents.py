"""What a company agrees to: nothing by itself, taken back by one press, on record for ever; and who has looked."""

import hashlib

from assessment.services.people.company_consents import ON_A_PAGE
from assessment.services.upkeep import upkeep
from assessment.storage.mentors.grants import Recorded, begin
from assessment.storage.people.companies import note_look
from tests.web.mailbox import Mailbox, link_of, text_of
from tests.web.people import person, signed_in
from tests.web.test_companies import ANA, check_of, id_of, with_company, with_results
from tests.web.visiting import PROFILE, Site, Visitor

MENTOR = "mia@mentors.example"


def let_in(site: Site, home: str, owner: str = ANA) -> Visitor:
    """A mentor whom the company has let in."""
    mentor = person(site, MENTOR, "mentor", "Mia")
    with site.instance.database.writing() as connection:
        recorded = Recorded("0" * 64, "en", "a test", id_of(site, owner))
        begin(connection, home.rpartition("/")[2], mentor, recorded, site.clock())
    return signed_in(site, mentor)


def rows(site: Site) -> list[str]:
    return [row for row in site.dump() if row.startswith("company_consents:")]


def test_nothing_is_agreed_to_before_somebody_ticks_it(site: Site) -> None:
    owner, home = with_company(site)
    page = owner.get(home + "/consents")
    assert "given" not in page.form("/reminders").fields
    assert "Nothing was agreed to so far" in page.words
    owner.follow(owner.submit(page, action="/reminders"))
    assert rows(site) == []


def test_a_tick_and_taking_it_back_are_two_rows_over_the_very_words(site: Site) -> None:
    owner, home = with_company(site)
    page = owner.get(home + "/consents")
    words = next(" ".join(label.itertext()) for label in page.tree.iter("label") if label.get("for") == "given")
    page = owner.follow(owner.submit(page, {"given": "yes"}, action="/reminders"))
    assert "Agreed:" in page.words
    (given,) = rows(site)
    assert hashlib.sha256(words.encode()).hexdigest() in given
    assert id_of(site, ANA) in given
    assert "'en', 'consents-page'" in given
    # One press, and nothing to confirm.
    page = owner.follow(owner.submit(page, action="/reminders"))
    assert "given" not in page.form("/reminders").fields
    assert given in rows(site)
    assert len(rows(site)) == 2
    assert "taken back" in page.words


def test_what_is_so_already_adds_no_row(site: Site) -> None:
    owner, home = with_company(site)
    for _ in range(3):
        owner.post(home + "/consents/reminders", {"given": "yes"})
    assert len(rows(site)) == 1


def test_taken_back_a_mentors_access_ends_with_their_next_request(site: Site) -> None:
    owner, home = with_company(site)
    hub = check_of(owner, home)
    for controls in PROFILE:
        owner.answer(controls)
    mentor = let_in(site, home)
    mentor.get(hub + "/check")
    page = owner.get(home + "/consents")
    assert "Mia" in page.words
    form = next(form for form in page.forms() if "/consents/mentors/" in form.action)
    page = owner.follow(owner.send(form.action, form.fields))
    assert "No mentor may see anything" in page.words
    mentor.get(hub, 404)
    mentor.get(home, 404)
    assert len(rows(site)) == 2
    assert owner.send(form.action, form.fields).status == 404


def test_the_owner_reads_who_looked_and_when_and_nobody_else_does(site: Site) -> None:
    owner, home = with_company(site)
    hub = check_of(owner, home)
    for controls in PROFILE:
        owner.answer(controls)
    assert "Nobody from outside has looked" in owner.get(home + "/looks").words
    mentor = let_in(site, home)
    mentor.get(hub + "/check")
    page = owner.get(home + "/looks")
    assert "Mia" in page.words
    assert "24 November 2026" in page.words
    assert "Read answers" in page.words
    mentor.get(home + "/looks", 404)
    for _ in range(3):
        mentor.get(home)
        mentor.get(home + "/compare")
    words = owner.get(home + "/looks").words
    assert words.count("Opened the company's page") == 1
    assert words.count("Read results") == 1
    # The owner's own looks are nobody's business.
    owner.get(hub)
    assert "ana" not in page.words.partition("What")[2]


def test_who_agreed_is_reminded_a_year_after_the_last_results_and_once(mailed: Site, mailbox: Mailbox) -> None:
    owner, home = with_company(mailed)
    _, silent = with_company(mailed, "eve@elsewhere.example", "Elsewhere")
    check_of(owner, home)
    with_results(owner)
    owner.post(home + "/consents/reminders", {"given": "yes"})
    mailed.clock.forward(days=364, hours=23)
    upkeep.prune(mailed.instance)
    assert mailbox.mails == []
    for _ in range(9):
        mailed.clock.forward(days=1)
        upkeep.prune(mailed.instance)
    (mail,) = mailbox.mails
    assert mail["To"] == ANA
    assert "24 November 2026" in text_of(mail)
    assert link_of(mail).endswith(home)
    assert silent


def test_who_took_it_back_is_not_reminded(mailed: Site, mailbox: Mailbox) -> None:
    owner, home = with_company(mailed)
    check_of(owner, home)
    with_results(owner)
    for given in ("yes", "no"):
        owner.post(home + "/consents/reminders", {"given": given})
    mailed.clock.forward(days=366)
    upkeep.prune(mailed.instance)
    assert mailbox.mails == []


def test_a_mentor_neither_gives_nor_takes_back_a_consent(site: Site) -> None:
    _, home = with_company(site)
    mentor = let_in(site, home)
    before = rows(site)
    mentor.get(home + "/consents", 404)
    mentor.post(home + "/consents/reminders", {"given": "yes"}, 404)
    assert rows(site) == before


def test_a_long_list_of_looks_is_read_page_by_page_and_by_check_and_site(site: Site) -> None:
    owner, home = with_company(site)
    first, yard = (check_of(owner, home, site=name).rpartition("/")[2] for name in ("", "Yard"))
    mentor = person(site, MENTOR, "mentor", "Mia")
    company = home.rpartition("/")[2]
    with site.instance.database.writing() as connection:
        for number in range(ON_A_PAGE + 1):
            site.clock.forward(hours=1)
            note_look(connection, company, yard if number == 0 else first, mentor, "read answers", site.clock())
    owner = signed_in(site, id_of(site, ANA))
    page = owner.get(home + "/looks")
    assert page.words.count("Mia") == ON_A_PAGE
    older = next(link for link in page.links() if "before=" in link)
    last = owner.get(older)
    assert last.words.count("Mia") == 1
    assert "Check of 2026, Yard" in last.words.partition("What")[2]
    assert not [link for link in last.links() if "before=" in link]
    for chosen in (f"check={yard}", "site=Yard"):
        words = owner.get(f"{home}/looks?{chosen}").words
        assert words.count("Mia") == 1
        assert "24 November 2026" in words
    elsewhere = owner.get(f"{home}/looks?check={'0' * 32}&before=x")
    assert elsewhere.words.count("Mia") == ON_A_PAGE
