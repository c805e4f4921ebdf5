"""A page that is shown again from what was kept says whatever changed since, and is shown to nobody else."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import pytest

from assessment.core.checks.attachments import attachment_of
from assessment.services.mentors import reviewing
from assessment.storage.checks import evidence
from assessment.storage.mentors import grants, reviews
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import companies, partings, people
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields
from assessment.storage.written import Found
from assessment.web.mentors import mentoring
from tests.papers import paper
from tests.web.mentored import CHOICE, Mentored, mentored, stranger
from tests.web.people import signed_in
from tests.web.visiting import Page

__all__ = ["mentored"]

Change = tuple[str, Callable[[], object], str]
"""What happens, how, and what the page says from then on."""


def writes(mentored: Mentored, what: str, told: str, write: Callable[..., object], *given: Any, **more: Any) -> Change:
    """A change that one function of the store makes."""

    def act() -> None:
        with mentored.site.instance.database.writing() as connection:
            write(connection, *given, **more)

    return what, act, told


def forget_pages(mentored: Mentored) -> None:
    for about in (mentored.draft_id, mentored.mentor_id):
        mentored.site.instance.pages.forget(about)


def told_at_once(mentored: Mentored, path: str, changes: Iterable[Change]) -> None:
    """Looks at a page before and after each change: it says then what it would say if nothing were kept."""
    for what, act, told in changes:
        mentored.mentor.get(path)
        before = mentored.mentor.get(path)
        act()
        after = mentored.mentor.get(path)
        assert after.text != before.text, what
        assert told in after.words, what
        forget_pages(mentored)
        assert mentored.mentor.get(path).text == after.text, what


def changes_of_a_review(mentored: Mentored) -> Iterator[Change]:
    check, mentor, owner, now = mentored.draft_id, mentored.mentor_id, mentored.owner_id, mentored.site.clock()
    bill, agreed = attachment_of(paper("bill")), Recorded("digest", "en", "test", owner)
    with mentored.site.instance.database.reading() as connection:
        (grant,) = grants.grants_of(connection, mentored.company_id, now)
    yield "asked", lambda: mentored.review(CHOICE, "ask", "Which meter?"), "Which meter?"
    yield "replied", lambda: mentored.reply(CHOICE, "reply", "The big one"), "The big one"
    yield "confirmed", lambda: mentored.review(CHOICE, "confirm"), "Confirmed"
    said = ("A word for both", owner, now)
    yield writes(mentored, "said", said[0], reviews.add_comment, check, "", *said, by_mentor=False)
    yield writes(mentored, "read", said[0], reviews.settle, check, "", by_mentor=True)
    yield writes(mentored, "noted", "For us alone", reviews.add_note, check, "", "For us alone", mentor, now)
    yield writes(mentored, "a new name", "Olga Anew", people.change_person, owner, name="Olga Anew")
    yield writes(mentored, "visit", "4 March 2027", reviews.set_visit, check, date(2027, 3, 4), "", mentor, now)
    yield writes(mentored, "no visit", "Review", reviews.drop_visit, check)
    yield writes(mentored, "finished", "Reviewed by Mira", reviews.add_mark, check, mentor, 1, now)
    yield writes(mentored, "attached", "1 document", evidence.attach, check, CHOICE, "b.pdf", bill, owner, now)
    yield writes(mentored, "agreed", "Interview", grants.agree_to_interview, grant, True, agreed, now)
    mentored.owner.hub = mentored.hub
    yield "answered", lambda: mentored.owner.answer({CHOICE: "do-not-know"}), "I do not know"


def test_a_review_tells_every_change_with_the_next_request(mentored: Mentored) -> None:
    told_at_once(mentored, f"{mentored.hub}/review", changes_of_a_review(mentored))


def changes_of_the_clients(mentored: Mentored) -> Iterator[Change]:
    check, mentor, owner, now = mentored.draft_id, mentored.mentor_id, mentored.owner_id, mentored.site.clock()
    company, plan = mentored.company_id, PlanFields(title="Look", deadline=date(2026, 12, 5))
    said = ("A word", owner, now)
    yield "asked", lambda: mentored.review(CHOICE, "ask", "Which meter?"), "Company: 1 to answer"
    yield "replied", lambda: mentored.reply(CHOICE, "reply", "The big one"), "You: 1 to answer"
    yield writes(mentored, "finished", "Reviewed", reviews.add_mark, check, mentor, 1, now)
    yield writes(mentored, "said", "You: 2 to answer", reviews.add_comment, check, "", *said, by_mentor=False)
    yield writes(mentored, "read", "You: 1 to answer", reviews.settle, check, "", by_mentor=True)
    yield writes(mentored, "visit", "4 March 2027", reviews.set_visit, check, date(2027, 3, 4), "", mentor, now)
    yield writes(mentored, "a deadline", "5 December 2026", plan_items.add_own, check, plan, now)
    yield writes(mentored, "a new name", "Baker Anew", companies.rename, company, "Baker Anew")
    second = Recorded("digest", "en", "test", owner)
    other = second_company(mentored)
    yield writes(mentored, "a second client", "Second Bakery", grants.begin, other, mentor, second, now)
    yield writes(mentored, "and it left", "1 company", grants.end, other, mentor, second, now)

    def later() -> None:
        mentored.site.clock.forward(minutes=5)
        mentored.owner.hub = mentored.hub
        mentored.owner.answer({CHOICE: "do-not-know"})

    def days_later() -> None:
        mentored.site.clock.forward(days=12)
        mentored.again()

    yield "answered", later, "Changed since the review"
    # What is late depends on the day: nobody wrote anything.
    yield "the day after", days_later, "5 December 2026"
    yield writes(mentored, "kept out", "No company has let you in", partings.restrict, company, True)


def second_company(mentored: Mentored) -> str:
    with mentored.site.instance.database.writing() as connection:
        return companies.add_company(connection, "Second Bakery", mentored.owner_id, mentored.site.clock()).id


def test_the_client_list_tells_every_change_with_the_next_request(mentored: Mentored) -> None:
    told_at_once(mentored, "/mentor", changes_of_the_clients(mentored))


def times_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one name each time that list or review is made anew."""
    made: list[str] = []

    def noted(module: Any, name: str) -> None:
        real = getattr(module, name)

        def once_more(*given: object) -> object:
            made.append(name)
            return real(*given)

        monkeypatch.setattr(module, name, once_more)

    noted(reviewing, "laid_beside")
    noted(mentoring, "_clients_page")
    return made


def test_a_page_of_which_nothing_changed_is_made_once_for_each_address_and_person(
    mentored: Mentored, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = times_made(monkeypatch)
    review, second = f"{mentored.hub}/review", stranger(mentored)
    with mentored.site.instance.database.reading() as connection:
        colleague = people.find_person(connection, email="noa@mentors.example.org")
    assert colleague is not None
    mentored.let_in(colleague.id)
    for path, name in (("/mentor", "_clients_page"), (review, "laid_beside")):
        pages = [mentored.mentor.get(path) for _ in range(3)]
        assert made == [name]
        assert {page.text for page in pages} == {pages[0].text}
        # The same person elsewhere sends forms with a token of that browser.
        elsewhere = signed_in(mentored.site, mentored.mentor_id)
        theirs, here = elsewhere.get(path), token_of(pages[0])
        assert made == [name]
        assert token_of(theirs) != here
        assert theirs.text.replace(token_of(theirs), here) == pages[0].text
        elsewhere.submit(theirs, action="/sign-out")
        made.clear()
        assert "Noa" in second.get(path).text
        assert made == [name]
        mentored.mentor.get(f"{path}?order=deadline&show=open")
        assert made == [name, name]
        made.clear()


def token_of(page: Page) -> str:
    return page.form("/sign-out").fields["csrf_token"]


def test_a_notice_is_shown_once_and_with_no_page_that_is_kept(mentored: Mentored) -> None:
    path = f"{mentored.hub}/review"
    before = mentored.mentor.get(path).text
    for _ in range(2):
        assert mentored.mentor.get(f"{path}?notice=review-finished").text != before
    assert len(mentored.site.instance.pages) == 1
    assert mentored.mentor.get(path).text == before


def test_who_has_no_access_any_more_is_shown_no_page_that_is_kept(mentored: Mentored) -> None:
    path = f"{mentored.hub}/review"
    mentored.mentor.get(path)
    assert len(mentored.site.instance.pages) == 1
    with mentored.site.instance.database.writing() as connection:
        ended = Recorded("digest", "en", "test", mentored.owner_id)
        grants.end(connection, mentored.company_id, mentored.mentor_id, ended, mentored.site.clock())
    mentored.mentor.get(path, 404)


def test_nothing_is_kept_of_a_check_that_is_deleted(mentored: Mentored) -> None:
    mentored.mentor.get(f"{mentored.hub}/review")
    mentored.owner.get(f"{mentored.hub}/results")
    mentored.owner.submit(mentored.owner.get(f"{mentored.hub}/delete"), {"sure": "yes"})
    assert len(mentored.site.instance.pages) == len(mentored.site.instance.results) == 0


@pytest.mark.parametrize(
    ("path", "changes"), [("/mentor", changes_of_the_clients), ("{hub}/review", changes_of_a_review)]
)
def test_these_tests_would_notice_a_page_that_is_kept_too_long(
    mentored: Mentored, monkeypatch: pytest.MonkeyPatch, path: str, changes: Callable[[Mentored], Iterator[Change]]
) -> None:
    monkeypatch.setattr(Found, "__eq__", lambda *_: True)
    with pytest.raises(AssertionError, match="asked"):
        told_at_once(mentored, path.format(hub=mentored.hub), changes(mentored))
