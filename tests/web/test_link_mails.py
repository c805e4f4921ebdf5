"""The link of a check without an account by mail, and its one reminder: what is kept of an address, and how long."""

import re
from datetime import timedelta

import pytest

from assessment.services.checks.link_mails import LINK_JOB
from assessment.services.upkeep import upkeep
from assessment.storage import jobs
from tests.web.conftest import MakeSite
from tests.web.entering import account
from tests.web.mailbox import Mailbox, link_of, text_of
from tests.web.test_drafts import link_of as shown_link
from tests.web.visiting import Page, Site, Visitor

BO = "bo@bakery.example"


@pytest.fixture
def owner(mailed: Site) -> Visitor:
    visitor = mailed.visitor()
    visitor.start()
    return visitor


def ask(visitor: Visitor, email: str = BO, status: int = 303, **more: str) -> Page:
    return visitor.submit(visitor.get(visitor.hub + "/keep"), {"email": email, **more}, action="/mail", status=status)


def kept(site: Site) -> list[str]:
    """Every row in which the address stands."""
    return [row for row in site.dump() if BO in row]


def test_the_link_is_mailed_and_the_address_forgotten_at_once(mailed: Site, owner: Visitor, mailbox: Mailbox) -> None:
    page = owner.follow(ask(owner))
    assert "on its way" in page.words
    assert BO not in page.text
    (mail,) = mailbox.to(BO)
    assert link_of(mail).endswith(shown_link(owner))
    assert "once more" not in text_of(mail)
    assert kept(mailed) == []
    guest = mailed.visitor()
    guest.submit(guest.get(mailbox.link(BO)), action="/resume/link")
    guest.get(owner.hub)


def test_an_address_for_the_reminder_is_kept_with_the_check_and_never_shown(mailed: Site, owner: Visitor) -> None:
    ask(owner, remind="yes")
    assert [row.partition(":")[0] for row in kept(mailed)] == ["draft_addresses"]
    for path in ("", "/keep", "/data", "/data.json", "/check", "/delete"):
        assert BO not in owner.get(owner.hub + path).text, path
    owner.submit(owner.get(owner.hub + "/delete"))
    assert kept(mailed) == []


def test_a_waiting_job_holds_ids_alone_and_the_link_is_worked_out_when_it_is_sent(
    mailed: Site, owner: Visitor, mailbox: Mailbox
) -> None:
    mailbox.refusal = "451 not now"
    ask(owner)
    (row,) = [row for row in mailed.dump(["draft_addresses"]) if LINK_JOB in row and row.startswith("jobs")]
    token = shown_link(owner).rpartition("/")[2]
    assert BO not in row
    assert token not in row
    # The link is replaced while the mail waits: the mail brings the one that holds.
    owner.submit(owner.get(owner.hub + "/keep"), action="/keep")
    mailbox.refusal = ""
    mailed.clock.forward(hours=1)
    other = mailed.visitor()
    other.start()
    ask(other, "else@bakery.example")
    assert link_of(mailbox.to(BO)[0]).endswith(shown_link(owner))
    assert token not in text_of(mailbox.to(BO)[0])


def reminded(site: Site, mailbox: Mailbox, days: int) -> int:
    """How many mails have come after so many days from the start."""
    site.clock.forward(days=days)
    upkeep.prune(site.instance)
    return len(mailbox.to(BO))


def test_it_reminds_once_a_week_before_the_check_goes_and_forgets_the_address(
    mailed: Site, owner: Visitor, mailbox: Mailbox
) -> None:
    ask(owner, remind="yes")
    ends = mailed.clock.now + timedelta(days=mailed.instance.settings.draft_days)
    assert reminded(mailed, mailbox, 22) == 1
    mailed.clock.now = ends - timedelta(days=7)
    assert reminded(mailed, mailbox, 0) == 2
    told = text_of(mailbox.to(BO)[-1])
    assert "It will be deleted on 24 December 2026" in told
    assert link_of(mailbox.to(BO)[-1]).endswith(shown_link(owner))
    assert kept(mailed) == []
    assert reminded(mailed, mailbox, 1) == 2


def test_nobody_is_reminded_of_a_check_that_is_used_or_has_an_account(
    mailed: Site, owner: Visitor, mailbox: Mailbox
) -> None:
    ask(owner, remind="yes")
    mailed.clock.forward(days=20)
    owner.answer({"ene-03": "do-not-know"})
    assert reminded(mailed, mailbox, 5) == 1
    account(mailed, BO)
    owner.post(owner.hub + "/account", {"email": BO})
    claiming = mailed.visitor()
    page = claiming.get(mailbox.link(BO))
    claiming.submit(page, {"into": "new", "company": "Bakery", "name": "Bo"}, action="/claim")
    assert [row for row in kept(mailed) if row.startswith("draft_addresses")] == []
    before = len(mailbox.to(BO))
    assert reminded(mailed, mailbox, 20) == before


def test_the_foot_of_the_mail_leads_to_no_more_such_mails(mailed: Site, owner: Visitor, mailbox: Mailbox) -> None:
    ask(owner, remind="yes")
    (address,) = re.findall(r"https?://[^\s/]+(/opt-out/\S+)", text_of(mailbox.to(BO)[0]))
    assert address in str(mailbox.to(BO)[0]["List-Unsubscribe"])
    anybody = mailed.visitor()
    before = mailed.dump()
    page = anybody.get(address)
    assert mailed.dump() == before
    anybody.submit(page, {"which": "all"}, action="/opt-out")
    assert kept(mailed) == []
    # It holds for whoever types the address again, and the page says nothing of it.
    assert "on its way" in owner.follow(ask(owner, remind="yes")).words
    assert kept(mailed) == []
    assert len(mailbox.to(BO)) == 1


def test_an_address_is_written_to_three_times_an_hour_and_a_wrong_one_is_told(
    mailed: Site, owner: Visitor, mailbox: Mailbox
) -> None:
    for _ in range(5):
        ask(owner)
    assert len(mailbox.to(BO)) == 3
    for wrong in ("", "no address", "a@b.example, c@d.example", "x" * 300):
        assert "Type one mail address" in ask(owner, wrong, 422).words
    mailed.clock.forward(hours=1, seconds=1)
    ask(owner)
    assert len(mailbox.to(BO)) == 4


def test_requests_of_one_computer_are_limited(make_site: MakeSite, mailbox: Mailbox) -> None:
    site = make_site(limited=True, smtp_url=mailbox.url)
    visitor = site.visitor()
    visitor.start()
    sent = [visitor.post(f"{visitor.hub}/keep/mail", {"email": f"a{number}@b.example"}, 303).status for number in
            range(int(site.instance.settings.ratelimits.mail.partition(" ")[0]))]  # fmt: skip
    assert set(sent) == {303}
    visitor.post(f"{visitor.hub}/keep/mail", {"email": BO}, 429)


def test_a_worker_that_comes_too_late_for_a_check_sends_nothing(mailed: Site, owner: Visitor, mailbox: Mailbox) -> None:
    mailbox.refusal = "451 not now"
    ask(owner, remind="yes")
    with mailed.instance.database.writing() as connection:
        connection.exec_driver_sql("UPDATE tokens SET revoked_at = '2026-11-24T00:00:00+00:00'")
        (job,) = [job for job in jobs.due(connection, mailed.clock() + timedelta(days=1)) if job.kind == LINK_JOB]
    assert job.arguments["reminder"] is False
    mailbox.refusal = ""
    mailed.clock.forward(hours=2)
    other = mailed.visitor()
    other.start()
    ask(other, "else@bakery.example")
    assert mailbox.to(BO) == []
    assert kept(mailed) == []
