"""The review of one answer, and what reviews make of a score.

A mentor confirms an answer, asks for more, or proposes another; the company accepts or replies. Nobody changes an
answer for somebody else: what the company said and what was proposed both stay on record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from assessment.core.checks.answers import Answers, Value
from assessment.core.checks.route import UNSCORED, Route, level_of
from assessment.core.checks.scoring import COVERAGE_NEEDED, Score, Scorecard, percent, score
from assessment.core.errors import Refused

Side = Literal["mentor", "company"]
ReviewState = Literal["open", "confirmed", "asked", "proposed", "accepted", "disputed"]
ReviewAct = Literal["confirm", "ask", "propose", "accept", "reply"]

STATES: Final[tuple[ReviewState, ...]] = ("open", "confirmed", "asked", "proposed", "accepted", "disputed")
SETTLED: Final[frozenset[ReviewState]] = frozenset({"confirmed", "accepted"})
"""The states in which both agree on the answer."""

_BY_MENTOR: Final[Mapping[ReviewAct, ReviewState]] = {"confirm": "confirmed", "ask": "asked", "propose": "proposed"}
_BY_COMPANY: Final[Mapping[tuple[ReviewState, ReviewAct], ReviewState]] = {
    ("proposed", "accept"): "accepted",
    ("disputed", "accept"): "accepted",
    ("proposed", "reply"): "disputed",
    ("disputed", "reply"): "disputed",
    ("asked", "reply"): "asked",
}


def moved(state: ReviewState, act: ReviewAct, side: Side) -> ReviewState:
    """The state after an act. Raises Refused ("not-now") where that side cannot do this in that state."""
    after = _BY_MENTOR.get(act) if side == "mentor" else _BY_COMPANY.get((state, act))
    if after is None:
        raise Refused("not-now")
    return after


@dataclass(frozen=True, slots=True)
class Review:
    """Where the review of one answer stands.

    `revision` is the answer's that it speaks of. `proposed` is what the mentor would say, `declared` what the company
    had said before it accepted such a proposal. `reason` is the mentor's, `reply` the company's. `step` counts acts.
    """

    question: str
    state: ReviewState = "open"
    revision: int = 0
    declared: Value | None = None
    proposed: Value | None = None
    reason: str = ""
    reply: str = ""
    step: int = 0

    def is_changed(self, revision: int) -> bool:
        """Whether the answer, now at this revision, was changed since somebody looked at it."""
        return self.state != "open" and self.revision != revision

    def settles(self, revision: int) -> bool:
        """Whether a mentor stands behind the answer as it is now."""
        return self.state in SETTLED and self.revision == revision

    def waits_for(self, revision: int) -> Side | None:
        """Whose turn it is: nobody's where both agree, or where nobody has looked yet."""
        if self.state == "open" or self.settles(revision):
            return None
        unanswered = self.state == "proposed" or (self.state == "asked" and not self.reply)
        return "company" if unanswered and self.revision == revision else "mentor"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the scored questions are confirmed."""

    confirmed: int
    scored: int

    @property
    def percent(self) -> int:
        """The confirmed ones as a whole per cent of the scored ones, rounded down."""
        return self.confirmed * 100 // self.scored if self.scored else 0

    def headline_of(self, confirmed: Score) -> int | None:
        """The confirmed score out of 100; None where it rests on too few questions, by the rule of every headline."""
        if confirmed.value is None or self.confirmed * 100 < COVERAGE_NEEDED * self.scored:
            return None
        return percent(confirmed.value)


@dataclass(frozen=True, slots=True)
class TwoScores:
    """What the company declared and what a mentor confirmed, side by side.

    `confirmed` counts confirmed answers alone: their points over what they could have earned. `shares` says for each
    section how many of its scored questions that are, and so whether the score may be shown.
    """

    declared: Scorecard
    confirmed: Scorecard
    shares: Mapping[str, Share]

    @property
    def share(self) -> Share:
        """The same for all sections together."""
        found = self.shares.values()
        return Share(sum(share.confirmed for share in found), sum(share.scored for share in found))


def two_scores(
    route: Route, answers: Mapping[str, Value], revisions: Mapping[str, int], reviews: Mapping[str, Review]
) -> TwoScores:
    """Both scores of these answers, each at its revision.

    A question that does not apply here by its answer is no scored one. Where the company accepted another answer, its
    own stays the declared one, until it answers anew.
    """
    settled = {name for name, review in reviews.items() if name in answers and review.settles(revisions.get(name, 0))}
    own = {
        name: declared
        for name, review in reviews.items()
        if (declared := review.declared) is not None and review.revision == revisions.get(name)
    }
    shares = {}
    for section, _, questions in route.scored:
        scored = confirmed = 0
        for question in questions:
            value = answers.get(question.id)
            if value is None or level_of(question.levels, value) != UNSCORED:
                scored += 1
                confirmed += question.id in settled
        shares[section] = Share(confirmed, scored)
    return TwoScores(
        score(route, Answers({**answers, **own}) if own else answers),
        score(route, Answers({name: answers[name] for name in settled})),
        shares,
    )
