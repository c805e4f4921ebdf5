"""All that a review is made of besides the answers, read in one turn by a fixed number of statements.

It is compared as the database gave it, and taken apart by whoever wants to show it anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assessment.storage.checks import evidence, results
from assessment.storage.checks.evidence import Document
from assessment.storage.database import Database
from assessment.storage.mentors import mentor_suggestions, reviews
from assessment.storage.mentors.mentor_suggestions import Suggested
from assessment.storage.mentors.reviews import Mark, StoredReview, Visit, Words
from assessment.storage.written import Found

_COMMENTS, _NOTES = reviews.WORDS["shared"], reviews.WORDS["private"]
_FOR_COMPANY: Final = (
    reviews.REVIEWS, _COMMENTS, mentor_suggestions.SUGGESTED, reviews.MARK, evidence.OF_CHECK, reviews.VISIT,
    results.NEWEST,
)  # fmt: skip
_FOR_MENTOR: Final = (*_FOR_COMPANY, _NOTES)


@dataclass(frozen=True)
class WholeReview:
    """What stands beside the answers of a check, for a mentor or for the company; two that are equal show the same."""

    found: Found
    for_mentor: bool

    @property
    def reviews(self) -> Mapping[str, StoredReview]:
        """The reviews by question."""
        return reviews.reviews_in(self.found.of(reviews.REVIEWS))

    @property
    def comments(self) -> Sequence[Words]:
        """What both sides read, the first first."""
        return [Words(*row) for row in self.found.of(_COMMENTS)]

    @property
    def notes(self) -> Sequence[Words]:
        """What mentors alone read."""
        return [Words(*row) for row in self.found.of(_NOTES)] if self.for_mentor else ()

    @property
    def suggestions(self) -> Sequence[Suggested]:
        """The suggested measures, the newest first."""
        return [Suggested(*row) for row in self.found.of(mentor_suggestions.SUGGESTED)]

    @property
    def mark(self) -> Mark | None:
        """Who finished the last review, and when."""
        return next((Mark(*row) for row in self.found.of(reviews.MARK)), None)

    @property
    def documents(self) -> Sequence[Document]:
        """What the company attached."""
        return evidence.documents_in(self.found.of(evidence.OF_CHECK))

    @property
    def visit(self) -> Visit | None:
        """When the mentor comes next."""
        return next((Visit(*row) for row in self.found.of(reviews.VISIT)), None)

    @property
    def result(self) -> int:
        """The number of the newest result, 0 before the first."""
        ((number,),) = self.found.of(results.NEWEST)
        return number or 0


def read(database: Database, assessment_id: str, *, for_mentor: bool) -> WholeReview:
    """The review of a check as it stands now."""
    statements = _FOR_MENTOR if for_mentor else _FOR_COMPANY
    return WholeReview(database.found(*statements, id=assessment_id), for_mentor)
