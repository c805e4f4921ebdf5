"""The review of a check: what a mentor says of each answer, what the company says to it, what comes of the score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from assessment.core.checks.answers import Marker, Quantities, Quantity, Value
from assessment.core.checks.questionnaire import Section, check_value, offered
from assessment.core.checks.questions import Choice, Option, Question
from assessment.core.checks.review import Review, ReviewAct, ReviewState, Share, Side, TwoScores, moved, two_scores
from assessment.core.checks.route import level_of, levels_of
from assessment.core.errors import Clash, Conflict, InvalidAnswers, NotFound, Problem
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.checks.evidence import ByQuestion, by_question
from assessment.services.instance import Instance
from assessment.services.upkeep.gone import put_down_ended
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change, Giver
from assessment.storage.checks.drafts import Entry
from assessment.storage.mentors import review_sums, reviews, whole_review
from assessment.storage.mentors.mentor_suggestions import Suggested
from assessment.storage.mentors.reviews import Audience, Given, Mark, Step, StoredReview, Visit, Words
from assessment.storage.mentors.whole_review import WholeReview


class ReviewedAnswer(NamedTuple):
    """One answer that counts, with where its review stands."""

    question: Question
    section: Section
    entry: Entry
    stored: StoredReview | None
    review: Review
    """Open where nobody has looked yet."""
    comments: Sequence[Words] = ()
    """What both sides said at this answer."""

    @property
    def level(self) -> int | None:
        """From 0 to 4, None where the answer has none."""
        return level_here(self.question, self.entry.value)

    @property
    def state(self) -> ReviewState:
        """Where the review stands."""
        return self.review.state

    @property
    def changed(self) -> bool:
        """The company has changed its answer since."""
        return self.review.is_changed(self.entry.revision)

    @property
    def turn(self) -> Side | None:
        """Whose turn it is: of whoever was spoken to last, else as the review stands."""
        return self.spoken_to or self.review.waits_for(self.entry.revision)

    @property
    def spoken_to(self) -> Side | None:
        """Who still has to answer a comment."""
        return next((said.waits_for for said in self.comments if not said.settled), None)


@dataclass(frozen=True)
class ReviewedCheck:
    """A check with all reviews, and what goes with them; `notes` are the mentors' own, empty for the company."""

    opened: OpenDraft
    answers: Sequence[ReviewedAnswer]
    comments: Sequence[Words]
    notes: Sequence[Words]
    suggestions: Sequence[Suggested]
    mark: Mark | None
    evidence: ByQuestion
    """The documents that the company attached."""
    visit: Visit | None
    """When the mentor comes next."""
    result: int
    """The number of the newest result, 0 before the first."""

    @cached_property
    def scores(self) -> TwoScores:
        """Declared and confirmed."""
        found = {answer.question.id: answer.review for answer in self.answers if answer.stored}
        return two_scores(self.opened.route, self.opened.answers, self.opened.draft.revisions, found)

    @cached_property
    def besides(self) -> list[Words]:
        """The comments on the whole check, and on questions that have no answer any more."""
        shown = {answer.question.id for answer in self.answers}
        return [said for said in self.comments if said.question not in shown]

    def besides_for(self, side: Side) -> bool:
        """Whether one of those waits for a side."""
        return any(said.waits_for == side for said in self.besides)

    @cached_property
    def looked_at(self) -> int:
        """How many answers somebody has looked at, as they are now."""
        return sum(1 for answer in self.answers if answer.state != "open" and not answer.changed)

    @cached_property
    def not_looked_at(self) -> int:
        """How many nobody has looked at yet."""
        return sum(1 for answer in self.answers if answer.stored is None)

    def waiting_for(self, side: Side) -> list[ReviewedAnswer]:
        """The answers at which it is one side's turn."""
        # Where nobody has looked and nobody spoken it is nobody's, which is most of a new review.
        return [answer for answer in self.answers if (answer.stored or answer.comments) and answer.turn == side]

    def answer(self, question: str) -> ReviewedAnswer:
        """The answer to a question. Raises NotFound where none counts."""
        for found in self.answers:
            if found.question.id == question:
                return found
        raise NotFound(question)

    def after(self, question: str) -> ReviewedAnswer | None:
        """The next answer for the mentor to look at, from this one on and round to the start; None where all are."""
        names = [found.question.id for found in self.answers]
        here = names.index(question) if question in names else -1
        ordered = [*self.answers[here + 1 :], *self.answers[: here + 1]]
        return next((found for found in ordered if found.state == "open" or found.turn == "mentor"), None)


def review_of(instance: Instance, opened: OpenDraft, *, for_mentor: bool) -> ReviewedCheck:
    """All of a check's review, by a fixed number of statements."""
    return laid_beside(opened, read_review(instance, opened, for_mentor=for_mentor))


def waiting_for_company(instance: Instance, company_id: str) -> frozenset[str]:
    """The checks of a company in whose review something waits for it."""
    with instance.database.reading() as connection:
        return review_sums.waiting_for_company(connection, company_id)


def read_review(instance: Instance, opened: OpenDraft, *, for_mentor: bool) -> WholeReview:
    """What is stored beside the answers, for `laid_beside`."""
    return whole_review.read(instance.database, opened.draft.id, for_mentor=for_mentor)


def laid_beside(opened: OpenDraft, review: WholeReview) -> ReviewedCheck:
    """A check with its review. It follows from the two alone, so whoever shows it may keep what follows from it."""
    stored, comments = review.reviews, review.comments
    answers, document, found = opened.answers, opened.draft.document, []
    said: dict[str, list[Words]] = {}
    for comment in comments:
        said.setdefault(comment.question, []).append(comment)
    for leg in opened.route.legs:
        for question in leg.questions:
            name = question.id
            value = answers.get(name)
            if value is not None:
                kept, entry = stored.get(name), Entry(value, document[name])
                of_answer = kept.review if kept else _not_begun(name)
                found.append(ReviewedAnswer(question, leg.section, entry, kept, of_answer, said.get(name, ())))
    return ReviewedCheck(
        opened, found, comments, review.notes, review.suggestions, review.mark, by_question(review.documents),
        review.visit, review.result,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _not_begun(question: str) -> Review:
    """The review of a question at which nobody has looked; the same for every check."""
    return Review(question)


@dataclass(frozen=True, slots=True)
class ScorePair:
    """The overall score out of 100 as the company declares it, as far as a mentor confirmed it, and how far that is."""

    declared: int | None
    confirmed: int | None
    share: Share


def pair_of(instance: Instance, opened: OpenDraft) -> ScorePair | None:
    """Both overall scores of a check as it is now; None where nobody has looked at any answer."""
    if not opened.draft.company_id:
        return None
    with instance.database.reading() as connection:
        found = reviews.plain(reviews.reviews_of(connection, opened.draft.id))
    if not found:
        return None
    scores = two_scores(opened.route, opened.answers, opened.draft.revisions, found)
    confirmed = scores.share.headline_of(scores.confirmed.overall)
    return ScorePair(scores.declared.overall.headline, confirmed, scores.share)


def level_here(question: Question, value: Value) -> int | None:
    """The level of an answer, from 0 to 4; None where it has none."""
    if not question.scored:
        return None
    level = level_of(levels_of(question), value)
    return level if level >= 0 else None


def to_propose(opened: OpenDraft, question: Question) -> tuple[Option, ...]:
    """The other options that a mentor can propose; none where one option is not the answer."""
    if not isinstance(question, Choice):
        return ()
    return tuple(option for option in offered(question, opened.answers) if option.id != opened.answers.get(question.id))


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of an answer: what it was made to, and what it had been; None before the first."""

    to: Given
    before: Given | None

    @property
    def was(self) -> Value | None:
        """The value before; None for no answer."""
        return self.before.value if self.before else None

    @property
    def note(self) -> str:
        """The note that was written with this change."""
        return "" if self.before and self.before.note == self.to.note else self.to.note


def history_of(instance: Instance, opened: OpenDraft, question: str) -> tuple[Sequence[Changed], Sequence[Step]]:
    """How an answer changed, and every step of its review; the last first."""
    with instance.database.reading() as connection:
        given = reviews.answers_given(connection, opened.draft.id, question)
        steps = reviews.steps_of(connection, opened.draft.id, question)
    changes = [Changed(once, before) for once, before in zip(given, (None, *given), strict=False)]
    return changes[::-1], steps[::-1]


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw when they acted: the answer's revision, and the step of the review."""

    revision: int
    step: int


def look_again(
    instance: Instance, answer: ReviewedAnswer, opened: OpenDraft, act: ReviewAct, words: str, proposed: Value | None,
    seen: Seen, mentor_id: str,
) -> None:  # fmt: skip
    """A mentor confirms an answer, asks for more, or proposes another.

    Raises Conflict where answer or review changed meanwhile, InvalidAnswers for a proposal that cannot be one.
    """
    review = answer.review
    _unchanged(answer, seen)
    state = moved(review.state, act, "mentor")
    if act == "propose" and (problems := _why_not(opened, answer, proposed)):
        raise InvalidAnswers(problems)
    after = replace(
        review, state=state, revision=answer.entry.revision,
        declared=None if answer.changed else review.declared, proposed=proposed if act == "propose" else None,
        reason=words, reply="", step=review.step + 1,
    )  # fmt: skip
    with answering.writing(instance, opened) as connection:
        reviews.keep_step(connection, opened.draft.id, after, words, mentor_id, instance.now(), by_mentor=True)


def _why_not(opened: OpenDraft, answer: ReviewedAnswer, proposed: Value | None) -> list[Problem]:
    """Why a mentor cannot propose this: it is none, or the company's own, or could not be its answer."""
    if proposed is None or isinstance(proposed, Marker) or _said(proposed) == _said(answer.entry.value):
        return [Problem(answer.question.id, "unknown-option")]
    return check_value(answer.question, proposed, opened.answers)


def _said(value: Value) -> object:
    """What an answer says, however its numbers were typed."""
    match value:
        case Quantity():
            return value.amount
        case Quantities():
            return {name: figure.amount for name, figure in value.figures}
        case _:
            return value


def reply(
    instance: Instance, answer: ReviewedAnswer, opened: OpenDraft, words: str, seen: Seen, person_id: str
) -> None:  # fmt: skip
    """The company answers what it was asked, or keeps its own answer and says why; both values stay on record."""
    _unchanged(answer, seen)
    state = moved(answer.state, "reply", "company")
    after = replace(answer.review, state=state, reply=words, step=answer.review.step + 1)
    with answering.writing(instance, opened) as connection:
        reviews.keep_step(connection, opened.draft.id, after, words, person_id, instance.now(), by_mentor=False)


def accept(
    instance: Instance, answer: ReviewedAnswer, opened: OpenDraft, words: str, seen: Seen, person_id: str
) -> None:  # fmt: skip
    """The company takes the mentor's answer for its own: it is saved as on the page of the question.

    Raises Conflict where answer or review changed meanwhile, InvalidAnswers where it is no longer offered.
    """
    review, draft, name, now = answer.review, opened.draft, answer.question.id, instance.now()
    _unchanged(answer, seen)
    state = moved(review.state, "accept", "company")
    proposed = review.proposed
    if proposed is None:
        raise NotFound(name)
    if problems := check_value(answer.question, proposed, opened.answers):
        raise InvalidAnswers(problems)
    with answering.writing(instance, opened) as connection:
        change = Change(name, proposed, answer.entry.remark, seen.revision)
        saved = assessments.save_answers(connection, draft, [change], now, by=Giver(person_id, "accepted"))
        declared = review.declared if review.declared is not None and not answer.changed else answer.entry.value
        after = replace(
            review, state=state, revision=saved.revisions[name], declared=declared, reply=words, step=review.step + 1
        )
        reviews.keep_step(connection, draft.id, after, words, person_id, now, by_mentor=False)


def _unchanged(answer: ReviewedAnswer, seen: Seen) -> None:
    """Raises Conflict where somebody decided on something else than what is there now."""
    if (answer.entry.revision, answer.review.step) != (seen.revision, seen.step):
        raise Conflict([Clash(answer.question.id, "null", answer.entry.revision, answer.entry.changed_at)])


# Words beside the answers, and the end of a review


def comment(
    instance: Instance, opened: OpenDraft, question: str, words: str, person_id: str, side: Side
) -> str:  # fmt: skip
    """A comment for both sides; its id. Raises NotFound for a question that does not apply."""
    _asked_here(opened, question)
    with answering.writing(instance, opened) as connection:
        return reviews.add_comment(
            connection, opened.draft.id, question, words, person_id, instance.now(), by_mentor=side == "mentor"
        )


def note(instance: Instance, opened: OpenDraft, question: str, words: str, person_id: str) -> str:
    """A mentor's note; its id. Raises NotFound for a question that does not apply."""
    _asked_here(opened, question)
    with answering.writing(instance, opened) as connection:
        return reviews.add_note(connection, opened.draft.id, question, words, person_id, instance.now())


def _asked_here(opened: OpenDraft, question: str) -> None:
    if question and question not in opened.route.questions:
        raise NotFound(question)


def have_read(instance: Instance, opened: OpenDraft, question: str, side: Side) -> None:
    """One side has read what the other said at a question, and has nothing to add."""
    with answering.writing(instance, opened) as connection:
        reviews.settle(connection, opened.draft.id, question, by_mentor=side == "mentor")


def take_back(instance: Instance, opened: OpenDraft, audience: Audience, words_id: str, person_id: str) -> None:
    """Delete one's own comment or note. Raises NotFound for anybody else's."""
    with answering.writing(instance, opened) as connection:
        if not reviews.take_back_words(connection, audience, opened.draft.id, words_id, person_id):
            raise NotFound(words_id)
        put_down_ended(instance, words_id)


def finish(instance: Instance, check: ReviewedCheck, mentor_id: str) -> None:
    """Put down that the review is finished as of now."""
    with answering.writing(instance, check.opened) as connection:
        reviews.add_mark(connection, check.opened.draft.id, mentor_id, check.result, instance.now())


def mark_of(instance: Instance, opened: OpenDraft) -> Mark | None:
    """Who finished the last review of a check, and when."""
    with instance.database.reading() as connection:
        return reviews.last_mark(connection, opened.draft.id)


def plan_visit(instance: Instance, opened: OpenDraft, day: date | None, words: str, mentor_id: str) -> None:
    """Put down when the mentor comes next and what for; without a day no visit is planned."""
    with answering.writing(instance, opened) as connection:
        if day is None:
            reviews.drop_visit(connection, opened.draft.id)
        else:
            reviews.set_visit(connection, opened.draft.id, day, words, mentor_id, instance.now())
