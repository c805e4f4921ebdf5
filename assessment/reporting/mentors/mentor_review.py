"""The maker of the report of a review: what both sides said of the answers, reduced to what the paper shows.

Lengths are cut here, as in every report that is made of other people's words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from assessment.core.checks.answers import Marker, Value
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.questions import Question
from assessment.core.checks.review import Review, Share, TwoScores
from assessment.core.checks.route import level_of, levels_of
from assessment.core.checks.scoring import Score
from assessment.core.plans.follow_up import FollowUp, measured
from assessment.i18n import Language
from assessment.reporting.budget import Budget
from assessment.reporting.documents import ALL_NOTES
from assessment.reporting.mentors.review_document import (
    AnswerWords,
    Asked,
    ChangedRow,
    CommentRow,
    ConfirmedRow,
    ConfirmedTable,
    MentorReviewDocument,
    OpenRow,
    PairRow,
    SignedRow,
    StatementRow,
    SuggestedRow,
    VisitRow,
)
from assessment.reporting.plans.measured_words import reading_lines, saving_sentence
from assessment.reporting.words import in_words

SuggestionState = Literal["offered", "accepted", "declined"]
STATES: Final[Mapping[str, SuggestionState]] = {
    "offered": "offered", "accepted": "accepted", "declined": "declined"
}  # fmt: skip

LONGEST: Final = 2000
MOST_COMMENTS: Final = 150
MOST_SUGGESTED: Final = 60


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One answer with where its review stands; `day` is that of the last act."""

    question: Question
    section: str
    value: Value
    revision: int
    review: Review
    mentor: str
    day: date


@dataclass(frozen=True, slots=True)
class Suggested:
    """One suggestion, and what the company made of it."""

    state: SuggestionState
    row: SuggestedRow


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One confirmed saving with what had been noted of it."""

    noted: FollowUp
    row: StatementRow


@dataclass(frozen=True)
class ReviewFindings:
    """All that a report of a review is made from; `answers` are those that somebody has looked at."""

    company: str
    sector: str
    example: bool
    day: date
    home: str
    questionnaire: Questionnaire
    scores: TwoScores
    answered: int
    answers: Sequence[Reviewed]
    suggestions: Sequence[Suggested]
    savings: Sequence[Confirmed]
    comments: Sequence[CommentRow]
    """About a question by its id."""
    signed: SignedRow | None
    visit: VisitRow | None


def mentor_review_document(found: ReviewFindings, language: Language) -> MentorReviewDocument:
    """The report to print."""
    budget = Budget(ALL_NOTES)
    named, scores = found.questionnaire, found.scores
    for_company = tuple(_open(found, "company", budget, language))
    for_mentor = tuple(_open(found, "mentor", budget, language))
    changed = tuple(_changed(found, budget, language))
    suggested = {
        state: tuple(_shortened(each.row, budget, language) for each in found.suggestions if each.state == state)
        for state in ("accepted", "declined", "offered")
    }
    return MentorReviewDocument(
        company=found.company, sector=found.sector, example=found.example, day=found.day,
        overall=_pair(
            language.gettext("Overall"), scores.declared.overall, scores.confirmed.overall, scores.share
        ),
        sections=tuple(_sections(found)), answers=found.answered,
        reviewed=sum(not answer.review.is_changed(answer.revision) for answer in found.answers),
        signed=found.signed, visit=found.visit, changed=changed, for_company=for_company, for_mentor=for_mentor,
        agreed=suggested["accepted"][:MOST_SUGGESTED], declined=suggested["declined"][:MOST_SUGGESTED],
        offered=suggested["offered"][:MOST_SUGGESTED],
        savings=tuple(_saving(each, budget, language) for each in found.savings),
        comments=tuple(_comments(found, budget, language)),
        older_comments=max(0, len(found.comments) - MOST_COMMENTS),
        comments_for_company=sum(each.waits_for == "company" for each in found.comments),
        comments_for_mentor=sum(each.waits_for == "mentor" for each in found.comments),
        confirmed=tuple(_confirmed(found, language)), home=found.home, questionnaire=named.title,
        version=named.version,
    )  # fmt: skip


def _sections(found: ReviewFindings) -> Iterator[PairRow]:
    scores = found.scores
    for part in scores.declared.sections:
        section, confirmed = found.questionnaire.section(part.section), scores.confirmed.section(part.section)
        if section is not None and confirmed is not None:
            yield _pair(section.title, part.score, confirmed.score, scores.shares[part.section])


def _pair(title: str, declared: Score, confirmed: Score, share: Share) -> PairRow:
    return PairRow(title, declared.headline, share.headline_of(confirmed), share.confirmed, share.scored, share.percent)


def _answer(question: Question, value: Value, language: Language) -> AnswerWords:
    if isinstance(value, Marker):
        text = language.gettext("I do not know")
        if value is Marker.NOT_APPLICABLE:
            text = language.gettext("Does not apply to us")
        return AnswerWords(text, None)
    level = level_of(levels_of(question), value) if question.scored else -1
    return AnswerWords(language.list_of(list(in_words(question, value, language))), level if level >= 0 else None)


def _changed(found: ReviewFindings, budget: Budget, language: Language) -> Iterator[ChangedRow]:
    for each in found.answers:
        review, question = each.review, each.question
        if review.state == "accepted" and review.declared is not None and not review.is_changed(each.revision):
            yield ChangedRow(
                question.id.upper(), question.short, each.section, _answer(question, review.declared, language),
                _answer(question, each.value, language), budget.told(review.reason, LONGEST, language), each.mentor,
            )  # fmt: skip


def _open(
    found: ReviewFindings, side: Literal["company", "mentor"], budget: Budget, language: Language
) -> Iterator[OpenRow]:  # fmt: skip
    for each in found.answers:
        review, question = each.review, each.question
        if review.waits_for(each.revision) == side:
            proposed = review.proposed if review.state in ("proposed", "disputed") else None
            yield OpenRow(
                question.id.upper(), question.short, each.section, _asked(each),
                _answer(question, each.value, language),
                _answer(question, proposed, language) if proposed is not None else None,
                budget.told(review.reason, LONGEST, language), budget.told(review.reply, LONGEST, language),
                each.mentor, each.day,
            )  # fmt: skip


def _asked(each: Reviewed) -> Asked:
    if each.review.is_changed(each.revision):
        return "changed"
    match each.review.state:
        case "proposed":
            return "proposed"
        case "disputed":
            return "disputed"
        case _:
            return "replied" if each.review.reply else "asked"


def _confirmed(found: ReviewFindings, language: Language) -> Iterator[ConfirmedTable]:
    tables: dict[str, list[ConfirmedRow]] = {}
    for each in found.answers:
        if each.review.settles(each.revision):
            row = ConfirmedRow(
                each.question.id.upper(), each.question.short, _answer(each.question, each.value, language)
            )
            tables.setdefault(each.section, []).append(row)
    for title, rows in tables.items():
        yield ConfirmedTable(title, tuple(rows))


def _shortened(row: SuggestedRow, budget: Budget, language: Language) -> SuggestedRow:
    why, reply = (budget.told(text, LONGEST, language) for text in (row.why, row.reply))
    return SuggestedRow(row.title, why, row.mentor, row.day, reply, row.status, row.owner, row.deadline)


def _saving(each: Confirmed, budget: Budget, language: Language) -> StatementRow:
    row, found = each.row, measured(each.noted)
    baseline, method = (budget.told(text, LONGEST, language) for text in (row.baseline, row.method))
    if found is None:
        return replace(row, baseline=baseline, method=method)
    told, readings = saving_sentence(found, language), tuple(reading_lines(each.noted, language))
    return replace(row, measured=told, readings=readings, baseline=baseline, method=method)


def _comments(found: ReviewFindings, budget: Budget, language: Language) -> Iterator[CommentRow]:
    """The newest, in the order in which they were said."""
    for each in found.comments[-MOST_COMMENTS:]:
        question = found.questionnaire.questions.get(each.about)
        about = f"{question.short} ({question.id.upper()})" if question else ""
        yield replace(each, about=about, words=budget.told(each.words, LONGEST, language))
