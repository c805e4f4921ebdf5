"""What is read at once for a review or a client list: the same as one by one, and another after every write."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from assessment.core.checks.attachments import attachment_of
from assessment.core.checks.review import Review
from assessment.storage.checks import evidence, results
from assessment.storage.checks.assessments import Change, save_answers, set_company_name
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.mentors import clients, grants, mentor_suggestions, reviews, whole_review
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import companies, partings, people
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields
from tests.papers import paper
from tests.storage.conftest import NOW

Write = Callable[..., object]


class Office:
    """A check of a company that let a mentor in."""

    def __init__(self, database: Database, draft: Draft) -> None:
        self.database, self.draft, self.check = database, draft, draft.id
        with database.writing() as connection:
            self.mentor, self.owner = (
                people.add_person(connection, f"{uuid4().hex}@a.test", NOW, uniquifier=uuid4().hex, name=name).id
                for name in ("Mira", "Olga")
            )
            self.company = companies.add_company(connection, "Firm", self.owner, NOW).id
            companies.claim(connection, draft.id, self.company, NOW)
            self.recorded = Recorded("digest", "en", "test", self.owner)
            grants.begin(connection, self.company, self.mentor, self.recorded, NOW)

    def write(self, write: Write, *given: Any, **more: Any) -> None:
        with self.database.writing() as connection:
            write(connection, *given, **more)


@pytest.fixture
def office(database: Database, draft: Draft) -> Office:
    return Office(database, draft)


def test_a_review_read_at_once_is_what_is_read_one_by_one(office: Office) -> None:
    check, mentor = office.check, office.mentor
    step = Review("ene-03", "asked", 1, "level-3", None, "Which?", "", 1)
    office.write(reviews.keep_step, check, step, "Which?", mentor, NOW, by_mentor=True)
    office.write(reviews.add_comment, check, "", "For both", office.owner, NOW, by_mentor=False)
    office.write(reviews.add_note, check, "", "For mentors", mentor, NOW)
    office.write(reviews.set_visit, check, date(2027, 3, 4), "Again", mentor, NOW)
    office.write(reviews.add_mark, check, mentor, 1, NOW)
    office.write(mentor_suggestions.suggest, check, "", "Measure it", "Why", mentor, NOW)
    office.write(evidence.attach, check, "ene-03", "bill.pdf", attachment_of(paper("bill")), office.owner, NOW)
    found = whole_review.read(office.database, check, for_mentor=True)
    with office.database.reading() as connection:
        assert found.reviews == reviews.reviews_of(connection, check)
        assert tuple(found.comments) == reviews.words_of(connection, "shared", check)
        assert tuple(found.notes) == reviews.words_of(connection, "private", check)
        assert tuple(found.suggestions) == mentor_suggestions.suggested_for(connection, check)
        assert found.documents == evidence.documents_of(connection, check)
        assert found.mark == reviews.last_mark(connection, check)
        assert found.visit == reviews.next_visit(connection, check)
        assert found.result == results.latest_number(connection, check) == 0
    assert found.reviews["ene-03"].review == step
    assert (found.visit and found.visit.day, found.mark and found.mark.at) == (date(2027, 3, 4), NOW)
    # What mentors note is not even read for the company.
    assert whole_review.read(office.database, check, for_mentor=False).notes == ()


def test_a_review_is_another_after_every_write_and_the_same_after_none(office: Office) -> None:
    check, mentor, owner = office.check, office.mentor, office.owner
    bill, step = attachment_of(paper("bill")), Review("ene-03", "asked", 1, reason="Which?", step=1)
    frozen = {"depth": "full", "engine": "1", "questionnaire": "q", "version": "1", "language": "en", "frozen": "{}"}
    writes: list[tuple[Any, ...]] = [
        (reviews.keep_step, check, step, "Which?", mentor, NOW, {"by_mentor": True}),
        (reviews.add_comment, check, "", "For both", owner, NOW, {"by_mentor": False}),
        (reviews.settle, check, "", {"by_mentor": True}),
        (reviews.add_note, check, "", "For mentors", mentor, NOW),
        (reviews.set_visit, check, date(2027, 3, 4), "Again", mentor, NOW),
        (reviews.set_visit, check, date(2027, 3, 5), "Again", mentor, NOW),
        (reviews.drop_visit, check),
        (reviews.add_mark, check, mentor, 1, NOW),
        (mentor_suggestions.suggest, check, "", "Measure it", "Why", mentor, NOW),
        (evidence.attach, check, "ene-03", "bill.pdf", bill, owner, NOW),
        (people.change_person, mentor, {"name": "Mira Petrova"}),
        (results.add_result, check, {**frozen, "now": NOW}),
    ]
    before = whole_review.read(office.database, check, for_mentor=True)
    for write, *given in writes:
        more = given.pop() if isinstance(given[-1], dict) else {}
        office.write(write, *given, **more)
        after = whole_review.read(office.database, check, for_mentor=True)
        assert after != before, write
        assert after == whole_review.read(office.database, check, for_mentor=True)
        before = after
    # One that is gone is told as well.
    (said,) = before.comments
    office.write(reviews.take_back_words, "shared", check, said.id, owner)
    assert whole_review.read(office.database, check, for_mentor=True) != before


def test_a_list_of_clients_is_another_after_every_write_and_the_same_after_none(office: Office) -> None:
    check, mentor, owner = office.check, office.mentor, office.owner
    step = Review("ene-03", "asked", 1, reason="Which?", step=1)
    frozen = {"depth": "full", "engine": "1", "questionnaire": "q", "version": "1", "language": "en", "frozen": "{}"}
    writes: list[tuple[Any, ...]] = [
        (save_answers, office.draft, [Change("p-01", "DE")], NOW),
        (set_company_name, check, "Firm Ltd", NOW.replace(hour=NOW.hour + 1)),
        (reviews.keep_step, check, step, "Which?", mentor, NOW, {"by_mentor": True}),
        (reviews.add_comment, check, "", "For both", owner, NOW, {"by_mentor": False}),
        (reviews.settle, check, "", {"by_mentor": True}),
        (reviews.set_visit, check, date(2027, 3, 4), "Again", mentor, NOW),
        (reviews.drop_visit, check),
        # Whether there are results is asked as long as nobody has marked any.
        (results.add_result, check, {**frozen, "now": NOW}),
        (reviews.add_mark, check, mentor, 1, NOW),
        (plan_items.add_own, check, PlanFields(title="Look", deadline=date(2027, 1, 2)), NOW),
        (companies.rename, office.company, "Baker"),
        (partings.restrict, office.company, True),
        (partings.restrict, office.company, False),
        (grants.end, office.company, mentor, office.recorded, NOW),
    ]
    before = clients.find(office.database, mentor)
    assert [check.company for check in clients.checks_in(before)] == ["Firm"]
    for write, *given in writes:
        more = given.pop() if isinstance(given[-1], dict) else {}
        office.write(write, *given, **more)
        after = clients.find(office.database, mentor)
        assert after != before, write
        assert after == clients.find(office.database, mentor)
        before = after
    assert clients.checks_in(before) == []
