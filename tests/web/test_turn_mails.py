"""Mails between company and mentor: few, wanted, after the act, and never to somebody who is out."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from assessment.services.mentors import turn_mails
from assessment.services.upkeep import upkeep
from assessment.storage import jobs
from assessment.storage.people import companies
from assessment.storage.people.people import change_person
from tests.web.mailbox import Mailbox, link_of, text_of
from tests.web.mentored import CHOICE, MENTOR, OWNER, Mentored, stranger
from tests.web.people import person, signed_in
from tests.web.routes import Finished
from tests.web.visiting import Visitor

WORDS = "The meter in the yard"


@pytest.fixture(name="pair")
def _pair(make_finished: Callable[..., Finished], mailbox: Mailbox) -> Mentored:
    """A company and a mentor who has been let in, on an instance that sends mail."""
    found = Mentored(make_finished(smtp_url=mailbox.url, mail_from="check@example.org"))
    found.let_in()
    return found


def night(pair: Mentored) -> None:
    """The calendar has its turn, and a day passes."""
    upkeep.prune(pair.site.instance)
    pair.site.clock.forward(days=1)
    pair.again()


def subjects(mailbox: Mailbox, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in mailbox.to(address)]


def test_all_that_a_mentor_asked_in_a_day_is_one_mail_that_names_no_answer(pair: Mentored, mailbox: Mailbox) -> None:
    pair.review(CHOICE, "ask", WORDS)
    pair.review("ene-01", "ask", WORDS)
    page = pair.mentor.get(pair.hub + "/review-suggest")
    pair.mentor.submit(page, {"key": "", "title": "Turn the oven down", "why": "It is empty at noon"})
    assert mailbox.mails == []
    night(pair)
    (mail,) = mailbox.mails
    assert mail["To"] == OWNER
    assert "2 answers, 1 suggested action" in text_of(mail)
    assert WORDS not in text_of(mail)
    assert "oven" not in text_of(mail)
    assert link_of(mail) == f"{pair.site.instance.settings.base_url}{pair.hub}/mentor"


def test_a_comment_is_told_to_the_other_side(pair: Mentored, mailbox: Mailbox) -> None:
    pair.mentor.post(pair.hub + "/comments", {"words": WORDS, "question": CHOICE})
    night(pair)
    (mail,) = mailbox.mails
    assert mail["To"] == OWNER
    assert "1 comment." in text_of(mail)
    assert WORDS not in text_of(mail)
    pair.owner.post(pair.hub + "/comments", {"words": WORDS, "question": CHOICE})
    night(pair)
    assert [mail["To"] for mail in mailbox.mails] == [OWNER, MENTOR]


def test_it_is_told_once_and_what_comes_later_the_next_night(pair: Mentored, mailbox: Mailbox) -> None:
    pair.review(CHOICE, "ask", WORDS)
    for _ in range(3):
        upkeep.prune(pair.site.instance)
        pair.site.clock.forward(hours=1)
    pair.again()
    assert len(mailbox.mails) == 1
    # More on the same day waits for the next night, however often the calendar is asked.
    pair.review("ene-01", "ask", WORDS)
    upkeep.prune(pair.site.instance)
    assert len(mailbox.mails) == 1
    pair.site.clock.forward(hours=20)
    for _ in range(5):
        night(pair)
    assert len(mailbox.to(OWNER)) == 2


def test_what_was_answered_before_the_night_is_told_to_the_mentor_alone(pair: Mentored, mailbox: Mailbox) -> None:
    pair.review(CHOICE, "propose", WORDS, pair.options(CHOICE)[0])
    pair.reply(CHOICE, "accept")
    night(pair)
    (mail,) = mailbox.mails
    assert mail["To"] == MENTOR
    assert "has answered your review" in str(mail["Subject"])
    assert "1 answer." in text_of(mail)
    assert link_of(mail).endswith(pair.hub + "/review")


def test_whoever_switched_it_off_gets_none_and_a_colleague_still_does(pair: Mentored, mailbox: Mailbox) -> None:
    editor = person(pair.site, "ed@bakery.example.org")
    with pair.site.instance.database.writing() as connection:
        companies.add_member(connection, pair.company_id, editor, "editor", pair.site.clock())
    page = pair.owner.get("/account")
    assert page.form("/account/mails").fields.getlist("mails") == ["reviews"]
    pair.owner.submit(page, {"mails": []}, "/account/mails")
    assert pair.owner.get("/account").form("/account/mails").fields.getlist("mails") == []
    pair.review(CHOICE, "ask", WORDS)
    night(pair)
    assert [mail["To"] for mail in mailbox.mails] == ["ed@bakery.example.org"]


def test_a_mentor_who_is_out_is_told_of_that_once_and_of_nothing_more(pair: Mentored, mailbox: Mailbox) -> None:
    pair.review(CHOICE, "ask", WORDS)
    pair.reply(CHOICE, "reply", WORDS)
    page = pair.owner.get(pair.home + "/mentors")
    form = next(form for form in page.forms() if "/mentors/" in form.action)
    pair.owner.send(form.action, form.filled({"act": "end"}))
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == (MENTOR, "You are no longer the mentor of Sample Bakery")
    night(pair)
    assert mailbox.to(MENTOR) == [mail]


def test_taking_consent_back_tells_the_mentor_as_well(pair: Mentored, mailbox: Mailbox) -> None:
    page = pair.owner.get(pair.home + "/consents")
    form = next(form for form in page.forms() if "/consents/mentors/" in form.action)
    pair.owner.send(form.action, form.fields)
    assert subjects(mailbox, MENTOR) == ["You are no longer the mentor of Sample Bakery"]


def test_nothing_goes_out_where_the_change_is_taken_back(
    pair: Mentored, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = pair.owner.get(pair.home + "/mentors")
    form = next(form for form in page.forms() if "/mentors/" in form.action)
    post = turn_mails.access_ended

    def and_fail(*given: object) -> str:
        post(*given)  # type: ignore[arg-type]
        raise RuntimeError("the power went")

    monkeypatch.setattr(turn_mails, "access_ended", and_fail)
    assert pair.owner.send(form.action, form.filled({"act": "end"})).status == 500
    assert mailbox.mails == []
    pair.mentor.get(pair.hub + "/review")
    with pair.site.instance.database.reading() as connection:
        assert jobs.due(connection, pair.site.clock() + timedelta(days=1)) == ()


def test_a_restricted_company_and_one_that_goes_cause_no_mail(pair: Mentored, mailbox: Mailbox) -> None:
    pair.review(CHOICE, "ask", WORDS)
    pair.reply(CHOICE, "reply", WORDS)
    pair.owner.post(pair.home + "/restrict", {"restricted": "yes"})
    night(pair)
    assert mailbox.to(MENTOR) == []


def test_a_stranger_gets_nothing(pair: Mentored, mailbox: Mailbox) -> None:
    stranger(pair)
    pair.review(CHOICE, "ask", WORDS)
    pair.reply(CHOICE, "reply", WORDS)
    night(pair)
    assert {mail["To"] for mail in mailbox.mails} == {MENTOR}


def test_what_is_long_past_is_not_told_after_a_standstill(pair: Mentored, mailbox: Mailbox) -> None:
    pair.review(CHOICE, "ask", WORDS)
    pair.site.clock.now += turn_mails.TOLD_WITHIN
    night(pair)
    assert mailbox.mails == []


def test_it_is_in_the_language_of_whoever_reads_it(pair: Mentored, mailbox: Mailbox) -> None:
    with pair.site.instance.database.writing() as connection:
        change_person(connection, pair.owner_id, language="xx")
    pair.review(CHOICE, "ask", WORDS)
    night(pair)
    assert len(mailbox.to(OWNER)) == 1


# Deadlines


def with_deadline(pair: Mentored, days: int, status: str = "planned", title: str = "Ask the landlord") -> None:
    """An action of the company's own that is due in so many days."""
    day = pair.site.clock().date() + timedelta(days=days)
    dated: dict[str, str | list[str]] = {
        "deadline.day": str(day.day), "deadline.month": str(day.month), "deadline.year": str(day.year)
    }  # fmt: skip
    owner: Visitor = pair.owner
    added = owner.submit(owner.get(pair.hub + "/plan-own"), {"title": title, **dated})
    if status != "not-started":
        card = added.location.partition("#action-")[2]
        owner.submit(owner.get(f"{pair.hub}/plan/{card}"), {"status": status})


def wanting(pair: Mentored) -> None:
    pair.owner.submit(pair.owner.get("/account"), {"mails": ["reviews", "deadlines"]}, "/account/mails")


def test_a_week_before_a_deadline_whoever_wants_it_is_reminded_once(pair: Mentored, mailbox: Mailbox) -> None:
    wanting(pair)
    with_deadline(pair, days=9)
    for _ in range(9):
        night(pair)
    (mail,) = mailbox.mails
    assert mail["To"] == OWNER
    assert "Ask the landlord" in text_of(mail)
    assert "3 December 2026" in text_of(mail)
    assert link_of(mail).endswith(pair.hub + "/plan")


def test_without_a_tick_nobody_is_reminded(pair: Mentored, mailbox: Mailbox) -> None:
    assert "deadlines" not in pair.owner.get("/account").form("/account/mails").fields.getlist("mails")
    with_deadline(pair, days=7)
    night(pair)
    assert mailbox.mails == []


def test_what_is_done_or_far_away_is_not_told(pair: Mentored, mailbox: Mailbox) -> None:
    wanting(pair)
    with_deadline(pair, days=7, status="done")
    with_deadline(pair, days=8, title="Later")
    upkeep.prune(pair.site.instance)
    assert mailbox.mails == []


def test_a_night_without_the_worker_still_reminds(pair: Mentored, mailbox: Mailbox) -> None:
    wanting(pair)
    with_deadline(pair, days=5)
    night(pair)
    assert len(mailbox.mails) == 1


def test_somebody_who_left_the_company_is_not_reminded(pair: Mentored, mailbox: Mailbox) -> None:
    editor = person(pair.site, "ed@bakery.example.org")
    with pair.site.instance.database.writing() as connection:
        companies.add_member(connection, pair.company_id, editor, "editor", pair.site.clock())
        change_person(connection, editor, plan_reminders=True)
    with_deadline(pair, days=7)
    signed_in(pair.site, editor).post(pair.home + "/leave")
    night(pair)
    assert mailbox.mails == []
