"""Reviews, words, suggestions and marks as they are kept; of two who act at once, one is told."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from assessment.core.checks.answers import Quantity
from assessment.core.checks.review import Review
from assessment.core.errors import Conflict
from assessment.core.plans.follow_up import FollowUp, Reading
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.mentors import confirmed_savings, interviews, mentor_suggestions, reviews
from assessment.storage.mentors.confirmed_savings import Terms
from assessment.storage.people import people
from tests.storage.conftest import NOW, started


@pytest.fixture
def mentor(database: Database) -> str:
    """The id of a mentor."""
    with database.writing() as connection:
        person = people.add_person(
            connection, f"{uuid4().hex}@mentors.test", NOW, uniquifier=uuid4().hex, name="Mira", staff_role="mentor"
        )
    return person.id


def test_a_review_is_kept_with_every_step_and_who_took_it(database: Database, draft: Draft, mentor: str) -> None:
    proposed = Review("ene-03", "proposed", 2, "level-3", "level-2", "Only the shop", "", 1)
    with database.writing() as connection:
        reviews.keep_step(connection, draft.id, proposed, "Only the shop", mentor, NOW, by_mentor=True)
        disputed = replace(proposed, state="disputed", reply="The kiosks too", step=2)
        reviews.keep_step(connection, draft.id, disputed, "The kiosks too", mentor, NOW, by_mentor=False)
    other = started(database)
    with database.reading() as connection:
        assert reviews.plain(reviews.reviews_of(connection, draft.id)) == {"ene-03": disputed}
        steps = reviews.steps_of(connection, draft.id, "ene-03")
        assert reviews.reviews_of(connection, other.id) == {}
    assert [(step.state, step.words, step.by_mentor) for step in steps] == [
        ("proposed", "Only the shop", True), ("disputed", "The kiosks too", False),
    ]  # fmt: skip
    assert (steps[0].declared, steps[0].proposed, steps[0].who) == ("level-3", "level-2", "Mira")


@pytest.mark.parametrize("step", [1, 2, 4])
def test_who_acts_on_a_step_that_is_not_the_last_is_told(
    database: Database, draft: Draft, mentor: str, step: int
) -> None:
    with database.writing() as connection:
        for number in (1, 2):
            asked = Review("ene-03", "asked", 1, reason=f"Why {number}?", step=number)
            reviews.keep_step(connection, draft.id, asked, asked.reason, mentor, NOW, by_mentor=True)
    late = Review("ene-03", "confirmed", 1, step=step)
    with pytest.raises(Conflict), database.writing() as connection:
        reviews.keep_step(connection, draft.id, late, "", mentor, NOW, by_mentor=True)
    with database.reading() as connection:
        assert reviews.reviews_of(connection, draft.id)["ene-03"].review.reason == "Why 2?"
        assert len(reviews.steps_of(connection, draft.id, "ene-03")) == 2


def test_a_note_is_in_no_list_of_comments_and_only_who_wrote_it_takes_it_back(
    database: Database, draft: Draft, mentor: str
) -> None:
    with database.writing() as connection:
        reviews.add_comment(connection, draft.id, "ene-03", "Well done", mentor, NOW, by_mentor=True)
        note = reviews.add_note(connection, draft.id, "", "Seems unsure", mentor, NOW)
        assert not reviews.take_back_words(connection, "shared", draft.id, note, mentor)
        assert not reviews.take_back_words(connection, "private", draft.id, note, "somebody")
    with database.reading() as connection:
        assert [found.words for found in reviews.words_of(connection, "shared", draft.id)] == ["Well done"]
        assert [found.words for found in reviews.words_of(connection, "private", draft.id)] == ["Seems unsure"]
    with database.writing() as connection:
        assert reviews.take_back_words(connection, "private", draft.id, note, mentor)


def test_a_suggestion_is_answered_once(database: Database, draft: Draft, mentor: str) -> None:
    with database.writing() as connection:
        made = mentor_suggestions.suggest(connection, draft.id, "measure:led", "LED", "Old lamps", mentor, NOW)
        answer = mentor_suggestions.answer_suggestion
        assert answer(connection, draft.id, made, "declined", "Rented hall", NOW + timedelta(days=1))
        assert not answer(connection, draft.id, made, "accepted", "", NOW + timedelta(days=2))
    with database.reading() as connection:
        (found,) = mentor_suggestions.suggested_for(connection, draft.id)
    assert (found.state, found.reply, found.who, found.key) == ("declined", "Rented hall", "Mira", "measure:led")


def test_the_newest_mark_counts(database: Database, draft: Draft, mentor: str) -> None:
    with database.writing() as connection:
        assert reviews.last_mark(connection, draft.id) is None
        reviews.add_mark(connection, draft.id, mentor, 1, NOW)
        reviews.add_mark(connection, draft.id, mentor, 2, NOW + timedelta(days=9))
    with database.reading() as connection:
        mark = reviews.last_mark(connection, draft.id)
    assert mark is not None
    assert (mark.who, mark.result, mark.at) == ("Mira", 2, NOW + timedelta(days=9))


def test_what_an_interview_notes_waits_and_is_replaced_by_what_is_noted_later(
    database: Database, draft: Draft, mentor: str
) -> None:
    with database.writing() as connection:
        for value in ("some", "most"):
            interviews.propose_answer(connection, draft.id, "ene-03", value, "As told", mentor, NOW)
        waiting = interviews.proposed_for(connection, draft.id)
        assert {name: (found.value, found.who) for name, found in waiting.items()} == {"ene-03": ("most", "Mira")}
        assert interviews.drop_proposed(connection, draft.id, "ene-03", "ene-04") == 1
        assert interviews.proposed_for(connection, draft.id) == {}


def test_every_confirmation_of_a_saving_is_kept_with_what_was_measured_and_its_withdrawal_beside_it(
    database: Database, draft: Draft, mentor: str
) -> None:
    noted = [FollowUp(before=Reading("electricity", Quantity(Decimal(n), "kwh", str(n)))) for n in (41000, 42000)]
    terms = [Terms("In 2025", "Meter readings", 500, Decimal(share)) for share in ("50", "12.5")]
    with database.writing() as connection:
        for read, agreed in zip(noted, terms, strict=True):
            confirmed_savings.confirm_saving(connection, draft.id, "measure:led", "LED", read, agreed, mentor, NOW)
        (history,) = confirmed_savings.statements_of(connection, draft.id).values()
        confirmed_savings.withdraw_saving(connection, draft.id, history[0], "Read wrongly", mentor, NOW)
        (found,) = confirmed_savings.statements_of(connection, draft.id).values()
    assert [(each.withdrawn, each.noted, each.terms) for each in found] == [
        (True, noted[1], terms[1]), (False, noted[1], terms[1]), (False, noted[0], terms[0]),
    ]  # fmt: skip
    assert {(each.item, each.title, each.who) for each in found} == {("measure:led", "LED", "Mira")}
    assert [each.words for each in found] == ["Read wrongly", "", ""]


def test_a_check_has_one_next_visit_which_goes_with_its_mentors_name_alone(
    database: Database, draft: Draft, mentor: str
) -> None:
    other, day = started(database), NOW.date() + timedelta(days=30)
    with database.writing() as connection:
        reviews.set_visit(connection, draft.id, day, "The oven", mentor, NOW)
        reviews.set_visit(connection, draft.id, day + timedelta(days=1), "The compressor", mentor, NOW)
        found = reviews.next_visit(connection, draft.id)
        assert found == reviews.Visit(day + timedelta(days=1), "The compressor", "Mira", NOW)
        assert reviews.next_visit(connection, other.id) is None
        reviews.drop_visit(connection, draft.id)
        assert reviews.next_visit(connection, draft.id) is None
