"""What a list of clients shows of a review is what its rows say, after whatever company and mentor do."""

import random
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module

import pytest
from sqlalchemy import delete, select, text

from assessment.core.checks.review import Review, ReviewState
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.mentors import reviews
from assessment.storage.mentors.review_sums import Sums
from assessment.storage.mentors.review_tables import review_sums
from assessment.storage.people import people
from tests.storage.conftest import NOW, started

STATES: tuple[ReviewState, ...] = ("asked", "proposed", "disputed", "confirmed")
QUESTIONS = ("ene-01", "ene-02", "")
WALKS, ACTS = 12, 25
NOTHING = Sums(0, 0, None, None, None)
"""What a list shows of a check without a row."""


class Pair:
    """A company and its mentor, who act on a check as it comes."""

    def __init__(self, database: Database, check: str, seed: int) -> None:
        self.database, self.check, self.dice, self.now = database, check, random.Random(seed), NOW  # noqa: S311 - a walk that can be walked again
        with database.writing() as connection:
            self.mentor = people.add_person(connection, f"m{seed}@a.test", NOW, uniquifier=f"{seed}", name="Mira").id
        self.stands: dict[str, Review] = {}
        self.said: list[str] = []

    def act(self) -> None:
        """One act of one of the two."""
        self.now += timedelta(minutes=1)
        question, by_mentor = self.dice.choice(QUESTIONS), self.dice.random() < 0.5
        with self.database.writing() as connection:
            match self.dice.choice(("step", "step", "step", "say", "settle", "take back", "visit", "drop", "mark")):
                case "step":
                    before = self.stands.get(question or "ene-03", Review(question or "ene-03", "asked", 1))
                    state = self.dice.choice(STATES)
                    step = replace(before, state=state, reply=self.dice.choice(("", "Yes")), step=before.step + 1)
                    reviews.keep_step(connection, self.check, step, "", self.mentor, self.now, by_mentor=by_mentor)
                    self.stands[step.question] = step
                case "say":
                    self.said.append(
                        reviews.add_comment(
                            connection, self.check, question, "So", self.mentor, self.now, by_mentor=by_mentor
                        )
                    )
                case "settle":
                    reviews.settle(connection, self.check, question, by_mentor=by_mentor)
                case "take back" if self.said:
                    reviews.take_back_words(connection, "shared", self.check, self.said.pop(), self.mentor)
                case "visit":
                    reviews.set_visit(connection, self.check, date(2027, 1, 1), "", self.mentor, self.now)
                case "drop":
                    reviews.drop_visit(connection, self.check)
                case "mark":
                    reviews.add_mark(connection, self.check, self.mentor, 1, self.now)

    def kept(self) -> Sums | None:
        """The sums as a list reads them."""
        with self.database.reading() as connection:
            row = connection.execute(select(review_sums).where(review_sums.c.assessment_id == self.check)).first()
        return Sums(*row[1:]) if row else None

    def counted(self) -> Sums:
        """The same, counted from the rows one by one."""
        with self.database.reading() as connection:
            found = reviews.reviews_of(connection, self.check)
            words = [said for said in reviews.words_of(connection, "shared", self.check) if said.waits_for]
            mark, visit = reviews.last_mark(connection, self.check), reviews.next_visit(connection, self.check)
        turns = ["company" if any(w.waits_for == "company" for w in words if w.question == question) else "mentor"
                 for question in {word.question for word in words}]  # fmt: skip
        for question, stored in found.items():
            if any(word.question == question for word in words):
                continue
            match stored.review.state, bool(stored.review.reply):
                case ("proposed", _) | ("asked", False):
                    turns.append("company")
                case ("disputed", _) | ("asked", True):
                    turns.append("mentor")
        steps = [stored.changed_at for stored in found.values()]
        return Sums(
            turns.count("company"), turns.count("mentor"), max(steps, default=None), mark.at if mark else None,
            visit.day if visit else None,
        )  # fmt: skip


def test_the_sums_follow_every_act(database: Database) -> None:
    for seed in range(WALKS):
        pair = Pair(database, started(database).id, seed)
        assert pair.kept() is None
        for _ in range(ACTS):
            pair.act()
            assert (pair.kept() or NOTHING) == pair.counted()
        assert pair.kept() is not None


def test_acts_that_do_not_count_again_would_be_seen(
    database: Database, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviews, "sum_up", lambda *_: None)
    pair = Pair(database, draft.id, 0)
    for _ in range(ACTS):
        pair.act()
    assert pair.kept() != pair.counted()


def test_an_upgrade_counts_what_was_there_before(database: Database) -> None:
    started(database)
    pairs = [Pair(database, started(database).id, seed) for seed in range(WALKS)]
    for pair in pairs:
        for _ in range(ACTS):
            pair.act()
    upgrade = import_module("assessment.storage.migrations.versions.0025_review_sums")
    with database.writing() as connection:
        connection.execute(delete(review_sums))
        connection.execute(text(upgrade._COUNTED))
    assert [pair.kept() for pair in pairs] == [pair.counted() for pair in pairs]
