"""The review of one answer: who may move it where, and what confirmed answers make of a score."""

from dataclasses import replace
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assessment.core.checks.review import (
    SETTLED,
    STATES,
    Review,
    ReviewAct,
    ReviewState,
    Share,
    Side,
    moved,
    two_scores,
)
from assessment.core.checks.route import UNSCORED, Routes, level_of
from assessment.core.checks.scoring import Score, score
from assessment.core.errors import Refused
from tests.core.generated import Case, cases

ACTS = get_args(ReviewAct)
SIDES = get_args(Side)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_a_mentor_looks_again_at_any_time_and_never_accepts_or_replies(state: ReviewState, act: ReviewAct) -> None:
    if act in ("accept", "reply"):
        with pytest.raises(Refused, match="not-now"):
            moved(state, act, "mentor")
    else:
        assert moved(state, act, "mentor") == {"confirm": "confirmed", "ask": "asked", "propose": "proposed"}[act]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_a_company_only_answers_what_it_was_asked_or_offered(state: ReviewState, act: ReviewAct) -> None:
    allowed = {
        ("proposed", "accept"): "accepted", ("disputed", "accept"): "accepted",
        ("proposed", "reply"): "disputed", ("disputed", "reply"): "disputed", ("asked", "reply"): "asked",
    }  # fmt: skip
    if (state, act) in allowed:
        assert moved(state, act, "company") == allowed[state, act]
    else:
        with pytest.raises(Refused, match="not-now"):
            moved(state, act, "company")


class AnswerUnderReview(RuleBasedStateMachine):
    """A mentor and a company at one answer, which the company may change whenever it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.review = Review("q")
        self.revision = 1
        self.trail: list[tuple[Side, ReviewAct, int]] = []

    @rule(act=st.sampled_from(ACTS), side=st.sampled_from(SIDES))
    def somebody_acts(self, act: ReviewAct, side: Side) -> None:
        before = self.review
        try:
            state = moved(before.state, act, side)
        except Refused:
            return
        if act == "accept":
            self.revision += 1
        # A company's word stands beside the answer that the mentor saw; a mentor looks at the one of now.
        seen = self.revision if side == "mentor" or act == "accept" else before.revision
        words = {"reason": "because", "reply": ""} if side == "mentor" else {"reply": "but"}
        self.review = replace(before, state=state, revision=seen, step=before.step + 1, **words)
        self.trail.append((side, act, self.revision))

    @rule()
    def the_company_changes_its_answer(self) -> None:
        self.revision += 1

    @invariant()
    def a_mentor_stands_behind_the_answer_only_where_they_saw_it_or_it_is_what_they_proposed(self) -> None:
        if self.review.settles(self.revision):
            side, act, seen = self.trail[-1]
            assert (side, act) in {("mentor", "confirm"), ("company", "accept")}
            assert seen == self.revision
            if act == "accept":
                assert any(earlier == "propose" for _, earlier, _ in self.trail)

    @invariant()
    def it_is_one_sides_turn_wherever_something_is_open(self) -> None:
        turn = self.review.waits_for(self.revision)
        assert (turn is None) == (self.review.state == "open" or self.review.settles(self.revision))
        if self.review.is_changed(self.revision):
            assert turn == "mentor"
            assert not self.review.settles(self.revision)


AnswerUnderReview.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
test_an_answer_under_review = AnswerUnderReview.TestCase


def test_whose_turn_it_is_follows_from_the_state_and_from_what_was_replied() -> None:
    review = Review("q", "asked", 3, reason="Which farm?")
    assert review.waits_for(3) == "company"
    assert replace(review, reply="Two of them").waits_for(3) == "mentor"
    assert replace(review, state="proposed").waits_for(3) == "company"
    assert replace(review, state="disputed", reply="No").waits_for(3) == "mentor"
    assert replace(review, state="confirmed").waits_for(3) is None
    assert replace(review, state="confirmed").waits_for(4) == "mentor"


@st.composite
def reviewed(draw: st.DrawFn) -> tuple[Case, dict[str, Review], dict[str, int]]:
    """Answers at some revision, some of them under review at this revision or an older one."""
    case = draw(cases())
    revisions = {name: draw(st.integers(1, 3)) for name in case.said}
    reviews = {}
    for name in case.said:
        state = draw(st.sampled_from(STATES))
        reviews[name] = Review(name, state, draw(st.integers(1, 3)), declared=None)
    return case, reviews, revisions


@given(reviewed())
@settings(max_examples=100, deadline=None)
def test_a_confirmed_score_counts_confirmed_answers_alone_over_what_they_could_earn(
    found: tuple[Case, dict[str, Review], dict[str, int]],
) -> None:
    case, reviews, revisions = found
    route = Routes(case.questionnaire).of(case.answers, case.depth)
    answers = route.counted(case.answers)
    both = two_scores(route, answers, revisions, reviews)
    known = scored = 0
    for section, _, questions in route.scored:
        earned = possible = 0
        before = known, scored
        for question in questions:
            level = level_of(question.levels, answers[question.id]) if question.id in answers else 0
            scored += level != UNSCORED
            review = reviews.get(question.id)
            stands = review is not None and review.state in SETTLED and review.revision == revisions[question.id]
            if question.id in answers and stands:
                known += level != UNSCORED
                if level >= 0:
                    earned, possible = earned + level * question.weight, possible + 4 * question.weight
        part = both.confirmed.section(section)
        assert part is not None
        assert part.score.value == ((earned, possible) if possible else None)
        assert both.shares[section] == Share(known - before[0], scored - before[1])
    assert both.share == Share(known, scored)
    assert both.share.percent == (int(Fraction(100 * known, scored)) if scored else 0)
    assert both.declared == score(route, answers)


@given(cases())
@settings(max_examples=50, deadline=None)
def test_all_confirmed_is_the_score_itself_and_none_confirmed_is_no_score(case: Case) -> None:
    route = Routes(case.questionnaire).of(case.answers, case.depth)
    answers = route.counted(case.answers)
    revisions = dict.fromkeys(answers, 1)
    nothing = two_scores(route, answers, revisions, {})
    assert nothing.confirmed.overall.value is None
    assert nothing.share.confirmed == 0
    assert nothing.share.percent == 0
    everything = two_scores(route, answers, revisions, {name: Review(name, "confirmed", 1) for name in answers})
    assert everything.confirmed == everything.declared == nothing.declared


@pytest.mark.parametrize(("confirmed", "shown"), [(5, None), (6, 25), (10, 25)])
def test_a_confirmed_score_is_shown_from_sixty_per_cent_of_the_scored_questions_on(
    confirmed: int, shown: int | None
) -> None:
    rests_on = Score(value=(1, 4), low=(1, 4), high=(1, 4), known=confirmed, unsure=0, applicable=10)
    assert Share(confirmed, 10).headline_of(rests_on) == shown


@given(cases())
@settings(max_examples=50, deadline=None)
def test_what_a_company_had_declared_stays_its_declared_score_after_it_accepts(case: Case) -> None:
    route = Routes(case.questionnaire).of(case.answers, case.depth)
    answers = route.counted(case.answers)
    for _, _, questions in route.scored:
        for question in questions:
            level = level_of(question.levels, answers[question.id]) if question.id in answers else UNSCORED
            lower = [value for value, other in question.levels.items() if 0 <= other < level]
            if not lower:
                continue
            accepted = Review(question.id, "accepted", 2, declared=answers[question.id], proposed=lower[0])
            now = answers.with_values({question.id: lower[0]})
            both = two_scores(route, now, {question.id: 2}, {question.id: accepted})
            assert both.declared == score(route, answers)
            assert both.share.confirmed == 1
            # Once the company changes it again, what stands now is what it declares.
            later = two_scores(route, now, {question.id: 3}, {question.id: accepted})
            assert later.declared == score(route, now)
            assert later.share.confirmed == 0
            return
